package inspect

import (
	"slices"
	"strings"

	"suicha/internal/workday"
)

// FillInspector completes a row of the batch's file by what is said for the whole
// file.
func (i Import) FillInspector(x Inspector) Inspector {
	x.Region, x.Org, x.Source, x.Sourced = i.Region, i.Org, i.Source, i.Sourced
	return x
}

// OverlayInspector is the library's inspector as the batch would have it: what
// the columns of the file say, the rest as it is. Certificates that the file does
// not name stay: a file shows one of each kind. Who is in a file again is back. It
// is the inspector itself if the file says nothing new: R29, R38.
func (i Import) OverlayInspector(old, row Inspector, has map[string]bool) (Inspector, error) {
	x := old
	x.Region, x.Org, x.Code, x.Name, x.Category = row.Region, row.Org, row.Code, row.Name, row.Category
	if has["gender"] {
		x.Gender = row.Gender
	}
	if has["duty_from"] {
		x.DutyFrom = row.DutyFrom
	}
	texts := row.optional()
	for k, f := range x.optional() {
		if has[f.field] {
			*f.text = *texts[k].text
		}
	}
	lists := row.lists()
	for k, l := range x.lists() {
		if has[l.field] {
			*l.list = *lists[k].list
		}
	}
	for _, c := range row.Certificates {
		was := ""
		if at := slices.IndexFunc(x.Certificates, func(o Certificate) bool { return o.Number == c.Number }); at >= 0 {
			was = c.Number
			if !has[string(c.Kind)+"_authority"] {
				c.Authority = x.Certificates[at].Authority
			}
			if !has[string(c.Kind)+"_from"] {
				c.From = x.Certificates[at].From
			}
		}
		var err error
		if x, err = x.Certify(c, was); err != nil {
			return old, err
		}
	}
	x.Ended = workday.Date{}
	if x.Text() != old.Text() {
		x.Source, x.Sourced = i.Source, i.Sourced
	}
	return x, nil
}

// WouldEnd reports whether a whole file of a source that does not have the person
// takes them out of the library: only a row of that source and department.
func (i Import) WouldEnd(x Inspector) bool {
	return i.Whole && x.Ended.IsZero() && x.Org == i.Org && x.Region == i.Region && x.Source == i.Source
}

// Vanish notes that the person's source no longer lists them: they have left. The
// batch, which the record names with its file, is the ground.
func (i Inspector) Vanish(sourced workday.Date) Inspector {
	i.Ended, i.Sourced = sourced, sourced
	return i
}

// Restore is the inspector as they were before; one who is new since then leaves
// the library on day.
func (i Inspector) Restore(before Inspector, day workday.Date) Inspector {
	if before.No == 0 {
		i.Ended = day
		return i
	}
	before.Version = i.Version
	return before
}

// UnfitInspectors returns, by code, why rows of a department cannot be written as
// the record stands: what the single acts ask of it, too. Library is everybody of
// the region. Who leaves may always do so.
func UnfitInspectors(rows, library []Inspector, facts Facts) map[string]error {
	type claim struct {
		org  OrgID
		code string
		name string
	}
	claims := map[string][]claim{}
	claimed := func(all []Inspector) {
		for _, x := range all {
			for _, c := range x.Certificates {
				claims[c.Number] = append(claims[c.Number], claim{x.Org, x.Code, x.Name})
			}
		}
	}
	claimed(library)
	claimed(rows)
	unfit := map[string]error{}
	for _, x := range rows {
		if !x.Ended.IsZero() {
			continue
		}
		if err := x.Known(facts); err != nil {
			unfit[x.Code] = err
			continue
		}
		for _, c := range x.Certificates {
			at := slices.IndexFunc(claims[c.Number], func(o claim) bool { return o.org != x.Org || o.code != x.Code })
			if at >= 0 {
				unfit[x.Code] = ErrCertificateTaken.With(c.Number, claims[c.Number][at].name).At(string(c.Kind) + "_number")
			}
		}
	}
	return unfit
}

// Describe returns the inspector in words, in the order of files. Areas are the
// names of towns by code.
func (i Inspector) Describe(areas map[string]string) []FieldChange {
	var towns, papers []string
	for _, code := range i.Areas {
		towns = append(towns, areas[code])
	}
	for _, c := range i.Certificates {
		papers = append(papers, c.Kind.Text()+" "+c.Number+" "+c.Authority+" "+c.From.String()+"—"+c.Until.String())
	}
	return []FieldChange{
		{Label: "单位工号", After: i.Code}, {Label: "姓名", After: i.Name}, {Label: "性别", After: ChoiceText(Genders, i.Gender)},
		{Label: "人员类别", After: i.Category.Text()}, {Label: "科室", After: i.Division}, {Label: "职务", After: i.Position},
		{Label: "手机号", After: i.Phone}, {Label: "岗位大类", After: i.Duty}, {Label: "从事本岗起始日期", After: i.DutyFrom.String()},
		{Label: "最高学历", After: i.Education}, {Label: "专业", After: i.Major}, {Label: "技术职称", After: i.Title},
		{Label: "岗位资质资格", After: strings.Join(i.Quals, "、")}, {Label: "执法事项范围", After: strings.Join(i.Items, "、")},
		{Label: "检查单位范围", After: strings.Join(i.Units, "、")}, {Label: "检查区域范围", After: strings.Join(towns, "、")},
		{Label: "执法证", After: strings.Join(papers, "；")}, {Label: "移出日期", After: i.Ended.String()},
	}
}

// DiffInspector lists the fields that differ between two versions of an inspector.
func DiffInspector(before, after Inspector, areas map[string]string) []FieldChange {
	return changed(before.Describe(areas), after.Describe(areas))
}
