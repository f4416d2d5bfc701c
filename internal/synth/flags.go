package synth

import (
	"fmt"
	"strconv"

	"suicha/internal/inspect"
)

// flagged puts marks on few per cent of the objects in business: R53,
// 海政办发〔2020〕2号 二(四).
func (m *registrar) flagged(r *Row) {
	switch x := m.chance(10_000); {
	case !r.Kind.Registered() || r.Kind == inspect.Institution:
	case x < 110:
		m.flag(r, inspect.FlagComplaints, 300, 365, "12315 平台", "近一年投诉举报 "+strconv.Itoa(3+m.chance(15))+" 件")
	case x < 330:
		m.flag(r, inspect.FlagAbnormal, 900, 0, "经营异常名录", m.pick(abnormal))
	case x < 360:
		m.flag(r, inspect.FlagSerious, 700, 3*365, "严重违法失信名单", "受到较重行政处罚，列入严重违法失信名单")
	case x < 420:
		m.flag(r, inspect.FlagWatch, 500, 730, "行业主管部门通报", "重点监管领域，近期发现问题较多")
	case x < 500 && r.Risk == "A":
		m.flag(r, inspect.FlagWhite, 300, 730, "白名单公告", "信用风险 A 类，近三年无违法记录、无投诉举报；退出条件：发生违法行为或者等级下降")
	}
}

var abnormal = []string{"未按照规定期限公示年度报告", "通过登记的住所（经营场所）无法联系", "公示企业信息隐瞒真实情况、弄虚作假"}

// flag marks an object since some day of the last days.
func (m *registrar) flag(r *Row, kind inspect.FlagKind, days, lasts int, source, note string) {
	since := m.day.AddDays(-m.chance(days))
	if since.Before(r.Established) {
		since = r.Established
	}
	f := inspect.Flag{Kind: kind, Since: since, Source: source + "（虚构数据）", Note: note}
	if lasts > 0 {
		f.Until = since.AddDays(lasts)
	}
	r.Flags = append(r.Flags, f)
}

// license gives an object the licence that its trade needs, nearly always.
func (m *registrar) license(t *trade, r *Row, i int) {
	if t.licence == "" || m.in1000(30) {
		return
	}
	issued := m.day.AddDays(-m.chance(1900))
	if issued.Before(r.Established) {
		issued = r.Established
	}
	l := inspect.Licence{
		Name: t.licence, Number: fmt.Sprintf("%s%sYY%s%07d", t.initials, m.region, r.Code[:2], i+1), Issued: issued, ValidTo: issued.AddDays(5*365 - 1),
		Authority: m.authority, Ended: r.Status == inspect.ObjectCancelled,
	}
	r.Licences = append(r.Licences, l)
}
