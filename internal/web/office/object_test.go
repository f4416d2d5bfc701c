package office_test

import (
	"net/http"
	"net/url"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// objectForm is a complete form of an object.
var objectForm = one("kind", "enterprise", "code", "91370687MA3TERT03B", "name", "海阳市某某食品有限公司", "status", "active", "legal_rep", "张某某",
	"phone", "13800000000", "scope", "餐饮服务；食品销售（不含酒类）", "industry", "6210", "source", "市场主体登记", "sourced", "2025-01-05", "checked", "true")

// R29, R33, R37: a clerk registers an object, sees its faults at their fields, and
// reads what changed; strangers read it without the personal data.
func TestObjectFromFormToHistory(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := asks(o, o.Clerk("李科长", "scjg"))
		li.gets("/office/objects", 200)
		li.shows("名录库中还没有检查对象", "/office/imports/new", "登记检查对象")
		li.gets("/office/objects/new", 200)
		li.sends(inspect.ObjectPut, with(with(objectForm, "name", ""), "sourced", "2031-01-01"), http.StatusUnprocessableEntity)
		li.shows("名称", "数据日期晚于今天")
		li.gets("/office/objects/new", 200)
		li.sends(inspect.ObjectPut, with(with(objectForm, "checked", ""), "code", "91370687MA3TERT03C"), http.StatusUnprocessableEntity)
		li.shows("校验位不符", "已与营业执照核对")
		li.follows(li.sends(inspect.ObjectPut, objectForm, http.StatusSeeOther))

		li.gets("/office/objects/1", 200)
		li.shows("海阳市某某食品有限公司", "张某某", "13800000000", "市场主体登记", "数据日期 2025-01-05", "已超过一年", "H6210", "正餐服务")
		li.gets("/office/objects/1/edit", 200)
		li.follows(li.sends(inspect.ObjectPut, with(with(objectForm, "name", "海阳市新名食品有限公司"), "phone", "13900000000"), http.StatusSeeOther))
		li.shows("海阳市新名食品有限公司", "13800000000", "13900000000") // the change field by field
		li.sends(inspect.FlagPut, one("kind", "watch", "since", "2026-02-01", "source", "专项整治"), http.StatusSeeOther)
		li.gets("/office/objects/1", 200)
		li.shows("重点关注", "专项整治")

		sun := asks(o, o.Clerk("孙警官", "gaj"))
		sun.gets("/office/objects/1", 200)
		sun.shows("海阳市新名食品有限公司", "个人信息", "专项整治")
		sun.hides("张某某", "13800000000", "13900000000", "/office/objects/1/edit")
		sun.gets("/office/objects/1/edit", http.StatusForbidden)
		sun.gets("/office/objects.csv?as=import", 200)
		sun.shows("海阳市新名食品有限公司")
		sun.hides("张某某", "13900000000")
		li.gets("/office/objects.csv?as=import", 200)
		li.shows("张某某")
		li.gets("/office/objects.xlsx", 200)
		watch := asks(o, o.Someone("严监督", inspect.Supervisor, "sfj"))
		watch.gets("/office/objects/1", 200)
		watch.hides("张某某", "加标记", "撤回")
		asks(o, o.Someone("审计员", inspect.AuditAdmin, "zf")).gets("/office/objects/1", http.StatusForbidden)
		li.gets("/office/objects/99", http.StatusNotFound)
		li.gets("/office/objects/x", http.StatusNotFound)
	})
}

// The list is searched, narrowed and paged; the columns are the reader's choice.
func TestObjectListIsSearched(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := o.Clerk("李科长", "scjg")
		for i := range 25 {
			object := rig.Object("S-"+string(rune('A'+i)), "海阳市第"+string(rune('A'+i))+"号场所")
			object.Kind = inspect.Site
			if i == 3 {
				object.Name, object.Risk = `<b>=cmd|' /C calc'!A0 餐馆`, "D"
			}
			o.Done(li, object)
		}
		page := asks(o, li)
		page.gets("/office/objects", 200)
		page.shows("共 25 户，本页 20 户", "下一页")
		page.gets("/office/objects?after=20", 200)
		page.shows("本页 5 户", "上一页")
		page.gets("/office/objects?q="+url.QueryEscape("餐馆"), 200)
		page.shows("共 1 户")
		page.gets("/office/objects?q=hys&risk=D", 200)
		page.shows("没有符合条件的检查对象")
		page.gets("/office/objects?risk=D", 200)
		page.shows("共 1 户")
		page.gets("/office/objects?kind=enterprise&status=x&owner=y&town=z&library=l&flag=f&industry=i&source=s", 200)
		page.shows("没有符合条件的检查对象")
		page.gets("/office/objects.csv?risk=D", 200)
		page.hides(",=cmd", "第A号")
	})
}

// R31, R34, R35: from the rule through the sample to confirmed members.
func TestSublibraryFromRuleToMembers(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		clerk := o.Clerk("李科长", "scjg")
		lib := rig.ID[inspect.SublibraryID]("office library")
		o.Done(clerk, act.PutSublibrary{ID: lib, Name: "餐饮服务单位", Size: 5})
		for i, scope := range []string{"餐饮服务", "百货（餐饮服务除外）", "餐饮服务；酒类销售"} {
			object := rig.Object("S-"+string(rune('1'+i)), "海阳市第"+string(rune('1'+i))+"家")
			object.Kind, object.Scope, object.RiskOn = inspect.Site, scope, workday.MustParse("2026-01-15")
			o.Done(clerk, object)
		}
		at := "/office/sublibraries/" + string(lib)
		li := asks(o, clerk)
		li.gets("/office/sublibraries", 200)
		li.shows(at)
		li.gets(at, 200)
		li.follows(li.sends(inspect.SublibraryRule, one("any", "餐饮服务"), http.StatusSeeOther))
		li.gets(at+"?try=1", 200)
		li.shows("规则找到 2 户", "<mark>餐饮服务</mark>", "经营范围含“餐饮服务”")
		li.follows(li.sends(inspect.MemberPropose, nil, http.StatusSeeOther))
		li.gets(at+"?state=candidate", 200)
		li.shows("待确认", "第1家", "第3家", "规则：")
		li.sends(inspect.MemberConfirm, one("objects", "1"), http.StatusSeeOther)
		li.posts(inspect.MemberRemove, url.Values{"sublibrary": {string(lib)}, "objects": {"3"}, "page": {at}, "form": {"member-confirm"}, "request": {rig.ID[string]("x")}}, http.StatusUnprocessableEntity)
		li.gets(at+"?state=confirmed", 200)
		li.shows("第1家", "移出勾选的成员")
		sun := asks(o, o.Clerk("孙警官", "gaj"))
		sun.gets(at, 200)
		sun.shows("第1家", "餐饮服务")
		sun.hides("移出勾选的成员", "保存规则")
	})
}
