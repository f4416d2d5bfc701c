package inspect

import (
	"fmt"
	"strconv"
	"strings"

	"suicha/internal/workday"
)

// A Licence (许可证) is one that an object holds, with the department that says
// so: R27, R31.
type Licence struct {
	No        ObjectNo
	Name      string // 许可证名称
	Number    string // 许可证编号
	Version   int64
	Issued    workday.Date
	ValidTo   workday.Date // the last day; zero if it has none
	Authority string       // 发证机关
	Org       OrgID
	Ended     bool         // given back, withdrawn or cancelled
	Source    string       // of the file that brought it; empty if a person registered it
	Sourced   workday.Date // as of when
}

// Tidy brings a licence into its one form, or says what is wrong with it.
func (l Licence) Tidy(today workday.Date) (Licence, error) {
	var ps Problems
	l.Name = Line(&ps, "name", "许可证名称", strings.ReplaceAll(l.Name, licenceGap, " "), 60)
	l.Number = Line(&ps, "number", "许可证编号", strings.ReplaceAll(l.Number, licenceGap, " "), 60)
	l.Authority = short(&ps, "authority", "发证机关", l.Authority, 100)
	if l.Issued.After(today) {
		ps = append(ps, ErrFuture.With("发证日期").At("issued"))
	}
	if !l.Issued.IsZero() && !l.ValidTo.IsZero() && l.ValidTo.Before(l.Issued) {
		ps = append(ps, ErrLicenceDays.At("valid_to"))
	}
	return l, ps.Err()
}

// End notes that the licence is no more: given back, withdrawn or cancelled.
func (l Licence) End(reason string) (Licence, error) {
	if l.Ended {
		return l, ErrStep.With(LicenceEnd.Text())
	}
	var ps Problems
	Paragraph(&ps, "reason", "注销理由", reason, 500)
	l.Ended = true
	return l, ps.Err()
}

// Revive notes that the licence is in force after all.
func (l Licence) Revive(reason string) (Licence, error) {
	if !l.Ended {
		return l, ErrStep.With(LicenceRevive.Text())
	}
	var ps Problems
	Paragraph(&ps, "reason", "恢复理由", reason, 500)
	l.Ended = false
	return l, ps.Err()
}

// Valid reports whether the licence can be relied on at a day.
func (l Licence) Valid(day workday.Date) bool {
	return !l.Ended && !l.Issued.After(day) && (l.ValidTo.IsZero() || !l.ValidTo.Before(day))
}

// Key names the licence among the rows of the libraries.
func (l Licence) Key() string { return fmt.Sprintf("%d/%q/%q", l.No, l.Name, l.Number) }

// Text is the rest of the licence as one line of fields parted by tabs. Where it
// comes from is there only if a file brought it: so it is with licences that were
// written before there were such files.
func (l Licence) Text() string {
	cells := []string{dayText(l.Issued), dayText(l.ValidTo), l.Authority, string(l.Org), strconv.FormatBool(l.Ended)}
	if l.Source != "" || !l.Sourced.IsZero() {
		cells = append(cells, l.Source, dayText(l.Sourced))
	}
	return strings.Join(cells, "\t")
}

// ParseLicence reads what Key and Text wrote.
func ParseLicence(key string, version int64, text string) (Licence, error) {
	l := Licence{Version: version}
	if _, err := fmt.Sscanf(key, "%d/%q/%q", &l.No, &l.Name, &l.Number); err != nil {
		return l, fmt.Errorf("%w: %w", errRowText, err)
	}
	cells := strings.Split(text, "\t")
	if len(cells) != 5 && len(cells) != 7 {
		return l, errRowText
	}
	l.Authority, l.Org, l.Ended = cells[2], OrgID(cells[3]), cells[4] == "true"
	var err error
	if l.Issued, err = dayOf(cells[0]); err == nil {
		l.ValidTo, err = dayOf(cells[1])
	}
	if err == nil && len(cells) == 7 {
		l.Source = cells[5]
		l.Sourced, err = dayOf(cells[6])
	}
	if err == nil && (l.Key() != key || l.Text() != text) {
		err = errRowText
	}
	return l, err
}
