package portal_test

import (
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/rig"
)

func TestZZServe(t *testing.T) {
	if os.Getenv("SERVE") == "" {
		return
	}
	o := rig.Open(t, rig.SQLite(t))
	c := &county{Office: o}
	o.Now = time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC)
	c.makeKeys()
	li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	items := map[string]inspect.ItemID{}
	item := func(org, code, name, field string) inspect.ItemID {
		id := rig.ID[inspect.ItemID]("item " + org + code)
		if items[name] == "" {
			o.Done(o.Clerk("清单员"+org, org), act.ListItem{Item: id, Code: code, Name: name, Field: field, Category: inspect.KeyItem, MaxShare: 10000, Basis: "《中华人民共和国食品安全法》第一百一十条", Content: "经营许可和经营行为", Method: "onsite"})
			items[name] = id
		}
		return items[name]
	}
	type ln struct {
		name, field, scope, ratio string
		pool                      int64
		f                         int
		m                         []string
		items                     []inspect.ItemID
		partners                  []inspect.OrgID
	}
	food := item("scjg", "A-01", "食品经营许可及食品销售安全检查", "餐饮服务")
	price := item("scjg", "A-02", "价格行为检查", "价格")
	spec := item("scjg", "B-01", "特种设备使用单位监督检查", "特种设备")
	drug := item("scjg", "C-01", "药品零售企业质量管理规范检查", "药品零售")
	adv := item("scjg", "D-01", "广告发布登记情况及广告经营行为的检查", "广告")
	sec := item("gaj", "G-01", "旅馆业治安管理检查", "旅馆业")
	fire := item("gaj", "G-02", "单位内部治安保卫检查", "治安")
	san := item("wjw", "W-01", "公共场所卫生监督检查", "公共场所卫生")
	med := item("wjw", "W-02", "医疗机构依法执业检查", "医疗机构")
	gaj, wjw := rig.Org("gaj"), rig.Org("wjw")
	fill := func(who inspect.Actor, id inspect.PlanID, lines ...ln) {
		for _, l := range lines {
			o.Done(who, act.PutLine{Plan: id, Seen: o.Plan(id).Version, Name: l.name, Field: l.field, Lead: who.Org.ID, Partners: l.partners, Items: l.items, Scope: l.scope, Pool: l.pool, Ratio: l.ratio, Frequency: l.f, Months: l.m, Type: "comprehensive", Targeted: "untargeted", Methods: []inspect.Method{"onsite", "document"}, Mode: "county"})
		}
	}
	finish := func(clerk, leader inspect.Actor, id inspect.PlanID) {
		o.Done(clerk, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
		o.Done(leader, act.ApprovePlan{Plan: id, Seen: o.Plan(id).Version, Opinion: "同意"})
		o.Done(clerk, act.FilePlan{Plan: id, Seen: o.Plan(id).Version})
	}
	o.Now = time.Date(2026, 1, 12, 2, 20, 0, 0, time.UTC)
	own := o.Drafted(li, inspect.PlanOwn, 2026)
	fill(li, own,
		ln{"餐饮服务单位食品安全抽查", "餐饮服务", "取得食品经营许可的餐饮服务单位", "5%", 2314, 2, []string{"4", "5", "9"}, []inspect.ItemID{food, price}, nil},
		ln{"药品零售企业抽查", "药品零售", "取得药品经营许可的零售药店", "10%", 186, 1, []string{"6"}, []inspect.ItemID{drug}, nil},
		ln{"电梯、锅炉使用单位抽查", "特种设备", "登记在册的电梯、锅炉、压力容器使用单位", "3%", 1207, 1, []string{"7", "8"}, []inspect.ItemID{spec}, nil},
		ln{"广告经营单位抽查", "广告", "从事广告发布业务的单位", "20户", 96, 1, []string{"10"}, []inspect.ItemID{adv}, nil})
	finish(li, wang, own)
	sun, qian := o.Clerk("孙警官", "gaj"), o.Leader("钱局长", "gaj")
	pol := o.Drafted(sun, inspect.PlanOwn, 2026)
	fill(sun, pol, ln{"旅馆业治安抽查", "旅馆业", "取得特种行业许可的旅馆", "10%", 233, 2, []string{"3", "8"}, []inspect.ItemID{sec}, nil})
	finish(sun, qian, pol)
	he, lin := o.Clerk("何科员", "wjw"), o.Leader("林局长", "wjw")
	hea := o.Drafted(he, inspect.PlanOwn, 2026)
	fill(he, hea, ln{"公共场所卫生抽查", "公共场所卫生", "取得公共场所卫生许可的住宿、美容美发场所", "15%", 402, 1, []string{"5", "6"}, []inspect.ItemID{san}, nil}, ln{"民营医疗机构依法执业抽查", "医疗机构", "诊所、门诊部、民营医院", "A 1%，B 3%，C 10%，D 50%", 264, 1, []string{"9"}, []inspect.ItemID{med}, nil})
	finish(he, lin, hea)
	led := o.Drafted(li, inspect.PlanLed, 2026)
	fill(li, led,
		ln{"学校食堂联合抽查", "学校食堂", "全市中小学、幼儿园食堂", "20%", 186, 2, []string{"3", "4", "11"}, []inspect.ItemID{food, san}, []inspect.OrgID{wjw}},
		ln{"宾馆旅店联合抽查", "宾馆旅店", "取得特种行业许可的旅馆、民宿（含海阳旅游度假区内的季节性经营单位）", "5%", 233, 1, []string{"6", "7"}, []inspect.ItemID{food, sec, san}, []inspect.OrgID{gaj, wjw}},
		ln{"大型商超联合抽查", "商场超市", "营业面积 2000 平方米以上的商场、超市", "10%", 64, 1, []string{"12"}, []inspect.ItemID{price, fire}, []inspect.OrgID{gaj}})
	o.Done(li, act.InvitePlan{Plan: led, Seen: o.Plan(led).Version})
	for no := 1; no <= 3; no++ {
		for _, p := range []inspect.Actor{he, sun} {
			if line, _ := o.Plan(led).Line(no); true {
				if cs, ok := line.Consent(p.Org.ID); ok {
					o.Done(p, act.AcceptLine{Answer: act.Answer{Plan: led, No: no, Seen: cs.Version}})
				}
			}
		}
	}
	finish(li, wang, led)
	o.Now = time.Date(2026, 1, 28, 3, 5, 0, 0, time.UTC)
	c.publish(own, wang)
	o.Now = o.Now.Add(26 * time.Hour)
	c.publish(pol, qian)
	c.own, c.adjusted = own, rig.ID[inspect.PlanID]("adj")
	o.Now = time.Date(2026, 2, 24, 1, 40, 0, 0, time.UTC)
	zhou, head, mayor := o.Clerk("周主任", "lhb"), o.Leader("郑主任", "lhb"), o.Someone("吴市长", inspect.Convener, "zf")
	joint := o.Drafted(zhou, inspect.PlanJoint, 2026)
	o.Done(zhou, act.MergePlans{Plan: joint, Seen: o.Plan(joint).Version})
	o.Done(zhou, act.SubmitPlan{Plan: joint, Seen: o.Plan(joint).Version})
	o.Done(mayor, act.RatifyPlan{Plan: joint, Seen: o.Plan(joint).Version, Opinion: "同意"})
	c.publish(joint, head)
	o.Now = time.Date(2026, 6, 8, 6, 30, 0, 0, time.UTC)
	o.Done(li, act.AmendPlan{Plan: own, Seen: o.Plan(own).Version, Next: c.adjusted, Reason: "按照省市场监管局《关于开展夏季餐饮食品安全专项抽查的通知》要求，提高餐饮服务单位抽查比例，增加冷饮制售环节抽查。"})
	l := o.Plan(c.adjusted).Lines[0]
	o.Done(li, act.PutLine{Plan: c.adjusted, Seen: o.Plan(c.adjusted).Version, No: 1, Name: l.Name, Field: l.Field, Lead: l.Lead, Items: l.Items, Scope: l.Scope, Pool: l.Pool, Ratio: "8%", Frequency: 2, Months: []string{"4", "7", "8", "9"}, Type: l.Type, Targeted: l.Targeted, Methods: l.Methods, Mode: l.Mode})
	fill(li, c.adjusted, ln{"冷饮制售单位专项抽查", "冷饮制售", "现制现售冷饮的餐饮服务单位和小摊点", "20%", 138, 1, []string{"7", "8"}, []inspect.ItemID{food}, nil})
	finish(li, wang, c.adjusted)
	c.publish(c.adjusted, wang)
	o.Now = o.Now.Add(3 * time.Minute)
	if _, err := c.Store.Log.Extend(c.Context(), c.Now, func(a, b ledger.Head, p []ledger.Hash) ([]byte, error) { return c.cosigned(a, b, p) }); err != nil {
		t.Fatal(err)
	}
	fmt.Println("serving")
	s := &http.Server{Addr: "127.0.0.1:18765", Handler: c.site("https://sjc.haiyang.example")}
	s.ListenAndServe()
}
