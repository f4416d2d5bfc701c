package store

import (
	"context"
	"encoding/json"
	"fmt"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

const orgCols = `id, version, kind, region, code, name, short, from_day, until_day, into_org, former`

func scanOrg(s scanner) (o inspect.Org, err error) {
	err = s.Scan(&o.ID, &o.Version, &o.Kind, &o.Region, &o.Code, &o.Name, &o.Short,
		dayCol{&o.From}, dayCol{&o.Until}, nullCol[inspect.OrgID]{&o.Into}, jsonCol[[]inspect.OrgName]{&o.Names})
	return o, err
}

// Org returns an organisation. Organisations are public facts.
func (db *DB) Org(ctx context.Context, _ inspect.Scope, id inspect.OrgID) (inspect.Org, error) {
	return row(ctx, db.db, scanOrg, `SELECT `+orgCols+` FROM org WHERE id = $1`, id)
}

// Orgs returns the organisations of a region, those that no longer exist last.
func (db *DB) Orgs(ctx context.Context, _ inspect.Scope, region string) ([]inspect.Org, error) {
	return orgs(ctx, db.db, region)
}

func orgs(ctx context.Context, q queryer, region string) ([]inspect.Org, error) {
	return list(ctx, q, scanOrg, `
		SELECT `+orgCols+`
		FROM   org
		WHERE  region = $1
		ORDER  BY until_day <> '', kind, `+byPinyin("org.name")+`, code`, region)
}

// Org returns an organisation.
func (t *Tx) Org(ctx context.Context, id inspect.OrgID) (inspect.Org, error) {
	return row(ctx, t.tx, scanOrg, `SELECT `+orgCols+` FROM org WHERE id = $1`, id)
}

// OrgCodeTaken reports whether a region has an organisation of this code.
func (t *Tx) OrgCodeTaken(ctx context.Context, region, code string) (bool, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM org WHERE region = $1 AND code = $2`, region, code)
	return n > 0, err
}

func scanCount(s scanner) (n int64, err error) { return n, s.Scan(&n) }

// AddOrg stores a new organisation.
func (t *Tx) AddOrg(ctx context.Context, o inspect.Org) error {
	former, err := json.Marshal(o.Names)
	if err != nil {
		return err
	}
	_, err = exec(ctx, t.tx, `
		INSERT INTO org (id, version, kind, region, code, name, short, from_day, until_day, into_org, former, cseq)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		o.ID, o.Kind, o.Region, o.Code, o.Name, o.Short, day(o.From), day(o.Until), null(o.Into), string(former), t.n)
	if err == nil {
		err = sortName(ctx, t.tx, o.Name)
	}
	if err != nil {
		return err
	}
	return t.touch(ctx, "org", string(o.ID), 1, "", "")
}

// PutOrg replaces the organisation that o was made from.
func (t *Tx) PutOrg(ctx context.Context, o inspect.Org) error {
	former, err := json.Marshal(o.Names)
	if err != nil {
		return err
	}
	err = t.swap(ctx, `
		UPDATE org
		SET    version = version + 1, name = $3, short = $4, until_day = $5, into_org = $6, former = $7, cseq = $8
		WHERE  id = $1 AND version = $2`,
		o.ID, o.Version, o.Name, o.Short, day(o.Until), null(o.Into), string(former), t.n)
	if err == nil {
		err = sortName(ctx, t.tx, o.Name)
	}
	if err != nil {
		return err
	}
	return t.touch(ctx, "org", string(o.ID), o.Version+1, "", "")
}

func scanPerson(s scanner) (p inspect.Person, err error) {
	return p, s.Scan(&p.ID, &p.Version, &p.Name)
}

// Person returns a person's name, for readers who see what the person did.
func (db *DB) Person(ctx context.Context, _ inspect.Scope, id inspect.PersonID) (inspect.Person, error) {
	return row(ctx, db.db, scanPerson, `SELECT id, version, name FROM person WHERE id = $1`, id)
}

// Names returns the names of persons by id.
func (db *DB) Names(ctx context.Context, _ inspect.Scope, ids ...inspect.PersonID) (map[inspect.PersonID]string, error) {
	marks, args := in(1, ids)
	people, err := list(ctx, db.db, scanPerson, `SELECT id, version, name FROM person WHERE id IN `+marks, args...)
	names := map[inspect.PersonID]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	return names, err
}

// AddPerson stores a new person.
func (t *Tx) AddPerson(ctx context.Context, p inspect.Person) error {
	_, err := exec(ctx, t.tx, `INSERT INTO person (id, version, name, cseq) VALUES ($1, 1, $2, $3)`, p.ID, p.Name, t.n)
	if err == nil {
		err = sortName(ctx, t.tx, p.Name)
	}
	if err != nil {
		return err
	}
	return t.touch(ctx, "person", string(p.ID), 1, "", "")
}

// PersonExists reports whether there is such a person.
func (t *Tx) PersonExists(ctx context.Context, id inspect.PersonID) (bool, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM person WHERE id = $1`, id)
	return n > 0, err
}

// InOffice reports whether anybody holds a post of this kind.
func (t *Tx) InOffice(ctx context.Context, kind inspect.PostKind) (bool, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM post WHERE kind = $1 AND NOT ended`, kind)
	return n > 0, err
}

const postCols = `id, version, person, org, kind, from_day, until_day, ended`

func scanPost(s scanner) (p inspect.Post, err error) {
	return p, s.Scan(&p.ID, &p.Version, &p.Person, &p.Org, &p.Kind, dayCol{&p.From}, dayCol{&p.Until}, &p.Ended)
}

// Posts returns every post the person has held, newest first.
func (t *Tx) Posts(ctx context.Context, person inspect.PersonID) ([]inspect.Post, error) {
	return list(ctx, t.tx, scanPost, `SELECT `+postCols+` FROM post WHERE person = $1 ORDER BY from_day DESC, id`, person)
}

// Post returns one post.
func (t *Tx) Post(ctx context.Context, id inspect.PostID) (inspect.Post, error) {
	return row(ctx, t.tx, scanPost, `SELECT `+postCols+` FROM post WHERE id = $1`, id)
}

// OthersOfKind counts the open posts of a kind held by other persons.
func (t *Tx) OthersOfKind(ctx context.Context, kind inspect.PostKind, but inspect.PersonID) (int64, error) {
	return row(ctx, t.tx, scanCount, `SELECT count(*) FROM post WHERE kind = $1 AND person <> $2 AND NOT ended`, kind, but)
}

// LiaisonBeside returns the name of a person who is a liaison of the post's
// organisation on a day of the post's time, or nothing.
func (t *Tx) LiaisonBeside(ctx context.Context, p inspect.Post) (string, error) {
	names, err := list(ctx, t.tx, func(s scanner) (name string, err error) { return name, s.Scan(&name) }, `
		SELECT w.name
		FROM   post p
		JOIN   person w ON w.id = p.person
		WHERE  p.org = $1 AND p.kind = $2 AND NOT p.ended
		AND    (p.until_day = '' OR p.until_day > $3) AND ($4 = '' OR p.from_day < $4)
		ORDER  BY p.from_day, p.id
		LIMIT  1`, p.Org, inspect.Liaison, day(p.From), day(p.Until))
	if err != nil || len(names) == 0 {
		return "", err
	}
	return names[0], nil
}

// AddPost stores a granted post and the class its person now stands in: INV-14.
func (t *Tx) AddPost(ctx context.Context, p inspect.Post) error {
	class := p.Kind.Class()
	n, err := exec(ctx, t.tx, `UPDATE standing SET class = $2, cseq = $3 WHERE person = $1`, p.Person, class, t.n)
	if err == nil && n == 0 {
		_, err = exec(ctx, t.tx, `INSERT INTO standing (person, class, cseq) VALUES ($1, $2, $3)`, p.Person, class, t.n)
	}
	if err != nil {
		return err
	}
	_, err = exec(ctx, t.tx, `
		INSERT INTO post (id, version, person, org, kind, from_day, until_day, ended, class, cseq)
		VALUES ($1, 1, $2, $3, $4, $5, $6, FALSE, $7, $8)`,
		p.ID, p.Person, p.Org, p.Kind, day(p.From), day(p.Until), class, t.n)
	if err != nil {
		return err
	}
	return t.touch(ctx, "post", string(p.ID), 1, "", "")
}

// PutPost stores the end of a post.
func (t *Tx) PutPost(ctx context.Context, p inspect.Post) error {
	class := any(nil)
	if !p.Ended {
		class = p.Kind.Class()
	}
	err := t.swap(ctx, `
		UPDATE post
		SET    version = version + 1, until_day = $3, ended = $4, class = $5, cseq = $6
		WHERE  id = $1 AND version = $2`, p.ID, p.Version, day(p.Until), p.Ended, class, t.n)
	if err != nil {
		return err
	}
	return t.touch(ctx, "post", string(p.ID), p.Version+1, "", "")
}

// A Holder is a post with the names of its person and organisation.
type Holder struct {
	inspect.Post
	Name string
	Org  inspect.Org
}

func scanHolder(s scanner) (h Holder, err error) {
	var former string
	err = s.Scan(&h.ID, &h.Version, &h.Person, &h.Post.Org, &h.Kind, dayCol{&h.From}, dayCol{&h.Until}, &h.Ended, &h.Name,
		&h.Org.ID, &h.Org.Version, &h.Org.Kind, &h.Org.Region, &h.Org.Code, &h.Org.Name, &h.Org.Short,
		dayCol{&h.Org.From}, dayCol{&h.Org.Until}, nullCol[inspect.OrgID]{&h.Org.Into}, &former)
	return h, err
}

const holderSelect = `
	SELECT p.id, p.version, p.person, p.org, p.kind, p.from_day, p.until_day, p.ended, w.name,
	       o.id, o.version, o.kind, o.region, o.code, o.name, o.short, o.from_day, o.until_day, o.into_org, o.former
	FROM   post p
	JOIN   person w ON w.id = p.person
	JOIN   org o ON o.id = p.org`

// Held returns the posts that the person holds on a day: what a sign-in may act
// as. It belongs to package auth, which asks before there is an actor.
func (s *Sessions) Held(ctx context.Context, person inspect.PersonID, on workday.Date) ([]Holder, error) {
	return list(ctx, s.db, scanHolder, holderSelect+`
		WHERE  p.person = $1 AND NOT p.ended AND p.from_day <= $2 AND (p.until_day = '' OR p.until_day > $2)
		ORDER  BY p.kind, o.code, p.id`, person, day(on))
}

// Holders returns the open posts of a region, by organisation and post.
func (db *DB) Holders(ctx context.Context, _ inspect.Scope, region string) ([]Holder, error) {
	return list(ctx, db.db, scanHolder, holderSelect+`
		WHERE  o.region = $1 AND NOT p.ended
		ORDER  BY o.kind, `+byPinyin("o.name")+`, o.code, p.kind, `+byPinyin("w.name")+`, p.id`, region)
}

// A PeopleFilter narrows the list of persons.
type PeopleFilter struct {
	Region string
	Org    inspect.OrgID    // with an open post there
	Kind   inspect.PostKind // with an open post of this kind
	Idle   bool             // without any open post
	Text   string           // part of the name
	After  inspect.PersonID // last row of the page before
	Most   int
}

// People returns the persons who hold or held a post in a region, and those who
// have none yet, by name.
func (db *DB) People(ctx context.Context, _ inspect.Scope, f PeopleFilter) ([]inspect.Person, error) {
	where, args := `(EXISTS (SELECT 1 FROM post p JOIN org o ON o.id = p.org WHERE p.person = w.id AND o.region = $1)
		OR NOT EXISTS (SELECT 1 FROM post p WHERE p.person = w.id))`, []any{f.Region}
	and := func(cond string, value any) {
		args = append(args, value)
		where += " AND " + fmt.Sprintf(cond, len(args))
	}
	if f.Org != "" {
		and(`EXISTS (SELECT 1 FROM post p WHERE p.person = w.id AND NOT p.ended AND p.org = $%d)`, f.Org)
	}
	if f.Kind != "" {
		and(`EXISTS (SELECT 1 FROM post p WHERE p.person = w.id AND NOT p.ended AND p.kind = $%d)`, f.Kind)
	}
	if f.Idle {
		where += ` AND NOT EXISTS (SELECT 1 FROM post p WHERE p.person = w.id AND NOT p.ended)`
	}
	if f.Text != "" {
		and(`lower(w.name) LIKE lower($%d) ESCAPE '\'`, "%"+likeEscape.Replace(f.Text)+"%")
	}
	if f.After != "" {
		and(`(`+byPinyin("w.name")+`, w.id) > (SELECT `+byPinyin("x.name")+`, x.id FROM person x WHERE x.id = $%d)`, f.After)
	}
	args = append(args, f.Most)
	return list(ctx, db.db, scanPerson, `
		SELECT w.id, w.version, w.name
		FROM   person w
		WHERE  `+where+`
		ORDER  BY `+byPinyin("w.name")+`, w.id
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}

// PostsOf returns every post that the persons hold or held in a region, open
// ones first, then the newest.
func (db *DB) PostsOf(ctx context.Context, _ inspect.Scope, region string, people ...inspect.PersonID) ([]Holder, error) {
	marks, args := in(2, people)
	return list(ctx, db.db, scanHolder, holderSelect+`
		WHERE  o.region = $1 AND p.person IN `+marks+`
		ORDER  BY p.ended, p.from_day DESC, p.kind, p.id`, append([]any{region}, args...)...)
}
