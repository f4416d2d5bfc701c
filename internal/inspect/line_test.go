package inspect_test

import (
	"errors"
	"slices"
	"testing"

	"suicha/internal/inspect"
)

// R13, R14: whoever makes a department's plan leads its tasks; a joint task has a
// lead and at least one more department, and the lead is not its own partner.
func TestWhoLeadsAndWhoTakesPart(t *testing.T) {
	for _, test := range []struct {
		kind     inspect.PlanKind
		lead     inspect.OrgID
		partners []inspect.OrgID
		wantLead inspect.OrgID
		want     error
	}{
		{inspect.PlanOwn, gaj.ID, nil, scjg.ID, nil},
		{inspect.PlanOwn, scjg.ID, []inspect.OrgID{gaj.ID}, "", inspect.ErrOwnPartners},
		{inspect.PlanLed, gaj.ID, []inspect.OrgID{gaj.ID, wjw.ID, gaj.ID}, scjg.ID, nil},
		{inspect.PlanLed, scjg.ID, nil, "", inspect.ErrEmpty},
		{inspect.PlanLed, scjg.ID, []inspect.OrgID{scjg.ID}, "", inspect.ErrEmpty},
		{inspect.PlanJoint, wjw.ID, []inspect.OrgID{gaj.ID, wjw.ID}, wjw.ID, nil},
		{inspect.PlanJoint, "", []inspect.OrgID{gaj.ID}, "", inspect.ErrEmpty},
	} {
		l := line(test.kind)
		l.Lead, l.Partners = test.lead, test.partners
		p, no, err := plan(test.kind, inspect.PlanDrafting).PutLine(l)
		if (err == nil) != (test.want == nil) || err != nil && !errors.Is(err, test.want) {
			t.Errorf("%s plan led by %q with %q: %v, want %v", test.kind, test.lead, test.partners, err, test.want)
		}
		if err != nil {
			continue
		}
		got, _ := p.Line(no)
		if got.Lead != test.wantLead || slices.Contains(got.Partners, got.Lead) || len(got.Parties()) != 1+len(got.Partners) {
			t.Errorf("%s plan: led by %q with %q, want %q", test.kind, got.Lead, got.Partners, test.wantLead)
		}
	}
}

// R57, R58: the types and methods are those of the regulation, all of them, and
// no others.
func TestTypesAndMethodsAreThoseOfTheRegulation(t *testing.T) {
	texts := func(list []inspect.Choice) (all []string) {
		for _, c := range list {
			all = append(all, c.Text)
		}
		return all
	}
	if got := texts(inspect.TaskTypes); !slices.Equal(got, []string{"综合联查", "风险分类联查", "专项整治联查"}) {
		t.Errorf("types: %q", got)
	}
	if got := texts(inspect.Methods); !slices.Equal(got, []string{"实地核查", "书面检查", "网络监测"}) {
		t.Errorf("methods: %q", got)
	}
	put := func(change func(*inspect.PlanLine)) error {
		l := line(inspect.PlanOwn)
		change(&l)
		_, _, err := plan(inspect.PlanOwn, inspect.PlanDrafting).PutLine(l)
		return err
	}
	for _, c := range inspect.TaskTypes {
		if err := put(func(l *inspect.PlanLine) { l.Type = inspect.TaskType(c.Value) }); err != nil {
			t.Errorf("%s: %v", c.Text, err)
		}
	}
	for _, c := range inspect.Methods {
		if err := put(func(l *inspect.PlanLine) { l.Methods = []inspect.Method{inspect.Method(c.Value)} }); err != nil {
			t.Errorf("%s: %v", c.Text, err)
		}
	}
	for name, change := range map[string]func(*inspect.PlanLine){
		"type": func(l *inspect.PlanLine) { l.Type = "综合联查" }, "method": func(l *inspect.PlanLine) { l.Methods = append(l.Methods, "") },
	} {
		if err := put(change); !errors.Is(err, inspect.ErrChoice) && !errors.Is(err, inspect.ErrEmpty) {
			t.Errorf("an unknown %s: %v", name, err)
		}
	}
}

// R53: a task can draw a larger share of the riskier and come more often, and a
// sub-library's burden shows it.
func TestMoreOfTheRiskierMoreOften(t *testing.T) {
	lib := inspect.Sublibrary{ID: uuid[inspect.SublibraryID](31), Org: scjg.ID, Name: "餐饮服务单位", Size: 400, Classes: [4]int64{300, 0, 0, 100}}
	visits := func(ratio string, frequency int) float64 {
		l := line(inspect.PlanOwn)
		l.Ratio, l.Frequency, l.Months, l.Sublibs = ratio, frequency, 1<<5|1<<8, []inspect.SublibraryID{lib.ID}
		p, _, err := inspect.Plan{ID: uuid[inspect.PlanID](30), Kind: inspect.PlanOwn, Org: scjg.ID, Region: scjg.Region, Year: 2026, State: inspect.PlanDrafting}.PutLine(l)
		if err != nil {
			t.Fatal(err)
		}
		p.State = inspect.PlanPublished
		return inspect.Cover([]inspect.Plan{p}, nil, nil, nil, []inspect.Sublibrary{lib}).Burdens[0].Expected
	}
	plain, riskier, oftener := visits("A 5%，D 5%", 1), visits("A 5%，D 50%", 1), visits("A 5%，D 50%", 2)
	if !(plain < riskier && riskier < oftener) {
		t.Errorf("expected visits: %v evenly, %v with more of class D, %v twice a year", plain, riskier, oftener)
	}
}

// R24, R25, R26: an item is a key item or a general one, and only a general
// one's ratio is held down.
func TestItemsAreKeyOrGeneral(t *testing.T) {
	item := inspect.Item{ID: drawn, Org: scjg.ID, ItemTerms: inspect.ItemTerms{Code: "SCJG-1", Name: "广告监测", Field: "广告", Basis: "《广告法》第四十九条", Content: "广告发布", Methods: inspect.MethodSet{"online"}}}
	for _, test := range []struct {
		category  inspect.Category
		most, got int64
		want      error
	}{
		{inspect.KeyItem, 0, 10000, nil}, {inspect.KeyItem, 500, 10000, nil},
		{inspect.GeneralItem, 500, 500, nil}, {inspect.GeneralItem, 0, 0, inspect.ErrShareLimit}, {inspect.GeneralItem, 10001, 0, inspect.ErrShareLimit},
		{"", 500, 0, inspect.ErrChoice}, {"other", 500, 0, inspect.ErrChoice},
	} {
		i := item
		i.Category, i.MaxShare = test.category, test.most
		tidy, err := i.Tidy()
		if (err == nil) != (test.want == nil) || err != nil && !errors.Is(err, test.want) || err == nil && tidy.MaxShare != test.got {
			t.Errorf("%q with a share of %d: %d, %v, want %d, %v", test.category, test.most, tidy.MaxShare, err, test.got, test.want)
		}
	}
}

// R31: no class of a sub-library is negative, and all together are not more than
// its objects; a field says which one is too much.
func TestClassesFitTheirSublibrary(t *testing.T) {
	const huge = 1 << 62
	for _, test := range []struct {
		size    int64
		classes [4]int64
		want    error
		field   string
	}{
		{400, [4]int64{}, nil, ""}, {400, [4]int64{300, 0, 0, 100}, nil, ""}, {400, [4]int64{1, 2, 3, 4}, nil, ""}, {0, [4]int64{}, nil, ""},
		{400, [4]int64{300, 0, 0, 101}, inspect.ErrClasses, "class_d"}, {400, [4]int64{0, 401}, inspect.ErrClasses, "class_b"},
		{400, [4]int64{-1, 0, 0, 0}, inspect.ErrRange, "class_a"}, {400, [4]int64{0, 0, -100, 500}, inspect.ErrRange, "class_c"},
		{400, [4]int64{huge, huge, huge, huge}, inspect.ErrRange, "class_a"}, {-1, [4]int64{}, inspect.ErrRange, "size"},
	} {
		l := inspect.Sublibrary{ID: uuid[inspect.SublibraryID](31), Org: scjg.ID, Name: "餐饮服务单位", Size: test.size, Classes: test.classes}
		_, err := l.Tidy()
		var p inspect.Problem
		if (err == nil) != (test.want == nil) || err != nil && (!errors.Is(err, test.want) || !errors.As(err, &p) || p.Field != test.field) {
			t.Errorf("%d objects in %d: %v at %q, want %v at %q", test.classes, test.size, err, p.Field, test.want, test.field)
		}
	}
}
