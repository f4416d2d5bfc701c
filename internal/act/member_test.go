package act_test

import (
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R31, R34, R35: what a rule or a colleague proposes is a candidate until the
// department confirms it; what it struck out no rule proposes again.
func TestCandidatesWaitForTheDepartment(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun, wang := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj"), o.Leader("王局长", "scjg")
		for i, scope := range []string{"餐饮服务", "日用百货（餐饮服务除外）", "食品销售；餐饮服务（不含凉菜）", "五金"} {
			object := anObject()
			object.Kind, object.Code, object.Scope = inspect.Site, "S-"+string(rune('1'+i)), scope
			o.Done(li, object)
		}
		lib := rig.ID[inspect.SublibraryID]("members")
		o.Done(li, act.PutSublibrary{ID: lib, Name: "餐饮服务单位"})
		o.Refused(li, act.ProposeMembers{ID: lib, Seen: 1}, inspect.ErrMembersIdle)
		o.Refused(li, act.SetMemberRule{ID: lib, Seen: 1}, inspect.ErrRuleEmpty)
		o.Refused(li, act.SetMemberRule{ID: lib, Seen: 1, Any: "餐"}, inspect.ErrRuleWord)
		o.Refused(li, act.SetMemberRule{ID: lib, Seen: 1, Codes: "Z99"}, inspect.ErrIndustry)
		o.Refused(sun, act.SetMemberRule{ID: lib, Seen: 1, Any: "餐饮服务"}, inspect.ErrMissing)
		o.Done(li, act.SetMemberRule{ID: lib, Seen: 1, Any: "餐饮服务、小餐饮"})
		o.Refused(sun, act.ProposeMembers{ID: lib, Seen: 2}, inspect.ErrMissing)
		o.Done(li, act.ProposeMembers{ID: lib, Seen: 2})
		o.Refused(li, act.ProposeMembers{ID: lib, Seen: 2}, inspect.ErrMembersIdle)

		stand := func(want string) {
			t.Helper()
			var got []string
			for _, state := range inspect.MemberStates {
				rows, err := o.Store.DB.MemberPage(o.Context(), li.Scope(), lib, inspect.MemberState(state.Value), 0, 100)
				if err != nil {
					o.Fatal(err)
				}
				for _, r := range rows {
					got = append(got, r.No.String()+" "+state.Value+" "+r.Ground)
				}
			}
			if text := strings.Join(got, "；"); text != want {
				o.Fatalf("members are %s, want %s", text, want)
			}
		}
		stand("1 candidate 规则：经营范围含“餐饮服务”；3 candidate 规则：经营范围含“餐饮服务”")

		of := func(nos ...inspect.ObjectNo) act.Members { return act.Members{Sublibrary: lib, Objects: nos} }
		o.Refused(li, act.ConfirmMembers{Members: of()}, inspect.ErrMembersNone)
		o.Refused(sun, act.ConfirmMembers{Members: of(1)}, inspect.ErrMissing)
		o.Refused(li, act.ConfirmMembers{Members: of(4)}, inspect.ErrMembersIdle)
		o.Done(wang, act.ConfirmMembers{Members: of(1, 1, 4)})
		o.Refused(li, act.RemoveMembers{Members: of(3)}, inspect.ErrEmpty)
		o.Done(li, act.RemoveMembers{Members: of(3), Ground: "已停业"})
		o.Refused(li, act.ProposeMembers{ID: lib, Seen: 2}, inspect.ErrMembersIdle)
		o.Done(li, act.AddMembers{Members: of(2, 3, 1), Ground: "实地核实"})
		stand("1 confirmed 规则：经营范围含“餐饮服务”；2 candidate 实地核实；3 candidate 实地核实")
		o.Refused(li, act.AddMembers{Members: of(99), Ground: "实地核实"}, inspect.ErrMissing)
		o.Verified()
	})
}
