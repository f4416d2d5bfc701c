package office

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var recusalsPage = web.NewPage[recusalsView](files, "recusal_list.html")

type recusalsView struct {
	Views  []web.Tab
	Filter web.Filter
	Files  web.Exports
	Rows   []recusalRow
	Pager  web.Pager
}

// A recusalRow is one application of the register.
type recusalRow struct {
	Href, Applicant, Out, Cause, Way, Org, Asked, Day string
	Due                                               web.Due
	Late                                              bool
	State                                             web.State
}

// registerRecusals adds the register of applications for recusal: 行政处罚法 四十三. They are
// decided on at the page of their team.
func (s *server) registerRecusals(m *web.Mux) {
	m.Page("GET /office/recusals", inspect.TeamRead, s.recusals)
	m.Page("GET /office/recusals.xlsx", inspect.TeamRead, s.recusalFile)
	m.Page("GET /office/recusals.csv", inspect.TeamRead, s.recusalFile)
}

// recusalTabs are the ways to look at the register.
var recusalTabs = []inspect.Choice{{Value: "", Text: "待决定"}, {Value: "late", Text: "已逾期"}, {Value: "closed", Text: "已办结"}}

// recusalsMost is how many applications one file takes.
const recusalsMost = 10_000

// A recusalTable is applications with what their rows say.
type recusalTable struct {
	found []store.Recusal
	facts inspect.Facts
	files map[inspect.InspectorNo]inspect.InspectorFile
}

// recusals is the register of applications for recusal.
func (s *server) recusals(w http.ResponseWriter, r *http.Request) error {
	after, size := web.PageOf(r)
	t, err := s.recusalsOf(r, after, size+1)
	if err != nil {
		return err
	}
	v, next := recusalsView{Files: web.NewExports(r)}, ""
	if len(t.found) > size {
		t.found = t.found[:size]
		next = store.RecusalKey(t.found[size-1])
	}
	for _, x := range t.found {
		v.Rows = append(v.Rows, s.recusalRow(x, t))
	}
	v.Views = registerTabs(r, "/office/recusals", recusalTabs)
	chips := []web.Chip{web.NewChip(r, "状态", "state", web.Options(inspect.SubstStates)...)}
	if web.Actor(r).Scope().Reach != inspect.ReachOwn {
		chips = append(chips, web.NewChip(r, "部门", "org", inspectingOrgs(t.facts)...))
	}
	v.Filter = web.NewFilter(r, "申请人", "recusals", chips...)
	v.Pager = web.NewPager(r, "recusals", fmt.Sprintf("本页 %d 件", len(v.Rows)), next)
	return recusalsPage.Show(w, r, v)
}

// recusalsOf reads what the address asks for, at most so many behind a key. What is late
// and who applied is no question to the database: a row keeps it as one text.
func (s *server) recusalsOf(r *http.Request, after string, most int) (t recusalTable, err error) {
	who, q := web.Actor(r), r.URL.Query()
	f := store.RecusalFilter{Org: inspect.OrgID(q.Get("org")), State: inspect.SubstState(q.Get("state"))}
	tab, text := q.Get("tab"), strings.TrimSpace(q.Get("q"))
	f.Open, f.Ended = tab != "closed", tab == "closed"
	t.found, err = store.Sift(after, most, func(after string, most int) ([]store.Recusal, error) {
		f.After, f.Most = after, most
		return s.db.Recusals(r.Context(), who.Scope(), f)
	}, store.RecusalKey, func(x store.Recusal) bool {
		return strings.Contains(x.Applicant, text) && (tab != "late" || x.Late(s.today()))
	})
	if err != nil {
		return t, err
	}
	if t.facts, err = s.db.Facts(r.Context(), who.Scope(), who.Org.Region); err != nil {
		return t, err
	}
	var nos []inspect.InspectorNo
	for _, x := range t.found {
		nos = append(nos, x.Out)
	}
	t.files, err = s.db.InspectorFiles(r.Context(), who.Scope(), s.today(), nos)
	return t, err
}

func (s *server) recusalRow(x store.Recusal, t recusalTable) recusalRow {
	row := recusalRow{
		Href: fmt.Sprintf("/office/batches/%s/teams/%d#subst-%s", x.Batch, x.No, x.ID), Applicant: x.Applicant, Out: t.files[x.Out].Name, Cause: x.GroundText(),
		Way: inspect.ChoiceText(inspect.RecusalChannels, x.Channel), Org: t.facts.Orgs[x.Lead].Short, Asked: web.Stamp(x.AskedAt), State: substState(x.Subst), Late: x.Late(s.today()),
	}
	if x.State == inspect.SubstAsked && !x.Due.IsZero() {
		row.Due, row.Day = s.due(x.Due), x.Due.String()
	}
	return row
}

// recusalFile sends all rows that the filter finds.
func (s *server) recusalFile(w http.ResponseWriter, r *http.Request) error {
	t, err := s.recusalsOf(r, "", recusalsMost)
	if err != nil {
		return err
	}
	heads := []string{"申请人", "被申请回避的检查人员", "事由", "申请方式", "牵头部门", "状态", "决定期限", "是否逾期", "登记时间", "决定时间"}
	file, err := s.sendTable(w, r, "recusals", shownTable("回避申请登记簿", heads))
	if err != nil {
		return err
	}
	for _, x := range t.found {
		row := s.recusalRow(x, t)
		decided := ""
		if !x.DecidedAt.IsZero() {
			decided = web.Stamp(x.DecidedAt)
		}
		err = errors.Join(err, file.Write([]string{row.Applicant, row.Out, row.Cause, row.Way, row.Org, row.State.Text, row.Day, yesNo(row.Late), row.Asked, decided}))
	}
	return errors.Join(err, file.Close())
}

// recusalPart fills in what the row of an application says besides. The words and who
// sent them are for the department that leads the team.
func (s *server) recusalPart(r *http.Request, row *substRow, x inspect.Subst, team inspect.Team) error {
	who := web.Actor(r)
	words, err := s.db.RecusalText(r.Context(), who.Scope(), x, team.Org)
	if err != nil {
		return err
	}
	row.Recusal, row.Note = true, x.Note
	row.Text = x.Applicant + "（" + inspect.ChoiceText(inspect.RecusalChannels, x.Channel) + "，" + x.Applied.String() + "）" + x.Text
	if x.State == inspect.SubstAsked && !x.Due.IsZero() {
		row.Due = s.due(x.Due)
	}
	if x.Digest != "" {
		row.Asked = "网上提交　" + web.Stamp(x.AskedAt)
	}
	if who.Org.ID == team.Org {
		row.Receipt = inspect.RecusalCode(x.ID)
	}
	switch {
	case !x.ErasedAt.IsZero():
		row.Words = "（原文已经删除：" + x.Reason + "）"
	case words.Text != "":
		row.Words, row.Contact = words.Text, words.Name+"　"+words.Contact
	case x.Digest != "":
		row.Words = "（只有牵头部门可以查看申请内容）"
	}
	return nil
}
