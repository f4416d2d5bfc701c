package inspect

// Problems of results, their publication and correction.
var (
	ErrResultFollow   = Problem{Kind: Invalid, Code: "result_follow", Text: "“无需后续处理”不能与其他后续处理同时选择。请修改。"}
	ErrResultDue      = Problem{Kind: Invalid, Code: "result_due", Text: "后续处理期限不能早于检查日期。请修改。"}
	ErrResultEntry    = Problem{Kind: Refused, Code: "result_entry", Text: "尚未录入后续处理。请先选择后续处理并保存，再报审。"}
	ErrResultRevisit  = Problem{Kind: Refused, Code: "result_revisit", Text: "检查本身有误，等待检查小组组长退回补充检查。不需要重新检查的，重新保存后续处理后再报审。"}
	ErrResultReopened = Problem{Kind: Refused, Code: "result_reopened", Text: "检查小组正在补充检查，全体重新签字后再录入和报审。"}
	ErrResultOther    = Problem{Kind: Refused, Code: "result_other", Text: "拟公示的内容与审批通过的内容不一致，不能公示。请退回后重新审批。"}
	ErrResultCodes    = Problem{Kind: Invalid, Code: "result_codes", Text: "请为“%s”选择更正后的检查结果。"}
	ErrResultSame     = Problem{Kind: Invalid, Code: "result_same", Text: "更正后的检查结果与已公示的相同。请选择正确的结果；不应公示的，请选择撤下。"}
	ErrResultOpen     = Problem{Kind: Refused, Code: "result_open", Text: "这一结果已有一项待签字的更正。请先办理完毕。"}
)
