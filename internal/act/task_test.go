package act_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

var day = workday.MustParse

// settings are those of a task as a form shows them.
func settings(task inspect.Task) act.PutTask {
	return act.PutTask{
		Task: task.ID, Seen: task.Version, Name: task.Name, From: task.From, Until: task.Until, Kind: task.Kind, Sublibs: task.Sublibs,
		Ratio: task.Ratio, Reserve: task.Reserve, Officers: task.Officers, Assistants: task.Assistants, NoNotice: task.NoNotice,
		Sealed: task.Sealed, Note: task.Note, Reason: task.Reason,
	}
}

// R16, R61, R62, R65, R66: a task from a line of the plan to where it can be drawn,
// by the posts whose turn it is and nobody else.
func TestTaskFromPlanToDraw(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		plan := o.JointPublished("scjg", "gaj", o.Library("scjg", 5))
		o.Staff("gaj", 2)
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		sun, hu := o.Clerk("孙警官", "gaj"), o.Leader("胡局长", "gaj")
		draft := act.DraftTask{Task: rig.ID[inspect.TaskID](o.Name() + "task"), Plan: plan, Line: 1}
		o.Refused(wang, draft, inspect.ErrDenied)
		o.Refused(sun, draft, inspect.ErrTaskLead)
		o.Refused(o.Clerk("周主任", "lhb"), draft, inspect.ErrTaskLead)
		o.Done(li, draft)
		id := draft.Task
		task := o.Task(id)
		if task.Number != "370687-2026-scjg-r01" || task.From != day("2026-06-01") || task.Until != day("2026-06-30") || len(task.Parts) != 2 || len(task.Items()) != 2 {
			t.Fatalf("the task begins as %+v", task)
		}
		o.Refused(sun, act.SubmitTask{Task: id, Seen: 1}, inspect.ErrMissing) // a draft is its department's own
		o.Refused(li, draft, inspect.ErrTaskUsed)

		put := settings(task)
		put.From, put.Until, put.Officers, put.Note = day("2026-06-08"), day("2026-06-12"), 2, "各组统一着装。"
		o.Done(li, put)
		put.Seen, put.Ratio = 2, "4%"
		o.Refused(li, put, inspect.ErrTaskReason) // R67
		o.Done(li, act.SubmitTask{Task: id, Seen: 2})

		o.Refused(wang, act.ApproveTask{Task: id, Seen: 3, Opinion: "同意"}, inspect.ErrTaskWaiting)
		answer := act.TaskAnswer{Task: id, Terms: 3, Opinion: "同意"}
		o.Refused(sun, act.AgreeTask{TaskAnswer: answer}, inspect.ErrDenied)
		o.Refused(o.Leader("吴局长", "wjw"), act.AgreeTask{TaskAnswer: answer}, inspect.ErrMissing)
		o.Done(hu, act.AgreeTask{TaskAnswer: answer})
		o.Refused(wang, act.ApproveTask{Task: id, Seen: 4}, inspect.ErrOpinion)
		o.Done(wang, act.ApproveTask{Task: id, Seen: 4, Opinion: "同意"})
		o.Refused(o.Clerk("周主任", "lhb"), act.FileTask{Task: id, Seen: 5}, inspect.ErrMissing)
		o.Done(li, act.FileTask{Task: id, Seen: 5})
		if task = o.Task(id); task.FilingNo != "370687-2026-ba001" || task.State != inspect.TaskFiled {
			t.Errorf("filed as %s in %s", task.FilingNo, task.State)
		}

		if gates := o.Gates(id); inspect.Ready(gates) || len(task.Missing(gates)) != 4 {
			t.Errorf("missing are %v", task.Missing(o.Gates(id)))
		}
		for _, by := range []inspect.Actor{li, sun} {
			for _, library := range inspect.Libraries {
				o.Done(by, o.Confirmed(by, id, inspect.Library(library.Value)))
			}
		}
		if gates := o.Gates(id); !inspect.Ready(gates) {
			t.Errorf("missing are %v", task.Missing(gates))
		}
		o.Verified()
	})
}

// R51: a participating department that declines sends the task back, and everybody
// is asked again.
func TestParticipantDeclinesTask(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		id, li, hu := o.TaskSubmitted(), o.Clerk("李科长", "scjg"), o.Leader("胡局长", "gaj")
		first := o.Task(id).Terms
		o.Refused(hu, act.DeclineTask{TaskAnswer: act.TaskAnswer{Task: id, Terms: first}}, inspect.ErrOpinion)
		o.Done(hu, act.DeclineTask{TaskAnswer: act.TaskAnswer{Task: id, Terms: first, Opinion: "六月人手不足"}})
		if task := o.Task(id); task.State != inspect.TaskDrafting || task.OpinionOrg != rig.Org("gaj") || task.Opinion != "六月人手不足" {
			t.Errorf("declined: %+v", task)
		}
		o.Refused(hu, act.AgreeTask{TaskAnswer: act.TaskAnswer{Task: id, Terms: first, Opinion: "同意"}}, inspect.ErrStep)
		o.Done(li, act.SubmitTask{Task: id, Seen: o.Task(id).Version})
		o.Refused(hu, act.AgreeTask{TaskAnswer: act.TaskAnswer{Task: id, Terms: first, Opinion: "同意"}}, inspect.ErrStale)
		o.Done(li, act.RecallTask{Task: id, Seen: o.Task(id).Version})
		o.Done(li, act.SubmitTask{Task: id, Seen: o.Task(id).Version})
		o.Done(o.Leader("王局长", "scjg"), act.ReturnTask{Task: id, Seen: o.Task(id).Version, Opinion: "请错开汛期"})
		o.Done(li, act.DiscardTask{Task: id, Seen: o.Task(id).Version})
		if next := o.TaskDrafted(li, o.Task(id).Line.Plan); o.Task(next).Number != "370687-2026-scjg-r02" { // numbers are permanent
			t.Errorf("the next task has number %s", o.Task(next).Number)
		}
	})
}

// INV-09: whoever settled a task does not approve it, though a colleague began and
// submitted it, and through no post.
func TestNobodyApprovesTheirOwnTask(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		plan := o.JointPublished("scjg", "gaj", o.Library("scjg", 5))
		li, zhao, both := o.Clerk("李科长", "scjg"), o.Clerk("赵科员", "scjg"), o.Clerk("钱副局长", "scjg")
		leads, elsewhere := o.Leader("钱副局长", "scjg"), o.Leader("钱副局长", "gaj")
		id := o.TaskDrafted(li, plan)
		o.Done(both, settings(o.Task(id)))
		o.Done(zhao, act.SubmitTask{Task: id, Seen: o.Task(id).Version})
		answer := act.TaskAnswer{Task: id, Terms: o.Task(id).Terms, Opinion: "同意"}
		o.Refused(elsewhere, act.AgreeTask{TaskAnswer: answer}, inspect.ErrOwnWork)
		o.Done(o.Leader("胡局长", "gaj"), act.AgreeTask{TaskAnswer: answer})
		approve := act.ApproveTask{Task: id, Seen: o.Task(id).Version, Opinion: "同意"}
		o.Refused(leads, approve, inspect.ErrOwnWork)
		o.Done(o.Leader("王局长", "scjg"), approve)
	})
}

// R62: outside the plan a task needs source, ground, scope and approval.
func TestTaskOutsideThePlan(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		lib := o.Library("scjg", 3)
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		item := o.Item("scjg", "A-1")
		foreign := o.Item("gaj", "A-1")
		draft := act.DraftTask{Task: rig.ID[inspect.TaskID](o.Name()), Source: inspect.FromComplaint, Name: "外卖专项抽查"}
		o.Refused(li, draft, inspect.ErrEmpty)
		draft.Ground = "近一个月投诉 37 件"
		o.Refused(o.Clerk("周主任", "lhb"), draft, inspect.ErrTaskBody) // C3
		o.Done(li, draft)
		id := draft.Task
		o.Refused(li, act.SubmitTask{Task: id, Seen: 1}, inspect.ErrTaskScope)
		put := settings(o.Task(id))
		put.From, put.Until, put.Sublibs, put.Ratio = day("2026-03-09"), day("2026-03-13"), []inspect.SublibraryID{lib}, "2户"
		put.Sublibs = []inspect.SublibraryID{rig.ID[inspect.SublibraryID]("nothing")}
		o.Refused(li, put, inspect.ErrTaskSublib)
		put.Sublibs = []inspect.SublibraryID{lib}
		o.Done(li, put)
		scope := act.ScopeTask{
			Task: id, Seen: 2, Field: "餐饮服务", Scope: "网络餐饮服务单位", Items: []inspect.ItemID{item}, Type: "campaign", Targeted: "targeted",
			Methods: []inspect.Method{"onsite", "online"}, Mode: "county",
		}
		scope.Items = []inspect.ItemID{item, foreign}
		o.Refused(li, scope, inspect.ErrItemForeign)
		scope.Items, scope.Partners = []inspect.ItemID{item}, []inspect.OrgID{rig.Org("lhb")}
		o.Refused(li, scope, inspect.ErrChoice) // C3, INV-29
		scope.Partners = nil
		o.Done(li, scope)
		o.Done(li, act.SubmitTask{Task: id, Seen: 3})
		o.Done(wang, act.ApproveTask{Task: id, Seen: 4, Opinion: "同意"})
		o.Done(wang, act.CancelTask{Task: id, Seen: 5, Reason: "并入省局专项"})
		if task := o.Task(id); task.State != inspect.TaskCancelled || task.CancelNote != "并入省局专项" {
			t.Errorf("cancelled: %+v", task)
		}
		next := act.DraftTask{Task: rig.ID[inspect.TaskID](o.Name() + "copy"), Source: inspect.FromSuperior, Ground: "省局部署", Name: "外卖复查", Copy: id}
		o.Refused(o.Clerk("孙警官", "gaj"), next, inspect.ErrMissing) // another department's task is not copied
		o.Done(li, next)
		if task := o.Task(next.Task); task.Ratio != "2户" || len(task.Items()) != 1 || !task.From.IsZero() { // R2
			t.Errorf("the copy begins as %+v", task)
		}
		o.Verified()
	})
}

// INV-29, 国办发〔2024〕54号: an item that leaves its list before the approval is not
// approved, and one that leaves it later keeps the task from being drawn.
func TestUnlistedItemsAreNotInspected(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		id, wang := o.TaskSubmitted(), o.Leader("王局长", "scjg")
		o.Done(o.Leader("胡局长", "gaj"), act.AgreeTask{TaskAnswer: act.TaskAnswer{Task: id, Terms: o.Task(id).Terms, Opinion: "同意"}})
		retire := act.RetireItem{Item: rig.ID[inspect.ItemID]("item gajA-1"), Seen: 1, Reason: "职责划出"}
		o.Done(o.Clerk("孙警官", "gaj"), retire)
		o.Refused(wang, act.ApproveTask{Task: id, Seen: o.Task(id).Version, Opinion: "同意"}, inspect.ErrItemRetired)
		o.Done(wang, act.ReturnTask{Task: id, Seen: o.Task(id).Version, Opinion: "请去掉该事项"})
		o.Refused(o.Clerk("李科长", "scjg"), act.SubmitTask{Task: id, Seen: o.Task(id).Version}, inspect.ErrPartyIdle)
	})
	rig.Both(t, func(o *rig.Office) {
		id := o.TaskReady()
		o.Done(o.Clerk("孙警官", "gaj"), act.RetireItem{Item: rig.ID[inspect.ItemID]("item gajA-1"), Seen: 1, Reason: "职责划出"})
		gates := o.Gates(id)
		i := slices.IndexFunc(gates, func(g inspect.Gate) bool { return !g.Done })
		if i < 0 || gates[i].Kind != inspect.GateItems || gates[i].Org != rig.Org("gaj") {
			t.Errorf("the gates are %+v", gates)
		}
	})
}

// R23: a task is pinned to the version of an item that is in force on its first day.
func TestTaskPinsTheVersionInForce(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		plan := o.JointPublished("scjg", "gaj", o.Library("scjg", 5))
		li := o.Clerk("李科长", "scjg")
		item := act.ListItem{
			Item: rig.ID[inspect.ItemID]("item scjgA-1"), Seen: 1, Code: "A-1", Name: "事项A-1", Field: "餐饮服务", Category: inspect.GeneralItem, MaxShare: 1000,
			Basis: "《中华人民共和国食品安全法》第一百一十条", Content: "经营许可、经营行为和从业人员健康", Methods: []inspect.Method{"onsite"},
			Reason: "内容调整", Effective: day("2026-06-15"),
		}
		o.Done(li, item)
		id := o.TaskDrafted(li, plan)
		version := func() int64 { return o.Task(id).Parts[0].Items[0].Version }
		if version() != 1 {
			t.Errorf("before the change holds, version %d is pinned", version())
		}
		put := settings(o.Task(id))
		put.From = day("2026-06-15")
		o.Done(li, put)
		if version() != 2 {
			t.Errorf("once the change holds, version %d is pinned", version())
		}
	})
}

// R16: filings of the office's register are numbered without a gap, and of many who
// file at once each gets a number of its own.
func TestFilingsAreNumbered(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		lib, item := o.Library("scjg", 3), o.Item("scjg", "A-1")
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		const many = 8
		var files []act.FileTask
		for i := range many {
			id := rig.ID[inspect.TaskID](fmt.Sprint(o.Name(), i))
			o.Done(li, act.DraftTask{Task: id, Source: inspect.FromIncident, Ground: "事故排查", Name: "排查"})
			put := settings(o.Task(id))
			put.From, put.Until, put.Sublibs, put.Ratio = day("2026-03-09"), day("2026-03-13"), []inspect.SublibraryID{lib}, "1户"
			o.Done(li, put)
			o.Done(li, act.ScopeTask{Task: id, Seen: 2, Field: "餐饮", Scope: "餐馆", Items: []inspect.ItemID{item}, Type: "campaign", Targeted: "targeted", Methods: []inspect.Method{"onsite"}, Mode: "county"})
			o.Done(li, act.SubmitTask{Task: id, Seen: 3})
			o.Done(wang, act.ApproveTask{Task: id, Seen: 4, Opinion: "同意"})
			files = append(files, act.FileTask{Task: id, Seen: 5})
		}
		var wait sync.WaitGroup
		for _, f := range append(files, files...) { // everybody twice
			wait.Go(func() { o.Do(li, f) })
		}
		wait.Wait()
		var numbers []string
		for _, f := range files {
			numbers = append(numbers, o.Task(f.Task).FilingNo)
		}
		slices.Sort(numbers)
		for i, n := range numbers {
			if want := fmt.Sprintf("370687-2026-ba%03d", i+1); n != want {
				t.Errorf("filing %d is %s, want %s", i+1, n, want)
			}
		}
	})
}

// R46, R62: of many who begin the task of a line that is planned once, one does.
func TestALineIsBegunOnce(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		plan, li := o.JointPublished("scjg", "gaj", o.Library("scjg", 2)), o.Clerk("李科长", "scjg")
		var wait sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for i := range 12 {
			wait.Go(func() {
				_, err := o.Do(li, act.DraftTask{Task: rig.ID[inspect.TaskID](fmt.Sprint(o.Name(), i)), Plan: plan, Line: 1})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					done++
				case !errors.Is(err, inspect.ErrTaskUsed):
					t.Errorf("got %v", err)
				}
			})
		}
		wait.Wait()
		if done != 1 {
			t.Errorf("%d tasks of the line were begun", done)
		}
	})
}

// R36, R37: a confirmation is of what was on the screen, says what changed since the
// last one, and is out of date as soon as a row changes.
func TestLibrariesAreConfirmedBeforeADraw(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		id := o.TaskApproved()
		li, keeper := o.Clerk("李科长", "scjg"), o.Clerk("库管员scjg", "scjg")
		lib := rig.ID[inspect.SublibraryID]("library scjg")
		sign := o.Confirmed(li, id, inspect.ObjectLibrary)
		unsigned := sign
		unsigned.Signed = false
		o.Refused(li, unsigned, inspect.ErrConfirmSigned)
		o.Refused(o.Clerk("吴科长", "wjw"), sign, inspect.ErrMissing)
		o.Refused(o.Clerk("周主任", "lhb"), sign, inspect.ErrMissing)
		o.Refused(o.Liaison("联络员scjg", "scjg"), sign, inspect.ErrDenied)
		o.Done(li, sign)
		o.Refused(li, sign, inspect.ErrTaken)
		o.Refused(li, o.Confirmed(li, id, inspect.ObjectLibrary), inspect.ErrConfirmAgain)
		if c := o.Confirmations(id)[0]; c.Rows != 5 || c.No != 1 || c.Since != 0 || c.Changes.Total() != 0 || c.Hash != sign.Hash || c.Oldest != day("2026-02-01") {
			t.Errorf("confirmed: %+v", c)
		}

		// One is changed, one taken out, one put in, one only proposed.
		first := o.Members(lib)[0]
		object := rig.Object("SITE-scjg-1", "海阳市改名餐馆")
		object.Kind, object.Object, object.Seen = inspect.Site, first, 1
		o.Done(keeper, object)
		o.Done(keeper, act.RemoveMembers{Members: act.Members{Sublibrary: lib, Objects: o.Members(lib)[1:2]}, Ground: "停业"})
		for _, code := range []string{"SITE-new-1", "SITE-new-2"} {
			fresh := rig.Object(code, "海阳市新开餐馆")
			fresh.Kind = inspect.Site
			o.Done(keeper, fresh)
			o.Done(keeper, act.AddMembers{Members: act.Members{Sublibrary: lib, Objects: []inspect.ObjectNo{o.ObjectNo(code)}}, Ground: "新办许可"})
		}
		o.Done(keeper, act.ConfirmMembers{Members: act.Members{Sublibrary: lib, Objects: []inspect.ObjectNo{o.ObjectNo("SITE-new-1")}}})
		if changed := o.Changed(li, id, inspect.ObjectLibrary); changed != 3 {
			t.Errorf("%d rows changed, want 3", changed)
		}
		if changed := o.Changed(o.Clerk("孙警官", "gaj"), id, inspect.ObjectLibrary); changed != 0 {
			t.Errorf("what was never confirmed has %d changes", changed)
		}
		o.Refused(li, act.SignConfirm{ID: rig.ID[inspect.ConfirmationID]("late"), Task: id, Library: inspect.ObjectLibrary, Hash: sign.Hash, Signed: true}, inspect.ErrConfirmMoved)
		o.Now = o.Now.Add(time.Hour)
		o.Done(li, o.Confirmed(li, id, inspect.ObjectLibrary))
		if c := o.Confirmations(id)[0]; c.No != 2 || c.Rows != 5 || c.Changes != (inspect.RowChanges{Added: 1, Changed: 1, Removed: 1}) {
			t.Errorf("confirmed again: %+v", c)
		}
		if changed := o.Changed(li, id, inspect.ObjectLibrary); changed != 0 {
			t.Errorf("after it was confirmed again, %d rows changed", changed)
		}
		o.Done(keeper, act.PutFlag{Object: first, Kind: inspect.FlagWatch, Since: day("2026-03-01"), Source: "专项整治", Note: "重点"})
		if changed := o.Changed(li, id, inspect.ObjectLibrary); changed != 1 {
			t.Errorf("a flag is %d changes", changed)
		}
		o.Verified()
	})
}

// R36, R70: the library of inspectors is confirmed with absences, ties and trainings.
func TestInspectorsAreConfirmedBeforeADraw(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		id := o.TaskApproved()
		sun, keeper := o.Clerk("孙警官", "gaj"), o.Clerk("库管员gaj", "gaj")
		confirm := func() { o.Done(sun, o.Confirmed(sun, id, inspect.InspectorLibrary)) }
		confirm()
		nos := o.Inspectors("gaj")
		for name, change := range map[string]act.Command{
			"away":     act.PutAway{Away: rig.ID[inspect.AwayID](o.Name()), Inspector: nos[0], Kind: "leave", From: day("2026-06-05"), Until: day("2026-06-06")},
			"tie":      act.PutTie{Tie: rig.ID[inspect.TieID](o.Name()), Inspector: nos[0], Name: "某公司", Kind: inspect.Relative, Ground: "配偶任职"},
			"training": act.PutTraining{Training: rig.ID[inspect.TrainingID](o.Name()), Inspector: nos[0], Topic: "法规", Hours: 4, Exam: "none", Day: day("2026-02-01")},
			"end":      act.EndInspector{Inspector: nos[1], Seen: 2, Reason: "调离"},
		} {
			o.Done(keeper, change)
			if changed := o.Changed(sun, id, inspect.InspectorLibrary); changed != 1 {
				t.Errorf("%s: %d changes", name, changed)
			}
			confirm()
		}
		last := o.Confirmations(id)[0]
		if last.No != 5 || last.Rows != 2 || last.Changes.Total() != 1 {
			t.Errorf("confirmed: %+v", last)
		}
		if gates := o.Gates(id); !slices.ContainsFunc(gates, func(g inspect.Gate) bool {
			return g.Kind == inspect.GateStaff && g.Org == rig.Org("gaj") && !g.Done
		}) {
			t.Errorf("one inspector is enough: %+v", gates)
		}
	})
}
