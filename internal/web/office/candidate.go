package office

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var sublibraryPage = web.NewPage[sublibraryView](files, "candidate.html")

type sublibraryView struct {
	Library inspect.Sublibrary
	Org     string
	Crumbs  []web.Link
	States  []web.Tab
	Numbers []web.Number
	Rows    []memberLine
	Pager   web.Pager
	Move    *web.Form // for the chosen members
	Confirm bool      // the candidates can be confirmed
	Remove  string    // where the same form strikes out
	Rule    *web.Form
	Facts   []web.Fact // the rule in words, for readers who cannot change it
	Propose *web.Form
	Found   int
	Sample  []sampleRow
	Judged  bool
}

// A memberLine is one member of the list.
type memberLine struct {
	No                                 inspect.ObjectNo
	Href, Name, Code, Ground, By, When string
	State                              web.State
}

// A sampleRow is one object that the rule finds, with why.
type sampleRow struct {
	Href, Name, Why string
	Scope           []piece
}

// A piece is a part of a scope. Hit is a word of the rule, Not one that the scope
// itself leaves out.
type piece struct {
	Text     string
	Hit, Not bool
}

// sublibrary shows the members of a sub-library by state, and to its department
// the rule that proposes candidates: R31, R34, R35.
func (s *server) sublibrary(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	lib, ok := facts.Sublibs[inspect.SublibraryID(r.PathValue("id"))]
	if !ok {
		return inspect.ErrMissing
	}
	v := sublibraryView{Library: lib, Org: facts.Orgs[lib.Org].Short, Facts: ruleFacts(lib.Rule)}
	v.Crumbs = []web.Link{{Text: "检查对象分库", Href: "/office/sublibraries"}, {Text: lib.Name}}
	if err := s.members(r, &v); err != nil {
		return err
	}
	if lib.Org == who.Org.ID && who.MayTo(inspect.SublibraryRule, inspect.Owner) == nil {
		form := web.FormOf(r, act.SetMemberRule{
			ID: lib.ID, Seen: lib.Version, Codes: listed(lib.Rule.Industries), Except: listed(lib.Rule.Without), Either: lib.Rule.Either,
			Any: listed(lib.Rule.Any), All: listed(lib.Rule.All), None: listed(lib.Rule.None),
		}, "id", "seen")
		v.Rule = &form
		if !lib.Rule.IsZero() {
			propose := web.FormOf(r, act.ProposeMembers{ID: lib.ID, Seen: lib.Version}, "id", "seen")
			v.Propose = &propose
			if r.URL.Query().Has("try") || propose.Failed {
				return s.tryRule(w, r, v)
			}
		}
	}
	return sublibraryPage.Show(w, r, v)
}

func listed(words []string) string { return strings.Join(words, "、") }

func ruleFacts(rule inspect.MemberRule) []web.Fact {
	var all []web.Fact
	for _, f := range []web.Fact{
		{Label: "行业代码", Value: listed(rule.Industries)}, {Label: "排除的行业代码", Value: listed(rule.Without)}, {Label: "含任一关键字", Value: listed(rule.Any)},
		{Label: "同时含全部关键字", Value: listed(rule.All)}, {Label: "排除的关键字", Value: listed(rule.None)},
	} {
		if f.Value != "" {
			all = append(all, f)
		}
	}
	return all
}

// members fills in the counts and the page of members in the state asked for.
func (s *server) members(r *http.Request, v *sublibraryView) error {
	who, id := web.Actor(r), v.Library.ID
	counts, err := s.db.MemberCounts(r.Context(), who.Scope())
	if err != nil {
		return err
	}
	of, classes := map[inspect.MemberState]int64{}, map[string]int64{}
	for _, c := range counts {
		if c.Sublib == id {
			of[c.State] += c.Count
			if c.State == inspect.MemberConfirmed {
				classes[c.Risk] += c.Count
			}
		}
	}
	state := inspect.MemberState(r.URL.Query().Get("state"))
	if state.Text() == "" || state == "" {
		state = inspect.MemberConfirmed
		if of[state] == 0 && of[inspect.MemberCandidate] > 0 {
			state = inspect.MemberCandidate
		}
	}
	path := "/office/sublibraries/" + string(id)
	for _, c := range inspect.MemberStates {
		v.States = append(v.States, web.Tab{
			Text: c.Text, Href: path + "?state=" + c.Value, Count: web.Thousands(of[inspect.MemberState(c.Value)]), Current: c.Value == string(state),
		})
	}
	v.Numbers = []web.Number{{Label: "已确认成员", Value: web.Thousands(of[inspect.MemberConfirmed]), Unit: "户"}, {Label: "申报户数", Value: web.Thousands(v.Library.Size), Unit: "户"}}
	for _, class := range inspect.RiskClasses {
		v.Numbers = append(v.Numbers, web.Number{Label: string(class) + " 类", Value: web.Thousands(classes[string(class)]), Unit: "户"})
	}
	after, size := web.PageOf(r)
	rows, err := s.db.MemberPage(r.Context(), who.Scope(), id, state, objectNo(after), size+1)
	if err != nil {
		return err
	}
	next := ""
	if len(rows) > size {
		rows = rows[:size]
		next = rows[size-1].No.String()
	}
	for _, m := range rows {
		v.Rows = append(v.Rows, memberLine{
			No: m.No, Href: "/office/objects/" + m.No.String(), Name: m.Object.Name, Code: m.Object.Code, Ground: m.Ground, By: m.ByName,
			When: web.Stamp(m.At), State: objectState(m.Object.Status),
		})
	}
	v.Pager = web.NewPager(r, "members", fmt.Sprintf("%s %s 户，本页 %d 户", state.Text(), web.Thousands(of[state]), len(rows)), next)
	v.moves(r, state)
	return nil
}

// moves makes the form for the chosen members: candidates are confirmed or struck
// out, members are removed, and removed ones proposed again.
func (v *sublibraryView) moves(r *http.Request, state inspect.MemberState) {
	who := web.Actor(r)
	if v.Library.Org != who.Org.ID {
		return
	}
	of := act.Members{Sublibrary: v.Library.ID}
	remove := web.FormOf(r, act.RemoveMembers{Members: of}, "sublibrary")
	v.Remove = remove.Action
	switch {
	case state == inspect.MemberCandidate && who.MayTo(inspect.MemberConfirm, inspect.Owner) == nil:
		form := web.FormOf(r, act.ConfirmMembers{Members: of}, "sublibrary")
		v.Move, v.Confirm = &form, true
	case state == inspect.MemberConfirmed && who.MayTo(inspect.MemberRemove, inspect.Owner) == nil:
		v.Move = &remove
	}
}

// sampleMost is how many objects a department judges a rule by.
const sampleMost = 20

// tryRule counts what the rule finds that never stood in the sub-library, and
// shows a sample of it with the reasons. The sample of one version of the rule is
// always the same, so that colleagues speak of the same objects.
func (s *server) tryRule(w http.ResponseWriter, r *http.Request, v sublibraryView) error {
	who := web.Actor(r)
	stand, err := s.db.Standing(r.Context(), who.Scope(), v.Library.ID)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(uint64(v.Library.Version), 34))
	var sample []inspect.Object
	err = s.db.Active(r.Context(), who.Scope(), func(o inspect.Object) error {
		if _, ok := stand[o.No]; ok || !v.Library.Rule.Judge(o).In {
			return nil
		}
		v.Found++
		if len(sample) < sampleMost {
			sample = append(sample, o)
		} else if i := random.IntN(v.Found); i < sampleMost {
			sample[i] = o
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, o := range sample {
		verdict := v.Library.Rule.Judge(o)
		v.Sample = append(v.Sample, sampleRow{"/office/objects/" + o.No.String(), o.Name, verdict.Why, pieces(o.Scope, verdict.Mentions)})
	}
	v.Judged = true
	return sublibraryPage.Show(w, r, v)
}

// pieces cuts a scope at the words of the rule. Words that overlap are shown once.
func pieces(scope string, mentions []inspect.Mention) []piece {
	var all []piece
	at := 0
	for _, m := range mentions {
		if m.From < at {
			continue
		}
		if m.From > at {
			all = append(all, piece{Text: scope[at:m.From]})
		}
		all = append(all, piece{Text: scope[m.From:m.To], Hit: !m.Negated, Not: m.Negated})
		at = m.To
	}
	if at < len(scope) {
		all = append(all, piece{Text: scope[at:]})
	}
	return all
}
