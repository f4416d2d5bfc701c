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
	"suicha/internal/store"
)

// sends fills in the form of feedback, as it stands on its page, and sends it.
func (c *county) sends(fields map[string]string) answer {
	c.Helper()
	values := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(c.page("/feedback"), -1) {
		values.Set(m[1], html.UnescapeString(m[2]))
	}
	for name, value := range fields {
		values.Set(name, value)
	}
	return c.posts("/feedback", values)
}

func (c *county) posts(path string, values url.Values) answer {
	c.Helper()
	r, err := http.NewRequestWithContext(c.Context(), http.MethodPost, c.server.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(r)
}

func feedback(text string) map[string]string {
	return map[string]string{"kind": "complaint", "about": "other", "ref": "", "text": text, "name": "李女士", "contact": "13800000000", "website": ""}
}

// Feedback needs no account; its sender finds the answer by a code, and nobody sees the
// words or who sent them.
func TestFeedbackWithoutAnAccount(t *testing.T) {
	both(t, func(c *county) {
		got := c.sends(feedback("检查时没有出示证件<script>alert(1)</script>"))
		to, _, _ := strings.Cut(got.header.Get("Location"), "?")
		if got.status != http.StatusSeeOther || !regexp.MustCompile(`^/feedback/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$`).MatchString(to) {
			t.Fatalf("%d %s", got.status, to)
		}
		c.shows(to+"?new=1", "已经收到", "待转办", "联席会议办公室")
		code := strings.TrimPrefix(to, "/feedback/")
		if got := c.get("/feedback?code=" + strings.ToLower(strings.ReplaceAll(code, "-", ""))); got.status != http.StatusSeeOther || got.header.Get("Location") != to {
			t.Errorf("the code leads to %d %s", got.status, got.header.Get("Location"))
		}
		zhou, li := c.Clerk("周主任", "lhb"), c.Clerk("李科长", "scjg")
		f, err := c.Store.DB.FeedbackByCode(c.Context(), inspect.Scope{}, code)
		if err != nil {
			t.Fatal(err)
		}
		c.Done(zhou, act.PassFeedback{ID: f.ID, Seen: 1, Org: rig.Org("scjg"), Note: "内部要求"})
		c.Done(li, act.AnswerFeedback{ID: f.ID, Seen: 2, Answer: "已核实<b>。"})
		c.shows(to, "已答复", "已核实&lt;b&gt;。", "海阳市市场监督管理局")
		page := c.page(to)
		for _, hidden := range []string{"没有出示", "李女士", "13800000000", "内部要求", "李科长", "<b>。"} {
			if strings.Contains(page, hidden) {
				t.Errorf("the page of the code says %q", hidden)
			}
		}
		if got := c.get(to).header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("it may be kept: %s", got)
		}
		for _, wrong := range []string{"/feedback/" + strings.Repeat("0", 16), "/feedback/x", "/feedback/" + strings.Repeat("A", 300), "/feedback?code=%FF%00x", "/feedback?code=ABCD"} {
			if got := c.get(wrong); got.status != http.StatusNotFound {
				t.Errorf("%s answers %d", wrong, got.status)
			}
		}
	})
}

// A form that comes twice is one, what is wrong is said at its field, a program that
// fills in everything is refused, and nobody sends without end.
func TestFeedbackIsLimited(t *testing.T) {
	c := newCounty(rig.Open(t, rig.SQLite(t)))
	c.open()
	for _, test := range []struct {
		change [2]string
		says   string
	}{
		{[2]string{"text", ""}, "请填写内容"}, {[2]string{"about", "visit"}, "请填写检查码或者公示编号"}, {[2]string{"kind", "x"}, "选项无效"},
		{[2]string{"website", "http://spam.example"}, "请留空"}, {[2]string{"text", strings.Repeat("长", 1001)}, "最多 1000 个字"},
	} {
		c.Now = c.Now.Add(time.Hour)
		fields := feedback("这一段文字还在")
		fields[test.change[0]] = test.change[1]
		if got := c.sends(fields); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, test.says) || test.change[0] != "text" && !strings.Contains(got.body, "这一段文字还在") {
			t.Errorf("%v: %d without %q", test.change, got.status, test.says)
		}
	}
	c.Now = c.Now.Add(time.Hour)
	fields := feedback("发送两次")
	fields["token"] = rig.ID[string]("token")
	first, again := c.sends(fields), c.sends(fields)
	if first.status != http.StatusSeeOther || again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("sent twice: %d %s, %d %s", first.status, first.header.Get("Location"), again.status, again.header.Get("Location"))
	}
	if got := c.sends(feedback("第三条")); got.status != http.StatusSeeOther {
		t.Errorf("the third: %d", got.status)
	}
	limited(t, func() answer {
		fields := feedback("这一段文字还在")
		fields["ref"] = strings.Repeat("长", 500)
		return c.sends(fields)
	})
	c.Now = c.Now.Add(10 * time.Minute)
	if got := c.sends(feedback("十分钟后")); got.status != http.StatusSeeOther {
		t.Errorf("ten minutes later: %d", got.status)
	}
	all, err := c.Store.DB.Feedbacks(c.Context(), c.Clerk("周主任", "lhb").Scope(), feedbackAll)
	if err != nil || len(all) != 3 {
		t.Errorf("%d are there, %v", len(all), err)
	}
}

// limited sends a form with a mistake, which counts, until no more are taken in for now.
// What was entered is still there.
func limited(t *testing.T, send func() answer) {
	t.Helper()
	for range 10 {
		got := send()
		if !strings.Contains(got.body, "这一段文字还在") {
			t.Errorf("what was entered is gone: %d", got.status)
		}
		if got.status == http.StatusTooManyRequests && got.header.Get("Retry-After") != "" && strings.Contains(got.body, "过于频繁") {
			return
		}
	}
	t.Error("ten more within ten minutes were taken in")
}

var feedbackAll = store.FeedbackFilter{Most: 10}
