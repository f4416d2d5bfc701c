package rig

import (
	"fmt"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// Teams are the teams of the present run, whoever may see them.
func (r *Run) Teams() []inspect.Team {
	r.Helper()
	teams, err := r.Store.DB.Teams(r.Context(), inspect.Scope{}, store.TeamFilter{Batch: r.ID})
	for i, x := range teams {
		if err == nil && x.Sealed {
			teams[i], err = x.Reveal(r.open("team "+string(x.ID), x.Closed))
		}
	}
	if err != nil {
		r.Fatal(err)
	}
	return teams
}

// Substs are the substitutions of the batch, whoever may see them.
func (r *Run) Substs() []inspect.Subst {
	r.Helper()
	all, err := r.Store.DB.Substs(r.Context(), inspect.Scope{}, r.ID)
	for i, x := range all {
		if err == nil && x.Closed != "" {
			all[i], err = x.Reveal(r.open("subst "+string(x.ID), x.Closed))
		}
	}
	if err != nil {
		r.Fatal(err)
	}
	return all
}

// open decrypts a text of a sealed run.
func (r *Run) open(purpose, text string) string {
	r.Helper()
	key, err := r.Desk.RunKey(r.Context(), r.ID, r.Stands().Run)
	if err == nil {
		text, err = key.Open(purpose, text)
	}
	if err != nil {
		r.Fatal(err)
	}
	return text
}

// Read puts a reading of the sealed list on record for somebody.
func (r *Run) Read(who ...inspect.Actor) *Run {
	r.Helper()
	for _, by := range who {
		r.Done(by, act.PeekBatch{Reading: ID[inspect.ReadingID](fmt.Sprint(r.Name(), "reading", r.next())), Batch: r.ID, Ground: "办理检查小组事项"})
	}
	return r
}

// Dispatch sends the teams to the departments, whose receipts are due in three days.
func (r *Run) Dispatch() *Run {
	r.Helper()
	b := r.Stands()
	if b.Hidden() {
		r.Read(r.Zou)
	}
	r.Done(r.Zou, act.DispatchBatch{Batch: r.ID, Seen: b.Version, Due: workday.On(r.Now).AddDays(3), Confirm: b.Number})
	return r
}

// Days puts the visits of teams on a day.
func (r *Run) Days(day workday.Date, teams ...inspect.Team) act.ScheduleTeams {
	put := act.ScheduleTeams{Batch: r.ID}
	for _, x := range teams {
		put.Teams, put.Seen, put.Days = append(put.Teams, x.ID), append(put.Seen, x.Version), append(put.Days, day)
	}
	return put
}

// Account makes an account that of an inspector.
func (o *Office) Account(clerk inspect.Actor, no inspect.InspectorNo, who inspect.Actor) {
	o.Helper()
	var was inspect.Inspector
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) (err error) {
		was, err = t.Inspector(o.Context(), no)
		return err
	})
	if err != nil {
		o.Fatalf("read inspector %s: %v", no, err)
	}
	o.Done(clerk, act.PutInspector{Inspector: no, Seen: was.Version, Code: was.Code, Name: was.Name, Category: was.Category, Person: who.Person, Source: was.Source, Sourced: was.Sourced})
}

// livedTeams does one of everything to teams.
func (o *Office) livedTeams(r *Run, li inspect.Actor) {
	o.Helper()
	first := r.Teams()[0]
	o.Done(li, r.Days(first.Days.From, first))
	r.Dispatch()
	o.Done(li, act.ReceiveBatch{Batch: r.ID})
	me := o.Someone("外勤检查员", inspect.InspectorPost, "scjg")
	o.Account(li, first.Leader().Inspector, me)
	o.Done(me, act.AcknowledgeTeams{Teams: []inspect.TeamID{first.ID}})
	for n := range 3 {
		x := r.Teams()[n]
		ask := act.AskSubst{ID: ID[inspect.SubstID](fmt.Sprint(o.Name(), "subst", n)), Batch: r.ID, Team: x.ID, Kind: inspect.SubstInspector, Out: x.Leader().Inspector, Ground: "ill"}
		if n == 0 {
			ask.Kind, ask.Out, ask.Ground, ask.Evidence = inspect.SubstObject, 0, "closed", strings.Repeat("ab", 32)
		}
		o.Done(li, ask)
		if n < 2 {
			o.Done(o.Leader("王局长", "scjg"), act.GrantSubst{SubstDecision: act.SubstDecision{ID: ask.ID, Seen: 1, Opinion: "同意"}})
		}
	}
}
