package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"suicha/internal/inspect"
)

// A jsonCol scans a column that holds a value as JSON. It takes no text that says
// anything which the value would not say again.
type jsonCol[T any] struct{ value *T }

func (c jsonCol[T]) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("JSON is a %T", v)
	}
	var value T
	if !json.Valid([]byte(text)) { // one value, and nothing behind it
		return fmt.Errorf("no JSON: %.80q", text)
	}
	if err := exact([]byte(text), &value); err != nil {
		return err
	}
	again, err := json.Marshal(value)
	if err != nil {
		return err
	}
	var was, is any
	if err := plainTree([]byte(text), &was); err != nil {
		return err
	}
	if err := plainTree(again, &is); err != nil || !said(was, is) {
		return fmt.Errorf("JSON says what nobody reads: %.80q", text)
	}
	*c.value = value
	return nil
}

func plainTree(text []byte, into *any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// said reports whether everything in a is in b, which may have more fields: those
// that programs after the one that wrote a know.
func said(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		for k, part := range a {
			other, has := b[k]
			ok = ok && has && said(part, other)
		}
		return ok
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			ok = ok && said(a[i], b[i])
		}
		return ok
	}
	return a == b
}

// asJSON is a value as a column holds it. Our values always can be written.
func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic("store: " + err.Error())
	}
	return string(text)
}

// Keep stores the value of a thing's version, as the entry's image has it: R23.
func (t *Tx) Keep(ctx context.Context, kind, id string, version int64, value any) error {
	_, err := exec(ctx, t.tx, `INSERT INTO history (kind, id, version, value, cseq) VALUES ($1, $2, $3, $4, $5)`,
		kind, id, version, asJSON(value), t.n)
	return err
}

// versions returns the versions of a thing, the newest first. Number says which
// version a value is: images are written before the row counts up.
func versions[T any](ctx context.Context, q queryer, kind, id string, number func(*T, int64)) ([]T, error) {
	return list(ctx, q, func(s scanner) (v T, err error) {
		return v, scanVersion(s, &v, number)
	}, `SELECT version, value FROM history WHERE kind = $1 AND id = $2 ORDER BY version DESC`, kind, id)
}

func version[T any](ctx context.Context, q queryer, kind, id string, n int64, number func(*T, int64)) (T, error) {
	return row(ctx, q, func(s scanner) (v T, err error) {
		return v, scanVersion(s, &v, number)
	}, `SELECT version, value FROM history WHERE kind = $1 AND id = $2 AND version = $3`, kind, id, n)
}

func scanVersion[T any](s scanner, v *T, number func(*T, int64)) error {
	var n int64
	if err := s.Scan(&n, jsonCol[T]{v}); err != nil {
		return err
	}
	number(v, n)
	return nil
}

func itemNumber(i *inspect.Item, n int64)           { i.Version = n }
func upstreamNumber(u *inspect.Upstream, n int64)   { u.Version = n }
func checklistNumber(c *inspect.Checklist, n int64) { c.Version = n }

// ItemVersions returns every version of an item, the newest first. Lists of items
// are public with their history: R22, R23.
func (db *DB) ItemVersions(ctx context.Context, _ inspect.Scope, id inspect.ItemID) ([]inspect.Item, error) {
	return versions(ctx, db.db, "item", string(id), itemNumber)
}

// ItemVersion returns one version of an item: what a task pins.
func (db *DB) ItemVersion(ctx context.Context, _ inspect.Scope, id inspect.ItemID, n int64) (inspect.Item, error) {
	return version(ctx, db.db, "item", string(id), n, itemNumber)
}

// ItemVersion returns one version of an item.
func (t *Tx) ItemVersion(ctx context.Context, id inspect.ItemID, n int64) (inspect.Item, error) {
	return version(ctx, t.tx, "item", string(id), n, itemNumber)
}

// Items returns the items of a region's departments.
func (t *Tx) Items(ctx context.Context, region string) ([]inspect.Item, error) {
	return items(ctx, t.tx, region)
}

// ItemsAt returns a department's list as entry n left it: what the permanent link
// of a list's version shows.
func (db *DB) ItemsAt(ctx context.Context, _ inspect.Scope, org inspect.OrgID, n int64) ([]inspect.Item, error) {
	return list(ctx, db.db, func(s scanner) (i inspect.Item, err error) { return i, scanVersion(s, &i, itemNumber) }, `
		SELECT h.version, h.value
		FROM   history h
		JOIN   item i ON i.id = h.id
		WHERE  h.kind = 'item' AND i.org = $1 AND h.cseq <= $2
		AND    NOT EXISTS (SELECT 1 FROM history l WHERE l.kind = 'item' AND l.id = h.id AND l.version > h.version AND l.cseq <= $2)
		ORDER  BY i.code, i.id`, org, n)
}

// A ListChange is an entry that changed a department's list.
type ListChange struct {
	Entry
	Items int64 // how many items it changed
}

// ListChanges returns the entries that changed a department's list, the newest
// first: each is a version of the list. Who did it is not told.
func (db *DB) ListChanges(ctx context.Context, _ inspect.Scope, org inspect.OrgID, most int) ([]ListChange, error) {
	return list(ctx, db.db, func(s scanner) (c ListChange, err error) {
		return c, s.Scan(&c.N, instantCol{&c.At}, &c.Verb, &c.Leaf, &c.Items)
	}, `
		SELECT e.n, e.at, e.verb, e.leaf, count(*)
		FROM   history h
		JOIN   item i ON i.id = h.id
		JOIN   entry e ON e.n = h.cseq
		WHERE  h.kind = 'item' AND i.org = $1
		GROUP  BY e.n, e.at, e.verb, e.leaf
		ORDER  BY e.n DESC
		LIMIT  $2`, org, most)
}

const upstreamCols = `id, version, region, org, level, name, issuer, number, day, source, items, by_whom, at`

func scanUpstream(s scanner) (u inspect.Upstream, err error) {
	return u, s.Scan(&u.ID, &u.Version, &u.Region, &u.Org, &u.Level, &u.Name, &u.Issuer, &u.Number, dayCol{&u.Day}, &u.Source,
		jsonCol[[]inspect.ItemTerms]{&u.Items}, &u.By, instantCol{&u.At})
}

// Upstreams returns the upstream lists of a region in their newest versions: they
// are public documents.
func (db *DB) Upstreams(ctx context.Context, _ inspect.Scope, region string) ([]inspect.Upstream, error) {
	return list(ctx, db.db, scanUpstream, `
		SELECT `+upstreamCols+` FROM upstream_list WHERE region = $1
		ORDER BY CASE level WHEN 'national' THEN 1 WHEN 'provincial' THEN 2 ELSE 3 END, name, id`, region)
}

// Upstream returns one upstream list.
func (db *DB) Upstream(ctx context.Context, _ inspect.Scope, id inspect.UpstreamID) (inspect.Upstream, error) {
	return row(ctx, db.db, scanUpstream, `SELECT `+upstreamCols+` FROM upstream_list WHERE id = $1`, id)
}

// UpstreamVersions returns every version of an upstream list, the newest first.
func (db *DB) UpstreamVersions(ctx context.Context, _ inspect.Scope, id inspect.UpstreamID) ([]inspect.Upstream, error) {
	return versions(ctx, db.db, "upstream_list", string(id), upstreamNumber)
}

// Upstream returns one upstream list.
func (t *Tx) Upstream(ctx context.Context, id inspect.UpstreamID) (inspect.Upstream, error) {
	return row(ctx, t.tx, scanUpstream, `SELECT `+upstreamCols+` FROM upstream_list WHERE id = $1`, id)
}

// UpstreamNameTaken reports whether another list of the department has this name.
func (t *Tx) UpstreamNameTaken(ctx context.Context, u inspect.Upstream) (bool, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM upstream_list WHERE org = $1 AND name = $2 AND id <> $3`, u.Org, u.Name, u.ID)
	return n > 0, err
}

// PutUpstream stores a list, new if it has no version, or replaces the version that
// u was made from.
func (t *Tx) PutUpstream(ctx context.Context, u inspect.Upstream) error {
	return t.write(ctx, "upstream_list", string(u.ID), u.Version, []column{
		{"region", u.Region}, {"org", u.Org}, {"level", u.Level}, {"name", u.Name}, {"issuer", u.Issuer}, {"number", u.Number},
		{"day", day(u.Day)}, {"source", u.Source}, {"items", asJSON(u.Items)}, {"by_whom", u.By}, {"at", instant(u.At)},
	}, "", "")
}

const checklistCols = `id, version, questions, reason, effective, by_whom, at`

func scanChecklist(s scanner) (c inspect.Checklist, err error) {
	return c, s.Scan(&c.ID, &c.Version, jsonCol[[]inspect.Question]{&c.Questions}, &c.Reason, dayCol{&c.Effective}, &c.By, instantCol{&c.At})
}

// Checklist returns the checklist of an item. It is public with the item.
func (db *DB) Checklist(ctx context.Context, _ inspect.Scope, id inspect.ItemID) (inspect.Checklist, error) {
	return row(ctx, db.db, scanChecklist, `SELECT `+checklistCols+` FROM checklist WHERE id = $1`, id)
}

// ChecklistVersions returns every version of a checklist, the newest first.
func (db *DB) ChecklistVersions(ctx context.Context, _ inspect.Scope, id inspect.ItemID) ([]inspect.Checklist, error) {
	return versions(ctx, db.db, "checklist", string(id), checklistNumber)
}

// Checklist returns the checklist of an item.
func (t *Tx) Checklist(ctx context.Context, id inspect.ItemID) (inspect.Checklist, error) {
	return row(ctx, t.tx, scanChecklist, `SELECT `+checklistCols+` FROM checklist WHERE id = $1`, id)
}

// PutChecklist stores a checklist, new if it has no version, or replaces the version
// that c was made from.
func (t *Tx) PutChecklist(ctx context.Context, c inspect.Checklist) error {
	return t.write(ctx, "checklist", string(c.ID), c.Version, []column{
		{"questions", asJSON(c.Questions)}, {"reason", c.Reason}, {"effective", day(c.Effective)}, {"by_whom", c.By}, {"at", instant(c.At)},
	}, "", "")
}

const limitCols = `id, version, region, org, keys, max_share, ground, by_whom, at`

func scanLimit(s scanner) (l inspect.ItemLimit, err error) {
	return l, s.Scan(&l.ID, &l.Version, &l.Region, nullCol[inspect.OrgID]{&l.Org}, &l.Keys, &l.MaxShare, &l.Ground, &l.By, instantCol{&l.At})
}

// ItemLimits returns the limits that the office of a region has set.
func (db *DB) ItemLimits(ctx context.Context, scope inspect.Scope) ([]inspect.ItemLimit, error) {
	return itemLimits(ctx, db.db, scope.Region)
}

// ItemLimits returns the limits that the office of a region has set.
func (t *Tx) ItemLimits(ctx context.Context, region string) ([]inspect.ItemLimit, error) {
	return itemLimits(ctx, t.tx, region)
}

func itemLimits(ctx context.Context, q queryer, region string) ([]inspect.ItemLimit, error) {
	return list(ctx, q, scanLimit, `SELECT `+limitCols+` FROM item_limit WHERE region = $1 ORDER BY id`, region)
}

// PutItemLimit stores a limit, new if it has no version, or replaces the version
// that l was made from.
func (t *Tx) PutItemLimit(ctx context.Context, l inspect.ItemLimit) error {
	return t.write(ctx, "item_limit", l.ID, l.Version, []column{
		{"region", l.Region}, {"org", null(l.Org)}, {"keys", l.Keys}, {"max_share", l.MaxShare}, {"ground", l.Ground},
		{"by_whom", l.By}, {"at", instant(l.At)},
	}, "", "")
}

const jointCols = `id, version, org, region, edition, amends, reason, state, terms, lines, consents, drafted_by, drafted_at,
	published_by, published_at, places, replaced_at`

func scanJoint(s scanner) (j inspect.JointList, err error) {
	return j, s.Scan(&j.ID, &j.Version, &j.Org, &j.Region, &j.Edition, nullCol[inspect.JointID]{&j.Amends}, &j.Reason, &j.State, &j.Terms,
		jsonCol[[]inspect.JointLine]{&j.Lines}, jsonCol[[]inspect.Consent]{&j.Consents}, &j.DraftedBy, instantCol{&j.DraftedAt},
		&j.PublishedBy, instantCol{&j.PublishedAt}, &j.Places, instantCol{&j.ReplacedAt})
}

// JointLists returns the editions of a region's joint list within scope, the newest
// first: the public's are those that were published, a department sees those that
// it was asked about, and oversight what the office works on.
func (db *DB) JointLists(ctx context.Context, scope inspect.Scope, region string) ([]inspect.JointList, error) {
	all, err := list(ctx, db.db, scanJoint, `
		SELECT `+jointCols+`
		FROM   joint_list
		WHERE  region = $1
		AND    (state IN ('published', 'replaced') OR org = $2 OR (region = $3 AND state <> 'discarded'))
		ORDER  BY edition DESC, drafted_at DESC, id`, region, scope.Org, scope.Region)
	if err != nil {
		return nil, err
	}
	var within []inspect.JointList
	for _, j := range all {
		_, asked := j.Consent(scope.Org)
		consent, _ := j.Consent(scope.Org)
		switch {
		case j.State == inspect.JointPublished || j.State == inspect.JointReplaced:
		case scope.Reach == inspect.ReachPublic:
			continue
		case j.Org == scope.Org || scope.Reach == inspect.ReachOversight:
		case !asked || consent.State == inspect.ConsentPlanned:
			continue
		}
		within = append(within, j)
	}
	return within, nil
}

// Joint returns one edition of a joint list.
func (t *Tx) Joint(ctx context.Context, id inspect.JointID) (inspect.JointList, error) {
	return row(ctx, t.tx, scanJoint, `SELECT `+jointCols+` FROM joint_list WHERE id = $1`, id)
}

// JointOpen reports whether a region has a joint list that is in work or in force.
func (t *Tx) JointOpen(ctx context.Context, region string, states ...inspect.JointState) (bool, error) {
	marks, args := in(2, states)
	n, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM joint_list WHERE region = $1 AND state IN `+marks, append([]any{region}, args...)...)
	return n > 0, err
}

// PutJoint stores an edition, new if it has no version, or replaces the version that
// j was made from. Was is the state before.
func (t *Tx) PutJoint(ctx context.Context, was inspect.JointState, j inspect.JointList) error {
	return t.write(ctx, "joint_list", string(j.ID), j.Version, []column{
		{"org", j.Org}, {"region", j.Region}, {"edition", int64(j.Edition)}, {"amends", null(j.Amends)}, {"reason", j.Reason}, {"state", j.State},
		{"terms", j.Terms}, {"lines", asJSON(j.Lines)}, {"consents", asJSON(j.Consents)}, {"drafted_by", j.DraftedBy},
		{"drafted_at", instant(j.DraftedAt)}, {"published_by", j.PublishedBy}, {"published_at", instant(j.PublishedAt)},
		{"places", j.Places}, {"replaced_at", instant(j.ReplacedAt)},
	}, string(was), string(j.State))
}

// A column is a name and what is written into it.
type column struct {
	name  string
	value any
}

// write inserts the first version of a row, or replaces the version that it was
// made from, and notes that the entry touched it.
func (t *Tx) write(ctx context.Context, table, id string, version int64, columns []column, was, becomes string) error {
	names, marks, set := "", "", ""
	args := []any{id, version}
	for _, c := range columns {
		args = append(args, c.value)
		names += ", " + c.name
		marks += fmt.Sprintf(", $%d", len(args))
		set += fmt.Sprintf(", %s = $%d", c.name, len(args))
	}
	args = append(args, t.n)
	n := len(args)
	var err error
	if version == 0 {
		_, err = exec(ctx, t.tx, fmt.Sprintf(`INSERT INTO %s (id, version%s, cseq) VALUES ($1, $2 + 1%s, $%d)`, table, names, marks, n), args...)
	} else {
		err = t.swap(ctx, fmt.Sprintf(`UPDATE %s SET version = version + 1%s, cseq = $%d WHERE id = $1 AND version = $2`, table, set, n), args...)
	}
	if err != nil {
		return err
	}
	return t.touch(ctx, table, id, version+1, was, becomes)
}
