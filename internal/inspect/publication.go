package inspect

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"suicha/internal/workday"
)

// PublicationID names one edition of a published result.
type PublicationID string

// A PublicationKind is why an edition was published.
type PublicationKind string

// The kinds of editions. A result's first is a publication; every later one needs the
// signature of the department's principal leader: R102, INV-13. Only the end of the term
// comes by itself.
const (
	PublishFirst    PublicationKind = "publish"
	PublishCorrect  PublicationKind = "correct"
	PublishWithdraw PublicationKind = "withdraw"
	PublishRepair   PublicationKind = "repair"
	PublishExpire   PublicationKind = "expire"
)

// PublicationKinds lists the kinds.
var PublicationKinds = []Choice{
	{string(PublishFirst), "首次公示"}, {string(PublishCorrect), "更正"}, {string(PublishWithdraw), "撤下"}, {string(PublishRepair), "信用修复"},
	{string(PublishExpire), "公示期满"},
}

// Text is the kind in Chinese.
func (k PublicationKind) Text() string { return ChoiceText(PublicationKinds, string(k)) }

// Ends reports whether the edition takes the content off the page.
func (k PublicationKind) Ends() bool {
	return k == PublishWithdraw || k == PublishRepair || k == PublishExpire
}

// A PublicResult is all that the public reads of a result: 政府信息公开条例 第十五条,
// 个人信息保护法 第二十五条. It holds no text that somebody wrote freely, no address,
// telephone number or name of an inspector: C15.
type PublicResult struct {
	Name  string       `json:"name" label:"检查对象" hint:"个人只公示姓名的首字"`
	Code  string       `json:"code" label:"统一社会信用代码" hint:"可能是个人的号码的不公示"` // empty where it could be that of a person
	Kind  ObjectKind   `json:"kind" label:"检查对象种类"`
	Body  string       `json:"body" label:"检查机关"` // the department
	Tasks []PublicTask `json:"tasks" label:"抽查任务"`
	Date  workday.Date `json:"date" label:"检查日期"`
	Items []PublicItem `json:"items" label:"抽查事项"`
}

// A PublicTask is a task, as the public reads it.
type PublicTask struct {
	Number   string `json:"number" label:"任务编号"`
	Name     string `json:"name" label:"任务名称"`
	Plan     string `json:"plan" label:"计划编号" hint:"计划外的任务为空"`
	Targeted string `json:"targeted" label:"是否定向"`
}

// A PublicItem is an item with its result.
type PublicItem struct {
	Name      string       `json:"name" label:"事项名称"`
	Codes     []ResultCode `json:"codes" label:"检查结果"`
	Corrected bool         `json:"corrected" label:"已改正" hint:"责令改正的事项已经改正"` // what was ordered to be corrected is
}

// Disclosed is what of the result will be public: what the leader approves, and no
// more. Items that were not inspected are not in it.
func (r Result) Disclosed() PublicResult {
	p := PublicResult{Name: r.Name, Code: r.Code, Kind: r.Kind, Body: r.Body, Date: r.Done}
	if !r.Kind.Registered() {
		p.Code = "" // the number of a register can be that of an identity card or a telephone
	}
	if r.Kind == Individual {
		p.Name = masked(r.Name)
	}
	for _, t := range r.Tasks {
		p.Tasks = append(p.Tasks, PublicTask{t.Number, t.Name, t.Plan, t.Targeted})
	}
	for _, i := range r.Items {
		if len(i.Codes) > 0 {
			p.Items = append(p.Items, PublicItem{i.Name, slices.Clone(i.Codes), i.Corrected})
		}
	}
	return p
}

// Removed is what stays public of a result whose publication ended: whose it was and
// when, but no longer about whom.
func (r Result) Removed() PublicResult { return PublicResult{Body: r.Body, Date: r.Done} }

// masked leaves the first character of a person's name.
func masked(name string) string {
	for _, r := range name {
		return string(r) + "某"
	}
	return ""
}

// Write puts the text into words, always the same.
func (p PublicResult) Write() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic("inspect: " + err.Error()) // a struct of texts always can be written
	}
	return string(text)
}

// ReadPublicResult reads what Write wrote.
func ReadPublicResult(text string) (p PublicResult, err error) {
	return p, json.Unmarshal([]byte(text), &p)
}

// Digest is what an approval binds: SHA-256 of the text, INV-12.
func (p PublicResult) Digest() string {
	sum := sha256.Sum256([]byte(p.Write()))
	return hex.EncodeToString(sum[:])
}

// Codes are all results of the items, each once, in the order of the list.
func (p PublicResult) Codes() (all []ResultCode) {
	for _, i := range p.Items {
		for _, c := range i.Codes {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	return all
}

// An Approval (审批) is a leader's decision that exactly this text may be published. It
// is kept for good: no edition is published without its own: INV-12.
type Approval struct {
	ID      string
	Version int64
	Region  string
	Result  ResultID
	No      int   // of the edition that it is for
	Decided int64 // the version of the result, or of the correction, that was decided on
	Org     OrgID
	Post    PostKind
	Digest  string
	By      PersonID
	At      time.Time
	Opinion string
}

// approvalOf is the approval of what r discloses.
func approvalOf(r Result, no int, of int64, post PostKind, digest string, by PersonID, opinion string, now time.Time) Approval {
	return Approval{
		ID: OwnID(string(r.ID), "approval", strconv.Itoa(no), strconv.FormatInt(of, 10)), Region: r.Region, Result: r.ID, No: no, Decided: of,
		Org: r.Org, Post: post, Digest: digest, By: by, At: now, Opinion: opinion,
	}
}

// Approval is the record of the decision that Approve has just made.
func (r Result) Approval(post PostKind) Approval {
	return approvalOf(r, 1, r.Version, post, r.Digest, r.ApprovedBy, r.Opinion, r.ApprovedAt)
}

// A Publication (公示) is one edition of a published result. None is ever changed or
// removed: R101, 海政办发〔2020〕2号 二(六).
type Publication struct {
	ID         PublicationID
	Version    int64
	Region     string
	Result     ResultID
	No         int
	Kind       PublicationKind
	Org        OrgID
	Text       string // PublicResult.Write, byte for byte what was approved
	Digest     string
	Approval   string // the id of the decision
	Correction CorrectionID
	Appeal     AppealID // of a repair: the application
	Ground     string   // why it was corrected or ended; public
	By         PersonID // who published, drafted the correction or accepted the application
	SignedBy   PersonID // the principal leader: of every edition but the first and the end of the term, R102
	Day        workday.Date
	At         time.Time
}

// PublicationIDOf is the id of an edition: there is one.
func PublicationIDOf(result ResultID, no int) PublicationID {
	return PublicationID(OwnID(string(result), "publication", strconv.Itoa(no)))
}

// First is the first edition of a result that Publish has just made public: what was
// approved, and nothing else (INV-12).
func (r Result) First(a Approval) (Publication, error) {
	body := r.Disclosed()
	if a.Result != r.ID || a.No != 1 || a.Digest != r.Digest || body.Digest() != a.Digest {
		return Publication{}, ErrResultOther
	}
	return Publication{
		ID: PublicationIDOf(r.ID, 1), Region: r.Region, Result: r.ID, No: 1, Kind: PublishFirst, Org: r.Org, Text: body.Write(), Digest: a.Digest,
		Approval: a.ID, By: r.PublishedBy, Day: workday.On(r.PublishedAt), At: r.PublishedAt,
	}, nil
}

// Public is what the edition says.
func (p Publication) Public() (PublicResult, error) { return ReadPublicResult(p.Text) }

// Title is what people call the edition.
func (p Publication) Title() string {
	if p.No == 1 {
		return p.Kind.Text()
	}
	return "第 " + strconv.Itoa(p.No) + " 版（" + p.Kind.Text() + "）"
}
