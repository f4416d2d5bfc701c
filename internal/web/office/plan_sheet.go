package office

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var (
	newPlanSheetPage = web.NewPage[newPlanSheetView](files, "plan_sheet_new.html")
	planSheetPage    = web.NewPage[planSheetView](files, "plan_sheet.html")
)

// registerPlanSheet adds the pages that bring several tasks at once.
func (s *server) registerPlanSheet(m *web.Mux) {
	m.Page("GET /office/plans/sheet.xlsx", inspect.PlanPutLine, s.planSheetTemplate)
	m.Page("GET /office/plans/{id}/sheet", inspect.PlanPutLine, s.newPlanSheet)
	m.Page("POST /office/plans/{id}/sheet", inspect.PlanPutLine, s.checkPlanSheet)
	m.Page("POST /office/plans/{id}/sheet/add", inspect.PlanPutLine, s.addTasks)
}

// tasksMost is how many tasks a plan can have: what one paste can bring.
const tasksMost = 200

type newPlanSheetView struct {
	Crumbs     []web.Link
	Path, Back string
	Error      string
	Text       string // pasted before
}

type planSheetView struct {
	Crumbs     []web.Link
	Path, Back string
	Faults     []exchange.Fault
	Rows       []planTaskRow
	Notes      []string
	Add        *web.Form
	Right      int // rows to be added
	Wrong      int
}

// A planTaskRow is one row with what is to be done with it.
type planTaskRow struct {
	Line                      int
	Name, Field, Lead, Months string
	Planned                   string
	State                     web.State
	Texts                     []string
}

// taskFields carry the rows that are right from the check to the acts, which check
// them again.
type taskFields struct {
	Tasks []string `json:"tasks"`
}

func planSheetPath(p inspect.Plan) string { return "/office/plans/" + string(p.ID) + "/sheet" }

func planSheetCrumbs(p inspect.Plan) []web.Link {
	return []web.Link{{Text: "年度计划", Href: "/office/plans"}, {Text: p.Number, Href: "/office/plans/" + string(p.ID)}, {Text: "成批添加任务"}}
}

// draftOf is the plan of the address, for those who may write its tasks.
func (s *server) draftOf(r *http.Request) (inspect.Plan, inspect.Facts, error) {
	who := web.Actor(r)
	p, err := s.db.Plan(r.Context(), who.Scope(), inspect.PlanID(r.PathValue("id")))
	if err != nil {
		return p, inspect.Facts{}, err
	}
	if err := who.MayTo(inspect.PlanPutLine, p.Relations(who.Org)...); err != nil {
		return p, inspect.Facts{}, err
	}
	if !slices.Contains(p.Verbs(), inspect.PlanPutLine) {
		return p, inspect.Facts{}, inspect.ErrStep.With(inspect.PlanPutLine.Text())
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), p.Region)
	return p, facts, err
}

// newPlanSheet asks for the rows of a plan: pasted from Excel, or a file.
func (s *server) newPlanSheet(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.draftOf(r)
	if err != nil {
		return err
	}
	return newPlanSheetPage.Show(w, r, newPlanSheetView{Crumbs: planSheetCrumbs(p), Path: planSheetPath(p), Back: "/office/plans/" + string(p.ID)})
}

// planSheetTemplate sends an empty workbook to fill in.
func (s *server) planSheetTemplate(w http.ResponseWriter, _ *http.Request) error {
	sheetHeaders(w, "plan.xlsx")
	return exchange.Template(w, exchange.PlanTable)
}

// checkPlanSheet shows what the rows would add, before anything is written: R46.
func (s *server) checkPlanSheet(w http.ResponseWriter, r *http.Request) error {
	p, facts, err := s.draftOf(r)
	if err != nil {
		return err
	}
	name, file, err := fileOf(r)
	text, headed := r.FormValue("text"), true
	if strings.TrimSpace(text) != "" {
		name, err = "pasted.tsv", nil
		file, headed = exchange.PlanText(text)
	}
	var rows []exchange.PlanRow
	var faults []exchange.Fault
	if err == nil {
		rows, faults, err = exchange.ReadPlan(r.Context(), name, file, p, facts)
	}
	if problem := (inspect.Problem{}); errors.As(err, &problem) && (problem.Kind == inspect.Invalid || problem.Kind == inspect.Refused) {
		return newPlanSheetPage.Show(w, web.WithFailure(r, err), newPlanSheetView{planSheetCrumbs(p), planSheetPath(p), "/office/plans/" + string(p.ID), problem.Error(), text})
	}
	if err != nil {
		return err
	}
	if len(rows) > tasksMost {
		return inspect.ErrNotFinite.With(tasksMost)
	}
	if !headed { // the clerk counts what was pasted
		for k := range rows {
			rows[k].Line--
		}
		for k := range faults {
			faults[k].Line = max(faults[k].Line-1, 0)
		}
	}
	return s.showPlanSheet(w, r, p, facts, rows, faults)
}

// showPlanSheet weighs the rows and asks to add those that are right.
func (s *server) showPlanSheet(w http.ResponseWriter, r *http.Request, p inspect.Plan, facts inspect.Facts, rows []exchange.PlanRow, faults []exchange.Fault) error {
	v := planSheetView{Crumbs: planSheetCrumbs(p), Path: planSheetPath(p), Back: "/office/plans/" + string(p.ID), Faults: faults}
	lines := map[int]bool{}
	for _, f := range faults {
		if f.Severity == exchange.Error && !lines[f.Line] {
			lines[f.Line] = true
			v.Wrong++
		}
	}
	var fields taskFields
	for _, row := range rows {
		shown, next, right := s.weighTask(p, facts, row)
		v.Rows = append(v.Rows, shown)
		if p = next; !right {
			if len(row.Faults) > 0 || shown.State.Shape == web.Bad {
				v.Wrong++
			}
			continue
		}
		text, err := json.Marshal(taskCommand(row.Task))
		if err != nil {
			return fmt.Errorf("write task %q: %w", row.Task.Name, err)
		}
		v.Right++
		fields.Tasks = append(fields.Tasks, string(text))
	}
	if v.Right > 0 {
		form := web.FormTo(r, planSheetPath(p)+"/add", &fields, "tasks")
		v.Add = &form
	}
	return planSheetPage.Show(w, r, v)
}

// weighTask tries a row by the rules of the single act, behind those before it.
func (s *server) weighTask(p inspect.Plan, facts inspect.Facts, row exchange.PlanRow) (planTaskRow, inspect.Plan, bool) {
	l := row.Task
	shown := planTaskRow{Line: row.Line, Name: l.Name, Field: l.Field, Lead: facts.Orgs[l.Lead].Short, Months: l.Months.Text()}
	for _, f := range row.Faults {
		shown.Texts = append(shown.Texts, f.Text)
	}
	if len(shown.Texts) == 0 && slices.ContainsFunc(p.Standing(), func(o inspect.PlanLine) bool { return o.Name == l.Name }) {
		shown.State, shown.Texts = web.State{Text: "不添加"}, []string{"计划中，或者前面的行中，已有同名任务。确需两项的，请改用不同的名称。"}
		return shown, p, false
	}
	if len(shown.Texts) == 0 {
		next, no, err := p.PutLine(l)
		var ps inspect.Problems
		if errors.As(err, &ps) {
		} else if one := (inspect.Problem{}); errors.As(err, &one) {
			ps = inspect.Problems{one}
		} else {
			l, _ = next.Line(no)
			ps = next.CheckLine(l, facts, s.today())
		}
		if len(ps) == 0 {
			shown.Planned, shown.State = web.Thousands(l.Planned()), web.State{Shape: web.Happy, Text: "可以添加"}
			return shown, next, true
		}
		for _, one := range ps {
			shown.Texts = append(shown.Texts, one.Error())
		}
	}
	shown.State = web.State{Shape: web.Bad, Text: "有误，不添加"}
	return shown, p, false
}

// taskCommand is the act that adds a task; plan and version come when it is done.
func taskCommand(l inspect.PlanLine) act.PutLine {
	c := act.PutLine{
		Name: l.Name, Field: l.Field, Lead: l.Lead, Partners: l.Partners, Items: l.Items, Scope: l.Scope, Sublibs: l.Sublibs, Pool: l.Pool,
		Ratio: l.Ratio, Frequency: l.Frequency, Areas: l.Areas, Type: l.Type, Targeted: l.Targeted, Methods: l.Methods, Mode: l.Mode, Remark: l.Remark,
	}
	for _, m := range l.Months.List() {
		c.Months = append(c.Months, strconv.Itoa(m))
	}
	return c
}

// addTasks adds the checked rows, each by the act that adds one task. One that fails
// says so and stops no other; a task that is there already is not added again.
func (s *server) addTasks(w http.ResponseWriter, r *http.Request) error {
	p, facts, err := s.draftOf(r)
	if err != nil {
		return err
	}
	var in taskFields
	if err := read(r, &in); err != nil {
		return err
	}
	if len(in.Tasks) == 0 || len(in.Tasks) > tasksMost {
		return inspect.ErrForm
	}
	v := planSheetView{Crumbs: planSheetCrumbs(p), Path: planSheetPath(p), Back: "/office/plans/" + string(p.ID)}
	for k, text := range in.Tasks {
		var c act.PutLine
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			return inspect.ErrForm
		}
		row := planTaskRow{Line: k + 1, Name: c.Name, Field: c.Field, Lead: facts.Orgs[c.Lead].Short, State: web.State{Shape: web.Happy, Text: "已在计划中"}}
		if !slices.ContainsFunc(p.Standing(), func(l inspect.PlanLine) bool { return l.Name == c.Name }) {
			c.Plan, c.Seen, c.No = p.ID, p.Version, 0
			_, err := desk{s.Desk, s.Security}.Do(r.Context(), web.NewID(), web.Actor(r), &c)
			var ps inspect.Problems
			switch problem := (inspect.Problem{}); {
			case errors.As(err, &problem), errors.As(err, &ps):
				row.State, row.Texts = web.State{Shape: web.Bad, Text: "没有添加"}, []string{err.Error()}
				v.Wrong++
			case err != nil:
				return err
			default:
				v.Right++
			}
			if p, err = s.db.Plan(r.Context(), web.Actor(r).Scope(), p.ID); err != nil {
				return err
			}
		}
		if at := slices.IndexFunc(p.Standing(), func(l inspect.PlanLine) bool { return l.Name == c.Name }); at >= 0 {
			row.Planned, row.Months = web.Thousands(p.Standing()[at].Planned()), p.Standing()[at].Months.Text()
		}
		v.Rows = append(v.Rows, row)
	}
	v.Notes = []string{fmt.Sprintf("已添加 %d 项任务。", v.Right)}
	return planSheetPage.Show(w, r, v)
}
