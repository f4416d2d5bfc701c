package api

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

// A receipt (回执) proves that an act is on record.
type receipt struct {
	N     int64        `json:"n" label:"存证序号"`
	Code  string       `json:"code" label:"回执码" hint:"便于人核对的短码"`
	At    instant      `json:"at" label:"记录时间"`
	Verb  inspect.Verb `json:"verb" label:"办理事项"`
	Proof string       `json:"proof" label:"证明地址" hint:"存证条目及其收录证明，不需要令牌"`
}

func entryPath(n int64) string { return "/api/v1/entries/" + strconv.FormatInt(n, 10) }

// act carries out any act: the verb is in the address, the command is the body,
// the request id is in the header. Asking again with the same three does nothing
// and returns the first receipt.
func (s *server) act(c *call) error {
	verb := inspect.Verb(c.PathValue("verb"))
	command, ok := act.New(verb)
	if !ok {
		return inspect.ErrMissing
	}
	if err := s.noted(c, verb, c.token.May(verb)); err != nil {
		return err
	}
	request := c.Header.Values("Idempotency-Key")
	if len(request) != 1 || !inspect.ValidID(request[0]) {
		return broken(errRequest)
	}
	text, err := body(c)
	if err != nil {
		return err
	}
	if err := decode(text, command); err != nil {
		return err
	}
	done, err := s.Desk.Do(c.Context(), request[0], c.who(), command)
	if err != nil {
		return s.noted(c, verb, err)
	}
	return give(c, receipt{N: done.N, Code: done.Code, At: instantOf(done.At), Verb: done.Verb, Proof: entryPath(done.N)})
}

// body reads the body of a request that must be JSON.
func body(c *call) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	charset := params["charset"]
	if err != nil || kind != "application/json" || charset != "" && charset != "utf-8" && charset != "UTF-8" || c.Header.Get("Content-Encoding") != "" {
		return nil, errMedia
	}
	text, err := io.ReadAll(http.MaxBytesReader(c.w, c.Body, bodyMost))
	if err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			return nil, errLarge
		}
		return nil, broken(errSyntax.With(len(text)))
	}
	return text, nil
}
