package store_test

import "strings"

// The tables of teams among those that verify-record answers for, and that guards
// protect: INV-01, INV-05.
func init() {
	for _, table := range []string{"team", "dispatch", "subst"} {
		protected[table] = nil
	}
	type free = struct{ free, key, copy string }
	guarded["team"] = free{`state = 'annulled'`, "id", "no"}
	guarded["dispatch"] = free{`1 = 1`, "id", "batch"}
	guarded["subst"] = free{`state = 'asked'`, "id", "team"}
	batchAttacks = append(batchAttacks, teamAttacks...)
}

// No team is made but by a draw, dispatched but with its batch, or changed in its
// state but by the listed steps: INV-05, INV-07, INV-15, R69.
var teamAttacks = []attack{
	{"a team afterwards", `INSERT INTO team SELECT 'zz', batch, run, 99, org, orgs, 'formed', sealed, body, 1, @E FROM team WHERE state = 'annulled' LIMIT 1`},
	{"a second team of a number", opened + `INSERT INTO team SELECT 'z1', id, run, 1, org, org, 'formed', FALSE, 'x', 1, @E` + evented +
		`; INSERT INTO team SELECT 'z2', id, run, 1, org, org, 'formed', FALSE, 'x', 1, @E` + evented},
	{"a team led by nobody", opened + `INSERT INTO team SELECT 'zz', id, run, 1, 'zz', 'zz', 'formed', FALSE, 'x', 1, @E` + evented},
	{"a team led from elsewhere", opened + `INSERT INTO team SELECT 'zz', id, run, 1, org, 'zz', 'formed', FALSE, 'x', 1, @E` + evented},
	{"a team without a body", opened + `INSERT INTO team SELECT 'zz', id, run, 1, org, org, 'formed', FALSE, '', 1, @E` + evented},
	{"a team born replaced", opened + `INSERT INTO team SELECT 'zz', id, run, 1, org, org, 'replaced', FALSE, 'x', 1, @E` + evented},
	{"an annulled team at work again", `UPDATE team SET state = 'dispatched', cseq = @E WHERE state = 'annulled'`},
	{"a dispatch without teams", `UPDATE dispatch SET teams = 0, cseq = @E`},
	{"a dispatch by nobody", `UPDATE dispatch SET by_whom = '', cseq = @E`},
	{"a dispatch of a draw that is annulled", `INSERT INTO dispatch SELECT id, 1, region, id, run, 1, 'x', 'x', 'x', '', '[]', @E FROM batch WHERE state = 'annulled'`},
	{"a substitution of no team", strings.ReplaceAll(newSubst, "@TEAM", "'zz'")},
	{"a substitution asked by nobody's department", `UPDATE subst SET org = 'zz', cseq = @E WHERE state = 'asked'`},
	{"a substitution of an unknown kind", `UPDATE subst SET kind = 'x', cseq = @E WHERE state = 'asked' AND lookup = ''`},
	{"a substitution decided by who asked", `UPDATE subst SET decided_by = asked_by, cseq = @E WHERE state = 'granted'`},
	{"a substitution decided and not said how", `UPDATE subst SET opinion = '', cseq = @E WHERE state = 'granted'`},
	{"a substitution asked for again", `UPDATE subst SET state = 'asked', decided_by = '', decided_at = '', opinion = '', cseq = @E WHERE state = 'granted'`},
	{"a substitution born granted", `INSERT INTO subst SELECT 'zz', 1, region, batch, run, team, no, org, kind, body, state, asked_by, asked_at, decided_by, decided_at, opinion, @E, '', '', '', '', '' FROM subst WHERE state = 'granted' LIMIT 1`},
	{"two substitutions of a team that wait", strings.ReplaceAll(newSubst, "@TEAM", "team")},
	{"a line of substitutions out of its order", `INSERT INTO batch_file SELECT batch, run, name, 9, text, @E FROM batch_file WHERE name = 'substitutions.tsv' LIMIT 1`},
	{"substitutions before the draw", `INSERT INTO batch_file SELECT id, run, 'substitutions.tsv', 0, 'x', @E FROM batch WHERE state = 'evented'`},
	{"a team of a sealed list in clear", `INSERT INTO team SELECT 'zz', id, run, 99, org, org, 'formed', FALSE, 'x', 1, @E` + hiddenList},
	{"a team of a sealed list without a cipher", `INSERT INTO team SELECT 'zz', id, run, 99, org, org, 'formed', TRUE, '{}', 1, @E` + hiddenList},
	{"a sealed team made readable", `UPDATE team SET sealed = FALSE, cseq = @E WHERE sealed`},
	{"a sealed team with a body in clear", `UPDATE team SET body = '{}', cseq = @E WHERE sealed`},
	{"a substitution in a sealed list in clear", `INSERT INTO subst SELECT 'zz', 1, s.region, t.batch, t.run, t.id, t.no, s.org, s.kind, '{}', 'asked', s.asked_by, s.asked_at, '', '', '', @E, '', '', '', '', ''
		FROM subst s JOIN team t ON t.sealed WHERE s.state = 'asked' AND s.digest = ''`},
	{"substitutions of a sealed list in clear", `INSERT INTO batch_file SELECT id, run, 'substitutions.tsv', 0, 'x', @E` + hiddenList},
	{"sealed substitutions of an open list", `INSERT INTO batch_file SELECT id, run, 'substitutions.sealed', 0, 'x', @E FROM batch WHERE state = 'disclosed'`},
	{"a dispatch under another id", `INSERT INTO dispatch SELECT 'zz', 1, region, batch, run, teams, by_whom, at, due, note, receipts, @E FROM dispatch LIMIT 1`},
}

// hiddenList is the batch of the county whose list is sealed.
const hiddenList = ` FROM batch WHERE state = 'drawn' AND entrusted_at <> ''`

// newSubst is a substitution that waits.
const newSubst = `INSERT INTO subst SELECT 'zz', 1, region, batch, run, @TEAM, no, org, kind, body, 'asked', asked_by, asked_at, '', '', '', @E, '', '', '', '', '' FROM subst WHERE state = 'asked' AND digest = ''`
