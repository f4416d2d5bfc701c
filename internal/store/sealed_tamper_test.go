package store_test

import (
	"errors"
	"strings"
	"testing"

	"suicha/internal/rig"
	"suicha/internal/store"
)

// INV-03, INV-05: what is encrypted is on record like everything else: one altered letter
// of a sealed part is found and named, without any key.
func TestAlteredSealedPartIsNamed(t *testing.T) {
	for _, name := range []string{"outcome.sealed", "custodian.sealed", "key.sealed"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := rig.SQLite(t)
			o := rig.Open(t, url)
			r := o.BatchHidden()
			o.Verified()
			db := openRaw(t, url, true)
			db.must(`UPDATE batch_file SET text = substr(text, 1, 30) || CASE substr(text, 31, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(text, 32) WHERE name = '` + name + `'`)
			db.Close()
			s, err := store.Open(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			_, err = s.Verify(t.Context(), nil)
			var fault store.Fault
			if !errors.As(err, &fault) || fault.Table != "batch_file" || !strings.HasPrefix(fault.ID, string(r.ID)+"/1/"+name+"/0") {
				t.Errorf("the altered %s is answered by %v", name, err)
			}
		})
	}
}

// INV-05, R71: in the rows of a sealed batch's teams nothing but their numbers differs,
// though one object was drawn by two tasks; and they are as many as its result says.
func TestSealedTeamsLookAlike(t *testing.T) {
	t.Parallel()
	url := rig.SQLite(t)
	o := rig.Open(t, url)
	first, second := o.TwoTasks()
	r := o.SealedBatch(first, second).Announce().Lock().Commit().Reveal().Event().Unseal().Entrust().Hide()
	both := 0
	for _, x := range r.Teams() {
		if len(x.Tasks) == 2 && len(x.Orgs) == 2 {
			both++
		}
	}
	if both != 1 || len(r.Teams()) != 5 {
		t.Fatalf("%d of the teams %+v visit for two tasks", both, r.Teams())
	}
	db := openRaw(t, url, false)
	for query, want := range map[string]string{
		`SELECT CAST(count(*) AS TEXT) FROM team`: "5",
		`SELECT DISTINCT org || ' ' || orgs || ' ' || state || ' ' || CAST(sealed AS TEXT) || ' ' || CAST(version AS TEXT) FROM team`: string(rig.Org("lhb")) + " " + string(rig.Org("lhb")) + " formed 1 1",
		`SELECT CAST(count(DISTINCT length(body)) AS TEXT) FROM team`:                                                                 "1",
	} {
		if got := db.texts(db.DB, query); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	o.NothingBroken()
}

// INV-03, INV-05: an altered letter of what is sealed of a team, of a substitution or of
// a command is found and named, without any key.
func TestAlteredSealedTeamIsNamed(t *testing.T) {
	for _, test := range []struct{ table, column, where, named string }{
		{"team", "body", "sealed", "team"}, {"subst", "body", "body NOT LIKE '{%'", "subst"}, {"past", "row", "kind = 'team'", "team"},
		{"entry_body", "body", `body LIKE '%"veil"%'`, "entry_body"},
	} {
		t.Run(test.table, func(t *testing.T) {
			t.Parallel()
			url := rig.SQLite(t)
			o := rig.Open(t, url)
			o.BatchHidden().Send()
			o.Verified()
			db := openRaw(t, url, true)
			db.must(`UPDATE ` + test.table + ` SET ` + test.column + ` = replace(` + test.column + `, 'A', 'B') WHERE ` + test.where)
			db.Close()
			s, err := store.Open(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			_, err = s.Verify(t.Context(), nil)
			var fault store.Fault
			if !errors.As(err, &fault) || fault.Table != test.named {
				t.Errorf("the altered %s is answered by %v", test.table, err)
			}
		})
	}
}
