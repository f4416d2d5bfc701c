package portal

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/web"
)

var logPage = web.NewPage[logView](files, "log.html", "part.html")

type logView struct {
	Status    logStatus
	Origin    string
	Base      string // of the log's files
	Keys      []keyView
	Witnesses []witnessView
	Believed  bool     // the checkpoint fulfils the policy
	Commands  []string // check the signature without any program of ours
	Recount   []string // check the whole log
	Policy    string
	Lines     []string // of the policy
	Note      []string // the newest checkpoint, line by line
	Root      string
}

// A keyView is one public key of the log.
type keyView struct{ Kind, Text string }

// A witnessView is one witness, and when it cosigned the newest checkpoint.
type witnessView struct {
	Name, Key string
	At        time.Time
}

func escape(text string) string { return url.QueryEscape(text) }

func (s *server) logStatus(ctx context.Context) (logStatus, error) {
	head, err := s.Log.Newest(ctx)
	if err != nil {
		return logStatus{}, err
	}
	behind, err := s.Log.Behind(ctx)
	return logStatus{Size: head.Size, At: head.At, Behind: behind}, err
}

// log tells what the log is, whose keys sign it, who watches it, and how to
// check all of it.
func (s *server) log(w http.ResponseWriter, r *http.Request) error {
	status, err := s.logStatus(r.Context())
	if err != nil {
		return err
	}
	head, err := s.Log.Newest(r.Context())
	if err != nil {
		return err
	}
	v := logView{
		Status: status, Origin: s.policy.Logs[0].Name, Base: s.Base + "/log", Keys: logKeys(s.Policy), Recount: []string{"suicha-verify log --policy policy.txt " + s.Base + "/log"},
		Commands: signatureCommands(s.Base+"/log", s.policy.Logs[0].Key), Policy: s.Policy, Lines: lines(s.Policy), Note: lines(string(head.Note)),
	}
	_, signed, err := s.policy.Check(head.Note)
	v.Believed = err == nil // otherwise the page says that it is not
	if len(head.Note) > 0 {
		v.Root = head.Root.String()
	}
	for _, p := range s.policy.Witnesses {
		v.Witnesses = append(v.Witnesses, witnessView{Name: p.Name, Key: p.Key.Name(), At: cosignedAt(signed, p.Name)})
	}
	return logPage.Show(w, r, v)
}

// signatureCommands check the Ed25519 signature of the newest checkpoint in any
// shell with curl and openssl, and no program of ours. The octal text is what
// stands before an Ed25519 key in the form that openssl reads; the first of the
// key's 33 bytes is its kind, the first four of a signature's 68 name the key.
func signatureCommands(base string, key *keys.Verifier) []string {
	parts := strings.SplitN(key.String(), "+", 3) // name, id, base64, which may have a + itself
	return []string{
		"curl -s " + base + "/checkpoint > checkpoint",
		"head -n 3 checkpoint > text",
		"grep '^— " + parts[0] + " ' checkpoint | head -n 1 | cut -d ' ' -f 3 | base64 -d | tail -c 64 > sig",
		`(printf '\060\052\060\005\006\003\053\145\160\003\041\000'; echo ` + parts[2] + ` | base64 -d | tail -c 32) > key.der`,
		"openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile sig",
	}
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

func cosignedAt(signed []ledger.Cosignature, witness string) time.Time {
	i := slices.IndexFunc(signed, func(c ledger.Cosignature) bool { return c.Witness == witness })
	if i < 0 {
		return time.Time{}
	}
	return signed[i].At
}

// logKeys are the keys that the policy's lines log and require name.
func logKeys(policy string) []keyView {
	var found []keyView
	for line := range strings.Lines(policy) {
		switch word := strings.Fields(line); {
		case len(word) < 2:
		case word[0] == "log":
			found = append(found, keyView{"Ed25519", word[1]})
		case word[0] == "require":
			found = append(found, keyView{"国密 SM2", word[1]})
		}
	}
	return found
}

// checkpoint is the newest signed head of the log: C2SP tlog-checkpoint.
func (s *server) checkpoint(w http.ResponseWriter, r *http.Request) error {
	head, err := s.Log.Newest(r.Context())
	if err != nil {
		return err
	}
	if len(head.Note) == 0 {
		return inspect.ErrMissing
	}
	w.Header().Set("Cache-Control", askFirst)
	return send(w, "text/plain; charset=utf-8", "", head.At, head.Note)
}

// tile is one file of the log, as the newest checkpoint has it: C2SP tlog-tiles.
// A full one never changes; one at the right edge gives way to a longer one.
func (s *server) tile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	tile, err := ledger.ParseTilePath("tile/" + r.PathValue("path"))
	if err != nil {
		return inspect.ErrMissing
	}
	head, err := s.Log.Newest(ctx)
	if err != nil {
		return err
	}
	if !tile.In(head.Size) {
		return inspect.ErrMissing
	}
	body, err := tile.Render(head.Size, s.Log.Hashes(ctx), func(lo, hi int64) ([][]byte, error) { return s.Log.Leaves(ctx, lo, hi) })
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", keepDay)
	if full := !strings.Contains(tile.Path(), ".p/"); full {
		w.Header().Set("Cache-Control", keepEver)
	}
	return send(w, "application/octet-stream", "", time.Time{}, body)
}
