package rig

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// PublishedEach is how many results of Published are about one enterprise.
const PublishedEach = 10

// PublishedCode is the code of the n-th enterprise of Published.
func PublishedCode(n int) string { return fmt.Sprintf("91370687MA%08d", n) }

// PublishedName is its name.
func PublishedName(n int) string { return fmt.Sprintf("企业%d", n) }

// Published puts n published results into a migrated database as its owner can, past
// guards and the record, for benchmarks: what these measure is reading. The guards are
// back once the database has been opened again.
func Published(t testing.TB, url string, n int) {
	t.Helper()
	postgresql, driver, dsn := strings.HasPrefix(url, "postgres"), "sqlite", "file:"+url
	if postgresql {
		driver, dsn = "pgx", url
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	must := func(statement string) {
		t.Helper()
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%.300s: %v", statement, err)
		}
	}
	if postgresql {
		must(`SET synchronous_commit = off`)
		must(`SET session_replication_role = replica`)
	} else {
		for _, trigger := range triggersOf(t, db, "result", "publication") {
			must(`DROP TRIGGER ` + trigger)
		}
		must(`PRAGMA synchronous = 0`)
		must(`PRAGMA foreign_keys = 0`)
		must(`PRAGMA cache_size = -600000`)
	}
	must(`BEGIN`)
	const chunk = 500
	for at := 0; at < n; at += chunk {
		results, editions := publishedRows(at, min(at+chunk, n))
		must(`INSERT INTO result VALUES ` + results)
		must(`INSERT INTO publication VALUES ` + editions)
	}
	must(`COMMIT`)
	must(`ANALYZE`)
}

// triggersOf names the triggers of tables of SQLite.
func triggersOf(t testing.TB, db *sql.DB, tables ...string) (names []string) {
	t.Helper()
	rows, err := db.Query(`SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('` + strings.Join(tables, `', '`) + `')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

// publishedRows are the rows of the results from one number to before another, and
// those of their editions, as SQL.
func publishedRows(from, to int) (results, editions string) {
	body := inspect.PublicResult{
		Kind: inspect.Enterprise, Body: "海阳市公安局", Tasks: []inspect.PublicTask{{Number: "370687-2025-gaj-001", Name: "联合抽查", Plan: "370687-2025", Targeted: "untargeted"}},
		Items: []inspect.PublicItem{{Name: "旅馆业治安管理", Codes: []inspect.ResultCode{inspect.NoProblem}}, {Name: "实名登记", Codes: []inspect.ResultCode{inspect.OrderedToCorrect}}},
	}
	var r, e []string
	for i := from; i < to; i++ {
		day := workday.MustParse("2017-01-01").AddDays(i % 3600)
		body.Name, body.Code, body.Date = PublishedName(i/PublishedEach), PublishedCode(i/PublishedEach), day
		id, instant := inspect.OwnID("bench", strconv.Itoa(i)), day.String()+"T01:00:00.000Z"
		r = append(r, fmt.Sprintf(`('%s', 4, '%s', '%s', 'b', 't', '%s', '%s', %d, '%s', '%s', 'enterprise', '%s', '%s', '{}', '', '{}', 'e', 'published', 's', 'x', 'a', 'x', 'o', '%s', 'p', '%s', 1, 1)`,
			id, Region, id, Org("gaj"), Org("gaj"), i/PublishedEach, body.Code, body.Name, day, instant, body.Digest(), instant))
		e = append(e, fmt.Sprintf(`('%s', 1, '%s', '%s', 1, 'publish', '%s', '%s', '%s', '%s', '370687-2025-gaj-001', '%s', '%s', 'a', NULL, '', 'p', '', '%s', '%s', 1, '')`,
			inspect.PublicationIDOf(inspect.ResultID(id), 1), Region, id, Org("gaj"), body.Name, body.Code, day, strings.ReplaceAll(body.Write(), "'", "''"), body.Digest(), day, instant))
	}
	return strings.Join(r, ", "), strings.Join(e, ", ")
}
