package store

import (
	"context"
	"database/sql"

	"suicha/internal/inspect"
)

const visitCols = `id, version, region, batch, team, object, org, orgs, state, code, digest, special, members, ended_at, body`

func scanVisit(s scanner) (v inspect.Visit, err error) {
	var special inspect.ResultCode
	var members int
	err = s.Scan(&v.ID, &v.Version, &v.Region, &v.Batch, &v.Team, &v.Object, &v.Org, setCol[inspect.OrgID]{&v.Orgs}, &v.State, &v.Code, &v.Digest,
		&special, &members, instantCol{&v.EndedAt}, jsonCol[inspect.VisitBody]{&v.VisitBody})
	if err == nil && (special != v.Special.Kind || members != len(v.Members)) {
		err = Fault{"visit", string(v.ID), "its columns are not what its body says"}
	}
	return v, err
}

// PutVisit stores a visit, new if it has no version, or replaces the version that v was
// made from. Was is the state before.
func (t *Tx) PutVisit(ctx context.Context, was inspect.VisitState, v inspect.Visit) error {
	return t.write(ctx, "visit", string(v.ID), v.Version, []column{
		{"region", v.Region}, {"batch", string(v.Batch)}, {"team", string(v.Team)}, {"object", int64(v.Object)}, {"org", string(v.Org)}, {"orgs", set(v.Orgs)},
		{"state", string(v.State)}, {"code", v.Code}, {"digest", v.Digest}, {"special", string(v.Special.Kind)}, {"members", int64(len(v.Members))},
		{"ended_at", instant(v.EndedAt)}, {"body", asJSON(v.VisitBody)},
	}, string(was), string(v.State))
}

// Visit returns one visit.
func (t *Tx) Visit(ctx context.Context, id inspect.VisitID) (inspect.Visit, error) {
	return row(ctx, t.tx, scanVisit, `SELECT `+visitCols+` FROM visit WHERE id = $1`, string(id))
}

// Visit returns one visit. Whether the reader may see it is for the caller to say:
// inspect.TeamScene.
func (db *DB) Visit(ctx context.Context, _ inspect.Scope, id inspect.VisitID) (inspect.Visit, error) {
	return row(ctx, db.db, scanVisit, `SELECT `+visitCols+` FROM visit WHERE id = $1`, string(id))
}

// VisitByCode returns the visit that an inspection code names, for whoever has the
// code. What of it they may learn is for the caller to say.
func (db *DB) VisitByCode(ctx context.Context, _ inspect.Scope, code string) (inspect.Visit, error) {
	return row(ctx, db.db, scanVisit, `SELECT `+visitCols+` FROM visit WHERE code = $1`, code)
}

// VisitsOfBatch returns the visits of a batch, for readers who may see its teams.
func (db *DB) VisitsOfBatch(ctx context.Context, _ inspect.Scope, batch inspect.BatchID) ([]inspect.Visit, error) {
	return list(ctx, db.db, scanVisit, `SELECT `+visitCols+` FROM visit WHERE batch = $1 ORDER BY id`, string(batch))
}

// VisitsOfTeams returns the visits of some teams, for their members.
func (db *DB) VisitsOfTeams(ctx context.Context, _ inspect.Scope, teams []inspect.TeamID) (map[inspect.TeamID]inspect.Visit, error) {
	found, err := inParts(teams, 1, func(marks string, args []any) ([]inspect.Visit, error) {
		return list(ctx, db.db, scanVisit, `SELECT `+visitCols+` FROM visit WHERE team IN `+marks, args...)
	})
	all := map[inspect.TeamID]inspect.Visit{}
	for _, v := range found {
		all[v.Team] = v
	}
	return all, err
}

const visitsEnded = `SELECT ` + visitCols + ` FROM visit WHERE object = $1 AND state = 'signed' ORDER BY ended_at DESC, id LIMIT $2`

// VisitsEnded returns the newest visits of an object that have ended.
func (t *Tx) VisitsEnded(ctx context.Context, no inspect.ObjectNo, most int) ([]inspect.Visit, error) {
	return list(ctx, t.tx, scanVisit, visitsEnded, int64(no), most)
}

// VisitsEnded returns the newest visits of an object that have ended, for the
// departments of its region.
func (db *DB) VisitsEnded(ctx context.Context, scope inspect.Scope, no inspect.ObjectNo, most int) ([]inspect.Visit, error) {
	if scope.Reach == inspect.ReachPublic {
		return nil, nil
	}
	return list(ctx, db.db, scanVisit, visitsEnded, int64(no), most)
}

// Licences returns the licences of an object, for acts.
func (t *Tx) Licences(ctx context.Context, no inspect.ObjectNo) ([]inspect.Licence, error) {
	return list(ctx, t.tx, scanLicence, selectLicence+`WHERE no = $1 ORDER BY ended, name, number`, int64(no))
}

// Flags returns the flags of an object, for acts.
func (t *Tx) Flags(ctx context.Context, no inspect.ObjectNo) ([]inspect.Flag, error) {
	return list(ctx, t.tx, scanFlag, selectFlag+`WHERE no = $1 ORDER BY since DESC, kind`, int64(no))
}

// VisitTimeline returns the newest most entries that changed a visit or signed it,
// newest first.
func (db *DB) VisitTimeline(ctx context.Context, _ inspect.Scope, id inspect.VisitID, most int) ([]TimelineEntry, error) {
	return db.timeline(ctx, `
		SELECT cseq, was, becomes FROM touch WHERE kind = 'visit' AND id = $2
		UNION
		SELECT t.cseq, '', '' FROM touch t JOIN signature s ON s.id = t.id WHERE t.kind = 'signature' AND s.visit = $2
		AND NOT EXISTS (SELECT 1 FROM touch o WHERE o.kind = 'visit' AND o.id = s.visit AND o.cseq = t.cseq)`, most, string(id))
}

const signatureCols = `id, version, region, visit, digest, binds, kind, inspector, org, body, by_whom, at`

func scanSignature(s scanner) (x inspect.Signature, err error) {
	var binds sql.NullString
	err = s.Scan(&x.ID, &x.Version, &x.Region, &x.Visit, &x.Digest, &binds, &x.Kind, &x.Inspector, &x.Org, jsonCol[inspect.SignatureBody]{&x.SignatureBody},
		&x.By, instantCol{&x.At})
	if err == nil && binds.Valid && binds.String != x.Digest {
		err = Fault{"signature", string(x.ID), "it binds what it was not given for"}
	}
	x.Void = !binds.Valid
	return x, err
}

// PutSignature stores a signature, or notes that it is void.
func (t *Tx) PutSignature(ctx context.Context, x inspect.Signature) error {
	return t.write(ctx, "signature", string(x.ID), x.Version, []column{
		{"region", x.Region}, {"visit", string(x.Visit)}, {"digest", x.Digest}, {"binds", sql.NullString{String: x.Digest, Valid: !x.Void}}, {"kind", x.Kind},
		{"inspector", int64(x.Inspector)}, {"org", string(x.Org)}, {"body", asJSON(x.SignatureBody)}, {"by_whom", string(x.By)}, {"at", instant(x.At)},
	}, "", "")
}

const signaturesOf = `SELECT ` + signatureCols + ` FROM signature WHERE visit = $1`

// Signatures returns the signatures of a visit that hold, in their order.
func (t *Tx) Signatures(ctx context.Context, visit inspect.VisitID) ([]inspect.Signature, error) {
	return list(ctx, t.tx, scanSignature, signaturesOf+` AND binds IS NOT NULL ORDER BY at, id`, string(visit))
}

// Signatures returns all signatures of a visit in their order, void ones too, for
// readers who may see the visit.
func (db *DB) Signatures(ctx context.Context, _ inspect.Scope, visit inspect.VisitID) ([]inspect.Signature, error) {
	return list(ctx, db.db, scanSignature, signaturesOf+` ORDER BY at, id`, string(visit))
}
