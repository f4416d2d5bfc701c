package workday

import (
	"fmt"
	"strings"
)

// A Fault is the reason why an arrangement of days off is refused.
type Fault struct {
	Line int // in the text that was read, 0 if it came from none
	Kind FaultKind
	Date Date // the day at fault, if one is
}

// FaultKind names a fault for programs; Text says it to people.
type FaultKind string

const (
	BadLine    FaultKind = "line"
	NoYear     FaultKind = "no-year"
	BadYear    FaultKind = "year"
	BadNotice  FaultKind = "notice"
	OtherYear  FaultKind = "other-year"
	BadMake    FaultKind = "make"
	NotWeekend FaultKind = "not-weekend"
	BadName    FaultKind = "name"
	Twice      FaultKind = "twice"
	Missing    FaultKind = "missing"
	TooLong    FaultKind = "too-long"
)

var faultTexts = map[FaultKind]string{
	BadLine:    "这一行不是“日期 休或班 节日名称”，请按样例逐行填写。",
	NoYear:     "没有写明年份，请在第一行填写年份和通知文号。",
	BadYear:    "年份应在2000年至2099年之间，请核对年份。",
	BadNotice:  "没有写明通知文号，请在年份后填写国务院办公厅通知的文号。",
	OtherYear:  "%s不属于本安排的年份，请核对日期。",
	BadMake:    "%s应注明“休”或“班”，请改正后重新上传。",
	NotWeekend: "%s不是周六或周日，不需要注明“班”，请核对日期。",
	BadName:    "%s缺少节日名称或名称过长，请填写不超过20个字的节日名称。",
	Twice:      "%s重复出现，请只保留一行。",
	Missing:    "%s是法定节假日，但安排中没有列为放假，请对照通知补全。",
	TooLong:    "内容超过5000行，请只上传需要的年份。",
}

// Text returns one Chinese sentence that says what is wrong and what to do.
func (f Fault) Text() string {
	text := strings.ReplaceAll(faultTexts[f.Kind], "%s", f.Date.Full())
	if f.Line > 0 {
		return fmt.Sprintf("第%d行：%s", f.Line, text)
	}
	return text
}

// Error describes f for logs.
func (f Fault) Error() string {
	return fmt.Sprintf("workday: arrangement refused: %s at line %d, day %q", f.Kind, f.Line, f.Date)
}

func (f *Fault) at(line int) Fault {
	f.Line = line
	return *f
}
