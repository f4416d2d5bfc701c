package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"suicha/internal/county"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/web/office"
)

// tour is the newcomer's way through a demonstration; nil on every other site.
func (s *site) tour(autumn county.Autumn) *office.Tour {
	if !s.demo {
		return nil
	}
	t := &office.Tour{Chapters: slices.Insert(slices.Clone(tourChapters), autumnChapter, tourAutumn(autumn)...), Batches: s.tourBatches}
	for _, c := range county.Contributors() {
		t.Keys = append(t.Keys, web.Fact{Label: c.Name + "（" + inspect.ChoiceText(inspect.ContributorRoles, c.Role) + "）", Value: c.Key, Note: holder(c)})
	}
	return t
}

func holder(c county.Contributor) string {
	if c.Holder == "" {
		return ""
	}
	return "信封由" + c.Holder + "保管"
}

// tourChapters is the chain, from the plan to the draw that anybody checks.
var tourChapters = []office.TourChapter{
	{Title: "一　计划和名录", Text: "每年的计划由各部门报送，联席会议办公室汇总，市政府批准后公布。对象和人员两个名录库用文件导入，变动都留有记录。", Steps: []office.TourStep{
		{Who: "公开网站：计划", Text: "看已公布的年度计划和历次调整。", Href: "/plans"},
		{Name: "scjg-jbr", Text: "编制下一年度计划；在“名录导入”看导入的文件和核对结果。", Href: "/office"},
		{Name: "wjj-lly", Text: "会签其他部门牵头的任务。", Href: "/office"},
		{Name: "zf-zjr", Text: "批准联合抽查年度计划。", Href: "/office"},
	}},
	{Title: "二　任务", Text: "牵头部门从已公布的计划发起任务，参与部门同意，负责人批准，报联席会议办公室备案。", Steps: []office.TourStep{
		{Name: "scjg-jbr", Text: "填写“学校食堂联合抽查”并报审。", Href: "/office"},
		{Name: "gaj-fgfzr", Text: "同意参加“机动车检验机构联合抽查”，批准本局发起的“宾馆旅店联合抽查”。", Href: "/office"},
		{Name: "zjj-jbr", Text: "为“餐饮服务联合抽查”确认本局的两个名录库：少了这一步就不能抽取。", Href: "/office"},
		{Name: "lhb-jbr", Text: "在“办理进度”掌握全部任务，看谁还没有办、哪些计划任务还没有发起。", Href: "/office/progress"},
	}},
	{Title: "三　公开抽取", Text: "几项任务列入一个批次。先公告，再锁定名单，各贡献方先交承诺、再亮出随机数，最后由公开事件决定。任何一方都不能左右结果。", Steps: []office.TourStep{
		{Name: "lhb-fgfzr", Text: "公告“12月旅行社联合抽取”：编制的人不能公告。", Href: "/office"},
		{Name: "lhb-jbr", Text: "锁定已公告的“12月医药企业联合抽取”；重新安排已作废的“11月建筑工地联合抽取”。", Href: "/office"},
		{Name: "wjj-jbr", Text: "“医疗机构抽取”已锁定，还缺公证处的承诺：在本页下方下载文件，到批次页面提交。", Href: "/office"},
		{Name: "gaj-jbr", Text: "“娱乐场所抽取”等公安局亮出随机数；“旅馆业治安抽取”等公开事件：摇取六个号码球，录入号码。", Href: "/office"},
		{Name: "gaj-fgfzr", Text: "独立录入同样的号码，复核公开事件。", Href: "/office"},
		{Name: "jdk-jdy", Text: "“12月危险化学品密封抽取”的名单要到检查结束才公开：由保管方交存密封的随机数。", Href: "/office"},
		{Name: "scjg-jbr", Text: "“药品零售企业抽取”等启封：提交两个信封中的随机数，平台随即算出并公布名单。", Href: "/office"},
	}},
	{Title: "四　日程和派发", Text: "抽中一户，派一个检查小组，把几个部门的事项一次查完。牵头部门安排日程，组织抽取的单位派发，各部门签收。", Steps: []office.TourStep{
		{Name: "scjg-jbr", Text: "为“11月特种设备和工贸企业抽取”安排检查日程：先看方案，再确认。", Href: "/office"},
		{Name: "lhb-fgfzr", Text: "派发这一批的检查小组：派发之前，其他人看不到。", Href: "/office"},
		{Name: "scjg-jbr", Text: "签收已派发的“11月学校食堂联合抽取”。", Href: "/office"},
	}},
	{Title: "人人可以查验", Text: "公开的抽取连同全部材料供任何人下载、重算。作废的和撤销的抽取同样公开。", Steps: []office.TourStep{
		{Who: "公开网站：抽签", Text: "看每次抽取的过程、名单和现场大屏；下载查验包，其中的 verify.html 不用联网就能重算。", Href: "/draws"},
		{Who: "公开网站：我的企业", Text: "选一个批次，在“我的企业”用统一社会信用代码查为什么抽中、为什么没有抽中。", Href: "/draws"},
		{Name: "jdk-jdy", Text: "监督每一项操作的记录；公开事件也可以由执法监督员复核。", Href: "/office/record"},
	}},
	{Title: "三类管理员", Text: "管理员不办理业务，彼此不得兼任。", Steps: []office.TourStep{
		{Name: "xtgly", Text: "系统管理员：单位更名、撤并，登记人员。", Href: "/office/orgs"},
		{Name: "aqgly", Text: "安全管理员：授予和结束岗位，发放账号。", Href: "/office/accounts"},
		{Name: "sjgly", Text: "审计管理员：查看存证记录和安全日志。", Href: "/office/record"},
	}},
}

// tourBatches are the draws that wait for documents of the demonstration's
// contributors.
func (s *site) tourBatches(ctx context.Context) (list []office.TourBatch, err error) {
	scope := inspect.Scope{Region: s.config.Region, Reach: inspect.ReachOversight}
	open, err := s.store.DB.Batches(ctx, scope, store.BatchFilter{Open: true})
	if err != nil {
		return nil, err
	}
	for _, b := range open {
		facts, err := s.store.DB.BatchFacts(ctx, scope, b, "")
		if err != nil {
			return nil, err
		}
		row := office.TourBatch{Title: b.Title, Number: b.Number, Href: "/office/batches/" + string(b.ID), What: b.State.Text()}
		for _, c := range county.Awaited(b, facts) {
			row.Documents = append(row.Documents, web.Link{Text: c.Name, Href: "/demo/documents/" + string(b.ID) + "/" + c.Name + ".json"})
		}
		if len(row.Documents) > 0 {
			list = append(list, row)
		}
	}
	return list, nil
}

// tourDocument sends the document of one of the demonstration's contributors for the
// present phase of a batch, made now.
func (s *site) tourDocument(w http.ResponseWriter, r *http.Request) error {
	scope := inspect.Scope{Region: s.config.Region, Reach: inspect.ReachOversight}
	b, err := s.store.DB.Batch(r.Context(), scope, inspect.BatchID(r.PathValue("batch")))
	if err != nil {
		return err
	}
	facts, err := s.store.DB.BatchFacts(r.Context(), scope, b, "")
	if err != nil {
		return err
	}
	for _, c := range county.Awaited(b, facts) {
		if c.Name+".json" != r.PathValue("file") {
			continue
		}
		text, err := c.Document(r.Context(), s.store.DB, b, s.now())
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="contributor.json"; filename*=UTF-8''%s-%s.json`, b.Number, url.PathEscape(c.Name)))
		_, err = w.Write(text)
		return err
	}
	return inspect.ErrMissing
}
