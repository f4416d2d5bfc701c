package inspect

// Problems of the two libraries and of imports.
var (
	ErrCreditCode = Problem{Kind: Invalid, Code: "credit_code", Text: "统一社会信用代码无效：%s。请按营业执照核对。"}
	ErrCheckDigit = Problem{Kind: Invalid, Code: "check_digit", Text: "代码 %s 的校验位不符。如与营业执照一致，可以保留。"}
	ErrIndustry   = Problem{Kind: Invalid, Code: "industry", Text: "行业代码“%s”不在 GB/T 4754—2017 中。请核对。"}
	ErrRiskDay    = Problem{Kind: Invalid, Code: "risk_day", Text: "信用风险等级与评定日期应同时填写。请补全。"}
	ErrFuture     = Problem{Kind: Invalid, Code: "future", Text: "%s晚于今天。请核对。"}

	ErrFlagDays    = Problem{Kind: Invalid, Code: "flag_days", Text: "结束日期早于列入日期。请核对。"}
	ErrLicenceDays = Problem{Kind: Invalid, Code: "licence_days", Text: "有效期至早于发证日期。请核对。"}
	ErrRuleEmpty   = Problem{Kind: Invalid, Code: "rule_empty", Text: "请至少填写一个行业代码或一个经营范围关键字。"}
	ErrRuleWord    = Problem{Kind: Invalid, Code: "rule_word", Text: "关键字“%s”过短。请至少写两个字。"}
	ErrRuleMany    = Problem{Kind: Invalid, Code: "rule_many", Text: "%s最多填写 %d 个。请精简。"}

	ErrFindWide = Problem{Kind: Refused, Code: "find_wide", Field: "q", Text: "符合其他条件的检查对象超过 %d 户，不能逐户查找%s。请再选择镇街、行业、分库等条件缩小范围。"}

	ErrMembersNone  = Problem{Kind: Invalid, Code: "members_none", Field: "objects", Text: "请至少选择一个检查对象。"}
	ErrMembersMany  = Problem{Kind: Invalid, Code: "members_many", Field: "objects", Text: "一次最多办理 %d 个检查对象。请分批办理。"}
	ErrMembersIdle  = Problem{Kind: Refused, Code: "members_idle", Text: "所选的检查对象都不需要这一步。请刷新页面后重新选择。"}
	ErrRows         = Problem{Kind: Refused, Code: "rows", Field: "objects", Text: "有 %d 个检查对象不能办理：%s。请取消勾选，或者用筛选条件去掉它们，再重新办理。"}
	ErrFiltersMany  = Problem{Kind: Refused, Code: "filters_many", Field: "name", Text: "最多保存 %d 个常用筛选。请先删除不再使用的。"}
	ErrFilterTaken  = Problem{Kind: Refused, Code: "filter_taken", Field: "name", Text: "已有名为“%s”的常用筛选。请换一个名称。"}
	ErrFlagTaken    = Problem{Kind: Refused, Code: "flag_taken", Field: "since", Text: "这个检查对象在这一天已有同样的标记。请直接修改该标记，或核对列入日期。"}
	ErrLicenceTaken = Problem{Kind: Refused, Code: "licence_taken", Field: "number", Text: "这个检查对象已登记该许可证。请直接修改。"}

	ErrLicenceObject  = Problem{Kind: Invalid, Code: "licence_object", Field: "code", Text: "名录库中没有代码、编号或者注册号为“%s”的检查对象。请先登记或者导入这个对象，再导入它的许可证。"}
	ErrLicenceObjects = Problem{Kind: Invalid, Code: "licence_objects", Field: "code", Text: "有几个检查对象的注册号都是“%s”。请改填统一社会信用代码。"}
	ErrLicenceHolder  = Problem{Kind: Refused, Code: "licence_holder", Field: "code", Text: "这个检查对象%s。请改填现有对象的代码，或者删去本行。"}
	ErrLicenceName    = Problem{Kind: Invalid, Code: "licence_name", Field: "holder", Text: "名录库中这个代码的检查对象是“%s”。请核对代码。"}
	ErrLicenceForeign = Problem{Kind: Denied, Code: "licence_foreign", Field: "number", Text: "这张许可证由其他部门登记，只能由该部门更新。请删去本行。"}
	ErrLicenceOrg     = Problem{Kind: Invalid, Code: "licence_org", Field: "org", Text: "登记部门“%s”不是%s。只能导入本部门登记的许可证，请删去本行。"}

	ErrObjectTaken   = Problem{Kind: Refused, Code: "object_taken", Field: "code", Text: "代码 %s 已登记为“%s”。请直接更新该对象，或核对代码。"}
	ErrObjectForeign = Problem{Kind: Denied, Code: "object_foreign", Text: "这个检查对象由其他部门负责维护。请联系其主管部门办理。"}
	ErrMergeInto     = Problem{Kind: Invalid, Code: "merge_into", Text: "不能合并到这个对象：它就是本身，或已合并、已撤回。请另选保留的对象。"}
	ErrImportFile    = Problem{Kind: Invalid, Code: "import_file", Text: "没有找到已上传的文件，或者列的对应关系过长。请重新上传。"}
	ErrImportKind    = Problem{Kind: Invalid, Code: "import_kind", Field: "code", Text: "%s场所、设备和个人没有统一社会信用代码的，请填写检查对象类别。"}
	ErrImportMany    = Problem{Kind: Invalid, Code: "import_many", Text: "文件超过 %d 行，多于一个部门可能有的数量。请核对是否选错了文件。"}
	ErrItemBack      = Problem{Kind: Refused, Code: "item_back", Field: "code", Text: "编号 %s 的事项已移出清单，不能恢复。请换一个编号作为新事项列入，或者删去本行。"}
	ErrImportIdle    = Problem{Kind: Refused, Code: "import_idle", Text: "文件与现有名录完全一致，没有需要导入的内容。可以取消本批次。"}
)
