package inspect

// A Verb names one act: noun, dot, what is done to it. It is the command's
// name in forms, in the API, in the record and in the table of permissions.
type Verb string

// The verbs. The comment on each is in the table below, where users read it.
const (
	InstallFound Verb = "install.found"

	OrgFound  Verb = "org.found"
	OrgRename Verb = "org.rename"
	OrgMerge  Verb = "org.merge"
	PersonAdd Verb = "person.add"
	PostGrant Verb = "post.grant"
	PostEnd   Verb = "post.end"

	ItemList   Verb = "item.list"
	ItemRetire Verb = "item.retire"
	ItemRead   Verb = "item.read"

	SublibraryPut Verb = "sublibrary.put"

	PlanRead     Verb = "plan.read"
	PlanDraft    Verb = "plan.draft"
	PlanPutLine  Verb = "plan.put_line"
	PlanDropLine Verb = "plan.drop_line"
	PlanInvite   Verb = "plan.invite"
	PlanAccept   Verb = "plan.accept"
	PlanPropose  Verb = "plan.propose"
	PlanDecline  Verb = "plan.decline"
	PlanSubmit   Verb = "plan.submit"
	PlanRecall   Verb = "plan.recall"
	PlanReturn   Verb = "plan.return"
	PlanApprove  Verb = "plan.approve"
	PlanRatify   Verb = "plan.ratify"
	PlanFile     Verb = "plan.file"
	PlanSendBack Verb = "plan.send_back"
	PlanMerge    Verb = "plan.merge"
	PlanUnmerge  Verb = "plan.unmerge"
	PlanPublish  Verb = "plan.publish"
	PlanReplace  Verb = "plan.replace"
	PlanAmend    Verb = "plan.amend"
	PlanDiscard  Verb = "plan.discard"
	PlanUrge     Verb = "plan.urge"

	RecordRead Verb = "record.read"
	PeopleRead Verb = "people.read"

	SecurityRead Verb = "security.read"
)

// A verbFact is what is fixed about a verb.
type verbFact struct {
	Verb  Verb
	Text  string // what users read on buttons and in the record
	Grave bool   // asks for the second factor again: trust in the result rests on it
	Read  bool   // a page, not an act
}

var verbFacts = []verbFact{
	{InstallFound, "初始化平台", false, false},
	{OrgFound, "新设单位", false, false},
	{OrgRename, "单位更名", true, false},
	{OrgMerge, "单位撤并", true, false},
	{PersonAdd, "登记人员", false, false},
	{PostGrant, "授予岗位", true, false},
	{PostEnd, "结束任职", true, false},
	{ItemList, "列入抽查事项", false, false},
	{ItemRetire, "移出抽查事项", false, false},
	{ItemRead, "查看抽查事项清单", false, true},
	{SublibraryPut, "登记检查对象分库", false, false},
	{PlanRead, "查看抽查计划", false, true},
	{PlanDraft, "编制计划", false, false},
	{PlanPutLine, "填写计划任务", false, false},
	{PlanDropLine, "删去计划任务", false, false},
	{PlanInvite, "征求会签", false, false},
	{PlanAccept, "同意参与", false, false},
	{PlanPropose, "提出修改意见", false, false},
	{PlanDecline, "不同意参与", false, false},
	{PlanSubmit, "报审", false, false},
	{PlanRecall, "撤回报审", false, false},
	{PlanReturn, "退回修改", false, false},
	{PlanApprove, "批准", true, false},
	{PlanRatify, "批准联合计划", true, false},
	{PlanFile, "报送联席会议办公室", false, false},
	{PlanSendBack, "退回部门", false, false},
	{PlanMerge, "汇总", false, false},
	{PlanUnmerge, "移出汇总", false, false},
	{PlanPublish, "公布", true, false},
	{PlanReplace, "由新版代替", false, false},
	{PlanAmend, "发起调整", false, false},
	{PlanDiscard, "作废草稿", false, false},
	{PlanUrge, "提醒", false, false},
	{RecordRead, "查看存证记录", false, true},
	{PeopleRead, "查看单位与人员", false, true},
	{SecurityRead, "查看安全日志", false, true},
}

func (v Verb) fact() verbFact {
	for _, f := range verbFacts {
		if f.Verb == v {
			return f
		}
	}
	return verbFact{Verb: v, Text: string(v)}
}

// Text is the verb as users read it.
func (v Verb) Text() string { return v.fact().Text }

// Grave reports whether the act asks for the second factor again.
func (v Verb) Grave() bool { return v.fact().Grave }

// Verbs lists every verb, reads included.
func Verbs() []Verb {
	verbs := make([]Verb, len(verbFacts))
	for i, f := range verbFacts {
		verbs[i] = f.Verb
	}
	return verbs
}

// Acts lists the verbs that change the record.
func Acts() []Verb {
	var acts []Verb
	for _, f := range verbFacts {
		if !f.Read {
			acts = append(acts, f.Verb)
		}
	}
	return acts
}
