package api

import (
	"strconv"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A publicQuery narrows the list of published plans.
type publicQuery struct {
	Year int              `query:"year" label:"年度" least:"2000" most:"2100"`
	Kind inspect.PlanKind `query:"kind" label:"计划种类"`
	Org  inspect.OrgID    `query:"org" label:"编制单位 id"`
	Text string           `query:"text" label:"检索文字" hint:"任务名称、领域或对象范围中的文字" most:"60"`
	paging
}

// A publicPage is one page of the list.
type publicPage struct {
	Plans []publicRow `json:"plans" label:"计划" hint:"每个编号现行有效的一版"`
	Next  string      `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// A publicRow is a published plan as a list shows it: R47.
type publicRow struct {
	Number      string            `json:"number" label:"计划编号"`
	Edition     int               `json:"edition" label:"第几次调整" hint:"0 为原计划"`
	Title       string            `json:"title" label:"名称"`
	Kind        inspect.PlanKind  `json:"kind" label:"计划种类"`
	KindText    string            `json:"kind_text" label:"计划种类（文字）"`
	State       inspect.PlanState `json:"state" label:"状态" hint:"published 现行有效，replaced 已被新版代替"`
	Year        int               `json:"year" label:"年度"`
	Region      string            `json:"region" label:"行政区划代码"`
	Org         orgRef            `json:"org" label:"编制单位"`
	Tasks       int               `json:"tasks" label:"任务数"`
	Objects     int64             `json:"objects" label:"计划抽查户次"`
	PublishedAt instant           `json:"published_at" label:"公布时间"`
	ReplacedAt  instant           `json:"replaced_at,omitempty" label:"被新版代替时间"`
	Href        string            `json:"href" label:"永久地址"`
}

// A publicPlan is a published plan as everybody reads it: no person, no opinion,
// no consent.
type publicPlan struct {
	publicRow
	Reason   string        `json:"reason,omitempty" label:"调整理由"`
	Lines    []lineTerms   `json:"lines" label:"任务"`
	Changes  []change      `json:"changes" label:"与上一版的差别"`
	Editions []editionHref `json:"editions" label:"各版" hint:"新的在前"`
}

// An editionHref leads to an edition.
type editionHref struct {
	Edition     int     `json:"edition" label:"第几次调整"`
	PublishedAt instant `json:"published_at" label:"公布时间"`
	Href        string  `json:"href" label:"永久地址"`
}

func editionPath(p inspect.Plan) string {
	return "/api/v1/public/plans/" + p.Number + "/editions/" + strconv.Itoa(p.Edition)
}

func publicRowOf(p inspect.Plan, facts inspect.Facts) publicRow {
	return publicRow{
		Number: p.Number, Edition: p.Edition, Title: p.Title(), Kind: p.Kind, KindText: p.Kind.Text(), State: p.State, Year: p.Year,
		Region: p.Region, Org: orgIn(facts, p.Org), Tasks: len(p.Standing()), Objects: objects(p),
		PublishedAt: instantOf(p.PublishedAt), ReplacedAt: instantOf(p.ReplacedAt), Href: editionPath(p),
	}
}

// publicPlans lists the plans in force.
func (s *server) publicPlans(c *call, q publicQuery) (publicPage, error) {
	found, next, err := s.plansOf(c, planQuery{
		Year: q.Year, Kind: q.Kind, State: inspect.PlanPublished, Org: q.Org, Text: q.Text, paging: q.paging,
	})
	if err != nil {
		return publicPage{}, err
	}
	facts := s.factsOf(c)
	page := publicPage{Plans: []publicRow{}, Next: next}
	for _, p := range found {
		of, err := facts(p.Region)
		if err != nil {
			return page, err
		}
		page.Plans = append(page.Plans, publicRowOf(p, of))
	}
	return page, nil
}

// A numberPath names the edition in force of a number.
type numberPath struct {
	Number string `path:"number" label:"计划编号" most:"50"`
}

// An editionQuery names one edition for ever.
type editionQuery struct {
	Number  string `path:"number" label:"计划编号" most:"50"`
	Edition int    `path:"edition" label:"第几次调整" hint:"0 为原计划" least:"0" most:"9999"`
}

func (s *server) publicPlan(c *call, q numberPath) (publicPlan, error) {
	return s.publicEdition(c, editionQuery{q.Number, -1})
}

// publicEdition is one edition as everybody reads it: R47, R48.
func (s *server) publicEdition(c *call, q editionQuery) (publicPlan, error) {
	editions, err := s.DB.Plans(c.Context(), c.scope(), store.PlanFilter{Number: q.Number})
	if err != nil {
		return publicPlan{}, err
	}
	for _, p := range editions {
		if p.Edition != q.Edition && (q.Edition >= 0 || p.State != inspect.PlanPublished) {
			continue
		}
		facts, err := s.factsOf(c)(p.Region)
		if err != nil {
			return publicPlan{}, err
		}
		changed, err := s.differenceOf(c, p)
		if err != nil {
			return publicPlan{}, err
		}
		return publicPlan{
			publicRow: publicRowOf(p, facts), Reason: p.Reason, Changes: changed.Changes,
			Lines: each(p.Standing(), func(l inspect.PlanLine) lineTerms { return termsOf(l, facts) }),
			Editions: each(editions, func(e inspect.Plan) editionHref {
				return editionHref{e.Edition, instantOf(e.PublishedAt), editionPath(e)}
			}),
		}, nil
	}
	return publicPlan{}, inspect.ErrMissing
}
