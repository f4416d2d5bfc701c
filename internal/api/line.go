package api

import (
	"strings"

	"suicha/internal/inspect"
)

// An orgRef names an organisation.
type orgRef struct {
	ID    inspect.OrgID `json:"id" label:"单位 id"`
	Code  string        `json:"code" label:"单位代码"`
	Name  string        `json:"name" label:"单位名称"`
	Short string        `json:"short" label:"简称"`
}

func orgIn(facts inspect.Facts, id inspect.OrgID) orgRef {
	o := facts.Orgs[id]
	return orgRef{ID: id, Code: o.Code, Name: o.Name, Short: o.Short}
}

// An itemRef names an item.
type itemRef struct {
	ID   inspect.ItemID `json:"id" label:"事项 id"`
	Code string         `json:"code" label:"事项编号"`
	Name string         `json:"name" label:"抽查事项名称"`
	Org  inspect.OrgID  `json:"org" label:"抽查主体 id"`
}

// A sublibraryRef names a sub-library.
type sublibraryRef struct {
	ID   inspect.SublibraryID `json:"id" label:"分库 id"`
	Name string               `json:"name" label:"分库名称"`
}

// An areaRef names a town.
type areaRef struct {
	Code string `json:"code" label:"区域代码"`
	Name string `json:"name" label:"区域名称"`
}

// The lineTerms are what a line of a plan says, with names beside ids.
type lineTerms struct {
	No           int              `json:"no" label:"任务序号" hint:"在计划内固定不变"`
	Name         string           `json:"name" label:"任务名称"`
	Field        string           `json:"field" label:"行业领域"`
	Items        []itemRef        `json:"items" label:"抽查事项"`
	Scope        string           `json:"scope" label:"抽查对象范围"`
	Sublibraries []sublibraryRef  `json:"sublibraries" label:"检查对象分库"`
	Pool         int64            `json:"pool" label:"抽查基数（户）"`
	Ratio        string           `json:"ratio" label:"抽查比例"`
	Planned      int64            `json:"planned" label:"每次计划户数"`
	Frequency    int              `json:"frequency" label:"抽查频次（次/年）"`
	Months       []int            `json:"months" label:"实施检查时间（月）"`
	MonthsText   string           `json:"months_text" label:"实施检查时间（文字）"`
	Areas        []areaRef        `json:"areas" label:"实施区域" hint:"空即为全域"`
	Lead         orgRef           `json:"lead" label:"牵头部门"`
	Partners     []orgRef         `json:"partners" label:"配合部门"`
	Type         inspect.TaskType `json:"type" label:"抽查类型"`
	TypeText     string           `json:"type_text" label:"抽查类型（文字）"`
	Targeted     string           `json:"targeted" label:"是否定向"`
	TargetedText string           `json:"targeted_text" label:"是否定向（文字）"`
	Methods      []inspect.Method `json:"methods" label:"检查方式"`
	MethodsText  string           `json:"methods_text" label:"检查方式（文字）"`
	Mode         inspect.DrawMode `json:"mode" label:"抽查检查模式"`
	ModeText     string           `json:"mode_text" label:"抽查检查模式（文字）"`
	Remark       string           `json:"remark,omitempty" label:"备注"`
}

// termsOf is a line in words: R46, 海政办发〔2020〕2号 二(四).
func termsOf(l inspect.PlanLine, facts inspect.Facts) lineTerms {
	methods := each(l.Methods, func(m inspect.Method) string { return inspect.ChoiceText(inspect.Methods, string(m)) })
	return lineTerms{
		No: l.No, Name: l.Name, Field: l.Field, Scope: l.Scope, Pool: l.Pool, Ratio: l.Ratio, Planned: l.Planned(),
		Frequency: l.Frequency, Months: listed(l.Months.List()), MonthsText: l.Months.Text(), Remark: l.Remark,
		Lead: orgIn(facts, l.Lead), Partners: each(l.Partners, func(id inspect.OrgID) orgRef { return orgIn(facts, id) }),
		Items: each(l.Items, func(id inspect.ItemID) itemRef {
			item := facts.Items[id]
			return itemRef{ID: id, Code: item.Code, Name: item.Name, Org: item.Org}
		}),
		Sublibraries: each(l.Sublibs, func(id inspect.SublibraryID) sublibraryRef { return sublibraryRef{id, facts.Sublibs[id].Name} }),
		Areas:        each(l.Areas, func(code string) areaRef { return areaRef{code, facts.Areas[code]} }),
		Type:         l.Type, TypeText: inspect.ChoiceText(inspect.TaskTypes, string(l.Type)),
		Targeted: l.Targeted, TargetedText: inspect.ChoiceText(inspect.Targeting, l.Targeted),
		Methods: listed(l.Methods), MethodsText: strings.Join(methods, "、"),
		Mode: l.Mode, ModeText: inspect.ChoiceText(inspect.DrawModes, string(l.Mode)),
	}
}
