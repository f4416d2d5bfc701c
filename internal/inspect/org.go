package inspect

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"suicha/internal/workday"
)

// Ids are UUIDs as text, made by whoever asks for the new thing, so that asking
// twice is harmless. They are types, so that one cannot stand for another.
type (
	OrgID    string
	PersonID string
	PostID   string
)

var idForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// ValidID reports whether id has the one form of ids: a lower-case UUID.
func ValidID[ID ~string](id ID) bool { return idForm.MatchString(string(id)) }

// OwnID is an id that follows from its parts, so that whoever asks again asks for the
// same thing.
func OwnID(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, " ")))
	h[6], h[8] = 0x80|h[6]&0x0f, 0x80|h[8]&0x3f // a UUID of the version for that
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// An OrgKind is what an organisation is in the joint conference.
type OrgKind string

// The kinds of organisation. The conference and its office organise; they never
// inspect (议事协调机构不得作为检查主体): C3, 国办发〔2024〕54号.
const (
	OrgGovernment OrgKind = "government" // 人民政府
	OrgOffice     OrgKind = "office"     // 联席会议办公室
	OrgDepartment OrgKind = "department" // 成员单位
	OrgTeam       OrgKind = "team"       // 综合执法队伍: R39
	OrgOversight  OrgKind = "oversight"  // 监督机关: R139
)

var orgKinds = []OrgKind{OrgGovernment, OrgOffice, OrgDepartment, OrgTeam, OrgOversight}

// Text is the kind's Chinese name.
func (k OrgKind) Text() string {
	return map[OrgKind]string{
		OrgGovernment: "人民政府", OrgOffice: "联席会议办公室", OrgDepartment: "成员单位",
		OrgTeam: "综合执法队伍", OrgOversight: "监督机关",
	}[k]
}

// An Org (部门、单位) is a body that holds posts: a department, the conference
// office, the government, an oversight body. Bodies are renamed, merged and
// dissolved over the years; what they did stays theirs, and Into leads to
// whoever answers for it now: R141, 海政办发〔2020〕2号 附件2 三.
type Org struct {
	ID      OrgID
	Version int64
	Kind    OrgKind
	Region  string // GB/T 2260 code of the division it serves, such as 370687
	Code    string // short Latin code, unique in the region; part of plan numbers
	Name    string // full name today
	Short   string // the name people say
	From    workday.Date
	Until   workday.Date // first day it no longer exists; zero while it does
	Into    OrgID        // successor, if it was merged
	Names   []OrgName    // former names, oldest first
}

// An OrgName is a name an organisation had until a day.
type OrgName struct {
	Name, Short string
	Until       workday.Date // first day of the next name
}

var orgCodeForm = regexp.MustCompile(`^[a-z][a-z0-9]{1,11}$`)

// NewOrg returns an organisation founded on from, or what is wrong with it.
func NewOrg(id OrgID, kind OrgKind, region, code, name, short string, from workday.Date) (Org, error) {
	var ps Problems
	o := Org{ID: id, Kind: kind, Region: region, Code: code, From: from}
	if !ValidID(id) {
		ps = append(ps, ErrIdent.At("id"))
	}
	if !slices.Contains(orgKinds, kind) {
		ps = append(ps, ErrChoice.With("单位类型").At("kind"))
	}
	if len(region) != 6 || !digits(region) {
		ps = append(ps, ErrChoice.With("行政区划").At("region"))
	}
	if !orgCodeForm.MatchString(code) {
		ps = append(ps, ErrOrgCode.At("code"))
	}
	o.Name = Line(&ps, "name", "单位名称", name, 40)
	o.Short = Line(&ps, "short", "简称", short, 12)
	return o, ps.Err()
}

// Rename gives o a new name from day on and keeps the old one: R141.
func (o Org) Rename(name, short string, day workday.Date) (Org, error) {
	if err := o.standing(); err != nil {
		return o, err
	}
	var ps Problems
	old := OrgName{Name: o.Name, Short: o.Short, Until: day}
	name = Line(&ps, "name", "单位名称", name, 40)
	short = Line(&ps, "short", "简称", short, 12)
	if err := ps.Err(); err != nil {
		return o, err
	}
	o.Names = append(slices.Clone(o.Names), old)
	o.Name, o.Short = name, short
	return o, nil
}

// Merge ends o on day; into answers for what it did: R141.
func (o Org) Merge(into Org, day workday.Date) (Org, error) {
	if err := o.standing(); err != nil {
		return o, err
	}
	if err := into.standing(); err != nil {
		return o, err
	}
	if into.ID == o.ID || into.Region != o.Region {
		return o, ErrOrgSelf
	}
	if o.Inspects() && !into.Inspects() { // C3: else nobody could answer for its inspections
		return o, ErrMergeBody.With(into.Short)
	}
	o.Until, o.Into = day, into.ID
	return o, nil
}

func (o Org) standing() error {
	if !o.Until.IsZero() {
		return ErrOrgGone.With(o.Short, o.Until.String())
	}
	return nil
}

// NameOn is the name o had on day: documents keep the name of their time.
func (o Org) NameOn(day workday.Date) string {
	for _, n := range o.Names {
		if day.Before(n.Until) {
			return n.Name
		}
	}
	return o.Name
}

// Inspects reports whether o can be an inspecting body: C3.
func (o Org) Inspects() bool { return o.Kind == OrgDepartment || o.Kind == OrgTeam }

// A Person is somebody with a name. What they may do hangs on their posts.
type Person struct {
	ID      PersonID
	Version int64
	Name    string
}

// NewPerson returns a person, or what is wrong with it.
func NewPerson(id PersonID, name string) (Person, error) {
	var ps Problems
	if !ValidID(id) {
		ps = append(ps, ErrIdent.At("id"))
	}
	name = Line(&ps, "name", "姓名", name, 30)
	return Person{ID: id, Name: name}, ps.Err()
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}
