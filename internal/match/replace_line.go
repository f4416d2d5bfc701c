package match

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// publicColumns are how many columns of a replacement are public: which seat changed,
// when, and no person.
const publicColumns = 7

// Text is the n-th replacement, from 1, as a line of replacements.tsv.
func (r Replacement) Text(n int) string {
	var passed []string
	for _, p := range r.Passed {
		passed = append(passed, p.Inspector+":"+p.Reason)
	}
	return fmt.Sprintf("%06d\t%s\t%06d\t%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s", n, r.Time, r.After, r.Kind, r.Object, r.Department, r.Line,
		r.Out, r.In, r.Leader, r.Ground, r.Evidence, r.Approver, joined(passed))
}

// parseReplacement reads the n-th line, and tells what is wrong with its form. Objects,
// departments and persons are those that the rule gives, or the line is refused for that.
func parseReplacement(n int, text string) (r Replacement, bad string) {
	f := strings.Split(text, "\t")
	if len(f) != 14 || !utf8.ValidString(text) {
		return r, "应有 14 列，以制表符分隔"
	}
	if r, bad = parseHead(n, f[:publicColumns]); bad != "" {
		return r, bad
	}
	r.Out, r.In, r.Leader, r.Ground, r.Evidence, r.Approver = f[7], f[8], f[9], f[10], f[11], f[12]
	if r.Kind == OfInspector && (!isReason(r.Ground) || r.Evidence != "-" && !isDigest(r.Evidence) || !isPerson(r.Approver)) {
		return r, "应写明事由代码、证明材料摘要（没有的写 -）和批准人"
	}
	if f[13] == "-" {
		return r, ""
	}
	for one := range strings.SplitSeq(f[13], ",") {
		id, reason, ok := strings.Cut(one, ":")
		if !ok || !isReason(reason) {
			return r, "每个未接替的人员都应写明原因代码"
		}
		r.Passed = append(r.Passed, Pass{id, reason})
	}
	return r, ""
}

// parseHead reads the columns that are public.
func parseHead(n int, f []string) (r Replacement, bad string) {
	after, ok := six(f[2])
	number, good := six(f[0])
	_, err := time.Parse(instant, f[1])
	switch {
	case !good || number != n:
		return r, fmt.Sprintf("序号应为 %06d", n)
	case err != nil || len(f[1]) != len(instant):
		return r, "时间应写成协调世界时，如 " + instant
	case !ok:
		return r, "递补的序号应为六位数字"
	case f[3] != OfInspector && f[3] != OfObject:
		return r, "第 4 列应为 inspector 或 object"
	case len(f[6]) != 1 || f[6] < "1" || f[6] > "9":
		return r, "行号应为 1 至 9"
	}
	return Replacement{Time: f[1], After: after, Kind: f[3], Object: f[4], Department: f[5], Line: int(f[6][0] - '0')}, ""
}

const instant = "2006-01-02T15:04:05Z"

func six(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && len(s) == 6 && strings.Trim(s, "0123456789") == ""
}

// isReason tells whether s is a code of 1 to 16 characters.
func isReason(s string) bool {
	return s != "" && s != "-" && len(s) <= 16 && strings.IndexFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '.' && r != '_' && r != '-'
	}) < 0
}

func isDigest(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }

// isPerson tells whether s can be somebody's name: 1 to 60 characters, none of them a
// control character.
func isPerson(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 1 && n <= 60 && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7F && r < 0xA0 || r == 0xFEFF }) < 0
}

// Published is what is public of replacements.tsv: which seat changed, when.
func Published(replacements []byte) []byte {
	var b []byte
	for line := range strings.Lines(string(replacements)) {
		f := strings.Split(line, "\t")
		b = appendRow(b, f[:min(publicColumns, len(f))]...)
	}
	return b
}

// CheckPublished checks replacements.public.tsv: the form, and that each seat is one of
// an object that is on the list then, and of a department of its tasks.
func CheckPublished(data []byte, tasks []Task, drawn []Drawn, moves []Move) error {
	on := map[string][]string{}
	for _, o := range drawn {
		on[o.Object] = slices.Clone(o.Tasks)
	}
	last, done := "", 0
	return eachReplacement(PublicReplacements, data, func(n int, text string) string {
		f := strings.Split(text, "\t")
		if len(f) != publicColumns || !utf8.ValidString(text) {
			return "应有 7 列，以制表符分隔"
		}
		r, bad := parseHead(n, f)
		switch {
		case bad != "":
			return bad
		case r.Time < last:
			return "时间应不早于上一行"
		case r.After < done || r.After > len(moves):
			return "递补的序号与 substitutions.tsv 不符"
		}
		for last = r.Time; done < r.After; done++ {
			m := moves[done]
			on[m.Out] = without(on[m.Out], m.Task)
			if m.In != "-" {
				on[m.In] = append(on[m.In], m.Task)
			}
		}
		if !slices.ContainsFunc(tasks, func(t Task) bool {
			return slices.Contains(on[r.Object], t.Code) && slices.Contains(t.Departments, r.Department)
		}) {
			return "检查对象此时不在名单上，或者部门不是其任务的部门"
		}
		return ""
	})
}
