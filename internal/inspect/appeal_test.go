package inspect_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// C19: each step of an appeal has its working days, counted from the day after the step
// before; an ended one has none.
func TestAppealClocks(t *testing.T) {
	cal := workday.Official()
	since := workday.MustParse("2026-02-12").Start().Add(10 * time.Hour) // before Spring Festival, the 14th is worked
	for _, test := range []struct {
		kind  inspect.AppealKind
		state inspect.AppealState
		want  string
	}{
		{inspect.AppealObjection, inspect.AppealReceived, "2026-02-26"}, {inspect.AppealRepairing, inspect.AppealReceived, "2026-02-14"},
		{inspect.AppealObjection, inspect.AppealIncomplete, "2026-03-04"}, {inspect.AppealObjection, inspect.AppealAccepted, "2026-03-11"},
		{inspect.AppealReply, inspect.AppealAccepted, "2026-03-04"}, {inspect.AppealRepairing, inspect.AppealAccepted, "2026-03-11"},
		{inspect.AppealObjection, inspect.AppealUpheld, "2026-02-26"}, {inspect.AppealObjection, inspect.AppealCorrected, ""}, {inspect.AppealReply, inspect.AppealPublished, ""},
	} {
		a := inspect.Appeal{Kind: test.kind, State: test.state, Since: since, AskDays: inspect.AskDaysUsual}
		got := ""
		if c := a.Clock(cal); !c.Day.IsZero() {
			got = c.Day.String()
		}
		if got != test.want {
			t.Errorf("%s %s ends on %s, want %s", test.kind, test.state, got, test.want)
		}
	}
	late := inspect.Appeal{Kind: inspect.AppealReply, State: inspect.AppealReceived, Since: workday.MustParse("2026-12-30").Start()}
	if !late.Clock(cal).Provisional {
		t.Error("a term that runs into 2027 is not provisional")
	}
}

// Every state of every kind leads to an end.
func TestEveryAppealEnds(t *testing.T) {
	for _, kind := range inspect.AppealKinds {
		life := inspect.AppealLife(inspect.AppealKind(kind.Value))
		for _, state := range life.States() {
			reached := []inspect.AppealState{state}
			for i := 0; i < len(reached); i++ {
				for _, m := range life {
					if m.From == reached[i] && !slices.Contains(reached, m.To) {
						reached = append(reached, m.To)
					}
				}
			}
			if !slices.ContainsFunc(reached, inspect.AppealState.Ended) {
				t.Errorf("%s in %s never ends", kind.Value, state)
			}
		}
	}
}

// shown is a published result of a company with these codes.
func shown(codes ...inspect.ResultCode) inspect.Result {
	return inspect.Result{
		ID: uuid[inspect.ResultID](30), Kind: inspect.Enterprise, Code: "91370687MA3TERT03B", Name: "海阳市某公司", State: inspect.ResultPublished, Edition: 1,
		PublishedAt: workday.MustParse("2023-11-30").Start(), ResultFound: inspect.ResultFound{Items: []inspect.ResultItem{{Name: "公示信息", Codes: codes}}},
	}
}

// C19: what speaks against its object ends after its months, on the last day of a shorter
// month; anything else stays. Of the six kinds alone there is a repair.
func TestTermsOfPublication(t *testing.T) {
	d := inspect.Deadlines{RepairMonths: 3, PublicMonths: 36}
	for _, test := range []struct {
		codes  []inspect.ResultCode
		ends   bool
		repair bool
	}{
		{[]inspect.ResultCode{inspect.NoProblem}, false, false}, {[]inspect.ResultCode{inspect.ActivityNotFound}, false, false},
		{[]inspect.ResultCode{inspect.OrderedToCorrect}, true, true}, {[]inspect.ResultCode{inspect.DisclosureFalse}, true, false},
		{[]inspect.ResultCode{inspect.NoProblem, inspect.DisclosureMissing}, true, true}, {[]inspect.ResultCode{inspect.Unreachable, inspect.NonCooperation}, true, false},
	} {
		r := shown(test.codes...)
		last, ends := r.PublicUntil(d)
		if ends != test.ends || ends && last.String() != "2026-11-30" || r.Repairable() != test.repair {
			t.Errorf("%v: until %s, ends %v, repairable %v", test.codes, last, ends, r.Repairable())
		}
	}
	r := shown(inspect.OrderedToCorrect)
	if from := r.RepairFrom(d); from.String() != "2024-02-29" {
		t.Errorf("the repair begins on %s", from)
	}
	if _, ends := r.PublicUntil(inspect.Deadlines{}); ends {
		t.Error("without a term it ends")
	}
	for _, test := range []struct{ today, want string }{{"2026-12-01", "2023-11-30"}, {"2026-11-30", "2023-11-29"}, {"2024-03-01", "2021-02-28"}} {
		if last, ends := d.PublishedBefore(workday.MustParse(test.today)); !ends || last.String() != test.want {
			t.Errorf("on %s all until %s is over, want %s", test.today, last, test.want)
		}
	}
}

// Whose code is public types it; whose is not gives no answer to a guess.
func TestAppealNamesItsEnterprise(t *testing.T) {
	words := inspect.FeedbackText{Text: "有误", Name: "刘店长", Contact: "13900000000"}
	receive := func(r inspect.Result, typed string) error {
		_, _, err := r.ReceiveAppeal(inspect.Appeal{ID: uuid[inspect.AppealID](1), Kind: inspect.AppealObjection}, words, typed, 0, inspect.Regulation, inspect.StepBy{Person: "system", Now: now})
		return err
	}
	r := shown(inspect.OrderedToCorrect)
	if err := receive(r, " 91370687ma3tert03b"); err != nil {
		t.Errorf("its own code: %v", err)
	}
	if err := receive(r, "91370687MA3TERT03X"); !errors.Is(err, inspect.ErrAppealCode) {
		t.Errorf("another's code: %v", err)
	}
	r.Kind, r.Code = inspect.Site, "370687199001011234"
	if err := receive(r, "x"); err != nil {
		t.Errorf("a number that is not public: %v", err)
	}
	if _, _, err := r.ReceiveAppeal(inspect.Appeal{}, words, "", inspect.AppealMost, inspect.Regulation, inspect.StepBy{}); !errors.Is(err, inspect.ErrFeedbackFull) {
		t.Errorf("a flood: %v", err)
	}
}
