package inspect_test

import (
	"fmt"
	"strings"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/match"
)

// R70, R71, 海政办发〔2020〕2号 二(五)3: inspectors who are registered for some towns, or for the
// towns of some units, are drawn for objects there; where they are too few, all of the
// department are, and that is on record.
func TestAreasAndUnitsNarrowTheMatching(t *testing.T) {
	orgs := map[inspect.OrgID]inspect.Org{"o": {ID: "o", Code: "scjg", Short: "市场监管局"}}
	task := inspect.Task{Org: "o", Region: "370687", Year: 2026, Number: "370687-2026-scjg-r01",
		TaskSettings: inspect.TaskSettings{Sublibs: []inspect.SublibraryID{"a"}, Officers: 2}, Parts: []inspect.TaskPart{{Org: "o"}}}
	object := func(no inspect.ObjectNo, town, station string) inspect.PoolObject {
		return inspect.PoolObject{No: no, Status: inspect.ObjectActive, Region: "370687", Town: town, Station: station, Sublibs: []inspect.SublibraryID{"a"}}
	}
	pool := inspect.NewPool([]inspect.Task{task}, []inspect.PoolObject{
		object(1, "370687001", "东村所"), object(2, "370687002", "方圆所"), object(3, "370687003", "凤城所"), object(4, "", ""),
	}, inspect.Limits{})
	var roster inspect.Roster
	add := func(n int, areas, units []string) {
		for range n {
			roster.People = append(roster.People, inspect.RosterPerson{No: inspect.InspectorNo(len(roster.People) + 1), Org: "o", Areas: areas, Units: units})
		}
	}
	add(4, []string{"370687001"}, nil)
	add(1, nil, []string{"方圆所"})
	add(1, []string{"370687001"}, []string{"方圆所"}) // nowhere
	add(1, nil, nil)
	files := pool.MatchInputs("370687", []inspect.Task{task}, inspect.Facts{Orgs: orgs}, roster)
	want := map[string]string{
		match.NeedsFile: "scjg-r01\t-\t市场监管局\tscjg\t2\nscjg-r01\t370687001\t市场监管局\tscjg@370687001\t2\n" +
			"scjg-r01\t370687002\t市场监管局\tscjg@370687002\t2\nscjg-r01\t370687003\t市场监管局\tscjg@370687003\t2\n",
		match.EligibilityFile: "scjg\t市场监管局\t-\t1\t37\nscjg@370687001\t市场监管局\t-\t4\t370687.00000,370687.00001;37\n" +
			"scjg@370687002\t市场监管局\t-\t4\t370687.00000,370687.00002;37\nscjg@370687003\t市场监管局\t-\t4\t370687.00000;37\n",
		inspect.WidenedFile: "市场监管局\t370687002\tscjg-r01\t2\t4\t7\n市场监管局\t370687003\tscjg-r01\t1\t4\t7\n",
	}
	for name, text := range want {
		if got := string(files[name]); got != text {
			t.Errorf("%s is\n%swant\n%s", name, got, text)
		}
	}
	if _, err := match.Parse(match.Files{Inspectors: files[match.InspectorsFile], Eligibility: files[match.EligibilityFile], Avoidance: files[match.AvoidanceFile]}); err != nil {
		t.Error(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(files[match.InspectorsFile])), "\n") {
		if class := []int{1, 1, 1, 1, 2, 3, 0}[i]; !strings.Contains(line, fmt.Sprintf("\t370687.%05d\t", class)) {
			t.Errorf("inspector %d is %q, want class %d", i+1, line, class)
		}
	}
	if all, err := inspect.ParseWidened(files[inspect.WidenedFile]); err != nil || len(all) != 2 || all[0] != (inspect.Widened{Department: "市场监管局", Town: "370687002", Task: "scjg-r01", Near: 2, Least: 4, All: 7}) {
		t.Errorf("widened: %v, %v", all, err)
	}
	for i := range roster.People {
		roster.People[i].Areas, roster.People[i].Units = nil, nil
	}
	files = pool.MatchInputs("370687", []inspect.Task{task}, inspect.Facts{Orgs: orgs}, roster)
	if got := string(files[match.NeedsFile]); got != "scjg-r01\t-\t市场监管局\tscjg\t2\n" || len(files[inspect.WidenedFile]) > 0 {
		t.Errorf("where nobody is tied to an area the needs are %q", got)
	}
}

// FuzzParseWidened reads what a lock keeps.
func FuzzParseWidened(f *testing.F) {
	f.Add([]byte("市场监管局\t370687002\tscjg-r01\t2\t4\t7\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if all, err := inspect.ParseWidened(text); err == nil && len(all) > strings.Count(string(text), "\n")+1 {
			t.Errorf("%d areas of %q", len(all), text)
		}
	})
}
