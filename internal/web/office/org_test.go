package office_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R141: the system administrator founds, renames and merges; the names of old and
// the successor stay readable.
func TestOrgIsFoundedRenamedAndMerged(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		system := asks(o, o.Someone("系统员", inspect.SystemAdmin, "zf"))
		system.gets("/office/orgs", 200)
		system.shows("海阳市公安局", "联席会议办公室", "存续", "新设单位")
		fields := one("kind", "team", "code", "WH", "name", "海阳市文化市场综合执法队", "short", "文化执法队")
		system.sends(inspect.OrgFound, fields, http.StatusUnprocessableEntity)
		system.shows("单位代码应为", `value="海阳市文化市场综合执法队"`, `value="WH"`)
		system.sends(inspect.OrgFound, with(fields, "code", "gaj"), http.StatusConflict)
		system.shows("单位代码“gaj”已被使用")
		system.follows(system.sends(inspect.OrgFound, with(fields, "code", "wh"), http.StatusSeeOther))
		system.shows("文化执法队", "已办理：新设单位")

		path := regexp.MustCompile(`href="(/office/orgs/[0-9a-f-]+)">海阳市文化市场综合执法队`).FindStringSubmatch(system.page)[1]
		system.gets(path, 200)
		system.hides(`action="/act/org.rename?`, `action="/act/org.merge?`) // asked for first
		system.gets(path+"?do=rename", 200)
		system.hides(`action="/act/org.merge?`) // one grave act on a page
		renamed := one("name", "海阳市文化和旅游执法大队", "short", "文旅执法大队")
		system.sends(inspect.OrgRename, renamed, http.StatusUnprocessableEntity)
		system.shows("不一致", `value="文旅执法大队"`)
		system.follows(system.sends(inspect.OrgRename, with(renamed, "confirm", "wh"), http.StatusSeeOther))
		system.shows("海阳市文化和旅游执法大队", "曾用名", "海阳市文化市场综合执法队", "单位更名", "2026-03-02")
		system.hides(`action="/act/org.rename?`)

		system.gets(path+"?do=merge", 200)
		system.shows("不能撤回", "目前没有人在任")
		system.sends(inspect.OrgMerge, one("into", "", "confirm", "wh"), http.StatusUnprocessableEntity)
		system.shows("不能并入本部门")
		system.follows(system.sends(inspect.OrgMerge, one("into", string(rig.Org("gaj")), "confirm", "wh"), http.StatusSeeOther))
		system.shows("已并入公安局", "撤并日期", "单位撤并")
		system.hides("?do=")
		system.gets(path+"?do=merge", 200)
		system.hides(`action="/act/org.merge?`)
		system.gets("/office/orgs?state=gone", 200)
		system.shows("共 1 个", "已并入公安局")
		system.gets("/office/orgs?q=%E6%96%87%E5%8C%96%E5%B8%82%E5%9C%BA", 200) // a former name finds it
		system.shows("海阳市文化和旅游执法大队")
		system.gets("/office/orgs/"+string(rig.Org("gaj")), 200)
		system.shows("承接了", "文旅执法大队")
	})
}

// Merging an organisation says how many posts stay open in it.
func TestMergeTellsOfOpenPosts(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	o.Clerk("孙警官", "gaj")
	system := asks(o, o.Someone("系统员", inspect.SystemAdmin, "zf"))
	system.gets("/office/orgs/"+string(rig.Org("gaj"))+"?do=merge", 200)
	system.shows("在任的 1 个岗位不会自动结束", "孙警官")
}

// 三员分立: only the system administrator reforms organisations, only the
// security administrator grants posts, and a grave act needs a fresh proof.
func TestAdministratorsStayApartOnPages(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	sun := o.Clerk("孙警官", "gaj")
	person := "/office/people/" + string(sun.Person)
	system, security := asks(o, o.Someone("系统员", inspect.SystemAdmin, "zf")), asks(o, o.Security())
	audit := asks(o, o.Someone("审计员", inspect.AuditAdmin, "zf"))
	for _, a := range []*asker{security, audit} {
		a.gets("/office/orgs", 200)
		a.hides(`action="/act/org.found?`)
		a.gets("/office/orgs/"+string(rig.Org("gaj"))+"?do=merge", 200)
		a.hides(`action="/act/org.merge?`, "?do=rename")
	}
	for _, a := range []*asker{system, audit} {
		a.gets(person+"?end="+string(sun.Post.ID), 200)
		a.hides(`action="/act/post.grant?`, `action="/act/post.end?`, "结束任职：")
	}
	audit.gets("/office/people", 200)
	audit.shows("三员分立", "系统员", "审计员")
	audit.hides(`action="/act/person.add?`)
	values := one("request", "00000000-0000-7000-8000-000000000001", "page", person, "id", "00000000-0000-7000-8000-000000000002",
		"person", string(sun.Person), "org", string(rig.Org("gaj")), "kind", "leader")
	system.posts(inspect.PostGrant, values, http.StatusForbidden)

	security.gets(person, 200)
	security.shows("不得兼任系统、安全、审计管理员")
	grant := one("org", string(rig.Org("zf")), "kind", "audit_admin", "from", "2026-03-02", "confirm", "孙警官")
	security.sends(inspect.PostGrant, grant, http.StatusConflict)
	security.shows("须由不同的人担任", `value="audit_admin" selected`)
	security.gets("/office/people/"+string(security.who.Person), 200)
	security.shows("不能为本人授予或者结束岗位", "disabled")
	security.hides(`action="/act/post.grant?`)
	security.gets("/office/people/"+string(security.who.Person)+"?end="+string(security.who.Post.ID), 200)
	security.shows("不能为本人授予或者结束岗位", "这是最后一位安全管理员", "disabled")
	security.hides(`name="post"`) // the button leads nowhere
}

// A person is registered, given a post, given another one that is refused with
// its reason, and loses the first; the person's record tells it.
func TestPersonIsRegisteredAppointedAndReleased(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		security, system := asks(o, o.Security()), asks(o, o.System())
		system.gets("/office/people", 200)
		system.sends(inspect.PersonAdd, one("name", " "), http.StatusUnprocessableEntity)
		system.shows("请填写姓名")
		system.follows(system.sends(inspect.PersonAdd, one("name", "欧阳清源"), http.StatusSeeOther))
		security.gets("/office/people?posts=none", 200)
		security.shows("欧阳清源", "没有岗位")
		security.hides(`class="name" href="/office/people/` + string(security.who.Person))
		path := regexp.MustCompile(`href="(/office/people/[0-9a-f-]+)">欧阳清源`).FindStringSubmatch(security.page)[1]

		security.gets(path, 200)
		security.shows("不能办理任何事项")
		grant := one("org", string(rig.Org("gaj")), "kind", "clerk", "from", "2026-03-02", "until", "2026-03-01", "confirm", "欧阳清源")
		security.sends(inspect.PostGrant, grant, http.StatusUnprocessableEntity)
		security.shows("任职结束日期早于开始日期", `value="2026-03-01"`)
		grant.Del("until")
		security.follows(security.sends(inspect.PostGrant, grant, http.StatusSeeOther))
		security.shows("经办人", "2026-03-02 起", "在任")
		security.sends(inspect.PostGrant, grant, http.StatusConflict)
		security.shows("已在同一单位担任该岗位")

		security.gets("/office/people?org="+string(rig.Org("gaj"))+"&kind=clerk", 200)
		security.shows("欧阳清源", "公安局　经办人")
		security.gets(path, 200)
		end := regexp.MustCompile(`href="([^"]*\?end=[0-9a-f-]+)`).FindStringSubmatch(security.page)[1]
		security.gets(end, 200)
		security.hides(`action="/act/post.grant?`)
		security.sends(inspect.PostEnd, one("confirm", "欧阳"), http.StatusUnprocessableEntity)
		security.shows("不一致")
		security.follows(security.sends(inspect.PostEnd, one("confirm", "欧阳清源"), http.StatusSeeOther))
		security.shows("以前的岗位", "结束任职", "授予岗位", "登记人员", "公安局　经办人")
		security.hides("不得兼任系统、安全、审计管理员。要改任") // a free person again
	})
}

// The list of persons pages by name, with namesakes.
func TestPeoplePageByName(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		for n := range 25 {
			o.Done(o.Security(), act.AddPerson{ID: rig.ID[inspect.PersonID](fmt.Sprint("namesake ", n)), Name: "李小明"})
		}
		security := asks(o, o.Security())
		seen := map[string]bool{}
		for path := "/office/people?q=%E6%9D%8E%E5%B0%8F"; path != ""; {
			security.gets(path, 200)
			for _, found := range regexp.MustCompile(`href="(/office/people/[^"]+)">李小明`).FindAllStringSubmatch(security.page, -1) {
				if seen[found[1]] {
					o.Errorf("%s stands on two pages", found[1])
				}
				seen[found[1]] = true
			}
			next := regexp.MustCompile(`href="([^"]*after=[^"]*)" rel="next"`).FindStringSubmatch(security.page)
			if path = ""; next != nil {
				path = html.UnescapeString(next[1])
			}
		}
		if len(seen) != 25 {
			o.Errorf("%d persons on all pages, want 25", len(seen))
		}
		security.gets("/office/people?q=%25", 200)
		security.shows("没有符合条件的人员") // a percent sign is a percent sign
		if !strings.Contains(security.page, `value="%"`) {
			o.Error("the search box has lost its text")
		}
	})
}

// R134: a member of the joint conference that has no liaison officer is told so.
func TestMemberWithoutLiaisonIsTold(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	security := asks(o, o.Security())
	path := "/office/orgs/" + string(rig.Org("gaj"))
	security.gets(path, 200)
	security.shows("还没有联络员")
	o.Someone("孙联络", inspect.Liaison, "gaj")
	security.gets(path, 200)
	security.hides("还没有联络员")
	security.gets("/office/orgs/"+string(rig.Org("lhb")), 200)
	security.hides("还没有联络员") // not a member
}
