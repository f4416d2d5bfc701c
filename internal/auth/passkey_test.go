package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A device is a telephone or key that holds one passkey and does what a browser
// and an authenticator do together: W3C Web Authentication, sections 6 and 7.
type device struct {
	testing.TB
	origin string
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte // whose passkey it is
	count  uint32
	flags  byte // user present 1, user verified 4
}

func newDevice(t testing.TB) *device {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	rand.Read(id)
	return &device{TB: t, origin: site, key: key, id: id, flags: 1 | 4}
}

var b64 = base64.RawURLEncoding.EncodeToString

// options are the parts of both kinds of options that a device looks at.
type options struct {
	PublicKey struct {
		Challenge string
		RPID      string `json:"rpId"`
		RP        struct{ ID string }
		User      struct{ ID string }
	}
}

func (d *device) read(text []byte) options {
	d.Helper()
	var o options
	if err := json.Unmarshal(text, &o); err != nil {
		d.Fatal(err)
	}
	return o
}

func (d *device) clientData(kind, challenge string) []byte {
	text, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	return text
}

func (d *device) authData(rp string, more []byte, flags byte) []byte {
	hash := sha256.Sum256([]byte(rp))
	data := append(hash[:], d.flags|flags)
	data = binary.BigEndian.AppendUint32(data, d.count)
	return append(data, more...)
}

// create makes the passkey that the site asks for.
func (d *device) create(text []byte) []byte {
	d.Helper()
	o := d.read(text)
	var err error
	if d.handle, err = base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID); err != nil {
		d.Fatal(err)
	}
	point, err := d.key.PublicKey.Bytes()
	if err != nil {
		d.Fatal(err)
	}
	public, err := webauthncbor.Marshal(webauthncose.EC2PublicKeyData{
		PublicKeyData: webauthncose.PublicKeyData{KeyType: int64(webauthncose.EllipticKey), Algorithm: int64(webauthncose.AlgES256)},
		Curve:         int64(webauthncose.P256), XCoord: point[1:33], YCoord: point[33:],
	})
	if err != nil {
		d.Fatal(err)
	}
	credential := append(make([]byte, 16), byte(len(d.id)>>8), byte(len(d.id)))
	credential = append(append(credential, d.id...), public...)
	object, err := webauthncbor.Marshal(map[string]any{
		"fmt": "none", "attStmt": map[string]any{}, "authData": d.authData(o.PublicKey.RP.ID, credential, 0x40),
	})
	if err != nil {
		d.Fatal(err)
	}
	return d.answer(map[string]any{
		"clientDataJSON": b64(d.clientData("webauthn.create", o.PublicKey.Challenge)), "attestationObject": b64(object),
	})
}

// show answers a challenge with the passkey.
func (d *device) show(text []byte) []byte {
	d.Helper()
	o := d.read(text)
	d.count++
	client := d.clientData("webauthn.get", o.PublicKey.Challenge)
	data := d.authData(o.PublicKey.RPID, nil, 0)
	hash := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte(nil), data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, signed[:])
	if err != nil {
		d.Fatal(err)
	}
	return d.answer(map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(d.handle),
	})
}

func (d *device) answer(response map[string]any) []byte {
	text, err := json.Marshal(map[string]any{
		"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
	if err != nil {
		d.Fatal(err)
	}
	return text
}

// withPasskey enrols a passkey as a person's only second factor.
func (h *house) withPasskey(person, name string) (member, *device) {
	h.Helper()
	who, invite := h.invite(person, name)
	ticket, err := h.Redeem(ctx, invite, okWord, desk)
	h.must(err)
	d := newDevice(h.TB)
	options, err := h.BeginPasskey(ctx, ticket.Token)
	h.must(err)
	done, err := h.FinishPasskey(ctx, ticket.Token, "办公电脑", d.create(options), desk)
	h.must(err)
	h.in(done.Token)
	return member{who: who, name: name, password: okWord, recovery: done.Recovery, token: done.Token}, d
}

func (h *house) passkeySignIn(d *device) (auth.Ticket, error) {
	h.Helper()
	options, err := h.BeginPasskeySignIn(ctx, desk)
	h.must(err)
	return h.PasskeySignIn(ctx, d.show(options), desk)
}

func TestPasskeySignsInWithoutPassword(t *testing.T) {
	both(t, func(h *house) {
		m, d := h.withPasskey("李科长", "likezhang")
		ticket, err := h.passkeySignIn(d)
		h.must(err)
		if who := h.in(ticket.Token); who.Person != m.who.Person || !who.Proven(h.Now) {
			h.Errorf("the actor is %+v", who)
		}
		h.logged(auth.SignedIn)

		// As second factor after the password, and for a step-up.
		half, err := h.SignIn(ctx, m.name, m.password, desk)
		h.must(err)
		options, err := h.BeginStepUp(ctx, half.Token)
		h.must(err)
		full, err := h.FinishStepUp(ctx, half.Token, d.show(options), desk)
		h.must(err)
		h.pass(10 * time.Minute)
		options, err = h.BeginStepUp(ctx, full.Token)
		h.must(err)
		up, err := h.FinishStepUp(ctx, full.Token, d.show(options), desk)
		h.must(err)
		if who := h.in(up.Token); !who.Proven(h.Now) {
			h.Error("the step-up did not prove")
		}
		h.out(full.Token)
	})
}

// Whoever fails on purpose shuts the password, never the owner.
func TestPasskeyWorksWhenPasswordsAreShut(t *testing.T) {
	both(t, func(h *house) {
		m, d := h.withPasskey("李科长", "likezhang")
		for i := 0; ; i++ {
			_, err := h.SignIn(ctx, m.name, "a wrong guess", away)
			if errorIs(err, inspect.ErrShut) {
				break
			}
			h.pass(16 * time.Minute)
			if i > 100 {
				h.Fatal("passwords are never shut")
			}
		}
		for range 100 { // nor does the network's bucket
			_, _ = h.SignIn(ctx, "nobody", "a wrong guess", desk)
		}
		ticket, err := h.passkeySignIn(d)
		h.must(err)
		h.in(ticket.Token)
		_, err = h.SignIn(ctx, m.name, m.password, fromNet(1)) // the owner was here: open again
		h.must(err)
	})
}

func TestPasskeysThatAreRefused(t *testing.T) {
	both(t, func(h *house) {
		_, d := h.withPasskey("李科长", "likezhang")
		_, other := h.withPasskey("王会计", "wangkuaiji")
		for _, test := range []struct {
			what   string
			change func(d *device)
		}{
			{"look-alike site", func(d *device) { d.origin = "https://suicha.example.com" }},
			{"plain http", func(d *device) { d.origin = "http://suicha.example.gov.cn" }},
			{"user not verified", func(d *device) { d.flags = 1 }},
			{"user not present", func(d *device) { d.flags = 4 }},
			{"another key", func(d *device) { d.key = newDevice(h.TB).key }},
			{"another person", func(d *device) { d.handle = other.handle }},
			{"nobody", func(d *device) { d.handle = []byte("nobody") }},
			{"not even text", func(d *device) { d.handle = []byte("\x00\xff") }},
			{"no person", func(d *device) { d.handle = nil }},
			{"unknown passkey", func(d *device) { d.id = newDevice(h.TB).id }},
			{"a copy that lags behind", func(d *device) { d.count = 0 }},
		} {
			bad := *d
			if test.what == "a copy that lags behind" {
				if _, err := h.passkeySignIn(d); err != nil {
					h.Fatal(err)
				}
			}
			test.change(&bad)
			if _, err := h.passkeySignIn(&bad); !errorIs(err, inspect.ErrPasskey) {
				h.Errorf("%s: got %v", test.what, err)
			}
		}
		d.count++
		_, err := h.passkeySignIn(d)
		h.must(err)
	})
}

func TestChallengesWorkOnceAndForTheirSession(t *testing.T) {
	both(t, func(h *house) {
		m, d := h.withPasskey("李科长", "likezhang")
		other, _ := h.withPasskey("王会计", "wangkuaiji")
		options, err := h.BeginPasskeySignIn(ctx, desk)
		h.must(err)
		answer := d.show(options)
		_, err = h.FinishStepUp(ctx, m.token, answer, desk) // of another kind
		h.want(err, inspect.ErrCeremonyPast)
		_, err = h.PasskeySignIn(ctx, answer, desk)
		h.must(err)
		_, err = h.PasskeySignIn(ctx, answer, desk)
		h.want(err, inspect.ErrCeremonyPast)

		options, err = h.BeginStepUp(ctx, m.token)
		h.must(err)
		_, err = h.FinishStepUp(ctx, other.token, d.show(options), desk)
		h.want(err, inspect.ErrCeremonyPast)
		options, err = h.BeginPasskeySignIn(ctx, desk)
		h.must(err)
		h.pass(21 * time.Minute)
		_, err = h.PasskeySignIn(ctx, d.show(options), desk)
		h.want(err, inspect.ErrCeremonyPast)

		for _, junk := range []string{"", "{}", "null", "[]", "\xff", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`} {
			_, err = h.PasskeySignIn(ctx, []byte(junk), desk)
			h.want(err, inspect.ErrPasskey)
			_, err = h.FinishStepUp(ctx, other.token, []byte(junk), desk)
			h.want(err, inspect.ErrPasskey)
			_, err = h.FinishPasskey(ctx, other.token, "钥匙", []byte(junk), desk)
			if !errorIs(err, inspect.ErrPasskey) && !errorIs(err, inspect.ErrSignedOut) && !errorIs(err, inspect.ErrStepUp) {
				h.Errorf("%q: %v", junk, err)
			}
		}
	})
}

func TestPasskeyIsEnrolledOnce(t *testing.T) {
	both(t, func(h *house) {
		m, d := h.withPasskey("李科长", "likezhang")
		options, err := h.BeginPasskey(ctx, m.token)
		h.must(err)
		_, err = h.FinishPasskey(ctx, m.token, "又一个", d.create(options), desk)
		if !errorIs(err, inspect.ErrEnrolled) && !errorIs(err, inspect.ErrPasskey) {
			h.Errorf("the same passkey twice: %v", err)
		}
		factors, _, err := h.Factors(ctx, m.token)
		h.must(err)
		if len(factors) != 1 || factors[0].Kind != store.Passkey || factors[0].Label != "办公电脑" {
			h.Errorf("second factors are %+v", factors)
		}
	})
}

func TestPasskeysNeedAName(t *testing.T) {
	h := gateOfSQLite(t)
	for _, test := range []struct {
		origin string
		want   bool
	}{
		{"https://suicha.example.gov.cn", true}, {"http://localhost:8080", true}, {"https://localhost", true},
		{"http://10.1.2.3:8080", false}, {"https://10.1.2.3", false}, {"http://127.0.0.1:8080", false},
		{"http://[::1]:8080", false}, {"http://intranet", false},
	} {
		c := config(h.Office)
		c.Origin = test.origin
		g, err := auth.Open(c)
		if err != nil {
			t.Fatalf("%s: %v", test.origin, err)
		}
		if got := g.Passkeys(); got != test.want {
			t.Errorf("passkeys at %s: %v", test.origin, got)
		}
		if _, err := g.BeginPasskeySignIn(ctx, desk); (err == nil) != test.want {
			t.Errorf("a sign-in by passkey at %s: %v", test.origin, err)
		}
	}
	for _, bad := range []string{"", "suicha.example.gov.cn", "ftp://suicha.example.gov.cn", "https://"} {
		c := config(h.Office)
		c.Origin = bad
		if _, err := auth.Open(c); err == nil {
			t.Errorf("a gate opened at %q", bad)
		}
	}
}
