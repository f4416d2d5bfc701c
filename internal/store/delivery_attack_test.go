package store_test

import "fmt"

// The tables of targets and deliveries among those that verify-record answers for, and
// that guards protect: INV-01, INV-20, INV-21, R94.
func init() {
	for _, table := range []string{"target", "delivery", "delivery_package", "delivery_check"} {
		protected[table] = nil
	}
	type free = struct{ free, key, copy string }
	guarded["target"] = free{`state = 'ended'`, "id", "slug"}
	guarded["delivery"] = free{`state = 'abandoned'`, "id", "no"}
	guarded["delivery_package"] = free{`no = 1`, "id", "no"}
	guarded["delivery_check"] = free{`1 = 1`, "id", "day"}
	batchAttacks = append(batchAttacks, deliveryAttacks...)
}

// newTarget is a further target.
func newTarget(kind, name, slug, url, days, state, more string) string {
	return fmt.Sprintf(`INSERT INTO target SELECT 'zz', 1, region, %s, %s, %s, %s, inside, from_day, %s, %s, by_whom, at, %s, @E FROM target WHERE kind = 'webhook'`,
		kind, name, slug, url, days, state, more)
}

// newDelivery is a further delivery, of the third edition, to the target that is named
// last and lacks it.
func newDelivery(target, no, publication, digest, state, more string) string {
	return fmt.Sprintf(`INSERT INTO delivery SELECT 'zz', 1, d.region, %s, coalesce(k.kind, 'gsxt_file'), %s, %s, d.result, p.no, p.org, %s, %s, %s, d.body, @E
		FROM delivery d JOIN publication p ON p.result = d.result AND p.no = 3 LEFT JOIN target k ON k.id = %[1]s WHERE d.state = 'abandoned'`,
		target, no, publication, digest, state, more)
}

const (
	ended    = `'', '', ''`
	idle     = `0, 0, '', d.opened_at, d.since, '', ''`
	oldFeed  = `(SELECT id FROM target WHERE state = 'ended')`
	someHook = `(SELECT id FROM target WHERE kind = 'webhook')`
)

var deliveryAttacks = []attack{
	{"two feeds of one address", newTarget(`'feed'`, `'x'`, `'results'`, `''`, `0`, `'active'`, ended)},
	{"a target of an unknown kind", newTarget(`'x'`, `'x'`, `NULL`, `'https://a.b'`, `3`, `'active'`, ended)},
	{"a target without a name", newTarget(`'webhook'`, `''`, `NULL`, `'https://a.b'`, `3`, `'active'`, ended)},
	{"a target born ended", newTarget(`'webhook'`, `'x'`, `NULL`, `'https://a.b'`, `3`, `'ended'`, `'y', 'x', 'z'`)},
	{"a target in use that was ended", newTarget(`'webhook'`, `'x'`, `NULL`, `'https://a.b'`, `3`, `'active'`, `'y', 'x', 'z'`)},
	{"a target of an unknown state", newTarget(`'webhook'`, `'x'`, `NULL`, `'https://a.b'`, `3`, `'x'`, ended)},
	{"a target that becomes another", `UPDATE target SET from_day = '2020-01-01', cseq = @E WHERE kind = 'webhook'`},
	{"an ended target in use again", `UPDATE target SET state = 'active', ended_by = '', ended_at = '', reason = '', cseq = @E WHERE state = 'ended'`},
	{"a delivery of an edition that is other", newDelivery(oldFeed, "1", "p.id", `'zz'`, `'offered'`, idle)},
	{"a delivery of no edition", newDelivery(oldFeed, "1", `'zz'`, "p.digest", `'offered'`, idle)},
	{"a delivery to nobody", newDelivery(`'zz'`, "1", "p.id", "p.digest", `'waiting'`, idle)},
	{"a delivery out of its order", newDelivery(oldFeed, "7", "p.id", "p.digest", `'offered'`, idle)},
	{"an edition delivered twice", newDelivery(someHook, `(SELECT max(x.no) + 1 FROM delivery x WHERE x.target = k.id)`, "p.id", "p.digest", `'waiting'`, idle)},
	{"a feed that waits", newDelivery(oldFeed, "1", "p.id", "p.digest", `'waiting'`, idle)},
	{"a delivery born received", newDelivery(oldFeed, "1", "p.id", "p.digest", `'received'`, `0, 1, '', d.opened_at, d.since, 'R', ''`)},
	{"a delivery without a time", newDelivery(oldFeed, "1", "p.id", "p.digest", `'offered'`, `0, 0, '', '', d.since, '', ''`)},
	{"a delivery offered for a reason", newDelivery(oldFeed, "1", "p.id", "p.digest", `'offered'`, `0, 0, '', d.opened_at, d.since, '', 'x'`)},
	{"a delivery offered with a receipt", newDelivery(oldFeed, "1", "p.id", "p.digest", `'offered'`, `0, 0, '', d.opened_at, d.since, 'x', ''`)},
	{"a delivery offered and tried again", newDelivery(oldFeed, "1", "p.id", "p.digest", `'offered'`, `0, 0, 'x', d.opened_at, d.since, '', ''`)},
	{"a delivery sent in no file", `UPDATE delivery SET state = 'sent', package = 0, cseq = @E WHERE state = 'waiting' AND kind = 'gsxt_file'`},
	{"a receipt for nothing", `UPDATE delivery SET receipt = '', cseq = @E WHERE state = 'received'`},
	{"a delivery given up for no reason", `UPDATE delivery SET reason = '', cseq = @E WHERE state = 'abandoned'`},
	{"what was given up on its way again", `UPDATE delivery SET state = 'waiting', reason = '', cseq = @E WHERE state = 'abandoned'`},
	{"a delivery to somebody else", `UPDATE delivery SET target = ` + oldFeed + `, kind = 'feed', cseq = @E WHERE state = 'offered' AND no = 1`},
	{"a file of no target", `INSERT INTO delivery_package SELECT 'zz', 1, region, 'zz', 9, by_whom, at, body, @E FROM delivery_package WHERE no = 1`},
	{"two files of one number", `INSERT INTO delivery_package SELECT 'zz', 1, region, target, no, by_whom, at, body, @E FROM delivery_package WHERE no = 1`},
	{"a file of nobody", `INSERT INTO delivery_package SELECT 'zz', 1, region, target, 9, '', at, body, @E FROM delivery_package WHERE no = 1`},
	{"two comparisons of a day", `INSERT INTO delivery_check SELECT 'zz', 1, region, day, at, body, @E FROM delivery_check`},
	{"a comparison of no day", `INSERT INTO delivery_check SELECT 'zz', 1, region, '', at, body, @E FROM delivery_check`},
}
