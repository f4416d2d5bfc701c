package api

import (
	"maps"
	"reflect"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// deliveryRoutes are the reads of what published results became of elsewhere.
func deliveryRoutes() []route {
	return []route{
		get("/api/v1/deliveries", "deliveries", groupResult, "报送列表", byReader, inspect.DeliverRead, (*server).deliveries).
			says("返回权限范围内的报送，新的在前。各部门看得到本部门结果的报送，联席会议办公室看得到全部。version 填入 seen。"),
	}
}

// What the document says of targets and deliveries.
func init() {
	for _, t := range []reflect.Type{reflect.TypeFor[inspect.TargetID](), reflect.TypeFor[inspect.DeliveryID]()} {
		ids[t] = true
	}
	choices[reflect.TypeFor[inspect.TargetKind]()] = inspect.TargetKinds
	choices[reflect.TypeFor[inspect.DeliveryState]()] = inspect.DeliveryStates
	unlabelled["target"], unlabelled["delivery"] = "报送渠道 id", "报送 id"
	exampleIDs["target"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2e601"
	exampleIDs["delivery"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2e602"
	maps.Copy(examples, map[string]any{
		"target.add/kind": "gsxt_file", "target.add/name": "国家企业信用信息公示系统（山东）", "target.add/slug": "", "target.add/url": "", "target.add/inner": false,
		"target.add/from": "", "target.add/days": int64(7), "target.put/name": "信用中国（烟台）", "target.put/url": "https://credit.example.gov.cn/api/results",
		"target.put/inner": false, "target.put/days": int64(5), "target.end/reason": "改用新的接口", "package": int64(1), "receipt": "GS-2027-0412",
		"delivery.refuse/refused": "12 统一社会信用代码不存在", "nos": []int64{12}, "delivery.abandon/reason": "对方系统停止接收",
	})
}

// A deliveryQuery narrows the list of deliveries.
type deliveryQuery struct {
	Target inspect.TargetID      `query:"target" label:"报送渠道 id"`
	Result inspect.ResultID      `query:"result" label:"检查结果 id"`
	State  inspect.DeliveryState `query:"state" label:"状态"`
	paging
}

// A deliveryList is one page of the list.
type deliveryList struct {
	Deliveries []deliveryView `json:"deliveries" label:"报送"`
	Next       string         `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// A deliveryView is one edition on its way to one target.
type deliveryView struct {
	ID         inspect.DeliveryID    `json:"id" label:"报送 id"`
	Version    int64                 `json:"version" label:"版本" hint:"办理时填入 seen"`
	Target     inspect.TargetID      `json:"target" label:"报送渠道 id"`
	TargetName string                `json:"target_name" label:"报送渠道"`
	No         int64                 `json:"no" label:"报送序号" hint:"在渠道内连续"`
	Result     inspect.ResultID      `json:"result" label:"检查结果 id"`
	Edition    int                   `json:"edition" label:"版次"`
	Digest     string                `json:"digest" label:"内容摘要" hint:"SHA-256"`
	State      inspect.DeliveryState `json:"state" label:"状态"`
	StateText  string                `json:"state_text" label:"状态（文字）"`
	Package    int64                 `json:"package,omitempty" label:"报送文件编号"`
	Tries      int                   `json:"tries" label:"已试次数"`
	OpenedAt   instant               `json:"opened_at" label:"列入时间"`
	Since      instant               `json:"since" label:"最近办理时间"`
	NextTry    instant               `json:"next_try,omitempty" label:"下次重试时间"`
	Due        date                  `json:"due,omitempty" label:"回执期限"`
	Receipt    string                `json:"receipt,omitempty" label:"回执编号"`
	Reason     string                `json:"reason,omitempty" label:"未成功或者不再报送的理由"`
	Verbs      []inspect.Verb        `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs []inspect.Verb        `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

// deliveries lists the deliveries within the caller's scope.
func (s *server) deliveries(c *call, q deliveryQuery) (deliveryList, error) {
	key := func(x store.DeliveryRow) string { return store.DeliveryKey(x.Delivery) }
	found, next, err := pageOf(c, q.paging, momentCursor, key, func(most int) ([]store.DeliveryRow, error) {
		return s.DB.Deliveries(c.Context(), c.scope(), store.DeliveryFilter{Target: q.Target, Result: q.Result, State: q.State, After: q.After, Most: most})
	})
	if err != nil {
		return deliveryList{}, err
	}
	all, err := s.DB.Targets(c.Context(), c.scope(), c.who().Org.Region)
	if err != nil {
		return deliveryList{}, err
	}
	targets := map[inspect.TargetID]inspect.Target{}
	for _, t := range all {
		targets[t.ID] = t
	}
	page := deliveryList{Deliveries: []deliveryView{}, Next: next}
	for _, x := range found {
		page.Deliveries = append(page.Deliveries, newDeliveryView(c, x.Delivery, targets[x.Target]))
	}
	return page, nil
}

func newDeliveryView(c *call, d inspect.Delivery, t inspect.Target) deliveryView {
	v := deliveryView{
		ID: d.ID, Version: d.Version, Target: d.Target, TargetName: t.Name, No: d.No, Result: d.Result, Edition: d.Edition, Digest: d.Digest, State: d.State,
		StateText: d.State.Text(), Package: d.Package, Tries: d.Tries, OpenedAt: instantOf(d.OpenedAt), Since: instantOf(d.Since), NextTry: instantOf(d.Next),
		Due: dateOf(d.Due(t.Days, workday.Official())), Receipt: d.Receipt, Reason: d.Reason,
	}
	v.Verbs, v.GraveVerbs = c.split(d.Verbs(), d.Relations(c.who().Org)...)
	return v
}
