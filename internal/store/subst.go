package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"suicha/internal/inspect"
)

const substCols = `id, version, region, batch, run, team, no, org, kind, body, state, asked_by, asked_at, decided_by, decided_at, opinion, concerned, lookup, digest, erased_by, erased_at`

// substBody is what a row of subst has in its body.
type substBody struct {
	Out                inspect.InspectorNo
	Ground, Text       string
	Evidence           string
	Channel, Applicant string
	Applied            string
	In                 inspect.InspectorNo
	Passed             []inspect.SubstPass
	Teams              []int
	Exhausted          bool
	Cause, Note        string `json:",omitempty"`
	Reason, Due        string `json:",omitempty"`
}

func scanSubst(s scanner) (x inspect.Subst, err error) {
	var text string
	err = s.Scan(&x.ID, &x.Version, &x.Region, &x.Batch, &x.Run, &x.Team, &x.No, &x.Org, &x.Kind, &text, &x.State, &x.AskedBy, instantCol{&x.AskedAt},
		&x.DecidedBy, instantCol{&x.DecidedAt}, &x.Opinion, &x.Concerned, &x.Lookup, &x.Digest, &x.ErasedBy, instantCol{&x.ErasedAt})
	if err != nil {
		return x, err
	}
	if !strings.HasPrefix(text, "{") { // of a sealed list
		x.Closed = text
		return x, nil
	}
	var b substBody
	if err := (jsonCol[substBody]{&b}).Scan(text); err != nil {
		return x, err
	}
	x.Out, x.Ground, x.Text, x.Evidence, x.Channel, x.Applicant = b.Out, b.Ground, b.Text, b.Evidence, b.Channel, b.Applicant
	x.In, x.Passed, x.Teams, x.Exhausted = b.In, b.Passed, b.Teams, b.Exhausted
	x.Cause, x.Note, x.Reason = b.Cause, b.Note, b.Reason
	return x, errors.Join(dayCol{&x.Applied}.Scan(b.Applied), dayCol{&x.Due}.Scan(b.Due))
}

// PutSubst stores a substitution, new if it has no version, or replaces the version
// that x was made from. Was is the state before.
func (t *Tx) PutSubst(ctx context.Context, was inspect.SubstState, x inspect.Subst) error {
	body := x.Closed
	if body == "" {
		body = asJSON(substBody{x.Out, x.Ground, x.Text, x.Evidence, x.Channel, x.Applicant, day(x.Applied), x.In, x.Passed, x.Teams, x.Exhausted, x.Cause, x.Note, x.Reason, day(x.Due)})
	}
	return t.write(ctx, "subst", string(x.ID), x.Version, []column{
		{"region", x.Region}, {"batch", string(x.Batch)}, {"run", int64(x.Run)}, {"team", string(x.Team)}, {"no", int64(x.No)}, {"org", x.Org},
		{"kind", string(x.Kind)}, {"body", body}, {"state", x.State}, {"asked_by", x.AskedBy}, {"asked_at", instant(x.AskedAt)},
		{"decided_by", x.DecidedBy}, {"decided_at", instant(x.DecidedAt)}, {"opinion", x.Opinion}, {"concerned", x.Concerned}, {"lookup", x.Lookup}, {"digest", x.Digest},
		{"erased_by", x.ErasedBy}, {"erased_at", instant(x.ErasedAt)},
	}, string(was), string(x.State))
}

// Subst returns one substitution.
func (t *Tx) Subst(ctx context.Context, id inspect.SubstID) (inspect.Subst, error) {
	return row(ctx, t.tx, scanSubst, `SELECT `+substCols+` FROM subst WHERE id = $1`, string(id))
}

// OpenSubsts returns the substitutions of a team that wait. Those of a sealed list are
// closed.
func (t *Tx) OpenSubsts(ctx context.Context, team inspect.TeamID) ([]inspect.Subst, error) {
	return list(ctx, t.tx, scanSubst, `SELECT `+substCols+` FROM subst WHERE team = $1 AND state = 'asked' ORDER BY asked_at, id`, string(team))
}

// Substs returns the substitutions of a batch, for acts. Those of a sealed list are
// closed.
func (t *Tx) Substs(ctx context.Context, batch inspect.BatchID) ([]inspect.Subst, error) {
	return substs(ctx, t.tx, batch)
}

// Substs returns the substitutions of a batch, those that wait first, for readers who
// may see its teams. Those of a sealed list are closed.
func (db *DB) Substs(ctx context.Context, _ inspect.Scope, batch inspect.BatchID) ([]inspect.Subst, error) {
	return substs(ctx, db.db, batch)
}

func substs(ctx context.Context, q queryer, batch inspect.BatchID) ([]inspect.Subst, error) {
	return list(ctx, q, scanSubst, `SELECT `+substCols+` FROM subst WHERE batch = $1
		ORDER BY CASE state WHEN 'asked' THEN 0 ELSE 1 END, asked_at DESC, id`, string(batch))
}

// AddSubstitution stores a line of substitutions.tsv, or of the sealed file in its
// place, for good: R68.
func (t *Tx) AddSubstitution(ctx context.Context, b inspect.Batch, name, line string) (inspect.BatchFile, error) {
	part, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM batch_file WHERE batch = $1 AND run = $2 AND name = $3`, string(b.ID), int64(b.Run), name)
	if err != nil {
		return inspect.BatchFile{}, err
	}
	_, err = exec(ctx, t.tx, `INSERT INTO batch_file (batch, run, name, part, text, cseq) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(b.ID), int64(b.Run), name, part, line, t.n)
	if err != nil {
		return inspect.BatchFile{}, fmt.Errorf("store a substitution of %s: %w", b.Number, err)
	}
	f := newBatchFile(b.ID, b.Run, name, int(part), line)
	return f, t.touch(ctx, "batch_file", f.ID, 1, "", "")
}
