package inspect

// Problems of tasks and of confirmations.
var (
	ErrTaskBody    = Problem{Kind: Refused, Code: "task_body", Text: "%s不是检查主体，不能发起抽查任务。请由承担检查职责的部门发起。"}
	ErrTaskPlan    = Problem{Kind: Refused, Code: "task_plan", Text: "抽查任务只能从已公布的年度抽查计划发起。请选择已公布计划中的任务，计划外的请写明依据。"}
	ErrTaskLead    = Problem{Kind: Refused, Code: "task_lead", Text: "这项计划任务由其他部门牵头，只能由牵头部门发起。"}
	ErrTaskUsed    = Problem{Kind: Refused, Code: "task_used", Text: "“%s”全年计划抽查 %d 次，均已发起。确需增加的，请先调整年度计划，或作为计划外任务写明依据。"}
	ErrTaskYear    = Problem{Kind: Refused, Code: "task_year", Text: "%d 年度计划已经结束，不能再发起任务。请选择本年度计划。"}
	ErrTaskDays    = Problem{Kind: Invalid, Code: "task_days", Text: "检查时间应在 %d 年内。跨年度的请分别发起任务。"}
	ErrTaskPast    = Problem{Kind: Invalid, Code: "task_past", Text: "检查时间已经过去。请改为今天以后的日期。"}
	ErrTaskReason  = Problem{Kind: Invalid, Code: "task_reason", Field: "reason", Text: "比例、时间、分库或者事项与年度计划不同，请写明理由，由负责人审批。"}
	ErrTaskFixed   = Problem{Kind: Refused, Code: "task_fixed", Text: "计划内任务的事项、范围和参与部门以年度计划为准，不能在任务中修改。需要修改的，请先调整年度计划。"}
	ErrTaskScope   = Problem{Kind: Refused, Code: "task_scope", Text: "还没有填写抽查范围、事项和检查方式。请先填写“抽查范围”。"}
	ErrTaskItem    = Problem{Kind: Invalid, Code: "task_item", Text: "所选抽查事项在检查开始日没有已公布并施行的版本，不得检查。请重新选择。"}
	ErrTaskSublib  = Problem{Kind: Invalid, Code: "task_sublib", Text: "所选分库不属于发起部门或者参与部门。请重新选择。"}
	ErrTaskWaiting = Problem{Kind: Refused, Code: "task_waiting", Text: "还有 %d 个参与部门没有同意。请等待其负责人办理后再批准。"}

	ErrWaiverFlag   = Problem{Kind: Invalid, Code: "waiver_flag", Text: "该检查对象目前没有“%s”标记。请先标记，或选择“其他”并写明理由。"}
	ErrWaiverObject = Problem{Kind: Refused, Code: "waiver_object", Text: "该检查对象%s，无需申请。"}
	ErrWaiverOpen   = Problem{Kind: Refused, Code: "waiver_open", Field: "object", Text: "该检查对象本年度已有申请或者许可。请在列表中查看。"}

	ErrUpstreamKey     = Problem{Kind: Invalid, Code: "upstream_key", Text: "公钥应为 %d 位十六进制数字。请向派发单位核对。"}
	ErrUpstreamTwice   = Problem{Kind: Refused, Code: "upstream_twice", Field: "key", Text: "该公钥已经登记。停用的公钥不能再次登记，请派发单位更换。"}
	ErrUpstreamPackage = Problem{Kind: Invalid, Code: "upstream_package", Field: "package", Text: "名单包不能接收：%s。请由派发单位重新生成。"}
	ErrUpstreamSender  = Problem{Kind: Refused, Code: "upstream_sender", Field: "package", Text: "没有登记“%s”的有效公钥，或者签名不是用它作出的。请与派发单位核对，由联席会议办公室登记。"}
	ErrUpstreamRegion  = Problem{Kind: Refused, Code: "upstream_region", Field: "package", Text: "名单是派发给 %s 的，不是本辖区。请与派发单位核对。"}
	ErrUpstreamTime    = Problem{Kind: Refused, Code: "upstream_time", Field: "package", Text: "名单的接收时间为 %s 至 %s，现在不能接收。请派发单位重新派发。"}
	ErrUpstreamKnown   = Problem{Kind: Refused, Code: "upstream_known", Field: "package", Text: "名单 %s 已经接收过，不能重复接收。请在列表中查看。"}
	ErrUpstreamOther   = Problem{Kind: Refused, Code: "upstream_other", Text: "名单由其他部门接收，应由该部门发起任务。"}

	ErrCapHeld = Problem{Kind: Refused, Code: "cap_held", Text: "批次 %s 已锁定名单，抽取前不能修改其检查主体的上限。请在抽取或者作废以后修改。"}

	ErrConfirmMoved  = Problem{Kind: Stale, Code: "confirm_moved", Text: "您打开页面之后，名录库又有变动。请核对最新的变动后再确认。"}
	ErrConfirmEmpty  = Problem{Kind: Refused, Code: "confirm_empty", Text: "名录库中没有可以确认的内容。请先登记或者导入，并确认分库成员。"}
	ErrConfirmAgain  = Problem{Kind: Refused, Code: "confirm_again", Text: "上次确认之后名录库没有变动，无需再次确认。"}
	ErrConfirmSigned = Problem{Kind: Invalid, Code: "confirm_signed", Field: "signed", Text: "请勾选声明，表示对名录库的真实性、及时性负责。"}
)
