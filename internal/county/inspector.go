package county

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/synth"
)

// staffDepartments are the departments as far as their inspectors are concerned.
func (m *maker) staffDepartments(total int) []synth.Department {
	items := map[string][]string{}
	for _, i := range rows("items.tsv") {
		items[i[0]] = append(items[i[0]], i[1])
	}
	var codes []string
	for _, town := range areas {
		codes = append(codes, town.Value)
	}
	var all []synth.Department
	before := 0
	for _, l := range rows("staff.tsv") {
		upTo := before + int(number(l[1]))
		d := synth.Department{
			Code: strings.ToUpper(l[0]), Name: m.orgs[l[0]].Name, Count: total*upTo/1000 - total*before/1000,
			Divisions: list(l[2]), Quals: list(l[3]), Items: items[l[0]], Areas: codes,
		}
		if l[0] == "scjg" {
			d.Units = []string{"方圆市场监管所", "东村市场监管所", "留格庄市场监管所", "小纪市场监管所"}
		}
		all, before = append(all, d), upTo
	}
	return all
}

// inspectors fills the library of inspectors: R38–R40, 海政办发〔2020〕2号 二(三).
func (m *maker) inspectors(f Filling) {
	departments := m.staffDepartments(f.Inspectors)
	staff := synth.Staff(f.Seed, departments, sourced)
	numbers := map[string]inspect.InspectorNo{}
	for i, s := range staff {
		if i%50 == 0 {
			m.tell("登记执法检查人员", int64(i), int64(2*len(staff)))
		}
		m.do(m.clerkOf(s), act.PutInspector{
			Code: s.Code, Name: s.Name, Gender: s.Gender, Category: s.Category, Division: s.Division, Position: s.Position, Phone: s.Phone, Duty: s.Duty,
			DutyFrom: s.DutyFrom, Education: s.Education, Major: s.Major, Title: s.Title, Quals: strings.Join(s.Quals, "\n"), Items: s.Items,
			Units: strings.Join(s.Units, "\n"), Areas: s.Areas, Person: m.account(s), Source: s.Source, Sourced: s.Sourced,
		})
	}
	if m.err != nil {
		return
	}
	files, err := m.db.Inspectors(m.ctx, m.who("scjg", inspect.Clerk).Scope(), store.InspectorFilter{})
	if err != nil {
		m.err = fmt.Errorf("read the inspectors: %w", err)
		return
	}
	for _, file := range files {
		numbers[file.Code] = file.No
	}
	named := m.tied(f)
	for i, s := range staff {
		if i%50 == 0 {
			m.tell("登记执法证、培训和回避关系", int64(len(staff)+i), int64(2*len(staff)))
		}
		m.know(s, numbers[s.Code], named[i%len(named)])
	}
	m.declare(staff)
}

// clerkOf is the clerk who keeps the inspector's library.
func (m *maker) clerkOf(s synth.Staffer) inspect.Actor { return m.who(departmentOf(s), inspect.Clerk) }

func departmentOf(s synth.Staffer) string { return strings.ToLower(strings.Split(s.Code, "-")[1]) }

// officers are the departments whose inspectors have accounts: whoever of them is drawn
// can sign in and see where they are sent.
var officers = []string{"scjg", "zhzf", "zjj"}

// account makes an inspector of those departments somebody who can sign in: nobody
// else.
func (m *maker) account(s synth.Staffer) inspect.PersonID {
	org := departmentOf(s)
	if !slices.Contains(officers, org) {
		return ""
	}
	who := m.officer(org, s.Code, s.Name)
	m.appoint(m.who("zf", inspect.SystemAdmin), m.who("zf", inspect.SecurityAdmin), who)
	return who.Person
}

// officer is the inspector of a department with a code, who can sign in.
func (m *maker) officer(org, code, name string) inspect.Actor {
	person := id[inspect.PersonID]("person", code)
	return inspect.Actor{
		Person: person, Name: name, Org: m.orgs[org],
		Post: inspect.Post{ID: id[inspect.PostID]("post", code), Person: person, Org: m.orgs[org].ID, Kind: inspect.InspectorPost},
	}
}

// Officers lists the inspectors who can sign in.
func Officers(ctx context.Context, db *store.DB) (people []Person, err error) {
	m := &maker{}
	m.name()
	for _, org := range officers {
		files, err := db.Inspectors(ctx, m.who(org, inspect.Clerk).Scope(), store.InspectorFilter{Org: m.orgs[org].ID})
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if f.Person != "" {
				people = append(people, Person{f.Person, signInOf(f.Code), f.Name, m.orgs[org].Short, inspect.InspectorPost})
			}
		}
	}
	return people, nil
}

// signInOf is the sign-in name of the inspector with a code.
func signInOf(code string) string { return strings.ToLower(strings.TrimPrefix(code, "YY-")) }

// tied are objects that inspectors may have to do with.
func (m *maker) tied(f Filling) []inspect.Object {
	var some []inspect.Object
	if m.err == nil && f.Objects > 0 {
		some, m.err = m.db.ObjectsByCode(m.ctx, m.who("scjg", inspect.Clerk).Scope(), "91", 97)
	}
	return append(some, inspect.Object{Name: "某虚构食品有限公司"})
}

// know enters what is known of an inspector beside the row.
func (m *maker) know(s synth.Staffer, no inspect.InspectorNo, tied inspect.Object) {
	clerk := m.clerkOf(s)
	for i, c := range s.Certificates {
		m.do(clerk, act.CertifyInspector{
			Inspector: no, Seen: int64(1 + i), Kind: c.Kind, Number: c.Number, Authority: c.Authority, From: c.From, Until: c.Until,
		})
	}
	for _, a := range s.Away {
		m.do(clerk, act.PutAway{Away: id[inspect.AwayID]("away", s.Code), Inspector: no, Kind: a.Kind, From: a.Days.From, Until: a.Days.Until})
	}
	for _, t := range s.Trainings {
		m.do(clerk, act.PutTraining{Training: id[inspect.TrainingID]("training", s.Code), Inspector: no, Topic: t.Topic, Hours: t.Hours, Exam: t.Exam, Day: t.Day})
	}
	for _, t := range s.Ties {
		m.do(clerk, act.PutTie{
			Tie: id[inspect.TieID]("tie", s.Code), Inspector: no, Code: tied.Code, Name: tied.Name, Kind: t.Kind, Since: t.Since, Until: t.Until, Ground: t.Ground,
		})
	}
}

// declare says how many there are of each category: nearly all are in the
// library. One department asks for training.
func (m *maker) declare(staff []synth.Staffer) {
	count := map[string]map[inspect.StaffCategory]int64{}
	for _, s := range staff {
		org := strings.ToLower(strings.Split(s.Code, "-")[1])
		if count[org] == nil {
			count[org] = map[inspect.StaffCategory]int64{}
		}
		count[org][s.Category]++
	}
	for i, org := range departments() {
		c := count[org]
		w := act.PutWorkforce{CivilServant: c[inspect.CivilServant], Qualified: c[inspect.Qualified], Daily: c[inspect.DailyStaff] + int64(i%3)}
		if org == "scjg" {
			w.Hours = 8
		}
		m.do(m.who(org, inspect.Clerk), w)
	}
}
