package store_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suicha/internal/rig"
)

// texts made by chance, and digests of them: of one length, whatever was drawn.
var chanceText = regexp.MustCompile(`[0-9a-f]{16,}|([0-9A-Za-z_-]{8}\.)?[0-9A-Za-z_+/-]{40,}=*|\t[0-9A-Za-z_-]{16}\n`)

// INV-05: two databases that differ only in who a sealed batch has drawn are the same,
// row by row and byte by byte, but for digests, salts, signatures and what is encrypted;
// and that has the same length. So it is also when the teams are scheduled and dispatched.
func TestTwoWorldsInTheDatabase(t *testing.T) {
	t.Parallel()
	urls := []string{}
	database := func(t testing.TB) string {
		url := rig.SQLite(t)
		urls = append(urls, url)
		return url
	}
	for _, r := range rig.WorldsOf(t, database) {
		r.Send()
	}
	first, second := dump(t, urls[0]), dump(t, urls[len(urls)-1])
	if len(first) < 500 || len(first) != len(second) {
		t.Fatalf("the worlds have %d and %d rows", len(first), len(second))
	}
	for i := range first {
		if first[i] != second[i] {
			t.Errorf("a row differs:\n%.500s\n%.500s", first[i], second[i])
		}
	}
}

// dump is every row of a database as text.
func dump(t *testing.T, url string) (rows []string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	dots := func(s string) string { return strings.Repeat("·", len(s)) }
	for _, o := range schemaOf(t, url) {
		if o.kind != "table" || o.name == "guard_text" {
			continue
		}
		found, err := db.Query(`SELECT * FROM ` + o.name)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := found.Columns()
		if err != nil {
			t.Fatal(err)
		}
		var table []string
		for found.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := found.Scan(values...); err != nil {
				t.Fatal(err)
			}
			text := o.name
			for i := range values {
				text += fmt.Sprintf("|%s=%v", columns[i], *values[i].(*any))
			}
			table = append(table, chanceText.ReplaceAllStringFunc(text, dots))
		}
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(table)
		rows = append(rows, table...)
	}
	return rows
}
