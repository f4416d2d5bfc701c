package store

import (
	"context"
	"encoding/json"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// An ObjectVersion is what an object was, or is, from one entry on.
type ObjectVersion struct {
	Object inspect.Object
	Entry  TimelineEntry
	Ground string // why, as the act said it
}

// ObjectHistory returns every version of an object of the scope's region, the
// newest first, with who wrote it, when and why: R29.
func (db *DB) ObjectHistory(ctx context.Context, scope inspect.Scope, no inspect.ObjectNo) ([]ObjectVersion, error) {
	var cseq int64
	now, err := row(ctx, db.db, func(s scanner) (inspect.Object, error) {
		return scanObject(tailScanner{scanner: s, tail: []any{&cseq}})
	}, `SELECT `+prefixed("o", objectCols)+`, o.version, o.cseq FROM object o WHERE no = $1 AND region = $2`, int64(no), scope.Region)
	if err != nil {
		return nil, err
	}
	past, err := db.PastOf(ctx, scope, objects.name, now.Key())
	if err != nil {
		return nil, err
	}
	versions := []ObjectVersion{{Object: now, Entry: TimelineEntry{Entry: Entry{N: cseq}}}}
	for _, p := range past {
		o, err := inspect.ParseObject(no, p.Version, p.Text)
		if err != nil {
			return nil, err
		}
		versions = append(versions, ObjectVersion{Object: o, Entry: TimelineEntry{Entry: Entry{N: p.Entry}}})
	}
	for part := range slices.Chunk(versions, 500) {
		if err := explain(ctx, db.db, part); err != nil {
			return nil, err
		}
	}
	return versions, nil
}

// explain fills in who wrote the versions, when and why.
func explain(ctx context.Context, q queryer, versions []ObjectVersion) error {
	nos := make([]int64, len(versions))
	for i, v := range versions {
		nos[i] = v.Entry.N
	}
	marks, args := in(1, nos)
	type told struct {
		TimelineEntry
		body string
	}
	entries, err := list(ctx, q, func(s scanner) (e told, err error) {
		return e, s.Scan(&e.N, instantCol{&e.At}, &e.Request, &e.Actor, &e.Post, &e.Org, &e.Verb, &e.Target, &e.Version, &e.Leaf, &e.Name, &e.OrgName, &e.body)
	}, `
		SELECT e.n, e.at, e.request, e.actor, e.post, e.org, e.verb, e.target, e.version, e.leaf, coalesce(p.name, ''), coalesce(o.short, ''), b.body
		FROM   entry e
		JOIN   entry_body b ON b.n = e.n
		LEFT   JOIN person p ON p.id = e.actor
		LEFT   JOIN org o ON o.id = e.org
		WHERE  e.n IN `+marks, args...)
	for _, e := range entries {
		for i := range versions {
			if versions[i].Entry.N == e.N {
				versions[i].Entry, versions[i].Ground = e.TimelineEntry, groundOf(e.body)
			}
		}
	}
	return err
}

// groundOf is why an act was done, as its command says.
func groundOf(body string) string {
	var b struct {
		Command struct {
			Reason string `json:"reason"`
			Ground string `json:"ground"`
		} `json:"command"`
	}
	if json.Unmarshal([]byte(body), &b) != nil {
		return "" // an erased body says nothing
	}
	if b.Command.Reason != "" {
		return b.Command.Reason
	}
	return b.Command.Ground
}

// MarksLog returns the newest most entries that wrote flags or licences of an
// object, alone or with those of others, newest first, for readers who may see it.
func (db *DB) MarksLog(ctx context.Context, _ inspect.Scope, no inspect.ObjectNo, most int) ([]TimelineEntry, error) {
	return db.timeline(ctx, `
		SELECT cseq, '' AS was, '' AS becomes FROM object_flag WHERE no = $2
		UNION
		SELECT cseq, '', '' FROM object_licence WHERE no = $2
		UNION
		SELECT cseq, '', '' FROM past WHERE kind IN ('flag', 'licence') AND key > $3 AND key < $4`,
		most, int64(no), no.String()+"/", no.String()+"0") // a key begins with the number and a slash, which stands before 0
}

// FlagsOn returns the flags that objects bear on a day, by number, for readers
// who may see the objects.
func (db *DB) FlagsOn(ctx context.Context, _ inspect.Scope, nos []inspect.ObjectNo, on workday.Date) (map[inspect.ObjectNo][]inspect.FlagKind, error) {
	found := map[inspect.ObjectNo][]inspect.FlagKind{}
	for part := range slices.Chunk(nos, 500) {
		marks, args := in(1, part)
		all, err := list(ctx, db.db, scanFlag, selectFlag+`WHERE no IN `+marks+` ORDER BY no, kind`, args...)
		if err != nil {
			return nil, err
		}
		for _, f := range all {
			if f.On(on) && !slices.Contains(found[f.No], f.Kind) {
				found[f.No] = append(found[f.No], f.Kind)
			}
		}
	}
	return found, nil
}

// ObjectSources returns where the objects of the scope's region come from, for a
// filter: of the newest thousand.
func (db *DB) ObjectSources(ctx context.Context, scope inspect.Scope) ([]string, error) {
	return list(ctx, db.db, func(s scanner) (text string, err error) { return text, s.Scan(&text) }, `
		SELECT DISTINCT source
		FROM   (SELECT source FROM object WHERE region = $1 ORDER BY no DESC LIMIT 1000) newest
		ORDER  BY source`, scope.Region)
}
