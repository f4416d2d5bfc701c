package auth

import (
	"context"
	"fmt"

	"suicha/internal/inspect"
)

// A Named is what is known of a name to sign in with.
type Named struct {
	Name   string           // in its one form
	Person inspect.PersonID // whose account it is; empty if nobody's
	Wrong  error            // it cannot be the name of an account
}

// Named says of each name whose account it is, in the order of names, to the
// administrators who register and appoint persons.
func (g *Gate) Named(ctx context.Context, by inspect.Actor, names []string) ([]Named, error) {
	if by.Post.Kind != inspect.SystemAdmin && by.Post.Kind != inspect.SecurityAdmin {
		return nil, inspect.ErrDenied.With("管理账号")
	}
	accounts, err := g.rows.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	owner := map[string]inspect.PersonID{}
	for _, a := range accounts {
		owner[a.Name] = a.Person
	}
	all := make([]Named, len(names))
	for k, name := range names {
		all[k].Name, all[k].Wrong = foldName(name)
		all[k].Person = owner[all[k].Name]
	}
	return all, nil
}
