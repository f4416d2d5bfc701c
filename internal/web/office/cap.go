package office

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var capsPage = web.NewPage[capsView](files, "cap.html")

type capsView struct {
	Rows    []capRow
	Put     *web.Form
	Orgs    []web.Option
	Years   []web.Option
	Org     string // whose cap is changed; empty sets a new one
	Waivers []waiverRow
	Ask     *web.Form
	Kinds   []web.Option
}

// A capRow is the cap of one body.
type capRow struct {
	Org, Grounds, When, Change string
	Year, Most                 int
}

// A waiverRow is one waiver with what this reader can do about it.
type waiverRow struct {
	Href, Object, Code, Org, Kind, Ground, When, Opinion string
	Year                                                 int
	State                                                web.State
	Grant, Refuse, Withdraw                              *web.Form
}

// waiversMost is how many waivers the page shows.
const waiversMost = 100

// caps shows how often each body may inspect one object in a year, and the objects
// that may be drawn a third time: 国办发〔2024〕54号, R52, R53.
func (s *server) caps(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	limits, err := s.db.BodyCaps(r.Context(), who.Scope(), s.today().Year()-1)
	if err != nil {
		return err
	}
	var v capsView
	may := who.MayTo(inspect.CapPut, inspect.CapRelations(who.Org)...) == nil
	for _, c := range limits {
		row := capRow{Org: facts.Orgs[c.Org].Short, Year: c.Year, Most: c.Most, Grounds: strings.ReplaceAll(c.Grounds, "\n", "、"), When: web.Stamp(c.At)}
		if may && c.Year >= s.today().Year() {
			row.Change = fmt.Sprintf("/office/caps?org=%s&year=%d#put", c.Org, c.Year)
		}
		v.Rows = append(v.Rows, row)
	}
	if may {
		s.capForm(r, &v, limits, facts)
	}
	if who.MayTo(inspect.WaiverAsk, inspect.Owner) == nil && who.Org.Inspects() {
		no, _ := strconv.ParseInt(r.URL.Query().Get("object"), 10, 64) // nonsense leaves the field empty
		ask := web.FormOf(r, act.AskWaiver{ID: inspect.WaiverID(web.NewID()), Object: inspect.ObjectNo(no), Year: s.today().Year()}, "id")
		v.Ask, v.Kinds = &ask, web.Options(inspect.WaiverKinds)
	}
	for y := s.today().Year(); y <= s.today().Year()+1; y++ {
		v.Years = append(v.Years, web.Option{Value: strconv.Itoa(y), Text: fmt.Sprintf("%d 年", y)})
	}
	if err := s.waivers(r, &v, facts); err != nil {
		return err
	}
	return capsPage.Show(w, r, v)
}

// capForm sets a cap, or changes the one that the address names.
func (s *server) capForm(r *http.Request, v *capsView, limits []inspect.BodyCap, facts inspect.Facts) {
	q := r.URL.Query()
	c := act.PutCap{Year: s.today().Year(), Most: 2, Grounds: inspect.CapGrounds}
	fixed := []string{"seen"}
	year, _ := strconv.Atoi(q.Get("year"))
	if limit, ok := inspect.CapOf(limits, inspect.OrgID(q.Get("org")), year); ok {
		c = act.PutCap{Org: limit.Org, Year: limit.Year, Seen: limit.Version, Most: limit.Most, Grounds: limit.Grounds}
		fixed, v.Org = append(fixed, "org", "year"), facts.Orgs[limit.Org].Short
	}
	form := web.FormOf(r, c, fixed...)
	form.Then = "/office/caps"
	v.Put = &form
	for _, o := range sortedOrgs(facts) {
		if o.Inspects() && o.Until.IsZero() {
			v.Orgs = append(v.Orgs, web.Option{Value: string(o.ID), Text: o.Short})
		}
	}
}

func (s *server) waivers(r *http.Request, v *capsView, facts inspect.Facts) error {
	who := web.Actor(r)
	all, err := s.db.Waivers(r.Context(), who.Scope(), waiversMost)
	if err != nil {
		return err
	}
	for i, w := range all {
		object, err := s.db.Object(r.Context(), who.Scope(), w.Object)
		if err != nil {
			return err
		}
		shape := map[inspect.WaiverState]web.Shape{inspect.WaiverAsked: web.Waiting, inspect.WaiverGranted: web.Happy, inspect.WaiverRefused: web.Bad}[w.State]
		row := waiverRow{
			Href: "/office/objects/" + w.Object.String(), Object: object.Name, Code: object.Code, Org: facts.Orgs[w.Org].Short,
			Kind: inspect.ChoiceText(inspect.WaiverKinds, w.Kind), Ground: w.Ground, When: web.Stamp(w.AskedAt), Opinion: w.Opinion, Year: w.Year,
			State: web.State{Shape: shape, Text: w.State.Text()},
		}
		for _, verb := range who.Among(w.Verbs(), w.Relations(who.Org)...) {
			form := func(c web.Command) *web.Form {
				f := web.FormFor(r, strconv.Itoa(i), c, "id", "seen")
				return &f
			}
			switch decision := (act.WaiverDecision{ID: w.ID, Seen: w.Version}); verb {
			case inspect.WaiverGrant:
				decision.Opinion = "同意"
				row.Grant = form(act.GrantWaiver{WaiverDecision: decision})
			case inspect.WaiverRefuse:
				row.Refuse = form(act.RefuseWaiver{WaiverDecision: decision})
			case inspect.WaiverWithdraw:
				row.Withdraw = form(act.WithdrawWaiver{ID: w.ID, Seen: w.Version})
			}
		}
		v.Waivers = append(v.Waivers, row)
	}
	return nil
}
