package inspect_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// someItems are the items of the tests as they are listed.
func someItems() map[inspect.ItemID]inspect.Item {
	terms := inspect.ItemTerms{Name: "食品经营许可", Category: inspect.GeneralItem, MaxShare: 1000}
	return map[inspect.ItemID]inspect.Item{
		drawn: {ID: drawn, Version: 3, Org: scjg.ID, ItemTerms: terms, Since: day("2025-01-01")},
		other: {ID: other, Version: 1, Org: gaj.ID, ItemTerms: terms, Since: day("2025-01-01")},
	}
}

var pool = uuid[inspect.SublibraryID](30)

func someFacts() inspect.Facts {
	return inspect.Facts{
		Orgs:    map[inspect.OrgID]inspect.Org{scjg.ID: scjg, gaj.ID: gaj, lhb.ID: lhb},
		Items:   someItems(),
		Sublibs: map[inspect.SublibraryID]inspect.Sublibrary{pool: {ID: pool, Org: scjg.ID, Name: "餐饮服务单位", Size: 400}},
	}
}

// published is a published joint plan with one line, led by scjg, with gaj.
func published() inspect.Plan {
	p := plan(inspect.PlanJoint, inspect.PlanPublished)
	p.Lines = slices.Clone(p.Lines)
	p.Lines[0].Sublibs = []inspect.SublibraryID{pool}
	return p
}

// task is the task of the published line, as if it had come to the state.
func task(state inspect.TaskState) inspect.Task {
	t, err := inspect.PlannedTask(uuid[inspect.TaskID](40), scjg, published(), 1, 0, 1, "drafter", now)
	if err == nil {
		t, err = t.Pin(nil, someItems())
	}
	if err != nil {
		panic(err)
	}
	t.Version, t.Terms = 4, 4
	t.State, t.SubmittedBy, t.SubmittedAt = state, "submitter", now
	return t
}

// taskMoves is what each verb does, through the method that the act of it calls.
var taskMoves = map[inspect.Verb]func(t inspect.Task) (inspect.Task, error){
	inspect.TaskPut:    func(t inspect.Task) (inspect.Task, error) { return t.Put(t.TaskSettings) },
	inspect.TaskSubmit: func(t inspect.Task) (inspect.Task, error) { return t.Submit("submitter", nil, now) },
	inspect.TaskAgree:  func(t inspect.Task) (inspect.Task, error) { return t.Agree(gaj.ID, "partner", "同意", now) },
	inspect.TaskDecline: func(t inspect.Task) (inspect.Task, error) {
		return t.Decline(gaj.ID, "人手不足")
	},
	inspect.TaskRecall: inspect.Task.Recall,
	inspect.TaskReturn: func(t inspect.Task) (inspect.Task, error) { return t.Return("请修改") },
	inspect.TaskApprove: func(t inspect.Task) (inspect.Task, error) {
		if t.State == inspect.TaskSubmitted {
			t.Parts = slices.Clone(t.Parts)
			t.Parts[1].AgreedBy = "partner"
		}
		return t.Approve("leader", "同意", nil, now)
	},
	inspect.TaskFile:     func(t inspect.Task) (inspect.Task, error) { return t.File("clerk", 0, now) },
	inspect.TaskCancel:   func(t inspect.Task) (inspect.Task, error) { return t.Cancel("leader", "并入其他任务", now) },
	inspect.TaskDiscard:  inspect.Task.Discard,
	inspect.TaskJoin:     func(t inspect.Task) (inspect.Task, error) { return t.Join("batch") },
	inspect.TaskLeave:    inspect.Task.Leave,
	inspect.TaskDraw:     inspect.Task.Draw,
	inspect.TaskDispatch: inspect.Task.Dispatch,
	inspect.TaskScope: func(t inspect.Task) (inspect.Task, error) {
		t.Source = inspect.FromCampaign
		q, err := t.Rescope(t.TaskTerms, []inspect.OrgID{gaj.ID})
		return q, err
	},
	inspect.ConfirmSign: func(t inspect.Task) (inspect.Task, error) {
		_, err := t.Confirm(uuid[inspect.ConfirmationID](50), gaj.ID, inspect.ObjectLibrary, inspect.LibraryRead{Rows: 1, Hash: "h"}, "h", inspect.LibraryState{}, "clerk", now)
		return t, err
	},
}

// R61, R62: every verb in every state of a task does what the table of lives says,
// and nothing where it says nothing.
func TestEveryVerbInEveryStateOfTasks(t *testing.T) {
	life := inspect.TaskLife()
	for _, m := range life {
		if taskMoves[m.Verb] == nil {
			t.Errorf("%s has no method", m.Verb)
		}
	}
	for _, state := range life.States() {
		if state.Text() == string(state) {
			t.Errorf("%s has no name", state)
		}
		for verb, move := range taskMoves {
			before := task(state)
			want, wantErr := life.Next(state, verb)
			got, err := move(before)
			switch {
			case wantErr != nil && !errors.Is(err, inspect.ErrStep):
				t.Errorf("%s in %s: got %v, want a refused step", verb, state, err)
			case wantErr != nil && got.State != state:
				t.Errorf("a refused %s left %s for %s", verb, state, got.State)
			case wantErr == nil && (err != nil || got.State != want):
				t.Errorf("%s in %s: got %s, %v, want %s", verb, state, got.State, err, want)
			}
			if !reflect.DeepEqual(before, task(state)) {
				t.Errorf("%s changed the task that was handed to it", verb)
			}
			if offered := slices.Contains(before.Verbs(), verb); offered != (wantErr == nil) {
				t.Errorf("%s in %s is offered: %v", verb, state, offered)
			}
		}
	}
}

// R62, R13: only the lead of a published line begins its task, as often as the line
// says.
func TestWhoBeginsATask(t *testing.T) {
	begin := func(org inspect.Org, spoil func(*inspect.Plan), no, begun int) error {
		p := published()
		if spoil != nil {
			spoil(&p)
		}
		_, err := inspect.PlannedTask(uuid[inspect.TaskID](40), org, p, no, begun, 1, "drafter", now)
		return err
	}
	for name, test := range map[string]struct {
		got  error
		want error
	}{
		"lead":           {begin(scjg, nil, 1, 0), nil},
		"participant":    {begin(gaj, nil, 1, 0), inspect.ErrTaskLead},
		"office":         {begin(lhb, nil, 1, 0), inspect.ErrTaskLead},
		"no such line":   {begin(scjg, nil, 2, 0), inspect.ErrTaskPlan},
		"once too often": {begin(scjg, nil, 1, 1), inspect.ErrTaskUsed},
		"unpublished":    {begin(scjg, func(p *inspect.Plan) { p.State = inspect.PlanApproved }, 1, 0), inspect.ErrTaskPlan},
		"replaced":       {begin(scjg, func(p *inspect.Plan) { p.State = inspect.PlanReplaced }, 1, 0), inspect.ErrTaskPlan},
		"of last year":   {begin(scjg, func(p *inspect.Plan) { p.Year = 2025 }, 1, 0), inspect.ErrTaskYear},
	} {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: got %v, want %v", name, test.got, test.want)
		}
	}
	for org, want := range map[*inspect.Org]error{&scjg: nil, &lhb: inspect.ErrTaskBody, &zf: inspect.ErrTaskBody} { // C3, INV-29
		_, err := inspect.UnplannedTask(uuid[inspect.TaskID](40), *org, 1, inspect.FromIncident, "燃气事故后排查", "燃气排查", "drafter", now)
		if !errors.Is(err, want) {
			t.Errorf("%s begins a task outside the plan: got %v, want %v", org.Short, err, want)
		}
	}
}

// R62: outside the plan, source and ground are asked for.
func TestTaskOutsideThePlanNeedsAGround(t *testing.T) {
	for _, test := range []struct {
		source inspect.TaskSource
		ground string
		want   error
	}{
		{inspect.FromSuperior, "省局部署", nil},
		{inspect.FromPlan, "省局部署", inspect.ErrChoice},
		{"", "省局部署", inspect.ErrChoice},
		{inspect.FromComplaint, "", inspect.ErrEmpty},
		{inspect.FromComplaint, "投诉\u200b集中", inspect.ErrControl},
	} {
		_, err := inspect.UnplannedTask(uuid[inspect.TaskID](40), scjg, 1, test.source, test.ground, "专项", "drafter", now)
		if !errors.Is(err, test.want) {
			t.Errorf("%q, %q: got %v, want %v", test.source, test.ground, err, test.want)
		}
	}
}

// R46: a task begins in the planned months that are not over.
func TestTaskBeginsInItsMonths(t *testing.T) {
	for _, test := range []struct{ months, today, from, until string }{
		{"6", "2026-01-10", "2026-06-01", "2026-06-30"},
		{"3 4 9", "2026-01-10", "2026-03-01", "2026-04-30"},
		{"3 4 9", "2026-04-02", "2026-04-02", "2026-04-30"},
		{"3 4 9", "2026-05-01", "2026-09-01", "2026-09-30"},
		{"2", "2026-12-01", "2026-02-01", "2026-02-28"},
		{"12", "2026-12-31", "2026-12-31", "2026-12-31"},
	} {
		p := published()
		p.Lines[0].Months, _ = inspect.MonthsOf(strings.Fields(test.months))
		today := day(test.today).Start().Add(9 * time.Hour)
		got, err := inspect.PlannedTask(uuid[inspect.TaskID](40), scjg, p, 1, 0, 1, "drafter", today)
		if err != nil || got.From.String() != test.from || got.Until.String() != test.until {
			t.Errorf("months %s on %s: %s to %s, %v", test.months, test.today, got.From, got.Until, err)
		}
	}
}

// R65, R67, C9: what a task is set to is checked, and what is not as planned needs a
// reason.
func TestSettingsOfATask(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*inspect.TaskSettings)
		want  error
	}{
		"as planned":          {func(s *inspect.TaskSettings) {}, nil},
		"no name":             {func(s *inspect.TaskSettings) { s.Name = " " }, inspect.ErrEmpty},
		"no days":             {func(s *inspect.TaskSettings) { s.From = workday.Date{} }, inspect.ErrEmpty},
		"ends first":          {func(s *inspect.TaskSettings) { s.Until = day("2026-05-01") }, inspect.ErrDays},
		"another year":        {func(s *inspect.TaskSettings) { s.From, s.Until = day("2027-06-01"), day("2027-06-02") }, inspect.ErrTaskDays},
		"one officer":         {func(s *inspect.TaskSettings) { s.Officers = 1 }, inspect.ErrRange},
		"a crowd of helpers":  {func(s *inspect.TaskSettings) { s.Assistants = 11 }, inspect.ErrRange},
		"no sub-library":      {func(s *inspect.TaskSettings) { s.Sublibs = nil }, inspect.ErrEmpty},
		"an unreadable ratio": {func(s *inspect.TaskSettings) { s.Ratio = "一些" }, inspect.ErrRatio},
		"another kind":        {func(s *inspect.TaskSettings) { s.Kind = "visit" }, inspect.ErrChoice},
		"another ratio":       {func(s *inspect.TaskSettings) { s.Ratio = "6%" }, inspect.ErrTaskReason},
		"a ratio with reason": {func(s *inspect.TaskSettings) { s.Ratio, s.Reason = "6%", "投诉增多" }, nil},
		"another month":       {func(s *inspect.TaskSettings) { s.Until = day("2026-07-01") }, inspect.ErrTaskReason},
		"other sub-libraries": {func(s *inspect.TaskSettings) { s.Sublibs = []inspect.SublibraryID{uuid[inspect.SublibraryID](31)} }, inspect.ErrTaskReason},
	} {
		was := task(inspect.TaskDrafting)
		s := was.TaskSettings
		test.spoil(&s)
		got, err := was.Put(s)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
		if err == nil && (got.Reason != "") != (len(got.Deviations(someFacts())) > 0) {
			t.Errorf("%s: reason %q of %v", name, got.Reason, got.Deviations(someFacts()))
		}
	}
	s := task(inspect.TaskDrafting).TaskSettings
	s.NoNotice = true
	if got, err := task(inspect.TaskDrafting).Put(s); err != nil || !got.Sealed { // R81
		t.Errorf("a task without notice has its list open: %v", err)
	}
}

// R23, INV-29: items are pinned in the version in force, and one that is on no list
// is not inspected.
func TestItemsArePinned(t *testing.T) {
	if got := task(inspect.TaskDrafting).Parts[0].Items; len(got) != 1 || got[0] != (inspect.ItemPin{Item: drawn, Version: 3, Org: scjg.ID}) {
		t.Errorf("pinned are %v", got)
	}
	items := someItems()
	delete(items, other)
	gone, err := task(inspect.TaskDrafting).Pin(nil, items)
	if err != nil || len(gone.Deviations(someFacts())) != 1 {
		t.Errorf("a planned item that is on no list: %v, %v", gone.Deviations(someFacts()), err)
	}
	facts, today := someFacts(), workday.On(now)
	if ps := task(inspect.TaskDrafting).Gaps(facts, today); len(ps) > 0 {
		t.Errorf("a whole task has gaps: %v", ps)
	}
	for name, test := range map[string]struct {
		spoil func(*inspect.Item)
		want  inspect.Problem
	}{
		"retired":         {func(i *inspect.Item) { i.Retired = day("2026-02-01") }, inspect.ErrItemRetired},
		"not yet listed":  {func(i *inspect.Item) { i.Since = day("2026-06-02") }, inspect.ErrItemRetired},
		"outside":         {func(i *inspect.Item) { i.Outside = "特种设备" }, inspect.ErrItemRetired},
		"too many at all": {func(i *inspect.Item) { i.MaxShare = 499 }, inspect.ErrShare}, // R26
	} {
		facts.Items = someItems()
		item := facts.Items[other]
		test.spoil(&item)
		facts.Items[other] = item
		if ps := task(inspect.TaskDrafting).Gaps(facts, today); !errors.Is(ps.Err(), test.want) {
			t.Errorf("%s: got %v, want %s", name, ps, test.want.Code)
		}
	}
	unplanned := task(inspect.TaskDrafting)
	unplanned.Source = inspect.FromIncident
	if _, err := unplanned.Pin([]inspect.ItemID{other, drawn}, items); !errors.Is(err, inspect.ErrTaskItem) {
		t.Errorf("an item on no list outside the plan: %v", err)
	}
}

// INV-09, 国办发〔2024〕54号: nobody approves what they wrote, and the leader not before
// every department has agreed.
func TestWhoApprovesATask(t *testing.T) {
	submitted := task(inspect.TaskSubmitted)
	if _, err := submitted.Approve("leader", "同意", nil, now); !errors.Is(err, inspect.ErrTaskWaiting) {
		t.Errorf("approved before the participant agreed: %v", err)
	}
	for by, want := range map[inspect.PersonID]error{"drafter": inspect.ErrOwnWork, "submitter": inspect.ErrOwnWork, "partner": nil} {
		if _, err := submitted.Agree(gaj.ID, by, "同意", now); !errors.Is(err, want) {
			t.Errorf("%s agrees: %v, want %v", by, err, want)
		}
	}
	agreed, err := submitted.Agree(gaj.ID, "partner", "同意", now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := agreed.Agree(gaj.ID, "partner", "同意", now); !errors.Is(err, inspect.ErrStep) {
		t.Errorf("agreed twice: %v", err)
	}
	for org, want := range map[inspect.OrgID]error{scjg.ID: inspect.ErrMissing, wjw.ID: inspect.ErrMissing} {
		if _, err := submitted.Agree(org, "partner", "同意", now); !errors.Is(err, want) {
			t.Errorf("%s agrees: %v", org, err)
		}
	}
	for by, want := range map[inspect.PersonID]error{"drafter": inspect.ErrOwnWork, "submitter": inspect.ErrOwnWork, "leader": nil} {
		if _, err := agreed.Approve(by, "同意", nil, now); !errors.Is(err, want) {
			t.Errorf("%s approves: %v, want %v", by, err, want)
		}
	}
	if _, err := agreed.Approve("leader", " ", nil, now); !errors.Is(err, inspect.ErrOpinion) {
		t.Errorf("approved without an opinion: %v", err)
	}
	back, err := agreed.Return("请缩小范围")
	if err != nil || back.Parts[1].AgreedBy != "" || back.SubmittedBy != "" || back.Opinion != "请缩小范围" {
		t.Errorf("a returned task remembers its approval: %+v, %v", back, err)
	}
}

// R36, R66: each gate says whether it is met, what is missing and whose turn it is.
func TestGatesOfATask(t *testing.T) {
	ready := func() (inspect.Task, inspect.TaskFacts) {
		x := task(inspect.TaskFiled)
		x.ApprovedBy, x.FiledBy, x.FilingNo = "leader", "clerk", "370687-2026-ba001"
		f := inspect.TaskFacts{Facts: someFacts(), Pool: inspect.PoolCount{Total: 400}, Staff: map[inspect.OrgID]int64{scjg.ID: 9, gaj.ID: 2}, Today: workday.On(now)}
		for _, org := range x.Parties() {
			for _, l := range inspect.Libraries {
				f.Confirmed = append(f.Confirmed, inspect.LibraryState{Org: org, Library: inspect.Library(l.Value), Last: inspect.Confirmation{No: 1}})
			}
		}
		return x, f
	}
	x, f := ready()
	if gates := x.Gates(f); !inspect.Ready(gates) || len(x.Missing(gates)) != 0 {
		t.Fatalf("a ready task is not: %v", x.Missing(gates))
	}
	for name, test := range map[string]struct {
		spoil func(*inspect.Task, *inspect.TaskFacts)
		kind  inspect.GateKind
		turn  string
	}{
		"not agreed":     {func(x *inspect.Task, f *inspect.TaskFacts) { x.ApprovedBy = "" }, inspect.GateAgreed, "公安局分管负责人、主要负责人"},
		"not filed":      {func(x *inspect.Task, f *inspect.TaskFacts) { x.FiledBy = "" }, inspect.GateFiled, "市监局经办人"},
		"item gone":      {func(x *inspect.Task, f *inspect.TaskFacts) { delete(f.Items, other) }, inspect.GateItems, "公安局经办人"},
		"empty pool":     {func(x *inspect.Task, f *inspect.TaskFacts) { f.Pool = inspect.PoolCount{} }, inspect.GatePool, "市监局经办人、分管负责人、主要负责人"},
		"small pool":     {func(x *inspect.Task, f *inspect.TaskFacts) { x.Ratio, f.Pool.Total = "20户", 19 }, inspect.GatePool, "市监局经办人、分管负责人、主要负责人"},
		"no such class":  {func(x *inspect.Task, f *inspect.TaskFacts) { x.Ratio, f.Pool.Classes[0] = "D 10%", 400 }, inspect.GatePool, "市监局经办人"},
		"one inspector":  {func(x *inspect.Task, f *inspect.TaskFacts) { f.Staff[gaj.ID] = 1 }, inspect.GateStaff, "公安局经办人"},
		"not confirmed":  {func(x *inspect.Task, f *inspect.TaskFacts) { f.Confirmed[3].Last.No = 0 }, inspect.GateConfirmed, "公安局经办人、分管负责人、主要负责人"},
		"changed since":  {func(x *inspect.Task, f *inspect.TaskFacts) { f.Confirmed[0].Changed = 3 }, inspect.GateConfirmed, "市监局经办人、分管负责人、主要负责人"},
		"not handed in":  {func(x *inspect.Task, f *inspect.TaskFacts) { x.State = inspect.TaskDrafting }, inspect.GateComplete, "市监局经办人"},
		"not settled":    {func(x *inspect.Task, f *inspect.TaskFacts) { x.State, x.Officers = inspect.TaskDrafting, 0 }, inspect.GateComplete, "市监局经办人"},
		"nothing to ask": {func(x *inspect.Task, f *inspect.TaskFacts) { x.Parts[0].Items, x.Parts[1].Items = nil, nil }, inspect.GateItems, "市监局经办人"},
	} {
		x, f := ready()
		test.spoil(&x, &f)
		gates := x.Gates(f)
		i := slices.IndexFunc(gates, func(g inspect.Gate) bool { return !g.Done })
		if i < 0 || gates[i].Kind != test.kind || gates[i].Turn(f.Facts) != test.turn || gates[i].Text == "" {
			t.Errorf("%s: %+v", name, gates)
			continue
		}
		for _, post := range inspect.PostKinds {
			who := inspect.Actor{Post: inspect.Post{Kind: post}, Org: f.Orgs[gates[i].Org]}
			if got, want := gates[i].MayMeet(who), strings.Contains(test.turn, post.Text()); got != want {
				t.Errorf("%s: the turn of %s: %v", name, post, got)
			}
			who.Org = wjw
			if gates[i].MayMeet(who) {
				t.Errorf("%s: the turn of another department", name)
			}
		}
	}
}

// R36: who owns a sub-library confirms its own, the lead and who owns none the whole
// pool.
func TestWhoConfirmsWhat(t *testing.T) {
	second := uuid[inspect.SublibraryID](31)
	sublibs := map[inspect.SublibraryID]inspect.Sublibrary{pool: {ID: pool, Org: gaj.ID}, second: {ID: second, Org: scjg.ID}}
	x := task(inspect.TaskFiled)
	x.Sublibs = []inspect.SublibraryID{pool, second}
	for org, want := range map[inspect.OrgID]int{scjg.ID: 2, gaj.ID: 1, wjw.ID: 2} {
		if got := x.ConfirmedSublibs(org, sublibs); len(got) != want {
			t.Errorf("%s confirms %v", org, got)
		}
	}
}

// R36, R37: a confirmation is of what was on the screen, once for each state of the
// library, and by a department of the task.
func TestConfirmation(t *testing.T) {
	read := inspect.LibraryRead{Rows: 7, Hash: "h"}
	for name, test := range map[string]struct {
		org   inspect.OrgID
		lib   inspect.Library
		read  inspect.LibraryRead
		seen  string
		state inspect.LibraryState
		want  error
	}{
		"the first":       {gaj.ID, inspect.ObjectLibrary, read, "h", inspect.LibraryState{}, nil},
		"after a change":  {gaj.ID, inspect.InspectorLibrary, read, "h", inspect.LibraryState{Last: inspect.Confirmation{No: 2}, Changed: 1}, nil},
		"unchanged":       {gaj.ID, inspect.ObjectLibrary, read, "h", inspect.LibraryState{Last: inspect.Confirmation{No: 1}}, inspect.ErrConfirmAgain},
		"moved meanwhile": {gaj.ID, inspect.ObjectLibrary, read, "g", inspect.LibraryState{}, inspect.ErrConfirmMoved},
		"empty":           {gaj.ID, inspect.ObjectLibrary, inspect.LibraryRead{Hash: "h"}, "h", inspect.LibraryState{}, inspect.ErrConfirmEmpty},
		"a stranger":      {wjw.ID, inspect.ObjectLibrary, read, "h", inspect.LibraryState{}, inspect.ErrMissing},
		"another library": {gaj.ID, "third", read, "h", inspect.LibraryState{}, inspect.ErrChoice},
	} {
		c, err := task(inspect.TaskFiled).Confirm(uuid[inspect.ConfirmationID](50), test.org, test.lib, test.read, test.seen, test.state, "clerk", now)
		if !errors.Is(err, test.want) || err == nil && (c.No != test.state.Last.No+1 || !strings.Contains(c.Statement, test.lib.Text())) {
			t.Errorf("%s: %+v, %v, want %v", name, c, err, test.want)
		}
	}
}

// R16, R17, R54: who has to do with a task in which state.
func TestRelationsOfATask(t *testing.T) {
	for _, test := range []struct {
		state inspect.TaskState
		terms int64
		filed time.Time
		want  map[*inspect.Org]inspect.Relation
	}{
		{inspect.TaskDrafting, 0, time.Time{}, map[*inspect.Org]inspect.Relation{&scjg: inspect.Owner}},
		{inspect.TaskDrafting, 2, time.Time{}, map[*inspect.Org]inspect.Relation{&scjg: inspect.Owner, &gaj: inspect.Participant, &sfj: inspect.Oversight}},
		{inspect.TaskApproved, 2, time.Time{}, map[*inspect.Org]inspect.Relation{&scjg: inspect.Owner, &gaj: inspect.Participant, &sfj: inspect.Oversight}},
		{inspect.TaskFiled, 2, now, map[*inspect.Org]inspect.Relation{
			&scjg: inspect.Owner, &gaj: inspect.Participant, &sfj: inspect.Oversight, &lhb: inspect.Office, &zf: inspect.Government}},
	} {
		x := task(test.state)
		x.Terms, x.FiledAt = test.terms, test.filed
		for _, org := range []*inspect.Org{&scjg, &gaj, &wjw, &lhb, &zf, &sfj, &far} {
			want, some := test.want[org]
			if has := x.Relations(*org); len(has) > 1 || (len(has) == 1) != some || some && has[0] != want {
				t.Errorf("%s in %s: %v, want %q", org.Short, test.state, has, want)
			}
		}
	}
}

// R2: a task like last year's takes over what was settled, not the days.
func TestTaskLikeAnOlderOne(t *testing.T) {
	old := task(inspect.TaskDispatched)
	old.Officers, old.NoNotice, old.Name, old.Ratio, old.Reason = 3, true, "旧名", "9%", "旧理由"
	got := task(inspect.TaskDrafting).Like(old)
	if got.Officers != 3 || !got.NoNotice || got.Name == "旧名" || got.Ratio == "9%" || got.Reason != "" || got.From.IsZero() {
		t.Errorf("planned: %+v", got.TaskSettings)
	}
	fresh, err := inspect.UnplannedTask(uuid[inspect.TaskID](41), scjg, 2, inspect.FromIncident, "事故", "排查", "drafter", now)
	if got = fresh.Like(old); err != nil || got.Ratio != "9%" || len(got.Parts) != 2 || !got.From.IsZero() || got.Name != "排查" || got.Field != old.Field {
		t.Errorf("outside the plan: %+v", got)
	}
}
