package api

import (
	"maps"
	"reflect"

	"suicha/internal/inspect"
)

// What the document says of the acts of appeals.
func init() {
	ids[reflect.TypeFor[inspect.AppealID]()] = true
	unlabelled["appeal"] = "申请 id"
	exampleIDs["appeal"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2d601"
	maps.Copy(examples, map[string]any{
		"appeal.enter/kind": "objection", "appeal.enter/way": "counter", "appeal.enter/text": "认为台账并非缺失，提交平面图和照片",
		"appeal.ask/days": int64(10), "appeal.ask/text": "请补充台账存放地点的证明材料", "appeal.supply/text": "收到平面图和照片 3 张",
		"appeal.accept/check": "call", "appeal.accept/text": "按登记电话回访，负责人确认是本单位提交", "appeal.reject/text": "经回访，不是该单位提交",
		"appeal.grant/public": "", "appeal.grant/text": "经核实，反映的情况属实", "appeal.refuse/text": "经核实，公示的结果与检查记录一致",
		"appeal.repair/text": "问题已经改正，同意信用修复", "appeal.withdraw/text": "负责人来电提出撤回", "appeal.erase/text": "申请人要求删除",
	})
}
