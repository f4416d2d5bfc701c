package office

import (
	"errors"
	"net/http"
	"strings"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

// factorView shows how to enrol a telephone or a passkey.
type factorView struct {
	Name     string
	Code     web.Form
	Passkey  web.Form
	Passkeys bool
	QR       web.QR
	Secret   string // in groups of four, for typing
	First    bool   // the first one: nothing else can be done yet
}

// recoveryView shows the recovery codes, once.
type recoveryView struct {
	Codes []string
	Plain string // all of them, for copying
	First bool
}

func newRecoveryView(codes []string, first bool) recoveryView {
	return recoveryView{Codes: codes, Plain: strings.Join(codes, "\n"), First: first}
}

// firstFactor is the last step of the first sign-in.
func (e *Entrance) firstFactor(w http.ResponseWriter, r *http.Request) error {
	s, err := e.Gate.Session(r.Context(), e.token(r))
	if errors.Is(err, inspect.ErrSignedOut) || err == nil && s.Stage != store.Enrol {
		return seeOther(w, r, web.SignInPath)
	}
	if err != nil {
		return err
	}
	v, err := e.enrolment(r, "/sign-in/factor", s.Name)
	if err != nil {
		return err
	}
	v.First = true
	return factorPage.Show(w, r, v)
}

// enrolment draws the secret that the telephone takes up, and the two forms.
func (e *Entrance) enrolment(r *http.Request, action, name string) (factorView, error) {
	key, err := e.Gate.BeginTOTP(r.Context(), e.token(r))
	if err != nil {
		return factorView{}, err
	}
	qr, err := web.NewQR("动态口令密钥", key.URL)
	if err != nil {
		return factorView{}, err
	}
	return factorView{
		Name: name, QR: qr, Secret: groups(key.Secret), Passkeys: e.Gate.Passkeys(),
		Code:    web.FormTo(r, action, &codeFields{Label: "手机"}),
		Passkey: web.FormTo(r, action+"/passkey", &answerFields{Label: "本机通行密钥"}),
	}, nil
}

func groups(secret string) string {
	var b strings.Builder
	for i, c := range secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// factorFields are those of both forms: a code, or a passkey's answer.
type factorFields struct {
	Code   string `json:"code" label:"动态口令"`
	Answer string `json:"answer"`
	Label  string `json:"label" label:"名称"`
	Next   string `json:"next"`
}

func (e *Entrance) enrol(r *http.Request) (auth.Enrolled, error) {
	var in factorFields
	if err := read(r, &in); err != nil {
		return auth.Enrolled{}, err
	}
	if in.Answer != "" {
		return e.Gate.FinishPasskey(r.Context(), e.token(r), in.Label, []byte(in.Answer), e.from(r))
	}
	return e.Gate.FinishTOTP(r.Context(), e.token(r), in.Label, in.Code, e.from(r))
}

func (e *Entrance) postFirstFactor(w http.ResponseWriter, r *http.Request) error {
	done, err := e.enrol(r)
	if err != nil {
		if r, err = back(r, err); err != nil {
			return err
		}
		return e.firstFactor(w, r)
	}
	e.keep(w, done.Ticket)
	return recoveryPage.Show(w, r, newRecoveryView(done.Recovery, true))
}

func (e *Entrance) passkeyOptions(w http.ResponseWriter, r *http.Request) error {
	text, err := e.Gate.BeginPasskey(r.Context(), e.token(r))
	return sendJSON(w, text, err)
}
