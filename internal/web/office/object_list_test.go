package office_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// doneOf is the number of the receipt that an answer leads to.
func doneOf(w *httptest.ResponseRecorder) string {
	u, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		return err.Error()
	}
	return u.Query().Get("done")
}

// R37, R53, R111: the list is narrowed by each of its filters, and says what it is
// narrowed by.
func TestObjectListIsNarrowed(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, day := o.Clerk("李科长", "scjg"), workday.MustParse
		lib := rig.ID[inspect.SublibraryID]("narrow library")
		o.Done(li, act.PutSublibrary{ID: lib, Name: "餐饮服务单位", Size: 5})
		for i, sourced := range []string{"2026-03-02", "2026-01-10", "2025-11-01", "2024-01-01"} {
			object := rig.Object("S-"+string(rune('1'+i)), "海阳市第"+string(rune('1'+i))+"家")
			object.Kind, object.Sourced, object.Established, object.RiskOn = inspect.Site, day(sourced), day("2020-01-01"), day("2024-01-01")
			object.Scope, object.Address = "餐饮服务（第"+string(rune('1'+i))+"类）", "方圆街道海阳路"+string(rune('1'+i))+"号"
			o.Done(li, object)
		}
		o.Done(li, act.PutFlag{Object: 2, Kind: inspect.FlagWatch, Since: day("2026-02-01"), Source: "专项整治"})
		o.Done(li, act.PutLicence{Object: 3, Name: "食品经营许可证", Number: "L1", ValidTo: day("2026-04-30")})
		o.Done(li, act.PutLicence{Object: 4, Name: "食品经营许可证", Number: "L2", ValidTo: day("2026-02-28")})
		o.Done(o.Leader("王局长", "scjg"), act.TakeOutside{Objects: act.Objects{Objects: []inspect.ObjectNo{4}}, Ground: "核设施"})
		o.Done(li, act.AddMembers{Members: act.Members{Sublibrary: lib, Objects: []inspect.ObjectNo{1}}, Ground: "实地核实"})
		page := asks(o, li)
		for query, want := range map[string]string{
			"age=1m": "第1家", "age=1-3m": "第2家", "age=1y": "第4家", "flag=watch": "第2家", "licence=90d": "第3家", "licence=over": "第4家",
			"where=scope&q=餐饮+第3": "第3家", "where=address&q=海阳路3号": "第3家",
			"draws=out": "第4家", "library=" + string(lib): "第1家", "age=3m&draws=in": "第3家", "q=S-2": "第2家",
		} {
			page.gets("/office/objects?"+query, 200)
			page.shows("共 1 户", want)
		}
		page.gets("/office/objects?draws=out", 200)
		page.shows("不纳入随机抽查", "不再按随机抽查筛选", "数据超过一年")
		page.gets("/office/objects?owner="+string(rig.Org("scjg"))+"&risk=B&source=%E5%B8%82%E5%9C%BA%E4%B8%BB%E4%BD%93%E7%99%BB%E8%AE%B0", 200)
		page.shows("共 4 户", "清除 3 项条件", "市场主体登记", "约 2 个月前", "保存当前条件")
		page.gets("/office/objects/4", 200)
		page.shows("不纳入随机抽查", "依据：核设施", "约 2 年前")
	})
}

// A reader keeps filters under names, and the columns of a list; files have what
// the list shows.
func TestFiltersAndColumnsAreKept(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := asks(o, o.Clerk("李科长", "scjg"))
		for i, name := range []string{"海阳市第一家", "=海阳市第二家"} {
			object := rig.Object("S-"+string(rune('1'+i)), name)
			object.Kind = inspect.Site
			o.Done(li.who, object)
		}
		send := func(path string, form url.Values, want int) {
			o.Helper()
			r := httptest.NewRequest(http.MethodPost, "https://suicha.example"+path, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			if w := li.ask(r); w.Code != want {
				o.Fatalf("POST %s %v: %d, want %d\n%s", path, form, w.Code, want, li.page)
			}
		}
		keep := with(with(one("list", "objects", "form", "office-filters", "page", "/office/objects?risk=B"), "query", "risk=B&after=9"), "name", "B 类")
		send("/office/filters", keep, http.StatusSeeOther)
		send("/office/filters", with(keep, "name", ""), http.StatusUnprocessableEntity)
		li.shows("请填写名称", "保存为常用筛选")
		for _, wrong := range []url.Values{with(keep, "list", "x"), with(keep, "query", ""), with(keep, "query", "%zz"), with(keep, "x", "y")} {
			send("/office/filters", wrong, http.StatusUnprocessableEntity)
		}
		send("/office/filters", with(keep, "name", strings.Repeat("长", 21)), http.StatusUnprocessableEntity)
		li.gets("/office/objects?risk=B", 200)
		li.shows("常用筛选", `/office/objects?risk=B"`, "B 类")
		li.hides("保存当前条件")
		li.gets("/office/inspectors", 200)
		li.hides("B 类")
		li.gets("/office/filters", 200)
		li.shows("检查对象名录库", "B 类")
		all, err := o.Store.Personal.Filters(o.Context(), li.who.Person, "objects")
		if err != nil || len(all) != 1 || all[0].Query != "risk=B" {
			o.Fatalf("kept are %+v, %v", all, err)
		}
		send("/office/filters/rename", one("id", all[0].ID, "name", "高风险", "form", "office-filters-rename-"+all[0].ID), http.StatusSeeOther)
		li.gets("/office/filters", 200)
		li.shows("高风险")
		sun := asks(o, o.Clerk("孙警官", "gaj"))
		sun.gets("/office/filters", 200)
		sun.shows("还没有常用筛选")
		send("/office/filters/rename", one("id", "x", "name", "y", "form", "f"), http.StatusNotFound)
		send("/office/filters/drop", one("id", all[0].ID, "form", "office-filters-drop"), http.StatusSeeOther)
		li.gets("/office/filters", 200)
		li.hides("高风险")

		send("/office/columns", url.Values{"list": {"objects"}, "column": {"address", "zzz"}, "page": {"/office/objects?risk=B"}}, http.StatusSeeOther)
		send("/office/columns", one("list", "x"), http.StatusUnprocessableEntity)
		li.gets("/office/objects", 200)
		li.shows("<th scope=\"col\">住所</th>")
		li.hides("<th scope=\"col\">主管部门</th>")
		li.gets("/office/objects.csv", 200)
		li.shows("名称,统一社会信用代码或编号,登记状态,信用风险等级,标记,住所", "'=海阳市第二家", "S-1,存续,B")
		li.hides("张某某")
		li.gets("/office/objects.xlsx", 200)
		send("/office/columns", url.Values{"list": {"inspectors"}, "column": {"duty"}}, http.StatusSeeOther)
		li.gets("/office/inspectors.csv", 200)
		li.shows("姓名,工号,部门,执法证有效期至,抽取,说明,从事工作")
	})
}

// R31, R53, R111: many objects are acted on at once, those ticked or all of a
// filter, and the opposite is offered afterwards.
func TestManyObjectsAreActedOn(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		clerk := o.Clerk("李科长", "scjg")
		for i := range 23 {
			object := rig.Object("S-"+string(rune('A'+i)), "海阳市第"+string(rune('A'+i))+"号场所")
			object.Kind = inspect.Site
			o.Done(clerk, object)
		}
		li := asks(o, clerk)
		li.gets("/office/objects", 200)
		li.shows("批量办理", "办理筛选出的全部 23 户", "加标记")
		li.hides("列为不纳入随机抽查")
		li.gets("/office/objects/bulk?act=flag.put_all", 200)
		li.shows("没有选中检查对象")
		li.gets("/office/objects/bulk?act=flag.put_all&objects=1&objects=1&objects=x&objects=3", 200)
		li.shows("2 个检查对象", "第A号场所", "第C号场所")
		flag := one("kind", "watch", "since", "2026-02-01", "source", "专项整治")
		w := li.sends(inspect.FlagPutAll, flag, http.StatusSeeOther)
		li.follows(w)
		li.shows("选择了 2 个检查对象，“加标记”写入 2 条", "办理相反的事项：移出标记")
		undo := "/office/objects/bulk?act=flag.end_all&undo=" + doneOf(w)
		li.gets("/office/objects/bulk?act=flag.put_all&all=1&q=S&risk=B", 200)
		li.shows("23 个检查对象", "另有 3 个", "输入 23 以确认")
		li.sends(inspect.FlagPutAll, with(flag, "confirm", "22"), http.StatusUnprocessableEntity)
		li.shows("输入 23 以确认")
		li.gets("/office/objects/bulk?act=flag.put_all&all=1&q=S&risk=B", 200)
		w = li.sends(inspect.FlagPutAll, with(flag, "confirm", "23"), http.StatusSeeOther)
		li.follows(w)
		li.shows("写入 21 条", "其余的无需办理")
		li.gets(undo, 200)
		li.shows("2 个检查对象")
		li.follows(li.sends(inspect.FlagEndAll, one("kind", "watch", "until", "2026-03-02", "reason", "误操作"), http.StatusSeeOther))
		li.shows("写入 2 条", "办理相反的事项：加标记")
		li.gets("/office/objects/1", 200)
		li.shows("批量移出标记")

		wang := asks(o, o.Leader("王局长", "scjg"))
		wang.gets("/office/objects/bulk?act=flag.put_all&objects=1", http.StatusForbidden)
		wang.gets(undo, http.StatusForbidden)
		wang.gets("/office/objects/1", 200)
		wang.shows("/office/objects/bulk?act=object.outside&objects=1")
		wang.gets("/office/objects/bulk?act=object.outside&objects=1", 200)
		wang.follows(wang.sends(inspect.ObjectOutside, one("ground", "特种设备安全法"), http.StatusSeeOther))
		wang.gets("/office/objects/1", 200)
		wang.shows("按现有方式严格监管", "依据：特种设备安全法", "恢复纳入随机抽查")
		other := asks(o, o.Leader("郑局长", "gaj"))
		other.gets("/office/objects/bulk?act=object.outside&objects=2", 200)
		other.sends(inspect.ObjectOutside, one("ground", "x"), http.StatusConflict)
		other.shows("有 1 个检查对象不能办理：2 号")
		other.gets("/office/objects/bulk/done?done=5", http.StatusNotFound)
		other.gets("/office/objects/bulk?act=zzz", http.StatusNotFound)
		asks(o, o.Someone("严监督", inspect.Supervisor, "sfj")).gets("/office/objects/bulk?act=object.outside&objects=2", http.StatusForbidden)
		o.Verified()
	})
}

// R37: an object that the last whole file of its source lacks says so, with the
// batch, and is found by it.
func TestVanishedObjectNamesItsBatch(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang := asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Leader("王局长", "scjg"))
		rows := strings.Split(strings.TrimSpace(shopsCSV), "\n")
		source := map[string]string{"source": "市场主体登记", "sourced": "2026-03-01", "whole": "true"}
		for _, text := range []string{shopsCSV, rows[0] + "\n" + rows[1] + "\n"} {
			li.follows(li.brings("a.csv", text, source, http.StatusSeeOther))
			page := li.maps()
			li.works()
			here := strings.Split(page.Header().Get("Location"), "?")[0]
			li.gets(here, 200)
			li.follows(li.sends(inspect.ImportConfirm, nil, http.StatusSeeOther))
			wang.gets(here, 200)
			if strings.Contains(wang.page, "/act/import.second") {
				wang.sends(inspect.ImportSecond, nil, http.StatusSeeOther)
			}
			li.works()
		}
		li.gets("/office/objects?status=vanished", 200)
		li.shows("共 1 户", "未在最近一次导入中出现")
		li.gets("/office/objects/1", 200)
		li.shows("来源“市场主体登记”的第 2 批导入（数据截至 2026-03-01）中没有这个对象")
	})
}
