package inspect

import (
	"crypto/sha256"
	"slices"
	"time"
)

// AppealID names one appeal.
type AppealID string

// An AppealKind is what somebody asks for who was inspected.
type AppealKind string

// The kinds of appeals.
const (
	AppealObjection AppealKind = "objection"
	AppealReply     AppealKind = "reply"
	AppealRepairing AppealKind = "repair"
)

// AppealKinds lists the kinds in the order of the form.
var AppealKinds = []Choice{{string(AppealObjection), "公示信息异议"}, {string(AppealReply), "申辩说明"}, {string(AppealRepairing), "信用修复"}}

// Text is the kind as users read it.
func (k AppealKind) Text() string { return ChoiceText(AppealKinds, string(k)) }

// AppealWays are how an appeal came: the public form, or one on paper.
var AppealWays = []Choice{{"online", "网上提交"}, {"counter", "现场提交"}, {"mail", "邮寄"}}

// AppealChecks are how the department made sure that an appeal is the enterprise's own.
var AppealChecks = []Choice{
	{"call", "按登记的联系电话回访"}, {"seal", "核对加盖公章的书面材料"}, {"papers", "当面核对营业执照和经办人证件"}, {"licence", "核验电子营业执照"},
}

// An AppealState is how far an appeal has come.
type AppealState string

// The states of an appeal. Which of them it can reach depends on its kind.
const (
	AppealReceived   AppealState = "received"
	AppealIncomplete AppealState = "incomplete"
	AppealAccepted   AppealState = "accepted"
	AppealUpheld     AppealState = "upheld"
	AppealCorrected  AppealState = "corrected"
	AppealPublished  AppealState = "published"
	AppealRepaired   AppealState = "repaired"
	AppealRefused    AppealState = "refused"
	AppealRejected   AppealState = "rejected"
	AppealWithdrawn  AppealState = "withdrawn"
)

// AppealStates lists the states in the order of filters.
var AppealStates = []Choice{
	{string(AppealReceived), "待受理"}, {string(AppealIncomplete), "待补正"}, {string(AppealAccepted), "办理中"}, {string(AppealUpheld), "异议成立，待更正"},
	{string(AppealCorrected), "已更正"}, {string(AppealPublished), "说明已公示"}, {string(AppealRepaired), "已修复"}, {string(AppealRefused), "不予支持"},
	{string(AppealRejected), "不予受理"}, {string(AppealWithdrawn), "已撤回"},
}

// Text is the state as users read it.
func (s AppealState) Text() string { return ChoiceText(AppealStates, string(s)) }

// Ended reports whether nothing is left to do.
func (s AppealState) Ended() bool {
	return !slices.Contains([]AppealState{AppealReceived, AppealIncomplete, AppealAccepted, AppealUpheld}, s)
}

// The lives of appeals. They begin alike. An objection that is upheld ends with the
// correction that the principal leader signs: R102, 海政办发〔2020〕2号 二(六). A reply is
// published beside the result, a repair ends its publication: 国市监信规〔2024〕5号.
var (
	appealLife = Life[AppealState]{
		{AppealAsk, AppealReceived, AppealIncomplete},
		{AppealSupply, AppealIncomplete, AppealReceived},
		{AppealAccept, AppealReceived, AppealAccepted},
		{AppealReject, AppealReceived, AppealRejected},
		{AppealReject, AppealIncomplete, AppealRejected},
		{AppealRefuse, AppealAccepted, AppealRefused},
		{AppealWithdraw, AppealReceived, AppealWithdrawn},
		{AppealWithdraw, AppealIncomplete, AppealWithdrawn},
		{AppealWithdraw, AppealAccepted, AppealWithdrawn},
		{AppealAdd, AppealReceived, AppealReceived}, // the sender himself, by the public form
		{AppealAdd, AppealIncomplete, AppealReceived},
		{AppealAdd, AppealAccepted, AppealAccepted},
		{AppealRetract, AppealReceived, AppealWithdrawn},
		{AppealRetract, AppealIncomplete, AppealWithdrawn},
		{AppealRetract, AppealAccepted, AppealWithdrawn},
		{AppealErase, AppealRefused, AppealRefused},
		{AppealErase, AppealRejected, AppealRejected},
		{AppealErase, AppealWithdrawn, AppealWithdrawn},
	}
	objectionLife = append(slices.Clone(appealLife), Life[AppealState]{
		{AppealGrant, AppealAccepted, AppealUpheld},
		{CorrectionSign, AppealUpheld, AppealCorrected}, // what a signed correction does, no act of its own
		{AppealErase, AppealCorrected, AppealCorrected},
	}...)
	replyLife = append(slices.Clone(appealLife), Life[AppealState]{
		{AppealGrant, AppealAccepted, AppealPublished},
		{AppealWithdraw, AppealPublished, AppealWithdrawn},
		{AppealRetract, AppealPublished, AppealWithdrawn},
		{AppealErase, AppealPublished, AppealPublished},
	}...)
	repairLife = append(slices.Clone(appealLife), Life[AppealState]{
		{AppealRepair, AppealAccepted, AppealRepaired},
		{AppealErase, AppealRepaired, AppealRepaired},
	}...)
)

// AppealLife returns the moves of an appeal of one kind.
func AppealLife(kind AppealKind) Life[AppealState] {
	switch kind {
	case AppealObjection:
		return objectionLife
	case AppealReply:
		return replyLife
	case AppealRepairing:
		return repairLife
	}
	return appealLife
}

// An Appeal (异议、申辩、信用修复) is what an enterprise asks for about its published result.
// It needs no account. The department that published answers, and nobody there answers
// for his own work: INV-09. The words that came by the public form stand beside the
// record, as those of feedback do.
type Appeal struct {
	ID      AppealID
	Version int64
	Region  string
	Result  ResultID
	Org     OrgID
	Kind    AppealKind
	Way     string
	Code    string // of the object, as its name, when the appeal came
	Name    string
	State   AppealState
	Digest  string // of the words; empty of an appeal on paper
	Lookup  string // digest of the receipt number (受理编号)
	Secret  string `json:",omitempty"` // digest of the password (办理密码) that the sender alone has
	Summary string // of an appeal on paper, by who took it in

	ReceivedBy PersonID
	ReceivedAt time.Time
	Since      time.Time // of the last step: the beginning of the present clock
	AskDays    int       // working days to supply what is missing
	Check      string    // how it was made sure that it is the enterprise's own
	AcceptedBy PersonID
	DecidedBy  PersonID
	Answer     string       // who has the receipt number reads it
	Public     string       // of a reply: what stands beside the result
	Correction CorrectionID // that followed an objection
	ErasedBy   PersonID
	ErasedAt   time.Time

	Steps []Step // all that was done, the first first
}

// AppealCode is the receipt number of an appeal: whoever has it reads how far it is. It
// looks like the code of a visit, and is read like one.
func AppealCode(id AppealID) string {
	sum := sha256.Sum256([]byte("appeal " + string(id)))
	return VisitCode([10]byte(sum[:10]))
}

// AppealLookup is the digest of a receipt number as people type it.
func AppealLookup(typed string) string { return hexDigest("appeal code " + ReadVisitCode(typed)) }

// Verbs returns what can be done with the appeal now, by whoever may.
func (a Appeal) Verbs() []Verb {
	return slices.DeleteFunc(AppealLife(a.Kind).Verbs(a.State), func(v Verb) bool {
		return v == CorrectionSign || v == AppealErase && (a.Digest == "" || !a.ErasedAt.IsZero())
	})
}

// Relations returns what org has to do with the appeal: it published the result, it is
// the office, or it watches over the region.
func (a Appeal) Relations(org Org) (has []Relation) {
	if org.ID == a.Org {
		has = append(has, Owner)
	}
	if org.Region != a.Region {
		return has
	}
	switch org.Kind {
	case OrgOffice:
		has = append(has, Office)
	case OrgOversight:
		has = append(has, Oversight)
	}
	return has
}

// Shown reports whether the public reads of the appeal on the page of the result: that
// an objection is being looked at, or the reply.
func (a Appeal) Shown() bool {
	return a.Kind == AppealObjection && (a.State == AppealAccepted || a.State == AppealUpheld) || a.State == AppealPublished
}

// Barred reports whether a person may not decide on the appeal: who took it in or
// accepted it, who inspected, and of an objection all who made the result: INV-09.
func (a Appeal) Barred(by PersonID, r Result) bool {
	return by == a.ReceivedBy || by == a.AcceptedBy || slices.Contains(r.Inspected, by) ||
		a.Kind == AppealObjection && (r.Own(by) || by == r.ApprovedBy)
}

// step makes a move and notes it.
func (a Appeal) step(s Step) (Appeal, error) {
	next, err := AppealLife(a.Kind).Next(a.State, s.Verb)
	if err != nil {
		return a, err
	}
	if next != a.State { // what was added or erased begins no clock
		a.Since = s.At
	}
	a.State = next
	a.Steps = append(slices.Clone(a.Steps), s)
	return a, nil
}
