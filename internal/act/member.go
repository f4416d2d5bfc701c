package act

import (
	"context"
	"slices"

	"suicha/internal/inspect"
)

// ObjectsMost is how many objects one act takes from a page; a rule proposes
// more, in one act as well.
const ObjectsMost = 5000

// Members are objects that an act moves in a sub-library of the actor's
// department: the common fields of such acts.
type Members struct {
	Sublibrary inspect.SublibraryID `json:"sublibrary" label:"检查对象分库"`
	Objects    []inspect.ObjectNo   `json:"objects" label:"检查对象"`
}

// of loads the sub-library, which must be the actor's department's own, and
// where the objects stand in it.
func (c Members) of(ctx context.Context, t *tx) (map[inspect.ObjectNo]inspect.Member, error) {
	lib, err := t.Sublibrary(ctx, c.Sublibrary)
	switch {
	case err != nil:
		return nil, inspect.ErrChoice.With("检查对象分库").At("sublibrary")
	case lib.Org != t.by.Org.ID:
		return nil, inspect.ErrMissing
	case len(c.Objects) == 0:
		return nil, inspect.ErrMembersNone
	case len(c.Objects) > ObjectsMost:
		return nil, inspect.ErrMembersMany.With(ObjectsMost)
	}
	return t.Members(ctx, c.Sublibrary, c.Objects)
}

// inOrder returns numbers in their order, each once.
func inOrder(nos []inspect.ObjectNo) []inspect.ObjectNo {
	nos = slices.Clone(nos)
	slices.Sort(nos)
	return slices.Compact(nos)
}

// saveMembers writes what has changed in a sub-library.
func (t *tx) saveMembers(ctx context.Context, lib inspect.SublibraryID, all []inspect.Member) error {
	if len(all) == 0 {
		return inspect.ErrMembersIdle
	}
	image, err := t.PutMembers(ctx, lib, all)
	if err == nil {
		t.saved("rows.member", string(lib), int64(len(all)), image)
	}
	return err
}

// move takes each object to where next puts it in the sub-library. Next says false
// for one that it leaves alone; if it leaves all, nothing happens at all.
func (c Members) move(ctx context.Context, t *tx, next func(inspect.ObjectNo, inspect.Member, bool) (inspect.Member, bool, error)) error {
	stand, err := c.of(ctx, t)
	if err != nil {
		return err
	}
	var moved []inspect.Member
	for _, no := range inOrder(c.Objects) {
		was, stands := stand[no]
		m, ok, err := next(no, was, stands)
		if err != nil {
			return err
		}
		if ok {
			moved = append(moved, m)
		}
	}
	return t.saveMembers(ctx, c.Sublibrary, moved)
}

// step moves members that stand in the sub-library one step on. Those whose
// state has no such step were moved by somebody else.
func (c Members) step(ctx context.Context, t *tx, verb inspect.Verb, ground string) error {
	return c.move(ctx, t, func(_ inspect.ObjectNo, m inspect.Member, stands bool) (inspect.Member, bool, error) {
		if !stands || !slices.Contains(inspect.MemberLife().Verbs(m.State), verb) {
			return m, false, nil
		}
		m, err := m.Step(verb, ground, t.by.Person, t.now)
		return m, true, err
	})
}

// AddMembers proposes objects for a sub-library by hand: R31. They are candidates
// until the department confirms them: R35.
type AddMembers struct {
	Members
	Ground string `json:"ground" label:"列入依据" hint:"例如 实地核实经营餐饮"`
}

// Verb is what the act is called.
func (AddMembers) Verb() inspect.Verb { return inspect.MemberAdd }

func (c AddMembers) do(ctx context.Context, t *tx) error {
	return c.move(ctx, t, func(no inspect.ObjectNo, m inspect.Member, stands bool) (_ inspect.Member, ok bool, err error) {
		switch {
		case !stands:
			if err := t.marks(ctx, no, c.Verb()); err != nil {
				return m, false, err
			}
			m, err = inspect.NewMember(c.Sublibrary, no, c.Ground, t.by.Person, t.now)
		case m.State != inspect.MemberRemoved:
			return m, false, nil
		default:
			m, err = m.Step(c.Verb(), c.Ground, t.by.Person, t.now)
		}
		return m, true, err
	})
}

// ConfirmMembers takes candidates into the sub-library: R35, 海政办发〔2020〕2号
// 二(三) "经本部门审核确认后实施".
type ConfirmMembers struct {
	Members
	Ground string `json:"ground" label:"说明" hint:"可不填"` // stands in the entry
}

// Verb is what the act is called.
func (ConfirmMembers) Verb() inspect.Verb { return inspect.MemberConfirm }

func (c ConfirmMembers) do(ctx context.Context, t *tx) error {
	return c.step(ctx, t, c.Verb(), "")
}

// RemoveMembers strikes candidates out, or takes members out of the sub-library.
type RemoveMembers struct {
	Members
	Ground string `json:"ground" label:"移出理由" hint:"例如 不经营餐饮"`
}

// Verb is what the act is called.
func (RemoveMembers) Verb() inspect.Verb { return inspect.MemberRemove }

func (c RemoveMembers) do(ctx context.Context, t *tx) error {
	return c.step(ctx, t, c.Verb(), c.Ground)
}

// SetMemberRule keeps the rule by which candidates of a sub-library are proposed:
// R34. A rule that asks for nothing is none.
type SetMemberRule struct {
	ID     inspect.SublibraryID `json:"id"`
	Seen   int64                `json:"seen"`
	Codes  string               `json:"industries" label:"行业代码" hint:"GB/T 4754—2017，门类、大类、中类、小类都可以，用顿号或空格分开，例如 H62、F5227"`
	Except string               `json:"without" label:"排除的行业代码"`
	Any    string               `json:"any" label:"含任一关键字" hint:"经营范围中的词，用顿号或空格分开，例如 餐饮服务、小餐饮"`
	All    string               `json:"all" label:"同时含全部关键字"`
	None   string               `json:"none" label:"排除的关键字" hint:"经营范围含其中任何一个词的不列入"`
	Either bool                 `json:"either" label:"行业和关键字符合一项即可"`
}

// Verb is what the act is called.
func (SetMemberRule) Verb() inspect.Verb { return inspect.SublibraryRule }

func (c SetMemberRule) do(ctx context.Context, t *tx) error {
	lib, err := t.Sublibrary(ctx, c.ID)
	if err := asSeen(err, lib.Org == t.by.Org.ID, lib.Version, c.Seen); err != nil {
		return err
	}
	if lib.Rule, err = c.Rule().Tidy(); err != nil {
		return err
	}
	return t.saveSublibrary(ctx, lib)
}

// Rule is the rule as it was written, not yet checked.
func (c SetMemberRule) Rule() inspect.MemberRule {
	return inspect.MemberRule{
		Industries: inspect.Words(c.Codes), Without: inspect.Words(c.Except), Either: c.Either,
		Any: inspect.Words(c.Any), All: inspect.Words(c.All), None: inspect.Words(c.None),
	}
}

// ProposeMembers makes candidates of all objects in business that the
// sub-library's rule finds, and that never stood in it: R34, R35. Each keeps
// why it was found.
type ProposeMembers struct {
	ID   inspect.SublibraryID `json:"id"`
	Seen int64                `json:"seen"`
}

// Verb is what the act is called.
func (ProposeMembers) Verb() inspect.Verb { return inspect.MemberPropose }

func (c ProposeMembers) do(ctx context.Context, t *tx) error {
	lib, err := t.Sublibrary(ctx, c.ID)
	if err := asSeen(err, lib.Org == t.by.Org.ID, lib.Version, c.Seen); err != nil {
		return err
	}
	stand, err := t.Standing(ctx, lib.ID)
	if err != nil {
		return err
	}
	var found []inspect.Member
	err = t.Active(ctx, t.by.Org.Region, func(o inspect.Object) error {
		if _, ok := stand[o.No]; ok {
			return nil
		}
		v := lib.Rule.Judge(o)
		if !v.In {
			return nil
		}
		m, err := inspect.NewMember(lib.ID, o.No, "规则："+v.Why, t.by.Person, t.now)
		found = append(found, m)
		return err
	})
	if err != nil {
		return err
	}
	return t.saveMembers(ctx, lib.ID, found)
}
