package store

import (
	"context"
	"encoding/json"
	"fmt"

	"suicha/internal/inspect"
)

const itemCols = `id, version, org, code, name, sub_item, field, category, max_share, frequency, basis, body, objects, content, method,
	qualifications, materials, results, division, remark, since, retired, outside, key_ground, reason, effective, by_whom, at,
	upstream, upstream_version, upstream_code, upstream_kept`

func scanItem(s scanner) (i inspect.Item, err error) {
	return i, s.Scan(&i.ID, &i.Version, &i.Org, &i.Code, &i.Name, &i.SubItem, &i.Field, &i.Category, &i.MaxShare, &i.Frequency, &i.Basis, &i.Body,
		&i.Objects, &i.Content, setCol[inspect.Method]{(*[]inspect.Method)(&i.Methods)}, &i.Qualifications, &i.Materials, &i.Results, &i.Division,
		&i.Remark, dayCol{&i.Since}, dayCol{&i.Retired}, &i.Outside, &i.KeyGround, &i.Reason, dayCol{&i.Effective}, &i.By, instantCol{&i.At},
		&i.Upstream.List, &i.Upstream.Version, &i.Upstream.Code, &i.Upstream.Kept)
}

// Items returns the items of a region's departments, by department and code.
// Lists of items are public: R22.
func (db *DB) Items(ctx context.Context, _ inspect.Scope, region string) ([]inspect.Item, error) {
	return items(ctx, db.db, region)
}

func items(ctx context.Context, q queryer, region string) ([]inspect.Item, error) {
	return list(ctx, q, scanItem, `
		SELECT `+itemCols+`
		FROM   item
		WHERE  org IN (SELECT id FROM org WHERE region = $1)
		ORDER  BY (SELECT `+byPinyin("o.name")+` FROM org o WHERE o.id = item.org), org, code`, region)
}

// Item returns one item.
func (t *Tx) Item(ctx context.Context, id inspect.ItemID) (inspect.Item, error) {
	return row(ctx, t.tx, scanItem, `SELECT `+itemCols+` FROM item WHERE id = $1`, id)
}

// ItemCodeTaken reports whether another item of the department has this code.
func (t *Tx) ItemCodeTaken(ctx context.Context, i inspect.Item) (bool, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM item WHERE org = $1 AND code = $2 AND id <> $3`, i.Org, i.Code, i.ID)
	return n > 0, err
}

// itemValues are the columns of an item behind id and version.
func itemValues(i inspect.Item) []any {
	return []any{
		i.Org, i.Code, i.Name, i.SubItem, i.Field, i.Category, i.MaxShare, i.Frequency, i.Basis, i.Body, i.Objects, i.Content,
		set([]inspect.Method(i.Methods)), i.Qualifications, i.Materials, i.Results, i.Division, i.Remark, day(i.Since), day(i.Retired),
		i.Outside, i.KeyGround, i.Reason, day(i.Effective), i.By, instant(i.At), i.Upstream.List, i.Upstream.Version, i.Upstream.Code, i.Upstream.Kept,
	}
}

// AddItem stores a new item.
func (t *Tx) AddItem(ctx context.Context, i inspect.Item) error {
	_, err := exec(ctx, t.tx, `
		INSERT INTO item (`+itemCols+`, cseq)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
		        $27, $28, $29, $30, $31, $32)`,
		append(append([]any{i.ID}, itemValues(i)...), t.n)...)
	if err != nil {
		return err
	}
	return t.touch(ctx, "item", string(i.ID), 1, "", "")
}

// PutItem replaces the item that i was made from.
func (t *Tx) PutItem(ctx context.Context, i inspect.Item) error {
	err := t.swap(ctx, `
		UPDATE item
		SET    version = version + 1, org = $3, code = $4, name = $5, sub_item = $6, field = $7, category = $8, max_share = $9, frequency = $10,
		       basis = $11, body = $12, objects = $13, content = $14, method = $15, qualifications = $16, materials = $17, results = $18,
		       division = $19, remark = $20, since = $21, retired = $22, outside = $23, key_ground = $24, reason = $25, effective = $26,
		       by_whom = $27, at = $28, upstream = $29, upstream_version = $30, upstream_code = $31, upstream_kept = $32, cseq = $33
		WHERE  id = $1 AND version = $2`,
		append(append([]any{i.ID, i.Version}, itemValues(i)...), t.n)...)
	if err != nil {
		return err
	}
	return t.touch(ctx, "item", string(i.ID), i.Version+1, "", "")
}

const sublibraryCols = `id, version, org, name, size, class_a, class_b, class_c, class_d, counted, rule`

func scanSublibrary(s scanner) (l inspect.Sublibrary, err error) {
	return l, s.Scan(&l.ID, &l.Version, &l.Org, &l.Name, &l.Size, &l.Classes[0], &l.Classes[1], &l.Classes[2], &l.Classes[3], dayCol{&l.Counted}, ruleCol{&l.Rule})
}

// Sublibraries returns the sub-libraries of a region's departments: names and
// sizes only, which plans show.
func (db *DB) Sublibraries(ctx context.Context, _ inspect.Scope, region string) ([]inspect.Sublibrary, error) {
	return sublibraries(ctx, db.db, region)
}

func sublibraries(ctx context.Context, q queryer, region string) ([]inspect.Sublibrary, error) {
	return list(ctx, q, scanSublibrary, `
		SELECT `+sublibraryCols+`
		FROM   sublibrary
		WHERE  org IN (SELECT id FROM org WHERE region = $1)
		ORDER  BY (SELECT `+byPinyin("o.name")+` FROM org o WHERE o.id = sublibrary.org), org, `+byPinyin("sublibrary.name")+`, id`, region)
}

// Sublibrary returns one sub-library.
func (t *Tx) Sublibrary(ctx context.Context, id inspect.SublibraryID) (inspect.Sublibrary, error) {
	return row(ctx, t.tx, scanSublibrary, `SELECT `+sublibraryCols+` FROM sublibrary WHERE id = $1`, id)
}

// AddSublibrary stores a new sub-library.
func (t *Tx) AddSublibrary(ctx context.Context, l inspect.Sublibrary) error {
	_, err := exec(ctx, t.tx, `
		INSERT INTO sublibrary (id, version, org, name, size, class_a, class_b, class_c, class_d, counted, rule, cseq)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		l.ID, l.Org, l.Name, l.Size, l.Classes[0], l.Classes[1], l.Classes[2], l.Classes[3], day(l.Counted), ruleText(l.Rule), t.n)
	if err == nil {
		err = sortName(ctx, t.tx, l.Name)
	}
	if err != nil {
		return err
	}
	return t.touch(ctx, "sublibrary", string(l.ID), 1, "", "")
}

// PutSublibrary replaces the sub-library that l was made from.
func (t *Tx) PutSublibrary(ctx context.Context, l inspect.Sublibrary) error {
	err := t.swap(ctx, `
		UPDATE sublibrary
		SET    version = version + 1, name = $3, size = $4, class_a = $5, class_b = $6, class_c = $7, class_d = $8, counted = $9, rule = $10, cseq = $11
		WHERE  id = $1 AND version = $2`,
		l.ID, l.Version, l.Name, l.Size, l.Classes[0], l.Classes[1], l.Classes[2], l.Classes[3], day(l.Counted), ruleText(l.Rule), t.n)
	if err == nil {
		err = sortName(ctx, t.tx, l.Name)
	}
	if err != nil {
		return err
	}
	return t.touch(ctx, "sublibrary", string(l.ID), l.Version+1, "", "")
}

// ruleText is a sub-library's rule as its column has it; no rule is the empty text.
func ruleText(r inspect.MemberRule) string {
	if r.IsZero() {
		return ""
	}
	text, _ := json.Marshal(r) // lists of texts always can be written
	return string(text)
}

// A ruleCol scans what ruleText wrote.
type ruleCol struct{ rule *inspect.MemberRule }

func (c ruleCol) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("rule is a %T", v)
	}
	*c.rule = inspect.MemberRule{}
	if text == "" {
		return nil
	}
	if err := exact([]byte(text), c.rule); err != nil {
		return err
	}
	if ruleText(*c.rule) != text {
		return fmt.Errorf("rule is not in its one form")
	}
	return nil
}

// Areas returns the towns of a region, in their official order.
func (db *DB) Areas(ctx context.Context, _ inspect.Scope, region string) ([]inspect.Choice, error) {
	return areas(ctx, db.db, region)
}

func areas(ctx context.Context, q queryer, region string) ([]inspect.Choice, error) {
	return list(ctx, q, func(s scanner) (c inspect.Choice, err error) { return c, s.Scan(&c.Value, &c.Text) },
		`SELECT code, name FROM area WHERE region = $1 ORDER BY rank, code`, region)
}

// AddArea stores a town of a region, with its place in the official order.
func (t *Tx) AddArea(ctx context.Context, region, code, name string, rank int) error {
	_, err := exec(ctx, t.tx, `INSERT INTO area (code, region, name, rank, cseq) VALUES ($1, $2, $3, $4, $5)`, code, region, name, rank, t.n)
	if err != nil {
		return err
	}
	return t.touch(ctx, "area", code, 1, "", "")
}

// Facts returns everything that plan lines of a region can refer to.
func (t *Tx) Facts(ctx context.Context, region string) (inspect.Facts, error) {
	return facts(ctx, t.tx, region)
}

// Facts returns everything that plan lines of a region can refer to: names
// only, all of them public.
func (db *DB) Facts(ctx context.Context, _ inspect.Scope, region string) (inspect.Facts, error) {
	return facts(ctx, db.db, region)
}

func facts(ctx context.Context, q queryer, region string) (inspect.Facts, error) {
	f := inspect.Facts{
		Orgs: map[inspect.OrgID]inspect.Org{}, Items: map[inspect.ItemID]inspect.Item{},
		Sublibs: map[inspect.SublibraryID]inspect.Sublibrary{}, Areas: map[string]string{},
	}
	all, err := orgs(ctx, q, region)
	if err != nil {
		return f, err
	}
	for _, o := range all {
		f.Orgs[o.ID] = o
	}
	itemList, err := items(ctx, q, region)
	if err != nil {
		return f, err
	}
	for _, i := range itemList {
		f.Items[i.ID] = i
	}
	libs, err := sublibraries(ctx, q, region)
	if err != nil {
		return f, err
	}
	for _, l := range libs {
		f.Sublibs[l.ID] = l
	}
	towns, err := areas(ctx, q, region)
	for _, c := range towns {
		f.Areas[c.Value] = c.Text
	}
	return f, err
}

// HasArea reports whether code is a town of the region.
func (t *Tx) HasArea(ctx context.Context, region, code string) (bool, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM area WHERE region = $1 AND code = $2`, region, code)
	return n > 0, err
}
