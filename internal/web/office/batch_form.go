package office

import (
	"fmt"
	"net/http"
	"slices"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var batchFormPage = web.NewPage[batchFormView](files, "batch_form.html")

type batchFormView struct {
	Batch  inspect.Batch
	Crumbs []web.Link
	Back   string
	Form   web.Form
	Rows   []contributorRow

	Tasks, Suites, Modes, Sources, Roles, Orgs []web.Option
}

// A contributorRow is one row of the table of contributors.
type contributorRow struct {
	No                            int
	Name, Role, Key, Holder       string
	Org                           inspect.OrgID
	NameID, RoleID, KeyID, HoldID string
	OrgID                         string
}

// batchFields is the form of act.PutBatch, whose contributors are rows here.
type batchFields struct {
	Seen         int64            `json:"seen"`
	Title        string           `json:"title" label:"批次名称" hint:"例如：2026 年第二季度部门联合抽查"`
	Tasks        []inspect.TaskID `json:"tasks" label:"抽查任务" hint:"已备案、尚未列入其他批次的任务。一起抽取的任务抽中同一对象时只检查一次。"`
	Suite        string           `json:"suite" label:"密码套件"`
	Mode         string           `json:"mode" label:"公开方式" hint:"有任务要求名单封存的，只能选密封。密封的批次另有一个保管方：它的随机数加密保管到公开名单之日，在此之前名单没有人能算出。"`
	Opening      string           `json:"opening" label:"公开名单时间" hint:"密封方式填写，在各任务结束之后；到时自动公开，不能提前"`
	Contributors string           `json:"contributors" label:"贡献方"` // where problems of the rows stand
	Name         []string         `json:"name" label:"贡献方名称"`
	Role         []string         `json:"role" label:"角色"`
	Key          []string         `json:"key" label:"公钥"`
	Holder       []string         `json:"holder" label:"信封保管方"`
	Org          []string         `json:"org" label:"单位"`
	Sources      []string         `json:"sources" label:"公开事件" hint:"主办单位和贡献方都不能左右的事件；选几个就用几个"`
	Reserves     []string         `json:"reserves" label:"备用事件" hint:"公开事件没有开出号码时，由它顶替；可以不选"`
	Commit       string           `json:"commit" label:"承诺截止时间"`
	Reveal       string           `json:"reveal" label:"亮出截止时间" hint:"在公开事件之前"`
	Event        string           `json:"event" label:"公开事件最早时间"`
	Envelopes    string           `json:"envelopes" label:"启封截止时间" hint:"在公开事件之后，没有密封方的也要填写"`
	Cap          int              `json:"cap" label:"每年最多次数" hint:"同一对象全年随机抽查不超过 2 次"`
	Mix          int              `json:"mix" label:"混合系数" hint:"检查人员随机搭配的程度，一般填 100"`
}

// contributorRows is the least number of rows that the table offers.
const contributorRows = 6

// batchForm settles what a batch draws, and how: R66.
func (s *server) batchForm(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	b, has, err := s.batchOf(r)
	if err != nil {
		return err
	}
	if err := who.MayTo(inspect.BatchPut, has...); err != nil {
		return err
	}
	if !slices.Contains(b.Verbs(), inspect.BatchPut) {
		return inspect.ErrStep.With(inspect.BatchPut.Text())
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), b.Region)
	if err != nil {
		return err
	}
	v := batchFormView{Batch: b, Back: batchPath(b), Suites: web.Options(inspect.Suites), Modes: web.Options(inspect.BatchModes)}
	v.Crumbs = []web.Link{{Text: "抽取批次", Href: "/office/batches"}, {Text: b.Number, Href: v.Back}, {Text: "填写批次"}}
	fields := s.batchFields(b)
	v.Form = web.FormTo(r, v.Back+"/edit", &fields, "seen")
	v.Form.Request = web.NewID()
	for _, source := range inspect.EventSources {
		v.Sources = append(v.Sources, web.Option{Value: source.Code, Text: source.Title})
	}
	v.Roles = web.Options(inspect.ContributorRoles)
	for _, o := range sortedOrgs(facts) {
		if o.Until.IsZero() {
			v.Orgs = append(v.Orgs, web.Option{Value: string(o.ID), Text: o.Short})
		}
	}
	if err := s.batchChoices(r, &v, facts); err != nil {
		return err
	}
	return batchFormPage.Show(w, r, v)
}

// batchChoices fills in the tasks that can be drawn, and the rows of contributors: of
// a batch that names none, the departments of its tasks.
func (s *server) batchChoices(r *http.Request, v *batchFormView, facts inspect.Facts) error {
	who, b := web.Actor(r), v.Batch
	rows := slices.Clone(b.Terms.Contributors)
	for _, state := range []inspect.TaskState{inspect.TaskBatched, inspect.TaskFiled} {
		tasks, err := s.db.Tasks(r.Context(), who.Scope(), store.TaskFilter{Year: b.Year, State: state})
		if err != nil {
			return err
		}
		for _, t := range tasks {
			mine := t.Org == who.Org.ID || who.Org.Kind == inspect.OrgOffice
			if t.Region != b.Region || !mine || state == inspect.TaskBatched && t.Batch != b.ID {
				continue
			}
			o := web.Option{Value: string(t.ID), Text: t.Name, Note: t.Number + "　" + facts.Orgs[t.Org].Short + "　" + t.Days().Text()}
			if t.Sealed {
				o.Note += "　要求名单封存，批次须选密封"
			}
			v.Tasks = append(v.Tasks, o)
			for _, org := range t.Parties() {
				known := func(c inspect.Contributor) bool { return c.Org == org }
				if t.Batch == b.ID && len(b.Terms.Contributors) == 0 && !slices.ContainsFunc(rows, known) {
					rows = append(rows, inspect.Contributor{Name: facts.Orgs[org].Short, Role: "open", Org: org})
				}
			}
		}
	}
	if v.Form.Failed {
		rows = contributorsOf(r)
	}
	for i := range max(contributorRows, len(rows)+2) {
		row := contributorRow{No: i + 1, Role: "open"}
		if i < len(rows) {
			c := rows[i]
			row.Name, row.Role, row.Key, row.Holder, row.Org = c.Name, c.Role, c.Key, c.Holder, c.Org
		}
		for name, id := range map[string]*string{"name": &row.NameID, "role": &row.RoleID, "key": &row.KeyID, "holder": &row.HoldID, "org": &row.OrgID} {
			*id = fmt.Sprintf("%s-%d", v.Form.FieldID(name), i+1)
		}
		v.Rows = append(v.Rows, row)
	}
	return nil
}

// batchFields are the batch's settings as the form shows them, or what is usual: all
// is over in the morning of the third working day.
func (s *server) batchFields(b inspect.Batch) batchFields {
	t := b.Terms
	f := batchFields{
		Seen: b.Version, Title: b.Title, Tasks: b.Tasks, Suite: t.Suite, Mode: t.Mode, Opening: formMoment(t.Opening), Sources: t.Sources, Reserves: t.Reserves,
		Commit: formMoment(t.Commit), Reveal: formMoment(t.Reveal), Event: formMoment(t.Event), Envelopes: formMoment(t.Envelopes), Cap: t.Cap, Mix: t.Mix,
	}
	if t.Suite == "" {
		day, _ := s.Calendar.Add(s.today(), 3)
		before, _ := s.Calendar.Add(s.today(), 2)
		f.Suite, f.Mode, f.Sources, f.Cap, f.Mix = inspect.Suites[0].Value, inspect.BatchModes[0].Value, []string{"urn6"}, 2, 100
		f.Commit, f.Reveal, f.Event, f.Envelopes = momentOn(before, "17:00"), momentOn(day, "09:30"), momentOn(day, "10:00"), momentOn(day, "12:00")
	}
	return f
}

func momentOn(day workday.Date, clock string) string { return day.String() + "T" + clock }

// formMoment is an instant as the field of a form takes it, in Chinese time.
func formMoment(instant string) string {
	at, ok := inspect.Moment(instant)
	if !ok {
		return instant
	}
	return at.In(beijing).Format("2006-01-02T15:04")
}

// contributorsOf reads the rows of the table. A row without a name and without a key
// is none.
func contributorsOf(r *http.Request) (list []inspect.Contributor) {
	values := r.PostForm
	if failure := web.Failed(r); failure != nil {
		values = failure.Values
	}
	for i := range values["name"] {
		c := inspect.Contributor{
			Name: rowsOf(r, "name")(i), Role: rowsOf(r, "role")(i), Key: rowsOf(r, "key")(i), Holder: rowsOf(r, "holder")(i), Org: inspect.OrgID(rowsOf(r, "org")(i)),
		}
		if c.Name != "" || c.Key != "" {
			list = append(list, c)
		}
	}
	return list
}

// putBatch takes the settings.
func (s *server) putBatch(w http.ResponseWriter, r *http.Request) error {
	var f batchFields
	err := r.ParseForm()
	if err != nil {
		return inspect.ErrForm
	}
	err = web.DecodeForm(r.PostForm, &f)
	return s.doBatch(w, r, err, s.batchForm, func(id inspect.BatchID) act.Command {
		return &act.PutBatch{
			Batch: id, Seen: f.Seen, Title: f.Title, Tasks: f.Tasks, Suite: f.Suite, Mode: f.Mode, Opening: f.Opening, Contributors: contributorsOf(r), Sources: f.Sources, Reserves: f.Reserves,
			Commit: f.Commit, Reveal: f.Reveal, Event: f.Event, Envelopes: f.Envelopes, Cap: f.Cap, Mix: f.Mix,
		}
	})
}
