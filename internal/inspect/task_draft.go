package inspect

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"suicha/internal/workday"
)

// Most and least of a task's numbers.
const (
	OfficersLeast  = 2 // 行政处罚法 四十二: no fewer than two inspectors
	officersMost   = 10
	assistantsMost = 10
	reserveMost    = 1000
	taskDaysMost   = 366
)

// newTask begins a task of org, which leads it: R13, R62. Only a body that may
// inspect begins one: C3, INV-29.
func newTask(id TaskID, org Org, year, serial int, by PersonID, now time.Time) (Task, error) {
	switch {
	case !ValidID(id):
		return Task{}, ErrIdent.At("task")
	case !org.Inspects():
		return Task{}, ErrTaskBody.With(org.Short)
	}
	if err := org.standing(); err != nil {
		return Task{}, err
	}
	return Task{
		ID: id, Region: org.Region, Org: org.ID, Year: year, Serial: serial,
		Number: fmt.Sprintf("%s-%d-%s-r%02d", org.Region, year, org.Code, serial),
		State:  TaskDrafting, DraftedBy: by, DraftedAt: now,
		TaskSettings: TaskSettings{Officers: OfficersLeast, Kind: "daily"},
	}, nil
}

// PlannedTask begins the task of a line of a published plan. Only the department
// that the line names as lead may, and no more often than the line says: R62,
// 海政办发〔2020〕2号 二(五)1. Begun is how many tasks of the line there are.
func PlannedTask(id TaskID, org Org, p Plan, no, begun, serial int, by PersonID, now time.Time) (Task, error) {
	l, ok := p.Line(no)
	switch {
	case !ok || p.State != PlanPublished:
		return Task{}, ErrTaskPlan
	case l.Lead != org.ID:
		return Task{}, ErrTaskLead
	case begun >= l.Frequency:
		return Task{}, ErrTaskUsed.With(l.Name, l.Frequency)
	case p.Year < workday.On(now).Year():
		return Task{}, ErrTaskYear.With(p.Year)
	}
	t, err := newTask(id, org, p.Year, serial, by, now)
	if err != nil {
		return t, err
	}
	t.Source, t.Line = FromPlan, LineRef{p.ID, no}
	t.Planned = TaskPlanned{p.Number, p.Edition, l.Ratio, l.Pool, l.Months, slices.Clone(l.Sublibs), slices.Clone(l.Items)}
	t.TaskTerms = TaskTerms{l.Field, l.Scope, l.Type, l.Targeted, slices.Clone(l.Methods), l.Mode, slices.Clone(l.Areas)}
	t.Name, t.Sublibs, t.Ratio = l.Name, slices.Clone(l.Sublibs), l.Ratio
	t.From, t.Until = l.Months.next(p.Year, workday.On(now))
	if l.Type == "campaign" {
		t.Kind = "special"
	}
	for _, org := range l.Parties() {
		t.Parts = append(t.Parts, TaskPart{Org: org})
	}
	return t, nil
}

// next is the first run of planned months that is not over on today, or the last
// one of the year.
func (m Months) next(year int, today workday.Date) (from, until workday.Date) {
	for month := 1; month <= 12; month++ {
		if !m.Has(month) {
			continue
		}
		from = MonthDay{month, 1}.in(year)
		for month < 12 && m.Has(month+1) {
			month++
		}
		until = MonthDay{month, 31}.in(year)
		if !until.Before(today) {
			break
		}
	}
	if from.Before(today) && !until.Before(today) {
		from = today
	}
	return from, until
}

// UnplannedTask begins a task outside the plan, on a ground that the leader will
// have to approve: R62.
func UnplannedTask(id TaskID, org Org, serial int, source TaskSource, ground, name string, by PersonID, now time.Time) (Task, error) {
	t, err := newTask(id, org, workday.On(now).Year(), serial, by, now)
	if err != nil {
		return t, err
	}
	var ps Problems
	chosen(&ps, UnplannedSources, "source", "任务来源", string(source))
	t.Source = source
	t.Ground = Paragraph(&ps, "ground", "任务依据", ground, 500)
	t.Name = Line(&ps, "name", "任务名称", name, lineNameMost)
	t.Parts = []TaskPart{{Org: org.ID}}
	if source == FromCampaign {
		t.Kind = "special"
	}
	return t, ps.Err()
}

// Like takes over what an older task of the department was set to. What the plan
// fixes stays as the plan says; days are those of the new year: R2.
func (t Task) Like(old Task) Task {
	name, sublibs, ratio, from, until := t.Name, t.Sublibs, t.Ratio, t.From, t.Until
	t.TaskSettings = old.TaskSettings
	t.Reason = ""
	if !t.Unplanned() {
		t.Name, t.Sublibs, t.Ratio, t.From, t.Until = name, sublibs, ratio, from, until
		return t
	}
	t.Name, t.From, t.Until = name, workday.Date{}, workday.Date{}
	t.TaskTerms = old.TaskTerms
	t.Parts = nil
	for _, p := range old.Parts {
		t.Parts = append(t.Parts, TaskPart{Org: p.Org, Items: p.Items})
	}
	return t.keepWhole()
}

// Put settles the task: R65, R66. What differs from the plan needs a reason: R67.
func (t Task) Put(s TaskSettings) (Task, error) {
	next, err := t.step(TaskPut)
	if err != nil {
		return t, err
	}
	var ps Problems
	next.TaskSettings = s
	next = next.keepWhole()
	next.TaskSettings = next.TaskSettings.tidy(&ps, t.Year)
	if len(ps) == 0 {
		next = next.reasoned(&ps)
	}
	return next, ps.Err()
}

func (s TaskSettings) tidy(ps *Problems, year int) TaskSettings {
	s.Name = Line(ps, "name", "任务名称", s.Name, lineNameMost)
	switch {
	case s.From.IsZero():
		*ps = append(*ps, ErrEmpty.With("检查开始日期").At("from"))
	case s.Until.IsZero():
		*ps = append(*ps, ErrEmpty.With("检查结束日期").At("until"))
	case s.Until.Before(s.From) || s.Until.DaysSince(s.From) >= taskDaysMost:
		*ps = append(*ps, ErrDays.With("检查时间").At("until"))
	case s.From.Year() != year || s.Until.Year() != year:
		*ps = append(*ps, ErrTaskDays.With(year).At("from"))
	}
	chosen(ps, InspectionKinds, "kind", "检查类型", s.Kind)
	s.Sealed = s.Sealed || s.NoNotice // R81: what is not announced is not known before
	s.Sublibs = tidyList(ps, "sublibs", "检查对象分库", s.Sublibs)
	if len(s.Sublibs) == 0 {
		*ps = append(*ps, ErrEmpty.With("检查对象分库").At("sublibs"))
	}
	if r, err := ParseRatio(s.Ratio); err != nil {
		*ps = append(*ps, problemsOf(err)...)
	} else {
		s.Ratio = r.Text()
	}
	for _, n := range []struct {
		field, label      string
		n, least, highest int
	}{
		{"officers", "每个部门到场执法人员数", s.Officers, OfficersLeast, officersMost}, {"reserve", "备选户数", s.Reserve, 0, reserveMost},
		{"assistants", "协助人员数", s.Assistants, 0, assistantsMost},
	} {
		if n.n < n.least || n.n > n.highest {
			*ps = append(*ps, ErrRange.With(n.label, n.least, n.highest).At(n.field))
		}
	}
	s.Note = Optional(ps, "note", "检查安排", s.Note, 500)
	s.Reason = Optional(ps, "reason", "与计划不同的理由", s.Reason, 500)
	return s
}

// reasoned asks for the reason of what is not as planned, and forgets one that is
// not needed.
func (t Task) reasoned(ps *Problems) Task {
	switch different := t.deviates(); {
	case different && t.Reason == "":
		*ps = append(*ps, ErrTaskReason)
	case !different:
		t.Reason = ""
	}
	return t
}

// Rescope says what a task outside the plan is about, with which departments. Items
// are pinned by Pin.
func (t Task) Rescope(terms TaskTerms, partners []OrgID) (Task, error) {
	next, err := t.step(TaskScope)
	switch {
	case err != nil:
		return t, err
	case !t.Unplanned():
		return t, ErrTaskFixed
	}
	var ps Problems
	terms.Field = Line(&ps, "field", "行业领域", terms.Field, lineNameMost)
	terms.Scope = Paragraph(&ps, "scope", "抽查对象范围", terms.Scope, lineScopeMost)
	chosen(&ps, TaskTypes, "type", "抽查类型", string(terms.Type))
	chosen(&ps, DrawModes, "mode", "抽查检查模式", string(terms.Mode))
	chosen(&ps, Targeting, "targeted", "是否定向", terms.Targeted)
	if len(terms.Methods) == 0 {
		ps = append(ps, ErrEmpty.With("检查方式").At("methods"))
	}
	for _, m := range terms.Methods {
		chosen(&ps, Methods, "methods", "检查方式", string(m))
	}
	terms.Methods = tidyList(&ps, "methods", "检查方式", terms.Methods)
	terms.Areas = tidyList(&ps, "areas", "实施区域", terms.Areas)
	partners = tidyList(&ps, "partners", "配合部门", partners)
	next.TaskTerms = terms
	next.Parts = []TaskPart{{Org: t.Org}}
	for _, org := range partners {
		if org != t.Org {
			next.Parts = append(next.Parts, TaskPart{Org: org})
		}
	}
	return next, ps.Err()
}

// Pin gives each department its items in the versions of inForce, which is what
// holds on the first day of the task: R23, INV-29. An item that is on no list any
// more is left out, which a task of the plan has to give a reason for. Ids nil are
// the items that the plan names.
func (t Task) Pin(ids []ItemID, inForce map[ItemID]Item) (Task, error) {
	if !t.Unplanned() {
		ids = t.Planned.Items
	}
	var ps Problems
	t.Parts = slices.Clone(t.Parts)
	for i := range t.Parts {
		t.Parts[i].Items = nil
	}
	for _, id := range tidyList(&ps, "items", "抽查事项", ids) {
		item, ok := inForce[id]
		i := slices.IndexFunc(t.Parts, func(p TaskPart) bool { return p.Org == item.Org })
		switch {
		case ok && item.Outside == "" && i >= 0:
			t.Parts[i].Items = append(t.Parts[i].Items, ItemPin{item.ID, item.Version, item.Org})
		case t.Unplanned() && !ok:
			ps = append(ps, ErrTaskItem.At("items"))
		case t.Unplanned() && item.Outside != "": // R111
			ps = append(ps, ErrItemOutside.With(item.Name).At("items"))
		case t.Unplanned():
			ps = append(ps, ErrItemForeign.At("items"))
		}
	}
	return t, ps.Err()
}

// deviates reports whether the task is not as the plan says.
func (t Task) deviates() bool { return len(t.Deviations(Facts{})) > 0 }

// Deviations lists what is not as planned: ratio, months, sub-libraries and items
// are what the plan has fixed: R67, 海政办发〔2020〕2号 二(五)2 "按照预定的比例".
func (t Task) Deviations(facts Facts) []FieldChange {
	if t.Unplanned() {
		return nil
	}
	var all []FieldChange
	if t.Ratio != t.Planned.Ratio {
		all = append(all, FieldChange{"抽查比例", t.Planned.Ratio, t.Ratio})
	}
	if during := monthsOf(t.Days()); during&^t.Planned.Months != 0 {
		all = append(all, FieldChange{"实施检查时间", t.Planned.Months.Text(), during.Text()})
	}
	if sublib := func(id SublibraryID) string { return facts.Sublibs[id].Name }; len(t.Planned.Sublibs) > 0 && !slices.Equal(t.Sublibs, t.Planned.Sublibs) {
		all = append(all, FieldChange{"检查对象分库", join(t.Planned.Sublibs, sublib), join(t.Sublibs, sublib)})
	}
	item := func(id ItemID) string { return facts.Items[id].Name }
	var ids, kept []ItemID
	for _, p := range t.Items() {
		ids = append(ids, p.Item)
	}
	for _, id := range t.Planned.Items {
		if slices.Contains(ids, id) {
			kept = append(kept, id)
		}
	}
	if len(kept) != len(t.Planned.Items) {
		all = append(all, FieldChange{"抽查事项", join(t.Planned.Items, item), join(kept, item)})
	}
	return all
}

// monthsOf is the set of months that the days touch. They are of one year.
func monthsOf(d Days) Months {
	var set Months
	for month := int(d.From.Month()); !d.From.IsZero() && month <= int(d.Until.Month()); month++ {
		set |= 1 << (month - 1)
	}
	return set
}

// Gaps lists what stands between the task and its submission, or its approval: R65,
// R66. Facts have the items as they are listed now.
func (t Task) Gaps(facts Facts, today workday.Date) Problems {
	var ps Problems
	settings := t.TaskSettings
	settings.tidy(&ps, t.Year)
	if t.Field == "" || t.Scope == "" || len(t.Methods) == 0 {
		ps = append(ps, ErrTaskScope)
	}
	if len(ps) == 0 && t.Until.Before(today) {
		ps = append(ps, ErrTaskPast.At("from"))
	}
	ps = append(ps, t.Known(facts)...)
	for _, part := range t.Parts {
		if len(part.Items) == 0 {
			ps = append(ps, ErrPartyIdle.With(t.Name, facts.short(part.Org)))
		}
	}
	ps = append(ps, t.KnownSublibs(facts)...)
	ps = append(ps, t.unlisted(facts, today)...)
	if t.deviates() && t.Reason == "" {
		ps = append(ps, ErrTaskReason)
	}
	return ps
}

// Known refuses departments that may not inspect, or do not exist, and areas of
// elsewhere: C3, INV-29.
func (t Task) Known(facts Facts) Problems {
	var ps Problems
	for _, id := range t.Parties() {
		org, ok := facts.Orgs[id]
		switch {
		case !ok || !org.Inspects() || org.Region != t.Region:
			ps = append(ps, ErrChoice.With("参与部门").At("partners"))
		case !org.Until.IsZero():
			ps = append(ps, ErrOrgGone.With(org.Short, org.Until.String()).At("partners"))
		}
	}
	for _, code := range t.Areas {
		if _, ok := facts.Areas[code]; !ok {
			ps = append(ps, ErrChoice.With("实施区域").At("areas"))
		}
	}
	return ps
}

// KnownSublibs refuses sub-libraries that are none of the task's departments'.
func (t Task) KnownSublibs(facts Facts) Problems {
	for _, id := range t.Sublibs {
		if s, ok := facts.Sublibs[id]; !ok || !slices.Contains(t.Parties(), s.Org) {
			return Problems{ErrTaskSublib.At("sublibs")}
		}
	}
	return nil
}

// unlisted names the items that may not be inspected.
func (t Task) unlisted(facts Facts, today workday.Date) Problems {
	var ps Problems
	for _, pin := range t.Items() {
		ps = append(ps, t.itemFault(pin, facts, today)...)
	}
	return ps
}

// itemFault is why an item may not be inspected: it is on no list (INV-29,
// 国办发〔2024〕54号 "未公布的事项不得检查"), or a general one of which too many objects
// would be drawn: R26.
func (t Task) itemFault(pin ItemPin, facts Facts, today workday.Date) Problems {
	day := t.From
	if day.Before(today) {
		day = today
	}
	item, ok := facts.Items[pin.Item]
	switch {
	case !ok:
		return Problems{ErrTaskItem.At("items")}
	case !item.Drawable(day):
		return Problems{ErrItemRetired.With(item.Name).At("items")}
	}
	if t.Source == FromUpstream { // the sender's share, not ours
		return nil
	}
	return overShare(PlanLine{Ratio: t.Ratio, Pool: t.pool(facts)}, item)
}

// pool is how many objects the task draws from, as far as it is known before they
// are counted.
func (t Task) pool(facts Facts) int64 {
	if t.Planned.Pool > 0 {
		return t.Planned.Pool
	}
	var n int64
	for _, id := range t.Sublibs {
		n += facts.Sublibs[id].Size
	}
	return n
}

// Title is the task's name with its number.
func (t Task) Title() string { return t.Name + "（" + t.Number + "）" }

// Describe returns the task in words, in the order of the approval form: what is
// inspected, by whom, on what ground, how often: 国办发〔2024〕54号.
func (t Task) Describe(facts Facts) []FieldChange {
	org := func(id OrgID) string { return facts.Orgs[id].Short }
	secret := "提前告知检查对象"
	if t.NoNotice {
		secret = "不提前告知"
	}
	list := "抽取后向参与部门公开"
	if t.Sealed {
		list = "封存至检查当日开启"
	}
	source := t.Source.Text()
	if !t.Unplanned() {
		source = fmt.Sprintf("%s %s 第 %d 项", source, t.Planned.Number, t.Line.No)
	}
	return []FieldChange{
		{Label: "任务名称", After: t.Name}, {Label: "任务来源", After: source}, {Label: "任务依据", After: t.Ground},
		{Label: "检查类型", After: ChoiceText(InspectionKinds, t.Kind)}, {Label: "抽查类型", After: ChoiceText(TaskTypes, string(t.Type))},
		{Label: "行业领域", After: t.Field}, {Label: "抽查对象范围", After: t.Scope},
		{Label: "检查对象分库", After: join(t.Sublibs, func(id SublibraryID) string { return facts.Sublibs[id].Name })},
		{Label: "实施区域", After: PlanLine{Areas: t.Areas}.AreaText(facts)}, {Label: "抽查比例", After: t.Ratio},
		{Label: "备选户数", After: strconv.Itoa(t.Reserve) + " 户"}, {Label: "执行时间", After: daysText(t.Days())},
		{Label: "检查方式", After: join(t.Methods, func(m Method) string { return ChoiceText(Methods, string(m)) })},
		{Label: "抽查检查模式", After: ChoiceText(DrawModes, string(t.Mode))}, {Label: "是否定向", After: ChoiceText(Targeting, t.Targeted)},
		{Label: "发起部门", After: org(t.Org)}, {Label: "参与部门", After: join(t.Parties()[min(1, len(t.Parts)):], org)},
		{Label: "到场执法人员", After: "每个部门 " + strconv.Itoa(t.Officers) + " 人"}, {Label: "协助人员", After: strconv.Itoa(t.Assistants) + " 人"},
		{Label: "告知方式", After: secret}, {Label: "抽取名单", After: list}, {Label: "检查安排", After: t.Note},
	}
}

func daysText(d Days) string {
	if d.From.IsZero() {
		return ""
	}
	return d.Text()
}
