package office

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/document"
	"suicha/internal/document/font"
	"suicha/internal/inspect"
	"suicha/internal/web"
	"suicha/internal/workday"
)

// A visitPaper is one document of the visit, as PDF to sign and as Word to go on writing.
type visitPaper struct{ Name, PDF, Word string }

func (g visitScene) paper(name string) string { return visitPath(g.team.ID) + "/papers/" + name }

// visitPapers are the documents that can be made now: R80, R82, R84, R87.
func (g visitScene) visitPapers() (rows []visitPaper) {
	add := func(name, file string) {
		rows = append(rows, visitPaper{name, g.paper(file + ".pdf"), g.paper(file + ".docx")})
	}
	x := g.visit
	if x.Version > 0 && !x.NoNotice {
		add("部门联合检查告知书", "notice")
	}
	if !x.Start.At.IsZero() {
		add("现场笔录", "onsite")
	}
	for _, m := range x.Measures {
		if m.Kind == "stop" || m.Kind == "rectify" {
			add(inspect.ChoiceText(inspect.MeasureKinds, m.Kind)+"通知书（"+g.facts.Orgs[m.Org].Short+"）", "order-"+string(m.ID))
		}
	}
	for _, f := range x.Findings {
		if f.Edition > 0 {
			add("检查表："+f.Name, "sheet-"+string(f.Item))
		}
	}
	if x.Digest != "" {
		add("联合抽查情况记录表（汇总表）", "summary")
	}
	if x.Done() {
		add("检查结果告知书", "result")
	}
	return rows
}

// visitPaper sends one document of the visit.
func (s *server) visitPaper(w http.ResponseWriter, r *http.Request) error {
	g, err := s.visitScene(r)
	if err != nil {
		return err
	}
	name, kind, ok := strings.Cut(r.PathValue("paper"), ".")
	if !ok || kind != "pdf" && kind != "docx" || !slices.ContainsFunc(g.visitPapers(), func(p visitPaper) bool { return p.PDF == g.paper(name+".pdf") }) {
		return inspect.ErrMissing
	}
	proof, err := s.proof(r, g)
	if err != nil {
		return err
	}
	form, err := s.visitForm(r, g, name, proof)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if kind == "docx" {
		err = document.Word(&body, form)
	} else if fonts, fault := font.Builtin(); fault != nil {
		err = fault
	} else {
		err = document.PDF(&body, fonts, form)
	}
	if err != nil {
		return fmt.Errorf("make the paper %s of a visit: %w", name, err)
	}
	types := map[string]string{"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
	return sendFile(w, fmt.Sprintf("%s-%d-%s.%s", g.scene.Batch.Number, g.team.No, strings.SplitN(name, "-", 2)[0], kind), types[kind], body.Bytes())
}

// proof is what stands at the foot: the inspection code, the receipt of the newest entry
// and where anybody can check the visit.
func (s *server) proof(r *http.Request, g visitScene) (document.Proof, error) {
	p := document.Proof{Number: g.number(), Digest: g.visit.Digest, Printed: web.Stamp(s.Now()), Address: s.Base + "/check/" + g.visit.Code}
	entries, err := s.db.VisitTimeline(r.Context(), web.Actor(r).Scope(), g.visit.ID, 1)
	if err == nil && len(entries) > 0 {
		p.Receipt = entries[0].Code()
	}
	return p, err
}

// number is that of the visit's papers.
func (g visitScene) number() string { return fmt.Sprintf("%s-%d", g.scene.Batch.Number, g.team.No) }

// visitForm is the form of a document's name.
func (s *server) visitForm(r *http.Request, g visitScene, name string, proof document.Proof) (document.Form, error) {
	switch kind, id, _ := strings.Cut(name, "-"); kind {
	case "notice":
		return g.notice(proof), nil
	case "onsite":
		return g.onSite(proof), nil
	case "order":
		return g.order(inspect.MeasureID(id), proof), nil
	case "result":
		return g.told(s.Calendar, proof), nil
	case "sheet":
		lists, err := s.db.ChecklistVersions(r.Context(), web.Actor(r).Scope(), inspect.ItemID(id))
		return g.sheet(inspect.ItemID(id), lists, proof), err
	}
	return g.summary(proof), nil
}

func (g visitScene) party() document.Party {
	p := g.visit.Party
	return document.Party{Name: p.Name, Code: p.Code, Place: p.Place, Person: g.visit.Start.Present}
}

// crew are the members, the leader first; as they stood when it began, if it did.
func (g visitScene) crew() []inspect.VisitMember {
	members := slices.Clone(g.visit.Members)
	if len(members) == 0 {
		members = slices.Clone(g.members)
	}
	slices.SortStableFunc(members, func(a, b inspect.VisitMember) int {
		switch {
		case a.Leader:
			return -1
		case b.Leader:
			return 1
		}
		return 0
	})
	return members
}

func (g visitScene) officers() (all []document.Officer) {
	for _, m := range g.crew() {
		all = append(all, document.Officer{Org: g.facts.Orgs[m.Org].Short, Name: m.Name, Certificate: m.Certificate})
	}
	return all
}

func (g visitScene) issuer() string { return g.facts.Orgs[g.visit.Org].Name }

// task names the tasks, and their numbers.
func (g visitScene) task() (name, number string) {
	var names, numbers []string
	for _, t := range g.visit.Tasks {
		names, numbers = append(names, t.Name), append(numbers, t.Number)
	}
	return strings.Join(names, "、"), strings.Join(numbers, "、")
}

func (g visitScene) notice(proof document.Proof) document.Form {
	name, _ := g.task()
	n := document.Notice{
		Issuer: g.issuer(), Number: g.number(), Party: g.party(), Task: name, On: g.team.Day, Officers: g.officers(), Contact: g.crew()[0].Name,
		Issued: workday.On(g.visit.Notice.Told), Proof: proof,
	}
	if n.On.IsZero() {
		n.On = g.team.Days.From
	}
	if g.visit.Notice.At.IsZero() {
		n.Issued = workday.Date{}
	}
	for _, f := range g.visit.Findings {
		item := g.facts.Items[f.Item]
		n.Items = append(n.Items, document.NoticeItem{Org: g.facts.Orgs[f.Org].Short, Item: f.Name, Basis: item.Basis})
		for _, m := range strings.Split(item.Materials, "\n") {
			if m != "" && !slices.Contains(n.Prepare, m) {
				n.Prepare = append(n.Prepare, m)
			}
		}
	}
	if len(n.Prepare) == 0 {
		n.Prepare = []string{"营业执照、许可证件", "与检查事项有关的台账和资料"}
	}
	return n.Form()
}

// signatures of the party and of members, as the papers show them.
func (g visitScene) partySigned() (by []document.Signature, on workday.Date, refusal, witness, opinion string) {
	for _, x := range g.live {
		if x.Kind != inspect.PartySigns {
			continue
		}
		opinion = x.Opinion
		if x.Way == inspect.SignRefused {
			return nil, workday.Date{}, x.Statement, textOr(x.Witness, "有录音录像"), opinion
		}
		image, _ := base64.StdEncoding.DecodeString(x.Drawing) // the rule has checked it
		by, on = append(by, document.Signature{Name: x.Name, Image: image}), workday.On(x.At)
		if x.Way == inspect.SignPaper {
			by[0].Name += "（见纸质文书）"
		}
	}
	return by, on, refusal, witness, opinion
}

func (g visitScene) memberSigned(is func(inspect.VisitMember) bool) (by []document.Signature, on workday.Date) {
	for _, m := range g.crew() {
		for _, x := range g.live {
			if x.Kind == inspect.MemberSigns && x.Inspector == m.Inspector && is(m) {
				by, on = append(by, document.Signature{Name: x.Name}), workday.On(x.At)
			}
		}
	}
	return by, on
}

func everybody(inspect.VisitMember) bool { return true }

// hours are when the officers came, and when they concluded if it was on the same day.
func (g visitScene) hours() (from, to string) {
	x := g.visit
	if x.Start.At.IsZero() {
		return "", ""
	}
	from = x.Start.Claimed.In(workday.Beijing).Format("15:04")
	if end := x.Conclusion.At; !end.IsZero() && workday.On(end) == x.Start.Day {
		to = end.In(workday.Beijing).Format("15:04")
	}
	return from, to
}

func (g visitScene) onSite(proof document.Proof) document.Form {
	x := g.visit
	p := document.OnSite{Org: g.issuer(), Number: g.number(), Party: g.party(), On: x.Start.Day, Officers: g.officers(), Present: x.Start.Present + "（" + x.Start.Role + "）", Proof: proof}
	p.From, p.To = g.hours()
	if x.Start.Recusal != "" {
		p.Told = "被检查单位表示：" + x.Start.Recusal
	} else {
		p.Told = "被检查单位表示：清楚，不申请回避。"
	}
	var said []string
	for _, f := range x.Findings {
		if f.Filled() {
			said = append(said, f.Name+"："+findingText(f))
		}
	}
	p.Record = strings.Join(said, "\n")
	for _, e := range x.Evidence {
		p.Evidence = append(p.Evidence, e.Name+"（"+inspect.ChoiceText(inspect.EvidenceKinds, e.Kind)+"，摘要 "+e.SHA256[:16]+"…）")
	}
	p.Signed, p.SignedOn, p.Refusal, p.Witness, p.Opinion = g.partySigned()
	p.Team, p.TeamOn = g.memberSigned(everybody)
	return p.Form()
}

// findingText is what came of an item, in a sentence.
func findingText(f inspect.Finding) string {
	if f.Waived != "" {
		return "未检查。" + f.Waived
	}
	return codesText(f) + "。" + f.Problem
}

func codesText(f inspect.Finding) string {
	if f.Waived != "" {
		return "未检查"
	}
	var codes []string
	for _, c := range f.Codes {
		codes = append(codes, c.Text())
	}
	text := strings.Join(codes, "；")
	if f.Corrected {
		text += "（已当场改正）"
	}
	return text
}

func (g visitScene) order(id inspect.MeasureID, proof document.Proof) document.Form {
	i := slices.IndexFunc(g.visit.Measures, func(m inspect.Measure) bool { return m.ID == id })
	m := g.visit.Measures[i] // visitPapers has it
	facts := m.Text
	if f, ok := g.visit.Finding(m.Item); ok && f.Problem != "" {
		facts = f.Problem
	}
	org := g.facts.Orgs[m.Org]
	by, _ := g.visit.Member(m.Member)
	return document.Order{
		Issuer: org.Name, Number: g.number(), Stop: m.Kind == "stop", Party: g.party(), On: g.visit.Start.Day, Facts: facts, Law: m.Law, Basis: m.Basis,
		Demands: []string{m.Text}, Until: m.Due, Contact: by.Name, Issued: workday.On(m.At), Proof: proof,
	}.Form()
}

func (g visitScene) sheet(id inspect.ItemID, lists []inspect.Checklist, proof document.Proof) document.Form {
	f, _ := g.visit.Finding(id) // visitPapers has it
	item := g.facts.Items[id]
	name, number := g.task()
	p := document.Sheet{
		Org: g.facts.Orgs[f.Org].Name, Item: f.Name, Version: fmt.Sprint(f.ItemVersion), Basis: item.Basis, Task: name, Number: number, Party: g.party(), On: g.day(),
		Method: methodsText(f), Result: codesText(f), Handling: f.Handling, Proof: proof,
	}
	said := map[string]inspect.Answer{}
	for _, a := range f.Answers {
		said[a.Question] = a
	}
	for _, list := range lists {
		if list.Version != f.ChecklistVersion {
			continue
		}
		for _, q := range list.Questions {
			a, ok := said[q.Name]
			line := document.SheetLine{Text: q.Label, Method: q.Hint, Answer: strings.ReplaceAll(q.Words(a.Value), "\n", "、"), Note: a.Note}
			switch {
			case q.Type == inspect.AskNote:
				continue
			case q.Type == inspect.AskPhoto && ok:
				line.Answer = fmt.Sprintf("照片 %d 张", len(strings.Fields(a.Value)))
			case !ok:
				line.Answer = "—"
			}
			p.Lines = append(p.Lines, line)
		}
	}
	if len(p.Lines) == 0 {
		p.Lines = []document.SheetLine{{Text: item.Content, Answer: codesText(f), Note: f.Problem}}
	}
	p.Team, p.TeamOn = g.memberSigned(func(m inspect.VisitMember) bool { return m.Org == f.Org })
	p.Signed, p.SignedOn, _, _, _ = g.partySigned()
	return p.Form()
}

// day is that of the visit on the spot.
func (g visitScene) day() workday.Date {
	if g.visit.Special.Kind != "" {
		return g.visit.Special.Day
	}
	return g.visit.Start.Day
}

func methodsText(f inspect.Finding) string { return inspect.MethodSet(f.Methods).Text() }

func (g visitScene) summary(proof document.Proof) document.Form {
	x := g.visit
	name, number := g.task()
	p := document.Summary{
		Task: name, Number: number, Lead: g.facts.Orgs[x.Org].Short, Party: g.party(), On: g.day(), Officers: g.officers(), Conclusion: x.Conclusion.Text, Proof: proof,
	}
	p.Notice = []string{inspect.ChoiceText(inspect.NoticeChannels, x.Notice.Channel)}
	if x.NoNotice {
		p.Notice = []string{"不宜告知"}
	}
	p.From, p.To = g.hours()
	p.Findings = g.findings()
	p.Measures, p.Orders = measuresText(x)
	if s := x.Special; s.Kind != "" {
		p.Orders = strings.TrimSpace(p.Orders + "\n" + s.Kind.Text() + "：" + s.Tried + s.Statement)
		p.Witness = s.Witness
	}
	p.Leader, _ = g.memberSigned(func(m inspect.VisitMember) bool { return m.Leader })
	p.Members, _ = g.memberSigned(func(m inspect.VisitMember) bool { return !m.Leader })
	if by, on, refusal, witness, opinion := g.partySigned(); x.Special.Kind == "" {
		p.Signed, p.SignedOn, p.Refusal, p.Witness, p.Opinion = by, on, refusal, witness, opinion
	}
	return p.Form()
}

// findings are what came of the items, as the papers list it.
func (g visitScene) findings() (all []document.Finding) {
	for _, f := range g.visit.Findings {
		text := f.Problem
		if f.Waived != "" {
			text = f.Waived
		} else if text == "" && f.Has(inspect.NoProblem) {
			text = "未发现问题"
		}
		all = append(all, document.Finding{Org: g.facts.Orgs[f.Org].Short, Item: f.Name, Method: methodsText(f), Text: text, Result: codesText(f)})
	}
	return all
}

// told is the notice of the result: what was found, and until when it becomes public.
// R92, 海政办发〔2020〕2号 二(五)5.
func (g visitScene) told(cal *workday.Calendar, proof document.Proof) document.Form {
	x := g.visit
	name, _ := g.task()
	due, _ := inspect.ResultDue(cal, x.ClockFrom())
	leader, _ := x.Member(x.Conclusion.Leader)
	return document.Result{
		Issuer: g.issuer(), Number: g.number(), Party: g.party(), Task: name, On: g.day(), Findings: g.findings(), Conclusion: x.Conclusion.Text,
		Public: due, Contact: leader.Name, Issued: x.Ended(), Proof: proof,
	}.Form()
}

// measuresText are the kinds of measures as the form has them, and what was ordered.
func measuresText(x inspect.Visit) (kinds []string, orders string) {
	for _, m := range x.Measures {
		kind := map[string]string{"record": "现场笔录", "evidence": "初步提取证据", "stop": "责令停止违法行为", "rectify": "责令改正"}[m.Kind]
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
		line := kind + "（" + inspect.ChoiceText(inspect.MeasureForms, m.Form) + "）：" + m.Text
		if !m.Due.IsZero() {
			line += "限 " + m.Due.Long() + "前改正。"
		}
		orders = strings.TrimSpace(orders + "\n" + line)
	}
	return kinds, orders
}
