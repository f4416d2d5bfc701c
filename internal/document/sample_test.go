package document

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"

	"suicha/internal/workday"
)

// The forms of one visit to an invented noodle shop in 海阳市.
var (
	noodles = Party{Name: "海阳市禾下面馆", Code: "92370687MA3M6Q8D17", Place: "海阳市方圆街道海阳路 207 号", Person: "纪怀安", Phone: "138 0000 0370"}
	trio    = []Officer{
		{"海阳市市场监督管理局", "苏明澈", "15060070012"}, {"海阳市综合行政执法局", "韩立夏", "15060310005"}, {"海阳市应急管理局", "白砚𬭎", "15060280019"},
	}
	visited  = workday.MustParse("2026-11-24")
	findings = []Finding{
		{"市场监督管理局", "食品经营许可及经营场所", "实地核查", "许可在有效期内，公示规范。", "未发现问题"},
		{"市场监督管理局", "食品原料进货查验", "实地核查", "抽 5 种原料，票证齐全。", "未发现问题"},
		{"综合行政执法局", "燃气用具与报警装置", "实地核查", "连接管超过 2 米且穿墙，未装报警器。", "发现问题已责令改正"},
		{"应急管理局", "用电与疏散通道", "实地核查", "通道畅通，灭火器在有效期内。", "未发现问题"},
	}
	basis = []NoticeItem{
		{"海阳市市场监督管理局", "食品经营许可及经营场所", "《中华人民共和国食品安全法》第三十五条、第一百一十条"},
		{"海阳市市场监督管理局", "食品原料进货查验", "《中华人民共和国食品安全法》第五十三条、第五十五条"},
		{"海阳市综合行政执法局", "燃气用具与报警装置", "《城镇燃气管理条例》第二十七条、第四十一条"},
		{"海阳市应急管理局", "用电与疏散通道", "《中华人民共和国安全生产法》第四十二条、第六十五条"},
	}
)

func proofOf(number string) Proof {
	return Proof{Number: number, Receipt: "7F3A-91C2-40BD", Digest: "SM3 c41e07b9 2d5f83aa … 5a2df386", Printed: "2026-11-24 11:31", Address: "https://ssj.haiyang.example/yz/7F3A91C240BD"}
}

// drawnName is a signature as somebody might draw it.
func drawnName(turns float64) []byte {
	m := image.NewNRGBA(image.Rect(0, 0, 260, 100))
	for t := 0.0; t < 1; t += 0.0005 {
		x, y := 20+220*t, 50+30*math.Sin(turns*t*2*math.Pi)*math.Cos(t*9)
		for dx := -2; dx <= 2; dx++ {
			for dy := -2; dy <= 2; dy++ {
				m.Set(int(x)+dx, int(y)+dy, color.NRGBA{20, 20, 60, 255})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func drawn(turns float64) Signature { return Signature{Image: drawnName(turns)} }

type sample struct {
	name string
	form Form
}

func samples() []sample {
	return []sample{
		{"summary", Summary{
			Task: "2026 年第四批餐饮服务联合抽查", Number: "370687202611180005", Lead: "海阳市市场监督管理局", Party: noodles, On: visited, From: "10:30", To: "11:25",
			Notice: []string{"书面"}, Officers: trio, Findings: findings, Measures: []string{"现场笔录", "责令改正"},
			Orders: "第 3 项于 2026 年 12 月 1 日前改正，由综合行政执法局复查。", Conclusion: "检查 4 项，未发现问题 3 项；发现问题 1 项，依法责令限期改正。",
			Leader: []Signature{drawn(5)}, Members: []Signature{drawn(7), drawn(4)}, Opinion: "以上情况属实。", Signed: []Signature{drawn(6)}, SignedOn: visited,
			Review: "同意上述结论。", Reviewed: []Signature{drawn(5)}, ReviewedOn: visited, Due: workday.MustParse("2026-12-22"), Proof: proofOf("370687202611180005-017"),
		}.Form()},
		{"summary-blank", Summary{Task: "2026 年第四批餐饮服务联合抽查", Number: "370687202611180005", Lead: "海阳市市场监督管理局", Party: noodles, Findings: findings}.Form()},
		{"notice", Notice{
			Issuer: "海阳市市场监督管理局", Number: "海市监联检告〔2026〕17号", Party: noodles, Task: "2026 年第四批餐饮服务联合抽查", On: visited, From: "10:30", Way: "实地核查",
			Items: basis, Officers: trio, Prepare: []string{"营业执照、食品经营许可证", "近三个月的进货票证", "燃气供用气合同和安全检查记录"},
			Contact: "苏明澈", Phone: "0535-3220000", Issued: workday.MustParse("2026-11-20"), Proof: proofOf("海市监联检告〔2026〕17号"),
		}.Form()},
		{"onsite", OnSite{
			Org: "海阳市综合行政执法局", Number: "海综执笔〔2026〕9号", Party: noodles, On: visited, From: "10:45", To: "11:10", Officers: trio[1:], Recorder: "白砚𬭎",
			Present: "纪怀安（经营者）", Told: "被检查单位表示：已看清证件，不申请回避。",
			Record:   "后厨灶台一处，使用瓶装液化石油气。连接管为橡胶软管，经卷尺测量长 2.6 米，穿越厨房与储物间之间的隔墙，穿墙处无套管。厨房内未见可燃气体报警装置。现场气瓶两只，均有检验标志，在检验有效期内。经营者称软管于 2024 年由其本人安装。",
			Evidence: []string{"现场照片 6 张", "连接管长度测量录像 1 段"}, Opinion: "以上笔录我已看过，与事实相符。", Signed: []Signature{drawn(6)}, SignedOn: visited, Team: []Signature{drawn(7), {Name: "白砚𬭎"}}, TeamOn: visited, Proof: proofOf("海综执笔〔2026〕9号"),
		}.Form()},
		{"order", Order{
			Issuer: "海阳市综合行政执法局", Number: "海综执责改〔2026〕9号", Party: noodles, On: visited, Facts: "燃气灶具连接管超过 2 米并穿越隔墙，未安装可燃气体报警装置。",
			Law: "《城镇燃气管理条例》第二十七条第一款", Basis: "《城镇燃气管理条例》第四十九条第一款",
			Demands: []string{"更换符合国家标准的连接管，长度不超过 2 米，不得穿越墙体；", "安装可燃气体报警装置，并经燃气经营企业检查合格。"},
			Until:   workday.MustParse("2026-12-01"), Contact: "韩立夏", Phone: "0535-3229999", Issued: visited, Proof: proofOf("海综执责改〔2026〕9号"),
			Remedy: "对本通知不服的，可以自收到之日起六十日内向海阳市人民政府申请行政复议，或者自收到之日起六个月内依法向人民法院提起行政诉讼。",
		}.Form()},
		{"sheet", Sheet{
			Org: "海阳市综合行政执法局", Item: "燃气用具与报警装置", Version: "3", Basis: basis[2].Basis, Task: "2026 年第四批餐饮服务联合抽查", Number: "370687202611180005", Party: noodles, On: visited, Method: "实地核查",
			Lines: []SheetLine{
				{"连接管", "连接管长度不超过 2 米，中间无接头，不穿越墙体、门窗、顶棚和地面", "用卷尺测量，查看全长", "不符合", "长 2.6 米，穿越隔墙"},
				{"连接管", "使用金属软管或者具有合格标志的燃气专用软管", "查看标志", "符合", ""},
				{"报警装置", "安装可燃气体报警装置，并能正常使用", "查看，按试验键", "不符合", "未安装"},
				{"气瓶", "气瓶有检验标志，在检验有效期内", "查看标志", "符合", "两只"},
				{"气瓶", "存瓶总重量超过 100 千克时设置专用气瓶间", "清点，计算", "不适用", ""},
			},
			Result: "发现问题，已责令改正。", Handling: "发出责令改正通知书（海综执责改〔2026〕9号），2026 年 12 月 1 日后复查。", Team: []Signature{drawn(7)}, TeamOn: visited, Signed: []Signature{drawn(6)}, SignedOn: visited, Proof: proofOf("370687202611180005-017-3"),
		}.Form()},
		{"result", Result{
			Issuer: "海阳市市场监督管理局", Number: "海市监检果告〔2026〕17号", Party: noodles, Task: "2026 年第四批餐饮服务联合抽查", On: visited, Findings: findings,
			Conclusion: "检查 4 项，未发现问题 3 项；发现问题 1 项，依法责令限期改正。", Public: workday.MustParse("2026-12-22"), Where: "国家企业信用信息公示系统（山东）",
			Contact: "苏明澈", Phone: "0535-3220000", Issued: workday.MustParse("2026-11-27"), Proof: proofOf("海市监检果告〔2026〕17号"),
		}.Form()},
		{"appeal", Appeal{
			Org: "海阳市市场监督管理局", Kind: "公示信息异议", State: "异议成立，待更正", Text: "检查当日台账存放在二楼办公室，并非没有。",
			Facts: []Fact{{"检查对象", noodles.Name}, {"提交方式", "网上提交"}, {"收到时间", "2026-12-01 09:12"}, {"身份核对", "按登记的联系电话回访"}},
			Found: []Fact{{"食品安全", "发现问题，依法责令立即改正或者限期改正"}},
			Steps: []AppealStep{{"受理申请", "按登记电话回访，负责人确认是本单位提交。", "李知远", "2026-12-02 10:00"}, {"支持申请", "经核实，反映的情况属实。", "秦怀远", "2026-12-08 15:30"}},
			Proof: proofOf("370687-0042"),
		}.Form()},
		{"approval", Approval{
			Org: "海阳市市场监督管理局", Number: "370687202611180005", Printed: "打印于 2026-11-16 09:20", Task: "2026 年第四批餐饮服务联合抽查",
			Facts: []Fact{{"任务来源", "2026 年度部门联合抽查计划第 12 项"}, {"检查对象", "餐饮服务单位 1,204 户，按信用风险分级抽取：A 1%，B 3%，C 10%，D 50%，不少于 5 户"}, {"检查时间", "2026 年 11 月 18 日至 12 月 18 日"}, {"检查方式", "实地核查"}, {"抽查检查模式", "县抽县查"}, {"检查频次", "同一企业每年不超过 2 次；本年已检查 0 次"}},
			Items: basis,
			Opinions: []Opinion{
				{"承办人", "报请审批。", []Signature{{Name: "李知远"}}, "2026-11-16 09:02"}, {"综合行政执法局\n负责人意见", "同意参加。", []Signature{{Name: "周既明"}}, "2026-11-16 09:10"},
				{"负责人\n审批意见", "", nil, ""},
			},
		}.Form()},
	}
}
