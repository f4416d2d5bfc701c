package county

import (
	"slices"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// finished fails unless the county has a batch that went to the chain's end: results of
// every code and every state, a correction, a withdrawal, and follow-ups of all sorts.
// R76–R102, R97–R99.
func finished(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, scope := t.Context(), inspect.Scope{Region: Region, Reach: inspect.ReachOversight}
	a, err := ReadAutumn(ctx, s.DB)
	if err != nil || a.Visits() != len(scenes()) {
		t.Fatalf("%d visits, %v", a.Visits(), err)
	}
	if a.Leader(7).SignIn == "" || a.Last(8).SignIn == "" || a.Member(7, "zhzf").SignIn == "" || a.Code(7) == "" {
		t.Error("the tour has nobody to sign in as")
	}
	visits, err := s.DB.VisitsOfBatch(ctx, scope, AutumnBatch())
	if err != nil {
		t.Fatal(err)
	}
	reached := map[inspect.VisitState]int{}
	for _, v := range visits {
		reached[v.State]++
	}
	for state, want := range map[inspect.VisitState]int{inspect.VisitSigned: 16, inspect.VisitConcluded: 1, inspect.VisitBegun: 1, inspect.VisitPrepared: 1} {
		if reached[state] != want {
			t.Errorf("%d visits are %s, want %d", reached[state], state, want)
		}
	}
	editions, err := s.DB.Published(ctx, scope, store.PublicFilter{Region: Region, Most: 200})
	if err != nil {
		t.Fatal(err)
	}
	var codes []inspect.ResultCode
	for _, p := range editions {
		body, err := p.Public()
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, body.Codes()...)
	}
	for _, c := range inspect.ResultCodes {
		if code := inspect.ResultCode(c.Value); !slices.Contains(codes, code) {
			t.Errorf("no result that is public is %s", code)
		}
	}
	results, err := s.DB.Results(ctx, scope, store.ResultFilter{Region: Region})
	if err != nil {
		t.Fatal(err)
	}
	states, late := map[inspect.ResultState]int{}, 0
	for _, r := range results {
		states[r.State]++
		if r.Clock(workday.Official(), workday.MustParse("2026-11-23")).Overdue() {
			late++
		}
	}
	for _, c := range inspect.ResultStates { // none is old enough to be repaired or to expire
		if state := inspect.ResultState(c.Value); states[state] == 0 && state != inspect.ResultEnded {
			t.Errorf("no result is %s: %v", state, states)
		}
	}
	if late == 0 {
		t.Error("no result is overdue")
	}
	followUps(t, s, scope)
	deliveries(t, s, scope)
}

// deliveries fails unless a file was taken, but for a row of the second one, and a feed
// offers what is public: R94.
func deliveries(t *testing.T, s *store.Store, scope inspect.Scope) {
	t.Helper()
	rows, err := s.DB.Deliveries(t.Context(), scope, store.DeliveryFilter{Most: 500})
	if err != nil {
		t.Fatal(err)
	}
	states := map[inspect.DeliveryState]int{}
	for _, r := range rows {
		states[r.State]++
	}
	for _, state := range []inspect.DeliveryState{inspect.DeliveryWaiting, inspect.DeliverySent, inspect.DeliveryReceived, inspect.DeliveryFailed, inspect.DeliveryOffered} {
		if states[state] == 0 {
			t.Errorf("no delivery is %s: %v", state, states)
		}
	}
}

// followUps fails unless some are open, overdue and closed, a clue was taken, and a
// suspected crime is with the police.
func followUps(t *testing.T, s *store.Store, scope inspect.Scope) {
	t.Helper()
	all, err := s.DB.FollowUps(t.Context(), scope, store.FollowUpFilter{})
	if err != nil {
		t.Fatal(err)
	}
	now, late := workday.MustParse("2026-11-23").Start(), 0
	states := map[inspect.FollowState]int{}
	for _, f := range all {
		states[f.State]++
		if f.Late(workday.Official(), now) {
			late++
		}
	}
	for _, state := range []inspect.FollowState{inspect.FollowOpen, inspect.FollowSent, inspect.FollowAccepted, inspect.FollowReturned, inspect.FollowFiled, inspect.FollowClosed} {
		if states[state] == 0 {
			t.Errorf("no follow-up is %s: %v", state, states)
		}
	}
	if late < 2 {
		t.Errorf("%d follow-ups are overdue", late)
	}
}
