package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/ledger"
)

// LatestPlans returns the public editions of a region's plans, those published
// last first, with their lines. Editions that were replaced are among them.
func (db *DB) LatestPlans(ctx context.Context, _ inspect.Scope, region string, most int) ([]inspect.Plan, error) {
	plans, err := list(ctx, db.db, scanPlan, `
		SELECT `+planCols+`
		FROM   plan
		WHERE  state IN ('published', 'replaced') AND region = $1
		ORDER  BY published_at DESC, number, edition DESC
		LIMIT  $2`, region, most)
	if err != nil {
		return nil, err
	}
	return plans, fill(ctx, db.db, plans)
}

// PublishedPlans returns the plans in force within the filter's region, year,
// kind, organisation and text, newest year first, then by number, with their
// lines. After is the number of the last plan of the page before.
func (db *DB) PublishedPlans(ctx context.Context, _ inspect.Scope, f PlanFilter) ([]inspect.Plan, error) {
	where, args := `state = 'published' AND region = $1`, []any{f.Region}
	and := func(cond string, values ...any) {
		marks := make([]any, len(values))
		for i, v := range values {
			args = append(args, v)
			marks[i] = len(args)
		}
		where += " AND " + fmt.Sprintf(cond, marks...)
	}
	if f.Year != 0 {
		and("year = $%d", f.Year)
	}
	if f.Kind != "" {
		and("kind = $%d", f.Kind)
	}
	if f.Org != "" {
		and("org = $%d", f.Org)
	}
	if f.Text != "" {
		and(`EXISTS (SELECT 1 FROM plan_line l WHERE l.plan = plan.id AND NOT l.dropped
			AND lower(l.name || ' ' || l.field || ' ' || l.scope) LIKE lower($%d) ESCAPE '\')`, "%"+likeEscape.Replace(f.Text)+"%")
	}
	if f.After != "" {
		and(`(year < (SELECT max(year) FROM plan WHERE number = $%d)
			OR year = (SELECT max(year) FROM plan WHERE number = $%d) AND number > $%d)`, f.After, f.After, f.After)
	}
	args = append(args, f.Most)
	plans, err := list(ctx, db.db, scanPlan, `
		SELECT `+planCols+`
		FROM   plan
		WHERE  `+where+`
		ORDER  BY year DESC, number
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
	if err != nil {
		return nil, err
	}
	return plans, fill(ctx, db.db, plans)
}

// PublicYears returns the years that a region has public plans of, newest first.
func (db *DB) PublicYears(ctx context.Context, _ inspect.Scope, region string) ([]int, error) {
	return list(ctx, db.db, func(s scanner) (year int, err error) { return year, s.Scan(&year) }, `
		SELECT DISTINCT year
		FROM   plan
		WHERE  state IN ('published', 'replaced') AND region = $1
		ORDER  BY year DESC`, region)
}

// A PublicAct is what anybody may know of an act on a public thing: not who did
// it, but for which organisation.
type PublicAct struct {
	N       int64
	At      time.Time
	Verb    inspect.Verb
	Org     inspect.OrgID
	Leaf    string
	Becomes inspect.PlanState // of the plan
}

// LeafHash is the act's place in the tree.
func (a PublicAct) LeafHash() ledger.Hash { return ledger.LeafHash([]byte(a.Leaf)) }

// PublicActs returns the acts that made a plan public, oldest first: approval,
// report to the office, publication, and being replaced by the next edition.
// What went before, drafts and opinions, is not for the public. A plan that is
// not public has none.
func (db *DB) PublicActs(ctx context.Context, _ inspect.Scope, id inspect.PlanID) ([]PublicAct, error) {
	marks, args := in(2, []inspect.Verb{inspect.PlanApprove, inspect.PlanRatify, inspect.PlanFile, inspect.PlanPublish})
	return list(ctx, db.db, func(s scanner) (a PublicAct, err error) {
		return a, s.Scan(&a.N, instantCol{&a.At}, &a.Verb, &a.Org, &a.Leaf, &a.Becomes)
	}, `
		SELECT e.n, e.at, e.verb, e.org, e.leaf, t.becomes
		FROM   touch t
		JOIN   plan p ON p.id = t.id
		JOIN   entry e ON e.n = t.cseq
		WHERE  t.id = $1 AND p.state IN ('published', 'replaced') AND e.verb IN `+marks+`
		ORDER  BY e.n`, append([]any{id}, args...)...)
}

// findMost bounds what Find looks at and returns.
const findMost = 10_000

// Find returns the numbers of the entries whose leaf hash begins with prefix, in
// lower-case hexadecimal: what a receipt code stands for. Codes are short, so
// there may be several.
func (l *Log) Find(ctx context.Context, prefix string) ([]int64, error) {
	size, err := row(ctx, l.db, scanCount, `SELECT coalesce(max(size), 0) FROM checkpoint`)
	if err != nil {
		return nil, err
	}
	// Hashes are of digits and a to f, so all that begin with prefix stand
	// between it and prefix with a g.
	indexes, err := list(ctx, l.db, scanCount, `
		SELECT i
		FROM   log_hash
		WHERE  hash >= $1 AND hash < $2
		ORDER  BY i
		LIMIT  $3`, prefix, prefix+"g", findMost)
	if err != nil {
		return nil, err
	}
	var found []int64
	for _, i := range indexes {
		// The hashes that entry n adds begin, at StoredAt(n), with its leaf's.
		n := int64(sort.Search(int(size), func(n int) bool { return ledger.StoredAt(int64(n)) >= i }))
		if n < size && ledger.StoredAt(n) == i {
			found = append(found, n)
		}
	}
	fresh, err := l.Leaves(ctx, size, size+findMost)
	if err != nil {
		return nil, err
	}
	for k, leaf := range fresh {
		hash := ledger.LeafHash(leaf)
		if strings.HasPrefix(hex.EncodeToString(hash[:]), prefix) {
			found = append(found, size+int64(k))
		}
	}
	slices.Sort(found)
	return found, nil
}
