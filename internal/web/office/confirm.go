package office

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var confirmPage = web.NewPage[confirmView](files, "confirm.html")

type confirmView struct {
	Task    inspect.Task
	Library inspect.Library
	Crumbs  []web.Link
	Title   string
	State   web.State
	Facts   []web.Fact
	Hash    string
	Since   string // what the changes are counted from; empty if there was no confirmation before
	Changes inspect.RowChanges
	Rows    []changeRow
	Pager   web.Pager
	File    string
	Form    *web.Form // nil while there is nothing to confirm, or for readers who cannot
	Why     string
	Keep    string // where the library is kept
}

// A changeRow is one object or inspector that is not as it was.
type changeRow struct {
	Href, Name, Code string
	State            web.State
}

// confirming is what a page about a confirmation begins with.
type confirming struct {
	task    inspect.Task
	library inspect.Library
	facts   inspect.Facts
	state   inspect.LibraryState
	since   int64
}

func (s *server) confirming(r *http.Request) (c confirming, err error) {
	who := web.Actor(r)
	c.library = inspect.Library(r.PathValue("library"))
	if c.library != inspect.ObjectLibrary && c.library != inspect.InspectorLibrary {
		return c, inspect.ErrMissing
	}
	if c.task, err = s.taskOf(r); err != nil {
		return c, err
	}
	if _, part := c.task.Part(who.Org.ID); !part { // a department confirms its own
		return c, inspect.ErrMissing
	}
	if c.facts, err = s.db.Facts(r.Context(), who.Scope(), c.task.Region); err != nil {
		return c, err
	}
	states, err := s.db.LibraryStates(r.Context(), who.Scope(), c.task, c.facts.Sublibs)
	if err != nil {
		return c, err
	}
	for _, st := range states {
		if st.Org == who.Org.ID && st.Library == c.library {
			c.state = st
		}
	}
	if c.since = c.state.Last.Upto; c.since == 0 {
		c.since, err = s.db.ConfirmedBefore(r.Context(), who.Scope(), c.library)
	}
	return c, err
}

// confirm shows one library of the reader's department as a task will use it, what
// changed since it was confirmed last, and the form that confirms it: R36, R37.
func (s *server) confirm(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	c, err := s.confirming(r)
	if err != nil {
		return err
	}
	read, err := s.db.ReadLibrary(r.Context(), who.Scope(), c.task, c.library, c.facts.Sublibs)
	if err != nil {
		return err
	}
	v := confirmView{Task: c.task, Library: c.library, Hash: read.Hash, Title: "确认" + c.library.Text(), Keep: "/office/inspectors"}
	v.Crumbs = []web.Link{{Text: "抽查任务", Href: "/office/tasks"}, {Text: c.task.Number, Href: taskPath(c.task)}, {Text: v.Title}}
	v.Facts = []web.Fact{{Label: "部门", Value: c.facts.Orgs[who.Org.ID].Short}}
	if c.library == inspect.ObjectLibrary {
		v.Keep = "/office/sublibraries"
		names := ""
		for i, id := range c.task.ConfirmedSublibs(who.Org.ID, c.facts.Sublibs) {
			if i > 0 {
				names += "、"
			}
			names += c.facts.Sublibs[id].Name
		}
		v.Facts = append(v.Facts, web.Fact{Label: "检查对象分库", Value: names})
	}
	v.Facts = append(v.Facts, web.Fact{Label: "条数", Value: web.Thousands(read.Rows)})
	if !read.Oldest.IsZero() {
		v.Facts = append(v.Facts, web.Fact{Label: "最早的数据日期", Value: read.Oldest.String(), Note: fmt.Sprintf("距今 %d 天", s.today().DaysSince(read.Oldest))})
	}
	if err := s.confirmChanges(r, &v, c); err != nil {
		return err
	}
	s.confirmForm(r, &v, c, read)
	return confirmPage.Show(w, r, v)
}

// confirmChanges lists what changed since the last confirmation, a page of it.
func (s *server) confirmChanges(r *http.Request, v *confirmView, c confirming) error {
	who := web.Actor(r)
	if c.state.Last.No > 0 {
		v.Facts = append(v.Facts, web.Fact{Label: "本任务上次确认", Value: web.Stamp(c.state.Last.At), Note: fmt.Sprintf("第 %d 次", c.state.Last.No)})
		v.Since = "本任务上次确认之后"
	} else if c.since > 0 {
		v.Since = "本部门上次确认（其他任务）之后"
	}
	if v.Since == "" {
		return nil
	}
	var err error
	if v.Changes, err = s.db.RowChanges(r.Context(), who.Scope(), c.task, c.library, c.facts.Sublibs, c.since); err != nil {
		return err
	}
	at, size := web.PageOf(r)
	after, _ := strconv.ParseInt(at, 10, 64) // nonsense is the first page
	rows, err := s.db.ChangedRows(r.Context(), who.Scope(), c.task, c.library, c.facts.Sublibs, c.since, after, size+1)
	if err != nil {
		return err
	}
	next := ""
	if len(rows) > size {
		rows = rows[:size]
		next = strconv.FormatInt(rows[size-1].No, 10)
	}
	of := map[inspect.Library]string{inspect.ObjectLibrary: "/office/objects/", inspect.InspectorLibrary: "/office/inspectors/"}[c.library]
	for _, row := range rows {
		shape := map[string]web.Shape{"added": web.Happy, "changed": web.Going, "removed": web.Bad}[row.Kind]
		v.Rows = append(v.Rows, changeRow{
			Href: of + strconv.FormatInt(row.No, 10), Name: row.Name, Code: row.Code,
			State: web.State{Shape: shape, Text: inspect.ChoiceText(inspect.RowChangeKinds, row.Kind)},
		})
	}
	v.Pager = web.NewPager(r, "changes", fmt.Sprintf("共 %s 处，本页 %d 处", web.Thousands(v.Changes.Total()), len(rows)), next)
	v.File = fmt.Sprintf("%s/confirm/%s/changes.csv", taskPath(c.task), c.library)
	return nil
}

// confirmForm offers the confirmation, or says why there is nothing to do.
func (s *server) confirmForm(r *http.Request, v *confirmView, c confirming, read inspect.LibraryRead) {
	who := web.Actor(r)
	v.State = web.State{Shape: web.Waiting, Text: "待确认"}
	if c.state.Last.No > 0 && c.state.Changed > 0 {
		v.State.Text = "有变动，须再次确认"
	}
	may := who.Among(c.task.Verbs(), c.task.Relations(who.Org)...)
	_, err := c.task.Confirm(inspect.ConfirmationID(web.NewID()), who.Org.ID, c.library, read, read.Hash, c.state, who.Person, s.Now())
	switch {
	case c.state.Current():
		v.State, v.Why = web.State{Shape: web.Happy, Text: "已确认"}, inspect.ErrConfirmAgain.Error()
	case err != nil:
		v.Why = err.Error()
	case !slices.Contains(may, inspect.ConfirmSign):
		v.Why = "本岗位不能确认。请由本单位经办人或者负责人办理。"
	default:
		form := web.FormOf(r, act.SignConfirm{ID: inspect.ConfirmationID(web.NewID()), Task: c.task.ID, Library: c.library, Hash: read.Hash}, "id", "task", "library", "hash")
		form.Then = taskPath(c.task)
		v.Form = &form
	}
}

// changesMost is how many changes one file takes.
const changesMost = 100_000

// confirmFile sends what changed since the last confirmation as a table.
func (s *server) confirmFile(w http.ResponseWriter, r *http.Request) error {
	c, err := s.confirming(r)
	if err != nil {
		return err
	}
	table := [][]string{{"序号", "代码", "名称", "变动"}}
	if c.since > 0 {
		rows, err := s.db.ChangedRows(r.Context(), web.Actor(r).Scope(), c.task, c.library, c.facts.Sublibs, c.since, 0, changesMost)
		if err != nil {
			return err
		}
		for _, row := range rows {
			table = append(table, []string{strconv.FormatInt(row.No, 10), row.Code, row.Name, inspect.ChoiceText(inspect.RowChangeKinds, row.Kind)})
		}
	}
	return sendRows(w, fmt.Sprintf("%s-%s-changes.csv", c.task.Number, c.library), table)
}
