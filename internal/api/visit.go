package api

import (
	"errors"
	"maps"
	"reflect"
	"regexp"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// groupVisit is the group of the documentation.
const groupVisit = "检查"

// visitRoutes are the reads of visits: R76–R89, R100.
func visitRoutes() []route {
	return []route{
		get("/api/v1/visits", "visits", groupVisit, "检查列表", byReader, inspect.VisitRead, (*server).visits).
			says("返回权限范围内已经办理过的检查，按批次和小组序号排列；尚未办理的只见于检查小组。参与部门、组织抽取的单位和联席会议办公室看得到，检查人员岗位看得到本人的。密封方式的，名单公开之前不通过接口返回。"),
		get("/api/v1/visits/{id}", "visit", groupVisit, "一次检查的全部情况", byReader, inspect.VisitRead, (*server).visit).
			says("version 填入 seen，digest 是签字时须填写的内容摘要。手写签字的图像和证据文件不通过接口返回。"),
	}
}

// What the document says of the acts of a visit, which a telephone sends one by one.
func init() {
	for _, t := range []reflect.Type{reflect.TypeFor[inspect.VisitID](), reflect.TypeFor[inspect.EvidenceID](), reflect.TypeFor[inspect.MeasureID](), reflect.TypeFor[inspect.HelperID](), reflect.TypeFor[inspect.SignatureID]()} {
		ids[t] = true
	}
	choices[reflect.TypeFor[inspect.VisitState]()] = inspect.VisitStates
	choices[reflect.TypeFor[inspect.ResultCode]()] = inspect.ResultCodes
	unlabelled["team"] = "检查小组 id"
	file := "0199c5d2-7a10-7c3e-8a51-3f60d1c2be01"
	exampleIDs["proof"], exampleIDs["paper"], exampleIDs["recording"] = file, file, file
	digest := "54946869b04f2176b9c89796bbf9a3e6d3e113d34b7a5a7d0c1e3f5a9b8c7d6e"
	at := "2027-03-15T09:30"
	maps.Copy(examples, map[string]any{
		"visit.precheck/sources": []string{"国家企业信用信息公示系统"}, "visit.precheck/texts": []string{"未列入经营异常名录"}, "visit.precheck/as_of": []string{"2027-03-14"},
		"visit.notify/channel": "phone", "visit.notify/recipient": "刘某（店长）", "visit.notify/text": "请准备营业执照、许可证和进货台账", "visit.notify/told": at,
		"claimed": at, "visit.begin/officers": []int64{1, 2}, "present": "刘某", "role": "店长", "shown": true, "told": true, "recusal": "",
		"visit.fill/seen": int64(0), "checklist": int64(1), "answers": []string{"licence_shown=yes"}, "notes": []string{"licence_shown=悬挂在收银台"},
		"visit.fill/codes": []string{"problem_ordered_to_correct"}, "corrected": false, "problem": "进货台账记录不全", "handling": "责令限期改正", "waived": "",
		"visit.measure/kind": "rectify", "visit.measure/manner": "written", "visit.measure/text": "补全近三个月的进货台账", "law": "《中华人民共和国食品安全法》第五十三条",
		"visit.measure/due": "2027-03-30",
		"visit.helper/name": "周某", "unit": "海阳市检测中心", "conclusion": "所检项目符合要求",
		"visit.attach/kind": "photo", "visit.attach/name": "现场照片",
		"visit.special/kind": "unreachable_at_registered_address", "visit.special/officers": []int64{1, 2}, "tried": "两次到登记的住所，大门紧锁，电话停机", "statement": "", "witness": "",
		"visit.conclude/text": "责令改正一项，其余未发现问题", "visit.reopen/reason": "漏填一项", "digest": digest,
		"way": "refused", "visit.party/name": "", "visit.party/role": "", "drawing": "", "visit.party/statement": "负责人阅后拒绝签字", "visit.party/witness": "物业王某", "visit.party/opinion": "",
	})
}

// A visitQuery narrows the list of visits.
type visitQuery struct {
	Batch  inspect.BatchID    `query:"batch" label:"批次 id"`
	Org    inspect.OrgID      `query:"org" label:"牵头部门 id"`
	State  inspect.VisitState `query:"state" label:"状态"`
	Object int64              `query:"object" label:"检查对象序号" least:"1"`
	paging
}

// A visitList is one page of the list.
type visitList struct {
	Visits []visitRow `json:"visits" label:"检查"`
	Next   string     `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// A visitRow is a visit as a list shows it.
type visitRow struct {
	ID        inspect.VisitID    `json:"id" label:"检查 id"`
	Version   int64              `json:"version" label:"版本" hint:"办理时填入 seen"`
	Batch     inspect.BatchID    `json:"batch" label:"批次 id"`
	Team      inspect.TeamID     `json:"team" label:"检查小组 id"`
	No        int                `json:"no" label:"小组序号"`
	State     inspect.VisitState `json:"state" label:"状态"`
	StateText string             `json:"state_text" label:"状态（文字）"`
	Lead      orgRef             `json:"lead" label:"牵头部门"`
	Orgs      []orgRef           `json:"orgs" label:"各部门"`
	Object    inspect.ObjectNo   `json:"object" label:"检查对象序号"`
	Name      string             `json:"name" label:"检查对象"`
	Code      string             `json:"code" label:"统一社会信用代码或编号"`
	Place     string             `json:"place" label:"地址"`
	NoNotice  bool               `json:"no_notice" label:"不提前告知"`
	Special   inspect.ResultCode `json:"special,omitempty" label:"无法实质检查的情形"`
	Begun     instant            `json:"begun,omitempty" label:"到场时间"`
	Ended     instant            `json:"ended,omitempty" label:"检查结束时间" hint:"全体签字完毕"`
}

// A visitView is a visit with what was found and done.
type visitView struct {
	visitRow
	CheckCode  string           `json:"check_code" label:"检查码"`
	Digest     string           `json:"digest,omitempty" label:"检查结论的内容摘要" hint:"形成结论以后才有，签字时填写"`
	Tasks      []visitTask      `json:"tasks" label:"任务"`
	Members    []visitMember    `json:"members" label:"检查小组成员"`
	Known      []visitKnown     `json:"known" label:"预查比对"`
	CheckedAt  instant          `json:"checked_at,omitempty" label:"预查比对时间"`
	Notice     *visitNotice     `json:"notice,omitempty" label:"检查告知"`
	Start      *visitStart      `json:"start,omitempty" label:"到场"`
	Aside      *visitAside      `json:"aside,omitempty" label:"无法实质检查"`
	Findings   []visitFinding   `json:"findings" label:"各事项的检查情况" hint:"牵头部门的在前"`
	Measures   []visitMeasure   `json:"measures" label:"监管措施"`
	Helpers    []visitOpinion   `json:"helpers" label:"第三方和专家意见"`
	Evidence   []visitEvidence  `json:"evidence" label:"证据"`
	Conclusion string           `json:"conclusion,omitempty" label:"检查结论"`
	Signatures []visitSignature `json:"signatures" label:"签字" hint:"含已失效的"`
	Verbs      []inspect.Verb   `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs []inspect.Verb   `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

// The parts of a visit.
type (
	visitTask struct {
		ID     inspect.TaskID `json:"id" label:"任务 id"`
		Number string         `json:"number" label:"任务编号"`
		Name   string         `json:"name" label:"任务名称"`
	}
	visitMember struct {
		Inspector   inspect.InspectorNo `json:"inspector" label:"执法检查人员序号"`
		Name        string              `json:"name" label:"姓名"`
		Org         orgRef              `json:"org" label:"部门"`
		Certificate string              `json:"certificate,omitempty" label:"执法证号"`
		Leader      bool                `json:"leader" label:"组长"`
	}
	visitKnown struct {
		Source string `json:"source" label:"信息来源"`
		Text   string `json:"text" label:"情况"`
		AsOf   date   `json:"as_of,omitempty" label:"截至日期"`
	}
	visitNotice struct {
		Channel   string             `json:"channel" label:"告知方式" hint:"written 书面，phone 电话，fax 传真，sms 短信，online 网上"`
		Recipient string             `json:"recipient" label:"接收人"`
		Text      string             `json:"text" label:"告知内容"`
		Told      instant            `json:"told" label:"告知时间"`
		Proof     inspect.EvidenceID `json:"proof,omitempty" label:"送达证明" hint:"证据 id"`
	}
	visitStart struct {
		Claimed  instant               `json:"claimed" label:"到场时间" hint:"手机记录的时间"`
		At       instant               `json:"at" label:"平台收到的时间"`
		Officers []inspect.InspectorNo `json:"officers" label:"到场人员序号"`
		Present  string                `json:"present" label:"现场人员"`
		Role     string                `json:"role" label:"职务或者身份"`
		Recusal  string                `json:"recusal,omitempty" label:"回避申请和答复"`
	}
	visitAside struct {
		Kind      inspect.ResultCode    `json:"kind" label:"情形"`
		Claimed   instant               `json:"claimed" label:"现场时间" hint:"手机记录的时间"`
		At        instant               `json:"at" label:"平台收到的时间"`
		Officers  []inspect.InspectorNo `json:"officers" label:"在场人员序号"`
		Tried     string                `json:"tried" label:"经过"`
		Statement string                `json:"statement,omitempty" label:"检查人员说明"`
		Witness   string                `json:"witness,omitempty" label:"见证人"`
		Recording inspect.EvidenceID    `json:"recording,omitempty" label:"录音录像" hint:"证据 id"`
	}
	visitFinding struct {
		Item      inspect.ItemID       `json:"item" label:"事项 id"`
		Version   int64                `json:"version" label:"事项版本"`
		Name      string               `json:"name" label:"事项名称"`
		Org       orgRef               `json:"org" label:"部门"`
		Seen      int64                `json:"seen" label:"第几次填写" hint:"填写时填入 seen，0 为尚未填写"`
		Checklist int64                `json:"checklist" label:"所填检查表单的版本" hint:"0 为没有表单或者尚未填写"`
		Answers   []visitAnswer        `json:"answers" label:"检查表单的回答"`
		Codes     []inspect.ResultCode `json:"codes" label:"检查结果"`
		Corrected bool                 `json:"corrected" label:"已当场改正"`
		Problem   string               `json:"problem,omitempty" label:"发现的问题"`
		Handling  string               `json:"handling,omitempty" label:"处置情况"`
		Waived    string               `json:"waived,omitempty" label:"未检查的理由"`
		Inspector inspect.InspectorNo  `json:"inspector,omitempty" label:"填写人序号"`
		At        instant              `json:"at,omitempty" label:"填写时间"`
	}
	visitAnswer struct {
		Question string `json:"question" label:"题目"`
		Value    string `json:"value" label:"回答"`
		Note     string `json:"note,omitempty" label:"情况说明"`
	}
	visitMeasure struct {
		ID    inspect.MeasureID `json:"id" label:"措施 id"`
		Kind  string            `json:"kind" label:"措施" hint:"record 现场笔录，evidence 初步提取证据，stop 责令停止违法行为，rectify 责令改正"`
		Form  string            `json:"manner" label:"方式" hint:"written 书面，oral 口头，printed 打印"`
		Text  string            `json:"text" label:"内容"`
		Law   string            `json:"law,omitempty" label:"违反的规定"`
		Basis string            `json:"basis,omitempty" label:"依据"`
		Due   date              `json:"due,omitempty" label:"改正期限"`
		Org   orgRef            `json:"org" label:"部门"`
		Item  inspect.ItemID    `json:"item,omitempty" label:"事项 id"`
	}
	visitOpinion struct {
		ID         inspect.HelperID   `json:"id" label:"意见 id"`
		Name       string             `json:"name" label:"姓名"`
		Unit       string             `json:"unit" label:"所在单位"`
		Item       inspect.ItemID     `json:"item" label:"事项 id"`
		Conclusion string             `json:"conclusion" label:"意见"`
		Paper      inspect.EvidenceID `json:"paper,omitempty" label:"报告" hint:"证据 id"`
	}
	visitEvidence struct {
		ID      inspect.EvidenceID `json:"id" label:"证据 id"`
		Kind    string             `json:"kind" label:"证据种类" hint:"photo 照片，video 录像，audio 录音，scan 扫描件，document 文书、材料"`
		Name    string             `json:"name" label:"名称"`
		SHA256  string             `json:"sha256" label:"文件的 SHA-256"`
		Size    int64              `json:"size" label:"文件大小（字节）"`
		Type    string             `json:"type" label:"文件类型"`
		Item    inspect.ItemID     `json:"item,omitempty" label:"事项 id"`
		Org     orgRef             `json:"org" label:"部门"`
		Claimed instant            `json:"claimed" label:"取得时间" hint:"手机记录的时间"`
		At      instant            `json:"at" label:"平台收到的时间"`
	}
	visitSignature struct {
		ID        inspect.SignatureID `json:"id" label:"签字 id"`
		Kind      string              `json:"kind" label:"签字人" hint:"party 被检查单位，member 小组成员"`
		Way       string              `json:"way" label:"方式" hint:"factor 验证身份，drawn 在屏幕上手写，paper 在纸上，refused 拒绝签字"`
		Name      string              `json:"name,omitempty" label:"姓名"`
		Role      string              `json:"role,omitempty" label:"职务或者身份"`
		Inspector inspect.InspectorNo `json:"inspector,omitempty" label:"执法检查人员序号"`
		Statement string              `json:"statement,omitempty" label:"拒绝签字的说明"`
		Witness   string              `json:"witness,omitempty" label:"见证人"`
		Opinion   string              `json:"opinion,omitempty" label:"被检查单位的意见"`
		Digest    string              `json:"digest" label:"所签内容的摘要"`
		Void      bool                `json:"void" label:"已失效"`
		At        instant             `json:"at" label:"签字时间"`
	}
)

var visitCursor = regexp.MustCompile(`^[0-9a-f-]{36}_[0-9]{6,12}$`)

// visits lists the visits that the caller may see.
func (s *server) visits(c *call, q visitQuery) (visitList, error) {
	found, next, err := pageOf(c, q.paging, visitCursor, store.VisitKey, func(most int) ([]store.VisitRow, error) {
		return s.visitsOf(c, store.VisitFilter{Batch: q.Batch, Org: q.Org, State: q.State, Object: inspect.ObjectNo(q.Object), After: q.After, Most: most})
	})
	if err != nil {
		return visitList{}, err
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), c.who().Org.Region)
	return visitList{each(found, func(v store.VisitRow) visitRow { return visitRowOf(v, facts) }), next}, err
}

// visitsOf reads visits. Whose post reads its own visits only gets those: R74.
func (s *server) visitsOf(c *call, f store.VisitFilter) ([]store.VisitRow, error) {
	who := c.who()
	if who.MayTo(inspect.VisitRead, inspect.Owner, inspect.Participant, inspect.Office, inspect.Oversight) != nil {
		me, err := s.DB.InspectorOf(c.Context(), c.scope(), who.Person)
		if errors.Is(err, inspect.ErrMissing) {
			return nil, nil // the account is no inspector's
		}
		if err != nil {
			return nil, err
		}
		teams, err := s.DB.Teams(c.Context(), c.scope(), store.TeamFilter{Region: who.Org.Region, Inspector: me.No})
		if err != nil {
			return nil, err
		}
		for _, t := range teams {
			if _, stands := t.Member(me.No); stands && t.Stands() {
				f.Teams = append(f.Teams, t.ID)
			}
		}
		if f.Teams == nil {
			return nil, nil
		}
	}
	return s.DB.Visits(c.Context(), c.scope(), f)
}

func visitRowOf(v store.VisitRow, facts inspect.Facts) visitRow {
	return visitRow{
		ID: v.ID, Version: v.Version, Batch: v.Batch, Team: v.Team, No: v.No, State: v.State, StateText: v.State.Text(), Lead: orgIn(facts, v.Org),
		Orgs: each(v.Orgs, func(id inspect.OrgID) orgRef { return orgIn(facts, id) }), Object: v.Object, Name: v.Party.Name, Code: v.Party.Code, Place: v.Party.Place,
		NoNotice: v.NoNotice, Special: v.Special.Kind, Begun: instantOf(v.Start.Claimed), Ended: instantOf(v.EndedAt),
	}
}

// A visitPath names a visit.
type visitPath struct {
	ID inspect.VisitID `path:"id" label:"检查 id"`
}

// visit is one visit that the caller may see.
func (s *server) visit(c *call, q visitPath) (visitView, error) {
	found, err := s.visitsOf(c, store.VisitFilter{ID: q.ID})
	if err == nil && len(found) == 0 {
		err = inspect.ErrMissing
	}
	if err != nil {
		return visitView{}, err
	}
	x := found[0]
	teams, err := s.DB.Teams(c.Context(), c.scope(), store.TeamFilter{ID: x.Team})
	if err != nil {
		return visitView{}, err
	}
	files, err := s.DB.InspectorFiles(c.Context(), c.scope(), workday.On(s.Now()), inspect.TeamMembers(teams))
	if err != nil {
		return visitView{}, err
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), x.Region)
	if err != nil {
		return visitView{}, err
	}
	signed, err := s.DB.Signatures(c.Context(), c.scope(), x.ID)
	if err != nil {
		return visitView{}, err
	}
	members := inspect.VisitMembers(teams[0], files, workday.On(s.Now()))
	v := viewOfVisit(x, members, signed, facts)
	v.Verbs, v.GraveVerbs = []inspect.Verb{}, []inspect.Verb{}
	for _, m := range members {
		if f := files[m.Inspector]; f.Person != c.who().Person || m.Org != c.who().Org.ID || teams[0].State != inspect.TeamDispatched {
			continue
		}
		results, err := s.DB.Results(c.Context(), c.scope(), store.ResultFilter{Visit: x.ID})
		if err != nil {
			return v, err
		}
		live := slices.DeleteFunc(signed, func(x inspect.Signature) bool { return x.Void })
		v.Verbs, v.GraveVerbs = c.parted(x.MayNow(c.who(), m, live, inspect.Revisited(results)))
	}
	return v, nil
}

// viewOfVisit is a visit with its standing members and all its signatures.
func viewOfVisit(x store.VisitRow, members []inspect.VisitMember, signed []inspect.Signature, facts inspect.Facts) visitView {
	org := func(id inspect.OrgID) orgRef { return orgIn(facts, id) }
	v := visitView{
		visitRow: visitRowOf(x, facts), CheckCode: x.Visit.Code, Digest: x.Digest, CheckedAt: instantOf(x.Precheck.At), Conclusion: x.Conclusion.Text,
		Tasks: each(x.Tasks, func(t inspect.VisitTask) visitTask { return visitTask{t.ID, t.Number, t.Name} }),
		Members: each(members, func(m inspect.VisitMember) visitMember {
			return visitMember{m.Inspector, m.Name, org(m.Org), m.Certificate, m.Leader}
		}),
		Known: each(x.Precheck.Facts, func(f inspect.PrecheckFact) visitKnown { return visitKnown{f.Source, f.Text, dateOf(f.AsOf)} }),
		Findings: each(x.Findings, func(f inspect.Finding) visitFinding {
			answers := each(f.Answers, func(a inspect.Answer) visitAnswer { return visitAnswer{a.Question, a.Value, a.Note} })
			return visitFinding{f.Item, f.ItemVersion, f.Name, org(f.Org), f.Edition, f.ChecklistVersion, answers, listed(f.Codes), f.Corrected, f.Problem, f.Handling, f.Waived, f.Inspector, instantOf(f.At)}
		}),
		Measures: each(x.Measures, func(m inspect.Measure) visitMeasure {
			return visitMeasure{m.ID, m.Kind, m.Form, m.Text, m.Law, m.Basis, dateOf(m.Due), org(m.Org), m.Item}
		}),
		Helpers: each(x.Helpers, func(h inspect.Helper) visitOpinion {
			return visitOpinion{h.ID, h.Name, h.Unit, h.Item, h.Conclusion, h.Paper}
		}),
		Evidence: each(slices.Concat(x.Evidence, x.Papers), func(e inspect.Evidence) visitEvidence {
			return visitEvidence{e.ID, e.Kind, e.Name, e.SHA256, e.Size, e.Type, e.Item, org(e.Org), instantOf(e.Claimed), instantOf(e.At)}
		}),
		Signatures: each(signed, func(g inspect.Signature) visitSignature {
			return visitSignature{g.ID, g.Kind, g.Way, g.Name, g.Role, g.Inspector, g.Statement, g.Witness, g.Opinion, g.Digest, g.Void, instantOf(g.At)}
		}),
	}
	if n := x.Notice; !n.At.IsZero() {
		v.Notice = &visitNotice{n.Channel, n.Recipient, n.Text, instantOf(n.Told), n.Proof}
	}
	if b := x.Start; !b.At.IsZero() {
		v.Start = &visitStart{instantOf(b.Claimed), instantOf(b.At), listed(b.Officers), b.Present, b.Role, b.Recusal}
	}
	if p := x.Special; p.Kind != "" {
		v.Aside = &visitAside{p.Kind, instantOf(p.Claimed), instantOf(p.At), listed(p.Officers), p.Tried, p.Statement, p.Witness, p.Recording}
	}
	return v
}
