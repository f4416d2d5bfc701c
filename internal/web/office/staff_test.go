package office_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

const staffCSV = "姓名,登录名,单位,岗位,任职开始\n张新人,scjg-zhang,市监局,经办人、执法检查人员,2026-03-02\n李新人,scjg-li,市监局,分管负责人,\n" +
	"王新人,gaj-wang,公安局,经办人,2026-03-02\n坏岗位,x-1,市监局,局长助理,\n坏单位,x-2,月球局,经办人,\n兼任,x-3,市监局,经办人、审计管理员,\n"

var hiddenRow = regexp.MustCompile(`name="(rows|left)" value="([^"]*)"`)

// posts sends the rows that the page shows to one of the two steps.
func (a *asker) staffStep(step string, status int) {
	a.Helper()
	form := url.Values{}
	for _, m := range hiddenRow.FindAllStringSubmatch(a.page, -1) {
		form.Add(m[1], html.UnescapeString(m[2]))
	}
	r, err := http.NewRequest(http.MethodPost, "http://suicha.example/office/people/staff/"+step, strings.NewReader(form.Encode()))
	if err != nil {
		a.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if w := a.ask(r); w.Code != status {
		a.Fatalf("%s: %d, want %d\n%s", step, w.Code, status, a.page)
	}
}

// 三员分立: the system administrator registers a sheet, the security administrator
// grants its posts; each row is the ordinary act, faults are shown before anything
// happens, and the same sheet brought again does nothing twice.
func TestStaffFromOneSheet(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		system, security := asks(o, o.Someone("系统员", inspect.SystemAdmin, "zf")), asks(o, o.Security())
		file := strings.NewReplacer("市监局", o.Clerk("李科长", "scjg").Org.Short, "公安局", o.Clerk("孙警官", "gaj").Org.Short).Replace(staffCSV)
		system.gets("/office/people", 200)
		system.shows("导入人员名册")
		system.gets("/office/people/staff", 200)
		system.gets("/office/people/staff.xlsx", 200)
		system.uploads("/office/people/staff", "a.pdf", []byte("%PDF-1.4"), http.StatusUnprocessableEntity)
		system.shows("认不出这是什么文件")
		system.uploads("/office/people/staff", "a.csv", []byte(file), 200)
		system.shows("登记 3 人", "没有“局长助理”这个岗位", "没有名称或者简称是“月球局”的单位", "三类管理员须由不同的人担任", "待登记")
		system.hides("授予岗位，发放邀请码")
		checked := system.page

		security.uploads("/office/people/staff", "a.csv", []byte(file), 200)
		security.hides("登记 3 人", "生成邀请码") // somebody else registers, and nobody is registered yet
		system.page = checked
		system.staffStep("register", 200)
		system.shows("已登记 3 人", "已登记，待授予岗位", "名册中另有 1 行填写有误")
		system.hides("登记 3 人</button>")
		system.page = checked
		system.staffStep("register", 200) // once more
		system.shows("已登记 0 人")
		for _, name := range []string{"张新人", "李新人", "王新人"} {
			found, err := o.Store.DB.People(t.Context(), system.who.Scope(), store.PeopleFilter{Region: rig.Region, Text: name, Most: 9})
			if err != nil || len(found) != 1 {
				t.Errorf("%s: %d persons, %v", name, len(found), err)
			}
		}

		security.uploads("/office/people/staff", "a.csv", []byte(file), 200)
		security.shows("将授予 4 个岗位", "将为 3 名没有账号的人员生成邀请码")
		granting := security.page
		system.page = granting
		system.staffStep("grant", 403) // who registers does not appoint
		security.staffStep("grant", 200)
		security.shows("邀请码只显示这一次", "已授予", "已办理 3 行")
		if codes := regexp.MustCompile(`data-copy="[^"]{20,}"`).FindAllString(security.page, -1); len(codes) != 3 {
			t.Errorf("%d invitations", len(codes))
		}
		security.page = granting
		security.staffStep("grant", 200)
		security.shows("已办理 0 行")
		security.hides("邀请码只显示这一次")
		security.gets("/office/people?q=%E5%BC%A0%E6%96%B0%E4%BA%BA", 200)
		security.shows("经办人", "执法检查人员", "2026-03-02")
		o.Verified()
	})
}

// A sheet is no way around the rules: nobody appoints whom they registered or
// themselves, a unit has one liaison, a sign-in name is one person's.
func TestStaffRulesHoldInSheets(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		security := asks(o, o.Security())
		org := o.Liaison("老联络员", "scjg").Org.Short
		system := asks(o, o.Someone("系统员", inspect.SystemAdmin, "zf"))
		file := "姓名,登录名,单位,岗位\n甲,jia,ORG,联络员\n乙,yi,ORG,经办人\n丙,yi,ORG,经办人\n丁,a b,ORG,经办人\n" + security.who.Name + ",ding,ORG,经办人\n"
		system.uploads("/office/people/staff", "a.csv", []byte(strings.ReplaceAll(file, "ORG", org)), 200)
		system.shows("每个单位只有一名联络员，老联络员", "登录名“yi”已是“乙”的", "已登记有同名的人员")

		// Whom the security administrator registered, another one appoints.
		row := "姓名,登录名,单位,岗位\n戊,wu,ORG,经办人\n"
		id := inspect.PersonID(inspect.OwnID("staff", rig.Region, "wu"))
		o.Done(security.who, act.AddPerson{ID: id, Name: "戊"})
		security.uploads("/office/people/staff", "b.csv", []byte(strings.ReplaceAll(row, "ORG", org)), 200)
		security.shows("登记人员和授予岗位须由两个人分别办理")
		security.hides("生成邀请码")
		clerk := asks(o, o.Clerk("李科长", "scjg"))
		clerk.gets("/office/people/staff", 403)
		clerk.page = system.page
		clerk.staffStep("register", 403)
		o.Verified()
	})
}
