package store

import (
	"context"
	"database/sql"
	"fmt"

	"suicha/internal/pinyin"
)

// byPinyin is the SQL by which lists are sorted by a column with Chinese names.
func byPinyin(column string) string {
	return `coalesce((SELECT k.sort_key FROM pinyin k WHERE k.name = ` + column + `), ` + column + `)`
}

// sortName keeps the sort key of a name. It is derived from the name and belongs
// to no entry.
func sortName(ctx context.Context, q queryer, name string) error {
	_, err := exec(ctx, q, `
		INSERT INTO pinyin (name, sort_key) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET sort_key = excluded.sort_key`, name, pinyin.Key(name))
	if err != nil {
		return fmt.Errorf("keep the sort key of %s: %w", name, err)
	}
	return nil
}

// sortNames makes the keys that are missing, and those that this version of the
// program makes otherwise.
func sortNames(ctx context.Context, db *sql.DB) error {
	type named struct{ name, key string }
	names, err := list(ctx, db, func(s scanner) (n named, err error) { return n, s.Scan(&n.name, &n.key) }, `
		WITH named (name) AS (SELECT name FROM org UNION SELECT name FROM person UNION SELECT name FROM sublibrary)
		SELECT n.name, coalesce(k.sort_key, '')
		FROM   named n
		LEFT   JOIN pinyin k ON k.name = n.name
		ORDER  BY n.name`)
	if err != nil {
		return fmt.Errorf("read the names to sort by: %w", err)
	}
	for _, n := range names {
		if n.key == pinyin.Key(n.name) {
			continue
		}
		if err := sortName(ctx, db, n.name); err != nil {
			return err
		}
	}
	return nil
}
