package office

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// A readingRow is one reading of a sealed list in the register.
type readingRow struct{ At, Org, Name, Ground string }

// A peekForm puts a reading on record before the list is shown: INV-05.
type peekForm struct{ Form web.Form }

// sealedParts fills in what a sealed batch has besides: the custodian's form, the form
// of a reading, and the register of readings for who watches over them.
func (s *server) sealedParts(r *http.Request, v *batchView, has []inspect.Relation) error {
	who, b := web.Actor(r), v.Batch
	may := who.Among(b.Verbs(), has...)
	if slices.Contains(may, inspect.BatchEntrust) && b.Terms.Custodian().Org == who.Org.ID {
		f := web.FormTo(r, batchPath(b)+"/entrust", &documentFields{})
		f.Request = web.NewID()
		v.Entrust = &documentForm{Title: "交存密封的随机数", Button: "交存", Command: "suicha draw reveal", Form: f}
	}
	if b.Shows("", has...) && b.Sealed() && !b.DrawnAt.IsZero() {
		v.Register = true
	}
	peeks := slices.Contains(may, inspect.BatchPeek) && s.leads(r, v)
	if !v.Register && !peeks {
		return nil
	}
	readings, err := s.db.Readings(r.Context(), who.Scope(), b)
	if err != nil {
		return err
	}
	if v.Register {
		if v.Readings, err = s.register(r, readings); err != nil {
			return err
		}
	}
	if peeks {
		if slices.ContainsFunc(readings, func(x inspect.Reading) bool { return x.Serves(who.Person, s.Now()) }) {
			v.List = batchPath(b) + "/sealed"
			return nil
		}
		f := web.FormOf(r, act.PeekBatch{Reading: inspect.ReadingID(web.NewID()), Batch: b.ID}, "reading", "batch")
		f.Then = batchPath(b) + "/sealed"
		v.Peek = &peekForm{f}
	}
	return nil
}

// leads reports whether the reader's department may read the list: it organises the
// batch, or leads one of its tasks.
func (s *server) leads(r *http.Request, v *batchView) bool {
	org := web.Actor(r).Org
	return org.ID == v.Batch.Org || slices.ContainsFunc(v.Tasks, func(t batchTask) bool { return t.OrgID == org.ID })
}

// register is the register of readings in words.
func (s *server) register(r *http.Request, readings []inspect.Reading) (rows []readingRow, err error) {
	who := web.Actor(r)
	var people []inspect.PersonID
	for _, x := range readings {
		people = append(people, x.By)
	}
	names, err := s.db.Names(r.Context(), who.Scope(), people...)
	if err != nil {
		return nil, err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return nil, err
	}
	for _, x := range readings {
		rows = append(rows, readingRow{web.Stamp(x.At), facts.Orgs[x.Org].Short, names[x.By], x.Ground})
	}
	return rows, nil
}

// entrustBatch takes the custodian's secret.
func (s *server) entrustBatch(w http.ResponseWriter, r *http.Request) error {
	return s.handIn(w, r, func(d act.BatchDocument) act.Command { return &act.EntrustBatch{BatchDocument: d} })
}

var sealedPage = web.NewPage[sealedView](files, "batch_sealed.html")

// A sealedView is a sealed list, for who has put the reading on record.
type sealedView struct {
	Batch   inspect.Batch
	Crumbs  []web.Link
	Opening string
	Rows    []sealedRow
	Spare   []sealedRow // the reserve
	Mine    bool        // only the tasks that the reader's department leads
}

// A sealedRow is one object with its team.
type sealedRow struct {
	Name, Code, Place, Task string
	Rank                    string
	Team                    []string
}

// sealedList shows a sealed list to who has said what for: R68, INV-05.
func (s *server) sealedList(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	who := web.Actor(r)
	b, _, err := s.batchOf(r)
	if err != nil {
		return err
	}
	list, err := s.Desk.Peek(r.Context(), who, b.ID)
	if err != nil {
		return err
	}
	v := sealedView{Batch: b, Opening: chinaMoment(b.Terms.Opening), Mine: who.Org.ID != b.Org}
	v.Crumbs = []web.Link{{Text: "抽取批次", Href: "/office/batches"}, {Text: b.Number, Href: batchPath(b)}, {Text: "封存的名单"}}
	if err := s.sealedRows(r, &v, list); err != nil {
		return err
	}
	return sealedPage.Show(w, r, v)
}

// sealedRows puts the list into words.
func (s *server) sealedRows(r *http.Request, v *sealedView, list inspect.SealedList) error {
	who, ctx := web.Actor(r), r.Context()
	var objects []inspect.ObjectNo
	var inspectors []inspect.InspectorNo
	for _, row := range list.Rows {
		objects = append(objects, row.Object)
	}
	for _, seat := range list.Seats {
		inspectors = append(inspectors, seat.Inspector)
	}
	names, err := s.db.ObjectsNamed(ctx, who.Scope(), objects)
	if err != nil {
		return err
	}
	people, err := s.db.InspectorsNamed(ctx, who.Scope(), inspectors)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(ctx, who.Scope(), v.Batch.Region)
	if err != nil {
		return err
	}
	teams := map[string][]string{}
	for _, seat := range list.Seats {
		text := facts.Orgs[seat.Org].Short + "　" + people[seat.Inspector].Name
		if seat.Leader {
			text += "（组长）"
		}
		teams[seat.ID] = append(teams[seat.ID], text)
	}
	tasks := map[inspect.TaskID]string{}
	for _, row := range list.Rows {
		if tasks[row.Task] == "" {
			task, err := s.db.Task(ctx, who.Scope(), row.Task)
			if err != nil {
				return err
			}
			tasks[row.Task] = task.Name
		}
		o := names[row.Object]
		x := sealedRow{Name: o.Name, Code: o.Code, Place: o.Place, Task: tasks[row.Task], Rank: strconv.Itoa(row.Rank)}
		if row.Reserve {
			v.Spare = append(v.Spare, x)
			continue
		}
		x.Team = teams[row.ID]
		v.Rows = append(v.Rows, x)
	}
	byName := func(a, b sealedRow) int { return strings.Compare(a.Task+a.Name, b.Task+b.Name) }
	slices.SortStableFunc(v.Rows, byName)
	return nil
}
