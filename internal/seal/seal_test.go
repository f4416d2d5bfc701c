package seal_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"suicha/internal/seal"
)

func ring(t testing.TB, secrets ...string) seal.Ring {
	t.Helper()
	var all [][]byte
	for _, s := range secrets {
		all = append(all, bytes.Repeat([]byte(s), 32))
	}
	r, err := seal.NewRing(all...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A sealed text opens under its own key, for its own purpose, unchanged: no other way.
func TestOnlyItsKeyAndPurposeOpen(t *testing.T) {
	k, wrapped, err := ring(t, "a").Wrap("batch 1")
	if err != nil {
		t.Fatal(err)
	}
	other, _, _ := ring(t, "a").Wrap("batch 1")
	sealed := k.Seal("list", "91370600000000003W")
	if strings.Contains(sealed, "9137") || sealed == k.Seal("list", "91370600000000003W") {
		t.Errorf("sealed is %s", sealed)
	}
	if text, err := k.Open("list", sealed); err != nil || text != "91370600000000003W" {
		t.Errorf("opened %q, %v", text, err)
	}
	again, err := ring(t, "b", "a").Unwrap("batch 1", wrapped) // a newer secret is in use
	if text, err2 := again.Open("list", sealed); err != nil || err2 != nil || text == "" {
		t.Errorf("under the unwrapped key %q, %v, %v", text, err, err2)
	}
	for name, try := range map[string]func() (string, error){
		"another key":     func() (string, error) { return other.Open("list", sealed) },
		"another purpose": func() (string, error) { return k.Open("team", sealed) },
		"no key":          func() (string, error) { return seal.Key{}.Open("list", sealed) },
		"changed":         func() (string, error) { return k.Open("list", sealed[:len(sealed)-2]+"AA") },
		"cut":             func() (string, error) { return k.Open("list", sealed[:len(k.ID())+5]) },
		"nothing":         func() (string, error) { return k.Open("list", "") },
	} {
		if text, err := try(); !errors.Is(err, seal.ErrClosed) || text != "" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	for name, r := range map[string]seal.Ring{"another ring": ring(t, "c"), "no ring": nil} {
		if _, err := r.Unwrap("batch 1", wrapped); !errors.Is(err, seal.ErrClosed) {
			t.Errorf("%s unwraps: %v", name, err)
		}
	}
	if _, err := ring(t, "a").Unwrap("batch 2", wrapped); !errors.Is(err, seal.ErrClosed) {
		t.Errorf("the key of one batch is unwrapped as another's: %v", err)
	}
}

// A secret that is too short, or none at all, is refused.
func TestWeakSecretsAreRefused(t *testing.T) {
	if _, err := seal.NewRing([]byte("short")); err == nil {
		t.Error("a short secret was taken")
	}
	if _, _, err := (seal.Ring{}).Wrap("x"); err == nil {
		t.Error("a ring without keys wraps")
	}
}

// Whatever stands in the column, opening it is a text or ErrClosed.
func FuzzOpen(f *testing.F) {
	r := ring(f, "a")
	k, wrapped, err := r.Wrap("x")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(k.Seal("p", "text"))
	f.Add(wrapped)
	f.Add("..")
	f.Fuzz(func(t *testing.T, sealed string) {
		if _, err := k.Open("p", sealed); err != nil && !errors.Is(err, seal.ErrClosed) {
			t.Error(err)
		}
		if _, err := r.Unwrap("x", sealed); err != nil && !errors.Is(err, seal.ErrClosed) {
			t.Error(err)
		}
	})
}
