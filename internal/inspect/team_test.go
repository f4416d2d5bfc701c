package inspect_test

import (
	"errors"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// team is a team of two of department a and two of b in the first week of June 2026.
func team(no int, people ...inspect.InspectorNo) inspect.Team {
	day := workday.MustParse
	t := inspect.Team{ID: inspect.TeamIDOf("b", 1, no), No: no, Org: "a", Orgs: []inspect.OrgID{"a", "b"}, State: inspect.TeamFormed}
	t.Days = inspect.Days{From: day("2026-06-01"), Until: day("2026-06-07")}
	for i, p := range people {
		t.Members = append(t.Members, inspect.TeamMember{Org: []inspect.OrgID{"a", "a", "b", "b"}[i], Line: 1, Inspector: p, Leader: i == 0})
	}
	return t
}

// files are inspectors with certificates, of whom one is away for two days.
func teamFiles(away inspect.InspectorNo) map[inspect.InspectorNo]inspect.InspectorFile {
	day, files := workday.MustParse, map[inspect.InspectorNo]inspect.InspectorFile{}
	for no := inspect.InspectorNo(1); no <= 9; no++ {
		f := inspect.InspectorFile{Inspector: inspect.Inspector{No: no, Category: inspect.CivilServant}}
		f.Certificates = []inspect.Certificate{{From: day("2025-01-01"), Until: day("2028-12-31")}}
		if no == away {
			f.Away = []inspect.Away{{Inspector: no, Kind: "leave", Days: inspect.Days{From: day("2026-06-01"), Until: day("2026-06-02")}}}
		}
		files[no] = f
	}
	return files
}

// R73: the first common free days of all members; nobody is sent on a day off, while
// away, or to more visits than there may be; a proposal keeps a town together.
func TestCommonFreeDays(t *testing.T) {
	day := workday.MustParse
	x, y, z := team(1, 1, 2, 3, 4), team(2, 1, 2, 5, 6), team(3, 7, 8, 9, 3)
	s := inspect.Scheduler{Calendar: workday.Official(), Today: day("2026-05-20"), Files: teamFiles(2), Diary: inspect.Diary{}, Most: 1}
	got := s.Free(x, 9)
	if len(got) != 3 || got[0] != day("2026-06-03") || got[2] != day("2026-06-05") {
		t.Errorf("the common free days are %v", got)
	}
	s.Today = day("2026-06-05")
	if got := s.Free(x, 9); len(got) != 1 {
		t.Errorf("with the week nearly over, the free days are %v", got)
	}
	s.Today = day("2026-05-20")
	p := s.Propose([]inspect.Team{x, y, z}, func(inspect.Team) string { return "东村街道" })
	if len(p.Teams) != 3 || p.Teams[0].Day == p.Teams[1].Day || p.Teams[0].Day == p.Teams[2].Day {
		t.Errorf("with one visit a day the proposal is %+v", p)
	}
	s.Most, s.Diary = 2, inspect.Diary{}
	if p := s.Propose([]inspect.Team{x, y, z}, func(inspect.Team) string { return "东村街道" }); p.Teams[0].Day != p.Teams[1].Day {
		t.Errorf("the teams of one town go on %v and %v", p.Teams[0].Day, p.Teams[1].Day)
	}
	s.Files[1] = inspect.InspectorFile{} // no certificate
	if p := s.Propose([]inspect.Team{x}, func(inspect.Team) string { return "" }); len(p.Left) != 1 {
		t.Errorf("without a certificate the proposal is %+v", p)
	}
}

// R72, C8, C9, INV-07, INV-08: a team without a leader of the lead department, or with
// one inspector of a department, is not dispatched; nor is one whose certificate ran out.
func TestOnlyWholeTeamsAreDispatched(t *testing.T) {
	whole := team(1, 1, 2, 3, 4)
	if _, err := whole.Dispatch(); err != nil {
		t.Error(err)
	}
	led := team(1, 1, 2, 3, 4)
	led.Members[0].Leader, led.Members[2].Leader = false, true
	two := team(1, 1, 2, 3, 4)
	two.Members[1].Leader = true
	few := team(1, 1, 2, 3)
	for name, test := range map[string]struct {
		team inspect.Team
		want inspect.Problem
	}{"led from elsewhere": {led, inspect.ErrTeamLeader}, "two leaders": {two, inspect.ErrTeamLeader}, "one of a department": {few, inspect.ErrTeamOfficers}} {
		if _, err := test.team.Dispatch(); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %s", name, err, test.want.Code)
		}
	}
	files := teamFiles(0)
	files[3] = inspect.InspectorFile{}
	if err := whole.Fit(files); !errors.Is(err, inspect.ErrTeamUnfit) {
		t.Errorf("without a certificate: %v", err)
	}
	if err := whole.Fit(teamFiles(2)); err != nil {
		t.Errorf("away on some days of a visit that has none: %v", err)
	}
}

// R68, R69, R73, R74: every verb in every state of a team does what its table of lives
// says.
func TestEveryVerbInEveryStateOfTeams(t *testing.T) {
	now, june := time.Date(2026, 5, 20, 1, 0, 0, 0, time.UTC), workday.MustParse("2026-06-01")
	acts := map[inspect.Verb]func(inspect.Team) (inspect.Team, error){
		inspect.TeamSchedule:    func(x inspect.Team) (inspect.Team, error) { return x.Schedule(june, "", workday.On(now)) },
		inspect.BatchDispatch:   inspect.Team.Dispatch,
		inspect.TeamAcknowledge: func(x inspect.Team) (inspect.Team, error) { return x.Acknowledge(1, now) },
		inspect.SubstGrant:      func(x inspect.Team) (inspect.Team, error) { return x.GiveUp("s") },
		inspect.BatchAnnul:      inspect.Team.Annul,
	}
	for _, state := range inspect.TeamLife().States() {
		for verb, do := range acts {
			x := team(1, 1, 2, 3, 4)
			x.State = state
			want, refused := inspect.TeamLife().Next(state, verb)
			got, err := do(x)
			if (err != nil) != (refused != nil) || err == nil && got.State != want {
				t.Errorf("%s of a %s team: %s, %v; want %s, %v", verb, state, got.State, err, want, refused)
			}
		}
	}
}
