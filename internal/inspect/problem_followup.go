package inspect

// Problems of follow-ups.
var (
	ErrFollowDay         = Problem{Kind: Invalid, Code: "follow_day", Text: "%s不能为空，不能晚于今天，也不能早于前一环节。请核对。"}
	ErrFollowDue         = Problem{Kind: Invalid, Code: "follow_due", Text: "新的期限应当晚于今天。请修改。"}
	ErrFollowTwo         = Problem{Kind: Invalid, Code: "follow_two", Text: "应当由两名以上执法人员办理。请至少选择两人。"}
	ErrFollowCertificate = Problem{Kind: Invalid, Code: "follow_certificate", Text: "%s当日没有有效的执法证，不能办理。请另选执法人员。"}
	ErrFollowOffsite     = Problem{Kind: Invalid, Code: "follow_offsite", Text: "尚未收到整改材料，不能书面核查。请先登记整改材料，或者到现场复查。"}
	ErrFollowReceiver    = Problem{Kind: Invalid, Code: "follow_receiver", Text: "请选择一个接收单位，或者填写平台外单位的名称，二者选一。"}
	ErrFollowTerm        = Problem{Kind: Invalid, Code: "follow_term", Text: "受理期限应当是 1 至 60 个工作日。请修改。"}
	ErrFollowSide        = Problem{Kind: Refused, Code: "follow_side", Text: "这条线索由接收单位答复。请等待对方办理。"}
	ErrFollowPapers      = Problem{Kind: Invalid, Code: "follow_papers", Text: "移送材料缺少“%s”。请补齐后再移送。"}
	ErrFollowOwn         = Problem{Kind: Refused, Code: "follow_own", Text: "专案组成员和报告人不能决定是否移送，换用其他岗位也不行。请由本部门主要负责人另行决定。"}
)
