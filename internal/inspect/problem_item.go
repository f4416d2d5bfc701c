package inspect

// Problems of item lists.
var (
	ErrItemGone    = Problem{Kind: Refused, Code: "item_gone", Text: "这个事项已移出清单，不能再修改。需要恢复的，请作为新事项列入。"}
	ErrItemOutside = Problem{Kind: Invalid, Code: "item_outside", Text: "“%s”不列入随机抽查，按照现有方式监管，不得列入抽查计划。请移除该事项。"}
	ErrEffective   = Problem{Kind: Invalid, Code: "effective", Text: "施行日期应在今天到一年以内，且不早于上一版本。请修改。"}
	ErrNoChange    = Problem{Kind: Refused, Code: "no_change", Text: "内容与现行版本相同，没有需要保存的变更。"}
	ErrKeyLimit    = Problem{Kind: Refused, Code: "key_limit", Field: "category", Text: "本单位已有重点检查事项 %d 项，上限 %d 项。请先列为一般检查事项，由负责人写明依据后批准为重点，或先减少重点事项。"}
	ErrShareMost   = Problem{Kind: Invalid, Code: "share_most", Field: "max_share", Text: "一般检查事项的抽查比例上限不得超过 %s。请降低比例。"}
	ErrKeyAlready  = Problem{Kind: Refused, Code: "key_already", Text: "这个事项已经是重点检查事项，无需批准。"}
	ErrVersion     = Problem{Kind: Invalid, Code: "version", Text: "“%s”没有这个版本。请从列表中重新选择。"}

	ErrUpstreamTaken = Problem{Kind: Refused, Code: "upstream_taken", Field: "name", Text: "上级清单“%s”已经登记。请打开原清单，登记新的版本。"}
	ErrUpstreamRow   = Problem{Kind: Invalid, Code: "upstream_row", Field: "rows", Text: "第 %d 项：%s"}
	ErrUpstreamSame  = Problem{Kind: Invalid, Code: "upstream_same", Field: "rows", Text: "第 %d 项与第 %d 项的事项编号“%s”相同。请修改其中一项。"}
	ErrUpstreamNone  = Problem{Kind: Invalid, Code: "upstream_none", Field: "codes", Text: "上级清单中没有编号为“%s”的事项。请从列表中重新选择。"}
	ErrUpstreamLink  = Problem{Kind: Invalid, Code: "upstream_link", Field: "source", Text: "来源网址应以 https:// 或 http:// 开头。请修改，没有网址的请留空。"}
	ErrNotDerived    = Problem{Kind: Refused, Code: "not_derived", Text: "这个事项不是从上级清单采用的，或者上级清单没有新的变更，无需处理。"}
	ErrAdoptTwice    = Problem{Kind: Refused, Code: "adopt_twice", Field: "codes", Text: "“%s”的编号在本单位清单中已由另一事项使用。请先修改该事项的编号。"}

	ErrJointExists   = Problem{Kind: Refused, Code: "joint_exists", Text: "联合清单已有正在使用的版本。请打开原清单修改，或对已公布的清单发起调整。"}
	ErrJointItem     = Problem{Kind: Invalid, Code: "joint_item", Field: "items", Text: "“%s”不在现行清单中，或者不列入随机抽查，不得列入联合清单。请重新选择。"}
	ErrJointAlone    = Problem{Kind: Invalid, Code: "joint_alone", Field: "items", Text: "联合抽查至少要有两个部门的事项。请再选择其他部门的事项。"}
	ErrJointLead     = Problem{Kind: Invalid, Code: "joint_lead", Field: "lead", Text: "牵头部门没有事项列在其中。请改选牵头部门，或加入其事项。"}
	ErrJointEmpty    = Problem{Kind: Refused, Code: "joint_empty", Text: "联合清单中还没有内容。请至少列入一项后再办理。"}
	ErrJointWaiting  = Problem{Kind: Refused, Code: "joint_waiting", Text: "还差%s会签（%s）。请等待答复，或按其意见修改后重新征求。"}
	ErrJointOutdated = Problem{Kind: Refused, Code: "joint_outdated", Text: "“%s”已有新版本或者已移出清单。请修改联合清单后重新征求会签。"}
	ErrJointPlaces   = Problem{Kind: Invalid, Code: "joint_places", Field: "places", Text: "请填写公布的网站或者平台，每行一个，例如 市政府网站。"}

	ErrQuestionRow   = Problem{Kind: Invalid, Code: "question_row", Field: "questions", Text: "第 %d 题：%s"}
	ErrQuestionName  = Problem{Kind: Invalid, Code: "question_name", Field: "name", Text: "题目代号应以字母开头，只含字母、数字和下划线，最多 32 位，例如 licence_shown。请修改。"}
	ErrQuestionTwice = Problem{Kind: Invalid, Code: "question_twice", Field: "name", Text: "题目代号“%s”已经用过。请换一个。"}
	ErrQuestionType  = Problem{Kind: Invalid, Code: "question_type", Field: "type", Text: "题型“%s”无法识别。可以使用：是否、单选、多选、数字、文字、照片、说明。"}
	ErrChoicesFew    = Problem{Kind: Invalid, Code: "choices_few", Field: "choices", Text: "选择题至少要有两个不同的选项，每行一个，每项最多 60 个字。请补充。"}
	ErrChoicesMany   = Problem{Kind: Invalid, Code: "choices_many", Field: "choices", Text: "选项最多 50 个，且只有选择题才有选项。请修改。"}
	ErrConditionOn   = Problem{Kind: Invalid, Code: "condition_on", Field: "if", Text: "显示条件只能引用排在前面的题目，且不能是说明或照片。请修改。"}
	ErrConditionIs   = Problem{Kind: Invalid, Code: "condition_is", Field: "is", Text: "显示条件中的“%s”不是所引用题目的选项。请修改。"}
	ErrDefault       = Problem{Kind: Invalid, Code: "default", Field: "default", Text: "默认答案“%s”不符合题型。请修改。"}
	ErrQuestionGone  = Problem{Kind: Refused, Code: "question_gone", Text: "第 %d 题的显示条件引用了这道题。请先修改该题的显示条件。"}
)
