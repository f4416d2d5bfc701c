package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A TOTP code holds for one step. One step before and after are taken too, for
// clocks that are not quite right; each step works once.
const (
	totpStep  = 30 * time.Second
	totpSkew  = 1
	totpCode  = 6
	enrolTime = 20 * time.Minute

	factorsMost   = 8
	recoveryCodes = 10
	recoveryChars = 16 // 80 bits
)

var totpOptions = totp.ValidateOpts{Period: uint(totpStep / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// matchTOTP returns the step at which secret has the code, looking for one that
// is later than after. Seen says that the code belongs to a step that was used.
func matchTOTP(secret, code string, after int64, now time.Time) (step int64, seen bool, err error) {
	for skew := int64(-totpSkew); skew <= totpSkew; skew++ {
		at := now.Add(time.Duration(skew) * totpStep)
		want, err := totp.GenerateCodeCustom(secret, at, totpOptions)
		if err != nil {
			return 0, false, fmt.Errorf("compute a code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) != 1 {
			continue
		}
		if n := at.Unix() / int64(totpStep/time.Second); n > after {
			return n, false, nil
		}
		seen = true
	}
	return 0, seen, nil
}

// proveCode checks a code of the person: six digits of the telephone, or a
// recovery code. It says how the person was proved.
func (g *Gate) proveCode(ctx context.Context, person inspect.PersonID, code string, from From) (how string, err error) {
	a, err := g.rows.Account(ctx, person)
	if err != nil {
		return "", fmt.Errorf("read an account: %w", err)
	}
	key, _, err := g.counter(ctx, a, "code", g.codeKey(person), from)
	if err != nil {
		return "", err
	}
	if err := g.chargeKey(ctx, key, true, codeLock); err != nil {
		return "", err
	}
	code = plainCode(code)
	if len(code) == totpCode {
		how, err = "totp", g.proveTOTP(ctx, person, code)
	} else {
		how, err = "recovery", g.proveRecovery(ctx, person, code, from)
	}
	switch {
	case err == nil:
		return how, g.rows.Forgive(ctx, key)
	case errors.Is(err, inspect.ErrCode) || errors.Is(err, inspect.ErrCodeUsed):
		if noted := g.note(ctx, CodeFailed, person, "", from.Net(), how); noted != nil {
			return "", noted
		}
	}
	return "", err
}

// plainCode is a code without what people put between its characters.
func plainCode(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -　\t", r) {
			return -1
		}
		return r
	}, strings.TrimSpace(normal(code))))
}

func (g *Gate) proveTOTP(ctx context.Context, person inspect.PersonID, code string) error {
	factors, err := g.rows.Factors(ctx, person)
	if err != nil {
		return fmt.Errorf("read second factors: %w", err)
	}
	now, used := g.now(), false
	for _, f := range factors {
		if f.Kind != store.TOTP {
			continue
		}
		secret, err := g.keys.open(sealedFor(person), f.Secret)
		if err != nil {
			return err
		}
		step, seen, err := matchTOTP(secret, code, f.Step, now)
		if err != nil {
			return err
		}
		used = used || seen
		if step == 0 {
			continue
		}
		first, err := g.rows.StepFactor(ctx, f.ID, step, now)
		if err != nil {
			return fmt.Errorf("note the step of a code: %w", err)
		}
		if first {
			return nil
		}
		used = true
	}
	if used {
		return inspect.ErrCodeUsed
	}
	return inspect.ErrCode
}

func (g *Gate) proveRecovery(ctx context.Context, person inspect.PersonID, code string, from From) error {
	if len(code) != recoveryChars {
		return inspect.ErrCode
	}
	for _, hash := range g.keys.lookups("recovery", string(person), code) {
		used, err := g.rows.UseRecovery(ctx, person, hash, g.now())
		if err != nil {
			return fmt.Errorf("use a recovery code: %w", err)
		}
		if used {
			return g.note(ctx, RecoveryUsed, person, "", from.Net(), "")
		}
	}
	return inspect.ErrCode
}

// sealedFor is the purpose that a person's secrets are sealed for.
func sealedFor(person inspect.PersonID) string { return "factor " + string(person) }

// An Enrolment is a TOTP secret that its owner has still to prove.
type Enrolment struct {
	Secret string // to be typed, in groups of four
	URL    string // to be shown as a QR code
}

// enrolling returns the session of a token if it may enrol a second factor: the
// first one right after the password, further ones after a step-up.
func (g *Gate) enrolling(ctx context.Context, token string) (Session, error) {
	s, err := g.Session(ctx, token)
	switch {
	case err != nil:
		return s, err
	case s.Stage == store.Enrol:
		return s, nil
	case s.Stage != store.Full:
		return s, inspect.ErrSignedOut
	}
	return s, g.proven(s)
}

// BeginTOTP returns the secret that the person's telephone should take up. Asked
// again, it returns the same one for a while.
func (g *Gate) BeginTOTP(ctx context.Context, token string) (Enrolment, error) {
	s, err := g.enrolling(ctx, token)
	if err != nil {
		return Enrolment{}, err
	}
	now := g.now()
	c, err := g.rows.Challenge(ctx, "totp", "totp "+s.ID, s.ID, now)
	if err == nil {
		address, err := g.keys.open(sealedFor(s.Person), c.Sealed)
		if err != nil {
			return Enrolment{}, err
		}
		return enrolmentOf(address)
	}
	if !errors.Is(err, inspect.ErrMissing) {
		return Enrolment{}, fmt.Errorf("read an enrolment: %w", err)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: g.site, AccountName: s.Account, Rand: rand.Reader})
	if err != nil {
		return Enrolment{}, fmt.Errorf("make a TOTP secret: %w", err)
	}
	err = g.rows.AddChallenge(ctx, store.Challenge{
		Hash: "totp " + s.ID, Kind: "totp", Session: s.ID, Sealed: g.keys.seal(sealedFor(s.Person), key.URL()), Ends: now.Add(enrolTime),
	})
	if err != nil {
		return Enrolment{}, fmt.Errorf("store an enrolment: %w", err)
	}
	return enrolmentOf(key.URL())
}

// enrolmentOf reads a key's address and leaves out what every telephone assumes
// anyway: a shorter address makes a code with larger squares.
func enrolmentOf(address string) (Enrolment, error) {
	key, err := otp.NewKeyFromURL(address)
	if err != nil {
		return Enrolment{}, fmt.Errorf("read an enrolment: %w", err)
	}
	u, err := url.Parse(address)
	if err != nil {
		return Enrolment{}, fmt.Errorf("read an enrolment: %w", err)
	}
	q := u.Query()
	for _, usual := range []string{"period", "algorithm", "digits"} {
		q.Del(usual)
	}
	u.RawQuery = q.Encode()
	return Enrolment{Secret: key.Secret(), URL: u.String()}, nil
}

// Enrolled is what a new second factor brings: a new token, and the recovery
// codes if it was the first. They are shown once.
type Enrolled struct {
	Ticket
	Recovery []string
}

// FinishTOTP takes up the secret of BeginTOTP once its owner shows a code of it.
func (g *Gate) FinishTOTP(ctx context.Context, token, label, code string, from From) (Enrolled, error) {
	s, err := g.enrolling(ctx, token)
	if err != nil {
		return Enrolled{}, err
	}
	now := g.now()
	c, err := g.rows.Challenge(ctx, "totp", "totp "+s.ID, s.ID, now)
	if err != nil {
		return Enrolled{}, past(err)
	}
	address, err := g.keys.open(sealedFor(s.Person), c.Sealed)
	if err != nil {
		return Enrolled{}, err
	}
	key, err := enrolmentOf(address)
	if err != nil {
		return Enrolled{}, err
	}
	step, _, err := matchTOTP(key.Secret, plainCode(code), 0, now)
	if err != nil {
		return Enrolled{}, err
	}
	if step == 0 {
		return Enrolled{}, inspect.ErrCode
	}
	if _, err := g.rows.TakeChallenge(ctx, "totp", c.Hash, s.ID, now); err != nil {
		return Enrolled{}, past(err)
	}
	return g.enrol(ctx, s, store.Factor{
		Kind: store.TOTP, Label: label, Secret: g.keys.seal(sealedFor(s.Person), key.Secret), Step: step,
	}, from)
}

// past is the problem of a ceremony that is over.
func past(err error) error {
	if errors.Is(err, inspect.ErrMissing) {
		return inspect.ErrCeremonyPast
	}
	return fmt.Errorf("finish a ceremony: %w", err)
}

// enrol stores a second factor and goes on with a new token, signed in and
// proven.
func (g *Gate) enrol(ctx context.Context, s Session, f store.Factor, from From) (e Enrolled, err error) {
	now := g.now()
	var ps inspect.Problems
	if f.Label = inspect.Line(&ps, "label", "名称", f.Label, 30); ps.Err() != nil {
		return e, ps.Err()
	}
	f.ID, f.Person, f.Made, f.Used = newID(now), s.Person, now, now
	added, err := g.rows.AddFactor(ctx, f, factorsMost)
	if err != nil {
		return e, fmt.Errorf("store a second factor: %w", err)
	}
	if !added {
		return e, inspect.ErrEnrolled.With(factorsMost)
	}
	if err := g.note(ctx, FactorAdded, s.Person, "", from.Net(), string(f.Kind)); err != nil {
		return e, err
	}
	if s.Stage == store.Full {
		e.Ticket, err = g.again(ctx, s, func(v *store.Session) { v.Proved = now })
		return e, err
	}
	if e.Recovery, err = g.makeRecovery(ctx, s.Person, from); err != nil {
		return e, err
	}
	if err := g.note(ctx, SignedIn, s.Person, "", from.Net(), string(f.Kind)); err != nil {
		return e, err
	}
	e.Ticket, err = g.begin(ctx, store.Account{Person: s.Person}, store.Full, now, s.hash, from)
	return e, err
}

// DropFactor removes a second factor, but never the last.
func (g *Gate) DropFactor(ctx context.Context, token, id string, from From) error {
	s, err := g.full(ctx, token)
	if err == nil {
		err = g.proven(s)
	}
	if err != nil {
		return err
	}
	dropped, err := g.rows.DropFactor(ctx, s.Person, id)
	if err != nil {
		return fmt.Errorf("remove a second factor: %w", err)
	}
	if !dropped {
		return inspect.ErrLastFactor
	}
	return g.note(ctx, FactorDropped, s.Person, "", from.Net(), "")
}

// Factors returns the second factors of the token's person and how many recovery
// codes are left.
func (g *Gate) Factors(ctx context.Context, token string) ([]store.Factor, int64, error) {
	s, err := g.full(ctx, token)
	if err != nil {
		return nil, 0, err
	}
	factors, err := g.rows.Factors(ctx, s.Person)
	if err != nil {
		return nil, 0, fmt.Errorf("read second factors: %w", err)
	}
	left, err := g.rows.RecoveryLeft(ctx, s.Person)
	return factors, left, err
}

// NewRecovery replaces the recovery codes. The old ones are worthless.
func (g *Gate) NewRecovery(ctx context.Context, token string, from From) ([]string, error) {
	s, err := g.full(ctx, token)
	if err == nil {
		err = g.proven(s)
	}
	if err != nil {
		return nil, err
	}
	return g.makeRecovery(ctx, s.Person, from)
}

func (g *Gate) makeRecovery(ctx context.Context, person inspect.PersonID, from From) ([]string, error) {
	codes, hashes := make([]string, recoveryCodes), make([]string, recoveryCodes)
	for i := range codes {
		var b [recoveryChars * 5 / 8]byte
		rand.Read(b[:])
		code := base32.StdEncoding.EncodeToString(b[:])
		hashes[i] = g.keys.lookups("recovery", string(person), code)[0]
		codes[i] = code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:]
	}
	if err := g.rows.PutRecovery(ctx, person, hashes); err != nil {
		return nil, fmt.Errorf("store recovery codes: %w", err)
	}
	return codes, g.note(ctx, RecoveryMade, person, "", from.Net(), "")
}
