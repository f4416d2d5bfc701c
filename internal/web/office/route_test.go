package office_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/web"
)

// routeNouns are the nouns whose every route stands in the table below.
var routeNouns = []string{"task.", "confirm.", "cap.", "waiver.", "batch."}

// A routeRow is what a route answers to those whose post may come in at all.
type routeRow struct {
	pattern string
	path    string     // with the ids of the test's task and batch; empty is the pattern's
	form    url.Values // of a POST: complete enough that the act itself decides
	task    func(who inspect.Actor, t inspect.Task) int
	batch   func(who inspect.Actor, b inspect.Batch, has []inspect.Relation) int
}

// taskRead, and the rest, say what somebody is answered who sees the thing.
func taskRead(inspect.Actor, inspect.Task) int { return 200 }

func taskEdited(who inspect.Actor, t inspect.Task) int {
	switch {
	case who.MayTo(inspect.TaskPut, t.Relations(who.Org)...) != nil:
		return 403
	case t.State != inspect.TaskDrafting:
		return 409
	}
	return 200
}

func taskPart(who inspect.Actor, t inspect.Task) int {
	if _, part := t.Part(who.Org.ID); !part {
		return 404
	}
	return 200
}

func batchRead(inspect.Actor, inspect.Batch, []inspect.Relation) int { return 200 }

// batchDone is the answer to an act: 403 without the relation, 422 or 409 to what the
// act refuses; what it does, the stories tell.
func batchDone(verb inspect.Verb, refused int) func(inspect.Actor, inspect.Batch, []inspect.Relation) int {
	return func(who inspect.Actor, b inspect.Batch, has []inspect.Relation) int {
		switch {
		case who.MayTo(verb, has...) != nil:
			return 403
		case !slices.Contains(b.Verbs(), verb):
			return 409
		}
		return refused
	}
}

func batchEdited(who inspect.Actor, b inspect.Batch, has []inspect.Relation) int {
	return batchDone(inspect.BatchPut, 200)(who, b, has)
}

func batchManifest(_ inspect.Actor, b inspect.Batch, _ []inspect.Relation) int {
	if b.Run == 0 {
		return 404
	}
	return 200
}

// batchSealed is the answer to who asks for the list of an open batch: there is none.
func batchSealed(who inspect.Actor, _ inspect.Batch, has []inspect.Relation) int {
	if who.MayTo(inspect.BatchPeek, has...) != nil {
		return 403
	}
	return 409
}

// batchRehearsed is the answer to who tries the draw, or cannot any more.
func batchRehearsed(can, cannot int) func(inspect.Actor, inspect.Batch, []inspect.Relation) int {
	return func(who inspect.Actor, b inspect.Batch, has []inspect.Relation) int {
		switch {
		case who.MayTo(inspect.BatchRehearse, has...) != nil:
			return 403
		case b.Rehearsable():
			return can
		}
		return cannot
	}
}

func routeTable(task inspect.TaskID, batch inspect.BatchID) []routeRow {
	t, b := "/office/tasks/"+string(task), "/office/batches/"+string(batch)
	document, event := url.Values{"document": {"{}"}}, one("seen", "0", "code", "ssq", "numbers", "1")
	return []routeRow{
		{pattern: "GET /office/tasks"}, {pattern: "GET /office/filings"}, {pattern: "GET /office/filings.csv"}, {pattern: "GET /office/caps"},
		{pattern: "GET /office/progress"}, {pattern: "GET /office/progress.xlsx"}, {pattern: "GET /office/progress.csv"}, {pattern: "GET /office/batches"},
		{pattern: "GET /office/tasks/{id}", path: t, task: taskRead},
		{pattern: "GET /office/tasks/{id}/approval", path: t + "/approval", task: taskRead},
		{pattern: "GET /office/tasks/{id}/approval.pdf", path: t + "/approval.pdf", task: taskRead},
		{pattern: "GET /office/tasks/{id}/approval.docx", path: t + "/approval.docx", task: taskRead},
		{pattern: "GET /office/tasks/{id}/edit", path: t + "/edit", task: taskEdited},
		{pattern: "GET /office/tasks/{id}/confirm/{library}", path: t + "/confirm/object", task: taskPart},
		{pattern: "GET /office/tasks/{id}/confirm/{library}/changes.csv", path: t + "/confirm/inspector/changes.csv", task: taskPart},
		{pattern: "GET /office/batches/{id}", path: b, batch: batchRead},
		{pattern: "GET /office/batches/{id}/edit", path: b + "/edit", batch: batchEdited},
		{pattern: "GET /office/batches/{id}/files/{name}", path: b + "/files/manifest.json", batch: batchManifest},
		{pattern: "POST /office/batches/{id}/edit", path: b + "/edit", form: one("seen", "0", "cap", "2", "mix", "1"), batch: batchDone(inspect.BatchPut, 409)},
		{pattern: "POST /office/batches/{id}/commit", path: b + "/commit", form: document, batch: batchDone(inspect.BatchCommit, 422)},
		{pattern: "POST /office/batches/{id}/reveal", path: b + "/reveal", form: document, batch: batchDone(inspect.BatchReveal, 422)},
		{pattern: "POST /office/batches/{id}/unseal", path: b + "/unseal", form: document, batch: batchDone(inspect.BatchUnseal, 422)},
		{pattern: "POST /office/batches/{id}/entrust", path: b + "/entrust", form: document, batch: batchDone(inspect.BatchEntrust, 422)},
		{pattern: "GET /office/batches/{id}/rehearsal", path: b + "/rehearsal", batch: batchRehearsed(200, 200)},
		{pattern: "POST /office/batches/{id}/rehearsal", path: b + "/rehearsal", batch: batchRehearsed(303, 409)},
		{pattern: "GET /office/batches/{id}/sealed", path: b + "/sealed", batch: batchSealed},
		{pattern: "POST /office/batches/{id}/event", path: b + "/event", form: event, batch: batchDone(inspect.BatchTypeEvent, 409)},
		{pattern: "POST /office/batches/{id}/event/confirm", path: b + "/event/confirm", form: event, batch: batchDone(inspect.BatchConfirmEvent, 409)},
	}
}

// R17, R62, R66: every page and form of tasks, confirmations, caps and batches, by every
// post of every organisation and by a guest, in the phases of a run: who may not is
// answered the same, whatever there is. A route without a row fails.
func TestEveryRouteByEveryPost(t *testing.T) {
	t.Parallel()
	o := rig.Open(t, rig.SQLite(t))
	r := o.Batch(o.TaskReady())
	task := r.Stands().Tasks[0]
	var readers []*asker
	for _, org := range []string{"scjg", "gaj", "wjw", "lhb", "zf", "sfj"} {
		for _, kind := range []inspect.PostKind{inspect.Clerk, inspect.Leader, inspect.Principal, inspect.Supervisor, inspect.InspectorPost, inspect.AuditAdmin} {
			if org == "scjg" || kind != inspect.InspectorPost && kind != inspect.AuditAdmin {
				readers = append(readers, asks(o, o.Someone(string(kind)+org, kind, org)))
			}
		}
	}
	guest := asks(o, inspect.Actor{})
	everyRoute(t, guest, routeTable(task, r.ID))
	check := func() {
		t.Helper()
		for _, row := range routeTable(task, r.ID) {
			for _, who := range readers {
				who.tries(row, o.Task(task), r)
			}
			if code := guest.sendsRow(row).Code; code != http.StatusSeeOther && code != http.StatusUnauthorized {
				t.Errorf("%s by a guest: %d", row.pattern, code)
			}
		}
	}
	check()
	r.Announce().Lock()
	check()
	r.Commit().Reveal()
	check()
	r.Event().Unseal().Draw()
	check()
}

// everyRoute fails unless every route of the nouns has a row.
func everyRoute(t *testing.T, a *asker, rows []routeRow) {
	t.Helper()
	for _, route := range a.routes {
		noun := slices.ContainsFunc(routeNouns, func(noun string) bool { return strings.HasPrefix(string(route.Verb), noun) })
		if noun && !slices.ContainsFunc(rows, func(row routeRow) bool { return row.pattern == route.Pattern }) {
			t.Errorf("%s has no row in this table", route.Pattern)
		}
	}
}

// sendsRow asks for a row's page, or sends its form.
func (a *asker) sendsRow(row routeRow) *httptest.ResponseRecorder {
	a.Helper()
	method, path, _ := strings.Cut(row.pattern, " ")
	if row.path != "" {
		path = row.path
	}
	form := url.Values{"request": {web.NewID()}}
	maps.Copy(form, row.form)
	r := httptest.NewRequest(method, "http://suicha.example"+path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return a.ask(r)
}

// tries asks for a row's route as it stands, and for the same of nothing there is.
func (a *asker) tries(row routeRow, task inspect.Task, r *rig.Run) {
	a.Helper()
	verb := inspect.Verb("")
	for _, route := range a.routes {
		if route.Pattern == row.pattern {
			verb = route.Verb
		}
	}
	b := r.Stands()
	want := 200
	switch {
	case a.who.May(verb) != nil:
		want = 403
	case row.task != nil:
		if want = 404; a.who.MayTo(inspect.TaskRead, task.Relations(a.who.Org)...) == nil {
			want = row.task(a.who, task)
		}
	case row.batch != nil:
		has := b.Relations(a.who.Org, inspect.BatchParties([]inspect.Task{task}))
		if want = 404; seesBatch(a, b) {
			want = row.batch(a.who, b, has)
		}
	}
	got := a.sendsRow(row).Code
	if got != want {
		a.Errorf("%s by %s of %s, batch %s: %d, want %d", row.pattern, a.who.Post.Kind, a.who.Org.Code, b.State, got, want)
	}
	if want != 404 || strings.Contains(row.pattern, "files") || strings.Contains(row.pattern, "confirm/{") {
		return
	}
	page := a.page
	nothing := row
	nothing.path = strings.NewReplacer(string(r.ID), string(rig.ID[inspect.BatchID]("none")), string(task.ID), string(rig.ID[inspect.TaskID]("none"))).Replace(row.path)
	a.sendsRow(nothing)
	if sameBut.ReplaceAllString(a.page, "") != sameBut.ReplaceAllString(page, "") {
		a.Errorf("%s by %s of %s: the answer tells that there is one", row.pattern, a.who.Post.Kind, a.who.Org.Code)
	}
}

// sameBut is what two answers may differ in: ids that the reader sent, and numbers of
// requests.
var sameBut = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Z]{4}-[0-9A-Z]{4}`)

// seesBatch is the rule of lists: the organiser, and from the announcement on the
// region.
func seesBatch(a *asker, b inspect.Batch) bool {
	_, err := a.Store.DB.Batch(a.Context(), a.who.Scope(), b.ID)
	organiser := a.who.Org.ID == b.Org && a.who.Post.Kind != inspect.Supervisor
	if sees := err == nil; sees != (organiser || !b.AnnouncedAt.IsZero()) {
		a.Errorf("%s of %s sees batch %s: %v", a.who.Post.Kind, a.who.Org.Code, b.State, sees)
	}
	return err == nil
}
