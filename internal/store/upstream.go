package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"suicha/internal/inspect"
)

const upstreamKeyCols = `id, version, region, sender, suite, public, ground, state, added_by, added_at, confirmed_by, confirmed_at, ended_by, ended_at, reason`

func scanUpstreamKey(s scanner) (k inspect.UpstreamKey, err error) {
	return k, s.Scan(&k.ID, &k.Version, &k.Region, &k.Sender, &k.Suite, &k.Key, &k.Ground, &k.State, &k.AddedBy, instantCol{&k.AddedAt},
		&k.ConfirmedBy, instantCol{&k.ConfirmedAt}, &k.EndedBy, instantCol{&k.EndedAt}, &k.Reason)
}

// UpstreamKeys returns the keys of the scope's region, those that wait first.
func (db *DB) UpstreamKeys(ctx context.Context, scope inspect.Scope) ([]inspect.UpstreamKey, error) {
	return list(ctx, db.db, scanUpstreamKey, `
		SELECT `+upstreamKeyCols+` FROM upstream_key WHERE region = $1
		ORDER  BY CASE state WHEN 'added' THEN 0 WHEN 'active' THEN 1 ELSE 2 END, added_at DESC, id`, scope.Region)
}

// UpstreamKey returns one key.
func (t *Tx) UpstreamKey(ctx context.Context, id inspect.UpstreamKeyID) (inspect.UpstreamKey, error) {
	return row(ctx, t.tx, scanUpstreamKey, `SELECT `+upstreamKeyCols+` FROM upstream_key WHERE id = $1`, string(id))
}

// UpstreamKeyBy returns the key of a region with a public text.
func (t *Tx) UpstreamKeyBy(ctx context.Context, region, public string) (inspect.UpstreamKey, error) {
	return row(ctx, t.tx, scanUpstreamKey, `SELECT `+upstreamKeyCols+` FROM upstream_key WHERE region = $1 AND public = $2`, region, public)
}

// PutUpstreamKey stores a key, new if it has no version. Was is the state before.
func (t *Tx) PutUpstreamKey(ctx context.Context, was inspect.UpstreamKeyState, k inspect.UpstreamKey) error {
	return t.write(ctx, "upstream_key", string(k.ID), k.Version, []column{
		{"region", k.Region}, {"sender", k.Sender}, {"suite", k.Suite}, {"public", k.Key}, {"ground", k.Ground}, {"state", k.State},
		{"added_by", k.AddedBy}, {"added_at", instant(k.AddedAt)}, {"confirmed_by", k.ConfirmedBy}, {"confirmed_at", instant(k.ConfirmedAt)},
		{"ended_by", k.EndedBy}, {"ended_at", instant(k.EndedAt)}, {"reason", k.Reason},
	}, string(was), string(k.State))
}

const packageCols = `id, version, region, org, key, sender, number, title, ground, issued, until, count, objects, content, by_whom, at`

func scanPackage(s scanner) (p inspect.UpstreamPackage, err error) {
	var content string
	if err := s.Scan(&p.ID, &p.Version, &p.Region, &p.Org, &p.Key, &p.Sender, &p.Number, &p.Title, &p.Ground, instantCol{&p.Issued},
		instantCol{&p.Until}, &p.Count, &p.Objects, &content, &p.By, instantCol{&p.At}); err != nil {
		return p, err
	}
	text, err := base64.StdEncoding.DecodeString(content)
	if err != nil { // the row is spoilt: no package has this digest
		p.SHA256 = err.Error()
		return p, nil
	}
	p.SHA256 = sha256Text(text)
	return p, nil
}

func sha256Text(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// UpstreamPackages returns the lists received in the scope's region, the newest first.
func (db *DB) UpstreamPackages(ctx context.Context, scope inspect.Scope, most int) ([]inspect.UpstreamPackage, error) {
	if scope.Reach == inspect.ReachPublic {
		return nil, nil
	}
	return list(ctx, db.db, scanPackage, `SELECT `+packageCols+` FROM upstream_package WHERE region = $1 ORDER BY at DESC, id LIMIT $2`, scope.Region, most)
}

// UpstreamPackage returns one list of the scope's region, and its bytes as they came.
func (db *DB) UpstreamPackage(ctx context.Context, scope inspect.Scope, id inspect.UpstreamPackageID) (inspect.UpstreamPackage, []byte, error) {
	if scope.Reach == inspect.ReachPublic {
		return inspect.UpstreamPackage{}, nil, inspect.ErrMissing
	}
	p, err := row(ctx, db.db, scanPackage, `SELECT `+packageCols+` FROM upstream_package WHERE id = $1 AND region = $2`, string(id), scope.Region)
	if err != nil {
		return p, nil, err
	}
	content, err := row(ctx, db.db, func(s scanner) (text string, err error) { return text, s.Scan(&text) }, `SELECT content FROM upstream_package WHERE id = $1`, string(id))
	if err != nil {
		return p, nil, err
	}
	text, err := base64.StdEncoding.DecodeString(content)
	return p, text, err
}

// ListedIn tells of the scope's region which of some codes the library has, and whether
// the object can be drawn.
func (db *DB) ListedIn(ctx context.Context, scope inspect.Scope, codes []string) (map[string]inspect.Object, error) {
	found := map[string]inspect.Object{}
	_, err := inParts(codes, 2, func(marks string, args []any) ([]inspect.Object, error) {
		return list(ctx, db.db, func(s scanner) (inspect.Object, error) {
			o, err := scanObject(s)
			found[o.Code] = o
			return o, err
		}, `SELECT `+prefixed("o", objectCols)+`, o.version FROM object o WHERE o.region = $1 AND o.code IN `+marks, append([]any{scope.Region}, args...)...)
	})
	return found, err
}

// UpstreamPackage returns one list.
func (t *Tx) UpstreamPackage(ctx context.Context, id inspect.UpstreamPackageID) (inspect.UpstreamPackage, error) {
	return row(ctx, t.tx, scanPackage, `SELECT `+packageCols+` FROM upstream_package WHERE id = $1`, string(id))
}

// UpstreamPackagesLike counts the lists of a region with the sender and number.
func (t *Tx) UpstreamPackagesLike(ctx context.Context, p inspect.UpstreamPackage) (int64, error) {
	return row(ctx, t.tx, scanCount, `SELECT count(*) FROM upstream_package WHERE region = $1 AND sender = $2 AND number = $3`, p.Region, p.Sender, p.Number)
}

// AddUpstreamPackage stores a list with its bytes, once and for all: R64.
func (t *Tx) AddUpstreamPackage(ctx context.Context, p inspect.UpstreamPackage, text []byte) error {
	return t.write(ctx, "upstream_package", string(p.ID), 0, []column{
		{"region", p.Region}, {"org", p.Org}, {"key", p.Key}, {"sender", p.Sender}, {"number", p.Number}, {"title", p.Title}, {"ground", p.Ground},
		{"issued", instant(p.Issued)}, {"until", instant(p.Until)}, {"count", int64(p.Count)}, {"objects", p.Objects},
		{"content", base64.StdEncoding.EncodeToString(text)}, {"by_whom", p.By}, {"at", instant(p.At)},
	}, "", "")
}

// UpstreamLists returns the objects of packages, by code.
func (t *Tx) UpstreamLists(ctx context.Context, packages []inspect.UpstreamPackageID) (map[inspect.UpstreamPackageID]map[string]string, error) {
	return lists(ctx, t.tx, packages)
}

// lists are the objects of packages, by code.
func lists(ctx context.Context, q queryer, packages []inspect.UpstreamPackageID) (map[inspect.UpstreamPackageID]map[string]string, error) {
	all := map[inspect.UpstreamPackageID]map[string]string{}
	for _, id := range packages {
		p, err := row(ctx, q, scanPackage, `SELECT `+packageCols+` FROM upstream_package WHERE id = $1`, string(id))
		if err != nil {
			return nil, fmt.Errorf("read the list %s from above: %w", id, err)
		}
		all[id] = p.Listed()
	}
	return all, nil
}

// listedCount counts which objects of its list a task can draw, and how many it could
// that stand in none of its sub-libraries.
func listedCount(ctx context.Context, q queryer, x inspect.Task) (c inspect.PoolCount, strays int64, err error) {
	all, err := lists(ctx, q, []inspect.UpstreamPackageID{x.Package})
	if err != nil {
		return c, 0, err
	}
	var codes []string
	for code := range all[x.Package] {
		codes = append(codes, code)
	}
	marks, libs := in(2, x.Sublibs)
	_, err = inParts(codes, 2+len(x.Sublibs), func(codes string, args []any) (none []struct{}, err error) {
		return list(ctx, q, func(s scanner) (none struct{}, err error) {
			var risk string
			var member bool
			err = s.Scan(&risk, &member)
			if !member {
				strays++
				return none, err
			}
			c.Add(risk)
			return none, err
		}, `
			SELECT o.risk, EXISTS (SELECT 1 FROM member m WHERE m.no = o.no AND m.state = 'confirmed' AND m.sublib IN `+marks+`)
			FROM   object o
			WHERE  o.region = $1 AND o.status = 'active' AND o.outside = '' AND o.code IN `+codes, append(append([]any{x.Region}, libs...), args...)...)
	})
	return c, strays, err
}
