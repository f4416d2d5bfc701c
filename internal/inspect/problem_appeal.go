package inspect

// Problems of appeals: objections, replies, repairs and the end of publication.
var (
	ErrAppealResult   = Problem{Kind: Refused, Code: "appeal_result", Text: "这条检查结果没有在公示，不能申请。请核对公示页面。"}
	ErrAppealCode     = Problem{Kind: Invalid, Code: "appeal_code", Text: "与公示的统一社会信用代码不一致。请照营业执照填写。"}
	ErrAppealKind     = Problem{Kind: Refused, Code: "appeal_kind", Text: "这条检查结果不属于可以申请信用修复的情形。认为公示有误的，请提出异议。"}
	ErrAppealEarly    = Problem{Kind: Refused, Code: "appeal_early", Text: "公示未满最短期限，%s起可以申请信用修复。请届时再申请。"}
	ErrAppealDays     = Problem{Kind: Invalid, Code: "appeal_days", Text: "补正期限应当是 1 至 30 个工作日。请修改。"}
	ErrAppealOwn      = Problem{Kind: Refused, Code: "appeal_own", Text: "接收、受理人员和本次检查的检查、审批人员不能对自己的工作作出决定，换用其他岗位也不行。请由本部门其他负责人决定。"}
	ErrAppealPersonal = Problem{Kind: Invalid, Code: "appeal_personal", Text: "公示的说明中像是有电话号码、证件号码或者账号。请隐去后再公示。"}
	ErrAppealMend     = Problem{Kind: Refused, Code: "appeal_mend", Text: "责令改正的后续处理尚未复查合格。请先办结“责令改正”，再办理信用修复。"}
	ErrAppealUpheld   = Problem{Kind: Refused, Code: "appeal_upheld", Text: "这条检查结果的异议已经成立，尚未更正。请先办理更正，再结束公示。"}
	ErrAppealGone     = Problem{Kind: Refused, Code: "appeal_gone", Text: "没有可以删除的原文：原文已经删除，或者是书面提交的。"}
	ErrAppealOpen     = Problem{Kind: Refused, Code: "appeal_open", Text: "这条检查结果已受理一项同类申请。请等待办理结果，或者凭受理编号补充材料。"}
	ErrAppealTaken    = Problem{Kind: Refused, Code: "appeal_taken", Text: "这条检查结果已受理一项同类申请。请先办结那一项，再受理这一项；不是本单位提出的，不予受理。"}
	ErrAppealMany     = Problem{Kind: Refused, Code: "appeal_many", Text: "您的网络提交得过于频繁，这一件没有收下。请过 %d 秒再提交，或者到检查机关现场提交。"}
	ErrAppealSecret   = Problem{Kind: Invalid, Code: "appeal_secret", Text: "办理密码不对，或者这项申请没有办理密码。请照提交后给出的办理密码填写；密码丢失的，请到检查机关办理。"}
	ErrAppealAdded    = Problem{Kind: Refused, Code: "appeal_added", Text: "网上最多补充 %d 次。还有材料的，请到检查机关现场提交或者邮寄。"}
	ErrAppealFiles    = Problem{Kind: Invalid, Code: "appeal_files", Text: "附件一次最多 %d 个、共 10 MB，只收 JPEG、PNG 图片和 PDF。请重新选择。"}
	ErrExpireEarly    = Problem{Kind: Refused, Code: "expire_early", Text: "公示期没有届满，继续公示。"}
)
