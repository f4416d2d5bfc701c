package act_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// R102: an objection that is found right leads to a correction, which ends it. INV-09: who
// took it up, inspected or approved the result does not decide.
func TestObjectionLeadsToCorrection(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultPublished()
		system := inspect.System(rig.Region)
		wrong := v.AppealForm(inspect.AppealObjection)
		wrong.Words.Contact = ""
		o.Refused(system, wrong, inspect.ErrEmpty)
		id := v.Appealed(inspect.AppealObjection)
		o.Refused(v.Li, act.AcceptAppeal{AppealSeen: act.AppealSeen{Appeal: id, Seen: 1}, Check: "x", Text: "属实"}, inspect.ErrChoice)
		o.Refused(v.Li, act.AskAppeal{AppealSeen: act.AppealSeen{Appeal: id, Seen: 1}, Days: 31, Text: "材料"}, inspect.ErrAppealDays)
		v.Appeals(id, inspect.AppealAsk, inspect.AppealSupply, inspect.AppealAccept)
		seen := act.AppealSeen{Appeal: id, Seen: v.Appeal(id).Version}
		grant := act.GrantAppeal{AppealSeen: seen, Text: "属实"}
		o.Refused(v.Wang, grant, inspect.ErrAppealOwn)                                                  // he approved
		o.Refused(o.Someone(v.Of("scjg").Name, inspect.Leader, "scjg"), grant, inspect.ErrAppealOwn)    // he inspected
		o.Refused(o.Someone("李科长", inspect.Leader, "scjg"), grant, inspect.ErrAppealOwn)                // he took it up
		o.Refused(v.Li, grant, inspect.ErrDenied)                                                       // a clerk
		o.Refused(o.Leader("钱局长", "gaj"), grant, inspect.ErrMissing)                                    // another department
		o.Refused(v.Qin, act.RepairAppeal{AppealSeen: seen, Text: "同意"}, inspect.ErrAppealEarly)        // not what it is about
		o.Refused(v.Qin, act.GrantAppeal{AppealSeen: seen, Text: "属实", Public: "话"}, inspect.ErrChoice) // no reply
		v.Appeals(id, inspect.AppealGrant)
		if a := v.Appeal(id); a.State != inspect.AppealUpheld || !a.Shown() {
			t.Fatalf("found right: %+v", a)
		}
		c := v.Correct(inspect.PublishCorrect, inspect.ActivityNotFound)
		o.Done(v.Li, c)
		o.Done(v.Qin, act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: c.ID, Seen: 1, Opinion: "属实"}})
		a := v.Appeal(id)
		if a.State != inspect.AppealCorrected || a.Correction != c.ID || a.Shown() {
			t.Errorf("corrected: %+v", a)
		}
		v.Appeals(id, inspect.AppealErase)
		o.Refused(v.Qin, act.EraseAppeal{AppealSeen: act.AppealSeen{Appeal: id, Seen: a.Version + 1}, Text: "再删"}, inspect.ErrAppealGone)
		o.Extend()
		o.Verified()
	})
}

// C19: a form that nobody has checked holds no place. Of one kind any number waits, and
// one is taken up at a time.
func TestStrangersFormHoldsNoPlace(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultPublished()
		stranger, own := v.Appealed(inspect.AppealObjection), v.Appealed(inspect.AppealObjection)
		paper := v.EnterAppeal(inspect.AppealObjection)
		o.Done(v.Li, paper)
		accept := func(id inspect.AppealID) act.AcceptAppeal {
			return act.AcceptAppeal{AppealSeen: act.AppealSeen{Appeal: id, Seen: v.Appeal(id).Version}, Check: "call", Text: "属实"}
		}
		o.Done(v.Li, accept(own))
		o.Refused(v.Li, accept(stranger), inspect.ErrAppealTaken)
		o.Refused(inspect.System(rig.Region), v.AppealForm(inspect.AppealObjection), inspect.ErrAppealOpen)
		o.Refused(v.Li, v.EnterAppeal(inspect.AppealObjection), inspect.ErrAppealOpen)
		v.Appealed(inspect.AppealReply) // another kind
		v.Appeals(stranger, inspect.AppealReject)
		v.Appeals(own, inspect.AppealRefuse)
		o.Done(v.Li, accept(paper.ID))
		o.Extend()
		o.Verified()
	})
}

// An appeal is completed and withdrawn by its sender, who has the password; nobody at the
// department knows it, and one on paper has none. What is added begins no clock but that
// of an appeal that was incomplete.
func TestSenderAddsAndWithdraws(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultPublished()
		system := inspect.System(rig.Region)
		form := v.AppealForm(inspect.AppealObjection)
		form.Files = []inspect.AppealFile{{SHA256: rig.ID[string]("nowhere"), Size: 1, Type: "image/png"}}
		o.Refused(system, form, inspect.ErrUploadEmpty) // no file that is not whole
		form.Files = []inspect.AppealFile{{SHA256: "x", Size: 1, Type: "video/mp4"}}
		o.Refused(system, form, inspect.ErrAppealFiles)
		form.Files = []inspect.AppealFile{o.AppealFile("盖章的说明")}
		o.Done(system, form)
		add := func(change func(*inspect.AppealSent)) act.AddAppeal {
			sent := v.Sent(form.ID)
			change(&sent)
			_, c := act.AddForm(sent)
			return c
		}
		for _, guess := range []string{"", inspect.AppealCode(form.ID), "0000-0000-0000"} {
			o.Refused(system, add(func(s *inspect.AppealSent) { s.Secret = guess }), inspect.ErrAppealSecret)
		}
		o.Refused(system, add(func(s *inspect.AppealSent) { s.Words.Text = " " }), inspect.ErrEmpty)
		o.Refused(system, add(func(s *inspect.AppealSent) {
			s.Files = []inspect.AppealFile{{SHA256: o.File("大"), Size: inspect.AppealBytesMost + 1, Type: "application/pdf"}}
		}), inspect.ErrAppealFiles)
		o.Refused(v.Li, add(func(*inspect.AppealSent) {}), inspect.ErrDenied)
		received := v.Appeal(form.ID).Since
		o.Now = o.Now.Add(time.Hour)
		o.Done(system, add(func(*inspect.AppealSent) {}))
		if a := v.Appeal(form.ID); a.State != inspect.AppealReceived || !a.Since.Equal(received) {
			t.Errorf("what was added moved the clock: %s since %s", a.State, a.Since)
		}
		v.Appeals(form.ID, inspect.AppealAsk)
		o.Now = o.Now.Add(time.Hour)
		o.Done(system, add(func(s *inspect.AppealSent) {
			s.Secret, s.Files = strings.ToLower(s.Secret), []inspect.AppealFile{o.AppealFile("照片")}
		}))
		if a := v.Appeal(form.ID); a.State != inspect.AppealReceived || !a.Since.Equal(o.Now) {
			t.Errorf("completed: %s since %s", a.State, a.Since)
		}
		added, err := o.Store.DB.AppealAdded(t.Context(), v.Li.Scope(), form.ID)
		if err != nil || len(added) != 3 || len(added[0].Files) != 1 || added[1].Text == "" || len(added[2].Files) != 1 {
			t.Errorf("the department reads %+v, %v", added, err)
		}
		if other, err := o.Store.DB.AppealAdded(t.Context(), o.Leader("邹主任", "lhb").Scope(), form.ID); err != nil || len(other) != 0 {
			t.Errorf("the office reads %+v, %v", other, err)
		}
		for n := len(added); n < inspect.AppealAddedMost; n++ {
			o.Done(system, add(func(*inspect.AppealSent) {}))
		}
		o.Refused(system, add(func(*inspect.AppealSent) {}), inspect.ErrAppealAdded)
		_, retract := act.RetractForm(v.Sent(form.ID))
		wrong := retract
		wrong.Typed = inspect.AppealCode(form.ID)
		o.Refused(system, wrong, inspect.ErrAppealSecret)
		o.Done(system, retract)
		o.Refused(system, retract, inspect.ErrStep)
		v.Appeals(form.ID, inspect.AppealErase)
		if added, err := o.Store.DB.AppealAdded(t.Context(), v.Li.Scope(), form.ID); err != nil || len(added) != 0 {
			t.Errorf("after the words were erased: %+v, %v", added, err)
		}
		// What is erased is removed from the folder, too, but for what something else has.
		if erased, err := o.Store.DB.ErasedFiles(t.Context(), inspect.Scope{}); err != nil || len(erased) != 2 {
			t.Errorf("files to remove: %v, %v", erased, err)
		}
		again := v.AppealForm(inspect.AppealReply)
		again.Files = []inspect.AppealFile{o.AppealFile("照片")}
		o.Done(system, again)
		if erased, err := o.Store.DB.ErasedFiles(t.Context(), inspect.Scope{}); err != nil || len(erased) != 1 || erased[0] != o.AppealFile("盖章的说明").SHA256 {
			t.Errorf("files to remove while one belongs to another appeal: %v, %v", erased, err)
		}
		paper := v.EnterAppeal(inspect.AppealObjection)
		o.Done(v.Li, paper)
		_, retract = act.RetractForm(inspect.AppealSent{Form: rig.ID[string]("paper"), Appeal: paper.ID})
		o.Refused(system, retract, inspect.ErrAppealSecret)
		o.Extend()
		o.Verified()
	})
}

// A reply is published in its own words without numbers of persons, and goes off the page
// when it is withdrawn; one that is nobody's is not taken up.
func TestReplyIsPublishedBesideTheResult(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.ResultPublished()
	id := v.Appeals(v.Appealed(inspect.AppealReply), inspect.AppealAccept)
	seen := act.AppealSeen{Appeal: id, Seen: v.Appeal(id).Version}
	for _, personal := range []string{"请拨打 138-0000 0000", "证件 37068719900101123X", "１３８００００００００", "账号6222020200112230"} {
		o.Refused(v.Qin, act.GrantAppeal{AppealSeen: seen, Text: "同意", Public: personal}, inspect.ErrAppealPersonal)
	}
	v.Appeals(id, inspect.AppealGrant)
	shown := func() []inspect.Appeal {
		all, err := o.Store.DB.PublicAppeals(t.Context(), inspect.Scope{}, v.Result().ID)
		if err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(all, func(a inspect.Appeal) bool { return !a.Shown() })
	}
	if all := shown(); len(all) != 1 || all[0].Public == "" {
		t.Fatalf("the public reads %+v", all)
	}
	v.Appeals(id, inspect.AppealWithdraw)
	if all := shown(); len(all) != 0 {
		t.Errorf("a withdrawn reply stays: %+v", all)
	}
	other := v.Appeals(v.Appealed(inspect.AppealReply), inspect.AppealReject)
	if a, err := o.Store.DB.AppealByCode(t.Context(), inspect.Scope{}, inspect.AppealCode(other)); err != nil || a.Answer == "" || a.State != inspect.AppealRejected {
		t.Errorf("by its receipt number: %+v, %v", a, err)
	}
}

// 国市监信规〔2024〕5号, R102: a repair needs its least term, what was to be mended found
// mended, and the principal leader's signature; then the content is off the page.
func TestRepairEndsThePublication(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.Followed("rectify")
		system := inspect.System(rig.Region)
		o.Refused(system, v.AppealForm(inspect.AppealRepairing), inspect.ErrAppealEarly)
		o.Now = o.Now.AddDate(0, 3, 0)
		id := v.Appeals(v.Appealed(inspect.AppealRepairing), inspect.AppealAccept)
		sign := act.RepairAppeal{AppealSeen: act.AppealSeen{Appeal: id, Seen: v.Appeal(id).Version}, Text: "同意"}
		o.Refused(v.Wang, sign, inspect.ErrDenied)
		o.Refused(v.Qin, sign, inspect.ErrAppealMend)
		o.Done(v.Li, act.MendFollowUp{FollowUpSeen: v.Saw(inspect.FollowRectify), Day: workday.On(o.Now), Text: "台账"})
		v.FollowOn(inspect.FollowRectify, inspect.FollowUpPass)
		o.Done(v.Qin, sign)
		all := editions(v)
		if body, _ := all[0].Public(); len(all) != 2 || all[0].Kind != inspect.PublishRepair || all[0].SignedBy != v.Qin.Person || all[0].Appeal != id || body.Name != "" || body.Items != nil {
			t.Errorf("after the repair: %+v", all[0])
		}
		if r := v.Result(); r.State != inspect.ResultEnded || len(r.Items) == 0 {
			t.Errorf("the record: %+v", r)
		}
		o.Refused(system, v.AppealForm(inspect.AppealObjection), inspect.ErrAppealResult)
		o.Extend()
		o.Verified()
	})
}

// C19: what speaks against its object is public for its term, to the day; the platform
// alone ends it.
func TestPublicationExpires(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultPublished()
		system, expire := inspect.System(rig.Region), act.ExpireResult{Result: v.Result().ID}
		last, ends := v.Result().PublicUntil(inspect.Regulation)
		if !ends || last.Year() != workday.On(o.Now).Year()+3 {
			t.Fatalf("it ends on %s: %v", last, ends)
		}
		o.Now = last.Start().Add(20 * time.Hour)
		o.Refused(system, expire, inspect.ErrExpireEarly)
		o.Refused(v.Qin, expire, inspect.ErrDenied)
		o.Now = last.AddDays(1).Start()
		o.Done(system, expire)
		all := editions(v)
		if len(all) != 2 || all[0].Kind != inspect.PublishExpire || all[0].SignedBy != "" || v.Result().State != inspect.ResultEnded {
			t.Errorf("after its term: %+v", all[0])
		}
		o.Refused(system, expire, inspect.ErrStep)
		o.Extend()
		o.Verified()
	})
}

// R102, C19: a result whose objection was found right is corrected before its publication
// ends in another way, or nobody could ever correct it.
func TestUpheldObjectionIsCorrectedFirst(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.ResultPublished()
	o.Terms(0, inspect.Regulation.PublicMonths)
	repair := v.Appeals(v.Appealed(inspect.AppealRepairing), inspect.AppealAccept)
	v.Appeals(v.Appealed(inspect.AppealObjection), inspect.AppealAccept, inspect.AppealGrant)
	sign := act.RepairAppeal{AppealSeen: act.AppealSeen{Appeal: repair, Seen: v.Appeal(repair).Version}, Text: "同意"}
	o.Refused(v.Qin, sign, inspect.ErrAppealUpheld)
	last, _ := v.Result().PublicUntil(inspect.Regulation)
	o.Now = last.AddDays(1).Start()
	expire := act.ExpireResult{Result: v.Result().ID}
	o.Refused(inspect.System(rig.Region), expire, inspect.ErrAppealUpheld)
	corrected(v)
	o.Done(inspect.System(rig.Region), expire)
	o.Extend()
	o.Verified()
}

// corrected signs a correction after which the result still speaks against its object.
func corrected(v *rig.Visited) {
	v.Helper()
	draft := v.Correct(inspect.PublishCorrect, "disclosure_missing")
	v.Done(v.Li, draft)
	v.Done(v.Qin, act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: draft.ID, Seen: 1, Opinion: "属实"}})
}

// R102, INV-09: every verb of appeals by every post of every organisation, in the states
// of every kind: whoever the table of permissions does not name is refused, and learns
// nothing.
func TestEveryAppealVerbByEveryPost(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	people := everyPost(o)
	v := o.ResultPublished()
	o.Terms(0, 0)
	check := func(id inspect.AppealID) {
		t.Helper()
		a := v.Appeal(id)
		commands := []act.Command{v.AppealForm(a.Kind), v.EnterAppeal(a.Kind)}
		for _, x := range v.AppealActs(id) {
			commands = append(commands, x.Does)
		}
		everyVerb(t, "appeal.", commands)
		for _, c := range commands {
			for _, who := range people {
				has := a.Relations(who.Org)
				if who.MayTo(c.Verb(), has...) == nil || who.May(c.Verb()) != nil && a.State != inspect.AppealReceived {
					continue // the stories tell what happens then; who never may is asked once
				}
				_, err := o.Do(who, c)
				if !errors.Is(err, inspect.ErrDenied) && !errors.Is(err, inspect.ErrMissing) {
					t.Errorf("%s by %s of %s in %s: %v", c.Verb(), who.Post.Kind, who.Org.Code, a.State, err)
				}
				if c.Verb() != inspect.AppealEnter && who.MayTo(inspect.AppealRead, has...) != nil && who.May(c.Verb()) == nil && errors.Is(err, inspect.ErrDenied) {
					t.Errorf("%s by %s of %s in %s: a stranger learns that there is one", c.Verb(), who.Post.Kind, who.Org.Code, a.State)
				}
			}
		}
		if v.Appeal(id).Version != a.Version {
			t.Fatal("a refused act changed the appeal")
		}
	}
	for _, way := range []struct {
		kind  inspect.AppealKind
		verbs []inspect.Verb
	}{
		{inspect.AppealReply, []inspect.Verb{inspect.AppealAsk, inspect.AppealSupply, inspect.AppealAccept, inspect.AppealGrant, inspect.AppealWithdraw, inspect.AppealErase}},
		{inspect.AppealObjection, []inspect.Verb{inspect.AppealAccept, inspect.AppealGrant}},
		{inspect.AppealRepairing, []inspect.Verb{inspect.AppealAccept, inspect.AppealRepair}},
	} {
		id := v.Appealed(way.kind)
		check(id)
		for _, verb := range way.verbs {
			if !slices.Contains(v.Appeal(id).Verbs(), verb) {
				t.Errorf("%s is not offered in %s", verb, v.Appeal(id).State)
			}
			v.Appeals(id, verb)
			check(id)
		}
		if v.Appeal(id).State == inspect.AppealUpheld {
			corrected(v)
			check(id)
		}
	}
}

// An appeal that nobody takes up is late after its term, and is shown from above; what
// one may not decide is not asked of one.
func TestLateAppealIsSeenFromAbove(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.ResultPublished()
	id := v.Appeals(v.Appealed(inspect.AppealObjection), inspect.AppealAccept)
	o.Now = o.Now.AddDate(0, 0, 40)
	for _, test := range []struct {
		who         inspect.Actor
		todos, late int
	}{
		{v.Qin, 1, 0}, {v.Wang, 0, 1}, {v.Li, 0, 0}, {o.Someone("司监督", inspect.Supervisor, "sfj"), 0, 1}, {o.Leader("邹主任", "lhb"), 0, 1}, {o.Leader("钱局长", "gaj"), 0, 0},
	} {
		all, err := o.Store.DB.Appeals(t.Context(), test.who.Scope(), store.AppealFilter{Open: true})
		if err != nil {
			t.Fatal(err)
		}
		todos, late := inspect.AppealTodos(test.who, all, map[inspect.ResultID]inspect.Result{v.Result().ID: v.Result()}, workday.Official(), o.Now)
		if len(todos) != test.todos || late != test.late {
			t.Errorf("%s of %s has %d to do and %d late, want %d and %d", test.who.Post.Kind, test.who.Org.Code, len(todos), late, test.todos, test.late)
		}
	}
	if !v.Appeal(id).Clock(workday.Official()).Overdue(o.Now) {
		t.Error("it is not late")
	}
}
