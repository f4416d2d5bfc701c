package inspect_test

import (
	"errors"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

func anObject() inspect.Object {
	return inspect.Object{
		No: 7, Version: 2, Region: "370687", Kind: inspect.Enterprise, Code: "91370687MA3TERT03B", Name: "海阳市某某食品有限公司",
		Status: inspect.ObjectActive, LegalRep: "某人", Phone: "000", Address: "海阳市某路 1 号", Town: "370687001", Scope: "食品生产；食品销售",
		Industry: "1411", Established: workday.MustParse("2019-05-06"), Authority: "海阳市市场监督管理局", Owner: "org",
		Risk: "B", RiskSource: "信用风险分类", RiskOn: workday.MustParse("2026-01-04"), Source: "市场主体登记", Sourced: workday.MustParse("2026-02-01"),
	}
}

func TestObjectText(t *testing.T) {
	for name, o := range map[string]inspect.Object{
		"full": anObject(), "empty": {}, "merged": {No: 1, Version: 3, Status: inspect.ObjectMerged, Into: 12},
	} {
		back, err := inspect.ParseObject(o.No, o.Version, o.Text())
		if err != nil || back != o {
			t.Errorf("%s: got %+v, %v; want %+v", name, back, err, o)
		}
	}
}

func FuzzParseObject(f *testing.F) {
	f.Add(anObject().Text())
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		o, err := inspect.ParseObject(1, 1, text)
		if err == nil && o.Text() != text {
			t.Errorf("%q becomes %q", text, o.Text())
		}
	})
}

// R107: a risk class counts only with the day it was given, and only the four of
// the classification; R29: nothing without its source.
func TestObjectTidy(t *testing.T) {
	today := workday.MustParse("2026-03-02")
	for name, c := range map[string]struct {
		change  func(*inspect.Object)
		want    error // nil: it is right
		warning error
	}{
		"right":             {func(*inspect.Object) {}, nil, nil},
		"code in disguise":  {func(o *inspect.Object) { o.Code = " ９１３７０６８７ma3tert03b" }, nil, nil},
		"check digit":       {func(o *inspect.Object) { o.Code = "91370687MA3TERT03C" }, nil, inspect.ErrCheckDigit},
		"no code":           {func(o *inspect.Object) { o.Code = "9137" }, inspect.ErrCreditCode, nil},
		"number of a site":  {func(o *inspect.Object) { o.Kind, o.Code = inspect.Site, "梯11鲁F00012" }, nil, nil},
		"no name":           {func(o *inspect.Object) { o.Name = " " }, inspect.ErrEmpty, nil},
		"hidden in name":    {func(o *inspect.Object) { o.Name = "某\u202e公司" }, inspect.ErrControl, nil},
		"unknown kind":      {func(o *inspect.Object) { o.Kind = "shop" }, inspect.ErrChoice, nil},
		"own status":        {func(o *inspect.Object) { o.Status = inspect.ObjectMerged }, inspect.ErrChoice, nil},
		"unknown industry":  {func(o *inspect.Object) { o.Industry = "9999" }, nil, inspect.ErrIndustry},
		"class without day": {func(o *inspect.Object) { o.RiskOn = workday.Date{} }, inspect.ErrRiskDay, nil},
		"class E":           {func(o *inspect.Object) { o.Risk = "E" }, inspect.ErrChoice, nil},
		"born tomorrow":     {func(o *inspect.Object) { o.Established = today.AddDays(1) }, inspect.ErrFuture, nil},
		"data of tomorrow":  {func(o *inspect.Object) { o.Sourced = today.AddDays(1) }, inspect.ErrFuture, nil},
		"no source":         {func(o *inspect.Object) { o.Source = "" }, inspect.ErrEmpty, nil},
	} {
		o := anObject()
		c.change(&o)
		got, warnings, err := o.Tidy(today)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if (c.warning == nil) != (len(warnings) == 0) || c.warning != nil && !errors.Is(warnings, c.warning) {
			t.Errorf("%s: warned of %v, want %v", name, warnings, c.warning)
		}
		if again, _, _ := got.Tidy(today); err == nil && again != got {
			t.Errorf("%s: tidying twice gives %+v", name, again)
		}
	}
}
