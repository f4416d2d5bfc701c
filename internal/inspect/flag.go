package inspect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/workday"
)

// A FlagKind (标记) is why an object is inspected more often, or less.
type FlagKind string

// The kinds of flags: R53, 海政办发〔2020〕2号 二(四), and the white list of later
// practice.
const (
	FlagComplaints FlagKind = "complaints"
	FlagAbnormal   FlagKind = "abnormal"
	FlagSerious    FlagKind = "serious"
	FlagWatch      FlagKind = "watch"
	FlagWhite      FlagKind = "white"
)

// FlagKinds lists the flags in the order of the form.
var FlagKinds = []Choice{
	{string(FlagComplaints), "投诉举报多"}, {string(FlagAbnormal), "经营异常名录"}, {string(FlagSerious), "严重违法失信"},
	{string(FlagWatch), "重点关注"}, {string(FlagWhite), "白名单"},
}

// Text is the flag in Chinese.
func (k FlagKind) Text() string { return ChoiceText(FlagKinds, string(k)) }

// A Flag is one mark on one object, with its source and its days: R53. The
// department that put it there ends it.
type Flag struct {
	No      ObjectNo
	Kind    FlagKind
	Since   workday.Date
	Version int64
	Until   workday.Date // the last day; zero if it has none
	Source  string
	Note    string // the ground
	Org     OrgID
}

// Tidy brings a flag into its one form, or says what is wrong with it. A white
// list is not for ever: it needs a ground and a day of exit.
func (f Flag) Tidy(today workday.Date) (Flag, error) {
	var ps Problems
	chosen(&ps, FlagKinds, "kind", "标记", string(f.Kind))
	f.Source = Line(&ps, "source", "标记来源", f.Source, 60)
	f.Note = short(&ps, "note", "标记理由", f.Note, objectTextMost)
	switch {
	case f.Since.IsZero():
		ps = append(ps, ErrEmpty.With("列入日期").At("since"))
	case f.Since.After(today):
		ps = append(ps, ErrFuture.With("列入日期").At("since"))
	case !f.Until.IsZero() && f.Until.Before(f.Since):
		ps = append(ps, ErrFlagDays.At("until"))
	}
	if f.Kind == FlagWhite && f.Note == "" && !slices.ContainsFunc(ps, func(p Problem) bool { return p.Field == "note" }) {
		ps = append(ps, ErrEmpty.With("列入白名单的理由").At("note"))
	}
	if f.Kind == FlagWhite && f.Until.IsZero() {
		ps = append(ps, ErrEmpty.With("白名单退出日期").At("until"))
	}
	return f, ps.Err()
}

// End takes the flag off the object after a day.
func (f Flag) End(until workday.Date, reason string, today workday.Date) (Flag, error) {
	if !f.Until.IsZero() && f.Until.Before(today) {
		return f, ErrStep.With(FlagEnd.Text())
	}
	var ps Problems
	Paragraph(&ps, "reason", "移出理由", reason, 500)
	switch {
	case until.IsZero():
		ps = append(ps, ErrEmpty.With("移出日期").At("until"))
	case until.After(today):
		ps = append(ps, ErrFuture.With("移出日期").At("until"))
	case until.Before(f.Since):
		ps = append(ps, ErrFlagDays.At("until"))
	}
	f.Until = until
	return f, ps.Err()
}

// On reports whether the object bears the flag on a day.
func (f Flag) On(day workday.Date) bool {
	return !f.Since.After(day) && (f.Until.IsZero() || !f.Until.Before(day))
}

// Key names the flag among the rows of the libraries.
func (f Flag) Key() string { return fmt.Sprintf("%d/%s/%s", f.No, f.Kind, f.Since) }

// Text is the rest of the flag as one line of fields parted by tabs.
func (f Flag) Text() string {
	return strings.Join([]string{dayText(f.Until), f.Source, f.Note, string(f.Org)}, "\t")
}

func dayText(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// dayOf reads what dayText wrote.
func dayOf(text string) (workday.Date, error) {
	if text == "" {
		return workday.Date{}, nil
	}
	return workday.Parse(text)
}

var errRowText = fmt.Errorf("the text is not that of such a row")

// ParseFlag reads what Key and Text wrote.
func ParseFlag(key string, version int64, text string) (Flag, error) {
	f := Flag{Version: version}
	of, cells := strings.Split(key, "/"), strings.Split(text, "\t")
	if len(of) != 3 || len(cells) != 4 {
		return f, errRowText
	}
	no, err := strconv.ParseInt(of[0], 10, 64)
	f.No, f.Kind, f.Source, f.Note, f.Org = ObjectNo(no), FlagKind(of[1]), cells[1], cells[2], OrgID(cells[3])
	if err == nil {
		f.Since, err = workday.Parse(of[2])
	}
	if err == nil {
		f.Until, err = dayOf(cells[0])
	}
	if err == nil && (f.Key() != key || f.Text() != text) {
		err = errRowText
	}
	return f, err
}
