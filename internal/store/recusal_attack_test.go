package store_test

// Applications for recusal among the attacks: INV-09, 行政处罚法 四十三.
func init() { batchAttacks = append(batchAttacks, recusalAttacks...) }

// newRecusal is a further application by the public form, with a receipt number and the
// digest of its words.
func newRecusal(kind, lookup, digest string) string {
	return `INSERT INTO subst SELECT 'zz', 1, region, batch, run, team, no, org, ` + kind + `, body, 'asked', asked_by, asked_at, '', '', '', @E, '', ` + lookup + `, ` + digest +
		`, '', '' FROM subst WHERE state = 'asked' AND digest <> ''`
}

var recusalAttacks = []attack{
	{"two applications with one receipt number", newRecusal("kind", "lookup", "digest")},
	{"a receipt number of what is no application", newRecusal("'inspector'", "'zz'", "digest")},
	{"words without a receipt number", newRecusal("kind", "''", "digest")},
	{"an application decided by the inspector concerned", `UPDATE subst SET concerned = decided_by, cseq = @E WHERE state = 'refused'`},
	{"an application that becomes another", `UPDATE subst SET digest = 'zz', cseq = @E WHERE state = 'asked' AND digest <> ''`},
	{"an application with another receipt number", `UPDATE subst SET lookup = 'zz', cseq = @E WHERE state = 'asked' AND digest <> ''`},
	{"an application of somebody else", `UPDATE subst SET asked_by = 'zz', cseq = @E WHERE state = 'asked' AND digest <> ''`},
	{"an application erased by nobody", `UPDATE subst SET erased_by = '', cseq = @E WHERE erased_by <> ''`},
	{"words erased before the decision", `UPDATE subst SET erased_at = 'x', erased_by = 'x', cseq = @E WHERE state = 'asked' AND digest <> ''`},
}
