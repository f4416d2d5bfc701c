package office_test

import (
	"bytes"
	"encoding/base64"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R64: two persons of the office register the key, a clerk brings the list, and begins
// the task of it.
func TestListFromAboveThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Library("scjg", 2)
		zhou, zou, li := asks(o, o.Clerk("周主任", "lhb")), asks(o, o.Leader("邹主任", "lhb")), asks(o, o.Clerk("李科长", "scjg"))
		s := o.Superior("烟台市市场监督管理局")
		zhou.gets("/office/dispatched", 200)
		zhou.shows("还没有登记公钥", "还没有接收名单")
		key := s.Adding()
		zhou.sends(inspect.UpstreamAddKey, one("sender", key.Sender, "suite", key.Suite, "key", "zz", "ground", key.Ground), 422)
		zhou.sends(inspect.UpstreamAddKey, one("sender", key.Sender, "suite", key.Suite, "key", key.Key, "ground", key.Ground), http.StatusSeeOther)
		zhou.gets("/office/dispatched", 200)
		zhou.shows("待复核")
		zhou.hides(">复核</button>")
		bring := func(text string, status int) string {
			t.Helper()
			li.gets("/office/dispatched", 200)
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			for name, values := range li.carries("/office/dispatched") {
				if err := form.WriteField(name, values[0]); err != nil {
					t.Fatal(err)
				}
			}
			raw, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				t.Fatal(err)
			}
			part, err := form.CreateFormFile("file", "x.zip")
			if err == nil {
				_, err = part.Write(raw)
			}
			if err != nil || form.Close() != nil {
				t.Fatal(err)
			}
			li.mails("/office/dispatched", form.FormDataContentType(), &body, status)
			return text
		}
		list := s.Package("370600-2026-p12", rig.Region, "SITE-scjg-1\t-", "NOT-HERE\t外地餐馆")
		bring(list, http.StatusConflict)
		li.shows("没有登记“烟台市市场监督管理局”的有效公钥")
		zou.gets("/office/dispatched", 200)
		zou.sends(inspect.UpstreamConfirmKey, nil, http.StatusSeeOther)
		bring(list, http.StatusSeeOther)
		li.gets("/office/dispatched", 200)
		li.shows("市级餐饮抽查", "370600-2026-p12", "有效")
		packages, err := o.Store.DB.UpstreamPackages(o.Context(), li.who.Scope(), 10)
		if err != nil || len(packages) != 1 {
			t.Fatal(packages, err)
		}
		path := "/office/dispatched/" + string(packages[0].ID)
		if w := li.gets(path+"/package.zip", 200); base64.StdEncoding.EncodeToString(w.Body.Bytes()) != list {
			t.Error("the file is not what was brought")
		}
		zou.gets(path, 200)
		zou.hides("发起任务</button>")
		li.gets(path, 200)
		li.shows("名录库中没有", "外地餐馆", "可以检查", packages[0].SHA256)
		to := li.sends(inspect.TaskDraft, one("name", "上级名单抽查"), http.StatusSeeOther).Header().Get("Location")
		to, _, _ = strings.Cut(to, "?")
		li.gets(to, 200)
		li.shows("上级派发名单")
		asks(o, o.Someone("孔检查员", inspect.InspectorPost, "scjg")).gets(path, http.StatusForbidden)
	})
}
