package exchange_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A sheet of staff says who works where; a row at fault is named and left out.
func TestStaffSheet(t *testing.T) {
	if err := exchange.StaffTable.Valid(); err != nil {
		t.Error(err)
	}
	var out bytes.Buffer
	if err := exchange.Template(&out, exchange.StaffTable); err != nil {
		t.Error(err)
	}
	file := "姓名,用户名,所在单位,岗位,任职日期,身份证号\n张三,zhang,市监局,经办人、联络员,2026年3月1日,x\n李四,li,市监局,处长,,\n王五,,市监局,经办人,,\n"
	rows, faults, err := exchange.ReadStaff(t.Context(), "a.csv", []byte(file))
	want := []inspect.StaffRow{{Line: 2, Name: "张三", Account: "zhang", Org: "市监局",
		Posts: []inspect.PostKind{inspect.Clerk, inspect.Liaison}, From: workday.MustParse("2026-03-01")}}
	if err != nil || !reflect.DeepEqual(rows, want) {
		t.Errorf("got %+v, %v; want %+v", rows, err, want)
	}
	var codes []string
	for _, f := range faults {
		codes = append(codes, fmt.Sprint(f.Line, f.Code))
	}
	if got := strings.Join(codes, " "); got != "1identity_card 3post 4required" {
		t.Errorf("got %s", got)
	}
	many := "姓名,登录名,单位,岗位\n" + strings.Repeat("张三,zhang,市监局,经办人\n", inspect.StaffMost+1)
	if _, _, err := exchange.ReadStaff(t.Context(), "a.csv", []byte(many)); err == nil {
		t.Error("a sheet with too many rows is taken")
	}
}

func FuzzReadStaff(f *testing.F) {
	f.Add("a.csv", []byte("姓名,登录名,单位,岗位\n张三,zhang,市监局,经办人、联络员\n"))
	f.Add("a.json", []byte(`[{"姓名":"张三","登录名":"zhang","单位":"x","岗位":["经办人"]}]`))
	f.Fuzz(func(t *testing.T, name string, file []byte) {
		rows, _, err := exchange.ReadStaff(t.Context(), name, file)
		for _, r := range rows {
			back, bad := inspect.ParseStaffRow(r.Text())
			if err == nil && (bad != nil || !reflect.DeepEqual(back, r)) {
				t.Errorf("%+v becomes %+v, %v", r, back, bad)
			}
		}
	})
}
