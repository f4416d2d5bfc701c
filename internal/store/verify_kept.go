package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"suicha/internal/inspect"
)

// A keptKind is a kind of thing that entries hold images of: how such an image
// is read, and what the rows say now.
type keptKind struct {
	kind  string
	image func(image) (any, error)
	rows  func(context.Context, queryer) ([]keptRow, error)
}

// A keptRow is a row as it stands now.
type keptRow struct {
	table         string
	id            string
	version, cseq int64
	value         any
	parts         map[string]int64
}

// kept lists every kind of thing, in the order in which rows are compared.
var kept = []keptKind{
	keep("org", `SELECT `+orgCols+`, cseq FROM org ORDER BY id`, scanOrg,
		func(o *inspect.Org, id string, v int64) bool { o.Version = v; return string(o.ID) == id }),
	keep("area", `SELECT code, region, name, rank, cseq FROM area ORDER BY code`, scanTown,
		func(a *town, id string, v int64) bool { return a.Code == id && v == 1 }),
	keep("person", `SELECT id, version, name, cseq FROM person ORDER BY id`, scanPerson,
		func(p *inspect.Person, id string, v int64) bool { p.Version = v; return string(p.ID) == id }),
	keep("post", `SELECT `+postCols+`, cseq FROM post ORDER BY id`, scanPost,
		func(p *inspect.Post, id string, v int64) bool { p.Version = v; return string(p.ID) == id }),
	keep("item", `SELECT `+itemCols+`, cseq FROM item ORDER BY id`, scanItem,
		func(i *inspect.Item, id string, v int64) bool { i.Version = v; return string(i.ID) == id }),
	keep("sublibrary", `SELECT `+sublibraryCols+`, cseq FROM sublibrary ORDER BY id`, scanSublibrary,
		func(l *inspect.Sublibrary, id string, v int64) bool { l.Version = v; return string(l.ID) == id }),
	keep("urge", `SELECT `+urgeCols+`, cseq FROM urge ORDER BY id`, scanUrge,
		func(u *inspect.Urge, id string, v int64) bool { u.Version = v; return u.ID == id }),
	keep("upstream_list", `SELECT `+upstreamCols+`, cseq FROM upstream_list ORDER BY id`, scanUpstream,
		func(u *inspect.Upstream, id string, v int64) bool { u.Version = v; return string(u.ID) == id }),
	keep("item_limit", `SELECT `+limitCols+`, cseq FROM item_limit ORDER BY id`, scanLimit,
		func(l *inspect.ItemLimit, id string, v int64) bool { l.Version = v; return l.ID == id }),
	keep("checklist", `SELECT `+checklistCols+`, cseq FROM checklist ORDER BY id`, scanChecklist,
		func(c *inspect.Checklist, id string, v int64) bool { c.Version = v; return string(c.ID) == id }),
	keep("joint_list", `SELECT `+jointCols+`, cseq FROM joint_list ORDER BY id`, scanJoint,
		func(j *inspect.JointList, id string, v int64) bool { j.Version = v; return string(j.ID) == id }),
	keep("import", `SELECT `+importCols+`, cseq FROM import ORDER BY id`, scanImport,
		func(i *inspect.Import, id string, v int64) bool { i.Version = v; return string(i.ID) == id }),
	keep("security_seal", `SELECT `+sealCols+`, cseq FROM security_seal ORDER BY id`, scanSeal,
		func(s *inspect.Seal, id string, v int64) bool { s.Version = v; return s.ID == id }),
	{"task", imageAs(func(t *inspect.Task, id string, v int64) bool { t.Version = v; return string(t.ID) == id }), taskRows},
	keep("confirmation", `SELECT `+confirmationCols+`, cseq FROM confirmation ORDER BY id`, scanConfirmation,
		func(c *inspect.Confirmation, id string, v int64) bool { c.Version = v; return string(c.ID) == id }),
	keep("body_cap", `SELECT `+capCols+`, cseq FROM body_cap ORDER BY id`, scanCap,
		func(c *inspect.BodyCap, id string, v int64) bool { c.Version = v; return c.ID == id }),
	keep("waiver", `SELECT `+waiverCols+`, cseq FROM waiver ORDER BY id`, scanWaiver,
		func(w *inspect.Waiver, id string, v int64) bool { w.Version = v; return string(w.ID) == id }),
	keep("upstream_key", `SELECT `+upstreamKeyCols+`, cseq FROM upstream_key ORDER BY id`, scanUpstreamKey,
		func(k *inspect.UpstreamKey, id string, v int64) bool { k.Version = v; return string(k.ID) == id }),
	keep("upstream_package", `SELECT `+packageCols+`, cseq FROM upstream_package ORDER BY id`, scanPackage,
		func(p *inspect.UpstreamPackage, id string, v int64) bool { p.Version = v; return string(p.ID) == id }),
	keep("batch", `SELECT `+batchCols+`, cseq FROM batch ORDER BY id`, scanBatch,
		func(b *inspect.Batch, id string, v int64) bool { b.Version = v; return string(b.ID) == id }),
	keep("batch_file", `SELECT batch, run, name, part, text, cseq FROM batch_file ORDER BY batch, run, name, part`, scanBatchFile,
		func(f *inspect.BatchFile, id string, v int64) bool { f.Version = v; return f.ID == id }),
	keep("reading", `SELECT `+readingCols+`, cseq FROM reading ORDER BY id`, scanReading,
		func(r *inspect.Reading, id string, v int64) bool { return string(r.ID) == id && r.Version == v }),
	keep("feedback", `SELECT `+feedbackCols+`, cseq FROM feedback ORDER BY id`, scanFeedback,
		func(f *inspect.Feedback, id string, v int64) bool { f.Version = v; return string(f.ID) == id }),
	keep("subst", `SELECT `+substCols+`, cseq FROM subst ORDER BY id`, scanSubst,
		func(s *inspect.Subst, id string, v int64) bool { s.Version = v; return string(s.ID) == id }),
	keep("dispatch", `SELECT `+dispatchCols+`, cseq FROM dispatch ORDER BY id`, scanDispatch,
		func(d *inspect.Dispatch, id string, v int64) bool { d.Version = v; return d.ID == id }),
	keep("visit", `SELECT `+visitCols+`, cseq FROM visit ORDER BY id`, scanVisit,
		func(v *inspect.Visit, id string, n int64) bool { v.Version = n; return string(v.ID) == id }),
	keep("signature", `SELECT `+signatureCols+`, cseq FROM signature ORDER BY id`, scanSignature,
		func(s *inspect.Signature, id string, n int64) bool { s.Version = n; return string(s.ID) == id }),
	keep("result", `SELECT `+resultCols+`, cseq FROM result ORDER BY id`, scanResult,
		func(r *inspect.Result, id string, v int64) bool { r.Version = v; return string(r.ID) == id }),
	keep("followup", `SELECT `+followUpCols+`, cseq FROM followup ORDER BY id`, scanFollowUp,
		func(f *inspect.FollowUp, id string, v int64) bool { f.Version = v; return string(f.ID) == id }),
	keep("target", `SELECT `+targetCols+`, cseq FROM target ORDER BY id`, scanTarget,
		func(x *inspect.Target, id string, v int64) bool { x.Version = v; return string(x.ID) == id }),
	keep("delivery", `SELECT `+deliveryCols+`, cseq FROM delivery ORDER BY id`, scanDelivery,
		func(d *inspect.Delivery, id string, v int64) bool { d.Version = v; return string(d.ID) == id }),
	keep("delivery_package", `SELECT `+packagedCols+`, cseq FROM delivery_package ORDER BY id`, scanPackaged,
		func(p *inspect.DeliveryPackage, id string, v int64) bool { p.Version = v; return p.ID == id }),
	keep("delivery_check", `SELECT `+deliveryCheckCols+`, cseq FROM delivery_check ORDER BY id`, scanDeliveryCheck,
		func(c *inspect.DeliveryCheck, id string, v int64) bool { c.Version = v; return c.ID == id }),
	keep("appeal", `SELECT `+appealCols+`, cseq FROM appeal ORDER BY id`, scanAppeal,
		func(a *inspect.Appeal, id string, v int64) bool { a.Version = v; return string(a.ID) == id }),
	keep("appeal_added", `SELECT `+addedCols+`, cseq FROM appeal_added ORDER BY id`, scanAdded,
		func(x *inspect.AppealAdded, id string, v int64) bool { x.Version = v; return x.ID == id }),
	keep("correction", `SELECT `+correctionCols+`, cseq FROM correction ORDER BY id`, scanCorrection,
		func(c *inspect.Correction, id string, v int64) bool { c.Version = v; return string(c.ID) == id }),
	keep("approval", `SELECT `+approvalCols+`, cseq FROM approval ORDER BY id`, scanApproval,
		func(a *inspect.Approval, id string, v int64) bool { a.Version = v; return a.ID == id }),
	keep("publication", `SELECT `+publicationCols+`, `+publicationFinds+`, cseq FROM publication ORDER BY id`, scanKeptPublication,
		func(p *inspect.Publication, id string, v int64) bool { p.Version = v; return string(p.ID) == id }),
	{"plan", imageAs(func(p *inspect.Plan, id string, v int64) bool { p.Version = v; return string(p.ID) == id }), planRows},
}

// keep describes a kind whose things are one row each.
func keep[T any](kind, query string, scan func(scanner) (T, error), is func(*T, string, int64) bool) keptKind {
	return keptKind{kind, imageAs(is), func(ctx context.Context, q queryer) ([]keptRow, error) {
		return list(ctx, q, func(s scanner) (r keptRow, err error) {
			tail := tailScanner{scanner: s, tail: []any{&r.cseq}}
			value, err := scan(tail)
			var of struct {
				ID, Code string
				Version  int64
			}
			text, _ := json.Marshal(value) // these structs always can be written
			err = errors.Join(err, json.Unmarshal(text, &of))
			r.table, r.id, r.version, r.value = kind, of.ID, of.Version, value
			if kind == "area" {
				r.id, r.version = of.Code, 1
			}
			return r, err
		}, query)
	}}
}

// imageAs reads an image's value. Is sets the version and reports whether the
// value is of the thing that the image names.
func imageAs[T any](is func(*T, string, int64) bool) func(image) (any, error) {
	return func(im image) (any, error) {
		var v T
		if err := exact(im.Value, &v); err != nil {
			return nil, err
		}
		if !is(&v, im.ID, im.Version) {
			return nil, errors.New("it is of another thing")
		}
		return v, nil
	}
}

// A tailScanner scans columns behind those that a scan function asks for.
type tailScanner struct {
	scanner
	tail []any
}

func (t tailScanner) Scan(dest ...any) error { return t.scanner.Scan(append(dest, t.tail...)...) }

// A town is a row of area.
type town struct {
	Code, Region, Name string
	Rank               int
}

func scanTown(s scanner) (a town, err error) {
	return a, s.Scan(&a.Code, &a.Region, &a.Name, &a.Rank)
}

// planRows are all plans with lines and consents, and which entries wrote those.
func planRows(ctx context.Context, q queryer) ([]keptRow, error) {
	ids := map[inspect.PlanID]int{}
	var rows []keptRow
	plans, err := list(ctx, q, func(s scanner) (p inspect.Plan, err error) {
		r := keptRow{table: "plan", parts: map[string]int64{}}
		p, err = scanPlan(tailScanner{s, []any{&r.cseq}})
		r.id, r.version = string(p.ID), p.Version
		ids[p.ID] = len(rows)
		rows = append(rows, r)
		return p, err
	}, `SELECT `+planCols+`, cseq FROM plan ORDER BY id`)
	if err != nil {
		return nil, err
	}
	for some := range slices.Chunk(plans, verifyPage) {
		if err := fill(ctx, q, some); err != nil {
			return nil, err
		}
	}
	for i, p := range plans {
		rows[i].value = p
	}
	_, err = list(ctx, q, func(s scanner) (none struct{}, err error) {
		var plan inspect.PlanID
		var org inspect.OrgID
		var no int
		var cseq int64
		if err := s.Scan(&plan, &no, &org, &cseq); err != nil {
			return none, err
		}
		key, table := lineKey(no), "plan_line"
		if org != "" {
			key, table = consentKey(no, org), "consent"
		}
		i, ok := ids[plan]
		if !ok {
			return none, Fault{table, fmt.Sprint(plan, " ", no), "its plan is missing"}
		}
		rows[i].parts[key] = cseq
		return none, nil
	}, `
		SELECT plan, no, '' AS org, cseq FROM plan_line
		UNION ALL
		SELECT plan, no, org, cseq FROM consent`)
	return rows, err
}

// rows compares the rows as they stand now with what the newest images say.
func (r *replay) rows(ctx context.Context, q queryer) error {
	for _, k := range kept {
		rows, err := k.rows(ctx, q)
		if err != nil {
			return fmt.Errorf("read the rows of %s: %w", k.kind, err)
		}
		for _, row := range rows {
			if err := r.row(k.kind, row); err != nil {
				return err
			}
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(r.things), func(a, b thingKey) int {
		return strings.Compare(a.kind+a.id, b.kind+b.id)
	}) {
		return Fault{key.kind, key.id, "the row is missing"}
	}
	return r.classes(ctx, q)
}

// row compares one row and takes its thing off the list.
func (r *replay) row(kind string, row keptRow) error {
	bad := func(table, text string) error { return Fault{table, row.id, text} }
	t := r.things[thingKey{kind, row.id}]
	switch {
	case t == nil:
		return bad(row.table, "no entry made it")
	case t.version != row.version || t.cseq != row.cseq:
		return bad(row.table, fmt.Sprintf("version %d of entry %d stands where entry %d wrote version %d", row.version, row.cseq, t.cseq, t.version))
	}
	delete(r.things, thingKey{kind, row.id})
	if t.value == nil {
		return nil
	}
	if canonical(t.value) != canonical(row.value) {
		return bad(differs(t.value, row.value, row.table), fmt.Sprintf("it is not what entry %d wrote", t.cseq))
	}
	if t.parts == nil || kind != "plan" {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(row.parts)) {
		if row.parts[key] != t.parts[key] {
			table, _, _ := strings.Cut(key, " ")
			return bad(table, fmt.Sprintf("%s names entry %d; entry %d wrote it", key, row.parts[key], t.parts[key]))
		}
	}
	if len(row.parts) != len(t.parts) {
		return bad("plan_line", "a line or a consent is missing")
	}
	return nil
}

// differs names the table in which a thing is not what it should be.
func differs(want, got any, table string) string {
	a, ok := want.(inspect.Plan)
	if !ok {
		return table
	}
	b := got.(inspect.Plan)
	for i := 0; i < len(a.Lines) && i < len(b.Lines); i++ {
		if canonical(bare(a.Lines[i])) != canonical(bare(b.Lines[i])) {
			return "plan_line"
		}
		if canonical(a.Lines[i].Consents) != canonical(b.Lines[i].Consents) {
			return "consent"
		}
	}
	if len(a.Lines) != len(b.Lines) {
		return "plan_line"
	}
	return table
}

// classes checks the two columns that follow from posts: INV-14.
func (r *replay) classes(ctx context.Context, q queryer) error {
	type stand struct {
		person inspect.PersonID
		standing
	}
	rows, err := list(ctx, q, func(s scanner) (x stand, err error) { return x, s.Scan(&x.person, &x.class, &x.cseq) },
		`SELECT person, class, cseq FROM standing ORDER BY person`)
	if err != nil {
		return fmt.Errorf("read the rows of standing: %w", err)
	}
	for _, x := range rows {
		if r.standing[x.person] != x.standing && r.Erased == 0 {
			return Fault{"standing", string(x.person), "it is not the class of the post granted last"}
		}
	}
	if len(rows) != len(r.standing) && r.Erased == 0 {
		return Fault{"standing", "", fmt.Sprintf("%d rows for %d persons with posts", len(rows), len(r.standing))}
	}
	ids, err := list(ctx, q, func(s scanner) (id string, err error) { return id, s.Scan(&id) }, `
		SELECT id FROM post
		WHERE  class IS DISTINCT FROM CASE WHEN ended THEN NULL
		       WHEN kind IN ('system_admin', 'security_admin', 'audit_admin') THEN kind ELSE 'business' END
		ORDER  BY id`)
	if err == nil && len(ids) > 0 {
		err = Fault{"post", ids[0], "its class does not follow from kind and end"}
	}
	return err
}
