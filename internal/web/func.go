package web

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"suicha/internal/inspect"
)

// funcs are all functions that templates may call. They have no side effects and
// decide nothing; components are templates, not functions.
var funcs = template.FuncMap{
	"asset":   AssetPath,
	"sprite":  spritePath,
	"day":     day,
	"date":    date,
	"stamp":   stamp,
	"num":     num,
	"uscc":    usccGroups,
	"short":   short,
	"act":     actPath,
	"query":   query,
	"label":   func(text string, f Field) Field { f.Label = text; return f },
	"hint":    func(text string, f Field) Field { f.Hint = text; return f },
	"need":    func(f Field) Field { f.Need = true; return f },
	"most":    func(n int, f Field) Field { f.Most = n; return f },
	"options": func(o []Option, f Field) Field { f.Options = o; return f },
}

// china is the zone all times are shown in. China has had one zone and no
// summer time since 1991, so no zone data is needed.
var china = time.FixedZone("CST", 8*60*60)

// dated is a moment or a date of the law, which prints itself as 2026-11-24.
func dated(v any) (time.Time, bool, error) {
	switch v := v.(type) {
	case time.Time:
		return v.In(china), !v.IsZero(), nil
	case interface {
		String() string
		IsZero() bool
	}:
		if v.IsZero() {
			return time.Time{}, false, nil
		}
		t, err := time.ParseInLocation(time.DateOnly, v.String(), china)
		return t, true, err
	}
	return time.Time{}, false, fmt.Errorf("%T is not a date", v)
}

func dateAs(v any, layout func(time.Time) string) (string, error) {
	t, set, err := dated(v)
	if err != nil || !set {
		return "—", err
	}
	return layout(t), nil
}

// day writes 11月24日（周二）, as in sentences and deadlines.
func day(v any) (string, error) {
	return dateAs(v, func(t time.Time) string {
		return fmt.Sprintf("%d月%d日（周%c）", t.Month(), t.Day(), []rune("日一二三四五六")[t.Weekday()])
	})
}

// date writes 2026-11-24, as in tables.
func date(v any) (string, error) {
	return dateAs(v, func(t time.Time) string { return t.Format(time.DateOnly) })
}

// stamp writes 2026-11-24 9:05, a moment in China.
func stamp(v any) (string, error) {
	return dateAs(v, func(t time.Time) string { return t.Format(stampForm) })
}

// Stamp writes 2026-11-24 09:05, a moment in China, for texts that templates do
// not make.
func Stamp(at time.Time) string { return at.In(china).Format(stampForm) }

const stampForm = "2006-01-02 15:04"

// num writes an integer with thousands commas.
func num(v any) (string, error) {
	switch v.(type) {
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return commas(fmt.Sprint(v)), nil
	}
	return "", fmt.Errorf("%T is not an integer", v)
}

// Thousands writes a count with commas, for texts that templates do not make.
func Thousands(n int64) string { return commas(fmt.Sprint(n)) }

func commas(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// usccGroups writes a unified social credit code in groups, as it is read:
// 9237 0687 MA3W 7K2P 4E. Other codes stay as they are.
func usccGroups(code string) string {
	if len(code) != 18 {
		return code
	}
	return code[:4] + " " + code[4:8] + " " + code[8:12] + " " + code[12:16] + " " + code[16:]
}

// short is the first and last eight characters of a digest.
func short(digest string) string {
	if len(digest) <= 20 {
		return digest
	}
	return digest[:8] + " … " + digest[len(digest)-8:]
}

// actPath is where the form of an act is sent.
func actPath(verb inspect.Verb) string { return "/act/" + string(verb) }

// query returns path with the parameters given as name, value, name, value…; an
// empty value takes the parameter away. A list that is filtered or sorted anew
// starts at its beginning, so the paging key goes.
func query(path string, pairs ...string) (string, error) {
	if len(pairs)%2 != 0 {
		return "", fmt.Errorf("query of %s: a name without a value", path)
	}
	u, err := url.Parse(path)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Del("after")
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
