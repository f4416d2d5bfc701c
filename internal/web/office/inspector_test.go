package office_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

var newInspector = one("code", "A-01", "name", "王二", "category", "civil_servant", "division", "食品科", "phone", "000-0001",
	"quals", "药品检查员\r\n特种设备安全监察员", "areas", "370687001", "source", "人事档案", "sourced", "2026-02-01")

// R38, R40, R70, R123: a clerk keeps the library of the department by forms.
func TestInspectorPages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := asks(o, o.Clerk("李科长", "scjg"))
		li.gets("/office/inspectors", http.StatusOK)
		li.shows("名录库中还没有人员", "登记第一名人员")
		li.gets("/office/inspectors/new", http.StatusOK)
		li.shows("名录库不保存身份证号", "方圆街道")
		li.sends(inspect.InspectorPut, one("name", "王二", "code", "370687199001010012"), http.StatusUnprocessableEntity)
		li.shows("这里像是身份证号", "请填写数据来源")
		li.gets("/office/inspectors/new", http.StatusOK)
		w := li.sends(inspect.InspectorPut, newInspector, http.StatusSeeOther)
		li.follows(w)
		li.shows("王二", "没有登记执法证，不得参加抽取", "不得抽取")

		li.gets("/office/inspectors/1", http.StatusOK)
		li.shows("药品检查员", "000-0001", "仅本部门可见", "方圆街道", "没有申报")
		li.sends(inspect.InspectorCertify, one("kind", "province", "number", "鲁F<1>", "until", "2026-01-01", "from", "2027-01-01"), http.StatusUnprocessableEntity)
		li.shows("有效期的结束日期早于开始日期")
		li.gets("/office/inspectors/1", http.StatusOK)
		li.follows(li.sends(inspect.InspectorCertify, one("kind", "province", "number", "鲁F<1>", "until", "2026-04-30"), http.StatusSeeOther))
		li.shows("鲁F<1>", "还有 59 天到期", "可以抽取")
		li.gets("/office/inspectors/1?paper=鲁F%3C1%3E", http.StatusOK)
		li.shows("更正或更换 鲁F<1>")
		li.gets("/office", http.StatusOK)
		li.shows("1 名执法检查人员的执法证将在 90 天内到期", "王二")

		li.gets("/office/inspectors/1", http.StatusOK)
		li.follows(li.sends(inspect.InspectorPutAway, one("kind", "leave", "from", "2026-03-02", "until", "2026-03-03", "note", "家事"), http.StatusSeeOther))
		li.shows("2026-03-02 至 2026-03-03 请假", "暂不抽取", "家事")
		li.follows(li.sends(inspect.InspectorDropAway, nil, http.StatusSeeOther))
		li.shows("已撤销", "可以抽取")
		li.follows(li.sends(inspect.InspectorPutTie, one("kind", "relative", "name", "海阳某公司"), http.StatusSeeOther))
		li.shows("海阳某公司", "自动回避", "申报回避关系")
		li.follows(li.sends(inspect.InspectorPutTraining, one("topic", "法规", "hours", "8", "exam", "passed", "day", "2026-02-01"), http.StatusSeeOther))
		li.shows("法规", "合格")

		li.gets("/office/inspectors", http.StatusOK)
		li.follows(li.sends(inspect.WorkforcePut, one("civil_servant", "4", "hours", "40"), http.StatusSeeOther))
		li.shows("1 / 4（25%）", "本部门要求 40 学时")
		li.gets("/office/inspectors?q=we", http.StatusOK)
		li.shows("王二")
		li.gets("/office/inspectors?q=zz", http.StatusOK)
		li.shows("没有符合条件的人员")
		for _, hit := range []string{"qual=药品检查员", "paper=soon", "draw=training", "category=civil_servant", "q=A-0"} {
			li.gets("/office/inspectors?"+hit, http.StatusOK)
			li.shows("共 1 人")
		}
		li.gets("/office/inspectors?draw=yes", http.StatusOK)
		li.shows("没有符合条件的人员")

		li.gets("/office/inspectors/1/edit", http.StatusOK)
		li.follows(li.sends(inspect.InspectorPut, one("code", "A-01", "name", "王二妹", "category", "qualified", "source", "人事档案", "sourced", "2026-02-01"), http.StatusSeeOther))
		li.shows("王二妹", "全域")
		li.follows(li.sends(inspect.InspectorEnd, one("day", "2026-03-02", "reason", "退休", "confirm", "王二妹"), http.StatusSeeOther))
		li.shows("已移出", "重新纳入")
		li.hides("登记执法证</summary>")
		o.Verified()
	})
}

// What is personal is for the own department; what was declared for few of it.
func TestInspectorPagesOfOthers(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		clerk := o.Clerk("李科长", "scjg")
		me := o.Someone("王二", inspect.InspectorPost, "scjg")
		day := workday.MustParse
		o.Done(clerk, act.PutInspector{
			Code: "A-01", Name: "=王二", Category: inspect.CivilServant, Phone: "000-0001", Person: me.Person, Source: "人事档案", Sourced: day("2026-02-01"),
		})
		o.Done(clerk, act.CertifyInspector{Inspector: 1, Seen: 1, Kind: inspect.ProvinceCertificate, Number: "F1", Until: day("2026-12-31")})
		o.Done(clerk, act.PutAway{Away: rig.ID[inspect.AwayID]("a"), Inspector: 1, Kind: "leave", From: day("2026-03-02"), Until: day("2026-03-09"), Note: "家事"})
		o.Done(clerk, act.PutTie{Tie: rig.ID[inspect.TieID]("t"), Inspector: 1, Name: "海阳某公司", Kind: inspect.Relative})

		sun := asks(o, o.Clerk("孙警官", "gaj"))
		sun.gets("/office/inspectors?all=1", http.StatusOK)
		sun.shows("=王二", "另有安排")
		sun.gets("/office/inspectors/1", http.StatusOK)
		sun.hides("000-0001", "家事", "请假。", "海阳某公司", "回避关系", "培训记录", "登记执法证", "移出名录库", "<h2>记录")
		sun.shows("F1", "另有安排")
		sun.gets("/office/inspectors/1/edit", http.StatusForbidden)
		sun.gets("/office/inspectors/2", http.StatusNotFound)
		sun.gets("/office/inspectors/x", http.StatusNotFound)

		for _, test := range []struct {
			who  inspect.Actor
			ties bool
		}{{o.Leader("王局长", "scjg"), true}, {me, true}, {o.Someone("刘三", inspect.InspectorPost, "scjg"), false}, {o.Someone("周联络", inspect.Liaison, "scjg"), false}} {
			a := asks(o, test.who)
			a.gets("/office/inspectors/1", http.StatusOK)
			a.shows("000-0001")
			if test.ties {
				a.shows("海阳某公司")
			} else {
				a.hides("海阳某公司", "申报回避关系")
			}
		}
		leader := asks(o, o.Leader("王局长", "scjg"))
		leader.gets("/office/inspectors/new", http.StatusForbidden)
		leader.gets("/office/inspectors/1", http.StatusOK)
		leader.hides("更新资料", "更正或换证")
		leader.follows(leader.sends(inspect.InspectorDropTie, one("reason", "申报有误"), http.StatusSeeOther))
		leader.shows("撤销理由：申报有误", "已撤销")
		asks(o, o.Security()).gets("/office/inspectors", http.StatusForbidden)

		for _, test := range []struct {
			who   inspect.Actor
			phone string
		}{{clerk, "000-0001"}, {sun.who, ""}} {
			a := asks(o, test.who)
			a.gets("/office/inspectors.csv?all=1&as=import", http.StatusOK)
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.page, "\ufeff"))).ReadAll()
			if err != nil || len(rows) != 2 || rows[1][7] != test.phone || strings.HasPrefix(rows[1][2], "=") {
				t.Errorf("%s exports %q, %v", test.who.Name, rows, err)
			}
			a.gets("/office/inspectors.xlsx?all=1", http.StatusOK)
			if !strings.HasPrefix(a.page, "PK") {
				t.Error("the workbook is none")
			}
		}
	})
}
