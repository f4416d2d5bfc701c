package synth

import (
	"reflect"
	"testing"

	"suicha/internal/inspect"
)

var departments = []Department{
	{Code: "SCJG", Name: "市场监管局", Count: 400, Divisions: []string{"食品科", "药品科"}, Quals: []string{"药品检查员"}, Items: []string{"SCJG-01", "SCJG-02"}, Units: []string{"东村市场监管所"}, Areas: []string{"370687001"}},
	{Code: "WJJ", Name: "卫生健康局", Count: 100, Divisions: []string{"卫生监督所"}},
}

// Every inspector is one that the library takes, no two are of the same name or
// number, and there are some of every sort: also such as cannot be drawn.
func TestStaffIsOfEverySort(t *testing.T) {
	count, names := map[string]int{}, map[string]bool{}
	for _, s := range Staff(1, departments, day) {
		tidy, err := s.Tidy(day)
		if err != nil || !reflect.DeepEqual(tidy, s.Inspector) {
			t.Fatalf("%+v: %v", s.Inspector, err)
		}
		if names[s.Name] || names[s.Code] {
			t.Errorf("%s %s is there twice", s.Code, s.Name)
		}
		names[s.Name], names[s.Code] = true, true
		count[string(s.Category)]++
		for _, c := range s.Certificates {
			if _, err := c.Tidy(); err != nil {
				t.Fatalf("%+v: %v", c, err)
			}
		}
		file := inspect.InspectorFile{Inspector: s.Inspector, Away: s.Away, Trainings: s.Trainings}
		count["obstacle "+string(file.Drawable(inspect.Days{From: day, Until: day.AddDays(20)}).Kind)]++
		if _, soon := s.ExpiresWithin(day, inspect.ExpiryWarning); soon {
			count["soon"]++
		}
		count["ties"] += len(s.Ties)
		count["quals"] += len(s.Quals)
	}
	for _, c := range inspect.AllCategories {
		if count[c.Value] == 0 {
			t.Errorf("nobody is %s", c.Text)
		}
	}
	for what, least := range map[string]int{
		"obstacle ": 300, "obstacle no_certificate": 20, "obstacle expires": 10, "obstacle away": 5, "soon": 10, "ties": 20, "quals": 100,
	} {
		if count[what] < least {
			t.Errorf("%s: %d, want %d or more", what, count[what], least)
		}
	}
	if !reflect.DeepEqual(Staff(1, departments, day), Staff(1, departments, day)) {
		t.Error("the same seed gives other people")
	}
}
