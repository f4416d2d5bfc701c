package rig

import (
	"fmt"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// Terms makes the desk keep other terms of publication than the regulation's.
func (o *Office) Terms(repairMonths, publicMonths int) {
	d := inspect.Regulation
	d.RepairMonths, d.PublicMonths = repairMonths, publicMonths
	o.Desk = act.NewDesk(o.Store.Writer, func() time.Time { return o.Now }, d)
	o.Desk.KeepSealed(SealKeys())
	o.Desk.KeepFiles(o.blob)
}

// AppealForm is the public form about the result of scjg, as the platform takes it in.
func (v *Visited) AppealForm(kind inspect.AppealKind) act.ReceiveAppeal {
	v.Helper()
	form := fmt.Sprint(v.Name(), v.Team, kind, v.next())
	_, c := act.AppealForm(form, v.Result().ID, kind, v.Result().Code, inspect.FeedbackText{
		Text: "检查当日台账存放在二楼办公室，已经补充提交。", Name: "刘店长", Contact: "13900000000",
	})
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.forms == nil {
		v.forms = map[inspect.AppealID]string{}
	}
	v.forms[c.ID] = form
	return c
}

// AppealFile is a file that came with an appeal, and that the platform holds.
func (o *Office) AppealFile(text string) inspect.AppealFile {
	return inspect.AppealFile{SHA256: o.File(text), Size: int64(len(text)), Type: "image/jpeg"}
}

// Holds makes the platform hold a file that the test keeps elsewhere.
func (o *Office) Holds(f inspect.AppealFile) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.files[f.SHA256] = inspect.Blob{Size: f.Size, Type: f.Type}
}

// Sent is what the sender of an appeal sends later, with the password.
func (v *Visited) Sent(id inspect.AppealID) inspect.AppealSent {
	v.Helper()
	return inspect.AppealSent{
		Form: ID[string](fmt.Sprint(v.Name(), v.Team, "sent", v.next())), Appeal: id, Secret: inspect.AppealPassword(v.forms[id]),
		Words: inspect.FeedbackText{Text: "补充照片，台账在二楼。"},
	}
}

// Appealed takes an appeal in by the public form.
func (v *Visited) Appealed(kind inspect.AppealKind) inspect.AppealID {
	v.Helper()
	c := v.AppealForm(kind)
	v.Done(inspect.System(Region), c)
	return c.ID
}

// Appeal is an appeal as it stands.
func (o *Office) Appeal(id inspect.AppealID) (a inspect.Appeal) {
	o.Helper()
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) (err error) {
		a, err = t.Appeal(o.Context(), id)
		return err
	})
	if err != nil {
		o.Fatalf("read the appeal %s: %v", id, err)
	}
	return a
}

// An AppealAct is one step of an appeal and who makes it.
type AppealAct struct {
	Who  inspect.Actor
	Does act.Command
}

// AppealActs are every act on an appeal as it stands, by who may make it, whatever its
// state.
func (v *Visited) AppealActs(id inspect.AppealID) []AppealAct {
	v.Helper()
	a := v.Appeal(id)
	seen := act.AppealSeen{Appeal: id, Seen: a.Version}
	grant := act.GrantAppeal{AppealSeen: seen, Text: "经核实，反映的情况属实。"}
	if a.Kind == inspect.AppealReply {
		grant.Public = "台账存放在二楼办公室，已于次日补充提交。"
	}
	system, sent := inspect.System(Region), v.Sent(id)
	_, add := act.AddForm(sent)
	_, retract := act.RetractForm(sent)
	return []AppealAct{
		{system, add},
		{system, retract},
		{v.Li, act.AskAppeal{AppealSeen: seen, Days: inspect.AskDaysUsual, Text: "请补充台账存放地点的证明材料。"}},
		{v.Li, act.SupplyAppeal{AppealSeen: seen, Text: "收到房屋平面图和照片 3 张。"}},
		{v.Li, act.AcceptAppeal{AppealSeen: seen, Check: "call", Text: "按登记电话回访，负责人确认是本单位提交。"}},
		{v.Qin, act.RejectAppeal{AppealSeen: seen, Text: "经回访，不是该单位提交。"}},
		{v.Qin, grant},
		{v.Qin, act.RefuseAppeal{AppealSeen: seen, Text: "经核实，公示的结果与检查记录一致。"}},
		{v.Qin, act.RepairAppeal{AppealSeen: seen, Text: "问题已经改正，同意信用修复。"}},
		{v.Li, act.WithdrawAppeal{AppealSeen: seen, Text: "负责人来电提出撤回。"}},
		{v.Qin, act.EraseAppeal{AppealSeen: seen, Text: "申请人要求删除"}},
	}
}

// Appeals makes steps of an appeal, one after the other.
func (v *Visited) Appeals(id inspect.AppealID, verbs ...inspect.Verb) inspect.AppealID {
	v.Helper()
	for _, verb := range verbs {
		for _, a := range v.AppealActs(id) {
			if a.Does.Verb() == verb {
				v.Done(a.Who, a.Does)
			}
		}
	}
	return id
}

// EnterAppeal is an appeal on paper about the result of scjg.
func (v *Visited) EnterAppeal(kind inspect.AppealKind) act.EnterAppeal {
	v.Helper()
	return act.EnterAppeal{ID: ID[inspect.AppealID](fmt.Sprint(v.Name(), v.Team, "paper", v.next())), Result: v.Result().ID, Kind: kind, Way: "counter", Text: "书面提出，认为结果有误。"}
}

// livedAppeals does one of everything to appeals about a published result, and leaves an
// objection that was found right, and one that waits behind it.
func (v *Visited) livedAppeals() {
	v.Helper()
	v.Appeals(v.Appealed(inspect.AppealObjection), inspect.AppealAsk, inspect.AppealReject)
	refused := v.EnterAppeal(inspect.AppealObjection)
	v.Done(v.Li, refused)
	v.Appeals(refused.ID, inspect.AppealAccept, inspect.AppealRefuse)
	v.Appeals(v.Appealed(inspect.AppealReply), inspect.AppealAccept, inspect.AppealGrant, inspect.AppealWithdraw, inspect.AppealErase)
	v.Appeals(v.Appealed(inspect.AppealReply), inspect.AppealAccept, inspect.AppealGrant)
	attached := v.AppealForm(inspect.AppealReply)
	attached.Files = []inspect.AppealFile{v.AppealFile("盖章的说明")}
	v.Done(inspect.System(Region), attached)
	v.Appeals(v.Appealed(inspect.AppealReply), inspect.AppealAccept)
	v.Appeals(v.Appealed(inspect.AppealObjection), inspect.AppealAdd, inspect.AppealRetract, inspect.AppealErase)
	v.Appealed(inspect.AppealObjection)
	v.Appeals(v.Appealed(inspect.AppealObjection), inspect.AppealAsk, inspect.AppealAdd, inspect.AppealAsk, inspect.AppealSupply, inspect.AppealAccept, inspect.AppealGrant)
}

// livedEnds ends the publication of a result by its repair.
func (v *Visited) livedEnds() {
	v.Helper()
	v.Enter().Approve().Publish()
	v.Terms(0, 0)
	v.Appeals(v.Appealed(inspect.AppealRepairing), inspect.AppealAccept, inspect.AppealRepair)
	v.Terms(inspect.Regulation.RepairMonths, inspect.Regulation.PublicMonths)
}
