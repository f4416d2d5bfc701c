package inspect

import (
	"fmt"
	"strings"
)

// A Change is one difference between two editions of a plan: R48.
type Change struct {
	No     int
	Name   string // of the line, in the newer edition
	Kind   string // 增, 删 or 改
	Fields []FieldChange
}

// A FieldChange is one field of a changed line, in words.
type FieldChange struct{ Label, Before, After string }

// Describe returns the line's fields in words, in the order of the form, with
// the names of the facts.
func (l PlanLine) Describe(facts Facts) []FieldChange {
	org := func(id OrgID) string { return facts.Orgs[id].Short }
	return []FieldChange{
		{Label: "任务名称", After: l.Name},
		{Label: "行业领域", After: l.Field},
		{Label: "抽查事项", After: join(l.Items, func(id ItemID) string { return facts.Items[id].Name })},
		{Label: "抽查对象范围", After: l.Scope},
		{Label: "检查对象分库", After: join(l.Sublibs, func(id SublibraryID) string { return facts.Sublibs[id].Name })},
		{Label: "抽查基数", After: fmt.Sprintf("%d 户", l.Pool)},
		{Label: "抽查比例", After: l.Ratio},
		{Label: "计划户数", After: fmt.Sprintf("%d 户", l.Planned())},
		{Label: "抽查频次", After: fmt.Sprintf("每年 %d 次", l.Frequency)},
		{Label: "实施检查时间", After: l.Months.Text()},
		{Label: "实施区域", After: l.AreaText(facts)},
		{Label: "牵头部门", After: org(l.Lead)},
		{Label: "配合部门", After: join(l.Partners, org)},
		{Label: "抽查类型", After: ChoiceText(TaskTypes, string(l.Type))},
		{Label: "是否定向", After: ChoiceText(Targeting, l.Targeted)},
		{Label: "检查方式", After: join(l.Methods, func(m Method) string { return ChoiceText(Methods, string(m)) })},
		{Label: "抽查检查模式", After: ChoiceText(DrawModes, string(l.Mode))},
		{Label: "备注", After: l.Remark},
	}
}

// AreaText names the line's areas.
func (l PlanLine) AreaText(facts Facts) string {
	if len(l.Areas) == 0 {
		return "全域"
	}
	return join(l.Areas, func(code string) string { return facts.Areas[code] })
}

func join[T any](list []T, name func(T) string) string {
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = name(v)
	}
	return strings.Join(names, "、")
}

// Diff lists what changed from one edition to the next, line by line, in the
// order of their numbers.
func Diff(before, after Plan, facts Facts) []Change {
	var changes []Change
	for _, l := range after.Standing() {
		old, ok := before.Line(l.No)
		if !ok {
			changes = append(changes, Change{No: l.No, Name: l.Name, Kind: "增", Fields: l.Describe(facts)})
			continue
		}
		if fields := changed(old.Describe(facts), l.Describe(facts)); len(fields) > 0 {
			changes = append(changes, Change{No: l.No, Name: l.Name, Kind: "改", Fields: fields})
		}
	}
	for _, l := range before.Standing() {
		if _, ok := after.Line(l.No); !ok {
			changes = append(changes, Change{No: l.No, Name: l.Name, Kind: "删"})
		}
	}
	return changes
}

func changed(before, after []FieldChange) []FieldChange {
	var fields []FieldChange
	for i := range after {
		if before[i].After != after[i].After {
			fields = append(fields, FieldChange{Label: after[i].Label, Before: before[i].After, After: after[i].After})
		}
	}
	return fields
}
