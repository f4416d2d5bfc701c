package inspect

// Problems of targets and deliveries.
var (
	ErrTargetSlug    = Problem{Kind: Invalid, Code: "target_slug", Text: "订阅地址应当以小写字母开头，由 2 至 30 个小写字母、数字或者短横线组成。请修改。"}
	ErrTargetURL     = Problem{Kind: Invalid, Code: "target_url", Text: "推送地址%s。请修改。"}
	ErrTargetTwice   = Problem{Kind: Refused, Code: "target_twice", Field: "slug", Text: "这个订阅地址已经用过，不能再用。请另取一个。"}
	ErrTargetEnded   = Problem{Kind: Refused, Code: "target_ended", Text: "这个报送渠道已经停用。请选择使用中的渠道。"}
	ErrDeliveryKind  = Problem{Kind: Refused, Code: "delivery_kind", Text: "这个报送渠道不是文件报送，没有文件可以办理。请从报送登记簿进入。"}
	ErrDeliveryNone  = Problem{Kind: Refused, Code: "delivery_none", Text: "没有可以办理的报送。请刷新页面，查看目前的状态。"}
	ErrDeliveryOther = Problem{Kind: Refused, Code: "delivery_other", Text: "报送的内容与公示的版本不一致，没有登记。请联系系统管理员核查。"}
	ErrDeliveryRow   = Problem{Kind: Invalid, Code: "delivery_row", Field: "refused", Text: "第 %d 行“%s”应当写成：报送序号、空格、退回原因，序号应当在这份文件之中。请修改。"}
	ErrDeliveryRows  = Problem{Kind: Invalid, Code: "delivery_rows", Field: "refused", Text: "序号 %d 写了两次。请合并为一行。"}
)
