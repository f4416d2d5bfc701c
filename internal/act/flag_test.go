package act_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// R53: whatever department knows of the reason marks the object; it alone ends the
// mark, and a white list has a ground and a day of exit.
func TestObjectIsMarked(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		o.Done(li, anObject())
		day := workday.MustParse
		watch := act.PutFlag{Object: 1, Kind: inspect.FlagWatch, Since: day("2026-02-01"), Source: "专项整治"}
		o.Done(sun, watch)
		o.Refused(sun, watch, inspect.ErrFlagTaken)
		watch.Seen, watch.Note = 1, "重点监管"
		o.Refused(li, watch, inspect.ErrMissing)
		o.Done(sun, watch)
		o.Refused(sun, watch, inspect.ErrStale)

		white := act.PutFlag{Object: 1, Kind: inspect.FlagWhite, Since: day("2026-02-01"), Source: "信用办"}
		o.Refused(li, white, inspect.ErrEmpty)
		white.Until, white.Note = day("2026-01-01"), "连续三年无违法"
		o.Refused(li, white, inspect.ErrFlagDays)
		white.Until = day("2027-01-31")
		o.Done(li, white)
		white.Since = day("2026-04-01")
		o.Refused(li, white, inspect.ErrFuture)
		o.Refused(li, act.PutFlag{Object: 9, Kind: inspect.FlagWatch, Since: day("2026-02-01"), Source: "x"}, inspect.ErrMissing)

		end := act.EndFlag{Object: 1, Kind: inspect.FlagWatch, Since: day("2026-02-01"), Seen: 2, Until: day("2026-02-20"), Reason: "已整改"}
		o.Refused(li, end, inspect.ErrMissing)
		o.Refused(o.Leader("王局长", "gaj"), end, inspect.ErrDenied)
		o.Done(sun, end)
		end.Seen = 3
		o.Refused(sun, end, inspect.ErrStep)

		o.Done(li, act.WithdrawObject{Object: 1, Seen: 1, Reason: "误录入"})
		o.Refused(sun, act.PutFlag{Object: 1, Kind: inspect.FlagSerious, Since: day("2026-02-01"), Source: "x"}, inspect.ErrStep)
		o.Verified()
	})
}

func TestLicenceIsKept(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		o.Done(li, anObject())
		licence := act.PutLicence{Object: 1, Name: "食品经营许可证", Number: "JY137068700001", Issued: workday.MustParse("2024-01-01"), ValidTo: workday.MustParse("2023-01-01")}
		o.Refused(li, licence, inspect.ErrLicenceDays)
		licence.ValidTo = workday.MustParse("2029-01-01")
		o.Done(li, licence)
		o.Refused(sun, licence, inspect.ErrLicenceTaken)
		licence.Seen, licence.Authority = 1, "海阳市行政审批服务局"
		o.Done(li, licence)
		end := act.EndLicence{Object: 1, Name: licence.Name, Number: licence.Number, Seen: 2}
		o.Refused(li, end, inspect.ErrEmpty)
		end.Reason = "注销"
		o.Refused(sun, end, inspect.ErrMissing)
		o.Done(li, end)
		end.Seen = 3
		o.Refused(li, end, inspect.ErrStep)
		o.Verified()
	})
}
