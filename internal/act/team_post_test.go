package act_test

import (
	"errors"
	"fmt"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// teamCommands is one command of every verb of teams and substitutions, as somebody
// would send it to a team, and to the substitution that waits there.
func teamCommands(r *rig.Run, x inspect.Team, subst inspect.SubstID, n int) []act.Command {
	ask := act.AskSubst{ID: rig.ID[inspect.SubstID](fmt.Sprint(r.Name(), "try", n)), Batch: r.ID, Team: x.ID, Kind: inspect.SubstInspector, Out: x.Leader().Inspector, Ground: "ill"}
	decision := act.SubstDecision{ID: subst, Seen: 1, Opinion: "按规定办理"}
	return []act.Command{
		r.Days(x.Days.From, x), act.AcknowledgeTeams{Teams: []inspect.TeamID{x.ID}}, ask,
		act.GrantSubst{SubstDecision: decision}, act.RefuseSubst{SubstDecision: decision}, act.WithdrawSubst{ID: subst, Seen: 1},
		act.ReceiveRecusal{ID: ask.ID, Team: x.ID, Out: ask.Out}, act.EraseRecusal{ID: subst, Seen: 1, Text: "申请人要求删除"},
	}
}

// R68, R69, R73, INV-05: every verb of teams and substitutions by every post of every
// organisation, from the draw through the dispatch to the annulment: whoever the table
// of permissions does not name is refused, and to those who may not see the team there
// is none. What the first page asks of somebody, the table lets them do.
func TestEveryTeamVerbByEveryPost(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	people := everyPost(o)
	r := o.BatchDrawn()
	people = append(people, r.Zhou, r.Zou)
	li, n := o.Clerk("李科长", "scjg"), 0
	asked := map[inspect.SubstID]bool{}
	check := func(subst inspect.SubstID) {
		t.Helper()
		x := r.Teams()[0]
		scene := inspect.TeamScene{Batch: r.Stands(), Tasks: []inspect.Task{o.Task(x.Tasks[0])}}
		scene.Dispatch, _ = o.Store.DB.Dispatch(o.Context(), inspect.Scope{}, r.ID) // none before it
		n++
		commands := teamCommands(r, x, subst, n)
		everyVerb(t, "team.", commands)
		everyVerb(t, "subst.", commands)
		for _, who := range people {
			has := scene.Relations(who.Org, x)
			sees := who.MayTo(inspect.TeamRead, has...) == nil && who.MayTo(inspect.TeamRead, scene.BatchRelations(who.Org)...) == nil
			for _, c := range commands {
				may := who.MayTo(c.Verb(), has...) == nil
				if may && c.Verb() != inspect.TeamAcknowledge {
					continue // the stories tell what happens then
				}
				_, err := o.Do(who, c)
				want := inspect.ErrDenied
				switch {
				case may: // everybody, of themselves only: R74
					want = inspect.ErrTeamNobody
				case who.May(c.Verb()) == nil && !sees:
					want = inspect.ErrMissing
				}
				if !errors.Is(err, want) {
					t.Errorf("%s by %s of %s at a team %s: %v, want %s", c.Verb(), who.Post.Kind, who.Org.Code, x.State, err, want.Code)
				}
			}
			if sees {
				substsAsked(t, o, who, scene, asked)
			}
		}
		if now := r.Teams()[0]; now.Version != x.Version {
			t.Fatalf("a refused act changed the team")
		}
	}
	ask := func() inspect.SubstID {
		x := r.Teams()[0]
		c := act.AskSubst{ID: rig.ID[inspect.SubstID](fmt.Sprint(o.Name(), "waits", n)), Batch: r.ID, Team: x.ID, Kind: inspect.SubstInspector, Out: x.Leader().Inspector, Ground: "ill"}
		o.Done(li, c)
		return c.ID
	}
	first := ask()
	check(first)
	x := r.Teams()[0]
	o.Done(li, r.Days(x.Days.From, x))
	check(first)
	r.Dispatch()
	check(first)
	o.Done(o.Leader("王局长", "scjg"), act.RefuseSubst{SubstDecision: act.SubstDecision{ID: first, Seen: 1, Opinion: "理由不成立"}})
	check(first)
	if len(asked) != 1 {
		t.Errorf("leaders are asked for %d substitutions", len(asked))
	}
	o = rig.Open(t, rig.SQLite(t))
	people, r = everyPost(o), o.BatchDrawn()
	li, asked = o.Clerk("李科长", "scjg"), map[inspect.SubstID]bool{}
	first = ask()
	b := r.Stands()
	o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "录入有误"})
	check(first)
	if len(asked) != 0 {
		t.Error("leaders are asked for a substitution whose draw was annulled")
	}
}

// substsAsked notes what the first page asks of somebody, which the rules must allow.
func substsAsked(t *testing.T, o *rig.Office, who inspect.Actor, scene inspect.TeamScene, asked map[inspect.SubstID]bool) {
	t.Helper()
	all, err := o.Store.DB.SubstsFor(o.Context(), who.Scope(), inspect.SubstNews(o.Now))
	if err != nil {
		t.Fatal(err)
	}
	x := (&rig.Run{Office: o, ID: scene.Batch.ID}).Teams()[0]
	for _, todo := range inspect.SubstTodos(who, all, map[inspect.TeamID]inspect.Team{x.ID: x}) {
		for _, s := range todo.Substs {
			if todo.State != inspect.SubstAsked || !todo.Mine {
				continue
			}
			asked[s.ID] = true
			if who.MayTo(inspect.SubstGrant, scene.Relations(who.Org, x)...) != nil || who.Person == s.AskedBy {
				t.Errorf("%s of %s is asked to decide, and may not", who.Post.Kind, who.Org.Code)
			}
		}
	}
}

// R64: every verb of lists from above and of their senders' keys, by every post of
// every organisation, before and after a key is in force: what belongs to the office is
// refused to others, and in another region there is no such key.
func TestEveryUpstreamVerbByEveryPost(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	people := everyPost(o)
	s := o.Superior("烟台市市场监督管理局")
	li, zou := o.Clerk("李科长", "scjg"), o.Leader("邹主任", "lhb")
	o.Done(o.Clerk("周主任", "lhb"), s.Adding())
	check := func(seen int64) {
		t.Helper()
		commands := []act.Command{
			s.Adding(), act.ConfirmUpstreamKey{ID: s.Adding().ID, Seen: seen}, act.EndUpstreamKey{ID: s.Adding().ID, Seen: seen, Reason: "公钥更换"},
			act.ReceiveUpstream{ID: rig.ID[inspect.UpstreamPackageID](o.Name() + "list"), Package: s.Package("p12", rig.Region, "SITE-scjg-1\t-")},
			act.PutUpstream{List: rig.ID[inspect.UpstreamID](o.Name() + "items"), Level: "city", Name: "清单", Day: workday.On(o.Now)},
		}
		everyVerb(t, "upstream.", commands)
		for _, who := range people {
			stranger := who
			stranger.Org.Region = "370600"
			for _, c := range commands {
				has := inspect.UpstreamRelations(rig.Region, who.Org)
				if who.MayTo(c.Verb(), has...) == nil && (who.Org.Inspects() || c.Verb() != inspect.UpstreamReceive && c.Verb() != inspect.UpstreamPut) {
					if at := c.Verb(); at == inspect.UpstreamConfirmKey || at == inspect.UpstreamEndKey {
						o.Refused(stranger, c, inspect.ErrMissing)
					}
					continue // the stories tell what happens then
				}
				o.Refused(who, c, inspect.ErrDenied)
			}
		}
	}
	check(1)
	o.Done(zou, act.ConfirmUpstreamKey{ID: s.Adding().ID, Seen: 1})
	check(2)
	o.Done(li, act.ReceiveUpstream{ID: rig.ID[inspect.UpstreamPackageID](o.Name() + "got"), Package: s.Package("p11", rig.Region, "SITE-scjg-1\t-")})
	check(2)
	o.Done(zou, act.EndUpstreamKey{ID: s.Adding().ID, Seen: 2, Reason: "公钥更换"})
	check(3)
}
