package synth

import (
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/uscc"
)

// What registers write into business scopes (经营范围): since 2021 in standard
// phrases, parted into general items and those that need a licence; before in
// the words of whoever registered, with exceptions of many forms.
const (
	generalEnd   = "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
	permittedEnd = "（依法须经批准的项目，经相关部门批准后方可开展经营活动，具体经营项目以审批结果为准）"
	formerEnd    = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
)

var (
	// additions are what firms of all trades have in their scopes.
	additions = []string{
		"日用百货销售", "办公用品销售", "互联网销售（除销售需要许可的商品）", "信息咨询服务（不含许可类信息咨询服务）", "货物进出口", "国内贸易代理",
		"技术服务、技术开发、技术咨询、技术交流、技术转让、技术推广", "劳务服务（不含劳务派遣）", "普通货物仓储服务（不含危险化学品等需许可审批的项目）",
		"化工产品销售（不含许可类化工产品）", "非居住房地产租赁", "机械设备销售", "五金产品零售", "建筑材料销售", "食用农产品零售", "会议及展览服务",
		"食品销售（仅销售预包装食品）", "租赁服务（不含许可类租赁服务）", "企业管理咨询", "广告设计、代理",
	}
	// exceptions end scopes of the former form.
	exceptions = []string{
		"（不含国家法律法规限制和禁止项目）", "（不含危险化学品及易制毒化学品）", "（除金融、证券、期货业务外）", "；不得从事民间融资、投资担保业务", "（国家法律法规禁止经营的除外，限制经营的取得许可后方可经营）",
	}
)

// scope is the business scope of an object.
func (m *registrar) scope(h *head, t *trade) string {
	switch h.kind {
	case inspect.Enterprise, inspect.IndividualBusiness, inspect.Cooperative:
	default:
		m.items(t.general)
		return m.take()
	}
	if m.in1000(300) {
		m.former(t)
		return m.take()
	}
	if len(t.general) > 0 {
		m.put("一般项目：")
		m.items(t.general)
		m.more(h, t)
		m.put("。", generalEnd)
	}
	if len(t.permitted) > 0 {
		m.put("许可项目：")
		m.items(t.permitted)
		m.put("。", permittedEnd)
	}
	return m.take()
}

// former puts a scope as they were written before 2021.
func (m *registrar) former(t *trade) {
	if len(t.permitted) > 0 {
		m.items(t.permitted[:1])
		m.put("；")
	}
	m.items(t.general)
	if m.in1000(250) {
		m.put(m.pick(exceptions))
	}
	m.put(formerEnd)
}

// items puts the first of a list and most of the others.
func (m *registrar) items(all []string) {
	for i, item := range all {
		switch {
		case i == 0:
			m.put(item)
		case m.in1000(700):
			m.put("；", item)
		}
	}
}

// more puts some items that are not the trade's own.
func (m *registrar) more(h *head, t *trade) {
	n := m.chance(2)
	if h.kind == inspect.Enterprise {
		n = m.chance(6)
	}
	at := m.chance(len(additions))
	for range n {
		at = (at + 1 + m.chance(3)) % len(additions)
		if item := additions[at]; !slices.Contains(t.general, item) {
			m.put("；", item)
		}
	}
}

// wrongCheck is a digit that is not the check digit of fourteen.
func wrongCheck(fourteen string) byte {
	code, err := uscc.Make(fourteen)
	if err != nil {
		return '0' // a region that is not six digits was refused
	}
	return '0' + (code[14]-'0'+1)%10
}
