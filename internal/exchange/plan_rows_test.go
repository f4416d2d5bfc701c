package exchange_test

import (
	"testing"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
)

// R46: the table of tasks names its columns in one way each.
func TestPlanTableIsSound(t *testing.T) {
	if err := exchange.PlanTable.Valid(); err != nil {
		t.Error(err)
	}
}

// planFacts are the bureau with an item, a sub-library and a town.
var planFacts = inspect.Facts{
	Orgs: map[inspect.OrgID]inspect.Org{bureau.ID: bureau}, Areas: map[string]string{"370687002": "东村街道"},
	Items:   map[inspect.ItemID]inspect.Item{"i": {ID: "i", Org: bureau.ID, ItemTerms: inspect.ItemTerms{Code: "A-1", Name: "食品检查"}}},
	Sublibs: map[inspect.SublibraryID]inspect.Sublibrary{"s": {ID: "s", Org: bureau.ID, Name: "餐饮"}},
}

// R46: months as people write them; what cannot be read is not guessed.
func TestMonthsOfPastedRows(t *testing.T) {
	for text, want := range map[string]string{
		"6月": "6月", "6": "6月", "3—4月、11月": "3—4月、11月", "3-4月": "3—4月", "3月至5月": "3—5月", "1，2, 7 月": "1—2月、7月", "全年": "1—12月", "1——12月份": "1—12月",
		"13月": "", "5-3月": "", "0月": "", "上半年": "", "2026-03": "",
	} {
		row := "任务\t食品\tA-1\t单位\t餐饮\t400\t5%\t20\t1\t" + text + "\t东村街道"
		file, headed := exchange.PlanText(row)
		rows, faults, err := exchange.ReadPlan(t.Context(), "x.tsv", file, inspect.Plan{Org: bureau.ID}, planFacts)
		if err != nil || headed || len(faults) > 0 || len(rows) != 1 {
			t.Errorf("%s: %+v, %+v, %v", text, rows, faults, err)
			continue
		}
		if got := rows[0].Task.Months.Text(); got != want || (len(rows[0].Faults) > 0) != (want == "") {
			t.Errorf("%s: got %q, %+v, want %q", text, got, rows[0].Faults, want)
		}
		if l := rows[0].Task; l.Items[0] != "i" || l.Sublibs[0] != "s" || l.Areas[0] != "370687002" || l.Pool != 400 {
			t.Errorf("%s: %+v", text, l)
		}
	}
}

func FuzzPlanText(f *testing.F) {
	f.Add("任务名称\t行业领域\n某\t食品\n")
	f.Add("1\t任务\t食品\tA-1\t单位\t餐饮\t400\t5%\t20\t1\t6月")
	f.Add("\n\t\"\x00\xff\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, _ := exchange.PlanText(text)
		rows, _, err := exchange.ReadPlan(t.Context(), "x.tsv", file, inspect.Plan{Org: bureau.ID}, planFacts)
		for _, r := range rows {
			if err == nil && len(r.Faults) == 0 && (r.Task.Months == 0 || r.Task.Lead == "") {
				t.Errorf("%q becomes %+v", text, r)
			}
		}
	})
}
