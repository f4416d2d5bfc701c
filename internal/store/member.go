package store

import (
	"context"

	"suicha/internal/inspect"
)

// members is how objects stand in sub-libraries: R31, R35.
var members = libraryKind[inspect.Member]{
	name: "member", table: "member", cols: []string{"sublib", "no", "state", "ground", "by_whom", "at"}, keys: 2,
	scan: func(s scanner) (m inspect.Member, err error) {
		return m, s.Scan(&m.Sublib, &m.No, &m.State, &m.Ground, &m.By, instantCol{&m.At})
	},
	values: func(m inspect.Member) []any {
		return []any{string(m.Sublib), int64(m.No), string(m.State), m.Ground, string(m.By), instant(m.At)}
	},
}

func scanMember(s scanner) (inspect.Member, error) {
	var version int64
	m, err := members.scan(tailScanner{scanner: s, tail: []any{&version}})
	m.Version = version
	return m, err
}

const selectMember = `SELECT sublib, no, state, ground, by_whom, at, version FROM member `

// MembersOf returns the sub-libraries that an object is in or was proposed for,
// for readers who may see the object.
func (db *DB) MembersOf(ctx context.Context, _ inspect.Scope, no inspect.ObjectNo) ([]inspect.Member, error) {
	return list(ctx, db.db, scanMember, selectMember+`WHERE no = $1 ORDER BY sublib`, int64(no))
}

// Members returns those of the objects that have a row in the sub-library.
func (t *Tx) Members(ctx context.Context, lib inspect.SublibraryID, nos []inspect.ObjectNo) (map[inspect.ObjectNo]inspect.Member, error) {
	found := map[inspect.ObjectNo]inspect.Member{}
	all, err := inParts(nos, 2, func(marks string, args []any) ([]inspect.Member, error) {
		return list(ctx, t.tx, scanMember, selectMember+`WHERE sublib = $1 AND no IN `+marks, append([]any{string(lib)}, args...)...)
	})
	for _, m := range all {
		found[m.No] = m
	}
	return found, err
}

// PutMembers writes members of one sub-library: new ones if their version is 0.
// It returns what the entry commits to.
func (t *Tx) PutMembers(ctx context.Context, lib inspect.SublibraryID, all []inspect.Member) (RowsImage, error) {
	if err := t.indexMembers(ctx, lib, all); err != nil {
		return RowsImage{}, err
	}
	return putRows(ctx, t, members, all, func(m inspect.Member) int64 { return m.Version }, string(lib))
}

// A MemberRow is a member with its object.
type MemberRow struct {
	inspect.Member
	Object inspect.Object
	ByName string
}

// MemberPage returns members of a sub-library of the scope's region in a state,
// by number, after a number.
func (db *DB) MemberPage(ctx context.Context, scope inspect.Scope, lib inspect.SublibraryID, state inspect.MemberState, after inspect.ObjectNo, most int) ([]MemberRow, error) {
	return list(ctx, db.db, func(s scanner) (r MemberRow, err error) {
		var name *string
		var m inspect.Member
		r.Object, err = scanObject(tailScanner{scanner: s, tail: []any{&m.Sublib, &m.No, &m.State, &m.Ground, &m.By, instantCol{&m.At}, &m.Version, &name}})
		r.Member = m
		if name != nil {
			r.ByName = *name
		}
		return r, err
	}, `
		SELECT `+prefixed("o", objectCols)+`, o.version, m.sublib, m.no, m.state, m.ground, m.by_whom, m.at, m.version, p.name
		FROM   member m
		JOIN   object o ON o.no = m.no
		LEFT   JOIN person p ON p.id = m.by_whom
		WHERE  m.sublib = $1 AND m.state = $2 AND m.no > $3 AND o.region = $4
		ORDER  BY m.no
		LIMIT  $5`, string(lib), string(state), int64(after), scope.Region, most)
}

// prefixed is a list of columns of the table called by that letter.
func prefixed(table string, cols []string) string {
	text := ""
	for i, c := range cols {
		if i > 0 {
			text += ", "
		}
		text += table + "." + c
	}
	return text
}

// A MemberCount is how many objects of a risk class a sub-library has in a state.
type MemberCount struct {
	Sublib inspect.SublibraryID
	State  inspect.MemberState
	Risk   string
	Count  int64
}

// MemberCounts counts the members of a region's sub-libraries that can be drawn,
// by state and risk class: those in business that are not outside of random
// inspection (R111).
func (db *DB) MemberCounts(ctx context.Context, scope inspect.Scope) ([]MemberCount, error) {
	return list(ctx, db.db, func(s scanner) (c MemberCount, err error) {
		return c, s.Scan(&c.Sublib, &c.State, &c.Risk, &c.Count)
	}, `
		SELECT m.sublib, m.state, o.risk, count(*)
		FROM   member m
		JOIN   object o ON o.no = m.no
		WHERE  o.region = $1 AND o.status = 'active' AND o.outside = ''
		GROUP  BY m.sublib, m.state, o.risk
		ORDER  BY m.sublib, m.state, o.risk`, scope.Region)
}

// judgePage is how many objects are read at a time to be judged by a rule.
const judgePage = 2000

// eachActive calls do for every object of a region that is in business, by number.
// Coalesce keeps the planner from the index of regions and codes, by which each
// page would sort the whole region again.
func eachActive(ctx context.Context, q queryer, region string, do func(inspect.Object) error) error {
	after := inspect.ObjectNo(0)
	for {
		page, err := list(ctx, q, scanObject, selectObject+`WHERE coalesce(region, '') = $1 AND status = 'active' AND no > $2 ORDER BY no LIMIT $3`,
			region, int64(after), judgePage)
		if err != nil {
			return err
		}
		for _, o := range page {
			if err := do(o); err != nil {
				return err
			}
			after = o.No
		}
		if len(page) < judgePage {
			return nil
		}
	}
}

// Active calls do for every object of the scope's region that is in business.
func (db *DB) Active(ctx context.Context, scope inspect.Scope, do func(inspect.Object) error) error {
	return eachActive(ctx, db.db, scope.Region, do)
}

// Active calls do for every object of a region that is in business.
func (t *Tx) Active(ctx context.Context, region string, do func(inspect.Object) error) error {
	return eachActive(ctx, t.tx, region, do)
}

// Standing returns the numbers of the objects that the sub-library has in any
// state: a rule does not propose them again.
func (db *DB) Standing(ctx context.Context, _ inspect.Scope, lib inspect.SublibraryID) (map[inspect.ObjectNo]inspect.MemberState, error) {
	return standingOf(ctx, db.db, lib)
}

// Standing returns the numbers of the objects that the sub-library has in any
// state.
func (t *Tx) Standing(ctx context.Context, lib inspect.SublibraryID) (map[inspect.ObjectNo]inspect.MemberState, error) {
	return standingOf(ctx, t.tx, lib)
}

func standingOf(ctx context.Context, q queryer, lib inspect.SublibraryID) (map[inspect.ObjectNo]inspect.MemberState, error) {
	found := map[inspect.ObjectNo]inspect.MemberState{}
	all, err := list(ctx, q, scanMember, selectMember+`WHERE sublib = $1`, string(lib))
	for _, m := range all {
		found[m.No] = m.State
	}
	return found, err
}

// PastOf returns what the rows of a kind with these keys were, newest first.
func (db *DB) PastOf(ctx context.Context, _ inspect.Scope, kind string, keys ...string) ([]PastRow, error) {
	marks, args := in(2, keys)
	return list(ctx, db.db, func(s scanner) (p PastRow, err error) {
		return p, s.Scan(&p.Key, &p.Version, &p.Text, &p.Next, &p.Entry)
	}, `SELECT key, version, row, next, cseq FROM past WHERE kind = $1 AND key IN `+marks+` ORDER BY version DESC, key`, append([]any{kind}, args...)...)
}

// A PastRow is what a row of a library was. Entry wrote it, Next replaced it.
type PastRow struct {
	Key         string
	Version     int64
	Text        string
	Next, Entry int64
}
