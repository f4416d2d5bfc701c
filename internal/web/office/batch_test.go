package office_test

import (
	"bytes"
	"html"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// carries are the hidden fields of the form to a path on the page last shown.
func (a *asker) carries(path string) url.Values {
	a.Helper()
	form := regexp.MustCompile(`(?s)<form[^>]* action="` + regexp.QuoteMeta(path) + `".*?</form>`).FindString(a.page)
	if form == "" {
		a.Fatalf("the page of %s has no form to %s\n%s", a.who.Name, path, a.page)
	}
	values := url.Values{}
	for _, field := range carried.FindAllStringSubmatch(form, -1) {
		values.Add(field[1], html.UnescapeString(field[2]))
	}
	return values
}

// fills sends the form to a path as it stands there, with the fields. The answer must
// have the status.
func (a *asker) fills(path string, fields url.Values, status int) {
	a.Helper()
	values := a.carries(path)
	maps.Copy(values, fields)
	a.mails(path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()), status)
}

// hands sends the form to a path with a document as its file.
func (a *asker) hands(path, text string, status int) {
	a.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, values := range a.carries(path) {
		if err := form.WriteField(name, values[0]); err != nil {
			a.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", "x.json")
	if err == nil {
		_, err = part.Write([]byte(text))
	}
	if err != nil || form.Close() != nil {
		a.Fatal(err)
	}
	a.mails(path, form.FormDataContentType(), &body, status)
}

func (a *asker) mails(path, kind string, body io.Reader, status int) {
	a.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://suicha.example"+path, body)
	r.Header.Set("Content-Type", kind)
	if w := a.ask(r); w.Code != status {
		a.Fatalf("POST %s by %s: %d, want %d\n%s", path, a.who.Name, w.Code, status, a.page)
	}
}

// settings are what the clerk fills in for a ceremony that begins now.
func settings(o *rig.Office, task inspect.TaskID, parties []rig.Party) url.Values {
	at := func(hours int) string {
		return o.Now.Add(time.Duration(hours+8) * time.Hour).UTC().Format("2006-01-02T15:04")
	}
	v := one("title", "三月联合抽取", "tasks", string(task), "suite", string(draw.SM3), "mode", "open", "sources", "ssq",
		"commit", at(2), "reveal", at(3), "event", at(5), "envelopes", at(8), "cap", "2", "mix", "20")
	for _, p := range append(parties, rig.Party{}) { // the last row stays empty
		v["name"] = append(v["name"], p.Name)
		v["role"] = append(v["role"], p.Role)
		v["key"] = append(v["key"], p.Key)
		v["holder"] = append(v["holder"], p.Holder)
		v["org"] = append(v["org"], string(p.Org))
	}
	return v
}

// R66, R67, R68, 海政办发〔2020〕2号 二(五): a whole run through the pages, by the posts
// whose turn it is.
func TestBatchThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task, parties := o.TaskReady(), o.Parties(draw.SM3)
		zhou, zou := asks(o, o.Clerk("周主任", "lhb")), asks(o, o.Leader("邹主任", "lhb"))
		stranger := asks(o, o.Clerk("孙警官", "gaj"))

		zhou.gets("/office/batches", 200)
		zhou.shows("没有符合条件的批次", "新建批次")
		edit, _, _ := strings.Cut(zhou.sends(inspect.BatchDraft, one("year", "2026"), http.StatusSeeOther).Header().Get("Location"), "?")
		path := strings.TrimSuffix(edit, "/edit")
		run := &rig.Run{Office: o, ID: inspect.BatchID(strings.TrimPrefix(path, "/office/batches/")), Parties: parties}
		stranger.gets(path, 404) // a draft is its department's
		stranger.gets(edit, 404)
		zou.gets(path, 200)
		zou.shows("批次设置还没有填写", "尚未命名的批次")

		zhou.gets(edit, 200)
		zhou.shows("餐饮服务抽查", "公开事件", "现场摇取六个号码球", "2026-03-05T10:00", "贡献方 6")
		bad := settings(o, task, parties)
		bad.Set("title", "")
		bad.Set("cap", "3")
		zhou.fills(edit, bad, 422)
		zhou.shows("批次名称", "每年最多次数", parties[1].Key, "信封保管方", "公证处")
		zhou.fills(edit, settings(o, task, parties), http.StatusSeeOther)
		zhou.gets(path, 200)
		zhou.shows("三月联合抽取", "370687-2026-p01", "公证处", "信封由纪检组保管", "取消批次")
		zhou.hides("公告抽取</h2>", "/act/batch.lock")

		zou.gets(path, 200)
		zou.sends(inspect.BatchAnnounce, one("expect", "370687-2026-p01", "confirm", "370687-2026-p02"), 422)
		zou.sends(inspect.BatchAnnounce, one("expect", "370687-2026-p01", "confirm", "370687-2026-p01"), http.StatusSeeOther)
		run.Later(time.Minute)
		stranger.gets(path, 200)
		stranger.shows("轮到主办单位", "manifest.json", "未交", "公开记录")
		stranger.hides("锁定名单</button>")
		stranger.gets(path+"/files/manifest.json", 200)
		stranger.shows(`"batch":"370687-2026-p01"`)
		stranger.gets(path+"/files/objects.tsv", 404)
		other := asks(o, o.Clerk("安干事", "wjw"))
		other.gets(path, 200) // what is announced is the region's, its tasks are not
		other.shows("1 项任务由其他部门办理", "manifest.json")
		other.hides("370687-2026-scjg-r01", "/act/batch")

		zhou.gets(path, 200)
		zhou.shows("锁定抽查名单", "已具备")
		zhou.sends(inspect.BatchLock, one("expect", "370687-2026-p01", "confirm", "370687-2026-p01"), http.StatusSeeOther)
		run.Later(time.Minute)
		stranger.gets(path+"/files/objects.tsv", 404)

		zhou.gets(path, 200)
		zhou.shows("objects.tsv", "交来承诺", "suicha draw commit", "轮到公安局、公证处、市场监管局、纪检组")
		zhou.hands(path+"/commit", "", 422)
		zhou.shows("请填写贡献方的文件")
		zhou.hands(path+"/commit", "\xff\xfe", 422)
		zhou.hands(path+"/commit", `{"name":"公安局"}`, 422)
		zhou.shows("交来的文件不能接收")
		for i, p := range parties {
			zhou.gets(path, 200)
			if document := run.Commitment(p).Document; i == 0 {
				zhou.hands(path+"/commit", document, http.StatusSeeOther)
			} else {
				zhou.fills(path+"/commit", one("document", document), http.StatusSeeOther)
			}
		}
		run.Later(time.Minute)
		for _, p := range run.Of("open") {
			zhou.gets(path, 200)
			zhou.shows("亮出随机数")
			zhou.fills(path+"/reveal", one("document", run.Secret(p).Document), http.StatusSeeOther)
		}
		typeTheEvent(zhou, zou, run, path)
		for _, p := range run.Of("sealed") {
			zhou.gets(path, 200)
			zhou.fills(path+"/unseal", one("document", run.Secret(p).Document), http.StatusSeeOther)
		}
		zhou.gets(path, 200)
		zhou.shows("轮到本平台")
		run.Draw()
		stranger.gets(path, 200)
		stranger.shows("已公开", "result.tsv", "查验包", "/screen")
		stranger.gets("/office/batches?state=disclosed", 200)
		stranger.shows("三月联合抽取")
		annulByAnother(t, run, stranger, path)
	})
}

// typeTheEvent has two persons type the event, after mistakes of both: INV-09.
func typeTheEvent(zhou, zou *asker, run *rig.Run, path string) {
	zhou.Helper()
	zhou.gets(path, 200)
	zhou.shows("之后才能录入", "轮到主办单位")
	run.Later(6 * time.Hour)
	zou.gets(path, 200)
	zou.hides("复核公开事件</h2>", "录入公开事件</h2>")
	zhou.gets(path, 200)
	when := run.Now.Add(8*time.Hour - time.Minute).UTC().Format("2006-01-02T15:04")
	zhou.fills(path+"/event", one("code", "ssq", "numbers", "3 7 12", "issue", "2026025", "time", when), 422)
	zhou.shows("公开事件不能接收", `value="3 7 12"`, `value="2026025"`)
	zhou.fills(path+"/event", one("code", "ssq", "numbers", "3 7 12 19 25 33+8", "issue", "2026025", "time", when), http.StatusSeeOther)
	zhou.gets(path, 200)
	zhou.shows("公开事件须由另一人独立录入复核", "重新录入公开事件")
	zhou.hides("12 19 25 33+8</", `value="3 7 12`)

	zou.gets(path, 200)
	zou.shows("复核公开事件", "轮到另一人")
	zou.hides("2026025", `value="3 7`)
	zou.fills(path+"/event/confirm", one("code", "ssq", "numbers", "3 7 12 19 25 32+8"), 422)
	zou.shows("两次录入不一致", `value="3 7 12 19 25 32+8"`)
	zou.hides("03.07.12.19.25.33", "25 33+8\"")
	zou.fills(path+"/event/confirm", one("code", "ssq", "numbers", "3 7 12 19 25 33+8"), http.StatusSeeOther)
}

// annulByAnother has the principal of a department annul, which the organiser's
// people cannot: C18.
func annulByAnother(t *testing.T, run *rig.Run, stranger *asker, path string) {
	t.Helper()
	stranger.gets(path, 200)
	stranger.hides("撤销抽取结果")
	chief := asks(run.Office, run.Someone("胡局长", inspect.Principal, "gaj"))
	chief.gets(path, 200)
	chief.shows("撤销抽取结果", "原结果和撤销理由继续公开")
	number := run.Stands().Number
	chief.sends(inspect.BatchAnnul, one("expect", number, "confirm", number), 422)
	chief.sends(inspect.BatchAnnul, one("expect", number, "confirm", number, "ground", "公开事件录入与公告不符"), http.StatusSeeOther)
	chief.gets(path, 200)
	chief.shows("已撤销", "公开事件录入与公告不符")
}

// R36, R68: what is missing is named before the lock, a run is void with a ground,
// and a batch that is given up frees its tasks.
func TestBatchVoidThroughThePages(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	task := o.TaskReady()
	run := o.Batch(task).Announce()
	path := "/office/batches/" + string(run.ID)
	o.Done(o.Clerk("库管员scjg", "scjg"), act.WithdrawObject{Object: 1, Seen: 1, Reason: "误录入"})
	zhou, zou := asks(o, run.Zhou), asks(o, run.Zou)
	zhou.gets(path, 200)
	zhou.shows("再次确认", "锁定抽查名单")
	zhou.shows("disabled>锁定名单")
	zou.gets(path, 200)
	zou.sends(inspect.BatchVoid, one("technical", "true"), 422)
	zou.sends(inspect.BatchVoid, one("technical", "true", "ground", "名录库有误"), http.StatusSeeOther)
	zhou.gets(path, 200)
	zhou.gets("/office/tasks/"+string(task), 200)
	zhou.shows(`href="`+path+`"`, "已列入批次")
	zhou.gets(path, 200)
	zhou.shows("本次作废", "名录库有误", "void.json", "填写批次")
	zhou.gets(path+"/edit", 200)
	zhou.shows("三月联合抽取", "公证处")
	zhou.gets(path, 200)
	zhou.sends(inspect.BatchDiscard, one(), http.StatusSeeOther)
	zhou.gets(path+"/edit", 409)
	zhou.gets("/office/tasks/"+string(task), 200)
	zhou.shows("待抽取")
}
