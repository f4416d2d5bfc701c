package store_test

// The table of follow-ups among those that verify-record answers for, and that guards
// protect: INV-01, INV-09, R97–R99.
func init() {
	protected["followup"] = nil
	guarded["followup"] = struct{ free, key, copy string }{`state = 'answered'`, "id", "kind"}
	batchAttacks = append(batchAttacks, followUpAttacks...)
}

// newFollowUp is a further follow-up of a kind and a state, of the result, org and object.
func newFollowUp(kind, state, result, org, receiver, object string) string {
	return `INSERT INTO followup SELECT 'zz', 1, region, ` + result + `, '` + kind + `', ` + org + `, ` + receiver + `, ` + object + `, code, name, '` + state +
		`', due, opened_at, since, from_day, case_no, '', '', '', body, @E FROM followup WHERE kind = 'notify'`
}

var followUpAttacks = []attack{
	{"two follow-ups of a result and a kind", newFollowUp("daily", "open", "result", "org", "NULL", "object")},
	{"a follow-up of no result", newFollowUp("other", "open", `'zz'`, "org", "NULL", "object")},
	{"a follow-up of an unpublished result", newFollowUp("other", "open", `(SELECT id FROM result WHERE state = 'drafted')`, "org", "NULL", "object")},
	{"a follow-up of another department", newFollowUp("other", "open", "result", `'zz'`, "NULL", "object")},
	{"a clue for nobody", newFollowUp("other", "open", "result", "org", `'zz'`, "object")},
	{"a follow-up about nothing", newFollowUp("other", "open", "result", "org", "NULL", "999999")},
	{"a follow-up of an unknown kind", newFollowUp("x", "open", "result", "org", "NULL", "object")},
	{"a follow-up born closed", newFollowUp("other", "closed", "result", "org", "NULL", "object")},
	{"a follow-up that becomes another", `UPDATE followup SET kind = 'other', cseq = @E WHERE kind = 'daily'`},
	{"a clue closed and never sent", `UPDATE followup SET state = 'closed', cseq = @E WHERE kind = 'case'`},
	{"a follow-up without steps", `UPDATE followup SET body = '', cseq = @E WHERE kind = 'notify'`},
	{"a closed follow-up at work again", `UPDATE followup SET state = 'open', cseq = @E WHERE kind = 'daily'`},
	{"a suspected crime that nobody reported", `UPDATE followup SET reported_by = '', cseq = @E WHERE kind = 'crime'`},
	{"a suspected crime that nobody decided on", `UPDATE followup SET decided_by = '', cseq = @E WHERE kind = 'crime'`},
	{"a suspected crime decided by who reported it", `UPDATE followup SET decided_by = reported_by, cseq = @E WHERE kind = 'crime'`},
	{"a suspected crime decided by who investigated", `UPDATE followup SET decided_by = substr(grouped, 1, 36), cseq = @E WHERE kind = 'crime'`},
}
