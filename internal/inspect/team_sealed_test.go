package inspect_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// INV-05: what a team of a sealed list conceals has one length, whatever was drawn and
// whoever was matched, and comes back as it was.
func TestSealedTeamsHaveOneLength(t *testing.T) {
	uuid := func(n int) string {
		return "0199c5d2-7a10-7c3e-8a51-3f60d1c2b" + string(rune('a'+n%26)) + string(rune('a'+n/26)) + "0"
	}
	var tasks []inspect.Task
	for range 3 {
		x := inspect.Task{Parts: []inspect.TaskPart{{}, {}}}
		x.Officers = 2
		tasks = append(tasks, x)
	}
	room := inspect.TeamRoom(tasks)
	small := inspect.Team{ID: "a", Sealed: true, Org: "x", Orgs: []inspect.OrgID{"x"}}
	small.Object = 1
	large := inspect.Team{ID: "b", Sealed: true, Org: inspect.OrgID(uuid(1))}
	large.Object, large.Drawn, large.Reason = 99_999_999, strings.Repeat("X", 32), strings.Repeat("停", 100)
	large.Days = inspect.Days{From: workday.MustParse("2026-03-01"), Until: workday.MustParse("2026-03-31")}
	for i := range 6 {
		large.Orgs = append(large.Orgs, inspect.OrgID(uuid(i)))
	}
	for i := range 3 {
		large.Tasks = append(large.Tasks, inspect.TaskID(uuid(i)))
	}
	for i := range 20 { // eight of them replaced
		large.Members = append(large.Members, inspect.TeamMember{
			Org: inspect.OrgID(uuid(i)), Line: 3, Inspector: 1_234_567, Out: i < 8, By: inspect.SubstID(uuid(i)), At: time.Date(2026, 3, 2, 9, 0, 0, 123e6, time.UTC),
		})
	}
	for _, x := range []inspect.Team{small, large} {
		text, err := x.Conceal(room)
		if err != nil || len(text) != room {
			t.Errorf("the team %s conceals %d bytes, %v; want %d", x.ID, len(text), err, room)
		}
		shut := x.Shut("cipher", "host")
		if shut.Org != "host" || len(shut.Orgs) != 1 || shut.Object != 0 || shut.Members != nil {
			t.Errorf("shut, the team is %+v", shut)
		}
		if open, err := shut.Reveal(text); err != nil || !reflect.DeepEqual(open, x) {
			t.Errorf("revealed, the team is %+v, %v; want %+v", open, err, x)
		}
	}
	if _, err := small.Reveal("x"); err == nil {
		t.Error("nonsense was revealed")
	}
}

// INV-05: so do substitutions; that something was decided can be seen, not why.
func TestSealedSubstitutionsHaveOneLength(t *testing.T) {
	long := inspect.Subst{ID: "b", Opinion: strings.Repeat("同", 120)}
	long.Text, long.Applicant, long.Applied, long.Teams = strings.Repeat("搬", 200), strings.Repeat("馆", 40), workday.MustParse("2026-03-02"), []int{1, 2}
	for _, x := range []inspect.Subst{{ID: "a"}, long} {
		text, err := x.Conceal()
		if err != nil || len(text) != inspect.SubstRoom {
			t.Errorf("the substitution %s conceals %d bytes, %v", x.ID, len(text), err)
		}
		shut := x.Shut("cipher")
		if (shut.Opinion == "") != (x.Opinion == "") || strings.Contains(shut.Opinion, "同") || shut.Text != "" {
			t.Errorf("shut, the substitution is %+v", shut)
		}
		if open, err := shut.Reveal(text); err != nil || !reflect.DeepEqual(open, x) {
			t.Errorf("revealed, the substitution is %+v, %v; want %+v", open, err, x)
		}
	}
	if _, err := long.Reveal("x"); err == nil {
		t.Error("nonsense was revealed")
	}
}

// R69, INV-05: before the day of a sealed list its teams are for the organiser and the
// lead departments, from the dispatch on for who takes part, and for nobody who only
// watches.
func TestWhoReadsTeamsOfASealedList(t *testing.T) {
	lead, partner, office, oversight := inspect.Org{ID: "lead", Region: "r"}, inspect.Org{ID: "partner", Region: "r"}, inspect.Org{ID: "office", Region: "r", Kind: inspect.OrgOffice}, inspect.Org{ID: "watch", Region: "r", Kind: inspect.OrgOversight}
	task := inspect.Task{ID: "t", Org: "lead", Parts: []inspect.TaskPart{{Org: "lead"}, {Org: "partner"}}}
	b := inspect.Batch{ID: "b", Org: "host", Region: "r", State: inspect.BatchDrawn, Tasks: []inspect.TaskID{"t"}, DrawnAt: time.Unix(1, 0)}
	b.Terms.Mode = "sealed"
	for _, sent := range []bool{false, true} {
		s := inspect.TeamScene{Batch: b, Tasks: []inspect.Task{task}}
		if sent {
			s.Dispatch.At = time.Unix(2, 0)
		}
		for _, test := range []struct {
			org   inspect.Org
			reads bool
			sees  int // relations to the batch's teams
		}{{inspect.Org{ID: "host", Region: "r"}, true, 1}, {lead, true, 1}, {partner, sent, count(sent)}, {office, false, 0}, {oversight, false, 0}} {
			if err := s.Reads(test.org.ID); (err == nil) != test.reads {
				t.Errorf("sent %t: %s reads: %v", sent, test.org.ID, err)
			}
			if got := s.BatchRelations(test.org); len(got) != test.sees {
				t.Errorf("sent %t: %s has %v", sent, test.org.ID, got)
			}
		}
	}
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
