package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A RecordFilter narrows the record of all acts.
type RecordFilter struct {
	Verb        inspect.Verb
	Org         inspect.OrgID // of the actor
	Text        string        // part of the actor's name
	From, Until workday.Date  // first and last day in China; zero leaves the end open
	Before      int64         // number of the last entry of the page before; 0 begins with the newest
	Most        int
}

// A RecordEntry is an entry as those read it who watch over the record.
type RecordEntry struct {
	Entry
	Name    string // of the actor; empty for the console
	OrgName string
	Thing   Thing
}

// A Thing is what an act was about, in words.
type Thing struct {
	Kind string // the noun: plan, item, sublibrary, org, person, post or urge
	ID   string
	Name string
	Note string // what tells it from others of its name: a code, or a post's kind
}

// Record returns the acts of the organisations of the scope's region, and of the
// console, newest first. Whoever asks has asked the table of permissions for
// inspect.RecordRead first: R139, 等保 2.0 三级 安全审计.
func (db *DB) Record(ctx context.Context, scope inspect.Scope, f RecordFilter) ([]RecordEntry, error) {
	where, args := f.where(scope)
	args = append(args, f.Most)
	entries, err := list(ctx, db.db, func(s scanner) (e RecordEntry, err error) {
		return e, s.Scan(&e.N, instantCol{&e.At}, &e.Request, &e.Actor, &e.Post, &e.Org, &e.Verb, &e.Target, &e.Version, &e.Leaf,
			&e.Name, &e.OrgName)
	}, `
		SELECT e.n, e.at, e.request, e.actor, e.post, e.org, e.verb, e.target, e.version, e.leaf, coalesce(p.name, ''), coalesce(o.short, '')
		FROM   entry e
		LEFT   JOIN person p ON p.id = e.actor
		LEFT   JOIN org o ON o.id = e.org
		WHERE  `+where+`
		ORDER  BY e.n DESC
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("read the record: %w", err)
	}
	return entries, db.name(ctx, entries)
}

// RecordCount counts what Record would return on all pages.
func (db *DB) RecordCount(ctx context.Context, scope inspect.Scope, f RecordFilter) (int64, error) {
	f.Before = 0
	where, args := f.where(scope)
	return row(ctx, db.db, scanCount, `
		SELECT count(*)
		FROM   entry e
		LEFT   JOIN person p ON p.id = e.actor
		LEFT   JOIN org o ON o.id = e.org
		WHERE  `+where, args...)
}

func (f RecordFilter) where(scope inspect.Scope) (string, []any) {
	where, args := `e.done = 1 AND (e.org = '' OR o.region = $1)`, []any{scope.Region}
	and := func(cond string, value any) {
		args = append(args, value)
		where += " AND " + fmt.Sprintf(cond, len(args))
	}
	if f.Verb != "" {
		and("e.verb = $%d", f.Verb)
	}
	if f.Org != "" {
		and("e.org = $%d", f.Org)
	}
	if f.Text != "" {
		and(`lower(p.name) LIKE lower($%d) ESCAPE '\'`, "%"+likeEscape.Replace(f.Text)+"%")
	}
	if !f.From.IsZero() {
		and("e.at >= $%d", instant(f.From.Start()))
	}
	if !f.Until.IsZero() {
		and("e.at < $%d", instant(f.Until.AddDays(1).Start()))
	}
	if f.Before > 0 {
		and("e.n < $%d", f.Before)
	}
	return where, args
}

// namedThings selects what the targets of entries are called, by kind and id. MARKS
// stands for the ids.
const namedThings = `
SELECT 'plan', id, number, CASE WHEN edition > 0 THEN CAST(edition AS TEXT) ELSE '' END FROM plan WHERE id IN MARKS
UNION ALL
SELECT 'item', id, name, code FROM item WHERE id IN MARKS
UNION ALL
SELECT 'upstream', id, name, issuer FROM upstream_list WHERE id IN MARKS
UNION ALL
SELECT 'upstream', id, sender, '' FROM upstream_key WHERE id IN MARKS
UNION ALL
SELECT 'upstream', id, title, number FROM upstream_package WHERE id IN MARKS
UNION ALL
SELECT 'limit', l.id, o.short, '' FROM item_limit l JOIN org o ON o.id = l.id WHERE l.id IN MARKS
UNION ALL
SELECT 'checklist', i.id, i.name, i.code FROM checklist c JOIN item i ON i.id = c.id WHERE c.id IN MARKS
UNION ALL
SELECT 'joint', j.id, o.short, CASE WHEN j.edition > 0 THEN CAST(j.edition AS TEXT) ELSE '' END
FROM   joint_list j JOIN org o ON o.id = j.org WHERE j.id IN MARKS
UNION ALL
SELECT 'task', id, name, number FROM task WHERE id IN MARKS
UNION ALL
SELECT 'confirm', c.id, t.name, o.short FROM confirmation c JOIN task t ON t.id = c.task JOIN org o ON o.id = c.org WHERE c.id IN MARKS
UNION ALL
SELECT 'cap', c.id, o.short, CAST(c.year AS TEXT) FROM body_cap c JOIN org o ON o.id = c.org WHERE c.id IN MARKS
UNION ALL
SELECT 'waiver', w.id, b.name, CAST(w.year AS TEXT) FROM waiver w JOIN object b ON b.no = w.object WHERE w.id IN MARKS
UNION ALL
SELECT 'batch', id, title, number FROM batch WHERE id IN MARKS
UNION ALL
SELECT 'reading', r.id, b.title, b.number FROM reading r JOIN batch b ON b.id = r.batch WHERE r.id IN MARKS
UNION ALL
SELECT 'feedback', id, CASE kind WHEN 'complaint' THEN '投诉' WHEN 'praise' THEN '表扬' ELSE '意见建议' END, '' FROM feedback WHERE id IN MARKS
UNION ALL
SELECT 'subst', s.id, b.number, CAST(s.no AS TEXT) FROM subst s JOIN batch b ON b.id = s.batch WHERE s.id IN MARKS
UNION ALL
SELECT 'team', t.id, b.number, CAST(t.no AS TEXT) FROM team t JOIN batch b ON b.id = t.batch WHERE t.id IN MARKS
UNION ALL
SELECT 'visit', v.id, b.number, CAST(t.no AS TEXT) FROM visit v JOIN team t ON t.id = v.team JOIN batch b ON b.id = t.batch WHERE v.id IN MARKS
UNION ALL
SELECT 'visit', s.id, b.number, CAST(t.no AS TEXT)
FROM   signature s JOIN visit v ON v.id = s.visit JOIN team t ON t.id = v.team JOIN batch b ON b.id = t.batch WHERE s.id IN MARKS
UNION ALL
SELECT 'result', id, name, code FROM result WHERE id IN MARKS
UNION ALL
SELECT 'correction', c.id, r.name, r.code FROM correction c JOIN result r ON r.id = c.result WHERE c.id IN MARKS
UNION ALL
SELECT 'followup', id, name, '' FROM followup WHERE id IN MARKS
UNION ALL
SELECT 'target', id, name, '' FROM target WHERE id IN MARKS
UNION ALL
SELECT 'delivery', d.id, t.name, CAST(d.no AS TEXT) FROM delivery d JOIN target t ON t.id = d.target WHERE d.id IN MARKS
UNION ALL
SELECT 'delivery', k.id, t.name, CAST(k.no AS TEXT) FROM delivery_package k JOIN target t ON t.id = k.target WHERE k.id IN MARKS
UNION ALL
SELECT 'delivery', id, day, '' FROM delivery_check WHERE id IN MARKS
UNION ALL
SELECT 'appeal', id, name, CASE kind WHEN 'objection' THEN '公示信息异议' WHEN 'reply' THEN '申辩说明' ELSE '信用修复' END FROM appeal WHERE id IN MARKS
UNION ALL
SELECT 'appeal', d.id, a.name, '补充材料' FROM appeal_added d JOIN appeal a ON a.id = d.appeal WHERE d.id IN MARKS
UNION ALL
SELECT 'sublibrary', id, name, '' FROM sublibrary WHERE id IN MARKS
UNION ALL
SELECT 'import', id, source, CAST(number AS TEXT) FROM import WHERE id IN MARKS
UNION ALL
SELECT 'org', id, short, code FROM org WHERE id IN MARKS
UNION ALL
SELECT 'person', id, name, '' FROM person WHERE id IN MARKS
UNION ALL
SELECT 'post', p.id, w.name, p.kind FROM post p JOIN person w ON w.id = p.person WHERE p.id IN MARKS
UNION ALL
SELECT 'inspector', CAST(no AS TEXT), name, code FROM inspector WHERE CAST(no AS TEXT) IN MARKS
UNION ALL
SELECT 'workforce', id, short, code FROM org WHERE id IN MARKS
UNION ALL
SELECT 'security', id, '安全日志', CAST(lines AS TEXT) FROM security_seal WHERE id IN MARKS
UNION ALL
SELECT 'urge', u.id, o.short, CAST(u.year AS TEXT) FROM urge u JOIN org o ON o.id = u.org WHERE u.id IN MARKS`

// name puts into words what the entries were about.
func (db *DB) name(ctx context.Context, entries []RecordEntry) error {
	if len(entries) == 0 {
		return nil
	}
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.Target
	}
	marks, args := in(1, ids)
	things, err := list(ctx, db.db, func(s scanner) (t Thing, err error) { return t, s.Scan(&t.Kind, &t.ID, &t.Name, &t.Note) },
		strings.ReplaceAll(namedThings, "MARKS", marks), args...)
	if err != nil {
		return fmt.Errorf("name what the entries were about: %w", err)
	}
	objects, err := db.nameObjects(ctx, entries)
	if err != nil {
		return err
	}
	things = append(things, objects...)
	called := make(map[[2]string]Thing, len(things))
	for _, t := range things {
		called[[2]string{t.Kind, t.ID}] = t
	}
	for i, e := range entries {
		entries[i].Thing = called[[2]string{nounOf(e.Verb), e.Target}]
	}
	return nil
}

// nameObjects names the inspection objects among what the entries were about, by
// their numbers: the library is too large to look through.
func (db *DB) nameObjects(ctx context.Context, entries []RecordEntry) ([]Thing, error) {
	var nos []int64
	for _, e := range entries {
		if no, err := strconv.ParseInt(e.Target, 10, 64); err == nil && nounOf(e.Verb) == "object" {
			nos = append(nos, no)
		}
	}
	if len(nos) == 0 {
		return nil, nil
	}
	marks, args := in(1, nos)
	return list(ctx, db.db, func(s scanner) (t Thing, err error) { return t, s.Scan(&t.Kind, &t.ID, &t.Name, &t.Note) },
		`SELECT 'object', CAST(no AS TEXT), name, code FROM object WHERE no IN `+marks, args...)
}

// nounOf is the kind of thing that acts of a verb are about. Ids are made by
// askers, so two nouns may have the same one.
func nounOf(verb inspect.Verb) string {
	switch verb {
	case inspect.InstallFound:
		return "org"
	case inspect.PlanUrge:
		return "urge"
	case inspect.BatchPeek:
		return "reading"
	case inspect.FlagPut, inspect.FlagEnd, inspect.LicencePut, inspect.LicenceEnd:
		return "object"
	case inspect.MemberAdd, inspect.MemberConfirm, inspect.MemberRemove, inspect.MemberPropose:
		return "sublibrary"
	}
	noun, _, _ := strings.Cut(string(verb), ".")
	return noun
}

// A RecordState is how far the record has come and what the log has promised.
type RecordState struct {
	Entries   int64
	Head      SignedHead // the newest checkpoint; zero if there is none yet
	Witnesses int64      // that signed beneath it
}

// RecordState returns the size of the record and its newest checkpoint, which
// are public facts.
func (db *DB) RecordState(ctx context.Context, _ inspect.Scope) (RecordState, error) {
	var s RecordState
	var err error
	if s.Entries, err = row(ctx, db.db, scanCount, `SELECT count(*) FROM entry WHERE done = 1`); err != nil {
		return s, err
	}
	if s.Head, err = newest(ctx, db.db); err != nil {
		return s, fmt.Errorf("read the newest checkpoint: %w", err)
	}
	s.Witnesses, err = row(ctx, db.db, scanCount, `SELECT count(*) FROM cosignature WHERE size = $1`, s.Head.Size)
	return s, err
}
