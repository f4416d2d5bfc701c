package rig

import (
	"fmt"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/uscc"
	"suicha/internal/workday"
)

// Task returns a task as it stands, whoever may see it.
func (o *Office) Task(id inspect.TaskID) inspect.Task {
	o.Helper()
	var task inspect.Task
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) (err error) {
		task, err = t.Task(o.Context(), id)
		return err
	})
	if err != nil {
		o.Fatalf("read task %s: %v", id, err)
	}
	return task
}

// Library is a sub-library of a department with n confirmed members, and two
// inspectors who can be drawn.
func (o *Office) Library(org string, n int) inspect.SublibraryID {
	o.Helper()
	clerk, id := o.Clerk("库管员"+org, org), ID[inspect.SublibraryID]("library "+org)
	o.Done(clerk, act.PutSublibrary{ID: id, Name: "餐饮服务单位" + org, Size: 400})
	var nos []inspect.ObjectNo
	for i := range n {
		code := fmt.Sprintf("SITE-%s-%d", org, i+1)
		object := Object(code, fmt.Sprintf("海阳市%s第%d号餐馆", org, i+1))
		object.Kind = inspect.Site
		if o.Enterprises {
			registered, err := uscc.Synthetic("91"+Region, i+1)
			if err != nil {
				o.Fatal(err)
			}
			object.Kind, object.Code = inspect.Enterprise, string(registered)
		}
		o.Done(clerk, object)
		nos = append(nos, o.ObjectNo(object.Code))
	}
	o.Done(clerk, act.AddMembers{Members: act.Members{Sublibrary: id, Objects: nos}, Ground: "按许可登记"})
	o.Done(clerk, act.ConfirmMembers{Members: act.Members{Sublibrary: id, Objects: nos}})
	o.Staff(org, 2)
	return id
}

// ObjectNo is the number of the object with a code.
func (o *Office) ObjectNo(code string) (no inspect.ObjectNo) {
	o.Helper()
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) error {
		object, err := t.ObjectByCode(o.Context(), Region, code)
		no = object.No
		return err
	})
	if err != nil {
		o.Fatalf("read object %s: %v", code, err)
	}
	return no
}

// Staff registers n inspectors with certificates in a department.
func (o *Office) Staff(org string, n int) []inspect.InspectorNo {
	o.Helper()
	clerk := o.Clerk("库管员"+org, org)
	var nos []inspect.InspectorNo
	for i := range n {
		code := fmt.Sprintf("STAFF-%d", i+1)
		o.Done(clerk, act.PutInspector{
			Code: code, Name: fmt.Sprintf("%s检查员%d", org, i+1), Category: inspect.CivilServant, Source: "人事档案", Sourced: workday.MustParse("2026-02-01"),
		})
		var who inspect.Inspector
		err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) (err error) {
			who, err = t.InspectorByCode(o.Context(), Org(org), code)
			return err
		})
		if err != nil {
			o.Fatalf("read inspector %s: %v", code, err)
		}
		o.Done(clerk, act.CertifyInspector{
			Inspector: who.No, Seen: 1, Kind: inspect.ProvinceCertificate, Number: fmt.Sprintf("鲁F-%s-%d", org, i+1), Authority: "省政府",
			From: workday.MustParse("2025-01-01"), Until: workday.MustParse("2028-12-31"),
		})
		nos = append(nos, who.No)
	}
	return nos
}

// JointPublished is a published joint plan with one line: the lead's library of
// objects, an item of each department.
func (o *Office) JointPublished(lead, partner string, sublibs ...inspect.SublibraryID) inspect.PlanID {
	o.Helper()
	zhou, mayor := o.Clerk("周主任", "lhb"), o.Someone("梁市长", inspect.Convener, "zf")
	id := o.Drafted(zhou, inspect.PlanJoint, 2026)
	line := o.Line(id, lead, partner)
	line.Sublibs = sublibs
	o.Done(zhou, line)
	o.Done(zhou, act.InvitePlan{Plan: id, Seen: o.Plan(id).Version})
	for _, org := range []string{lead, partner} {
		o.Done(o.Liaison("联络员"+org, org), act.AcceptLine{Answer: act.Answer{Plan: id, No: 1, Seen: o.Consent(id, 1, Org(org)).Version}})
	}
	o.Done(zhou, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
	o.Done(mayor, act.RatifyPlan{Plan: id, Seen: o.Plan(id).Version, Opinion: "同意"})
	o.Done(o.Leader("邹主任", "lhb"), act.PublishPlan{Plan: id, Seen: o.Plan(id).Version, Number: o.Plan(id).Number})
	return id
}

// TaskDrafted is a task of the first line of a published plan.
func (o *Office) TaskDrafted(clerk inspect.Actor, plan inspect.PlanID) inspect.TaskID {
	o.Helper()
	id := ID[inspect.TaskID](fmt.Sprint(o.Name(), "task", o.next()))
	o.Done(clerk, act.DraftTask{Task: id, Plan: plan, Line: 1})
	return id
}

// TaskSubmitted is a task of a joint plan of scjg with gaj, handed in.
func (o *Office) TaskSubmitted() inspect.TaskID {
	o.Helper()
	plan := o.JointPublished("scjg", "gaj", o.Library("scjg", 5))
	o.Staff("gaj", 2)
	clerk := o.Clerk("李科长", "scjg")
	id := o.TaskDrafted(clerk, plan)
	o.Done(clerk, act.SubmitTask{Task: id, Seen: o.Task(id).Version})
	return id
}

// TaskApproved is that task, agreed to and approved.
func (o *Office) TaskApproved() inspect.TaskID {
	o.Helper()
	id := o.TaskSubmitted()
	o.Done(o.Leader("胡局长", "gaj"), act.AgreeTask{TaskAnswer: act.TaskAnswer{Task: id, Terms: o.Task(id).Terms, Opinion: "同意"}})
	o.Done(o.Leader("王局长", "scjg"), act.ApproveTask{Task: id, Seen: o.Task(id).Version, Opinion: "同意"})
	return id
}

// TaskFiled is that task, filed with the office.
func (o *Office) TaskFiled() inspect.TaskID {
	o.Helper()
	id := o.TaskApproved()
	o.Done(o.Clerk("李科长", "scjg"), act.FileTask{Task: id, Seen: o.Task(id).Version})
	return id
}

// TaskReady is that task, with both libraries confirmed by both departments: it can
// be drawn.
func (o *Office) TaskReady() inspect.TaskID {
	o.Helper()
	id := o.TaskFiled()
	for _, by := range []inspect.Actor{o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")} {
		for _, library := range inspect.Libraries {
			o.Done(by, o.Confirmed(by, id, inspect.Library(library.Value)))
		}
	}
	return id
}

// Confirmed is the confirmation of a library as it stands now.
func (o *Office) Confirmed(by inspect.Actor, id inspect.TaskID, library inspect.Library) act.SignConfirm {
	o.Helper()
	task := o.Task(id)
	facts, err := o.Store.DB.Facts(o.Context(), by.Scope(), Region)
	if err != nil {
		o.Fatal(err)
	}
	read, err := o.Store.DB.ReadLibrary(o.Context(), by.Scope(), task, library, facts.Sublibs)
	if err != nil {
		o.Fatal(err)
	}
	return act.SignConfirm{
		ID: ID[inspect.ConfirmationID](fmt.Sprint(o.Name(), "confirmation", o.next())), Task: id, Library: library, Hash: read.Hash, Signed: true,
	}
}

// Gates are the conditions of a task's draw as they stand.
func (o *Office) Gates(id inspect.TaskID) []inspect.Gate {
	o.Helper()
	task := o.Task(id)
	facts, err := o.Store.DB.TaskFacts(o.Context(), inspect.Scope{}, task, workday.On(o.Now))
	if err != nil {
		o.Fatal(err)
	}
	return task.Gates(facts)
}

// Confirmations are those of a task, the newest first.
func (o *Office) Confirmations(id inspect.TaskID) []inspect.Confirmation {
	o.Helper()
	all, err := o.Store.DB.Confirmations(o.Context(), inspect.Scope{}, id)
	if err != nil || len(all) == 0 {
		o.Fatalf("read the confirmations of %s: %d, %v", id, len(all), err)
	}
	return all
}

// Changed is how many rows changed since the department's confirmation for a task.
func (o *Office) Changed(by inspect.Actor, id inspect.TaskID, library inspect.Library) int64 {
	o.Helper()
	task := o.Task(id)
	facts, err := o.Store.DB.Facts(o.Context(), by.Scope(), Region)
	if err != nil {
		o.Fatal(err)
	}
	states, err := o.Store.DB.LibraryStates(o.Context(), by.Scope(), task, facts.Sublibs)
	if err != nil {
		o.Fatal(err)
	}
	for _, s := range states {
		if s.Org == by.Org.ID && s.Library == library {
			return s.Changed
		}
	}
	o.Fatalf("%s has no part in %s", by.Org.Short, id)
	return 0
}

// Members are the numbers of a sub-library's confirmed members.
func (o *Office) Members(lib inspect.SublibraryID) []inspect.ObjectNo {
	o.Helper()
	rows, err := o.Store.DB.MemberPage(o.Context(), inspect.Scope{Region: Region}, lib, inspect.MemberConfirmed, 0, 1000)
	if err != nil {
		o.Fatal(err)
	}
	var nos []inspect.ObjectNo
	for _, r := range rows {
		nos = append(nos, r.No)
	}
	return nos
}

// Inspectors are the numbers of a department's inspectors.
func (o *Office) Inspectors(org string) []inspect.InspectorNo {
	o.Helper()
	clerk := o.Clerk("库管员"+org, org)
	files, err := o.Store.DB.Inspectors(o.Context(), clerk.Scope(), store.InspectorFilter{Org: Org(org)})
	if err != nil {
		o.Fatal(err)
	}
	var nos []inspect.InspectorNo
	for _, f := range files {
		nos = append(nos, f.No)
	}
	return nos
}

// TwoTasks are two tasks that draw from the same objects: one of them, and all five.
func (o *Office) TwoTasks() (first, second inspect.TaskID) {
	o.Helper()
	first = o.TaskReady()
	return first, o.TaskBeside(first, act.PutTask{})
}

// WholeItem is an item of scjg that may be inspected at every object of a pool: R26.
func (o *Office) WholeItem() inspect.ItemID {
	o.Helper()
	item := ID[inspect.ItemID](o.Name() + "whole")
	if !o.hasItem(item) {
		o.Done(o.Clerk("清单员scjg", "scjg"), act.ListItem{Item: item, Code: "A-9", Name: "专项事项", Field: "餐饮服务", Category: inspect.GeneralItem, MaxShare: 10_000,
			Basis: "《中华人民共和国食品安全法》第一百一十条", Content: "经营许可", Methods: []inspect.Method{"onsite"}})
	}
	return item
}

// TaskBeside is a task of one department beside a ready one, for all of its objects. Of
// put it takes whether it is kept secret.
func (o *Office) TaskBeside(first inspect.TaskID, put act.PutTask) inspect.TaskID {
	o.Helper()
	li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	second := ID[inspect.TaskID](o.Name() + "second")
	o.Done(li, act.DraftTask{Task: second, Source: inspect.FromCampaign, Ground: "省局部署", Name: "专项抽查", Copy: first})
	was := o.Task(first)
	o.Done(li, act.ScopeTask{Task: second, Seen: 1, Field: "餐饮", Scope: "餐饮单位", Items: []inspect.ItemID{o.WholeItem()}, Type: "campaign",
		Targeted: "targeted", Methods: []inspect.Method{"onsite"}, Mode: "county"})
	o.Done(li, act.PutTask{Task: second, Seen: 2, Name: "专项抽查", From: was.From, Until: was.Until, Kind: "special", Sublibs: was.Sublibs, Ratio: "5户", Officers: 2, NoNotice: put.NoNotice})
	o.Done(li, act.SubmitTask{Task: second, Seen: 3})
	o.Done(wang, act.ApproveTask{Task: second, Seen: 4, Opinion: "同意"})
	o.Done(li, act.FileTask{Task: second, Seen: 5})
	for _, library := range inspect.Libraries {
		o.Done(li, o.Confirmed(li, second, inspect.Library(library.Value)))
	}
	return second
}
