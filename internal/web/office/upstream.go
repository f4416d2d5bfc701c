package office

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var (
	dispatchedListPage = web.NewPage[dispatchedListView](files, "upstream_list.html")
	dispatchedPage     = web.NewPage[dispatchedView](files, "upstream.html")
)

type dispatchedListView struct {
	Rows    []dispatchedRow
	Keys    []senderKeyRow
	Receive *web.Form
	Add     *web.Form
	Suites  []web.Option
}

// A dispatchedRow is one list that came from above.
type dispatchedRow struct{ Href, Title, Number, Sender, Org, When, Count string }

// A senderKeyRow is the key of one superior with what this reader can do about it.
type senderKeyRow struct {
	Sender, Suite, Key, Ground, When, Reason string
	State                                    web.State
	Confirm, End                             *web.Form
	Own                                      bool
}

// packagesMost is how many lists the page shows.
const packagesMost = 100

// registerUpstream adds the pages of lists dispatched from above.
func (s *server) registerUpstream(m *web.Mux) {
	m.Page("GET /office/dispatched", inspect.UpstreamRead, s.dispatchedList)
	m.Page("POST /office/dispatched", inspect.UpstreamReceive, s.receiveList)
	m.Page("GET /office/dispatched/{id}", inspect.UpstreamRead, s.dispatched)
	m.Page("GET /office/dispatched/{id}/package.zip", inspect.UpstreamRead, s.dispatchedFile)
}

// dispatchedList shows the lists that superiors dispatched, and the keys by which they
// sign: R64.
func (s *server) dispatchedList(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	packages, err := s.db.UpstreamPackages(r.Context(), who.Scope(), packagesMost)
	if err != nil {
		return err
	}
	keys, err := s.db.UpstreamKeys(r.Context(), who.Scope())
	if err != nil {
		return err
	}
	var v dispatchedListView
	for _, p := range packages {
		v.Rows = append(v.Rows, dispatchedRow{"/office/dispatched/" + string(p.ID), p.Title, p.Number, p.Sender, facts.Orgs[p.Org].Short, web.Stamp(p.At), strconv.Itoa(p.Count)})
	}
	has := inspect.UpstreamRelations(who.Org.Region, who.Org)
	for i, k := range keys {
		v.Keys = append(v.Keys, senderKeyOf(r, i, k, has))
	}
	if who.MayTo(inspect.UpstreamReceive, has...) == nil && who.Org.Inspects() {
		form := web.FormTo(r, "/office/dispatched", &receiveFields{})
		form.Request = web.NewID()
		v.Receive = &form
	}
	if who.MayTo(inspect.UpstreamAddKey, has...) == nil {
		form := web.FormOf(r, act.AddUpstreamKey{ID: inspect.UpstreamKeyID(web.NewID()), Suite: inspect.Suites[0].Value}, "id")
		form.Then = "/office/dispatched"
		v.Add, v.Suites = &form, web.Options(inspect.Suites)
	}
	return dispatchedListPage.Show(w, r, v)
}

func senderKeyOf(r *http.Request, i int, k inspect.UpstreamKey, has []inspect.Relation) senderKeyRow {
	who := web.Actor(r)
	shape := map[inspect.UpstreamKeyState]web.Shape{inspect.KeyAdded: web.Waiting, inspect.KeyActive: web.Happy}[k.State]
	row := senderKeyRow{
		Sender: k.Sender, Suite: inspect.ChoiceText(inspect.Suites, k.Suite), Key: k.Key, Ground: k.Ground, When: web.Stamp(k.AddedAt), Reason: k.Reason,
		State: web.State{Shape: shape, Text: k.State.Text()}, Own: who.Person == k.AddedBy,
	}
	form := func(c web.Command) *web.Form {
		f := web.FormFor(r, strconv.Itoa(i), c, "id", "seen")
		f.Then = "/office/dispatched"
		return &f
	}
	for _, verb := range who.Among(k.Verbs(), has...) {
		switch {
		case verb == inspect.UpstreamConfirmKey && !row.Own: // INV-09
			row.Confirm = form(act.ConfirmUpstreamKey{ID: k.ID, Seen: k.Version})
		case verb == inspect.UpstreamEndKey:
			row.End = form(act.EndUpstreamKey{ID: k.ID, Seen: k.Version})
		}
	}
	return row
}

// receiveFields is the form that brings a list.
type receiveFields struct {
	Package string `json:"package" label:"名单包（.zip）"`
}

// receiveList takes the file of a list over.
func (s *server) receiveList(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return inspect.ErrForm
	}
	id := inspect.UpstreamPackageID(web.NewID())
	text, err := packageFile(r)
	if err == nil {
		command := &act.ReceiveUpstream{ID: id, Package: base64.StdEncoding.EncodeToString(text)}
		_, err = desk{s.Desk, s.Security}.Do(r.Context(), r.PostForm.Get("request"), web.Actor(r), command)
	}
	if err == nil {
		http.Redirect(w, r, "/office/dispatched/"+string(id), http.StatusSeeOther)
		return nil
	}
	if !mendable(err) {
		return err
	}
	return s.dispatchedList(w, web.WithFailure(r, err))
}

// packageFile is the file that came with the form.
func packageFile(r *http.Request) ([]byte, error) {
	part, _, err := r.FormFile("file")
	if err != nil {
		return nil, inspect.ErrEmpty.With("名单包").At("package")
	}
	defer part.Close()
	return io.ReadAll(io.LimitReader(part, 1<<20))
}

type dispatchedView struct {
	Package inspect.UpstreamPackage
	Crumbs  []web.Link
	Facts   []web.Fact
	Numbers []web.Number
	Begin   *web.Form
	Rows    []dispatchedObject
	More    int
	File    string
	Log     []web.Entry
}

// A dispatchedObject is one object of the list, and how it stands in the library.
type dispatchedObject struct {
	Href, Code, Name string
	State            web.State
}

// listedMost is how many objects the page shows; those that cannot be drawn come first.
const listedMost = 200

// dispatched shows one list as it came, what of it the library has, and lets its
// department begin the task: R64.
func (s *server) dispatched(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	p, _, err := s.db.UpstreamPackage(r.Context(), who.Scope(), inspect.UpstreamPackageID(r.PathValue("id")))
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), p.Region)
	if err != nil {
		return err
	}
	v := dispatchedView{Package: p, File: "/office/dispatched/" + string(p.ID) + "/package.zip"}
	v.Crumbs = []web.Link{{Text: "上级派发名单", Href: "/office/dispatched"}, {Text: p.Number}}
	names, err := s.db.Names(r.Context(), who.Scope(), p.By)
	if err != nil {
		return err
	}
	v.Facts = []web.Fact{
		{Label: "派发单位", Value: p.Sender}, {Label: "名单编号", Value: p.Number}, {Label: "派发依据", Value: p.Ground}, {Label: "签发", Value: web.Stamp(p.Issued)},
		{Label: "接收期限", Value: web.Stamp(p.Until)}, {Label: "接收部门", Value: facts.Orgs[p.Org].Short}, {Label: "接收", Value: names[p.By], Note: web.Stamp(p.At)},
		{Label: "文件摘要", Value: p.SHA256, Note: "SHA-256"},
	}
	if err := s.listedRows(r, &v); err != nil {
		return err
	}
	if who.MayTo(inspect.TaskDraft, inspect.Owner) == nil && who.Org.ID == p.Org {
		form := web.FormOf(r, act.DraftTask{Task: inspect.TaskID(web.NewID()), Package: p.ID, Name: p.Title}, "task", "package", "plan", "line", "source", "ground", "copy")
		v.Begin = &form
	}
	entries, err := s.db.Timeline(r.Context(), who.Scope(), "upstream_package", string(p.ID), 10)
	v.Log = Log(entries)
	if err != nil {
		return err
	}
	return dispatchedPage.Show(w, r, v)
}

// listedRows fills in the objects, first those that cannot be drawn here.
func (s *server) listedRows(r *http.Request, v *dispatchedView) error {
	names := v.Package.Listed()
	var codes []string
	for code := range names {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	found, err := s.db.ListedIn(r.Context(), web.Actor(r).Scope(), codes)
	if err != nil {
		return err
	}
	var absent, barred, drawable []dispatchedObject
	for _, code := range codes {
		row := dispatchedObject{Code: code, Name: names[code]}
		o, ok := found[code]
		if ok {
			row.Href, row.Name = "/office/objects/"+o.No.String(), o.Name
		}
		switch {
		case !ok:
			row.State = web.State{Shape: web.Bad, Text: "名录库中没有"}
			absent = append(absent, row)
		case !o.Drawable():
			row.State = web.State{Shape: web.Bad, Text: o.Obstacle()}
			barred = append(barred, row)
		default:
			row.State = web.State{Shape: web.Happy, Text: "可以检查"}
			drawable = append(drawable, row)
		}
	}
	for _, n := range []struct {
		label string
		rows  []dispatchedObject
	}{{"可以检查", drawable}, {"不能检查", barred}, {"名录库中没有", absent}} {
		v.Numbers = append(v.Numbers, web.Number{Label: n.label, Value: strconv.Itoa(len(n.rows)), Unit: "户"})
	}
	v.Rows = slices.Concat(absent, barred, drawable)
	v.More = max(0, len(v.Rows)-listedMost)
	v.Rows = v.Rows[:len(v.Rows)-v.More]
	return nil
}

// dispatchedFile sends a list byte by byte as it came.
func (s *server) dispatchedFile(w http.ResponseWriter, r *http.Request) error {
	p, text, err := s.db.UpstreamPackage(r.Context(), web.Actor(r).Scope(), inspect.UpstreamPackageID(r.PathValue("id")))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename=%q`, string(p.ID)+".zip"))
	_, err = w.Write(text)
	return err
}
