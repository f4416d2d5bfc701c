package portal_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// recusesAbout fills in the form about a visit, as it stands on its page, and sends it.
func (c *county) recusesAbout(v *rig.Visit, fields map[string]string) answer {
	c.Helper()
	values := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(c.page("/recusals?visit="+v.Found().Code), -1) {
		values.Set(m[1], html.UnescapeString(m[2]))
	}
	for name, value := range map[string]string{
		"out": v.Group().Leader().Inspector.String(), "cause": "interest", "text": "与本店有纠纷<script>alert(1)</script>", "name": "刘店长", "contact": "13900000000", "website": "",
	} {
		values.Set(name, value)
	}
	for name, value := range fields {
		values.Set(name, value)
	}
	return c.posts("/recusals", values)
}

// 行政处罚法 四十三: who has the code of a visit applies for the recusal of an officer without
// an account, and reads by the receipt number what became of it.
func TestRecusalWithoutAnAccount(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.VisitBegun()
		c := checkSite(o)
		code := v.Found().Code
		c.shows("/check/"+code, "/recusals?visit="+code)
		c.shows("/recusals", "提出申请", "检查码", "决定作出之前，不停止检查")
		c.shows("/recusals?visit="+code, v.Found().Party.Name, v.Found().Members[0].Name, "有直接利害关系", "逐位提交")
		for _, wrong := range []string{"/recusals?visit=0000-0000-0000-0000", "/recusals?visit=%FF%00x", "/recusals?code=ABCD", "/recusals/x", "/recusals/" + strings.Repeat("0", 16)} {
			if got := c.get(wrong); got.status != http.StatusNotFound {
				t.Errorf("%s answers %d", wrong, got.status)
			}
		}
		if got := c.recusesAbout(v, map[string]string{"contact": "", "text": "还在的话"}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "请填写联系电话") || !strings.Contains(got.body, "还在的话") {
			t.Errorf("nobody to call: %d", got.status)
		}
		got := c.recusesAbout(v, nil)
		to, _, _ := strings.Cut(got.header.Get("Location"), "?")
		if got.status != http.StatusSeeOther || !regexp.MustCompile(`^/recusals/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$`).MatchString(to) {
			t.Fatalf("%d %s", got.status, to)
		}
		c.shows(to+"?new=1", "已经收到", "待决定", "前作出决定")
		x, err := c.Store.DB.RecusalByCode(t.Context(), inspect.Scope{}, strings.TrimPrefix(to, "/recusals/"))
		if err != nil {
			t.Fatal(err)
		}
		o.Done(o.Leader("王局长", "scjg"), act.RefuseSubst{SubstDecision: act.SubstDecision{ID: x.ID, Seen: 1, Opinion: "经核实，没有利害关系。"}})
		c.shows(to, "不同意回避", "经核实，没有利害关系")
		for _, hidden := range []string{"刘店长", "13900000000", "有纠纷", "王局长", v.Found().Members[0].Name, v.Found().Party.Name} {
			if strings.Contains(c.page(to), hidden) {
				t.Errorf("the page of the receipt number says %q", hidden)
			}
		}
		v.Fill().Conclude()
		c.shows("/recusals?visit="+code, "现在不能在网上申请回避")
		if strings.Contains(c.page("/check/"+code), "/recusals?visit=") {
			t.Error("the page of the visit still leads to the form")
		}
	})
}

// A form that comes twice is one application, a program that fills in everything is
// refused, and nobody sends without end.
func TestRecusalsAreLimited(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.VisitBegun()
	c := checkSite(o)
	if got := c.recusesAbout(v, map[string]string{"website": "http://spam.example"}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "请留空") {
		t.Errorf("a program: %d", got.status)
	}
	if got := c.recusesAbout(v, map[string]string{"visit": "0000-0000-0000-0000"}); got.status != http.StatusNotFound {
		t.Errorf("a wrong code: %d", got.status)
	}
	token := map[string]string{"token": rig.ID[string]("recusal token")}
	first, again := c.recusesAbout(v, token), c.recusesAbout(v, token)
	if first.status != http.StatusSeeOther || again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("sent twice: %d, %d", first.status, again.status)
	}
	limited(t, func() answer {
		c.Now = c.Now.Add(10 * time.Second) // codes may be asked for again
		return c.recusesAbout(v, map[string]string{"contact": "", "text": "这一段文字还在"})
	})
	c.Now = c.Now.Add(10 * time.Minute)
	if got := c.recusesAbout(v, nil); got.status != http.StatusConflict || !strings.Contains(got.body, "已经有一件对这名检查人员的回避申请") {
		t.Errorf("a second about the officer: %d", got.status)
	}
}
