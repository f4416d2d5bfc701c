package api

import (
	"math"
	"slices"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// A timeline is what was done to a plan.
type timeline struct {
	Entries []step `json:"entries" label:"条目" hint:"新的在前，最多 200 条"`
}

// A step is one entry of a timeline.
type step struct {
	N        int64        `json:"n" label:"存证序号"`
	Code     string       `json:"code" label:"回执码"`
	At       instant      `json:"at" label:"时间"`
	Verb     inspect.Verb `json:"verb" label:"办理事项"`
	VerbText string       `json:"verb_text" label:"办理事项（文字）"`
	Org      string       `json:"org" label:"单位"`
	Post     string       `json:"post,omitempty" label:"岗位"`
	Person   string       `json:"person,omitempty" label:"办理人"`
	Was      string       `json:"was,omitempty" label:"之前的状态"`
	Becomes  string       `json:"becomes,omitempty" label:"之后的状态"`
	Proof    string       `json:"proof" label:"证明地址"`
}

const timelineMost = 200

// timeline tells who did what to a plan. To those for whom the plan is merely
// public, it tells which organisation, not which person, and only the steps that
// made it public.
func (s *server) timeline(c *call, q planPath) (timeline, error) {
	p, err := s.DB.Plan(c.Context(), c.scope(), q.ID)
	if err != nil {
		return timeline{}, err
	}
	entries, err := s.DB.Timeline(c.Context(), c.scope(), "plan", string(p.ID), timelineMost)
	if err != nil {
		return timeline{}, err
	}
	inside := insider(p, c.who())
	entries = slices.DeleteFunc(entries, func(e store.TimelineEntry) bool {
		return !ofPlan(e.Verb) || !inside && e.Verb != inspect.PlanPublish
	})
	return timeline{each(entries, func(e store.TimelineEntry) step {
		v := step{N: e.N, Code: e.Code(), At: instantOf(e.At), Verb: e.Verb, VerbText: e.Verb.Text(), Org: e.OrgName,
			Was: e.Was, Becomes: e.Becomes, Proof: entryPath(e.N)}
		if inside {
			v.Post, v.Person = e.Post.Text(), e.Name
		}
		return v
	})}, nil
}

// ofPlan reports whether an entry that touched the plan's id was about the plan.
// Ids are made by the asker, so another thing could bear the same one.
func ofPlan(v inspect.Verb) bool {
	return strings.HasPrefix(string(v), "plan.") && v != inspect.PlanUrge
}

// A difference is what one edition changed of the one before: R48.
type difference struct {
	From    inspect.PlanID `json:"from,omitempty" label:"上一版的计划 id" hint:"原计划没有上一版"`
	To      inspect.PlanID `json:"to" label:"这一版的计划 id"`
	Reason  string         `json:"reason,omitempty" label:"调整理由"`
	Changes []change       `json:"changes" label:"改动"`
}

// A change is one changed line.
type change struct {
	No     int           `json:"no" label:"任务序号"`
	Name   string        `json:"name" label:"任务名称"`
	Kind   string        `json:"kind" label:"增、删或改"`
	Fields []fieldChange `json:"fields" label:"改动的内容"`
}

// A fieldChange is one changed field in words.
type fieldChange struct {
	Label  string `json:"label" label:"项目"`
	Before string `json:"before" label:"原来"`
	After  string `json:"after" label:"现在"`
}

func (s *server) diff(c *call, q planPath) (difference, error) {
	p, err := s.DB.Plan(c.Context(), c.scope(), q.ID)
	if err != nil {
		return difference{}, err
	}
	return s.differenceOf(c, p)
}

func (s *server) differenceOf(c *call, p inspect.Plan) (difference, error) {
	d := difference{To: p.ID, Changes: []change{}}
	if p.Amends == "" {
		return d, nil
	}
	before, err := s.DB.Plan(c.Context(), c.scope(), p.Amends)
	if err != nil {
		return d, err
	}
	facts, err := s.factsOf(c)(p.Region)
	if err != nil {
		return d, err
	}
	d.From, d.Reason = before.ID, p.Reason
	d.Changes = each(inspect.Diff(before, p, facts), func(one inspect.Change) change {
		return change{one.No, one.Name, one.Kind, each(one.Fields, func(f inspect.FieldChange) fieldChange { return fieldChange(f) })}
	})
	return d, nil
}

// A coverage is what a year's plans reach: R42, R49, R50, R52.
type coverage struct {
	Year    int       `json:"year" label:"年度"`
	Numbers []string  `json:"numbers" label:"统计在内的计划编号"`
	Gaps    int       `json:"gaps" label:"没有列入计划的事项数"`
	Items   []reached `json:"items" label:"各抽查事项"`
	Orgs    []reached `json:"orgs" label:"各部门"`
	Areas   []reached `json:"areas" label:"各区域"`
	Objects []burden  `json:"objects" label:"各分库每户的抽查次数"`
}

// A reached thing is counted by month.
type reached struct {
	ID     string        `json:"id" label:"id 或者代码"`
	Name   string        `json:"name" label:"名称"`
	Org    inspect.OrgID `json:"org,omitempty" label:"部门 id"`
	Months []int         `json:"months" label:"一至十二月的任务数"`
	Total  int           `json:"total" label:"全年任务数"`
	Joint  int           `json:"joint" label:"其中联合抽查"`
}

// A burden is what the plans mean for one object of a sub-library: R52.
type burden struct {
	ID       inspect.SublibraryID `json:"id" label:"分库 id"`
	Name     string               `json:"name" label:"分库名称"`
	Org      inspect.OrgID        `json:"org" label:"部门 id"`
	Size     int64                `json:"size" label:"户数"`
	Draws    int                  `json:"draws" label:"全年抽取次数"`
	Expected float64              `json:"expected" label:"每户预计被抽查次数"`
	OverCap  float64              `json:"over_cap" label:"一户超过年度上限的概率"`
	Breaks   bool                 `json:"breaks" label:"预计超过年度上限"`
	Risks    bool                 `json:"risks" label:"可能超过年度上限"`
}

// coverageMost bounds the editions that one reckoning reads.
const coverageMost = 5000

// coverage reckons what the year's plans reach together with this one, of those
// that the caller may see.
func (s *server) coverage(c *call, q planPath) (coverage, error) {
	p, err := s.DB.Plan(c.Context(), c.scope(), q.ID)
	if err != nil {
		return coverage{}, err
	}
	all, err := s.DB.Plans(c.Context(), c.scope(), store.PlanFilter{Region: p.Region, Year: p.Year, NotDone: true, Most: coverageMost})
	if err != nil {
		return coverage{}, err
	}
	plans := slices.DeleteFunc(inspect.Current(all), func(other inspect.Plan) bool {
		return other.Number == p.Number || other.ID == p.MergedInto // which would count p's lines twice
	})
	plans = append(plans, p)
	ctx, scope := c.Context(), c.scope()
	items, err := s.DB.Items(ctx, scope, p.Region)
	if err != nil {
		return coverage{}, err
	}
	today := workday.On(s.Now())
	items = slices.DeleteFunc(items, func(i inspect.Item) bool { return !i.Listed(today) })
	orgs, err := s.DB.Orgs(ctx, scope, p.Region)
	if err != nil {
		return coverage{}, err
	}
	areas, err := s.DB.Areas(ctx, scope, p.Region)
	if err != nil {
		return coverage{}, err
	}
	sublibs, err := s.DB.Sublibraries(ctx, scope, p.Region)
	if err != nil {
		return coverage{}, err
	}
	return coverageOf(p.Year, plans, inspect.Cover(plans, items, orgs, areas, sublibs)), nil
}

func coverageOf(year int, plans []inspect.Plan, reach inspect.Coverage) coverage {
	counted := func(r inspect.Row) reached {
		return reached{ID: r.ID, Name: r.Name, Org: r.Org, Months: r.Months[:], Total: r.Total, Joint: r.Joint}
	}
	v := coverage{
		Year: year, Numbers: each(plans, func(p inspect.Plan) string { return p.Number }), Gaps: reach.Gaps(),
		Items: each(reach.Items, counted), Orgs: each(reach.Orgs, counted), Areas: each(reach.Areas, counted),
		Objects: each(reach.Burdens, func(b inspect.Burden) burden {
			return burden{
				ID: b.Sublibrary.ID, Name: b.Sublibrary.Name, Org: b.Sublibrary.Org, Size: b.Sublibrary.Size, Draws: b.Draws,
				Expected: rounded(b.Expected), OverCap: rounded(b.OverCap), Breaks: b.Breaks(), Risks: b.Risks(),
			}
		}),
	}
	slices.Sort(v.Numbers)
	return v
}

// rounded is n to four places: an estimate has no more.
func rounded(n float64) float64 { return math.Round(n*10000) / 10000 }

// A yearQuery names a year.
type yearQuery struct {
	Year int `query:"year" label:"年度" hint:"不填为今年" least:"2000" most:"2100"`
}

// The deadlines of a year: R44, R45, C6.
type deadlines struct {
	Year            int  `json:"year" label:"年度"`
	Today           date `json:"today" label:"今天"`
	Filing          date `json:"filing" label:"部门计划报送时限"`
	FilingLeft      int  `json:"filing_left" label:"距报送时限的天数" hint:"负数为已过天数"`
	Publication     date `json:"publication" label:"联合计划公布时限"`
	PublicationLeft int  `json:"publication_left" label:"距公布时限的天数" hint:"负数为已过天数"`
}

func (s *server) deadlines(_ *call, q yearQuery) (deadlines, error) {
	today := workday.On(s.Now())
	if q.Year == 0 {
		q.Year = today.Year()
	}
	filing, publication := s.Deadlines.FilingDue(q.Year), s.Deadlines.PublicationDue(q.Year)
	return deadlines{
		Year: q.Year, Today: dateOf(today), Filing: dateOf(filing), FilingLeft: filing.DaysSince(today),
		Publication: dateOf(publication), PublicationLeft: publication.DaysSince(today),
	}, nil
}
