package portal

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var (
	listsPage = web.NewPage[listsView](files, "item_lists.html", "part.html")
	listPage  = web.NewPage[listView](files, "item_list.html", "part.html")
	jointPage = web.NewPage[jointView](files, "item_joint.html", "part.html")
)

type listsView struct {
	Joint *web.Link
	When  string
	Rows  []listsRow
	Text  string
	Found []itemRow
}

// A listsRow is one department's list.
type listsRow struct {
	Href, Org    string
	Key, General int
	Changed      string
}

// An itemRow is one item of a list.
type itemRow struct {
	Href, Code, Name, Org, Field, Category, Share, Content string
	State                                                  web.State
}

// lists shows the lists of all departments and the joint list, and finds items in
// them: R22.
func (s *server) lists(w http.ResponseWriter, r *http.Request) error {
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	v := listsView{Text: asked(r.URL.Query().Get("q"))}
	for _, o := range sortedOrgs(facts) {
		row := listsRow{Href: "/lists/" + o.Code, Org: o.Name}
		for _, i := range facts.Items {
			switch {
			case i.Org != o.ID || !i.Retired.IsZero():
			case i.Category == inspect.KeyItem:
				row.Key++
			default:
				row.General++
			}
		}
		if row.Key+row.General == 0 {
			continue
		}
		changes, err := s.db.ListChanges(r.Context(), public, o.ID, 1)
		if err != nil {
			return err
		}
		if at := changedAt(changes); !at.IsZero() {
			row.Changed = at.In(china).Format(time.DateOnly)
		}
		v.Rows = append(v.Rows, row)
	}
	if v.Text != "" {
		v.Found = foundItems(facts, v.Text)
	}
	joint, err := s.db.JointLists(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	if len(joint) > 0 {
		v.Joint, v.When = &web.Link{Text: joint[0].Title(), Href: jointPath(joint[0])}, joint[0].PublishedAt.In(china).Format(time.DateOnly)
	}
	return listsPage.Show(w, r, v)
}

// itemsMost is how many found items a page shows.
const itemsMost = 100

func foundItems(facts inspect.Facts, text string) []itemRow {
	var rows []itemRow
	text = strings.ToLower(text)
	for _, i := range facts.Items {
		if i.Retired.IsZero() && strings.Contains(strings.ToLower(strings.Join([]string{i.Name, i.Code, i.Field, i.Content, i.Basis}, " ")), text) {
			rows = append(rows, newItemRow(i, facts))
		}
	}
	slices.SortFunc(rows, func(a, b itemRow) int { return strings.Compare(a.Org+a.Code, b.Org+b.Code) })
	return rows[:min(len(rows), itemsMost)]
}

func newItemRow(i inspect.Item, facts inspect.Facts) itemRow {
	row := itemRow{
		Href: "/items/" + string(i.ID), Code: i.Code, Name: i.Name, Org: facts.Orgs[i.Org].Short, Field: i.Field,
		Category: inspect.ChoiceText(inspect.Categories, string(i.Category)), Share: "不限", Content: i.Content, State: itemState(i, true),
	}
	if i.Category == inspect.GeneralItem {
		row.Share = "不超过 " + inspect.PercentText(i.MaxShare)
	}
	return row
}

type listView struct {
	Org       string
	Crumbs    []web.Link
	Path, URL string
	Current   string
	Numbers   []web.Number
	Rows      []itemRow
	Diff      []web.Change
	Changed   string
	Verb      string
	Receipt   *web.Receipt
	Versions  []editionView
	Files     []fileView
}

// list shows a department's list in one version, or gives it as a file: R22, R23.
func (s *server) list(w http.ResponseWriter, r *http.Request) error {
	code, entry, form := r.PathValue("org"), r.PathValue("n"), ""
	if last := map[bool]*string{true: &code, false: &entry}[entry == ""]; strings.Contains(*last, ".") {
		*last, form, _ = strings.Cut(*last, ".")
	}
	n, err := versionOf(entry)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	l, err := s.deptList(r.Context(), code, n, facts)
	if err != nil {
		return err
	}
	items := standing(l.items)
	if form != "" {
		return s.listFile(w, l, items, form)
	}
	v := listView{Org: l.org.Name, Path: "/lists/" + code, Crumbs: []web.Link{{Text: "清单", Href: "/lists"}, {Text: l.org.Short}}}
	keys := 0
	for _, i := range items {
		row := newItemRow(i, facts)
		if row.Href = itemPath(i); i.Category == inspect.KeyItem {
			keys++
		}
		v.Rows = append(v.Rows, row)
	}
	v.Numbers = []web.Number{{Label: "重点检查事项", Value: fmt.Sprint(keys), Unit: "项"}, {Label: "一般检查事项", Value: fmt.Sprint(len(items) - keys), Unit: "项"}}
	if len(l.changes) > 0 {
		if err := s.listVersions(r, &v, l); err != nil {
			return err
		}
		modified(w, l.changes[l.at].At)
	}
	return listPage.Show(w, r, v)
}

// listVersions fills in the versions of a list, and the difference to the one before.
func (s *server) listVersions(r *http.Request, v *listView, l deptList) error {
	at := l.changes[l.at]
	v.Path = fmt.Sprintf("/lists/%s/%d", l.org.Code, at.N)
	v.Changed, v.Verb = web.Stamp(at.At), at.Verb.Text()
	receipt := web.Receipt{N: at.N, Code: at.Code()}
	v.URL, v.Receipt = s.Base+v.Path, &receipt
	if l.at > 0 {
		v.Current = "/lists/" + l.org.Code
	}
	if l.at+1 < len(l.changes) {
		before, err := s.db.ItemsAt(r.Context(), public, l.org.ID, l.changes[l.at+1].N)
		if err != nil {
			return err
		}
		v.Diff = diffOf(inspect.DiffTerms(termsOf(standing(before)), termsOf(standing(l.items))))
	}
	for k, c := range l.changes {
		v.Versions = append(v.Versions, editionView{
			Text: c.At.In(china).Format(time.DateOnly), Href: fmt.Sprintf("/lists/%s/%d", l.org.Code, c.N), Here: k == l.at, Note: fmt.Sprintf("%s，%d 项", c.Verb.Text(), c.Items),
		})
	}
	v.Files = filesOf(v.Path)
	return nil
}

func filesOf(path string) []fileView {
	return []fileView{{"Excel 表格", "可排序、打印", path + ".xlsx"}, {"CSV 表格", "UTF-8，各种软件通用", path + ".csv"}, {"JSON 数据", "供程序读取", path + ".json"}}
}

func (s *server) listFile(w http.ResponseWriter, l deptList, items []inspect.Item, form string) error {
	if kindOf[form] == "" || len(l.changes) == 0 {
		return inspect.ErrMissing
	}
	var file bytes.Buffer
	if err := exchange.WriteItems(&file, exchange.Format(form), termsOf(items)); err != nil {
		return err
	}
	return send(w, kindOf[form], saveAs(fmt.Sprintf("items-%s-%d", l.org.Code, l.changes[l.at].N), form), l.changes[l.at].At, file.Bytes())
}

// saveAs is the name under which browsers save a file. JSON is read in place.
func saveAs(name, form string) string {
	if form == "json" {
		return ""
	}
	return name + "." + form
}

type jointView struct {
	Title    string
	Crumbs   []web.Link
	URL      string
	State    web.State
	Current  string
	When     string
	Places   []string
	Reason   string
	Before   string
	Diff     []web.Change
	Lines    []jointLine
	Editions []editionView
	Files    []fileView
}

// A jointLine is one line of the joint list.
type jointLine struct {
	No                                int
	Name, Field, Objects, Lead, Notes string
	Items                             []web.Link
}

func jointPath(j inspect.JointList) string { return fmt.Sprintf("/lists/joint/%d", j.Edition) }

// joint shows an edition of the joint list, or gives it as a file: R21, R22.
func (s *server) joint(w http.ResponseWriter, r *http.Request) error {
	text, form, _ := strings.Cut(r.PathValue("edition"), ".")
	all, err := s.db.JointLists(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(j inspect.JointList) bool { return text == "" || strconv.Itoa(j.Edition) == text })
	if at < 0 {
		return inspect.ErrMissing
	}
	j := all[at]
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	pinned, err := s.pinned(r, all)
	if err != nil {
		return err
	}
	modified(w, j.PublishedAt)
	if form != "" {
		return s.jointFile(w, j, facts, pinned, form)
	}
	v := jointView{
		Title: j.Title(), URL: s.Base + jointPath(j), When: web.Stamp(j.PublishedAt), Places: strings.Split(j.Places, "\n"), Reason: j.Reason,
		State: web.State{Shape: web.Happy, Text: "现行"}, Crumbs: []web.Link{{Text: "清单", Href: "/lists"}, {Text: "联合清单"}}, Files: filesOf(jointPath(j)),
	}
	if j.State == inspect.JointReplaced {
		v.State, v.Current = web.State{Text: j.State.Text()}, jointPath(all[0])
	}
	name := func(p inspect.ItemPin) string { return fmt.Sprintf("%s（第 %d 版）", pinned[p].Name, p.Version) }
	for _, l := range j.Lines {
		row := jointLine{No: l.No, Name: l.Name, Field: l.Field, Objects: l.Objects, Lead: facts.Orgs[l.Lead].Short, Notes: l.Remark}
		for _, p := range l.Items {
			row.Items = append(row.Items, web.Link{Text: facts.Orgs[p.Org].Short + "：" + name(p), Href: fmt.Sprintf("/items/%s/%d", p.Item, p.Version)})
		}
		v.Lines = append(v.Lines, row)
	}
	for k, x := range all {
		v.Editions = append(v.Editions, editionView{Text: x.Title(), Href: jointPath(x), Here: k == at, Note: x.PublishedAt.In(china).Format(time.DateOnly)})
		if x.ID == j.Amends {
			v.Before, v.Diff = x.Title(), web.Changes(inspect.DiffJoint(x, j, facts, name))
		}
	}
	return jointPage.Show(w, r, v)
}

// pinned reads the items that the lists name, in the versions they name.
func (s *server) pinned(r *http.Request, lists []inspect.JointList) (map[inspect.ItemPin]inspect.Item, error) {
	found := map[inspect.ItemPin]inspect.Item{}
	for _, j := range lists {
		for _, l := range j.Lines {
			for _, p := range l.Items {
				if _, ok := found[p]; ok {
					continue
				}
				i, err := s.db.ItemVersion(r.Context(), public, p.Item, p.Version)
				if err != nil {
					return nil, fmt.Errorf("read version %d of item %s: %w", p.Version, p.Item, err)
				}
				found[p] = i
			}
		}
	}
	return found, nil
}

func (s *server) jointFile(w http.ResponseWriter, j inspect.JointList, facts inspect.Facts, pinned map[inspect.ItemPin]inspect.Item, form string) error {
	if kindOf[form] == "" {
		return inspect.ErrMissing
	}
	file := exchange.JointFile{
		Title: j.Title(), Publisher: facts.Orgs[j.Org].Name, Place: s.Place, Edition: j.Edition, Published: j.PublishedAt.UTC().Format(time.RFC3339),
		Places: strings.Split(j.Places, "\n"), URL: s.Base + jointPath(j),
	}
	for _, l := range j.Lines {
		line := exchange.JointLine{No: l.No, Field: l.Field, Name: l.Name, Objects: l.Objects, Lead: facts.Orgs[l.Lead].Name, Remark: l.Remark}
		for _, p := range l.Items {
			line.Items = append(line.Items, exchange.JointItem{
				Org: facts.Orgs[p.Org].Name, Code: pinned[p].Code, Name: pinned[p].Name, Version: p.Version, URL: fmt.Sprintf("%s/items/%s/%d", s.Base, p.Item, p.Version),
			})
		}
		file.Lines = append(file.Lines, line)
	}
	var b bytes.Buffer
	if err := file.Write(&b, exchange.Format(form)); err != nil {
		return err
	}
	return send(w, kindOf[form], saveAs(fmt.Sprintf("joint-list-%d", j.Edition), form), j.PublishedAt, b.Bytes())
}

// listPages are the addresses of the lists for the site map.
func (s *server) listPages(r *http.Request) ([]sitePage, error) {
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return nil, err
	}
	pages := []sitePage{{Address: s.Base + "/lists"}}
	for _, o := range sortedOrgs(facts) {
		if slices.ContainsFunc(itemsOf(facts), func(i inspect.Item) bool { return i.Org == o.ID }) {
			pages = append(pages, sitePage{Address: s.Base + "/lists/" + o.Code})
		}
	}
	for _, i := range itemsOf(facts) {
		page := sitePage{Address: s.Base + "/items/" + string(i.ID)}
		if !i.At.IsZero() {
			page.Changed = i.At.UTC().Format(time.RFC3339)
		}
		pages = append(pages, page)
	}
	joint, err := s.db.JointLists(r.Context(), public, s.Region)
	for _, j := range joint {
		pages = append(pages, sitePage{s.Base + jointPath(j), j.PublishedAt.UTC().Format(time.RFC3339)})
	}
	return pages, err
}

// itemsOf are all items in a settled order.
func itemsOf(facts inspect.Facts) []inspect.Item {
	var all []inspect.Item
	for _, i := range facts.Items {
		all = append(all, i)
	}
	slices.SortFunc(all, func(a, b inspect.Item) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}
