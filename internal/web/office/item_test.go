package office_test

import (
	"fmt"
	"html"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/web/office"
	"suicha/internal/workday"
)

// An asker is somebody in front of the office's pages, who is signed in.
type asker struct {
	*rig.Office
	who  inspect.Actor // the zero Actor is a guest
	site http.Handler
	page string // what was shown last
}

// asks puts somebody in front of the pages. The second factor has just been
// shown.
func asks(o *rig.Office, who inspect.Actor) *asker {
	o.Helper()
	a := &asker{Office: o, who: who}
	m := web.NewMux(web.Config{
		Hosts: []string{"suicha.example"}, Log: slog.New(slog.DiscardHandler),
		Who: func(*http.Request) (inspect.Actor, bool) {
			by := a.who
			by.Proved = o.Now
			return by, by.Person != ""
		},
		Frame: func(r *http.Request, _ web.Area) (web.Frame, error) {
			toast, err := office.Toast(r, o.Store.DB)
			return web.Frame{Menu: office.Menu(web.Actor(r)), Toast: toast}, err
		},
	})
	office.Register(m, office.Options{
		DB: o.Store.DB, Desk: o.Desk, Now: func() time.Time { return o.Now }, Calendar: workday.Official(), Deadlines: inspect.Regulation,
	})
	a.site = m.Handler()
	return a
}

func (a *asker) ask(r *http.Request) *httptest.ResponseRecorder {
	a.Helper()
	w := httptest.NewRecorder()
	a.site.ServeHTTP(w, r)
	a.page = w.Body.String()
	return w
}

// gets opens a page, which must answer with the status.
func (a *asker) gets(path string, status int) *httptest.ResponseRecorder {
	a.Helper()
	w := a.ask(httptest.NewRequest(http.MethodGet, "http://suicha.example"+path, nil))
	if w.Code != status {
		a.Fatalf("GET %s by %s: %d, want %d\n%s", path, a.who.Name, w.Code, status, a.page)
	}
	return w
}

// shows fails the test unless the page last shown has all texts.
func (a *asker) shows(texts ...string) {
	a.Helper()
	plain := html.UnescapeString(a.page)
	for _, text := range texts {
		if !strings.Contains(plain, text) {
			a.Errorf("the page of %s does not say %q", a.who.Name, text)
		}
	}
}

// hides fails the test if the page last shown has one of the texts.
func (a *asker) hides(texts ...string) {
	a.Helper()
	plain := html.UnescapeString(a.page)
	for _, text := range texts {
		if strings.Contains(plain, text) {
			a.Errorf("the page of %s says %q", a.who.Name, text)
		}
	}
}

var carried = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// sends fills in the form of a verb on the page last shown, as it stands there,
// and sends it. The answer must have the status.
func (a *asker) sends(verb inspect.Verb, fields url.Values, status int) *httptest.ResponseRecorder {
	a.Helper()
	form := regexp.MustCompile(`(?s)<form[^>]* action="/act/` + regexp.QuoteMeta(string(verb)) + `".*?</form>`).FindString(a.page)
	if form == "" {
		a.Fatalf("the page of %s has no form of %s\n%s", a.who.Name, verb, a.page)
	}
	values := url.Values{}
	for _, field := range carried.FindAllStringSubmatch(form, -1) {
		values.Set(field[1], html.UnescapeString(field[2]))
	}
	maps.Copy(values, fields)
	return a.posts(verb, values, status)
}

// posts sends a form that may stand on no page.
func (a *asker) posts(verb inspect.Verb, values url.Values, status int) *httptest.ResponseRecorder {
	a.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://suicha.example/act/"+string(verb), strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := a.ask(r)
	if w.Code != status {
		a.Fatalf("POST %s by %s: %d, want %d\n%s", verb, a.who.Name, w.Code, status, a.page)
	}
	return w
}

// follows opens the page that an act led to.
func (a *asker) follows(w *httptest.ResponseRecorder) {
	a.Helper()
	a.gets(w.Header().Get("Location"), http.StatusOK)
}

func one(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

var newItem = one("code", "SCJG-01", "name", "食品经营许可", "field", "餐饮服务", "category", "general", "max_share", "500",
	"basis", "《中华人民共和国食品安全法》第一百一十条", "content", "许可和经营行为", "method", "onsite")

// with is values with one field changed.
func with(values url.Values, name, value string) url.Values {
	changed := maps.Clone(values)
	changed.Set(name, value)
	return changed
}

// Guests are led to the sign-in; posts that may not read are refused; menus
// offer what may be read and nothing else.
func TestRegistryPagesAreForThoseWhoMayReadThem(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	guest, li := asks(o, inspect.Actor{}), asks(o, o.Clerk("李科长", "scjg"))
	audit, system := asks(o, o.Someone("审计员", inspect.AuditAdmin, "zf")), asks(o, o.Someone("系统员", inspect.SystemAdmin, "zf"))
	watch := asks(o, o.Someone("严监督", inspect.Supervisor, "sfj"))
	for _, test := range []struct {
		path                       string
		li, audit, system, watched int
	}{
		{"/office/items", 200, 403, 403, 200},
		{"/office/items/new", 200, 403, 403, 403},
		{"/office/sublibraries", 200, 403, 403, 200},
		{"/office/orgs", 403, 200, 200, 403},
		{"/office/orgs/" + string(rig.Org("gaj")), 403, 200, 200, 403},
		{"/office/people", 403, 200, 200, 403},
		{"/office/people/" + string(li.who.Person), 403, 200, 200, 403},
		{"/office/record", 403, 200, 403, 200},
		{"/office/record.csv", 403, 200, 403, 200},
		{"/office/items/00000000-0000-0000-0000-000000000000", 404, 403, 403, 404},
	} {
		if to := guest.gets(test.path, http.StatusSeeOther).Header().Get("Location"); !strings.HasPrefix(to, web.SignInPath+"?next=") {
			t.Errorf("a guest at %s is led to %q", test.path, to)
		}
		li.gets(test.path, test.li)
		audit.gets(test.path, test.audit)
		system.gets(test.path, test.system)
		watch.gets(test.path, test.watched)
	}
	li.gets("/office/items", 200)
	li.shows(`href="/office/items"`, `href="/office/sublibraries"`)
	li.hides(`href="/office/orgs"`, `href="/office/record"`)
	system.gets("/office/orgs", 200)
	system.shows(`href="/office/people"`)
	system.hides(`href="/office/items"`, `href="/office/record"`)
	asks(o, o.Clerk("周主任", "lhb")).gets("/office/items/new", http.StatusForbidden) // C3: the office inspects nothing
}

// R19, R20, R23: a clerk lists an item, mends what is wrong, changes it and takes
// it off; the record tells all three.
func TestItemFromListToRetirement(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := asks(o, o.Clerk("李科长", "scjg"))
		li.gets("/office/items", 200)
		li.shows("清单中还没有事项", `href="/office/items/new"`)

		li.gets("/office/items/new", 200)
		li.sends(inspect.ItemList, with(with(newItem, "code", "小写"), "name", ""), http.StatusUnprocessableEntity)
		li.shows("事项编号应为", "请填写抽查事项名称", "许可和经营行为", `value="小写"`, `href="#item-list-code"`)
		li.follows(li.sends(inspect.ItemList, newItem, http.StatusSeeOther))
		li.shows("已办理：列入抽查事项")
		li.sends(inspect.ItemList, newItem, http.StatusConflict) // the code is on the list now
		li.shows("已在清单中", "许可和经营行为")

		item := itemOf(o, "SCJG-01")
		path := "/office/items/" + string(item.ID)
		li.gets("/office/items", 200)
		li.shows("食品经营许可", "不超过 5%", path)
		li.gets(path, 200)
		li.shows("列入抽查事项", "您能查看的计划都没有列入这个事项")
		li.follows(li.sends(inspect.ItemList, with(newItem, "name", "食品经营许可和行为"), http.StatusSeeOther))
		li.sends(inspect.ItemRetire, one("confirm", "SCJG-02"), http.StatusUnprocessableEntity)
		li.shows("不一致", "<details open>")
		li.follows(li.sends(inspect.ItemRetire, one("confirm", "scjg-01"), http.StatusUnprocessableEntity)) // case counts
	}, )
}
