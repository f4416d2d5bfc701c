package inspect

// Problems of visits and of their signatures.
var (
	ErrVisitTeam = Problem{Kind: Refused, Code: "visit_team", Text: "这个检查小组没有派发，或者已经递补、撤销，不能检查。"}
)
