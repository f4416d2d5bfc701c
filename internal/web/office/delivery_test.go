package office_test

import (
	"net/http"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// R94, INV-20: a file from the to-do to its receipt through the pages, the register of the
// department whose result it is, and the comparison.
func TestDeliveriesThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		admin := asks(o, o.Someone("系统管理员", inspect.SystemAdmin, "lhb"))
		admin.gets("/office/targets", 200)
		admin.shows("登记渠道", "文件报送", "签名订阅源")
		admin.sends(inspect.TargetAdd, one("kind", "webhook", "name", "信用平台", "url", "http://10.0.0.1/", "days", "5"), 422)
		admin.shows("应当以 https:// 开头")
		o.Targets(inspect.TargetGSXT, inspect.TargetFeed, inspect.TargetWebhook)
		admin.gets("/office/targets", 200)
		admin.shows("待报送", "修改", "停用", "/feeds/results")

		v := o.ResultPublished()
		zhou, li := asks(o, o.Clerk("周主任", "lhb")), asks(o, v.Li)
		name, page := v.Result().Name, "/office/deliveries/targets/"+string(o.Target(inspect.TargetGSXT))
		zhou.gets("/office", 200)
		zhou.shows("1 条检查结果待报送")
		zhou.gets(page, 200)
		zhou.shows("生成报送文件")
		zhou.sends(inspect.DeliverPack, nil, http.StatusSeeOther)
		zhou.gets(page, 200)
		zhou.shows("第 1 号", "登记回执", "登记退回")
		zhou.gets(page+"/packages/1/results.xlsx", 200)
		zhou.gets(page+"/packages/1/results.json", 200)
		zhou.shows(`"raninsTaskId"`, `"details"`, `"raninsCheckResName"`, name)
		zhou.gets(page+"/packages/2/results.json", 404)
		zhou.gets(page, 200)
		zhou.sends(inspect.DeliverRefuse, one("refused", "7 代码不存在"), 422)
		zhou.shows("应当写成")
		zhou.gets(page, 200)
		zhou.sends(inspect.DeliverRefuse, one("refused", "1 代码不存在"), http.StatusSeeOther)
		zhou.gets("/office/deliveries?tab=stuck", 200)
		zhou.shows(name, "代码不存在", "未成功")
		o.DeliverOn(inspect.TargetGSXT, v.Result().ID, 1, inspect.DeliverRetry, inspect.DeliverPack)
		zhou.gets(page, 200)
		zhou.sends(inspect.DeliverReceipt, one("receipt", "GS-1"), http.StatusSeeOther)
		zhou.gets("/office/deliveries/"+string(o.Delivery(inspect.TargetGSXT, v.Result().ID, 1).ID), 200)
		zhou.shows("GS-1", "生成报送文件", "登记退回")
		o.Done(inspect.System(rig.Region), act.CheckDeliveries{Day: workday.On(o.Now)})
		zhou.gets("/office/deliveries/check", 200)
		zhou.shows("一致", "每日对账")
		zhou.gets("/office/deliveries/check.csv", 200)
		zhou.gets("/office/deliveries.csv?tab=all", 200)
		zhou.shows("GS-1")

		li.gets("/office/deliveries?tab=all", 200)
		li.shows(name, "已回执")
		li.hides("对账", "生成报送文件")
		li.gets(page, 404)
		li.gets(page+"/packages/1/results.json", 404)
		sun := asks(o, o.Clerk("孙警官", "gaj"))
		sun.gets("/office/deliveries?tab=all", 200)
		sun.hides(name)
		sun.gets("/office/deliveries/"+string(o.Delivery(inspect.TargetGSXT, v.Result().ID, 1).ID), 404)
	})
}

// R94: what the other system did not take comes as its own list. A row that names nothing
// of the file, or a row at fault, changes nothing.
func TestRefusedRowsFromAFile(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Targets(inspect.TargetGSXT)
		v := o.ResultPublished()
		x := v.Result().ID
		zhou, li := asks(o, o.Clerk("周主任", "lhb")), asks(o, v.Li)
		page := "/office/deliveries/targets/" + string(o.Target(inspect.TargetGSXT))
		path := page + "/packages/1/refused"
		o.DeliverOn(inspect.TargetGSXT, x, 1, inspect.DeliverPack)
		const head = "报送序号,退回原因\n"
		for file, wrong := range map[string]string{head + "7,代码不存在\n": "应当写成", head + "1,\n": "退回原因", head: "没有数据行", "": "文件是空的"} {
			zhou.uploads(path, "退回.csv", []byte(file), 422)
			zhou.shows(wrong)
		}
		li.uploads(path, "退回.csv", []byte(head+"1,代码不存在\n"), http.StatusForbidden)
		if d := o.Delivery(inspect.TargetGSXT, x, 1); d.State != inspect.DeliverySent {
			t.Fatalf("the delivery is %s", d.State)
		}
		zhou.uploads(path, "退回.csv", []byte(head+"1,统一社会信用代码不存在\n"), http.StatusSeeOther)
		if d := o.Delivery(inspect.TargetGSXT, x, 1); d.State != inspect.DeliveryFailed || d.Reason != "统一社会信用代码不存在" {
			t.Errorf("the delivery is %s: %s", d.State, d.Reason)
		}
	})
}
