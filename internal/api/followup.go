package api

import (
	"maps"
	"reflect"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// groupFollow is the group of the documentation.
const groupFollow = "后续处理和申请"

// followUpRoutes are the reads of what follows from published results: R97–R99.
func followUpRoutes() []route {
	return []route{
		get("/api/v1/followups", "followups", groupFollow, "后续处理列表", byReader, inspect.FollowUpRead, (*server).followUps).
			says("返回权限范围内的后续处理，先开始的在前。各部门看得到本部门的和移交本部门的，联席会议办公室看得到本地区的，涉嫌犯罪的除外。"),
		get("/api/v1/followups/{id}", "followup", groupFollow, "一件后续处理及其各步骤", byReader, inspect.FollowUpRead, (*server).followUp).
			says("version 填入 seen。"),
	}
}

// What the document says of the acts of follow-ups.
func init() {
	ids[reflect.TypeFor[inspect.FollowUpID]()] = true
	choices[reflect.TypeFor[inspect.FollowKind]()] = inspect.FollowKinds
	choices[reflect.TypeFor[inspect.FollowState]()] = inspect.FollowStates
	unlabelled["followup"] = "后续处理 id"
	exampleIDs["followup"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2d501"
	exampleIDs["receiver"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2b102"
	recheck := func(verb string) {
		maps.Copy(examples, map[string]any{verb + "/officers": []int64{1, 2}, verb + "/way": "onsite", verb + "/day": "2027-04-09"})
	}
	recheck("followup.pass")
	recheck("followup.fail")
	recheck("followup.escalate")
	maps.Copy(examples, map[string]any{
		"followup.mend/day": "2027-04-06", "followup.mend/text": "已补全近三个月的进货台账，附照片", "followup.pass/text": "台账齐全，已改正",
		"followup.fail/text": "仍缺一个月", "followup.fail/due": "2027-04-20", "followup.escalate/text": "逾期未改正",
		"followup.send/outside": "", "followup.send/days": int64(5), "followup.send/due": "", "followup.send/text": "涉嫌无证经营，附现场照片和笔录",
		"case_no": "海市监案〔2027〕15号", "followup.accept/text": "已受理", "followup.return/text": "不属于本单位职责", "followup.answer/text": "已立案调查",
		"followup.close/text": "已处罚并改正", "followup.report/officers": []int64{1, 2}, "followup.report/text": "涉嫌生产、销售伪劣产品，建议移送",
		"followup.approve/opinion": "同意移送", "followup.refuse/opinion": "尚不构成犯罪，继续调查", "police": "海阳市公安局", "followup.hand/number": "海市监移〔2027〕1号",
		"papers": []string{"letter", "report", "list"}, "followup.hand/text": "", "followup.receipt/name": "于某", "followup.receipt/signed": "2027-04-10T09:30",
		"followup.file/day": "2027-04-12", "followup.file/number": "海公（经）立字〔2027〕20号", "followup.file/text": "",
		"followup.unfile/day": "2027-04-12", "followup.unfile/number": "海公（经）不立字〔2027〕3号", "followup.unfile/text": "情节显著轻微",
		"followup.object/day": "2027-04-14", "followup.object/text": "数额已达追诉标准", "followup.articles/day": "2027-04-14", "followup.articles/text": "涉案物品十二件，已当面清点",
	})
}

// A followUpQuery narrows the list of follow-ups.
type followUpQuery struct {
	Standing standing            `query:"standing" label:"办理情况" hint:"不填为全部"`
	Kind     inspect.FollowKind  `query:"kind" label:"后续处理"`
	State    inspect.FollowState `query:"state" label:"状态"`
	Org      inspect.OrgID       `query:"org" label:"承办部门 id"`
	Receiver inspect.OrgID       `query:"receiver" label:"接收单位 id"`
	Result   inspect.ResultID    `query:"result" label:"检查结果 id"`
	Text     string              `query:"text" label:"检索文字" hint:"检查对象的名称、代码或者案号" most:"60"`
	paging
}

// A followUpList is one page of the list.
type followUpList struct {
	FollowUps []followUpRow `json:"followups" label:"后续处理"`
	Next      string        `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// A followUpRow is a follow-up as a list shows it.
type followUpRow struct {
	ID        inspect.FollowUpID  `json:"id" label:"后续处理 id"`
	Version   int64               `json:"version" label:"版本" hint:"办理时填入 seen"`
	Kind      inspect.FollowKind  `json:"kind" label:"后续处理"`
	KindText  string              `json:"kind_text" label:"后续处理（文字）"`
	State     inspect.FollowState `json:"state" label:"状态"`
	StateText string              `json:"state_text" label:"状态（文字）"`
	Result    inspect.ResultID    `json:"result" label:"检查结果 id"`
	Object    inspect.ObjectNo    `json:"object" label:"检查对象序号"`
	Name      string              `json:"name" label:"检查对象"`
	Code      string              `json:"code" label:"统一社会信用代码或编号"`
	Org       orgRef              `json:"org" label:"承办部门"`
	Receiver  *orgRef             `json:"receiver,omitempty" label:"接收单位" hint:"平台以外的见 outside"`
	Outside   string              `json:"outside,omitempty" label:"平台以外的接收单位"`
	CaseNo    string              `json:"case_no,omitempty" label:"案号"`
	OpenedAt  instant             `json:"opened_at" label:"开始时间"`
	Since     instant             `json:"since" label:"最近办理时间"`
	clockView
	Verbs      []inspect.Verb `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs []inspect.Verb `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

// A clockView is until when the next step is to be made.
type clockView struct {
	Due         date    `json:"due,omitempty" label:"期限" hint:"没有期限的、已办结的没有"`
	End         instant `json:"end,omitempty" label:"从何时起逾期"`
	What        string  `json:"what,omitempty" label:"期限内须办理的事项"`
	Provisional bool    `json:"provisional" label:"期限暂定" hint:"跨入尚未公布放假安排的年份"`
	Overdue     bool    `json:"overdue" label:"已逾期"`
}

func (s *server) clock(x inspect.FollowClock) clockView {
	return clockView{dateOf(x.Day), instantOf(x.End), x.What, x.Provisional, x.Overdue(s.Now())}
}

// A followUpView is a follow-up with its steps.
type followUpView struct {
	followUpRow
	Steps []followUpStep `json:"steps" label:"各步骤" hint:"先办理的在前"`
}

// A followUpStep is one thing that was done.
type followUpStep struct {
	Verb     inspect.Verb `json:"verb" label:"办理事项"`
	VerbText string       `json:"verb_text" label:"办理事项（文字）"`
	Org      orgRef       `json:"org" label:"办理部门"`
	At       instant      `json:"at" label:"办理时间"`
	Day      date         `json:"day,omitempty" label:"日期"`
	Name     string       `json:"name,omitempty" label:"接收单位或者签收人"`
	Number   string       `json:"number,omitempty" label:"案号或者文号"`
	Way      string       `json:"way,omitempty" label:"复查方式"`
	Officers []string     `json:"officers" label:"执法人员"`
	Papers   []string     `json:"papers" label:"移送材料"`
	Due      date         `json:"due,omitempty" label:"新的期限"`
	Text     string       `json:"text,omitempty" label:"内容"`
}

// followUps lists the follow-ups within the caller's scope.
func (s *server) followUps(c *call, q followUpQuery) (followUpList, error) {
	found, next, err := pageOf(c, q.paging, momentCursor, store.FollowUpKey, func(most int) ([]inspect.FollowUp, error) {
		read := func(after string, most int) ([]inspect.FollowUp, error) {
			return s.DB.FollowUps(c.Context(), c.scope(), store.FollowUpFilter{
				Org: q.Org, Receiver: q.Receiver, Result: q.Result, Kind: q.Kind, State: q.State, Open: q.Standing == standingOpen || q.Standing == standingLate,
				Ended: q.Standing == standingClosed, Text: q.Text, After: after, Most: most,
			})
		}
		return lateOf(q.Standing, q.After, most, read, store.FollowUpKey, func(f inspect.FollowUp) bool { return f.Late(workday.Official(), s.Now()) })
	})
	if err != nil {
		return followUpList{}, err
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), c.who().Org.Region)
	return followUpList{each(found, func(f inspect.FollowUp) followUpRow { return s.followUpRow(c, f, facts) }), next}, err
}

func (s *server) followUpRow(c *call, f inspect.FollowUp, facts inspect.Facts) followUpRow {
	row := followUpRow{
		ID: f.ID, Version: f.Version, Kind: f.Kind, KindText: f.Kind.Text(), State: f.State, StateText: f.State.Text(), Result: f.Result, Object: f.Object,
		Name: f.Name, Code: f.Code, Org: orgIn(facts, f.Org), Outside: f.Outside, CaseNo: f.CaseNo, OpenedAt: instantOf(f.OpenedAt), Since: instantOf(f.Since),
		clockView: s.clock(f.Clock(workday.Official())),
	}
	if f.Receiver != "" {
		receiver := orgIn(facts, f.Receiver)
		row.Receiver = &receiver
	}
	row.Verbs, row.GraveVerbs = c.parted(f.MayNow(c.who()))
	return row
}

// A followUpPath names a follow-up.
type followUpPath struct {
	ID inspect.FollowUpID `path:"id" label:"后续处理 id"`
}

// followUp is one follow-up that the caller may see.
func (s *server) followUp(c *call, q followUpPath) (followUpView, error) {
	f, err := s.DB.FollowUp(c.Context(), c.scope(), q.ID)
	if err == nil && c.who().MayTo(inspect.FollowUpRead, f.Relations(c.who().Org)...) != nil {
		err = inspect.ErrMissing
	}
	if err != nil {
		return followUpView{}, err
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), c.who().Org.Region)
	if err != nil {
		return followUpView{}, err
	}
	var nos []inspect.InspectorNo
	for _, x := range f.Steps {
		nos = append(nos, x.Officers...)
	}
	names, err := s.DB.InspectorsNamed(c.Context(), c.scope(), nos)
	return followUpView{s.followUpRow(c, f, facts), each(f.Steps, func(x inspect.FollowStep) followUpStep {
		return followUpStep{
			Verb: x.Verb, VerbText: x.Verb.Text(), Org: orgIn(facts, x.Org), At: instantOf(x.At), Day: dateOf(x.Day), Name: x.Name, Number: x.Number, Way: x.Way,
			Officers: each(x.Officers, func(no inspect.InspectorNo) string { return names[no].Name }), Papers: listed(x.Papers), Due: dateOf(x.Due), Text: x.Text,
		}
	})}, err
}
