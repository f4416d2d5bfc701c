package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A passkey (通行密钥) is bound to the site's name, so that a look-alike site gets
// nothing from it. It shows itself that its owner was there (user verification),
// so it counts as both factors.

// A keyHolder is a person as the WebAuthn library sees them.
type keyHolder struct {
	person  inspect.PersonID
	name    string // sign-in name, which browsers show
	display string
	keys    []webauthn.Credential
	factors []store.Factor // of the same order as keys
}

func (h keyHolder) WebAuthnID() []byte                         { return []byte(h.person) }
func (h keyHolder) WebAuthnName() string                       { return h.name }
func (h keyHolder) WebAuthnDisplayName() string                { return h.display }
func (h keyHolder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func (g *Gate) keyHolder(ctx context.Context, person inspect.PersonID) (keyHolder, error) {
	a, err := g.rows.Account(ctx, person)
	if err != nil {
		return keyHolder{}, fmt.Errorf("read an account: %w", err)
	}
	h := keyHolder{person: person, name: a.Name, display: a.PersonName}
	factors, err := g.rows.Factors(ctx, person)
	if err != nil {
		return h, fmt.Errorf("read second factors: %w", err)
	}
	for _, f := range factors {
		if f.Kind != store.Passkey {
			continue
		}
		text, err := g.keys.open(passkeyOf(person), f.Secret)
		if err != nil { // another person's, or nobody's: it shows nothing
			continue
		}
		var key webauthn.Credential
		if err := json.Unmarshal([]byte(text), &key); err != nil {
			return h, fmt.Errorf("read a passkey: %w", err)
		}
		h.keys, h.factors = append(h.keys, key), append(h.factors, f)
	}
	return h, nil
}

// passkeyOf is the purpose that a person's passkeys are sealed for. Their public
// part is no secret; sealed, nobody who writes the database can put in their own.
func passkeyOf(person inspect.PersonID) string { return "passkey of " + string(person) }

// park stores what finishing a ceremony will need, under its challenge.
func (g *Gate) park(ctx context.Context, kind, session string, d *webauthn.SessionData) error {
	text, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("store a challenge: %w", err)
	}
	err = g.rows.AddChallenge(ctx, store.Challenge{
		Hash: hashToken(d.Challenge), Kind: kind, Session: session, Sealed: g.keys.seal(kind, string(text)), Ends: g.now().Add(enrolTime),
	})
	if err != nil {
		return fmt.Errorf("store a challenge: %w", err)
	}
	return nil
}

// recall takes what park stored, once.
func (g *Gate) recall(ctx context.Context, kind, session, challenge string) (d webauthn.SessionData, err error) {
	c, err := g.rows.TakeChallenge(ctx, kind, hashToken(challenge), session, g.now())
	if err != nil {
		return d, past(err)
	}
	text, err := g.keys.open(kind, c.Sealed)
	if err != nil {
		return d, err
	}
	err = json.Unmarshal([]byte(text), &d)
	return d, err
}

// BeginPasskey returns the options with which a browser makes a new passkey, as
// JSON.
func (g *Gate) BeginPasskey(ctx context.Context, token string) ([]byte, error) {
	if g.passkeys == nil {
		return nil, inspect.ErrPasskeyOff
	}
	s, err := g.enrolling(ctx, token)
	if err != nil {
		return nil, err
	}
	h, err := g.keyHolder(ctx, s.Person)
	if err != nil {
		return nil, err
	}
	options, d, err := g.passkeys.BeginRegistration(h,
		webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		}))
	if err != nil {
		return nil, fmt.Errorf("begin a passkey: %w", err)
	}
	if err := g.park(ctx, "passkey", s.ID, d); err != nil {
		return nil, err
	}
	return json.Marshal(options)
}

// FinishPasskey takes up the passkey that a browser made.
func (g *Gate) FinishPasskey(ctx context.Context, token, label string, response []byte, from From) (Enrolled, error) {
	if g.passkeys == nil {
		return Enrolled{}, inspect.ErrPasskeyOff
	}
	s, err := g.enrolling(ctx, token)
	if err != nil {
		return Enrolled{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return Enrolled{}, inspect.ErrPasskey
	}
	d, err := g.recall(ctx, "passkey", s.ID, parsed.Response.CollectedClientData.Challenge)
	if err != nil {
		return Enrolled{}, err
	}
	h, err := g.keyHolder(ctx, s.Person)
	if err != nil {
		return Enrolled{}, err
	}
	key, err := g.passkeys.CreateCredential(h, d, parsed)
	if err != nil {
		return Enrolled{}, inspect.ErrPasskey
	}
	text, err := json.Marshal(key)
	if err != nil {
		return Enrolled{}, fmt.Errorf("store a passkey: %w", err)
	}
	return g.enrol(ctx, s, store.Factor{
		Kind: store.Passkey, Label: label, Handle: base64.RawURLEncoding.EncodeToString(key.ID), Secret: g.keys.seal(passkeyOf(s.Person), string(text)),
	}, from)
}

// BeginPasskeySignIn returns the options with which a browser offers its
// passkeys for this site, as JSON. Nobody has said a name yet.
func (g *Gate) BeginPasskeySignIn(ctx context.Context, from From) ([]byte, error) {
	if g.passkeys == nil {
		return nil, inspect.ErrPasskeyOff
	}
	// A bucket of its own: whoever fails with passwords from the same network must
	// not stop this.
	if err := g.chargeNet(ctx, passkeyNet(from)); err != nil {
		return nil, err
	}
	options, d, err := g.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("begin a sign-in by passkey: %w", err)
	}
	if err := g.park(ctx, "sign_in", "", d); err != nil {
		return nil, err
	}
	return json.Marshal(options)
}

func passkeyNet(from From) string { return "passkey " + from.Net() }

// PasskeySignIn signs in with what a passkey answered. It needs no password, and
// works however often others typed wrong ones.
func (g *Gate) PasskeySignIn(ctx context.Context, response []byte, from From) (Ticket, error) {
	if g.passkeys == nil {
		return Ticket{}, inspect.ErrPasskeyOff
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return Ticket{}, inspect.ErrPasskey
	}
	d, err := g.recall(ctx, "sign_in", "", parsed.Response.CollectedClientData.Challenge)
	if err != nil {
		return Ticket{}, err
	}
	var h keyHolder
	var fault error // of ours, not of the passkey
	key, err := g.passkeys.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
		if !inspect.ValidID(inspect.PersonID(handle)) {
			return nil, inspect.ErrMissing
		}
		h, fault = g.keyHolder(ctx, inspect.PersonID(handle))
		return h, fault
	}, d, parsed)
	if fault != nil && !errors.Is(fault, inspect.ErrMissing) {
		return Ticket{}, fault
	}
	if err := g.usedKey(ctx, h, key, err, SignInFailed, from); err != nil {
		return Ticket{}, err
	}
	if err := g.rows.Forgive(ctx, g.codeKey(h.person)); err != nil {
		return Ticket{}, fmt.Errorf("forget failures: %w", err)
	}
	if err := g.refundNet(ctx, passkeyNet(from)); err != nil {
		return Ticket{}, fmt.Errorf("give back a try: %w", err)
	}
	if err := g.note(ctx, SignedIn, h.person, "", from.Net(), "passkey"); err != nil {
		return Ticket{}, err
	}
	return g.begin(ctx, store.Account{Person: h.person}, store.Full, g.now(), "", from)
}

// usedKey notes the use of a passkey, or its failure. A passkey whose counter
// went back may be a copy: it is refused.
func (g *Gate) usedKey(ctx context.Context, h keyHolder, key *webauthn.Credential, failure error, event Event, from From) error {
	if failure == nil && !key.Authenticator.CloneWarning {
		text, err := json.Marshal(key)
		if err != nil {
			return fmt.Errorf("store a passkey: %w", err)
		}
		handle := base64.RawURLEncoding.EncodeToString(key.ID)
		for _, f := range h.factors {
			if f.Handle != handle {
				continue
			}
			stored, err := g.rows.PutFactor(ctx, f.ID, f.Secret, g.keys.seal(passkeyOf(h.person), string(text)), g.now())
			if err != nil {
				return fmt.Errorf("store a passkey: %w", err)
			}
			if stored {
				return nil
			}
		}
	}
	if err := g.note(ctx, event, h.person, "", from.Net(), "passkey"); err != nil {
		return err
	}
	return inspect.ErrPasskey
}

// BeginStepUp returns the options with which a browser shows one of the person's
// passkeys again, as JSON.
func (g *Gate) BeginStepUp(ctx context.Context, token string) ([]byte, error) {
	if g.passkeys == nil {
		return nil, inspect.ErrPasskeyOff
	}
	s, h, err := g.keysToShow(ctx, token)
	if err != nil {
		return nil, err
	}
	options, d, err := g.passkeys.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("begin a step-up by passkey: %w", err)
	}
	if err := g.park(ctx, "step_up", s.ID, d); err != nil {
		return nil, err
	}
	return json.Marshal(options)
}

// keysToShow returns the passkeys that may be shown in a session: complete, or
// half way through its sign-in.
func (g *Gate) keysToShow(ctx context.Context, token string) (Session, keyHolder, error) {
	s, err := g.Session(ctx, token)
	if err != nil {
		return s, keyHolder{}, err
	}
	if s.Stage == store.Enrol {
		return s, keyHolder{}, inspect.ErrEnrolFirst
	}
	h, err := g.keyHolder(ctx, s.Person)
	if err == nil && len(h.keys) == 0 {
		err = inspect.ErrPasskey
	}
	return s, h, err
}

// FinishStepUp takes what a passkey answered to BeginStepUp: it completes a
// sign-in, or proves a complete one again.
func (g *Gate) FinishStepUp(ctx context.Context, token string, response []byte, from From) (Ticket, error) {
	if g.passkeys == nil {
		return Ticket{}, inspect.ErrPasskeyOff
	}
	s, h, err := g.keysToShow(ctx, token)
	if err != nil {
		return Ticket{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return Ticket{}, inspect.ErrPasskey
	}
	d, err := g.recall(ctx, "step_up", s.ID, parsed.Response.CollectedClientData.Challenge)
	if err != nil {
		return Ticket{}, err
	}
	key, err := g.passkeys.ValidateLogin(h, d, parsed)
	if err := g.usedKey(ctx, h, key, err, CodeFailed, from); err != nil {
		return Ticket{}, err
	}
	if s.Stage == store.Full {
		return g.prove(ctx, s, "passkey", from)
	}
	if err := g.note(ctx, SignedIn, s.Person, "", from.Net(), "passkey"); err != nil {
		return Ticket{}, err
	}
	return g.begin(ctx, store.Account{Person: s.Person}, store.Full, g.now(), s.hash, from)
}
