package store_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// An attack is SQL that the database itself must refuse, whoever sends it.
// Unless it begins with !, it runs inside an entry that is opened before and
// closed after it. What stands in its text for what:
//
//	@E      the number of the newest entry, which is the open one
//	@DRAFT  a draft without tasks          @LED    a led draft whose line 1 waits for gaj
//	@SUB    a submitted plan               @ORG(x) an organisation
//	@CLERK  its drafter and submitter      @FREE   a person without a post
//	@BARE   an item without a checklist    @JOINT(x) another draft of the joint list, x
//	@WHOLE  body and effect of the entry   @CLOSE  them, and the end of the entry
type attack struct {
	name, sql string
}

// entryAttacks are attacks on what belongs to an entry: INV-01, INV-02, INV-24.
var entryAttacks = []attack{
	{"a change without an entry", `!UPDATE org SET name = 'x' WHERE code = 'scjg'`},
	{"a new row of an older entry", `!INSERT INTO person (id, version, name, cseq) VALUES ('zz', 1, 'x', 0)`},
	{"a new row of an unknown entry", `!INSERT INTO person (id, version, name, cseq) VALUES ('zz', 1, 'x', 999999)`},
	{"a change after the entry is closed", `@CLOSE; UPDATE person SET name = 'x', cseq = @E WHERE id = @FREE`},
	{"an entry that stays open", `!INSERT INTO entry VALUES (1 + @E, 'x', 'x', 'x', 'x', '', 'x', '', 0, '', 0)`},
	{"an entry that leaves a gap", `!INSERT INTO entry VALUES (2 + @E, 'x', 'x', 'x', 'x', '', 'x', '', 0, '', 0); @CLOSE`},
	{"an entry born closed", `!INSERT INTO entry VALUES (1 + @E, 'x', 'x', 'x', 'x', '', 'x', '', 0, 'x', 1)`},
	{"the same request twice", `!INSERT INTO entry SELECT 1 + @E, at, request, actor, post, org, verb, '', 0, '', 0 FROM entry WHERE n = 3; @CLOSE`},
	{"an entry of nobody", `!INSERT INTO entry VALUES (1 + @E, 'x', 'x', '', 'x', '', 'x', '', 0, '', 0); @CLOSE`},
	{"an entry changed", `!UPDATE entry SET at = '2026-01-01T00:00:00.000Z' WHERE n = 3`},
	{"an entry's leaf changed", `!UPDATE entry SET leaf = 'x' WHERE n = 3`},
	{"an entry opened again", `!UPDATE entry SET done = 0 WHERE n = 3`},
	{"an entry removed", `!DELETE FROM entry_body WHERE n = @E; DELETE FROM touch WHERE cseq = @E; DELETE FROM entry WHERE n = @E`},
	{"the newest entry removed", `DELETE FROM entry WHERE n = @E; INSERT INTO entry VALUES (1 + @E, 'y', 'y', 'y', 'y', '', 'y', '', 0, '', 0)`},
	{"an entry replaced by an upsert", `!INSERT INTO entry VALUES (3, 'x', 'x', 'x', 'x', '', 'x', '', 0, '', 0) ON CONFLICT (n) DO UPDATE SET verb = 'x', done = 1`},
	{"an entry's other state at its end", `@WHOLE; UPDATE entry SET leaf = 'x', done = 1, verb = 'plan.approve' WHERE n = @E`},
	{"a body changed", `!UPDATE entry_body SET body = 'x' WHERE n = 3`},
	{"a body erased without an entry", `!UPDATE entry_body SET salt = '', body = '', erased = 5 WHERE n = 3`},
	{"a body emptied and not marked", `UPDATE entry_body SET salt = '', body = '' WHERE n = 3`},
	{"a body marked as erased and kept", `UPDATE entry_body SET erased = @E WHERE n = 3`},
	{"a body for an older entry", `!INSERT INTO entry_body SELECT 1 + @E, salt, body, NULL FROM entry_body WHERE n = 3`},
	{"an entry closed without its body", `INSERT INTO touch VALUES (@E, 'x', 'x', 1, '', ''); UPDATE entry SET leaf = 'x', done = 1 WHERE n = @E`},
	{"an entry closed without an effect", `INSERT INTO entry_body VALUES (@E, 'x', 'x', NULL); UPDATE entry SET leaf = 'x', done = 1 WHERE n = @E`},
	{"a body for a closed entry", `@CLOSE; INSERT INTO entry_body VALUES (@E, 'x', 'x', NULL)`},
	{"an empty body", `INSERT INTO entry_body VALUES (@E, '', '', NULL)`},
	{"a body removed", `!DELETE FROM entry_body WHERE n = 3`},
	{"a body replaced by an upsert", `INSERT INTO entry_body VALUES (3, 'x', 'x', NULL) ON CONFLICT (n) DO UPDATE SET body = 'x'`},
	{"a stored hash changed", `!UPDATE log_hash SET hash = 'x' WHERE i = 1`},
	{"a stored hash removed", `!DELETE FROM log_hash WHERE i = 1`},
	{"a checkpoint changed", `!UPDATE checkpoint SET note = 'x'`},
	{"a checkpoint removed", `!DELETE FROM checkpoint`},
	{"a cosignature changed", `!INSERT INTO cosignature SELECT size, 'w', 'x', 'x' FROM checkpoint; UPDATE cosignature SET lines = 'y'`},
	{"a cosignature removed", `!INSERT INTO cosignature SELECT size, 'w', 'x', 'x' FROM checkpoint; DELETE FROM cosignature`},
	{"a line of the security log changed", `!INSERT INTO security_log VALUES ('s', 'x', 'denied', '', '', '', '', 0); UPDATE security_log SET kind = 'y'`},
	{"a line of the security log removed", `!INSERT INTO security_log VALUES ('s', 'x', 'denied', '', '', '', '', 0); DELETE FROM security_log`},
	{"two lines of the security log with one number", `!INSERT INTO security_log VALUES ('s', 'x', 'denied', '', '', '', '', 7); INSERT INTO security_log VALUES ('t', 'x', 'denied', '', '', '', '', 7)`},
	{"a seal over nothing", `INSERT INTO security_seal VALUES ('x', 1, 0, 0, 0, '0000000000000000000000000000000000000000000000000000000000000000', @E)`},
	{"a cosignature of no checkpoint", `!INSERT INTO cosignature VALUES (7, 'w', 'x', 'x')`},
	{"an open entry made lawful", `!INSERT INTO closed (v) VALUES (0)`},
}

const newPlan = `INSERT INTO plan SELECT 'zz', 1, kind, org, region, year, %s, %s, %s, %s, 'draft', drafted_by, drafted_at, '', '', '', '', '', '', '', NULL, '', '', '', @E FROM plan WHERE id = @DRAFT`

// newImport is a batch of the region with the number of the first one.
const newImport = `INSERT INTO import SELECT %s, 1, 'object', 1, id, region, 's', 'd', '0', 'f', 'h', 1, '', '', 'uploaded', 0, 0, 0, 0, 0, 0, 0, '', 0, 0, '', 'x', 'x',
	'', '', '', '', '', '', @E FROM org WHERE code = 'scjg'`

// uploaded puts a batch into the database at url as no act does.
func uploaded(t *testing.T, url string) {
	t.Helper()
	r := openRaw(t, url, false)
	defer r.Close()
	tx, err := r.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for _, statement := range []string{
		`INSERT INTO entry SELECT max(n) + 1, 'x', 'upload', 'x', 'x', '', 'x', '', 0, '', 0 FROM entry`,
		fmt.Sprintf(newImport, "'batch'"),
		`INSERT INTO entry_body VALUES (@E, 'x', 'x', NULL)`, `INSERT INTO touch VALUES (@E, 'import', 'batch', 1, '', '')`,
		`UPDATE entry SET leaf = 'x', done = 1 WHERE done = 0`,
	} {
		if _, err := tx.Exec(strings.ReplaceAll(statement, "@E", `(SELECT max(n) FROM entry)`)); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// ruleAttacks are attacks on what keys, checks and steps say: INV-09, INV-14,
// INV-15 and the shape of things.
var ruleAttacks = []attack{
	{"a code taken", `INSERT INTO org SELECT 'zz', 1, kind, region, code, name, short, from_day, '', NULL, former, @E FROM org WHERE code = 'scjg'`},
	{"merged into nothing", `UPDATE org SET until_day = '2026-01-01', into_org = 'zz', cseq = @E WHERE code = 'sfj'`},
	{"merged and still standing", `UPDATE org SET into_org = @ORG(zf), cseq = @E WHERE code = 'sfj'`},
	{"a class for nobody", `INSERT INTO standing VALUES ('zz', 'business', @E)`},
	{"an unknown class", `INSERT INTO standing VALUES (@FREE, 'king', @E)`},
	{"a post of nobody", `INSERT INTO post VALUES ('zz', 1, 'zz', @ORG(zf), 'clerk', '2026-01-01', '2026-01-02', '1', NULL, @E)`},
	{"a post in nothing", `INSERT INTO post VALUES ('zz', 1, @FREE, 'zz', 'clerk', '2026-01-01', '2026-01-02', '1', NULL, @E)`},
	// INV-14, through both doors: a second class beside the first, and a class that is not the post's.
	{"a business post for an administrator", `INSERT INTO post SELECT 'zz', 1, person, org, 'clerk', from_day, '', '0', 'business', @E FROM post WHERE kind = 'security_admin'`},
	{"an administrator's post for a clerk", `INSERT INTO post SELECT 'zz', 1, person, org, 'audit_admin', from_day, '', '0', 'audit_admin', @E FROM post WHERE person = @CLERK AND kind = 'clerk'`},
	{"an administrator under a clerk's class", `INSERT INTO post SELECT 'zz', 1, person, org, 'audit_admin', from_day, '', '0', 'business', @E FROM post WHERE person = @CLERK AND kind = 'clerk'`},
	{"a class changed under open posts", `UPDATE standing SET class = 'audit_admin', cseq = @E WHERE person = @CLERK`},
	{"a post that ends before it begins", `UPDATE post SET until_day = '2000-01-01', cseq = @E WHERE person = @CLERK`},
	{"a post without class and not ended", `UPDATE post SET class = NULL, cseq = @E WHERE person = @CLERK`},
	{"the same post twice", `INSERT INTO post SELECT 'zz', 1, person, org, kind, from_day, '', '0', class, @E FROM post WHERE person = @CLERK AND kind = 'clerk'`},
	{"an item's code taken", `INSERT INTO item (id, version, org, code, name, field, category, basis, content, method, max_share, since, retired, cseq) SELECT 'zz', 1, org, code, name, field, category, basis, content, method, max_share, since, retired, @E FROM item WHERE code = 'Z-9'`},
	{"an item of nothing", `INSERT INTO item (id, version, org, code, name, field, category, basis, content, method, max_share, since, retired, cseq) SELECT 'zz', 1, 'zz', code, name, field, category, basis, content, method, max_share, since, retired, @E FROM item WHERE code = 'Z-9'`},
	{"a share above everything", `UPDATE item SET max_share = 10001, category = 'general', cseq = @E WHERE code = 'Z-9'`},
	{"an item without legal basis", `UPDATE item SET basis = '', cseq = @E WHERE code = 'Z-9'`},
	{"a sub-library of nothing", `UPDATE sublibrary SET org = 'zz', cseq = @E`},
	{"a plan of nothing", `UPDATE plan SET org = 'zz', cseq = @E WHERE id = @DRAFT`},
	{"an edition of nothing", fmt.Sprintf(newPlan, "'n'", "1", "'yy'", "'x'")},
	{"an edition without reason", fmt.Sprintf(newPlan, "'n'", "1", "@SUB", "''")},
	{"a second plan of the number", fmt.Sprintf(newPlan, "'370687-2026-scjg'", "0", "NULL", "''")},
	{"a second edition at work", fmt.Sprintf(newPlan, "number", "3", "@SUB", "'x'")},
	{"an unknown kind", `UPDATE plan SET kind = 'x', cseq = @E WHERE id = @DRAFT`},
	{"merged into no plan", `UPDATE plan SET merged_into = 'zz', cseq = @E WHERE state = 'merged'`},
	{"merged and not said where", `UPDATE plan SET merged_into = NULL, cseq = @E WHERE state = 'merged'`},
	{"submitted by nobody", `UPDATE plan SET submitted_by = '', submitted_at = '', cseq = @E WHERE id = @SUB`},
	{"approved without opinion", `UPDATE plan SET state = 'approved', approved_by = 'y', approved_at = 'y', cseq = @E WHERE id = @SUB`},
	// INV-09: the drafter's second post makes no second person.
	{"approved by its drafter", `UPDATE plan SET state = 'approved', approved_by = drafted_by, approved_at = 'y', opinion = 'y', cseq = @E WHERE id = @SUB`},
	{"approved by its submitter", `UPDATE plan SET state = 'approved', approved_by = submitted_by, approved_at = 'y', opinion = 'y', cseq = @E WHERE id = @SUB`},
	{"reported by nobody", `UPDATE plan SET filed_by = '', filed_at = '', cseq = @E WHERE state = 'merged'`},
	{"published by nobody", `UPDATE plan SET published_by = '', published_at = '', cseq = @E WHERE state = 'published'`},
	{"replaced and not said when", `UPDATE plan SET replaced_at = '', cseq = @E WHERE state = 'replaced'`},
	// INV-15
	{"a draft approved at once", `UPDATE plan SET state = 'approved', submitted_by = 'x', submitted_at = 'x', approved_by = 'y', approved_at = 'y', opinion = 'y', cseq = @E WHERE id = @DRAFT`},
	{"a published plan drawn back", `UPDATE plan SET state = 'draft', published_by = '', published_at = '', cseq = @E WHERE state = 'published'`},
	{"a plan born submitted", strings.Replace(fmt.Sprintf(newPlan, "'n'", "0", "NULL", "''"), `'draft', drafted_by, drafted_at, '', ''`, `'submitted', drafted_by, drafted_at, 'x', 'x'`, 1)},
	{"a consent given unasked", `UPDATE consent SET state = 'planned', by_whom = '', cseq = @E WHERE plan = @LED; UPDATE consent SET state = 'accepted', by_whom = 'x', cseq = @E WHERE plan = @LED`},
	{"a line of no plan", `INSERT INTO plan_line SELECT 'zz', no, name, field, items, scope, sublibs, pool, ratio, frequency, months, areas, lead, partners, type, targeted, methods, mode, remark, NULL, 0, dropped, @E FROM plan_line WHERE plan = @LED`},
	{"a line led by nobody", `UPDATE plan_line SET lead = 'zz', cseq = @E WHERE plan = @LED`},
	{"a line from nowhere", `UPDATE plan_line SET from_plan = @DRAFT, from_no = 9, cseq = @E WHERE plan = @LED`},
	{"a line without months", `UPDATE plan_line SET months = 0, cseq = @E WHERE plan = @LED`},
	{"a consent to no line", `INSERT INTO consent VALUES (@DRAFT, 9, @ORG(gaj), 1, 'planned', '', '', '', '', @E)`},
	{"a consent of nobody", `INSERT INTO consent VALUES (@LED, 1, 'zz', 1, 'planned', '', '', '', '', @E)`},
	{"an answer given by nobody", `UPDATE consent SET state = 'accepted', cseq = @E WHERE plan = @LED`},
	{"a refusal without a word", `UPDATE consent SET state = 'declined', by_whom = 'x', cseq = @E WHERE plan = @LED`},
	{"an object's code taken", `UPDATE object SET code = 'OBJ-1', cseq = @E WHERE code = 'OBJ-3'`},
	{"an object of nobody", `UPDATE object SET owner = 'zz', cseq = @E WHERE code = 'OBJ-3'`},
	{"an object merged into nothing", `UPDATE object SET status = 'merged', into_no = 999, cseq = @E WHERE code = 'OBJ-3'`},
	{"an object merged and not said where", `UPDATE object SET status = 'merged', cseq = @E WHERE code = 'OBJ-3'`},
	{"an object of an unknown kind", `UPDATE object SET kind = 'x', cseq = @E WHERE code = 'OBJ-3'`},
	{"an object of an unknown status", `UPDATE object SET status = 'x', cseq = @E WHERE code = 'OBJ-3'`},
	{"a risk class without its day", `UPDATE object SET risk = 'A', risk_on = '', cseq = @E WHERE code = 'OBJ-3'`},
	{"an object without a source", `UPDATE object SET source = '', cseq = @E WHERE code = 'OBJ-3'`},
	{"a past that comes after", `INSERT INTO past SELECT kind, key, 77, row, @E, @E FROM past WHERE kind = 'object' AND key = '1'`},
	{"a flag on nothing", `INSERT INTO object_flag SELECT 999, kind, since, 1, until, source, note, org, @E FROM object_flag WHERE kind = 'watch'`},
	{"a flag of nobody", `UPDATE object_flag SET org = 'zz', cseq = @E WHERE kind = 'watch'`},
	{"an unknown flag", `INSERT INTO object_flag SELECT no, 'x', since, 1, until, source, note, org, @E FROM object_flag WHERE kind = 'watch'`},
	{"a flag that ends before it begins", `UPDATE object_flag SET until = '2000-01-01', cseq = @E WHERE kind = 'watch'`},
	{"a white list for ever", `INSERT INTO object_flag SELECT no, 'white', since, 1, '', source, note, org, @E FROM object_flag WHERE kind = 'watch'`},
	{"a licence of nothing", `INSERT INTO object_licence SELECT 999, name, number, 1, issued, valid_to, authority, org, ended, @E, source, sourced FROM object_licence WHERE number = 'L1'`},
	{"a licence said by nobody", `UPDATE object_licence SET org = 'zz', cseq = @E WHERE number = 'L1'`},
	{"a licence without number", `INSERT INTO object_licence SELECT no, name, '', 1, issued, valid_to, authority, org, ended, @E, source, sourced FROM object_licence WHERE number = 'L1'`},
	{"a member of no sub-library", `INSERT INTO member SELECT 'zz', no, 1, state, ground, by_whom, at, @E FROM member WHERE state = 'candidate'`},
	{"a member that is no object", `INSERT INTO member SELECT sublib, 999, 1, state, ground, by_whom, at, @E FROM member WHERE state = 'candidate'`},
	{"a member without ground", `UPDATE member SET ground = '', cseq = @E WHERE state = 'candidate'`},
	{"a member confirmed unproposed", `INSERT INTO member SELECT sublib, 2, 1, 'confirmed', ground, by_whom, at, @E FROM member WHERE state = 'candidate'`},
	{"a member confirmed after it was removed", `UPDATE member SET state = 'confirmed', cseq = @E WHERE state = 'removed'`},
	{"a batch of nobody", `UPDATE import SET org = 'zz', cseq = @E`},
	{"a batch for no library", `UPDATE import SET noun = 'x', cseq = @E`},
	{"a batch's number taken", fmt.Sprintf(newImport, "'yy'")},
	{"a batch checked without its rows", `UPDATE import SET state = 'checked', cseq = @E`},
	{"a batch confirmed by nobody", `UPDATE import SET confirmed_at = 'x', cseq = @E`},
	{"a batch seconded by nobody", `UPDATE import SET seconded_at = 'x', cseq = @E`},
	{"a batch reversed by nobody", `UPDATE import SET reversed_at = 'x', cseq = @E`},
	{"an upstream list twice", `INSERT INTO upstream_list SELECT 'zz', 1, region, org, level, name, issuer, number, day, source, items, by_whom, at, @E FROM upstream_list`},
	{"an upstream list of nobody", `UPDATE upstream_list SET org = 'zz', cseq = @E`},
	{"an upstream list of no level", `UPDATE upstream_list SET level = 'town', cseq = @E`},
	{"a limit for nobody", `UPDATE item_limit SET org = 'zz', cseq = @E WHERE org IS NOT NULL`},
	{"a limit of nothing", `UPDATE item_limit SET keys = 0, cseq = @E`},
	{"a checklist of no item", `INSERT INTO checklist SELECT 'zz', 1, questions, reason, effective, by_whom, at, @E FROM checklist WHERE version = 1`},
	{"a checklist without a reason", `UPDATE checklist SET reason = '', cseq = @E`},
	{"a joint list of nobody", `UPDATE joint_list SET org = 'zz', cseq = @E WHERE state = 'discarded'`},
	{"a joint list that adjusts nothing", `UPDATE joint_list SET amends = 'zz', cseq = @E WHERE state = 'discarded'`},
	{"a joint list adjusted without a reason", `UPDATE joint_list SET reason = '', cseq = @E WHERE state = 'discarded'`},
	{"a joint list published by its drafter", `UPDATE joint_list SET drafted_by = published_by, cseq = @E WHERE state = 'published'`},
	{"a joint list published nowhere", `UPDATE joint_list SET places = '', cseq = @E WHERE state = 'published'`},
	{"a joint list replaced and in force", `UPDATE joint_list SET replaced_at = 'x', cseq = @E WHERE state = 'published'`},
	{"two drafts of the joint list", `@JOINT(z1); @JOINT(z2)`},
	{"two joint lists in force", `@JOINT(z1); UPDATE joint_list SET state = 'published', published_by = 'y', published_at = 'x', places = 'x', cseq = @E WHERE id = 'z1'`},
	{"a reminder to nobody", `INSERT INTO urge SELECT 'zz', 1, office, 'zz', year, note, by_whom, at, @E FROM urge`},
}

// A guarded table: a row of it that nothing refers to, its key, and how a copy
// of the row becomes a new one.
var guarded = map[string]struct{ free, key, copy string }{
	"org":        {`code = 'idle'`, "id", "code"},
	"person":     {`id = @FREE`, "id", ""},
	"standing":   {`person IN (SELECT person FROM post WHERE ended)`, "person", ""},
	"post":       {`ended`, "id", ""},
	"area":       {`code = '370687001'`, "code", ""},
	"item":       {`code = 'Z-9'`, "id", "code"},
	"sublibrary": {`name = '未用分库'`, "id", ""},
	"plan":       {`id = @DRAFT`, "id", "number"},
	"plan_line":  {`plan IN (SELECT id FROM plan WHERE state = 'discarded')`, "no", ""},
	"consent":    {`plan = @LED`, "org", ""},
	"urge":       {`1 = 1`, "id", ""},
	"touch":      {`kind = 'urge'`, "id", ""},

	"security_seal": {`1 = 1`, "id", ""},

	"history":       {`kind = 'item_limit' AND version = 2`, "id", ""},
	"upstream_list": {`1 = 1`, "id", "name"},
	"item_limit":    {`org IS NOT NULL`, "id", ""},
	"checklist":     {`version = 1`, "id", ""},
	"joint_list":    {`state = 'discarded'`, "id", ""},

	"object":         {`code = 'OBJ-5'`, "no", "code"},
	"past":           {`kind = 'object' AND key = '1'`, "version", ""},
	"object_flag":    {`kind = 'watch'`, "since", ""},
	"object_licence": {`number = 'L1'`, "number", ""},
	"inspector":      {`no = 3`, "no", "code"}, "inspector_away": {`1 = 1`, "id", ""}, "inspector_tie": {`1 = 1`, "id", ""},
	"inspector_training": {`1 = 1`, "id", ""}, "workforce": {`1 = 1`, "org", ""},
	"member": {`state = 'candidate'`, "no", ""},
	"import": {`1 = 1`, "id", "number"},

	"task":         {`state = 'discarded'`, "id", "number"},
	"task_item":    {`1 = 1`, "task", ""},
	"confirmation": {`1 = 1`, "id", ""},
	"body_cap":     {`1 = 1`, "id", ""},
	"waiver":       {`state = 'withdrawn'`, "id", ""},
	"feedback":     {`state = 'received'`, "id", ""},
}

// guardAttacks are the same five for every guarded table: INV-01.
func guardAttacks(r *raw) []attack {
	var all []attack
	add := func(table, name, sql string) { all = append(all, attack{table + ": " + name, sql}) }
	for _, table := range slices.Sorted(maps.Keys(guarded)) {
		g := guarded[table]
		columns := strings.Join(r.columns[table], ", ")
		zz := "'zz'"
		if g.key == "no" || g.key == "version" || g.key == "n" {
			zz = "99"
		}
		if other := map[string]string{"standing": "@FREE", "consent": "@ORG(wjw)", "member": "2", "workforce": "@ORG(wjw)", "checklist": "@BARE", "task_item": "@GONE"}[table]; other != "" {
			zz = other
		}
		fresh := strings.Replace(" "+columns+",", " "+g.key+",", " "+zz+",", 1)
		if g.copy != "" {
			fresh = strings.Replace(fresh, " "+g.copy+",", " 'zz',", 1)
		}
		if table == "confirmation" { // its number is a key, too
			fresh = strings.Replace(fresh, " no,", " 99,", 1)
		}
		fresh = strings.TrimSuffix(fresh, ",")
		add(table, "a change without an entry", `!UPDATE `+table+` SET cseq = cseq WHERE `+g.free)
		add(table, "another key", fmt.Sprintf(`UPDATE %s SET %s = %s, cseq = @E WHERE %s`, table, g.key, zz, g.free))
		add(table, "a row removed", `!DELETE FROM `+table+` WHERE `+g.free)
		add(table, "a row removed inside an entry", `DELETE FROM `+table+` WHERE `+g.free)
		add(table, "a new row without an entry", fmt.Sprintf(`!INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s LIMIT 1`, table, columns, fresh, table, g.free))
		again := strings.Replace(" "+columns, " cseq", " @E", 1)
		if table == "touch" { // a row of the same entry: cseq is part of its key
			add(table, "a row upserted", `INSERT INTO touch VALUES (@E, 'a', 'a', 1, '', ''); `+
				`INSERT INTO touch VALUES (@E, 'a', 'a', 2, '', '') ON CONFLICT (cseq, kind, id) DO UPDATE SET version = 2`)
		} else if !r.postgresql {
			add(table, "a row replaced", fmt.Sprintf(`INSERT OR REPLACE INTO %s (%s) SELECT %s FROM %s WHERE %s`, table, columns, again, table, g.free))
		}
		if !r.postgresql {
			continue
		}
		add(table, "all rows removed", `!TRUNCATE `+table+` CASCADE`)
	}
	if r.postgresql {
		for _, table := range []string{"entry", "entry_body", "log_hash", "checkpoint", "cosignature"} {
			add(table, "all rows removed", `!TRUNCATE `+table+` CASCADE`)
		}
		return all
	}
	add("entry", "a row replaced", `!INSERT OR REPLACE INTO entry VALUES (3, 'x', 'x', 'x', 'x', '', 'x', '', 0, 'x', 1)`)
	add("entry_body", "a row replaced", `INSERT OR REPLACE INTO entry_body VALUES (3, 'x', 'x', NULL)`)
	return all
}

// attacked is a county in which there is something to attack, and the text that
// names in attacks stand for.
func attacked(t *testing.T, url string) *strings.Replacer {
	t.Helper()
	o := rig.Open(t, url)
	o.Lived()
	han, zhu := o.Clerk("韩科长", "wjw"), o.Clerk("朱科员", "wjw")
	sub, draft := o.Filled(zhu, 2026), rig.ID[inspect.PlanID](o.Name()+"empty draft")
	o.Done(han, act.DraftPlan{Plan: draft, Kind: inspect.PlanOwn, Year: 2027})
	// Somebody else hands in what zhu drafted, so that both checks are tried.
	o.Done(han, act.SubmitPlan{Plan: sub, Seen: o.Plan(sub).Version})
	led := o.Drafted(han, inspect.PlanLed, 2027)
	o.Done(han, o.Line(led, "wjw", "gaj"))
	o.Done(han, act.InvitePlan{Plan: led, Seen: o.Plan(led).Version})
	free := rig.ID[inspect.PersonID]("person nobody")
	o.Done(o.Security(), act.AddPerson{ID: free, Name: "无岗位"})
	o.Extend()
	uploaded(t, url)
	const newest, whole = `(SELECT max(n) FROM entry)`, `INSERT INTO entry_body VALUES (@E, 'x', 'x', NULL); INSERT INTO touch VALUES (@E, 'x', 'x', 1, '', '')`
	closing := strings.ReplaceAll(whole+`; UPDATE entry SET leaf = 'x', done = 1 WHERE n = @E`, "@E", newest)
	pairs := []string{"@E", newest, "@WHOLE", strings.ReplaceAll(whole, "@E", newest), "@CLOSE", closing, "@DRAFT", quote(string(draft)), "@SUB", quote(string(sub)), "@LED", quote(string(led)),
		"@CLERK", quote(string(zhu.Person)), "@FREE", quote(string(free))}
	pairs = append(pairs, "@BARE", `(SELECT id FROM item WHERE code = 'Z-9')`, "@GONE", `(SELECT id FROM task WHERE state = 'discarded')`)
	for _, id := range []string{"z1", "z2"} {
		pairs = append(pairs, "@JOINT("+id+")", `INSERT INTO joint_list SELECT `+quote(id)+`, 1, org, region, 0, NULL, '', 'draft', 0, '[]', '[]', 'x', 'x', '', '', '', '', `+
			newest+` FROM joint_list WHERE state = 'published'`)
	}
	for _, code := range []string{"zf", "lhb", "gaj", "wjw", "sfj"} {
		pairs = append(pairs, "@ORG("+code+")", quote(string(rig.Org(code))))
	}
	return strings.NewReplacer(pairs...)
}

// passes tries an attack and reports whether the database let it through.
func (r *raw) passes(a attack, names *strings.Replacer) bool {
	r.t.Helper()
	tx, err := r.Begin()
	if err != nil {
		r.t.Fatal(err)
	}
	defer tx.Rollback()
	sql, bare := strings.CutPrefix(names.Replace(a.sql), "!")
	run := func(statement string) bool {
		_, err = tx.Exec(statement)
		return err == nil
	}
	if !bare && !run(`INSERT INTO entry SELECT max(n) + 1, 'x', 'attack', 'x', 'x', '', 'x', '', 0, '', 0 FROM entry`) {
		r.t.Fatalf("%s: open an entry: %v", a.name, err)
	}
	for _, statement := range strings.Split(sql, "; ") {
		if !run(statement) {
			return false
		}
	}
	if !bare && !run(`INSERT INTO entry_body SELECT n, 'x', 'x', NULL FROM entry e WHERE done = 0 AND NOT EXISTS (SELECT 1 FROM entry_body b WHERE b.n = e.n)`) ||
		!bare && !run(`INSERT INTO touch SELECT n, 'x', 'x', 1, '', '' FROM entry e WHERE done = 0 AND NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = e.n)`) ||
		!bare && !run(`UPDATE entry SET leaf = 'x', done = 1 WHERE done = 0`) {
		return false
	}
	return tx.Commit() == nil
}

// INV-01, INV-02, INV-09, INV-14, INV-15, INV-24: the database itself refuses
// what no act would do, whoever sends it.
func TestDatabaseRefuses(t *testing.T) {
	each := func(t *testing.T, url string) {
		names := attacked(t, url)
		r := openRaw(t, url, false)
		for _, a := range slices.Concat(entryAttacks, ruleAttacks, inspectorAttacks, taskAttacks, batchAttacks, guardAttacks(r)) {
			if r.passes(a, names) {
				t.Fatalf("%s: the database let it through: %s", a.name, names.Replace(a.sql))
			}
		}
		if !r.passes(attack{"a lawful change", `UPDATE person SET name = '改名', version = version + 1, cseq = @E WHERE id = @FREE; ` +
			`INSERT INTO touch VALUES (@E, 'person', @FREE, 2, '', ''); INSERT INTO entry_body VALUES (@E, 'x', 'x', NULL)`}, names) {
			t.Error("the database refuses a lawful change, too: the attacks show nothing")
		}
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); each(t, rig.SQLite(t)) })
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); each(t, rig.County(t)) })
	}
}
