package portal

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	resultPage     = web.NewPage[resultView](files, "result.html", "part.html")
	enterprisePage = web.NewPage[enterpriseView](files, "enterprise.html", "part.html")
)

// A resultView is the permanent page of one published result: R94, R101, R102.
type resultView struct {
	Gone     bool   // its publication ended: no longer about whom, and what
	Why      string // it ended
	Objected bool   // somebody's objection is being looked at
	Replies  []reply
	Appeal   string // path of the form
	Name     string
	Crumbs   []web.Link
	State    web.State
	Facts    []web.Fact
	Items    []resultItem
	Ground   string
	Editions []editionCard
	Receipt  *web.Receipt
	Verify   web.QR
	Link     web.QR
	Path     string
	URL      string
	History  string // path of the enterprise's page
	Site     string
	Day      time.Time
}

// A reply is what the enterprise says to its result.
type reply struct {
	Text string
	Day  time.Time
}

// A resultItem is one item with its result.
type resultItem struct {
	Name, Result string
	State        web.State
	Hint         string // what the words mean, for citizens
}

// An editionCard is one edition with all that it says.
type editionCard struct {
	Title, Body string
	Day         time.Time
	Ground      string
	Signed      string // in what way it was signed; empty of the first
	Items       []resultItem
	Hidden      bool // taken off the page by a withdrawal
	Digest      string
	Receipt     *web.Receipt
	Here        bool
}

// resultHints are what the results mean, in words of every day.
var resultHints = map[inspect.ResultCode]string{
	inspect.NoProblem:          "本次抽查的事项没有发现问题。",
	inspect.DisclosureMissing:  "应当向社会公示的信息没有按规定公示。",
	inspect.DisclosureFalse:    "公示的信息与实际不符。",
	inspect.Unreachable:        "按登记的地址找不到该单位，或者联系不上。",
	inspect.OrderedToCorrect:   "发现问题，已要求改正；是否改正以后续复查为准。",
	inspect.ProblemPending:     "发现问题，正在进一步调查处理，尚无结论。",
	inspect.NonCooperation:     "拒绝或者阻挠检查，情节严重。",
	inspect.ActivityNotFound:   "检查时没有在经营本次抽查涉及的业务。这不是负面结果。",
	inspect.ClosedOrLiquidated: "已停业，或者正在办理清算。",
	inspect.Unqualified:        "抽样检验或者技术检查不合格。",
}

// resultState is the shape of a result: what speaks against somebody is red, what was
// found in order green, the rest grey.
func resultState(c inspect.ResultCode) web.Shape {
	switch {
	case c == inspect.ProblemPending:
		return web.Waiting
	case c.Negative():
		return web.Bad
	case c == inspect.NoProblem:
		return web.Happy
	}
	return web.Idle
}

func resultItems(body inspect.PublicResult) (items []resultItem) {
	for _, i := range body.Items {
		item := resultItem{Name: i.Name, Result: exchange.ResultText(i)}
		worst := web.Idle
		for n, c := range i.Codes {
			if shape := resultState(c); n == 0 || shape == web.Bad || shape == web.Waiting && worst != web.Bad {
				worst = shape
			}
			item.Hint += resultHints[c]
		}
		item.State = web.State{Shape: worst, Text: item.Result}
		items = append(items, item)
	}
	return items
}

// A publishedResult is a result with all that is public of it.
type publishedResult struct {
	editions []inspect.Publication // the newest first
	bodies   []inspect.PublicResult
	acts     []store.PublicAct // by edition, the first first
	appeals  []inspect.Appeal  // those that were accepted
}

// readResult reads a result that has its page.
func (s *server) readResult(ctx context.Context, id string) (p publishedResult, err error) {
	if !inspect.ValidID(inspect.ResultID(id)) {
		return p, inspect.ErrMissing
	}
	if p.editions, err = s.db.Publications(ctx, public, inspect.ResultID(id)); err != nil {
		return p, err
	}
	if len(p.editions) == 0 || p.editions[0].Region != s.Region {
		return p, inspect.ErrMissing
	}
	for _, e := range p.editions {
		body, err := e.Public()
		if err != nil {
			return p, fmt.Errorf("read edition %d of %s: %w", e.No, id, err)
		}
		p.bodies = append(p.bodies, body)
	}
	if p.acts, err = s.db.PublicationActs(ctx, public, inspect.ResultID(id)); err != nil {
		return p, err
	}
	p.appeals, err = s.db.PublicAppeals(ctx, public, inspect.ResultID(id))
	return p, err
}

// gone reports whether the publication has ended: what its editions said is no longer
// to be read, only that they were there.
func (p publishedResult) gone() bool { return p.editions[0].Kind.Ends() }

// changed is when the page was changed last.
func (p publishedResult) changed() time.Time {
	at := p.editions[0].At
	for _, a := range p.appeals {
		at = later(at, a.Since)
	}
	return at
}

// said is what the page tells of appeals while the result is public: that an objection
// is being looked at, and the replies.
func (p publishedResult) said() (objected bool, replies []reply) {
	for _, a := range p.appeals {
		switch {
		case !a.Shown() || p.gone():
		case a.Kind == inspect.AppealReply:
			replies = append(replies, reply{a.Public, a.Since})
		default:
			objected = true
		}
	}
	return objected, replies
}

// act is the act that published an edition.
func (p publishedResult) act(no int) (store.PublicAct, bool) {
	if no < 1 || no > len(p.acts) {
		return store.PublicAct{}, false
	}
	return p.acts[no-1], true
}

func resultPath(id inspect.ResultID) string            { return "/results/" + string(id) }
func enterprisePath(code string) string                { return "/enterprises/" + escape(code) }
func (s *server) resultURL(id inspect.ResultID) string { return s.Base + resultPath(id) }

// result shows a published result in all its editions, or gives it as JSON: R94, R102.
func (s *server) result(w http.ResponseWriter, r *http.Request) error {
	id, form, _ := strings.Cut(r.PathValue("id"), ".")
	p, err := s.readResult(r.Context(), id)
	if err != nil {
		return err
	}
	modified(w, p.changed())
	switch form {
	case "":
	case "json":
		text, err := json.MarshalIndent(s.resultFile(p), "", "  ")
		if err != nil {
			return fmt.Errorf("write result %s: %w", id, err)
		}
		return send(w, "application/json", "", p.changed(), append(text, '\n'))
	default:
		return inspect.ErrMissing
	}
	v, err := s.resultView(p)
	if err != nil {
		return err
	}
	return resultPage.Show(w, r, v)
}

func (s *server) resultView(p publishedResult) (v resultView, err error) {
	e, body := p.editions[0], p.bodies[0]
	v = resultView{
		Gone: p.gone(), Name: body.Name, Path: resultPath(e.Result), URL: s.resultURL(e.Result), Site: s.Place + "双随机抽查公开平台", Day: e.At,
		Ground: e.Ground, Items: resultItems(body), State: web.State{Shape: web.Happy, Text: "现行"},
	}
	switch {
	case v.Gone:
		v.Name, v.State, v.Why = "不再公示的检查结果", web.State{Text: endings[e.Kind].state}, endings[e.Kind].why
	case e.No > 1:
		v.State = web.State{Shape: web.Waiting, Text: "已更正"}
	}
	if v.Objected, v.Replies = p.said(); v.Objected {
		v.State = web.State{Shape: web.Waiting, Text: "异议处理中"}
	}
	if !v.Gone {
		v.Appeal = "/appeals?result=" + string(e.Result)
	}
	v.Crumbs = []web.Link{{Text: "首页", Href: "/"}, {Text: "检查结果", Href: "/results"}, {Text: v.Name}}
	v.Facts = resultFacts(body)
	if !v.Gone && body.Code != "" {
		v.History = enterprisePath(body.Code)
	}
	for i, x := range p.editions {
		v.Editions = append(v.Editions, p.card(i, x))
	}
	if v.Receipt = v.Editions[0].Receipt; v.Receipt != nil {
		if v.Verify, err = web.NewQR("扫码查验这次公示的存证回执", s.Base+v.Receipt.Href()); err != nil {
			return v, err
		}
	}
	v.Link, err = web.NewQR("本页的永久链接", v.URL)
	return v, err
}

// endings are the ways in which a publication ends, in words.
var endings = map[inspect.PublicationKind]struct{ state, why string }{
	inspect.PublishWithdraw: {"已撤下", "这条检查结果已经撤下，不再有效，内容不再公示。撤下须经检查机关主要负责人签字。"},
	inspect.PublishRepair:   {"已信用修复", "这条检查结果已经信用修复，内容不再公示。修复须经检查机关主要负责人签字。"},
	inspect.PublishExpire:   {"公示期满", "这条检查结果公示期满，内容不再公示。"},
}

func resultFacts(body inspect.PublicResult) (facts []web.Fact) {
	fact := func(label, value, note string) {
		if value != "" {
			facts = append(facts, web.Fact{Label: label, Value: value, Note: note})
		}
	}
	fact("检查对象", body.Name, body.Code)
	fact("检查机关", body.Body, "")
	fact("完成日期", body.Date.Full(), "")
	for _, t := range body.Tasks {
		plan := ""
		if t.Plan != "" {
			plan = "计划 " + t.Plan
		}
		fact("抽查任务", t.Name, strings.TrimSpace(t.Number+"　"+plan))
		fact("抽查类型", inspect.ChoiceText(inspect.Targeting, t.Targeted), "")
	}
	return facts
}

// card is one edition. Of a result that was withdrawn only dates and digests are left.
func (p publishedResult) card(i int, e inspect.Publication) editionCard {
	c := editionCard{Title: e.Title(), Body: p.bodies[i].Body, Day: e.At, Ground: e.Ground, Digest: e.Digest, Here: i == 0, Hidden: p.gone()}
	if e.SignedBy != "" {
		c.Signed = p.bodies[i].Body + "主要负责人签字"
	}
	if !c.Hidden {
		c.Items = resultItems(p.bodies[i])
	}
	if a, ok := p.act(e.No); ok {
		receipt := receiptOf(a)
		c.Receipt = &receipt
	}
	return c
}

// A resultFile is a result as programs read it.
type resultFile struct {
	URL      string        `json:"url"`
	Standing string        `json:"standing"` // of its newest edition: publish, correct, withdraw, repair or expire
	Objected bool          `json:"objected"` // an objection is being looked at
	Replies  []string      `json:"replies"`  // of the enterprise
	Editions []editionFile `json:"editions"`
}

// An editionFile is one edition. Result is empty in what was withdrawn.
type editionFile struct {
	No        int                     `json:"no"`
	Kind      inspect.PublicationKind `json:"kind"`
	Published time.Time               `json:"published"`
	Ground    string                  `json:"ground"`
	Digest    string                  `json:"digest"` // SHA-256 of the text that was approved
	Result    *inspect.PublicResult   `json:"result"`
	Names     []string                `json:"names,omitempty"` // of the results, item by item
	Receipt   *exchange.Receipt       `json:"receipt"`
}

func (s *server) resultFile(p publishedResult) resultFile {
	f := resultFile{URL: s.resultURL(p.editions[0].Result), Standing: string(p.editions[0].Kind), Replies: []string{}}
	objected, replies := p.said()
	f.Objected = objected
	for _, x := range replies {
		f.Replies = append(f.Replies, x.Text)
	}
	for i, e := range p.editions {
		x := editionFile{No: e.No, Kind: e.Kind, Published: e.At, Ground: e.Ground, Digest: e.Digest}
		if !p.gone() {
			x.Result = &p.bodies[i]
			for _, item := range p.bodies[i].Items {
				x.Names = append(x.Names, exchange.ResultText(item))
			}
		}
		if a, ok := p.act(e.No); ok {
			receipt, hash := receiptOf(a), a.LeafHash()
			x.Receipt = &exchange.Receipt{N: a.N, Code: receipt.Code, LeafHash: hex.EncodeToString(hash[:]), URL: s.Base + receipt.Href()}
		}
		f.Editions = append(f.Editions, x)
	}
	return f
}

// An enterpriseView is what was published about one enterprise.
type enterpriseView struct {
	Name, Code string
	Names      []string // former ones
	Numbers    []web.Number
	Rows       []resultRow
	Pager      web.Pager
	Files      []fileView
}

// enterprise is the history of one enterprise, by its code: R4, R104.
func (s *server) enterprise(w http.ResponseWriter, r *http.Request) error {
	code := strings.ToUpper(asked(r.PathValue("code")))
	after, size := web.PageOf(r)
	found, err := s.db.Published(r.Context(), public, store.PublicFilter{Region: s.Region, Code: code, After: after, Most: size + 1})
	if err != nil {
		return err
	}
	if code == "" || len(found) == 0 {
		return inspect.ErrMissing
	}
	rows, next, err := resultRows(found, size)
	if err != nil {
		return err
	}
	v := enterpriseView{Code: code, Name: rows[0].Name, Rows: rows}
	for _, row := range rows {
		if row.Name != v.Name && !slices.Contains(v.Names, row.Name) {
			v.Names = append(v.Names, row.Name)
		}
	}
	v.Pager = web.NewPager(r, "rows", fmt.Sprintf("本页 %d 条", len(rows)), next)
	v.Files = resultFiles("?code=" + escape(code))
	return enterprisePage.Show(w, r, v)
}
