package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"suicha/internal/inspect"
)

const deliveryCols = `id, version, region, target, kind, no, publication, result, edition, org, digest, state, package, tries, next_try, opened_at, since,
	receipt, reason, body`

func scanDelivery(s scanner) (d inspect.Delivery, err error) {
	return d, s.Scan(&d.ID, &d.Version, &d.Region, &d.Target, &d.Kind, &d.No, &d.Publication, &d.Result, &d.Edition, &d.Org, &d.Digest, &d.State,
		&d.Package, &d.Tries, instantCol{&d.Next}, instantCol{&d.OpenedAt}, instantCol{&d.Since}, &d.Receipt, &d.Reason, jsonCol[[]inspect.Step]{&d.Steps})
}

// PutDelivery stores a delivery, new if it has no version, or replaces the version that d
// was made from. Was is the state before.
func (t *Tx) PutDelivery(ctx context.Context, was inspect.DeliveryState, d inspect.Delivery) error {
	return t.write(ctx, "delivery", string(d.ID), d.Version, []column{
		{"region", d.Region}, {"target", string(d.Target)}, {"kind", string(d.Kind)}, {"no", d.No}, {"publication", string(d.Publication)},
		{"result", string(d.Result)}, {"edition", int64(d.Edition)}, {"org", string(d.Org)}, {"digest", d.Digest}, {"state", string(d.State)},
		{"package", d.Package}, {"tries", int64(d.Tries)}, {"next_try", instant(d.Next)}, {"opened_at", instant(d.OpenedAt)}, {"since", instant(d.Since)},
		{"receipt", d.Receipt}, {"reason", d.Reason}, {"body", asJSON(d.Steps)},
	}, string(was), string(d.State))
}

// Delivery returns one delivery.
func (t *Tx) Delivery(ctx context.Context, id inspect.DeliveryID) (inspect.Delivery, error) {
	return row(ctx, t.tx, scanDelivery, `SELECT `+deliveryCols+` FROM delivery WHERE id = $1`, string(id))
}

// NextDeliveryNo is the number of a target's next delivery.
func (t *Tx) NextDeliveryNo(ctx context.Context, target inspect.TargetID) (int64, error) {
	return row(ctx, t.tx, scanCount, `SELECT coalesce(max(no), 0) + 1 FROM delivery WHERE target = $1`, string(target))
}

// NextPackage is the number of a target's next file.
func (t *Tx) NextPackage(ctx context.Context, target inspect.TargetID) (int64, error) {
	return row(ctx, t.tx, scanCount, `SELECT coalesce(max(no), 0) + 1 FROM delivery_package WHERE target = $1`, string(target))
}

const packagedCols = `id, version, region, target, no, by_whom, at, body`

func scanPackaged(s scanner) (p inspect.DeliveryPackage, err error) {
	return p, s.Scan(&p.ID, &p.Version, &p.Region, &p.Target, &p.No, &p.By, instantCol{&p.At}, jsonCol[[]int64]{&p.Nos})
}

// AddDeliveryPackage stores what a file that is handed over holds, for good.
func (t *Tx) AddDeliveryPackage(ctx context.Context, p inspect.DeliveryPackage) error {
	return t.write(ctx, "delivery_package", p.ID, 0, []column{
		{"region", p.Region}, {"target", string(p.Target)}, {"no", p.No}, {"by_whom", string(p.By)}, {"at", instant(p.At)}, {"body", asJSON(p.Nos)},
	}, "", "")
}

// DeliveriesOf returns the open deliveries of a result.
func (t *Tx) DeliveriesOf(ctx context.Context, result inspect.ResultID) ([]inspect.Delivery, error) {
	return list(ctx, t.tx, scanDelivery, `SELECT `+deliveryCols+` FROM delivery WHERE result = $1 AND state IN ('waiting', 'sent', 'failed') ORDER BY id`, string(result))
}

// EditionOf is the number of the newest edition of a result.
func (t *Tx) EditionOf(ctx context.Context, result inspect.ResultID) (int, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT coalesce(max(no), 0) FROM publication WHERE result = $1`, string(result))
	return int(n), err
}

// DeliveriesIn returns the first deliveries of a target in a state, or of those the ones
// of a file, at most one act's worth.
func (t *Tx) DeliveriesIn(ctx context.Context, target inspect.TargetID, state inspect.DeliveryState, number int64) ([]inspect.Delivery, error) {
	return list(ctx, t.tx, scanDelivery, `
		SELECT `+deliveryCols+`
		FROM   delivery
		WHERE  target = $1 AND state = $2 AND ($3 = 0 OR package = $3)
		ORDER  BY no
		LIMIT  $4`, string(target), string(state), number, inspect.DeliveriesMost)
}

// missingEditions are the newest editions of results which the target t is to get and
// has no delivery of: INV-21. What was withdrawn before it was ever delivered is not
// among them.
const missingEditions = `
	FROM   target t
	JOIN   publication p ON p.region = t.region AND p.day >= t.from_day
	WHERE  t.id = $1 AND t.state = 'active'
	AND    p.no = (SELECT max(x.no) FROM publication x WHERE x.result = p.result)
	AND    NOT EXISTS (SELECT 1 FROM delivery d WHERE d.target = t.id AND d.publication = p.id)
	AND    (p.kind NOT IN ('withdraw', 'repair', 'expire') OR EXISTS (SELECT 1 FROM delivery d WHERE d.target = t.id AND d.result = p.result))`

// MissingEditions returns the oldest editions that a target has no delivery of; with a
// result, that of the result.
func (t *Tx) MissingEditions(ctx context.Context, target inspect.TargetID, result inspect.ResultID) ([]inspect.Publication, error) {
	of, args := "", []any{string(target), inspect.DeliveriesMost}
	if result != "" {
		of, args = " AND p.result = $3", append(args, string(result))
	}
	return list(ctx, t.tx, scanPublication, `
		SELECT `+prefixed("p", strings.Split(publicationCols, ", "))+missingEditions+of+`
		ORDER  BY p.day, p.id
		LIMIT  $2`, args...)
}

// DeliveriesToRetry returns the deliveries of a target of these numbers; without numbers
// the first of those that failed and that nobody tries again by himself.
func (t *Tx) DeliveriesToRetry(ctx context.Context, target inspect.TargetID, nos []int64) ([]inspect.Delivery, error) {
	if len(nos) == 0 {
		return list(ctx, t.tx, scanDelivery, `
			SELECT `+deliveryCols+` FROM delivery WHERE target = $1 AND state = 'failed' AND next_try = '' ORDER BY no LIMIT $2`, string(target), inspect.DeliveriesMost)
	}
	return inParts(nos, 2, func(marks string, args []any) ([]inspect.Delivery, error) {
		return list(ctx, t.tx, scanDelivery, `SELECT `+deliveryCols+` FROM delivery WHERE target = $1 AND no IN `+marks+` ORDER BY no`,
			append([]any{string(target)}, args...)...)
	})
}

// MissingDeliveries counts the editions that a target has no delivery of.
func (db *DB) MissingDeliveries(ctx context.Context, target inspect.TargetID) (int64, error) {
	return row(ctx, db.db, scanCount, `SELECT count(*)`+missingEditions, string(target))
}

// seenDelivery returns the condition under which a delivery is within scope, over the
// delivery d, and its arguments from number first on: the same rule as
// inspect.Delivery.Relations.
func seenDelivery(scope inspect.Scope, first int) (string, []any) {
	switch scope.Reach {
	case inspect.ReachOwn:
		return fmt.Sprintf("d.org = $%d", first), []any{string(scope.Org)}
	case inspect.ReachOffice, inspect.ReachOversight:
		return fmt.Sprintf("d.region = $%d", first), []any{scope.Region}
	}
	return "1 = 0", nil
}

// A DeliveryFilter narrows a list of deliveries; zero fields do not.
type DeliveryFilter struct {
	Target inspect.TargetID
	Result inspect.ResultID
	Org    inspect.OrgID
	State  inspect.DeliveryState
	Open   bool      // waiting, sent or failed
	Stuck  bool      // failed, and nobody tries again by himself
	Before time.Time // open, not stuck, and opened before
	Text   string    // part of the object's name, its code or the receipt
	After  string    // DeliveryKey of the last row of the page before
	Most   int
}

// A DeliveryRow is a delivery with the edition that it is of.
type DeliveryRow struct {
	inspect.Delivery
	Published inspect.Publication
}

func scanDeliveryRow(s scanner) (r DeliveryRow, err error) {
	r.Delivery, err = scanDelivery(firstScanner{s, func(dest []any) (err error) {
		r.Published, err = scanPublication(headScanner{s, dest})
		return err
	}})
	return r, err
}

// A firstScanner hands what a scan function asks for to another.
type firstScanner struct {
	scanner
	then func(dest []any) error
}

func (f firstScanner) Scan(dest ...any) error { return f.then(dest) }

// A headScanner scans columns before those that a scan function asks for.
type headScanner struct {
	scanner
	head []any
}

func (h headScanner) Scan(dest ...any) error { return h.scanner.Scan(append(h.head, dest...)...) }

// deliveryAndEdition are the columns of a delivery and its edition, deliveryRows selects
// them.
var (
	deliveryAndEdition = prefixed("d", strings.Fields(strings.ReplaceAll(deliveryCols, ",", " "))) + `, ` + prefixed("p", strings.Split(publicationCols, ", "))
	deliveryRows       = `
	SELECT ` + deliveryAndEdition + `
	FROM   delivery d
	JOIN   publication p ON p.id = d.publication
`
)

// DeliveryKey is the place of d in the order of Deliveries.
func DeliveryKey(d inspect.Delivery) string { return instant(d.OpenedAt) + "_" + string(d.ID) }

// Deliveries returns the deliveries within scope that match the filter, the newest first.
func (db *DB) Deliveries(ctx context.Context, scope inspect.Scope, f DeliveryFilter) ([]DeliveryRow, error) {
	where, args := seenDelivery(scope, 1)
	and := func(cond string, value any) {
		args = append(args, value)
		where += " AND " + strings.ReplaceAll(cond, "$?", fmt.Sprintf("$%d", len(args)))
	}
	for _, c := range []struct{ column, value string }{
		{"target", string(f.Target)}, {"result", string(f.Result)}, {"org", string(f.Org)}, {"state", string(f.State)},
	} {
		if c.value != "" {
			and("d."+c.column+" = $?", c.value)
		}
	}
	if f.Open {
		where += " AND d.state IN ('waiting', 'sent', 'failed')"
	}
	if f.Stuck {
		where += " AND d.state = 'failed' AND d.next_try = ''"
	}
	if !f.Before.IsZero() {
		and("(d.state IN ('waiting', 'sent') OR d.state = 'failed' AND d.next_try <> '') AND d.opened_at < $?", instant(f.Before))
	}
	if f.Text != "" {
		args = append(args, f.Text, "%"+likeEscape.Replace(f.Text)+"%")
		where += fmt.Sprintf(` AND (p.code = $%[1]d OR d.receipt = $%[1]d OR p.name LIKE $%[2]d ESCAPE '\')`, len(args)-1, len(args))
	}
	if opened, id, ok := strings.Cut(f.After, "_"); ok {
		args = append(args, opened, id)
		where += fmt.Sprintf(" AND (d.opened_at, d.id) < ($%d, $%d)", len(args)-1, len(args))
	}
	args = append(args, f.Most)
	return list(ctx, db.db, scanDeliveryRow, deliveryRows+`WHERE `+where+` ORDER BY d.opened_at DESC, d.id DESC LIMIT `+fmt.Sprintf("$%d", len(args)), args...)
}

// Delivery returns one delivery within scope.
func (db *DB) Delivery(ctx context.Context, scope inspect.Scope, id inspect.DeliveryID) (DeliveryRow, error) {
	where, args := seenDelivery(scope, 2)
	return row(ctx, db.db, scanDeliveryRow, deliveryRows+`WHERE d.id = $1 AND `+where, append([]any{string(id)}, args...)...)
}

// DueDeliveries returns the first deliveries of a target that are to be tried now.
func (db *DB) DueDeliveries(ctx context.Context, target inspect.TargetID, now time.Time, most int) ([]DeliveryRow, error) {
	return list(ctx, db.db, scanDeliveryRow, deliveryRows+`
		WHERE  d.target = $1 AND (d.state = 'waiting' OR d.state = 'failed' AND d.next_try <> '' AND d.next_try <= $2)
		ORDER  BY d.no
		LIMIT  $3`, string(target), instant(now), most)
}

// FeedEntries returns what a feed has behind a number, in its order.
func (db *DB) FeedEntries(ctx context.Context, _ inspect.Scope, feed inspect.TargetID, after int64, most int) ([]DeliveryRow, error) {
	return list(ctx, db.db, scanDeliveryRow, deliveryRows+`WHERE d.target = $1 AND d.no > $2 ORDER BY d.no LIMIT $3`, string(feed), after, most)
}

// StandingEditions is the number of the newest edition of each of the results.
func (db *DB) StandingEditions(ctx context.Context, _ inspect.Scope, results []inspect.ResultID) (map[inspect.ResultID]int, error) {
	newest := map[inspect.ResultID]int{}
	_, err := inParts(results, 1, func(marks string, args []any) ([]struct{}, error) {
		return list(ctx, db.db, func(s scanner) (none struct{}, err error) {
			var id inspect.ResultID
			var no int
			err = s.Scan(&id, &no)
			newest[id] = no
			return none, err
		}, `SELECT result, max(no) FROM publication WHERE result IN `+marks+` GROUP BY result`, args...)
	})
	return newest, err
}
