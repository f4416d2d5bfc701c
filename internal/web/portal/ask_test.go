package portal

import (
	"strings"
	"testing"
)

func TestReceiptsAsPeopleTypeThem(t *testing.T) {
	for _, test := range []struct {
		typed string
		want  receiptAsk
		ok    bool
	}{
		{"A3D8-52F6", receiptAsk{prefix: "a3d852f6"}, true},
		{" a3d8 52f6 ", receiptAsk{prefix: "a3d852f6"}, true},
		{"Ａ３Ｄ８－５２Ｆ６", receiptAsk{prefix: "a3d852f6"}, true},
		{"回执　A3D8—52F6", receiptAsk{prefix: "a3d852f6"}, true},
		{"09E7-BC34-DADF-77CF", receiptAsk{prefix: "09e7bc34dadf77cf"}, true},
		{"12345678", receiptAsk{prefix: "12345678"}, true},
		{"41", receiptAsk{n: 41}, true},
		{"No. 41", receiptAsk{n: 41}, true},
		{"第４１号", receiptAsk{n: 41}, true},
		{"0", receiptAsk{}, true},
		{"A3D8", receiptAsk{}, false},
		{"A3D8-52G6", receiptAsk{}, false},
		{"-1", receiptAsk{}, false},
		{"9999999999999999", receiptAsk{prefix: "9999999999999999"}, true},
		{"99999999999999999", receiptAsk{}, false},
		{"", receiptAsk{}, false},
		{"望潮渔家", receiptAsk{}, false},
	} {
		if got, ok := parseReceiptAsk(test.typed); got != test.want || ok != test.ok {
			t.Errorf("%q is %+v, %t", test.typed, got, ok)
		}
	}
}

func FuzzReceiptAsk(f *testing.F) {
	for _, text := range []string{"A3D8-52F6", "第41号", "No.1", "\xff", "１２"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ask, ok := parseReceiptAsk(text)
		if ok && (ask.n < 0 || strings.Trim(ask.prefix, "0123456789abcdef") != "") {
			t.Errorf("%q is %+v", text, ask)
		}
	})
}

func TestAddressesOfPlans(t *testing.T) {
	for _, test := range []struct {
		number, edition string
		want            planAsk
		ok              bool
	}{
		{"370687-2026-scjg", "", planAsk{"370687-2026-scjg", -1, ""}, true},
		{"370687-2026-scjg-lh.json", "", planAsk{"370687-2026-scjg-lh", -1, "json"}, true},
		{"370687-2026", "0.xlsx", planAsk{"370687-2026", 0, "xlsx"}, true},
		{"370687-2026", "12", planAsk{"370687-2026", 12, ""}, true},
		{"370687-2026", "01", planAsk{}, false},
		{"370687-2026", "-1", planAsk{}, false},
		{"370687-2026", "99999", planAsk{}, false},
		{"370687-2026", "1.", planAsk{}, false},
		{"370687-2026.json", "1", planAsk{}, false},
		{"370687-2026-SCJG", "", planAsk{}, false},
		{"370687-2026' OR 1=1", "", planAsk{}, false},
		{"370687-2026\x00", "", planAsk{}, false},
	} {
		got, err := parsePlanAsk(test.number, test.edition)
		if (err == nil) != test.ok || test.ok && got != test.want {
			t.Errorf("%q %q is %+v, %v", test.number, test.edition, got, err)
		}
	}
}

func FuzzPlanAsk(f *testing.F) {
	f.Add("370687-2026-scjg.json", "")
	f.Add("370687-2026", "1.csv")
	f.Fuzz(func(t *testing.T, number, edition string) {
		ask, err := parsePlanAsk(number, edition)
		if err != nil {
			return
		}
		again, err := parsePlanAsk(ask.number, "")
		if err != nil || again.number != ask.number || !numberForm.MatchString(ask.number) {
			t.Errorf("%q %q is %+v", number, edition, ask)
		}
	})
}

func FuzzAsked(f *testing.F) {
	f.Add("餐饮\x00\xff\n")
	f.Add(strings.Repeat("查", 300))
	f.Fuzz(func(t *testing.T, text string) {
		got := asked(text)
		if strings.ContainsAny(got, "\x00\n\r\t") || len([]rune(got)) > 100 || strings.ToValidUTF8(got, "") != got {
			t.Errorf("%q became %q", text, got)
		}
	})
}
