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

	ItemAdopt          Verb = "item.adopt"
	ItemKeep           Verb = "item.keep"
	ItemApproveKey     Verb = "item.approve_key"
	ItemLimitPut       Verb = "limit.put"
	UpstreamPut        Verb = "upstream.put"
	UpstreamAddKey     Verb = "upstream.add_key"
	UpstreamConfirmKey Verb = "upstream.confirm_key"
	UpstreamEndKey     Verb = "upstream.end_key"
	UpstreamReceive    Verb = "upstream.receive"
	UpstreamRead       Verb = "upstream.read"
	ChecklistPut       Verb = "checklist.put"
	ChecklistQuestion  Verb = "checklist.question"
	ChecklistDrop      Verb = "checklist.drop"

	JointDraft    Verb = "joint.draft"
	JointPutLine  Verb = "joint.put_line"
	JointDropLine Verb = "joint.drop_line"
	JointInvite   Verb = "joint.invite"
	JointAccept   Verb = "joint.accept"
	JointPropose  Verb = "joint.propose"
	JointDecline  Verb = "joint.decline"
	JointPublish  Verb = "joint.publish"
	JointReplace  Verb = "joint.replace"
	JointAmend    Verb = "joint.amend"
	JointDiscard  Verb = "joint.discard"
	JointRead     Verb = "joint.read"

	SublibraryPut Verb = "sublibrary.put"

	ObjectRead     Verb = "object.read"
	ObjectPut      Verb = "object.put"
	ObjectWithdraw Verb = "object.withdraw"
	ObjectMerge    Verb = "object.merge"
	ObjectOutside  Verb = "object.outside"
	ObjectInside   Verb = "object.inside"

	FlagPut        Verb = "flag.put"
	FlagEnd        Verb = "flag.end"
	FlagPutAll     Verb = "flag.put_all"
	FlagEndAll     Verb = "flag.end_all"
	LicencePut     Verb = "licence.put"
	LicenceEnd     Verb = "licence.end"
	LicenceEndAll  Verb = "licence.end_all"
	LicenceRevive  Verb = "licence.revive_all"
	MemberAdd      Verb = "member.add"
	MemberConfirm  Verb = "member.confirm"
	MemberRemove   Verb = "member.remove"
	MemberPropose  Verb = "member.propose"
	SublibraryRule Verb = "sublibrary.rule"

	InspectorRead        Verb = "inspector.read"
	InspectorPut         Verb = "inspector.put"
	InspectorEnd         Verb = "inspector.end"
	InspectorCertify     Verb = "inspector.certify"
	InspectorPutAway     Verb = "inspector.put_away"
	InspectorDropAway    Verb = "inspector.drop_away"
	InspectorPutTie      Verb = "inspector.put_tie"
	InspectorDropTie     Verb = "inspector.drop_tie"
	InspectorPutTraining Verb = "inspector.put_training"
	WorkforcePut         Verb = "workforce.put"

	ImportRead    Verb = "import.read"
	ImportUpload  Verb = "import.upload"
	ImportCheck   Verb = "import.check"
	ImportRefuse  Verb = "import.refuse"
	ImportCancel  Verb = "import.cancel"
	ImportConfirm Verb = "import.confirm"
	ImportSecond  Verb = "import.second"
	ImportApply   Verb = "import.apply"
	ImportReverse Verb = "import.reverse"
	ImportUndo    Verb = "import.undo"

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
	PlanTakeUp   Verb = "plan.take_up"
	PlanUnmerge  Verb = "plan.unmerge"
	PlanPublish  Verb = "plan.publish"
	PlanReplace  Verb = "plan.replace"
	PlanAmend    Verb = "plan.amend"
	PlanDiscard  Verb = "plan.discard"
	PlanUrge     Verb = "plan.urge"

	TaskRead     Verb = "task.read"
	TaskDraft    Verb = "task.draft"
	TaskPut      Verb = "task.put"
	TaskScope    Verb = "task.scope"
	TaskSubmit   Verb = "task.submit"
	TaskAgree    Verb = "task.agree"
	TaskDecline  Verb = "task.decline"
	TaskRecall   Verb = "task.recall"
	TaskReturn   Verb = "task.return"
	TaskApprove  Verb = "task.approve"
	TaskFile     Verb = "task.file"
	TaskCancel   Verb = "task.cancel"
	TaskDiscard  Verb = "task.discard"
	TaskJoin     Verb = "task.join"
	TaskLeave    Verb = "task.leave"
	TaskDraw     Verb = "task.draw"
	TaskDispatch Verb = "task.dispatch"
	ConfirmSign  Verb = "confirm.sign"

	CapRead           Verb = "cap.read"
	CapPut            Verb = "cap.put"
	WaiverAsk         Verb = "waiver.ask"
	WaiverGrant       Verb = "waiver.grant"
	WaiverRefuse      Verb = "waiver.refuse"
	WaiverWithdraw    Verb = "waiver.withdraw"
	BatchRead         Verb = "batch.read"
	BatchDraft        Verb = "batch.draft"
	BatchPut          Verb = "batch.put"
	BatchRehearse     Verb = "batch.rehearse"
	BatchDiscard      Verb = "batch.discard"
	BatchAnnounce     Verb = "batch.announce"
	BatchLock         Verb = "batch.lock"
	BatchCommit       Verb = "batch.commit"
	BatchCommitAll    Verb = "batch.commit_all"
	BatchReveal       Verb = "batch.reveal"
	BatchRevealAll    Verb = "batch.reveal_all"
	BatchTypeEvent    Verb = "batch.type_event"
	BatchConfirmEvent Verb = "batch.confirm_event"
	BatchUnseal       Verb = "batch.unseal"
	BatchUnsealAll    Verb = "batch.unseal_all"
	BatchEntrust      Verb = "batch.entrust"
	BatchDraw         Verb = "batch.draw"
	BatchPeek         Verb = "batch.peek"
	BatchDisclose     Verb = "batch.disclose"
	BatchVoid         Verb = "batch.void"
	BatchAnnul        Verb = "batch.annul"
	BatchDispatch     Verb = "batch.dispatch"
	BatchReceive      Verb = "batch.receive"
	TeamRead          Verb = "team.read"
	TeamMine          Verb = "team.mine"
	TeamSchedule      Verb = "team.schedule"
	TeamAcknowledge   Verb = "team.acknowledge"
	SubstAsk          Verb = "subst.ask"
	SubstGrant        Verb = "subst.grant"
	SubstRefuse       Verb = "subst.refuse"
	SubstWithdraw     Verb = "subst.withdraw"

	VisitRead       Verb = "visit.read"
	VisitPrecheck   Verb = "visit.precheck"
	VisitNotify     Verb = "visit.notify"
	VisitBegin      Verb = "visit.begin"
	VisitFill       Verb = "visit.fill"
	VisitMeasure    Verb = "visit.measure"
	VisitHelper     Verb = "visit.helper"
	VisitAttach     Verb = "visit.attach"
	VisitSpecial    Verb = "visit.special"
	VisitConclude   Verb = "visit.conclude"
	VisitReopen     Verb = "visit.reopen"
	VisitParty      Verb = "visit.party"
	VisitSign       Verb = "visit.sign"
	FeedbackRead    Verb = "feedback.read"
	FeedbackReceive Verb = "feedback.receive"
	FeedbackPass    Verb = "feedback.pass"
	FeedbackAnswer  Verb = "feedback.answer"
	FeedbackErase   Verb = "feedback.erase"

	RecordRead Verb = "record.read"
	PeopleRead Verb = "people.read"

	SecurityRead Verb = "security.read"
	SecuritySeal Verb = "security.seal"

	ResultRead      Verb = "result.read"
	ResultPut       Verb = "result.put"
	ResultSubmit    Verb = "result.submit"
	ResultReturn    Verb = "result.return"
	ResultApprove   Verb = "result.approve"
	ResultPublish   Verb = "result.publish"
	ResultWithdraw  Verb = "result.withdraw"
	CorrectionDraft Verb = "correction.draft"
	CorrectionSign  Verb = "correction.sign"
	CorrectionDrop  Verb = "correction.drop"

	FollowUpRead     Verb = "followup.read"
	FollowUpMend     Verb = "followup.mend"
	FollowUpPass     Verb = "followup.pass"
	FollowUpFail     Verb = "followup.fail"
	FollowUpEscalate Verb = "followup.escalate"
	FollowUpSend     Verb = "followup.send"
	FollowUpAccept   Verb = "followup.accept"
	FollowUpReturn   Verb = "followup.return"
	FollowUpAnswer   Verb = "followup.answer"
	FollowUpClose    Verb = "followup.close"
	FollowUpReport   Verb = "followup.report"
	FollowUpApprove  Verb = "followup.approve"
	FollowUpRefuse   Verb = "followup.refuse"
	FollowUpHand     Verb = "followup.hand"
	FollowUpReceipt  Verb = "followup.receipt"
	FollowUpFile     Verb = "followup.file"
	FollowUpUnfile   Verb = "followup.unfile"
	FollowUpObject   Verb = "followup.object"
	FollowUpArticles Verb = "followup.articles"

	TargetRead Verb = "target.read"
	TargetAdd  Verb = "target.add"
	TargetPut  Verb = "target.put"
	TargetEnd  Verb = "target.end"

	DeliverRead    Verb = "delivery.read"
	DeliverOpen    Verb = "delivery.open"
	DeliverPack    Verb = "delivery.pack"
	DeliverSend    Verb = "delivery.send"
	DeliverFail    Verb = "delivery.fail"
	DeliverReceipt Verb = "delivery.receipt"
	DeliverRefuse  Verb = "delivery.refuse"
	DeliverRetry   Verb = "delivery.retry"
	DeliverAbandon Verb = "delivery.abandon"
	DeliverReplace Verb = "delivery.replace"
	DeliverCheck   Verb = "delivery.check"
	AppealRead     Verb = "appeal.read"
	AppealReceive  Verb = "appeal.receive"
	AppealEnter    Verb = "appeal.enter"
	AppealAsk      Verb = "appeal.ask"
	AppealSupply   Verb = "appeal.supply"
	AppealAccept   Verb = "appeal.accept"
	AppealReject   Verb = "appeal.reject"
	AppealGrant    Verb = "appeal.grant"
	AppealRefuse   Verb = "appeal.refuse"
	AppealRepair   Verb = "appeal.repair"
	AppealWithdraw Verb = "appeal.withdraw"
	AppealErase    Verb = "appeal.erase"
	ResultExpire   Verb = "result.expire"
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
	{ItemAdopt, "采用上级清单事项", false, false},
	{ItemKeep, "不采用上级变更", false, false},
	{ItemApproveKey, "批准增设重点事项", true, false},
	{ItemLimitPut, "设置重点事项上限", true, false},
	{UpstreamPut, "登记上级清单", false, false},
	{UpstreamAddKey, "登记派发公钥", false, false},
	{UpstreamConfirmKey, "复核派发公钥", true, false},
	{UpstreamEndKey, "停用派发公钥", true, false},
	{UpstreamReceive, "接收上级名单", false, false},
	{UpstreamRead, "查看上级派发名单", false, true},
	{ChecklistPut, "导入检查表单", false, false},
	{ChecklistQuestion, "填写检查内容", false, false},
	{ChecklistDrop, "删去检查内容", false, false},
	{JointDraft, "编制联合清单", false, false},
	{JointPutLine, "填写联合抽查事项", false, false},
	{JointDropLine, "删去联合抽查事项", false, false},
	{JointInvite, "征求联合清单会签", false, false},
	{JointAccept, "同意联合清单", false, false},
	{JointPropose, "对联合清单提出修改意见", false, false},
	{JointDecline, "不同意联合清单", false, false},
	{JointPublish, "公布联合清单", true, false},
	{JointReplace, "由新版联合清单代替", false, false},
	{JointAmend, "发起联合清单调整", false, false},
	{JointDiscard, "作废联合清单草稿", false, false},
	{JointRead, "查看联合清单", false, true},
	{SublibraryPut, "登记检查对象分库", false, false},
	{ObjectRead, "查看检查对象名录库", false, true},
	{ObjectPut, "登记检查对象", false, false},
	{ObjectWithdraw, "撤回检查对象", true, false},
	{ObjectMerge, "合并重复对象", true, false},
	{ObjectOutside, "列为不纳入随机抽查", true, false},
	{ObjectInside, "恢复纳入随机抽查", false, false},
	{FlagPut, "标记检查对象", false, false},
	{FlagEnd, "移出标记", false, false},
	{FlagPutAll, "批量标记检查对象", false, false},
	{FlagEndAll, "批量移出标记", false, false},
	{LicencePut, "登记许可证", false, false},
	{LicenceEnd, "注销许可证", false, false},
	{LicenceEndAll, "批量注销许可证", false, false},
	{LicenceRevive, "批量恢复许可证", false, false},
	{MemberAdd, "提出分库成员", false, false},
	{MemberConfirm, "确认分库成员", false, false},
	{MemberRemove, "移出分库", false, false},
	{MemberPropose, "按规则提出候选", false, false},
	{SublibraryRule, "设置辅助生成规则", false, false},
	{InspectorRead, "查看执法检查人员名录库", false, true},
	{InspectorPut, "登记执法检查人员", false, false},
	{InspectorEnd, "移出执法检查人员", true, false},
	{InspectorCertify, "登记执法证", false, false},
	{InspectorPutAway, "登记不能参加的时段", false, false},
	{InspectorDropAway, "撤销不能参加的时段", false, false},
	{InspectorPutTie, "申报回避关系", false, false},
	{InspectorDropTie, "撤销回避关系", true, false},
	{InspectorPutTraining, "登记培训记录", false, false},
	{WorkforcePut, "申报执法人员数", false, false},
	{ImportRead, "查看导入批次", false, true},
	{ImportUpload, "上传导入文件", false, false},
	{ImportCheck, "检查导入文件", false, false},
	{ImportRefuse, "退回导入文件", false, false},
	{ImportCancel, "取消导入", false, false},
	{ImportConfirm, "确认导入", true, false},
	{ImportSecond, "复核导入", true, false},
	{ImportApply, "写入名录库", false, false},
	{ImportReverse, "撤销导入", true, false},
	{ImportUndo, "恢复名录库", false, false},
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
	{PlanTakeUp, "纳入汇总", false, false},
	{PlanUnmerge, "移出汇总", false, false},
	{PlanPublish, "公布", true, false},
	{PlanReplace, "由新版代替", false, false},
	{PlanAmend, "发起调整", false, false},
	{PlanDiscard, "作废草稿", false, false},
	{PlanUrge, "提醒", false, false},
	{TaskRead, "查看抽查任务", false, true},
	{TaskDraft, "发起抽查任务", false, false},
	{TaskPut, "填写任务设置", false, false},
	{TaskScope, "填写抽查范围", false, false},
	{TaskSubmit, "报审任务", false, false},
	{TaskAgree, "同意参加检查", true, false},
	{TaskDecline, "不同意参加检查", false, false},
	{TaskRecall, "撤回任务", false, false},
	{TaskReturn, "退回任务", false, false},
	{TaskApprove, "批准任务", true, false},
	{TaskFile, "备案", false, false},
	{TaskCancel, "取消任务", true, false},
	{TaskDiscard, "作废任务草稿", false, false},
	{TaskJoin, "列入批次", false, false},
	{TaskLeave, "移出批次", false, false},
	{TaskDraw, "完成抽取", false, false},
	{TaskDispatch, "派发", false, false},
	{ConfirmSign, "确认名录库", true, false},
	{CapRead, "查看检查频次上限", false, true},
	{CapPut, "设置检查频次上限", true, false},
	{WaiverAsk, "申请超限抽查", false, false},
	{WaiverGrant, "批准超限抽查", true, false},
	{WaiverRefuse, "不批准超限抽查", false, false},
	{WaiverWithdraw, "撤回超限抽查申请", false, false},
	{BatchRead, "查看抽取批次", false, true},
	{BatchDraft, "编制抽取批次", false, false},
	{BatchPut, "填写批次设置", false, false},
	{BatchRehearse, "试运行", false, true},
	{BatchDiscard, "取消批次", false, false},
	{BatchAnnounce, "公告抽取", true, false},
	{BatchLock, "锁定抽查名单", true, false},
	{BatchCommit, "提交承诺", false, false},
	{BatchCommitAll, "收齐承诺", false, false},
	{BatchReveal, "亮出随机数", false, false},
	{BatchRevealAll, "收齐随机数", false, false},
	{BatchTypeEvent, "录入公开事件", false, false},
	{BatchConfirmEvent, "复核公开事件", true, false},
	{BatchUnseal, "启封", false, false},
	{BatchUnsealAll, "启封完毕", false, false},
	{BatchEntrust, "交存密封的随机数", false, false},
	{BatchDraw, "抽取", false, false},
	{BatchPeek, "查阅封存的名单", true, false},
	{BatchDisclose, "公开名单和密钥", false, false},
	{BatchVoid, "作废本次抽取", true, false},
	{BatchAnnul, "撤销抽取结果", true, false},
	{BatchDispatch, "派发检查名单", true, false},
	{BatchReceive, "签收派发名单", false, false},
	{SubstAsk, "申请替换", false, false},
	{SubstGrant, "批准替换", true, false},
	{SubstRefuse, "不批准替换", false, false},
	{SubstWithdraw, "撤回替换申请", false, false},
	{TeamRead, "查看检查小组", false, true},
	{TeamMine, "查看我的检查", false, true},
	{TeamSchedule, "安排检查日程", false, false},
	{TeamAcknowledge, "签收检查任务", false, false},
	{VisitRead, "查看检查情况", false, true},
	{VisitPrecheck, "预查比对", false, false},
	{VisitNotify, "登记检查告知", false, false},
	{VisitBegin, "到场检查", false, false},
	{VisitFill, "填写检查情况", false, false},
	{VisitMeasure, "登记监管措施", false, false},
	{VisitHelper, "登记第三方意见", false, false},
	{VisitAttach, "登记证据", false, false},
	{VisitSpecial, "登记无法实质检查", false, false},
	{VisitConclude, "形成检查结论", false, false},
	{VisitReopen, "退回补充检查", false, false},
	{VisitParty, "登记被检查单位签字", false, false},
	{VisitSign, "签字确认", true, false},
	{ResultRead, "查看检查结果", false, true},
	{ResultPut, "录入后续处理", false, false},
	{ResultSubmit, "报审检查结果", false, false},
	{ResultReturn, "退回检查结果", false, false},
	{ResultApprove, "批准检查结果", true, false},
	{ResultPublish, "公示检查结果", true, false},
	{ResultWithdraw, "撤下公示", false, false},
	{CorrectionDraft, "起草更正", false, false},
	{CorrectionSign, "签发更正", true, false},
	{CorrectionDrop, "不予更正", false, false},
	{FeedbackRead, "查看意见反馈", false, true},
	{FeedbackReceive, "收到意见反馈", false, false},
	{FeedbackPass, "转办意见反馈", false, false},
	{FeedbackAnswer, "答复意见反馈", false, false},
	{FeedbackErase, "删除意见反馈原文", true, false},
	{FollowUpRead, "查看后续处理", false, true},
	{FollowUpMend, "登记整改材料", false, false},
	{FollowUpPass, "复查合格", false, false},
	{FollowUpFail, "复查未改正，重定期限", false, false},
	{FollowUpEscalate, "复查未改正，转办案机构", false, false},
	{FollowUpSend, "移交线索", false, false},
	{FollowUpAccept, "受理线索", false, false},
	{FollowUpReturn, "退回线索", false, false},
	{FollowUpAnswer, "反馈办理结果", false, false},
	{FollowUpClose, "办结后续处理", false, false},
	{FollowUpReport, "提出移送报告", false, false},
	{FollowUpApprove, "批准移送公安机关", true, false},
	{FollowUpRefuse, "不批准移送", true, false},
	{FollowUpHand, "移送公安机关", false, false},
	{FollowUpReceipt, "登记公安机关签收", false, false},
	{FollowUpFile, "登记公安机关立案", false, false},
	{FollowUpUnfile, "登记公安机关不予立案", false, false},
	{FollowUpObject, "提请复议", false, false},
	{FollowUpArticles, "移交涉案物品", false, false},
	{TargetRead, "查看报送渠道", false, true},
	{TargetAdd, "登记报送渠道", true, false},
	{TargetPut, "修改报送渠道", true, false},
	{TargetEnd, "停用报送渠道", true, false},
	{DeliverRead, "查看报送", false, true},
	{DeliverOpen, "补建报送", false, false},
	{DeliverPack, "生成报送文件", false, false},
	{DeliverSend, "推送成功", false, false},
	{DeliverFail, "推送未成功", false, false},
	{DeliverReceipt, "登记回执", false, false},
	{DeliverRefuse, "登记退回", false, false},
	{DeliverRetry, "重新报送", false, false},
	{DeliverAbandon, "不再报送", true, false},
	{DeliverReplace, "由新版代替报送", false, false},
	{DeliverCheck, "报送对账", false, false},
	{AppealRead, "查看异议、申辩和信用修复", false, true},
	{AppealReceive, "收到申请", false, false},
	{AppealEnter, "登记书面申请", false, false},
	{AppealAsk, "要求补正", false, false},
	{AppealSupply, "登记补正材料", false, false},
	{AppealAccept, "受理申请", false, false},
	{AppealReject, "不予受理", false, false},
	{AppealGrant, "支持申请", true, false},
	{AppealRefuse, "不予支持", true, false},
	{AppealRepair, "签发信用修复", true, false},
	{AppealWithdraw, "登记撤回申请", false, false},
	{AppealErase, "删除申请原文", true, false},
	{ResultExpire, "公示期满", false, false},
	{RecordRead, "查看存证记录", false, true},
	{PeopleRead, "查看单位与人员", false, true},
	{SecurityRead, "查看安全日志", false, true},
	{SecuritySeal, "封存安全日志", false, false},
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
