package office_test

import (
	"bytes"
	"context"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/rig"
	"suicha/internal/stage"
	"suicha/internal/workday"
)

// folderOf holds what the pages of one office keep outside the record.
func folderOf(o *rig.Office) stage.Folder {
	o.Helper()
	f, err := stage.Open(o.TempDir())
	if err != nil {
		o.Fatal(err)
	}
	return f
}

// brings sends a file by the form of the first step.
func (a *asker) brings(file, text string, fields map[string]string, status int) *httptest.ResponseRecorder {
	a.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := m.WriteField(name, value); err != nil {
			a.Fatal(err)
		}
	}
	part, err := m.CreateFormFile("file", file)
	if err == nil {
		_, err = part.Write([]byte(text))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		a.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "http://suicha.example/office/imports/files", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := a.ask(r)
	if w.Code != status {
		a.Fatalf("bring %s: %d, want %d\n%s", file, w.Code, status, a.page)
	}
	return w
}

// works lets the platform do what it has to.
func (a *asker) works() {
	a.Helper()
	m := job.Importer{DB: a.Store.DB, Desk: a.Desk, Folder: a.imports, Now: func() time.Time { return a.Now }}
	if err := m.Step(context.Background()); err != nil {
		a.Fatal(err)
	}
}

var chosen = regexp.MustCompile(`<option value="([^"]*)" selected>`)

// maps sends the second step as it is proposed.
func (a *asker) maps() *httptest.ResponseRecorder {
	a.Helper()
	var columns []string
	for _, m := range chosen.FindAllStringSubmatch(a.page, -1) {
		columns = append(columns, html.UnescapeString(m[1]))
	}
	return a.sends(inspect.ImportUpload, url.Values{"columns": columns}, http.StatusSeeOther)
}

const shopsCSV = "统一社会信用代码,企业名称,住所,备注\n92370687MA3XY12K76,某某店,某路1号,x\n91370687MA3TERT03B,某某厂,某路2号,\n不是代码,错行,,\n"

// R27, R33: a clerk brings a file, sees what it would do, confirms it, and takes
// it back, on pages alone.
func TestImportWizard(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := asks(o, o.Clerk("李科长", "scjg"))
		li.gets("/office/imports", 200)
		li.shows("还没有导入过文件", "/office/imports/new")
		li.gets("/office/imports/new", 200)
		source := map[string]string{"source": "市场主体登记", "sourced": "2026-03-01", "whole": "true"}
		li.brings("a.csv", shopsCSV, map[string]string{"sourced": "2026-03-01"}, http.StatusUnprocessableEntity)
		li.shows("请填写数据来源。")
		li.brings("a.csv", "", source, http.StatusUnprocessableEntity)
		li.follows(li.brings("a.pdf", "%PDF-1.4", source, http.StatusSeeOther))
		li.shows("认不出这是什么文件")
		li.follows(li.brings(`C:\文件\a.csv`, shopsCSV, source, http.StatusSeeOther))
		li.shows("a.csv", "统一社会信用代码（必填）", "某某店　某某厂")
		page := li.maps()
		li.follows(page)
		li.shows("已办理：上传导入文件", "正在检查", `hx-trigger="every 2s"`)
		li.works()
		li.follows(page)
		li.shows("检查结果", "某某店", "9237 0687 MA3X Y12K 76", "场所、设备和个人没有统一社会信用代码的", "新增 2 户")
		li.works() // the file of faults
		here := strings.Split(page.Header().Get("Location"), "?")[0]
		li.gets(here+"/faults.xlsx", 200)
		if !strings.HasPrefix(li.page, "PK") {
			t.Error("the file of faults is no workbook")
		}
		sun := asks(o, o.Clerk("孙警官", "gaj"))
		sun.gets(here, 404)
		sun.gets(here+"/faults.xlsx", 404)
		sun.gets("/office/imports", 200)
		sun.hides("市场主体登记")
		li.gets(here, 200)
		li.follows(li.sends(inspect.ImportConfirm, nil, http.StatusSeeOther))
		li.shows("正在导入")
		li.works()
		li.gets(here, 200)
		li.shows("已导入", "撤销本批次")
		li.sends(inspect.ImportReverse, nil, http.StatusUnprocessableEntity)
		li.follows(li.sends(inspect.ImportReverse, one("reason", "选错了文件"), http.StatusSeeOther))
		li.works()
		li.gets(here, 200)
		li.shows("已撤销", "选错了文件")
		li.gets("/office/imports/objects.xlsx", 200)
		o.Verified()
	})
}

// R19, R38: inspectors and items go the same way, each with the words of its library.
func TestImportWizardForLists(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := asks(o, o.Clerk("李科长", "scjg"))
		o.Done(li.who, act.PutObject{Code: "92370687MA3XY12K76", Kind: inspect.IndividualBusiness, Name: "某店", Status: inspect.ObjectActive, Source: "登记", Sourced: workday.MustParse("2026-02-01")})
		li.gets("/office/imports", 200)
		li.shows("导入执法检查人员", "导入抽查事项", "/office/imports/inspectors.xlsx")
		for _, c := range []struct {
			noun, page, template, text string
			new, checked, applied      []string
		}{
			{"inspector", "/office/inspectors", "inspectors", "姓名,工号,人员类别,执法证号,有效期止,身份证号\n某人,A-1,公务员,鲁F1,2028-12-31,x\n某专家,A-2,专家,鲁F2,2028-12-31,x\n",
				[]string{"导入执法检查人员", "只能导入本部门的人员", "移出名录库"},
				[]string{"新增 1 人", "名录库不保存身份证号", "专家、第三方和辅助人员只协助检查", "工号"}, []string{"某人", "A-1"}},
			{"item", "/office/items", "items", "事项编号,抽查领域,抽查事项名称,事项类别,抽查比例,抽查依据,抽查内容,抽查方式\nA-1,食品,食品检查,一般,5%,食品安全法,许可,现场检查\nA-2,食品,无比例,一般,,食品安全法,许可,现场检查\n",
				[]string{"导入抽查事项", "不论原来从哪里列入", "作为各事项的变更理由公开"},
				[]string{"清单中新增 1 项", "请填写一般检查事项的抽查比例上限", "编号"}, []string{"食品检查", "A-1"}},
			{"licence", "/office/objects", "licences", "信用代码,企业名称,许可证名称,许可证编号,有效期至\n92370687MA3XY12K76,某店,食品经营许可证,JY1,长期\n91370687MA3TERT03B,厂,食品经营许可证,JY2,长期\n",
				[]string{"导入许可证", "检查对象必须已在名录库中", "会标为“已注销”"},
				[]string{"新增 1 张", "请先登记或者导入这个对象", "JY1"}, []string{"导出许可证", "/office/objects/licences.xlsx"}},
		} {
			li.gets(c.page, 200)
			li.shows("/office/imports/new?noun=" + c.noun)
			li.gets("/office/imports/new?noun="+c.noun, 200)
			li.shows(c.new...)
			source := map[string]string{"noun": c.noun, "source": "部门文件", "sourced": "2026-03-01", "whole": "true"}
			li.brings("a.csv", "", source, http.StatusUnprocessableEntity)
			li.shows(c.new[0])
			li.follows(li.brings("a.csv", c.text, source, http.StatusSeeOther))
			li.shows("必填")
			page := li.maps()
			li.works()
			li.follows(page)
			li.shows(c.checked...)
			li.works() // the file of faults
			li.gets(strings.Split(page.Header().Get("Location"), "?")[0], 200)
			li.follows(li.sends(inspect.ImportConfirm, nil, http.StatusSeeOther))
			li.works()
			here := strings.Split(page.Header().Get("Location"), "?")[0]
			li.gets(here, 200)
			li.shows("已导入", "撤销本批次")
			li.gets(here+"/faults.xlsx", 200)
			asks(o, o.Clerk("孙警官", "gaj")).gets(here, 404)
			li.gets(c.page, 200)
			li.shows(c.applied...)
			li.gets("/office/imports/"+c.template+".xlsx", 200)
		}
		li.gets("/office/objects/licences.csv?q=某店", 200)
		li.shows("统一社会信用代码,持证单位,许可证名称", "92370687MA3XY12K76,某店,食品经营许可证,JY1,,,,"+li.who.Org.Name)
		li.gets("/office/objects/licences.xlsx", 200)
		o.Verified()
	})
}

// The columns that were chosen for a source are proposed for its next file.
func TestMappingIsRemembered(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li := asks(o, o.Clerk("李科长", "scjg"))
	source := map[string]string{"source": "许可档案", "sourced": "2026-03-01"}
	text := "代号,名称\n92370687MA3XY12K76,某某店\n"
	li.follows(li.brings("a.csv", text, source, http.StatusSeeOther))
	li.shows("缺少必填的“统一社会信用代码”列")
	li.sends(inspect.ImportUpload, url.Values{"columns": {"A\t代号\tcode", "B\t名称\tname"}}, http.StatusSeeOther)
	li.works()
	li.follows(li.brings("b.csv", text+"91370687MA3TERT03B,厂\n", source, http.StatusSeeOther))
	li.hides("缺少必填")
	li.shows(`value="A	代号	code" selected`)
}
