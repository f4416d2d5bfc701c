package exchange

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"suicha/internal/inspect"
)

var terms = []inspect.ItemTerms{
	{
		Code: "SD-01", Name: "食品销售", SubItem: "许可", Field: "食品安全", Category: inspect.GeneralItem, MaxShare: 550, Frequency: 2, Basis: "《食品安全法》\n第一百一十条",
		Body: "=1+1", Objects: "食品销售者", Content: "许可，\"销售\"", Methods: inspect.MethodSet{"document", "onsite"}, Qualifications: "检查员\n安全员",
		Materials: "许可证", Results: "未发现问题\n发现问题", Division: "食品科", Remark: "-2",
	},
	{Code: "SD-02", Name: "特种设备", Field: "特种设备", Category: inspect.KeyItem, MaxShare: 10000, Basis: "《特种设备安全法》", Content: "使用登记", Methods: inspect.MethodSet{"online"}},
}

// R19, R22: a list that was written is read back as it was, in every format.
func TestItemsSurviveTheirFiles(t *testing.T) {
	if err := ItemTable.Valid(); err != nil {
		t.Fatal(err)
	}
	for _, format := range []Format{XLSX, CSV, JSON} {
		var file bytes.Buffer
		if err := WriteItems(&file, format, terms); err != nil {
			t.Fatal(err)
		}
		rows, faults, err := ReadItems(context.Background(), "list."+string(format), file.Bytes())
		if err != nil || len(faults) > 0 || len(rows) != len(terms) {
			t.Fatalf("%s: %d rows, %v, %v", format, len(rows), faults, err)
		}
		for i, row := range rows {
			got, err := inspect.ParseTerms(row)
			if err == nil {
				got, err = got.Tidy()
			}
			if err != nil || !reflect.DeepEqual(got, terms[i]) {
				t.Errorf("%s: got %+v, %v, want %+v", format, got, err, terms[i])
			}
		}
	}
}

// R19: what cannot be read of a list is told with row and column.
func TestFaultyItemsAreTold(t *testing.T) {
	const head = "事项编号,抽查领域,抽查事项,事项类别,抽查比例,抽查频次,抽查依据,抽查内容,抽查方式\n"
	for row, want := range map[string]string{
		"A-1,食品,销售,一般,百分之五,1,法,许可,现场检查":        "share",
		"A-1,食品,销售,一般,5%,常年,法,许可,现场检查":         "frequency",
		"A-1,食品,销售,一般,5%,1次/年,法,许可,目测":         "methods",
		"A-1,食品,销售,特别,5%,1,法,许可,现场检查":          "choice",
		"A-1,食品,销售,重点,,,,许可,现场检查、书式检查":         "required",
		"A-1,食品,销售,重点检查事项,100%,每年1次,法,许可,现场检查": "",
	} {
		rows, faults, err := ReadItems(context.Background(), "list.csv", []byte(head+row+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		found := slices.ContainsFunc(faults, func(f Fault) bool { return f.Severity == Error && f.Line == 2 && f.Heading != "" })
		if found != (want != "") || want == "" && len(rows) != 1 {
			t.Errorf("%s: %v, want %s", row, faults, want)
		}
	}
}

var questions = []inspect.Question{
	{Name: "shown", Type: inspect.AskYesNo, Label: "是否公示许可证", Hint: "看店堂", Default: "yes", Required: true},
	{Name: "why", Type: inspect.AskText, Label: "原因", Default: "未说明", If: "shown", Is: []string{"no", "na"}},
	{Name: "kinds", Type: inspect.AskMany, Label: "业态", Choices: []inspect.Choice{{Value: "1", Text: "餐饮"}, {Value: "2", Text: "销售"}}, Default: "1 2"},
	{Name: "staff", Type: inspect.AskNumber, Label: "人数", If: "kinds", Is: []string{"1"}},
	{Name: "many", Type: inspect.AskOne, Label: "规模", Choices: []inspect.Choice{{Value: "a", Text: "大"}, {Value: "b", Text: "小"}}, If: "staff", Is: []string{"5"}},
	{Name: "photo", Type: inspect.AskPhoto, Label: "照片"},
	{Name: "said", Type: inspect.AskNote, Label: "提示"},
}

// A checklist that was written as an XLSForm is read back as it was.
func TestXLSFormSurvivesItsFile(t *testing.T) {
	list, err := inspect.Checklist{}.Amend(questions, "", "x", inspect.Item{}.At)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := WriteXLSForm(&file, "食品检查", list.Questions); err != nil {
		t.Fatal(err)
	}
	got, faults, err := ReadXLSForm(context.Background(), "form.xlsx", file.Bytes())
	if err != nil || len(faults) > 0 || !reflect.DeepEqual(got, questions) {
		t.Errorf("got %+v, %v, %v", got, faults, err)
	}
	if _, _, err := ReadXLSForm(context.Background(), "form.csv", []byte("type,name\ntext,a\n")); !errors.Is(err, ErrFileKind) {
		t.Errorf("a table of commas: %v", err)
	}
}

// form is a workbook of a survey's rows.
func form(t testing.TB, rows ...[]string) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for _, sheet := range []string{"survey", "choices"} {
		if _, err := book.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
	}
	put := func(sheet string, rows [][]string) {
		for n, row := range rows {
			for i, text := range row {
				cell, _ := excelize.CoordinatesToCellName(i+1, n+1)
				if err := book.SetCellStr(sheet, cell, text); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	put("survey", append([][]string{{"type", "name", "label::中文", "relevant", "constraint", "required"}}, rows...))
	put("choices", [][]string{{"list_name", "name", "label"}, {"l", "a", "甲"}, {"l", "b", "乙"}})
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What a checklist cannot hold of an XLSForm is refused with its row.
func TestStrangeXLSFormsAreRefused(t *testing.T) {
	for code, row := range map[string][]string{
		"xlsform_type":     {"begin_group", "g", "组"},
		"xlsform_list":     {"select_one nothing", "g", "题"},
		"xlsform_column":   {"text", "g", "题", "", ". > 3"},
		"xlsform_required": {"text", "g", "题", "", "", "perhaps"},
		"xlsform_relevant": {"text", "g", "题", "${a} != 'x' and 1 = 1"},
	} {
		got, faults, err := ReadXLSForm(context.Background(), "form.xlsx", form(t, []string{"text", "a", "好题"}, row))
		if err != nil || len(got) != 1 || !slices.ContainsFunc(faults, func(f Fault) bool { return f.Code == code && f.Line == 3 }) {
			t.Errorf("%s: %v, %v, %v", code, got, faults, err)
		}
	}
	got, faults, err := ReadXLSForm(context.Background(), "form.xlsx", form(t, []string{"select_one l", "a", "题"}, []string{"text", "b", "题", "selected(${a}, 'b') or ${a} = \"a\""}))
	if err != nil || len(faults) > 0 || len(got) != 2 || strings.Join(got[1].Is, "") != "ba" {
		t.Errorf("a good form: %+v, %v, %v", got, faults, err)
	}
}

// Whatever a survey's row says, it is a question or refused, and the condition of a
// question is written as it is read.
func FuzzXLSForm(f *testing.F) {
	f.Add("text", "a", "题", "${x} = 'y'", "yes")
	f.Add("select_one l", "b", "题", "selected(${a}, 'x') or ${a} = 3", "")
	f.Add("select_multiple l", "c", "=1+1", "", "true()")
	f.Add("begin repeat", "\u202e", "", "or or or", "0")
	f.Fuzz(func(t *testing.T, kind, name, label, relevance, required string) {
		x := xlsForm{lists: map[string][]inspect.Choice{"l": {{Value: "a", Text: "甲"}, {Value: "b", Text: "乙"}}, yesNoList: inspect.YesNo}}
		faults := x.row(Row{table: surveyTable, Line: 2, Values: []string{kind, name, label, "", required, relevance, "", "", "", "", ""}})
		if len(faults)+len(x.questions) == 0 || len(faults) > 0 && len(x.questions) > 0 {
			t.Fatalf("%d faults and %d questions", len(faults), len(x.questions))
		}
		for _, q := range x.questions {
			for _, on := range []inspect.QuestionType{inspect.AskYesNo, inspect.AskMany} {
				if name, is, ok := parseRelevant(relevant(q, on)); !ok || name != q.If || !slices.Equal(is, q.Is) {
					t.Errorf("%q became %q, %q, %v", relevance, name, is, ok)
				}
			}
		}
	})
}
