package match

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
)

// needsExample is the example of docs/design/match.md §3.3.
func needsExample(t testing.TB) (needs, demands string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/design/match.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "<!-- example: needs -->")
	_, rest, _ = strings.Cut(rest, "needs.tsv\n")
	needs, rest, _ = strings.Cut(rest, "drawn:")
	_, rest, _ = strings.Cut(rest, "demands.tsv\n")
	demands, _, _ = strings.Cut(rest, "```")
	tabs := strings.NewReplacer(" ⇥ ", "\t")
	return tabs.Replace(needs), tabs.Replace(demands)
}

var (
	needsTasks  = []Task{{"T1", "SJ", []string{"SJ", "XF"}}, {"T2", "XF", []string{"SJ", "XF"}}}
	needsGroups = []Group{{ID: "SJ-687", Department: "SJ"}, {ID: "SJ-all", Department: "SJ"}, {ID: "SJ-food", Department: "SJ"}, {ID: "XF-all", Department: "XF"}}
)

// R71: who is matched to what follows from the drawn list and the locked needs.
func TestDemandsFollowFromNeeds(t *testing.T) {
	text, want := needsExample(t)
	needs, err := ParseNeeds([]byte(text), needsTasks, needsGroups)
	if err != nil {
		t.Fatal(err)
	}
	got := FormatDemands(needs.Demands([]Drawn{{"91370600000000003W", "370602", []string{"T1"}},
		{"91370600000000009F", "370687", []string{"T1", "T2"}}, {"XK-2026-0017", "370687", []string{"T2"}}}))
	if line := Differs(got, []byte(want)); line > 0 {
		t.Errorf("line %d differs:\n%s\nwant\n%s", line, got, want)
	}
}

func TestFaultsOfNeeds(t *testing.T) {
	text, _ := needsExample(t)
	lines := strings.SplitAfter(text, "\n")
	nine := ""
	groups := needsGroups
	for i := range 8 {
		id := "SJ-x" + strconv.Itoa(i)
		nine += "T2\t370687\tSJ\t" + id + "\t1\n"
		groups = append(groups, Group{ID: id, Department: "SJ"})
	}
	for name, test := range map[string]struct {
		text string
		line int
	}{
		"no line feed":     {strings.TrimSuffix(text, "\n"), 6},
		"columns":          {lines[0] + "T1\t-\tXF\tXF-all\n" + "bad", 2},
		"unknown task":     {strings.Replace(text, "T2\t-\tSJ", "T9\t-\tSJ", 1), 5},
		"prefix":           {strings.Replace(text, "370687", "37068a", 1), 3},
		"long prefix":      {strings.Replace(text, "370687", "1234567890123", 1), 3},
		"no prefix":        {strings.Replace(text, "370687", "", 1), 3},
		"department":       {strings.Replace(text, "XF\tXF-all\t1", "WJ\tXF-all\t1", 1), 2},
		"group":            {strings.Replace(text, "SJ-food", "SJ-fish", 1), 4},
		"other's group":    {strings.Replace(text, "XF\tXF-all\t3", "XF\tSJ-all\t3", 1), 6},
		"count":            {strings.Replace(text, "\t3\n", "\t03\n", 1), 6},
		"none":             {strings.Replace(text, "\t3\n", "\t0\n", 1), 6},
		"too many":         {strings.Replace(text, "\t3\n", "\t100\n", 1), 6},
		"twice":            {lines[0] + strings.Replace(lines[0], "\t2", "\t3", 1) + strings.Join(lines[1:], ""), 2},
		"order":            {lines[1] + lines[0], 2},
		"not UTF-8":        {strings.Replace(text, "XF\tXF-all\t1", "\xff\tXF-all\t1", 1), 2},
		"nobody leads":     {strings.Join(lines[:5], ""), 0},
		"one alone":        {strings.Replace(strings.Join(append(lines[:1:1], lines[4:]...), ""), "SJ-all\t2", "SJ-all\t1", 1), 0},
		"one alone nearby": {strings.Replace(strings.Replace(lines[0]+lines[2]+lines[4]+lines[5], "SJ-687\t2", "SJ-687\t1", 1), "\t3\n", "\t3\n", 1), 0},
		"too many groups":  {text[:len(text)-len(lines[5])] + lines[5] + nine, 0},
		"empty":            {"", 0},
		"first of two":     {strings.Replace(strings.Replace(text, "SJ-food", "SJ-fish", 1), "\t3\n", "\t\n", 1), 4},
	} {
		_, err := ParseNeeds([]byte(test.text), needsTasks, groups)
		var fault *FileError
		if !errors.As(err, &fault) || fault.File != NeedsFile || fault.Line != test.line {
			t.Errorf("%s: %v, want a fault in line %d", name, err, test.line)
		}
	}
}

// FuzzParseNeeds: whatever needs are accepted, demands that follow are well formed.
func FuzzParseNeeds(f *testing.F) {
	text, _ := needsExample(f)
	f.Add([]byte(text), "370687")
	f.Add([]byte("T1\t-\tSJ\tSJ-all\t2\nT2\t-\tXF\tXF-all\t2\n"), "37")
	f.Fuzz(func(t *testing.T, data []byte, region string) {
		needs, err := ParseNeeds(data, needsTasks, needsGroups)
		if err != nil {
			return
		}
		groups := []Group{}
		for _, g := range needsGroups {
			g.Stages = [][]string{{"37"}}
			groups = append(groups, g)
		}
		p := &Problem{Groups: groups, Demands: needs.Demands([]Drawn{{"A", region, []string{"T1"}}, {"B", region, []string{"T1", "T2"}}, {"C", region, []string{"T2"}}})}
		if err := p.Fault(); err != nil {
			t.Error(err)
		}
	})
}
