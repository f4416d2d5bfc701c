package office_test

import (
	"errors"
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
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/stage"
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

	imports stage.Folder
	routes  []web.Route
}

// asks puts somebody in front of the pages. The second factor has just been
// shown.
func asks(o *rig.Office, who inspect.Actor) *asker {
	o.Helper()
	a := &asker{Office: o, who: who, imports: folderOf(o)}
	gate, err := auth.Open(auth.Config{
		Sessions: o.Store.Sessions, Pepper: []byte("the pepper of the tests, 32 bytes"), Origin: "https://suicha.example",
		Now: func() time.Time { return o.Now },
	})
	if err != nil {
		o.Fatal(err)
	}
	m := web.NewMux(web.Config{
		Hosts: []string{"suicha.example"}, Log: slog.New(slog.DiscardHandler),
		Who: func(*http.Request) (inspect.Actor, bool) {
			by := a.who
			by.Proved = o.Now
			return by, by.Person != ""
		},
		Frame: func(r *http.Request, _ web.Area) (web.Frame, error) {
			menu, err := office.Menu(r, o.Store.DB)
			toast, failed := office.Toast(r, o.Store.DB)
			return web.Frame{Menu: menu, Toast: toast}, errors.Join(err, failed)
		},
	})
	office.Register(m, office.Options{
		DB: o.Store.DB, Personal: o.Store.Personal, Queue: o.Store.Queue, Desk: o.Desk, Now: func() time.Time { return o.Now }, Calendar: workday.Official(), Deadlines: inspect.Regulation,
		Security: gate, Imports: a.imports, Evidence: evidenceOf(o), Gate: gate, From: func(*http.Request) auth.From { return auth.From{} },
	})
	a.site, a.routes = m.Handler(), m.Routes()
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
	form := regexp.MustCompile(`(?s)<form[^>]* action="/act/` + regexp.QuoteMeta(string(verb)) + `[?].*?</form>`).FindString(a.page)
	if form == "" {
		a.Fatalf("the page of %s has no form of %s\n%s", a.who.Name, verb, a.page)
	}
	values := url.Values{}
	for _, field := range carried.FindAllStringSubmatch(form, -1) {
		values.Add(field[1], html.UnescapeString(field[2]))
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

var newItem = one("code", "SCJG-01", "name", "食品经营许可", "field", "餐饮服务", "category", "general", "max_share", "5%",
	"basis", "《中华人民共和国食品安全法》第一百一十条", "content", "许可和经营行为", "methods", "onsite")

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
		li.follows(li.sends(inspect.ItemList, with(with(newItem, "name", "食品经营许可和行为"), "reason", "扩大范围"), http.StatusSeeOther))
		li.sends(inspect.ItemRetire, one("confirm", "SCJG-02", "reason", "划出"), http.StatusUnprocessableEntity)
		li.shows("不一致", "<details open>")
		li.follows(li.sends(inspect.ItemRetire, one("confirm", "SCJG-01", "reason", "划出"), http.StatusSeeOther))
		li.shows("已移出", "自这一天起不得列入计划", "移出抽查事项")
		li.hides(`action="/act/item.list?`, `action="/act/item.retire?`) // nothing more can be done with it
		entries, err := o.Store.DB.Timeline(o.Context(), inspect.Scope{}, "item", string(item.ID), 10)
		if err != nil || len(entries) != 3 || entries[0].Verb != inspect.ItemRetire {
			o.Errorf("the record tells %v, %v", entries, err)
		}
	})
}

func itemOf(o *rig.Office, code string) inspect.Item {
	o.Helper()
	items, err := o.Store.DB.Items(o.Context(), inspect.Scope{}, rig.Region)
	if err != nil {
		o.Fatal(err)
	}
	for _, i := range items {
		if i.Code == code {
			return i
		}
	}
	o.Fatalf("no item %s", code)
	return inspect.Item{}
}

// R19: a department's list is its own. Others read it and cannot change it, not
// even with a form they make themselves.
func TestStrangersReadAListAndCannotChangeIt(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	id := string(o.Item("scjg", "A-1"))
	sun := asks(o, o.Clerk("孙警官", "gaj"))
	sun.gets("/office/items/"+id, 200)
	sun.shows("事项A-1", "市场监督管理局")
	sun.hides(`action="/act/item.list?`, `action="/act/item.retire?`)
	request := one("request", web.NewID(), "page", "/office/items/"+id, "item", id, "seen", "1", "reason", "划出")
	sun.posts(inspect.ItemRetire, request, http.StatusNotFound)
	change := with(with(newItem, "item", id), "seen", "1")
	change.Set("request", web.NewID())
	change.Set("page", "/office/items/"+id)
	sun.posts(inspect.ItemList, change, http.StatusNotFound)
	leader := asks(o, o.Leader("王局长", "scjg"))
	leader.gets("/office/items/"+id, 200)
	leader.hides(`action="/act/item.list?`)
	request.Set("request", web.NewID())
	leader.posts(inspect.ItemRetire, request, http.StatusForbidden)
	if i := itemOf(o, "A-1"); i.Version != 1 {
		t.Errorf("the item is at version %d", i.Version)
	}
}

// R25, R26: the list counts key items and shows how large a share general items
// may take; filters and pages narrow it down.
func TestItemListCountsFiltersAndPages(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li := o.Clerk("李科长", "scjg")
	for n := range 23 {
		c := act.ListItem{
			Item: rig.ID[inspect.ItemID](fmt.Sprint("many ", n)), Code: fmt.Sprintf("M-%02d", n), Name: fmt.Sprintf("第%02d号事项", n), Field: "餐饮服务",
			Category: inspect.GeneralItem, MaxShare: 300, Basis: "《条例》", Content: "内容", Methods: []inspect.Method{"onsite"},
		}
		if n%10 == 0 {
			c.Category, c.Field = inspect.KeyItem, "特种设备"
		}
		o.Done(li, c)
	}
	o.Item("gaj", "G-1")
	sun := asks(o, o.Clerk("孙警官", "gaj"))
	sun.gets("/office/items", 200)
	sun.shows("事项G-1", "共 1 项")
	sun.hides("第01号事项")
	sun.gets("/office/items?all=1", 200)
	sun.shows("事项G-1", "共 24 项，本页 20 项", "各部门清单", "不超过 3%", `data-label="最高比例">10%`, "下一页")
	sun.hides("第19号事项")
	next := regexp.MustCompile(`href="([^"]*after=[^"]*)"`).FindStringSubmatch(sun.page)
	sun.gets(html.UnescapeString(next[1]), 200)
	sun.shows("第19号事项", "第22号事项", "第一页")
	sun.hides("第18号事项", "下一页")
	sun.gets("/office/items?all=1&category=key&field=%E7%89%B9%E7%A7%8D%E8%AE%BE%E5%A4%87", 200)
	sun.shows("共 3 项", "第20号事项")
	sun.hides("第21号事项")
	sun.gets("/office/items?all=1&q=m-07", 200)
	sun.shows("共 1 项", "第07号事项")
	sun.gets("/office/items?all=1&q=%3Cscript%3E", 200)
	sun.shows("没有符合条件的事项")
	if strings.Contains(sun.page, "<script>") {
		t.Error("a search is not escaped")
	}
}

// R49: an item's page names the tasks that it stands in.
func TestItemPageNamesItsTasks(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	o.Filed(li, wang, 2026)
	reader := asks(o, li)
	reader.gets("/office/items/"+string(itemOf(o, "A-1").ID), 200)
	reader.shows("餐饮服务抽查", "2026 年度抽查工作计划", "有 1 项任务列有这个事项")
	stranger := asks(o, o.Clerk("孙警官", "gaj"))
	stranger.gets("/office/items/"+string(itemOf(o, "A-1").ID), 200)
	stranger.hides("餐饮服务抽查") // the plan is not public yet
}

// R31: a clerk registers a sub-library and counts it anew; others only read.
func TestSublibraryIsRegisteredAndCountedAnew(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := asks(o, o.Clerk("李科长", "scjg"))
		li.gets("/office/sublibraries", 200)
		li.shows("还没有登记检查对象分库")
		li.sends(inspect.SublibraryPut, one("name", "餐饮服务单位", "size", "许多"), http.StatusUnprocessableEntity)
		li.shows("户数请填写整数", `value="餐饮服务单位"`, `value="许多"`)
		li.follows(li.sends(inspect.SublibraryPut, one("name", "餐饮服务单位", "size", "1,200", "class_a", "1000", "class_d", "50"), http.StatusSeeOther))
		li.shows("1,200", "未分类 150", "2026-03-02", "重新清点")

		count := regexp.MustCompile(`/office/sublibraries\?recount=([0-9a-f-]+)`).FindStringSubmatch(li.page)
		o.Now = o.Now.AddDate(0, 0, 1)
		li.gets(count[0], 200)
		li.shows("重新清点：餐饮服务单位", `name="size" value="1200"`)
		li.sends(inspect.SublibraryPut, one("name", "", "size", "1300"), http.StatusUnprocessableEntity)
		li.shows("重新清点：餐饮服务单位", "请填写分库名称", `value="1300"`)
		li.sends(inspect.SublibraryPut, one("name", "餐饮服务单位", "size", "900", "class_a", "1000"), http.StatusUnprocessableEntity)
		li.shows("各风险类别户数之和不得超过分库户数")
		li.follows(li.sends(inspect.SublibraryPut, one("name", "餐饮服务单位", "size", "900", "class_a", "800"), http.StatusSeeOther))
		li.shows("未分类 100", "2026-03-03")

		sun := asks(o, o.Clerk("孙警官", "gaj"))
		sun.gets(count[0], 200)
		sun.shows("餐饮服务单位", "登记分库")
		sun.hides("重新清点</a>", "重新清点：")
		sun.posts(inspect.SublibraryPut, one("request", web.NewID(), "page", "/office/sublibraries", "id", count[1], "seen", "2", "name", "别人的", "size", "1"),
			http.StatusNotFound)
	})
}
