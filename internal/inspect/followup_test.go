package inspect_test

import (
	"slices"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// R97, R98, 民法典 第二百零一条, 第二百零三条: until when each step is to be made. The clock
// is a function of what is stored, and ends with the last day, or to the minute.
func TestFollowUpClocks(t *testing.T) {
	cal := workday.Official()
	at := func(text string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", text, workday.Beijing)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, test := range []struct {
		kind  inspect.FollowKind
		state inspect.FollowState
		from  string
		end   string // the first moment that is late; empty if nothing is
	}{
		{inspect.FollowCrime, inspect.FollowReported, "2026-03-02 16:30", "2026-03-06 00:00"}, // Monday and three days
		{inspect.FollowCrime, inspect.FollowReported, "2026-03-05 09:00", "2026-03-10 00:00"}, // the third is a Sunday
		{inspect.FollowCrime, inspect.FollowReported, "2026-02-13 09:00", "2026-02-25 00:00"}, // the third is in the Spring Festival
		{inspect.FollowCrime, inspect.FollowApproved, "2026-03-06 16:30", "2026-03-07 16:30"}, // 24 hours, Saturday or not
		{inspect.FollowCrime, inspect.FollowHanded, "2026-03-02 09:00", ""},
		{inspect.FollowCrime, inspect.FollowReceived, "2026-03-02 09:00", "2026-03-06 00:00"},
		{inspect.FollowCrime, inspect.FollowUnfiled, "2026-03-02 09:00", "2026-03-06 00:00"},
		{inspect.FollowCrime, inspect.FollowObjected, "2026-03-02 09:00", "2026-03-06 00:00"},
		{inspect.FollowCrime, inspect.FollowFiled, "2026-03-02 09:00", "2026-03-06 00:00"},
		{inspect.FollowNotify, inspect.FollowSent, "2026-03-02 09:00", "2026-03-10 00:00"}, // five working days
		{inspect.FollowNotify, inspect.FollowSent, "2026-02-13 09:00", "2026-02-28 00:00"}, // over the Spring Festival
		{inspect.FollowDaily, inspect.FollowOpen, "2026-03-02 09:00", ""},                  // nobody set a date
		{inspect.FollowCrime, inspect.FollowClosed, "2026-03-02 09:00", ""},
		{inspect.FollowCrime, inspect.FollowRefused, "2026-03-02 09:00", ""},
	} {
		since := at(test.from)
		f := inspect.FollowUp{Kind: test.kind, State: test.state, Since: since, From: workday.On(since), AcceptDays: 5}
		c := f.Clock(cal)
		if test.end == "" {
			if !c.End.IsZero() || c.Overdue(since.AddDate(10, 0, 0)) {
				t.Errorf("%s has a term, until %s", test.state, c.End)
			}
			continue
		}
		end := at(test.end)
		if !c.End.Equal(end) || c.Overdue(end.Add(-time.Second)) || !c.Overdue(end) {
			t.Errorf("%s from %s ends %s, want %s", test.state, test.from, c.End.In(workday.Beijing), test.end)
		}
	}
	f := inspect.FollowUp{Kind: inspect.FollowRectify, State: inspect.FollowMended, Due: workday.MustParse("2026-03-08")}
	if c := f.Clock(cal); !c.End.Equal(at("2026-03-09 00:00")) {
		t.Errorf("a date that was set ends at %s", c.End)
	}
}

// R99: every state of every kind leads to an end, and asks for something until then.
func TestEveryFollowUpEnds(t *testing.T) {
	for _, kind := range inspect.FollowKinds {
		life := inspect.FollowUpLife(inspect.FollowKind(kind.Value))
		for _, state := range life.States() {
			f := inspect.FollowUp{Kind: inspect.FollowKind(kind.Value), State: state}
			if ended := state.Ended(); ended != (f.Turn() == "") || ended != (len(f.Verbs()) == 0) {
				t.Errorf("%s in %s asks for %q of %v", kind.Value, state, f.Turn(), f.Verbs())
			}
		}
		if !slices.Contains(life.States(), inspect.FollowClosed) {
			t.Errorf("%s never ends", kind.Value)
		}
	}
}
