package inspect

// A Relation is what an actor's organisation has to do with a thing.
type Relation string

// The relations.
const (
	Any         Relation = "any"         // none is needed
	Owner       Relation = "owner"       // the thing is its own
	Participant Relation = "participant" // it was invited to take part: R14
	Office      Relation = "office"      // it is the conference office of the region: R10
	Government  Relation = "government"  // it is the government of the region: R41
	Published   Relation = "published"   // the thing is public
	Oversight   Relation = "oversight"   // it watches over the region: R139
	Crew        Relation = "crew"        // the person, not the organisation, is of the team: R78
)

// Relations lists every relation, in the order of docs and goldens.
var Relations = []Relation{Any, Owner, Participant, Office, Government, Published, Oversight, Crew}

// Text is the relation as the table of permissions shows it.
func (r Relation) Text() string {
	return map[Relation]string{
		Any: "不限", Owner: "本单位的", Participant: "邀请本单位参与的", Office: "本级联席会议办公室",
		Government: "本级人民政府", Published: "已公布的", Oversight: "监督范围内的", Crew: "本人所在检查小组的",
	}[r]
}

// A Rule allows one post one verb on things of one relation.
type Rule struct {
	Verb     Verb
	Post     PostKind
	Relation Relation
}

// rules is who may do what: the whole of it. What it does not list is denied.
// permissions.golden is this table for the customer to read.
var rules = []Rule{
	{InstallFound, ConsolePost, Any},

	// Three administrators, none of whom does business: 等保 2.0 三级, 三员分立.
	{OrgFound, SystemAdmin, Any},
	{OrgRename, SystemAdmin, Any}, // R141
	{OrgMerge, SystemAdmin, Any},  // R141
	{PersonAdd, SystemAdmin, Any},
	{PersonAdd, SecurityAdmin, Any}, // the first administrator registers the others
	{PostGrant, SecurityAdmin, Any},
	{PostEnd, SecurityAdmin, Any},
	{PeopleRead, SystemAdmin, Any},
	{PeopleRead, SecurityAdmin, Any},
	{PeopleRead, AuditAdmin, Any},
	{RecordRead, AuditAdmin, Any},
	{SecurityRead, AuditAdmin, Any},
	{SecuritySeal, SystemPost, Any},
	{RecordRead, Supervisor, Any},

	// Item lists and sub-libraries, in the minimum a plan needs.
	{ItemList, Clerk, Owner}, // R19, 海政办发〔2020〕2号 二(二)
	{ItemRetire, Clerk, Owner},
	{ItemRead, Clerk, Any},
	{ItemRead, Leader, Any},
	{ItemRead, Principal, Any},
	{ItemRead, Liaison, Any},
	{ItemRead, InspectorPost, Any},
	{ItemRead, Convener, Any},
	{ItemRead, Supervisor, Any},
	{ItemAdopt, Clerk, Owner}, // R19
	{ItemKeep, Clerk, Owner},
	{ItemApproveKey, Leader, Owner}, // R25
	{ItemApproveKey, Principal, Owner},
	{ItemLimitPut, Leader, Office}, // R25, R26: 严格控制
	{ItemLimitPut, Principal, Office},
	{UpstreamPut, Clerk, Owner}, // R19: 本系统上级部门
	{ChecklistPut, Clerk, Owner},
	{ChecklistQuestion, Clerk, Owner},
	{ChecklistDrop, Clerk, Owner},
	{JointDraft, Clerk, Office}, // R21: 联席会议办公室会同同级相关部门制定
	{JointPutLine, Clerk, Owner},
	{JointDropLine, Clerk, Owner},
	{JointInvite, Clerk, Owner},
	{JointAccept, Clerk, Participant},
	{JointAccept, Liaison, Participant},
	{JointPropose, Clerk, Participant},
	{JointPropose, Liaison, Participant},
	{JointDecline, Leader, Participant},
	{JointDecline, Principal, Participant},
	{JointPublish, Leader, Owner}, // R22
	{JointPublish, Principal, Owner},
	{JointAmend, Clerk, Owner}, // R23
	{JointDiscard, Clerk, Owner},
	{SublibraryPut, Clerk, Owner}, // R31, 海政办发〔2020〕2号 二(三)

	// The two libraries: 海政办发〔2020〕2号 二(三).
	{ObjectRead, Clerk, Any},
	{ObjectRead, Leader, Any},
	{ObjectRead, Principal, Any},
	{ObjectRead, Liaison, Any},
	{ObjectRead, InspectorPost, Any},
	{ObjectRead, Supervisor, Any},
	{ObjectPut, Clerk, Owner}, // R29, R33
	{ObjectWithdraw, Clerk, Owner},
	{ObjectMerge, Clerk, Owner},
	{ObjectOutside, Leader, Owner}, // R111: what takes an object out of every draw is for a leader to say
	{ObjectOutside, Principal, Owner},
	{ObjectInside, Leader, Owner},
	{ObjectInside, Principal, Owner},
	{FlagPut, Clerk, Any}, // R53: every department marks what it knows, and ends its own marks
	{FlagEnd, Clerk, Owner},
	{FlagPutAll, Clerk, Any},
	{FlagEndAll, Clerk, Owner},
	{LicencePut, Clerk, Any},
	{LicenceEnd, Clerk, Owner},
	{LicenceEndAll, Clerk, Owner},
	{LicenceRevive, Clerk, Owner},
	{MemberAdd, Clerk, Owner},      // R31
	{MemberPropose, Clerk, Owner},  // R34
	{SublibraryRule, Clerk, Owner}, // R34
	{MemberConfirm, Clerk, Owner},  // R35: 经本部门审核确认
	{MemberConfirm, Leader, Owner},
	{MemberConfirm, Principal, Owner},
	{MemberRemove, Clerk, Owner},
	{MemberRemove, Leader, Owner},
	{MemberRemove, Principal, Owner},
	{InspectorRead, Clerk, Any},
	{InspectorRead, Leader, Any},
	{InspectorRead, Principal, Any},
	{InspectorRead, Liaison, Any},
	{InspectorRead, InspectorPost, Any},
	{InspectorRead, Supervisor, Any},
	{InspectorPut, Clerk, Owner}, // R29, R38, R40
	{InspectorEnd, Clerk, Owner},
	{InspectorCertify, Clerk, Owner},
	{InspectorPutAway, Clerk, Owner}, // R70
	{InspectorDropAway, Clerk, Owner},
	{InspectorPutTie, Clerk, Owner},
	{InspectorPutTie, InspectorPost, Owner}, // of oneself only
	{InspectorDropTie, Leader, Owner},       // not by who declared it
	{InspectorDropTie, Principal, Owner},
	{InspectorPutTraining, Clerk, Owner}, // R123
	{WorkforcePut, Clerk, Owner},         // R38
	{ImportRead, Clerk, Owner},
	{ImportRead, Leader, Owner},
	{ImportRead, Principal, Owner},
	{ImportRead, Supervisor, Oversight},
	{ImportUpload, Clerk, Owner}, // R27, R32, R33
	{ImportCancel, Clerk, Owner},
	{ImportConfirm, Clerk, Owner}, // R37
	{ImportSecond, Leader, Owner},
	{ImportSecond, Principal, Owner},
	{ImportReverse, Clerk, Owner},
	{ImportReverse, Leader, Owner},
	{ImportCheck, SystemPost, Any},
	{ImportRefuse, SystemPost, Any},
	{ImportApply, SystemPost, Any},
	{ImportUndo, SystemPost, Any},

	// Plans: 海政办发〔2020〕2号 二(四).
	{PlanDraft, Clerk, Owner},    // R43
	{PlanPutLine, Clerk, Owner},  // R46
	{PlanDropLine, Clerk, Owner}, // R46
	{PlanInvite, Clerk, Owner},   // R51
	{PlanAccept, Clerk, Participant},
	{PlanAccept, Liaison, Participant},
	{PlanPropose, Clerk, Participant},
	{PlanPropose, Liaison, Participant},
	{PlanDecline, Leader, Participant}, // staying out of a joint inspection is for a leader to say
	{PlanDecline, Principal, Participant},
	{PlanSubmit, Clerk, Owner},
	{PlanRecall, Clerk, Owner},
	{PlanReturn, Leader, Owner},
	{PlanReturn, Principal, Owner},
	{PlanReturn, Convener, Government},
	{PlanApprove, Leader, Owner},
	{PlanApprove, Principal, Owner},
	{PlanRatify, Convener, Government}, // R41: the joint plan is the city government's
	{PlanFile, Clerk, Owner},           // R44
	{PlanSendBack, Clerk, Office},
	{PlanSendBack, Leader, Office},
	{PlanMerge, Clerk, Owner}, // R45
	{PlanPublish, Leader, Owner},
	{PlanPublish, Principal, Owner}, // R47
	{PlanAmend, Clerk, Owner},       // R48
	{PlanDiscard, Clerk, Owner},
	{PlanUrge, Clerk, Office}, // R18

	// Tasks: 海政办发〔2020〕2号 二(五).
	{TaskDraft, Clerk, Owner},    // R62: the initiating department
	{TaskPut, Clerk, Owner},      // R65
	{UpstreamRead, Clerk, Owner}, // R64: 也可接收上级发起部门派发的名单
	{UpstreamRead, Leader, Owner},
	{UpstreamRead, Principal, Owner},
	{UpstreamRead, Supervisor, Owner},
	{UpstreamReceive, Clerk, Owner},
	{UpstreamAddKey, Clerk, Office},
	{UpstreamConfirmKey, Leader, Office}, // by another person
	{UpstreamConfirmKey, Principal, Office},
	{UpstreamEndKey, Leader, Office},
	{UpstreamEndKey, Principal, Office},
	{TaskScope, Clerk, Owner},
	{TaskSubmit, Clerk, Owner},
	{TaskRecall, Clerk, Owner},
	{TaskDiscard, Clerk, Owner},
	{TaskAgree, Leader, Participant}, // 国办发〔2024〕54号: each body's leader approves its own inspection
	{TaskAgree, Principal, Participant},
	{TaskDecline, Leader, Participant},
	{TaskDecline, Principal, Participant},
	{TaskReturn, Leader, Owner},
	{TaskReturn, Principal, Owner},
	{TaskApprove, Leader, Owner},
	{TaskApprove, Principal, Owner},
	{TaskFile, Clerk, Owner}, // R16
	{TaskCancel, Leader, Owner},
	{TaskCancel, Principal, Owner},
	{ConfirmSign, Clerk, Owner}, // R36, R37: each department its own libraries
	{ConfirmSign, Clerk, Participant},
	{ConfirmSign, Leader, Owner},
	{ConfirmSign, Leader, Participant},
	{ConfirmSign, Principal, Owner},
	{ConfirmSign, Principal, Participant},
	{CapRead, Clerk, Any},
	{CapRead, Leader, Any},
	{CapRead, Principal, Any},
	{CapRead, Liaison, Any},
	{CapRead, InspectorPost, Any},
	{CapRead, Convener, Any},
	{CapRead, Supervisor, Any},
	{CapPut, Leader, Office}, // 国办发〔2024〕54号
	{CapPut, Principal, Office},
	{CapPut, Convener, Government},
	{WaiverAsk, Clerk, Owner}, // R53
	{WaiverWithdraw, Clerk, Owner},
	{WaiverGrant, Leader, Office}, // R52: 原则上
	{WaiverGrant, Principal, Office},
	{WaiverRefuse, Leader, Office},
	{WaiverRefuse, Principal, Office},

	// The draw: 海政办发〔2020〕2号 二(五)2.
	{BatchDraft, Clerk, Owner}, // R66
	{BatchPut, Clerk, Owner},
	{BatchRehearse, Clerk, Owner},
	{BatchRehearse, Leader, Owner},
	{BatchRehearse, Principal, Owner},
	{BatchDiscard, Clerk, Owner},
	{BatchAnnounce, Leader, Owner}, // R67
	{BatchAnnounce, Principal, Owner},
	{BatchLock, Clerk, Owner}, // R68
	{BatchLock, Leader, Owner},
	{BatchCommit, Clerk, Owner}, // documents that contributors signed, from paper or another network
	{BatchCommit, Clerk, Participant},
	{BatchReveal, Clerk, Owner},
	{BatchReveal, Clerk, Participant},
	{BatchTypeEvent, Clerk, Owner},
	{BatchConfirmEvent, Clerk, Owner}, // by another person
	{BatchConfirmEvent, Leader, Owner},
	{BatchConfirmEvent, Supervisor, Oversight},
	{BatchUnseal, Clerk, Owner},
	{BatchUnseal, Clerk, Participant},
	{BatchEntrust, Clerk, Participant}, // of the custodian
	{BatchEntrust, Supervisor, Participant},
	{BatchDraw, SystemPost, Any},
	{BatchPeek, Leader, Owner},
	{BatchPeek, Principal, Owner},
	{BatchPeek, Clerk, Participant}, // of a department that leads a task
	{BatchPeek, Leader, Participant},
	{BatchPeek, Principal, Participant},
	{BatchDisclose, SystemPost, Any},
	{BatchVoid, Leader, Owner}, // R68
	{BatchVoid, Principal, Owner},
	{BatchVoid, Principal, Participant}, // once the result can be known: another department's
	{BatchVoid, Principal, Office},
	{BatchVoid, Supervisor, Oversight},
	{BatchAnnul, Principal, Participant}, // C18: another department's
	{BatchAnnul, Principal, Office},
	{BatchAnnul, Supervisor, Oversight},
	{BatchDispatch, Leader, Owner}, // R69: who organised the draw
	{BatchDispatch, Principal, Owner},
	{BatchReceive, Clerk, Participant}, // R69
	{BatchReceive, Leader, Participant},
	{SubstAsk, Clerk, Owner}, // R68; the department of an inspector for its own
	{SubstAsk, Clerk, Participant},
	{SubstWithdraw, Clerk, Owner},
	{SubstWithdraw, Clerk, Participant},
	{SubstGrant, Leader, Owner}, // of the department that leads the team
	{SubstGrant, Principal, Owner},
	{SubstRefuse, Leader, Owner},
	{SubstRefuse, Principal, Owner},
	{SubstErase, Leader, Owner},
	{SubstErase, Principal, Owner},
	{TeamSchedule, Clerk, Owner},          // R73: the lead department arranges the days
	{TeamAcknowledge, InspectorPost, Any}, // R74: of oneself only
	{TeamAcknowledge, Clerk, Any},
	{TeamAcknowledge, Leader, Any},
	{TeamMine, InspectorPost, Any},
	{TeamMine, Clerk, Any},
	{TeamMine, Leader, Any},

	// Results: 海政办发〔2020〕2号 二(五)5, 二(六).
	{ResultPut, Clerk, Owner}, // R90: who inspects enters and publishes
	{ResultPut, InspectorPost, Owner},
	{ResultSubmit, Clerk, Owner},
	{ResultSubmit, InspectorPost, Owner},
	{ResultReturn, Leader, Owner}, // R91: each department its own part
	{ResultReturn, Principal, Owner},
	{ResultApprove, Leader, Owner},
	{ResultApprove, Principal, Owner},
	{ResultPublish, Clerk, Owner}, // R94
	{ResultPublish, Leader, Owner},
	{CorrectionDraft, Clerk, Owner},
	{CorrectionDraft, Leader, Owner},
	{CorrectionSign, Principal, Owner}, // R102: 经本部门主要负责人签字确认
	{CorrectionDrop, Principal, Owner},
}

// allow adds the rules of posts that hold one relation.
func allow(verb Verb, relation Relation, posts ...PostKind) {
	for _, post := range posts {
		rules = append(rules, Rule{verb, post, relation})
	}
}

// readers of results: the departments of the visit, the office and oversight from the
// beginning; what is published every department uses: R104.
func init() {
	for _, post := range []PostKind{Clerk, Leader, Principal, Liaison, InspectorPost, Convener, Supervisor} {
		for _, r := range []Relation{Owner, Participant, Office, Published, Oversight} {
			if (r == Oversight) == (post == Supervisor) || r == Published {
				rules = append(rules, Rule{ResultRead, post, r})
			}
		}
	}
}

// Feedback: the platform takes it in, the office passes it on, and the department that
// it was passed to answers. What the sender said of themselves the office sees alone.
func init() {
	rules = append(rules, Rule{FeedbackReceive, SystemPost, Any}, Rule{FeedbackPass, Clerk, Office}, Rule{FeedbackPass, Leader, Office},
		Rule{FeedbackErase, Leader, Office}, Rule{FeedbackErase, Principal, Office}, Rule{FeedbackRead, Supervisor, Oversight})
	for _, post := range []PostKind{Clerk, Leader, Principal} {
		rules = append(rules, Rule{FeedbackRead, post, Owner}, Rule{FeedbackRead, post, Office}, Rule{FeedbackAnswer, post, Owner})
	}
}

// Follow-ups: 海政办发〔2020〕2号 二(六), 二(七). The department that published the result
// sees to them; who gets a clue answers for it: R97. A suspected crime goes to the police
// on the word of the principal leader alone: R98.
func init() {
	for _, verb := range []Verb{FollowUpMend, FollowUpPass, FollowUpFail, FollowUpEscalate, FollowUpReport} { // R99
		allow(verb, Owner, Clerk, InspectorPost)
	}
	for _, verb := range []Verb{FollowUpAccept, FollowUpReturn, FollowUpAnswer} { // R97
		allow(verb, Participant, Clerk, Leader)
		allow(verb, Owner, Clerk) // what a receiver outside the platform answered
	}
	allow(FollowUpSend, Owner, Clerk, Leader)
	allow(FollowUpClose, Owner, Clerk, Leader)
	allow(FollowUpApprove, Owner, Principal) // R98
	allow(FollowUpRefuse, Owner, Principal)
	for _, verb := range []Verb{FollowUpHand, FollowUpReceipt, FollowUpFile, FollowUpUnfile, FollowUpObject, FollowUpArticles} {
		allow(verb, Owner, Clerk)
	}
	allow(FollowUpRead, Owner, Clerk, Leader, Principal, Liaison, InspectorPost)
	allow(FollowUpRead, Participant, Clerk, Leader, Principal, Liaison)
	allow(FollowUpRead, Office, Clerk, Leader, Principal)
	allow(FollowUpRead, Oversight, Supervisor)
}

// Targets and deliveries: R94. The system administrator names the systems that results
// are shared with; the office hands files over and sees to what failed; a department
// reads how its own results fare. The platform sends, and compares every night.
func init() {
	for _, verb := range []Verb{TargetAdd, TargetPut, TargetEnd, TargetRead} {
		allow(verb, Owner, SystemAdmin)
	}
	allow(TargetRead, Office, Clerk, Leader, Principal)
	allow(TargetRead, Oversight, Supervisor)
	for _, verb := range []Verb{DeliverPack, DeliverReceipt, DeliverRefuse, DeliverRetry} {
		allow(verb, Office, Clerk, Leader)
	}
	allow(DeliverAbandon, Office, Leader, Principal)
	allow(DeliverRead, Owner, Clerk, Leader, Principal, Liaison)
	allow(DeliverRead, Office, Clerk, Leader, Principal)
	allow(DeliverRead, Oversight, Supervisor)
	for _, verb := range []Verb{DeliverOpen, DeliverSend, DeliverFail, DeliverCheck} {
		allow(verb, Any, SystemPost)
	}
}

// Appeals: 海政办发〔2020〕2号 二(六). The platform takes in what comes by the public form, and
// ends publications. The department that published takes an appeal up, and one of its
// leaders decides; only the principal leader signs what ends a publication: R102.
func init() {
	for _, verb := range []Verb{AppealReceive, AppealAdd, AppealRetract, SubstReceive} { // what came by the public forms; 行政处罚法 四十三
		allow(verb, Any, SystemPost)
	}
	allow(ResultExpire, Any, SystemPost)
	for _, verb := range []Verb{AppealEnter, AppealAsk, AppealSupply, AppealAccept, AppealWithdraw} {
		allow(verb, Owner, Clerk)
	}
	for _, verb := range []Verb{AppealReject, AppealGrant, AppealRefuse, AppealErase} {
		allow(verb, Owner, Leader, Principal)
	}
	allow(AppealRepair, Owner, Principal) // R102
	allow(AppealRead, Owner, Clerk, Leader, Principal, Liaison)
	allow(AppealRead, Office, Clerk, Leader, Principal)
	allow(AppealRead, Oversight, Supervisor)
}

// readers of teams: who organised the draw and the departments that lead its tasks,
// from the dispatch on those that take part: INV-05.
func init() {
	for _, post := range []PostKind{Clerk, Leader, Principal, Liaison} {
		for _, r := range []Relation{Owner, Participant, Office} {
			rules = append(rules, Rule{TeamRead, post, r})
		}
	}
	rules = append(rules, Rule{TeamRead, Supervisor, Oversight})
}

// Visits: 海政办发〔2020〕2号 二(五)4. Whoever of the team's standing members has an account
// writes down what they find, through whatever post they inspect in. Which of it is
// theirs alone is in the acts: R78, R89.
func init() {
	for _, post := range []PostKind{InspectorPost, Clerk, Leader} {
		for _, verb := range visitActs {
			rules = append(rules, Rule{verb, post, Crew})
		}
		rules = append(rules, Rule{VisitRead, post, Crew})
	}
	for _, post := range []PostKind{Clerk, Leader, Principal, Liaison} {
		for _, r := range []Relation{Owner, Participant, Office} {
			rules = append(rules, Rule{VisitRead, post, r})
		}
	}
	rules = append(rules, Rule{VisitRead, Supervisor, Oversight})
}

// visitActs are what the members of a team do.
var visitActs = []Verb{
	VisitPrecheck, VisitNotify, VisitBegin, VisitFill, VisitMeasure, VisitHelper, VisitAttach, VisitSpecial, VisitConclude, VisitReopen, VisitParty, VisitSign,
}

// readers of plans: every business post sees what its department owns, takes
// part in, or everybody may see; office, government and oversight see more.
func init() {
	for _, post := range []PostKind{Clerk, Leader, Principal, Liaison, InspectorPost, Convener, Supervisor} {
		for _, r := range []Relation{Owner, Participant, Office, Government, Published, Oversight} {
			if (r == Oversight) == (post == Supervisor) || r == Published {
				rules = append(rules, Rule{PlanRead, post, r})
			}
		}
	}
}

// readers of the joint list: as those of plans.
func init() {
	for _, post := range []PostKind{Clerk, Leader, Principal, Liaison, InspectorPost, Convener, Supervisor} {
		for _, r := range []Relation{Owner, Participant, Published, Oversight} {
			if (r == Oversight) == (post == Supervisor) || r == Published {
				rules = append(rules, Rule{JointRead, post, r})
			}
		}
	}
}

// readers of tasks: as those of plans, but nothing of a task is public before its
// draw.
func init() {
	for _, post := range []PostKind{Clerk, Leader, Principal, Liaison, InspectorPost, Convener, Supervisor} {
		for _, r := range []Relation{Owner, Participant, Office, Government, Oversight} {
			if (r == Oversight) == (post == Supervisor) {
				rules = append(rules, Rule{TaskRead, post, r})
			}
		}
	}
}

// readers of batches: the organiser from the beginning, the region from the
// announcement on, when its documents are public.
func init() {
	for _, post := range []PostKind{Clerk, Leader, Principal, Liaison, InspectorPost, Convener, Supervisor} {
		for _, r := range []Relation{Owner, Participant, Published} {
			if post != Supervisor || r == Published {
				rules = append(rules, Rule{BatchRead, post, r})
			}
		}
	}
}

// Rules returns the table of permissions.
func Rules() []Rule { return append([]Rule(nil), rules...) }

// MayDo reports whether post may do verb to things of the relation.
func MayDo(verb Verb, post PostKind, relation Relation) bool {
	for _, r := range rules {
		if r.Verb == verb && r.Post == post && (r.Relation == relation || r.Relation == Any) {
			return true
		}
	}
	return false
}
