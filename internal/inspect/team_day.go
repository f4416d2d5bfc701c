package inspect

import (
	"cmp"
	"errors"
	"slices"

	"suicha/internal/workday"
)

// TeamMembers are the members of teams, with those that were replaced, ascending.
func TeamMembers(teams []Team) []InspectorNo {
	var all []InspectorNo
	for _, t := range teams {
		for _, m := range t.Members {
			all = append(all, m.Inspector)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TeamDays are the days from the first to the last of the teams.
func TeamDays(teams []Team) Days {
	var days Days
	for i, t := range teams {
		if i == 0 || t.Days.From.Before(days.From) {
			days.From = t.Days.From
		}
		if i == 0 || t.Days.Until.After(days.Until) {
			days.Until = t.Days.Until
		}
	}
	return days
}

// VisitDays are the days that a member must be able to inspect on.
func (t Team) VisitDays() Days {
	if t.Day.IsZero() {
		return t.Days
	}
	return Days{t.Day, t.Day}
}

// Fit fails if a member cannot be sent: C2, C9. That somebody is away on some days
// does not matter as long as the visit has no day.
func (t Team) Fit(files map[InspectorNo]InspectorFile) error {
	for _, m := range t.Standing() {
		f := files[m.Inspector]
		if o := f.Drawable(t.VisitDays()); o.Kind != "" && (o.Kind != IsAway || !t.Day.IsZero()) {
			return ErrTeamUnfit.With(t.No, f.Name, o.Text)
		}
	}
	return nil
}

// Absent says which members cannot be there on the day of the visit.
func (t Team) Absent(files map[InspectorNo]InspectorFile) (ps Problems) {
	if t.Day.IsZero() {
		return nil
	}
	for _, m := range t.Standing() {
		f := files[m.Inspector]
		if o := f.Drawable(t.VisitDays()); o.Kind != "" {
			ps = append(ps, ErrTeamAway.With(t.No, f.Name, o.Text).At("days"))
		}
	}
	return ps
}

// A Diary (日程) says on how many visits inspectors are on each day.
type Diary map[InspectorNo]map[workday.Date]int

// NewDiary collects the days of teams that stand.
func NewDiary(teams []Team) Diary {
	d := Diary{}
	for _, t := range teams {
		if t.Stands() && !t.Day.IsZero() {
			d.add(t, t.Day)
		}
	}
	return d
}

func (d Diary) add(t Team, day workday.Date) {
	for _, m := range t.Standing() {
		if d[m.Inspector] == nil {
			d[m.Inspector] = map[workday.Date]int{}
		}
		d[m.Inspector][day]++
	}
}

// A Scheduler finds days for teams: R73.
type Scheduler struct {
	Calendar *workday.Calendar
	Today    workday.Date
	Files    map[InspectorNo]InspectorFile
	Diary    Diary
	Most     int // visits of an inspector on one day
}

// Free are the working days of a team's visit on which all its members can come, the
// first ones: none of them is away, or has as many visits as there may be.
func (s Scheduler) Free(t Team, most int) []workday.Date {
	var days []workday.Date
	for day := t.Days.From; !day.After(t.Days.Until) && len(days) < most; day = day.AddDays(1) {
		if !day.Before(s.Today) && s.Calendar.IsWorkday(day) && s.free(t, day) {
			days = append(days, day)
		}
	}
	return days
}

func (s Scheduler) free(t Team, day workday.Date) bool {
	for _, m := range t.Standing() {
		if s.Diary[m.Inspector][day] >= s.Most || s.Files[m.Inspector].Drawable(Days{day, day}).Kind != "" {
			return false
		}
	}
	return true
}

// A Proposal is a day for each team that one was found for, and the teams without.
type Proposal struct {
	Teams []Team // with their days
	Left  []Team
}

// daysMost is how many days of a window are looked at.
const daysMost = 400

// Propose finds a day for every team: a day on which its members are in the same
// town already, else the one with the fewest visits; the first among equals. Town
// tells where a team's object is. Teams with few free days come first.
func (s Scheduler) Propose(teams []Team, town func(Team) string) Proposal {
	type ask struct {
		team Team
		free int
	}
	var asks []ask
	for _, t := range teams {
		asks = append(asks, ask{t, len(s.Free(t, daysMost))})
	}
	slices.SortStableFunc(asks, func(a, b ask) int {
		return cmp.Or(cmp.Compare(min(a.free, fewDays), min(b.free, fewDays)), cmp.Compare(town(a.team), town(b.team)), cmp.Compare(a.team.No, b.team.No))
	})
	visits, towns := map[workday.Date]int{}, map[InspectorNo]map[workday.Date]string{}
	var p Proposal
	for _, a := range asks {
		day := s.best(a.team, town(a.team), visits, towns)
		if day.IsZero() {
			p.Left = append(p.Left, a.team)
			continue
		}
		a.team.Day = day
		s.Diary.add(a.team, day)
		visits[day]++
		for _, m := range a.team.Standing() {
			if towns[m.Inspector] == nil {
				towns[m.Inspector] = map[workday.Date]string{}
			}
			towns[m.Inspector][day] = town(a.team)
		}
		p.Teams = append(p.Teams, a.team)
	}
	slices.SortFunc(p.Teams, teamOrder)
	slices.SortFunc(p.Left, teamOrder)
	return p
}

// fewDays is how few days make a team come before others.
const fewDays = 5

func (s Scheduler) best(t Team, town string, visits map[workday.Date]int, towns map[InspectorNo]map[workday.Date]string) workday.Date {
	near := func(day workday.Date) int {
		n := 0
		for _, m := range t.Standing() {
			if towns[m.Inspector][day] == town && town != "" {
				n++
			}
		}
		return n
	}
	free := s.Free(t, daysMost)
	if len(free) == 0 {
		return workday.Date{}
	}
	return slices.MinFunc(free, func(a, b workday.Date) int {
		return cmp.Or(cmp.Compare(near(b), near(a)), cmp.Compare(visits[a], visits[b]), a.Compare(b))
	})
}

// ProblemsOf are the problems that an error is made of.
func ProblemsOf(err error) Problems {
	var ps Problems
	var p Problem
	switch {
	case errors.As(err, &ps):
		return ps
	case errors.As(err, &p):
		return Problems{p}
	}
	return nil
}
