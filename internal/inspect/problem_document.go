package inspect

// Problems of printed forms.
var (
	ErrFormLong = Problem{Kind: Refused, Code: "form_long", Text: "文书超过 %d 页，不能生成。请减少内容，或者分成几份文书。"}
)
