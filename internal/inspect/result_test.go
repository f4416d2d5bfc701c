package inspect_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// result is a result of scjg as if it had come to the state, with one item that was
// inspected and one that was not.
func result(state inspect.ResultState) inspect.Result {
	r := inspect.Result{
		ID: uuid[inspect.ResultID](80), Version: 3, Region: "370687", Org: scjg.ID, Orgs: []inspect.OrgID{scjg.ID, gaj.ID}, Code: "91370687MA3TERT03B", Name: "海阳市好味餐饮有限公司",
		Kind: inspect.Enterprise, Done: workday.MustParse("2026-01-09"), Ended: now, State: state,
	}
	r.Body, r.Inspected = "海阳市市场监督管理局", []inspect.PersonID{"officer"}
	r.Tasks = []inspect.ResultTask{{ID: uuid[inspect.TaskID](81), Number: "370687-2026-scjg-001", Name: "餐饮联合抽查", Plan: "370687-2026", Targeted: "untargeted"}}
	r.Items = []inspect.ResultItem{
		{Item: drawn, Name: "食品安全", Codes: []inspect.ResultCode{inspect.NoProblem}, Problem: "负责人电话13800000000", Handling: "无"},
		{Item: other, Name: "消防安全", Waived: "当日停业"},
	}
	r.Follow, r.EnteredBy, r.SubmittedBy, r.SubmittedAt = []string{"none"}, "clerk", "clerk", now
	if r.State == inspect.ResultApproved || r.Public() {
		r.ApprovedBy, r.ApprovedAt, r.Opinion, r.Digest = "leader", now, "同意", r.Disclosed().Digest()
	}
	if r.Public() {
		r.PublishedBy, r.PublishedAt, r.Edition = "clerk", now, 1
	}
	return r
}

func correction(kind inspect.PublicationKind) inspect.Correction {
	var codes []string
	if kind == inspect.PublishCorrect {
		codes = []string{"1:unqualified", "1:problem_pending"}
	}
	c, err := result(inspect.ResultPublished).DraftCorrection(uuid[inspect.CorrectionID](90), kind, codes, "录入错误", "clerk", now)
	if err != nil {
		panic(err)
	}
	return c
}

func sign(r inspect.Result, kind inspect.PublicationKind) (inspect.Result, error) {
	r, _, _, _, err := r.SignCorrection(correction(kind), "principal", "属实", now)
	return r, err
}

// R91, R94, R101, R102: every verb in every state of a result does what the table of
// lives says, and nothing where it says nothing.
func TestEveryVerbInEveryStateOfAResult(t *testing.T) {
	moves := map[inspect.Verb]func(inspect.Result) (inspect.Result, error){
		inspect.ResultPut: func(r inspect.Result) (inspect.Result, error) {
			return r.Put(inspect.ResultEntry{Follow: []string{"daily"}}, "clerk", now)
		},
		inspect.ResultSubmit: func(r inspect.Result) (inspect.Result, error) { return r.Submit("clerk", now) },
		inspect.ResultReturn: func(r inspect.Result) (inspect.Result, error) { return r.Return("请核对") },
		inspect.VisitReopen: func(r inspect.Result) (inspect.Result, error) {
			r.Revisit = true
			_, _, back, err := visitIn(inspect.VisitSigned).Reopen("补", nil, []inspect.Result{r}, officer(0))
			if err != nil {
				return r, inspect.ErrStep
			}
			return back[0], nil
		},
		inspect.ResultApprove: func(r inspect.Result) (inspect.Result, error) { return r.Approve("leader", "同意", now) },
		inspect.ResultPublish: func(r inspect.Result) (inspect.Result, error) { return r.Publish("clerk", r.Confirm(), now) },
		inspect.CorrectionDraft: func(r inspect.Result) (inspect.Result, error) {
			_, err := r.DraftCorrection(uuid[inspect.CorrectionID](91), inspect.PublishWithdraw, nil, "对象错误", "clerk", now)
			return r, err
		},
		inspect.CorrectionSign: func(r inspect.Result) (inspect.Result, error) {
			r.Edition = 1
			return sign(r, inspect.PublishCorrect)
		},
		inspect.ResultWithdraw: func(r inspect.Result) (inspect.Result, error) {
			r.Edition = 1
			return sign(r, inspect.PublishWithdraw)
		},
	}
	life := inspect.ResultLife()
	for verb, move := range moves {
		for _, state := range life.States() {
			was := result(state)
			got, err := move(was)
			want, listed := life.Next(state, verb)
			switch {
			case listed == nil && (err != nil || got.State != want):
				t.Errorf("%s in %s leads to %s, %v; want %s", verb, state, got.State, err, want)
			case listed != nil && (!errors.Is(err, inspect.ErrStep) || got.State != state):
				t.Errorf("%s in %s leads to %s, %v", verb, state, got.State, err)
			}
		}
	}
}

// 政府信息公开条例 第十五条, 个人信息保护法 第二十五条: what is public names the
// enterprise, never a person who can be told from others, and has no free text.
func TestWhatIsDisclosed(t *testing.T) {
	for _, test := range []struct {
		kind             inspect.ObjectKind
		name, code       string
		wantName, wantCo string
	}{
		{inspect.Enterprise, "海阳市好味餐饮有限公司", "91370687MA3TERT03B", "海阳市好味餐饮有限公司", "91370687MA3TERT03B"},
		{inspect.IndividualBusiness, "海阳市张三小吃店", "92370687MA3XY12K76", "海阳市张三小吃店", "92370687MA3XY12K76"},
		{inspect.Individual, "张三", "370687199001011234", "张某", ""},
		{inspect.Individual, "欧阳小明", "1", "欧某", ""},
		{inspect.Site, "和平路工地", "13800000000", "和平路工地", ""},
		{inspect.Equipment, "3号电梯", "T-3", "3号电梯", ""},
		{inspect.Individual, "", "", "", ""},
	} {
		r := result(inspect.ResultSubmitted)
		r.Kind, r.Name, r.Code, r.Remark = test.kind, test.name, test.code, "内部备注"
		p := r.Disclosed()
		if p.Name != test.wantName || p.Code != test.wantCo || len(p.Items) != 1 {
			t.Errorf("of %s %s is disclosed %+v", test.kind, test.name, p)
		}
		text := p.Write()
		for _, secret := range []string{"13800000000", "内部备注", "officer", "当日停业", "370687199001011234"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is disclosed: %s", secret, text)
			}
		}
		again, err := inspect.ReadPublicResult(text)
		if err != nil || again.Write() != text || again.Digest() != p.Digest() {
			t.Errorf("%s is read as %+v, %v", text, again, err)
		}
	}
}

// R99, R103: what follows from a result is named, and a record of dishonesty has one of
// the two grounds that the regulation has.
func TestWhatFollowsIsNamed(t *testing.T) {
	for _, test := range []struct {
		entry inspect.ResultEntry
		want  error
	}{
		{inspect.ResultEntry{Follow: []string{"daily"}, Dishonest: "penalty"}, nil},
		{inspect.ResultEntry{Follow: []string{"daily"}, Dishonest: "failed"}, nil},
		{inspect.ResultEntry{Follow: []string{"daily"}, Dishonest: "suspicion"}, inspect.ErrChoice},
		{inspect.ResultEntry{Follow: []string{"none", "daily"}}, inspect.ErrResultFollow},
		{inspect.ResultEntry{Follow: []string{"other"}}, inspect.ErrEmpty},
		{inspect.ResultEntry{Follow: []string{"daily"}, FollowDue: workday.On(now).AddDays(-400)}, inspect.ErrResultDue},
	} {
		r, err := result(inspect.ResultDrafted).Put(test.entry, "clerk", now)
		if !errors.Is(err, test.want) || test.want == nil && (err != nil || r.Dishonest != test.entry.Dishonest) {
			t.Errorf("%+v: %q, %v", test.entry, r.Dishonest, err)
		}
	}
}

// INV-12: what is published is what was approved, to the byte.
func TestPublishedIsWhatWasApproved(t *testing.T) {
	r, err := result(inspect.ResultSubmitted).Approve("leader", "同意", now)
	if err != nil {
		t.Fatal(err)
	}
	a := r.Approval(inspect.Leader)
	r, err = r.Publish("clerk", r.Code, now)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := r.First(a); err != nil || p.Digest != a.Digest || p.Text != r.Disclosed().Write() {
		t.Errorf("published is %+v, %v", p, err)
	}
	changed := r
	changed.Items = slices.Clone(r.Items)
	changed.Items[0].Codes = []inspect.ResultCode{inspect.Unqualified}
	other := a
	other.Result = "another"
	for name, try := range map[string]func() error{
		"a result that was changed":     func() error { _, err := changed.First(a); return err },
		"another result's approval":     func() error { _, err := r.First(other); return err },
		"the approval of another round": func() error { b := a; b.Digest = strings.Repeat("0", 64); _, err := r.First(b); return err },
		"a later edition's approval":    func() error { b := a; b.No = 2; _, err := r.First(b); return err },
	} {
		if err := try(); !errors.Is(err, inspect.ErrResultOther) {
			t.Errorf("%s is published: %v", name, err)
		}
	}
}

// R102, INV-09, INV-13: a correction is of the edition that stands, changes something,
// and is signed by another person than who drafted it or inspected.
func TestCorrections(t *testing.T) {
	r := result(inspect.ResultPublished)
	for _, test := range []struct {
		kind  inspect.PublicationKind
		codes []string
		want  inspect.Problem
	}{
		{inspect.PublishCorrect, nil, inspect.ErrResultCodes},
		{inspect.PublishCorrect, []string{"1:no_problem"}, inspect.ErrResultSame},
		{inspect.PublishCorrect, []string{"1:x"}, inspect.ErrChoice},
		{inspect.PublishCorrect, []string{"0:other"}, inspect.ErrChoice},
		{inspect.PublishCorrect, []string{"3:other"}, inspect.ErrChoice},
		{inspect.PublishCorrect, []string{"other"}, inspect.ErrChoice},
		{inspect.PublishWithdraw, []string{"1:other"}, inspect.ErrChoice},
		{inspect.PublishFirst, nil, inspect.ErrChoice},
		{"", nil, inspect.ErrChoice},
	} {
		if _, err := r.DraftCorrection(uuid[inspect.CorrectionID](92), test.kind, test.codes, "录入错误", "clerk", now); !errors.Is(err, test.want) {
			t.Errorf("%s to %q: %v, want %s", test.kind, test.codes, err, test.want.Code)
		}
	}
	c := correction(inspect.PublishCorrect)
	for _, by := range []inspect.PersonID{"clerk", "officer"} {
		if _, _, _, _, err := r.SignCorrection(c, by, "属实", now); !errors.Is(err, inspect.ErrOwnWork) {
			t.Errorf("%s signs: %v", by, err)
		}
	}
	later := r
	later.Edition = 2
	if _, _, _, _, err := later.SignCorrection(c, "principal", "属实", now); !errors.Is(err, inspect.ErrStale) {
		t.Errorf("a correction of an edition that no longer stands is signed: %v", err)
	}
	next, signed, a, p, err := r.SignCorrection(c, "principal", "属实", now)
	if err != nil || next.Edition != 2 || signed.State != inspect.CorrectionSigned || a.Digest != p.Digest || p.No != 2 || p.SignedBy != "principal" || p.Ground != "录入错误" {
		t.Errorf("signed: %+v %+v %v", p, a, err)
	}
	if r.Items[0].Codes[0] != inspect.NoProblem || len(next.Items[0].Codes) != 2 {
		t.Errorf("items: %+v, %+v", r.Items, next.Items)
	}
}

// R93: each department of a visit gets its own items; one that only helped gets none.
// R100: a visit that could not be made has its result all the same.
func TestAVisitIsSplit(t *testing.T) {
	v := inspect.Visit{
		ID: uuid[inspect.VisitID](70), Region: "370687", Orgs: []inspect.OrgID{scjg.ID, gaj.ID, wjw.ID}, Org: scjg.ID, State: inspect.VisitConcluded, EndedAt: now,
	}
	v.Party = inspect.VisitedParty{Kind: inspect.Enterprise, Name: "好味", Code: "91370687MA3TERT03B"}
	task := uuid[inspect.TaskID](81)
	v.Findings = []inspect.Finding{
		{Tasks: []inspect.TaskID{task}, Org: scjg.ID, Item: drawn, Name: "食品安全", Codes: []inspect.ResultCode{inspect.NoProblem}, By: "officer"},
		{Tasks: []inspect.TaskID{task}, Org: gaj.ID, Item: other, Name: "特种行业", Codes: []inspect.ResultCode{inspect.OrderedToCorrect}, Corrected: true},
	}
	v.Members = []inspect.VisitMember{{Inspector: 1, Org: scjg.ID}, {Inspector: 2, Org: gaj.ID}, {Inspector: 3, Org: scjg.ID}}
	v.Start.Day = workday.MustParse("2026-01-09")
	orgs := map[inspect.OrgID]inspect.Org{scjg.ID: scjg, gaj.ID: gaj, wjw.ID: wjw}
	accounts := map[inspect.InspectorNo]inspect.PersonID{1: "officer", 2: "police"}
	tasks := []inspect.Task{{ID: task, Number: "n"}, {ID: uuid[inspect.TaskID](82), Number: "m"}}
	if _, err := v.Results(orgs, tasks, accounts); !errors.Is(err, inspect.ErrStep) {
		t.Errorf("a visit that is not signed is split: %v", err)
	}
	v.State = inspect.VisitSigned
	all, err := v.Results(orgs, tasks, accounts)
	if err != nil || len(all) != 2 {
		t.Fatalf("split into %d: %v", len(all), err)
	}
	a, b := all[0], all[1]
	if a.Org != scjg.ID || len(a.Items) != 1 || a.Items[0].Name != "食品安全" || !slices.Equal(a.Inspected, []inspect.PersonID{"officer"}) || len(a.Tasks) != 1 || a.Done != v.Start.Day || !a.Ended.Equal(now) {
		t.Errorf("of scjg: %+v", a)
	}
	if b.Org != gaj.ID || !b.Items[0].Corrected || !slices.Equal(b.Inspected, []inspect.PersonID{"police"}) || b.ID == a.ID {
		t.Errorf("of gaj: %+v", b)
	}
	v.Special = inspect.Special{Kind: inspect.Unreachable, Day: workday.MustParse("2026-01-12")}
	v.Findings[0].Codes, v.Findings[1].Codes, v.Findings[1].Waived = nil, nil, "无法进入"
	all, err = v.Results(orgs, tasks, accounts)
	if err != nil || all[0].Done != v.Special.Day || all[1].Items[0].Codes[0] != inspect.Unreachable || len(all[1].Disclosed().Items) != 1 {
		t.Errorf("unreachable: %+v, %v", all, err)
	}
}

// R92, C5: the clock of twenty working days for every working day from 2019 to 2026,
// against a count of our own, and against known deadlines.
func TestEveryDeadline(t *testing.T) {
	cal := workday.Official()
	day := func(text string) time.Time { return workday.MustParse(text).Start().Add(15 * time.Hour) }
	for ended, want := range map[string]string{
		"2025-01-17": "2025-02-20", "2025-09-26": "2025-10-30", "2026-01-30": "2026-03-05", "2026-02-13": "2026-03-19",
		"2026-04-30": "2026-06-01", "2026-09-18": "2026-10-22",
	} {
		if due, provisional := inspect.ResultDue(cal, day(ended)); due.String() != want || provisional {
			t.Errorf("%s is due on %s (provisional %v), want %s", ended, due, provisional, want)
		}
	}
	var work []workday.Date
	for d := workday.MustParse("2019-01-01"); d.Year() < 2028; d = d.AddDays(1) {
		if cal.IsWorkday(d) {
			work = append(work, d)
		}
	}
	checked, open := 0, 0
	for i, d := range work {
		if d.Year() > 2026 {
			break
		}
		due, provisional := inspect.ResultDue(cal, d.Start())
		if due != work[i+inspect.ResultDays] {
			t.Errorf("%s is due on %s, want %s", d, due, work[i+inspect.ResultDays])
		}
		if want := due.Year() > 2026 || due.Year() == 2026 && due.Month() == time.December && due.Day() >= 25; provisional != want {
			t.Errorf("%s, due on %s: provisional is %v", d, due, provisional)
		}
		if checked++; provisional {
			open++
		}
	}
	if checked != 1994 || open == 0 {
		t.Errorf("%d working days checked, %d of them provisional", checked, open)
	}
}

// R92: green, yellow, red, and what stopped in time; and the days by which a list is
// narrowed agree with the colours.
func TestColoursOfTheClock(t *testing.T) {
	cal := workday.Official()
	today := workday.MustParse("2026-03-02")
	lights := map[inspect.Light]int{}
	for d := workday.MustParse("2025-12-20"); !d.After(today); d = d.AddDays(1) {
		r := inspect.Result{Ended: d.Start().Add(20 * time.Hour)}
		light := r.Clock(cal, today).Light()
		lights[light]++
		for _, c := range inspect.Lights {
			from, until := inspect.LightDays(cal, today, inspect.Light(c.Value))
			within := !d.Before(from) && (until.IsZero() || d.Before(until))
			if within != (string(light) == c.Value) {
				t.Errorf("ended on %s: it is %s, and among the %s: %v", d, light, c.Value, within)
			}
		}
	}
	if len(lights) != 3 {
		t.Errorf("colours: %v", lights)
	}
	for _, test := range []struct {
		published string
		want      inspect.Light
		left      int
	}{{"2026-02-25", inspect.LightNone, 7}, {"2026-03-05", inspect.LightNone, 0}, {"2026-03-06", inspect.LightRed, -1}} {
		r := inspect.Result{Ended: workday.MustParse("2026-01-30").Start(), PublishedAt: workday.MustParse(test.published).Start()}
		if c := r.Clock(cal, today.AddDays(90)); c.Light() != test.want || c.Left != test.left || !c.Stopped {
			t.Errorf("published on %s: %s with %d left, want %s with %d", test.published, c.Light(), c.Left, test.want, test.left)
		}
	}
}
