package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
)

// guardFaults returns the guards that are not in place and in force as this
// program makes them, and every trigger or rule that it does not make: INV-25.
func guardFaults(ctx context.Context, q queryer, d dialect) ([]Fault, error) {
	have, err := texts(ctx, q, d.made)
	if err != nil {
		return nil, fmt.Errorf("read the guards: %w", err)
	}
	var faults []Fault
	want := d.wanted()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got, ok := have[name]; !ok || got != want[name] {
			faults = append(faults, Fault{"guard", name, "it is missing, out of force or not this program's"})
		}
		delete(have, name)
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		table := "trigger"
		if ours(name) {
			table = "guard"
		}
		faults = append(faults, Fault{table, name, "this program does not know it"})
	}
	return faults, nil
}

// ours reports whether a trigger has a name that only this program's guards
// have: an older version made it.
func ours(name string) bool {
	return strings.HasPrefix(strings.TrimPrefix(name, "CREATE TRIGGER "), "guard_")
}

// partFaults returns the parts of the schema that are not what the migrations
// make: tables, columns, constraints, indexes and the views of the invariants.
// What a database has besides is not looked at.
func partFaults(ctx context.Context, q queryer, d dialect, want map[string]string) ([]Fault, error) {
	have, err := texts(ctx, q, d.parts)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	var faults []Fault
	for _, name := range slices.Sorted(maps.Keys(want)) {
		got, ok := have[name]
		kind, part, _ := strings.Cut(name, " ")
		switch {
		case !ok:
			faults = append(faults, Fault{kind, part, "it is missing; it must be: " + want[name]})
		case got != want[name]:
			faults = append(faults, Fault{kind, part, "it is " + got + "; it must be: " + want[name]})
		}
	}
	return faults, nil
}

// texts reads names and texts.
func texts(ctx context.Context, q queryer, query string) (map[string]string, error) {
	all := map[string]string{}
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var name, text string
		err = s.Scan(&name, &text)
		all[name] = text
		return none, err
	}, query)
	return all, err
}

// wantedParts is what partFaults compares with, as the database at db tells it.
func wantedParts(ctx context.Context, db *sql.DB, d dialect) (map[string]string, error) {
	if d.name == sqlite.name {
		return sqliteParts()
	}
	var version string
	if err := db.QueryRowContext(ctx, `SELECT version()`).Scan(&version); err != nil {
		return nil, err
	}
	if parts, ok := partsBy.Load(version); ok {
		return parts.(map[string]string), nil
	}
	parts, err := partsMade(ctx, db, d)
	if err == nil {
		partsBy.Store(version, parts)
	}
	return parts, err
}

// partsBy remembers the parts by the version of the server that told them: tests
// open many databases.
var partsBy sync.Map

// partsMade makes the schema by migrations and views where nobody else sees it,
// tells its parts and leaves nothing behind.
func partsMade(ctx context.Context, db *sql.DB, d dialect) (map[string]string, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	statements, err := migrations()
	if err != nil {
		return nil, err
	}
	if d.scratch != "" {
		statements = append([]string{d.scratch}, statements...)
	}
	for _, s := range append(statements, views()...) {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return nil, fmt.Errorf("make the schema on the side: %s: %w", firstLine(s), err)
		}
	}
	return texts(ctx, tx, d.parts)
}

// migrations are the texts of all migrations, in their order.
func migrations() ([]string, error) {
	names, err := fs.Glob(schema, "schema/*.sql")
	if err != nil {
		return nil, err
	}
	var all []string
	for _, name := range names {
		text, err := schema.ReadFile(name)
		if err != nil {
			return nil, err
		}
		_, up, _ := strings.Cut(string(text), "-- +goose Up\n")
		all = append(all, up)
	}
	return all, nil
}

// sqliteParts are the same for every SQLite database: they are made once, in
// memory.
var sqliteParts = sync.OnceValues(func() (parts map[string]string, err error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return partsMade(context.Background(), db, sqlite)
})

// sqliteWanted is the text of every guard by its name.
func sqliteWanted() map[string]string {
	want := map[string]string{}
	for _, s := range sqliteGuards() {
		if rest, ok := strings.CutPrefix(s, "CREATE TRIGGER "); ok {
			name, _, _ := strings.Cut(rest, " ")
			want[name] = s
		}
	}
	return want
}

// postgresWanted is the body of every guard's function by the definition of its
// trigger, as PostgreSQL tells them.
func postgresWanted() map[string]string {
	bodies, want := map[string]string{}, map[string]string{}
	for _, s := range postgresGuards() {
		if rest, ok := strings.CutPrefix(s, "CREATE OR REPLACE FUNCTION "); ok {
			name, _, _ := strings.Cut(rest, " ")
			_, body, _ := strings.Cut(rest, "$$")
			bodies[name] = strings.TrimSuffix(body, "$$")
		}
	}
	for _, s := range postgresGuards() {
		if rest, ok := strings.CutPrefix(s, "CREATE OR REPLACE TRIGGER "); ok {
			want["CREATE TRIGGER "+rest] = bodies[rest[strings.LastIndex(rest, " ")+1:]]
		}
	}
	return want
}
