package inspect

// Problems of teams, of their dispatch and of substitutions.
var (
	ErrTeamLeader     = Problem{Kind: Refused, Code: "team_leader", Text: "第 %d 组没有任务发起部门的组长。请先办理人员替换。"}
	ErrTeamOfficers   = Problem{Kind: Refused, Code: "team_officers", Text: "第 %d 组有部门不足两名持证执法检查人员。请先办理人员替换。"}
	ErrTeamUnfit      = Problem{Kind: Refused, Code: "team_unfit", Text: "第 %d 组的%s不能参加检查：%s请先办理人员替换。"}
	ErrTeamDay        = Problem{Kind: Invalid, Code: "team_day", Text: "第 %d 组的检查日期应在任务执行时间 %s 之内。请修改。"}
	ErrTeamPast       = Problem{Kind: Invalid, Code: "team_past", Text: "第 %d 组的检查日期已过。请选择今天或者以后的日期。"}
	ErrTeamReason     = Problem{Kind: Invalid, Code: "team_reason", Text: "第 %d 组已经派发，变更检查日期须写明理由，小组成员会看到。请填写。"}
	ErrTeamAway       = Problem{Kind: Refused, Code: "team_away", Text: "第 %d 组的%s当天不能参加：%s请另选日期，或者先办理人员替换。"}
	ErrTeamAgain      = Problem{Kind: Refused, Code: "team_again", Text: "您已经签收过这次检查。"}
	ErrTeamRows       = Problem{Kind: Invalid, Code: "team_rows", Text: "请选择检查小组，并为每个小组填写一个日期。"}
	ErrTeamNone       = Problem{Kind: Refused, Code: "team_none", Text: "本次抽取没有检查小组，不能派发。请查看抽取记录中无法派组的原因。"}
	ErrTeamDue        = Problem{Kind: Invalid, Code: "team_due", Text: "回执期限应在 %s 之后的 30 天以内。请修改。"}
	ErrSubstEvidence  = Problem{Kind: Invalid, Code: "subst_evidence", Text: "请提供证明材料。材料本身由本单位保存，平台记录它的摘要（64 位十六进制）。"}
	ErrSubstApplied   = Problem{Kind: Invalid, Code: "subst_applied", Text: "申请日期应填写，并且不晚于今天。"}
	ErrSubstOpen      = Problem{Kind: Refused, Code: "subst_open", Text: "第 %d 组已有一项待批准的申请。请先办理完毕。"}
	ErrSubstNobody    = Problem{Kind: Refused, Code: "subst_nobody", Text: "%s没有可以依次接替的执法检查人员：其余人员须回避、已在组内或者不能参加。请增加检查人员或者另行安排日期后再办理。"}
	ErrSubstConcerned = Problem{Kind: Refused, Code: "subst_concerned", Text: "申请替换、申请回避的正是您本人，您不能作出决定，换用其他岗位也不行。请由本部门其他负责人决定。"}
	ErrSubstGone      = Problem{Kind: Refused, Code: "subst_gone", Text: "没有可以删除的原文：原文已经删除，或者是书面、口头提出的。"}
	ErrRecusalVisit   = Problem{Kind: Refused, Code: "recusal_visit", Text: "没有可以在网上申请回避的检查：检查码不对，或者检查已经结束。请核对检查码，或者向检查人员、牵头部门书面、口头提出。"}
	ErrRecusalOpen    = Problem{Kind: Refused, Code: "recusal_open", Text: "已经有一件对这名检查人员的回避申请正在办理。请凭受理编号查看办理情况。"}
	ErrRecusalMany    = Problem{Kind: Refused, Code: "recusal_many", Text: "您的网络提交得过于频繁，这一件没有收下。请过 %d 秒再提交，或者向检查人员当面提出。"}
	ErrSubstMember    = Problem{Kind: Invalid, Code: "subst_member", Field: "out", Text: "只能由该检查人员所在部门或者小组牵头部门申请替换。"}
	ErrTeamNobody     = Problem{Kind: Refused, Code: "team_nobody", Text: "您的账号没有关联本部门的执法检查人员，不能签收。请经办人在名录库中关联账号。"}
)
