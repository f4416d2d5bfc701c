package store

import (
	"context"
	"fmt"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// teams is how teams are written.
var teams = libraryKind[inspect.TeamRow]{
	name: "team", table: "team", cols: []string{"id", "batch", "run", "no", "org", "orgs", "state", "sealed", "body"}, keys: 1,
	scan: func(s scanner) (r inspect.TeamRow, err error) {
		return r, s.Scan(&r.ID, &r.Batch, &r.Run, &r.No, &r.Org, setCol[inspect.OrgID]{&r.Orgs}, &r.State, &r.Sealed, &r.Body)
	},
	values: func(r inspect.TeamRow) []any {
		return []any{string(r.ID), string(r.Batch), int64(r.Run), int64(r.No), string(r.Org), set(r.Orgs), string(r.State), r.Sealed, r.Body}
	},
}

var scanTeam = versioned(teams, func(r *inspect.TeamRow, v int64) { r.Version = v })

// closeTeam puts a team into the form in which it is stored, and openTeam takes it out
// again. They are the only places where the body is read or written. That of a sealed
// list is encrypted by the act, and comes out as it went in: INV-05.
func closeTeam(x inspect.Team) (r inspect.TeamRow, err error) {
	r.Team, r.Body = x, x.Closed
	switch {
	case !x.Sealed:
		r.Body, err = x.TeamBody.Write()
	case x.Closed == "":
		err = fmt.Errorf("the sealed %s is open", x.ID)
	}
	return r, err
}

func openTeam(r inspect.TeamRow) (x inspect.Team, err error) {
	x = r.Team
	if x.Sealed {
		x.Org, x.Orgs, x.Closed = "", nil, r.Body // whose it is stands in what is sealed
		return x, nil
	}
	x.TeamBody, err = inspect.ReadTeamBody(r.Body)
	return x, err
}

// A TeamFilter says which teams are read; zero fields do not narrow.
type TeamFilter struct {
	ID        inspect.TeamID
	Batch     inspect.BatchID
	Region    string
	Year      int                 // of the batch, or later
	Inspector inspect.InspectorNo // who is or was a member; of sealed teams all that are dispatched
}

func readTeams(ctx context.Context, q queryer, f TeamFilter) ([]inspect.Team, error) {
	where, args := "1 = 1", []any{}
	and := func(cond string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+cond, len(args))
	}
	if f.ID != "" {
		and("id = $%d", string(f.ID))
	}
	if f.Batch != "" {
		and("batch = $%d", string(f.Batch))
	}
	if f.Region != "" {
		and("batch IN (SELECT b.id FROM batch b WHERE b.region = $%d)", f.Region)
	}
	if f.Year != 0 {
		and("batch IN (SELECT b.id FROM batch b WHERE b.year >= $%d)", int64(f.Year))
	}
	if f.Inspector != 0 { // a sealed body tells nothing until it is opened
		and("(sealed AND state = 'dispatched' OR body LIKE $%d)", fmt.Sprintf(`%%"Inspector":%d,%%`, f.Inspector))
	}
	rows, err := list(ctx, q, scanTeam, teams.selects()+`WHERE `+where+` ORDER BY batch, run, no`, args...)
	if err != nil {
		return nil, fmt.Errorf("read teams: %w", err)
	}
	var all []inspect.Team
	for _, r := range rows {
		x, err := openTeam(r)
		if err != nil {
			return nil, err
		}
		if f.Inspector == 0 || x.Sealed || x.Has(f.Inspector) {
			all = append(all, x)
		}
	}
	return all, nil
}

// Teams returns teams by batch and number, for acts. Those of a sealed list are closed.
func (t *Tx) Teams(ctx context.Context, f TeamFilter) ([]inspect.Team, error) {
	return readTeams(ctx, t.tx, f)
}

// Teams returns teams by batch and number. Which of them the reader may see is for
// the caller to say: inspect.TeamScene. Those of a sealed list are closed.
func (db *DB) Teams(ctx context.Context, _ inspect.Scope, f TeamFilter) ([]inspect.Team, error) {
	return readTeams(ctx, db.db, f)
}

// PutTeams stores teams, new ones if their version is 0. What the entry commits to
// stands under the id, which is that of one team or of what brought them all about.
func (t *Tx) PutTeams(ctx context.Context, id string, version int64, all []inspect.Team) (RowsImage, error) {
	var fresh []inspect.TeamRow
	var changed []replaced[inspect.TeamRow]
	for _, x := range all {
		r, err := closeTeam(x)
		if err != nil {
			return RowsImage{}, err
		}
		if x.Version == 0 {
			fresh = append(fresh, r)
		} else {
			changed = append(changed, replaced[inspect.TeamRow]{Row: r, Seen: x.Version})
		}
	}
	image, err := teams.write(ctx, t, fresh, changed)
	if err != nil {
		return image, fmt.Errorf("store %d teams: %w", len(all), err)
	}
	return image, t.touch(ctx, teams.name, id, version, "", "")
}

// TeamTimeline returns the newest most entries that changed a team, newest first.
func (db *DB) TeamTimeline(ctx context.Context, _ inspect.Scope, id inspect.TeamID, most int) ([]TimelineEntry, error) {
	return db.timeline(ctx, `
		SELECT cseq, '' AS was, '' AS becomes FROM past WHERE kind = 'team' AND key = $2
		UNION
		SELECT cseq, '', '' FROM team WHERE id = $2`, most, string(id))
}

const dispatchCols = `id, version, region, batch, run, teams, by_whom, at, due, note, receipts`

func scanDispatch(s scanner) (d inspect.Dispatch, err error) {
	return d, s.Scan(&d.ID, &d.Version, &d.Region, &d.Batch, &d.Run, &d.Teams, &d.By, instantCol{&d.At}, dayCol{&d.Due}, &d.Note,
		jsonCol[[]inspect.DispatchReceipt]{&d.Receipts})
}

// Dispatch returns the dispatch of a batch.
func (t *Tx) Dispatch(ctx context.Context, batch inspect.BatchID) (inspect.Dispatch, error) {
	return row(ctx, t.tx, scanDispatch, `SELECT `+dispatchCols+` FROM dispatch WHERE id = $1`, string(batch))
}

// Dispatch returns the dispatch of a batch, for readers who may see the batch. That
// there was one is no secret.
func (db *DB) Dispatch(ctx context.Context, _ inspect.Scope, batch inspect.BatchID) (inspect.Dispatch, error) {
	return row(ctx, db.db, scanDispatch, `SELECT `+dispatchCols+` FROM dispatch WHERE id = $1`, string(batch))
}

// Dispatches returns the dispatches of the scope's region, the newest first.
func (db *DB) Dispatches(ctx context.Context, scope inspect.Scope, most int) ([]inspect.Dispatch, error) {
	if scope.Reach == inspect.ReachPublic {
		return nil, nil
	}
	return list(ctx, db.db, scanDispatch, `SELECT `+dispatchCols+` FROM dispatch WHERE region = $1 ORDER BY at DESC, id LIMIT $2`, scope.Region, most)
}

// PutDispatch stores a dispatch, new if it has no version, or replaces the version
// that d was made from.
func (t *Tx) PutDispatch(ctx context.Context, d inspect.Dispatch) error {
	return t.write(ctx, "dispatch", d.ID, d.Version, []column{
		{"region", d.Region}, {"batch", string(d.Batch)}, {"run", int64(d.Run)}, {"teams", int64(d.Teams)}, {"by_whom", d.By}, {"at", instant(d.At)},
		{"due", day(d.Due)}, {"note", d.Note}, {"receipts", asJSON(d.Receipts)},
	}, "", "")
}

// TasksOfBatch are the tasks of a batch, for readers who may see the batch: what
// their relations to its teams follow from.
func (db *DB) TasksOfBatch(ctx context.Context, _ inspect.Scope, b inspect.Batch) ([]inspect.Task, error) {
	marks, args := in(1, b.Tasks)
	return list(ctx, db.db, scanTask, `SELECT `+taskCols+` FROM task WHERE id IN `+marks+` ORDER BY number`, args...)
}

// InspectorOf returns the inspector of the scope's department whose account it is.
func (db *DB) InspectorOf(ctx context.Context, scope inspect.Scope, person inspect.PersonID) (inspect.Inspector, error) {
	return row(ctx, db.db, scanInspector, selectInspector+`WHERE org = $1 AND person = $2`, string(scope.Org), string(person))
}

// InspectorFiles returns inspectors with what keeps them from inspecting since a day,
// as far as the actor's department may know.
func (t *Tx) InspectorFiles(ctx context.Context, scope inspect.Scope, since workday.Date, nos []inspect.InspectorNo) (map[inspect.InspectorNo]inspect.InspectorFile, error) {
	return filesOf(ctx, t.tx, scope, since, nos)
}

// InspectorFiles returns inspectors with what keeps them from inspecting since a day,
// for readers of their teams. What is personal to another department is left out.
func (db *DB) InspectorFiles(ctx context.Context, scope inspect.Scope, since workday.Date, nos []inspect.InspectorNo) (map[inspect.InspectorNo]inspect.InspectorFile, error) {
	return filesOf(ctx, db.db, scope, since, nos)
}

func filesOf(ctx context.Context, q queryer, scope inspect.Scope, since workday.Date, nos []inspect.InspectorNo) (map[inspect.InspectorNo]inspect.InspectorFile, error) {
	found := map[inspect.InspectorNo]inspect.InspectorFile{}
	files, err := inParts(nos, 1, func(marks string, args []any) ([]inspect.InspectorFile, error) {
		return inspectorFiles(ctx, q, since, `no IN `+marks, args...)
	})
	for _, f := range files {
		foreign(&f, scope)
		found[f.No] = f
	}
	return found, err
}
