package office_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// R66, R71: who organises a draw tries it first, and reads where inspectors are missing
// and what can be done. Nobody else sees the trial.
func TestRehearsalThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.Batch(o.TaskReady())
		r.Announce()
		path := "/office/batches/" + string(r.ID) + "/rehearsal"
		zhou, sun := asks(o, o.Clerk("周主任", "lhb")), asks(o, o.Clerk("孙警官", "gaj"))
		sun.gets(path, http.StatusForbidden)
		sun.mails(path, "application/x-www-form-urlencoded", nil, http.StatusForbidden)
		zhou.gets(path[:len(path)-len("/rehearsal")], 200)
		zhou.shows("试运行")
		zhou.gets(path, 200)
		zhou.shows("开始试运行")
		o.Done(o.Clerk("库管员gaj", "gaj"), act.PutAway{Away: rig.ID[inspect.AwayID]("away"), Inspector: o.Inspectors("gaj")[0], Kind: "leave",
			From: workday.MustParse("2026-01-01"), Until: workday.MustParse("2026-12-31")})
		zhou.fills(path, url.Values{}, http.StatusSeeOther)
		zhou.gets(path, 200)
		zhou.shows("正在试运行")
		m := &job.Rehearser{Queue: o.Store.Queue, Desk: o.Desk, Now: func() time.Time { return o.Now }, Worker: "test", Runs: 4}
		if err := m.Step(o.Context()); err != nil {
			t.Fatal(err)
		}
		zhou.gets(path, 200)
		zhou.shows("再次试运行", "不能组成检查小组", "100%", "公安局：缺 1 人次", "增加 1 名", "降低抽查比例", "5 户中抽 1 户")
		zhou.hides("正在试运行")
	})
}
