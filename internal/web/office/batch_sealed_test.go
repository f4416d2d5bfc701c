package office_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R81, INV-05: a sealed batch through the pages, from its settings to the day of its
// list: the custodian's own department entrusts, the lead department reads with an entry,
// the supervisor sees who has read.
func TestSealedBatchThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		run := o.SealedBatch()
		task := o.TaskReady()
		path := "/office/batches/" + string(run.ID)
		zhou, qian, li := asks(o, run.Zhou), asks(o, run.Qian()), asks(o, o.Clerk("李科长", "scjg"))
		sun := asks(o, o.Clerk("孙警官", "gaj"))
		zhou.gets(path+"/edit", 200)
		zhou.shows("公开名单时间", "密封：检查后公开名单", "保管方")
		fields := settings(o, task, run.Parties)
		fields.Set("mode", "sealed")
		zhou.fills(path+"/edit", fields, 422)
		zhou.shows("公开名单时间", `value="sealed" checked`)
		fields.Set("opening", o.Task(task).Until.AddDays(1).String()+"T09:00")
		zhou.fills(path+"/edit", fields, http.StatusSeeOther)
		run.Announce().Lock().Commit().Reveal().Event().Unseal()

		zhou.gets(path, 200)
		zhou.shows("轮到执法监督", "由保管方自己交存", "未交", "交存")
		zhou.hides("交存密封的随机数</h2>", "作废本次抽取")
		qian.gets(path, 200)
		qian.shows("交存密封的随机数", "主办单位和保管方不能作废")
		qian.hands(path+"/entrust", `{"name":"执法监督"}`, 422)
		qian.shows("交来的文件不能接收")
		qian.hands(path+"/entrust", run.Secret(run.Of("custodian")[0]).Document, http.StatusSeeOther)
		qian.gets(path, 200)
		qian.shows("已交存", "轮到本平台")
		run.Hide()

		qian.gets(path, 200)
		qian.shows("没有人查阅过封存的名单", "名单封存")
		for _, who := range []*asker{zhou, qian, li, sun} {
			who.gets(path, 200)
			who.shows("result.json", "已抽取")
			who.hides("result.tsv", "assignment.tsv", ".sealed")
			for _, name := range []string{draw.ResultList, inspect.OutcomeFile, inspect.KeyFile, inspect.CustodianFile} {
				who.gets(path+"/files/"+name, 404)
			}
		}
		for who, reads := range map[*asker]bool{zhou: false, sun: false, qian: false, li: true} {
			if who.gets(path, 200); strings.Contains(who.page, "查阅封存的名单</h2>") != reads {
				t.Errorf("%s is offered the list: %v", who.who.Name, !reads)
			}
			who.gets(path+"/sealed", 403) // nothing is on record yet
		}
		li.gets(path, 200)
		li.sends(inspect.BatchPeek, one(), 422)
		li.gets(path, 200)
		to := li.sends(inspect.BatchPeek, one("ground", "制作检查通知"), http.StatusSeeOther).Header().Get("Location")
		if !strings.HasPrefix(to, path+"/sealed") {
			t.Errorf("after the entry the reader is led to %s", to)
		}
		if got := li.gets(path+"/sealed", 200).Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("the list may be kept: %s", got)
		}
		li.shows("海阳市scjg第", "（组长）", "本单位牵头的任务", "检查员")
		li.gets(path, 200)
		li.shows("查阅已经登记")
		qian.gets(path, 200)
		qian.shows("名单查阅登记", "制作检查通知", "李科长", "市场监管局")
		run.Later(11 * time.Minute)
		li.gets(path+"/sealed", 403)
		run.Disclose()
		sun.gets(path, 200)
		sun.shows("已公开", "result.tsv")
		li.gets(path, 200)
		li.hides("查阅封存的名单</h2>")
	})
}

// INV-05, attack rows 19 and 20 of trust.md: whoever is not shown the list finds the same
// on every page of the office, whoever was drawn: texts, numbers, order, headers and
// refusals.
func TestTwoWorldsInTheOffice(t *testing.T) {
	rig.Worlds(t, func(t *testing.T, worlds [2]*rig.Run) {
		pages := 0
		compare := func() {
			t.Helper()
			for _, post := range []struct {
				name string
				kind inspect.PostKind
				org  string
			}{
				{"韩科长", inspect.Clerk, "wjw"}, {"胡局长", inspect.Leader, "gaj"}, {"检查员", inspect.InspectorPost, "scjg"}, {"周主任", inspect.Clerk, "lhb"},
				{"李科长", inspect.Clerk, "scjg"}, {"钱监督", inspect.Supervisor, "sfj"}, {"梁市长", inspect.Convener, "zf"}, {"审计员", inspect.AuditAdmin, "zf"},
			} {
				a, b := asks(worlds[0].Office, worlds[0].Someone(post.name, post.kind, post.org)), asks(worlds[1].Office, worlds[1].Someone(post.name, post.kind, post.org))
				batch := "/office/batches/" + string(worlds[0].ID)
				from := []string{"/office", batch, batch + "/sealed", batch + "/edit", batch + "/teams", batch + "/teams.csv", batch + "/teams/1", batch + "/teams/1/sheet",
					batch + "/teams/2", batch + "/schedule", batch + "/substitutions", "/office/visits", "/office/objects?q=SITE", "/office/record"}
				for _, name := range []string{draw.ResultFile, draw.ResultList, draw.OpeningFile, inspect.OutcomeFile, "assignment.tsv", "x"} {
					from = append(from, batch+"/files/"+name)
				}
				for _, path := range rig.Crawl(40, func(path string) string { a.open(path); return a.page }, from...) {
					if strings.HasPrefix(path, "/draws") || strings.Contains(path, "/files/population.tsv") { // salts; the public's pages are the portal's
						continue
					}
					pages++
					if x, y := a.open(path), b.open(path); x != y {
						t.Errorf("%s by %s differs, %s", path, post.name, rig.Differ(x, y))
					}
				}
			}
		}
		compare()
		for _, r := range worlds {
			r.Send() // teams are scheduled and dispatched
		}
		compare()
		a, b := asks(worlds[0].Disclose().Office, worlds[0].Zhou), asks(worlds[1].Disclose().Office, worlds[1].Zhou)
		list := "/office/batches/" + string(worlds[0].ID) + "/files/result.tsv"
		if pages < 300 || a.open(list) == b.open(list) {
			t.Errorf("%d pages were compared, and on its day the list is %s", pages, a.page)
		}
	})
}

// open is what the answer to an address tells.
func (a *asker) open(path string) string {
	a.Helper()
	r, err := http.NewRequest(http.MethodGet, "http://suicha.example"+path, nil)
	if err != nil {
		a.Fatal(err)
	}
	r.RequestURI, r.RemoteAddr = path, "192.0.2.1:1234"
	w := a.ask(r)
	return rig.Told(w.Code, w.Header(), a.page)
}
