package exchange_test

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

var bureau = inspect.Org{ID: "o", Region: "370687", Name: "海阳市市场监督管理局", Short: "市监局"}

func TestInspectorTableIsSound(t *testing.T) {
	if err := exchange.InspectorTable().Valid(); err != nil {
		t.Error(err)
	}
}

// inspectorsOf reads a file of inspectors.
func inspectorsOf(t *testing.T, name string, file []byte) (read []inspect.Inspector, faults []exchange.Fault, errs []error) {
	t.Helper()
	table := exchange.InspectorTable()
	f, err := exchange.Open(t.Context(), bytes.NewReader(file), int64(len(file)), name, exchange.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	head, err := f.Head(t.Context(), table, "")
	if err != nil {
		t.Fatal(err)
	}
	m := table.Match(head, exchange.Mapping{})
	faults = table.CheckMapping(head, m)
	for row, err := range f.Rows(t.Context(), table, m) {
		if err != nil {
			t.Fatal(err)
		}
		i, err := row.Inspector(bureau, towns)
		read, errs, faults = append(read, i), append(errs, err), append(faults, row.Faults...)
	}
	return read, faults, errs
}

// What is exported is read back as the same inspectors, in every format.
func TestInspectorsSurviveFiles(t *testing.T) {
	want := inspect.Inspector{
		Region: "370687", Org: "o", Code: "SCJG-001", Name: "=某人", Gender: "male", Category: inspect.Qualified, Division: "食品科", Position: "科员",
		Phone: "0535-3220000", Duty: "食品", DutyFrom: workday.MustParse("2019-05-06"), Education: "本科", Major: "法学", Title: "工程师",
		Certificates: []inspect.Certificate{
			{Kind: inspect.ProvinceCertificate, Number: "1506000001", Authority: "省政府", From: workday.MustParse("2024-01-01"), Until: workday.MustParse("9999-12-31")},
			{Kind: inspect.OwnCertificate, Number: "B2", Until: workday.MustParse("2028-01-01")},
		},
		Quals: []string{"特种设备安全监察员", "药品检查员"}, Items: []string{"SCJG-001"}, Units: []string{"东村所"}, Areas: []string{"370687002"},
	}
	for _, format := range []exchange.Format{exchange.XLSX, exchange.CSV, exchange.JSON} {
		var out bytes.Buffer
		e, err := exchange.NewExport(&out, format, exchange.InspectorTable())
		if err == nil {
			err = errors.Join(e.Write(exchange.InspectorValues(want, bureau.Name, towns)), e.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		read, faults, errs := inspectorsOf(t, "x."+string(format), out.Bytes())
		if len(read) != 1 || len(faults) != 0 || errs[0] != nil || !reflect.DeepEqual(read[0], want) {
			t.Errorf("%s: got %+v, %v, %v; want %+v", format, read, faults, errs, want)
		}
	}
}

// The number of an identity card is not taken in, and somebody is told.
func TestIdentityCardsAreLeftOut(t *testing.T) {
	file := "姓名,公民身份号码,单位工号,人员类别,执法证号,有效期至\n某人,37068719900101001X,A1,公务员,F1,2028-12-31\n"
	read, faults, errs := inspectorsOf(t, "x.csv", []byte(file))
	if len(read) != 1 || errs[0] != nil || strings.Contains(read[0].Text(), "37068719900101001X") || !read[0].Holds("F1") {
		t.Errorf("got %+v, %v", read, errs)
	}
	if len(faults) != 1 || faults[0].Code != "identity_card" || faults[0].Letter != "B" || faults[0].Severity != exchange.Warning {
		t.Errorf("got %+v", faults)
	}
	table := exchange.InspectorTable()
	head := exchange.Head{Line: 1, Headings: []exchange.Heading{{Letter: "A", Text: "姓名"}, {Letter: "B", Text: "身份证号"}}}
	m := exchange.Mapping{Line: 1, Pairs: []exchange.Pair{{Letter: "A", Heading: "姓名", Key: "name"}, {Letter: "B", Heading: "身份证号", Key: "phone"}}}
	found := table.CheckMapping(head, m)
	if !slices.ContainsFunc(found, func(f exchange.Fault) bool { return f.Code == "identity_card" && f.Severity == exchange.Error }) {
		t.Errorf("the column becomes a telephone number: %+v", found)
	}
}

func TestWrongInspectorRows(t *testing.T) {
	head := "姓名,单位工号,人员类别,所在部门,负责镇街,执法证号,有效期起,有效期至\n"
	for row, want := range map[string]struct {
		err   error
		field string
	}{
		"某人,A1,公务员,市监局,东村街道,F1,2024-01-01,2028-12-31": {},
		"某人,A1,公务员,公安局,,,,":                           {inspect.ErrInspectorOrg, "org"},
		"某人,A1,公务员,,天上街道,,,":                          {inspect.ErrTown, "areas"},
		"某人,A1,公务员,,,F1,,":                            {inspect.ErrEmpty, "province_until"},
		"某人,A1,公务员,,,F1,2029-01-01,2028-12-31":        {inspect.ErrDays, "province_until"},
		"某人,A1,专家,,,F1,,2028-12-31":                   {inspect.ErrHelperCertificate, "province_number"},
	} {
		_, _, errs := inspectorsOf(t, "x.csv", []byte(head+row+"\n"))
		var ps inspect.Problems
		errors.As(errs[0], &ps)
		if !errors.Is(errs[0], want.err) || want.err != nil && ps[0].Field != want.field {
			t.Errorf("%s: got %v, want %v at %s", row, errs[0], want.err, want.field)
		}
	}
}
