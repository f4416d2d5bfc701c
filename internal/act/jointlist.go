package act

import (
	"context"

	"suicha/internal/inspect"
)

// DraftJoint begins the joint list of the region: R21, 海政办发〔2020〕2号 二(二)
// "联席会议办公室会同同级相关部门制定".
type DraftJoint struct {
	List inspect.JointID `json:"list"` // made by the asker
}

// Verb is what the act is called.
func (DraftJoint) Verb() inspect.Verb { return inspect.JointDraft }

func (c DraftJoint) do(ctx context.Context, t *tx) error {
	list, err := inspect.NewJoint(c.List, t.by.Org, t.by.Person, t.now)
	if err != nil {
		return err
	}
	if open, err := t.JointOpen(ctx, list.Region, inspect.JointDrafting, inspect.JointPublished); err != nil || open {
		return orTaken(err, inspect.ErrJointExists)
	}
	return t.addJoint(ctx, list)
}

func (t *tx) addJoint(ctx context.Context, list inspect.JointList) error {
	if _, err := t.Joint(ctx, list.ID); err == nil {
		return inspect.ErrTaken
	}
	return t.saveJoint(ctx, "", list)
}

// joint loads a joint list as it was seen. One that the actor's organisation has
// nothing to do with does not exist.
func (t *tx) joint(ctx context.Context, id inspect.JointID, seen int64) (inspect.JointList, error) {
	list, err := t.Joint(ctx, id)
	if err := asSeen(err, len(list.Relations(t.by.Org)) > 0, list.Version, seen); err != nil {
		return list, err
	}
	return list, t.by.MayTo(t.verb, list.Relations(t.by.Org)...)
}

func (t *tx) saveJoint(ctx context.Context, was inspect.JointState, list inspect.JointList) error {
	if err := t.PutJoint(ctx, was, list); err != nil {
		return err
	}
	list.Version++
	return t.savedVersion(ctx, "joint_list", string(list.ID), list.Version, list)
}

// changeJoint loads, changes and saves a joint list.
func (t *tx) changeJoint(ctx context.Context, id inspect.JointID, seen int64, change func(inspect.JointList) (inspect.JointList, error)) error {
	was, err := t.joint(ctx, id, seen)
	if err != nil {
		return err
	}
	list, err := change(was)
	if err != nil {
		return err
	}
	return t.saveJoint(ctx, was.State, list)
}

// PutJointLine adds a line to the draft of the joint list, or changes it. The items
// are pinned in their newest versions: R21, R23. No 0 is a new line.
type PutJointLine struct {
	List    inspect.JointID  `json:"list"`
	Seen    int64            `json:"seen"`
	No      int              `json:"no"`
	Field   string           `json:"field" label:"抽查领域"`
	Name    string           `json:"name" label:"联合抽查事项名称"`
	Objects string           `json:"objects" label:"抽查对象范围"`
	Lead    inspect.OrgID    `json:"lead" label:"牵头部门"`
	Items   []inspect.ItemID `json:"items" label:"各部门抽查事项"`
	Remark  string           `json:"remark" label:"备注"`
}

// Verb is what the act is called.
func (PutJointLine) Verb() inspect.Verb { return inspect.JointPutLine }

func (c PutJointLine) do(ctx context.Context, t *tx) error {
	facts, err := t.Facts(ctx, t.by.Org.Region)
	if err != nil {
		return err
	}
	line := inspect.JointLine{No: c.No, Field: c.Field, Name: c.Name, Objects: c.Objects, Lead: c.Lead, Remark: c.Remark}
	for _, id := range c.Items {
		line.Items = append(line.Items, inspect.ItemPin{Item: id})
	}
	return t.changeJoint(ctx, c.List, c.Seen, func(j inspect.JointList) (inspect.JointList, error) {
		return j.PutLine(line, facts.Items, t.today())
	})
}

// DropJointLine takes a line off the draft of the joint list.
type DropJointLine struct {
	List inspect.JointID `json:"list"`
	Seen int64           `json:"seen"`
	No   int             `json:"no"`
}

// Verb is what the act is called.
func (DropJointLine) Verb() inspect.Verb { return inspect.JointDropLine }

func (c DropJointLine) do(ctx context.Context, t *tx) error {
	return t.changeJoint(ctx, c.List, c.Seen, func(j inspect.JointList) (inspect.JointList, error) { return j.DropLine(c.No) })
}

// InviteJoint asks the departments of the draft for their consent: R21.
type InviteJoint struct {
	List inspect.JointID `json:"list"`
	Seen int64           `json:"seen"`
}

// Verb is what the act is called.
func (InviteJoint) Verb() inspect.Verb { return inspect.JointInvite }

func (c InviteJoint) do(ctx context.Context, t *tx) error {
	return t.changeJoint(ctx, c.List, c.Seen, func(j inspect.JointList) (inspect.JointList, error) { return j.Invite(t.now) })
}

// A JointAnswer is a department's answer about the joint list. Terms is the state of
// the lines that it answers to, not the list's version: answers of several
// departments do not get into each other's way.
type JointAnswer struct {
	List  inspect.JointID `json:"list"`
	Terms int64           `json:"terms"`
	Note  string          `json:"note" label:"意见"`
}

// AcceptJoint agrees to the lines that name the department's items.
type AcceptJoint struct{ JointAnswer }

// ProposeJoint asks for a change.
type ProposeJoint struct{ JointAnswer }

// DeclineJoint does not agree, with a reason.
type DeclineJoint struct{ JointAnswer }

// Verb is what the act is called.
func (AcceptJoint) Verb() inspect.Verb { return inspect.JointAccept }

// Verb is what the act is called.
func (ProposeJoint) Verb() inspect.Verb { return inspect.JointPropose }

// Verb is what the act is called.
func (DeclineJoint) Verb() inspect.Verb { return inspect.JointDecline }

func (a JointAnswer) do(ctx context.Context, t *tx) error {
	now, err := t.Joint(ctx, a.List)
	if err != nil {
		return err
	}
	list, err := t.joint(ctx, a.List, now.Version)
	switch {
	case err != nil:
		return err
	case list.Terms != a.Terms:
		return inspect.ErrStale
	}
	if list, err = list.Answer(t.by.Org.ID, t.verb, a.Note, t.by.Person, t.now); err != nil {
		return err
	}
	return t.saveJoint(ctx, now.State, list)
}

// PublishJoint makes the joint list public, and says on which sites: R22,
// 海政办发〔2020〕2号 二(二) "通过相关网站和省工作平台向社会公布". An adjustment replaces
// the edition it amends in the same act.
type PublishJoint struct {
	List   inspect.JointID `json:"list"`
	Seen   int64           `json:"seen"`
	Places string          `json:"places" label:"公布的网站或者平台" hint:"每行一个，例如 市政府网站、省“双随机、一公开”监管工作平台"`
}

// Verb is what the act is called.
func (PublishJoint) Verb() inspect.Verb { return inspect.JointPublish }

func (c PublishJoint) do(ctx context.Context, t *tx) error {
	was, err := t.joint(ctx, c.List, c.Seen)
	if err != nil {
		return err
	}
	facts, err := t.Facts(ctx, was.Region)
	if err != nil {
		return err
	}
	list, err := was.Publish(c.Places, was.Gaps(facts, t.today()), t.by.Person, t.now)
	if err != nil {
		return err
	}
	if list.Amends != "" { // first, as one edition only is in force
		before, err := t.Joint(ctx, list.Amends)
		if err != nil {
			return err
		}
		replaced, err := before.Replace(t.now)
		if err != nil {
			return err
		}
		if err := t.saveJoint(ctx, before.State, replaced); err != nil {
			return err
		}
	}
	return t.saveJoint(ctx, was.State, list)
}

// AmendJoint begins the next edition of the published joint list: R23.
type AmendJoint struct {
	List   inspect.JointID `json:"list"`
	Seen   int64           `json:"seen"`
	Next   inspect.JointID `json:"next"` // made by the asker
	Reason string          `json:"reason" label:"调整理由"`
}

// Verb is what the act is called.
func (AmendJoint) Verb() inspect.Verb { return inspect.JointAmend }

func (c AmendJoint) do(ctx context.Context, t *tx) error {
	was, err := t.joint(ctx, c.List, c.Seen)
	if err != nil {
		return err
	}
	next, err := was.Amend(c.Next, c.Reason, t.by.Person, t.now)
	if err != nil {
		return err
	}
	if open, err := t.JointOpen(ctx, was.Region, inspect.JointDrafting); err != nil || open {
		return orTaken(err, inspect.ErrJointExists)
	}
	return t.addJoint(ctx, next)
}

// DiscardJoint throws a draft of the joint list away.
type DiscardJoint struct {
	List inspect.JointID `json:"list"`
	Seen int64           `json:"seen"`
}

// Verb is what the act is called.
func (DiscardJoint) Verb() inspect.Verb { return inspect.JointDiscard }

func (c DiscardJoint) do(ctx context.Context, t *tx) error {
	return t.changeJoint(ctx, c.List, c.Seen, inspect.JointList.Discard)
}
