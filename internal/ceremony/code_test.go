package ceremony

import (
	"strings"
	"testing"

	"suicha/internal/draw"
)

// A short code is read however people type it, and belongs to one object of one run.
func TestCodesAreReadAsTyped(t *testing.T) {
	m := &draw.Manifest{Suite: draw.SM3, Batch: "370687-2026-p04", Run: 1}
	rec := draw.Record{ID: "91370687MA3W7K2P4E", Kind: 'u', Stratum: "A", Region: "370687", Scope: "s1", Salt: "AAAAAAAAAAAAAAAA"}
	code := Code(m, rec)
	if len(code) != 11 || ReadCode(code) != code {
		t.Fatalf("the code is %q, read %q", code, ReadCode(code))
	}
	for _, typed := range []string{strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + code[:5] + "　—　" + code[6:] + " ", strings.ReplaceAll(code, "0", "o"), strings.ReplaceAll(code, "1", "l")} {
		if ReadCode(typed) != code {
			t.Errorf("%q is read %q", typed, ReadCode(typed))
		}
	}
	other := rec
	other.Salt = "AAAAAAAAAAAAAAAB"
	next := *m
	next.Run = 2
	if Code(m, other) == code || Code(&next, rec) == code {
		t.Error("another salt or run has the same code")
	}
}

func FuzzReadCode(f *testing.F) {
	for _, seed := range []string{"", "3XE2R-GVSX2", "３ｘｅ２ｒＧＶＳＸ２", "\xff\x00", strings.Repeat("A", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code := ReadCode(typed)
		if code != "" && (len(code) != 11 || code[5] != '-' || ReadCode(code) != code) {
			t.Errorf("%q is read %q", typed, code)
		}
	})
}
