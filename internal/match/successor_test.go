package match_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"suicha/internal/match"
)

// R68, R72: who comes next at a seat is fixed by the tickets of docs/design/match.md
// §4, which this test writes down a second time; who avoids the object does not come.
func TestSuccessorsGoByTickets(t *testing.T) {
	p := &match.Problem{Groups: []match.Group{{ID: "g", Department: "SJ", Least: 1, Stages: [][]string{{"37"}}}}}
	for _, id := range []string{"I01", "I02", "I03", "I04", "I05", "I06"} {
		p.Inspectors = append(p.Inspectors, match.Inspector{ID: id, Department: "SJ", Region: "370687", Cap: match.NoCap})
	}
	p.Demands = []match.Demand{{Object: "O1", Department: "SJ", Line: 1, Group: "g", Need: 2, Lead: true}}
	p.Avoidances = []match.Avoidance{{Object: "O1", Inspector: "I03", Reason: "亲属"}}
	key := strings.Repeat("7", match.KeyLen)
	terms := match.Terms{Suite: match.SHA256, Keys: map[string]string{"SJ": key}}
	ticket := func(text string) string {
		h := sha256.Sum256([]byte(text))
		return hex.EncodeToString(h[:])
	}
	place := ticket(key + ":O1")[:32]
	by := func(kind string) []string {
		want := []string{"I01", "I02", "I04", "I05", "I06"}
		slices.SortFunc(want, func(a, b string) int { return cmp.Compare(ticket(place+kind+a), ticket(place+kind+b)) })
		return want
	}
	got, err := p.Successors(terms, "O1", "SJ", 1)
	if err != nil || !slices.Equal(got, by(":")) {
		t.Errorf("the order is %v, %v, want %v", got, err, by(":"))
	}
	if got, err := p.NextLeader(terms, "O1", "SJ", got); err != nil || got != by(":L:")[0] {
		t.Errorf("the leader is %s, %v, want %s", got, err, by(":L:")[0])
	}
	p.Inspectors[4].Quals = []string{match.LeaderQual}
	if got, err := p.NextLeader(terms, "O1", "SJ", got); err != nil || got != "I05" {
		t.Errorf("the leader is %s, %v, want the only one who may lead", got, err)
	}
	for _, bad := range []struct {
		object string
		line   int
		terms  match.Terms
	}{{"O2", 1, terms}, {"O1", 2, terms}, {"O1", 1, match.Terms{Suite: match.SHA256}}, {"O1", 1, match.Terms{Keys: terms.Keys}}} {
		if got, err := p.Successors(bad.terms, bad.object, "SJ", bad.line); err == nil {
			t.Errorf("line %d of %s has the successors %v", bad.line, bad.object, got)
		}
	}
}
