package act_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// itemAt is a version of an item; 0 is the newest.
func itemAt(o *rig.Office, id inspect.ItemID, n int64) inspect.Item {
	o.Helper()
	all, err := o.Store.DB.ItemVersions(o.Context(), inspect.Scope{}, id)
	if err != nil || len(all) == 0 {
		o.Fatalf("versions of %s: %v, %v", id, all, err)
	}
	for _, i := range all {
		if i.Version == n {
			return i
		}
	}
	return all[0]
}

// R23: a change is a version, with its reason and the day from which it holds; what
// it was stays readable, and a task can name it.
func TestItemVersionsStayReadable(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("清单员scjg", "scjg"), o.Clerk("孙警官", "gaj")
		id := o.Item("scjg", "A-1")
		change := act.NewListItem(itemAt(o, id, 1))
		o.Refused(li, change, inspect.ErrReason)
		change.Reason = "没有变更"
		o.Refused(li, change, inspect.ErrNoChange)
		change.Basis, change.Qualifications, change.Frequency = "《中华人民共和国食品安全法》第一百零九条", "食品安全检查员\n\n食品安全检查员", 2
		change.Effective = workday.On(o.Now).AddDays(-1)
		o.Refused(li, change, inspect.ErrEffective)
		change.Effective = workday.On(o.Now).AddDays(400)
		o.Refused(li, change, inspect.ErrEffective)
		change.Effective = workday.On(o.Now).AddDays(30)
		o.Refused(sun, change, inspect.ErrMissing)
		o.Done(li, change)
		o.Refused(li, change, inspect.ErrStale)

		was, is := itemAt(o, id, 1), itemAt(o, id, 2)
		diff := inspect.DiffItem(was, is)
		if len(diff) != 3 || diff[0].Label != "抽查频次" || is.Effective != change.Effective || is.Reason != change.Reason || was.Basis == is.Basis {
			t.Errorf("the difference is %v; the new version %+v", diff, is)
		}
		if got := is.Required(); len(got) != 1 {
			t.Errorf("required are %q", got)
		}
		retire := act.RetireItem{Item: id, Seen: 2}
		o.Refused(li, retire, inspect.ErrReason)
		retire.Reason = "职责划出"
		o.Done(li, retire)
		change.Seen = 3
		o.Refused(li, change, inspect.ErrItemGone)
		if one, err := o.Store.DB.ItemVersion(o.Context(), inspect.Scope{}, id, 1); err != nil || one.Basis != was.Basis || one.Version != 1 {
			t.Errorf("version 1 reads %+v, %v", one, err)
		}
		changes, err := o.Store.DB.ListChanges(o.Context(), inspect.Scope{}, rig.Org("scjg"), 10)
		if err != nil || len(changes) != 3 {
			t.Fatalf("the list changed in %v, %v", changes, err)
		}
		at, err := o.Store.DB.ItemsAt(o.Context(), inspect.Scope{}, rig.Org("scjg"), changes[1].N)
		if err != nil || len(at) != 1 || at[0].Version != 2 || !at[0].Retired.IsZero() {
			t.Errorf("the list at entry %d was %+v, %v", changes[1].N, at, err)
		}
		o.Extend()
		o.Verified()
	})
}

// R20: every field of an item is checked, each at its place.
func TestItemFieldsAreChecked(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li := o.Clerk("李科长", "scjg")
	long := make([]rune, 1001)
	for i := range long {
		long[i] = '长'
	}
	whole := act.ListItem{
		Item: rig.ID[inspect.ItemID]("fields"), Code: "F-1", Name: "事项", Field: "领域", Category: inspect.GeneralItem, MaxShare: 100,
		Basis: "依据", Content: "内容", Methods: []inspect.Method{"onsite", "document", "onsite"},
	}
	for field, spoil := range map[string]func(*act.ListItem){
		"code": func(c *act.ListItem) { c.Code = "f 1" }, "name": func(c *act.ListItem) { c.Name = " " }, "field": func(c *act.ListItem) { c.Field = "a\u202eb" },
		"category": func(c *act.ListItem) { c.Category = "x" }, "max_share": func(c *act.ListItem) { c.MaxShare = 0 },
		"frequency": func(c *act.ListItem) { c.Frequency = 13 }, "basis": func(c *act.ListItem) { c.Basis = "" },
		"content": func(c *act.ListItem) { c.Content = string(long) }, "methods": func(c *act.ListItem) { c.Methods = nil },
		"sub_item": func(c *act.ListItem) { c.SubItem = string(long) }, "body": func(c *act.ListItem) { c.Body = "\x00" },
		"objects": func(c *act.ListItem) { c.Objects = string(long) }, "qualifications": func(c *act.ListItem) { c.Qualifications = string(long) },
		"materials": func(c *act.ListItem) { c.Materials = "\xff" }, "results": func(c *act.ListItem) { c.Results = "\u200b" },
		"division": func(c *act.ListItem) { c.Division = string(long) }, "remark": func(c *act.ListItem) { c.Remark = string(long) },
		"outside": func(c *act.ListItem) { c.Outside = string(long) }, "reason": func(c *act.ListItem) { c.Reason = string(long) },
		"effective": func(c *act.ListItem) { c.Effective = workday.MustParse("2020-01-01") },
	} {
		c := whole
		spoil(&c)
		_, err := o.Do(li, c)
		ps, ok := err.(inspect.Problems)
		if !ok || len(ps) != 1 || ps[0].Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
	o.Done(li, whole)
	if got := itemAt(o, whole.Item, 1); len(got.Methods) != 2 || got.Since != workday.On(o.Now) {
		t.Errorf("the item is %+v", got)
	}
	for _, c := range []struct {
		org  string
		kind inspect.PostKind
	}{{"scjg", inspect.Leader}, {"scjg", inspect.Liaison}, {"lhb", inspect.Clerk}, {"sfj", inspect.Supervisor}} {
		other := whole
		other.Item = rig.ID[inspect.ItemID]("other")
		o.Refused(o.Someone("别人"+string(c.kind), c.kind, c.org), other, inspect.ErrDenied)
	}
}

// R19: the department's list derives from its superiors'; a new version of theirs
// shows what changed, and each item it touches is taken over or left with a reason.
func TestListsDeriveFromUpstream(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun, zhou := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj"), o.Clerk("周主任", "lhb")
		list := o.Upstream(li, "省级清单")
		first, second, third := rig.ID[inspect.ItemID]("up 1"), rig.ID[inspect.ItemID]("up 2"), rig.ID[inspect.ItemID]("up 3")
		adopt := act.AdoptItems{List: list.List, Seen: 1, Codes: []string{"SD-01", "SD-02"}, IDs: []inspect.ItemID{first, second}}
		o.Refused(sun, adopt, inspect.ErrMissing)
		o.Refused(li, act.AdoptItems{List: list.List, Seen: 2, Codes: adopt.Codes, IDs: adopt.IDs}, inspect.ErrStale)
		o.Refused(li, act.AdoptItems{List: list.List, Seen: 1, Codes: []string{"SD-09"}, IDs: adopt.IDs[:1]}, inspect.ErrUpstreamNone)
		o.Refused(li, act.AdoptItems{List: list.List, Seen: 1}, inspect.ErrEmpty)
		o.Refused(li, act.AdoptItems{List: list.List, Seen: 1, Codes: adopt.Codes}, inspect.ErrIdent)
		o.Done(li, adopt)
		got := itemAt(o, first, 1)
		if got.Upstream != (inspect.Origin{List: list.List, Version: 1, Code: "SD-01"}) || got.Content != "许可和销售行为" {
			t.Errorf("adopted is %+v", got)
		}
		own := act.NewListItem(got)
		own.Content, own.Reason = "许可、销售和网络销售行为", "本地网络销售多"
		o.Done(li, own)

		next := list
		next.Seen, next.Number, next.Rows = 1, "鲁市监发〔2026〕2号", []string{
			rig.Term("SD-01", "食品销售监督检查", "许可、销售和贮存行为"), rig.Term("SD-03", "食用农产品监督检查", "市场开办者责任"),
		}
		o.Refused(sun, next, inspect.ErrMissing)
		o.Refused(zhou, next, inspect.ErrDenied) // the office inspects nothing
		o.Done(li, next)
		o.Refused(li, next, inspect.ErrStale)
		u, err := o.Store.DB.Upstream(o.Context(), inspect.Scope{}, list.List)
		if err != nil {
			t.Fatal(err)
		}
		versions, err := o.Store.DB.UpstreamVersions(o.Context(), inspect.Scope{}, list.List)
		if err != nil || len(versions) != 2 || versions[1].Number != list.Number {
			t.Fatalf("versions of the list: %v, %v", versions, err)
		}
		if d := inspect.DiffTerms(versions[1].Items, u.Items); len(d) != 3 || d[0].Kind != "改" || d[1].Kind != "增" || d[2].Kind != "删" {
			t.Errorf("the superiors changed %v", d)
		}
		items, err := o.Store.DB.Items(o.Context(), inspect.Scope{}, rig.Region)
		if err != nil {
			t.Fatal(err)
		}
		touched := inspect.AffectedBy(u, items, func(int64) []inspect.ItemTerms { return versions[1].Items })
		if len(touched) != 2 || touched[0].Change.Kind != "改" || touched[1].Change.Kind != "删" {
			t.Fatalf("affected are %+v", touched)
		}
		if terms, _ := u.Item("SD-01"); len(touched[0].Item.Deviates(terms)) != 1 {
			t.Errorf("it deviates in %v", touched[0].Item.Deviates(terms))
		}
		o.Refused(li, act.KeepItem{Item: first, Seen: 2}, inspect.ErrEmpty)
		o.Refused(sun, act.KeepItem{Item: first, Seen: 2, Reason: "不归我管"}, inspect.ErrMissing)
		o.Done(li, act.KeepItem{Item: first, Seen: 2, Reason: "贮存由另一事项检查"})
		o.Refused(li, act.KeepItem{Item: first, Seen: 3, Reason: "再来"}, inspect.ErrNotDerived)
		o.Refused(li, act.KeepItem{Item: o.Item("scjg", "B-1"), Seen: 1, Reason: "不是采用的"}, inspect.ErrNotDerived)
		o.Refused(li, act.AdoptItems{List: list.List, Seen: 2, Codes: []string{"SD-01"}, IDs: []inspect.ItemID{third}}, inspect.ErrReason)
		o.Done(li, act.AdoptItems{List: list.List, Seen: 2, Codes: []string{"SD-01", "SD-03"}, IDs: []inspect.ItemID{first, third}, Reason: "改为采用"})
		if got := itemAt(o, first, 0); got.Version != 4 || got.Content != "许可、销售和贮存行为" || got.Upstream.Kept != "" {
			t.Errorf("adopted again is %+v", got)
		}
		o.Extend()
		o.Verified()
	})
}

// R19: what is wrong with an upstream list is told with its row.
func TestUpstreamListsAreChecked(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li := o.Clerk("李科长", "scjg")
	list := o.Upstream(li, "省级清单")
	list.List = rig.ID[inspect.UpstreamID]("another")
	o.Refused(li, list, inspect.ErrUpstreamTaken)
	list.Name = "国家清单"
	for name, test := range map[string]struct {
		spoil func(*act.PutUpstream)
		want  inspect.Problem
	}{
		"id":      {func(c *act.PutUpstream) { c.List = "x" }, inspect.ErrIdent},
		"level":   {func(c *act.PutUpstream) { c.Level = "town" }, inspect.ErrChoice},
		"issuer":  {func(c *act.PutUpstream) { c.Issuer = "" }, inspect.ErrEmpty},
		"source":  {func(c *act.PutUpstream) { c.Source = "javascript:alert(1)" }, inspect.ErrUpstreamLink},
		"future":  {func(c *act.PutUpstream) { c.Day = workday.MustParse("2030-01-01") }, inspect.ErrFuture},
		"no day":  {func(c *act.PutUpstream) { c.Day = workday.Date{} }, inspect.ErrEmpty},
		"no rows": {func(c *act.PutUpstream) { c.Rows = nil }, inspect.ErrEmpty},
		"bad row": {func(c *act.PutUpstream) { c.Rows = []string{"[]"} }, inspect.ErrUpstreamRow},
		"twice":   {func(c *act.PutUpstream) { c.Rows = append(c.Rows, c.Rows[0]) }, inspect.ErrUpstreamSame},
		"no basis": {func(c *act.PutUpstream) {
			c.Rows = []string{`{"code":"SD-1","name":"x","field":"x","category":"key","content":"x","methods":["onsite"]}`}
		}, inspect.ErrUpstreamRow},
		"strangely": {func(c *act.PutUpstream) { c.Rows = []string{`{"colour":"red"}`} }, inspect.ErrUpstreamRow},
	} {
		c := list
		test.spoil(&c)
		t.Log(name)
		o.Refused(li, c, test.want)
	}
}

// R25, R26: the number of key items and the share of general ones are held down; a
// leader lets one more in, with the ground, and not for their own work.
func TestKeyItemsAreHeldDown(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang, zou := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg"), o.Leader("邹主任", "lhb")
		limit := act.PutItemLimit{Keys: 1, MaxShare: 500, Ground: "联席会议议定"}
		o.Refused(wang, limit, inspect.ErrDenied)
		o.Refused(o.Clerk("周主任", "lhb"), limit, inspect.ErrDenied)
		o.Refused(zou, act.PutItemLimit{Keys: 0, MaxShare: 500, Ground: "依据"}, inspect.ErrRange)
		o.Refused(zou, act.PutItemLimit{Keys: 1, MaxShare: 0, Ground: "依据"}, inspect.ErrShareLimit)
		o.Refused(zou, act.PutItemLimit{Keys: 1, MaxShare: 500}, inspect.ErrEmpty)
		o.Refused(zou, act.PutItemLimit{Org: rig.Org("lhb"), Keys: 1, MaxShare: 500, Ground: "依据"}, inspect.ErrChoice)
		o.Done(zou, limit)
		o.Refused(zou, limit, inspect.ErrStale)

		item := func(code string, category inspect.Category, share int64) act.ListItem {
			return act.ListItem{
				Item: rig.ID[inspect.ItemID]("key " + code), Code: code, Name: "事项" + code, Field: "领域", Category: category, MaxShare: share,
				Basis: "依据", Content: "内容", Methods: []inspect.Method{"onsite"},
			}
		}
		o.Refused(li, item("G-1", inspect.GeneralItem, 501), inspect.ErrShareMost)
		o.Done(li, item("K-1", inspect.KeyItem, 0))
		o.Refused(li, item("K-2", inspect.KeyItem, 0), inspect.ErrKeyLimit)
		o.Done(li, item("K-2", inspect.GeneralItem, 500))
		approve := act.ApproveKey{Item: item("K-2", "", 0).Item, Seen: 1, Ground: "事故多发"}
		o.Refused(li, approve, inspect.ErrDenied)
		o.Refused(o.Leader("胡局长", "gaj"), approve, inspect.ErrMissing)
		o.Refused(o.Leader("李科长", "scjg"), approve, inspect.ErrOwnWork)
		o.Refused(wang, act.ApproveKey{Item: approve.Item, Seen: 1}, inspect.ErrEmpty)
		o.Done(wang, approve)
		o.Refused(wang, act.ApproveKey{Item: approve.Item, Seen: 2, Ground: "再来"}, inspect.ErrKeyAlready)
		if got := itemAt(o, approve.Item, 0); got.Category != inspect.KeyItem || got.KeyGround != approve.Ground {
			t.Errorf("approved is %+v", got)
		}
		o.Done(zou, act.PutItemLimit{Org: rig.Org("scjg"), Keys: 3, MaxShare: 1000, Ground: "重点监管部门"})
		o.Done(li, item("K-3", inspect.KeyItem, 0))
		o.Done(li, item("G-2", inspect.GeneralItem, 1000))
		o.Extend()
		o.Verified()
	})
}

// R111: what is outside of random inspection is marked, and in no plan.
func TestItemsOutsideAreNotPlanned(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li := o.Clerk("李科长", "scjg")
	line := o.Line(o.Drafted(li, inspect.PlanOwn, 2026), "scjg")
	change := act.NewListItem(itemAt(o, line.Items[0], 1))
	change.Outside, change.Reason = "特种设备安全专项整治，按照现有方式监管", "列为特殊重点领域"
	o.Done(li, change)
	o.Refused(li, line, inspect.ErrItemOutside)
	if i := itemAt(o, line.Items[0], 0); i.Drawable(workday.On(o.Now)) || !itemAt(o, line.Items[0], 1).Drawable(workday.On(o.Now)) {
		t.Error("an item outside of random inspection is drawable")
	}
}

// R23: a checklist changes by versions, and conditions look back only.
func TestChecklistChangesByVersions(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		id := o.Item("scjg", "A-1")
		q := func(seen int64, no int, row inspect.QuestionRow) act.PutQuestion {
			return act.PutQuestion{Item: id, Seen: seen, No: no, QuestionRow: row, Reason: "完善"}
		}
		shown := inspect.QuestionRow{Name: "shown", Type: inspect.AskYesNo, Label: "是否公示许可证", Default: "yes", Required: true}
		why := inspect.QuestionRow{Name: "why", Type: inspect.AskText, Label: "未公示的原因", If: "shown", Is: "no"}
		o.Refused(sun, q(0, 0, shown), inspect.ErrMissing)
		o.Refused(o.Leader("王局长", "scjg"), q(0, 0, shown), inspect.ErrDenied)
		o.Refused(li, q(0, 0, why), inspect.ErrQuestionRow) // nothing to look back to
		o.Done(li, q(0, 0, shown))
		o.Refused(li, q(0, 0, why), inspect.ErrStale)
		o.Done(li, q(1, 0, why))
		o.Refused(li, act.DropQuestion{Item: id, Seen: 2, No: 1, Reason: "删"}, inspect.ErrQuestionGone)
		o.Refused(li, act.DropQuestion{Item: id, Seen: 2, No: 3, Reason: "删"}, inspect.ErrMissing)
		o.Refused(li, act.DropQuestion{Item: id, Seen: 2, No: 2}, inspect.ErrReason)
		shown.Name = "licence_shown"
		o.Done(li, q(2, 1, shown))
		list, err := o.Store.DB.Checklist(o.Context(), inspect.Scope{}, id)
		if err != nil || len(list.Questions) != 2 || list.Questions[1].If != "licence_shown" || list.Version != 3 {
			t.Fatalf("the checklist is %+v, %v", list, err)
		}
		if got := list.Shown(map[string]string{"licence_shown": "yes"}); len(got) != 1 {
			t.Errorf("shown are %v", got)
		}
		if got := list.Shown(map[string]string{"licence_shown": "no"}); len(got) != 2 {
			t.Errorf("shown are %v", got)
		}
		o.Done(li, act.DropQuestion{Item: id, Seen: 3, No: 2, Reason: "不再需要"})
		all, err := o.Store.DB.ChecklistVersions(o.Context(), inspect.Scope{}, id)
		if err != nil || len(all) != 4 || len(inspect.DiffChecklist(all[1], all[0])) != 1 {
			t.Errorf("versions: %+v, %v", all, err)
		}
		o.Refused(li, act.PutChecklist{Item: id, Seen: 4, Questions: []string{`{"type":1}`}, Reason: "x"}, inspect.ErrQuestionRow)
		o.Done(li, act.PutChecklist{Item: id, Seen: 4, Questions: []string{`{"name":"n","type":"number","label":"人数"}`}, Reason: "导入"})
		o.Extend()
		o.Verified()
	})
}

// R21, R22, R23: the office makes the joint list with the departments, publishes it
// when all consent, and adjusts it; what was stays readable.
func TestJointListIsMadeTogether(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun, zhou, zou := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj"), o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb")
		id := rig.ID[inspect.JointID](o.Name() + "joint list")
		o.Refused(li, act.DraftJoint{List: id}, inspect.ErrDenied)
		o.Joint(zhou, "scjg", "gaj")
		o.Refused(zhou, act.DraftJoint{List: rig.ID[inspect.JointID]("second")}, inspect.ErrJointExists)
		answer := act.JointAnswer{List: id, Terms: 1}
		o.Refused(li, act.AcceptJoint{JointAnswer: answer}, inspect.ErrMissing) // not asked yet
		o.Refused(zou, act.PublishJoint{List: id, Seen: 2, Places: "网站"}, inspect.ErrJointWaiting)
		o.Done(zhou, act.InviteJoint{List: id, Seen: 2})
		o.Refused(zhou, act.InviteJoint{List: id, Seen: 3}, inspect.ErrNobodyToAsk)
		o.Refused(o.Clerk("韩科长", "wjw"), act.AcceptJoint{JointAnswer: answer}, inspect.ErrMissing)
		o.Refused(li, act.DeclineJoint{JointAnswer: answer}, inspect.ErrDenied) // a leader's word
		o.Done(li, act.AcceptJoint{JointAnswer: answer})
		o.Refused(sun, act.ProposeJoint{JointAnswer: answer}, inspect.ErrConsentNote)
		answer.Note = "请由公安牵头"
		o.Done(sun, act.ProposeJoint{JointAnswer: answer})
		change := o.JointLine(id, 5, "gaj", "scjg")
		change.No = 1
		o.Done(zhou, change)
		o.Refused(sun, act.AcceptJoint{JointAnswer: answer}, inspect.ErrMissing) // everybody is asked again
		o.Done(zhou, act.InviteJoint{List: id, Seen: 6})
		o.Refused(sun, act.AcceptJoint{JointAnswer: answer}, inspect.ErrStale) // other lines than it saw
		answer.Terms, answer.Note = 2, ""
		o.Done(sun, act.AcceptJoint{JointAnswer: answer})
		o.Refused(zou, act.PublishJoint{List: id, Seen: 8, Places: "网站"}, inspect.ErrJointWaiting)
		o.Done(li, act.AcceptJoint{JointAnswer: answer})
		o.Refused(zou, act.PublishJoint{List: id, Seen: 9}, inspect.ErrJointPlaces)
		o.Refused(zhou, act.PublishJoint{List: id, Seen: 9, Places: "网站"}, inspect.ErrDenied)
		o.Refused(o.Leader("周主任", "lhb"), act.PublishJoint{List: id, Seen: 9, Places: "网站"}, inspect.ErrOwnWork)
		o.Done(zou, act.PublishJoint{List: id, Seen: 9, Places: "市政府网站\n省平台"})

		item := act.NewListItem(itemAt(o, change.Items[1], 1))
		item.Content, item.Reason = "变了", "实行动态管理"
		o.Done(li, item)
		next := rig.ID[inspect.JointID](o.Name() + "next")
		o.Refused(zhou, act.AmendJoint{List: id, Seen: 10, Next: next}, inspect.ErrReason)
		o.Done(zhou, act.AmendJoint{List: id, Seen: 10, Next: next, Reason: "事项有新版本"})
		o.Refused(zou, act.PublishJoint{List: next, Seen: 1, Places: "网站"}, inspect.ErrJointOutdated)
		again := o.JointLine(next, 1, "gaj", "scjg")
		again.No = 1
		o.Done(zhou, again)
		o.Done(zhou, act.InviteJoint{List: next, Seen: 2})
		for _, who := range []inspect.Actor{li, sun} {
			o.Done(who, act.AcceptJoint{JointAnswer: act.JointAnswer{List: next, Terms: 1}})
		}
		o.Done(zou, act.PublishJoint{List: next, Seen: 5, Places: "市政府网站"})
		public, err := o.Store.DB.JointLists(o.Context(), inspect.Scope{}, rig.Region)
		if err != nil || len(public) != 2 || public[0].State != inspect.JointPublished || public[1].State != inspect.JointReplaced {
			t.Fatalf("public are %+v, %v", public, err)
		}
		if public[0].Lines[0].Items[1].Version != 2 || public[1].Lines[0].Items[1].Version != 1 {
			t.Error("the editions do not pin their items")
		}
		o.Extend()
		o.Verified()
	})
}

// R21: whoever reads the joint list while it is made: the office, who was asked and
// oversight; not the public, not strangers.
func TestJointDraftIsReadByWhomItConcerns(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	zhou := o.Clerk("周主任", "lhb")
	id := o.Joint(zhou, "scjg", "gaj")
	sees := func(who inspect.Actor) bool {
		all, err := o.Store.DB.JointLists(o.Context(), who.Scope(), rig.Region)
		if err != nil {
			t.Fatal(err)
		}
		seen := len(all) == 1
		j := inspect.JointList{}
		if seen {
			j = all[0]
			if may := who.MayTo(inspect.JointRead, j.Relations(who.Org)...) == nil; !may {
				t.Errorf("%s reads what the rules deny", who.Name)
			}
		}
		return seen
	}
	check := func(want map[string]bool) {
		t.Helper()
		for _, who := range []inspect.Actor{
			zhou, o.Clerk("李科长", "scjg"), o.Leader("胡局长", "gaj"), o.Clerk("韩科长", "wjw"), o.Someone("严监督", inspect.Supervisor, "sfj"),
			o.Someone("审计员", inspect.AuditAdmin, "zf"), o.Someone("梁市长", inspect.Convener, "zf"), {},
		} {
			if got := sees(who); got != want[who.Name] {
				t.Errorf("%q sees the draft: %v", who.Name, got)
			}
		}
	}
	check(map[string]bool{"周主任": true, "严监督": true})
	o.Done(zhou, act.InviteJoint{List: id, Seen: 2})
	check(map[string]bool{"周主任": true, "严监督": true, "李科长": true, "胡局长": true})
}

// R21: what a line of the joint list must be.
func TestJointLinesAreChecked(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	zhou := o.Clerk("周主任", "lhb")
	id := o.Joint(zhou, "scjg", "gaj")
	for name, test := range map[string]struct {
		spoil func(*act.PutJointLine)
		want  inspect.Problem
	}{
		"name":    {func(c *act.PutJointLine) { c.Name = "" }, inspect.ErrEmpty},
		"field":   {func(c *act.PutJointLine) { c.Field = "\t" }, inspect.ErrEmpty},
		"alone":   {func(c *act.PutJointLine) { c.Items = c.Items[:1] }, inspect.ErrJointAlone},
		"lead":    {func(c *act.PutJointLine) { c.Lead = rig.Org("wjw") }, inspect.ErrJointLead},
		"unknown": {func(c *act.PutJointLine) { c.Items = append(c.Items, "nothing") }, inspect.ErrChoice},
		"number":  {func(c *act.PutJointLine) { c.No = 7 }, inspect.ErrMissing},
	} {
		c := o.JointLine(id, 2, "scjg", "gaj")
		test.spoil(&c)
		t.Log(name)
		o.Refused(zhou, c, test.want)
	}
	o.Done(o.Clerk("李科长", "scjg"), act.RetireItem{Item: rig.ID[inspect.ItemID]("item scjgA-1"), Seen: 1, Reason: "划出"})
	o.Refused(zhou, o.JointLine(id, 2, "scjg", "gaj"), inspect.ErrJointItem)
	o.Refused(zhou, act.DropJointLine{List: id, Seen: 2, No: 9}, inspect.ErrMissing)
	o.Done(zhou, act.DropJointLine{List: id, Seen: 2, No: 1})
	o.Refused(o.Leader("邹主任", "lhb"), act.PublishJoint{List: id, Seen: 3, Places: "网站"}, inspect.ErrJointEmpty)
}
