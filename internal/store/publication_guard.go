package store

// Of results, for their guards: INV-09, INV-12, INV-13, R101, R102.
const (
	// R92, C5: when the visit was signed for the first time stays, however often it is sent back.
	clockAnew = `EXISTS (SELECT 1 FROM result x WHERE x.id = NEW.id AND x.ended <> NEW.ended)`
	ownResult = `EXISTS (SELECT 1 FROM result x WHERE x.id = NEW.result AND replace(x.inspected, NEW.by_whom, '') <> x.inspected)`
	noEdition = `NEW.no <> (SELECT count(*) + 1 FROM publication x WHERE x.result = NEW.result)
		OR NOT EXISTS (SELECT 1 FROM result x WHERE x.id = NEW.result AND x.edition = NEW.no AND x.digest = NEW.digest AND x.org = NEW.org AND x.region = NEW.region
			AND x.state = CASE WHEN NEW.kind = 'withdraw' THEN 'withdrawn' WHEN NEW.kind IN ('repair', 'expire') THEN 'ended' ELSE 'published' END)`
	unsignedEdition = `NEW.no > 1 AND NEW.kind <> 'expire' AND (NOT EXISTS (SELECT 1 FROM post x WHERE x.person = NEW.signed_by AND x.org = NEW.org AND x.kind = 'principal'
			AND x.from_day <= NEW.day AND (x.until_day = '' OR NEW.day < x.until_day))
		OR NEW.kind <> 'repair' AND NOT EXISTS (SELECT 1 FROM correction x
			WHERE x.id = NEW.correction AND x.result = NEW.result AND x.signed_by = NEW.signed_by AND x.kind = NEW.kind AND x.ground = NEW.ground)
		OR NEW.kind = 'repair' AND NOT EXISTS (SELECT 1 FROM appeal x
			WHERE x.id = NEW.appeal AND x.result = NEW.result AND x.decided_by = NEW.signed_by AND x.accepted_by = NEW.by_whom AND x.state = 'repaired'))`
	// The platform ends what nobody has to sign, and nothing else.
	endedBySomebody = `(NEW.kind = 'expire') <> (NEW.by_whom = 'system') OR (NEW.kind = 'expire') <> EXISTS (SELECT 1 FROM approval x WHERE x.id = NEW.approval AND x.post = 'system')`
	// INV-09: who inspected does not decide on an appeal, nor anybody on an objection to
	// what he entered, handed in or approved. No appeal becomes one of another kind.
	ownAppeal = `NEW.decided_by <> '' AND EXISTS (SELECT 1 FROM result x WHERE x.id = NEW.result AND (replace(x.inspected, NEW.decided_by, '') <> x.inspected
		OR NEW.kind = 'objection' AND NEW.decided_by IN (x.entered_by, x.submitted_by, x.approved_by)))`
	// The sender adds by the public form, while nobody has decided, and in an order.
	addedClosed = `NOT EXISTS (SELECT 1 FROM appeal x WHERE x.id = NEW.appeal AND x.way = 'online' AND x.region = NEW.region AND x.state IN ('received', 'accepted'))
		OR NEW.no <> (SELECT count(*) + 1 FROM appeal_added x WHERE x.appeal = NEW.appeal)`
	otherAppeal = `EXISTS (SELECT 1 FROM appeal x WHERE x.id = NEW.id AND (x.kind <> NEW.kind OR x.result <> NEW.result OR x.lookup <> NEW.lookup OR x.digest <> NEW.digest))`
)

// Of deliveries, for their guards: R94, INV-20, INV-21. What is delivered is an edition as it
// was published; the kinds of targets differ in how.
const (
	targetOther   = `EXISTS (SELECT 1 FROM target t WHERE t.id = NEW.id AND (t.kind <> NEW.kind OR t.slug IS DISTINCT FROM NEW.slug OR t.from_day <> NEW.from_day OR t.region <> NEW.region))`
	deliveryOther = `NOT EXISTS (SELECT 1 FROM publication p WHERE p.id = NEW.publication AND p.digest = NEW.digest AND p.result = NEW.result
		AND p.no = NEW.edition AND p.org = NEW.org AND p.region = NEW.region)`
	deliveryGap = `NEW.no <> coalesce((SELECT d.no FROM delivery d WHERE d.id = NEW.id),
		(SELECT coalesce(max(d.no), 0) + 1 FROM delivery d WHERE d.target = NEW.target))`
	deliveryKind = `NOT EXISTS (SELECT 1 FROM target t WHERE t.id = NEW.target AND t.kind = NEW.kind AND t.region = NEW.region
		AND (t.kind = 'feed') = (NEW.state = 'offered') AND (t.kind = 'gsxt_file' OR NEW.state <> 'sent'))
		OR EXISTS (SELECT 1 FROM delivery d WHERE d.id = NEW.id AND d.target <> NEW.target)`
)

// resultInvariants are those of what is published.
func resultInvariants() []invariant {
	return []invariant{
		// What is published is what was approved, edition by edition.
		{"inv_12", `
SELECT p.id FROM publication p
WHERE  NOT EXISTS (SELECT 1 FROM approval a WHERE a.id = p.approval AND a.result = p.result AND a.no = p.no AND a.digest = p.digest AND a.org = p.org)
UNION ALL
SELECT r.id FROM result r WHERE r.edition <> (SELECT count(*) FROM publication p WHERE p.result = r.id)
UNION ALL
SELECT p.id FROM publication p JOIN result r ON r.id = p.result AND r.edition = p.no WHERE r.digest <> p.digest`},
		// What is delivered is an edition as it was published, and of no result is an older
		// edition on its way beside a newer one.
		{"inv_21", `
SELECT d.id FROM delivery d
WHERE  NOT EXISTS (SELECT 1 FROM publication p WHERE p.id = d.publication AND p.digest = d.digest AND p.result = d.result AND p.no = d.edition)
UNION ALL
SELECT d.id FROM delivery d JOIN delivery x ON x.target = d.target AND x.result = d.result AND x.edition > d.edition WHERE d.state = 'waiting'
UNION ALL
SELECT t.id FROM target t WHERE (SELECT count(*) FROM delivery d WHERE d.target = t.id) <> (SELECT coalesce(max(d.no), 0) FROM delivery d WHERE d.target = t.id)`},
		// A later edition has the signature of who was principal leader on that day, be it
		// the last. Only the end of the term is the platform's.
		{"inv_13", `
SELECT p.id FROM publication p
WHERE  p.no > 1 AND p.kind <> 'expire' AND NOT EXISTS (SELECT 1 FROM post x WHERE x.person = p.signed_by AND x.org = p.org AND x.kind = 'principal'
	AND x.from_day <= p.day AND (x.until_day = '' OR p.day <= x.until_day))
UNION ALL
SELECT p.id FROM publication p JOIN approval a ON a.id = p.approval WHERE (p.kind = 'expire') <> (p.by_whom = 'system') OR (p.kind = 'expire') <> (a.post = 'system')`},
	}
}
