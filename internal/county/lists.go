package county

import (
	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// superiors shows how a list derives from that of the department's superiors, what a
// checklist is, how many key items are allowed, and the joint list: R19 to R26.
func (m *maker) superiors() {
	m.at("2025-12-03 09:00")
	clerk, office := m.who("scjg", inspect.Clerk), m.who("lhb", inspect.Clerk)
	row := func(code, name, content string) string {
		return `{"code":"` + code + `","name":"` + name + `","field":"食品安全","category":"general","max_share":500,"frequency":1,"basis":"《中华人民共和国食品安全法》第一百一十条",` +
			`"objects":"食品经营者","content":"` + content + `","methods":["onsite"],"qualifications":"食品安全检查员","materials":"食品经营许可证","results":"未发现问题\n发现问题","division":"食品经营监管科"}`
	}
	list := act.PutUpstream{
		List: id[inspect.UpstreamID]("upstream", "scjg"), Level: "provincial", Name: "省市场监管领域随机抽查事项清单（演示）", Issuer: "山东省市场监督管理局", Number: "演示〔2025〕1号",
		Day:  workday.MustParse("2025-06-01"),
		Rows: []string{row("SD-SP-01", "食用农产品批发市场监督检查", "市场开办者责任落实"), row("SD-SP-02", "网络餐饮服务监督检查", "平台和入网商户资质公示")},
	}
	m.do(clerk, list)
	one, two := id[inspect.ItemID]("item", "SD-SP-01"), id[inspect.ItemID]("item", "SD-SP-02")
	m.do(clerk, act.AdoptItems{List: list.List, Seen: 1, Codes: []string{"SD-SP-01", "SD-SP-02"}, IDs: []inspect.ItemID{one, two}})
	for _, q := range []inspect.QuestionRow{
		{Name: "licence_shown", Type: inspect.AskYesNo, Label: "是否在经营页面醒目位置公示食品经营许可证", Hint: "查看平台页面和店堂，信息应与许可证一致", Default: "yes", Required: true},
		{Name: "why_not", Type: inspect.AskText, Label: "未公示或者不一致的情况", If: "licence_shown", Is: "no"},
		{Name: "photo", Type: inspect.AskPhoto, Label: "页面或者店堂照片"},
	} {
		m.do(clerk, act.PutQuestion{Item: two, Seen: m.asked(two), QuestionRow: q, Reason: "编制表单"})
	}
	list.Seen, list.Day, list.Number = 1, workday.MustParse("2025-11-20"), "演示〔2025〕9号"
	list.Rows = []string{row("SD-SP-01", "食用农产品批发市场监督检查", "市场开办者责任落实和快速检测"), row("SD-SP-02", "网络餐饮服务监督检查", "平台和入网商户资质公示")}
	m.do(clerk, list)
	m.do(m.who("lhb", inspect.Leader), act.PutItemLimit{Keys: 6, MaxShare: 2000, Ground: "联席会议议定：严格控制重点检查事项数量"})
	joint := id[inspect.JointID]("joint list", "0")
	m.do(office, act.DraftJoint{List: joint})
	m.do(office, act.PutJointLine{
		List: joint, Seen: 1, Field: "餐饮服务", Name: "餐饮服务单位联合抽查", Objects: "取得食品经营许可的餐饮服务单位", Lead: clerk.Org.ID,
		Items: []inspect.ItemID{two, id[inspect.ItemID]("item", "WJJ-01")},
	})
	m.do(office, act.InviteJoint{List: joint, Seen: 2})
	m.do(clerk, act.AcceptJoint{JointAnswer: act.JointAnswer{List: joint, Terms: 1}})
}

// asked counts the questions that the maker has put onto a checklist: its version.
func (m *maker) asked(item inspect.ItemID) int64 {
	if m.questions == nil {
		m.questions = map[inspect.ItemID]int64{}
	}
	n := m.questions[item]
	m.questions[item]++
	return n
}
