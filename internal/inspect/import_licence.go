package inspect

import (
	"strings"

	"suicha/internal/workday"
)

// licencesMost is how many licences a file can have: more than a county's
// department grants.
const licencesMost = 200_000

// licenceGap parts object, name and number where a licence is named. No licence has
// it in its name or number.
const licenceGap = "\u3000"

// A HeldLicence is a licence with the code and the name of the object that holds it.
type HeldLicence struct {
	Licence
	Code, Holder string
}

// LicenceCode tells licences of a region apart: by the code of the object, the name
// and the number.
func LicenceCode(object, name, number string) string {
	return object + licenceGap + name + licenceGap + number
}

// Named is the licence as lists of a batch name it.
func (l HeldLicence) Named() ImportNamed {
	return ImportNamed{Code: LicenceCode(l.Code, l.Name, l.Number), Name: l.Holder}
}

// Staged is the licence as the file of staged rows has it.
func (l HeldLicence) Staged() string {
	return strings.Join([]string{l.Code, l.Holder, l.Key(), l.Text()}, "\t")
}

// ParseHeldLicence reads what Staged wrote.
func ParseHeldLicence(version int64, text string) (l HeldLicence, err error) {
	cells := strings.SplitN(text, "\t", 4)
	if len(cells) != 4 || cells[0] == "" || cells[1] == "" {
		return l, errRowText
	}
	l.Code, l.Holder = cells[0], cells[1]
	l.Licence, err = ParseLicence(cells[2], version, cells[3])
	return l, err
}

// Bears reports whether marks and licences can be put on the object: it still is an
// object of its own.
func (o Object) Bears() bool { return o.Status != ObjectMerged && o.Status != ObjectWithdrawn }

// LicenceOf completes a row of the batch's file by the object that it names and by
// what is said for the whole file. R27, R31: the object must be in the library.
func (i Import) LicenceOf(l Licence, o Object) (HeldLicence, error) {
	l.No, l.Org, l.Source, l.Sourced = o.No, i.Org, i.Source, i.Sourced
	held := HeldLicence{l, o.Code, o.Name}
	if !o.Bears() {
		return held, ErrLicenceHolder.With(o.Status.Text()).At("code")
	}
	return held, nil
}

// OverlayLicence is the licence as the batch would have it: what the columns of the
// file say, the rest as it is. One that is in a file again is in force again. A
// department changes only what it said itself: R31.
func (i Import) OverlayLicence(old, row HeldLicence, has map[string]bool) (HeldLicence, error) {
	if old.Org != i.Org {
		return old, ErrLicenceForeign.At("number")
	}
	x := old
	if has["issued"] {
		x.Issued = row.Issued
	}
	if has["valid_to"] {
		x.ValidTo = row.ValidTo
	}
	if has["authority"] {
		x.Authority = row.Authority
	}
	x.Ended = false
	if x.Text() != old.Text() {
		x.Source, x.Sourced = i.Source, i.Sourced
	}
	return x, nil
}

// WouldEndLicence reports whether a whole file of a source that does not have the
// licence ends it: only one of that source and department.
func (i Import) WouldEndLicence(l Licence) bool {
	return i.Whole && !l.Ended && l.Org == i.Org && l.Source == i.Source
}

// Vanish notes that the licence's source no longer lists it. The batch, which the
// record names with its file, is the ground.
func (l Licence) Vanish(sourced workday.Date) Licence {
	l.Ended, l.Sourced = true, sourced
	return l
}

// Restore is the licence as it was before; one that is new since then is ended.
func (l Licence) Restore(before Licence) Licence {
	if before.No == 0 {
		l.Ended = true
		return l
	}
	before.Version = l.Version
	return before
}

// Describe returns the licence in words, in the order of files.
func (l Licence) Describe() []FieldChange {
	state, until := "有效", "长期"
	if l.Ended {
		state = "已注销"
	}
	if !l.ValidTo.IsZero() {
		until = l.ValidTo.String()
	}
	return []FieldChange{
		{Label: "许可证名称", After: l.Name}, {Label: "许可证编号", After: l.Number}, {Label: "发证日期", After: l.Issued.String()},
		{Label: "有效期至", After: until}, {Label: "发证机关", After: l.Authority}, {Label: "状态", After: state},
	}
}

// DiffLicence lists the fields that differ between two versions of a licence.
func DiffLicence(before, after Licence) []FieldChange {
	return changed(before.Describe(), after.Describe())
}
