package act

import (
	"context"

	"suicha/internal/inspect"
)

// FoundInstallation is the first act of an installation, from the server's
// console: the government, its conference office, the towns, and the first
// administrator, who is the security administrator and invites everybody else.
type FoundInstallation struct {
	Region     string           `json:"region" label:"行政区划代码"`
	Government NewOrg           `json:"government"`
	Office     NewOrg           `json:"office"`
	Person     inspect.PersonID `json:"person"`
	Post       inspect.PostID   `json:"post"`
	Name       string           `json:"name" label:"姓名"`
	Areas      []inspect.Choice `json:"areas"`
}

// NewOrg is an organisation to be.
type NewOrg struct {
	ID    inspect.OrgID `json:"id"`
	Code  string        `json:"code"`
	Name  string        `json:"name"`
	Short string        `json:"short"`
}

// Verb is what the act is called.
func (FoundInstallation) Verb() inspect.Verb { return inspect.InstallFound }

func (c FoundInstallation) do(ctx context.Context, t *tx) error {
	if empty, err := t.Empty(ctx); err != nil || !empty {
		return orTaken(err, inspect.ErrFounded)
	}
	person, err := inspect.NewPerson(c.Person, c.Name)
	if err != nil {
		return err
	}
	if err := t.addFirst(ctx, inspect.OrgGovernment, c.Region, c.Government); err != nil {
		return err
	}
	if err := t.addFirst(ctx, inspect.OrgOffice, c.Region, c.Office); err != nil {
		return err
	}
	for i, area := range c.Areas {
		if err := t.AddArea(ctx, c.Region, area.Value, area.Text, i); err != nil {
			return err
		}
		t.saved("area", area.Value, 1, struct {
			Code, Region, Name string
			Rank               int
		}{area.Value, c.Region, area.Text, i})
	}
	if err := t.addPerson(ctx, person); err != nil {
		return err
	}
	return t.grant(ctx, inspect.Post{ID: c.Post, Person: person.ID, Org: c.Government.ID, Kind: inspect.SecurityAdmin, From: t.today()})
}

func (t *tx) addFirst(ctx context.Context, kind inspect.OrgKind, region string, o NewOrg) error {
	return t.addOrg(ctx, o.ID, kind, region, o.Code, o.Name, o.Short)
}
