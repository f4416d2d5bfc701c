package inspect

// Problems of feedback from the public.
var (
	ErrFeedbackMany = Problem{Kind: Refused, Code: "feedback_many", Text: "您的网络提交得过于频繁，这一条没有收下。请过 %d 秒再提交，或者拨打页面下方的电话。"}
	ErrFeedbackFull = Problem{Kind: Refused, Code: "feedback_full", Text: "今天收到的意见太多，这一条没有收下。请明天再提交，或者拨打页面下方的电话。"}
	ErrFeedbackTrap = Problem{Kind: Invalid, Code: "feedback_trap", Field: "website", Text: "“网站”一栏请留空，由浏览器自动填写的请删去后重新提交。"}
	ErrFeedbackRef  = Problem{Kind: Invalid, Code: "feedback_ref", Text: "请填写检查码或者公示编号；一般性的意见请选择“其他”。"}
	ErrFeedbackOrg  = Problem{Kind: Invalid, Code: "feedback_org", Text: "请选择本地区的另一个部门。"}
	ErrFeedbackGone = Problem{Kind: Refused, Code: "feedback_gone", Text: "这条意见的原文已经删除，不能再办理。"}
)
