package inspect

import (
	"fmt"
	"slices"
	"strings"

	"suicha/internal/workday"
)

// A GateKind is one condition of a draw.
type GateKind string

// The gates, in the order in which a task passes them: R66, 海政办发〔2020〕2号 二(五)2
// "待任务设置完成后".
const (
	GateComplete  GateKind = "complete"
	GateAgreed    GateKind = "agreed"
	GateApproved  GateKind = "approved"
	GateFiled     GateKind = "filed"
	GateItems     GateKind = "items"
	GatePool      GateKind = "pool"
	GateStaff     GateKind = "staff"
	GateConfirmed GateKind = "confirmed"
)

// A Gate (抽取条件) is one condition that a task meets or does not: what is missing,
// and whose turn it is.
type Gate struct {
	Kind    GateKind
	Org     OrgID   // whose turn it is
	Library Library // of GateConfirmed
	Done    bool
	Text    string // one sentence: that it is met, or what is missing
	Verb    Verb   // what meets it
}

// A PoolCount is how many objects a task can draw from now, over all and of each
// risk class.
type PoolCount struct {
	Total   int64
	Classes [4]int64
}

// Add counts one object of a class.
func (c *PoolCount) Add(risk string) {
	c.Total++
	if i := stratumOf(risk); i < unclassed {
		c.Classes[i]++
	}
}

// strata are the counts of the classes, and of the objects without one.
func (c PoolCount) strata() (n StratumCount) {
	copy(n[:], c.Classes[:])
	n[unclassed] = c.Total
	for _, class := range c.Classes {
		n[unclassed] -= class
	}
	return n
}

// TaskFacts are what gates are decided by.
type TaskFacts struct {
	Facts
	Pool      PoolCount
	Strays    int64           // of a list from above: objects that no sub-library of the task has
	Staff     map[OrgID]int64 // inspectors who can be drawn on the days of the task
	Confirmed []LibraryState  // of every department, both libraries
	Today     workday.Date
}

// Gates lists all conditions of the task's draw, met or not.
func (t Task) Gates(f TaskFacts) []Gate {
	gates := t.paperGates(f)
	gates = append(gates, t.itemsGate(f), t.poolGate(f))
	for _, org := range t.Parties() {
		gates = append(gates, t.staffGate(f, org))
	}
	for _, s := range f.Confirmed {
		gates = append(gates, s.gate(f))
	}
	return gates
}

// paperGates are those that the task's own papers decide.
func (t Task) paperGates(f TaskFacts) []Gate {
	settled := t.State != TaskDrafting
	complete := Gate{GateComplete, t.Org, "", settled, "任务名称、执行时间、参与部门等已填写完整。", TaskSubmit} // R65
	if gaps := t.Gaps(f.Facts, f.Today); !settled && len(gaps) > 0 {
		complete.Text, complete.Verb = gaps.Error(), TaskPut
	} else if !settled {
		complete.Text = "已填写完整，尚未报审。"
	}
	gates := []Gate{complete}
	approved := t.ApprovedBy != ""
	for _, p := range t.Parts {
		if p.Org != t.Org {
			done := approved || p.AgreedBy != ""
			gates = append(gates, Gate{GateAgreed, p.Org, "", done, say(done, f.short(p.Org)+"负责人已同意参加检查。", f.short(p.Org)+"负责人尚未同意参加检查。"), TaskAgree})
		}
	}
	return append(gates,
		Gate{GateApproved, t.Org, "", approved, say(approved, "已由"+f.short(t.Org)+"负责人批准。", "每次检查须事先经"+f.short(t.Org)+"负责人批准。"), TaskApprove},
		Gate{GateFiled, t.Org, "", t.FiledBy != "", say(t.FiledBy != "", "已报联席会议办公室备案，备案号 "+t.FilingNo+"。", "批准后须报联席会议办公室备案。"), TaskFile}) // R16
}

// itemsGate: what is on no published list is not inspected: INV-29, 国办发〔2024〕54号.
func (t Task) itemsGate(f TaskFacts) Gate {
	items := t.Items()
	for _, pin := range items {
		if ps := t.itemFault(pin, f.Facts, f.Today); len(ps) > 0 {
			return Gate{GateItems, pin.Org, "", false, ps.Error(), ItemList}
		}
	}
	if ps := t.overdrawn(f.Pool.strata(), f.Facts); len(ps) > 0 {
		return Gate{GateItems, t.Org, "", false, ps.Error(), TaskPut} // R26
	}
	if len(items) == 0 {
		return Gate{GateItems, t.Org, "", false, "还没有抽查事项。", TaskScope}
	}
	return Gate{GateItems, t.Org, "", true, fmt.Sprintf("%d 项抽查事项均已公布并施行。", len(items)), ItemList}
}

// smallPool is the size below which everybody can guess who will be drawn.
const smallPool = 30

// poolGate: there is something to draw from, and enough of it.
func (t Task) poolGate(f TaskFacts) Gate {
	gate := Gate{GatePool, t.Org, "", false, "", MemberConfirm}
	r, err := ParseRatio(t.Ratio)
	n := int64(0)
	if err == nil {
		n = r.Count(f.Pool.Total, f.Pool.Classes)
	}
	switch {
	case err != nil:
		gate.Text, gate.Verb = "还没有填写抽查比例。", TaskPut
	case len(t.Sublibs) == 0:
		gate.Text, gate.Verb = "还没有选择检查对象分库。", TaskPut
	case f.unlisted(t) > 0:
		gate.Text = fmt.Sprintf("上级名单中有 %d 户在名录库中，但不在所选分库。请列入分库并确认，名单不得挑选。", f.Strays) // R64
	case f.Pool.Total == 0:
		gate.Text = "可抽取的检查对象为 0 户。请在所选分库中确认成员。"
	case n == 0:
		gate.Text, gate.Verb = fmt.Sprintf("可抽取 %d 户，按比例“%s”一户也不会抽到。请核对比例和风险等级。", f.Pool.Total, t.Ratio), TaskPut
	case r.Exceeds(f.Pool.Total):
		gate.Text = fmt.Sprintf("可抽取 %d 户，少于应抽户数。请补充分库成员，或修改抽查比例。", f.Pool.Total)
	default:
		gate.Done, gate.Text = true, fmt.Sprintf("可抽取 %d 户，按比例应抽 %d 户。", f.Pool.Total, n)
		if f.Pool.Total < smallPool || f.Pool.Total < 5*n {
			gate.Text += "抽取范围较小，结果容易被预见，请在检查安排中说明。"
		}
	}
	return gate
}

// staffGate: each department has the inspectors that one object needs: C2, C9, R70.
func (t Task) staffGate(f TaskFacts, org OrgID) Gate {
	n := f.Staff[org]
	done := n >= int64(t.Officers)
	text := fmt.Sprintf("%s可抽取执法检查人员 %d 名。", f.short(org), n)
	if !done {
		text = fmt.Sprintf("%s可抽取执法检查人员 %d 名，每户至少需要 %d 名。请登记有效执法证，或调整请假和培训。", f.short(org), n, t.Officers)
	}
	return Gate{GateStaff, org, "", done, text, InspectorCertify}
}

// gate: the library is confirmed, and has not changed since: R36.
func (s LibraryState) gate(f TaskFacts) Gate {
	gate := Gate{GateConfirmed, s.Org, s.Library, s.Current(), "", ConfirmSign}
	switch {
	case s.Last.No == 0:
		gate.Text = fmt.Sprintf("%s尚未确认%s。", f.short(s.Org), s.Library.Text())
	case s.Changed > 0:
		gate.Text = fmt.Sprintf("%s确认%s之后又有 %d 处变动，须再次确认。", f.short(s.Org), s.Library.Text(), s.Changed)
	default:
		gate.Text = fmt.Sprintf("%s已确认%s，共 %d 条。", f.short(s.Org), s.Library.Text(), s.Last.Rows)
	}
	return gate
}

func (f Facts) short(org OrgID) string { return f.Orgs[org].Short }

func say(done bool, met, missing string) string {
	if done {
		return met
	}
	return missing
}

// Ready reports whether all conditions are met.
func Ready(gates []Gate) bool {
	return !slices.ContainsFunc(gates, func(g Gate) bool { return !g.Done })
}

// Missing returns what keeps the task from being drawn, as problems of the act that
// tried: each names the task, and what is missing.
func (t Task) Missing(gates []Gate) Problems {
	var ps Problems
	for _, g := range gates {
		if !g.Done {
			ps = append(ps, ErrLineFault.With(t.Name, g.Text))
		}
	}
	return ps
}

// Turn is who can meet the gate, in words: the department and its posts.
func (g Gate) Turn(facts Facts) string {
	var posts []string
	for _, r := range rules {
		if name := r.Post.Text(); r.Verb == g.Verb && !slices.Contains(posts, name) {
			posts = append(posts, name)
		}
	}
	return facts.short(g.Org) + strings.Join(posts, "、")
}

// MayMeet reports whether the actor is one of those whose turn it is.
func (g Gate) MayMeet(who Actor) bool {
	if who.Org.ID != g.Org || g.Done {
		return false
	}
	return slices.ContainsFunc(rules, func(r Rule) bool { return r.Verb == g.Verb && r.Post == who.Post.Kind })
}
