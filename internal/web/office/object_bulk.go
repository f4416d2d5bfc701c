package office

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var (
	bulkPage     = web.NewPage[bulkView](files, "object_bulk.html")
	bulkDonePage = web.NewPage[bulkDoneView](files, "object_bulk_done.html")
)

// A bulkAct is what can be done to many objects at once: one act with one entry.
type bulkAct struct {
	verb   inspect.Verb
	text   string
	hint   string
	fields []bulkField
	undo   inspect.Verb // the opposite act, which is offered afterwards
	hidden bool         // offered as the opposite of another only
	make   func(known bulkCommand, today workday.Date) web.Command
}

// A bulkField is a field of such an act, and the component that draws it.
type bulkField struct {
	name, kind string
	need       bool
	most       int
}

// A bulkCommand is what commands of such acts have in common, as the record keeps
// them.
type bulkCommand struct {
	Objects    []inspect.ObjectNo   `json:"objects"`
	Kind       inspect.FlagKind     `json:"kind"`
	Name       string               `json:"name"`
	Sublibrary inspect.SublibraryID `json:"sublibrary"`
}

func (c bulkCommand) of() act.Objects { return act.Objects{Objects: c.Objects} }

func (c bulkCommand) members() act.Members {
	return act.Members{Sublibrary: c.Sublibrary, Objects: c.Objects}
}

// bulkActs are the acts on many objects, in the order of the menu: R31, R53, R111.
var bulkActs = []bulkAct{
	{verb: inspect.FlagPutAll, text: "加标记", undo: inspect.FlagEndAll, hint: "已有同样标记的保持不变。",
		fields: []bulkField{{"kind", "flags", true, 0}, {"since", "date", true, 0}, {"until", "date", false, 0}, {"source", "text", true, 60}, {"note", "text", false, 300}},
		make: func(c bulkCommand, today workday.Date) web.Command {
			return act.PutFlags{Objects: c.of(), Kind: c.Kind, Since: today}
		}},
	{verb: inspect.FlagEndAll, text: "移出标记", undo: inspect.FlagPutAll, hint: "只移出本部门加的标记。移出当天仍显示，第二天起不再显示。",
		fields: []bulkField{{"kind", "flags", true, 0}, {"until", "date", true, 0}, {"reason", "text", true, 500}},
		make: func(c bulkCommand, today workday.Date) web.Command {
			return act.EndFlags{Objects: c.of(), Kind: c.Kind, Until: today}
		}},
	{verb: inspect.MemberAdd, text: "提出为分库成员", undo: inspect.MemberRemove, hint: "提出后是待确认的候选，由本部门在分库页面审核确认。",
		fields: []bulkField{{"sublibrary", "libraries", true, 0}, {"ground", "text", true, 300}},
		make:   func(c bulkCommand, _ workday.Date) web.Command { return act.AddMembers{Members: c.members()} }},
	{verb: inspect.MemberRemove, text: "移出分库", undo: inspect.MemberAdd, hidden: true,
		fields: []bulkField{{"sublibrary", "libraries", true, 0}, {"ground", "text", true, 300}},
		make:   func(c bulkCommand, _ workday.Date) web.Command { return act.RemoveMembers{Members: c.members()} }},
	{verb: inspect.LicenceEndAll, text: "注销许可证", undo: inspect.LicenceRevive, hint: "注销这些对象由本部门登记、名称相同的许可证。",
		fields: []bulkField{{"name", "text", true, 60}, {"reason", "text", true, 500}},
		make:   func(c bulkCommand, _ workday.Date) web.Command { return act.EndLicences{Objects: c.of(), Name: c.Name} }},
	{verb: inspect.LicenceRevive, text: "恢复许可证", undo: inspect.LicenceEndAll, hidden: true,
		fields: []bulkField{{"name", "text", true, 60}, {"reason", "text", true, 500}},
		make: func(c bulkCommand, _ workday.Date) web.Command {
			return act.ReviveLicences{Objects: c.of(), Name: c.Name}
		}},
	{verb: inspect.ObjectOutside, text: "列为不纳入随机抽查", undo: inspect.ObjectInside, fields: []bulkField{{"ground", "text", true, 300}},
		hint: "特殊重点领域按照现有方式严格监管。列入后不再参加任何抽取，依据向各部门显示。只能列本部门负责维护的对象。",
		make: func(c bulkCommand, _ workday.Date) web.Command { return act.TakeOutside{Objects: c.of()} }},
	{verb: inspect.ObjectInside, text: "恢复纳入随机抽查", undo: inspect.ObjectOutside, fields: []bulkField{{"reason", "text", true, 500}},
		make: func(c bulkCommand, _ workday.Date) web.Command { return act.BringInside{Objects: c.of()} }},
}

// bulkActOf returns the act of a verb.
func bulkActOf(verb inspect.Verb) (bulkAct, bool) {
	i := slices.IndexFunc(bulkActs, func(b bulkAct) bool { return b.verb == verb })
	if i < 0 {
		return bulkAct{}, false
	}
	return bulkActs[i], true
}

// may reports whether somebody may ask for the act at all.
func (b bulkAct) may(who inspect.Actor) bool {
	return who.Org.Inspects() && who.MayTo(b.verb, inspect.Owner) == nil
}

// offered reports whether the act stands in the menu of somebody.
func (b bulkAct) offered(who inspect.Actor, facts inspect.Facts) bool {
	return !b.hidden && b.may(who) && (b.verb != inspect.MemberAdd || len(sortedSublibs(facts, who.Org.ID)) > 0)
}

type bulkView struct {
	Crumbs []web.Link
	Text   string
	Hint   string
	Count  string
	Names  []web.Link // the first of them
	Rest   int
	Form   *web.Form
	Fields []bulkInput
	Expect string // to be typed, if they were not ticked one by one
	Back   string
	Many   int // more than one act takes
}

// A bulkInput is a field and the component that draws it.
type bulkInput struct {
	Kind  string
	Field web.Field
}

// bulk shows the form of an act on many objects: those ticked in the list, all that
// its filter finds, or those that an act was about which is to be undone.
func (s *server) bulk(w http.ResponseWriter, r *http.Request) error {
	who, q := web.Actor(r), r.URL.Query()
	b, ok := bulkActOf(inspect.Verb(q.Get("act")))
	if !ok {
		return inspect.ErrMissing
	}
	if !b.may(who) {
		return inspect.ErrDenied.With(b.verb.Text())
	}
	v := bulkView{Text: b.text, Hint: b.hint, Back: bulkList(q)}
	v.Crumbs = []web.Link{{Text: "检查对象名录库", Href: v.Back}, {Text: "批量办理"}}
	known, objects, err := s.bulkObjects(r)
	if err != nil {
		return err
	}
	v.Count = web.Thousands(int64(len(known.Objects)))
	for _, o := range objects[:min(20, len(objects))] {
		v.Names = append(v.Names, web.Link{Text: o.Name, Href: "/office/objects/" + o.No.String()})
	}
	v.Rest = len(known.Objects) - len(v.Names)
	switch {
	case len(known.Objects) > act.ObjectsMost:
		v.Many = act.ObjectsMost
	case len(known.Objects) > 0:
		if err := s.bulkForm(r, &v, b, known); err != nil {
			return err
		}
	}
	return bulkPage.Show(w, r, v)
}

// bulkList is the list that the objects were chosen in.
func bulkList(q url.Values) string {
	rest := url.Values{}
	for name := range q {
		if !slices.Contains([]string{"act", "objects", "all", "undo", "done"}, name) {
			rest.Set(name, q.Get(name))
		}
	}
	if len(rest) == 0 {
		return "/office/objects"
	}
	return "/office/objects?" + rest.Encode()
}

// bulkObjects are the objects that the address asks for, with as many rows as
// there are to show, and what else is known of the act.
func (s *server) bulkObjects(r *http.Request) (known bulkCommand, objects []inspect.Object, err error) {
	who, q := web.Actor(r), r.URL.Query()
	switch {
	case q.Get("undo") != "":
		known, err = s.bulkUndone(r, int64(objectNo(q.Get("undo"))))
	case q.Get("all") != "":
		find := s.objectFind(r)
		find.After, find.Before, find.Most = 0, 0, 1000
		for more := true; more && len(known.Objects) <= act.ObjectsMost; {
			page, err := s.db.Objects(r.Context(), who.Scope(), find)
			if err != nil {
				return known, nil, err
			}
			for _, o := range page.Objects {
				known.Objects, find.After = append(known.Objects, o.No), o.No
			}
			objects, more = append(objects, page.Objects...), page.Later
		}
		return known, objects, nil
	default:
		for _, text := range q["objects"] {
			if no := objectNo(text); no > 0 && !slices.Contains(known.Objects, no) {
				known.Objects = append(known.Objects, no)
			}
		}
	}
	if err == nil {
		objects, err = s.db.ObjectsOf(r.Context(), who.Scope(), known.Objects[:min(20, len(known.Objects))])
	}
	return known, objects, err
}

// bulkUndone is the command of an act that the reader did.
func (s *server) bulkUndone(r *http.Request, n int64) (c bulkCommand, err error) {
	who := web.Actor(r)
	text, err := s.db.CommandOf(r.Context(), who.Scope(), who.Person, n)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	return c, err
}

func (s *server) bulkForm(r *http.Request, v *bulkView, b bulkAct, known bulkCommand) error {
	who := web.Actor(r)
	form := web.FormOf(r, b.make(known, s.today()), "objects")
	form.Then = "/office/objects/bulk/done?list=" + url.QueryEscape(v.Back)
	if r.URL.Query().Get("all") != "" {
		v.Expect = v.Count
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	for _, f := range b.fields {
		field, err := form.Field(f.name)
		if err != nil {
			return err
		}
		field.Need, field.Most = f.need, f.most
		switch f.kind {
		case "flags":
			field.Options = web.Options(inspect.FlagKinds)
		case "libraries":
			for _, l := range sortedSublibs(facts, who.Org.ID) {
				field.Options = append(field.Options, web.Option{Value: string(l.ID), Text: l.Name})
			}
		}
		v.Fields = append(v.Fields, bulkInput{f.kind, field})
	}
	v.Form = &form
	return nil
}

type bulkDoneView struct {
	Crumbs   []web.Link
	Text     string
	Receipt  web.Receipt
	Undo     string // path of the opposite act
	UndoText string
	Back     string
}

// bulkDone says what an act on many objects has done, and offers its opposite.
func (s *server) bulkDone(w http.ResponseWriter, r *http.Request) error {
	who, n := web.Actor(r), web.Done(r)
	entry, err := s.db.EntryOf(r.Context(), who.Scope(), who.Person, n)
	if err != nil {
		return err
	}
	b, ok := bulkActOf(entry.Verb)
	if !ok {
		return inspect.ErrMissing
	}
	known, err := s.bulkUndone(r, n)
	if err != nil {
		return err
	}
	back, ok := web.LocalPath(r.URL.Query().Get("list"))
	if !ok || !strings.HasPrefix(back, "/office/objects") {
		back = "/office/objects"
	}
	v := bulkDoneView{Back: back, Receipt: Receipt(act.Receipt{N: entry.N, Code: entry.Code(), Verb: entry.Verb})}
	v.Crumbs = []web.Link{{Text: "检查对象名录库", Href: back}, {Text: "批量办理"}}
	v.Text = fmt.Sprintf("选择了 %s 个检查对象，“%s”写入 %s 条。", web.Thousands(int64(len(known.Objects))), b.text, web.Thousands(entry.Version))
	if int64(len(known.Objects)) > entry.Version {
		v.Text += "其余的无需办理，没有变化。"
	}
	if undo, ok := bulkActOf(b.undo); ok && undo.may(who) {
		v.Undo, v.UndoText = fmt.Sprintf("/office/objects/bulk?act=%s&undo=%d", undo.verb, n), undo.text
	}
	return bulkDonePage.Show(w, r, v)
}
