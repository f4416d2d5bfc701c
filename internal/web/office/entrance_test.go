package office_test

import (
	"context"
	"database/sql"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"
	"github.com/pquerna/otp/totp"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/web/office"
)

// A visitor is a browser at the way in.
type visitor struct {
	*testing.T
	o       *rig.Office
	gate    *auth.Gate
	site    http.Handler
	cookies map[string]*http.Cookie
	last    *httptest.ResponseRecorder
}

func visit(t *testing.T, change ...func(*auth.Config, *office.EntranceOptions)) *visitor {
	t.Helper()
	return visitOffice(t, rig.Open(t, rig.SQLite(t)), change...)
}

func visitOffice(t *testing.T, o *rig.Office, change ...func(*auth.Config, *office.EntranceOptions)) *visitor {
	t.Helper()
	c := auth.Config{
		Sessions: o.Store.Sessions, Pepper: []byte("the pepper of the tests, 32 bytes"), Origin: "https://suicha.example",
		Now: func() time.Time { return o.Now },
	}
	options := office.EntranceOptions{
		Desk: o.Desk, Log: slog.New(slog.DiscardHandler), Secure: true, Region: rig.Region, Place: "海阳市",
	}
	for _, f := range change {
		f(&c, &options)
	}
	gate, err := auth.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	options.Gate = gate
	e := office.NewEntrance(options)
	m := web.NewMux(web.Config{
		Hosts: []string{"suicha.example"}, Secure: options.Secure, Who: e.Who, Log: options.Log,
		Frame: func(*http.Request, web.Area) (web.Frame, error) { return web.Frame{Region: "海阳市"}, nil },
	})
	e.Register(m)
	m.Mine("GET /office", func(w http.ResponseWriter, r *http.Request) error {
		_, err := w.Write([]byte("in: " + web.Actor(r).Name + " " + string(web.Actor(r).Post.Kind)))
		return err
	})
	return &visitor{T: t, o: o, gate: gate, site: m.Handler(), cookies: map[string]*http.Cookie{}}
}

func (v *visitor) send(method, path string, form url.Values) {
	v.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Host = "suicha.example"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	v.last = httptest.NewRecorder()
	v.site.ServeHTTP(v.last, r)
	for _, c := range v.last.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
			continue
		}
		v.cookies[c.Name] = c
	}
}

// get follows redirects to the page at their end.
func (v *visitor) get(path string) string {
	v.Helper()
	for range 5 {
		v.send(http.MethodGet, path, nil)
		if v.last.Code != http.StatusSeeOther {
			return v.last.Body.String()
		}
		path = v.last.Header().Get("Location")
	}
	v.Fatalf("redirects without end, the last to %s", path)
	return ""
}

// post sends the form of the page that was shown last whose action is path, with
// values over what it carries, and follows to the page at the end.
func (v *visitor) post(path string, values ...string) string {
	v.Helper()
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(formOf(v.last.Body.String(), path), -1) {
		form.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	v.send(http.MethodPost, path, form)
	if v.last.Code == http.StatusSeeOther {
		return v.get(v.last.Header().Get("Location"))
	}
	return v.last.Body.String()
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

func formOf(page, action string) string {
	_, rest, found := strings.Cut(page, `method="post" action="`+action+`"`)
	if !found {
		return ""
	}
	form, _, _ := strings.Cut(rest, "</form>")
	return form
}

func (v *visitor) sees(page string, texts ...string) {
	v.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			v.Fatalf("the page (%d) lacks %q:\n%s", v.last.Code, text, page)
		}
	}
}

// find returns the first group of a pattern in the page.
func (v *visitor) find(page, pattern string) string {
	v.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		v.Fatalf("the page lacks %s:\n%s", pattern, page)
	}
	return html.UnescapeString(m[1])
}

func (v *visitor) code(secret string) string {
	v.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), v.o.Now)
	if err != nil {
		v.Fatal(err)
	}
	return code
}

func (v *visitor) pass(d time.Duration) { v.o.Now = v.o.Now.Add(d) }

// invited returns an invitation for a clerk of that name.
func (v *visitor) invited(person, name string) string {
	v.Helper()
	invite, err := v.gate.Invite(context.Background(), v.o.Security(), v.o.Clerk(person, "scjg").Person, name, auth.From{})
	if err != nil {
		v.Fatal(err)
	}
	return invite.Token
}

// enrol takes up an invitation to the end and returns the telephone's secret.
func (v *visitor) enrol(token string) (secret string) {
	v.Helper()
	v.get("/invitation?token=" + token)
	page := v.post("/invitation", "new_password", "vK7moGn2", "again", "vK7moGn2")
	v.sees(page, "启用第二验证方式", `class="qr"`)
	secret = v.find(page, `密钥 <b class="mono">([A-Z2-7 ]+)</b>`)
	page = v.post("/sign-in/factor", "label", "手机", "code", v.code(secret))
	v.sees(page, "账号已启用", "恢复码")
	v.pass(time.Minute)
	return secret
}

// Every page of this package, and the types it shows.
func TestTemplates(t *testing.T) {
	if err := web.CheckPages(templatecheck.CheckHTML); err != nil {
		t.Error(err)
	}
}

func TestFromInvitationToOfficeAndOut(t *testing.T) {
	v := visit(t)
	token := v.invited("李科长", "likezhang")
	page := v.get("/office?year=2026")
	v.sees(page, "<h1", "登录", "邀请码")
	v.sees(v.get("/invitation"), "请输入安全管理员交给您的邀请码")
	v.sees(v.post("/invitation", "token", token), "李科长，您好", "likezhang")
	v.sees(v.post("/invitation", "new_password", "vK7moGn2", "again", "other"), "两次输入的口令不一致")
	secret := v.enrol(token)
	v.sees(v.get("/sign-in"), "in: 李科长 clerk")
	v.sees(v.get("/invitation?token="+token), "邀请无效")

	v.send(http.MethodPost, "/sign-out", nil)
	if v.last.Header().Get("Clear-Site-Data") == "" || v.cookies["__Host-suicha"] != nil || v.cookies["__Host-suicha-known"] == nil {
		t.Errorf("after the sign-out: %v", v.last.Header())
	}
	v.sees(v.get("/office?year=2026"), "登录名")
	v.sees(v.post("/sign-in", "name", "likezhang", "password", "wrong"), "登录名或者口令不对", `value="likezhang"`)
	if v.last.Code != http.StatusUnprocessableEntity || strings.Contains(v.last.Body.String(), `value="wrong"`) {
		t.Errorf("status %d, or the password came back", v.last.Code)
	}
	v.sees(v.post("/sign-in", "name", "likezhang", "password", "vK7moGn2"), "还差一步")
	v.sees(v.post("/sign-in/code", "code", "ABCDEF"), "动态口令或者恢复码不对")
	v.sees(v.post("/sign-in/code", "code", v.code(secret)), "in: 李科长 clerk")
}

func TestCookies(t *testing.T) {
	for _, secure := range []bool{true, false} {
		v := visit(t, func(_ *auth.Config, o *office.EntranceOptions) { o.Secure = secure })
		v.enrol(v.invited("李科长", "likezhang"))
		name := map[bool]string{true: "__Host-suicha", false: "suicha"}[secure]
		c := v.cookies[name]
		if c == nil || c.Secure != secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 {
			t.Errorf("https %v: the cookie is %v", secure, c)
		}
		known := v.cookies[name+"-known"]
		if known == nil || known.Secure != secure || !known.HttpOnly || known.SameSite != http.SameSiteLaxMode || known.Path != "/" || known.Domain != "" ||
			known.MaxAge != 90*24*60*60 {
			t.Errorf("https %v: the cookie of the known browser is %v", secure, known)
		}
	}
}

// Whoever fails on purpose stops other browsers, not the one that somebody has
// signed in from before.
func TestKnownBrowserComesIn(t *testing.T) {
	v := visit(t)
	v.enrol(v.invited("李科长", "likezhang"))
	v.send(http.MethodPost, "/sign-out", nil)
	known := v.cookies["__Host-suicha-known"]
	delete(v.cookies, "__Host-suicha-known")
	for range 5 {
		v.sees(v.post("/sign-in", "name", "likezhang", "password", "wrong"), "登录名或者口令不对")
	}
	v.sees(v.post("/sign-in", "name", "likezhang", "password", "vK7moGn2"), "连续输错次数较多")
	v.cookies["__Host-suicha-known"] = known
	v.sees(v.post("/sign-in", "name", "likezhang", "password", "vK7moGn2"), "还差一步")
}

// A token that somebody planted before the sign-in is not the one after it.
func TestSessionFixation(t *testing.T) {
	v := visit(t)
	secret := v.enrol(v.invited("李科长", "likezhang"))
	v.cookies["__Host-suicha"] = &http.Cookie{Name: "__Host-suicha", Value: "planted-by-somebody"}
	v.get("/sign-in")
	v.post("/sign-in", "name", "likezhang", "password", "vK7moGn2")
	half := v.cookies["__Host-suicha"].Value
	v.sees(v.post("/sign-in/code", "code", v.code(secret)), "in: 李科长")
	if full := v.cookies["__Host-suicha"].Value; half == "planted-by-somebody" || full == half {
		t.Error("a token survived a step")
	}
	v.cookies["__Host-suicha"] = &http.Cookie{Name: "__Host-suicha", Value: half}
	v.sees(v.get("/office"), "登录名")
}

func TestStepUpGoesBackToWhereItWasAskedFor(t *testing.T) {
	v := visit(t)
	secret := v.enrol(v.invited("李科长", "likezhang"))
	v.pass(10 * time.Minute)
	v.get("/account")
	page := v.post("/account/recovery")
	v.sees(page, "再次验证身份", "动态口令")
	page = v.post("/step-up", "code", v.code(secret))
	v.sees(page, "账号与岗位", "还有 10 个恢复码")
	v.sees(v.post("/account/recovery"), "新的恢复码")

	for _, evil := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "/sign-in?next=/sign-in"} {
		v.pass(10 * time.Minute)
		v.send(http.MethodGet, "/step-up?next="+url.QueryEscape(evil), nil)
		v.sees(v.post("/step-up", "code", v.code(secret)), "in: 李科长")
	}
}

func TestAccountPage(t *testing.T) {
	v := visit(t)
	post := v.o.Someone("李科长", inspect.Liaison, "wjw").Post.ID
	secret := v.enrol(v.invited("李科长", "likezhang"))
	page := v.get("/sign-in")
	v.sees(page, "这次以哪个岗位办理", "联络员", "经办人")
	v.sees(v.post("/sign-in/post", "post", "nonsense"), "您现在不担任这个岗位")
	v.sees(v.post("/sign-in/post", "post", string(post)), "in: 李科长 liaison")
	page = v.get("/account")
	v.sees(page, "切换岗位", "登录中的设备", "本机", "唯一，不能移除", "修改口令")
	clerk := v.o.Clerk("李科长", "scjg").Post.ID
	v.sees(v.post("/sign-in/post", "post", string(clerk)), "账号与岗位", "市场监督管理局")

	v.sees(v.post("/account/password", "password", "wrong", "new_password", "mN4rtyQw", "again", "mN4rtyQw"), "现在的口令不对")
	v.sees(v.post("/account/password", "password", "vK7moGn2", "new_password", "short", "again", "short"), "口令至少 8 个字符")
	v.sees(v.post("/account/password", "password", "vK7moGn2", "new_password", "mN4rtyQw", "again", "mN4rtyQw"), "账号与岗位")

	v.pass(10 * time.Minute)
	v.sees(v.get("/account/factor"), "再次验证身份")
	page = v.post("/step-up", "code", v.code(secret))
	v.sees(page, "登记验证方式", "data-passkey")
	second := v.find(page, `密钥 <b class="mono">([A-Z2-7 ]+)</b>`)
	v.sees(v.post("/account/factor", "label", "备用手机", "code", "000000"), "动态口令或者恢复码不对", "备用手机")
	page = v.post("/account/factor", "label", "备用手机", "code", v.code(second))
	v.sees(page, "备用手机", "移除")
	v.sees(v.post("/account/factor/drop"), "唯一，不能移除")
}

func TestSecurityAdministratorInvitesAndResets(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := visitOffice(t, o)
	invite, err := v.gate.Invite(context.Background(), inspect.Console(rig.Region), o.Security().Person, "anquan", auth.From{})
	if err != nil {
		t.Fatal(err)
	}
	clerk := o.Clerk("李科长", "scjg")
	secret := v.enrol(invite.Token)
	v.sees(v.get("/office/accounts"), "发放邀请", "李科长", "anquan")
	v.sees(v.get("/office/accounts?q=ANQUAN"), "共 1 个")
	v.sees(v.get("/office/accounts?q=nobody"), "没有符合条件的账号")
	v.pass(10 * time.Minute)
	v.get("/office/accounts")
	page := v.post("/office/accounts", "person", string(clerk.Person), "name", "likezhang")
	v.sees(page, "在新窗口验证", "likezhang")
	v.get("/step-up?next=/office/accounts")
	v.post("/step-up", "code", v.code(secret))
	page = v.post("/office/accounts", "person", string(clerk.Person), "name", "likezhang")
	token := v.find(page, `<p class="mono">([A-Za-z0-9_-]{43}) `)
	v.sees(v.get("/office/accounts"), "等待接受邀请", "重新发放")

	other := visitOffice(t, o)
	other.enrol(token)
	other.sees(other.get("/sign-in"), "in: 李科长")
	v.sees(v.get("/office/accounts"), "已启用")
	v.sees(v.post("/office/accounts/reset", "person", string(clerk.Person)), "给李科长的邀请码")
	other.sees(other.get("/office"), "登录名")

	other.get("/sign-in")
	v.get("/office/security-log")
	if v.last.Code != http.StatusForbidden {
		t.Errorf("a security administrator reads the security log: %d", v.last.Code)
	}
}

func TestAuditAdministratorSeesTheLog(t *testing.T) {
	v := visit(t)
	audit := v.o.Someone("孙审计", inspect.AuditAdmin, "zf")
	invite, err := v.gate.Invite(context.Background(), v.o.Security(), audit.Person, "sunshenji", auth.From{})
	if err != nil {
		t.Fatal(err)
	}
	v.enrol(invite.Token)
	v.sees(v.get("/office/security-log"), "安全日志", "登录", "接受邀请", "孙审计")
	v.sees(v.get("/office/security-log?kind=account.redeem"), "接受邀请")
	v.get("/office/security-log?kind=%00")
	if v.last.Code != http.StatusNotFound {
		t.Errorf("a kind that cannot be: %d", v.last.Code)
	}
	v.get("/office/accounts")
	if v.last.Code != http.StatusForbidden {
		t.Errorf("an audit administrator manages accounts: %d", v.last.Code)
	}
}

func TestDemonstrationSignIn(t *testing.T) {
	v := visit(t, func(c *auth.Config, o *office.EntranceOptions) {
		c.Demo, o.Demo = true, []office.DemoAccount{{Name: "clerk", Password: "suicha", Who: "市场监管局经办人"}}
	})
	if err := v.gate.Demo(context.Background(), "suicha", map[string]inspect.PersonID{"clerk": v.o.Clerk("李科长", "scjg").Person}); err != nil {
		t.Fatal(err)
	}
	v.sees(v.get("/sign-in"), "演示账号", "市场监管局经办人")
	v.sees(v.post("/sign-in", "name", "clerk", "password", "suicha"), "in: 李科长")
	v.sees(v.get("/step-up?next=/account"), "再次验证身份", "演示账号没有第二验证方式")
	v.sees(v.post("/step-up", "password", "suicha"), "账号与岗位")
}

// Whoever asks for options without being allowed gets a problem, not a page.
func TestPasskeyOptions(t *testing.T) {
	v := visit(t)
	for path, want := range map[string]int{"/sign-in/options": http.StatusOK, "/passkey/options": http.StatusForbidden, "/step-up/options": http.StatusForbidden} {
		v.send(http.MethodPost, path, nil)
		if v.last.Code != want {
			t.Errorf("%s: %d, want %d", path, v.last.Code, want)
		}
	}
	v.get("/sign-in")
	v.sees(v.post("/sign-in/passkey", "answer", "{}"), "通行密钥没有通过验证")
	v.enrol(v.invited("李科长", "likezhang"))
	v.send(http.MethodPost, "/passkey/options", nil)
	if v.last.Code != http.StatusOK || !strings.Contains(v.last.Body.String(), `"publicKey"`) {
		t.Errorf("options of a new passkey: %d %s", v.last.Code, v.last.Body)
	}
}

func TestBadInputAtTheWayIn(t *testing.T) {
	v := visit(t)
	for _, test := range []struct {
		path string
		form url.Values
	}{
		{"/sign-in", url.Values{"name": {"a", "b"}, "password": {"x"}}},
		{"/sign-in", url.Values{"name": {"a"}, "password": {"x"}, "admin": {"1"}}},
		{"/sign-in", url.Values{"name": {"\x00"}, "password": {"\xff"}}},
		{"/sign-in", url.Values{"name": {strings.Repeat("a", 70_000)}, "password": {"x"}}},
		{"/sign-in", url.Values{}},
		{"/invitation", url.Values{"token": {"<script>"}, "new_password": {"a"}, "again": {"a"}}},
		{"/setup", url.Values{"token": {"x"}}},
		{"/sign-in/passkey", url.Values{"answer": {strings.Repeat("[", 60_000)}}},
	} {
		v.send(http.MethodPost, test.path, test.form)
		if v.last.Code < 400 || v.last.Code > 499 || strings.Contains(v.last.Body.String(), "<script>") {
			t.Errorf("%s %.60v: %d", test.path, test.form, v.last.Code)
		}
	}
}

// unfounded is an installation that nobody has founded yet.
func unfounded(t *testing.T, path string) *rig.Office {
	t.Helper()
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	o := &rig.Office{TB: t, Store: s, Now: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}
	o.Desk = act.NewDesk(s.Writer, func() time.Time { return o.Now }, inspect.Regulation)
	return o
}

var founding = []string{
	"government", "海阳市人民政府", "government_short", "市政府", "office", "海阳市联席会议办公室", "office_short", "联席办",
	"person", "安静", "name", "anjing", "new_password", "vK7moGn2", "again", "vK7moGn2",
}

func TestFoundingTheInstallation(t *testing.T) {
	v := visitOffice(t, unfounded(t, filepath.Join(t.TempDir(), "suicha.db")))
	v.sees(v.get("/setup"), "初始化平台：海阳市", "初始化口令牌")
	v.sees(v.post("/setup", append(founding, "token", "made-up")...), "口令牌无效", `value="海阳市人民政府"`)
	invite, err := v.gate.FoundingToken(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	v.sees(v.post("/setup", append(founding, "token", invite.Token, "office", "", "again", "other")...), "请填写联席会议办公室全称", "两次输入的口令不一致")
	page := v.post("/setup", append(founding, "token", invite.Token)...)
	v.sees(page, "启用第二验证方式", "安静，您好")
	secret := v.find(page, `密钥 <b class="mono">([A-Z2-7 ]+)</b>`)
	v.sees(v.post("/sign-in/factor", "label", "手机", "code", v.code(secret)), "账号已启用")
	v.sees(v.get("/office/accounts"), "安静", "市政府安全管理员", "本人")
	v.get("/setup")
	v.sees(v.post("/setup", append(founding, "token", invite.Token)...), "平台已经初始化过")
}

// A founding whose account was not made, because the machine stopped after the
// act, is taken up with a new token. The names on record stay.
func TestFoundingThatBrokeOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "suicha.db")
	v := visitOffice(t, unfounded(t, path))
	begin := func(change ...string) string {
		invite, err := v.gate.FoundingToken(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		v.get("/setup")
		return v.post("/setup", append(append(founding, "token", invite.Token), change...)...)
	}
	v.sees(begin(), "启用第二验证方式", "安静，您好")

	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range []string{"session", "challenge", "invitation", "account"} {
		if _, err := db.Exec("DELETE FROM " + table); err != nil {
			t.Fatal(err)
		}
	}
	v.sees(begin("person", "安静静", "name", "anjing2"), "启用第二验证方式", "安静，您好")
}
