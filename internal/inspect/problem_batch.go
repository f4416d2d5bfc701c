package inspect

// Problems of batches and their draws.
var (
	ErrBatchBody      = Problem{Kind: Refused, Code: "batch_body", Text: "%s不能组织抽取。请由联席会议办公室或者发起任务的部门办理。"}
	ErrBatchTask      = Problem{Kind: Invalid, Code: "batch_task", Text: "任务 %s 不是本辖区本年度的任务，不能列入这个批次。请重新选择。"}
	ErrBatchTaskState = Problem{Kind: Refused, Code: "batch_task_state", Text: "任务 %s 现在是“%s”，不能列入批次。请选择已备案、尚未列入其他批次的任务。"}
	ErrBatchOwn       = Problem{Kind: Invalid, Code: "batch_own", Text: "部门自行抽取时，每个批次只能列入一项本部门发起的任务。多个部门的任务请由联席会议办公室统一抽取。"}
	ErrBatchTime      = Problem{Kind: Invalid, Code: "batch_time", Text: "%s应写成 2026-11-20T12:30。请修改。"}
	ErrBatchManifest  = Problem{Kind: Refused, Code: "batch_manifest", Text: "抽取公告还不能发布：%s。请修改批次设置。"}
	ErrBatchKeeper    = Problem{Kind: Invalid, Code: "batch_keeper", Text: "保管方须是平台上的单位，由它自己交存随机数。请选择保管方的单位。"}
	ErrBatchOpening   = Problem{Kind: Invalid, Code: "batch_opening", Text: "任务“%s”要求名单封存，%s才结束。公开名单时间应在结束日之后，请修改。"}
	ErrBatchCustodian = Problem{Kind: Refused, Code: "batch_custodian", Text: "密封的随机数只能由保管方“%s”自己交存。请由该单位办理。"}
	ErrBatchUntrusted = Problem{Kind: Refused, Code: "batch_untrusted", Text: "保管方“%s”还没有交存随机数，不能抽取。请等待。"}
	ErrBatchEarlyList = Problem{Kind: Refused, Code: "batch_early_list", Text: "名单按公告在 %s 公开，在此之前任何人都不能公开。请等待。"}
	ErrBatchUnsealed  = Problem{Kind: Refused, Code: "batch_unsealed", Text: "本批次没有封存中的名单，不需要查阅登记。请查看公开记录。"}
	ErrBatchReading   = Problem{Kind: Denied, Code: "batch_reading", Text: "查阅封存的名单须先登记事由，每次登记十分钟内有效。请登记后再查阅。"}
	ErrBatchSealed    = Problem{Kind: Refused, Code: "batch_sealed", Text: "本平台还没有配置密封名单的密钥，不能按密封方式抽取。请联系系统管理员配置，或改为公开方式。"}
	ErrBatchMode      = Problem{Kind: Invalid, Code: "batch_mode", Field: "mode", Text: "任务“%s”要求名单封存，批次应选择密封方式。请修改公开方式。"}
	ErrBatchSigner    = Problem{Kind: Refused, Code: "batch_signer", Text: "您确认过本批次任务的名录库，不能再锁定名单。请由另一人办理。"}
	ErrBatchMoved     = Problem{Kind: Refused, Code: "batch_moved", Text: "公告之后名录库的变动使“%s”的抽查范围或者应抽户数与公告不符。请作废本次公告，重新公告。"}
	ErrBatchHeld      = Problem{Kind: Refused, Code: "batch_held", Text: "批次 %s 已锁定尚未抽取，其中有 %d 户与本批次相同。请等它抽取或者作废之后再锁定，以免同一对象超过每年次数上限。"}
	ErrBatchInputs    = Problem{Kind: Refused, Code: "batch_inputs", Text: "派组材料不完整：%s。请核对名录库后再锁定。"}
	ErrBatchDocument  = Problem{Kind: Invalid, Code: "batch_document", Field: "document", Text: "交来的文件不能接收：%s。请由贡献方重新生成。"}
	ErrBatchGiven     = Problem{Kind: Refused, Code: "batch_given", Field: "document", Text: "%s已经交过，不能更换。"}
	ErrBatchLate      = Problem{Kind: Refused, Code: "batch_late", Text: "已过公告的截止时间 %s，不能再接收。缺少的，请由负责人作废本次抽取后重新公告。"}
	ErrBatchEvent     = Problem{Kind: Invalid, Code: "batch_event", Field: "sources", Text: "公开事件不能接收：%s。请对照开奖公告或者录像重新录入。"}
	ErrBatchUntyped   = Problem{Kind: Refused, Code: "batch_untyped", Text: "公开事件还没有录入。请先由一人录入，再由另一人复核。"}
	ErrBatchTypist    = Problem{Kind: Refused, Code: "batch_typist", Text: "公开事件须由另一人独立录入复核。请换人办理。"}
	ErrBatchDue       = Problem{Kind: Refused, Code: "batch_due", Text: "公告的截止时间 %s 还没有到，不能以未履行为由作废。请等待。"}
	ErrBatchForeign   = Problem{Kind: Refused, Code: "batch_foreign", Text: "抽取结果只能由组织抽取的单位以外的部门撤销。请由其他参与部门的主要负责人办理。"}
	ErrBatchKnown     = Problem{Kind: Refused, Code: "batch_known", Text: "公开事件的时间已到，主办单位和保管方不能作废本次抽取。请继续办理；确实无法得出结果的，请由其他参与部门的主要负责人或者监督人员作废。"}
	ErrBatchEarly     = Problem{Kind: Refused, Code: "batch_early", Text: "公开事件之前，由主办单位的负责人作废本次抽取。请与主办单位联系。"}
	ErrBatchStanding  = Problem{Kind: Refused, Code: "batch_standing", Text: "任务已经派发，不能撤销抽取结果。个别对象无法检查的，请办理递补。"}
	ErrBatchBroken    = Problem{Kind: Refused, Code: "batch_broken", Text: "本批次公开的文件核对不符：%s。请不要依据本批次的名单，并向主办单位和监督单位反映。"}
	ErrBatchFile      = Problem{Kind: Refused, Code: "batch_file", Text: "本次抽取的文件核对不符：%s。请立即停止办理并通知审计管理员。"}
)
