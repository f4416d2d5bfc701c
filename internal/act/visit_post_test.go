package act_test

import (
	"errors"
	"fmt"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// deeds are commands at something that stands in a state, with what an organisation has
// to do with it.
type deeds struct {
	state    string
	commands []act.Command
	read     inspect.Verb
	has      func(inspect.Org) []inspect.Relation
	stranger inspect.Problem // what somebody reads who may see it but not do this
}

// tried has everybody try everything: whom the table of permissions does not name is
// refused, and to whom may not even see the thing there is none. Whoever may do a thing
// is left out: the stories tell what happens then.
func tried(t *testing.T, o *rig.Office, people []inspect.Actor, d deeds) {
	t.Helper()
	for _, c := range d.commands {
		for _, who := range people {
			has := d.has(who.Org)
			if who.MayTo(c.Verb(), has...) == nil {
				continue
			}
			var want error = d.stranger
			switch {
			case who.May(c.Verb()) != nil:
				want = inspect.ErrDenied
			case who.MayTo(d.read, has...) != nil:
				want = inspect.ErrMissing
			}
			if _, err := o.Do(who, c); !errors.Is(err, want) {
				t.Errorf("%s by %s of %s in state %s: %v, want %v", c.Verb(), who.Post.Kind, who.Org.Code, d.state, err, want)
			}
		}
	}
}

func visitCommands(v *rig.Visit, digest string, seen int64) []act.Command {
	officers := v.Officers()
	return []act.Command{
		act.PrecheckVisit{Team: v.Team}, act.NotifyVisit{Team: v.Team, Channel: "phone", Recipient: "刘店长", Text: "请准备执照。"},
		act.BeginVisit{Team: v.Team, Officers: officers, Present: "刘店长", Role: "负责人", Shown: true, Told: true},
		act.FillVisit{Team: v.Team}, act.MeasureVisit{Team: v.Team, ID: rig.Own[inspect.MeasureID](v, "try")},
		act.HelpVisit{Team: v.Team, ID: rig.Own[inspect.HelperID](v, "try")},
		act.AttachVisit{Team: v.Team, ID: rig.Own[inspect.EvidenceID](v, "try"), SHA256: v.File("try"), Kind: "photo", Name: "照片"},
		act.SetVisitAside{Team: v.Team, Kind: inspect.NonCooperation, Officers: officers},
		act.ConcludeVisit{Team: v.Team, Seen: seen, Text: "未发现问题。"}, act.ReopenVisit{Team: v.Team, Seen: seen, Reason: "补充"},
		act.SignParty{Team: v.Team, ID: rig.Own[inspect.SignatureID](v, "try"), Digest: digest, Way: inspect.SignDrawn, Name: "刘店长"},
		act.SignVisit{Team: v.Team, ID: rig.Own[inspect.SignatureID](v, "try2"), Digest: digest},
	}
}

// R78, R85–R89: every verb of visits by every post of every organisation, from the
// dispatch to the last signature: nobody but the crew does anything to a visit, be it
// the leader of the department or the office that organised the draw.
func TestEveryVisitVerbByEveryPost(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	people := everyPost(o)
	v := o.VisitReady()
	everyVerb(t, "visit.", visitCommands(v, "", 0))
	people = append(people, v.Zhou, v.Zou)
	check := func(state string, digest string, seen int64) {
		t.Helper()
		scene := inspect.TeamScene{Batch: v.Stands(), Tasks: []inspect.Task{o.Task(v.Group().Tasks[0])}}
		scene.Dispatch, _ = o.Store.DB.Dispatch(o.Context(), inspect.Scope{}, v.ID)
		tried(t, o, people, deeds{
			state: state, commands: visitCommands(v, digest, seen), read: inspect.VisitRead, stranger: inspect.ErrVisitNotYours,
			has: func(org inspect.Org) []inspect.Relation { return scene.Relations(org, v.Group()) },
		})
	}
	check("none", "", 0)
	for _, step := range []func(){
		func() { v.Begin() }, func() { v.Fill() }, func() { v.Conclude() }, func() { v.PartySigns() }, func() { v.MembersSign() },
	} {
		step()
		was := v.Found()
		check(string(was.State), was.Digest, was.Version)
		if now := v.Found(); now.Version != was.Version {
			t.Fatal("a refused act changed the visit")
		}
	}
}

// R91–R94, R102, INV-12, INV-13: every verb of results and corrections by every post of
// every organisation, from the draft to the correction of what is public.
func TestEveryResultVerbByEveryPost(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	people := everyPost(o)
	v := o.ResultsDrafted()
	var correction act.CorrectionDecision
	n := 0
	commands := func() []act.Command {
		r := v.Result()
		n++
		return []act.Command{
			act.PutResult{Result: r.ID, Seen: r.Version, Follow: []string{"none"}}, act.SubmitResult{Result: r.ID, Seen: r.Version},
			act.ReturnResult{Result: r.ID, Seen: r.Version, Opinion: "补充"}, act.ApproveResult{Result: r.ID, Seen: r.Version, Opinion: "同意"},
			act.PublishResult{Result: r.ID, Seen: r.Version, Confirm: r.Confirm()}, act.ExpireResult{Result: r.ID},
			act.DraftCorrection{ID: rig.ID[inspect.CorrectionID](fmt.Sprint("try", n)), Result: r.ID, Seen: r.Version, Kind: inspect.PublishWithdraw, Ground: "有误"},
			act.SignCorrection{CorrectionDecision: correction}, act.DropCorrection{CorrectionDecision: correction},
		}
	}
	check := func() {
		t.Helper()
		was := v.Result()
		all := commands()
		if correction.ID == "" {
			all = all[:len(all)-2]
		}
		tried(t, o, people, deeds{string(was.State), all, inspect.ResultRead, was.Relations, inspect.ErrDenied})
		if now := v.Result(); now.Version != was.Version {
			t.Fatal("a refused act changed the result")
		}
	}
	everyVerb(t, "result.", commands())
	everyVerb(t, "correction.", commands())
	check()
	for _, step := range []func(){
		func() { v.Enter() }, func() { v.Approve() }, func() { v.Publish() },
		func() {
			draft := v.Correct(inspect.PublishWithdraw, "")
			v.Done(v.Li, draft)
			correction = act.CorrectionDecision{ID: draft.ID, Seen: 1, Opinion: "同意"}
		},
		func() { v.Done(v.Qin, act.SignCorrection{CorrectionDecision: correction}) },
	} {
		step()
		check()
	}
}

// Every verb of feedback by every post of every organisation: the office passes it on,
// and only the department that it was passed to answers.
func TestEveryFeedbackVerbByEveryPost(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	people := everyPost(o)
	zhou, zou := o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb")
	id, _ := o.FeedbackSent("the form of the table", "检查时没有出示证件")
	found := func() inspect.Feedback {
		f, err := o.Store.DB.Feedbacks(o.Context(), zhou.Scope(), store.FeedbackFilter{ID: id, Most: 1})
		if err != nil || len(f) != 1 {
			t.Fatalf("%d, %v", len(f), err)
		}
		return f[0]
	}
	check := func() {
		t.Helper()
		f := found()
		commands := []act.Command{
			act.PassFeedback{ID: id, Seen: f.Version, Org: rig.Org("scjg")}, act.AnswerFeedback{ID: id, Seen: f.Version, Answer: "已核实。"},
			act.EraseFeedback{ID: id, Seen: f.Version, Reason: "来信人要求"},
		}
		everyVerb(t, "feedback.", append(commands, act.ReceiveFeedback{}))
		tried(t, o, people, deeds{string(f.State), commands, inspect.FeedbackRead, f.Relations, inspect.ErrDenied})
		if found().Version != f.Version {
			t.Fatal("a refused act changed the feedback")
		}
	}
	check()
	o.Done(zhou, act.PassFeedback{ID: id, Seen: 1, Org: rig.Org("gaj")})
	check()
	o.Done(o.Clerk("孙警官", "gaj"), act.AnswerFeedback{ID: id, Seen: 2, Answer: "已核实。"})
	check()
	o.Done(zou, act.EraseFeedback{ID: id, Seen: 3, Reason: "来信人要求删除"})
	check()
}
