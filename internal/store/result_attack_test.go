package store_test

import "strings"

// The tables of results among those that verify-record answers for, and that guards
// protect: INV-01, INV-09, INV-12, INV-13, R101.
func init() {
	for _, table := range []string{"result", "approval", "correction", "publication"} {
		protected[table] = nil
	}
	type free = struct{ free, key, copy string }
	guarded["result"] = free{`state = 'drafted'`, "id", "visit"}
	guarded["approval"] = free{`id NOT IN (SELECT approval FROM publication)`, "id", ""}
	guarded["correction"] = free{`state = 'dropped'`, "id", ""}
	guarded["publication"] = free{`no = 1 AND id NOT IN (SELECT publication FROM delivery)`, "id", "no"}
	batchAttacks = append(batchAttacks, resultAttacks...)
}

// The drafted result is taken to its publication, in one entry; and what else there
// must be for it.
var (
	takenThrough = `UPDATE result SET state = 'submitted', entered_by = 'x1', submitted_by = 'x1', submitted_at = 'x', cseq = @E WHERE state = 'drafted'; ` +
		`UPDATE result SET state = 'approved', approved_by = 'x2', approved_at = 'x', opinion = 'x', digest = '` + digestX + `', cseq = @E WHERE state = 'submitted'; ` +
		`UPDATE result SET state = 'published', published_by = 'x', published_at = 'x', edition = 1, cseq = @E WHERE state = 'approved'; `
	decided    = `INSERT INTO approval SELECT 'za', 1, region, id, 1, 1, org, 'leader', '` + digestX + `', 'x2', 'x', 'x', @E FROM result WHERE state IN ('drafted', 'published')`
	madePublic = `INSERT INTO publication SELECT 'zz', 1, region, id, 1, 'publish', org, name, code, done, '', 'x', '` + digestX + `', 'za', NULL, '', 'x', '', '2026-03-02', 'x', @E, '' FROM result WHERE state IN ('drafted', 'published')`
	drafted    = `INSERT INTO correction SELECT 'zz', 1, region, result, org, base, kind, ground, items, 'drafted', drafted_by, drafted_at, '', '', '', @E FROM correction WHERE state = 'dropped'`
)

var digestX = strings.Repeat("ab", 32)

// newResult is a further result, but for what is put into other columns.
func newResult(pairs ...string) string {
	cols := strings.Split("id, version, region, visit, batch, team, org, orgs, object, code, name, kind, done, ended, found, inspected, entered, entered_by, state, "+
		"submitted_by, submitted_at, approved_by, approved_at, opinion, digest, published_by, published_at, edition, cseq", ", ")
	values := append([]string(nil), cols...)
	for i, c := range cols {
		switch c {
		case "id":
			values[i] = `'zz'`
		case "visit":
			values[i] = `'zv'`
		case "cseq":
			values[i] = `@E`
		}
		for n := 0; n+1 < len(pairs); n += 2 {
			if c == pairs[n] {
				values[i] = pairs[n+1]
			}
		}
	}
	return `INSERT INTO result (` + strings.Join(cols, ", ") + `) SELECT ` + strings.Join(values, ", ") + ` FROM result WHERE state = 'drafted'`
}

var resultAttacks = []attack{
	{"two results of a visit and a department", newResult("visit", "visit")},
	{"a result of no team", newResult("team", `'zz'`)},
	{"a result of no department", newResult("org", `'zz'`, "orgs", `'zz'`)},
	{"a result of nothing", `UPDATE result SET object = 999999, cseq = @E WHERE state = 'drafted'`},
	{"a result about nobody", `UPDATE result SET name = '', cseq = @E WHERE state = 'drafted'`},
	{"a result of another department", `UPDATE result SET orgs = 'x', cseq = @E WHERE state = 'drafted'`},
	{"a result handed in by nobody", `UPDATE result SET state = 'submitted', cseq = @E WHERE state = 'drafted'`},
	{"a result handed in of a visit that is not signed", `UPDATE result SET visit = (SELECT id FROM visit WHERE state = 'concluded'), state = 'submitted', entered_by = 'x1', submitted_by = 'x1', submitted_at = 'x', cseq = @E WHERE state = 'drafted'`},
	{"a result whose clock begins anew", `UPDATE result SET ended = '2027-01-01T00:00:00.000Z', cseq = @E WHERE state = 'drafted'`},
	{"a result approved without an opinion", `UPDATE result SET opinion = '', cseq = @E WHERE state = 'withdrawn'`},
	{"a result approved by who entered it", `UPDATE result SET approved_by = entered_by, cseq = @E WHERE state = 'withdrawn'`},
	{"a result approved by who handed it in", `UPDATE result SET approved_by = submitted_by, cseq = @E WHERE state = 'withdrawn'`},
	{"a result approved by who inspected", `UPDATE result SET approved_by = inspected, cseq = @E WHERE state = 'withdrawn'`},
	{"a published result without an edition", `UPDATE result SET edition = 0, cseq = @E WHERE state = 'withdrawn'`},
	{"a withdrawn result public again", `UPDATE result SET state = 'published', cseq = @E WHERE state = 'withdrawn'`},
	{"a result born published", strings.Replace(newResult(), `FROM result WHERE state = 'drafted'`, `FROM result WHERE state = 'withdrawn'`, 1)},
	{"an approval of nothing", strings.Replace(decided, "region, id, 1", "region, 'zz', 1", 1)},
	{"an approval without an opinion", strings.Replace(decided, `'x2', 'x', 'x', @E`, `'x2', 'x', '', @E`, 1)},
	{"a correction approved by a leader", strings.Replace(decided, "region, id, 1, 1", "region, id, 2, 1", 1)},
	{"an approval by who inspected", `INSERT INTO approval SELECT 'za', 1, region, id, 9, 1, org, 'principal', '` + digestX + `', inspected, 'x', 'x', @E FROM result WHERE state = 'withdrawn'`},
	{"a correction of nothing", strings.Replace(drafted, "region, result", "region, 'zz'", 1)},
	{"a correction without a ground", strings.Replace(drafted, "ground, items", "'', items", 1)},
	{"two corrections of a result that wait", drafted + `; ` + strings.Replace(drafted, `'zz'`, `'zy'`, 1)},
	{"a correction dropped and not said why", `UPDATE correction SET opinion = '', cseq = @E WHERE state = 'dropped'`},
	{"a correction signed by who drafted it", `UPDATE correction SET signed_by = drafted_by, cseq = @E WHERE state = 'signed'`},
	{"a dropped correction at work again", `UPDATE correction SET state = 'drafted', signed_by = '', signed_at = '', opinion = '', cseq = @E WHERE state = 'dropped'`},
	{"a correction born signed", `INSERT INTO correction SELECT 'zz', 1, region, result, org, base, kind, ground, items, state, drafted_by, drafted_at, signed_by, signed_at, opinion, @E FROM correction WHERE state = 'signed' AND kind = 'correct'`},
	{"a publication that nobody approved", takenThrough + madePublic},
	{"a publication of what was not approved", takenThrough + strings.Replace(decided, digestX, strings.Repeat("cd", 32), 1) + `; ` + madePublic},
	{"a publication of a draft", decided + `; ` + madePublic},
	{"a publication of nothing", takenThrough + decided + `; ` + strings.Replace(madePublic, `'', 'x', '`, `'', '', '`, 1)},
	{"a first edition with a ground", takenThrough + decided + `; ` + strings.Replace(madePublic, `NULL, '', 'x', ''`, `NULL, 'x', 'x', ''`, 1)},
	{"a further edition without the principal", `INSERT INTO publication SELECT 'zz', 1, region, result, 4, 'correct', org, name, code, done, tasks, text, digest, approval, correction, ground, 'y', 'x', day, at, @E, '' FROM publication WHERE no = 3`},
	{"an edition published again", `INSERT INTO publication SELECT 'zz', 1, region, result, no, kind, org, name, code, done, tasks, text, digest, approval, correction, ground, by_whom, signed_by, day, at, @E, '' FROM publication WHERE no = 2 AND kind = 'correct'`},
	{"a publication changed", `UPDATE publication SET text = 'x', cseq = @E WHERE no = 1`},
	{"a ground changed", `UPDATE publication SET ground = 'x' WHERE no = 2`},
}
