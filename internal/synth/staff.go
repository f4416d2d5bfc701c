package synth

import (
	"fmt"
	"math/rand/v2"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A Department is one whose inspectors are to be invented.
type Department struct {
	Code      string   // short, in Latin letters
	Name      string   // who gives out its own certificates
	Count     int      // inspectors
	Divisions []string // 科室
	Quals     []string // 岗位资质资格 of the field
	Items     []string // codes of its items
	Units     []string // whose objects single inspectors are for; none: all
	Areas     []string // codes of towns
}

// A Staffer is an invented inspector with what is kept beside. Numbers and ids
// are left open.
type Staffer struct {
	inspect.Inspector
	Away      []inspect.Away
	Trainings []inspect.Training
	Ties      []inspect.Tie // without the object: whoever takes them in chooses one
}

// Staff makes the inspectors of departments as of a day. No two have the same
// name, as far as there are names.
func Staff(seed uint64, departments []Department, day workday.Date) []Staffer {
	m := &registrar{random: rand.New(rand.NewPCG(seed, 0x57aff)), day: day, area: "0535"}
	taken := map[string]bool{}
	var all []Staffer
	for _, d := range departments {
		for i := range d.Count {
			name := m.person()
			for try := 0; taken[name] && try < 100; try++ {
				name = m.person()
			}
			taken[name] = true
			all = append(all, m.staffer(d, i, name))
		}
	}
	return all
}

var (
	categories = []inspect.StaffCategory{inspect.CivilServant, inspect.Qualified, inspect.DailyStaff, inspect.Expert, inspect.ThirdParty, inspect.Auxiliary}
	// categoryShares are theirs in a hundred persons, up to and with each.
	categoryShares = []int{46, 82, 93, 95, 97, 100}

	positions  = []string{"科员", "一级科员", "四级主任科员", "三级主任科员", "二级主任科员", "副科长", "科长", "所长"}
	educations = []string{"大专", "大学本科", "大学本科", "大学本科", "硕士研究生"}
	majors     = []string{"法学", "行政管理", "食品科学与工程", "安全工程", "环境工程", "会计学", "土木工程", "公共事业管理", "药学", "机械工程"}
	titles     = []string{"", "", "", "助理工程师", "工程师", "中级会计师"}
	topics     = []string{"行政执法人员公共法律知识培训", "涉企行政检查规范培训", "“双随机、一公开”平台操作培训", "行政执法文书和案卷制作培训", "安全生产监督检查实务"}
)

// staffer makes the i-th inspector of a department.
func (m *registrar) staffer(d Department, i int, name string) Staffer {
	s := Staffer{Inspector: inspect.Inspector{
		Code: fmt.Sprintf("YY-%s-%03d", d.Code, i+1), Name: name, Gender: m.pick([]string{"male", "male", "female"}),
		Division: m.pick(d.Divisions), Position: m.pick(positions), Phone: m.phone(), Duty: "行政执法",
		DutyFrom: m.day.AddDays(-100 - m.chance(5000)), Education: m.pick(educations), Major: m.pick(majors), Title: m.pick(titles),
		Source: "人事档案（虚构数据）", Sourced: m.day,
	}}
	share := m.chance(100)
	for at, upTo := range categoryShares {
		if s.Category = categories[at]; share < upTo {
			break
		}
	}
	if s.Category.Helper() {
		s.Duty, s.Position, s.Division = "协助检查", "", ""
		return s
	}
	if len(d.Quals) > 0 && m.in1000(550) {
		s.Quals = []string{m.pick(d.Quals)}
	}
	if len(d.Items) > 1 && m.in1000(250) {
		s.Items = []string{m.pick(d.Items)}
	}
	if len(d.Units) > 0 && m.in1000(400) {
		s.Units = []string{m.pick(d.Units)}
	}
	if len(d.Areas) > 0 && m.in1000(80) {
		s.Areas = []string{m.pick(d.Areas)}
	}
	m.certify(d, i, &s)
	m.absent(&s)
	m.train(&s)
	return s
}

// certify gives most inspectors a certificate: some run out soon, some have.
func (m *registrar) certify(d Department, i int, s *Staffer) {
	if s.Category == inspect.DailyStaff && !m.in1000(200) {
		return
	}
	until := m.day.AddDays(120 + m.chance(1500))
	switch x := m.chance(100); {
	case x < 6:
		until = m.day.AddDays(5 + m.chance(80))
	case x < 10:
		until = m.day.AddDays(-1 - m.chance(200))
	}
	s.Certificates = []inspect.Certificate{{
		Kind: inspect.ProvinceCertificate, Number: fmt.Sprintf("YY-%s-15-%04d", d.Code, i+1), Authority: "山东省人民政府（虚构数据）",
		From: until.AddDays(1 - 5*365), Until: until,
	}}
	if m.in1000(60) {
		s.Certificates = append(s.Certificates, inspect.Certificate{
			Kind: inspect.OwnCertificate, Number: fmt.Sprintf("YY-%s-BM-%04d", d.Code, i+1), Authority: d.Name,
			From: m.day.AddDays(-400), Until: m.day.AddDays(700),
		})
	}
}

// absent gives some inspectors days on which they cannot inspect, and some a tie
// to an object.
func (m *registrar) absent(s *Staffer) {
	if m.in1000(120) {
		from := m.day.AddDays(m.chance(60))
		kind := m.pick([]string{"leave", "leave", "training", "task"})
		s.Away = append(s.Away, inspect.Away{Kind: inspect.AwayKind(kind), Days: inspect.Days{From: from, Until: from.AddDays(1 + m.chance(14))}})
	}
	if !m.in1000(110) {
		return
	}
	tie := inspect.Tie{Since: m.day.AddDays(-400 - m.chance(3000))}
	switch m.chance(3) {
	case 0:
		tie.Kind, tie.Until = inspect.FormerEmployer, m.day.AddDays(-m.chance(390))
	case 1:
		tie.Kind, tie.Ground = inspect.Relative, "近亲属任该单位负责人"
	default:
		tie.Kind, tie.Ground = inspect.Shareholding, "配偶持有股份"
	}
	s.Ties = append(s.Ties, tie)
}

// train records what most have learnt within the year.
func (m *registrar) train(s *Staffer) {
	if !m.in1000(900) {
		return
	}
	exam := "passed"
	if m.in1000(40) {
		exam = "failed"
	}
	s.Trainings = append(s.Trainings, inspect.Training{Topic: m.pick(topics), Hours: int64(8 + 4*m.chance(8)), Exam: exam, Day: m.day.AddDays(-5 - m.chance(340))})
}
