package office_test

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

var hiddenTask = regexp.MustCompile(`name="tasks" value="([^"]*)"`)

// pastes sends text as it was copied from Excel.
func (a *asker) pastes(path, text string, status int) {
	a.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("text", text); err != nil || form.Close() != nil {
		a.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "http://suicha.example"+path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	if w := a.ask(r); w.Code != status {
		a.Fatalf("%d, want %d\n%s", w.Code, status, a.page)
	}
}

// adds confirms the rows that the page shows.
func (a *asker) adds(path string, status int) {
	a.Helper()
	form := url.Values{}
	for _, m := range hiddenTask.FindAllStringSubmatch(a.page, -1) {
		form.Add("tasks", html.UnescapeString(m[1]))
	}
	r := httptest.NewRequest(http.MethodPost, "http://suicha.example"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if w := a.ask(r); w.Code != status {
		a.Fatalf("%d, want %d\n%s", w.Code, status, a.page)
	}
}

// R46: rows copied from Excel become tasks of a draft, by the rules of the single act;
// what is wrong is said before anything is written, and nothing is added twice.
func TestTasksFromExcel(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		clerk := o.Clerk("李科长", "scjg")
		li := asks(o, clerk)
		plan := o.Filled(clerk, 2026)
		had := o.Plan(plan).Standing()[0]
		item := rig.ID[inspect.ItemID]("item scjgA-1")
		facts, err := o.Store.DB.Facts(t.Context(), clerk.Scope(), rig.Region)
		if err != nil {
			t.Fatal(err)
		}
		path := "/office/plans/" + string(plan) + "/sheet"
		li.gets("/office/plans/"+string(plan), 200)
		li.shows(path)
		li.gets(path, 200)
		li.gets("/office/plans/sheet.xlsx", 200)
		row := func(name, items, months, area, lead string) string {
			return strings.Join([]string{"9", name, "餐饮服务", items, "餐饮服务单位", "", "400", "5%", "20", "每年 1 次", months, area, lead, "", "综合联查", "否", "实地核查", "县抽县查", ""}, "\t")
		}
		text := strings.Join([]string{
			row("新任务一", "A-1", "3—4月、11月", "全域", clerk.Org.Short), row("新任务二", facts.Items[item].Name, "全年", "东村街道", ""),
			row("坏月份", "A-1", "13月", "", ""), row("坏事项", "X-9", "6月", "", ""), row("坏镇街", "A-1", "6月", "月球", ""), row("坏部门", "A-1", "6月", "", "月球局"),
			row(had.Name, "A-1", "6月", "", ""), row("新任务一", "A-1", "6月", "", ""),
		}, "\n")
		li.pastes(path, text, 200)
		li.shows("添加 2 项任务", "3—4月、11月", "看不懂实施检查时间", "没有找到名为“X-9”的抽查事项", "没有找到名为“月球”的镇街", "没有找到名为“月球局”的单位", "已有同名任务", "有误的 4 行")
		if got := o.Plan(plan); len(got.Standing()) != 1 {
			t.Fatalf("the check wrote %d tasks", len(got.Standing())-1)
		}
		checked := li.page
		li.adds(path+"/add", 200)
		li.shows("已添加 2 项任务")
		li.page = checked
		li.adds(path+"/add", 200) // once more
		li.shows("已添加 0 项任务", "已在计划中")
		lines := o.Plan(plan).Standing()
		if len(lines) != 3 || lines[1].Months.Text() != "3—4月、11月" || lines[1].Pool != 400 || lines[2].Months.Count() != 12 || len(lines[2].Areas) != 1 || lines[2].Items[0] != item {
			t.Errorf("tasks are %+v", lines)
		}

		// What a plan is exported as comes in again, and adds nothing.
		li.gets("/office/plans/"+string(plan)+"/plan.xlsx", 200)
		li.uploads(path, "plan.xlsx", []byte(li.page), 200)
		li.shows("新任务一", "已有同名任务")
		li.hides("有需要修改的地方", "项任务，每项一条记录")
		li.uploads(path, "a.pdf", []byte("%PDF-1.4"), 422)
		li.shows("认不出这是什么文件")
		li.pastes(path, "任务名称\t抽查基数\n某\t1\n", 200)
		li.shows("缺少必填的")
		li.pastes(path, "", 422)
		asks(o, o.Clerk("孙警官", "gaj")).gets(path, 404)
		o.Verified()
	})
}
