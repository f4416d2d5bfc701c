package office_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R17, R18: the office sees how far every filed task has come, who is awaited and what
// is late; it takes the table out.
func TestProgressOfTasks(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task := o.TaskReady()
		zhou, stranger := asks(o, o.Clerk("周主任", "lhb")), asks(o, o.Clerk("安干事", "wjw"))
		zhou.gets("/office/progress", 200)
		zhou.shows("已备案的任务", "餐饮服务抽查", "待抽取", "确认名录库后列入批次抽取", "公告抽取")
		zhou.hides("已超时限</span>", "执行时间已到")
		stranger.gets("/office/progress", 200)
		stranger.hides("餐饮服务抽查", o.Task(task).Number)

		run := o.Batch(task).Announce()
		zhou.gets("/office/progress?state=batched", 200)
		zhou.shows("已公告，轮到主办单位")
		zhou.gets("/office/progress?late=1", 200)
		zhou.shows("没有符合条件的任务")
		run.Later(3 * time.Hour)
		zhou.gets("/office/progress?late=1", 200)
		zhou.shows("批次已过期限")
		o.Now = o.Task(task).From.Start().Add(10 * time.Hour)
		zhou.gets("/office/progress?late=1&org="+string(rig.Org("scjg")), 200)
		zhou.shows("执行时间已到，尚未抽取")
		zhou.gets("/office/progress?org="+string(rig.Org("gaj")), 200)
		zhou.hides(o.Task(task).Number)
		zhou.gets("/office/progress.csv?late=1", 200)
		zhou.shows("任务名称,任务编号,发起部门", "执行时间已到，尚未抽取", o.Task(task).Number)
		if w := zhou.gets("/office/progress.xlsx", 200); !strings.HasPrefix(w.Body.String(), "PK") {
			t.Error("the file is no workbook")
		}
		zhou.gets("/office/progress?year=2019", 200)
		zhou.shows("2019 年任务进度", "没有符合条件的任务")
	})
}

// R18: a line of a published plan whose month has come without a task is shown.
func TestLinesWithoutTasksAreShown(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	o.JointPublished("scjg", "gaj", o.Library("scjg", 5))
	zhou := asks(o, o.Clerk("周主任", "lhb"))
	zhou.gets("/office/progress", 200)
	zhou.hides("计划时间已到")
	o.Now = time.Date(2026, 6, 20, 9, 0, 0, 0, time.UTC)
	zhou.gets("/office/progress", 200)
	zhou.shows("计划时间已到，任务还没有备案", "餐饮服务抽查", "全年 1 次，已有 0 次", "时间已到")
	o.Now = time.Date(2026, 12, 20, 9, 0, 0, 0, time.UTC)
	zhou.gets("/office/progress", 200)
	zhou.shows("已过计划月份")
}

var jobLink = regexp.MustCompile(`<a class="t" href="([^"]+)"`)

// R66–R68: the first page says who has to do what of a batch until when, and leads to
// the very form, phase by phase; who has nothing to do is not asked.
func TestFirstPageLeadsToTheForm(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	r := o.Batch(o.TaskReady())
	zhou, zou, sun := asks(o, r.Zhou), asks(o, r.Zou), asks(o, o.Clerk("孙警官", "gaj"))
	leads := func(a *asker, want string) {
		t.Helper()
		a.gets("/office", 200)
		a.shows(want)
		for _, m := range jobLink.FindAllStringSubmatch(a.page, -1) {
			if !strings.HasPrefix(m[1], "/office/batches/") {
				continue
			}
			path, anchor, _ := strings.Cut(m[1], "#")
			a.gets(path, 200)
			if anchor != "" && !strings.Contains(a.page, `id="`+anchor+`"`) {
				t.Errorf("%s: the page has no such place", m[1])
			}
		}
	}
	leads(zou, "公告抽取：三月联合抽取")
	leads(zhou, "等待负责人公告")
	r.Announce()
	leads(zhou, "锁定名单：三月联合抽取")
	r.Lock()
	leads(sun, "交来承诺：三月联合抽取")
	sun.gets("/office", 200)
	sun.shows("公安局　随机数自己保管", "今天 ")
	leads(zhou, "公证处、纪检组　随机数自己保管")
	r.Commit()
	leads(sun, "亮出随机数：三月联合抽取")
	r.Reveal()
	leads(zhou, "等待公开事件")
	sun.gets("/office", 200)
	sun.hides("三月联合抽取")
	r.Event()
	leads(zhou, "启封：三月联合抽取")
	r.Later(4 * time.Hour)
	zhou.gets("/office", 200)
	zhou.shows("等待作废本次抽取")
	principal := asks(o, o.Someone("马局长", inspect.Principal, "gaj"))
	leads(principal, "作废本次抽取：三月联合抽取")
}
