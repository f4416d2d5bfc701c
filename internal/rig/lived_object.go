package rig

import (
	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// Object is a complete object of the kind with this code, not yet registered.
func Object(code, name string) act.PutObject {
	return act.PutObject{
		Kind: inspect.Enterprise, Code: code, Name: name, Status: inspect.ObjectActive, LegalRep: "张某某", Phone: "13800000000",
		Address: "海阳市某路 1 号", Town: "370687001", Scope: "餐饮服务；食品销售（不含酒类）", Industry: "H6210",
		Established: workday.MustParse("2019-05-06"), Risk: "B", RiskSource: "省信用平台", RiskOn: workday.MustParse("2026-01-15"),
		Source: "市场主体登记", Sourced: workday.MustParse("2026-02-01"),
	}
}

// Codes are lawful codes for the objects of tests.
var Codes = []string{"91370687MA3TERT03B", "92370687MA3XY12K76", "91370687MA3N00001A", "91370687MA3N00002B"}

// livedObjects does one of everything to the library of objects.
func (o *Office) livedObjects(li, sun inspect.Actor) {
	o.Helper()
	for i, name := range []string{"海阳市某某食品有限公司", "海阳市重复食品店", "海阳市留存商贸有限公司", "海阳市误录入有限公司"} {
		object := Object("OBJ-"+string(rune('1'+i)), name)
		object.Kind = inspect.Site
		o.Done(li, object)
	}
	unused := Object("OBJ-5", "海阳市五金有限公司")
	unused.Kind, unused.Scope, unused.Industry = inspect.Site, "五金零售", "F5271"
	o.Done(li, unused)
	o.Done(li, act.PutSublibrary{ID: ID[inspect.SublibraryID](o.Name() + "unused sublibrary"), Name: "未用分库"})
	change := Object("OBJ-1", "海阳市新名食品有限公司")
	change.Kind, change.Object, change.Seen = inspect.Site, 1, 1
	o.Done(li, change)
	o.Done(li, act.MergeObject{Object: 2, Seen: 1, Into: 1, Reason: "换发代码"})
	o.Done(li, act.WithdrawObject{Object: 4, Seen: 1, Reason: "误录入"})

	flag := act.PutFlag{Object: 1, Kind: inspect.FlagWatch, Since: workday.MustParse("2026-01-05"), Source: "专项整治", Note: "重点监管"}
	o.Done(sun, flag)
	flag.Seen, flag.Note = 1, "重点监管单位"
	o.Done(sun, flag)
	o.Done(sun, act.PutFlag{Object: 1, Kind: inspect.FlagComplaints, Since: workday.MustParse("2026-01-06"), Source: "12315 平台"})
	o.Done(sun, act.EndFlag{Object: 1, Kind: inspect.FlagComplaints, Since: workday.MustParse("2026-01-06"), Seen: 1, Until: workday.MustParse("2026-02-01"), Reason: "已办结"})
	for _, number := range []string{"L1", "L2"} {
		o.Done(li, act.PutLicence{Object: 1, Name: "食品经营许可证", Number: number, Issued: workday.MustParse("2024-01-01"), Authority: "海阳市行政审批服务局"})
	}
	o.Done(li, act.EndLicence{Object: 1, Name: "食品经营许可证", Number: "L2", Seen: 1, Reason: "换发新证"})

	lib := ID[inspect.SublibraryID](o.Name() + "lived sublibrary")
	o.Done(li, act.AddMembers{Members: act.Members{Sublibrary: lib, Objects: []inspect.ObjectNo{1}}, Ground: "实地核实"})
	o.Done(li, act.ConfirmMembers{Members: act.Members{Sublibrary: lib, Objects: []inspect.ObjectNo{1}}})
	o.Done(li, act.RemoveMembers{Members: act.Members{Sublibrary: lib, Objects: []inspect.ObjectNo{1}}, Ground: "不再经营餐饮"})
	o.Done(li, act.SetMemberRule{ID: lib, Seen: 2, Codes: "H62", Any: "餐饮服务"})
	o.Done(li, act.ProposeMembers{ID: lib, Seen: 3})
}
