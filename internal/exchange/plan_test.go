package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"suicha/internal/inspect"
)

var facts = inspect.Facts{
	Orgs: map[inspect.OrgID]inspect.Org{
		"o1": {ID: "o1", Name: "海阳市市场监督管理局", Short: "市场监管局"}, "o2": {ID: "o2", Name: "海阳市公安局", Short: "公安局"},
	},
	Items:   map[inspect.ItemID]inspect.Item{"i1": {ID: "i1", Org: "o1", ItemTerms: inspect.ItemTerms{Code: "A-1", Name: "食品经营许可"}}},
	Sublibs: map[inspect.SublibraryID]inspect.Sublibrary{"s1": {ID: "s1", Name: "餐饮单位"}},
	Areas:   map[string]string{"370687100": "留格庄镇"},
}

// nasty are texts that must stay texts.
var nasty = []string{
	`=1+1`, `+1`, `-1`, `@SUM(1)`, "\t=1", "\r=1", "\n=1", `＝1`, `＋1`, `－1`, `＠x`, `'=1`, `=HYPERLINK("http://x","y")`,
	`01`, `1e5`, `TRUE`, `2026-03-01`, `#REF!`, `a,"b"`, `<b>&amp;`, " 前后有空格 ", "",
}

func published(names ...string) inspect.Plan {
	p := inspect.Plan{
		ID: "p1", Kind: inspect.PlanLed, Org: "o1", Region: "370687", Year: 2026, Number: "370687-2026-scjg-lh", Edition: 1,
		Reason: "=工作需要", State: inspect.PlanPublished, DraftedBy: "person-1", ApprovedBy: "person-2", Opinion: "同意",
		ApprovedAt: time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC), PublishedAt: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC),
	}
	for i, name := range names {
		p.Lines = append(p.Lines, inspect.PlanLine{
			No: i + 1, Name: name, Field: name, Items: []inspect.ItemID{"i1"}, Scope: name, Sublibs: []inspect.SublibraryID{"s1"},
			Pool: 1200, Ratio: "5%", Frequency: 2, Months: 1<<2 | 1<<3, Areas: []string{"370687100"}, Lead: "o1", Partners: []inspect.OrgID{"o2"},
			Type: "comprehensive", Targeted: "untargeted", Methods: []inspect.Method{"onsite"}, Mode: "county", Remark: name,
		})
	}
	return p
}

func file(p inspect.Plan) Plan {
	return NewPlan(p, facts, Publication{
		Publisher: "海阳市市场监督管理局", Approver: "海阳市市场监督管理局", Place: "海阳市", URL: "https://x.example/plans/370687-2026-scjg-lh/1",
		Receipt: &Receipt{N: 7, Code: "A3D8-52F6", LeafHash: strings.Repeat("ab", 32), URL: "https://x.example/receipts/7"},
	})
}

func TestTheJSONHoldsThePlanAndNobodysName(t *testing.T) {
	p := published("餐饮服务抽查", "学校食堂抽查")
	p.Lines[1].Dropped = true
	text, err := file(p).JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got Plan
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&got); err != nil {
		t.Fatal(err)
	}
	want := file(p)
	want.Tasks[0].words = nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if len(got.Tasks) != 1 || got.Visits != 120 || got.Format != "suicha-plan/1" {
		t.Errorf("%d tasks, %d visits, %s", len(got.Tasks), got.Visits, got.Format)
	}
	for _, secret := range []string{"person-1", "person-2", "同意"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the file tells %s", secret)
		}
	}
}

// trust: what is typed never becomes a formula where the file is opened.
func TestNoCellOfTheWorkbookIsAFormula(t *testing.T) {
	text, err := file(published(nasty...)).XLSX()
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != headRow+len(nasty) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i := range rows {
		for c := range columns {
			cell := letter(c+1) + strconv.Itoa(i+1)
			if formula, _ := book.GetCellFormula(sheet, cell); formula != "" {
				t.Errorf("%s is the formula %s", cell, formula)
			}
		}
	}
	for i, want := range nasty {
		cell := "B" + strconv.Itoa(headRow+1+i)
		got, err := book.GetCellValue(sheet, cell)
		if kind, _ := book.GetCellType(sheet, cell); err != nil || got != want || kind != excelize.CellTypeSharedString {
			t.Errorf("%s is %q of type %d, want %q: %v", cell, got, kind, want, err)
		}
	}
	if got, _ := book.GetCellValue(sheet, "G6", excelize.Options{RawCellValue: true}); got != "1200" {
		t.Errorf("the pool is %q", got)
	}
	if kind, _ := book.GetCellType(sheet, "G6"); kind == excelize.CellTypeSharedString {
		t.Error("the pool is a text")
	}
	names := book.GetDefinedName()
	if len(names) != 1 || names[0].Name != "_xlnm.Print_Titles" {
		t.Errorf("the heading is not on every page: %v", names)
	}
	noFormulaParts(t, text)
}

// noFormulaParts looks into the file itself, as a library could hide a formula.
func noFormulaParts(t *testing.T, text []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(part, []byte("<f>")) || bytes.Contains(part, []byte("<f ")) {
			t.Errorf("%s has a formula", f.Name)
		}
	}
}

func TestTheSamePlanGivesTheSameWorkbook(t *testing.T) {
	p := file(published("餐饮服务抽查"))
	one, err1 := p.XLSX()
	two, err2 := p.XLSX()
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
		t.Errorf("two workbooks of %d and %d bytes differ: %v, %v", len(one), len(two), err1, err2)
	}
}

func TestTheCSVIsGuarded(t *testing.T) {
	text, err := file(published(nasty...)).CSV()
	if err != nil {
		t.Fatal(err)
	}
	body, ok := strings.CutPrefix(string(text), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) != 1+len(nasty) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows {
		for _, cell := range row {
			if strings.IndexAny(cell, guarded) == 0 {
				t.Errorf("row %d: %q could become a formula", i, cell)
			}
		}
		if len(row) != 3+len(columns) {
			t.Errorf("row %d has %d cells", i, len(row))
		}
	}
	if rows[1][4] != "'=1+1" || rows[14][4] != "01" || rows[1][9] != "1200" {
		t.Errorf("cells are %q, %q, %q", rows[1][4], rows[14][4], rows[1][9])
	}
}

// Each word of a sheet stands under the heading of its own field.
func TestColumnsAreTheFieldsOfALine(t *testing.T) {
	labels := inspect.PlanLine{}.Describe(facts)
	if len(labels) != len(columns)-1 {
		t.Fatalf("a line has %d fields, a sheet %d columns beside the number", len(labels), len(columns)-1)
	}
	same := map[string]string{"抽查基数": "抽查基数（户）", "计划户数": "每次计划户数", "抽查频次": "每年抽查次数"}
	for i, l := range labels {
		want := l.Label
		if s, ok := same[want]; ok {
			want = s
		}
		if got := columns[i+1].head; got != want {
			t.Errorf("column %d is %s, the field is %s", i+1, got, want)
		}
	}
}

func FuzzGuard(f *testing.F) {
	for _, text := range nasty {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Guard(text)
		if strings.IndexAny(got, guarded) == 0 || Unguard(got) != text {
			t.Errorf("%q became %q and %q again", text, got, Unguard(got))
		}
	})
}
