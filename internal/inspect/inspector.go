package inspect

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/workday"
)

// An InspectorNo (执法检查人员序号) names a person of the inspector library. The
// record gives the numbers in the order of entry, beginning with 1.
type InspectorNo int64

// String is the number as addresses and the record write it.
func (n InspectorNo) String() string { return strconv.FormatInt(int64(n), 10) }

// A StaffCategory (人员类别) is on what ground somebody is in the library.
type StaffCategory string

// The categories. The first three are all taken in: R38, 海政办发〔2020〕2号 二(三).
// Whoever of them has no valid certificate is not drawn: C2. The others only
// help: R40, R59, C1.
const (
	CivilServant StaffCategory = "civil_servant" // 行政执法类公务员
	Qualified    StaffCategory = "qualified"     // 具有行政执法资格的工作人员
	DailyStaff   StaffCategory = "daily"         // 从事日常监管工作的人员
	Expert       StaffCategory = "expert"        // 专家
	ThirdParty   StaffCategory = "third_party"   // 第三方机构人员
	Auxiliary    StaffCategory = "auxiliary"     // 辅助人员
)

// StaffCategories lists the categories of inspectors, HelperCategories those of
// helpers, each in the order of the form.
var (
	StaffCategories = []Choice{
		{string(CivilServant), "行政执法类公务员"}, {string(Qualified), "具有行政执法资格的工作人员"}, {string(DailyStaff), "从事日常监管工作的人员"},
	}
	HelperCategories = []Choice{
		{string(Expert), "专家"}, {string(ThirdParty), "第三方机构人员"}, {string(Auxiliary), "辅助人员（政府购买服务）"},
	}
	AllCategories = slices.Concat(StaffCategories, HelperCategories)
)

// Text is the category in Chinese.
func (c StaffCategory) Text() string { return ChoiceText(AllCategories, string(c)) }

// Helper reports whether persons of this category only help: they are never
// drawn as inspectors, count for no team and sign nothing: C1, R40, 海政办发〔2020〕2号 二(三).
func (c StaffCategory) Helper() bool { return c == Expert || c == ThirdParty || c == Auxiliary }

// Genders lists the options of 性别. It may be left open.
var Genders = []Choice{{"male", "男"}, {"female", "女"}}

// An Inspector (执法检查人员) is a person of a department's inspector library:
// R38–R40, 海政办发〔2020〕2号 二(三). Helpers stand in the same library, apart by
// their category. The number of an identity card is kept nowhere: the number
// within the unit and the certificates tell persons apart.
type Inspector struct {
	No       InspectorNo
	Version  int64
	Region   string
	Org      OrgID
	Code     string // 单位工号, unique in the department
	Name     string
	Gender   string
	Category StaffCategory
	Division string // 科室（所、队）
	Position string // 职务
	Phone    string // personal; for the own department only
	Duty     string // 岗位大类
	DutyFrom workday.Date

	Education string // 最高学历
	Major     string // 专业
	Title     string // 技术职称

	Certificates []Certificate // by number
	Quals        []string      // 岗位资质资格, such as 药品检查员; ascending
	Items        []string      // codes of the department's items; empty is all: R28
	Units        []string      // 属地监管所 whose objects the person inspects; empty is all
	Areas        []string      // towns whose objects the person inspects; empty is all

	Person  PersonID     // the account, if the person signs in
	Ended   workday.Date // first day no longer in the library
	Source  string       // where the row comes from: R37
	Sourced workday.Date // as of when
}

var (
	inspectorCode = regexp.MustCompile(`^[0-9A-Za-z\p{Han}〔〕()（）_.\-/]{1,30}$`)
	identityCard  = regexp.MustCompile(`^[1-9][0-9]{16}[0-9Xx]$`)
)

// Tidy brings an inspector from a form or a file into its one form, or says
// what is wrong with each field. Certificates are tidied on their own.
func (i Inspector) Tidy(today workday.Date) (Inspector, error) {
	var ps Problems
	i.Code = Line(&ps, "code", "单位工号", i.Code, 30)
	switch {
	case identityCard.MatchString(i.Code):
		ps = append(ps, ErrIdentityCard.At("code")) // 个人信息保护法 六: no more than is needed
	case i.Code != "" && !inspectorCode.MatchString(i.Code):
		ps = append(ps, ErrInspectorCode.At("code"))
	}
	i.Name = Line(&ps, "name", "姓名", i.Name, 30)
	if i.Gender != "" {
		chosen(&ps, Genders, "gender", "性别", i.Gender)
	}
	chosen(&ps, AllCategories, "category", "人员类别", string(i.Category))
	if i.Category.Helper() && len(i.Certificates) > 0 {
		ps = append(ps, ErrHelperCertificate.At("category"))
	}
	for _, f := range i.optional() {
		*f.text = short(&ps, f.field, f.label, *f.text, f.most)
	}
	for _, l := range i.lists() {
		*l.list = names(&ps, l.field, l.label, *l.list)
	}
	if i.DutyFrom.After(today) {
		ps = append(ps, ErrFuture.With("从事本岗起始日期").At("duty_from"))
	}
	i.Source = Line(&ps, "source", "数据来源", i.Source, 60)
	switch {
	case i.Sourced.IsZero():
		ps = append(ps, ErrEmpty.With("数据日期").At("sourced"))
	case i.Sourced.After(today):
		ps = append(ps, ErrFuture.With("数据日期").At("sourced"))
	}
	return i, ps.Err()
}

// optional lists the texts that may be empty.
func (i *Inspector) optional() []struct {
	field, label string
	text         *string
	most         int
} {
	return []struct {
		field, label string
		text         *string
		most         int
	}{
		{"division", "科室", &i.Division, 60}, {"position", "职务", &i.Position, 60}, {"phone", "手机号", &i.Phone, 40},
		{"duty", "岗位大类", &i.Duty, 60}, {"education", "最高学历", &i.Education, 40}, {"major", "专业", &i.Major, 60},
		{"title", "技术职称", &i.Title, 60},
	}
}

func (i *Inspector) lists() []struct {
	field, label string
	list         *[]string
} {
	return []struct {
		field, label string
		list         *[]string
	}{
		{"quals", "岗位资质资格", &i.Quals}, {"items", "执法事项范围", &i.Items}, {"units", "检查单位范围", &i.Units}, {"areas", "检查区域范围", &i.Areas},
	}
}

// listMost is how many names a list of an inspector can have.
const listMost = 200

// names tidies a list of short names: ascending, none twice, and without the
// signs that part fields in the files of a matching.
func names(ps *Problems, field, label string, list []string) []string {
	if len(list) > listMost {
		*ps = append(*ps, ErrNotFinite.With(listMost).At(field))
		return nil
	}
	var tidy []string
	for _, name := range list {
		if strings.TrimSpace(name) == "" {
			continue
		}
		before := len(*ps)
		name = Line(ps, field, label, name, 20)
		if strings.ContainsAny(name, " \t\u3000:,;|") && len(*ps) == before {
			*ps = append(*ps, ErrNameSigns.With(label, name).At(field))
		}
		tidy = append(tidy, name)
	}
	slices.Sort(tidy)
	return slices.Compact(tidy)
}

// NameLines splits a text with one name a line. Commas part names, too.
func NameLines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\r\n、，,；;", r) })
}

// Known refuses items that are not of the department and towns that are not of
// the region.
func (i Inspector) Known(facts Facts) error {
	var ps Problems
	for _, code := range i.Items {
		if !slices.ContainsFunc(slices.Collect(maps.Values(facts.Items)), func(x Item) bool { return x.Org == i.Org && x.Code == code }) {
			ps = append(ps, ErrChoice.With("执法事项范围").At("items"))
			break
		}
	}
	for _, town := range i.Areas {
		if facts.Areas[town] == "" {
			ps = append(ps, ErrChoice.With("检查区域范围").At("areas"))
			break
		}
	}
	return ps.Err()
}

// End takes the person out of the library from a day on: moved, retired,
// dismissed. The row stays readable, and a later change of it brings the person
// back: R29.
func (i Inspector) End(day workday.Date, reason string, today workday.Date) (Inspector, error) {
	if !i.Ended.IsZero() {
		return i, ErrStep.With(InspectorEnd.Text())
	}
	var ps Problems
	if day.IsZero() {
		day = today
	}
	if day.After(today) {
		ps = append(ps, ErrFuture.With("移出日期").At("day"))
	}
	Paragraph(&ps, "reason", "移出理由", reason, 500)
	i.Ended = day
	return i, ps.Err()
}

// fields lists the texts of an inspector in the order of Text, for ever: new ones
// are added at the end. Nil stands for what is no text, in the order of rest.
func (i *Inspector) fields() []*string {
	return []*string{
		&i.Region, (*string)(&i.Org), &i.Code, &i.Name, &i.Gender, (*string)(&i.Category), &i.Division, &i.Position, &i.Phone, &i.Duty,
		&i.Education, &i.Major, &i.Title, (*string)(&i.Person), &i.Source,
	}
}

func (i *Inspector) days() []*workday.Date { return []*workday.Date{&i.DutyFrom, &i.Ended, &i.Sourced} }

// Key names the inspector among the rows of the libraries.
func (i Inspector) Key() string { return i.No.String() }

// Text is everything the library says of the inspector, besides number and
// version, as one line of fields parted by tabs: see Object.Text.
func (i Inspector) Text() string {
	var cells []string
	for _, f := range i.fields() {
		cells = append(cells, *f)
	}
	for _, d := range i.days() {
		cells = append(cells, d.String())
	}
	for _, l := range i.lists() {
		cells = append(cells, strings.Join(*l.list, " "))
	}
	return strings.Join(append(cells, CertificatesText(i.Certificates)), "\t")
}

// CertificatesText is a list of certificates as rows keep it.
func CertificatesText(list []Certificate) string {
	if len(list) == 0 {
		return ""
	}
	text, _ := json.Marshal(list) // texts and dates always can be written
	return string(text)
}

// ParseCertificates reads what CertificatesText wrote.
func ParseCertificates(text string) (list []Certificate, err error) {
	if text == "" {
		return nil, nil
	}
	if err = json.Unmarshal([]byte(text), &list); err == nil && CertificatesText(list) != text {
		err = errRowText
	}
	return list, err
}

// ParseInspector reads what Text wrote.
func ParseInspector(no InspectorNo, version int64, text string) (Inspector, error) {
	i := Inspector{No: no, Version: version}
	cells := strings.Split(text, "\t")
	fields, days, lists := i.fields(), i.days(), i.lists()
	if len(cells) != len(fields)+len(days)+len(lists)+1 {
		return i, fmt.Errorf("%w: %d fields", errRowText, len(cells))
	}
	for _, f := range fields {
		*f, cells = cells[0], cells[1:]
	}
	for _, d := range days {
		if cells[0] != "" {
			var err error
			if *d, err = workday.Parse(cells[0]); err != nil {
				return i, fmt.Errorf("%w: %w", errRowText, err)
			}
		}
		cells = cells[1:]
	}
	for _, l := range lists {
		*l.list, cells = strings.Fields(cells[0]), cells[1:]
		if len(*l.list) == 0 {
			*l.list = nil
		}
	}
	var err error
	if i.Certificates, err = ParseCertificates(cells[0]); err == nil && i.Text() != text {
		err = errRowText
	}
	return i, err
}

// SeesTies reports whether who may read what the inspector has declared:
// the inspector, and in the own department those who keep the library and those
// who answer for it.
func (i Inspector) SeesTies(who Actor) bool {
	if who.Org.ID != i.Org {
		return false
	}
	switch who.Post.Kind {
	case Clerk, Leader, Principal:
		return true
	case InspectorPost:
		return i.Person == who.Person && i.Person != ""
	}
	return false
}
