package inspect

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"suicha/internal/workday"
)

// A ResultCode (检查结果类别) is what came of one item, in a code of our own. Three
// generations of names are in use outside: C14.
type ResultCode string

// The codes.
const (
	NoProblem          ResultCode = "no_problem"
	DisclosureMissing  ResultCode = "disclosure_missing"
	DisclosureFalse    ResultCode = "disclosure_false"
	Unreachable        ResultCode = "unreachable_at_registered_address"
	OrderedToCorrect   ResultCode = "problem_ordered_to_correct"
	ProblemPending     ResultCode = "problem_pending"
	NonCooperation     ResultCode = "non_cooperation_serious"
	ActivityNotFound   ResultCode = "activity_not_found"
	ClosedOrLiquidated ResultCode = "closed_or_liquidating"
	Deregistered       ResultCode = "deregistered"
	LicenceRevoked     ResultCode = "revoked"
	Rescinded          ResultCode = "rescinded"
	MovedOut           ResultCode = "moved_out"
	Unqualified        ResultCode = "unqualified"
	OtherResult        ResultCode = "other"
)

// ResultCodes lists the codes in the order of the form, in the names of today.
var ResultCodes = []Choice{
	{string(NoProblem), "未发现问题"}, {string(DisclosureMissing), "未按规定公示应当公示的信息"}, {string(DisclosureFalse), "公示信息隐瞒真实情况、弄虚作假"},
	{string(OrderedToCorrect), "发现问题，依法责令立即改正或者限期改正"}, {string(ProblemPending), "发现问题，待后续调查处理"}, {string(Unqualified), "不合格"},
	{string(ActivityNotFound), "未发现开展本次抽查涉及的经营活动"}, {string(ClosedOrLiquidated), "已关闭停业或正在组织清算"},
	{string(Deregistered), "注销"}, {string(LicenceRevoked), "被吊销"}, {string(Rescinded), "被撤销"}, {string(MovedOut), "迁出"},
	{string(Unreachable), "通过登记的住所（经营场所）无法联系"}, {string(NonCooperation), "不予配合检查情节严重"}, {string(OtherResult), "其它情况"},
}

// Text is the name of the code today.
func (c ResultCode) Text() string { return ChoiceText(ResultCodes, string(c)) }

// Known reports whether there is such a code.
func (c ResultCode) Known() bool {
	return slices.ContainsFunc(ResultCodes, func(x Choice) bool { return x.Value == string(c) })
}

// Negative reports whether the result speaks against the object.
func (c ResultCode) Negative() bool {
	switch c {
	case DisclosureMissing, DisclosureFalse, Unreachable, OrderedToCorrect, ProblemPending, NonCooperation, Unqualified, OtherResult:
		return true
	}
	return false
}

// Repairable reports whether the object may apply for the repair (信用修复) of the
// result: the six kinds that were named for it in 2025.
func (c ResultCode) Repairable() bool {
	return c.Negative() && c != DisclosureFalse && c != NonCooperation
}

// BySpecial reports whether the result only comes on a path without checklists: R100,
// 海政办发〔2020〕2号 二(六).
func (c ResultCode) BySpecial() bool { return c == Unreachable || c == NonCooperation }

// Corrigible reports whether the result says whether it has been corrected.
func (c ResultCode) Corrigible() bool { return c == OrderedToCorrect }

// A ResultName is how a target of publication calls a result in a period.
type ResultName struct {
	Target    string // gsxt: 国家企业信用信息公示系统
	From      workday.Date
	Until     workday.Date // last day; zero is the present period
	Code      ResultCode
	Corrected string // yes, no, or - for both
	Number    string // the target's own code, if it has any
	Name      string
}

//go:embed result_code.tsv
var resultNamesText string

var resultNames = must(ReadResultNames(resultNamesText))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// ResultNames returns the names of all targets and periods.
func ResultNames() []ResultName { return slices.Clone(resultNames) }

// ReadResultNames reads a table of names: target, first and last day, code, whether
// corrected, number and name, with a tab between. Lines that begin with # say something.
func ReadResultNames(text string) (names []ResultName, _ error) {
	for i, line := range strings.Split(text, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		n, err := readResultName(line)
		if err != nil {
			return nil, fmt.Errorf("line %d of the names of results: %w", i+1, err)
		}
		names = append(names, n)
	}
	return names, nil
}

func readResultName(line string) (n ResultName, err error) {
	f := strings.Split(line, "\t")
	if len(f) != 7 || f[0] == "" || f[6] == "" || !slices.Contains([]string{"yes", "no", "-"}, f[4]) || !ResultCode(f[3]).Known() {
		return n, fmt.Errorf("%q is no line of seven fields", line)
	}
	n = ResultName{Target: f[0], Code: ResultCode(f[3]), Corrected: f[4], Number: f[5], Name: f[6]}
	if n.From, err = workday.Parse(f[1]); err == nil && f[2] != "-" {
		n.Until, err = workday.Parse(f[2])
	}
	return n, err
}

// holds reports whether the name was in use on a day.
func (n ResultName) holds(target string, on workday.Date) bool {
	return n.Target == target && !on.Before(n.From) && (n.Until.IsZero() || !on.After(n.Until))
}

// ResultNameOf is how a target calls a result on a day: C14. It is false if the target
// has no name for it then.
func ResultNameOf(target string, on workday.Date, code ResultCode, corrected bool) (ResultName, bool) {
	said := "no"
	if corrected {
		said = "yes"
	}
	i := slices.IndexFunc(resultNames, func(n ResultName) bool {
		return n.holds(target, on) && n.Code == code && (n.Corrected == "-" || n.Corrected == said)
	})
	if i < 0 {
		return ResultName{}, false
	}
	return resultNames[i], true
}

// ResultCodesOf are the codes that a target's number or name stood for on a day. There
// are several where the target did not tell them apart.
func ResultCodesOf(target string, on workday.Date, said string) (codes []ResultCode) {
	for _, n := range resultNames {
		if n.holds(target, on) && said != "" && (n.Number == said || n.Name == said) && !slices.Contains(codes, n.Code) {
			codes = append(codes, n.Code)
		}
	}
	return codes
}
