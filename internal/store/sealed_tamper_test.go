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
