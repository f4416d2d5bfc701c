package act_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R81, INV-05: a task that is not announced is inspected before its list is public, and
// nobody but the team learns of the visit.
func TestVisitOfASealedList(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchHidden()
		r.Send()
		v := r.Crewed(0)
		precheck := act.PrecheckVisit{Team: v.Team}
		o.Refused(o.Clerk("李科长", "scjg"), precheck, inspect.ErrMissing)
		o.Refused(o.Someone("路人", inspect.InspectorPost, "scjg"), precheck, inspect.ErrMissing)
		o.Done(v.Crew[0], precheck)
		if got := v.Found(); got.Object == 0 || got.Party.Name == "" {
			t.Errorf("the visit: %+v", got)
		}
	})
}

// R76–R89, C5, C9, INV-10: a visit from the pre-check to the last signature.
func TestVisitFromPrecheckToSignatures(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.VisitReady()
		leader, mate, police := v.Crew[0], v.Crew[1], v.Of("gaj")
		begin := act.BeginVisit{Team: v.Team, Officers: v.Officers(), Present: "刘店长", Role: "负责人", Shown: true, Told: true}
		o.Refused(o.Clerk("李科长", "scjg"), begin, inspect.ErrVisitNotYours) // reads it, and is no member
		o.Refused(o.Someone("路人", inspect.InspectorPost, "wjw"), begin, inspect.ErrMissing)
		o.Refused(leader, begin, inspect.ErrVisitPrecheck)
		o.Done(leader, act.PrecheckVisit{Team: v.Team})
		if got := v.Found(); len(got.Precheck.Facts) == 0 || got.Precheck.Facts[0].Source == "" || got.State != inspect.VisitPrepared || inspect.ReadVisitCode(got.Code) != got.Code {
			t.Errorf("prepared: %+v", got)
		}
		o.Refused(leader, begin, inspect.ErrVisitNotice)
		v.Begin()
		v.Fill()
		found := v.Found()
		if len(found.Findings) != 2 || found.Findings[0].Org != rig.Org("scjg") || !found.Findings[1].Has(inspect.NoProblem) {
			t.Errorf("findings: %+v", found.Findings)
		}
		foreign := act.FillVisit{Team: v.Team, Item: found.Findings[0].Item, Seen: 1, Codes: []inspect.ResultCode{inspect.NoProblem}}
		o.Refused(police, foreign, inspect.ErrVisitForeign) // R78
		conclude := act.ConcludeVisit{Team: v.Team, Seen: found.Version, Text: "结论"}
		o.Refused(mate, conclude, inspect.ErrVisitLeader)
		o.Refused(leader, act.ConcludeVisit{Team: v.Team, Seen: found.Version - 1, Text: "结论"}, inspect.ErrStale)
		o.Done(leader, conclude)
		if found = v.Found(); found.Digest == "" || found.Digest != found.Content() {
			t.Errorf("the digest %q is not that of the content", found.Digest)
		}
		o.Refused(police, foreign, inspect.ErrStep)
		sign := act.SignVisit{Team: v.Team, ID: rig.Own[inspect.SignatureID](v, "x"), Digest: found.Digest}
		o.Refused(mate, sign, inspect.ErrVisitParty)
		v.PartySigns()
		unproved := mate
		unproved.Proved = unproved.Proved.AddDate(-1, 0, 0)
		if _, err := o.Desk.Do(t.Context(), rig.ID[string]("unproved"), unproved, sign); err == nil {
			t.Error("signed without the second factor")
		}
		o.Done(mate, sign)
		o.Refused(mate, sign, inspect.ErrVisitAgain)

		// INV-10: a change voids what was signed, and the digest is another one.
		o.Refused(mate, act.ReopenVisit{Team: v.Team, Seen: v.Found().Version, Reason: "漏填"}, inspect.ErrVisitLeader)
		o.Done(leader, act.ReopenVisit{Team: v.Team, Seen: v.Found().Version, Reason: "漏填一项"})
		o.Refused(mate, act.SignVisit{Team: v.Team, ID: rig.Own[inspect.SignatureID](v, "y"), Digest: found.Digest}, inspect.ErrStep)
		v.Conclude()
		again := v.Found()
		if again.Digest == found.Digest || len(again.Reopened) != 1 || again.Reopened[0].Digest != found.Digest {
			t.Errorf("reopened: %+v", again.Reopened)
		}
		o.Refused(mate, act.SignVisit{Team: v.Team, ID: rig.Own[inspect.SignatureID](v, "y"), Digest: found.Digest}, inspect.ErrStale)
		o.Done(leader, act.SignParty{
			Team: v.Team, ID: rig.Own[inspect.SignatureID](v, "refused"), Digest: again.Digest, Way: inspect.SignRefused, Statement: "负责人阅后拒绝签字。", Witness: "物业王某",
		})
		v.MembersSign()
		ended := v.Found()
		if ended.State != inspect.VisitSigned || !ended.EndedAt.Equal(o.Now) || !ended.Done() {
			t.Errorf("signed: %s %s", ended.State, ended.EndedAt)
		}
		all, err := o.Store.DB.Signatures(t.Context(), inspect.Scope{}, ended.ID)
		void := 0
		for _, s := range all {
			if s.Void {
				void++
			}
		}
		if err != nil || len(all) != 2+1+len(v.Crew) || void != 2 {
			t.Errorf("%d signatures, %d of them void, %v", len(all), void, err)
		}
		o.Refused(leader, act.ReopenVisit{Team: v.Team, Seen: ended.Version, Reason: "x"}, inspect.ErrVisitUnasked)
		o.Verified()
	})
}

// R100, C5: who cannot be reached, or does not cooperate, has a result without
// checklists, with the least of evidence; members sign, and the party does not.
func TestVisitAside(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.VisitReady()
		leader := v.Crew[0]
		o.Done(leader, act.SetVisitAside{Team: v.Team, Kind: inspect.Unreachable, Officers: v.Officers()[:2], Tried: "大门紧锁。"})
		conclude := act.ConcludeVisit{Team: v.Team, Seen: 1, Text: "通过登记的住所无法联系。"}
		o.Refused(leader, conclude, inspect.ErrVisitGap)
		o.Refused(leader, act.AttachVisit{Team: v.Team, ID: rig.Own[inspect.EvidenceID](v, "no"), SHA256: rig.Handwriting(1)[:64], Kind: "photo", Name: "照片"}, inspect.ErrVisitBlob)
		v.Aside(inspect.Unreachable)
		conclude.Seen = v.Found().Version
		o.Done(leader, conclude)
		concluded := v.Found()
		for _, f := range concluded.Findings {
			if !f.Has(inspect.Unreachable) {
				t.Errorf("%s has %v", f.Name, f.Codes)
			}
		}
		o.Refused(leader, act.SignParty{Team: v.Team, ID: rig.Own[inspect.SignatureID](v, "party"), Digest: concluded.Digest, Way: inspect.SignRefused}, inspect.ErrVisitNobody)
		at := o.Now
		v.Later(48 * 3600e9)
		v.MembersSign()
		if got := v.Found(); got.State != inspect.VisitSigned || !got.EndedAt.Equal(at) {
			t.Errorf("ended %s at %s", got.State, got.EndedAt)
		}
		o.Verified()
	})
}

// R68, C12: once officers were there an object is not replaced, and once it is concluded
// no inspector.
func TestVisitKeepsItsTeam(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.VisitBegun()
	li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	ask := act.AskSubst{ID: rig.Own[inspect.SubstID](v, "subst"), Batch: v.ID, Team: v.Team, Kind: inspect.SubstObject, Ground: "closed", Evidence: o.File("x")}
	o.Done(li, ask)
	grant := act.GrantSubst{SubstDecision: act.SubstDecision{ID: ask.ID, Seen: 1, Opinion: "同意"}}
	o.Refused(wang, grant, inspect.ErrVisitMoved)
	o.Done(li, act.WithdrawSubst{ID: ask.ID, Seen: 1})
	v.Fill().Conclude()
	ask.ID, ask.Kind, ask.Ground, ask.Out = rig.Own[inspect.SubstID](v, "subst 2"), inspect.SubstInspector, "ill", v.Officers()[1]
	o.Done(li, ask)
	grant.ID = ask.ID
	o.Refused(wang, grant, inspect.ErrVisitMoved)
}
