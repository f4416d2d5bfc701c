package portal_test

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
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

// numbers are the path by the receipt number and the password that a sent form shows.
func numbers(page string) (path, password string) {
	if m := regexp.MustCompile(`<dt>受理编号</dt><dd><b class="nowrap">([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</b>`).FindStringSubmatch(page); m != nil {
		path = "/appeals/" + m[1]
	}
	if m := regexp.MustCompile(`<dt>办理密码</dt><dd><b class="nowrap">([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})</b>`).FindStringSubmatch(page); m != nil {
		password = m[1]
	}
	return path, password
}

// sendsTo fills in one form of a page, with files, and sends it as a browser without
// script does.
func (c *county) sendsTo(page, action string, fields map[string]string, files ...[]byte) answer {
	c.Helper()
	_, form, ok := strings.Cut(c.page(page), `action="`+action+`"`)
	if !ok {
		c.Fatalf("%s has no form to %s", page, action)
	}
	form, _, _ = strings.Cut(form, "</form>")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	put := func(name, value string) {
		if err := w.WriteField(name, value); err != nil {
			c.Fatal(err)
		}
	}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(form, -1) {
		put(m[1], html.UnescapeString(m[2]))
	}
	put("website", "")
	for name, value := range fields {
		put(name, value)
	}
	for i, file := range files {
		part, err := w.CreateFormFile("file", fmt.Sprintf("身份证37068719900101123X-%d.jpg", i))
		if err == nil {
			_, err = part.Write(file)
		}
		if err != nil {
			c.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		c.Fatal(err)
	}
	r, err := http.NewRequestWithContext(c.Context(), http.MethodPost, c.server.URL+action, &body)
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	c.Now = c.Now.Add(time.Hour) // nobody sends too often
	return c.do(r)
}

// picture is a small PNG.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An appeal with files is completed and withdrawn by its sender, without an account and
// without script. A file that is cut off, hostile, empty or too large leaves nothing, and
// nothing that was sent stands on a page.
func TestAppealIsCompletedOnline(t *testing.T) {
	resulted(t, func(c *county, v *rig.Visited) {
		v.Publish()
		c.seal()
		form := "/appeals?result=" + string(v.Result().ID)
		fields := map[string]string{"kind": "objection", "code": v.Result().Code, "text": "与事实不符", "name": "刘店长", "contact": "13900000000"}
		good := picture(t)
		for _, test := range []struct {
			what string
			file []byte
			want string
		}{
			{"cut off", good[:len(good)-5], "wrong-text"},
			{"nothing", nil, "没有收到文件内容"},
			{"a page", []byte("<html><script>alert(1)</script>"), "不能接收这种文件"},
			{"a page behind a picture", append(bytes.Clone(good), []byte("<script>alert(1)</script>")...), "wrong-text"},
			{"too large", bytes.Repeat([]byte("x"), 11<<20), "文件最大 10 MB"},
			{"a recording", append([]byte("ID3"), make([]byte, 100)...), "wrong-text"},
		} {
			if got := c.sendsTo(form, "/appeals", fields, test.file); got.status < 400 || got.status >= 500 || !strings.Contains(got.body, test.want) {
				t.Errorf("%s: %d", test.what, got.status)
			}
		}
		six := [][]byte{good, good, good, good, good, good}
		if got := c.sendsTo(form, "/appeals", fields, six...); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "一次最多 5 个") {
			t.Errorf("six files: %d", got.status)
		}
		if all, err := c.Store.DB.Appeals(t.Context(), v.Li.Scope(), store.AppealFilter{}); err != nil || len(all) != 0 {
			t.Fatalf("what was refused is there: %d, %v", len(all), err)
		}
		to, password := numbers(c.sendsTo(form, "/appeals", fields, good).body)
		a, err := c.Store.DB.AppealByCode(t.Context(), inspect.Scope{}, strings.TrimPrefix(to, "/appeals/"))
		if err != nil {
			t.Fatal(err)
		}
		v.Appeals(a.ID, inspect.AppealAsk)
		c.shows(to, "待补正", "在下面补充材料")
		wrong := c.sendsTo(to, to+"/add", map[string]string{"secret": "0000-0000-0000", "text": "补充照片两张"}, good)
		if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(wrong.body, "办理密码不对") || !strings.Contains(wrong.body, "补充照片两张") {
			t.Errorf("a guessed password: %d", wrong.status)
		}
		if got := c.sendsTo(to, to+"/add", map[string]string{"secret": strings.ToLower(password), "text": "补充照片两张"}, good, good); got.status != http.StatusSeeOther {
			t.Errorf("completed: %d\n%.300s", got.status, got.body)
		}
		c.shows(to+"?added=1", "补充的材料已经收到", "待受理")
		added, err := c.Store.DB.AppealAdded(t.Context(), v.Li.Scope(), a.ID)
		if err != nil || len(added) != 2 || len(added[1].Files) != 2 || added[1].Text != "补充照片两张" {
			t.Errorf("the department reads %+v, %v", added, err)
		}
		for _, hidden := range []string{"补充照片", "37068719900101123X", "刘店长", "13900000000", password} {
			if strings.Contains(c.page(to), hidden) || strings.Contains(c.page("/results/"+string(v.Result().ID)), hidden) {
				t.Errorf("the public reads %q", hidden)
			}
		}
		if got := c.sendsTo(to, to+"/retract", map[string]string{"secret": "x"}); got.status != http.StatusUnprocessableEntity {
			t.Errorf("withdrawn by a stranger: %d", got.status)
		}
		if got := c.sendsTo(to, to+"/retract", map[string]string{"secret": password}); got.status != http.StatusSeeOther {
			t.Errorf("withdrawn: %d", got.status)
		}
		c.shows(to, "已撤回")
		if strings.Contains(c.page(to), "补充说明") {
			t.Error("an ended appeal takes more in")
		}
	})
}

// R102, 国市监信规〔2024〕5号: an enterprise appeals without an account, reads by the receipt
// number how far it is, and the page of the result tells what the public may know, and
// nothing before somebody made sure whose it is.
func TestAppealWithoutAnAccount(t *testing.T) {
	resulted(t, func(c *county, v *rig.Visited) {
		page := "/results/" + string(v.Result().ID)
		c.shows("/appeals", "先找到要申请的检查结果", "信用修复", "5 个工作日内更正")
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
		to, password := numbers(got.body)
		if got.status != http.StatusOK || to == "" || password == "" || !strings.Contains(got.body, "已经收到") || got.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d %s %s", got.status, to, password)
		}
		c.shows(to, "待受理", "决定是否受理")
		if strings.Contains(c.page(to), password) {
			t.Error("the password is shown again")
		}
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
		c.shows("/appeals?result="+string(v.Result().ID), "先找到要申请的检查结果")
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
	if number, password := numbers(first.body); first.status != http.StatusOK || number == "" || !strings.Contains(again.body, number[len("/appeals/"):]) || !strings.Contains(again.body, password) {
		t.Errorf("sent twice: %d, %d", first.status, again.status)
	}
	if got := c.appealsAbout(v, nil); got.status != http.StatusOK {
		t.Errorf("a second of the kind while nobody took one up: %d", got.status)
	}
	limited(t, func() answer {
		return c.appealsAbout(v, map[string]string{"contact": "", "text": "这一段文字还在"})
	})
}
