package portal_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// appealsAbout fills in the form about a result, as it stands on its page, and sends it.
func (c *county) appealsAbout(v *rig.Visited, fields map[string]string) answer {
	c.Helper()
	values := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(c.page("/appeals?result="+string(v.Result().ID)), -1) {
		values.Set(m[1], html.UnescapeString(m[2]))
	}
	for name, value := range map[string]string{
		"kind": "objection", "code": v.Result().Code, "text": "结果与事实不符<script>alert(1)</script>", "name": "刘店长", "contact": "13900000000", "website": "",
	} {
		values.Set(name, value)
	}
	for name, value := range fields {
		values.Set(name, value)
	}
	return c.posts("/appeals", values)
}

// R102, 国市监信规〔2024〕5号: an enterprise appeals without an account, reads by the receipt
// number how far it is, and the page of the result tells what the public may know, and
// nothing before somebody made sure whose it is.
func TestAppealWithoutAnAccount(t *testing.T) {
	resulted(t, func(c *county, v *rig.Visited) {
		page := "/results/" + string(v.Result().ID)
		c.shows("/appeals", "查找检查结果", "信用修复", "5 个工作日内更正")
		v.Publish()
		c.seal()
		c.shows(page, "/appeals?result=")
		if got := c.appealsAbout(v, map[string]string{"contact": "", "text": "还在的话"}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "请填写联系电话") || !strings.Contains(got.body, "还在的话") {
			t.Errorf("nobody to call: %d", got.status)
		}
		if got := c.appealsAbout(v, map[string]string{"kind": "repair"}); got.status != http.StatusConflict || !strings.Contains(got.body, "起可以申请信用修复") {
			t.Errorf("too early for a repair: %d", got.status)
		}
		got := c.appealsAbout(v, nil)
		to, _, _ := strings.Cut(got.header.Get("Location"), "?")
		if got.status != http.StatusSeeOther || !regexp.MustCompile(`^/appeals/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$`).MatchString(to) {
			t.Fatalf("%d %s", got.status, to)
		}
		c.shows(to+"?new=1", "已经收到", "待受理", "决定是否受理")
		if strings.Contains(c.page(page), "异议处理中") {
			t.Error("an objection that nobody checked is told of")
		}
		a, err := c.Store.DB.AppealByCode(t.Context(), inspect.Scope{}, strings.TrimPrefix(to, "/appeals/"))
		if err != nil {
			t.Fatal(err)
		}
		v.Appeals(a.ID, inspect.AppealAsk)
		c.shows(to, "待补正", "请补充台账存放地点的证明材料")
		v.Appeals(a.ID, inspect.AppealSupply, inspect.AppealAccept)
		c.shows(page, "异议处理中")
		c.shows(page+".json", `"objected": true`)
		v.Appeals(a.ID, inspect.AppealRefuse)
		c.shows(to, "不予支持", "公示的结果与检查记录一致")
		c.Now = c.Now.Add(time.Hour)
		v.Appeals(v.Appealed(inspect.AppealReply), inspect.AppealAccept, inspect.AppealGrant)
		c.shows(page, "被检查单位的说明", "已于次日补充提交")
		c.Terms(0, 0)
		v.Appeals(v.Appealed(inspect.AppealRepairing), inspect.AppealAccept, inspect.AppealRepair)
		c.seal()
		c.shows(page, "已信用修复", "内容不再公示")
		for _, path := range []string{to, page, page + ".json"} {
			for _, hidden := range []string{"刘店长", "13900000000", "与事实不符", "李科长", "秦局长"} {
				if strings.Contains(c.page(path), hidden) {
					t.Errorf("%s says %q", path, hidden)
				}
			}
		}
		if strings.Contains(c.page(page), v.Result().Name) || strings.Contains(c.page("/results"), v.Result().Name) || strings.Contains(c.page(page+".json"), "已于次日") {
			t.Error("what was repaired is still told")
		}
		for _, wrong := range []string{"/appeals/" + strings.Repeat("0", 16), "/appeals/x", "/appeals?code=%FF%00x", "/appeals?code=ABCD"} {
			if got := c.get(wrong); got.status != http.StatusNotFound {
				t.Errorf("%s answers %d", wrong, got.status)
			}
		}
		c.shows("/appeals?result="+string(v.Result().ID), "查找检查结果")
	})
}

// A form that comes twice is one appeal, a program that fills in everything is refused,
// and nobody sends without end.
func TestAppealsAreLimited(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	c := &county{Office: o}
	c.makeKeys()
	v := o.ResultPublished()
	c.seal()
	c.open()
	if got := c.appealsAbout(v, map[string]string{"website": "http://spam.example"}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "请留空") {
		t.Errorf("a program: %d", got.status)
	}
	token := map[string]string{"token": rig.ID[string]("appeal token")}
	first, again := c.appealsAbout(v, token), c.appealsAbout(v, token)
	if first.status != http.StatusSeeOther || again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("sent twice: %d, %d", first.status, again.status)
	}
	if got := c.appealsAbout(v, nil); got.status != http.StatusSeeOther {
		t.Errorf("a second of the kind while nobody took one up: %d", got.status)
	}
	if got := c.appealsAbout(v, map[string]string{"kind": "reply"}); got.status != http.StatusConflict || got.header.Get("Retry-After") == "" {
		t.Errorf("the fourth within ten minutes: %d", got.status)
	}
}
