package store

import (
	"context"
	"fmt"

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
