package inspect_test

import (
	"errors"
	"reflect"
	"testing"

	"suicha/internal/inspect"
)

func FuzzParseStaffRow(f *testing.F) {
	f.Add(inspect.StaffRow{Line: 2, Name: "张三", Account: "zhang", Org: "市监局", Posts: []inspect.PostKind{inspect.Clerk}, From: day("2026-03-01")}.Text())
	f.Add("{}")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := inspect.ParseStaffRow(text)
		if err != nil {
			return
		}
		if back, err := inspect.ParseStaffRow(r.Text()); err != nil || back.Text() != r.Text() {
			t.Errorf("%q becomes %+v, then %+v, %v", text, r, back, err)
		}
	})
}

func FuzzParseStagedItem(f *testing.F) {
	f.Add(inspect.StagedItem(inspect.Item{ID: inspect.ItemID(inspect.OwnID("x")), Version: 2, ItemTerms: inspect.ItemTerms{
		Code: "A-1", Category: inspect.KeyItem, Methods: inspect.MethodSet{"onsite"}}, Retired: day("2026-03-01")}))
	f.Add(`{"ID":"x"}`)
	f.Fuzz(func(t *testing.T, text string) {
		x, err := inspect.ParseStagedItem(text)
		if err != nil {
			return
		}
		if back, err := inspect.ParseStagedItem(inspect.StagedItem(x)); err != nil || inspect.StagedItem(back) != inspect.StagedItem(x) {
			t.Errorf("%q becomes %+v, then %+v, %v", text, x, back, err)
		}
	})
}

func FuzzParseHeldLicence(f *testing.F) {
	l := inspect.Licence{No: 7, Name: "食品经营许可证", Number: `N"1\`, Issued: day("2024-01-01"), Org: "o", Ended: true}
	f.Add(inspect.HeldLicence{Licence: l, Code: "A-1", Holder: "某店"}.Staged())
	l.Source, l.Sourced = "许可系统", day("2026-03-01")
	f.Add(inspect.HeldLicence{Licence: l, Code: "A-1", Holder: "某店"}.Staged())
	f.Add("A\tB\t1/\"x\"/\"y\"\t\t\t\t\tfalse\t\t")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := inspect.ParseHeldLicence(3, text)
		if err != nil {
			return
		}
		if back, err := inspect.ParseHeldLicence(3, l.Staged()); err != nil || back != l {
			t.Errorf("%q becomes %+v, then %+v, %v", text, l, back, err)
		}
	})
}

// What a sheet of staff asks for is planned by the rules of the single acts: INV-14,
// R134.
func TestStaffPlans(t *testing.T) {
	person := func(account string) inspect.PersonID {
		return inspect.PersonID(inspect.OwnID("staff", scjg.Region, account))
	}
	gone := scjg
	gone.ID, gone.Name, gone.Short, gone.Until = "gone", "已撤局", "已撤", day("2026-01-01")
	f := inspect.StaffFacts{
		Region: scjg.Region, Today: day("2026-03-02"), By: "me", Orgs: []inspect.Org{scjg, gone},
		Accounts: map[string]inspect.PersonID{"old": "old person"}, Names: map[inspect.PersonID]string{"old person": "老人", person("li"): "李四"},
		Posts: map[inspect.PersonID][]inspect.Post{
			person("li"): {{ID: "p", Person: person("li"), Org: scjg.ID, Kind: inspect.Clerk, From: day("2025-01-01")}},
		},
		Liaisons: map[inspect.OrgID][]inspect.Post{scjg.ID: {{Person: "old person", Org: scjg.ID, Kind: inspect.Liaison, From: day("2025-01-01"), Until: day("2026-03-10")}}},
		Own:      map[inspect.PersonID]bool{person("own"): true},
	}
	f.Names[person("own")] = "自登"
	row := func(name, account, org string, posts ...inspect.PostKind) inspect.StaffRow {
		return inspect.StaffRow{Name: name, Account: account, Org: org, Posts: posts}
	}
	later := row("戊", "e", scjg.Name, inspect.Liaison)
	later.From = day("2026-03-10")
	backwards := row("己", "f", scjg.Name, inspect.Clerk)
	backwards.From, backwards.Until = day("2026-03-10"), day("2026-03-09")
	for _, c := range []struct {
		name     string
		row      inspect.StaffRow
		fault    error
		register bool
		grant    int
		waits    bool
	}{
		{"a new person with two posts", row("张三", "a", scjg.Short, inspect.Clerk, inspect.InspectorPost), nil, true, 2, false},
		{"a post that is held, another that is not", row("李四", "li", scjg.Name, inspect.Clerk, inspect.Leader), nil, false, 1, false},
		{"all done", row("李四", "li", scjg.Name, inspect.Clerk), nil, false, 0, false},
		{"another name", row("李五", "li", scjg.Name, inspect.Clerk), inspect.ErrStaffName, false, 0, false},
		{"no such unit", row("张三", "a", "月球局", inspect.Clerk), inspect.ErrStaffOrg, true, 0, false},
		{"a unit that is no more", row("张三", "a", "已撤", inspect.Clerk), inspect.ErrOrgGone, true, 0, false},
		{"two classes", row("张三", "a", scjg.Name, inspect.Clerk, inspect.AuditAdmin), inspect.ErrAdminApart, true, 1, false},
		{"a second liaison", row("丁", "d", scjg.Name, inspect.Liaison), inspect.ErrLiaison, true, 1, false},
		{"a liaison after the first", later, nil, true, 1, false},
		{"an end before the beginning", backwards, inspect.ErrPostDates, true, 0, false},
		{"whom the asker registered", row("自登", "own", scjg.Name, inspect.Clerk), nil, false, 1, true},
		{"no name", row("", "g", scjg.Name, inspect.Clerk), inspect.ErrEmpty, true, 1, false},
	} {
		p := f.PlanStaff([]inspect.StaffRow{c.row})[0]
		var fault error
		if len(p.Faults) > 0 {
			fault = p.Faults
		}
		if !errors.Is(fault, c.fault) && (fault != nil || c.fault != nil) || p.Register != c.register || len(p.Grant) != c.grant || len(p.Waits) > 0 != c.waits {
			t.Errorf("%s: %+v, want %v", c.name, p, c.fault)
		}
	}
	twice := f.PlanStaff([]inspect.StaffRow{row("张三", "a", scjg.Name, inspect.Clerk), row("张三", "a", scjg.Name, inspect.Leader), row("李四", "a", scjg.Name, inspect.Clerk)})
	if !twice[0].Register || twice[1].Register || len(twice[1].Grant) != 1 || !errors.Is(twice[2].Faults, inspect.ErrStaffName) {
		t.Errorf("one person in several rows: %+v", twice)
	}
	if again := f.PlanStaff([]inspect.StaffRow{row("张三", "a", scjg.Name, inspect.Clerk)}); !reflect.DeepEqual(again[0].Grant, twice[0].Grant) {
		t.Error("the same sheet means other posts")
	}
}
