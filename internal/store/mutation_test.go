package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suicha/internal/rig"
)

// spare are constraints that no attack can show, because another stands before
// them. They stay for what comes in past the guards, and for PostgreSQL's owner.
var spare = regexp.MustCompile(`^(` +
	`\w+_entry|touch_of|entry_body_of|entry_body_erased` + // the guards ask for an open entry first
	`|guard_entry_body_insert` + // no entry closes without a body, whose number is a key; REPLACE meets the guard against removal
	`|standing_class` + // the target of post_class; without it nobody could be given a post
	`|guard_security_log_insert` + // for owners without recursive triggers: adversary_test.go
	`|visit_digest|signature_digest` + // the target of signature_binds, which no other digest passes
	`|past_next` + // the guard asks for an open entry first
	`|drawn_batch|seat_batch|batch_file_batch|team_batch|dispatch_batch|signature_visit` + // the guards ask for a batch in the right state first
	`|plan_state|member_state|import_state|task_state|waiver_state|batch_state|team_state|subst_state|visit_state|result_state|correction_state|followup_state|appeal_state` + // no step leads to an unknown state, and none begins there
	`|appeal_result|appeal_org|appeal_added_appeal` + // the guard asks for a public result of that department first
	`|approval_is` + // the target of publication_approved; an id is a key by itself
	`|followup_result|followup_org` + // the guard asks for a public result of that department first
	`|publication_no|publication_correction` + // the guard asks for the next edition, and for the correction, first
	`|target_state|delivery_state` + // no step leads to an unknown state, and none begins there
	`|delivery_target|delivery_publication|delivery_no` + // the guard asks for a target, an edition and a number that fit first
	`)$`)

// An object is a part of the schema, as SQLite keeps it.
type object struct{ kind, name, text string }

// schemaOf reads the parts of a database's schema in the order in which they can
// be made.
func schemaOf(t *testing.T, path string) []object {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`
		SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND sql IS NOT NULL
		ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []object
	for rows.Next() {
		var o object
		if err := rows.Scan(&o.kind, &o.name, &o.text); err != nil {
			t.Fatal(err)
		}
		if o.kind == "table" && strings.Contains(o.text, ", CONSTRAINT ") { // added later: SQLite leaves them on the last line
			o.text = strings.ReplaceAll(strings.TrimSuffix(o.text, ")"), ", CONSTRAINT ", ",\n  CONSTRAINT ") + "\n)"
		}
		all = append(all, o)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// rebuilt copies a database into one that has these parts.
func rebuilt(t *testing.T, from string, parts []object) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rebuilt.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=synchronous(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	statements := []string{`ATTACH ` + quote(from) + ` AS old`, `BEGIN`}
	for _, o := range parts {
		if o.kind == "table" {
			statements = append(statements, o.text, fmt.Sprintf(`INSERT INTO main.%s SELECT * FROM old.%s`, o.name, o.name))
		}
	}
	for _, o := range parts {
		if o.kind != "table" {
			statements = append(statements, o.text)
		}
	}
	for _, s := range append(statements, `COMMIT`) {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("rebuild: %s: %v", s, err)
		}
	}
	return path
}

var constraint = regexp.MustCompile(`(?ms)^  CONSTRAINT (\w+) .*?(,?)\n(  CONSTRAINT|  --|\)|,)`)

// A weak schema is one without a guard, unique index or constraint of a table.
type weak struct {
	table string
	undo  []string // statements that take it out of a whole database
}

var ofTable = regexp.MustCompile(`(?s)^CREATE .*? ON (\w+)`)

// weakened returns each guard, unique index and constraint of the record, by name.
func weakened(t *testing.T, parts []object) map[string]weak {
	t.Helper()
	all := map[string]weak{}
	of := map[string][]string{} // indexes and triggers, by table
	for _, o := range parts {
		if o.kind == "trigger" || o.kind == "index" {
			table := ofTable.FindStringSubmatch(o.text)[1]
			of[table] = append(of[table], o.text)
			if o.kind == "trigger" || strings.HasPrefix(o.text, "CREATE UNIQUE") {
				all[o.name] = weak{table, []string{"DROP " + o.kind + " " + o.name}}
			}
		}
	}
	for _, o := range parts {
		if o.kind != "table" || guarded[o.name].key == "" && !slices.Contains([]string{"entry", "entry_body", "closed", "checkpoint", "cosignature", "log_hash"}, o.name) {
			continue
		}
		for text, at := o.text, 0; ; {
			m := constraint.FindStringSubmatchIndex(text[at:])
			if m == nil {
				break
			}
			name := text[at+m[2] : at+m[3]]
			without := text[:at+m[0]] + "  CONSTRAINT " + name + " CHECK (1)" + text[at+m[4]:]
			all[name] = weak{o.name, slices.Concat([]string{
				strings.Replace(without, "CREATE TABLE "+o.name, "CREATE TABLE weaker", 1), "INSERT INTO weaker SELECT * FROM " + o.name,
				"DROP TABLE " + o.name, "ALTER TABLE weaker RENAME TO " + o.name,
			}, of[o.name])}
			at += m[6]
		}
	}
	return all
}

// without copies a whole database and takes something out of the copy.
func without(t *testing.T, whole []byte, undo []string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "weak.db")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=synchronous(0)&_pragma=legacy_alter_table(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, s := range undo {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("weaken: %s: %v", s, err)
		}
	}
	return path
}

// CM: without any one guard, unique index or constraint of the record, at least
// one attack gets through: each of them is needed, and the attacks bite.
func TestWeakenedDatabaseLetsAttacksThrough(t *testing.T) {
	path := rig.SQLite(t)
	names := attacked(t, path)
	parts := schemaOf(t, path)
	attacks := slices.Concat(entryAttacks, ruleAttacks, inspectorAttacks, taskAttacks, batchAttacks, guardAttacks(openRaw(t, path, false)))
	all := weakened(t, parts)
	if len(all) < 100 {
		t.Fatalf("only %d guards and constraints found", len(all))
	}
	copied := rebuilt(t, path, parts)
	whole, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	open := func(t *testing.T, path string) *raw {
		r := openRaw(t, path, false)
		r.must(`PRAGMA journal_mode = memory`)
		r.must(`PRAGMA synchronous = 0`)
		return r
	}
	strong := open(t, copied)
	for _, a := range attacks {
		if strong.passes(a, names) {
			t.Fatalf("the copy lets through what the database refuses: %s", a.name)
		}
	}
	for name, weak := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, without(t, whole, weak.undo))
			passes := func(a attack) bool { return r.passes(a, names) }
			// The attacks on its own table come first: one of them gets through, most often.
			own := func(a attack) bool { return strings.Contains(a.sql, " "+weak.table+" ") }
			others := slices.DeleteFunc(slices.Clone(attacks), own)
			passed := slices.ContainsFunc(slices.DeleteFunc(slices.Clone(attacks), func(a attack) bool { return !own(a) }), passes) ||
				slices.ContainsFunc(others, passes)
			if passed == spare.MatchString(name) {
				t.Errorf("without %s an attack got through: %v; it is listed as spare: %v", name, passed, !passed)
			}
		})
	}
}
