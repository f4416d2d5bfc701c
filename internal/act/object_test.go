package act_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

func anObject() act.PutObject {
	return act.PutObject{
		Kind: inspect.Enterprise, Code: "91370687MA3TERT03B", Name: "海阳市某某食品有限公司", Status: inspect.ObjectActive,
		Address: "海阳市某路 1 号", Scope: "食品生产；食品销售", Industry: "1411", Established: workday.MustParse("2019-05-06"),
		Source: "市场主体登记", Sourced: workday.MustParse("2026-02-01"),
	}
}

func TestObjectIsKept(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := o.Clerk("李科长", "scjg")
		o.Done(li, anObject())
		twice := anObject()
		twice.Name = "另一家"
		o.Refused(li, twice, inspect.ErrObjectTaken)

		change := anObject()
		change.Object, change.Seen, change.Name = 1, 1, "海阳市新名食品有限公司"
		o.Done(li, change)
		o.Refused(li, change, inspect.ErrStale)
		change.Seen = 2
		o.Refused(o.Clerk("孙警官", "gaj"), change, inspect.ErrObjectForeign)

		other := anObject()
		other.Code, other.Name = "92370687MA3XY12K76", "重复的店"
		other.Kind = inspect.IndividualBusiness
		o.Done(li, other)
		o.Refused(li, act.MergeObject{Object: 2, Seen: 1, Into: 2, Reason: "重复"}, inspect.ErrMergeInto)
		o.Refused(li, act.MergeObject{Object: 2, Seen: 1, Into: 1}, inspect.ErrEmpty)
		o.Done(li, act.MergeObject{Object: 2, Seen: 1, Into: 1, Reason: "换发代码"})
		o.Refused(li, act.WithdrawObject{Object: 2, Seen: 2, Reason: "误录入"}, inspect.ErrStep)
		o.Done(li, act.WithdrawObject{Object: 1, Seen: 2, Reason: "误录入"})
		o.Verified()
	})
}
