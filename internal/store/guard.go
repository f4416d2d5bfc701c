package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"suicha/internal/inspect"
)

// Guards say what keys and checks cannot: append-only, no change without an
// open entry, states only by listed steps. They are generated from this list,
// in both dialects; no business logic lives in them. Why they are needed though
// only package act writes: SQLite has no grants, and INSERT OR REPLACE walks
// through a delete guard that stands alone (docs/design/trust.md).
var guards = []guard{
	{table: "org", key: []string{"id"}},
	{table: "person", key: []string{"id"}},
	{table: "standing", key: []string{"person"}, touch: `t.kind = 'post' AND EXISTS (SELECT 1 FROM post p WHERE p.id = t.id AND p.person = r.person)`},
	{table: "post", key: []string{"id"}},
	{table: "area", key: []string{"code"}, touch: `t.kind = 'area' AND t.id = r.code`},
	{table: "item", key: []string{"id"}},
	{table: "history", key: []string{"kind", "id", "version"}, append: true, touch: `(t.kind = r.kind OR t.kind LIKE r.kind || '.%') AND t.id = r.id AND t.version = r.version`},
	{table: "upstream_list", key: []string{"id"}},
	{table: "item_limit", key: []string{"id"}},
	{table: "checklist", key: []string{"id"}},
	{table: "joint_list", key: []string{"id"}, noun: "'joint_list'", first: []string{"draft"}},
	{table: "sublibrary", key: []string{"id"}},
	{table: "plan", key: []string{"id"}, noun: "'plan.' || NEW.kind", first: []string{"draft"},
		touch: `t.kind = 'plan.' || r.kind AND t.id = r.id AND t.version = r.version`},
	{table: "plan_line", key: []string{"plan", "no"}, touch: `t.kind LIKE 'plan.%' AND t.id = r.plan`},
	{table: "consent", key: []string{"plan", "no", "org"}, noun: "'consent'", first: []string{"planned", "accepted", "invited", "proposed", "declined"},
		touch: `(t.kind = 'consent' OR t.kind LIKE 'plan.%') AND t.id = r.plan`},
	{table: "urge", key: []string{"id"}},
	{table: "object", key: []string{"no"}, library: []string{"object"}},
	{table: "past", key: []string{"kind", "key", "version"}, append: true, entry: "next", library: []string{
		"object", "flag", "licence", "member", "inspector", "inspector.away", "inspector.tie", "inspector.training", "workforce", "slot", "body_visit", "team"}},
	{table: "object_flag", key: []string{"no", "kind", "since"}, library: []string{"flag"}},
	{table: "object_licence", key: []string{"no", "name", "number"}, library: []string{"licence"}},
	{table: "member", key: []string{"sublib", "no"}, noun: "'member'", first: []string{"candidate"}, library: []string{"member"}},
	{table: "inspector", key: []string{"no"}, library: []string{"inspector"}},
	{table: "inspector_away", key: []string{"id"}, library: []string{"inspector.away"}},
	{table: "inspector_tie", key: []string{"id"}, library: []string{"inspector.tie"}},
	{table: "inspector_training", key: []string{"id"}, library: []string{"inspector.training"}},
	{table: "workforce", key: []string{"org"}, library: []string{"workforce"}},
	{table: "import", key: []string{"id"}, noun: "'import'", first: []string{"uploaded"}},
	{table: "security_seal", key: []string{"id"}, append: true, touch: `t.kind = 'security_seal' AND t.id = r.id AND t.version = r.version`},
	{table: "upstream_key", key: []string{"id"}, noun: "'upstream_key'", first: []string{"added"}},
	{table: "upstream_package", key: []string{"id"}, append: true, touch: `t.kind = 'upstream_package' AND t.id = r.id AND t.version = r.version`},
	{table: "task", key: []string{"id"}, noun: "'task'", first: []string{"draft"}, refuse: [][2]string{{unpacked, "the list from above is none for it"}}},
	{table: "task_item", key: []string{"task", "item"}, append: true, touch: `t.kind = 'task' AND t.id = r.task`},
	{table: "confirmation", key: []string{"id"}, append: true, touch: `t.kind = 'confirmation' AND t.id = r.id AND t.version = r.version`},
	{table: "body_cap", key: []string{"id"}},
	{table: "waiver", key: []string{"id"}, noun: "'waiver'", first: []string{"asked"}},
	{table: "batch", key: []string{"id"}, noun: "'batch'", first: []string{"draft"}},
	{table: "batch_file", key: []string{"batch", "run", "name", "part"}, append: true, frozen: frozenFile,
		touch: `t.kind = 'batch_file' AND t.version = 1 AND t.id = r.batch || '/' || CAST(r.run AS TEXT) || '/' || r.name || '/' || CAST(r.part AS TEXT)`},
	{table: "drawn", key: []string{"batch", "run", "task", "id"}, append: true, frozen: frozenDraw, library: []string{"drawn"}},
	{table: "seat", key: []string{"batch", "run", "id", "inspector"}, append: true, frozen: frozenDraw, library: []string{"seat"}},
	{table: "slot", key: []string{"object", "year", "n"}, library: []string{"slot"}, refuse: [][2]string{{unwaived, "the waiver is none for it"}}},
	{table: "body_visit", key: []string{"org", "object", "year", "exempt", "n"}, library: []string{"body_visit"}, refuse: [][2]string{
		{otherCap, "the cap is another"}, {unexcepted, "the cap has no such exception"}}},
	{table: "reading", key: []string{"id"}, append: true, touch: `t.kind = 'reading' AND t.id = r.id AND t.version = r.version`},
	{table: "team", key: []string{"id"}, noun: "'team'", first: []string{"formed", "dispatched"}, frozen: frozenTeam, library: []string{"team"},
		refuse: [][2]string{{hiddenRow + ` AND (NOT NEW.sealed OR NEW.body LIKE '{%')`, isHidden}}},
	{table: "dispatch", key: []string{"id"}, frozen: frozenTeam},
	{table: "subst", key: []string{"id"}, noun: "'subst'", first: []string{"asked"}, refuse: [][2]string{
		{hiddenRow + ` AND NEW.body LIKE '{%'`, isHidden}, {otherSubst, "it is another question"}}},
	{table: "visit", key: []string{"id"}, noun: "'visit'", first: []string{"prepared", "aside"}, refuse: [][2]string{
		{visitEnded, "it is signed"}, {visitChanged, "what was concluded does not change"}, {visitUnsigned, "not everybody signed it"}}},
	{table: "signature", key: []string{"id"}, refuse: [][2]string{
		{signedOpen, "nothing is concluded that it could bind"}, {signedAgain, "a signature is never changed"}}},
	{table: "result", key: []string{"id"}, noun: "'result'", first: []string{"drafted"}, refuse: [][2]string{
		{resultUnsigned, "its visit is not signed"}, {clockAnew, "its clock does not begin anew"}}},
	{table: "correction", key: []string{"id"}, noun: "'correction'", first: []string{"drafted"}},
	{table: "approval", key: []string{"id"}, append: true, refuse: [][2]string{{ownResult, "who inspected does not approve"}},
		touch: `t.kind = 'approval' AND t.id = r.id AND t.version = r.version`},
	{table: "publication", key: []string{"id"}, append: true, refuse: [][2]string{
		{noEdition, "it is not the edition that the result stands at"}, {unsignedEdition, "the principal leader did not sign it"},
		{endedBySomebody, "its term is not what ended it"}},
		touch: `t.kind = 'publication' AND t.id = r.id AND t.version = r.version`},
	{table: "feedback", key: []string{"id"}, noun: "'feedback'", first: []string{"received"}},
	{table: "followup", key: []string{"id"}, noun: "'followup'", first: []string{"open"}, refuse: [][2]string{
		{unpublished, "its result is not public"}, {skippedFollow, "steps of its kind are left out"}}},
	{table: "target", key: []string{"id"}, noun: "'target'", first: []string{"active"}, refuse: [][2]string{{targetOther, "a target does not become another"}}},
	{table: "delivery", key: []string{"id"}, noun: "'delivery'", first: []string{"waiting", "offered"}, refuse: [][2]string{
		{deliveryOther, "it is of no such edition"}, {deliveryGap, "deliveries are numbered without a gap"}, {deliveryKind, "it is none of its target"}}},
	{table: "delivery_package", key: []string{"id"}, append: true, touch: `t.kind = 'delivery_package' AND t.id = r.id AND t.version = r.version`},
	{table: "delivery_check", key: []string{"id"}, append: true, touch: `t.kind = 'delivery_check' AND t.id = r.id AND t.version = r.version`},
	{table: "appeal", key: []string{"id"}, noun: "'appeal'", first: []string{"received"}, refuse: [][2]string{
		{unpublished, "its result is not public"}, {otherAppeal, "it is another appeal"}, {ownAppeal, "nobody decides about his own work"}}},
	{table: "appeal_added", key: []string{"id"}, append: true, refuse: [][2]string{{addedClosed, "nothing is added to that appeal"}},
		touch: `t.kind = 'appeal_added' AND t.id = r.id AND t.version = r.version`},
	{table: "touch", key: []string{"cseq", "kind", "id"}, append: true},
}

// Nothing follows from a result before its publication: R99. The states of the kinds
// differ but for the first and the last: a clue and a suspected crime do not go from one
// to the other, and no follow-up becomes one of another kind.
const (
	unpublished   = `NOT EXISTS (SELECT 1 FROM result r WHERE r.id = NEW.result AND r.org = NEW.org AND r.published_by <> '')`
	skippedFollow = `EXISTS (SELECT 1 FROM followup f WHERE f.id = NEW.id AND (f.kind <> NEW.kind
		OR f.state = 'open' AND NEW.state = 'closed' AND f.kind IN ('case', 'notify', 'crime')))`
)

// No substitution becomes another one, and an application for recusal keeps its receipt
// number and the digest of its words.
const otherSubst = `EXISTS (SELECT 1 FROM subst x WHERE x.id = NEW.id AND (x.team <> NEW.team
	OR x.lookup <> NEW.lookup OR x.digest <> NEW.digest OR x.asked_by <> NEW.asked_by OR x.asked_at <> NEW.asked_at))`

// A visit that is signed takes no change, unless it is opened again while no department
// has a result of it in hand or public: R91. One that is concluded none of what was
// concluded, and none is signed before everybody signed: R88. A signature is given on
// what is concluded, and does nothing afterwards but lose its force: INV-10.
const (
	visitEnded = `EXISTS (SELECT 1 FROM visit v WHERE v.id = NEW.id AND v.state = 'signed') AND (NEW.state NOT IN ('begun', 'aside')
		OR EXISTS (SELECT 1 FROM result r WHERE r.visit = NEW.id AND (r.state <> 'drafted' OR r.edition > 0)))`
	visitChanged = `NEW.state IN ('concluded', 'signed') AND EXISTS (SELECT 1 FROM visit v WHERE v.id = NEW.id AND v.state = 'concluded'
		AND (v.digest <> NEW.digest OR v.members <> NEW.members OR v.special <> NEW.special OR v.team <> NEW.team OR v.object <> NEW.object))`
	visitUnsigned = `NEW.state = 'signed' AND (
		(SELECT count(*) FROM signature s WHERE s.visit = NEW.id AND s.binds = NEW.digest AND s.kind = 'member') <> NEW.members
		OR NEW.special = '' AND NOT EXISTS (SELECT 1 FROM signature s WHERE s.visit = NEW.id AND s.binds = NEW.digest AND s.kind = 'party'))`
	signedOpen = `NOT EXISTS (SELECT 1 FROM visit v WHERE v.id = NEW.visit AND v.digest = NEW.digest
		AND (v.state = 'concluded' OR v.state = 'signed' AND NEW.binds IS NULL))`
	// INV-10: nothing is handed in, approved or published of a visit that is not signed.
	resultUnsigned = `NEW.state <> 'drafted' AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.id = NEW.visit AND v.state = 'signed')`
	signedAgain    = `EXISTS (SELECT 1 FROM signature s WHERE s.id = NEW.id AND (NEW.binds IS NOT NULL OR s.binds IS NULL OR s.visit <> NEW.visit
		OR s.digest <> NEW.digest OR s.kind <> NEW.kind OR s.inspector <> NEW.inspector OR s.body <> NEW.body OR s.by_whom <> NEW.by_whom OR s.at <> NEW.at))`
)

// What is locked takes no more rows: INV-03, R68. A document has all its parts from
// one entry; the list and what is fixed with it come at the lock, the outcome at the
// draw, of the batch's present run. Of a sealed run the draw leaves nothing that can be
// read; lists and rows come when it is disclosed: INV-05. Substitutions and replacements alone
// are added afterwards, line by line; those of a sealed run are encrypted until then.
const (
	frozenFile = `NEW.name NOT IN ('substitutions.tsv', 'substitutions.sealed', 'replacements.tsv', 'replacements.sealed') AND (` + frozenDocument + `)
		OR NEW.name IN ('substitutions.tsv', 'substitutions.sealed', 'replacements.tsv', 'replacements.sealed') AND (
		NEW.part <> (SELECT count(*) FROM batch_file f WHERE f.batch = NEW.batch AND f.run = NEW.run AND f.name = NEW.name)
		OR NOT EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch AND b.run = NEW.run
			AND (b.state IN ('drawn', 'disclosed') OR b.state = 'annulled' AND b.entrusted_at <> '')
			AND (b.entrusted_at <> '' AND b.disclosed_at = '') = (NEW.name IN ('substitutions.sealed', 'replacements.sealed'))))`
	frozenDocument = `EXISTS (SELECT 1 FROM batch_file f WHERE f.batch = NEW.batch AND f.run = NEW.run AND f.name = NEW.name AND f.cseq <> NEW.cseq)
		OR NOT EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch AND b.run = NEW.run AND b.state NOT IN ('draft', 'disclosed', 'discarded')
			AND (b.state <> 'annulled' OR b.disclosed_at = '')
			AND (b.state = 'announced' OR NEW.name NOT IN ('population.tsv', 'lock.json', 'difference.tsv', 'inspectors.tsv', 'eligibility.tsv', 'needs.tsv', 'avoidance.tsv', 'objects.tsv', 'excluded.tsv', 'waived.tsv', 'unfound.tsv', 'widened.tsv'))
			AND (b.state = 'opened' OR NEW.name NOT IN ('result.json', 'key.sealed', 'custodian.sealed', 'outcome.sealed'))
			AND (b.state = 'opened' AND b.entrusted_at = '' OR b.state IN ('drawn', 'annulled') AND b.entrusted_at <> ''
				OR NEW.name NOT IN ('result.tsv', 'reserve.tsv', 'demands.tsv', 'assignment.tsv', 'balance.tsv')))`
	frozenTeam = `NOT EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch AND b.run = NEW.run AND b.state IN ('opened', 'drawn', 'disclosed'))`
	// INV-05: before the day of a sealed list no row about its teams can be read.
	hiddenRow  = `EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch AND b.entrusted_at <> '' AND b.disclosed_at = '')`
	frozenDraw = `NOT EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch AND b.run = NEW.run
		AND (b.state = 'opened' AND b.entrusted_at = '' OR b.state = 'drawn' AND b.entrusted_at <> ''))`
)

// A third visit of the year is one that a waiver granted: R52, R53. A body's visit is
// counted against the cap as it is, or on a ground that the cap excepts: 国办发〔2024〕54号.
// INV-06.
const (
	unwaived = `NEW.n > 2 AND NOT EXISTS (SELECT 1 FROM waiver w
		WHERE w.id = NEW.waiver AND w.object = NEW.object AND w.year = NEW.year AND w.state = 'granted')`
	otherCap = `NEW.batch IS NOT NULL AND NEW.most <> coalesce((SELECT c.most FROM body_cap c WHERE c.org = NEW.org AND c.year = NEW.year), 0)`
	// R64: a task of a list from above has one, which its department received.
	unpacked = `(NEW.source = 'upstream') <> (NEW.package <> '') OR NEW.package <> '' AND NOT EXISTS (SELECT 1 FROM upstream_package p
		WHERE p.id = NEW.package AND p.org = NEW.org)`
	// Grounds are lines, which the SQL parts by a line end as here.
	unexcepted = `NEW.batch IS NOT NULL AND NEW.exempt AND NOT EXISTS (SELECT 1 FROM body_cap c
		WHERE c.org = NEW.org AND c.year = NEW.year AND '
' || c.grounds || '
' LIKE '%
' || NEW.ground || '
%')`
)

// A guard protects one table. With noun set, its column state moves only by the
// steps of that noun, and a new row begins in one of the first states.
type guard struct {
	table   string
	key     []string
	append  bool   // rows are written once
	entry   string // the column that names the open entry, if not cseq
	noun    string
	first   []string
	touch   string      // the touch t that belongs to a row r, for inv_01; by id and version if empty
	frozen  string      // when NEW is refused because what it belongs to is locked
	refuse  [][2]string // when NEW is refused at insert and at update, with the reason
	library []string    // of a library's table: what its entries touch, if no import
}

const (
	noEntry  = "no open entry"
	notNew   = "the key is not new"
	noDelete = "rows are never removed"
	noUpdate = "rows are never changed"
	noStep   = "the step is not listed"
	isFrozen = "it is locked"
	isHidden = "the list is sealed"
	noWhole  = "an entry is closed with its body and its effect"
)

// conditions returns what must hold for an insert and for an update of g's
// table, each as SQL over NEW and OLD that is true when the row is refused,
// with the reason.
func (g guard) conditions() (insert, update [][2]string) {
	entry := [2]string{fmt.Sprintf(`NOT EXISTS (SELECT 1 FROM entry e WHERE e.n = NEW.%s AND e.done = 0)`, cmp.Or(g.entry, "cseq")), noEntry}
	same := make([]string, len(g.key))
	for i, k := range g.key {
		same[i] = fmt.Sprintf("t.%s = NEW.%s", k, k)
	}
	insert = [][2]string{entry, {fmt.Sprintf(`EXISTS (SELECT 1 FROM %s t WHERE %s)`, g.table, strings.Join(same, " AND ")), notNew}}
	insert = append(insert, g.refuse...)
	if g.frozen != "" {
		insert = append(insert, [2]string{g.frozen, isFrozen})
	}
	if g.append {
		return insert, [][2]string{{"1 = 1", noUpdate}}
	}
	update = append([][2]string{entry}, g.refuse...)
	for _, k := range g.key {
		update = append(update, [2]string{fmt.Sprintf("NEW.%s <> OLD.%s", k, k), notNew})
	}
	if g.noun != "" {
		insert = append(insert, [2]string{fmt.Sprintf("NEW.state NOT IN ('%s')", strings.Join(g.first, "', '")), noStep})
		update = append(update, [2]string{fmt.Sprintf(
			`NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM step s WHERE s.noun = %s AND s.was = OLD.state AND s.becomes = NEW.state)`, g.noun), noStep})
	}
	return insert, update
}

// entryGuards are the rules of the two tables that are the record itself:
// INV-01, INV-02.
var entryGuards = []struct {
	table          string
	insert, update [][2]string
}{
	{"entry",
		[][2]string{
			{`NEW.n <> (SELECT coalesce(max(e.n), -1) + 1 FROM entry e)`, "entries are numbered without a gap"},
			{`NEW.done <> 0 OR NEW.leaf <> ''`, "an entry begins open"},
		},
		[][2]string{{`NOT (OLD.done = 0 AND NEW.done = 1 AND NEW.leaf <> '' AND NEW.n = OLD.n AND NEW.at = OLD.at
			AND NEW.request = OLD.request AND NEW.actor = OLD.actor AND NEW.post = OLD.post AND NEW.org = OLD.org
			AND NEW.verb = OLD.verb)`, noUpdate},
			{`NOT EXISTS (SELECT 1 FROM entry_body b WHERE b.n = NEW.n) OR NOT EXISTS (SELECT 1 FROM touch t WHERE t.cseq = NEW.n)`, noWhole}}},
	{"entry_body",
		[][2]string{
			{`NOT EXISTS (SELECT 1 FROM entry e WHERE e.n = NEW.n AND e.done = 0)`, noEntry},
			{`EXISTS (SELECT 1 FROM entry_body b WHERE b.n = NEW.n)`, notNew},
		},
		[][2]string{{`NOT (NEW.n = OLD.n AND NEW.salt = '' AND NEW.body = '' AND OLD.erased IS NULL
			AND EXISTS (SELECT 1 FROM entry e WHERE e.n = NEW.erased AND e.done = 0))`, noUpdate}}},
}

// logGuards keep the derived log append-only: INV-24.
var logTables = []string{"log_hash", "checkpoint", "cosignature", "security_log"}

func eachGuard(make func(table, event string, refuse [][2]string)) {
	for _, g := range entryGuards {
		make(g.table, "INSERT", g.insert)
		make(g.table, "UPDATE", g.update)
		make(g.table, "DELETE", [][2]string{{"1 = 1", noDelete}})
	}
	for _, g := range guards {
		insert, update := g.conditions()
		make(g.table, "INSERT", insert)
		make(g.table, "UPDATE", update)
		make(g.table, "DELETE", [][2]string{{"1 = 1", noDelete}})
	}
	make("security_log", "INSERT", [][2]string{{`EXISTS (SELECT 1 FROM security_log t WHERE t.id = NEW.id)`, notNew}})
	for _, table := range logTables {
		make(table, "UPDATE", [][2]string{{"1 = 1", noUpdate}})
		make(table, "DELETE", [][2]string{{"1 = 1", noDelete}})
	}
}

func sqliteGuards() []string {
	var sql []string
	eachGuard(func(table, event string, refuse [][2]string) {
		name := "guard_" + table + "_" + strings.ToLower(event)
		var b strings.Builder
		fmt.Fprintf(&b, "CREATE TRIGGER %s BEFORE %s ON %s BEGIN\n", name, event, table)
		for _, r := range refuse {
			fmt.Fprintf(&b, "  SELECT RAISE(ABORT, '%s: %s') WHERE %s;\n", table, r[1], r[0])
		}
		b.WriteString("END")
		sql = append(sql, "DROP TRIGGER IF EXISTS "+name, b.String())
	})
	return sql
}

func postgresGuards() []string {
	var sql []string
	tables := map[string]bool{}
	eachGuard(func(table, event string, refuse [][2]string) {
		name := "guard_" + table + "_" + strings.ToLower(event)
		var b strings.Builder
		fmt.Fprintf(&b, "CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n", name)
		// All conditions are asked in one query: PostgreSQL begins and ends a query
		// for each IF that looks into a table, and an import asks for every row.
		all := make([]string, len(refuse))
		for i, r := range refuse {
			all[i] = "(" + r[0] + ")"
		}
		fmt.Fprintf(&b, "  IF %s THEN\n", strings.Join(all, " OR "))
		for _, r := range refuse {
			fmt.Fprintf(&b, "    IF %s THEN RAISE EXCEPTION '%s: %s' USING ERRCODE = 'check_violation'; END IF;\n", r[0], table, r[1])
		}
		b.WriteString("  END IF;\n")
		row := "NEW"
		if event == "DELETE" {
			row = "OLD"
		}
		fmt.Fprintf(&b, "  RETURN %s;\nEND $$", row)
		sql = append(sql, b.String(), fmt.Sprintf("CREATE OR REPLACE TRIGGER %s BEFORE %s ON %s FOR EACH ROW EXECUTE FUNCTION %s()", name, event, table, name))
		if !tables[table] {
			tables[table] = true
			sql = append(sql, fmt.Sprintf("CREATE OR REPLACE TRIGGER guard_%s_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION guard_truncate()", table, table))
		}
	})
	head := "CREATE OR REPLACE FUNCTION guard_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '" + noDelete + "' USING ERRCODE = 'check_violation'; END $$"
	return append([]string{head}, sql...)
}

// steps lists every lawful change of state of every noun once, for the table
// step.
func steps() [][3]string {
	var list [][3]string
	for _, kind := range inspect.PlanKinds {
		list = append(list, moves("plan."+string(kind), inspect.PlanLife(kind))...)
	}
	for _, kind := range inspect.FollowKinds {
		list = append(list, moves("followup", inspect.FollowUpLife(inspect.FollowKind(kind.Value)))...)
	}
	for _, kind := range inspect.TargetKinds {
		list = append(list, moves("delivery", inspect.DeliveryLife(inspect.TargetKind(kind.Value)))...)
	}
	for _, kind := range inspect.AppealKinds {
		list = append(list, moves("appeal", inspect.AppealLife(inspect.AppealKind(kind.Value)))...)
	}
	list = slices.Concat(list, moves("target", inspect.TargetLife()),
		moves("consent", inspect.ConsentLife()), moves("joint_list", inspect.JointLife()), moves("import", inspect.ImportLife()),
		moves("member", inspect.MemberLife()), moves("task", inspect.TaskLife()), moves("waiver", inspect.WaiverLife()),
		moves("upstream_key", inspect.UpstreamKeyLife()), moves("batch", inspect.BatchLife()), moves("feedback", inspect.FeedbackLife()),
		moves("subst", inspect.SubstLife()), moves("team", inspect.TeamLife()), moves("visit", inspect.VisitLife()),
		moves("result", inspect.ResultLife()), moves("correction", inspect.CorrectionLife()))
	// A changed line asks everybody again.
	for _, from := range inspect.ConsentLife().States() {
		list = append(list, [3]string{"consent", string(from), string(inspect.ConsentPlanned)})
	}
	slices.SortFunc(list, func(a, b [3]string) int { return strings.Compare(strings.Join(a[:], " "), strings.Join(b[:], " ")) })
	return slices.Compact(list)
}

func moves[S ~string](noun string, life inspect.Life[S]) (list [][3]string) {
	for _, m := range life {
		list = append(list, [3]string{noun, string(m.From), string(m.To)})
	}
	return list
}
