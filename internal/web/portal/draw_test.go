package portal_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/rig"
	"suicha/internal/web/portal"
)

// drawSite opens a site with the runs of one batch.
func drawSite(t *testing.T, names map[string]string, runs ...portal.DrawRun) *county {
	t.Helper()
	on := &shelf{Names: names, List: []portal.Draw{{Number: rig.DrawingNumber, Version: 1, Runs: runs}}}
	c := &county{Office: rig.Open(t, rig.SQLite(t)), draws: on}
	c.makeKeys()
	c.seal()
	c.server = httptest.NewServer(c.site("https://suicha.example"))
	c.Cleanup(c.server.Close)
	return c
}

// told is an answer without the number that each request has.
func (c *county) told(path string) string {
	got := c.get(path)
	id := got.header.Get("X-Request-Id")
	for _, name := range []string{"X-Request-Id", "Date", "ETag", "Content-Length"} { // the last two follow from the body
		got.header.Del(name)
	}
	return strings.ReplaceAll(fmt.Sprint(got.status, got.header, got.body), id, "")
}

// becomes puts another version of the batch on the shelf.
func (c *county) becomes(version int64, runs ...portal.DrawRun) {
	c.draws.(*shelf).List[0] = portal.Draw{Number: rig.DrawingNumber, Version: version, Runs: runs}
}

const aDraw = "/draws/" + rig.DrawingNumber

// missing fails the test for each path that is there.
func (c *county) missing(paths ...string) {
	c.Helper()
	for _, path := range paths {
		if got := c.get(path); got.status != http.StatusNotFound {
			c.Errorf("%s answers %d", path, got.status)
		}
	}
}

// R55: every phase can be followed, on the record and on the big screen.
func TestEveryPhaseIsTold(t *testing.T) {
	for _, phase := range []struct {
		until          string
		record, screen []string
	}{
		{"announce", []string{"已公告", "名单还没有封存", "应抽"}, []string{"等待封存检查对象名单", "餐饮服务单位联合抽查"}},
		{"lock", []string{"进行中：待承诺", "1,200", "0.", "等待 3 方"}, []string{"等待 3 个单位承诺", "5/8", "封库的摘要", "等待：", "截止 2026-11-18 09:30"}},
		{"commit", []string{"进行中：待亮数", "8 方先封随机数", "互换保管"}, []string{"等待 3 个单位亮出随机数", "3/6"}},
		{"reveal", []string{"进行中：待公开事件", "谁也不知道结果"}, []string{"等待公开事件", "六位企业代表与市民现场摇取六个号码球", "<b>?</b>"}},
		{"event", []string{"进行中：待拆封", "<b>4</b><b>0</b><b>7</b><b>1</b><b>9</b><b>3</b>", "由两人分别录入"}, []string{"等待当众拆开 1 只信封", "1/2", "<b>9</b>"}},
		{"envelope", []string{"进行中：待计算", "2 只信封当众拆开"}, []string{"等待由程序计算", "8/8"}},
		{"open", []string{"已公布", "一次完成", "入选线", "72/72", "公布钥匙和全部抽中名单"}, []string{"入选线", "data-marks=", "海阳市虚构"}},
	} {
		t.Run(phase.until, func(t *testing.T) {
			t.Parallel()
			d := rig.NewDrawing(t, "open", "phases", phase.until, nil)
			run := portal.DrawRun{Files: d.Files}
			switch phase.until {
			case "lock":
				run.Commits = d.Commitments(5)
			case "commit":
				run.Reveals = d.Secrets("open", "09:51")[:3]
			case "event":
				run.Reveals = d.Secrets("sealed", "10:11")[:1]
			}
			c := drawSite(t, d.Names, run)
			want := slices.DeleteFunc(phase.record, func(s string) bool { return s == "应抽" || s == "0." })
			c.shows(aDraw, append(want, d.C.Manifest.Digest().String())...)
			c.shows(aDraw+"/screen", phase.screen...)
			c.shows("/draws", rig.DrawingNumber, "第 1 次")
			c.shows("/draws.json", `"suicha-draw/1"`)
			if phase.until != "open" {
				c.missing(aDraw+"/drawn", aDraw+"/drawn.csv", aDraw+"/runs/1/result.tsv", aDraw+"/runs/1/reserve.tsv")
			}
			c.missing(aDraw+"/runs/1/population.tsv", aDraw+"/runs/1/inspectors.tsv", aDraw+"/runs/1/../manifest.json", aDraw+"/runs/2/manifest.json",
				aDraw+"/proof.json?id=x", aDraw+".xml", aDraw+"/runs/1/assignment.tsv", "/draws/other", "/draws/%00", "/draws/"+strings.Repeat("9", 99))
			if text, err := d.C.Manifest.Encode(); err != nil || c.page(aDraw+"/runs/1/manifest.json") != string(text) {
				t.Error("the manifest is not given byte for byte")
			}
		})
	}
}

// R68: a void run is public for good, with its ground, and so is an annulment, C18.
func TestNoRunIsHidden(t *testing.T) {
	t.Parallel()
	first := rig.NewDrawing(t, "open", "first", "commit", nil).Void("reveal", "教育体育局逾期没有亮出随机数", "教育体育局")
	c := drawSite(t, nil, portal.DrawRun{Files: first.Files})
	c.shows(aDraw, "第 1 次运行在“亮数”阶段作废", "教育体育局逾期没有亮出随机数", "运行次数加一", "作废记录")
	c.shows(aDraw+"/screen", "第 1 次运行作废", "未按时交出的单位：教育体育局")
	c.shows("/draws.atom", "本次作废")

	second := rig.NewDrawing(t, "open", "second", "open", first)
	run := portal.DrawRun{Files: second.Files}
	c.becomes(2, portal.DrawRun{Files: first.Files}, run)
	c.draws.(*shelf).Names = second.Names
	c.shows(aDraw, "第 2", "教育体育局逾期没有亮出随机数", "作废的每一次都公开", "/runs/1/void.json")
	c.shows(aDraw+".json", `"void": "教育体育局逾期没有亮出随机数"`, `"defaulters"`)
	c.shows(aDraw+"/runs/1/void.json", `"SDP1.void"`)
	if strings.Contains(c.page(aDraw), "一次完成") {
		t.Error("a second run is called the only one")
	}

	run.Annulled = &portal.Annulment{At: c.Now, Org: "海阳市司法局", Ground: "<b>漏掉</b>了 21 户"}
	c.becomes(3, portal.DrawRun{Files: first.Files}, run)
	c.shows(aDraw, "本次抽签已被撤销", "海阳市司法局", "&lt;b&gt;漏掉")
	c.shows(aDraw+"/screen", "本次抽签已被撤销")
	c.shows(aDraw+"/drawn", "本次抽签已被撤销")
	c.shows("/draws", "已撤销")
}

// digest finds digests in full, in short and in the rows of the screen.
var digest = regexp.MustCompile(`[0-9a-f]{64}|[0-9a-f]{16}|[0-9a-f]{8} … [0-9a-f]{8}|[0-9a-f]{8}…[0-9a-f]{8}|[0-9a-f]{4}…[0-9a-f]{4}`)

// Attack rows 19 and 20 of trust.md: before the opening of a sealed draw, two worlds that
// differ in who was drawn are the same to everybody outside, but for digests that
// tell nothing. What is told of one enterprise is the same to the last byte.
func TestASealedDrawTellsNothing(t *testing.T) {
	t.Parallel()
	worlds, sites := make([]*rig.Drawing, 2), make([]*county, 2)
	for i, label := range []string{"world A", "world B"} {
		worlds[i] = rig.NewDrawing(t, "sealed", label, "draw", nil)
		sites[i] = drawSite(t, worlds[i].Names, portal.DrawRun{Files: worlds[i].Files})
	}
	opened := rig.NewDrawing(t, "sealed", "world A", "open", nil)
	drawn, reserve, err := ceremony.Lists(opened.Files)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := ceremony.Lists(rig.NewDrawing(t, "sealed", "world B", "open", nil).Files)
	if err != nil || slices.Equal(drawn, other) {
		t.Fatal("the worlds do not differ", err)
	}
	ids := []string{drawn[0].ID, drawn[30].ID, other[0].ID, reserve[0].ID, "", "no such code", "91370687XX00000001"}
	for _, id := range ids {
		for _, path := range []string{"/me?id=%s", "/me?id=%s&code=" + codeOf(t, worlds[0], id), "/proof.json?id=%s&code=" + codeOf(t, worlds[0], id), "/me?id=%s&code=AAAAA-AAAAA"} {
			path = aDraw + fmt.Sprintf(path, strings.ReplaceAll(id, " ", "+"))
			if sites[0].told(path) != sites[1].told(path) {
				t.Errorf("%s differs", path)
			}
		}
	}
	for _, path := range []string{"", "/screen", "/fairness", ".json", "/drawn", "/drawn.csv", "/runs/1/result.tsv", "/runs/1/opening.json"} {
		a, b := sites[0].told(aDraw+path), sites[1].told(aDraw+path)
		if digest.ReplaceAllString(a, "…") != digest.ReplaceAllString(b, "…") {
			t.Errorf("%s differs by more than digests", path)
		}
		for _, p := range drawn {
			if strings.Contains(a, p.ID) || strings.Contains(a, worlds[0].Names[p.ID]) || strings.Contains(a, p.Ticket.Decimal()) {
				t.Fatalf("%s names %s", path, p.ID)
			}
		}
	}
	sites[0].shows(aDraw, "密封模式", "2026-12-20 09:00 自动公布钥匙和名单")
	sites[0].shows(aDraw+"/me?id="+drawn[0].ID, "在本批次封存的名单里", "本站对每一家的回答都一样")
	c := drawSite(t, opened.Names, portal.DrawRun{Files: opened.Files})
	c.shows(aDraw, "已公布", "入选线")
	c.shows(aDraw+"/me?id="+drawn[0].ID, "已抽中")
}

// codeOf is the short code of an object, or some other code if it is in no list.
func codeOf(t *testing.T, d *rig.Drawing, id string) string {
	t.Helper()
	p, err := ceremony.NewMember(d.C, d.Files)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := p.Find(id)
	if err != nil {
		return "7K2PD-4M9XA"
	}
	return ceremony.Code(d.C.Manifest, rec)
}

// R56: an enterprise sees why it was drawn or not, and takes the proof with it. What
// tells its class is told to it alone.
func TestEveryEnterpriseSeesItsOwnCase(t *testing.T) {
	t.Parallel()
	d := rig.NewDrawing(t, "open", "own", "open", nil)
	c := drawSite(t, d.Names, portal.DrawRun{Files: d.Files})
	drawn, reserve, err := ceremony.Lists(d.Files)
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]bool{}
	for _, p := range slices.Concat(drawn, reserve) {
		in[p.ID] = true
	}
	passed := ""
	for id := range d.Names {
		if !in[id] && (passed == "" || id < passed) {
			passed = id
		}
	}
	for _, test := range []struct{ id, want, public string }{
		{drawn[2].ID, "已抽中：本格排第 3 位", "已抽中"}, {reserve[0].ID, "列为候补第 1 位", "未抽中"}, {passed, "未抽中：本格排第", "未抽中"},
	} {
		code := codeOf(t, d, test.id)
		own := aDraw + "/me?id=" + test.id + "&code=" + code
		c.shows(own, test.want, "本企业可见", "自己算一遍", "下载自证材料", "入选线")
		c.shows(aDraw+"/me?id="+strings.ToLower(test.id)+"+&code="+strings.ReplaceAll(strings.ToLower(code), "-", ""), test.want)
		if got := c.get(own); got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("the own case may be kept: %s", got.header.Get("Cache-Control"))
		}
		verdict, err := draw.VerifyProof(draw.ProofFile, []byte(c.page(aDraw+"/proof.json?id="+test.id+"&code="+code)))
		if err != nil || verdict.Record.ID != test.id || verdict.Result != d.C.Result.Digest(draw.SM3) {
			t.Errorf("the proof of %s: %v", test.id, err)
		}
		page := c.page(aDraw + "/me?id=" + test.id)
		if !strings.Contains(page, test.public) || strings.Contains(page, "位抽中") || strings.Contains(page, "下载自证材料") {
			t.Errorf("the public is told of %s: %.200s", test.id, page)
		}
		if !in[test.id] && (strings.Contains(page, " 格<") || strings.Contains(page, "入选线</dt>")) {
			t.Errorf("the public is told the cell of %s", test.id)
		}
		c.missing(aDraw+"/proof.json?id="+test.id, aDraw+"/proof.json?id="+test.id+"&code=AAAAA-AAAAA")
		recusal(c, test.id, code)
		if got := c.get(aDraw + "/me?id=" + test.id + "&code=AAAAA-AAAAA"); got.status != http.StatusUnprocessableEntity || strings.Contains(got.body, test.public+"：") {
			t.Errorf("a wrong code answers %d", got.status)
		}
	}
	if got := c.get(aDraw + "/me?id=91370687XX00000001"); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "不在本批次的名单里") {
		t.Errorf("an unknown code answers %d", got.status)
	}
}

// recusal is how an enterprise learns to apply for recusal: with its short code, if it
// was drawn; the form with blanks is anybody's. 行政处罚法 四十三.
func recusal(c *county, id, code string) {
	c.Helper()
	const section = "申请检查人员回避"
	own, form := aDraw+"/me?id="+id+"&code="+code, aDraw+"/recusal?id="+id+"&code="+code
	if page := c.page(own); strings.Contains(page, section) != strings.Contains(page, "已抽中：") { // by whichever task
		c.Errorf("%s is told of recusal, or not: %.300s", id, page)
	}
	if strings.Contains(c.page(aDraw+"/me?id="+id), section) {
		c.Errorf("the public is told of the recusal of %s", id)
	}
	c.shows(form, id, "由牵头部门负责人决定", "不停止检查")
	if got := c.get(form); got.header.Get("Cache-Control") != "no-store" {
		c.Errorf("the form may be kept: %s", got.header.Get("Cache-Control"))
	}
	if blank := c.page(aDraw + "/recusal"); strings.Contains(blank, id) || !strings.Contains(blank, "签名或者盖章") {
		c.Errorf("the form with blanks is %.300s", blank)
	}
	c.missing(aDraw+"/recusal?id="+id, aDraw+"/recusal?id="+id+"&code=AAAAA-AAAAA", "/draws/NONE/recusal")
}

// R55: the bundle is all that is needed to check a draw.
func TestTheBundleVerifies(t *testing.T) {
	t.Parallel()
	d := rig.NewDrawing(t, "open", "bundle", "open", nil)
	c := drawSite(t, d.Names, portal.DrawRun{Files: d.Files})
	got := c.get(aDraw + "/bundle.zip")
	bundle, err := zip.NewReader(bytes.NewReader([]byte(got.body)), int64(len(got.body)))
	if err != nil {
		t.Fatal(err)
	}
	if err := draw.CheckSums(bundle); err != nil {
		t.Error(err)
	}
	x, err := draw.Load(bundle)
	if err != nil || x.Opening == nil {
		t.Fatalf("the bundle has %v, %v", x, err)
	}
	public, err := bundle.Open(draw.PublicFile)
	if err != nil {
		t.Fatal(err)
	}
	defer public.Close()
	if root, err := draw.ReadPublic(draw.SM3, public, map[string]bool{}); err != nil || root != x.Lock.Population {
		t.Errorf("the public list: %v, %v", root, err)
	}
	if again := c.get(aDraw+"/bundle.zip", "If-None-Match", got.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("the same bundle again answers %d", again.status)
	}
	c.shows("/verify.html", "<title>")
	if policy := c.get("/verify.html").header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sha256-") || strings.Contains(policy, "unsafe") {
		t.Errorf("verify.html runs under %s", policy)
	}
}

// The list is paged and searched, and as a table it holds no formula.
func TestTheDrawnListIsPublic(t *testing.T) {
	t.Parallel()
	d := rig.NewDrawing(t, "open", "list", "open", nil)
	drawn, _, err := ceremony.Lists(d.Files)
	if err != nil {
		t.Fatal(err)
	}
	d.Names[drawn[0].ID] = `=HYPERLINK("http://x.example","<b>点我</b>")`
	c := drawSite(t, d.Names, portal.DrawRun{Files: d.Files})
	c.shows(aDraw+"/drawn", "共 72 户次", "&lt;b&gt;点我", drawn[19].Ticket.Decimal(), "下一页")
	c.shows(aDraw+"/drawn?after=60", drawn[71].Ticket.Decimal(), "本页 12 户次")
	c.shows(aDraw+"/drawn?q="+drawn[40].ID, "共 1 户次", d.Names[drawn[40].ID])
	c.shows(aDraw+"/drawn?task=r02", "共 40 户次")
	c.shows(aDraw+"/drawn?list=reserve", "候补 ")
	c.shows(aDraw+"/drawn?q=%E6%B2%A1%E6%9C%89", "名单里没有符合条件的企业")
	c.shows(aDraw+"/drawn?after=-1&size=x&q=%FF%00", "共 72 户次")
	c.shows(aDraw+"/drawn.csv", `"'=HYPERLINK(`, drawn[71].Ticket.String())
	c.shows(aDraw+"?cell=r01-B-0", "餐饮服务单位联合抽查　B 格")
	c.shows(aDraw+"?cell=%00", "入选线")
	c.shows("/draws?q=%E9%A4%90%E9%A5%AE&year=2026", rig.DrawingNumber)
	c.shows("/draws?q=%E6%B2%A1%E6%9C%89", "没有找到与“没有”有关的批次")
	c.shows("/draws?after="+rig.DrawingNumber, "还没有公告的批次")
	c.shows("/draws.csv", rig.DrawingNumber, ",72,50,")
}

// The screen asks again every few seconds, and nobody keeps it.
func TestTheScreenAsksAgain(t *testing.T) {
	t.Parallel()
	d := rig.NewDrawing(t, "open", "screen", "lock", nil)
	c := drawSite(t, d.Names, portal.DrawRun{Files: d.Files})
	first := c.get(aDraw + "/screen")
	if got := first.header.Get("Cache-Control"); got != "public, no-cache" {
		t.Errorf("the screen is kept: %s", got)
	}
	if got := c.get(aDraw+"/screen", "If-None-Match", first.header.Get("ETag")); got.status != http.StatusNotModified {
		t.Errorf("nothing new answers %d", got.status)
	}
	c.becomes(2, portal.DrawRun{Files: d.Files, Commits: d.Commitments(1)})
	if got := c.get(aDraw+"/screen", "If-None-Match", first.header.Get("ETag")); got.status != http.StatusOK || !strings.Contains(got.body, "等待 7 个单位承诺") {
		t.Errorf("a commitment answers %d", got.status)
	}
}

// Chances and loads are told, and what cannot be tested is said.
func TestFairnessIsTold(t *testing.T) {
	t.Parallel()
	d := rig.NewDrawing(t, "open", "fair", "open", nil)
	c := drawSite(t, d.Names, portal.DrawRun{Files: d.Files})
	c.shows(aDraw+"/fairness", "每一户的机会", "26.32%", "市场监管局", "人各", "共比较 8 次", "方圆街道", "370687002")
	c = drawSite(t, d.Names, portal.DrawRun{Files: rig.NewDrawing(t, "open", "fair", "announce", nil).Files})
	c.shows(aDraw+"/fairness", "名单封存以后", "名单公布以后才能检验")
}

// A document that was altered is told of, and keeps nobody from the other draws.
func TestABrokenDrawIsTold(t *testing.T) {
	t.Parallel()
	d := rig.NewDrawing(t, "open", "broken", "open", nil)
	c := drawSite(t, d.Names, portal.DrawRun{Files: d.Files})
	lock, err := draw.Document(draw.LockFile, d.C.Lock)
	if err != nil {
		t.Fatal(err)
	}
	other := ceremony.Tree{}
	for name := range d.Files {
		other.Copy(name, d.Files)
	}
	other.Put(draw.LockFile, bytes.Replace(lock, []byte(`"n0":722`), []byte(`"n0":721`), 1))
	c.draws.(*shelf).List = append(c.draws.(*shelf).List, portal.Draw{Number: "broken", Version: 1, Runs: []portal.DrawRun{{Files: other}}})
	if got := c.get("/draws/broken"); got.status != http.StatusConflict || !strings.Contains(got.body, "核对不符") {
		t.Errorf("the broken draw answers %d", got.status)
	}
	c.shows("/draws", "文件核对不符", rig.DrawingNumber)
	c.shows("/", rig.DrawingNumber)
	c.shows("/draws.json", "文件核对不符")
	c.shows("/draws.csv", "文件核对不符")
	c.shows("/draws.atom", "文件核对不符")
}
