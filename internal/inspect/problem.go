package inspect

import (
	"errors"
	"fmt"
)

// A Kind says whose turn it is after a failure, and so which status an answer
// carries.
type Kind int

// The kinds of failure. The zero Kind is a fault of ours, never shown in detail.
const (
	Internal Kind = iota
	Invalid       // the input is wrong: mend the field (422)
	Denied        // this post may not do this (403)
	Missing       // there is no such thing for this reader (404)
	Refused       // the rules forbid it now (409)
	Stale         // someone else changed the thing first (409)
	StepUp        // the second factor has to be shown again (403)
)

// A Problem is a failure that the user is told about. All problems are declared
// in this file: one list that a supervisor can proof-read.
type Problem struct {
	Kind  Kind
	Code  string // stable: the API's "code"
	Text  string // Chinese, with verbs for Args; says what to do next
	Field string // the form field at fault, if one is
	Args  []any
}

// Error returns the sentence the user reads.
func (p Problem) Error() string {
	if len(p.Args) == 0 {
		return p.Text
	}
	return fmt.Sprintf(p.Text, p.Args...)
}

// Is reports whether target is the same declared problem, whatever its field
// and arguments.
func (p Problem) Is(target error) bool {
	var other Problem
	return errors.As(target, &other) && other.Code == p.Code
}

// With returns p with args in its text.
func (p Problem) With(args ...any) Problem { p.Args = args; return p }

// At returns p pointing at a form field.
func (p Problem) At(field string) Problem { p.Field = field; return p }

// Problems are several failures found at once, such as the faulty fields of one
// form. It is never empty when returned as an error.
type Problems []Problem

// Error returns the first sentence and how many there are.
func (ps Problems) Error() string {
	if len(ps) == 1 {
		return ps[0].Error()
	}
	return fmt.Sprintf("共 %d 处需要修改：%s", len(ps), ps[0].Error())
}

// Unwrap lets errors.Is and errors.As find each problem.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// Err returns ps as an error, or nil if there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Problems of any act.
var (
	ErrDenied    = Problem{Kind: Denied, Code: "denied", Text: "您的岗位不能办理“%s”。请由有此权限的岗位办理，或联系本单位管理员。"}
	ErrMissing   = Problem{Kind: Missing, Code: "missing", Text: "没有找到您要的内容，可能已被移走，或者不在您的权限范围内。请返回列表重新选择。"}
	ErrStale     = Problem{Kind: Stale, Code: "stale", Text: "您打开页面之后，他人已经修改了这条记录。您填写的内容已保留，请核对最新内容后再办理。"}
	ErrStep      = Problem{Kind: Refused, Code: "step", Text: "当前状态不能办理“%s”。请刷新页面，查看目前可以办理的事项。"}
	ErrOwnWork   = Problem{Kind: Refused, Code: "own_work", Text: "不能审批本人编制或者报审的内容，换用其他岗位也不行。请由另一位负责人审批。"}
	ErrStepUp    = Problem{Kind: StepUp, Code: "step_up", Text: "这是重要操作，请先再次验证身份，您填写的内容会保留。"}
	ErrOpinion   = Problem{Kind: Invalid, Code: "opinion", Field: "opinion", Text: "请填写意见，说明同意的依据或者退回的理由。"}
	ErrReason    = Problem{Kind: Invalid, Code: "reason", Field: "reason", Text: "请填写理由。"}
	ErrRequest   = Problem{Kind: Invalid, Code: "request", Field: "request", Text: "请求编号无效。请刷新页面后重新提交。"}
	ErrReplayed  = Problem{Kind: Refused, Code: "replayed", Text: "这个请求编号已经用于另一项操作。请刷新页面后重新提交。"}
	ErrHalted    = Problem{Kind: Refused, Code: "halted", Text: "存证日志与见证机构见过的不一致，可能是恢复了旧的备份，已停止办理。请联系系统管理员核查。"}
	ErrIdent     = Problem{Kind: Invalid, Code: "ident", Text: "编号格式不对。请从页面重新进入后再办理。"}
	ErrTaken     = Problem{Kind: Refused, Code: "taken", Text: "这个编号已被使用。请刷新页面后重新提交。"}
	ErrConfirm   = Problem{Kind: Invalid, Code: "confirm", Field: "confirm", Text: "输入的编号与 %s 不一致。请照样输入以确认。"}
	ErrNotFinite = Problem{Kind: Refused, Code: "too_many", Text: "内容太多，最多 %d 项。请分批办理。"}
)

// Problems of form fields.
var (
	ErrEmpty   = Problem{Kind: Invalid, Code: "empty", Text: "请填写%s。"}
	ErrLong    = Problem{Kind: Invalid, Code: "long", Text: "%s太长，最多 %d 个字，现在是 %d 个字。请精简。"}
	ErrControl = Problem{Kind: Invalid, Code: "control", Text: "%s中有看不见的控制字符。请删去后重新输入。"}
	ErrChoice  = Problem{Kind: Invalid, Code: "choice", Text: "%s的选项无效。请从列表中重新选择。"}
	ErrClasses = Problem{Kind: Invalid, Code: "classes", Text: "各风险类别户数之和不得超过分库户数。请核对后修改。"}
	ErrRange   = Problem{Kind: Invalid, Code: "range", Text: "%s应在 %d 到 %d 之间。请修改。"}
	ErrUnknown = Problem{Kind: Invalid, Code: "unknown_field", Text: "表单中有无法识别的内容“%s”。请刷新页面后重新填写。"}
	ErrTwice   = Problem{Kind: Invalid, Code: "twice", Text: "“%s”重复提交了多次。请只填写一次。"}
	ErrForm    = Problem{Kind: Invalid, Code: "form", Text: "提交的内容无法识别。请刷新页面后重新填写。"}
)

// Problems of organisations, persons and posts.
var (
	ErrOrgGone      = Problem{Kind: Refused, Code: "org_gone", Text: "%s已于 %s 撤并。请选择承接其职责的部门。"}
	ErrOrgSelf      = Problem{Kind: Invalid, Code: "org_self", Field: "into", Text: "不能并入本部门。请选择另一个部门。"}
	ErrMergeBody    = Problem{Kind: Invalid, Code: "merge_inspects", Field: "into", Text: "%s不能作为检查主体，检查主体不能并入。请选择成员单位或者综合执法队伍。"}
	ErrLiaison      = Problem{Kind: Refused, Code: "liaison", Text: "每个单位只有一名联络员，%s的联络员任职尚未结束。请先结束该任职。"}
	ErrPostDates    = Problem{Kind: Invalid, Code: "post_dates", Field: "until", Text: "任职结束日期早于开始日期。请修改。"}
	ErrPostHeld     = Problem{Kind: Refused, Code: "post_held", Text: "%s已在同一单位担任该岗位。请先结束原任职。"}
	ErrAdminApart   = Problem{Kind: Refused, Code: "admin_apart", Text: "系统、安全、审计三类管理员须由不同的人担任，且不得兼任业务岗位。请另选人员。"}
	ErrOwnPost      = Problem{Kind: Refused, Code: "own_post", Text: "不能为本人授予或者结束岗位。请由另一位安全管理员办理。"}
	ErrStaffName    = Problem{Kind: Refused, Code: "staff_name", Text: "登录名“%s”已是“%s”的。请核对姓名，或者换一个登录名。"}
	ErrStaffOrg     = Problem{Kind: Invalid, Code: "staff_org", Text: "没有名称或者简称是“%s”的单位。请核对，或者先新设单位。"}
	ErrOwnPerson    = Problem{Kind: Refused, Code: "own_person", Text: "登记人员和授予岗位须由两个人分别办理。请由系统管理员登记人员，或由另一位安全管理员授予岗位。"}
	ErrLastSecurity = Problem{Kind: Refused, Code: "last_security", Text: "这是最后一位安全管理员，结束后将无人可以授权。请先授予另一位安全管理员。"}
)

// Problems of items and plans.
var (
	ErrOrgCode     = Problem{Kind: Invalid, Code: "org_code", Text: "单位代码应为 2 到 12 位小写字母或数字，以字母开头，例如 scjg。请修改。"}
	ErrOrgTaken    = Problem{Kind: Refused, Code: "org_taken", Field: "code", Text: "单位代码“%s”已被使用。请换一个。"}
	ErrItemCode    = Problem{Kind: Invalid, Code: "item_code", Text: "事项编号应为 2 到 20 位大写字母、数字或短横，例如 SCJG-012。请修改。"}
	ErrItemTaken   = Problem{Kind: Refused, Code: "item_taken", Field: "code", Text: "事项编号“%s”已在清单中。请换一个，或修改原有事项。"}
	ErrItemForeign = Problem{Kind: Invalid, Code: "item_foreign", Text: "所选抽查事项不属于牵头部门或者配合部门。请重新选择，或把该部门列为配合部门。"}
	ErrItemRetired = Problem{Kind: Invalid, Code: "item_retired", Text: "“%s”不在现行抽查事项清单中，不得列入计划。请重新选择。"}
	ErrShare       = Problem{Kind: Invalid, Code: "share", Text: "抽查比例最高 %s，超过一般检查事项“%s”的上限 %s。请降低比例，或移除该事项。"}
	ErrShareLimit  = Problem{Kind: Invalid, Code: "share_limit", Text: "请填写一般检查事项的抽查比例上限，大于 0%，不超过 100%。"}
	ErrRatio       = Problem{Kind: Invalid, Code: "ratio", Text: "看不懂抽查比例中的“%s”。可以写成：5%%；20户；A 1%%，D 10%%，不少于5户；不超过10户：2户；超过10户：50%%。"}
	ErrRatioCases  = Problem{Kind: Invalid, Code: "ratio_cases", Text: "分段比例没有前后衔接。请从小到大写全，例如：不超过10户：2户；超过10户：50%%。"}
	ErrMonths      = Problem{Kind: Invalid, Code: "months", Text: "抽查频次为每年 %d 次，但只选了 %d 个月。请增选月份或减少频次。"}
	ErrOwnPartners = Problem{Kind: Invalid, Code: "own_partners", Text: "部门年度抽查工作计划只列本部门的任务。有配合部门的，请列入牵头的部门联合抽查计划。"}
	ErrConsentNote = Problem{Kind: Invalid, Code: "consent_note", Field: "note", Text: "请写明修改意见或者不参与的理由，以便牵头部门处理。"}
	ErrNobodyToAsk = Problem{Kind: Refused, Code: "nobody_to_ask", Text: "没有需要征求会签的部门：各部门均已收到邀请。可以等待答复，或先修改任务。"}
	ErrPlanKind    = Problem{Kind: Invalid, Code: "plan_kind", Text: "%s不能编制“%s”。请选择其他种类。"}
	ErrPlanExists  = Problem{Kind: Refused, Code: "plan_exists", Text: "这一年度的同类计划已有正在使用的版本。请打开原计划修改，或对已公布的计划发起调整。"}
	ErrNoLines     = Problem{Kind: Refused, Code: "no_lines", Text: "计划中还没有任务。请至少填写一项任务后再报审。"}
	ErrLineFault   = Problem{Kind: Refused, Code: "line_fault", Text: "“%s”：%s"}
	ErrPartyIdle   = Problem{Kind: Refused, Code: "party_idle", Text: "“%s”中没有%s的抽查事项。请为其选择事项，或不再列为参与部门。"}
	ErrWaiting     = Problem{Kind: Refused, Code: "waiting", Text: "“%s”还差%s会签（%s）。请等待答复，或按其意见修改后重新征求。"}
	ErrMergeKind   = Problem{Kind: Refused, Code: "merge_kind", Text: "只能汇总同一年度、本辖区各部门已报送的联合抽查计划。请重新选择。"}
	ErrMergeDone   = Problem{Kind: Refused, Code: "merge_done", Text: "联合抽查年度计划已报审或公布，不能再移出其中的任务。请通过调整办理。"}
	ErrNothingNew  = Problem{Kind: Refused, Code: "nothing_new", Text: "没有新报送的联合抽查计划可以汇总。请等待各部门报送，或先提醒。"}
)

// ErrFounded is the second founding of an installation.
var ErrFounded = Problem{Kind: Refused, Code: "founded", Text: "平台已经初始化过。请用已有的管理员账号登录。"}
