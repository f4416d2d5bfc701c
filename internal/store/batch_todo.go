package store

import (
	"context"
	"fmt"
	"time"

	"suicha/internal/inspect"
)

// BatchFacts returns what the to-dos of a batch rest on besides the batch, for a
// person who may see it.
func (db *DB) BatchFacts(ctx context.Context, scope inspect.Scope, b inspect.Batch, person inspect.PersonID) (f inspect.BatchFacts, err error) {
	if f.Parties, err = db.BatchParties(ctx, scope, b); err != nil {
		return f, fmt.Errorf("read the departments of %s: %w", b.Number, err)
	}
	f.Files, err = list(ctx, db.db, func(s scanner) (name string, err error) { return name, s.Scan(&name) }, `
		SELECT name
		FROM   batch_file
		WHERE  batch = $1 AND run = $2 AND part = 0 AND (name LIKE 'commit-%' OR name LIKE 'reveal-%')
		ORDER  BY name`, string(b.ID), int64(b.Run))
	if err == nil {
		f.Wrote, err = wrote(ctx, db.db, person, string(b.ID), []inspect.Verb{inspect.BatchPut})
	}
	if err == nil && b.State == inspect.BatchVoided {
		var n int64
		n, err = row(ctx, db.db, scanCount, `
			SELECT count(*)
			FROM   entry e
			JOIN   touch t ON t.cseq = e.n
			WHERE  t.kind = 'batch' AND t.id = $1 AND e.verb = $2 AND e.at > $3`, string(b.ID), inspect.BatchPut, instant(b.EndedAt))
		f.Anew = n > 0
	}
	if err != nil || len(b.Tasks) == 0 {
		return f, err
	}
	marks, args := in(2, b.Tasks)
	signed, err := row(ctx, db.db, scanCount, `
		SELECT count(*)
		FROM   confirmation c
		WHERE  by_whom = $1 AND task IN `+marks+`
		  AND  no = (SELECT max(d.no) FROM confirmation d WHERE d.task = c.task AND d.org = c.org AND d.library = c.library)`,
		append([]any{string(person)}, args...)...)
	f.Signed = signed > 0
	return f, err
}

// BatchesOfTeams returns the batches within scope whose teams still need something:
// days, their dispatch, or the receipt of the scope's department. What is dispatched
// and received is not read again, however many years there are.
func (db *DB) BatchesOfTeams(ctx context.Context, scope inspect.Scope) ([]inspect.Batch, error) {
	where, args := batchSeen(scope, 2)
	owes := fmt.Sprintf(`%%"Org":"%s","By":"",%%`, scope.Org)
	return list(ctx, db.db, scanBatch, `
		SELECT `+batchCols+`
		FROM   batch b
		WHERE  b.state IN ('drawn', 'disclosed') AND `+where+`
		  AND  (EXISTS (SELECT 1 FROM dispatch d WHERE d.id = b.id AND d.receipts LIKE $1)
		     OR NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.id = b.id)
		        AND EXISTS (SELECT 1 FROM team t WHERE t.batch = b.id AND t.run = b.run AND t.state IN ('formed', 'scheduled')))
		ORDER  BY b.year DESC, b.serial DESC, b.id`, append([]any{owes}, args...)...)
}

// SubstsFor returns what the scope's department has to decide on or waits for, and
// what was decided since of what it asked, unless it has asked anew.
func (db *DB) SubstsFor(ctx context.Context, scope inspect.Scope, since time.Time) ([]inspect.Subst, error) {
	return list(ctx, db.db, scanSubst, `
		SELECT `+substCols+`
		FROM   subst s
		WHERE  s.region = $1
		  AND  (s.state = 'asked' AND (s.org = $2 OR EXISTS (SELECT 1 FROM team t WHERE t.id = s.team AND t.org = $2))
		     OR s.decided_at >= $3 AND s.org = $2
		        AND NOT EXISTS (SELECT 1 FROM subst l WHERE l.team = s.team AND l.asked_at > s.asked_at))
		ORDER  BY s.batch, s.asked_at, s.id`, scope.Region, string(scope.Org), instant(since))
}
