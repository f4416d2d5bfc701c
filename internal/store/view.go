package store

import (
	"fmt"
	"slices"
	"strings"
)

// An invariant is a view that must be empty: it shows what breaks a promise of
// docs/design/trust.md. The first migrations made the views; since then the
// program makes them with the guards, so that a new table is in inv_01 as soon
// as it is guarded.
type invariant struct{ name, query string }

// invariants returns every view with its query.
func invariants() []invariant {
	return slices.Concat(recordInvariants(), drawInvariants(), teamInvariants(), powerInvariants(), resultInvariants())
}

// recordInvariants are those of the entries and of the steps that they note.
func recordInvariants() []invariant {
	return []invariant{
		{"inv_01", entryless()},
		// Entries are numbered 0, 1, 2 without a gap.
		{"inv_02", `
SELECT e.n FROM entry e WHERE e.n > 0 AND NOT EXISTS (SELECT 1 FROM entry p WHERE p.n = e.n - 1)
UNION ALL
SELECT e.n FROM entry e WHERE e.n < 0`},
		// No state changes but by the tables of lives.
		{"inv_15", `
SELECT t.cseq, t.kind, t.id, t.was, t.becomes
FROM   touch t
WHERE  t.was <> '' AND t.was <> t.becomes
AND    NOT EXISTS (SELECT 1 FROM step s WHERE s.noun = t.kind AND s.was = t.was AND s.becomes = t.becomes)`},
	}
}

// drawInvariants are those of locked and drawn batches.
func drawInvariants() []invariant {
	return []invariant{
		// A locked list and a drawn one are those of the entry that locked or drew.
		{"inv_03", `
SELECT f.batch AS id, f.name FROM batch_file f
WHERE  f.name IN ('population.tsv', 'lock.json')
AND    NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = f.cseq AND t.kind = 'batch' AND t.id = f.batch AND t.becomes = 'locked')
UNION ALL
SELECT f.batch, f.name FROM batch_file f
WHERE  f.name IN ('result.json', 'outcome.sealed')
AND    NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = f.cseq AND t.kind = 'batch' AND t.id = f.batch AND t.becomes = 'drawn')
UNION ALL
SELECT f.batch, f.name FROM batch_file f JOIN batch b ON b.id = f.batch AND b.run = f.run
WHERE  f.name IN ('result.tsv', 'assignment.tsv')
AND    NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = f.cseq AND t.kind = 'batch' AND t.id = f.batch
       AND (t.becomes = 'drawn' AND b.entrusted_at = '' OR t.becomes IN ('disclosed', 'annulled') AND b.entrusted_at <> ''))
UNION ALL
SELECT d.batch, d.id FROM drawn d JOIN batch b ON b.id = d.batch AND b.run = d.run
WHERE  NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = d.cseq AND t.kind = 'batch' AND t.id = d.batch
       AND (t.becomes = 'drawn' AND b.entrusted_at = '' OR t.becomes = 'disclosed' AND b.entrusted_at <> ''))`},
		// Nothing that lists who was drawn stands in a sealed run before its day; and
		// nothing is dispatched but the teams of a draw that stands, once, and with all its tasks.
		{"inv_05", `
SELECT b.id, 'drawn' AS what FROM batch b JOIN drawn d ON d.batch = b.id AND d.run = b.run WHERE b.entrusted_at <> '' AND b.disclosed_at = ''
UNION ALL
SELECT b.id, 'seat' FROM batch b JOIN seat x ON x.batch = b.id AND x.run = b.run WHERE b.entrusted_at <> '' AND b.disclosed_at = ''
UNION ALL
SELECT b.id, 'slot' FROM batch b JOIN slot x ON x.batch = b.id AND x.run = b.run WHERE b.entrusted_at <> '' AND b.disclosed_at = ''
UNION ALL
SELECT b.id, f.name FROM batch b JOIN batch_file f ON f.batch = b.id AND f.run = b.run
WHERE  b.entrusted_at <> '' AND b.disclosed_at = ''
AND    f.name IN ('result.tsv', 'reserve.tsv', 'demands.tsv', 'assignment.tsv', 'balance.tsv', 'opening.json', 'substitutions.tsv', 'replacements.tsv')
UNION ALL
SELECT t.id, 'team in clear' FROM batch b JOIN team t ON t.batch = b.id
WHERE  b.entrusted_at <> '' AND b.disclosed_at = '' AND (NOT t.sealed OR t.org <> b.org OR t.orgs <> b.org OR t.body LIKE '{%')
UNION ALL
SELECT s.id, 'subst in clear' FROM batch b JOIN subst s ON s.batch = b.id WHERE b.entrusted_at <> '' AND b.disclosed_at = '' AND s.body LIKE '{%'
UNION ALL
SELECT t.id, 'team still sealed' FROM batch b JOIN team t ON t.batch = b.id WHERE t.sealed AND b.disclosed_at <> ''
UNION ALL
SELECT t.id, 'team' FROM team t WHERE t.state = 'dispatched' AND NOT EXISTS (SELECT 1 FROM dispatch d WHERE d.batch = t.batch AND d.run = t.run)
UNION ALL
SELECT d.id, 'dispatch' FROM dispatch d JOIN batch b ON b.id = d.batch WHERE d.run <> b.run OR b.state NOT IN ('drawn', 'disclosed')
UNION ALL
SELECT k.id, 'task' FROM task k WHERE k.batch <> '' AND (k.state = 'dispatched') <> EXISTS (SELECT 1 FROM dispatch d WHERE d.batch = k.batch)`},
		// There is a result exactly where a batch was drawn: one for each run.
		{"inv_04", `
SELECT b.id FROM batch b
WHERE  (b.drawn_at <> '') <> EXISTS (SELECT 1 FROM batch_file f WHERE f.batch = b.id AND f.run = b.run AND f.name = 'result.json')
UNION ALL
SELECT f.batch FROM batch_file f JOIN batch b ON b.id = f.batch WHERE f.name = 'result.json' AND f.run <> b.run
UNION ALL
SELECT t.batch FROM task t JOIN batch b ON b.id = t.batch WHERE (t.state IN ('drawn', 'dispatched')) <> (b.state IN ('drawn', 'disclosed'))`},
	}
}

// teamInvariants are those of whom a draw sends to whom.
func teamInvariants() []invariant {
	return []invariant{
		// A drawn object has a visit of the year counted, and one of every body, as long
		// as the draw stands; the third has its waiver, and no body exceeds its cap.
		{"inv_06", `
SELECT d.batch, d.id FROM drawn d JOIN batch b ON b.id = d.batch AND b.run = d.run
WHERE  NOT d.reserve AND b.state IN ('drawn', 'disclosed')
AND    (SELECT count(*) FROM slot s WHERE s.object = d.object AND s.year = b.year AND s.batch = d.batch AND s.run = d.run) <> 1
UNION ALL
SELECT s.batch, CAST(s.object AS TEXT) FROM slot s
WHERE  s.n > 2 AND NOT EXISTS (SELECT 1 FROM waiver w WHERE w.id = s.waiver AND w.object = s.object AND w.year = s.year AND w.state = 'granted')
UNION ALL
SELECT d.batch, d.id FROM drawn d JOIN batch b ON b.id = d.batch AND b.run = d.run JOIN task_item i ON i.task = d.task
WHERE  NOT d.reserve AND b.state IN ('drawn', 'disclosed')
AND    (SELECT count(*) FROM body_visit v WHERE v.org = i.org AND v.object = d.object AND v.batch = d.batch AND v.run = d.run) <> 1
UNION ALL
SELECT v.batch, CAST(v.object AS TEXT) FROM body_visit v
WHERE  v.batch IS NOT NULL AND NOT v.exempt AND v.most > 0 AND v.n > v.most`},
		// Each team of a draw has one leader, of a department that leads a task which drew
		// the object; and a team that can be read is led by a department of its batch's tasks,
		// however its members changed. What is sealed is asked by the acts, and here on its day.
		{"inv_07", `
SELECT s.batch, s.id FROM seat s
WHERE  s.leader AND NOT EXISTS (SELECT 1 FROM drawn d JOIN task k ON k.id = d.task
	WHERE d.object = s.object AND d.batch = s.batch AND d.run = s.run AND k.org = s.org)
UNION ALL
SELECT batch, id FROM seat GROUP BY batch, run, id HAVING count(CASE WHEN leader THEN 1 END) <> 1
UNION ALL
SELECT t.batch, t.id FROM team t WHERE NOT t.sealed AND t.state IN ('formed', 'scheduled', 'dispatched')
AND    NOT EXISTS (SELECT 1 FROM task k WHERE k.batch = t.batch AND k.org = t.org)`},
		// No department is present with less than two inspectors.
		{"inv_08", `
SELECT batch, id FROM seat GROUP BY batch, run, id, org HAVING count(*) < 2`},
	}
}

// powerInvariants are those of who decides, and of what may be inspected.
func powerInvariants() []invariant {
	return []invariant{
		// No plan and no task is approved by who drafted or submitted it.
		{"inv_09", `
SELECT id FROM plan WHERE approved_by <> '' AND (approved_by = drafted_by OR approved_by = submitted_by)
UNION ALL
SELECT id FROM task WHERE approved_by <> '' AND (approved_by = drafted_by OR approved_by = submitted_by)
UNION ALL
SELECT id FROM waiver WHERE decided_by = asked_by
UNION ALL
SELECT id FROM subst WHERE decided_by = asked_by OR decided_by <> '' AND decided_by = concerned
UNION ALL
SELECT id FROM result WHERE approved_by <> '' AND (approved_by = entered_by OR approved_by = submitted_by OR replace(inspected, approved_by, '') <> inspected)
UNION ALL
SELECT id FROM correction WHERE state = 'signed' AND signed_by = drafted_by
UNION ALL
SELECT id FROM followup WHERE decided_by <> '' AND (decided_by = reported_by OR replace(grouped, decided_by, '') <> grouped)
UNION ALL
SELECT a.id FROM appeal a JOIN result r ON r.id = a.result
WHERE  a.decided_by <> '' AND (a.decided_by = a.received_by OR a.decided_by = a.accepted_by OR replace(r.inspected, a.decided_by, '') <> r.inspected
	OR a.kind = 'objection' AND a.decided_by IN (r.entered_by, r.submitted_by, r.approved_by))
UNION ALL
SELECT a.id FROM approval a JOIN result r ON r.id = a.result WHERE replace(r.inspected, a.by_whom, '') <> r.inspected`},
		// A signature that holds binds what was concluded, and nothing is signed without
		// the party, unless there was none, and every member.
		{"inv_10", `
SELECT s.id FROM signature s JOIN visit v ON v.id = s.visit
WHERE  s.binds IS NOT NULL AND (s.binds <> s.digest OR s.binds <> v.digest OR v.state NOT IN ('concluded', 'signed'))
UNION ALL
SELECT v.id FROM visit v
WHERE  v.state = 'signed' AND ((SELECT count(*) FROM signature s WHERE s.visit = v.id AND s.binds = v.digest AND s.kind = 'member') <> v.members
	OR v.special = '' AND NOT EXISTS (SELECT 1 FROM signature s WHERE s.visit = v.id AND s.binds = v.digest AND s.kind = 'party'))
UNION ALL
SELECT v.id FROM visit v JOIN team t ON t.id = v.team WHERE v.state <> 'prepared' AND t.state <> 'dispatched'
UNION ALL
SELECT r.id FROM result r JOIN visit v ON v.id = r.visit WHERE v.state <> 'signed' AND r.state <> 'drafted'`},
		// No person has open posts of two classes.
		{"inv_14", `
SELECT person
FROM   post
WHERE  NOT ended
GROUP  BY person
HAVING count(DISTINCT CASE WHEN kind IN ('system_admin', 'security_admin', 'audit_admin') THEN kind ELSE 'business' END) > 1`},
		// Nothing is approved to be inspected that is on no list on the day, or by a
		// body that may not inspect: 国办发〔2024〕54号.
		{"inv_29", `
SELECT t.id FROM task t WHERE t.approved_by <> '' AND NOT EXISTS (SELECT 1 FROM task_item i WHERE i.task = t.id)
UNION ALL
SELECT t.id FROM task t JOIN org o ON o.id = t.org WHERE o.kind NOT IN ('department', 'team')
UNION ALL
SELECT i.task
FROM   task_item i
JOIN   task t ON t.id = i.task
JOIN   item m ON m.id = i.item
JOIN   org o ON o.id = i.org
WHERE  m.org <> i.org OR m.since = '' OR m.since > t.from_day OR o.kind NOT IN ('department', 'team')`},
	}
}

// entryless is the query of inv_01: no entry is open, without its body or
// without effect, and no row stands without the entry that wrote it saying so.
func entryless() string {
	parts := []string{
		`SELECT 'entry' AS what, CAST(n AS TEXT) AS id FROM entry WHERE done <> 1 OR leaf = ''`,
		`SELECT 'entry without body', CAST(e.n AS TEXT) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM entry_body b WHERE b.n = e.n)`,
		`SELECT 'entry without effect', CAST(e.n AS TEXT) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = e.n)`,
	}
	for _, g := range guards {
		if g.library != nil {
			parts = append(parts, ofLibrary(g)...)
			continue
		}
		if g.append && g.touch == "" { // touch itself; its key to entry is enough
			continue
		}
		said := g.touch
		if said == "" {
			said = fmt.Sprintf("t.kind = '%s' AND t.id = r.id AND t.version = r.version", g.table)
		}
		parts = append(parts, fmt.Sprintf("SELECT '%s', CAST(r.%s AS TEXT) FROM %s r WHERE NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = r.cseq AND %s)",
			g.table, g.key[0], g.table, said))
	}
	return "\n" + strings.Join(parts, "\nUNION ALL\n")
}

// ofLibrary is what inv_01 asks of a library's rows: that an entry which wrote
// any of them names what it was about, one thing or a batch. It asks entry by
// entry, since there are thousands of entries and millions of rows; that each row
// is as its entry says is what Verify compares.
func ofLibrary(g guard) []string {
	said := fmt.Sprintf("('%s', 'import')", strings.Join(g.library, "', '"))
	of := func(column, also string) string {
		return fmt.Sprintf("SELECT '%s', CAST(e.n AS TEXT) FROM entry e WHERE EXISTS (SELECT 1 FROM %s r WHERE r.%s = e.n%s)"+
			" AND NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = e.n AND t.kind IN %s)", g.table, g.table, column, also, said)
	}
	if g.entry == "" {
		return []string{of("cseq", "")}
	}
	kinds := fmt.Sprintf(" AND r.kind IN ('%s')", strings.Join(g.library, "', '"))
	return []string{of("cseq", kinds), of(g.entry, kinds)}
}

// views are the statements that make the views.
func views() []string {
	var sql []string
	for _, v := range invariants() {
		sql = append(sql, "DROP VIEW IF EXISTS "+v.name, "CREATE VIEW "+v.name+" AS"+v.query)
	}
	return sql
}
