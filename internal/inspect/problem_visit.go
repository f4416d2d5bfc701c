package inspect

// Problems of visits and of their signatures.
var (
	ErrVisitTeam      = Problem{Kind: Refused, Code: "visit_team", Text: "这个检查小组没有派发，或者已经递补、撤销，不能检查。"}
	ErrVisitNotYours  = Problem{Kind: Denied, Code: "visit_not_yours", Text: "只有本检查小组的在任成员可以办理。您的账号没有关联这个小组的检查人员。"}
	ErrVisitAsOf      = Problem{Kind: Invalid, Code: "visit_as_of", Text: "每条核实情况都要写明信息来源和截至日期，日期不晚于今天。请补充。"}
	ErrVisitSecret    = Problem{Kind: Refused, Code: "visit_secret", Text: "本次检查不提前告知，不发检查告知书，也不得向被检查对象透露。"}
	ErrVisitClaimed   = Problem{Kind: Invalid, Code: "visit_claimed", Text: "%s应当填写，并且不晚于现在。请核对手机时间。"}
	ErrVisitMoment    = Problem{Kind: Invalid, Code: "visit_moment", Text: "%s应当写成“2026-07-06T09:30”这样的日期和时间。请修改。"}
	ErrVisitPrecheck  = Problem{Kind: Refused, Code: "visit_precheck", Text: "还没有预查比对。请先查看已知情况并确认，再到场检查。"}
	ErrVisitNotice    = Problem{Kind: Refused, Code: "visit_notice", Text: "还没有登记检查告知。请先以书面、电话、传真等形式告知并登记。"}
	ErrVisitEarly     = Problem{Kind: Refused, Code: "visit_early", Text: "任务执行时间从 %s 开始。请在执行时间内检查。"}
	ErrVisitOfficers  = Problem{Kind: Invalid, Code: "visit_officers", Text: "每个部门到场的执法检查人员不得少于两名。人员不能到场的，先办理人员替换。"}
	ErrVisitTwo       = Problem{Kind: Invalid, Code: "visit_two", Text: "现场记录须由不少于两名检查人员作出。请选择在场的检查人员。"}
	ErrVisitShown     = Problem{Kind: Invalid, Code: "visit_shown", Text: "请先出示执法证件、告知检查内容和被检查单位的权利，再勾选确认。不出示的，被检查单位有权拒绝检查。"}
	ErrVisitForeign   = Problem{Kind: Denied, Code: "visit_foreign", Text: "这一事项由其他部门负责，只能由该部门的检查人员填写。"}
	ErrVisitAnswer    = Problem{Kind: Invalid, Code: "visit_answer", Text: "检查内容“%s”必须回答。请填写，或者写明本事项未检查的理由。"}
	ErrVisitValue     = Problem{Kind: Invalid, Code: "visit_value", Text: "检查内容“%s”的回答不符合题型要求。请修改。"}
	ErrVisitNoCode    = Problem{Kind: Invalid, Code: "visit_no_code", Text: "请选择检查结果。"}
	ErrVisitCodes     = Problem{Kind: Invalid, Code: "visit_codes", Text: "“未发现问题”不能与其他检查结果同时选择。请修改。"}
	ErrVisitSpecial   = Problem{Kind: Invalid, Code: "visit_special", Text: "“%s”须取得证据后在“无法实质检查”中登记，不能在单个事项中选择。"}
	ErrVisitDue       = Problem{Kind: Invalid, Code: "visit_due", Text: "责令改正须写明改正期限，期限不早于检查当日。请填写。"}
	ErrVisitBlob      = Problem{Kind: Invalid, Code: "visit_blob", Text: "没有找到这个文件，或者文件没有上传完毕。请重新上传。"}
	ErrVisitEvidence  = Problem{Kind: Invalid, Code: "visit_evidence", Text: "所选证据不在本次检查的证据中。请先登记证据。"}
	ErrVisitRecording = Problem{Kind: Invalid, Code: "visit_recording", Text: "所选证据不是本次检查的录音或者录像。请先登记录音录像。"}
	ErrVisitLeader    = Problem{Kind: Denied, Code: "visit_leader", Text: "检查结论由组长作出并负责，只有组长可以办理。"}
	ErrVisitUnasked   = Problem{Kind: Refused, Code: "visit_unasked", Text: "全体成员已经签字。检查本身有误的，先由承担检查的部门负责人退回检查结果，并注明须重新检查。"}
	ErrVisitPublic    = Problem{Kind: Refused, Code: "visit_public", Text: "%s的检查结果已经公示，不能退回补充检查。确有错误的，经主要负责人签字更正。"}
	ErrVisitGap       = Problem{Kind: Refused, Code: "visit_gap", Text: "%s"}
	ErrVisitAgain     = Problem{Kind: Refused, Code: "visit_again", Text: "已经签过字，不需要再签。"}
	ErrVisitNobody    = Problem{Kind: Refused, Code: "visit_nobody", Text: "无法联系或者不予配合的检查，不要求被检查单位签字。请检查小组成员签字。"}
	ErrVisitParty     = Problem{Kind: Refused, Code: "visit_party", Text: "请先由被检查单位签字或者盖章；拒绝的，先登记拒绝签字说明，再由小组成员签字。"}
	ErrVisitWitness   = Problem{Kind: Invalid, Code: "visit_witness", Text: "拒绝签字的，须有见证人，或者录音录像。请填写见证人，或者先登记录音录像。"}
	ErrVisitPaper     = Problem{Kind: Invalid, Code: "visit_paper", Text: "请先把签字或者盖章的纸质文书拍照，登记为证据，再选择。"}
	ErrVisitDrawing   = Problem{Kind: Invalid, Code: "visit_drawing", Text: "请被检查单位人员在签字框内书写姓名。"}
	ErrVisitMoved     = Problem{Kind: Refused, Code: "visit_moved", Text: "第 %d 组已经到场检查或者形成结论，不能再替换。请先由组长退回补充检查，或者按检查结果处理。"}
)
