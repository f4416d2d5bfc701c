package match

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

// A replayVector is of replacements.json, which the verifier in JavaScript reads too.
type replayVector struct {
	Suite                                                 Suite
	Keys                                                  map[string]string
	Tasks                                                 []Task
	Inspectors, Eligibility, Avoidance, Needs, Assignment []string
	Objects                                               []Drawn
	Moves                                                 []Move
	Cases                                                 []struct {
		Name, Replacements, Published string
		Line, Public                  int
	}
}

func replayVectors(t testing.TB) []replayVector {
	t.Helper()
	var f struct {
		About   string
		Vectors []replayVector
	}
	readVectors(t, "replacements.json", &f)
	return f.Vectors
}

// begin is the draw before anything is replaced.
func (v *replayVector) begin(t testing.TB) (*Teams, []Drawn) {
	t.Helper()
	p, err := Parse(Files{Inspectors: file(v.Inspectors), Eligibility: file(v.Eligibility), Avoidance: file(v.Avoidance)})
	if err != nil {
		t.Fatal(err)
	}
	needs, err := ParseNeeds(file(v.Needs), v.Tasks, p.Groups)
	if err != nil {
		t.Fatal(err)
	}
	seats, err := ParseSeats(file(v.Assignment))
	if err != nil {
		t.Fatal(err)
	}
	regions, drawn := map[string]string{}, []Drawn(nil)
	for _, o := range v.Objects {
		if regions[o.Object] = o.Region; len(o.Tasks) > 0 {
			drawn = append(drawn, o)
		}
	}
	return NewTeams(p, needs, Terms{Suite: v.Suite, Keys: v.Keys}, regions, drawn, seats, v.Moves), drawn
}

// R68: who comes in is the next in order, or the line is refused.
func TestReplacementVectors(t *testing.T) {
	at := func(err error) int {
		var fault *FileError
		if errors.As(err, &fault) {
			return fault.Line
		}
		return 0
	}
	for _, v := range replayVectors(t) {
		for _, c := range v.Cases {
			text, err1 := hex.DecodeString(c.Replacements)
			public, err2 := hex.DecodeString(c.Published)
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			teams, drawn := v.begin(t)
			if err := teams.Read(text); at(err) != c.Line {
				t.Errorf("%s: %v, want line %d", c.Name, err, c.Line)
			}
			if err := CheckPublished(public, v.Tasks, drawn, v.Moves); at(err) != c.Public {
				t.Errorf("%s, what is public: %v, want line %d", c.Name, err, c.Public)
			}
		}
	}
}

// TestReplacementExample makes the example of docs/design/match.md again.
func TestReplacementExample(t *testing.T) {
	v := replayVectors(t)[1]
	text, err := hex.DecodeString(v.Cases[0].Replacements)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	say := func(name, text string) {
		fmt.Fprintf(&out, "%s\n%s\n", name, strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\t", " ⇥ "))
	}
	say(AssignmentFile, string(file(v.Assignment)))
	out.WriteString("substitutions.tsv, line 1:")
	fmt.Fprintf(&out, " %s takes %s off its list, and %s comes\n", v.Moves[0].Task, v.Moves[0].Out, v.Moves[0].In)
	say(ReplacementsFile, string(text))
	say(PublicReplacements, string(Published(text)))
	page, err := os.ReadFile("../../docs/design/match.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "<!-- example: replacements -->\n```text\n"+out.String()+"```\n") {
		t.Errorf("docs/design/match.md does not contain\n%s", out.String())
	}
}

// Whatever a file holds, it is read to the end or refused at one of its lines.
func FuzzReplacements(f *testing.F) {
	v := replayVectors(f)[4]
	for _, c := range v.Cases {
		text, err := hex.DecodeString(c.Replacements)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		teams, drawn := v.begin(t)
		var fault *FileError
		if err := teams.Read(text); err != nil && (!errors.As(err, &fault) || fault.Line < 1 || fault.Line > strings.Count(string(text), "\n")+1) {
			t.Errorf("%v", err)
		}
		if err := CheckPublished(text, v.Tasks, drawn, v.Moves); err != nil && !errors.As(err, &fault) {
			t.Errorf("%v", err)
		}
	})
}
