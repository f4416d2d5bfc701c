package office_test

import (
	"net/http"
	"strings"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R2: a plan rolls on from year to year; a copy stands in the new plan only when
// it is saved.
func TestTaskBeginsAsCopyOfLastYears(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	clerk, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	past := o.Filed(clerk, wang, 2026)
	o.Now = o.Now.AddDate(1, 0, 0)
	li := asks(o, clerk)
	li.gets("/office/plans", 200)
	path, _, _ := strings.Cut(li.sends(inspect.PlanDraft, one("kind", "own", "year", "2027"), http.StatusSeeOther).Header().Get("Location"), "?")
	li.gets(path+"/lines/new", 200)
	li.shows("从以往计划复制", "餐饮服务抽查", "/lines/new?from="+string(past)+"&no=1")
	li.gets(path+"/lines/new?from="+string(past)+"&no=1", 200)
	li.shows("已带入“餐饮服务抽查”的内容")
	li.hides("从以往计划复制")
	for _, strange := range []string{"?from=" + string(past) + "&no=9", "?from=" + string(past), "?from=nonsense&no=1"} {
		li.gets(path+"/lines/new"+strange, 404)
	}
	if lines := o.Plan(inspect.PlanID(strings.TrimPrefix(path, "/office/plans/"))).Standing(); len(lines) != 0 {
		t.Errorf("a copy that was not saved stands in the plan: %v", lines)
	}
	sun := asks(o, o.Clerk("孙警官", "gaj"))
	sun.gets(path+"/lines/new?from="+string(past)+"&no=1", 404)
}

// Whoever inspects sees their own plans first, and takes any they may see along
// as a table.
func TestListBeginsWithOwnPlans(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	clerk, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	past := o.Filed(clerk, wang, 2026)
	li := asks(o, clerk)
	li.gets("/office/plans", 200)
	li.shows("本单位计划", "370687-2026-scjg")
	li.gets("/office/plans?all=1&q=2026-SCJG", 200)
	li.shows("370687-2026-scjg")
	li.gets("/office/plans?year=2025", 200)
	li.shows("没有符合条件的计划")
	w := li.gets("/office/plans/"+string(past)+"/plan.xlsx", 200)
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="370687-2026-scjg-v0-2026-03-02.xlsx"` {
		t.Errorf("the file is sent as %s", got)
	}
	sun := asks(o, o.Clerk("孙警官", "gaj"))
	sun.gets("/office/plans/"+string(past)+"/plan.xlsx", 404) // not public yet
	sun.gets("/office/plans", 200)
	sun.shows("没有符合条件的计划")
}

// R49, 海政办发〔2020〕2号 二(四): own and joint plans cover the list together.
func TestItemOfAnotherPlanIsNotCalledUncovered(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	clerk, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	filed := o.Filed(clerk, wang, 2026)
	led := o.Drafted(clerk, inspect.PlanLed, 2026)
	li := asks(o, clerk)
	li.gets("/office/plans/"+string(led), 200)
	li.shows("另有计划")
	li.hides("未覆盖")
	li.gets("/office/plans/"+string(filed), 200)
	li.hides("另有计划", "未覆盖")
}
