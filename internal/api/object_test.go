package api_test

import (
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// library asks for every act about objects, and about the sub-library that is
// called as the test: R29 to R35, R53.
func library(c *client, done, grave func(token, verb string, command any)) {
	c.Helper()
	clerk, police := c.token(c.Clerk("李科长", "scjg")), c.token(c.Clerk("孙警官", "gaj"))
	day := workday.MustParse
	for i, name := range []string{"海阳市某某餐馆", "海阳市重复餐馆", "海阳市误录入餐馆"} {
		object := rig.Object("S-"+string(rune('1'+i)), name)
		object.Kind = inspect.Site
		done(clerk, "object.put", object)
	}
	grave(clerk, "object.merge", act.MergeObject{Object: 2, Seen: 1, Into: 1, Reason: "重复登记"})
	grave(clerk, "object.withdraw", act.WithdrawObject{Object: 3, Seen: 1, Reason: "误录入"})

	flag := act.PutFlag{Object: 1, Kind: inspect.FlagComplaints, Since: day("2026-01-06"), Source: "12315 平台"}
	done(police, "flag.put", flag)
	done(police, "flag.end", act.EndFlag{Object: 1, Kind: flag.Kind, Since: flag.Since, Seen: 1, Until: day("2026-02-01"), Reason: "已办结"})
	licence := act.PutLicence{Object: 1, Name: "食品经营许可证", Number: "L1", Issued: day("2024-01-01"), Authority: "海阳市行政审批服务局"}
	done(clerk, "licence.put", licence)
	done(clerk, "licence.end", act.EndLicence{Object: 1, Name: licence.Name, Number: licence.Number, Seen: 1, Reason: "换发新证"})

	of := act.Objects{Objects: []inspect.ObjectNo{1}}
	done(clerk, "licence.revive_all", act.ReviveLicences{Objects: of, Name: licence.Name, Reason: "误操作"})
	done(clerk, "licence.end_all", act.EndLicences{Objects: of, Name: licence.Name, Reason: "统一换证"})
	done(police, "flag.put_all", act.PutFlags{Objects: of, Kind: inspect.FlagWatch, Since: day("2026-02-01"), Source: "专项整治"})
	done(police, "flag.end_all", act.EndFlags{Objects: of, Kind: inspect.FlagWatch, Until: day("2026-02-02"), Reason: "已整改"})
	wang := c.Leader("王局长", "scjg")
	leader, outside := c.token(wang), act.TakeOutside{Objects: of, Ground: "特种设备安全法规定重点监督检查"}
	grave(leader, "object.outside", outside)
	c.Done(wang, outside)
	done(leader, "object.inside", act.BringInside{Objects: of, Reason: "监管方式已经调整"})

	one := act.Members{Sublibrary: rig.ID[inspect.SublibraryID](c.Name()), Objects: []inspect.ObjectNo{1}}
	done(clerk, "member.add", act.AddMembers{Members: one, Ground: "实地核实"})
	done(clerk, "member.confirm", act.ConfirmMembers{Members: one})
	done(clerk, "member.remove", act.RemoveMembers{Members: one, Ground: "不再经营餐饮"})
	done(clerk, "sublibrary.rule", act.SetMemberRule{ID: one.Sublibrary, Seen: 1, Codes: "H62", Any: "餐饮服务"})
	done(clerk, "member.propose", act.ProposeMembers{ID: one.Sublibrary, Seen: 2})
}

// R29, R37: the library is read by those whose post may, personal data by the
// department that answers for the row alone.
func TestObjectsAreReadWithinScope(t *testing.T) {
	both(t, func(c *client) {
		li := c.Clerk("李科长", "scjg")
		clerk := c.token(li)
		for i, name := range []string{"海阳市某某餐馆", "海阳市某某商场", "海阳市某某旅馆"} {
			object := rig.Object("S-"+string(rune('1'+i)), name)
			object.Kind = inspect.Site
			c.done(clerk, "object.put", object)
		}
		change := rig.Object("S-1", "海阳市新名餐馆")
		change.Kind, change.Object, change.Seen, change.LegalRep = inspect.Site, 1, 1, "王某某"
		c.done(clerk, "object.put", change)

		type object struct {
			No, Version int64
			Name        string
			LegalRep    string `json:"legal_rep"`
			Personal    bool
			Verbs       []string
		}
		type list struct {
			Objects []object
			Total   int
			Next    string
		}
		first := get[list](c, clerk, "/api/v1/objects?limit=2")
		if first.Total != 3 || len(first.Objects) != 2 || first.Objects[0].LegalRep != "王某某" || len(first.Objects[0].Verbs) == 0 {
			c.Errorf("the first page is %+v", first)
		}
		if next := get[list](c, clerk, first.Next); len(next.Objects) != 1 || next.Next != "" {
			c.Errorf("the second page is %+v", next)
		}
		if found := get[list](c, clerk, "/api/v1/objects?text=%E9%A4%90%E9%A6%86&risk=B&town=370687001&draws=in&age=1m"); found.Total != 1 {
			c.Errorf("the search finds %+v", found)
		}
		strangers := map[string]string{
			"another department": c.token(c.Clerk("孙警官", "gaj")), "the supervisor": c.token(c.Someone("严监督", inspect.Supervisor, "sfj")),
		}
		for who, token := range strangers {
			for _, path := range []string{"/api/v1/objects", "/api/v1/objects/1", "/api/v1/objects/1/history"} {
				a := c.send("GET", path, token, "")
				if a.status != 200 || strings.Contains(a.text, "王某某") || strings.Contains(a.text, "13800000000") || !strings.Contains(a.text, "海阳市新名餐馆") {
					c.Errorf("%s reads %s: %d %s", who, path, a.status, a.text)
				}
			}
		}
		past := get[struct {
			Versions []struct {
				object
				Verb, By string
			}
		}](c, clerk, "/api/v1/objects/1/history")
		if len(past.Versions) != 2 || past.Versions[1].Name != "海阳市某某餐馆" || past.Versions[1].LegalRep != "张某某" || past.Versions[0].By != "李科长" {
			c.Errorf("the history is %+v", past)
		}
		for _, bad := range []string{"after=x", "after=-1", "limit=0", "kind=other", "flag=x", "age=x", "licence=x", "draws=x", "owner=1", "zzz=1"} {
			if a := c.send("GET", "/api/v1/objects?"+bad, clerk, ""); a.status != 400 {
				c.Errorf("%s: %d %s", bad, a.status, a.text)
			}
		}
		c.is(c.send("GET", "/api/v1/objects/99", clerk, ""), 404, "missing")
		if a := c.send("GET", "/api/v1/objects", "", ""); a.status != 401 {
			c.Errorf("without a token: %d", a.status)
		}
	})
}

// Another region's library does not exist for a reader.
func TestObjectsOfAnotherRegionDoNotExist(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		object := rig.Object("S-1", "海阳市某某餐馆")
		object.Kind = inspect.Site
		o.Done(o.Clerk("李科长", "scjg"), object)
		far := inspect.Scope{Region: "370602"}
		if _, err := o.Store.DB.Object(o.Context(), far, 1); err == nil {
			o.Error("an object is read from another region")
		}
		if _, err := o.Store.DB.ObjectHistory(o.Context(), far, 1); err == nil {
			o.Error("a history is read from another region")
		}
	})
}
