package county

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A scene is what happens at one object of the finished batch: what its visit finds, and
// how far it and its results come.
type scene struct {
	day                 workday.Date
	present, role       string
	way                 string // how the party signs, or why it does not come to that
	stop                inspect.VisitState
	conclusion, account string
	finds               map[string]find // by department
}

// A find is what one department finds.
type find struct {
	code              inspect.ResultCode
	corrected         bool
	answers           []string // that are not the usual ones
	problem, handling string
	order             string // what is to be mended, within days
	days              int
	follow            []string
	due               workday.Date
	left              inspect.ResultState // of the result; returned is drafted again
}

// returned marks a result that its leader handed back.
const returned inspect.ResultState = "returned"

// scenes are those of the tables, in the order of the teams.
var scenes = sync.OnceValue(func() (all []scene) {
	dash := func(text string) string { return strings.TrimPrefix(text, "-") }
	for _, v := range rows("visits.tsv") {
		s := scene{workday.MustParse(v[0]), dash(v[1]), dash(v[2]), v[3], inspect.VisitState(dash(v[4])), dash(v[5]), dash(v[6]), map[string]find{}}
		for _, org := range autumnOrgs {
			s.finds[org] = find{code: inspect.NoProblem, follow: []string{"none"}, left: inspect.ResultPublished}
		}
		all = append(all, s)
	}
	for _, f := range rows("findings.tsv") {
		finds := all[number(f[0])-1].finds
		x := find{finds[f[1]].code, f[3] == "yes", nil, dash(f[5]), dash(f[6]), dash(f[7]), 0, list(f[9]), dated(f[10]), inspect.ResultState(f[11])}
		if f[2] != "-" {
			x.code = inspect.ResultCode(f[2])
		}
		if f[4] != "-" {
			x.answers = strings.Split(f[4], ";")
		}
		if f[8] != "-" {
			x.days = int(number(f[8]))
		}
		finds[f[1]] = x
	}
	return all
})

// A visit is that of a team, with its scene.
type visit struct {
	scene
	team inspect.Team
	crew []inspect.Actor // the leader first
}

// agenda is what happened at the visits of a batch, with their results, and after.
func (m *maker) agenda(c *showing) (agenda []event) {
	var visits []*visit
	for i, t := range m.teams(c.id) {
		if i == len(scenes()) {
			break
		}
		v := &visit{scenes()[i], t, m.crew(t)}
		if t.Day.IsZero() {
			v.stop = "" // nobody found a day for it
		}
		visits = append(visits, v)
		agenda = append(agenda, m.ofVisit(v, i)...)
	}
	return append(agenda, m.aftermath(visits)...)
}

// ofVisit is what happens at a visit.
func (m *maker) ofVisit(v *visit, n int) []event {
	leader, t := v.crew[0], v.team.ID
	before := on(after(v.team.Day, -1), "15:00")
	if v.stop == inspect.VisitPrepared {
		before = "2026-11-19 15:30"
	}
	agenda := []event{{"2026-09-21 10:00", func() {
		for _, who := range v.crew {
			m.do(who, act.AcknowledgeTeams{Teams: []inspect.TeamID{t}})
		}
	}}}
	if v.stop == "" {
		return agenda
	}
	agenda = append(agenda, event{before, func() {
		m.do(leader, act.PrecheckVisit{
			Team: t, Sources: []string{"国家企业信用信息公示系统"}, Texts: []string{"近三年没有行政处罚记录，已报送上一年度年度报告。"}, AsOf: []workday.Date{workday.On(m.now)},
		})
		if v.role != "" || v.stop == inspect.VisitPrepared {
			m.do(leader, act.NotifyVisit{
				Team: t, Channel: "phone", Recipient: strings.TrimSpace(orElse(v.present, "门店值班人员") + " " + v.role),
				Text: "请负责人到场，准备营业执照、食品经营许可证、进货台账、油烟净化设施清洗记录和燃气安全检查记录。", Told: moment(m.now.Add(-10 * time.Minute)),
			})
		}
	}})
	if v.stop == inspect.VisitPrepared {
		return agenda
	}
	agenda = append(agenda, event{on(v.team.Day, []string{"09:20", "14:10", "10:50"}[n%3]), func() {
		if v.way == "unreachable" || v.way == "non_cooperation" {
			m.aside(v)
		} else {
			m.inspect(v)
		}
	}})
	if v.stop == inspect.VisitSigned {
		for _, org := range autumnOrgs {
			agenda = append(agenda, m.ofResult(v, org)...)
		}
	}
	return agenda
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// visit is the visit as it stands.
func (m *maker) visit(v *visit) (found inspect.Visit) {
	if m.err == nil {
		found, m.err = m.db.Visit(m.ctx, inspect.Scope{}, inspect.VisitIDOf(v.team.ID))
	}
	return found
}

// numbers are the members of the team, or those of one department.
func (v *visit) numbers(org inspect.OrgID) (nos []inspect.InspectorNo) {
	for _, x := range v.team.Standing() {
		if org == "" || x.Org == org {
			nos = append(nos, x.Inspector)
		}
	}
	return nos
}

// member is one of a department.
func (v *visit) member(org inspect.OrgID) inspect.Actor {
	for _, who := range v.crew {
		if who.Org.ID == org {
			return who
		}
	}
	return v.crew[0]
}

// inspect is a visit that goes its way: R76–R89.
func (m *maker) inspect(v *visit) {
	m.pace = onSpot
	defer func() { m.pace = slow }()
	leader, t := v.crew[0], v.team.ID
	m.do(leader, act.BeginVisit{Team: t, Officers: v.numbers(""), Present: v.present, Role: v.role, Shown: true, Told: true})
	shot := m.attach(v, leader, "后厨操作间", kitchen(v.team.No))
	for _, f := range m.visit(v).Findings {
		org := m.code(f.Org)
		if v.stop == inspect.VisitBegun && org != "scjg" {
			continue // the others are still at it
		}
		m.fill(v, f, v.finds[org], shot)
	}
	if v.stop == inspect.VisitBegun {
		return
	}
	m.do(leader, act.ConcludeVisit{Team: t, Seen: m.visit(v).Version, Text: v.conclusion})
	m.party(v)
	waits := 0
	if v.stop == inspect.VisitConcluded {
		waits = 1
	}
	m.sign(v, v.crew[:len(v.crew)-waits])
}

// usual are the answers where nothing is wrong.
var usual = map[string][]string{
	"scjg": {"licence=yes", "health=yes", "ledger=yes", "chill=4"},
	"zhzf": {"cleaner=yes", "running=yes", "washed=28", "wash_record=yes"},
	"zjj":  {"alarm=yes", "hose=yes", "valve=yes"},
}

// laws are what the orders rest on: what was offended against, and what orders it.
var laws = map[string][2]string{
	"scjg": {"《中华人民共和国食品安全法》第五十三条", "《中华人民共和国食品安全法》第一百二十六条"},
	"zhzf": {"《中华人民共和国大气污染防治法》第八十一条", "《中华人民共和国大气污染防治法》第一百一十八条"},
	"zjj":  {"《城镇燃气管理条例》第二十七条", "《城镇燃气管理条例》第四十九条"},
}

// answers are those of a department to its checklist.
func (f find) answersOf(org string, shot inspect.EvidenceID) (all []string) {
	over := map[string]string{}
	for _, pair := range f.answers {
		name, _, _ := strings.Cut(pair, "=")
		over[name] = pair
	}
	there := f.code.Negative() || f.code == inspect.NoProblem
	for _, pair := range usual[org] {
		name, value, _ := strings.Cut(pair, "=")
		if _, other := over[name]; other {
			continue
		}
		switch {
		case there:
			all = append(all, pair)
		case value == "yes":
			all = append(all, name+"=na") // nothing goes on there
		}
	}
	all = append(all, f.answers...)
	if org == "scjg" && there && shot != "" {
		all = append(all, "scene="+string(shot))
	}
	return all
}

// fill writes down what a department found of an item, and orders what is to be mended.
func (m *maker) fill(v *visit, of inspect.Finding, f find, shot inspect.EvidenceID) {
	org := m.code(of.Org)
	who := v.member(of.Org)
	if f.order != "" {
		m.do(who, act.MeasureVisit{
			Team: v.team.ID, ID: id[inspect.MeasureID]("measure", string(v.team.ID), string(of.Item)), Kind: "rectify", Form: "written", Item: of.Item,
			Text: f.order, Law: laws[org][0], Basis: laws[org][1], Due: v.team.Day.AddDays(f.days),
		})
	}
	m.do(who, act.FillVisit{
		Team: v.team.ID, Item: of.Item, Seen: of.Edition, Checklist: int64(m.asks(of.Item)), Methods: []inspect.Method{"onsite"}, Answers: f.answersOf(org, shot),
		Codes: []inspect.ResultCode{f.code}, Corrected: f.corrected, Problem: f.problem, Handling: f.handling,
	})
}

// asks is the version of an item's checklist: how many questions were put on it.
func (m *maker) asks(item inspect.ItemID) (n int) {
	for _, q := range rows("questions.tsv") {
		if id[inspect.ItemID]("item", q[1]) == item {
			n++
		}
	}
	return n
}

// party takes the signature of the inspected party, or says why there is none: R85, R86.
func (m *maker) party(v *visit) {
	sign := act.SignParty{
		Team: v.team.ID, ID: id[inspect.SignatureID]("party", string(v.team.ID)), Digest: m.visit(v).Digest, Way: v.way, Name: v.present, Role: v.role,
	}
	switch v.way {
	case inspect.SignRefused:
		sign.Statement, sign.Witness = v.account, "物业值班员 迟某"
	case inspect.SignPaper:
		sign.Paper = m.attach(v, v.crew[0], "签字的检查记录", paper(v.present))
	default:
		sign.Drawing, sign.Opinion = drawn(v.present), "情况属实，没有异议。"
	}
	m.do(v.crew[0], sign)
}

// sign has members sign, each with the second factor of the account: R88.
func (m *maker) sign(v *visit, crew []inspect.Actor) {
	digest := m.visit(v).Digest
	for i, who := range crew {
		m.do(who, act.SignVisit{Team: v.team.ID, ID: id[inspect.SignatureID]("member", string(v.team.ID), fmt.Sprint(i)), Digest: digest})
	}
}

// aside is a visit that cannot be made: R100.
func (m *maker) aside(v *visit) {
	m.pace = onSpot
	defer func() { m.pace = slow }()
	leader, t := v.crew[0], v.team.ID
	set := act.SetVisitAside{Team: t, Kind: inspect.Unreachable, Officers: v.numbers(""), Tried: v.account}
	if v.way == "non_cooperation" {
		set.Kind, set.Statement, set.Witness = inspect.NonCooperation, "当事人知悉检查事项和法律后果，仍拒绝检查，全程录音录像。", "社区网格员 邹某"
	}
	m.do(leader, set)
	m.attach(v, leader, "大门上锁", door(v.team.No))
	m.attach(v, leader, "第二次到场", door(v.team.No+1))
	m.do(leader, act.ConcludeVisit{Team: t, Seen: m.visit(v).Version, Text: v.conclusion})
	m.sign(v, v.crew)
}

// attach brings a picture and makes it evidence.
func (m *maker) attach(v *visit, who inspect.Actor, name string, picture []byte) inspect.EvidenceID {
	evidence := id[inspect.EvidenceID]("evidence", string(v.team.ID), name)
	if m.err != nil {
		return evidence
	}
	file, err := m.evidence.Put(who.Person, string(evidence), bytes.NewReader(picture))
	if err != nil {
		m.err = fmt.Errorf("keep the picture of %s: %w", name, err)
		return evidence
	}
	m.do(who, act.AttachVisit{Team: v.team.ID, ID: evidence, SHA256: file.SHA256, Kind: "photo", Name: name, Claimed: moment(m.now.Add(-time.Minute))})
	return evidence
}
