package act_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

func anInspector(code, name string) act.PutInspector {
	return act.PutInspector{
		Code: code, Name: name, Gender: "male", Category: inspect.CivilServant, Division: "食品科", Position: "科员", Phone: "000-0001",
		Quals: "药品检查员\n特种设备安全监察员", Areas: []string{"370687001"}, Units: "方圆所",
		Source: "人事档案", Sourced: workday.MustParse("2026-02-01"),
	}
}

func aCertificate(no inspect.InspectorNo, seen int64, number, from, until string) act.CertifyInspector {
	return act.CertifyInspector{
		Inspector: no, Seen: seen, Kind: inspect.ProvinceCertificate, Number: number, Authority: "省司法厅",
		From: workday.MustParse(from), Until: workday.MustParse(until),
	}
}

// roster is who can be drawn on the days, for an act that draws.
func roster(o *rig.Office, from, until string, history ...inspect.Met) inspect.Roster {
	o.Helper()
	var r inspect.Roster
	err := o.Store.Writer.Write(context.Background(), func(t *store.Tx) (err error) {
		r, err = t.Roster(context.Background(), []inspect.OrgID{rig.Org("scjg"), rig.Org("gaj")},
			inspect.Days{From: workday.MustParse(from), Until: workday.MustParse(until)}, history)
		return err
	})
	if err != nil {
		o.Fatalf("read the roster: %v", err)
	}
	return r
}

// wrongAt tries an act that must be refused for a field, and change nothing.
func wrongAt(o *rig.Office, who inspect.Actor, c act.Command, field string) {
	o.Helper()
	_, err := o.Do(who, c)
	var ps inspect.Problems
	if !errors.As(err, &ps) {
		var p inspect.Problem
		if errors.As(err, &p) {
			ps = inspect.Problems{p}
		}
	}
	if !slices.ContainsFunc(ps, func(p inspect.Problem) bool { return p.Field == field }) {
		o.Errorf("%s: got %v, want a problem at %s", c.Verb(), err, field)
	}
}

// R38, C2: all staff are in the library; who has a valid certificate is drawn.
func TestInspectorIsKept(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		o.Done(li, anInspector("A-01", "王二"))
		o.Refused(li, anInspector("A-01", "别人"), inspect.ErrInspectorTaken)
		o.Done(sun, anInspector("A-01", "赵警官"))                                        // the number is the department's own
		o.Refused(o.Clerk("办公室", "lhb"), anInspector("B-01", "某人"), inspect.ErrDenied) // C3: the office inspects nobody
		o.Refused(o.Leader("王局长", "scjg"), anInspector("B-01", "某人"), inspect.ErrDenied)
		for field, wrong := range map[string]func(*act.PutInspector){
			"code": func(c *act.PutInspector) { c.Code = "370687199001010012" }, "name": func(c *act.PutInspector) { c.Name = "" },
			"category": func(c *act.PutInspector) { c.Category = "boss" }, "gender": func(c *act.PutInspector) { c.Gender = "x" },
			"items": func(c *act.PutInspector) { c.Items = []string{"NONE-1"} }, "areas": func(c *act.PutInspector) { c.Areas = []string{"110000"} },
			"quals": func(c *act.PutInspector) { c.Quals = "药品 检查员" }, "person": func(c *act.PutInspector) { c.Person = li.Person },
			"duty_from": func(c *act.PutInspector) { c.DutyFrom = workday.MustParse("2027-01-01") },
			"sourced":   func(c *act.PutInspector) { c.Sourced = workday.MustParse("2027-01-01") }, "source": func(c *act.PutInspector) { c.Source = "" },
			"phone": func(c *act.PutInspector) { c.Phone = "1\u202e2" },
		} {
			c := anInspector("B-02", "某人")
			wrong(&c)
			wrongAt(o, li, c, field)
		}

		o.Refused(sun, aCertificate(1, 1, "鲁F001", "2025-01-01", "2026-12-31"), inspect.ErrInspectorForeign)
		o.Done(li, aCertificate(1, 1, "鲁F001", "2025-01-01", "2026-12-31"))
		o.Refused(li, aCertificate(1, 1, "鲁F009", "2025-01-01", "2026-12-31"), inspect.ErrStale)
		o.Refused(sun, aCertificate(2, 1, "鲁F001", "2025-01-01", "2026-12-31"), inspect.ErrCertificateTaken)
		o.Refused(li, aCertificate(1, 2, "鲁F002", "2027-01-01", "2026-12-31"), inspect.ErrDays)
		o.Done(li, aCertificate(1, 2, "鲁F002", "2027-01-01", "2031-12-31"))
		if r := roster(o, "2026-12-20", "2027-01-10"); len(r.People) != 1 || r.People[0].No != 1 || len(r.Left) != 1 {
			o.Errorf("certificates without a gap: %+v", r)
		}
		shorter := aCertificate(1, 3, "鲁F002", "2027-02-01", "2031-12-31")
		shorter.Was = "鲁F002"
		o.Done(li, shorter)
		if r := roster(o, "2026-12-20", "2027-01-10"); len(r.People) != 0 || r.Left[0].Obstacle.Kind != inspect.CertificateUp {
			o.Errorf("certificates with a gap: %+v", r)
		}

		helper := anInspector("Z-01", "周专家")
		helper.Category = inspect.Expert
		o.Done(li, helper)
		o.Refused(li, aCertificate(3, 1, "鲁F003", "2025-01-01", "2026-12-31"), inspect.ErrHelperCertificate) // C1
		change := anInspector("A-01", "王二")
		change.Inspector, change.Seen, change.Category = 1, 4, inspect.ThirdParty
		o.Refused(li, change, inspect.ErrHelperCertificate)

		end := act.EndInspector{Inspector: 1, Seen: 4}
		o.Refused(li, end, inspect.ErrEmpty)
		end.Reason = "退休"
		o.Refused(sun, end, inspect.ErrInspectorForeign)
		o.Done(li, end)
		end.Seen = 5
		o.Refused(li, end, inspect.ErrStep)
		o.Refused(li, act.PutAway{Away: rig.ID[inspect.AwayID]("a"), Inspector: 1, Kind: "leave"}, inspect.ErrInspectorLeft)
		if r := roster(o, "2026-03-02", "2026-03-10"); len(r.People) != 0 {
			o.Errorf("somebody who left is drawn: %+v", r)
		}
		change = anInspector("A-01", "王二")
		change.Inspector, change.Seen = 1, 5
		o.Done(li, change)
		if r := roster(o, "2026-03-02", "2026-03-10"); len(r.People) != 1 {
			o.Errorf("who is back is not drawn: %+v", r)
		}
		o.Verified()
	})
}

// R70: who is on leave, in training or on another task is not drawn.
func TestInspectorIsAway(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		o.Done(li, anInspector("A-01", "王二"))
		o.Done(li, aCertificate(1, 1, "鲁F001", "2025-01-01", "2026-12-31"))
		away := act.PutAway{
			Away: rig.ID[inspect.AwayID]("leave"), Inspector: 1, Kind: "leave", From: workday.MustParse("2026-03-05"),
			Until: workday.MustParse("2026-03-06"), Note: "家事",
		}
		o.Refused(sun, away, inspect.ErrInspectorForeign)
		for field, wrong := range map[string]func(*act.PutAway){
			"kind": func(c *act.PutAway) { c.Kind = "sick" }, "from": func(c *act.PutAway) { c.From = workday.Date{} },
			"until": func(c *act.PutAway) { c.Until = workday.MustParse("2026-03-04") }, "away": func(c *act.PutAway) { c.Away = "1" },
			"note": func(c *act.PutAway) { c.Note = "a\u0000b" },
		} {
			c := away
			wrong(&c)
			wrongAt(o, li, c, field)
		}
		o.Done(li, away)
		o.Refused(li, away, inspect.ErrTaken)
		for _, test := range []struct {
			from, until string
			drawn       int
		}{{"2026-03-02", "2026-03-04", 1}, {"2026-03-02", "2026-03-05", 0}, {"2026-03-06", "2026-03-20", 0}, {"2026-03-07", "2026-03-20", 1}} {
			if r := roster(o, test.from, test.until); len(r.People) != test.drawn {
				o.Errorf("%s to %s: %+v, want %d drawn", test.from, test.until, r, test.drawn)
			}
		}
		longer := away
		longer.Seen, longer.Until = 1, workday.MustParse("2026-03-09")
		o.Done(li, longer)
		o.Refused(sun, act.DropAway{Away: away.Away, Seen: 2}, inspect.ErrInspectorForeign)
		o.Refused(li, act.DropAway{Away: away.Away, Seen: 1}, inspect.ErrStale)
		o.Done(li, act.DropAway{Away: away.Away, Seen: 2})
		o.Refused(li, act.DropAway{Away: away.Away, Seen: 3}, inspect.ErrStep)
		if r := roster(o, "2026-03-06", "2026-03-06"); len(r.People) != 1 {
			o.Errorf("a withdrawn period keeps out: %+v", r)
		}
		o.Verified()
	})
}

// Recusal: what an inspector declares is nobody's business but the department's,
// and only another leader takes it back.
func TestTieIsDeclared(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang, sun := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg"), o.Leader("孙局长", "gaj")
		me := o.Someone("王二", inspect.InspectorPost, "scjg")
		c := anInspector("A-01", "王二")
		c.Person = me.Person
		o.Done(li, c)
		o.Done(li, anInspector("A-02", "刘三"))
		c.Code, c.Name = "A-03", "冒名"
		o.Refused(li, c, inspect.ErrInspectorAccount)
		o.Done(li, aCertificate(1, 1, "鲁F001", "2025-01-01", "2026-12-31"))

		tie := act.PutTie{
			Tie: rig.ID[inspect.TieID]("tie"), Inspector: 1, Code: "91370687ma3tert03b", Name: "海阳市某某食品有限公司", Kind: inspect.FormerEmployer,
			Since: workday.MustParse("2015-01-01"), Until: workday.MustParse("2023-06-30"),
		}
		for field, wrong := range map[string]func(*act.PutTie){
			"name": func(c *act.PutTie) { c.Name = " " }, "kind": func(c *act.PutTie) { c.Kind = "friend" },
			"until": func(c *act.PutTie) { c.Until = workday.Date{} }, "since": func(c *act.PutTie) { c.Since = workday.MustParse("2027-01-01") },
			"ground": func(c *act.PutTie) { c.Kind = inspect.OtherTie }, "tie": func(c *act.PutTie) { c.Tie = "" },
		} {
			c := tie
			wrong(&c)
			wrongAt(o, me, c, field)
		}
		o.Done(me, tie)
		second := tie
		second.Tie, second.Inspector = rig.ID[inspect.TieID]("second"), 2
		o.Refused(me, second, inspect.ErrInspectorOther)
		o.Refused(sun, act.DropTie{Tie: tie.Tie, Seen: 1, Reason: "误"}, inspect.ErrMissing)

		for until, want := range map[string]int{"2026-06-29": 1, "2026-07-01": 0} {
			if r := roster(o, until, until); len(r.Avoid) != want || want == 1 && r.Avoid[0].Code != "91370687MA3TERT03B" {
				o.Errorf("three years after 2023-06-30, on %s: %+v", until, r.Avoid)
			}
		}
		met := []inspect.Met{{Inspector: 1, Object: "X", On: workday.MustParse("2025-12-01")}, {Inspector: 1, Object: "Y", On: workday.MustParse("2026-01-05")}}
		if r := roster(o, "2026-07-01", "2026-07-02", met...); len(r.Avoid) != 2 || r.People[0].Load != 1 {
			o.Errorf("the same pair not twice in 24 months, load of the year: %+v", r)
		}

		o.Refused(li, act.DropTie{Tie: tie.Tie, Seen: 1, Reason: "申报有误"}, inspect.ErrDenied)
		myself := o.Leader("王二", "scjg")
		o.Refused(myself, act.DropTie{Tie: tie.Tie, Seen: 1, Reason: "申报有误"}, inspect.ErrOwnTie)
		o.Refused(wang, act.DropTie{Tie: tie.Tie, Seen: 1}, inspect.ErrEmpty)
		o.Done(wang, act.DropTie{Tie: tie.Tie, Seen: 1, Reason: "申报有误"})
		o.Refused(wang, act.DropTie{Tie: tie.Tie, Seen: 2, Reason: "申报有误"}, inspect.ErrStep)
		if r := roster(o, "2026-03-02", "2026-03-02"); len(r.Avoid) != 0 {
			o.Errorf("a withdrawn tie still keeps away: %+v", r.Avoid)
		}

		all, err := o.Store.DB.Ties(context.Background(), li.Scope(), 1)
		if err != nil || len(all) != 1 || all[0].By != me.Person {
			o.Errorf("the department reads %+v, %v", all, err)
		}
		if all, err := o.Store.DB.Ties(context.Background(), sun.Scope(), 1); err != nil || len(all) != 0 {
			o.Errorf("another department reads %+v, %v", all, err)
		}
		o.Verified()
	})
}

// R123, R38: training that a department asks for, and the staff it declares.
func TestWorkforceIsDeclared(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		o.Done(li, anInspector("A-01", "王二"))
		o.Done(li, aCertificate(1, 1, "鲁F001", "2025-01-01", "2026-12-31"))
		learnt := act.PutTraining{
			Training: rig.ID[inspect.TrainingID]("t"), Inspector: 1, Topic: "食品安全法", Hours: 20, Exam: "none", Day: workday.MustParse("2026-02-01"),
		}
		for field, wrong := range map[string]func(*act.PutTraining){
			"topic": func(c *act.PutTraining) { c.Topic = "" }, "hours": func(c *act.PutTraining) { c.Hours = 0 },
			"exam": func(c *act.PutTraining) { c.Exam = "x" }, "day": func(c *act.PutTraining) { c.Day = workday.MustParse("2026-12-01") },
			"training": func(c *act.PutTraining) { c.Training = "x" },
		} {
			c := learnt
			wrong(&c)
			wrongAt(o, li, c, field)
		}
		o.Refused(sun, learnt, inspect.ErrInspectorForeign)
		o.Done(li, learnt)
		o.Refused(li, learnt, inspect.ErrTaken)

		staff := act.PutWorkforce{CivilServant: 10, Qualified: 5, Hours: 40, Exam: true}
		wrongAt(o, li, act.PutWorkforce{}, "civil_servant")
		wrongAt(o, li, act.PutWorkforce{Daily: -1}, "daily")
		wrongAt(o, li, act.PutWorkforce{Hours: 5000}, "hours")
		o.Refused(o.Clerk("办公室", "lhb"), staff, inspect.ErrDenied)
		o.Done(li, staff)
		o.Refused(li, staff, inspect.ErrStale)
		if r := roster(o, "2026-03-02", "2026-03-02"); len(r.People) != 0 || r.Left[0].Obstacle.Kind != inspect.IsUntrained {
			o.Errorf("20 of 40 hours: %+v", r)
		}
		learnt.Seen, learnt.Hours, learnt.Exam = 1, 40, "passed"
		o.Done(li, learnt)
		if r := roster(o, "2026-03-02", "2026-03-02"); len(r.People) != 1 {
			o.Errorf("40 hours and an exam: %+v", r)
		}
		if r := roster(o, "2027-02-01", "2027-02-01"); len(r.People) != 0 {
			o.Errorf("a year later: %+v", r)
		}
		staff.Seen, staff.Hours, staff.Exam = 1, 0, false
		o.Done(li, staff)
		all, err := o.Store.DB.Workforces(context.Background(), sun.Scope())
		if err != nil || len(all) != 1 || all[0].Staff != [3]int64{10, 5, 0} || all[0].Version != 2 {
			o.Errorf("the declarations are %+v, %v", all, err)
		}
		o.Verified()
	})
}

// A department reads of others who they are, and not what is personal.
func TestInspectorScope(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		o.Done(li, anInspector("A-01", "王二"))
		o.Done(li, aCertificate(1, 1, "鲁F001", "2025-01-01", "2026-12-31"))
		o.Done(li, act.PutAway{
			Away: rig.ID[inspect.AwayID]("leave"), Inspector: 1, Kind: "leave", From: workday.MustParse("2026-03-05"),
			Until: workday.MustParse("2026-03-06"), Note: "家事",
		})
		today := workday.On(o.Now)
		for _, test := range []struct {
			by          inspect.Actor
			phone, note string
			kind        inspect.AwayKind
			seen        int
		}{
			{li, "000-0001", "家事", "leave", 1}, {sun, "", "", "", 1}, {o.Someone("司法", inspect.Supervisor, "sfj"), "", "", "", 1},
			{o.Security(), "", "", "", 0},
		} {
			files, err := o.Store.DB.Inspectors(context.Background(), test.by.Scope(), store.InspectorFilter{Text: "WE", Since: today})
			if err != nil || len(files) != test.seen {
				o.Fatalf("%s reads %+v, %v", test.by.Name, files, err)
			}
			if test.seen == 0 {
				continue
			}
			f, err := o.Store.DB.Inspector(context.Background(), test.by.Scope(), 1, today)
			for _, f := range []inspect.InspectorFile{files[0], f} {
				if err != nil || f.Phone != test.phone || f.Away[0].Note != test.note || f.Away[0].Kind != test.kind {
					o.Errorf("%s reads %+v, %v", test.by.Name, f, err)
				}
			}
		}
		o.Verified()
	})
}
