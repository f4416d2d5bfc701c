package office

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var objectsPage = web.NewPage[objectsView](files, "object_list.html")

type objectsView struct {
	Filter  web.Filter
	Saved   web.Saved
	Columns web.Columns
	Rows    []objectRow
	Pager   web.Pager
	Earlier string // the page before
	Files   web.Exports
	Papers  string // the licences of the objects, as a file
	MayPut  bool
	MayLoad bool // may import
	None    bool
	Wide    string       // why nothing is shown: the question is too wide
	Acts    []web.Option // on many
	All     string       // how many objects the filter finds; empty if too many for one act
	Keep    []web.Pair   // the filter
}

// An objectRow is one object of the list.
type objectRow struct {
	No         inspect.ObjectNo
	Href       string
	Name, Code string
	State      web.State
	Risk       string // style of the letter
	Letter     string
	Flags      []web.State
	Cells      []web.ListCell
	Old        bool
}

// objectColumns are the columns beside name, status, risk and flags.
var objectColumns = []web.Column{
	{Key: "kind", Text: "类别"}, {Key: "owner", Text: "主管部门", On: true}, {Key: "town", Text: "镇街", On: true}, {Key: "industry", Text: "行业"},
	{Key: "address", Text: "住所"}, {Key: "scope", Text: "经营范围"}, {Key: "station", Text: "监管所"}, {Key: "established", Text: "成立日期"},
	{Key: "authority", Text: "登记机关"}, {Key: "outside", Text: "不纳入随机抽查的依据"}, {Key: "source", Text: "数据来源", On: true},
	{Key: "sourced", Text: "数据日期", On: true}, {Key: "no", Text: "序号"},
}

// objects shows the library of objects: R27–R33. Everybody of the region who may
// read it sees all of it but the personal data of other departments' rows.
func (s *server) objects(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	find := s.objectFind(r)
	v := objectsView{MayPut: mayPutObject(who), MayLoad: who.MayTo(inspect.ImportUpload, inspect.Owner) == nil}
	page, err := s.db.Objects(r.Context(), who.Scope(), find)
	switch {
	case errors.Is(err, inspect.ErrFindWide):
		v.Wide = err.Error()
	case err != nil:
		return err
	}
	if v.Columns, err = s.columns(r, "objects", objectColumns); err != nil {
		return err
	}
	if v.Saved, err = s.saved(r, "objects"); err != nil {
		return err
	}
	if v.Filter, err = s.objectFilter(r, facts); err != nil {
		return err
	}
	if v.Rows, err = s.objectRows(r, page.Objects, v.Columns, facts); err != nil {
		return err
	}
	v.None = len(v.Rows) == 0 && len(v.Filter.Keep) == 0 && v.Filter.Value == ""
	v.pages(r, page)
	v.Files = web.NewExports(r)
	v.Papers = strings.Replace(v.Files.XLSX, "/objects.xlsx", "/objects/licences.xlsx", 1)
	v.acts(r, page, facts)
	return objectsPage.Show(w, r, v)
}

// mayPutObject reports whether the actor registers objects: clerks of inspecting
// bodies.
func mayPutObject(who inspect.Actor) bool {
	return who.MayTo(inspect.ObjectPut, inspect.Owner) == nil && who.Org.Inspects()
}

// objectFind is the question that the address asks.
func (s *server) objectFind(r *http.Request) store.Find {
	q := r.URL.Query()
	after, size := web.PageOf(r)
	f := store.Find{Text: strings.TrimSpace(q.Get("q")), Day: s.today(), Most: size}
	f.After, f.Before = objectNo(after), objectNo(q.Get("before"))
	f.Kinds, f.Statuses = asked[inspect.ObjectKind](q.Get("kind")), asked[inspect.ObjectStatus](q.Get("status"))
	f.Owners, f.Towns = asked[inspect.OrgID](q.Get("owner")), asked[string](q.Get("town"))
	f.Sublibs, f.Sources = asked[inspect.SublibraryID](q.Get("library")), asked[string](q.Get("source"))
	f.Industries, f.Flag = asked[string](q.Get("industry")), inspect.FlagKind(q.Get("flag"))
	f.Where = inspect.Where(q.Get("where"))
	f.Draws, f.Sourced = inspect.Draws(q.Get("draws")), inspect.AgeDays(inspect.Age(q.Get("age")), s.today())
	f.Licence = inspect.ExpiryDays(inspect.Expiry(q.Get("licence")), s.today())
	switch risk := q.Get("risk"); risk {
	case "":
	case "none":
		f.Risks = []string{""}
	default:
		f.Risks = []string{risk}
	}
	return f
}

// asked is the one value of a chip, or none.
func asked[T ~string](value string) []T {
	if value == "" {
		return nil
	}
	return []T{T(value)}
}

// objectNo reads a number of an address; what is none is 0, which no object has.
func objectNo(text string) inspect.ObjectNo {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return inspect.ObjectNo(n)
}

func (s *server) objectFilter(r *http.Request, facts inspect.Facts) (web.Filter, error) {
	who := web.Actor(r)
	sources, err := s.db.ObjectSources(r.Context(), who.Scope())
	if err != nil {
		return web.Filter{}, err
	}
	areas, err := s.db.Areas(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return web.Filter{}, err
	}
	var owners, libs, from []web.Option
	for _, o := range sortedOrgs(facts) {
		if o.Inspects() {
			owners = append(owners, web.Option{Value: string(o.ID), Text: o.Short})
		}
		for _, l := range sortedSublibs(facts, o.ID) {
			libs = append(libs, web.Option{Value: string(l.ID), Text: o.Short + "　" + l.Name})
		}
	}
	for _, text := range sources {
		from = append(from, web.Option{Value: text, Text: text})
	}
	risks := []web.Option{{Value: "none", Text: "未分类"}}
	for _, class := range inspect.RiskClasses {
		risks = append(risks, web.Option{Value: string(class), Text: string(class) + " 类"})
	}
	all := slices.Clone(inspect.ObjectStatuses)
	for _, own := range []inspect.ObjectStatus{inspect.ObjectVanished, inspect.ObjectWithdrawn, inspect.ObjectMerged} {
		all = append(all, inspect.Choice{Value: string(own), Text: own.Text()})
	}
	return web.NewFilter(r, "名称、拼音首字母或代码", "objects",
		web.NewChip(r, "主管部门", "owner", owners...), web.NewChip(r, "登记状态", "status", web.Options(all)...), web.NewChip(r, "镇街", "town", web.Options(areas)...),
		web.NewChip(r, "风险", "risk", risks...), web.NewChip(r, "标记", "flag", web.Options(inspect.FlagKinds)...),
		web.NewChip(r, "数据时间", "age", web.Options(inspect.Ages)...), web.NewChip(r, "类别", "kind", web.Options(inspect.ObjectKinds)...).Seldom(),
		web.NewChip(r, "分库", "library", libs...).Seldom(), web.NewChip(r, "行业", "industry", web.Options(inspect.IndustrySections())...).Seldom(),
		web.NewChip(r, "数据来源", "source", from...).Seldom(), web.NewChip(r, "许可证", "licence", web.Options(inspect.Expiries)...).Seldom(),
		web.NewChip(r, "随机抽查", "draws", web.Options(inspect.DrawsChoices)...).Seldom(), web.NewChip(r, "查找位置", "where", web.Options(inspect.Wheres)...).Seldom()), nil
}

// pages leads to the page before and the one behind.
func (v *objectsView) pages(r *http.Request, page store.ObjectPage) {
	total := web.Thousands(int64(page.Total))
	if page.Over {
		total = "超过 " + total
	}
	next, n := "", len(page.Objects)
	if page.Later && n > 0 {
		next = page.Objects[n-1].No.String()
	}
	v.Pager = web.NewPager(r, "objects", fmt.Sprintf("共 %s 户，本页 %d 户", total, n), next)
	if page.Earlier && n > 0 {
		q := r.URL.Query()
		q.Del("after")
		q.Set("before", page.Objects[0].No.String())
		v.Earlier = "/office/objects?" + q.Encode()
	}
}

func (s *server) objectRows(r *http.Request, objects []inspect.Object, columns web.Columns, facts inspect.Facts) ([]objectRow, error) {
	nos := make([]inspect.ObjectNo, len(objects))
	for i, o := range objects {
		nos[i] = o.No
	}
	flags, err := s.db.FlagsOn(r.Context(), web.Actor(r).Scope(), nos, s.today())
	if err != nil {
		return nil, err
	}
	var rows []objectRow
	for _, o := range objects {
		row := objectRow{
			No: o.No, Href: "/office/objects/" + o.No.String(), Name: o.Name, Code: o.Code, State: objectState(o.Status),
			Letter: o.Risk, Risk: strings.ToLower(o.Risk), Old: o.Stale(s.today()),
		}
		for _, k := range flags[o.No] {
			row.Flags = append(row.Flags, flagState(k))
		}
		if o.Outside != "" {
			row.Flags = append(row.Flags, web.State{Shape: web.Sealed, Text: "不纳入随机抽查"})
		}
		for _, c := range columns.Shown() {
			cell := web.ListCell{Label: c.Text, Text: objectCell(o, c.Key, facts)}
			if c.Key == "sourced" {
				cell.Note = o.Age(s.today())
			}
			row.Cells = append(row.Cells, cell)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func objectState(status inspect.ObjectStatus) web.State {
	switch status {
	case inspect.ObjectActive:
		return web.State{Shape: web.Happy, Text: status.Text()}
	case inspect.ObjectRevoked, inspect.ObjectAnnulled:
		return web.State{Shape: web.Bad, Text: status.Text()}
	}
	return web.State{Text: status.Text()}
}

// flagState is a flag as lists show it: all but the white list ask for more care.
func flagState(k inspect.FlagKind) web.State {
	switch k {
	case inspect.FlagWhite:
		return web.State{Shape: web.Happy, Text: k.Text()}
	case inspect.FlagSerious:
		return web.State{Shape: web.Bad, Text: k.Text()}
	}
	return web.State{Shape: web.Waiting, Text: k.Text()}
}

func objectCell(o inspect.Object, key string, facts inspect.Facts) string {
	switch key {
	case "owner":
		return facts.Orgs[o.Owner].Short
	case "source":
		return o.Source
	case "sourced":
		return o.Sourced.String()
	case "no":
		return o.No.String()
	case "outside":
		return o.Outside
	}
	i := slices.IndexFunc(inspect.ObjectFields, func(f inspect.ObjectField) bool { return f.Key == key })
	return inspect.ObjectFields[i].Shown(&o, facts.Areas)
}

// acts offers what the reader may do to many objects at once.
func (v *objectsView) acts(r *http.Request, page store.ObjectPage, facts inspect.Facts) {
	for _, b := range bulkActs {
		if b.offered(web.Actor(r), facts) {
			v.Acts = append(v.Acts, web.Option{Value: string(b.verb), Text: b.text})
		}
	}
	if page.Total <= act.ObjectsMost && !page.Over {
		v.All = web.Thousands(int64(page.Total))
	}
	q := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(q)) {
		switch name {
		case "after", "before", "size", "done", "unsent", "act", "all", "objects":
		default:
			v.Keep = append(v.Keep, web.Pair{Name: name, Value: q.Get(name)})
		}
	}
}
