package store_test

import (
	"errors"
	"strings"
	"testing"

	"suicha/internal/rig"
	"suicha/internal/store"
)

// INV-02, R37: one altered cell of a library, or a row that is gone, is named
// with its key.
func TestAlteredLibraryRowIsNamed(t *testing.T) {
	each := func(t *testing.T, url string) {
		lived(t, url)
		r := openRaw(t, url, true)
		_, open, err := rig.LogKey()
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct{ sql, table, key string }{
			{`UPDATE object SET phone = '1' WHERE no = 3`, "object", "3"},
			{`UPDATE object SET risk = 'A' WHERE no = 5`, "object", "5"},
			{`UPDATE object SET version = 7 WHERE no = 1`, "object", "1"},
			{`DELETE FROM object WHERE no = 5`, "object", "5"},
			{`UPDATE past SET row = row || 'x' WHERE kind = 'object' AND key = '1'`, "object", "1"},
			{`DELETE FROM past WHERE kind = 'object' AND key = '1'`, "object", "1"},
			{`UPDATE past SET next = next + 1 WHERE kind = 'object' AND key = '1'`, "past", "1"},
			{`INSERT INTO past SELECT 'x', key, version, row, next, cseq FROM past WHERE kind = 'object' AND key = '1'`, "past", "1"},
			{`UPDATE member SET ground = 'x' WHERE state = 'candidate'`, "member", "/3"},
			{`DELETE FROM member WHERE state = 'candidate'`, "member", "/3"},
			{`UPDATE object_flag SET until = '2026-03-01' WHERE kind = 'watch'`, "flag", "1/watch/2026-01-05"},
			{`DELETE FROM object_flag WHERE kind = 'complaints'`, "flag", "1/complaints/2026-01-06"},
			{`UPDATE object_licence SET authority = 'x' WHERE number = 'L1'`, "licence", `1/"食品经营许可证"/"L1"`},
			{`DELETE FROM object_licence WHERE number = 'L1'`, "licence", `1/"食品经营许可证"/"L1"`},
			{`UPDATE sublibrary SET rule = ''`, "sublibrary", ""},
		} {
			tx, err := r.Begin()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(test.sql); err != nil {
				t.Fatalf("%s: %v", test.sql, err)
			}
			err = store.VerifyTx(t.Context(), tx, r.postgresql, r.postgresql, open)
			var fault store.Fault
			if !errors.As(err, &fault) || fault.Table != test.table || !strings.Contains(fault.ID, test.key) {
				t.Errorf("%s: %v, want %s %s", test.sql, err, test.table, test.key)
			}
			tx.Rollback()
		}
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); each(t, rig.SQLite(t)) })
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); each(t, rig.County(t)) })
	}
}
