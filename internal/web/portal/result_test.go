package portal_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// resulted is a county with a site whose visit ended, and what came of it.
func resulted(t *testing.T, story func(c *county, v *rig.Visited)) {
	rig.Both(t, func(o *rig.Office) {
		c := &county{Office: o}
		c.makeKeys()
		v := o.ResultsDrafted().Enter().Approve()
		c.seal()
		c.open()
		story(c, v)
	})
}

// secretsOf are what no public page may say of a visit: who inspected, decided and
// signed, what they wrote, where the object is.
func secretsOf(v *rig.Visited) []string {
	found := v.Found()
	secrets := []string{"李科长", "王局长", "秦局长", "刘店长", "同意", "属实", "进货台账记录不全", "责令限期改正"}
	for _, m := range found.Members {
		secrets = append(secrets, m.Name, m.Certificate)
	}
	if found.Party.Place != "" {
		secrets = append(secrets, found.Party.Place)
	}
	return secrets
}

// R4, R94, R101, R102: a result is not there before its publication; then it has its page,
// its place in lists and files; a correction shows both editions; a withdrawal leaves
// a stone. No person, address or free text is on any of them.
func TestResultsFromPublicationToWithdrawal(t *testing.T) {
	resulted(t, func(c *county, v *rig.Visited) {
		id, body := string(v.Result().ID), v.Result().Disclosed()
		page := "/results/" + id
		for _, path := range []string{page, page + ".json", "/results/x", "/results/" + strings.Repeat("0", 36), "/enterprises/" + body.Code, "/enterprises/%00", page + ".csv"} {
			if got := c.get(path); got.status != http.StatusNotFound {
				c.Errorf("before the publication %s answers %d", path, got.status)
			}
		}
		c.shows("/results", "没有符合条件", "20 个工作日")
		v.Publish()
		c.seal()
		c.shows(page, body.Name, body.Body, "责令立即改正", "首次公示", v.Result().Digest)
		c.shows("/results?q="+body.Name[3:9], page)
		for _, query := range []string{"?q=" + body.Code, "?org=scjg", "?year=2026", "?task=" + body.Tasks[0].Number, "?q=" + body.Tasks[0].Number, "?from=2026-01-01&until=2026-12-31", ""} {
			c.shows("/results"+query, page)
		}
		for _, query := range []string{"?q=%E6%97%A0%E6%AD%A4", "?org=gaj", "?year=2025", "?task=370687-2026-x", "?from=2027-01-01", "?q=%25", "?after=x_y", "?code=x"} {
			if strings.Contains(c.page("/results"+query), page+`"`) && query != "?after=x_y" {
				c.Errorf("/results%s lists the result", query)
			}
		}
		if body.Code != "" {
			c.shows("/enterprises/"+body.Code, page, body.Name)
		}
		c.shows("/", page, "最新检查结果")
		c.shows("/results/statistics", "100.0%", "责令立即改正")
		c.shows("/results/guide", "一分钟")
		if strings.Contains(c.page("/results/statistics"), "海阳市公安局") || strings.Contains(c.page("/results/statistics"), "市场监管局") {
			c.Error("the statistics name departments: C16")
		}
		resultFilesSay(c, body, page)

		fix := v.Correct(inspect.PublishCorrect, inspect.ActivityNotFound)
		c.Done(v.Li, fix)
		if strings.Contains(c.page(page), fix.Ground) {
			c.Error("a draft of a correction is public")
		}
		sign := func(x act.DraftCorrection) {
			c.Done(v.Qin, act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: x.ID, Seen: 1, Opinion: "属实"}})
			c.seal()
		}
		sign(fix)
		c.shows(page, "第 2 版（更正）", "首次公示", "责令立即改正", "未发现开展本次抽查", fix.Ground, "主要负责人签字")
		c.shows("/results", "已更正", "未发现开展本次抽查")
		for _, path := range []string{page, page + ".json", "/results", "/results.csv", "/results.json", "/results.atom", "/", "/sitemap.xml"} {
			text := c.page(path)
			for _, s := range secretsOf(v) {
				if s != "" && strings.Contains(text, s) {
					c.Errorf("%s says %q", path, s)
				}
			}
			if phone := regexp.MustCompile(`\b1[3-9][0-9]{9}\b|\b[0-9]{17}[0-9X]\b`).FindString(text); phone != "" && phone != body.Code {
				c.Errorf("%s says %q", path, phone)
			}
		}
		gone := v.Correct(inspect.PublishWithdraw, "")
		c.Done(v.Li, gone)
		sign(gone)
		text := c.page(page) + c.page(page+".json")
		if strings.Contains(text, body.Name) || strings.Contains(text, "责令立即改正") || !strings.Contains(text, "已经撤下") || !strings.Contains(text, gone.Ground) {
			c.Error("a withdrawn result still says about whom it was")
		}
		for _, path := range []string{"/results", "/results.csv", "/results.atom", "/"} {
			if strings.Contains(c.page(path), body.Name) {
				c.Errorf("%s lists a withdrawn result", path)
			}
		}
		if got := c.get("/enterprises/" + body.Code); got.status != http.StatusNotFound {
			c.Errorf("the page of an enterprise without results answers %d", got.status)
		}
	})
}

// resultFilesSay reads every file of results.
func resultFilesSay(c *county, body inspect.PublicResult, page string) {
	c.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.page("/results.csv"), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][4] != body.Name || !strings.HasSuffix(rows[1][14], page) {
		c.Errorf("results.csv is %q, %v", rows, err)
	}
	var items []map[string]any
	if err := json.Unmarshal([]byte(c.page("/results.json")), &items); err != nil || len(items) != 1 || items[0]["entName"] != body.Name {
		c.Errorf("results.json is %v, %v", items, err)
	}
	book, err := excelize.OpenReader(strings.NewReader(c.page("/results.xlsx")))
	if err != nil {
		c.Fatal(err)
	}
	sheet, err := book.GetRows(book.GetSheetName(0))
	if err != nil || !strings.Contains(strings.Join(sheet[len(sheet)-1], "|"), body.Name) {
		c.Errorf("results.xlsx is %q, %v", sheet, err)
	}
	var feed struct {
		Entries []struct {
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(c.page("/results.atom")), &feed); err != nil || len(feed.Entries) != 1 || !strings.Contains(feed.Entries[0].Title, body.Name) {
		c.Errorf("the feed is %+v, %v", feed, err)
	}
	var one struct {
		Editions []struct {
			Digest  string
			Result  inspect.PublicResult
			Receipt struct{ N int64 }
		}
	}
	if err := json.Unmarshal([]byte(c.page(page+".json")), &one); err != nil || len(one.Editions) != 1 || one.Editions[0].Result.Digest() != one.Editions[0].Digest || one.Editions[0].Receipt.N == 0 {
		c.Errorf("%s.json is %+v, %v", page, one, err)
	}
}
