package rig

import (
	"crypto/sha256"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// Worlds runs a story, on both databases, over two offices that are the same but for
// who their sealed batch has drawn: the secret of its custodian is another, and what is
// public is not. What somebody outside is told must be the same in both: INV-05.
func Worlds(t *testing.T, story func(t *testing.T, worlds [2]*Run)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); story(t, WorldsOf(t, SQLite)) })
	if WithPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); story(t, WorldsOf(t, County)) })
	}
}

// WorldsOf are two such offices, in databases of a kind.
func WorldsOf(t *testing.T, database func(testing.TB) string) (pair [2]*Run) {
	t.Helper()
	pair[0] = world(t, database, 0)
	for i := 1; i < 10; i++ { // one of five is drawn
		if pair[1] = world(t, database, i); !slices.Equal(pair[0].wouldBe(), pair[1].wouldBe()) {
			return pair
		}
	}
	t.Fatal("the worlds do not differ")
	return pair
}

func world(t *testing.T, database func(testing.TB) string, n int) *Run {
	t.Helper()
	r := Open(t, database(t)).SealedBatch()
	for i, p := range r.Parties {
		label := p.Name
		if p.Role == "custodian" {
			label = fmt.Sprint(label, n)
		}
		r.Parties[i].Secret = fmt.Sprintf("%x", sha256.Sum256([]byte("secret of "+label)))
	}
	task := r.TaskReady()
	r.Done(r.Zhou, r.Put(task))
	return r.Announce().Lock().Commit().Reveal().Event().Unseal().Entrust().Hide()
}

// Send takes the teams of a sealed batch as far as they come before its day: the lead
// department sets their days, asks for a substitution that is refused, and the organiser
// dispatches them. Afterwards no reading serves any more.
func (r *Run) Send() *Run {
	r.Helper()
	li, wang := r.Clerk("李科长", "scjg"), r.Leader("王局长", "scjg")
	r.Read(li, wang)
	teams := r.Teams()
	r.Done(li, r.Days(teams[0].Days.From, teams...))
	ask := act.AskSubst{
		ID: ID[inspect.SubstID](fmt.Sprint(r.Name(), "sent", r.next())), Batch: r.ID, Team: teams[0].ID, Kind: inspect.SubstRecusal, Out: teams[0].Leader().Inspector,
		Cause: "interest", Channel: "written", Applicant: r.objectName(teams[0].Object), Applied: workday.On(r.Now), Text: "申请人与组长有诉讼",
	}
	r.Done(li, ask)
	r.Done(wang, act.RefuseSubst{SubstDecision: act.SubstDecision{ID: ask.ID, Seen: 1, Opinion: ask.Applicant + "的理由不成立"}})
	r.Dispatch()
	r.Done(li, act.ReceiveBatch{Batch: r.ID})
	r.Later(inspect.ReadingFor + time.Minute)
	return r
}

func (r *Run) objectName(no inspect.ObjectNo) string {
	r.Helper()
	names, err := r.Store.DB.ObjectsNamed(r.Context(), inspect.Scope{}, []inspect.ObjectNo{no})
	if err != nil {
		r.Fatal(err)
	}
	return names[no].Name
}

// wouldBe is who a sealed batch has drawn, as its custodian can compute.
func (r *Run) wouldBe() (ids []string) {
	r.Helper()
	c, err := draw.Load(r.Tree())
	if err != nil {
		r.Fatal(err)
	}
	p := r.Of("custodian")[0]
	d, err := ceremony.Compute(c, r.Tree(), draw.Reveal{Name: p.Name, Time: draw.Instant(r.Now), Secret: p.Secret})
	if err != nil {
		r.Fatal(err)
	}
	for _, pick := range d.Drawn.Picks {
		ids = append(ids, pick.ID)
	}
	return ids
}

// chance are the parts of an answer that chance made and that tell nothing: digests,
// whole or in short, signatures, salts, ids of requests and receipt codes.
var chance = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|[0-9A-Za-z+/]{4,16} ?… ?[0-9A-Za-z+/=]{4,16}` +
	`|[0-9A-Za-z_+/-]{40,}=*|[0-9A-Z]{4}-[0-9A-Z]{4}|"reference":"[A-Z2-7]{8}"`)

// Told is what an answer tells, for comparing two worlds: every part that chance made
// is replaced by as many dots.
func Told(status int, header http.Header, body string) string {
	head := header.Clone()
	for _, name := range []string{"X-Request-Id", "Date", "Etag", "Content-Length"} {
		head.Del(name)
	}
	dots := func(s string) string { return strings.Repeat("·", len(s)) }
	return fmt.Sprint(status, head, chance.ReplaceAllStringFunc(html.UnescapeString(body), dots))
}

// Differ is the first line in which two answers differ, of both.
func Differ(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d:\n%.600s\n%.600s", i, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

var linked = regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)

// Crawl follows the links of a site from some addresses on, and returns all that it
// found, at most as many as told. Get opens an address.
func Crawl(most int, get func(path string) string, from ...string) []string {
	seen := map[string]bool{}
	for at := 0; at < len(from) && len(from) < most; at++ {
		for _, m := range linked.FindAllStringSubmatch(get(from[at]), -1) {
			path := html.UnescapeString(m[1])
			if !seen[path] && !strings.HasPrefix(path, "/assets/") {
				seen[path] = true
				if !slices.Contains(from, path) {
					from = append(from, path)
				}
			}
		}
	}
	return from
}
