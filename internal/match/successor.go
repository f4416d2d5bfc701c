package match

import (
	"fmt"
	"slices"
)

// Successors are the inspectors who may take a seat of an object's line, in the order
// in which they are asked: that of their tickets at the object (docs/design/match.md
// §15). They are the members of the line's group who do not avoid the object. Who is
// in the team already, or cannot come any more, is for the caller to pass over.
func (p *Problem) Successors(t Terms, object, department string, line int) ([]string, error) {
	at := slices.IndexFunc(p.Demands, func(d Demand) bool { return d.Object == object && d.Department == department && d.Line == line })
	if at < 0 {
		return nil, fmt.Errorf("object %s has no line %d of %s", object, line, department)
	}
	group := slices.IndexFunc(p.Groups, func(g Group) bool { return g.ID == p.Demands[at].Group })
	k, err := t.placeAt(object, department)
	if err != nil {
		return nil, err
	}
	type asked struct {
		ticket [32]byte
		id     string
	}
	var all []asked
	for _, i := range p.members(&p.Groups[group], p.regions()[department]) {
		id := p.Inspectors[i].ID
		if !slices.ContainsFunc(p.Avoidances, func(a Avoidance) bool { return a.Object == object && a.Inspector == id }) {
			all = append(all, asked{k.inspector(id), id})
		}
	}
	slices.SortStableFunc(all, func(a, b asked) int { return slices.Compare(a.ticket[:], b.ticket[:]) }) // equal tickets: members go by id
	ids := make([]string, len(all))
	for n, a := range all {
		ids[n] = a.id
	}
	return ids, nil
}

// NextLeader is who of the lead department's inspectors leads a team whose leader had
// to be replaced: of those who may lead, or of all if none may, the one with the
// smallest leader's ticket: R72.
func (p *Problem) NextLeader(t Terms, object, department string, ids []string) (string, error) {
	k, err := t.placeAt(object, department)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	able := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		i := p.inspector(id)
		return i < 0 || !slices.Contains(p.Inspectors[i].Quals, LeaderQual)
	})
	if len(able) == 0 {
		able = slices.Sorted(slices.Values(ids))
	}
	return slices.MinFunc(able, func(a, b string) int {
		x, y := k.leader(a), k.leader(b)
		return slices.Compare(x[:], y[:])
	}), nil
}

// placeAt makes the tickets of a department at an object.
func (t Terms) placeAt(object, department string) (*tickets, error) {
	sum := t.Suite.sum()
	if sum == nil || !goodKey(t.Keys[department]) {
		return nil, fmt.Errorf("no suite %q or no key of %s", t.Suite, department)
	}
	k := &tickets{sum: sum, key: t.Keys[department]}
	place := k.object(object)
	k.at(&place)
	return k, nil
}
