package act_test

import (
	"fmt"
	"sync"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// 国办发〔2024〕54号: the office sets how often a body may inspect one object in a year.
func TestBodyCaps(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		zou, mayor := o.Leader("邹主任", "lhb"), o.Someone("梁市长", inspect.Convener, "zf")
		put := act.PutCap{Org: rig.Org("scjg"), Year: 2026, Most: 2, Grounds: "投诉举报\n\n投诉举报\n上级部署"}
		o.Refused(o.Leader("王局长", "scjg"), put, inspect.ErrDenied)
		o.Refused(o.Clerk("周主任", "lhb"), put, inspect.ErrDenied)
		for _, org := range []inspect.OrgID{rig.Org("lhb"), rig.ID[inspect.OrgID]("nobody")} {
			o.Refused(zou, act.PutCap{Org: org, Year: 2026, Most: 2}, inspect.ErrChoice)
		}
		o.Refused(zou, act.PutCap{Org: rig.Org("scjg"), Year: 2024, Most: 2}, inspect.ErrRange)
		o.Refused(zou, act.PutCap{Org: rig.Org("scjg"), Year: 2026, Most: 0}, inspect.ErrRange)
		o.Done(zou, put)
		o.Refused(mayor, put, inspect.ErrStale)
		put.Seen, put.Most = 1, 3
		o.Done(mayor, put)
		caps, err := o.Store.DB.BodyCaps(o.Context(), zou.Scope(), 2026)
		if limit, ok := inspect.CapOf(caps, rig.Org("scjg"), 2026); err != nil || !ok || limit.Most != 3 || limit.Grounds != "投诉举报\n上级部署" || limit.Headline() == "" {
			t.Errorf("the cap is %+v, %v", limit, err)
		}
		o.Verified()
	})
}

// R52, R53: a third draw of an object in a year needs a ground that the record bears
// out, and the office's word; nobody decides on their own question: INV-09.
func TestWaivers(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Library("scjg", 2)
		li, zou := o.Clerk("李科长", "scjg"), o.Leader("邹主任", "lhb")
		no := o.ObjectNo("SITE-scjg-1")
		ask := act.AskWaiver{ID: rig.ID[inspect.WaiverID](o.Name()), Object: no, Year: 2026, Kind: "complaints", Ground: "三个月内投诉 12 件"}
		o.Refused(zou, ask, inspect.ErrDenied)
		o.Refused(o.Clerk("周主任", "lhb"), ask, inspect.ErrDenied)
		o.Refused(li, ask, inspect.ErrWaiverFlag)
		o.Done(li, act.PutFlag{Object: no, Kind: inspect.FlagComplaints, Since: day("2026-02-01"), Source: "12315 平台"})
		o.Refused(li, act.AskWaiver{ID: ask.ID, Object: no, Year: 2026, Kind: "white", Ground: "x"}, inspect.ErrChoice)
		o.Refused(li, act.AskWaiver{ID: ask.ID, Object: 999, Year: 2026, Kind: "other", Ground: "x"}, inspect.ErrChoice)
		o.Done(li, ask)
		o.Refused(o.Clerk("孙警官", "gaj"), act.AskWaiver{ID: rig.ID[inspect.WaiverID]("second"), Object: no, Year: 2026, Kind: "complaints", Ground: "x"}, inspect.ErrWaiverOpen)
		grant := act.GrantWaiver{WaiverDecision: act.WaiverDecision{ID: ask.ID, Seen: 1, Opinion: "同意"}}
		o.Refused(o.Leader("王局长", "scjg"), grant, inspect.ErrDenied)
		o.Refused(o.Leader("胡局长", "gaj"), grant, inspect.ErrMissing)
		o.Refused(o.Leader("李科长", "lhb"), grant, inspect.ErrOwnWork)
		o.Done(zou, grant)
		o.Refused(zou, act.RefuseWaiver{WaiverDecision: act.WaiverDecision{ID: ask.ID, Seen: 2, Opinion: "不同意"}}, inspect.ErrStep)
		o.Refused(li, act.WithdrawWaiver{ID: ask.ID, Seen: 2}, inspect.ErrStep)

		second := act.AskWaiver{ID: rig.ID[inspect.WaiverID](o.Name() + "2"), Object: o.ObjectNo("SITE-scjg-2"), Year: 2026, Kind: "other", Ground: "对象申请"}
		o.Done(li, second)
		o.Refused(zou, act.RefuseWaiver{WaiverDecision: act.WaiverDecision{ID: second.ID, Seen: 1}}, inspect.ErrOpinion)
		o.Done(zou, act.RefuseWaiver{WaiverDecision: act.WaiverDecision{ID: second.ID, Seen: 1, Opinion: "依据不足"}})
		third := second
		third.ID = rig.ID[inspect.WaiverID](o.Name() + "3")
		o.Done(li, third)
		o.Done(li, act.WithdrawWaiver{ID: third.ID, Seen: 1})
		all, err := o.Store.DB.Waivers(o.Context(), li.Scope(), 10)
		if err != nil || len(all) != 3 {
			t.Errorf("the waivers are %+v, %v", all, err)
		}
		o.Verified()
	})
}

// R52: of many who ask for one object, one is heard.
func TestOneWaiverOfAnObjectAndYear(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Library("scjg", 1)
		li, no := o.Clerk("李科长", "scjg"), o.ObjectNo("SITE-scjg-1")
		var wait sync.WaitGroup
		for i := range 10 {
			wait.Go(func() {
				o.Do(li, act.AskWaiver{ID: rig.ID[inspect.WaiverID](fmt.Sprint(o.Name(), i)), Object: no, Year: 2026, Kind: "other", Ground: "复查"})
			})
		}
		wait.Wait()
		if all, err := o.Store.DB.Waivers(o.Context(), li.Scope(), 20); err != nil || len(all) != 1 {
			t.Errorf("%d waivers, %v", len(all), err)
		}
	})
}
