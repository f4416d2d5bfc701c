package inspect

// Problems of the inspector library.
var (
	ErrIdentityCard      = Problem{Kind: Invalid, Code: "identity_card", Text: "这里像是身份证号。名录库不保存身份证号，请改填单位工号或执法证编号。"}
	ErrInspectorCode     = Problem{Kind: Invalid, Code: "inspector_code", Text: "单位工号只能用字母、数字、汉字、括号、短横和斜线，不超过 30 个字。请修改。"}
	ErrInspectorTaken    = Problem{Kind: Refused, Code: "inspector_taken", Field: "code", Text: "工号 %s 已登记为“%s”。请直接更新该人员，或核对工号。"}
	ErrInspectorForeign  = Problem{Kind: Denied, Code: "inspector_foreign", Text: "这名人员属于其他部门。请联系其所在部门办理。"}
	ErrInspectorOther    = Problem{Kind: Denied, Code: "inspector_other", Text: "只能申报本人的回避关系。他人的请由本部门经办人登记。"}
	ErrOwnTie            = Problem{Kind: Refused, Code: "own_tie", Text: "不能撤销本人申报的或者涉及本人的回避关系。请由另一位负责人办理。"}
	ErrInspectorOrg      = Problem{Kind: Invalid, Code: "inspector_org", Text: "所在部门“%s”不是%s。只能导入本部门的人员，请核对。"}
	ErrTown              = Problem{Kind: Invalid, Code: "town", Text: "“%s”不是本地区的镇街。请按名称填写。"}
	ErrInspectorLeft     = Problem{Kind: Refused, Code: "inspector_left", Text: "这名人员已移出名录库。请先重新纳入，再办理。"}
	ErrInspectorAccount  = Problem{Kind: Invalid, Code: "inspector_account", Field: "person", Text: "所选账号不是本部门的执法检查人员，或已关联其他人员。请重新选择。"}
	ErrHelperCertificate = Problem{Kind: Refused, Code: "helper_certificate", Text: "专家、第三方和辅助人员只协助检查，不登记执法证。请核对人员类别。"}
	ErrCertificateTaken  = Problem{Kind: Refused, Code: "certificate_taken", Field: "number", Text: "证件编号 %s 已登记在“%s”名下。请核对。"}
	ErrDays              = Problem{Kind: Invalid, Code: "days", Text: "%s的结束日期早于开始日期，或时间过长。请修改。"}
	ErrNameSigns         = Problem{Kind: Invalid, Code: "name_signs", Text: "%s中的“%s”含有空格、冒号、逗号、分号或竖线。请去掉，每行写一个。"}
)
