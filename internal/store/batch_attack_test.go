package store_test

// The tables of batches among those that verify-record answers for, and that guards
// protect: INV-01, INV-03.
func init() {
	for _, table := range []string{"batch", "batch_file", "drawn", "seat", "slot", "reading", "body_visit", "upstream_key", "upstream_package"} {
		protected[table] = nil
	}
	type free = struct{ free, key, copy string }
	guarded["batch"] = free{`state = 'discarded'`, "id", "number"}
	guarded["batch_file"] = free{`name = 'manifest.json' AND run = 2`, "name", ""}
	guarded["drawn"] = free{`batch IN (SELECT id FROM batch WHERE state = 'annulled') AND NOT reserve`, "id", ""}
	guarded["seat"] = free{`leader AND batch IN (SELECT id FROM batch WHERE state = 'annulled')`, "id", ""}
	guarded["slot"] = free{`batch IS NULL`, "n", ""}
	guarded["reading"] = free{`1 = 1`, "id", ""}
	guarded["upstream_key"] = free{`state = 'ended'`, "id", "public"}
	guarded["upstream_package"] = free{`1 = 1`, "id", "number"}
	guarded["body_visit"] = free{`batch IS NULL`, "n", ""}
}

// The county has one batch whose event is confirmed. Opened makes it one to be drawn.
const (
	opened  = `UPDATE batch SET state = 'opened', cseq = @E WHERE state = 'evented'; `
	evented = ` FROM batch WHERE state = 'opened'`
	hidden  = `UPDATE batch SET state = 'opened', entrusted_at = 'x', cseq = @E WHERE state = 'evented'; `
)

// What is locked or drawn cannot change, nor can a draw be what the rules forbid:
// INV-03, INV-04, INV-06, INV-09, C18, R68.
var batchAttacks = []attack{
	{"a list that grows after the lock", `INSERT INTO batch_file SELECT batch, run, name, 7, text, @E FROM batch_file WHERE name = 'population.tsv' AND part = 0`},
	{"a second list", `INSERT INTO batch_file SELECT batch, run, 'population.tsv', 0, text, @E FROM batch_file WHERE name = 'manifest.json'`},
	{"a list changed", `UPDATE batch_file SET text = 'x', cseq = @E WHERE name = 'population.tsv'`},
	{"a list emptied without an entry", `!UPDATE batch_file SET text = ''`},
	{"another manifest", `INSERT INTO batch_file SELECT batch, run, name, 1, text, @E FROM batch_file WHERE name = 'manifest.json'`},
	{"a second result", `INSERT INTO batch_file SELECT batch, 3, name, part, text, @E FROM batch_file WHERE name = 'result.json'`},
	{"a file of no batch", `INSERT INTO batch_file VALUES ('zz', 1, 'x', 0, 'x', @E)`},
	{"somebody drawn afterwards", `INSERT INTO drawn SELECT batch, run, task, 'zz', object, stratum, tier, 99, FALSE, 1, @E FROM drawn WHERE NOT reserve LIMIT 1`},
	{"somebody not drawn after all", `UPDATE drawn SET reserve = TRUE, cseq = @E`},
	{"an inspector added to a team", `INSERT INTO seat SELECT batch, run, 'zz', object, org, line, inspector, leader, 1, @E FROM seat WHERE leader LIMIT 1`},
	{"an inspector exchanged", `UPDATE seat SET inspector = 1, cseq = @E`},
	{"a third visit of the year", `INSERT INTO slot SELECT object, year, 3, batch, run, 'zz', 1, @E FROM slot WHERE batch IS NOT NULL`},
	{"a third visit without a waiver", `INSERT INTO slot SELECT object, year, 3, batch, run, NULL, 1, @E FROM slot WHERE batch IS NOT NULL`},
	{"a second visit that uses a waiver up", `INSERT INTO slot SELECT object, year, 2, NULL, 0, id, 1, @E FROM waiver WHERE state = 'granted'`},
	{"a waiver of another object", `INSERT INTO slot SELECT 3, year, 3, NULL, 0, id, 1, @E FROM waiver WHERE state = 'granted'`},
	{"a waiver that was refused", `INSERT INTO slot SELECT object, year, 3, NULL, 0, id, 1, @E FROM waiver WHERE state = 'refused'`},
	{"a waiver used twice", `INSERT INTO slot SELECT object, year, 3, NULL, 0, id, 1, @E FROM waiver WHERE state = 'granted'; INSERT INTO slot SELECT object, year, 4, NULL, 0, id, 1, @E FROM waiver WHERE state = 'granted'`},
	{"a visit of a body beyond its cap", `INSERT INTO body_visit SELECT org, object, year, exempt, 9, most, '', batch, run, 1, @E FROM body_visit WHERE batch IS NOT NULL`},
	{"a visit of a body under another cap", `UPDATE body_visit SET most = 99, cseq = @E WHERE batch IS NOT NULL`},
	{"a visit of a body on a ground that is none", `INSERT INTO body_visit SELECT org, object, year, '1', 1, most, '随便', batch, run, 1, @E FROM body_visit WHERE batch IS NOT NULL`},
	{"a visit of a body on no ground", `INSERT INTO body_visit SELECT org, object, year, '1', 1, most, '', NULL, 0, 1, @E FROM body_visit WHERE batch IS NOT NULL`},
	{"a body's visit without an entry", `!INSERT INTO body_visit SELECT org, object, year, exempt, 2, most, '', batch, run, 1, cseq FROM body_visit WHERE batch IS NOT NULL`},
	{"a visit of no body", `INSERT INTO body_visit SELECT 'zz', object, year, exempt, 1, 0, '', NULL, 0, 1, @E FROM body_visit WHERE batch IS NOT NULL`},
	{"a body's visit at nothing", `INSERT INTO body_visit SELECT org, 999999, year, exempt, 1, most, '', NULL, 0, 1, @E FROM body_visit WHERE batch IS NOT NULL LIMIT 1`},
	{"a key confirmed by who added it", `UPDATE upstream_key SET confirmed_by = added_by, cseq = @E WHERE state = 'active'`}, // INV-09
	{"a key in force that nobody confirmed", `UPDATE upstream_key SET confirmed_by = '', cseq = @E WHERE state = 'active'`},
	{"a key twice", `UPDATE upstream_key SET public = (SELECT public FROM upstream_key WHERE state = 'active'), cseq = @E WHERE state = 'ended'`},
	{"a list taken over twice", `INSERT INTO upstream_package SELECT 'zz', 1, region, org, key, sender, number, title, ground, issued, until, count, objects, content, by_whom, at, @E FROM upstream_package`},
	{"a list of nobody's key", `INSERT INTO upstream_package SELECT 'zz', 1, region, org, 'zz', sender, 'zz', title, ground, issued, until, count, objects, content, by_whom, at, @E FROM upstream_package`},
	{"a list for nobody", `INSERT INTO upstream_package SELECT 'zz', 1, region, 'zz', key, sender, 'zz', title, ground, issued, until, count, objects, content, by_whom, at, @E FROM upstream_package`},
	{"a list altered", `UPDATE upstream_package SET objects = '', cseq = @E`},
	{"a task of a list that nobody sent", `UPDATE task SET source = 'upstream', package = 'zz', cseq = @E WHERE state = 'discarded'`},
	{"a task of a list without one", `UPDATE task SET source = 'upstream', cseq = @E WHERE state = 'discarded'`},
	{"a body's visit of no draw", `UPDATE body_visit SET batch = 'zz', cseq = @E WHERE batch IS NOT NULL`},
	{"a slot without its run", `UPDATE slot SET run = 0, cseq = @E WHERE batch IS NOT NULL`},
	{"a batch announced by its drafter", `UPDATE batch SET announced_by = drafted_by, cseq = @E WHERE state = 'disclosed'`},
	{"an event confirmed by who typed it", `UPDATE batch SET event_by = typed_by, cseq = @E WHERE state = 'disclosed'`},
	{"a batch drawn before it was locked", `UPDATE batch SET locked_by = '', locked_at = '', cseq = @E WHERE state = 'disclosed'`},
	{"a batch annulled by who drew it", `UPDATE batch SET ended_org = org, cseq = @E WHERE state = 'annulled'`},
	{"a batch annulled without a ground", `UPDATE batch SET ground = '', cseq = @E WHERE state = 'annulled'`},
	{"a batch drawn again", `UPDATE batch SET state = 'opened', drawn_at = '', cseq = @E WHERE state = 'annulled'`},
	{"a batch's number taken", `UPDATE batch SET number = (SELECT number FROM batch WHERE state = 'annulled'), cseq = @E WHERE state = 'disclosed'`},
	{"a batch without an entry", `!INSERT INTO batch SELECT 'zz', 1, region, org, year, 99, 'zz', 'draft', 0, title, '', terms, typed, drafted_by, drafted_at, '', '', '', '', '', '', '', '', '', '', '', '', '', cseq, '' FROM batch WHERE state = 'discarded'`},
	{"a batch's serial taken", `INSERT INTO batch SELECT 'zz', 1, region, org, year, serial, 'zz', 'draft', 0, title, '', terms, typed, drafted_by, drafted_at, '', '', '', '', '', '', '', '', '', '', '', '', '', @E, '' FROM batch WHERE state = 'discarded'`},
	{"a batch announced at no time", `UPDATE batch SET announced_at = '', cseq = @E WHERE state = 'evented'`},
	{"an event confirmed at no time", `UPDATE batch SET event_at = '', cseq = @E WHERE state = 'evented'`},
	{"a batch drawn and still to be drawn", `UPDATE batch SET drawn_at = 'x', cseq = @E WHERE state = 'evented'`},
	{"a run void without a ground", `UPDATE batch SET state = 'void', cseq = @E WHERE state = 'evented'`},
	{"a file without a name", `INSERT INTO batch_file SELECT id, run, '', 0, 'x', @E FROM batch WHERE state = 'evented'`},
	{"a visit without an entry", `!INSERT INTO slot SELECT no, 2026, 1, NULL, 0, NULL, 1, cseq FROM object WHERE code = 'OBJ-5'`},
	{"a visit of nothing", `INSERT INTO slot VALUES (999999, 2026, 1, NULL, 0, NULL, 1, @E)`},
	{"a visit of no draw", `UPDATE slot SET batch = 'zz', cseq = @E WHERE batch IS NOT NULL`},
	{"an object of no task drawn", opened + `INSERT INTO drawn SELECT id, run, 'zz', 'zz', 1, 'A', 0, 1, FALSE, 1, @E` + evented},
	{"nothing drawn", opened + `INSERT INTO drawn SELECT id, run, tasks, 'zz', 999999, 'A', 0, 1, FALSE, 1, @E` + evented},
	{"two objects of one rank", opened + `INSERT INTO drawn SELECT id, run, tasks, 'z1', 1, 'A', 0, 1, FALSE, 1, @E` + evented +
		`; INSERT INTO drawn SELECT id, run, tasks, 'z2', 1, 'A', 0, 1, FALSE, 1, @E` + evented},
	{"a team at nothing", opened + `INSERT INTO seat SELECT id, run, 'zz', 999999, org, 1, 1, TRUE, 1, @E` + evented},
	{"a team of nobody", opened + `INSERT INTO seat SELECT id, run, 'zz', 1, 'zz', 1, 1, TRUE, 1, @E` + evented},
	{"a team with nobody in it", opened + `INSERT INTO seat SELECT id, run, 'zz', 1, org, 1, 999999, TRUE, 1, @E` + evented},
	{"a batch of nobody", `UPDATE batch SET org = 'zz', cseq = @E WHERE state = 'disclosed'`},
	{"a secret entrusted before it can be", `UPDATE batch SET entrusted_at = 'x', cseq = @E WHERE state = 'evented'`},
	{"a sealed list that can be read", hidden + `INSERT INTO batch_file SELECT id, run, 'result.tsv', 0, 'x', @E` + evented},
	{"a sealed draw with rows", hidden + `INSERT INTO drawn SELECT id, run, tasks, 'zz', 1, 'A', 0, 1, FALSE, 1, @E` + evented},
	{"a sealed draw with teams", hidden + `INSERT INTO seat SELECT id, run, 'zz', 1, org, 1, 1, TRUE, 1, @E` + evented},
	{"a sealed list exchanged after the draw", `INSERT INTO batch_file SELECT batch, run, name, 9, text, @E FROM batch_file WHERE name = 'outcome.sealed'`},
	{"a list sealed afterwards", `INSERT INTO batch_file SELECT batch, run, 'outcome.sealed', 0, 'x', @E FROM batch_file WHERE name = 'opening.json'`},
	{"a reading of nothing", `INSERT INTO reading SELECT 'zz', 1, 'zz', run, org, by_whom, at, ground, @E FROM reading LIMIT 1`},
	{"a reading for nobody", `INSERT INTO reading SELECT 'zz', 1, batch, run, 'zz', by_whom, at, ground, @E FROM reading LIMIT 1`},
	{"a reading by nobody", `INSERT INTO reading SELECT 'zz', 1, batch, run, org, 'zz', at, ground, @E FROM reading LIMIT 1`},
	{"a reading for no reason", `INSERT INTO reading SELECT 'zz', 1, batch, run, org, by_whom, at, '', @E FROM reading LIMIT 1`},
}
