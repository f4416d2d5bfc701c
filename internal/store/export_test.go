package store

import (
	"context"
	"database/sql"

	"suicha/internal/inspect"
	"suicha/internal/ledger"
)

// What the tests of the guards need to see of them.

// VerifyTx is Verify inside a transaction that a test spoils.
func VerifyTx(ctx context.Context, tx *sql.Tx, postgresql, guards bool, open func([]byte) (ledger.Checkpoint, error)) error {
	d := sqlite
	if postgresql {
		d = postgres
	}
	if !guards { // the test has dropped them
		d.made, d.wanted = `SELECT '', '' WHERE 1 = 0`, func() map[string]string { return nil }
	}
	_, err := verify(ctx, tx, d, nil, open)
	return err
}

// GuardNames lists the triggers of SQLite.
func GuardNames() map[string]string { return sqliteWanted() }

// Invariants are the views that must be empty.
func Invariants() []string {
	var names []string
	for _, v := range invariants() {
		names = append(names, v.name)
	}
	return names
}

// GuardedTables are the tables whose rows belong to entries.
func GuardedTables() []string {
	var names []string
	for _, g := range guards {
		names = append(names, g.table)
	}
	return names
}

// Steps are the rows of table step.
func Steps() [][3]string { return steps() }

// Migrations returns the migrations by name.
func Migrations() (map[string]string, error) {
	entries, err := schema.ReadDir("schema")
	files := map[string]string{}
	for _, e := range entries {
		text, err := schema.ReadFile("schema/" + e.Name())
		if err != nil {
			return nil, err
		}
		files[e.Name()] = string(text)
	}
	return files, err
}

// Within reports whether the SQL condition of a scope lets a plan through.
func Within(ctx context.Context, db *DB, scope inspect.Scope) (map[inspect.PlanID]bool, error) {
	plans, err := db.Plans(ctx, scope, PlanFilter{Most: 100_000})
	ids := map[inspect.PlanID]bool{}
	for _, p := range plans {
		ids[p.ID] = true
	}
	return ids, err
}
