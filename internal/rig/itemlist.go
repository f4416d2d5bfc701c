package rig

import (
	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// Term is a row of an upstream list.
func Term(code, name, content string) string {
	return `{"code":"` + code + `","name":"` + name + `","field":"食品安全","category":"general","max_share":300,` +
		`"basis":"《中华人民共和国食品安全法》第一百一十条","content":"` + content + `","methods":["onsite"]}`
}

// Upstream registers the first version of an upstream list, of two items.
func (o *Office) Upstream(clerk inspect.Actor, name string) act.PutUpstream {
	o.Helper()
	list := act.PutUpstream{
		List: ID[inspect.UpstreamID](o.Name() + name), Level: "provincial", Name: name, Issuer: "山东省市场监督管理局", Number: "鲁市监发〔2025〕1号",
		Day: workday.MustParse("2025-06-01"), Source: "https://example.org/list",
		Rows: []string{Term("SD-01", "食品销售监督检查", "许可和销售行为"), Term("SD-02", "食品生产监督检查", "许可和生产行为")},
	}
	o.Done(clerk, list)
	return list
}

// Joint is a draft of the joint list with one line: an item of each department.
func (o *Office) Joint(clerk inspect.Actor, orgs ...string) inspect.JointID {
	o.Helper()
	id := ID[inspect.JointID](o.Name() + "joint list")
	o.Done(clerk, act.DraftJoint{List: id})
	o.Done(clerk, o.JointLine(id, 1, orgs...))
	return id
}

// JointLine is a line of the joint list with an item of each department, the first
// of which leads.
func (o *Office) JointLine(id inspect.JointID, seen int64, orgs ...string) act.PutJointLine {
	o.Helper()
	line := act.PutJointLine{List: id, Seen: seen, Field: "餐饮服务", Name: "餐饮服务联合抽查", Lead: Org(orgs[0])}
	for _, org := range orgs {
		item := ID[inspect.ItemID]("item " + org + "A-1")
		if !o.hasItem(item) {
			o.Item(org, "A-1")
		}
		line.Items = append(line.Items, item)
	}
	return line
}

// livedLists does one of everything there is about lists: upstream versions, adopted
// and kept items, limits, checklists, the joint list in two editions.
func (o *Office) livedLists(li inspect.Actor) {
	o.Helper()
	wang, zhou, zou := o.Leader("王局长", "scjg"), o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb")
	list := o.Upstream(li, "省级清单")
	adopted := []inspect.ItemID{ID[inspect.ItemID](o.Name() + "adopted 1"), ID[inspect.ItemID](o.Name() + "adopted 2")}
	o.Done(li, act.AdoptItems{List: list.List, Seen: 1, Codes: []string{"SD-01", "SD-02"}, IDs: adopted})
	list.Seen, list.Rows = 1, []string{Term("SD-01", "食品销售监督检查", "许可、销售和贮存行为"), Term("SD-02", "食品生产监督检查", "生产行为")}
	o.Done(li, list)
	o.Done(li, act.AdoptItems{List: list.List, Seen: 2, Codes: []string{"SD-01"}, IDs: adopted[:1], Reason: "上级清单更新"})
	o.Done(li, act.KeepItem{Item: adopted[1], Seen: 1, Reason: "本地仍需检查许可"})
	o.Done(zou, act.PutItemLimit{Keys: 1, MaxShare: 2000, Ground: "联席会议议定"})
	o.Done(zou, act.PutItemLimit{Org: Org("gaj"), Keys: 5, MaxShare: 1000, Ground: "联席会议议定"})
	o.Done(zou, act.PutItemLimit{Seen: 1, Keys: 2, MaxShare: 2000, Ground: "联席会议议定调整"})
	o.Done(wang, act.ApproveKey{Item: adopted[0], Seen: 2, Ground: "近两年投诉集中"})
	question := act.PutQuestion{Item: adopted[0], QuestionRow: inspect.QuestionRow{Name: "shown", Type: inspect.AskYesNo, Label: "是否公示许可证", Default: "yes"}}
	o.Done(li, question)
	question.Seen, question.Reason = 1, "补充"
	question.QuestionRow = inspect.QuestionRow{Name: "why", Type: inspect.AskText, Label: "未公示的原因", If: "shown", Is: "no"}
	o.Done(li, question)
	o.Done(li, act.DropQuestion{Item: adopted[0], Seen: 2, No: 2, Reason: "合并到备注"})
	o.Done(li, act.PutChecklist{Item: adopted[1], Questions: []string{`{"name":"clean","type":"one","label":"环境","choices":"ok=整洁\nbad=不整洁"}`}})

	id := o.Joint(zhou, "scjg", "gaj")
	o.Done(zhou, act.InviteJoint{List: id, Seen: 2})
	sun := o.Clerk("孙警官", "gaj")
	o.Done(li, act.AcceptJoint{JointAnswer: act.JointAnswer{List: id, Terms: 1}})
	o.Done(sun, act.ProposeJoint{JointAnswer: act.JointAnswer{List: id, Terms: 1, Note: "请由公安牵头"}})
	o.Done(o.Leader("胡局长", "gaj"), act.DeclineJoint{JointAnswer: act.JointAnswer{List: id, Terms: 1, Note: "事项未定"}})
	o.Done(sun, act.AcceptJoint{JointAnswer: act.JointAnswer{List: id, Terms: 1}})
	o.Done(zou, act.PublishJoint{List: id, Seen: 7, Places: "市政府网站\n省监管工作平台"})
	next := ID[inspect.JointID](o.Name() + "joint next")
	o.Done(zhou, act.AmendJoint{List: id, Seen: 8, Next: next, Reason: "增加事项"})
	o.Done(zhou, o.JointLine(next, 1, "gaj", "scjg"))
	o.Done(zhou, act.DropJointLine{List: next, Seen: 2, No: 2})
	o.Done(zhou, act.DiscardJoint{List: next, Seen: 3})
	last := ID[inspect.JointID](o.Name() + "joint last")
	o.Done(zhou, act.AmendJoint{List: id, Seen: 8, Next: last, Reason: "重新公布"})
	o.Done(zou, act.PublishJoint{List: last, Seen: 1, Places: "市政府网站"})
}
