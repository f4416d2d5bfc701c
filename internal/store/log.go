package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"suicha/internal/ledger"
)

// Log derives the transparency log from the entries and keeps its hashes and
// signed checkpoints. It reads entries and writes its own two tables.
type Log struct {
	db, writes *sql.DB
	d          dialect
}

// A SignedHead is the newest checkpoint: what the log has promised to everybody.
type SignedHead struct {
	ledger.Head
	At   time.Time
	Note []byte // the signed note; empty for a log never signed
}

// Newest returns the newest checkpoint with what witnesses have signed beneath
// it, the zero SignedHead if there is none.
func (l *Log) Newest(ctx context.Context) (SignedHead, error) {
	h, err := newest(ctx, l.db)
	if err != nil || h.Size == 0 {
		return h, err
	}
	lines, err := list(ctx, l.db, func(s scanner) (text string, err error) { return text, s.Scan(&text) },
		`SELECT lines FROM cosignature WHERE size = $1 ORDER BY witness`, h.Size)
	for _, text := range lines {
		h.Note = append(h.Note, text...)
	}
	return h, err
}

func newest(ctx context.Context, q queryer) (SignedHead, error) {
	var h SignedHead
	var note string
	err := q.QueryRowContext(ctx, `SELECT size, at, note FROM checkpoint ORDER BY size DESC LIMIT 1`).Scan(&h.Size, instantCol{&h.At}, &note)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	h.Note = []byte(note)
	h.Head, err = ledger.TreeHead(h.Size, hashes{ctx, q})
	return h, err
}

// Behind returns how many entries no checkpoint covers yet.
func (l *Log) Behind(ctx context.Context) (int64, error) {
	return row(ctx, l.db, scanCount, `
		SELECT (SELECT count(*) FROM entry) - coalesce((SELECT max(size) FROM checkpoint), 0)`)
}

// Leaves returns the leaves of entries lo up to, not with, hi.
func (l *Log) Leaves(ctx context.Context, lo, hi int64) ([][]byte, error) {
	return leaves(ctx, l.db, lo, hi)
}

func leaves(ctx context.Context, q queryer, lo, hi int64) ([][]byte, error) {
	read, err := list(ctx, q, func(s scanner) (leaf string, err error) { return leaf, s.Scan(&leaf) },
		`SELECT leaf FROM entry WHERE n >= $1 AND n < $2 AND done = 1 ORDER BY n`, lo, hi)
	out := make([][]byte, len(read))
	for i, leaf := range read {
		out[i] = []byte(leaf)
	}
	return out, err
}

// Hashes returns the stored hashes of the tree.
func (l *Log) Hashes(ctx context.Context) ledger.HashReader { return hashes{ctx, l.db} }

type hashes struct {
	ctx context.Context
	q   queryer
}

func (h hashes) ReadHashes(indexes []int64) ([]ledger.Hash, error) {
	marks, args := in(1, indexes)
	type stored struct {
		i    int64
		hash ledger.Hash
	}
	rows, err := list(h.ctx, h.q, func(s scanner) (r stored, err error) {
		var text string
		if err = s.Scan(&r.i, &text); err != nil {
			return r, err
		}
		raw, err := hex.DecodeString(text)
		if err == nil && copy(r.hash[:], raw) != len(r.hash) {
			err = fmt.Errorf("stored hash %d is cut", r.i)
		}
		return r, err
	}, `SELECT i, hash FROM log_hash WHERE i IN `+marks, args...)
	if err != nil {
		return nil, err
	}
	at := map[int64]ledger.Hash{}
	for _, r := range rows {
		at[r.i] = r.hash
	}
	out := make([]ledger.Hash, len(indexes))
	for i, index := range indexes {
		hash, ok := at[index]
		if !ok {
			return nil, fmt.Errorf("stored hash %d is not there", index)
		}
		out[i] = hash
	}
	return out, nil
}

// extendMost bounds the entries one Extend takes up.
const extendMost = 10_000

// Extend takes the entries that no checkpoint covers into the tree and stores
// the head that sign signs, all or nothing. Sign gets the head promised last,
// the next one and the proof that the second continues the first. It reports
// whether there was anything to take. Several processes may call it at once.
func (l *Log) Extend(ctx context.Context, now time.Time, sign func(last, next ledger.Head, proof []ledger.Hash) ([]byte, error)) (bool, error) {
	tx, err := l.writes.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	if l.d.lock != "" {
		if _, err := tx.ExecContext(ctx, l.d.lock); err != nil {
			return false, err
		}
	}
	last, err := newest(ctx, tx)
	if err != nil {
		return false, err
	}
	added, err := leaves(ctx, tx, last.Size, last.Size+extendMost)
	if err != nil || len(added) == 0 {
		return false, err
	}
	stored := hashes{ctx, tx}
	more, err := ledger.Append(last.Size, added, stored)
	if err != nil {
		return false, err
	}
	first := ledger.StoredAt(last.Size)
	for i, hash := range more {
		if _, err := exec(ctx, tx, `INSERT INTO log_hash (i, hash) VALUES ($1, $2)`, first+int64(i), hex.EncodeToString(hash[:])); err != nil {
			return false, err
		}
	}
	size := last.Size + int64(len(added))
	next, err := ledger.TreeHead(size, stored)
	if err != nil {
		return false, err
	}
	proof, err := ledger.ProveGrowth(size, last.Size, stored)
	if err != nil {
		return false, err
	}
	note, err := sign(last.Head, next, proof)
	if err != nil {
		return false, err
	}
	if _, err := exec(ctx, tx, `INSERT INTO checkpoint (size, at, note) VALUES ($1, $2, $3)`, size, instant(now), string(note)); err != nil {
		return false, err
	}
	return true, tx.Commit()
}

// AddCosignature stores what a witness signed beneath the checkpoint of size.
func (l *Log) AddCosignature(ctx context.Context, size int64, witness string, lines []byte, at time.Time) error {
	_, err := exec(ctx, l.writes, `
		INSERT INTO cosignature (size, witness, lines, at) VALUES ($1, $2, $3, $4) ON CONFLICT (size, witness) DO NOTHING`,
		size, witness, string(lines), instant(at))
	return err
}

// A Cosigned is what one witness signed last.
type Cosigned struct {
	Witness string
	Size    int64
	Lines   []byte
	At      time.Time
}

// Cosigned returns each witness's newest cosignature.
func (l *Log) Cosigned(ctx context.Context) ([]Cosigned, error) {
	return list(ctx, l.db, func(s scanner) (c Cosigned, err error) {
		var lines string
		err = s.Scan(&c.Witness, &c.Size, &lines, instantCol{&c.At})
		c.Lines = []byte(lines)
		return c, err
	}, `
		SELECT c.witness, c.size, c.lines, c.at
		FROM   cosignature c
		WHERE  c.size = (SELECT max(d.size) FROM cosignature d WHERE d.witness = c.witness)
		ORDER  BY c.witness`)
}
