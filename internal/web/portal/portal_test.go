package portal_test

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jba/templatecheck"
	"github.com/xuri/excelize/v2"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/rig"
	"suicha/internal/web"
)

func TestEveryPageFitsItsView(t *testing.T) {
	if err := web.CheckPages(templatecheck.CheckHTML); err != nil {
		t.Error(err)
	}
}

// R47: what is published is public; what is being worked on does not exist.
func TestOnlyPublishedPlansAreThere(t *testing.T) {
	both(t, func(c *county) {
		c.shows("/plans", "370687-2026-scjg", "370687-2026<")
		for _, number := range []string{"370687-2026-gaj", "370687-2026-wjw", "370687-2026-scjg-lh", "370687-2025-scjg"} {
			for _, path := range []string{"", ".json", ".xlsx", ".csv", "/0", "/0.json", "/1"} {
				if got := c.get("/plans/" + number + path); got.status != http.StatusNotFound {
					c.Errorf("/plans/%s%s answers %d", number, path, got.status)
				}
			}
			if strings.Contains(c.page("/plans")+c.page("/")+c.page("/open-data")+c.page("/plans.atom"), number+"<") {
				c.Errorf("a list names %s", number)
			}
		}
	})
}

// R48: every edition stays readable under its own address.
func TestOldEditionsStayReadable(t *testing.T) {
	both(t, func(c *county) {
		c.shows("/plans/370687-2026-scjg/0", "以前的版本", `href="/plans/370687-2026-scjg"`, "5%", "由新版代替")
		c.shows("/plans/370687-2026-scjg/1", "省里新增专项任务", "<del>5%</del>", "<ins>8%</ins>", "第 1 次调整", "特种设备")
		c.shows("/plans/370687-2026", "海阳市人民政府", "公安局", "批准联合计划")
		if got := c.get("/plans/370687-2026-scjg/2"); got.status != http.StatusNotFound {
			c.Errorf("an edition that is not there answers %d", got.status)
		}
		if strings.Contains(c.page("/plans/370687-2026-scjg/0"), "特种设备") {
			c.Error("the old edition shows what came later")
		}
		_, current, _ := strings.Cut(c.page("/plans/370687-2026-scjg"), "<main")
		if _, first, _ := strings.Cut(c.page("/plans/370687-2026-scjg/1"), "<main"); current != first {
			c.Error("the permanent link of the plan and of its edition in force differ")
		}
	})
}

func TestSearchFindsTasks(t *testing.T) {
	both(t, func(c *county) {
		for path, want := range map[string][]string{
			"/plans?q=%E7%89%B9%E7%A7%8D":           {"特种设备", "/plans/370687-2026-scjg#task-2"},
			"/plans?q=%E6%B2%A1%E6%9C%89%E8%BF%99":  {"没有找到与“没有这”有关的计划任务"},
			"/plans?q=%25&kind=own":                 {"没有找到"},
			"/plans?kind=joint&year=2026":           {"年度部门联合抽查计划"},
			"/plans?org=scjg&year=2025":             {"没有符合条件的计划"},
			"/plans?q=%FF%00%0A&year=x&after=%00.9": {"370687-2026-scjg"},
			"/plans?after=370687-2026":              {"370687-2026-scjg"},
		} {
			c.shows(path, want...)
		}
		if strings.Contains(c.page("/plans?after=370687-2026"), "370687-2026<") {
			c.Error("the second page repeats the first")
		}
	})
}

// What is downloaded is the plan: R47.
func TestDownloadsEqualThePlan(t *testing.T) {
	both(t, func(c *county) {
		plan := c.Plan(c.adjusted)
		var file exchange.Plan
		if err := json.Unmarshal([]byte(c.page("/plans/370687-2026-scjg.json")), &file); err != nil {
			c.Fatal(err)
		}
		if file.Format != exchange.PlanFormat || file.Edition != 1 || file.Approver != "海阳市市场监督管理局" || file.Receipt == nil || len(file.Tasks) != 2 {
			c.Fatalf("the file says %+v", file)
		}
		for i, l := range plan.Standing() {
			got := file.Tasks[i]
			if got.Name != l.Name || got.Scope != l.Scope || got.Ratio != l.Ratio || got.Pool != l.Pool || got.Planned != l.Planned() ||
				!slices.Equal(got.Months, l.Months.List()) || got.Lead.ID != string(l.Lead) || got.Items[0].ID != string(l.Items[0]) {
				c.Errorf("task %d is %+v", l.No, got)
			}
		}
		c.shows(strings.TrimPrefix(file.Receipt.URL, c.server.URL), "公布", file.Receipt.LeafHash)

		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.page("/plans/370687-2026-scjg/1.csv"), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 3 || rows[2][4] != "'"+plan.Lines[1].Name || rows[1][10] != "8%" {
			c.Errorf("the CSV reads %q, %v", rows, err)
		}
		got := c.get("/plans/370687-2026-scjg/1.xlsx")
		book, err := excelize.OpenReader(strings.NewReader(got.body))
		if err != nil {
			c.Fatal(err)
		}
		defer book.Close()
		cell, _ := book.GetCellValue("计划任务", "B7")
		formula, _ := book.GetCellFormula("计划任务", "B7")
		if cell != plan.Lines[1].Name || formula != "" {
			c.Errorf("the workbook has %q, formula %q", cell, formula)
		}
		if want := `attachment; filename="370687-2026-scjg-v1.xlsx"`; got.header.Get("Content-Disposition") != want {
			c.Errorf("the workbook is called %s", got.header.Get("Content-Disposition"))
		}
	})
}

// The log that the site serves is whole, for a reader who holds the policy.
func TestThePublishedLogVerifies(t *testing.T) {
	both(t, func(c *county) {
		c.growLog(220) // more than one tile
		policy, err := ledger.ParsePolicy([]byte(c.policy))
		if err != nil {
			c.Fatal(err)
		}
		var acts int64
		read := func(path string) ([]byte, error) { return []byte(c.page("/log/" + path)), nil }
		head, _, err := ledger.VerifyLog(read, policy, func(ledger.Entry, []byte) error { acts++; return nil })
		if err != nil || head.Size != acts || acts < 257 {
			c.Errorf("%d entries, %v, %v", acts, head, err)
		}
		full, part := c.get("/log/tile/0/000"), c.get(fmt.Sprintf("/log/tile/entries/001.p/%d", head.Size-256))
		if got := full.header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			c.Errorf("a full tile is kept %q", got)
		}
		if got := part.header.Get("Cache-Control"); part.status != 200 || strings.Contains(got, "immutable") {
			c.Errorf("a partial tile: %d, kept %q", part.status, got)
		}
		if got := c.get("/log/checkpoint").header; got.Get("Content-Type") != "text/plain; charset=utf-8" || got.Get("Cache-Control") != "public, no-cache" {
			c.Errorf("the checkpoint comes with %v", got)
		}
		for _, path := range []string{"/log/tile/0/001", "/log/tile/0/x000/000", "/log/tile/64/000", "/log/tile/entries/001", "/log/tile/0/000.p/999", "/log/tile/"} {
			if got := c.get(path); got.status != http.StatusNotFound {
				c.Errorf("%s answers %d", path, got.status)
			}
		}
	})
}

// growLog adds acts until the log has at least n entries, and seals it.
func (c *county) growLog(n int) {
	c.Helper()
	for i := range n {
		code := fmt.Sprintf("Z-%04d", i)
		c.Done(c.Clerk("清单员", "scjg"), act.ListItem{
			Item: rig.ID[inspect.ItemID]("grow " + code), Code: code, Name: "事项" + code, Field: "其他", Category: inspect.GeneralItem,
			MaxShare: 1000, Basis: "依据", Content: "内容", Methods: []inspect.Method{"onsite"},
		})
	}
	c.seal()
}

// A receipt proves its entry, to the page's reader and to who keeps the file.
func TestReceiptsProveTheirEntries(t *testing.T) {
	both(t, func(c *county) {
		policy, err := ledger.ParsePolicy([]byte(c.policy))
		if err != nil {
			c.Fatal(err)
		}
		head, err := c.Store.Log.Newest(c.Context())
		if err != nil {
			c.Fatal(err)
		}
		for n := range head.Size {
			path := fmt.Sprintf("/receipts/%d", n)
			proof, err := ledger.ParseProof([]byte(c.page(path + ".tlog-proof")))
			if err != nil {
				c.Fatal(err)
			}
			leaf := []byte(c.page(path + ".leaf"))
			if _, _, err := proof.Verify(leaf, policy); err != nil {
				c.Errorf("%s: %v", path, err)
			}
			hash := ledger.LeafHash(leaf)
			page := c.page(path)
			root := hex.EncodeToString(head.Root[:])
			if !strings.Contains(page, hex.EncodeToString(hash[:])) || !strings.Contains(page, ledger.ReceiptCode(hash)) ||
				strings.Count(page, root) < 2 { // the last step, and the checkpoint's
				c.Errorf("%s does not lead to the root", path)
			}
			// By code, in every way that people type it.
			code := ledger.ReceiptCode(hash)
			for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), ledger.LongReceiptCode(hash)} {
				if got := c.get("/receipts?code=" + typed); got.header.Get("Location") != path && got.status != http.StatusOK {
					c.Errorf("%s leads to %d %s", typed, got.status, got.header.Get("Location"))
				}
			}
		}
	})
}

func TestReceiptsThatAreNotThere(t *testing.T) {
	both(t, func(c *county) {
		for path, want := range map[string]int{
			"/receipts": 200, "/receipts?code=": 200, "/receipts?code=hello": 422, "/receipts?code=00000000-00000000": 404, "/receipts?code=9999999": 404,
			"/receipts?code=%FF%00": 200, "/receipts?code=0": 303, "/receipts?code=%E7%AC%AC%EF%BC%91%E5%8F%B7": 303,
			"/receipts/99999": 404, "/receipts/-1": 404, "/receipts/01": 404, "/receipts/x": 404, "/receipts/1.exe": 404, "/receipts/1.": 404,
			"/receipts/99999999999999999999": 404,
		} {
			if got := c.get(path); got.status != want {
				c.Errorf("%s answers %d, want %d", path, got.status, want)
			}
		}
		// An act that no checkpoint covers yet is found by its code, and waits.
		receipt := c.Done(c.Clerk("清单员", "scjg"), act.ListItem{
			Item: rig.ID[inspect.ItemID]("late"), Code: "Z-1", Name: "晚到的事项", Field: "其他", Category: inspect.GeneralItem,
			MaxShare: 1000, Basis: "依据", Content: "内容", Methods: []inspect.Method{"onsite"},
		})
		path := fmt.Sprintf("/receipts/%d", receipt.N)
		if got := c.get("/receipts?code=" + receipt.Code); got.header.Get("Location") != path {
			c.Errorf("a fresh code leads to %d %s", got.status, got.header.Get("Location"))
		}
		c.shows(path, "等待编入日志", "晚到的事项")
		if got := c.get(path + ".tlog-proof"); got.status != http.StatusNotFound {
			c.Errorf("a proof of what is not sealed answers %d", got.status)
		}
		c.shows("/log", "条等待下一个检查点")
	})
}

// NI-PII, INV-23: nobody is named in public, no telephone, no identity number.
func TestNoPersonIsNamedInPublic(t *testing.T) {
	both(t, func(c *county) {
		phone, identity := regexp.MustCompile(`(^|[^0-9A-Za-z])1[3-9][0-9]{9}([^0-9A-Za-z]|$)`), regexp.MustCompile(`[1-9][0-9]{16}[0-9X]([^0-9]|$)`)
		pages := c.crawl()
		if len(pages) < 60 {
			c.Errorf("only %d pages were found", len(pages))
		}
		for path, body := range pages {
			for _, name := range append([]string{secret}, names...) {
				if strings.Contains(body, name) {
					c.Errorf("%s names %s", path, name)
				}
			}
			if path == "/verify.html" || strings.HasPrefix(path, "/log/tile/") && !strings.Contains(path, "entries") {
				continue // a program with the numbers of curves; hashes
			}
			text := regexp.MustCompile(`[0-9a-f]{64}|d="[^"]*"`).ReplaceAllString(body, "") // digests and drawings
			for _, form := range []*regexp.Regexp{phone, identity} {
				if found := form.FindString(text); found != "" && !strings.HasSuffix(path, ".xlsx") {
					c.Errorf("%s has the number %s", path, found)
				}
			}
		}
	})
}

var address = regexp.MustCompile(`(?:href|action)="(/[^"]*|#[^"]+)"`)

// crawl follows every link of the site, receipts and tiles included, and
// returns what is there. A link to nowhere fails the test, and so does one to a
// place of a page that the page does not have.
func (c *county) crawl() map[string]string {
	c.Helper()
	head, err := c.Store.Log.Newest(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	todo := []string{"/", "/log/checkpoint", "/plans.atom", "/robots.txt", "/sitemap.xml"}
	for _, tile := range ledger.TilesOf(0, head.Size) {
		todo = append(todo, "/log/"+tile.Path())
	}
	for n := range head.Size {
		todo = append(todo, fmt.Sprintf("/receipts/%d", n))
	}
	pages := map[string]string{}
	places := map[string]string{} // of pages, and who leads there
	defer func() {
		for place, from := range places {
			if path, id, _ := strings.Cut(place, "#"); !strings.Contains(pages[path], `id="`+id+`"`) {
				c.Errorf("%s leads to %s, which is not there", from, place)
			}
		}
	}()
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if _, seen := pages[path]; seen || strings.HasPrefix(path, "/assets/") || path == "/office" || path == "/look" {
			continue
		}
		got := c.get(path)
		if got.status != http.StatusOK {
			c.Errorf("a link leads to %s, which answers %d", path, got.status)
		}
		pages[path] = got.body
		if strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			for _, m := range address.FindAllStringSubmatch(got.body, -1) {
				next, id, placed := strings.Cut(strings.ReplaceAll(m[1], "&amp;", "&"), "#")
				if next == "" {
					next = path
				}
				if placed && !strings.HasPrefix(next, "/assets/") {
					places[next+"#"+id] = path
				}
				todo = append(todo, next)
			}
		}
	}
	return pages
}

// A page that has not changed is not sent again; what is no page is not kept.
func TestPagesAreKept(t *testing.T) {
	both(t, func(c *county) {
		for _, path := range []string{"/", "/plans/370687-2026-scjg/0", "/plans/370687-2026-scjg/1.xlsx", "/plans.atom", "/log/checkpoint", "/receipts/3"} {
			first := c.get(path, "Accept-Encoding", "identity")
			tag := first.header.Get("ETag")
			if tag == "" || !strings.HasPrefix(first.header.Get("Cache-Control"), "public") {
				c.Errorf("%s comes with %v", path, first.header)
			}
			if got := c.get(path, "If-None-Match", `"x", W/`+tag, "Accept-Encoding", "identity"); got.status != http.StatusNotModified || got.body != "" {
				c.Errorf("%s again answers %d", path, got.status)
			}
			r, err := http.NewRequestWithContext(c.Context(), http.MethodHead, c.server.URL+path, nil)
			if err != nil {
				c.Fatal(err)
			}
			if got := c.do(r); got.header.Get("ETag") != tag || got.header.Get("Content-Length") == "0" {
				c.Errorf("HEAD %s comes with %v, GET with tag %s", path, got.header, tag)
			}
			if got := c.get(path, "Cookie", "look=large", "Accept-Encoding", "identity"); strings.HasPrefix(got.header.Get("Content-Type"), "text/html") && got.header.Get("ETag") == tag {
				c.Errorf("%s in large print has the same tag", path)
			}
		}
		if got := c.get("/plans/370687-2026-scjg/0").header.Get("Last-Modified"); got == "" {
			c.Error("an edition does not say since when it is as it is")
		}
		for _, path := range []string{"/plans/370687-2026-xx", "/receipts?code=hello"} {
			if got := c.get(path).header; got.Get("Cache-Control") != "no-store" || got.Get("ETag") != "" {
				c.Errorf("%s comes with %v", path, got)
			}
		}
	})
}

// R47: search engines find every public edition, and are kept from the office.
func TestSearchEnginesFindThePlans(t *testing.T) {
	both(t, func(c *county) {
		var m struct {
			Pages []string `xml:"url>loc"`
		}
		if err := xml.Unmarshal([]byte(c.page("/sitemap.xml")), &m); err != nil {
			c.Fatal(err)
		}
		for _, want := range []string{"/", "/plans/370687-2026-scjg/0", "/plans/370687-2026-scjg/1", "/plans/370687-2026/0"} {
			if !slices.Contains(m.Pages, c.server.URL+want) {
				c.Errorf("the site map lacks %s: %v", want, m.Pages)
			}
		}
		for _, page := range m.Pages {
			c.page(strings.TrimPrefix(page, c.server.URL))
		}
		c.shows("/robots.txt", "Disallow: /office\n", "Sitemap: "+c.server.URL+"/sitemap.xml\n")
	})
}

func TestTheFeedTellsOfEachEdition(t *testing.T) {
	both(t, func(c *county) {
		var feed struct {
			Updated string `xml:"updated"`
			Entries []struct {
				ID    string `xml:"id"`
				Title string `xml:"title"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(c.page("/plans.atom")), &feed); err != nil {
			c.Fatal(err)
		}
		if len(feed.Entries) != 3 || feed.Updated == "" || !strings.HasSuffix(feed.Entries[2].ID, "/plans/370687-2026-scjg/0") {
			c.Errorf("the feed is %+v", feed)
		}
	})
}

// A log without a checkpoint, and a county without a plan, say so.
func TestAnEmptySite(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		c := &county{Office: o}
		c.makeKeys()
		c.open()
		c.shows("/", "还没有公布计划", "还没有公告的抽签", "尚未签发")
		c.shows("/draws", "还没有公告的批次")
		c.shows("/log", "还没有签发检查点")
		c.shows("/open-data", "还没有公布计划")
		c.shows("/receipts/0", "等待编入日志")
		if got := c.get("/log/checkpoint"); got.status != http.StatusNotFound {
			c.Errorf("a checkpoint that is not there answers %d", got.status)
		}
	})
}

// A checkpoint that does not fulfil the policy is not called verified.
func TestAnUnsignedCheckpointIsNotBelieved(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		c := newCounty(o)
		_, other, err := keys.Generate(keys.LogEd25519, "log.example/suicha", bytes.NewReader(bytes.Repeat([]byte{9}, 32)))
		if err != nil {
			c.Fatal(err)
		}
		c.policy = "log " + other + "\nquorum none\n"
		c.open()
		c.shows("/log", "签名或见证不齐")
		c.shows("/receipts/1", "检查点的签名或见证不齐")
	})
}

func TestWitnessesAreShownWithTheTimeOfTheirWord(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		c := &county{Office: o}
		c.makeKeys()
		_, err := c.Store.Log.Extend(c.Context(), c.Now, func(last, next ledger.Head, proof []ledger.Hash) ([]byte, error) {
			return c.cosigned(last, next, proof)
		})
		if err != nil {
			c.Fatal(err)
		}
		c.open()
		c.shows("/log", "海阳市纪委监委", "2026-03-02 09:00", "签名有效")
		c.shows("/receipts/0", "1 方见证")
	})
}
