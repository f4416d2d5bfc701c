package inspect_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares a text with a file of the tree, or with -update rewrites it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not up to date: run ./check golden and read what changed", path)
	}
}

var now = time.Date(2026, 1, 10, 1, 0, 0, 0, time.UTC)

// uuid makes an id from a small number.
func uuid[T ~string](n int) T { return T(fmt.Sprintf("00000000-0000-7000-8000-%012d", n)) }

var (
	scjg  = inspect.Org{ID: uuid[inspect.OrgID](1), Kind: inspect.OrgDepartment, Region: "370687", Code: "scjg", Name: "市场监督管理局", Short: "市监局"}
	gaj   = inspect.Org{ID: uuid[inspect.OrgID](2), Kind: inspect.OrgDepartment, Region: "370687", Code: "gaj", Name: "公安局", Short: "公安局"}
	wjw   = inspect.Org{ID: uuid[inspect.OrgID](3), Kind: inspect.OrgDepartment, Region: "370687", Code: "wjw", Name: "卫生健康局", Short: "卫健局"}
	lhb   = inspect.Org{ID: uuid[inspect.OrgID](4), Kind: inspect.OrgOffice, Region: "370687", Code: "lhb", Name: "联席会议办公室", Short: "联席办"}
	zf    = inspect.Org{ID: uuid[inspect.OrgID](5), Kind: inspect.OrgGovernment, Region: "370687", Code: "zf", Name: "人民政府", Short: "市政府"}
	sfj   = inspect.Org{ID: uuid[inspect.OrgID](6), Kind: inspect.OrgOversight, Region: "370687", Code: "sfj", Name: "司法局", Short: "司法局"}
	far   = inspect.Org{ID: uuid[inspect.OrgID](7), Kind: inspect.OrgDepartment, Region: "370602", Code: "far", Name: "远方局", Short: "远方局"}
	drawn = uuid[inspect.ItemID](11) // an item of scjg
	other = uuid[inspect.ItemID](12) // an item of gaj
)

// line is a complete task of a plan of the kind, led by scjg.
func line(kind inspect.PlanKind) inspect.PlanLine {
	l := inspect.PlanLine{
		Name: "餐饮服务抽查", Field: "餐饮服务", Items: []inspect.ItemID{drawn}, Scope: "餐饮服务单位", Pool: 400, Ratio: "5%", Frequency: 1,
		Months: 1 << 5, Lead: scjg.ID, Type: "comprehensive", Targeted: "untargeted", Methods: []inspect.Method{"onsite"}, Mode: "county",
	}
	if kind != inspect.PlanOwn {
		l.Partners, l.Items = []inspect.OrgID{gaj.ID}, append(l.Items, other)
	}
	return l
}

// plan is a plan of the kind with one line, as if it had come to the state.
func plan(kind inspect.PlanKind, state inspect.PlanState) inspect.Plan {
	org := scjg
	if kind == inspect.PlanJoint {
		org = lhb
	}
	p, err := inspect.NewPlan(uuid[inspect.PlanID](20), kind, org, 2026, "drafter", now)
	if err != nil {
		panic(err)
	}
	if p, _, err = p.PutLine(line(kind)); err != nil {
		panic(err)
	}
	p.State, p.SubmittedBy, p.SubmittedAt = state, "submitter", now
	return p
}

// moves is what each verb does, through the method that the act of it calls.
var moves = map[inspect.Verb]func(p inspect.Plan) (inspect.Plan, error){
	inspect.PlanPutLine:  func(p inspect.Plan) (inspect.Plan, error) { q, _, err := p.PutLine(line(p.Kind)); return q, err },
	inspect.PlanDropLine: func(p inspect.Plan) (inspect.Plan, error) { return p.DropLine(1) },
	inspect.PlanInvite:   func(p inspect.Plan) (inspect.Plan, error) { return p.Invite(now) },
	inspect.PlanSubmit:   func(p inspect.Plan) (inspect.Plan, error) { return p.Submit("submitter", nil, now) },
	inspect.PlanRecall:   inspect.Plan.Recall,
	inspect.PlanReturn:   func(p inspect.Plan) (inspect.Plan, error) { return p.Return("请修改") },
	inspect.PlanApprove:  func(p inspect.Plan) (inspect.Plan, error) { return p.Approve("leader", "同意", now) },
	inspect.PlanRatify:   func(p inspect.Plan) (inspect.Plan, error) { return p.Ratify("mayor", "同意", now) },
	inspect.PlanFile:     func(p inspect.Plan) (inspect.Plan, error) { return p.File("clerk", now) },
	inspect.PlanSendBack: func(p inspect.Plan) (inspect.Plan, error) { return p.SendBack("请错开") },
	inspect.PlanMerge: func(p inspect.Plan) (inspect.Plan, error) {
		joint, _, err := p.Merge(plan(inspect.PlanLed, inspect.PlanFiled))
		return joint, err
	},
	inspect.PlanTakeUp: func(p inspect.Plan) (inspect.Plan, error) {
		_, taken, err := plan(inspect.PlanJoint, inspect.PlanDrafting).Merge(p)
		return taken, err
	},
	inspect.PlanUnmerge: func(p inspect.Plan) (inspect.Plan, error) {
		joint := plan(inspect.PlanJoint, inspect.PlanDrafting)
		joint.ID = uuid[inspect.PlanID](21)
		p.MergedInto = joint.ID
		_, freed, err := joint.Unmerge(p)
		return freed, err
	},
	inspect.PlanPublish: func(p inspect.Plan) (inspect.Plan, error) { return p.Publish("leader", p.Number, now) },
	inspect.PlanReplace: func(p inspect.Plan) (inspect.Plan, error) { return p.Replace(now) },
	inspect.PlanAmend: func(p inspect.Plan) (inspect.Plan, error) {
		_, err := p.Amend(uuid[inspect.PlanID](22), "旺季提前", "clerk", now)
		return p, err
	},
	inspect.PlanDiscard: inspect.Plan.Discard,
}

// R41, R43, R44, R45, R47, R48: every verb in every state of every kind of plan
// does what the table of lives says, and nothing where it says nothing.
func TestEveryVerbInEveryStateOfPlans(t *testing.T) {
	for _, kind := range inspect.PlanKinds {
		life := inspect.PlanLife(kind)
		for _, m := range life {
			if moves[m.Verb] == nil {
				t.Errorf("%s has no method", m.Verb)
			}
		}
		for _, state := range inspect.PlanLife(inspect.PlanLed).States() {
			checkState(t, kind, state)
		}
		for _, state := range life.States() {
			checkState(t, kind, state)
			if state.Text() == "" {
				t.Errorf("%s has no name", state)
			}
		}
	}
}

func checkState(t *testing.T, kind inspect.PlanKind, state inspect.PlanState) {
	t.Helper()
	for verb, move := range moves {
		before := plan(kind, state)
		want, wantErr := inspect.PlanLife(kind).Next(state, verb)
		got, err := move(before)
		switch {
		case wantErr != nil && !errors.Is(err, inspect.ErrStep):
			t.Errorf("%s of a %s plan in %s: got %v, want a refused step", verb, kind, state, err)
		case wantErr != nil && got.State != state:
			t.Errorf("a refused %s of a %s plan left %s for %s", verb, kind, state, got.State)
		case wantErr == nil && (err != nil || got.State != want):
			t.Errorf("%s of a %s plan in %s: got %s, %v, want %s", verb, kind, state, got.State, err, want)
		}
		if !reflect.DeepEqual(before, plan(kind, state)) {
			t.Errorf("%s changed the plan that was handed to it", verb)
		}
		if offered := slices.Contains(before.Verbs(), verb); offered != (wantErr == nil) {
			t.Errorf("%s of a %s plan in %s is offered: %v", verb, kind, state, offered)
		}
	}
}

// R51: every answer in every state of a consent.
func TestEveryAnswerInEveryStateOfConsents(t *testing.T) {
	for _, state := range inspect.ConsentLife().States() {
		for _, verb := range inspect.Acts() {
			want, wantErr := inspect.ConsentLife().Next(state, verb)
			if verb == inspect.PlanInvite { // the plan's act, not an answer
				continue
			}
			got, err := inspect.Consent{Org: gaj.ID, State: state}.Answer(verb, "理由", "clerk", now)
			if (err == nil) != (wantErr == nil) || got.State != want {
				t.Errorf("%s of a consent in %s: got %s, %v, want %s, %v", verb, state, got.State, err, want, wantErr)
			}
			if err == nil && (got.By != "clerk" || got.At != now || got.Note != "理由") {
				t.Errorf("%s forgot who, when or what: %+v", verb, got)
			}
		}
		if open := (inspect.Consent{State: state}).Open(); open != (state != inspect.ConsentAccepted) || state.Text() == "" {
			t.Errorf("a consent in %s (%s) is open: %v", state, state.Text(), open)
		}
	}
	for verb, want := range map[inspect.Verb]error{inspect.PlanAccept: nil, inspect.PlanPropose: inspect.ErrConsentNote, inspect.PlanDecline: inspect.ErrConsentNote} {
		if _, err := (inspect.Consent{State: inspect.ConsentInvited}).Answer(verb, " ", "clerk", now); !errors.Is(err, want) && err != want {
			t.Errorf("%s without words: %v, want %v", verb, err, want)
		}
	}
}

// INV-09: nobody decides on what they drafted or submitted, and nobody without
// an opinion.
func TestNobodyDecidesOnTheirOwn(t *testing.T) {
	for kind, decide := range map[inspect.PlanKind]func(inspect.Plan, inspect.PersonID, string, time.Time) (inspect.Plan, error){
		inspect.PlanOwn: inspect.Plan.Approve, inspect.PlanLed: inspect.Plan.Approve, inspect.PlanJoint: inspect.Plan.Ratify,
	} {
		p := plan(kind, inspect.PlanSubmitted)
		for by, want := range map[inspect.PersonID]error{"drafter": inspect.ErrOwnWork, "submitter": inspect.ErrOwnWork, "leader": nil} {
			if _, err := decide(p, by, "同意", now); !errors.Is(err, want) {
				t.Errorf("%s decides on a %s plan: %v, want %v", by, kind, err, want)
			}
		}
		for opinion, want := range map[string]error{"": inspect.ErrOpinion, "\u3000 \n": inspect.ErrOpinion, "同\u200b意": inspect.ErrControl, strings.Repeat("长", 501): inspect.ErrLong} {
			if _, err := decide(p, "leader", opinion, now); !errors.Is(err, want) {
				t.Errorf("opinion %.20q: %v, want %v", opinion, err, want)
			}
		}
	}
}

// What leads back to a draft forgets who had handed it in, approved or reported
// it: a later approval is a new one.
func TestADraftAgainForgetsItsApproval(t *testing.T) {
	p := plan(inspect.PlanLed, inspect.PlanMerged)
	p.ApprovedBy, p.ApprovedAt, p.FiledBy, p.FiledAt, p.MergedInto = "leader", now, "clerk", now, uuid[inspect.PlanID](9)
	q, err := p.SendBack("请错开")
	if err != nil || q.SubmittedBy != "" || q.ApprovedBy != "" || !q.ApprovedAt.IsZero() || q.FiledBy != "" || q.MergedInto != "" || q.Opinion != "请错开" {
		t.Errorf("sent back: %+v, %v", q, err)
	}
}

// R48: a line's number stays used for ever, in later editions too.
func TestLineNumbersAreNeverUsedAgain(t *testing.T) {
	p := plan(inspect.PlanOwn, inspect.PlanDrafting)
	for range 2 {
		var err error
		if p, _, err = p.PutLine(line(inspect.PlanOwn)); err != nil {
			t.Fatal(err)
		}
	}
	p, err := p.DropLine(2)
	if err != nil {
		t.Fatal(err)
	}
	p.State = inspect.PlanPublished
	next, err := p.Amend(uuid[inspect.PlanID](22), "旺季提前", "clerk", now)
	if err != nil {
		t.Fatal(err)
	}
	next, no, err := next.PutLine(line(inspect.PlanOwn))
	if err != nil || no != 4 {
		t.Errorf("the new line has number %d, want 4: %v", no, err)
	}
	seen := map[int]bool{}
	for _, l := range next.Standing() {
		if seen[l.No] {
			t.Errorf("two lines have number %d", l.No)
		}
		seen[l.No] = true
	}
	if len(seen) != 3 || seen[2] {
		t.Errorf("standing are %v", seen)
	}
}

// A department's filed led plan is taken up; it does not merge others.
func TestOnlyTheJointPlanMerges(t *testing.T) {
	led := plan(inspect.PlanLed, inspect.PlanFiled)
	if _, _, err := led.Merge(plan(inspect.PlanLed, inspect.PlanFiled)); !errors.Is(err, inspect.ErrStep) {
		t.Errorf("a led plan takes up another: %v", err)
	}
	if _, _, err := plan(inspect.PlanJoint, inspect.PlanDrafting).Merge(plan(inspect.PlanOwn, inspect.PlanFiled)); !errors.Is(err, inspect.ErrStep) {
		t.Errorf("an own plan is merged: %v", err)
	}
	for name, spoil := range map[string]func(*inspect.Plan){
		"year": func(p *inspect.Plan) { p.Year++ }, "region": func(p *inspect.Plan) { p.Region = "370602" },
	} {
		other := led
		spoil(&other)
		if _, _, err := plan(inspect.PlanJoint, inspect.PlanDrafting).Merge(other); !errors.Is(err, inspect.ErrMergeKind) {
			t.Errorf("a plan of another %s is merged: %v", name, err)
		}
	}
}

// docs/design/lives.golden.md draws the tables of lives.
func TestLivesGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Lives\n\nWhich states a thing has, and which verb leads where. Written from the tables in `internal/inspect` by\n`./check golden`; do not edit. A move that is not drawn is refused, by the rule and by the database.\n")
	draw := func(title, diagram string) { fmt.Fprintf(&b, "\n## %s\n\n```mermaid\n%s```\n", title, diagram) }
	for _, kind := range inspect.PlanKinds {
		draw(fmt.Sprintf("Plan, `%s` (%s)", kind, kind.Text()), inspect.PlanLife(kind).Mermaid(inspect.PlanState.Text))
	}
	draw("Consent (会签)", inspect.ConsentLife().Mermaid(inspect.ConsentState.Text)+
		"  note right of planned: 修改任务后，各部门的答复一律回到“尚未征求”\n")
	draw("Joint list (联合随机抽查事项清单)", inspect.JointLife().Mermaid(inspect.JointState.Text))
	draw("Task (抽查任务)", inspect.TaskLife().Mermaid(inspect.TaskState.Text))
	draw("Waiver (超限抽查许可)", inspect.WaiverLife().Mermaid(inspect.WaiverState.Text))
	draw("Batch (批次)", inspect.BatchLife().Mermaid(inspect.BatchState.Text))
	draw("Feedback (意见反馈)", inspect.FeedbackLife().Mermaid(inspect.FeedbackState.Text))
	for _, c := range inspect.AppealKinds {
		kind := inspect.AppealKind(c.Value)
		draw(fmt.Sprintf("Appeal, `%s` (%s)", kind, kind.Text()), inspect.AppealLife(kind).Mermaid(inspect.AppealState.Text))
	}
	draw("Substitution (递补、人员替换)", inspect.SubstLife().Mermaid(inspect.SubstState.Text))
	draw("Team (检查小组)", inspect.TeamLife().Mermaid(inspect.TeamState.Text))
	draw("Visit (检查)", inspect.VisitLife().Mermaid(inspect.VisitState.Text))
	draw("Result (检查结果)", inspect.ResultLife().Mermaid(inspect.ResultState.Text))
	draw("Correction (更正)", inspect.CorrectionLife().Mermaid(inspect.CorrectionState.Text))
	for _, kind := range []inspect.FollowKind{inspect.FollowRectify, inspect.FollowCase, inspect.FollowCrime, inspect.FollowDaily} {
		draw(fmt.Sprintf("Follow-up, `%s` (%s)", kind, kind.Text()), inspect.FollowUpLife(kind).Mermaid(inspect.FollowState.Text))
	}
	draw("Target (报送渠道)", inspect.TargetLife().Mermaid(inspect.TargetState.Text))
	for _, kind := range []inspect.TargetKind{inspect.TargetGSXT, inspect.TargetWebhook} {
		draw(fmt.Sprintf("Delivery, `%s` (%s)", kind, kind.Text()), inspect.DeliveryLife(kind).Mermaid(inspect.DeliveryState.Text))
	}
	golden(t, "../../docs/design/lives.golden.md", b.String())
}

// permissions.golden is who may do what, for a customer to read.
func TestPermissionsGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("谁可以办理什么\n\n本表由 internal/inspect/rules.go 生成（./check golden），请勿手工修改。表中没有的，一律不得办理。\n" +
		"“重要”一栏标“是”的操作，办理前须再次验证身份。\n\n")
	for _, verb := range inspect.Verbs() {
		grave := ""
		if verb.Grave() {
			grave = "　重要：是"
		}
		fmt.Fprintf(&b, "%s（%s）%s\n", verb.Text(), verb, grave)
		some := false
		for _, post := range append(slices.Clone(inspect.PostKinds), inspect.ConsolePost) {
			var of []string
			for _, r := range inspect.Relations {
				if slices.Contains(inspect.Rules(), inspect.Rule{Verb: verb, Post: post, Relation: r}) {
					of = append(of, r.Text())
				}
			}
			if len(of) > 0 {
				some = true
				fmt.Fprintf(&b, "　　%s：%s\n", post.Text(), strings.Join(of, "、"))
			}
		}
		if !some {
			b.WriteString("　　（不单独办理，是其他操作的一部分）\n")
		}
		b.WriteString("\n")
	}
	golden(t, "permissions.golden", strings.TrimSuffix(b.String(), "\n"))
}

// What May and MayTo allow is the table and nothing else.
func TestPermissionsAreTheTable(t *testing.T) {
	for _, verb := range inspect.Verbs() {
		for _, post := range append(slices.Clone(inspect.PostKinds), inspect.ConsolePost, "", "king") {
			who, some := inspect.Actor{Post: inspect.Post{Kind: post}}, false
			for _, r := range inspect.Relations {
				listed := slices.Contains(inspect.Rules(), inspect.Rule{Verb: verb, Post: post, Relation: r}) ||
					slices.Contains(inspect.Rules(), inspect.Rule{Verb: verb, Post: post, Relation: inspect.Any})
				some = some || listed
				if got := who.MayTo(verb, r) == nil; got != listed || inspect.MayDo(verb, post, r) != listed {
					t.Errorf("%s by %q of %s: %v, want %v", verb, post, r, got, listed)
				}
			}
			if got := who.May(verb) == nil; got != some {
				t.Errorf("%s by %q: %v, want %v", verb, post, got, some)
			}
			if post.Class() != "business" && strings.HasPrefix(string(verb), "plan.") && some {
				t.Errorf("the administrator %s does business: %s", post, verb)
			}
		}
	}
	for _, r := range inspect.Rules() {
		if r.Post.Text() == "" || r.Relation.Text() == "" || r.Verb.Text() == string(r.Verb) {
			t.Errorf("the rule %v has no Chinese words", r)
		}
	}
}
