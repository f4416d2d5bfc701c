package exchange_test

import (
	"bytes"
	"testing"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

var towns = []inspect.Choice{{Value: "370687001", Text: "方圆街道"}, {Value: "370687002", Text: "东村街道"}}

func TestObjectTableIsSound(t *testing.T) {
	for _, towns := range [][]inspect.Choice{towns, nil} {
		if err := exchange.ObjectTable(towns).Valid(); err != nil {
			t.Error(err)
		}
	}
}

// What is exported is read back as the same objects, in every format.
func TestObjectsSurviveFiles(t *testing.T) {
	table := exchange.ObjectTable(towns)
	want := inspect.Object{
		Kind: inspect.Enterprise, Code: "91370687MA3TERT03B", RegNo: "370687200001234", Name: "=海阳市“某某”食品,有限公司", Status: inspect.ObjectRevoked,
		LegalRep: "某某", Phone: "0535-3220000", Liaison: "某", LiaisonPhone: "+86 1", Address: "某路1号", Town: "370687002", Scope: "食品生产；食品销售",
		Industry: "C1411", Established: workday.MustParse("1899-05-06"), Authority: "某局", Station: "某所", Risk: "D", RiskSource: "省", RiskOn: workday.MustParse("2026-01-02"),
	}
	want.LiaisonPhone = "+8613"
	for _, format := range []exchange.Format{exchange.XLSX, exchange.CSV, exchange.JSON} {
		var out bytes.Buffer
		e, err := exchange.NewExport(&out, format, table)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Write(exchange.ObjectValues(want)); err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		f, err := exchange.Open(t.Context(), bytes.NewReader(out.Bytes()), int64(out.Len()), "x."+string(format), exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		head, err := f.Head(t.Context(), table, "")
		if err != nil {
			t.Fatal(err)
		}
		m := table.Match(head, exchange.Mapping{})
		if faults := table.CheckMapping(head, m); len(faults) > 0 {
			t.Errorf("%s: %v", format, faults)
		}
		for row, err := range f.Rows(t.Context(), table, m) {
			if err != nil {
				t.Fatal(err)
			}
			got, err := row.Object()
			if err != nil || got != want {
				t.Errorf("%s: got %+v, want %+v: %v, %v", format, got, want, row.Faults, err)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}
