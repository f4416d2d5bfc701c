package store

import (
	"context"
	"database/sql"

	"suicha/internal/inspect"
	"suicha/internal/pinyin"
)

// Plain is the form in which names are compared.
func Plain(text string) string { return plain(text) }

// A LibraryChange is what an act changes in the library, for the tests of the
// search, which write rows without acts.
type LibraryChange struct {
	Added   []inspect.Object
	Changed []inspect.Object // from the version that they have
	Members []inspect.Member
	Flags   []inspect.Flag
	Ending  []inspect.Licence // with their last days

	NoRows, NoIndex bool // leave out one of both
}

// Write writes rows and index. An object's row is of the entry that its version says.
func (c LibraryChange) Write(ctx context.Context, conn *sql.Conn, tx *sql.Tx, postgresql bool) error {
	t := &Tx{conn: conn, tx: prepared{Tx: tx}, d: sqlite}
	if postgresql {
		t.d = postgres
	}
	var changed []replaced[inspect.Object]
	for _, o := range c.Changed {
		changed = append(changed, replaced[inspect.Object]{Row: o, Seen: o.Version})
	}
	if !c.NoIndex {
		x, err := t.findChanges(ctx, changed)
		if err == nil {
			for _, o := range c.Added {
				x.add(o, pinyin.Initials(o.Name))
			}
			err = x.write(ctx, t.tx)
		}
		if err != nil {
			return err
		}
	}
	if !c.NoRows {
		if _, err := objects.write(ctx, t, c.Added, nil); err != nil {
			return err
		}
	}
	for _, r := range changed {
		t.n = r.Seen
		if _, err := objects.write(ctx, t, nil, []replaced[inspect.Object]{r}); err != nil {
			return err
		}
	}
	for _, m := range c.Members {
		if err := t.indexMembers(ctx, m.Sublib, []inspect.Member{m}); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `
			INSERT INTO member (sublib, no, version, state, ground, by_whom, at, cseq) VALUES ($1, $2, 1, $3, 'x', '', '', 0)
			ON CONFLICT (sublib, no) DO UPDATE SET state = excluded.state`, string(m.Sublib), int64(m.No), string(m.State)); err != nil {
			return err
		}
	}
	for _, l := range c.Ending {
		version, err := row(ctx, tx, scanCount, `SELECT coalesce(max(version), 0) FROM object_licence WHERE no = $1 AND name = $2 AND number = $3`, int64(l.No), l.Name, l.Number)
		if err != nil {
			return err
		}
		if err := t.indexLicences(ctx, []inspect.Licence{l}); err != nil {
			return err
		}
		if t.n = version; version == 0 {
			_, err = licences.write(ctx, t, []inspect.Licence{l}, nil)
		} else {
			_, err = licences.write(ctx, t, nil, []replaced[inspect.Licence]{{Row: l, Seen: version}})
		}
		if err != nil {
			return err
		}
	}
	for _, f := range c.Flags {
		if err := t.indexFlags(ctx, []inspect.Flag{f}); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `
			INSERT INTO object_flag (no, kind, since, version, until, source, note, org, cseq) VALUES ($1, $2, $3, 1, $4, 'x', 'x', '', 0)
			ON CONFLICT (no, kind, since) DO UPDATE SET until = excluded.until`, int64(f.No), string(f.Kind), day(f.Since), day(f.Until)); err != nil {
			return err
		}
	}
	return nil
}

// IndexRows lists the rows of the index that hold anything.
func IndexRows(ctx context.Context, db *sql.DB) (map[[2]int64]string, error) {
	rows := map[[2]int64]string{}
	_, err := list(ctx, db, func(s scanner) (none struct{}, err error) {
		var key [2]int64
		var data []byte
		err = s.Scan(&key[0], &key[1], &data)
		if len(data) > 0 {
			rows[key] = string(data)
		}
		return none, err
	}, `SELECT block, bucket, data FROM object_find`)
	return rows, err
}

// AskedWithin looks for a word row by row when so many rows were asked already.
func AskedWithin(asked int) error {
	s := &search{words: []string{"餐饮"}, where: inspect.InScope, asked: asked}
	_, err := s.askWithin(context.Background(), []inspect.ObjectNo{1})
	return err
}

// WithinMost is how many rows one question asks.
const WithinMost = withinMost
