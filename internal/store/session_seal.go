package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"suicha/internal/inspect"
)

// SealMost is how many lines of the security log one entry seals at most.
const SealMost = 1000

const sealCols = `id, version, first, last, lines, digest`

func scanSeal(row scanner) (s inspect.Seal, err error) {
	return s, row.Scan(&s.ID, &s.Version, &s.First, &s.Last, &s.Lines, &s.Digest)
}

// SealSecurity stores a seal over the lines of the security log that follow the
// last seal. It fails with inspect.ErrMissing if there are none.
//
// A line's number is free to others only when the line is committed, so the lines
// up to a number are all there as soon as one of that number is.
func (t *Tx) SealSecurity(ctx context.Context, id string) (inspect.Seal, error) {
	s := inspect.Seal{ID: id, Version: 1}
	var err error
	if s.First, err = row(ctx, t.tx, scanCount, `SELECT coalesce(max(last), -1) + 1 FROM security_seal`); err != nil {
		return s, err
	}
	if s.Last, err = row(ctx, t.tx, scanCount, `SELECT coalesce(max(n), 0) FROM security_log WHERE n >= $1 AND n < $2`,
		s.First, s.First+SealMost); err != nil {
		return s, err
	}
	if s.Lines, s.Digest, err = digestLines(ctx, t.tx, s.First, s.Last); err != nil {
		return s, err
	}
	if s.Lines == 0 {
		return s, inspect.ErrMissing
	}
	_, err = exec(ctx, t.tx, `INSERT INTO security_seal (`+sealCols+`, cseq) VALUES ($1, 1, $2, $3, $4, $5, $6)`,
		s.ID, s.First, s.Last, s.Lines, s.Digest, t.n)
	if err != nil {
		return s, err
	}
	return s, t.touch(ctx, "security_seal", s.ID, 1, "", "")
}

// digestLines counts the lines from one number to another and digests them: each
// is a JSON array of its columns and a line end.
func digestLines(ctx context.Context, q queryer, first, last int64) (lines int64, digest string, err error) {
	hash := sha256.New()
	_, err = list(ctx, q, func(r scanner) (none struct{}, err error) {
		var n int64
		var line [7]string
		if err := r.Scan(&n, &line[0], &line[1], &line[2], &line[3], &line[4], &line[5], &line[6]); err != nil {
			return none, err
		}
		lines++
		return none, json.NewEncoder(hash).Encode([]any{n, line})
	}, `
		SELECT n, id, at, kind, person, subject, net, detail
		FROM   security_log
		WHERE  n >= $1 AND n <= $2
		ORDER  BY n, at, id`, first, last)
	return lines, hex.EncodeToString(hash.Sum(nil)), err
}

// Unsealed returns how many lines of the security log no entry seals yet, and
// when the oldest was written.
func (s *Sessions) Unsealed(ctx context.Context) (lines int64, oldest time.Time, err error) {
	err = s.db.QueryRowContext(ctx, `
		SELECT count(*), coalesce(min(at), '')
		FROM   security_log
		WHERE  n > (SELECT coalesce(max(last), -1) FROM security_seal)`).Scan(&lines, instantCol{&oldest})
	return lines, oldest, err
}

// A SealedLog is how far the security log is on record.
type SealedLog struct {
	Last  int64     // number of the last line that is sealed
	Entry int64     // the entry that sealed it
	At    time.Time // when; zero without any seal
	Open  int64     // lines that are not sealed yet
}

// Sealed returns how far the security log is on record.
func (s *Sessions) Sealed(ctx context.Context) (l SealedLog, err error) {
	if l.Open, _, err = s.Unsealed(ctx); err != nil {
		return l, err
	}
	newest, err := row(ctx, s.db, func(r scanner) (l SealedLog, err error) {
		return l, r.Scan(&l.Last, &l.Entry, instantCol{&l.At})
	}, `
		SELECT s.last, e.n, e.at
		FROM   security_seal s
		JOIN   entry e ON e.n = s.cseq
		ORDER  BY s.last DESC
		LIMIT  1`)
	if errors.Is(err, inspect.ErrMissing) {
		return l, nil
	}
	newest.Open = l.Open
	return newest, err
}

// seals checks the lines of the security log against the seals, which are rows
// like others, and that no number is missing behind the last.
func (r *replay) seals(ctx context.Context, q queryer) error {
	seals, err := list(ctx, q, scanSeal, `SELECT `+sealCols+` FROM security_seal ORDER BY first`)
	if err != nil {
		return fmt.Errorf("read the seals of the security log: %w", err)
	}
	next := int64(0)
	for _, s := range seals {
		lines, digest, err := digestLines(ctx, q, s.First, s.Last)
		switch {
		case err != nil:
			return fmt.Errorf("read the security log: %w", err)
		case s.First != next:
			return Fault{"security_seal", s.ID, fmt.Sprintf("it begins with line %d, not with line %d", s.First, next)}
		case lines != s.Lines || digest != s.Digest:
			return Fault{"security_log", fmt.Sprintf("lines %d to %d", s.First, s.Last),
				fmt.Sprintf("the %d lines are not the %d that were sealed", lines, s.Lines)}
		}
		next, r.Sealed = s.Last+1, r.Sealed+lines
	}
	var last int64
	err = q.QueryRowContext(ctx, `SELECT count(*), coalesce(max(n), 0) FROM security_log WHERE n >= $1`, max(next, 1)).Scan(&r.Unsealed, &last)
	if err == nil && r.Unsealed > 0 && last != max(next, 1)+r.Unsealed-1 {
		err = Fault{"security_log", fmt.Sprintf("lines %d to %d", max(next, 1), last), fmt.Sprintf("only %d of them are there", r.Unsealed)}
	}
	return err
}
