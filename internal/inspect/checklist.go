package inspect

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/workday"
)

// A QuestionType (题型) is how a question is answered.
type QuestionType string

// The types of questions.
const (
	AskYesNo  QuestionType = "yesno" // 是、否、不适用
	AskOne    QuestionType = "one"
	AskMany   QuestionType = "many"
	AskNumber QuestionType = "number"
	AskText   QuestionType = "text"
	AskPhoto  QuestionType = "photo"
	AskNote   QuestionType = "note" // says something and asks nothing
)

// QuestionTypes lists the types in the order of the form.
var QuestionTypes = []Choice{
	{string(AskYesNo), "是否"}, {string(AskOne), "单选"}, {string(AskMany), "多选"}, {string(AskNumber), "数字"},
	{string(AskText), "文字"}, {string(AskPhoto), "照片"}, {string(AskNote), "说明"},
}

// YesNo are the answers to a question of the type AskYesNo.
var YesNo = []Choice{{"yes", "是"}, {"no", "否"}, {"na", "不适用"}}

// A Question (检查内容) is one line of a checklist.
type Question struct {
	Name     string // names the answer, for ever: licence_shown
	Type     QuestionType
	Label    string // 检查内容
	Hint     string // 操作方法与要领
	Choices  []Choice
	Default  string
	Required bool
	If       string   // shown only if the question of this name …
	Is       []string // … has one of these answers
}

// A Checklist (检查表单) is what an inspector checks for one item. It is public with
// the item; every change is a version: R23.
type Checklist struct {
	ID        ItemID // of its item
	Version   int64
	Questions []Question
	Reason    string
	Effective workday.Date
	By        PersonID
	At        time.Time
}

const (
	questionsMost = 200
	choicesMost   = 50
)

var questionNameForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,31}$`)

// choiceForm is the form of an option's value: what tools outside write, too.
var choiceForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$`)

// Amend is the next version of the checklist.
func (c Checklist) Amend(questions []Question, reason string, by PersonID, now time.Time) (Checklist, error) {
	var ps Problems
	switch {
	case len(questions) == 0 && c.Version == 0:
		return c, ErrEmpty.With("检查内容").At("questions")
	case len(questions) > questionsMost:
		return c, ErrNotFinite.With(questionsMost).At("questions")
	}
	if reason = Optional(&ps, "reason", "变更理由", reason, 500); reason == "" && len(ps) == 0 {
		if c.Version > 0 {
			ps = append(ps, ErrReason)
		}
		reason = "编制表单"
	}
	tidy := make([]Question, len(questions))
	for n, q := range questions {
		var err error
		tidy[n], err = q.tidy(tidy[:n])
		for _, p := range faultsOf(err) {
			ps = append(ps, ErrQuestionRow.With(n+1, p.Error()))
		}
	}
	c.Questions, c.Reason, c.By, c.At, c.Effective = tidy, reason, by, now, workday.On(now)
	return c, ps.Err()
}

// tidy brings a question into its one form, or says what is wrong with it. Before
// are the questions above it.
func (q Question) tidy(before []Question) (Question, error) {
	var ps Problems
	if !questionNameForm.MatchString(q.Name) {
		ps = append(ps, ErrQuestionName)
	}
	if slices.ContainsFunc(before, func(o Question) bool { return o.Name == q.Name }) {
		ps = append(ps, ErrQuestionTwice.With(q.Name))
	}
	if !slices.ContainsFunc(QuestionTypes, func(c Choice) bool { return c.Value == string(q.Type) }) {
		return q, append(ps, ErrQuestionType.With(shown(string(q.Type))))
	}
	q.Label = Paragraph(&ps, "label", "检查内容", q.Label, 300)
	q.Hint = Optional(&ps, "hint", "操作方法与要领", q.Hint, 500)
	q.Choices = q.tidyChoices(&ps)
	if q.Type == AskNote {
		q.Required = false
	}
	q.Default = q.Value(Optional(&ps, "default", "默认答案", q.Default, 500))
	if q.Default != "" && !q.Takes(q.Default) {
		ps = append(ps, ErrDefault.With(shown(q.Default)))
	}
	if i := slices.IndexFunc(before, func(o Question) bool { return o.Name == q.If }); i >= 0 {
		q.Is = each(q.Is, before[i].Value)
	}
	ps = append(ps, q.condition(before)...)
	if q.If == "" {
		q.Is = nil
	}
	return q, ps.Err()
}

// tidyChoices cleans the options. One without a value of its own is named by its
// place: a value that is in use never changes its meaning.
func (q Question) tidyChoices(ps *Problems) []Choice {
	if q.Type != AskOne && q.Type != AskMany {
		if len(q.Choices) > 0 {
			*ps = append(*ps, ErrChoicesMany)
		}
		return nil
	}
	var tidy []Choice
	for n, c := range q.Choices {
		c.Text = Line(ps, "choices", "选项", c.Text, 60)
		if c.Value == "" {
			c.Value = "c" + strconv.Itoa(n+1)
		}
		if !choiceForm.MatchString(c.Value) || slices.ContainsFunc(tidy, func(o Choice) bool { return o.Value == c.Value || o.Text == c.Text }) {
			*ps = append(*ps, ErrChoicesFew)
		}
		tidy = append(tidy, c)
	}
	switch {
	case len(tidy) < 2:
		*ps = append(*ps, ErrChoicesFew)
	case len(tidy) > choicesMost:
		*ps = append(*ps, ErrChoicesMany)
	}
	return tidy
}

// Options are the answers that one chooses from; none where one writes.
func (q Question) Options() []Choice {
	if q.Type == AskYesNo {
		return YesNo
	}
	return q.Choices
}

// Value is an answer as it is kept: people write the words of an option, 是, and
// programs its value, yes.
func (q Question) Value(answer string) string {
	return q.eachOption(answer, " ", func(text string) string {
		for _, c := range q.Options() {
			if c.Text == text {
				return c.Value
			}
		}
		return text
	})
}

// Words is an answer as people read and write it.
func (q Question) Words(answer string) string {
	return q.eachOption(answer, "\n", func(value string) string { return ChoiceText(q.Options(), value) })
}

// eachOption turns each option of an answer into something else. Several have a
// blank between them, or a line break where they are words.
func (q Question) eachOption(answer, between string, turn func(string) string) string {
	if q.Type != AskMany {
		return turn(answer)
	}
	if parts := strings.Fields(answer); q.Takes(answer) {
		return strings.Join(each(parts, turn), between)
	}
	return strings.Join(each(filled(answer), turn), between)
}

var numberForm = regexp.MustCompile(`^-?[0-9]{1,12}(\.[0-9]{1,6})?$`)

// Takes reports whether answer is one to the question. Several choices have a
// blank between them.
func (q Question) Takes(answer string) bool {
	is := func(value string) bool {
		return slices.ContainsFunc(q.Options(), func(c Choice) bool { return c.Value == value })
	}
	switch q.Type {
	case AskYesNo, AskOne:
		return is(answer)
	case AskMany:
		values := strings.Fields(answer)
		return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return !is(v) })
	case AskNumber:
		return numberForm.MatchString(answer)
	}
	return q.Type == AskText
}

// condition says what is wrong with when the question is shown. It looks back
// only, so no conditions chase each other in a ring.
func (q Question) condition(before []Question) Problems {
	if q.If == "" {
		return nil
	}
	i := slices.IndexFunc(before, func(o Question) bool { return o.Name == q.If })
	if i < 0 || before[i].Type == AskNote || before[i].Type == AskPhoto || len(q.Is) == 0 || len(q.Is) > choicesMost {
		return Problems{ErrConditionOn}
	}
	for _, answer := range q.Is {
		if !before[i].Takes(answer) || len(answer) > 200 || before[i].Type == AskMany && strings.ContainsAny(answer, " ") {
			return Problems{ErrConditionIs.With(shown(answer))}
		}
	}
	return nil
}

// shown is a text that somebody sent, fit to be put into a sentence.
func shown(text string) string {
	text = strings.Map(func(r rune) rune {
		if unseen(r, false) {
			return '□'
		}
		return r
	}, strings.ToValidUTF8(text, "□"))
	if runes := []rune(text); len(runes) > 30 {
		return string(runes[:30]) + "…"
	}
	return text
}

// Shown returns the questions that are to be answered, given the answers so far. A
// question whose condition is on one that is not shown is not shown either.
func (c Checklist) Shown(answers map[string]string) []Question {
	var seen []Question
	visible := map[string]Question{}
	for _, q := range c.Questions {
		if q.If != "" {
			on, ok := visible[q.If]
			if !ok || !on.answered(answers[q.If], q.Is) {
				continue
			}
		}
		visible[q.Name] = q
		seen = append(seen, q)
	}
	return seen
}

func (q Question) answered(answer string, is []string) bool {
	given := []string{answer}
	if q.Type == AskMany {
		given = strings.Fields(answer)
	}
	return slices.ContainsFunc(given, func(a string) bool { return slices.Contains(is, a) })
}

// Condition says in words when the question is shown.
func (c Checklist) Condition(q Question) string {
	i := slices.IndexFunc(c.Questions, func(o Question) bool { return o.Name == q.If })
	if q.If == "" || i < 0 {
		return ""
	}
	on := c.Questions[i]
	return fmt.Sprintf("第 %d 题回答“%s”时检查", i+1, strings.Join(each(q.Is, func(v string) string { return ChoiceText(on.Options(), v) }), "”或“"))
}

func each[T, U any](list []T, f func(T) U) []U {
	all := make([]U, len(list))
	for i, v := range list {
		all[i] = f(v)
	}
	return all
}

// DiffChecklist lists what changed from one version to the next, question by
// question.
func DiffChecklist(before, after Checklist) []ItemChange {
	old := map[string]Question{}
	for _, q := range before.Questions {
		old[q.Name] = q
	}
	var changes []ItemChange
	for _, q := range after.Questions {
		was, ok := old[q.Name]
		delete(old, q.Name)
		c := ItemChange{Kind: "改", Code: q.Name, Name: q.Label, Fields: changed(before.describe(was), after.describe(q))}
		if !ok {
			c.Kind = "增"
		}
		if len(c.Fields) > 0 {
			changes = append(changes, c)
		}
	}
	for _, q := range before.Questions {
		if _, gone := old[q.Name]; gone {
			changes = append(changes, ItemChange{Kind: "删", Code: q.Name, Name: q.Label})
		}
	}
	return changes
}

// describe tells a question in words.
func (c Checklist) describe(q Question) []FieldChange {
	need := ""
	if q.Required {
		need = "必答"
	}
	return []FieldChange{
		{Label: "检查内容", After: q.Label}, {Label: "题型", After: ChoiceText(QuestionTypes, string(q.Type))}, {Label: "操作方法与要领", After: q.Hint},
		{Label: "选项", After: join(q.Choices, func(c Choice) string { return c.Text })}, {Label: "默认答案", After: ChoiceText(q.Options(), q.Default)},
		{Label: "要求", After: need}, {Label: "显示条件", After: c.Condition(q)},
	}
}

// ParseQuestion reads a question as programs send it: one JSON object. Choices
// have one option on each line, such as c1=合格, or 合格 alone.
func ParseQuestion(text string) (Question, error) {
	var row QuestionRow
	if err := strict(text, &row); err != nil {
		return Question{}, err
	}
	return row.Question(), nil
}

// A QuestionRow is a question in plain texts, as forms and programs send it.
type QuestionRow struct {
	Name     string       `json:"name" label:"题目代号" hint:"例如 licence_shown，用来引用这道题，以后不要改"`
	Type     QuestionType `json:"type" label:"题型"`
	Label    string       `json:"label" label:"检查内容"`
	Hint     string       `json:"hint" label:"操作方法与要领"`
	Choices  string       `json:"choices" label:"选项" hint:"选择题填写，每行一个"`
	Default  string       `json:"default" label:"默认答案"`
	Required bool         `json:"required" label:"必须回答"`
	If       string       `json:"if" label:"显示条件：题目代号" hint:"不填即总是检查"`
	Is       string       `json:"is" label:"显示条件：答案" hint:"每行一个，符合其一即检查"`
}

// Question reads the row.
func (r QuestionRow) Question() Question {
	q := Question{Name: strings.TrimSpace(r.Name), Type: r.Type, Label: r.Label, Hint: r.Hint, Default: r.Default, Required: r.Required, If: strings.TrimSpace(r.If)}
	for _, line := range filled(r.Choices) {
		value, text, ok := strings.Cut(line, "=")
		if value = strings.TrimSpace(value); !ok || !choiceForm.MatchString(value) {
			value, text = "", line
		}
		q.Choices = append(q.Choices, Choice{value, text})
	}
	q.Is = filled(r.Is)
	return q
}

// Row is the question as its row.
func (q Question) Row() QuestionRow {
	r := QuestionRow{Name: q.Name, Type: q.Type, Label: q.Label, Hint: q.Hint, Default: q.Default, Required: q.Required, If: q.If, Is: strings.Join(q.Is, "\n")}
	r.Choices = strings.Join(each(q.Choices, func(c Choice) string { return c.Value + "=" + c.Text }), "\n")
	return r
}

// Row is the question in place no as people write it: answers in words.
func (c Checklist) Row(no int) QuestionRow {
	q := c.Questions[no-1]
	r := q.Row()
	r.Default = q.Words(q.Default)
	for _, o := range c.Questions {
		if o.Name == q.If {
			r.Is = strings.Join(each(q.Is, o.Words), "\n")
		}
	}
	return r
}

// filled returns the lines of a text that are not empty.
func filled(text string) []string {
	var all []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// Put returns the questions with q in place no, counted from 1, or at the end: 0.
func (c Checklist) Put(no int, q Question) ([]Question, error) {
	if no < 0 || no > len(c.Questions) {
		return nil, ErrMissing
	}
	all := slices.Clone(c.Questions)
	if no == 0 {
		return append(all, q), nil
	}
	if was := all[no-1]; was.Name != q.Name { // conditions follow a new name
		for i := range all {
			if all[i].If == was.Name {
				all[i].If = q.Name
			}
		}
	}
	all[no-1] = q
	return all, nil
}

// Drop returns the questions without the one in place no. One that others look
// back to stays.
func (c Checklist) Drop(no int) ([]Question, error) {
	if no < 1 || no > len(c.Questions) {
		return nil, ErrMissing
	}
	for i, q := range c.Questions {
		if q.If == c.Questions[no-1].Name {
			return nil, ErrQuestionGone.With(i + 1)
		}
	}
	return slices.Delete(slices.Clone(c.Questions), no-1, no), nil
}
