package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

const confirmationCols = `id, version, task, org, library, no, row_count, hash, oldest, upto, since, added, changed, removed, statement, by_whom, at`

func scanConfirmation(s scanner) (c inspect.Confirmation, err error) {
	return c, s.Scan(&c.ID, &c.Version, &c.Task, &c.Org, &c.Library, &c.No, &c.Rows, &c.Hash, dayCol{&c.Oldest}, &c.Upto, &c.Since,
		&c.Changes.Added, &c.Changes.Changed, &c.Changes.Removed, &c.Statement, &c.By, instantCol{&c.At})
}

// AddConfirmation stores a confirmation.
func (t *Tx) AddConfirmation(ctx context.Context, c inspect.Confirmation) error {
	return t.write(ctx, "confirmation", string(c.ID), 0, []column{
		{"task", c.Task}, {"org", c.Org}, {"library", c.Library}, {"no", int64(c.No)}, {"row_count", c.Rows}, {"hash", c.Hash}, {"oldest", day(c.Oldest)},
		{"upto", c.Upto}, {"since", c.Since}, {"added", c.Changes.Added}, {"changed", c.Changes.Changed}, {"removed", c.Changes.Removed},
		{"statement", c.Statement}, {"by_whom", c.By}, {"at", instant(c.At)},
	}, "", "")
}

// EntryNumber is the number of the entry that the act under way will have.
func (t *Tx) EntryNumber() int64 { return t.n }

// Confirmations returns the confirmations of a task, the newest first, for readers
// who may see the task.
func (db *DB) Confirmations(ctx context.Context, _ inspect.Scope, task inspect.TaskID) ([]inspect.Confirmation, error) {
	return list(ctx, db.db, scanConfirmation, `SELECT `+confirmationCols+` FROM confirmation WHERE task = $1 ORDER BY upto DESC, id`, string(task))
}

// Confirmation returns one confirmation of a task.
func (t *Tx) Confirmation(ctx context.Context, id inspect.ConfirmationID) (inspect.Confirmation, error) {
	return row(ctx, t.tx, scanConfirmation, `SELECT `+confirmationCols+` FROM confirmation WHERE id = $1`, string(id))
}

// LibraryStates returns how the confirmations of a task stand, of every department
// and both libraries, for readers who may see the task.
func (db *DB) LibraryStates(ctx context.Context, _ inspect.Scope, x inspect.Task, sublibs map[inspect.SublibraryID]inspect.Sublibrary) ([]inspect.LibraryState, error) {
	return libraryStates(ctx, db.db, x, sublibs)
}

// LibraryStates returns how the confirmations of a task stand.
func (t *Tx) LibraryStates(ctx context.Context, x inspect.Task, sublibs map[inspect.SublibraryID]inspect.Sublibrary) ([]inspect.LibraryState, error) {
	return libraryStates(ctx, t.tx, x, sublibs)
}

func libraryStates(ctx context.Context, q queryer, x inspect.Task, sublibs map[inspect.SublibraryID]inspect.Sublibrary) ([]inspect.LibraryState, error) {
	last, err := list(ctx, q, scanConfirmation, `
		SELECT `+confirmationCols+`
		FROM   confirmation c
		WHERE  task = $1 AND no = (SELECT max(d.no) FROM confirmation d WHERE d.task = c.task AND d.org = c.org AND d.library = c.library)`, string(x.ID))
	if err != nil {
		return nil, fmt.Errorf("read the confirmations of %s: %w", x.Number, err)
	}
	var states []inspect.LibraryState
	for _, org := range x.Parties() {
		for _, library := range inspect.Libraries {
			s := inspect.LibraryState{Org: org, Library: inspect.Library(library.Value)}
			if i := slices.IndexFunc(last, func(c inspect.Confirmation) bool { return c.Org == org && c.Library == s.Library }); i >= 0 {
				s.Last = last[i]
				changes, err := rowChanges(ctx, q, part(x, org, s.Library, sublibs), s.Last.Upto)
				if err != nil {
					return nil, fmt.Errorf("count what changed since %s of %s: %w", s.Last.ID, x.Number, err)
				}
				s.Changed = changes.Total()
			}
			states = append(states, s)
		}
	}
	return states, nil
}

// A libraryPart is what one department confirms: its inspectors, or the members of
// sub-libraries.
type libraryPart struct {
	org     inspect.OrgID
	library inspect.Library
	sublibs []inspect.SublibraryID
}

func part(x inspect.Task, org inspect.OrgID, library inspect.Library, sublibs map[inspect.SublibraryID]inspect.Sublibrary) libraryPart {
	return libraryPart{org, library, x.ConfirmedSublibs(org, sublibs)}
}

// ReadLibrary reads what a department confirms for a task as it stands, for readers
// of that department.
func (db *DB) ReadLibrary(ctx context.Context, scope inspect.Scope, x inspect.Task, library inspect.Library, sublibs map[inspect.SublibraryID]inspect.Sublibrary) (inspect.LibraryRead, error) {
	return readLibrary(ctx, db.db, part(x, scope.Org, library, sublibs))
}

// ReadLibrary reads what a department confirms for a task as it stands.
func (t *Tx) ReadLibrary(ctx context.Context, x inspect.Task, org inspect.OrgID, library inspect.Library, sublibs map[inspect.SublibraryID]inspect.Sublibrary) (inspect.LibraryRead, error) {
	return readLibrary(ctx, t.tx, part(x, org, library, sublibs))
}

// readLibrary digests every row that the department answers for.
func readLibrary(ctx context.Context, q queryer, p libraryPart) (inspect.LibraryRead, error) {
	var d libraryDigests
	var err error
	if p.library == inspect.InspectorLibrary {
		err = d.inspectors(ctx, q, p.org)
	} else {
		err = d.objects(ctx, q, p.sublibs)
	}
	return inspect.LibraryRead{Rows: d.rows, Hash: d.sum(), Oldest: d.oldest}, err
}

// libraryDigests are the digests of the rows that a confirmation is of.
type libraryDigests struct {
	all    [][sha256.Size]byte
	rows   int64
	oldest workday.Date
}

func (d *libraryDigests) add(kind string, r libraryRow, version int64) {
	d.all = append(d.all, sha256.Sum256([]byte(kind+"\t"+rowLine(r.Key(), version, r.Text()))))
}

func (d *libraryDigests) aged(on workday.Date) {
	d.rows++
	if !on.IsZero() && (d.oldest.IsZero() || on.Before(d.oldest)) {
		d.oldest = on
	}
}

// sum is the SHA-256 over the sorted digests.
func (d *libraryDigests) sum() string {
	slices.SortFunc(d.all, func(a, b [sha256.Size]byte) int { return bytes.Compare(a[:], b[:]) })
	h := sha256.New()
	for _, one := range d.all {
		h.Write(one[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// objects takes in the confirmed members of sub-libraries with their objects, and
// the flags that those bear.
func (d *libraryDigests) objects(ctx context.Context, q queryer, sublibs []inspect.SublibraryID) error {
	marks, args := in(1, sublibs)
	last := inspect.ObjectNo(0)
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var m inspect.Member
		o, err := scanObject(tailScanner{scanner: s, tail: []any{&m.Sublib, &m.No, &m.State, &m.Ground, &m.By, instantCol{&m.At}, &m.Version}})
		d.add("member", m, m.Version)
		if o.No != last {
			last = o.No
			d.add("object", o, o.Version)
			d.aged(o.Sourced)
		}
		return none, err
	}, `
		SELECT `+prefixed("o", objectCols)+`, o.version, m.sublib, m.no, m.state, m.ground, m.by_whom, m.at, m.version
		FROM   member m
		JOIN   object o ON o.no = m.no
		WHERE  m.sublib IN `+marks+` AND m.state = 'confirmed'
		ORDER  BY m.no, m.sublib`, args...)
	if err != nil {
		return err
	}
	_, err = list(ctx, q, func(s scanner) (none struct{}, err error) {
		f, err := scanFlag(s)
		d.add("flag", f, f.Version)
		return none, err
	}, selectFlag+`WHERE no IN (SELECT m.no FROM member m WHERE m.sublib IN `+marks+` AND m.state = 'confirmed')`, args...)
	return err
}

// inspectors takes in a department's inspectors with their certificates, absences,
// ties and trainings.
func (d *libraryDigests) inspectors(ctx context.Context, q queryer, org inspect.OrgID) error {
	all, err := list(ctx, q, scanInspector, selectInspector+`WHERE org = $1`, string(org))
	if err != nil {
		return err
	}
	for _, i := range all {
		d.add("inspector", i, i.Version)
		d.aged(i.Sourced)
	}
	of := `WHERE inspector IN (SELECT no FROM inspector WHERE org = $1)`
	away, err := list(ctx, q, scanAway, aways.selects()+of, string(org))
	if err != nil {
		return err
	}
	for _, r := range away {
		d.add("away", r, r.Version)
	}
	declared, err := list(ctx, q, scanTie, ties.selects()+of, string(org))
	if err != nil {
		return err
	}
	for _, r := range declared {
		d.add("tie", r, r.Version)
	}
	learnt, err := list(ctx, q, scanTraining, trainings.selects()+of, string(org))
	for _, r := range learnt {
		d.add("training", r, r.Version)
	}
	return err
}

// changesQuery selects no and kind of what changed after entry $1 in what the
// department confirms: see inspect.RowChangeKinds.
func (p libraryPart) changesQuery() (string, []any) {
	if p.library == inspect.InspectorLibrary {
		return changedInspectors, []any{string(p.org)}
	}
	marks, args := in(2, p.sublibs)
	return strings.ReplaceAll(changedObjects, "SUBLIBS", marks), args
}

// An object is added when it was confirmed since, removed when it no longer is, and
// changed when its row, its flags or its place in another sub-library did. What was
// proposed only is no change.
const changedObjects = `
	SELECT no, CASE WHEN count(*) > 1 THEN 'changed' ELSE min(kind) END AS kind
	FROM   (
		SELECT w.no, CASE WHEN w.state <> 'confirmed' THEN 'removed' WHEN w.was THEN 'changed' ELSE 'added' END AS kind
		FROM   (
			SELECT m.no, m.state, EXISTS (
				SELECT 1 FROM past p
				WHERE  p.kind = 'member' AND p.key = m.sublib || '/' || CAST(m.no AS TEXT) AND p.cseq <= $1 AND p.next > $1 AND p.row LIKE 'confirmed%'
			) AS was
			FROM   member m
			WHERE  m.cseq > $1 AND m.sublib IN SUBLIBS
		) w
		WHERE  w.state = 'confirmed' OR w.was
		UNION
		SELECT m.no, 'changed'
		FROM   object o JOIN member m ON m.no = o.no
		WHERE  o.cseq > $1 AND m.cseq <= $1 AND m.state = 'confirmed' AND m.sublib IN SUBLIBS
		UNION
		SELECT m.no, 'changed'
		FROM   object_flag f JOIN member m ON m.no = f.no
		WHERE  f.cseq > $1 AND m.cseq <= $1 AND m.state = 'confirmed' AND m.sublib IN SUBLIBS
	) c
	GROUP  BY no`

// An inspector is changed, too, when an absence, a tie or a training of theirs is.
const changedInspectors = `
	SELECT i.no, CASE
	       WHEN i.cseq > $1 AND i.ended <> '' THEN 'removed'
	       WHEN i.cseq > $1 AND NOT EXISTS (SELECT 1 FROM past p WHERE p.kind = 'inspector' AND p.key = CAST(i.no AS TEXT) AND p.cseq <= $1 AND p.next > $1) THEN 'added'
	       ELSE 'changed' END AS kind
	FROM   inspector i
	WHERE  i.org = $2 AND (i.cseq > $1
	OR     EXISTS (SELECT 1 FROM inspector_away r WHERE r.inspector = i.no AND r.cseq > $1)
	OR     EXISTS (SELECT 1 FROM inspector_tie r WHERE r.inspector = i.no AND r.cseq > $1)
	OR     EXISTS (SELECT 1 FROM inspector_training r WHERE r.inspector = i.no AND r.cseq > $1))`

// rowChanges counts what changed after an entry.
func rowChanges(ctx context.Context, q queryer, p libraryPart, since int64) (inspect.RowChanges, error) {
	var c inspect.RowChanges
	changed, args := p.changesQuery()
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var kind string
		var n int64
		err = s.Scan(&kind, &n)
		switch kind {
		case "added":
			c.Added = n
		case "removed":
			c.Removed = n
		default:
			c.Changed = n
		}
		return none, err
	}, `SELECT kind, count(*) FROM (`+changed+`) x GROUP BY kind`, append([]any{since}, args...)...)
	return c, err
}

// RowChanges counts what changed after an entry in what a department confirms for a
// task.
func (t *Tx) RowChanges(ctx context.Context, x inspect.Task, org inspect.OrgID, library inspect.Library, sublibs map[inspect.SublibraryID]inspect.Sublibrary, since int64) (inspect.RowChanges, error) {
	return rowChanges(ctx, t.tx, part(x, org, library, sublibs), since)
}

// RowChanges counts what changed after an entry in what the reader's department
// confirms for a task.
func (db *DB) RowChanges(ctx context.Context, scope inspect.Scope, x inspect.Task, library inspect.Library, sublibs map[inspect.SublibraryID]inspect.Sublibrary, since int64) (inspect.RowChanges, error) {
	return rowChanges(ctx, db.db, part(x, scope.Org, library, sublibs), since)
}

// ChangedRows names what changed after an entry in what the reader's department
// confirms for a task, by number, after a number.
func (db *DB) ChangedRows(ctx context.Context, scope inspect.Scope, x inspect.Task, library inspect.Library, sublibs map[inspect.SublibraryID]inspect.Sublibrary, since, after int64, most int) ([]inspect.RowChange, error) {
	changed, args := part(x, scope.Org, library, sublibs).changesQuery()
	args = append(append([]any{since}, args...), after, most)
	return list(ctx, db.db, func(s scanner) (c inspect.RowChange, err error) { return c, s.Scan(&c.No, &c.Code, &c.Name, &c.Kind) },
		fmt.Sprintf(`
		SELECT x.no, r.code, r.name, x.kind
		FROM   (%s) x
		JOIN   %s r ON r.no = x.no
		WHERE  x.no > $%d
		ORDER  BY x.no
		LIMIT  $%d`, changed, library, len(args)-1, len(args)), args...)
}

// ConfirmedBefore is the entry of the department's newest confirmation of a library,
// for whatever task; 0 if there is none.
func (t *Tx) ConfirmedBefore(ctx context.Context, org inspect.OrgID, library inspect.Library) (int64, error) {
	return confirmedBefore(ctx, t.tx, org, library)
}

// ConfirmedBefore is the entry of the reader's department's newest confirmation of a
// library.
func (db *DB) ConfirmedBefore(ctx context.Context, scope inspect.Scope, library inspect.Library) (int64, error) {
	return confirmedBefore(ctx, db.db, scope.Org, library)
}

func confirmedBefore(ctx context.Context, q queryer, org inspect.OrgID, library inspect.Library) (int64, error) {
	return row(ctx, q, scanCount, `SELECT coalesce(max(upto), 0) FROM confirmation WHERE org = $1 AND library = $2`, string(org), string(library))
}
