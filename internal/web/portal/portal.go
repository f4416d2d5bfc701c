// Package portal is the public's site: published plans and their files, receipts
// and how to check them, the log itself, and what a draw is. Nobody signs in
// here, nothing changes here but that feedback comes in, and no person is named here
// but to who has the code of a visit.
//
// One noun, one file: plan.go beside plan.html. A handler reads with the zero
// Scope, which is the public's, fills a view and shows it. Start with Register,
// which lists all pages, then plan.go. docs/design/portal.md tells what the
// pages promise, and documents the files.
package portal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/store"
	"suicha/internal/web"
)

//go:embed *.html
var files embed.FS

// Options is what the pages need from the program. All fields but Areas must be
// set; Register panics otherwise.
type Options struct {
	DB     *store.DB
	Log    *store.Log
	Region string // GB/T 2260 code of the place served, such as 370687
	Place  string // its name, such as 海阳市
	Base   string // address of the site, such as https://suicha.example, without a slash at the end
	// Policy is the policy file that the site proposes to its readers: the
	// log's keys, and its witnesses with their quorum. The pages show it, and
	// tell readers to compare it with what they got by another way.
	Policy string
	Draws  Draws // the batches that the public may see
	Now    func() time.Time
	Client func(*http.Request) string // whom a reader is counted as
	// Feedback takes in what somebody sent by a form with this random number. Asked
	// again with the same number it does nothing.
	Feedback func(ctx context.Context, form string, f inspect.Feedback, words inspect.FeedbackText) error
	Appeals  AppealForms
	// Recusal takes in an application for the recusal of an officer, likewise.
	Recusal func(ctx context.Context, form string, c RecusalForm) error
	// Sign puts data of a type into an envelope that the log's keys sign.
	Sign  func(kind string, data []byte) ([]byte, error)
	Areas []inspect.Choice // names of the parts of the place, by code; may be none
}

type server struct {
	Options
	db       *store.DB
	policy   *ledger.Policy
	drawings drawings

	feedbackLimits, checkLimits *web.Limits
}

// public is the scope of everybody.
var public inspect.Scope

// Menu is the portal's menu, for the program's frame.
func Menu() []web.MenuGroup {
	return []web.MenuGroup{{Items: []web.MenuItem{
		{Text: "首页", Href: "/", Icon: "home"},
		{Text: "计划", Href: "/plans", Icon: "calendar-event"},
		{Text: "清单", Href: "/lists", Icon: "book"},
		{Text: "抽签", Href: "/draws", Icon: "draw"},
		{Text: "结果", Href: "/results", Icon: "clipboard-list"},
		{Text: "查验", Href: "/receipts", Icon: "shield-check"},
		{Text: "存证日志", Href: "/log", Icon: "list"},
	}}}
}

// Links are the portal's links at the foot of each page, for the program's frame.
func Links() []web.Link {
	return []web.Link{{Text: "查验说明", Href: "/log"}, {Text: "查验检查码", Href: "/check"}, {Text: "意见反馈", Href: "/feedback"}, {Text: "异议和信用修复", Href: "/appeals"}, {Text: "开放数据", Href: "/open-data"}, {Text: "无障碍浏览", Href: "/accessibility"}}
}

// Register adds the public's pages to the registry of routes.
func Register(m *web.Mux, o Options) {
	policy, err := ledger.ParsePolicy([]byte(o.Policy))
	if err != nil {
		panic(fmt.Sprintf("portal: the policy: %v", err))
	}
	if o.DB == nil || o.Log == nil || o.Region == "" || o.Place == "" || o.Base == "" || o.Draws == nil || o.Now == nil || o.Client == nil || o.Feedback == nil || o.Appeals.Receive == nil || o.Appeals.Add == nil || o.Appeals.Retract == nil || o.Appeals.Keep == nil || o.Recusal == nil || o.Sign == nil || len(policy.Logs) != 1 {
		panic("portal: a part of the options is missing")
	}
	s := &server{Options: o, db: o.DB, policy: policy}
	page := func(pattern string, h web.Handler) { m.Public(pattern, kept(h)) }
	page("GET /{$}", s.home)
	page("GET /plans", s.plans)
	page("GET /plans.atom", s.feed)
	page("GET /plans/{number}", s.plan)
	page("GET /plans/{number}/{edition}", s.plan)
	page("GET /lists", s.lists)
	page("GET /lists/joint", s.joint)
	page("GET /lists/joint/{edition}", s.joint)
	page("GET /lists/{org}", s.list)
	page("GET /lists/{org}/{n}", s.list)
	page("GET /items/{id}", s.item)
	page("GET /items/{id}/{version}", s.item)
	page("GET /checklists/{id}", s.checklist)
	page("GET /checklists/{id}/{version}", s.checklist)
	s.registerDraws(m, page)
	s.registerResults(page)
	page("GET /verify.html", s.verifier)
	page("GET /receipts", s.receipts)
	page("GET /receipts/{n}", s.receipt)
	page("GET /log", s.log)
	page("GET /log/checkpoint", s.checkpoint)
	page("GET /log/tile/{path...}", s.tile)
	page("GET /about", s.about)
	page("GET /open-data", s.openData)
	page("GET /accessibility", s.accessibility)
	s.registerFeedback(m)
	s.registerAppeals(m)
	s.registerRecusals(m)
	s.registerCheck(m)
	page("GET /robots.txt", s.robots)
	page("GET /sitemap.xml", s.siteMap)
}

// registerDraws adds the pages of draws.
func (s *server) registerDraws(m *web.Mux, page func(string, web.Handler)) {
	page("GET /draws", s.draws)
	page("GET /draws.atom", s.drawsFeed)
	page("GET /draws.json", s.drawsFile("json"))
	page("GET /draws.csv", s.drawsFile("csv"))
	page("GET /draws/{number}", s.drawRecord)
	page("GET /draws/{number}/drawn", s.drawDrawn)
	page("GET /draws/{number}/drawn.csv", s.drawnCSV)
	page("GET /draws/{number}/fairness", s.drawFair)
	page("GET /draws/{number}/runs/{run}/{file}", s.drawDocument)
	m.Public("GET /draws/{number}/screen", s.drawScreen)
	m.Public("GET /draws/{number}/bundle.zip", s.drawBundle)
	m.Public("GET /draws/{number}/me", s.drawMine) // personal: nobody keeps it
	m.Public("GET /draws/{number}/proof.json", s.drawProof)
	m.Public("GET /draws/{number}/recusal", s.drawRecusal)
}

// registerResults adds the pages of published results.
func (s *server) registerResults(page func(string, web.Handler)) {
	page("GET /results", s.results)
	page("GET /results.atom", s.resultsFeed)
	page("GET /results.xlsx", s.resultsFile(exchange.XLSX))
	page("GET /results.csv", s.resultsFile(exchange.CSV))
	page("GET /results.json", s.resultsFile(exchange.JSON))
	page("GET /results/statistics", s.statistics)
	page("GET /results/guide", s.guide)
	page("GET /feeds/{feed}", s.feedOf)
	page("GET /results/{id}", s.result)
	page("GET /enterprises/{code}", s.enterprise)
}

// How long a browser or proxy may show a page without asking again. What is
// published is public and the same for all, so proxies may keep it.
const (
	keepPage = "public, max-age=60"
	keepEver = "public, max-age=31536000, immutable"
	keepDay  = "public, max-age=86400"
	askFirst = "public, no-cache"
)

// kept lets the answers of h be kept for a minute, gives each an ETag from its
// bytes, and answers 304 to who has these bytes already.
func kept(h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", keepPage)
		got := r
		if r.Method == http.MethodHead { // the tag of what GET would give
			got = r.Clone(r.Context())
			got.Method = http.MethodGet
		}
		held := &held{header: w.Header(), status: http.StatusOK}
		if err := h(held, got); err != nil {
			return err
		}
		if held.status != http.StatusOK {
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(held.status)
			_, _ = w.Write(held.body.Bytes()) // a reader that has gone away is no failure
			return nil
		}
		sum := sha256.Sum256(held.body.Bytes())
		tag := `"` + hex.EncodeToString(sum[:16]) + `"`
		w.Header().Set("ETag", tag)
		if has(r.Header.Values("If-None-Match"), tag) {
			w.Header().Del("Content-Length")
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
		w.Header().Set("Content-Length", strconv.Itoa(held.body.Len()))
		if r.Method != http.MethodHead {
			_, _ = w.Write(held.body.Bytes())
		}
		return nil
	}
}

// held is an answer that is not sent yet.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *held) Header() http.Header         { return h.header }
func (h *held) WriteHeader(status int)      { h.status = status }
func (h *held) Write(b []byte) (int, error) { return h.body.Write(b) }

// has reports whether one of the tags in the lines of If-None-Match is tag. A
// proxy that packs answers makes a tag weak.
func has(lines []string, tag string) bool {
	for _, line := range lines {
		for _, t := range strings.Split(line, ",") {
			if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// send answers with a file that any site may read. A name makes browsers save it.
func send(w http.ResponseWriter, kind, name string, at time.Time, body []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	if name != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	}
	modified(w, at)
	_, err := w.Write(body)
	return err
}

// modified says since when the page has been as it is.
func modified(w http.ResponseWriter, at time.Time) {
	if !at.IsZero() {
		w.Header().Set("Last-Modified", at.UTC().Format(http.TimeFormat))
	}
}

// china is the zone of all times that pages show.
var china = time.FixedZone("CST", 8*60*60)
