package web

import (
	"net/http"

	"suicha/internal/inspect"
)

// galleryView holds every component in every state. All names are invented.
type galleryView struct {
	Crumbs   []Link
	Steps    []Step
	States   []State
	Dues     []Due
	Receipt  *Receipt
	Digest   string
	Filter   Filter
	Views    []Tab
	Rows     []galleryRow
	Pager    Pager
	Facts    []Fact
	Entries  []Entry
	Tiles    []Tile
	Numbers  []Number
	Todo     []TodoGroup
	Matrix   Matrix
	Changes  []Change
	Consents []Consent
	Form     Form
	Wrong    Form
	Items    []Option
	Modes    []Option
	SignIn   Form
	Grave    Grave
	Shut     Grave
	QR       QR
	Print    PrintHead
}

type galleryRow struct {
	Code, Name, Lead, Partners, Ratio, Months string
	Count                                     int
	State                                     State
	On                                        bool
}

// galleryCommand has a field of every kind.
type galleryCommand struct {
	Plan    string   `json:"plan"`
	Seen    int64    `json:"seen"`
	Name    string   `json:"name" label:"任务名称" hint:"写明领域和对象，如“餐饮服务联合抽查”。"`
	Scope   string   `json:"scope" label:"抽查对象范围"`
	Pool    int64    `json:"pool" label:"抽查基数" hint:"计划编制时在库的户数。"`
	Due     string   `json:"due" label:"完成日期"`
	Lead    string   `json:"lead" label:"牵头部门"`
	Items   []string `json:"items" label:"抽查事项"`
	Mode    string   `json:"mode" label:"抽查检查模式"`
	Months  []int    `json:"months" label:"实施检查时间" hint:"可以选几个月。"`
	Public  bool     `json:"public" label:"抽取过程邀请公众现场见证"`
	Opinion string   `json:"opinion" label:"意见"`
}

func (galleryCommand) Verb() inspect.Verb { return inspect.PlanPutLine }

type gallerySignIn struct {
	Account  string `json:"account" label:"账号"`
	Password string `json:"password" label:"口令" hint:"大小写有区别。连续输错 5 次，账号锁定 15 分钟。"`
}

type galleryPublish struct {
	Plan string `json:"plan"`
}

func (galleryPublish) Verb() inspect.Verb { return inspect.PlanPublish }

var (
	galleryParts  = NewPage[galleryView](files, "gallery.html")
	galleryPlan   = NewPage[galleryView](files, "gallery-plan.html")
	galleryPortal = NewPage[galleryView](files, "gallery-portal.html")
	galleryPlain  = NewPage[galleryView](files, "gallery-plain.html")
)

// Gallery shows every component in every state, with names longer than any real
// one. The demonstration mounts it; a change of the look is looked at here.
func Gallery(w http.ResponseWriter, r *http.Request) error {
	v, err := galleryOf(r)
	if err != nil {
		return err
	}
	switch r.URL.Query().Get("show") {
	case "plan":
		return galleryPlan.Show(w, r, v)
	case "portal":
		return galleryPortal.Show(w, WithArea(r, Portal), v)
	case "plain":
		return galleryPlain.Show(w, WithArea(r, Plain), v)
	case "error":
		return inspect.ErrMissing
	case "fault":
		return http.ErrNotSupported
	}
	return galleryParts.Show(w, r, v)
}

const galleryLong = "海阳市部门联合“双随机、一公开”监管工作联席会议办公室（海阳市市场监督管理局信用风险监督管理科）"

func galleryOf(r *http.Request) (galleryView, error) {
	qr, err := NewQR("计划 370687-2026 的公开记录", "https://haiyang.example/plans/370687-2026")
	if err != nil {
		return galleryView{}, err
	}
	cmd := galleryCommand{Plan: "370687-2026", Seen: 3, Pool: 1207, Items: []string{"food"}, Mode: "county", Months: []int{6, 11}, Public: true}
	publish := galleryPublish{Plan: "370687-2026"}
	v := galleryView{
		Crumbs:  []Link{{"年度计划", "/gallery?show=plan"}, {"370687-2026", ""}},
		Receipt: &Receipt{N: 41, Code: "A3D8-52F6", Text: "已发起第 3 次调整。"},
		Digest:  "05fd8e5a7c1199e02b4fd5f7a88c40d1b96b3c8a5e21f03d8842bd0032c220f1",
		Form:    FormOf(r, cmd, "plan", "seen"),
		Wrong:   galleryWrong(r, cmd),
		SignIn:  FormTo(r, SignInPath, gallerySignIn{}),
		Items: []Option{
			{Value: "food", Text: "食品经营许可", Note: "市场监督管理局"},
			{Value: "gas", Text: "燃气使用安全", Note: "综合行政执法局"},
			{Value: "fire", Text: "消防安全责任制落实情况及疏散通道、安全出口、消防车通道畅通情况", Note: galleryLong},
			{Value: "health", Text: "公共场所卫生", Note: "卫生健康局"},
		},
		Modes: Options(inspect.DrawModes),
		Grave: Grave{
			Title: "公布第 3 次调整", Button: "公布调整", Expect: "370687-2026", Form: FormOf(r, publish, "plan"),
			Effects: []string{"公布后立即对社会可见，不能撤回，只能再作调整。", "第五批抽签将按新的比例执行。", "需要另一位复核人（顾长青）确认。"},
		},
		Shut: Grave{
			Title: "公布第 4 次调整", Button: "公布调整", Expect: "370687-2026", Form: FormFor(r, "shut", publish, "plan"),
			Effects: []string{"公布后立即对社会可见，不能撤回，只能再作调整。", "第五批抽签将按新的比例执行。", "需要另一位复核人（顾长青）确认。"},
			Why:     []string{"还差 5 个部门会签，最迟 11月30日（剩 4 个工作日）"},
		},
		QR:    qr,
		Print: PrintHead{Title: "2026 年度部门联合抽查计划", Number: "370687-2026", Printed: "2026-11-24 10:42", QR: qr},
	}
	return galleryLists(r, galleryRecord(v)), nil
}

// galleryWrong is the form as it comes back after everything in it was wrong.
func galleryWrong(r *http.Request, cmd galleryCommand) Form {
	back := withScene(r, func(s *scene) {
		s.failure = &Failure{
			Form:   "plan-put-line-wrong",
			Values: map[string][]string{"name": {""}, "pool": {"很多"}, "scope": {"全市餐饮服务单位"}, "months": nil, "lead": {"x"}},
			Problems: inspect.Problems{
				inspect.ErrEmpty.With("任务名称").At("name"), ErrNumber.With("抽查基数").At("pool"),
				inspect.ErrChoice.With("牵头部门").At("lead"), inspect.ErrEmpty.With("实施检查时间").At("months"),
				inspect.ErrEmpty.With("抽查事项").At("items"), inspect.ErrChoice.With("抽查检查模式").At("mode"),
			},
		}
	})
	return FormFor(back, "wrong", cmd, "plan", "seen")
}

func galleryRecord(v galleryView) galleryView {
	v.Steps = []Step{
		{"编制", "2025-12-08", Past}, {"部门会签", "17/17 个部门", Past}, {"办公室汇总", "2026-02-12", Past},
		{"公布", "2026-02-26", Past}, {"第 3 次调整", "会签 12/17", Now}, {"年终核对", "2026-12-31", Future},
	}
	v.States = []State{
		{Idle, "未开始", false}, {Going, "检查中", false}, {Waiting, "待会签", false}, {Happy, "已完成", false},
		{Bad, "有意见", false}, {Sealed, "封存中", false}, {Waiting, "未读", true}, {Happy, "12 个部门已同意", true},
	}
	v.Dues = []Due{{"剩 4 个工作日", "11月30日（周一）", Calm}, {"今天 17:30 前", "11月24日（周二）", Soon}, {"超 1 个工作日", "应于 11月23日（周一）", Late}}
	v.Facts = []Fact{
		{"经营者", "林书衡", ""}, {"经营场所", "凤城街道渔港路 3 号", ""}, {"属地监管所", galleryLong, ""},
		{"信用风险", "C（2026-10-31 由 B 调整）", "来源：省信用风险分类，理由：投诉举报增多"},
	}
	v.Entries = []Entry{
		{At: Now, Text: "等待会签", When: "剩 4 个工作日"},
		{At: Past, Text: "商务局提出意见", Note: "旅行社抽查避开 12月25日展会，建议改到 12月上旬；展会期间全部工作人员在岗保障，无法抽调执法检查人员。", When: "11月23日 16:20", Who: "叶知秋"},
		{At: Past, Text: "发起第 3 次调整", When: "11月20日 9:12", Who: "周以宁", Receipt: &Receipt{N: 41, Code: "A3D8-52F6"}},
		{At: Past, Text: "第 2 次调整公布", When: "8月31日 15:00", Receipt: &Receipt{N: 37, Code: "64B1-0E9C"}},
		{At: Past, Text: "年度计划公布", When: "2月26日 10:00", Receipt: &Receipt{N: 12, Code: "18C5-D70A"}},
	}
	v.Matrix = Matrix{Caption: "事项覆盖：每个事项每月的任务数", Head: "抽查事项", Columns: []string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"}, Rows: []MatrixRow{
		{Text: "食品经营许可", Counts: []int{0, 0, 1, 1, 0, 2, 0, 0, 1, 0, 3, 0}},
		{Text: "燃气使用安全", Counts: []int{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0}},
		{Text: "消防安全责任制落实情况及疏散通道畅通情况", Counts: []int{0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0}},
		{Text: "劳动用工", Counts: []int{0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1}},
		{Text: "统计数据质量", Counts: make([]int, 12), Gap: "未覆盖"},
	}}
	v.Changes = []Change{
		{"改", "HY-13　旅行社与研学机构抽查", []Part{{"抽查比例", "10%", "15%"}, {"户数", "6", "9"}}},
		{"增", "HY-14　建筑工地劳动用工抽查", []Part{{"", "", "5%，14 户，12月"}}},
		{"删", "HY-02　节前市场价格行为抽查", []Part{{"", "3%，20 户，1月", ""}}},
	}
	v.Consents = []Consent{
		{"商务局", "避开 12月25日展会", State{Bad, "有意见", true}}, {"司法局", "", State{Waiting, "未读", true}},
		{"农业农村局", "", State{Waiting, "已读", true}}, {galleryLong, "", State{Happy, "同意", true}},
	}
	return v
}

func galleryLists(r *http.Request, v galleryView) galleryView {
	v.Filter = NewFilter(r, "任务名称或编号", "rows",
		NewChip(r, "状态", "state", Option{"", "全部", ""}, Option{"go", "检查中", "2"}, Option{"done", "已完成", "12"}, Option{"wait", "本次调整", "2"}),
		NewChip(r, "牵头部门", "lead", Option{"", "全部", ""}, Option{"scjg", "市场监督管理局", "7"}, Option{"office", galleryLong, "1"}))
	v.Views = []Tab{{"全部任务", "/gallery", "16", true}, {"本局牵头", "/gallery?v=lead", "7", false}, {"等本局会签", "/gallery?v=wait", "2", false}, {"本次调整", "/gallery?v=new", "2", false}}
	v.Pager = NewPager(r, "rows", "共 3,871 条，本页 20 条", "HY-14")
	v.Rows = []galleryRow{
		{"HY-03", "学校食堂联合抽查", "市场监管局", "教育和体育局、卫生健康局", "20%", "3—4月、11月", 38, State{Happy, "已完成", false}, false},
		{"HY-05", "餐饮服务联合抽查", "市场监管局", "综合行政执法局、应急管理局", "1%—10%", "6月、11月", 78, State{Going, "检查中", false}, true},
		{"HY-09", "机动车检验机构抽查", "市场监管局", "生态环境局、公安局", "50%", "11月", 6, State{Happy, "已完成", false}, false},
		{"HY-13", "旅行社与研学机构抽查", "文化和旅游局", "教育和体育局、交通运输局", "10% → 15%", "12月", 9, State{Waiting, "本次调整", false}, false},
		{"HY-14", "危险化学品生产经营储存使用单位安全生产与环境保护、特种设备联合抽查（含港区）", galleryLong, "应急管理局、生态环境分局、交通运输局、消防救援大队、市场监督管理局、住房和城乡建设管理局", "5%", "12月", 1214, State{Bad, "有意见", false}, false},
	}
	v.Tiles = []Tile{{"第四批应查", "147", "户", "/gallery", Calm}, {"已完成", "61", "41%", "/gallery", Calm}, {"待公示", "9", "户", "/gallery", Soon}, {"待整改", "7", "户", "/gallery", Late}}
	v.Numbers = []Number{{"运行次数", "第 1", "次，一次完成"}, {"在库", "4,517", "户"}, {"抽中", "147", "户"}}
	v.Todo = []TodoGroup{
		{"已超时限", true, []Job{{"审批检查结果：海阳市鲁味居酒楼", "10月26日查完，20 个工作日内公示　下一步：推送信用公示系统", "/gallery", "去审批", v.Dues[2], true}}},
		{"今天", false, []Job{
			{"会签：第五批抽签公告", "文化和旅游局发起，还差 3 个部门　下一步：联席会议办公室公布", "/gallery", "会签", v.Dues[1], false},
			{"确认：" + galleryLong + "报送的 2027 年度部门联合抽查计划（征求意见稿）", "下一步：汇总", "/gallery", "逐项核对", v.Dues[1], false}}},
		{"等别人", false, []Job{{"第 3 次计划调整会签", "等商务局、司法局等 5 个部门　已提醒 1 次", "/gallery", "再提醒", v.Dues[0], false}}},
	}
	return v
}
