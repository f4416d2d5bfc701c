package act

import (
	"context"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// FoundOrg adds an organisation of the actor's region.
type FoundOrg struct {
	ID    inspect.OrgID   `json:"id"` // made by the asker
	Kind  inspect.OrgKind `json:"kind" label:"单位类型"`
	Code  string          `json:"code" label:"单位代码" hint:"小写字母，用于计划编号，例如 scjg"`
	Name  string          `json:"name" label:"单位名称"`
	Short string          `json:"short" label:"简称"`
}

// Verb is what the act is called.
func (FoundOrg) Verb() inspect.Verb { return inspect.OrgFound }

func (c FoundOrg) do(ctx context.Context, t *tx) error {
	return t.addOrg(ctx, c.ID, c.Kind, t.by.Org.Region, c.Code, c.Name, c.Short)
}

func (t *tx) addOrg(ctx context.Context, id inspect.OrgID, kind inspect.OrgKind, region, code, name, short string) error {
	org, err := inspect.NewOrg(id, kind, region, code, name, short, t.today())
	if err != nil {
		return err
	}
	taken, err := t.OrgCodeTaken(ctx, region, code)
	switch {
	case err != nil:
		return err
	case taken:
		return inspect.ErrOrgTaken.With(code)
	}
	if _, err := t.Org(ctx, id); err == nil {
		return inspect.ErrTaken
	}
	if err := t.AddOrg(ctx, org); err != nil {
		return err
	}
	t.saved("org", string(org.ID), 1, org)
	return nil
}

// org loads an organisation of the actor's region as it was seen.
func (t *tx) org(ctx context.Context, id inspect.OrgID, seen int64) (inspect.Org, error) {
	org, err := t.Org(ctx, id)
	return org, asSeen(err, org.Region == t.by.Org.Region, org.Version, seen)
}

func (t *tx) saveOrg(ctx context.Context, org inspect.Org) error {
	if err := t.PutOrg(ctx, org); err != nil {
		return err
	}
	org.Version++
	t.saved("org", string(org.ID), org.Version, org)
	return nil
}

// RenameOrg gives an organisation a new name; the old one stays on what it did:
// R141.
type RenameOrg struct {
	Org   inspect.OrgID `json:"org"`
	Seen  int64         `json:"seen"`
	Name  string        `json:"name" label:"新名称"`
	Short string        `json:"short" label:"新简称"`
}

// Verb is what the act is called.
func (RenameOrg) Verb() inspect.Verb { return inspect.OrgRename }

func (c RenameOrg) do(ctx context.Context, t *tx) error {
	org, err := t.org(ctx, c.Org, c.Seen)
	if err != nil {
		return err
	}
	if org, err = org.Rename(c.Name, c.Short, t.today()); err != nil {
		return err
	}
	return t.saveOrg(ctx, org)
}

// MergeOrg ends an organisation and names who answers for it now: R141.
type MergeOrg struct {
	Org  inspect.OrgID `json:"org"`
	Seen int64         `json:"seen"`
	Into inspect.OrgID `json:"into" label:"并入"`
}

// Verb is what the act is called.
func (MergeOrg) Verb() inspect.Verb { return inspect.OrgMerge }

func (c MergeOrg) do(ctx context.Context, t *tx) error {
	org, err := t.org(ctx, c.Org, c.Seen)
	if err != nil {
		return err
	}
	into, err := t.Org(ctx, c.Into)
	if err != nil {
		return inspect.ErrOrgSelf
	}
	if org, err = org.Merge(into, t.today()); err != nil {
		return err
	}
	return t.saveOrg(ctx, org)
}

// AddPerson registers a person.
type AddPerson struct {
	ID   inspect.PersonID `json:"id"` // made by the asker
	Name string           `json:"name" label:"姓名"`
}

// Verb is what the act is called.
func (AddPerson) Verb() inspect.Verb { return inspect.PersonAdd }

func (c AddPerson) do(ctx context.Context, t *tx) error {
	person, err := inspect.NewPerson(c.ID, c.Name)
	if err != nil {
		return err
	}
	return t.addPerson(ctx, person)
}

func (t *tx) addPerson(ctx context.Context, person inspect.Person) error {
	taken, err := t.PersonExists(ctx, person.ID)
	switch {
	case err != nil:
		return err
	case taken:
		return inspect.ErrTaken
	}
	if err := t.AddPerson(ctx, person); err != nil {
		return err
	}
	person.Version = 1
	t.saved("person", string(person.ID), 1, person)
	return nil
}

// GrantPost gives a person a post: by the security administrator, never to
// oneself, the three administrators apart (INV-14).
type GrantPost struct {
	ID     inspect.PostID   `json:"id"` // made by the asker
	Person inspect.PersonID `json:"person" label:"人员"`
	Org    inspect.OrgID    `json:"org" label:"单位"`
	Kind   inspect.PostKind `json:"kind" label:"岗位"`
	From   workday.Date     `json:"from" label:"任职开始"`
	Until  workday.Date     `json:"until" label:"任职结束" hint:"不填即为长期"`
}

// Verb is what the act is called.
func (GrantPost) Verb() inspect.Verb { return inspect.PostGrant }

func (c GrantPost) do(ctx context.Context, t *tx) error {
	org, err := t.Org(ctx, c.Org)
	if err != nil || org.Region != t.by.Org.Region {
		return inspect.ErrChoice.With("单位").At("org")
	}
	if !org.Until.IsZero() {
		return inspect.ErrOrgGone.With(org.Short, org.Until.String()).At("org")
	}
	if err := t.notOwnPerson(ctx, c.Person); err != nil {
		return err
	}
	return t.grant(ctx, inspect.Post{ID: c.ID, Person: c.Person, Org: c.Org, Kind: c.Kind, From: c.From, Until: c.Until})
}

// notOwnPerson refuses a post for somebody whom the actor registered: else one
// administrator alone could invent two persons, and draft and approve as both. Until
// a system administrator is in office nobody else can register anybody.
func (t *tx) notOwnPerson(ctx context.Context, person inspect.PersonID) error {
	registered, err := t.Wrote(ctx, t.by.Person, string(person), inspect.PersonAdd)
	if err != nil || !registered {
		return err
	}
	others, err := t.InOffice(ctx, inspect.SystemAdmin)
	if err == nil && others {
		err = inspect.ErrOwnPerson
	}
	return err
}

func (t *tx) grant(ctx context.Context, post inspect.Post) error {
	if ok, err := t.PersonExists(ctx, post.Person); err != nil || !ok {
		return inspect.ErrChoice.With("人员").At("person")
	}
	if post.From.IsZero() {
		post.From = t.today()
	}
	others, err := t.Posts(ctx, post.Person)
	if err != nil {
		return err
	}
	if _, err := t.Post(ctx, post.ID); err == nil {
		return inspect.ErrTaken
	}
	if post, err = inspect.NewPost(post, t.by.Person, others); err != nil {
		return err
	}
	// R134, 附件2 二(五): 分别确定一名联络员.
	if post.Kind == inspect.Liaison {
		if name, err := t.LiaisonBeside(ctx, post); err != nil || name != "" {
			return orTaken(err, inspect.ErrLiaison.With(name))
		}
	}
	if err := t.AddPost(ctx, post); err != nil {
		return err
	}
	post.Version = 1
	t.saved("post", string(post.ID), 1, post)
	return nil
}

// EndPost ends a post from a day on.
type EndPost struct {
	Post inspect.PostID `json:"post"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (EndPost) Verb() inspect.Verb { return inspect.PostEnd }

func (c EndPost) do(ctx context.Context, t *tx) error {
	post, err := t.Post(ctx, c.Post)
	if err != nil {
		return err
	}
	org, err := t.Org(ctx, post.Org)
	if err := asSeen(err, org.Region == t.by.Org.Region, post.Version, c.Seen); err != nil {
		return err
	}
	others, err := t.OthersOfKind(ctx, inspect.SecurityAdmin, post.Person)
	if err != nil {
		return err
	}
	if post, err = post.End(t.by.Person, t.today(), int(others)); err != nil {
		return err
	}
	if err := t.PutPost(ctx, post); err != nil {
		return err
	}
	post.Version++
	t.saved("post", string(post.ID), post.Version, post)
	return nil
}
