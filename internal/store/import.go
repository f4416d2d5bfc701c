package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"suicha/internal/inspect"
)

const importCols = `id, version, noun, number, org, region, source, sourced, whole, file, sha256, size, sheet, mapping, state,
	read_rows, new_rows, changed_rows, same_rows, gone_rows, faulty_rows, warned_rows, staged, done_rows, skipped_rows, note,
	uploaded_by, uploaded_at, confirmed_by, confirmed_at, seconded_by, seconded_at, reversed_by, reversed_at`

func scanImport(s scanner) (i inspect.Import, err error) {
	r := &i.Rows
	return i, s.Scan(&i.ID, &i.Version, &i.Noun, &i.Number, &i.Org, &i.Region, &i.Source, dayCol{&i.Sourced}, &i.Whole, &i.File,
		&i.SHA256, &i.Size, &i.Sheet, &i.Mapping, &i.State, &r.Read, &r.New, &r.Changed, &r.Same, &r.Gone, &r.Faulty, &r.Warned,
		&i.Staged, &i.Done, &i.Skipped, &i.Note, &i.UploadedBy, instantCol{&i.UploadedAt}, &i.ConfirmedBy, instantCol{&i.ConfirmedAt},
		&i.SecondedBy, instantCol{&i.SecondedAt}, &i.ReversedBy, instantCol{&i.ReversedAt})
}

// importSeen is the condition under which a batch is within scope: the same rule
// as inspect.Import.Relations.
func importSeen(scope inspect.Scope) (string, []any) {
	switch scope.Reach {
	case inspect.ReachPublic:
		return `1 = 0`, nil
	case inspect.ReachOversight:
		return `region = $1`, []any{scope.Region}
	}
	return `org = $1`, []any{scope.Org}
}

// Import returns one batch within scope.
func (db *DB) Import(ctx context.Context, scope inspect.Scope, id inspect.ImportID) (inspect.Import, error) {
	where, args := importSeen(scope)
	args = append(args, id)
	return row(ctx, db.db, scanImport, `SELECT `+importCols+` FROM import WHERE `+where+fmt.Sprintf(" AND id = $%d", len(args)), args...)
}

// An ImportFilter narrows a list of batches; zero fields do not.
type ImportFilter struct {
	Noun   inspect.ImportNoun
	State  inspect.ImportState
	Source string
	Before int64 // the number of the last batch of the page before
	Most   int   // rows; 0 is 50
}

// Imports returns the batches within scope, newest first.
func (db *DB) Imports(ctx context.Context, scope inspect.Scope, f ImportFilter) ([]inspect.Import, error) {
	where, args := importSeen(scope)
	and := func(cond string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+cond, len(args))
	}
	if f.Noun != "" {
		and("noun = $%d", f.Noun)
	}
	if f.State != "" {
		and("state = $%d", f.State)
	}
	if f.Source != "" {
		and("source = $%d", f.Source)
	}
	if f.Before > 0 {
		and("number < $%d", f.Before)
	}
	most := f.Most
	if most == 0 {
		most = 50
	}
	args = append(args, most)
	return list(ctx, db.db, scanImport, `
		SELECT `+importCols+`
		FROM   import
		WHERE  `+where+`
		ORDER  BY number DESC
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}

// ImportSources returns the sources that a department's files came from, in
// order, for the form of the next one.
func (db *DB) ImportSources(ctx context.Context, scope inspect.Scope) ([]string, error) {
	return list(ctx, db.db, scanText, `SELECT DISTINCT source FROM import WHERE org = $1 ORDER BY source LIMIT 50`, scope.Org)
}

func scanText(s scanner) (text string, err error) { return text, s.Scan(&text) }

// LastMapping returns the mapping of the last file of a source that the asker's
// department brought and that could be read; it is empty if there is none.
func (db *DB) LastMapping(ctx context.Context, scope inspect.Scope, noun inspect.ImportNoun, source string) (string, error) {
	text, err := row(ctx, db.db, scanText, `
		SELECT mapping
		FROM   import
		WHERE  org = $1 AND noun = $2 AND source = $3 AND state <> 'refused'
		ORDER  BY number DESC
		LIMIT  1`, scope.Org, noun, source)
	if errors.Is(err, inspect.ErrMissing) {
		return "", nil
	}
	return text, err
}

// ImportsInWork returns the batches that the platform has something to do for, in
// the order in which they were brought.
func (db *DB) ImportsInWork(ctx context.Context) ([]inspect.Import, error) {
	return list(ctx, db.db, scanImport, `
		SELECT `+importCols+`
		FROM   import
		WHERE  state IN ('uploaded', 'checked', 'seconding', 'applying', 'reversing')
		ORDER  BY uploaded_at, id`)
}

// ImportWants reports whether a batch that is not over still needs a brought file.
func (db *DB) ImportWants(ctx context.Context, org inspect.OrgID, sha256 string) (bool, error) {
	n, err := row(ctx, db.db, scanCount, `
		SELECT count(*)
		FROM   import
		WHERE  org = $1 AND sha256 = $2 AND state IN ('uploaded', 'checked', 'seconding', 'applying')`, org, sha256)
	return n > 0, err
}

// ObjectsByCode returns objects of the scope's region in the order of their
// codes, beginning with from: what a sorted file is compared with.
func (db *DB) ObjectsByCode(ctx context.Context, scope inspect.Scope, from string, most int) ([]inspect.Object, error) {
	return list(ctx, db.db, scanObject, selectObject+`WHERE region = $1 AND code >= $2 ORDER BY code LIMIT $3`, scope.Region, from, most)
}

// An importTable is where the rows of a library are, and what tells them apart:
// objects and their licences of a region, the others of a department.
type importTable struct{ kind, from, cseq, of, code string }

var importTables = map[inspect.ImportNoun]importTable{
	inspect.ImportObjects:    {"object", "object o", "o.cseq", "o.region", "o.code"},
	inspect.ImportInspectors: {"inspector", "inspector o", "o.cseq", "o.org", "o.code"},
	inspect.ImportItems:      {"item", "item o", "o.cseq", "o.org", "o.code"},
	// As inspect.LicenceCode puts it together.
	inspect.ImportLicences: {"licence", "object_licence l JOIN object o ON o.no = l.no", "l.cseq", "o.region", `o.code || '　' || l.name || '　' || l.number`},
}

// value is what the column of says of the rows of a batch.
func (l importTable) value(i inspect.Import) string {
	if l.of == "o.region" {
		return i.Region
	}
	return string(i.Org)
}

// ImportChanged returns the codes, from first to last, of rows that acts other
// than the batch's own have written since it was checked.
func (db *DB) ImportChanged(ctx context.Context, _ inspect.Scope, i inspect.Import, first, last string) (map[string]bool, error) {
	return importChanged(ctx, db.db, i, first, last)
}

// ImportChanged is the same within an act.
func (t *Tx) ImportChanged(ctx context.Context, i inspect.Import, first, last string) (map[string]bool, error) {
	return importChanged(ctx, t.tx, i, first, last)
}

func importChanged(ctx context.Context, q queryer, i inspect.Import, first, last string) (map[string]bool, error) {
	checked, err := row(ctx, q, scanCount, `
		SELECT coalesce(max(cseq), -1)
		FROM   touch
		WHERE  kind = 'import' AND id = $1 AND becomes = 'checked'`, i.ID)
	if err != nil {
		return nil, err
	}
	l := importTables[i.Noun]
	codes, err := list(ctx, q, scanText, `
		SELECT `+l.code+`
		FROM   entry e
		CROSS  JOIN `+l.from+`
		WHERE  e.n > $1 AND e.target <> $2 AND `+l.cseq+` = e.n AND `+l.of+` = $3 AND `+l.code+` >= $4 AND `+l.code+` <= $5`,
		checked, i.ID, l.value(i), first, last)
	changed := make(map[string]bool, len(codes))
	for _, c := range codes {
		changed[c] = true
	}
	return changed, err
}

// ImportLeft returns up to most rows that a batch has written and that taking it
// back leaves: other acts have changed them since, or as they were before the rules
// no longer allow them.
func (db *DB) ImportLeft(ctx context.Context, _ inspect.Scope, i inspect.Import, most int) ([]inspect.ImportNamed, error) {
	if i.Noun == inspect.ImportLicences {
		return db.licencesLeft(ctx, i, most)
	}
	l := importTables[i.Noun]
	left := `no IN (
			SELECT CAST(p.key AS BIGINT)
			FROM   touch t
			JOIN   entry e ON e.n = t.cseq AND e.verb = 'import.apply'
			JOIN   past p ON p.kind = '` + l.kind + `' AND p.cseq = e.n
			JOIN   entry w ON w.n = p.next AND w.verb <> 'import.undo'
			WHERE  t.kind = 'import' AND t.id = $2)`
	if i.Noun == inspect.ImportItems {
		left = `id IN (
			SELECT h.id
			FROM   touch t
			JOIN   entry e ON e.n = t.cseq AND e.verb = 'import.apply'
			JOIN   history h ON h.kind = 'item' AND h.cseq = e.n
			LEFT   JOIN history a ON a.kind = 'item' AND a.id = h.id AND a.version = h.version + 1
			LEFT   JOIN entry w ON w.n = a.cseq
			WHERE  t.kind = 'import' AND t.id = $2 AND coalesce(w.verb, $4) <> 'import.undo')`
	}
	args := []any{l.value(i), i.ID, most}
	if i.Noun == inspect.ImportItems {
		still := inspect.ImportUndo // what is not taken back yet is not left
		if i.State == inspect.ImportReversed {
			still = ""
		}
		args = append(args, still)
	}
	return list(ctx, db.db, scanNamed, `
		SELECT code, name
		FROM   `+l.from+`
		WHERE  `+l.of+` = $1 AND `+left+`
		ORDER  BY code
		LIMIT  $3`, args...)
}

// licencesLeft is ImportLeft for licences, which no number tells apart.
func (db *DB) licencesLeft(ctx context.Context, i inspect.Import, most int) ([]inspect.ImportNamed, error) {
	left, err := list(ctx, db.db, func(s scanner) (l inspect.Licence, err error) {
		var key, text string
		if err = s.Scan(&key, &text); err == nil {
			l, err = inspect.ParseLicence(key, 0, text)
		}
		return l, err
	}, `
		SELECT p.key, p.row
		FROM   touch t
		JOIN   entry e ON e.n = t.cseq AND e.verb = 'import.apply'
		JOIN   past p ON p.kind = 'licence' AND p.cseq = e.n
		JOIN   entry w ON w.n = p.next AND w.verb <> 'import.undo'
		WHERE  t.kind = 'import' AND t.id = $1
		ORDER  BY p.key
		LIMIT  $2`, i.ID, most)
	if err != nil {
		return nil, err
	}
	var named []inspect.ImportNamed
	for _, l := range left {
		o, err := row(ctx, db.db, scanObject, selectObject+`WHERE no = $1`, int64(l.No))
		if err != nil {
			return nil, err
		}
		named = append(named, inspect.HeldLicence{Licence: l, Code: o.Code, Holder: o.Name}.Named())
	}
	return named, nil
}

func scanNamed(s scanner) (n inspect.ImportNamed, err error) { return n, s.Scan(&n.Code, &n.Name) }

// ItemsTakenBack returns the codes of a department's items that the reversal of a
// batch has taken off the list: only those may come back.
func (db *DB) ItemsTakenBack(ctx context.Context, _ inspect.Scope, org inspect.OrgID) (map[string]bool, error) {
	return itemsTakenBack(ctx, db.db, org)
}

// ItemsTakenBack is the same within an act.
func (t *Tx) ItemsTakenBack(ctx context.Context, org inspect.OrgID) (map[string]bool, error) {
	return itemsTakenBack(ctx, t.tx, org)
}

func itemsTakenBack(ctx context.Context, q queryer, org inspect.OrgID) (map[string]bool, error) {
	codes, err := list(ctx, q, scanText, `
		SELECT i.code
		FROM   item i
		JOIN   entry e ON e.n = i.cseq AND e.verb = 'import.undo'
		WHERE  i.org = $1 AND i.retired <> ''`, org)
	back := make(map[string]bool, len(codes))
	for _, c := range codes {
		back[c] = true
	}
	return back, err
}

// Import returns one batch.
func (t *Tx) Import(ctx context.Context, id inspect.ImportID) (inspect.Import, error) {
	return row(ctx, t.tx, scanImport, `SELECT `+importCols+` FROM import WHERE id = $1`, id)
}

// AddImport stores a new batch and gives it the next number of its region.
func (t *Tx) AddImport(ctx context.Context, i inspect.Import) (inspect.Import, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT coalesce(max(number), 0) FROM import WHERE region = $1`, i.Region)
	if err != nil {
		return i, err
	}
	i.Version, i.Number = 1, n+1
	_, err = exec(ctx, t.tx, `
		INSERT INTO import (`+importCols+`, cseq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
		        $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)`,
		i.ID, i.Version, i.Noun, i.Number, i.Org, i.Region, i.Source, day(i.Sourced), i.Whole, i.File, i.SHA256, i.Size, i.Sheet, i.Mapping,
		i.State, i.Rows.Read, i.Rows.New, i.Rows.Changed, i.Rows.Same, i.Rows.Gone, i.Rows.Faulty, i.Rows.Warned, i.Staged, i.Done, i.Skipped,
		i.Note, i.UploadedBy, instant(i.UploadedAt), i.ConfirmedBy, instant(i.ConfirmedAt), i.SecondedBy, instant(i.SecondedAt),
		i.ReversedBy, instant(i.ReversedAt), t.n)
	if err != nil {
		return i, err
	}
	return i, t.touch(ctx, "import", string(i.ID), i.Version, "", string(i.State))
}

// PutImport replaces the batch that i was made from.
func (t *Tx) PutImport(ctx context.Context, was, i inspect.Import) (inspect.Import, error) {
	r := i.Rows
	err := t.swap(ctx, `
		UPDATE import
		SET    version = version + 1, state = $3, read_rows = $4, new_rows = $5, changed_rows = $6, same_rows = $7, gone_rows = $8,
		       faulty_rows = $9, warned_rows = $10, staged = $11, done_rows = $12, skipped_rows = $13, note = $14,
		       confirmed_by = $15, confirmed_at = $16, seconded_by = $17, seconded_at = $18, reversed_by = $19, reversed_at = $20, cseq = $21
		WHERE  id = $1 AND version = $2`,
		i.ID, was.Version, i.State, r.Read, r.New, r.Changed, r.Same, r.Gone, r.Faulty, r.Warned, i.Staged, i.Done, i.Skipped, i.Note,
		i.ConfirmedBy, instant(i.ConfirmedAt), i.SecondedBy, instant(i.SecondedAt), i.ReversedBy, instant(i.ReversedAt), t.n)
	if err != nil {
		return i, err
	}
	i.Version = was.Version + 1
	return i, t.touch(ctx, "import", string(i.ID), i.Version, string(was.State), string(i.State))
}

// chunkEntry is the entry that wrote the batch's chunk number k, from 0.
func (t *Tx) chunkEntry(ctx context.Context, id inspect.ImportID, k int64) (int64, error) {
	return row(ctx, t.tx, scanCount, `
		SELECT e.n
		FROM   touch t
		JOIN   entry e ON e.n = t.cseq AND e.verb = 'import.apply'
		WHERE  t.kind = 'import' AND t.id = $1
		ORDER  BY e.n
		LIMIT  1 OFFSET $2`, id, k)
}

// ImportedObjects returns the objects that stand as the batch's chunk number k,
// from 0, wrote them, each beside what it was before; a new one beside the zero
// Object. What was changed since by another act is not among them.
func (t *Tx) ImportedObjects(ctx context.Context, id inspect.ImportID, k int64) (now, before []inspect.Object, err error) {
	return importedRows(ctx, t, objects, scanObject, selectObject, id, k, func(key string, version int64, text string) (inspect.Object, error) {
		no, err := strconv.ParseInt(key, 10, 64)
		if err != nil {
			return inspect.Object{}, err
		}
		return inspect.ParseObject(inspect.ObjectNo(no), version, text)
	})
}

// ImportedInspectors is the same for inspectors.
func (t *Tx) ImportedInspectors(ctx context.Context, id inspect.ImportID, k int64) (now, before []inspect.Inspector, err error) {
	return importedRows(ctx, t, inspectors, scanInspector, selectInspector, id, k, func(key string, version int64, text string) (inspect.Inspector, error) {
		no, err := strconv.ParseInt(key, 10, 64)
		if err != nil {
			return inspect.Inspector{}, err
		}
		return inspect.ParseInspector(inspect.InspectorNo(no), version, text)
	})
}

// ImportedLicences is the same for licences.
func (t *Tx) ImportedLicences(ctx context.Context, id inspect.ImportID, k int64) (now, before []inspect.Licence, err error) {
	return importedRows(ctx, t, licences, scanLicence, selectLicence, id, k, inspect.ParseLicence)
}

func importedRows[T libraryRow](ctx context.Context, t *Tx, kind libraryKind[T], scan func(scanner) (T, error), selects string, id inspect.ImportID, k int64, parse func(key string, version int64, text string) (T, error)) (now, before []T, err error) {
	n, err := t.chunkEntry(ctx, id, k)
	if err != nil {
		return nil, nil, err
	}
	if now, err = list(ctx, t.tx, scan, selects+`WHERE cseq = $1 ORDER BY no`, n); err != nil {
		return nil, nil, err
	}
	old := map[string]T{}
	_, err = list(ctx, t.tx, func(s scanner) (none struct{}, err error) {
		var key, text string
		var version int64
		if err = s.Scan(&key, &version, &text); err == nil {
			old[key], err = parse(key, version, text)
		}
		return none, err
	}, `SELECT key, version, row FROM past WHERE kind = $1 AND next = $2`, kind.name, n)
	before = make([]T, len(now))
	for i, r := range now {
		before[i] = old[r.Key()]
	}
	return now, before, err
}

// ImportedItems is the same for items.
func (t *Tx) ImportedItems(ctx context.Context, id inspect.ImportID, k int64) (now, before []inspect.Item, err error) {
	n, err := t.chunkEntry(ctx, id, k)
	if err != nil {
		return nil, nil, err
	}
	if now, err = list(ctx, t.tx, scanItem, `SELECT `+itemCols+` FROM item WHERE cseq = $1 ORDER BY code`, n); err != nil {
		return nil, nil, err
	}
	before = make([]inspect.Item, len(now))
	for i, x := range now {
		if x.Version > 1 {
			if before[i], err = t.ItemVersion(ctx, x.ID, x.Version-1); err != nil {
				return nil, nil, err
			}
		}
	}
	return now, before, nil
}
