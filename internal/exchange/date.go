package exchange

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"suicha/internal/workday"
)

// Years outside of these are slips of the hand, not dates of this work.
const (
	firstYear = 1850
	lastYear  = 2150
)

// forever are the ways to say 长期. 9999-09-09 is what national templates write.
var forever = map[string]bool{"长期": true, "长期有效": true, "永久": true, "无固定期限": true, "无期限": true, "9999-09-09": true, Forever: true}

// readDate returns the normal form of a day, or what is wrong with it.
func readDate(x cell, mayForever bool) (string, finding) {
	switch x.kind {
	case undatable:
		return "", wrong("date_serial", "这一格的日期序号“%s”不是有效的日期。请重新填写，例如 2020-05-06。", shown(x.text))
	case failed, boolean:
		return "", wrong("date_form", "“%s”不是日期。请填写成 2020-05-06 的样子。", shown(x.text))
	case numeric:
		if len(x.text) != 8 || strings.Trim(x.text, "0123456789") != "" {
			return "", wrong("date_number", "这一格是数字“%s”，没有设为日期格式，无法确定是哪一天。请改为 2020-05-06 的样子。", shown(x.text))
		}
	}
	text := x.text
	if !ordinary(text) {
		text, _ = clean(text, false)
	}
	if text == "" {
		return "", finding{}
	}
	if c := text[0]; (c >= utf8.RuneSelf || c == '9') && forever[strings.ReplaceAll(text, "/", "-")] {
		if mayForever {
			return Forever, finding{}
		}
		return "", wrong("date_forever", "这一列不能填“%s”。请填写具体日期，例如 2020-05-06。", shown(text))
	}
	year, month, day, note, ok := splitDate(text)
	if !ok {
		return "", wrong("date_form", "“%s”不是能够确定的日期。请填写成 2020-05-06 的样子。", shown(text))
	}
	if mayForever && year == 9999 {
		return Forever, finding{}
	}
	if year < firstYear || year > lastYear {
		return "", wrong("date_year", "“%s”的年份不合理。请核对后重新填写。", shown(text))
	}
	date, err := workday.New(year, time.Month(month), day)
	if err != nil {
		return "", wrong("date_impossible", "没有“%s”这一天。请核对后重新填写。", shown(text))
	}
	return date.String(), note
}

// splitDate reads 2020-05-06, 2020/5/6, 2020.5.6, 2020年5月6日 and 20200506, with
// or without a time after it. Forms whose order of day and month is open are
// not read, nor years of two digits. An instant with a zone is the day in China.
func splitDate(text string) (year, month, day int, note finding, ok bool) {
	if i := strings.IndexAny(text, "T "); i >= 8 {
		clock := strings.TrimSpace(text[i+1:])
		if !isClock(clock) {
			at, err := time.Parse(time.RFC3339, text[:i]+"T"+clock)
			if err != nil {
				return 0, 0, 0, finding{}, false
			}
			at = at.In(china)
			note = strange("date_zone", "带时区的时间已换算为北京时间的日期，请核对。")
			return at.Year(), int(at.Month()), at.Day(), note, true
		}
		text = text[:i]
	}
	if len(text) == 8 && strings.Trim(text, "0123456789") == "" {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	for _, signs := range [][3]string{{"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}} {
		y, rest, found := strings.Cut(text, signs[0])
		if !found {
			continue
		}
		m, d, found := strings.Cut(rest, signs[1])
		d = strings.TrimSpace(strings.TrimSuffix(d, signs[2]))
		y, m = strings.TrimSpace(y), strings.TrimSpace(m)
		if !found || len(y) != 4 {
			break
		}
		year, ok1 := few(y)
		month, ok2 := few(m)
		day, ok3 := few(d)
		return year, month, day, finding{}, ok1 && ok2 && ok3
	}
	return 0, 0, 0, finding{}, false
}

// few reads a number of one to four digits.
func few(text string) (int, bool) {
	if text == "" || len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// isClock reports whether text is a time of day without a zone.
func isClock(text string) bool {
	for _, form := range []string{"15:04:05", "15:04", "15:04:05.999999999"} {
		if _, err := time.Parse(form, text); err == nil {
			return true
		}
	}
	return false
}

// serialDate returns the day, and the time if there is one, that a spreadsheet
// shows for a number in a date format. Days count from 1900, in which system
// 1900 has a 29th of February that never was, or from 1904.
func serialDate(number string, from1904 bool) (string, bool) {
	serial, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(serial) || serial < 1 || serial >= 2_958_466 {
		return "", false
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch days := math.Floor(serial); {
	case from1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 60:
		return "", false
	case days < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	days, part := math.Modf(serial)
	at := epoch.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(part*86400)) * time.Second)
	if at.Year() > 9999 {
		return "", false
	}
	if part == 0 {
		return at.Format(time.DateOnly), true
	}
	return at.Format(time.DateTime), true
}
