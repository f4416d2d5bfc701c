package portal_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R20, R22, R23: lists, items, checklists and the joint list are public, in every
// version, and as files; what is being worked on is not.
func TestListsArePublic(t *testing.T) {
	both(t, func(c *county) {
		li, sun, zhou, zou := c.Clerk("李科长", "scjg"), c.Clerk("孙警官", "gaj"), c.Clerk("周主任", "lhb"), c.Leader("邹主任", "lhb")
		c.shows("/lists", "海阳市市场监督管理局")
		id := c.Joint(zhou, "scjg", "gaj")
		if got := c.get("/lists/joint"); got.status != http.StatusNotFound {
			c.Errorf("the draft of the joint list answers %d", got.status)
		}
		c.Done(zhou, act.InviteJoint{List: id, Seen: 2})
		for _, who := range []inspect.Actor{li, sun} {
			c.Done(who, act.AcceptJoint{JointAnswer: act.JointAnswer{List: id, Terms: 1}})
		}
		c.Done(zou, act.PublishJoint{List: id, Seen: 5, Places: "市政府网站"})
		c.shows("/lists/joint", "餐饮服务联合抽查", "市政府网站", "公安局", "现行")
		c.shows("/lists/joint/0.json", `"部门联合随机抽查事项清单"`, "/items/")

		item := rig.ID[inspect.ItemID]("item scjgA-1")
		versions, err := c.Store.DB.ItemVersions(c.Context(), inspect.Scope{}, item)
		if err != nil || len(versions) == 0 {
			c.Fatal(err)
		}
		change := act.NewListItem(versions[0])
		change.Content, change.Reason = "经营许可、<b>经营行为</b>和环境", "实行动态管理"
		c.Done(li, change)
		c.Done(li, act.PutChecklist{Item: item, Questions: []string{`{"name":"shown","type":"yesno","label":"是否公示许可证"}`, `{"name":"why","type":"text","label":"原因","if":"shown","is":"no"}`}})
		path := "/items/" + string(item)
		c.shows(path, "第 2 版", "实行动态管理", "&lt;b&gt;经营行为", "2 题")
		c.shows(path+"/1", "以前的版本", "经营许可和经营行为")
		c.shows("/checklists/"+string(item), "是否公示许可证", "不适用", "第 1 题回答“否”时检查")
		c.shows("/lists?q=%E9%A4%90%E9%A5%AE", "餐饮服务", path)
		changes, err := c.Store.DB.ListChanges(c.Context(), inspect.Scope{}, rig.Org("scjg"), 9)
		if err != nil || len(changes) < 2 {
			c.Fatalf("%v, %v", changes, err)
		}
		c.shows("/lists/scjg", "与上一版的差别", "永久链接")
		c.shows(fmt.Sprintf("/lists/scjg/%d", changes[1].N), "这是以前的版本")
		for _, form := range []string{"json", "csv", "xlsx"} {
			if got := c.get(fmt.Sprintf("/lists/scjg/%d.%s", changes[0].N, form)); got.status != 200 {
				c.Errorf("the list as %s answers %d", form, got.status)
			}
			if got := c.get("/lists/joint/0." + form); got.status != 200 {
				c.Errorf("the joint list as %s answers %d", form, got.status)
			}
		}
		if got := c.get("/checklists/" + string(item) + "/1.xlsx"); got.status != 200 {
			c.Errorf("the checklist answers %d", got.status)
		}
		for _, nowhere := range []string{"/items/x", path + "/0", path + "/9", path + "/01", "/lists/none", "/lists/lhb", "/lists/scjg/999999", "/lists/scjg/x", "/lists/scjg.doc", "/lists/joint/7", "/lists/joint/0.doc", "/checklists/" + string(item) + "/1.doc", "/checklists/x"} {
			if got := c.get(nowhere); got.status != http.StatusNotFound {
				c.Errorf("%s answers %d", nowhere, got.status)
			}
		}
		for _, page := range []string{"/lists", "/lists/scjg", path, "/lists/joint", "/checklists/" + string(item)} {
			if text := c.page(page); strings.Contains(text, "李科长") || strings.Contains(text, string(li.Person)) {
				c.Errorf("%s names a person", page)
			}
		}
		c.shows("/sitemap.xml", path, "/lists/joint/0", "/lists/scjg")
	})
}
