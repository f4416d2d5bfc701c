package inspect

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"suicha/internal/industry"
	"suicha/internal/uscc"
	"suicha/internal/workday"
)

// An ObjectNo (检查对象序号) names an inspection object of the library. The record
// gives the numbers in the order of entry, beginning with 1.
type ObjectNo int64

// String is the number as addresses and the record write it.
func (n ObjectNo) String() string { return strconv.FormatInt(int64(n), 10) }

// An ObjectKind (检查对象类别) is what sort of thing is inspected.
type ObjectKind string

// The kinds of objects: R30, R31, 海政办发〔2020〕2号 二(三).
const (
	Enterprise         ObjectKind = "enterprise"
	IndividualBusiness ObjectKind = "individual_business"
	Cooperative        ObjectKind = "cooperative"
	Institution        ObjectKind = "institution"
	Site               ObjectKind = "site"
	Equipment          ObjectKind = "equipment"
	Individual         ObjectKind = "person"
)

// ObjectKinds lists the options in the order of the form.
var ObjectKinds = []Choice{
	{string(Enterprise), "企业"}, {string(IndividualBusiness), "个体工商户"}, {string(Cooperative), "农民专业合作社"},
	{string(Institution), "机关、事业单位和社会组织"}, {string(Site), "场所"}, {string(Equipment), "设备"}, {string(Individual), "个人"},
}

// Registered reports whether objects of this kind have a unified social credit
// code or had a registration number. Sites, equipment and persons carry the
// number that their register gives them.
func (k ObjectKind) Registered() bool {
	return k == Enterprise || k == IndividualBusiness || k == Cooperative || k == Institution
}

// An ObjectStatus (登记状态) says whether the object still is in business.
type ObjectStatus string

// The states of registration, and three of our own: an object that its source no
// longer lists has vanished, one that should never have come in is withdrawn, a
// duplicate is merged. None is removed: R29.
const (
	ObjectActive    ObjectStatus = "active"
	ObjectCancelled ObjectStatus = "cancelled"
	ObjectRevoked   ObjectStatus = "revoked"
	ObjectAnnulled  ObjectStatus = "annulled"
	ObjectMovedOut  ObjectStatus = "moved_out"
	ObjectVanished  ObjectStatus = "vanished"
	ObjectWithdrawn ObjectStatus = "withdrawn"
	ObjectMerged    ObjectStatus = "merged"
)

// ObjectStatuses lists the states of registration that a source can report.
var ObjectStatuses = []Choice{
	{string(ObjectActive), "存续"}, {string(ObjectCancelled), "注销"}, {string(ObjectRevoked), "吊销"},
	{string(ObjectAnnulled), "撤销"}, {string(ObjectMovedOut), "迁出"},
}

// Text is the status in Chinese.
func (s ObjectStatus) Text() string {
	switch s {
	case ObjectVanished:
		return "未在最近一次导入中出现"
	case ObjectWithdrawn:
		return "已撤回"
	case ObjectMerged:
		return "已合并"
	}
	return ChoiceText(ObjectStatuses, string(s))
}

// Text is the kind in Chinese.
func (k ObjectKind) Text() string { return ChoiceText(ObjectKinds, string(k)) }

// An Object (检查对象) is whom or what a department may inspect, as its source
// describes it: R27–R33, 海政办发〔2020〕2号 二(三). All texts are one line.
type Object struct {
	No           ObjectNo
	Version      int64
	Region       string // whose library: six digits
	Kind         ObjectKind
	Code         string // 统一社会信用代码, or the number of its register; unique in the region
	RegNo        string // 注册号 of former times
	Name         string
	Status       ObjectStatus
	LegalRep     string // 法定代表人（负责人）; personal data
	Phone        string // personal data
	Liaison      string // 联络员; personal data
	LiaisonPhone string // personal data
	Address      string // 住所（经营场所）
	Town         string // code of the area
	Scope        string // 经营范围
	Industry     string // GB/T 4754 code, with its letter
	Established  workday.Date
	Authority    string // 登记机关
	Station      string // 属地监管所
	Owner        OrgID  // the department that answers for the row: R37
	Risk         string // credit risk class A to D; empty if not classed: R107
	RiskSource   string
	RiskOn       workday.Date
	Source       string       // where the row comes from: R37
	Sourced      workday.Date // as of when
	Into         ObjectNo     // of a merged duplicate: the object that remains
	Outside      string       // why it is never drawn: R111; empty if it can be
}

// Limits of an object's texts, in characters. Scopes of real registers run to
// two thousand.
const (
	objectNameMost  = 200
	objectTextMost  = 300
	objectScopeMost = 4000
)

// Tidy brings an object from a form or a file into its one form, or says what
// is wrong with it. Warnings do not keep the object out: a credit code with a wrong
// check character may be lawful (pilots before GB 32100-2015).
func (o Object) Tidy(today workday.Date) (_ Object, warnings Problems, _ error) {
	var ps Problems
	chosen(&ps, ObjectKinds, "kind", "检查对象类别", string(o.Kind))
	chosen(&ps, ObjectStatuses, "status", "登记状态", string(o.Status))
	o.Code, warnings = o.tidyCode(&ps)
	o.Name = Line(&ps, "name", "名称", o.Name, objectNameMost)
	for _, f := range o.optional() {
		*f.text = short(&ps, f.field, f.label, *f.text, f.most)
	}
	if o.Industry != "" {
		found, err := industry.Parse(o.Industry)
		if err != nil {
			warnings = append(warnings, ErrIndustry.With(o.Industry).At("industry"))
		} else {
			o.Industry = string(found.Code)
		}
	}
	if o.Risk != "" && (len(o.Risk) != 1 || !strings.Contains(RiskClasses, o.Risk)) {
		ps = append(ps, ErrChoice.With("信用风险等级").At("risk"))
	}
	if (o.Risk == "") != o.RiskOn.IsZero() {
		ps = append(ps, ErrRiskDay.At("risk_on"))
	}
	for _, d := range []struct {
		field, label string
		day          workday.Date
	}{{"established", "成立日期", o.Established}, {"risk_on", "评定日期", o.RiskOn}, {"sourced", "数据日期", o.Sourced}} {
		if d.day.After(today) {
			ps = append(ps, ErrFuture.With(d.label).At(d.field))
		}
	}
	o.Source = Line(&ps, "source", "数据来源", o.Source, 60)
	if o.Sourced.IsZero() {
		ps = append(ps, ErrEmpty.With("数据日期").At("sourced"))
	}
	return o, warnings, ps.Err()
}

// optional lists the texts that may be empty.
func (o *Object) optional() []struct {
	field, label string
	text         *string
	most         int
} {
	return []struct {
		field, label string
		text         *string
		most         int
	}{
		{"reg_no", "注册号", &o.RegNo, 40}, {"legal_rep", "法定代表人（负责人）", &o.LegalRep, 60}, {"phone", "联系电话", &o.Phone, 40},
		{"liaison", "联络员", &o.Liaison, 60}, {"liaison_phone", "联络员电话", &o.LiaisonPhone, 40},
		{"address", "住所（经营场所）", &o.Address, objectTextMost}, {"scope", "经营范围", &o.Scope, objectScopeMost},
		{"town", "所在镇街", &o.Town, 20}, {"industry", "行业代码", &o.Industry, 60},
		{"authority", "登记机关", &o.Authority, 100}, {"station", "属地监管所", &o.Station, 100}, {"risk_source", "等级来源", &o.RiskSource, 60},
	}
}

// short is Line for a text that may be left empty. Breaks become blanks.
func short(ps *Problems, field, label, text string, most int) string {
	if text == "" || len(text) <= most && Ordinary(text) { // nearly all
		return text
	}
	if strings.ContainsAny(text, "\r\n\t") {
		text = strings.Join(strings.Fields(text), " ")
	}
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return Line(ps, field, label, text, most)
}

// tidyCode checks the object's code by its kind.
func (o Object) tidyCode(ps *Problems) (string, Problems) {
	if !o.Kind.Registered() {
		return Line(ps, "code", "对象编号", o.Code, 60), nil
	}
	code, verdict := uscc.Parse(o.Code)
	switch {
	case verdict.Class == uscc.Invalid:
		*ps = append(*ps, ErrCreditCode.With(verdict.Reason.Text()).At("code"))
	case verdict.Class != uscc.Valid && !code.Legacy():
		return string(code), Problems{ErrCheckDigit.With(string(code)).At("code")}
	}
	return string(code), nil
}

// Withdraw takes the object out of the library: it should not have come in.
func (o Object) Withdraw(reason string) (Object, error) {
	if o.Status == ObjectWithdrawn || o.Status == ObjectMerged {
		return o, ErrStep.With(ObjectWithdraw.Text())
	}
	var ps Problems
	Paragraph(&ps, "reason", "撤回理由", reason, 500)
	o.Status = ObjectWithdrawn
	return o, ps.Err()
}

// MergeInto joins the object, a duplicate, to the one that remains.
func (o Object) MergeInto(into Object, reason string) (Object, error) {
	if o.Status == ObjectMerged {
		return o, ErrStep.With(ObjectMerge.Text())
	}
	var ps Problems
	Paragraph(&ps, "reason", "合并理由", reason, 500)
	if into.No == o.No || into.Status == ObjectMerged || into.Status == ObjectWithdrawn {
		ps = append(ps, ErrMergeInto.At("into"))
	}
	o.Status, o.Into = ObjectMerged, into.No
	return o, ps.Err()
}

// Drawable reports whether the object can be in a pool at all: it is active, and
// not of a special field that stays under the supervision there was before: R111.
func (o Object) Drawable() bool { return o.Obstacle() == "" }

// Obstacle says why the object is in no pool, and nothing if it can be.
func (o Object) Obstacle() string {
	switch {
	case o.Status != ObjectActive:
		return "登记状态为“" + o.Status.Text() + "”，不参加抽取"
	case o.Outside != "":
		return OutsideText
	}
	return ""
}

// OutsideText is what readers see of an object that is never drawn: R111.
const OutsideText = "特殊重点领域，按现有方式严格监管，不纳入随机抽查"

// TakeOutside puts the object under the supervision that there was before random
// inspection: R111, 特殊重点领域. It is in no pool from then on, so the ground is
// for everybody to read.
func (o Object) TakeOutside(ground string) (Object, error) {
	if !o.Status.Answers() {
		return o, ErrStep.With(ObjectOutside.Text())
	}
	var ps Problems
	o.Outside = Line(&ps, "ground", "依据", ground, objectTextMost)
	return o, ps.Err()
}

// BringInside lets the object be drawn again.
func (o Object) BringInside(reason string) (Object, error) {
	if !o.Status.Answers() {
		return o, ErrStep.With(ObjectInside.Text())
	}
	var ps Problems
	Paragraph(&ps, "reason", "恢复理由", reason, 500)
	o.Outside = ""
	return o, ps.Err()
}

// The order of an object's fields in its text, for ever. Outside, which came
// later, stands behind them if there is any, so that texts from before stay right.
func (o *Object) fields() [24]*string {
	return [...]*string{
		&o.Region, (*string)(&o.Kind), &o.Code, &o.RegNo, &o.Name, (*string)(&o.Status), &o.LegalRep, &o.Phone, &o.Liaison,
		&o.LiaisonPhone, &o.Address, &o.Town, &o.Scope, &o.Industry, nil, &o.Authority, &o.Station, (*string)(&o.Owner), &o.Risk,
		&o.RiskSource, nil, &o.Source, nil, nil,
	}
}

// Text is everything the library says of the object, besides number and version, as one line of
// fields parted by tabs: what a past version is kept as, and what digests are made
// of. Tidy keeps tabs and breaks out of the fields.
func (o Object) Text() string {
	days := []workday.Date{o.Established, o.RiskOn, o.Sourced}
	fields, size := o.fields(), 80 // of tabs, days and a number
	for _, f := range fields {
		if f != nil {
			size += len(*f)
		}
	}
	var b strings.Builder
	b.Grow(size)
	for i, f := range fields {
		if i > 0 {
			b.WriteByte('\t')
		}
		switch {
		case f != nil:
			b.WriteString(*f)
		case len(days) > 0:
			if !days[0].IsZero() {
				b.WriteString(days[0].String())
			}
			days = days[1:]
		case o.Into > 0:
			b.WriteString(o.Into.String())
		}
	}
	if o.Outside != "" {
		b.WriteByte('\t')
		b.WriteString(o.Outside)
	}
	return b.String()
}

var errObjectText = errors.New("the text is not that of an object")

// ParseObject reads what Text wrote, and nothing that Text would write in another
// way.
func ParseObject(no ObjectNo, version int64, text string) (Object, error) {
	o := Object{No: no, Version: version}
	fields := o.fields()
	days := []*workday.Date{&o.Established, &o.RiskOn, &o.Sourced}
	for i, f := range fields {
		cell, rest, more := strings.Cut(text, "\t")
		var err error
		switch {
		case !more && i < len(fields)-1:
			return o, fmt.Errorf("%w: %d fields", errObjectText, i+1)
		case f != nil:
			*f = cell
		case len(days) > 0:
			if cell != "" {
				*days[0], err = workday.Parse(cell) // which has one form
			}
			days = days[1:]
		case cell != "":
			var n int64
			n, err = strconv.ParseInt(cell, 10, 64)
			if o.Into = ObjectNo(n); err == nil && (n <= 0 || o.Into.String() != cell) {
				err = errObjectText
			}
		}
		if err != nil {
			return o, fmt.Errorf("%w: field %d: %w", errObjectText, i+1, err)
		}
		if i == len(fields)-1 && more {
			o.Outside = rest
			if rest == "" || strings.Contains(rest, "\t") {
				return o, fmt.Errorf("%w: what stands behind the fields", errObjectText)
			}
		}
		text = rest
	}
	return o, nil
}

// Key names the object among the rows of the libraries.
func (o Object) Key() string { return o.No.String() }
