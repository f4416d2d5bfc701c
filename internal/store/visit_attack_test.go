package store_test

// The tables of visits among those that verify-record answers for, and that guards
// protect: INV-01, INV-10.
func init() {
	for _, table := range []string{"visit", "signature"} {
		protected[table] = nil
	}
	type free = struct{ free, key, copy string }
	guarded["visit"] = free{`state = 'aside'`, "id", "team"}
	guarded["signature"] = free{`binds IS NOT NULL`, "id", ""}
	batchAttacks = append(batchAttacks, visitAttacks...)
}

// What is concluded does not change, nothing is signed by fewer than all, and no
// signature binds anything else than what was concluded: INV-10, R88.
var visitAttacks = []attack{
	{"a second visit of a team", `INSERT INTO visit SELECT 'zz', 1, region, batch, team, object, org, orgs, state, 'zz', digest, special, members, ended_at, body, @E FROM visit WHERE state = 'aside'`},
	{"a signed visit changed", `UPDATE visit SET body = body || ' ', cseq = @E WHERE state = 'signed'`},
	{"another digest under the signatures", `UPDATE visit SET digest = 'zz', cseq = @E WHERE state = 'concluded'`},
	{"a visit signed by nobody", `UPDATE visit SET state = 'signed', ended_at = 'x', cseq = @E WHERE state = 'concluded'`},
	{"a signed visit that has not ended", `UPDATE visit SET ended_at = '', cseq = @E WHERE state = 'signed'`},
	{"a visit concluded without a digest", `UPDATE visit SET state = 'concluded', cseq = @E WHERE state = 'aside'`},
	{"a signature on another digest", `UPDATE signature SET digest = 'zz', binds = 'zz', cseq = @E WHERE binds IS NOT NULL`},
	{"a void signature at work again", `UPDATE signature SET binds = digest, cseq = @E WHERE binds IS NULL`},
	{"a signature's words changed", `UPDATE signature SET body = 'x', binds = NULL, cseq = @E WHERE binds IS NOT NULL`},
	{"a signature on what is not concluded", `INSERT INTO signature SELECT 'zz', 1, region, id, '', NULL, 'party', 0, org, 'x', 'x', 'x', @E FROM visit WHERE state = 'aside'`},
	{"a party that signs twice", `INSERT INTO signature SELECT 'zz', 1, s.region, s.visit, s.digest, s.binds, s.kind, s.inspector, s.org, s.body, s.by_whom, s.at, @E
		FROM signature s JOIN visit v ON v.id = s.visit WHERE v.state = 'concluded' AND s.binds IS NOT NULL`},
	{"a member's signature of nobody", `INSERT INTO signature SELECT 'zz', 1, region, id, digest, digest, 'member', 0, org, 'x', 'x', 'x', @E FROM visit WHERE state = 'concluded'`},
	{"a signature of nobody's department", `INSERT INTO signature SELECT 'zz', 1, region, id, digest, digest, 'member', 1, 'zz', 'x', 'x', 'x', @E FROM visit WHERE state = 'concluded'`},
	{"a signature taken by nobody", `INSERT INTO signature SELECT 'zz', 1, region, id, digest, digest, 'member', 1, org, 'x', '', 'x', @E FROM visit WHERE state = 'concluded'`},
	{"a visit born signed", `INSERT INTO visit SELECT 'zz', 1, region, batch, (SELECT id FROM team WHERE state = 'annulled'), object, org, orgs, 'signed', 'zz', 'zz', special, members, 'x', body, @E FROM visit WHERE state = 'aside'`},
	{"a visit of no team", `INSERT INTO visit SELECT 'zz', 1, region, batch, 'zz', object, org, orgs, state, 'zz', digest, special, members, ended_at, body, @E FROM visit WHERE state = 'aside'`},
	{"a visit at nothing", `UPDATE visit SET object = 999999, cseq = @E WHERE state = 'aside'`},
	{"a visit of nobody's", `UPDATE visit SET org = 'zz', cseq = @E WHERE state = 'aside'`},
	{"a visit without a code", `UPDATE visit SET code = '', cseq = @E WHERE state = 'aside'`},
	{"a code of two visits", `UPDATE visit SET code = (SELECT code FROM visit WHERE state = 'signed'), cseq = @E WHERE state = 'aside'`},
	{"a visit aside without a ground", `UPDATE visit SET special = '', cseq = @E WHERE state = 'aside'`},
	{"a visit reopened under its signatures", `UPDATE visit SET state = 'begun', digest = '', cseq = @E WHERE state = 'concluded'`},
	{"a signed visit reopened that has a public result", `UPDATE signature SET binds = NULL, cseq = @E WHERE binds IS NOT NULL AND visit IN (SELECT id FROM visit WHERE state = 'signed'); ` +
		`UPDATE visit SET state = 'begun', digest = '', ended_at = '', cseq = @E WHERE state = 'signed'`},
	{"a signed visit concluded anew", `UPDATE visit SET state = 'concluded', ended_at = '', cseq = @E WHERE state = 'signed'`},
	{"a signature of an unknown visit", `INSERT INTO signature SELECT 'zz', 1, region, 'zz', digest, NULL, 'party', 0, org, 'x', 'x', 'x', @E FROM visit WHERE state = 'concluded'`},
}
