package office

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	newStaffPage = web.NewPage[newStaffView](files, "staff.html")
	staffPage    = web.NewPage[staffView](files, "staff_sheet.html")
)

const staffPath = "/office/people/staff"

func staffCrumbs() []web.Link {
	return []web.Link{{Text: "人员与岗位", Href: "/office/people"}, {Text: "导入人员名册"}}
}

type newStaffView struct {
	Crumbs   []web.Link
	Security bool // the reader grants, and does not register
}

// newStaff asks for a sheet of staff. Two administrators bring the same sheet: the
// first registers its persons, the second grants their posts (三员分立, 等保 2.0 三级).
// Nothing is kept between them, because what is left to do follows from the record.
func (s *server) newStaff(w http.ResponseWriter, r *http.Request) error {
	return newStaffPage.Show(w, r, newStaffView{staffCrumbs(), web.Actor(r).Post.Kind == inspect.SecurityAdmin})
}

// staffTemplate sends an empty workbook to fill in.
func (s *server) staffTemplate(w http.ResponseWriter, _ *http.Request) error {
	sheetHeaders(w, "staff.xlsx")
	return exchange.Template(w, exchange.StaffTable)
}

type staffView struct {
	Crumbs   []web.Link
	Faults   []exchange.Fault // of the file
	More     int              // faults that are not shown
	Rows     []sheetRow
	Notes    []string // what happened just now
	Register *web.Form
	Grant    *web.Form
	Persons  int // to be registered
	Posts    int // to be granted
	Invites  int
	Wrong    int   // rows that are left out
	Left     int64 // lines of the file that could not be read, and are not among the rows
	Codes    bool
	Path     string
}

// A sheetRow is one row of the sheet with what is left to do for it.
type sheetRow struct {
	Line                      int
	Name, Account, Org, Posts string
	Days                      string
	State                     web.State
	Texts                     []string
	Code                      string // the invitation, shown once
	Until                     time.Time
}

// staffFields carry the rows of a checked sheet from page to page. They are
// checked anew each time.
type staffFields struct {
	Rows []string `json:"rows"`
	Left int64    `json:"left"`
}

// checkStaff shows what a sheet would do, row by row, before anything happens.
func (s *server) checkStaff(w http.ResponseWriter, r *http.Request) error {
	name, file, err := fileOf(r)
	var rows []inspect.StaffRow
	var faults []exchange.Fault
	if err == nil {
		rows, faults, err = exchange.ReadStaff(r.Context(), name, file)
	}
	if p := (inspect.Problem{}); errors.As(err, &p) && (p.Kind == inspect.Invalid || p.Kind == inspect.Refused) {
		return s.newStaff(w, web.WithFailure(r, err))
	}
	if err != nil {
		return err
	}
	v, lines := staffView{Faults: faults}, map[int]bool{}
	for _, f := range faults {
		if f.Severity == exchange.Error && !lines[f.Line] {
			lines[f.Line] = true
			v.Left++
		}
	}
	return s.showStaff(w, r, rows, v, nil)
}

// showStaff shows the sheet as the record stands now, with what was said of its
// lines just now.
func (s *server) showStaff(w http.ResponseWriter, r *http.Request, rows []inspect.StaffRow, v staffView, said map[int]staffSaid) error {
	plans, err := s.staffPlans(r, rows)
	if err != nil {
		return err
	}
	v.Crumbs, v.Path = staffCrumbs(), staffPath
	if len(v.Faults) > faultsMost {
		v.Faults, v.More = v.Faults[:faultsMost], len(v.Faults)-faultsMost
	}
	who := web.Actor(r)
	grants := who.May(inspect.PostGrant) == nil
	registers, err := s.registersStaff(r)
	if err != nil {
		return err
	}
	texts := make([]string, len(rows))
	for k, p := range plans {
		texts[k] = rows[k].Text()
		row := staffRowOf(p, grants)
		one := said[p.Line]
		row.Texts, row.Code, row.Until = append(row.Texts, one.texts...), one.code, one.until
		v.Codes = v.Codes || one.code != ""
		v.Rows = append(v.Rows, row)
		switch {
		case len(p.Faults) > 0:
			v.Wrong++
			continue
		case p.Register && registers:
			v.Persons++
		}
		if grants && !p.Register && len(p.Waits) == 0 {
			v.Posts += len(p.Grant)
			if p.Invite {
				v.Invites++
			}
		}
	}
	if v.Persons > 0 {
		form := web.FormTo(r, staffPath+"/register", &staffFields{texts, v.Left}, "rows", "left")
		v.Register = &form
	}
	if v.Posts+v.Invites > 0 {
		form := web.FormTo(r, staffPath+"/grant", &staffFields{texts, v.Left}, "rows", "left")
		v.Grant = &form
	}
	return staffPage.Show(w, r, v)
}

// registersStaff reports whether the reader registers the persons of a sheet. The
// security administrator does so only until a system administrator is in office.
func (s *server) registersStaff(r *http.Request) (bool, error) {
	who := web.Actor(r)
	if who.Post.Kind == inspect.SystemAdmin {
		return true, nil
	}
	holders, err := s.db.Holders(r.Context(), who.Scope(), who.Org.Region)
	for _, h := range holders {
		if h.Kind == inspect.SystemAdmin {
			return false, err
		}
	}
	return true, err
}

func staffRowOf(p inspect.StaffPlan, grants bool) sheetRow {
	row := sheetRow{Line: p.Line, Name: p.Name, Account: p.Account, Org: p.Org, Texts: p.Notes}
	for _, k := range p.StaffRow.Posts {
		row.Posts = strings.TrimPrefix(row.Posts+"、"+k.Text(), "、")
	}
	if row.Days = "授予之日起"; !p.From.IsZero() {
		row.Days = postDays(inspect.Post{From: p.From, Until: p.Until})
	} else if !p.Until.IsZero() {
		row.Days += "至 " + p.Until.String()
	}
	switch {
	case len(p.Faults) > 0:
		row.State = web.State{Shape: web.Bad, Text: "有误，不办理"}
		for _, f := range p.Faults {
			row.Texts = append(row.Texts, f.Error())
		}
	case p.Register:
		row.State = web.State{Shape: web.Waiting, Text: "待登记"}
	case len(p.Grant) > 0:
		row.State = web.State{Shape: web.Going, Text: "已登记，待授予岗位"}
		for _, f := range p.Waits {
			row.Texts = append(row.Texts, f.Error())
		}
	case p.Invite && grants:
		row.State = web.State{Shape: web.Going, Text: "已授予，待发邀请"}
	default:
		row.State = web.State{Shape: web.Happy, Text: "已授予"}
	}
	return row
}

// staffPlans compares rows with the record.
func (s *server) staffPlans(r *http.Request, rows []inspect.StaffRow) ([]inspect.StaffPlan, error) {
	who, ctx := web.Actor(r), r.Context()
	names := make([]string, len(rows))
	for k, row := range rows {
		names[k] = row.Account
	}
	accounts, err := s.Gate.Named(ctx, who, names)
	if err != nil {
		return nil, err
	}
	f := inspect.StaffFacts{
		Region: who.Org.Region, Today: s.today(), By: who.Person, Accounts: map[string]inspect.PersonID{}, Wrong: map[string]error{},
		Names: map[inspect.PersonID]string{}, Posts: map[inspect.PersonID][]inspect.Post{}, Liaisons: map[inspect.OrgID][]inspect.Post{},
		Same: map[string][]inspect.PersonID{}, Own: map[inspect.PersonID]bool{},
	}
	for k, a := range accounts {
		rows[k].Account = a.Name
		if a.Person != "" {
			f.Accounts[a.Name] = a.Person
		}
		if a.Wrong != nil {
			f.Wrong[a.Name] = a.Wrong
		}
	}
	if f.Orgs, err = s.db.Orgs(ctx, who.Scope(), who.Org.Region); err != nil {
		return nil, err
	}
	if err := s.staffFacts(r, rows, &f); err != nil {
		return nil, err
	}
	return f.PlanStaff(rows), nil
}

// staffFacts fills in who is registered, what posts they hold, and whom the asker
// must not appoint.
func (s *server) staffFacts(r *http.Request, rows []inspect.StaffRow, f *inspect.StaffFacts) error {
	who, ctx := web.Actor(r), r.Context()
	people, err := s.db.People(ctx, who.Scope(), store.PeopleFilter{Region: who.Org.Region, Most: peopleMost})
	if err != nil {
		return err
	}
	for _, p := range people {
		f.Names[p.ID] = p.Name
		f.Same[p.Name] = append(f.Same[p.Name], p.ID)
	}
	var known []inspect.PersonID
	for _, row := range rows {
		if id := f.PersonFor(row.Account); f.Names[id] != "" {
			known = append(known, id)
		}
	}
	posts, err := s.db.PostsOf(ctx, who.Scope(), who.Org.Region, known...)
	if err != nil {
		return err
	}
	for _, h := range posts {
		f.Posts[h.Person] = append(f.Posts[h.Person], h.Post)
	}
	holders, err := s.db.Holders(ctx, who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	for _, h := range holders {
		if h.Kind == inspect.Liaison {
			f.Liaisons[h.Org.ID] = append(f.Liaisons[h.Org.ID], h.Post)
		}
	}
	if who.Post.Kind != inspect.SecurityAdmin {
		return nil
	}
	registers, err := s.registersStaff(r)
	if err != nil || registers { // nobody else can register anybody yet
		return err
	}
	for _, id := range known {
		if f.Own[id], err = s.db.Registered(ctx, who.Scope(), who.Person, id); err != nil {
			return err
		}
	}
	return nil
}

// peopleMost is more persons than a region's departments have.
const peopleMost = 100_000

// A staffSaid is what happened to a row just now.
type staffSaid struct {
	texts []string
	code  string
	until time.Time
}

// staffOf reads the rows that the form carries.
func staffOf(r *http.Request) (rows []inspect.StaffRow, left int64, err error) {
	var in staffFields
	if err := read(r, &in); err != nil {
		return nil, 0, err
	}
	if len(in.Rows) == 0 || len(in.Rows) > inspect.StaffMost {
		return nil, 0, inspect.ErrForm
	}
	rows = make([]inspect.StaffRow, len(in.Rows))
	for k, text := range in.Rows {
		if rows[k], err = inspect.ParseStaffRow(text); err != nil {
			return nil, 0, err
		}
	}
	return rows, in.Left, nil
}

// registerStaff registers the persons of a sheet, each by the act that registers
// one. A row that fails says so and stops no other.
func (s *server) registerStaff(w http.ResponseWriter, r *http.Request) error {
	return s.eachStaff(w, r, func(p inspect.StaffPlan) (done bool, one staffSaid, err error) {
		if !p.Register {
			return false, one, nil
		}
		_, err = desk{s.Desk, s.Security}.Do(r.Context(), web.NewID(), web.Actor(r), &act.AddPerson{ID: p.Person, Name: p.Name})
		return err == nil, one, err
	}, "已登记 %d 人。请安全管理员上传同一份名册，授予岗位。")
}

// grantStaff grants the posts of a sheet, each by the act that grants one, and makes
// an invitation for whoever has no account. The second factor is asked for once.
func (s *server) grantStaff(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	if !who.Proven(s.Now()) {
		rows, left, err := staffOf(r)
		if err != nil {
			return err
		}
		r = web.WithFailure(r, inspect.ErrStepUp)
		web.Failed(r).StepUp = web.StepUpPath + "?next=" + url.QueryEscape(staffPath)
		return s.showStaff(w, r, rows, staffView{Left: left}, nil)
	}
	invited := map[inspect.PersonID]bool{}
	return s.eachStaff(w, r, func(p inspect.StaffPlan) (done bool, one staffSaid, err error) {
		if p.Register || len(p.Waits) > 0 {
			return false, one, nil
		}
		for _, post := range p.Grant {
			_, err := desk{s.Desk, s.Security}.Do(r.Context(), web.NewID(), who, &act.GrantPost{
				ID: post.ID, Person: post.Person, Org: post.Org, Kind: post.Kind, From: post.From, Until: post.Until,
			})
			if err != nil {
				return done, one, err
			}
			done = true
		}
		if !p.Invite || invited[p.Person] {
			return done, one, nil
		}
		var invite auth.Invite
		if invite, err = s.Gate.Invite(r.Context(), who, p.Person, p.Account, s.From(r)); err == nil {
			done, invited[p.Person], one.code, one.until = true, true, invite.Token, invite.Until
		}
		return done, one, err
	}, "已办理 %d 行。")
}

// eachStaff does something for every row that is right, and shows the sheet as it
// stands afterwards.
func (s *server) eachStaff(w http.ResponseWriter, r *http.Request, do func(inspect.StaffPlan) (bool, staffSaid, error), told string) error {
	rows, left, err := staffOf(r)
	if err != nil {
		return err
	}
	plans, err := s.staffPlans(r, rows)
	if err != nil {
		return err
	}
	said, count := map[int]staffSaid{}, 0
	for _, p := range plans {
		if len(p.Faults) > 0 {
			continue
		}
		done, one, err := do(p)
		var problem inspect.Problem
		switch {
		case errors.As(err, &problem):
			one.texts = append(one.texts, "没有办完："+problem.Error())
		case err != nil:
			return err
		}
		if done {
			count++
		}
		said[p.Line] = one
	}
	return s.showStaff(w, r, rows, staffView{Left: left, Notes: []string{fmt.Sprintf(told, count)}}, said)
}
