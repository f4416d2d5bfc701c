package rig

import (
	"fmt"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

// RecusalForm is the public form about the visit and one of its officers, as the platform
// takes it in.
func (v *Visit) RecusalForm(out inspect.InspectorNo) act.ReceiveRecusal {
	v.Helper()
	_, c := act.RecusalForm(fmt.Sprint(v.Name(), v.Team, "recusal", v.next()), v.Team, v.Found().Code, out, "interest", inspect.FeedbackText{
		Text: "这名检查人员与本店有经济纠纷，案件正在审理。", Name: "刘店长", Contact: "13900000000",
	})
	return c
}

// Applied takes in an application for the recusal of the n-th officer who stands.
func (v *Visit) Applied(n int) act.ReceiveRecusal {
	v.Helper()
	c := v.RecusalForm(v.Group().Standing()[n].Inspector)
	v.Done(inspect.System(Region), c)
	return c
}

// Subst is a substitution as it stands.
func (r *Run) Subst(id inspect.SubstID) inspect.Subst {
	r.Helper()
	for _, s := range r.Substs() {
		if s.ID == id {
			return s
		}
	}
	r.Fatalf("there is no substitution %s", id)
	return inspect.Subst{}
}

// livedRecusals does one of everything to applications for recusal that come by the
// public form, and leaves one that waits.
func (v *Visit) livedRecusals() {
	v.Helper()
	wang := v.Leader("王局长", "scjg")
	refused := v.Applied(0)
	v.Done(wang, act.RefuseSubst{SubstDecision: act.SubstDecision{ID: refused.ID, Seen: 1, Opinion: "经核实，没有利害关系"}})
	v.Done(wang, act.EraseRecusal{ID: refused.ID, Seen: 2, Text: "申请人要求删除"})
	v.Done(v.Clerk("李科长", "scjg"), act.WithdrawSubst{ID: v.Applied(0).ID, Seen: 1, Text: "负责人来电提出撤回"})
	v.Applied(1)
}
