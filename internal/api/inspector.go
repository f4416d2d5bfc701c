package api

import (
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// An inspectorQuery narrows the list of inspectors.
type inspectorQuery struct {
	Org  inspect.OrgID `query:"org" label:"部门 id"`
	Text string        `query:"q" label:"姓名、拼音首字母或工号" most:"40"`
	From date          `query:"from" label:"任务开始日期，不填为今天" most:"10"`
	To   date          `query:"until" label:"任务结束日期，不填为开始日期" most:"10"`
}

// The inspectors of a region: R38.
type inspectorList struct {
	Inspectors []inspectorItem `json:"inspectors" label:"执法检查人员"`
}

// An inspectorItem is one person of the inspector library. The phone is there for
// the own department only.
type inspectorItem struct {
	No           inspect.InspectorNo   `json:"no" label:"人员序号"`
	Version      int64                 `json:"version" label:"版本" hint:"办理时填入 seen"`
	Org          inspect.OrgID         `json:"org" label:"部门 id"`
	Code         string                `json:"code" label:"单位工号"`
	Name         string                `json:"name" label:"姓名"`
	Category     inspect.StaffCategory `json:"category" label:"人员类别"`
	CategoryText string                `json:"category_text" label:"人员类别（文字）"`
	Division     string                `json:"division" label:"科室"`
	Position     string                `json:"position" label:"职务"`
	Phone        string                `json:"phone,omitempty" label:"手机号，仅本部门"`
	Quals        []string              `json:"quals" label:"岗位资质资格"`
	Items        []string              `json:"items" label:"执法事项范围，空为全部"`
	Units        []string              `json:"units" label:"检查单位范围，空为全部"`
	Areas        []string              `json:"areas" label:"检查区域范围，空为全域"`
	Certificates []certificate         `json:"certificates" label:"执法证"`
	Ended        date                  `json:"ended,omitempty" label:"移出日期"`
	Drawable     bool                  `json:"drawable" label:"在所问日期可以抽取"`
	Obstacle     string                `json:"obstacle,omitempty" label:"不能抽取的原因"`
	Verbs        []inspect.Verb        `json:"verbs" label:"现在可以用本令牌办理的事项"`
}

// A certificate lets its holder inspect.
type certificate struct {
	Kind      inspect.CertificateKind `json:"kind" label:"证件种类"`
	Number    string                  `json:"number" label:"证件编号"`
	Authority string                  `json:"authority" label:"发证机关"`
	From      date                    `json:"from,omitempty" label:"有效期起"`
	Until     date                    `json:"until" label:"有效期止"`
}

func (s *server) inspectors(c *call, q inspectorQuery) (inspectorList, error) {
	days := inspect.Days{From: workday.On(s.Now())}
	for _, d := range []struct {
		given date
		day   *workday.Date
	}{{q.From, &days.From}, {q.To, &days.Until}} {
		if d.given == "" {
			continue
		}
		day, err := workday.Parse(string(d.given))
		if err != nil {
			return inspectorList{}, broken(errType.With("日期", "2026-03-02 这样的日期"))
		}
		*d.day = day
	}
	if days.Until.IsZero() || days.Until.Before(days.From) {
		days.Until = days.From
	}
	all, err := s.DB.Inspectors(c.Context(), c.scope(), store.InspectorFilter{Org: q.Org, Text: q.Text, Since: days.From})
	return inspectorList{each(all, func(f inspect.InspectorFile) inspectorItem { return s.inspectorOf(c, f, days) })}, err
}

func (s *server) inspectorOf(c *call, f inspect.InspectorFile, days inspect.Days) inspectorItem {
	obstacle := f.Drawable(days)
	v := inspectorItem{
		No: f.No, Version: f.Version, Org: f.Org, Code: f.Code, Name: f.Name, Category: f.Category, CategoryText: f.Category.Text(),
		Division: f.Division, Position: f.Position, Phone: f.Phone, Quals: listed(f.Quals), Items: listed(f.Items), Units: listed(f.Units),
		Areas: listed(f.Areas), Ended: dateOf(f.Ended), Drawable: obstacle.Kind == "", Obstacle: obstacle.Text,
		Certificates: each(f.Certificates, func(x inspect.Certificate) certificate {
			return certificate{x.Kind, x.Number, x.Authority, dateOf(x.From), dateOf(x.Until)}
		}),
	}
	verbs := []inspect.Verb{inspect.InspectorPut}
	if f.Ended.IsZero() {
		verbs = slices.Concat(verbs, []inspect.Verb{
			inspect.InspectorEnd, inspect.InspectorCertify, inspect.InspectorPutAway, inspect.InspectorPutTie, inspect.InspectorPutTraining,
		})
	}
	v.Verbs, _ = c.split(verbs, ownerOf(c, f.Org)...)
	return v
}
