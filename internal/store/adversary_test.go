package store_test

import (
	"testing"

	"suicha/internal/rig"
)

// INSERT OR REPLACE walks through a guard against removal unless a session asks
// for recursive triggers, which its owner need not do. No entry speaks for a
// line of the security log, so nothing else would show it.
func TestNoLineOfTheSecurityLogIsReplaced(t *testing.T) {
	t.Parallel()
	r := openRaw(t, rig.SQLite(t), false)
	r.must(`PRAGMA recursive_triggers = 0`)
	r.must(`INSERT INTO security_log VALUES ('s', 'x', 'denied', '', '', '', '', 0)`)
	for _, attack := range []string{
		`INSERT OR REPLACE INTO security_log VALUES ('s', 'x', 'sign_in', '', '', '', '', 0)`,
		`REPLACE INTO security_log VALUES ('s', 'x', 'sign_in', '', '', '', '', 0)`,
		`INSERT INTO security_log VALUES ('s', 'x', 'sign_in', '', '', '', '', 0) ON CONFLICT (id) DO UPDATE SET kind = 'sign_in'`,
	} {
		if _, err := r.Exec(attack); err == nil {
			t.Errorf("it passes: %s", attack)
		}
	}
	if kinds := r.texts(r.DB, `SELECT kind FROM security_log WHERE id = 's'`); len(kinds) != 1 || kinds[0] != "denied" {
		t.Errorf("the line says %v", kinds)
	}
}
