package act_test

import (
	"fmt"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// sites registers n sites, with the numbers from 1 on.
func sites(o *rig.Office, by inspect.Actor, n int) {
	for i := range n {
		object := anObject()
		object.Kind, object.Code = inspect.Site, fmt.Sprint("S-", i+1)
		o.Done(by, object)
	}
}

// saying is what a refusal says.
func saying(o *rig.Office, by inspect.Actor, c act.Command, want inspect.Problem) string {
	o.Refused(by, c, want)
	_, err := o.Do(by, c)
	return err.Error()
}

func of(nos ...inspect.ObjectNo) act.Objects { return act.Objects{Objects: nos} }

// R53: many objects get one flag, or lose it, by one act with one entry; what may
// not be is named, and then nothing happens.
func TestFlagsOfMany(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		sites(o, li, 3)
		day := workday.MustParse
		put := act.PutFlags{Objects: of(1, 2, 2), Kind: inspect.FlagWatch, Since: day("2026-02-01"), Source: "专项整治"}
		bears := func(want string) {
			t.Helper()
			flags, err := o.Store.DB.FlagsOn(o.Context(), li.Scope(), []inspect.ObjectNo{1, 2, 3}, day("2026-03-02"))
			if err != nil {
				o.Fatal(err)
			}
			got := ""
			for no := range inspect.ObjectNo(4) {
				for _, k := range flags[no] {
					got += no.String() + " " + string(k) + ";"
				}
			}
			if got != want {
				o.Fatalf("the objects bear %q, want %q", got, want)
			}
		}
		o.Done(sun, put)
		bears("1 watch;2 watch;")
		o.Refused(li, put, inspect.ErrMembersIdle) // they bear it, whoever put it there
		put.Objects = of(1, 3)
		o.Done(li, put)
		bears("1 watch;2 watch;3 watch;")
		o.Refused(li, act.PutFlags{Objects: of(1), Kind: inspect.FlagWhite, Since: day("2026-02-01"), Source: "x"}, inspect.ErrEmpty)
		o.Refused(li, act.PutFlags{Objects: of(), Kind: inspect.FlagWatch, Since: day("2026-02-01"), Source: "x"}, inspect.ErrMembersNone)
		o.Refused(li, act.PutFlags{Objects: of(make([]inspect.ObjectNo, 5001)...), Kind: inspect.FlagWatch, Since: day("2026-02-01"), Source: "x"}, inspect.ErrMembersMany)
		o.Refused(li, act.PutFlags{Objects: of(1, 99), Kind: inspect.FlagAbnormal, Since: day("2026-02-01"), Source: "x"}, inspect.ErrMissing)

		end := act.EndFlags{Objects: of(1, 2, 3), Kind: inspect.FlagWatch, Until: day("2026-03-01"), Reason: "已整改"}
		o.Refused(o.Leader("王局长", "gaj"), end, inspect.ErrDenied)
		o.Done(sun, end) // its own: not the one of the other department
		bears("3 watch;")
		o.Refused(sun, end, inspect.ErrMembersIdle)
		end.Kind = "x"
		o.Refused(sun, end, inspect.ErrChoice)
		put.Objects = of(1, 2)
		o.Done(sun, put) // undone: the same days again
		bears("1 watch;2 watch;3 watch;")

		o.Done(li, act.WithdrawObject{Object: 3, Seen: 1, Reason: "误录入"})
		said := saying(o, li, act.PutFlags{Objects: of(2, 3), Kind: inspect.FlagAbnormal, Since: day("2026-02-01"), Source: "x"}, inspect.ErrRows)
		if !strings.Contains(said, "有 1 个检查对象不能办理：3 号“"+anObject().Name+"”") {
			o.Errorf("the refusal says %s", said)
		}
		bears("1 watch;2 watch;3 watch;")
		o.Verified()
	})
}

// R27, R31: licences of a name end together, and are put in force again.
func TestLicencesOfMany(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		sites(o, li, 2)
		for no := range inspect.ObjectNo(2) {
			o.Done(li, act.PutLicence{Object: no + 1, Name: "食品经营许可证", Number: "A" + no.String(), ValidTo: workday.MustParse("2026-03-31")})
		}
		end := act.EndLicences{Objects: of(1, 2), Name: "食品经营许可证", Reason: "统一换证"}
		o.Refused(sun, end, inspect.ErrMembersIdle)
		o.Done(li, end)
		o.Refused(li, end, inspect.ErrMembersIdle)
		o.Refused(li, act.EndLicences{Objects: of(1), Reason: "x"}, inspect.ErrEmpty)
		revive := act.ReviveLicences{Objects: of(1, 2), Name: "食品经营许可证", Reason: "误操作"}
		o.Refused(sun, revive, inspect.ErrMembersIdle)
		o.Done(li, revive)
		held, err := o.Store.DB.Licences(o.Context(), li.Scope(), 2)
		if err != nil || len(held) != 1 || held[0].Ended || held[0].Version != 3 {
			o.Errorf("licences are %v, %v", held, err)
		}
		o.Verified()
	})
}

// R111, 海政办发〔2020〕2号 二(七): what stays under strict supervision as before is
// never drawn; a leader of its own department says so, with the ground.
func TestObjectsOutsideAreNeverDrawn(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		sites(o, li, 2)
		take := act.TakeOutside{Objects: of(1, 2), Ground: "特种设备安全法规定重点监督检查"}
		o.Refused(li, take, inspect.ErrDenied)
		if said := saying(o, o.Leader("郑局长", "gaj"), take, inspect.ErrRows); !strings.Contains(said, "由其他部门负责维护") {
			o.Errorf("the refusal says %s", said)
		}
		o.Refused(wang, act.TakeOutside{Objects: of(1)}, inspect.ErrEmpty)
		o.Done(wang, take)
		o.Refused(wang, take, inspect.ErrMembersIdle)
		one, err := o.Store.DB.Object(o.Context(), li.Scope(), 1)
		if err != nil || one.Drawable() || one.Obstacle() != inspect.OutsideText || one.Outside != take.Ground {
			o.Fatalf("the object is %+v, %v", one, err)
		}
		again := anObject() // the clerk changes the rest of the row, not this
		again.Object, again.Seen, again.Kind, again.Code, again.Name = 1, 2, inspect.Site, one.Code, "新的名称"
		o.Done(li, again)
		if one, err = o.Store.DB.Object(o.Context(), li.Scope(), 1); err != nil || one.Drawable() || one.Name != "新的名称" {
			o.Errorf("after a change of the rest the object is %+v, %v", one, err)
		}
		history, err := o.Store.DB.ObjectHistory(o.Context(), li.Scope(), 2)
		if err != nil || len(history) != 2 || history[0].Ground != take.Ground || history[0].Entry.Verb != inspect.ObjectOutside {
			o.Errorf("the history is %+v, %v", history, err)
		}
		o.Refused(wang, act.BringInside{Objects: of(1, 2)}, inspect.ErrEmpty)
		o.Done(wang, act.BringInside{Objects: of(1), Reason: "监管方式调整"})
		if one, err = o.Store.DB.Object(o.Context(), li.Scope(), 1); err != nil || !one.Drawable() {
			o.Errorf("brought inside, the object is %+v, %v", one, err)
		}
		o.Done(li, act.WithdrawObject{Object: 1, Seen: 4, Reason: "误录入"})
		o.Refused(wang, act.TakeOutside{Objects: of(1, 2), Ground: "其他依据"}, inspect.ErrRows)
		o.Verified()
	})
}
