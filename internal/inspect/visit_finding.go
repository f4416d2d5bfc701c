package inspect

import (
	"slices"
	"strings"
	"time"

	"suicha/internal/workday"
)

// Ids of what is put into a visit.
type (
	EvidenceID string
	MeasureID  string
	HelperID   string
)

// A Finding (检查情况) is what came of one item: R76–R78, 海政办发〔2020〕2号 二(五)4. Only
// the department whose item it is fills it in. An item that was not checked is waived
// with a reason.
type Finding struct {
	Tasks            []TaskID // that want the item checked
	Org              OrgID
	Item             ItemID
	ItemVersion      int64
	ChecklistVersion int64 // that was filled in; 0 if the item has none
	Name             string
	Methods          []Method
	Answers          []Answer
	Codes            []ResultCode
	Corrected        bool // on the spot, of what was ordered to be corrected
	Problem          string
	Handling         string
	Waived           string // why it was not checked
	Edition          int64  // how often it was filled in
	Inspector        InspectorNo
	By               PersonID
	At               time.Time
}

// An Answer is that to one question of the checklist, and what is remarked on it.
type Answer struct{ Question, Value, Note string }

// Filled reports whether the item was checked or waived.
func (f Finding) Filled() bool { return f.Edition > 0 || len(f.Codes) > 0 }

// Negative reports whether the result speaks against the object.
func (f Finding) Negative() bool { return slices.ContainsFunc(f.Codes, ResultCode.Negative) }

// Has reports whether a code is among the results.
func (f Finding) Has(code ResultCode) bool {
	return slices.Contains(f.Codes, code)
}

// The kinds and forms of measures: R82, R83, 海政办发〔2020〕2号 二(五)4(2).
var (
	MeasureKinds = []Choice{{"record", "制作现场笔录"}, {"evidence", "初步提取证据"}, {"stop", "责令停止违法行为"}, {"rectify", "责令改正"}}
	MeasureForms = []Choice{{"written", "书面"}, {"oral", "口头"}, {"printed", "移动执法设备打印"}}
)

// A Measure (监管措施) is what was done about something on the spot. Oral ones are
// written down too: R83.
type Measure struct {
	ID     MeasureID
	Kind   string
	Form   string
	Text   string
	Law    string // the clause that was offended against
	Basis  string // the clause under which it is ordered
	Due    workday.Date
	Org    OrgID
	Item   ItemID // that it is about; empty for all
	Member InspectorNo
	By     PersonID
	At     time.Time
}

// A Helper (第三方、专家) said something about an item. Helpers never sign: R59, R75, C1.
type Helper struct {
	ID         HelperID
	Name       string
	Unit       string
	Item       ItemID
	Conclusion string
	Paper      EvidenceID // the report; empty if there is none
	Member     InspectorNo
	By         PersonID
	At         time.Time
}

// EvidenceKinds are the kinds of evidence.
var EvidenceKinds = []Choice{{"photo", "照片"}, {"video", "录像"}, {"audio", "录音"}, {"scan", "扫描件"}, {"document", "文书、材料"}}

// Evidence (证据) is one file. The record keeps its digest, so that the file cannot be
// exchanged; Claimed is when it was taken, as the telephone says, At when it came.
type Evidence struct {
	ID      EvidenceID
	SHA256  string
	Size    int64
	Type    string // of the content: image/jpeg
	Kind    string
	Name    string
	Item    ItemID // that it is about; empty for all
	Org     OrgID
	Member  InspectorNo
	Claimed time.Time
	By      PersonID
	At      time.Time
}

// A Blob is a file that the platform holds.
type Blob struct {
	Size int64
	Type string
}

// SpecialKinds are why a visit cannot be made: R100, 海政办发〔2020〕2号 二(六)
// "无法联系、不予配合检查情节严重".
var SpecialKinds = []Choice{{string(Unreachable), "通过登记的住所（经营场所）无法联系"}, {string(NonCooperation), "不予配合检查情节严重"}}

// A Special is a visit that led to a result without checklists: R100.
type Special struct {
	Kind      ResultCode    // Unreachable or NonCooperation; empty for a visit that goes its way
	Day       workday.Date  // on the spot
	Officers  []InspectorNo // who were there, two at least
	Tried     string        // what was tried, and what happened
	Statement string        // of the officers, on what was refused
	Witness   string
	Recording EvidenceID
	Claimed   time.Time
	By        PersonID
	At        time.Time
}

// holds reports whether a piece of evidence is there, of one of the kinds if any are
// named.
func (v Visit) holds(id EvidenceID, kinds ...string) bool {
	return slices.ContainsFunc(slices.Concat(v.Evidence, v.Papers), func(e Evidence) bool {
		return e.ID == id && (len(kinds) == 0 || slices.Contains(kinds, e.Kind))
	})
}

// Finding finds that of an item.
func (v Visit) Finding(item ItemID) (Finding, bool) {
	i := slices.IndexFunc(v.Findings, func(f Finding) bool { return f.Item == item })
	if i < 0 {
		return Finding{}, false
	}
	return v.Findings[i], true
}

// Fill writes down what came of an item. In holds what was found, and the edition of
// the finding and the version of the checklist that were seen.
//
// R78, 海政办发〔2020〕2号 二(五)4: only a member of the department whose item it is.
func (v Visit) Fill(in Finding, list Checklist, by Officer) (Visit, error) {
	next, err := v.step(VisitFill)
	if err != nil {
		return v, err
	}
	i := slices.IndexFunc(v.Findings, func(f Finding) bool { return f.Item == in.Item })
	if i < 0 {
		return v, ErrMissing
	}
	f := v.Findings[i]
	switch {
	case f.Org != by.Org:
		return v, ErrVisitForeign
	case f.Edition != in.Edition, list.Version != in.ChecklistVersion:
		return v, ErrStale
	}
	var ps Problems
	f.Answers, f.Codes, f.Corrected, f.Problem, f.Handling = nil, nil, false, "", ""
	if f.Waived = Optional(&ps, "waived", "未检查的理由", in.Waived, 500); f.Waived == "" {
		f.Methods = in.Methods
		for _, m := range f.Methods {
			chosen(&ps, Methods, "methods", "检查方式", string(m))
		}
		f.Answers = v.answers(&ps, list, in.Answers)
		f.result(&ps, in)
	}
	f.ChecklistVersion, f.Edition = list.Version, f.Edition+1
	f.Inspector, f.By, f.At = by.Inspector, by.Person, by.Now
	next.Findings = slices.Clone(v.Findings)
	next.Findings[i] = f
	return next, ps.Err()
}

// answers are those to the questions that are asked, given the others: R76. What was
// answered to a question that is not asked is left out.
func (v Visit) answers(ps *Problems, list Checklist, given []Answer) (answers []Answer) {
	said := map[string]string{}
	notes := map[string]string{}
	for _, a := range given {
		i := slices.IndexFunc(list.Questions, func(q Question) bool { return q.Name == a.Question })
		if _, again := said[a.Question]; i < 0 || again {
			*ps = append(*ps, ErrChoice.With("检查内容").At("answers"))
			return nil
		}
		q := list.Questions[i]
		said[a.Question] = q.Value(Optional(ps, "answers", q.Label, a.Value, 500))
		notes[a.Question] = Optional(ps, "notes", "情况说明", a.Note, 500)
	}
	for _, q := range list.Shown(said) {
		value := said[q.Name]
		switch {
		case q.Type == AskNote:
			continue
		case value == "" && q.Required:
			*ps = append(*ps, ErrVisitAnswer.With(q.Label).At("answers"))
		case value != "" && q.Type == AskPhoto && !v.holdsAll(value), value != "" && q.Type != AskPhoto && !q.Takes(value):
			*ps = append(*ps, ErrVisitValue.With(q.Label).At("answers"))
		}
		if value != "" || notes[q.Name] != "" {
			answers = append(answers, Answer{q.Name, value, notes[q.Name]})
		}
	}
	return answers
}

// holdsAll reports whether every piece of evidence that a text names is there.
func (v Visit) holdsAll(ids string) bool {
	return !slices.ContainsFunc(strings.Fields(ids), func(id string) bool { return !v.holds(EvidenceID(id), "photo", "scan") })
}

// result takes over the codes, and what has to be said of them.
func (f *Finding) result(ps *Problems, in Finding) {
	f.Codes = slices.Compact(slices.Clone(in.Codes))
	negative := false
	for _, c := range f.Codes {
		switch {
		case !c.Known():
			*ps = append(*ps, ErrChoice.With("检查结果").At("codes"))
		case c.BySpecial():
			*ps = append(*ps, ErrVisitSpecial.With(c.Text()).At("codes"))
		case c == NoProblem && len(f.Codes) > 1:
			*ps = append(*ps, ErrVisitCodes.At("codes"))
		}
		negative = negative || c.Negative()
	}
	if len(f.Codes) == 0 {
		*ps = append(*ps, ErrVisitNoCode.At("codes"))
	}
	f.Corrected = in.Corrected && f.Has(OrderedToCorrect)
	f.Problem = Optional(ps, "problem", "发现的问题", in.Problem, 1000)
	f.Handling = Optional(ps, "handling", "处置情况", in.Handling, 1000)
	if negative && f.Problem == "" {
		*ps = append(*ps, ErrEmpty.With("发现的问题").At("problem"))
	}
	if (f.Has(OrderedToCorrect) || f.Has(ProblemPending)) && f.Handling == "" {
		*ps = append(*ps, ErrEmpty.With("处置情况").At("handling"))
	}
}

// The most of what is put into a visit.
const (
	measuresMost = 50
	helpersMost  = 20
	evidenceMost = 200
)

// Measure notes a measure, or corrects one of the same department: R82, R83,
// 海政办发〔2020〕2号 二(五)4(2).
func (v Visit) Measure(m Measure, by Officer) (Visit, error) {
	next, err := v.step(VisitMeasure)
	if err != nil {
		return v, err
	}
	var ps Problems
	if !ValidID(m.ID) {
		ps = append(ps, ErrIdent.At("id"))
	}
	chosen(&ps, MeasureKinds, "kind", "措施", m.Kind)
	chosen(&ps, MeasureForms, "manner", "方式", m.Form)
	m.Text = Paragraph(&ps, "text", "内容", m.Text, 1000)
	m.Law = Optional(&ps, "law", "违反的规定", m.Law, 300)
	m.Basis = Optional(&ps, "basis", "依据", m.Basis, 300)
	order := m.Kind == "stop" || m.Kind == "rectify"
	if order && m.Basis == "" {
		ps = append(ps, ErrEmpty.With("依据").At("basis"))
	}
	if m.Kind != "rectify" {
		m.Due = workday.Date{}
	} else if m.Due.IsZero() || m.Due.Before(v.Start.Day) {
		ps = append(ps, ErrVisitDue.At("due"))
	}
	if f, ok := v.Finding(m.Item); m.Item != "" && (!ok || f.Org != by.Org) {
		ps = append(ps, ErrVisitForeign.At("item"))
	}
	m.Org, m.Member, m.By, m.At = by.Org, by.Inspector, by.Person, by.Now
	next.Measures = slices.Clone(v.Measures)
	i := slices.IndexFunc(v.Measures, func(o Measure) bool { return o.ID == m.ID })
	switch {
	case i >= 0 && v.Measures[i].Org != by.Org:
		return v, ErrVisitForeign
	case i >= 0:
		next.Measures[i] = m
	case len(v.Measures) == measuresMost:
		return v, ErrNotFinite.With(measuresMost)
	default:
		next.Measures = append(next.Measures, m)
	}
	return next, ps.Err()
}

// Help notes what a third party or an expert said of an item of the own department:
// R59, R75. They sign nothing: C1.
func (v Visit) Help(h Helper, by Officer) (Visit, error) {
	next, err := v.step(VisitHelper)
	if err != nil {
		return v, err
	}
	var ps Problems
	if !ValidID(h.ID) || slices.ContainsFunc(v.Helpers, func(o Helper) bool { return o.ID == h.ID }) {
		ps = append(ps, ErrIdent.At("id"))
	}
	if f, ok := v.Finding(h.Item); !ok || f.Org != by.Org {
		ps = append(ps, ErrVisitForeign.At("item"))
	}
	if len(v.Helpers) == helpersMost {
		ps = append(ps, ErrNotFinite.With(helpersMost))
	}
	h.Name = Line(&ps, "name", "姓名", h.Name, 40)
	h.Unit = Line(&ps, "unit", "所在单位", h.Unit, 100)
	h.Conclusion = Paragraph(&ps, "conclusion", "意见", h.Conclusion, 1000)
	if h.Paper != "" && !v.holds(h.Paper) {
		ps = append(ps, ErrVisitEvidence.At("paper"))
	}
	h.Member, h.By, h.At = by.Inspector, by.Person, by.Now
	next.Helpers = append(slices.Clone(v.Helpers), h)
	return next, ps.Err()
}

// Attach adds a file that the platform holds. What comes after the conclusion belongs
// to the signatures.
func (v Visit) Attach(e Evidence, blob Blob, by Officer) (Visit, error) {
	next, err := v.step(VisitAttach)
	if err != nil {
		return v, err
	}
	var ps Problems
	if !ValidID(e.ID) || v.holds(e.ID) {
		ps = append(ps, ErrIdent.At("id"))
	}
	if !evidenceForm.MatchString(e.SHA256) {
		ps = append(ps, ErrVisitBlob.At("sha256"))
	}
	chosen(&ps, EvidenceKinds, "kind", "证据种类", e.Kind)
	e.Name = Line(&ps, "name", "名称", e.Name, 100)
	e.Claimed = claimed(&ps, e.Claimed, by.Now)
	if f, ok := v.Finding(e.Item); e.Item != "" && (!ok || f.Org != by.Org) {
		ps = append(ps, ErrVisitForeign.At("item"))
	}
	if len(v.Evidence)+len(v.Papers) >= evidenceMost {
		ps = append(ps, ErrNotFinite.With(evidenceMost))
	}
	e.Size, e.Type = blob.Size, blob.Type
	e.Org, e.Member, e.By, e.At = by.Org, by.Inspector, by.Person, by.Now
	if v.State == VisitConcluded {
		next.Papers = append(slices.Clone(v.Papers), e)
	} else {
		next.Evidence = append(slices.Clone(v.Evidence), e)
	}
	return next, ps.Err()
}

// Set leads the visit to a result without checklists: R100, 海政办发〔2020〕2号 二(六)
// "致使无法开展实质性检查". What evidence it needs is asked for at the conclusion.
func (v Visit) Set(s Special, x Team, members []VisitMember, by Officer) (Visit, error) {
	next, err := v.step(VisitSpecial)
	if err != nil {
		return v, err
	}
	var ps Problems
	chosen(&ps, SpecialKinds, "kind", "情形", string(s.Kind))
	s.Claimed = claimed(&ps, s.Claimed, by.Now)
	s.Day = workday.On(s.Claimed)
	if s.Day.Before(x.Days.From) {
		ps = append(ps, ErrVisitEarly.With(x.Days.From.Full()).At("claimed"))
	}
	if s.Officers = present(&ps, s.Officers, members); len(s.Officers) < 2 {
		ps = append(ps, ErrVisitTwo.At("officers"))
	}
	s.Tried = Paragraph(&ps, "tried", "经过", s.Tried, 1000)
	if s.Kind == NonCooperation {
		s.Statement = Paragraph(&ps, "statement", "检查人员说明", s.Statement, 1000)
	} else {
		s.Statement = ""
	}
	s.Witness = short(&ps, "witness", "见证人", s.Witness, 60)
	if s.Recording != "" && !v.holds(s.Recording, "video", "audio") {
		ps = append(ps, ErrVisitRecording.At("recording"))
	}
	s.By, s.At = by.Person, by.Now
	next.Special, next.Members = s, members
	return next, ps.Err()
}
