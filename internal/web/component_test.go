package web

import (
	"reflect"
	"testing"

	"suicha/internal/inspect"
)

// The legend says of every count which tint it has, and the quietest and the
// busiest months differ.
func TestTintsAreRelative(t *testing.T) {
	for _, test := range []struct {
		counts []int
		tints  []int
		legend []Tint
	}{
		{[]int{0, 0}, []int{0, 0}, nil},
		{[]int{0, 1, 1}, []int{0, 1, 1}, []Tint{{1, "1"}}},
		{[]int{1, 2}, []int{1, 2}, []Tint{{1, "1"}, {2, "2"}}},
		{[]int{1, 2, 3}, []int{1, 2, 3}, []Tint{{1, "1"}, {2, "2"}, {3, "3"}}},
		{[]int{2, 3, 4, 5, 0}, []int{1, 1, 2, 3, 0}, []Tint{{1, "2–3"}, {2, "4"}, {3, "5"}}},
		{[]int{40, 41, 49}, []int{1, 1, 3}, []Tint{{1, "40–43"}, {2, "44–46"}, {3, "47–49"}}},
	} {
		m := Matrix{Rows: []MatrixRow{{Counts: test.counts}}}
		var got []int
		for _, c := range m.Tints(m.Rows[0]) {
			got = append(got, c.Tint)
		}
		if !reflect.DeepEqual(got, test.tints) {
			t.Errorf("%v: tints %v, want %v", test.counts, got, test.tints)
		}
		if legend := m.Legend(); !reflect.DeepEqual(legend, test.legend) {
			t.Errorf("%v: legend %v, want %v", test.counts, legend, test.legend)
		}
	}
}

// R48: a change is told field by field; what was added with what it says, what
// was struck by its name.
func TestChangesAreToldFieldByField(t *testing.T) {
	got := Changes([]inspect.Change{
		{No: 1, Name: "甲", Kind: "改", Fields: []inspect.FieldChange{{Label: "抽查比例", Before: "5%", After: "8%"}, {Label: "备注", Before: "旧"}}},
		{No: 2, Name: "乙", Kind: "增", Fields: []inspect.FieldChange{{Label: "任务名称", After: "乙"}, {Label: "备注"}, {Label: "行业领域", After: "食品"}}},
		{No: 3, Name: "丙", Kind: "删"},
	})
	want := []Change{
		{Kind: "改", Text: "01　甲", Parts: []Part{{"抽查比例", "5%", "8%"}, {"备注", "旧", ""}}},
		{Kind: "增", Text: "02　乙", Parts: []Part{{"行业领域", "", "食品"}}},
		{Kind: "删", Text: "03　丙"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}
