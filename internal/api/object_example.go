package api

import "maps"

// The examples of the acts on objects stand apart from the others.
func init() {
	exampleIDs["sublibrary"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2b501"
	maps.Copy(examples, map[string]any{
		"object": int64(1), "objects": []int64{1, 2}, "checked": false, "either": false,
		"object.put/object": int64(0), "object.put/status": "active",
		"object.put/seen": int64(0), "object.put/code": "91370687MA3TERT03B", "object.put/name": "海阳市某某食品有限公司",
		"object.put/reg_no": "", "object.put/legal_rep": "某某", "object.put/phone": "0535-3220000", "object.put/liaison": "", "object.put/liaison_phone": "",
		"object.put/address": "海阳市某路 1 号", "object.put/town": "370687001", "object.put/scope": "餐饮服务；食品销售", "object.put/industry": "H6210",
		"object.put/established": "2019-05-06", "object.put/authority": "海阳市行政审批服务局", "object.put/station": "东村市场监管所", "object.put/risk": "B",
		"object.put/risk_source": "省企业信用风险分类", "object.put/risk_on": "2026-01-05", "object.put/source": "市场主体登记", "object.put/sourced": "2026-11-01",
		"object.withdraw/reason": "误录入，该单位不在本市", "object.merge/into": int64(2), "object.merge/reason": "同一单位换发统一社会信用代码",
		"flag.put/seen": int64(0), "flag.put/since": "2026-11-01", "flag.put/source": "12315 平台", "flag.put/note": "三个月内投诉 12 件",
		"flag.end/since": "2026-11-01", "flag.end/until": "2026-11-20", "flag.end/reason": "投诉已办结",
		"licence.put/seen": int64(0), "licence.put/name": "食品经营许可证", "licence.put/number": "JY13706870000001", "licence.put/issued": "2024-01-01",
		"licence.put/valid_to": "2028-12-31", "licence.put/authority": "海阳市行政审批服务局",
		"licence.end/name": "食品经营许可证", "licence.end/number": "JY13706870000001", "licence.end/reason": "换发新证",
		"flag.put_all/since": "2026-11-01", "flag.put_all/source": "12315 平台", "flag.put_all/note": "三个月内投诉 12 件",
		"flag.end_all/until": "2026-11-20", "flag.end_all/reason": "投诉已办结", "licence.end_all/name": "食品经营许可证", "licence.end_all/reason": "统一换证",
		"licence.revive_all/name": "食品经营许可证", "licence.revive_all/reason": "误操作",
		"object.outside/ground": "特种设备安全法规定重点监督检查", "object.inside/reason": "监管方式已经调整",
		"member.add/ground": "实地核实经营餐饮", "member.confirm/ground": "", "member.remove/ground": "不经营餐饮",
		"sublibrary.rule/industries": "H62", "sublibrary.rule/without": "", "sublibrary.rule/any": "餐饮服务、小餐饮", "sublibrary.rule/all": "",
		"sublibrary.rule/none": "餐饮管理",
	})
}
