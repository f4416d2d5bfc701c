package office_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/web"
)

// uploads sends a file to an address, which must answer with the status.
func (a *asker) uploads(path, name string, file []byte, status int) {
	a.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = form.WriteField("request", web.NewID())
	}
	if err != nil || form.Close() != nil {
		a.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "http://suicha.example"+path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	if w := a.ask(r); w.Code != status {
		a.Fatalf("POST %s by %s: %d, want %d\n%s", path, a.who.Name, w.Code, status, a.page)
	}
}

const upstreamHead = "事项编号,抽查领域,抽查事项名称,事项类别,抽查比例上限,抽查依据,抽查内容,抽查方式\n"

// R19: a clerk brings the superiors' list, sees what it says, adopts from it, and
// decides about what a new version changes. A file at fault changes nothing.
func TestUpstreamListFromFileToAdoption(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li, sun := asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Clerk("孙警官", "gaj"))
	li.gets("/office/upstreams", 200)
	li.shows("还没有登记上级清单")
	li.uploads("/office/upstreams/upload", "list.csv", []byte(upstreamHead+"SD-01,食品,销售,一般,很多,法,许可,现场检查\n"), 200)
	li.shows("看不懂抽查比例", "第2行", "没有保存任何内容")
	li.uploads("/office/upstreams/upload", "list.csv", []byte(upstreamHead+"SD-01,食品,销售检查,一般,5%,法,许可,现场检查\nSD-02,食品,生产检查,一般,5%,法,许可,现场检查\n"), 200)
	li.shows("文件共 2 项", "销售检查")
	li.follows(li.sends(inspect.UpstreamPut, one("level", "provincial", "name", "省清单", "issuer", "省局", "number", "1号", "day", "2026-01-01", "source", ""), http.StatusSeeOther))
	li.shows("省清单", "第 1 版")
	lists, err := o.Store.DB.Upstreams(t.Context(), inspect.Scope{}, rig.Region)
	if err != nil || len(lists) != 1 || len(lists[0].Items) != 2 {
		t.Fatalf("%+v, %v", lists, err)
	}
	path := "/office/upstreams/" + string(lists[0].ID)
	li.gets(path, 200)
	li.follows(li.sends(inspect.ItemAdopt, one("codes", "SD-01", "reason", ""), http.StatusSeeOther))
	li.shows("已采用", "未采用")
	li.uploads(path+"/upload", "list.csv", []byte(upstreamHead+"SD-01,食品,销售检查,一般,5%,法,许可和贮存,现场检查\n"), 200)
	li.shows("许可和贮存", "生产检查")
	li.follows(li.sends(inspect.UpstreamPut, one("level", "provincial", "name", "省清单", "issuer", "省局", "number", "2号", "day", "2026-02-01", "source", ""), http.StatusSeeOther))
	li.shows("受新版影响的本地事项")
	item := "/office/items/" + string(itemOf(o, "SD-01").ID)
	li.gets(item, 200)
	li.shows("上级清单新版有变更")
	li.follows(li.sends(inspect.ItemKeep, one("reason", "本地不检查贮存"), http.StatusSeeOther))
	li.hides("上级清单新版有变更")
	sun.gets(path, 200)
	sun.hides(`action="/act/item.adopt?`)
	sun.uploads(path+"/upload", "list.csv", []byte(upstreamHead), http.StatusNotFound)
}

// A checklist is written question by question or brought as an XLSForm; whoever
// prepares sees it as inspectors will.
func TestChecklistOnThePage(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li, sun := asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Clerk("孙警官", "gaj"))
	path := "/office/items/" + string(o.Item("scjg", "A-1")) + "/checklist"
	li.gets(path, 200)
	li.shows("还没有检查表单")
	li.sends(inspect.ChecklistQuestion, one("label", "", "name", "1", "type", "yesno"), http.StatusUnprocessableEntity)
	li.follows(li.sends(inspect.ChecklistQuestion, one("label", "是否公示", "name", "shown", "type", "yesno", "default", "yes"), http.StatusSeeOther))
	li.follows(li.sends(inspect.ChecklistQuestion, one("label", "未公示的原因", "name", "why", "type", "text", "default", "", "if", "shown", "is", "no", "reason", "补充"), http.StatusSeeOther))
	li.shows("第 2 版", "第 1 题回答“否”时检查")
	li.hides(`id="preview-why"`)
	li.gets(path+"?a.shown=no", 200)
	li.shows(`id="preview-why"`)
	li.gets(path+"?no=2", 200)
	li.follows(li.sends(inspect.ChecklistDrop, one("reason", "不需要"), http.StatusSeeOther))
	var file bytes.Buffer
	if err := exchange.WriteXLSForm(&file, "表单", []inspect.Question{{Name: "n", Type: inspect.AskNumber, Label: "从业人数"}}); err != nil {
		t.Fatal(err)
	}
	li.uploads(path+"/upload", "form.xlsx", file.Bytes(), 200)
	li.shows("从业人数", "文件共 1 题")
	li.follows(li.sends(inspect.ChecklistPut, one("reason", "改用统一表单"), http.StatusSeeOther))
	li.shows("第 4 版", "从业人数")
	li.gets(path+".xlsx", 200)
	sun.gets(path, 200)
	sun.hides(`action="/act/checklist.question?`, "导入 XLSForm")
	sun.uploads(path+"/upload", "form.xlsx", file.Bytes(), http.StatusForbidden)
}

// R21, R22, R25: the joint list from its draft to its publication, and the limits,
// as the pages offer them.
func TestJointListAndLimitsOnThePages(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	o.Item("scjg", "A-1")
	o.Item("gaj", "A-1")
	zhou, zou, li, sun := asks(o, o.Clerk("周主任", "lhb")), asks(o, o.Leader("邹主任", "lhb")), asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Clerk("孙警官", "gaj"))
	zou.gets("/office/items?all=1", 200)
	zou.follows(zou.sends(inspect.ItemLimitPut, one("keys", "5", "max_share", "10%", "ground", "议定"), http.StatusSeeOther))
	zou.shows("重点事项不超过 5 项")
	li.gets("/office/joint", 200)
	li.shows("还没有可以查看的联合清单")
	zhou.gets("/office/joint", 200)
	zhou.follows(zhou.sends(inspect.JointDraft, nil, http.StatusSeeOther))
	all, err := o.Store.DB.JointLists(t.Context(), zhou.who.Scope(), rig.Region)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	path := "/office/joint/" + string(all[0].ID)
	li.gets(path, http.StatusNotFound)
	zhou.gets(path+"/lines/0", 200)
	line := one("name", "餐饮联合抽查", "field", "餐饮", "lead", string(rig.Org("scjg")))
	line["items"] = []string{string(rig.ID[inspect.ItemID]("item scjgA-1")), string(rig.ID[inspect.ItemID]("item gajA-1"))}
	zhou.follows(zhou.sends(inspect.JointPutLine, line, http.StatusSeeOther))
	zhou.shows("餐饮联合抽查", "尚未征求")
	zhou.follows(zhou.sends(inspect.JointInvite, nil, http.StatusSeeOther))
	for _, who := range []*asker{li, sun} {
		who.gets(path, 200)
		who.follows(who.sends(inspect.JointAccept, one("note", ""), http.StatusSeeOther))
	}
	zou.gets(path, 200)
	zou.follows(zou.sends(inspect.JointPublish, one("places", "市政府网站"), http.StatusSeeOther))
	zou.shows("已公布", "市政府网站")
	zhou.gets(path, 200)
	zhou.shows("发起联合清单调整")
	zhou.hides(`action="/act/joint.put_line?`, `action="/act/joint.publish?`)
}
