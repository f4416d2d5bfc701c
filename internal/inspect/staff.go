package inspect

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"suicha/internal/workday"
)

// A StaffRow (人员名册行) is what one row of a sheet of staff says: a person, the name
// they sign in with, and the posts they hold in one organisation. It is carried out
// by the ordinary acts: one administrator registers the person, another grants the
// posts.
type StaffRow struct {
	Line    int          `json:"line"`
	Name    string       `json:"name"`
	Account string       `json:"account"`
	Org     string       `json:"org"` // as the sheet names it
	Posts   []PostKind   `json:"posts"`
	From    workday.Date `json:"from"` // zero: today
	Until   workday.Date `json:"until"`
}

// StaffMost is how many rows a sheet can have.
const StaffMost = 500

// ParseStaffRow reads a row as the page's form carries it.
func ParseStaffRow(text string) (r StaffRow, err error) { return r, strict(text, &r) }

// Text is the row as ParseStaffRow reads it.
func (r StaffRow) Text() string {
	text, _ := json.Marshal(r) // texts, numbers and days always can be written
	return string(text)
}

// StaffFacts are what rows of a sheet are compared with.
type StaffFacts struct {
	Region   string
	Today    workday.Date
	By       PersonID // the administrator who asks
	Orgs     []Org
	Accounts map[string]PersonID   // by sign-in name
	Wrong    map[string]error      // sign-in names that cannot be
	Names    map[PersonID]string   // of persons that are registered
	Posts    map[PersonID][]Post   // that they hold or held
	Liaisons map[OrgID][]Post      // that have not ended
	Same     map[string][]PersonID // registered persons by name
	Own      map[PersonID]bool     // whom the asker registered and so must not appoint
}

// PersonFor is the person that a sign-in name stands for: whose account it is, or
// who would be registered for it. The same sheet brought again means the same
// persons.
func (f StaffFacts) PersonFor(account string) PersonID {
	if id, ok := f.Accounts[account]; ok {
		return id
	}
	return PersonID(OwnID("staff", f.Region, account))
}

// A StaffPlan is what a row still asks for, and what stands against it.
type StaffPlan struct {
	StaffRow
	Person   PersonID
	Register bool   // the person is not registered yet
	Grant    []Post // posts not granted yet
	Invite   bool   // there is no account yet
	Faults   Problems
	Waits    Problems // why the asker cannot appoint this person, though the row is right
	Notes    []string // to be looked at
}

// PlanStaff compares a sheet with the record, by the rules of the single acts and
// before any of them: what is wrong with a row, and what is left to do for it.
func (f StaffFacts) PlanStaff(rows []StaffRow) []StaffPlan {
	plans := make([]StaffPlan, len(rows))
	granted := map[PersonID][]Post{} // by the rows before
	liaisons := map[OrgID][]Post{}
	named := map[PersonID]string{}
	for k, r := range rows {
		p := StaffPlan{StaffRow: r, Person: f.PersonFor(r.Account)}
		if _, ok := f.Accounts[r.Account]; !ok {
			p.Invite = true
		}
		if err := f.Wrong[r.Account]; err != nil {
			p.Faults = append(p.Faults, faultsOf(err)...)
		}
		f.register(&p, named)
		org, ok := f.org(&p)
		for _, kind := range r.Posts {
			if !ok {
				break
			}
			post, isNew := f.post(&p, org, kind, granted[p.Person], liaisons[org.ID])
			if isNew {
				p.Grant = append(p.Grant, post)
				granted[p.Person] = append(granted[p.Person], post)
				if kind == Liaison {
					liaisons[org.ID] = append(liaisons[org.ID], post)
				}
			}
		}
		if len(p.Grant) > 0 && f.Own[p.Person] {
			p.Waits = append(p.Waits, ErrOwnPerson)
		}
		plans[k] = p
	}
	return plans
}

// register says whether the person is to be registered, and what is wrong with
// the name.
func (f StaffFacts) register(p *StaffPlan, named map[PersonID]string) {
	person, err := NewPerson(p.Person, p.Name)
	p.Faults = append(p.Faults, faultsOf(err)...)
	p.Name = person.Name
	known, ok := f.Names[p.Person]
	if first := named[p.Person]; first != "" && first != p.Name {
		p.Faults = append(p.Faults, ErrStaffName.With(p.Account, first))
	}
	switch {
	case ok && known != p.Name:
		p.Faults = append(p.Faults, ErrStaffName.With(p.Account, known))
	case !ok:
		p.Register = named[p.Person] == ""
		if len(f.Same[p.Name]) > 0 {
			p.Notes = append(p.Notes, "已登记有同名的人员。是同一人的，请删去本行，在其人员页面办理；不是的，可以登记。")
		}
	}
	named[p.Person] = p.Name
}

func (f StaffFacts) org(p *StaffPlan) (Org, bool) {
	k := slices.IndexFunc(f.Orgs, func(o Org) bool { return o.Name == p.Org || o.Short == p.Org })
	switch {
	case k < 0:
		p.Faults = append(p.Faults, ErrStaffOrg.With(p.Org))
	case !f.Orgs[k].Until.IsZero():
		p.Faults = append(p.Faults, ErrOrgGone.With(f.Orgs[k].Short, f.Orgs[k].Until.String()))
	default:
		return f.Orgs[k], true
	}
	return Org{}, false
}

// post is a post that the row asks for, unless it is held already.
func (f StaffFacts) post(p *StaffPlan, org Org, kind PostKind, before, liaisons []Post) (Post, bool) {
	others := append(slices.Clone(f.Posts[p.Person]), before...)
	held := func(o Post) bool { return o.Org == org.ID && o.Kind == kind && !o.Ended }
	if slices.ContainsFunc(f.Posts[p.Person], held) {
		return Post{}, false
	}
	post := Post{Person: p.Person, Org: org.ID, Kind: kind, From: p.From, Until: p.Until}
	if post.From.IsZero() {
		post.From = f.Today
	}
	post.ID = PostID(OwnID("staff post", string(p.Person), string(org.ID), string(kind), post.From.String(), strconv.Itoa(len(others))))
	post, err := NewPost(post, f.By, others)
	p.Faults = append(p.Faults, faultsOf(err)...)
	if kind == Liaison { // R134, 附件2 二(五): 分别确定一名联络员
		for _, o := range append(slices.Clone(f.Liaisons[org.ID]), liaisons...) {
			if o.Person != p.Person && o.beside(post) {
				p.Faults = append(p.Faults, ErrLiaison.With(cmp.Or(f.Names[o.Person], "同一名册中另一人")))
				break
			}
		}
	}
	return post, err == nil
}

// beside reports whether two posts are held on a common day.
func (p Post) beside(o Post) bool {
	return (p.Until.IsZero() || o.From.Before(p.Until)) && (o.Until.IsZero() || p.From.Before(o.Until))
}
