package county

import (
	"path/filepath"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// R126: the demonstration county has the conference's 17 departments, breaks no
// invariant, and has something waiting for every post.
func TestCountyStandsUp(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "county.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	people, err := Make(t.Context(), s, inspect.Regulation)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(departments()); got != 17 {
		t.Errorf("%d departments, want 17", got)
	}
	if len(people) < 60 {
		t.Errorf("only %d people", len(people))
	}
	broken, err := s.DB.Broken(t.Context())
	if err != nil || len(broken) > 0 {
		t.Errorf("broken: %v %v", broken, err)
	}
	if _, err := Make(t.Context(), s, inspect.Regulation); err == nil {
		t.Error("the county can be made twice")
	}
}
