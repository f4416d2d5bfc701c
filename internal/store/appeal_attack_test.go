package store_test

import "strings"

// The table of appeals, and the ends of publications, among those that verify-record
// answers for, and that guards protect: INV-01, INV-09, INV-13, R102.
func init() {
	protected["appeal"], protected["appeal_added"] = nil, nil
	guarded["appeal_added"] = struct{ free, key, copy string }{`no = 1 AND appeal IN (SELECT id FROM appeal WHERE state = 'received')`, "id", ""}
	guarded["appeal"] = struct{ free, key, copy string }{`state = 'received' AND kind = 'objection'`, "id", "lookup"}
	batchAttacks = append(batchAttacks, appealAttacks...)
}

// newAppeal is a further appeal, but for what is put into other columns.
func newAppeal(pairs ...string) string {
	cols := strings.Split("id, version, region, result, org, kind, way, code, name, state, digest, lookup, received_by, received_at, since, accepted_by, decided_by, "+
		"public, correction, erased_by, erased_at, body, cseq", ", ")
	values := append([]string(nil), cols...)
	given := append(pairs, "id", `'zz'`, "kind", `'repair'`, "lookup", `'zz'`, "cseq", `@E`)
	for i, c := range cols {
		for n := len(given) - 2; n >= 0; n -= 2 {
			if c == given[n] {
				values[i] = given[n+1]
			}
		}
	}
	return `INSERT INTO appeal (` + strings.Join(cols, ", ") + `) SELECT ` + strings.Join(values, ", ") + ` FROM appeal WHERE state = 'received' AND kind = 'reply'`
}

// furtherEdition is a further edition of the repaired result, with its decision.
func furtherEdition(kind, appeal, post, by, signed string) string {
	return `UPDATE result SET edition = 3, cseq = @E WHERE state = 'ended'; ` +
		`INSERT INTO approval SELECT 'za', 1, region, result, 3, 1, org, '` + post + `', digest, 'x2', 'x', 'x', @E FROM publication WHERE kind = 'repair'; ` +
		`INSERT INTO publication SELECT 'zz', 1, region, result, 3, '` + kind + `', org, name, code, done, tasks, text, digest, 'za', NULL, ground, ` + by + `, ` + signed +
		`, day, at, @E, ` + appeal + ` FROM publication WHERE kind = 'repair'`
}

// added is a further addition to an appeal.
func added(appeal, no, digest, at string) string {
	return `INSERT INTO appeal_added SELECT 'zz', 1, region, ` + appeal + `, ` + no + `, ` + digest + `, files, ` + at + `, @E FROM appeal_added WHERE no = 1 AND digest = ''`
}

var appealAttacks = []attack{
	{"an addition to nothing", added(`'zz'`, "1", "'x'", "at")},
	{"an addition to what was decided", added(`(SELECT id FROM appeal WHERE state = 'refused')`, "1", "'x'", "at")},
	{"an addition out of its order", added("appeal", "9", "'x'", "at")},
	{"an addition at no time", added("appeal", "2", "'x'", "''")},
	{"an addition without words", added("appeal", "2", "''", "at")},
	{"two appeals with one receipt number", newAppeal("lookup", "lookup")},
	{"two appeals of a kind that are taken up", `UPDATE appeal SET state = 'accepted', accepted_by = 'x', cseq = @E WHERE state = 'received' AND kind = 'reply'`},
	{"an appeal about nothing", newAppeal("result", `'zz'`)},
	{"an appeal about an unpublished result", newAppeal("result", `(SELECT id FROM result WHERE state = 'drafted')`)},
	{"an appeal of an unknown kind", newAppeal("kind", `'x'`)},
	{"an appeal that came in no way", newAppeal("way", `'x'`)},
	{"an appeal on paper with words", newAppeal("way", `'mail'`)},
	{"an appeal of nobody", newAppeal("name", `''`)},
	{"an appeal born decided", newAppeal("state", `'rejected'`, "decided_by", `'x'`)},
	{"an appeal taken up by nobody", `UPDATE appeal SET state = 'accepted', cseq = @E WHERE state = 'received' AND kind = 'objection'`},
	{"an appeal decided by nobody", `UPDATE appeal SET state = 'rejected', cseq = @E WHERE state = 'received'`},
	{"an appeal decided by who took it in", `UPDATE appeal SET state = 'rejected', decided_by = received_by, cseq = @E WHERE state = 'received'`},
	{"an appeal decided by who inspected", `UPDATE appeal SET decided_by = (SELECT r.inspected FROM result r WHERE r.id = result), cseq = @E WHERE state = 'repaired'`},
	{"an objection decided by who approved the result", `UPDATE appeal SET decided_by = (SELECT r.approved_by FROM result r WHERE r.id = result), cseq = @E WHERE kind = 'objection' AND state = 'refused'`},
	{"a reply that is not published", `UPDATE appeal SET public = 'x', cseq = @E WHERE state = 'received'`},
	{"an objection that ends without its correction", `UPDATE appeal SET correction = NULL, cseq = @E WHERE state = 'corrected'`},
	{"an objection corrected by nothing", `UPDATE appeal SET correction = 'zz', cseq = @E WHERE state = 'corrected'`},
	{"an appeal erased by nobody", `UPDATE appeal SET erased_at = 'x', cseq = @E WHERE state = 'received'`},
	{"an appeal that becomes another", `UPDATE appeal SET kind = 'repair', cseq = @E WHERE state = 'received'`},
	{"a term that somebody says is over", furtherEdition("expire", `''`, "system", `'x'`, `''`)},
	{"a term that a leader says is over", furtherEdition("expire", `''`, "principal", `'system'`, `''`)},
	{"a repair that the platform decided", furtherEdition("repair", "appeal", "system", "by_whom", "signed_by")},
	{"a repair of nothing", furtherEdition("repair", `'zz'`, "principal", "by_whom", "signed_by")},
	{"a repair that nobody signed", furtherEdition("repair", "appeal", "principal", "by_whom", `''`)},
	{"a repair signed by who accepted it", furtherEdition("repair", "appeal", "principal", "signed_by", "signed_by")},
	{"a term that ends with a signature", furtherEdition("expire", `''`, "system", `'system'`, "signed_by")},
	{"an unknown end", furtherEdition("x", `''`, "principal", "by_whom", "signed_by")},
	{"a refused appeal at work again", `UPDATE appeal SET state = 'accepted', decided_by = '', cseq = @E WHERE state = 'refused'`},
}
