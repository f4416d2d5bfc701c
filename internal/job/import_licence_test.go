package job_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// licenceDesk is a desk whose files are of licences, with n objects in the library.
func licenceDesk(o *rig.Office, n int) (*desk, []shop) {
	d, all := newDesk(o), shops(n)
	d.imported("objects.csv", sheet(all), true)
	d.noun = inspect.ImportLicences
	return d, all
}

// papers are licences of shops as a csv, one for each, each changed by change.
func papers(all []shop, change func(k int, cells []string)) string {
	var b strings.Builder
	b.WriteString("统一社会信用代码,企业名称,许可证名称,许可证编号,发证日期,有效期至,发证机关\n")
	for k, s := range all {
		cells := []string{s.code, s.name, "食品经营许可证", fmt.Sprintf("JY%05d", k), "2024-01-01", "2028-12-31", "海阳市行政审批服务局"}
		if change != nil {
			change(k, cells)
		}
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return b.String()
}

func (d *desk) held() []inspect.HeldLicence {
	d.Helper()
	var nos []inspect.ObjectNo
	for _, o := range d.objects() {
		nos = append(nos, o.No)
	}
	all, err := d.Store.DB.LicencesInForce(context.Background(), d.li.Scope(), nos)
	if err != nil {
		d.Fatal(err)
	}
	return all
}

// paper is the licence of an object with a number, in force or not.
func (d *desk) paper(code, number string) inspect.Licence {
	d.Helper()
	all, err := d.Store.DB.Licences(context.Background(), d.li.Scope(), d.object(code).No)
	if err != nil {
		d.Fatal(err)
	}
	for _, l := range all {
		if l.Number == number {
			return l
		}
	}
	d.Fatalf("%s has no licence %s", code, number)
	return inspect.Licence{}
}

// drawer is what the library says of licences in force, but for versions.
func (d *desk) drawer() string {
	var b strings.Builder
	for _, l := range d.held() {
		fmt.Fprintln(&b, l.Staged())
	}
	return b.String()
}

// R27, R31: a file of licences goes in, comes again with changes, is taken back, and
// the library is what it was.
func TestLicencesImportAndReverse(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d, all := licenceDesk(o, 40)
		sun := o.Clerk("孙警官", "gaj")
		o.Done(sun, act.PutLicence{Object: d.object(all[9].code).No, Name: "特种行业许可证", Number: "T9"})
		o.Done(d.li, act.PutLicence{Object: d.object(all[8].code).No, Name: "食品生产许可证", Number: "SC8"}) // no file brought it
		i := d.imported("a.csv", papers(all, nil), true)
		if want := (inspect.ImportRows{Read: 40, New: 40}); i.Rows != want || len(d.held()) != 42 {
			t.Fatalf("%+v, want %+v: %s", i.Rows, want, i.Note)
		}
		got := d.paper(all[7].code, "JY00007")
		if got.ValidTo.String() != "2028-12-31" || got.Org != d.li.Org.ID || got.Source != "市场主体登记" || got.Sourced != i.Sourced {
			t.Errorf("got %+v", got)
		}
		before := d.drawer()

		next := papers(append(shops(40)[1:], all[0]), func(k int, cells []string) {
			cells[3] = fmt.Sprintf("JY%05d", (k+1)%40)
			switch k {
			case 3: // renewed
				cells[4], cells[5] = "2025-01-01", "2030-12-31"
			case 4: // another number: one is new, one has vanished
				cells[3] = "JY99999"
			case 5: // faulty, and so not vanished
				cells[5] = "不详"
			case 6: // a slip in the code: the licence of that number has not vanished
				cells[0] = "92370687MA3XY12K76"
			}
		})
		i = d.checked(d.li, "b.csv", next, true)
		if want := (inspect.ImportRows{Read: 40, New: 1, Changed: 1, Same: 36, Gone: 1, Faulty: 2}); i.Rows != want {
			t.Fatalf("%+v, want %+v: %s", i.Rows, want, i.Note)
		}
		o.Done(d.li, confirm(i))
		i = d.settled(d.li, i.ID)
		if got := d.paper(all[5].code, "JY00005"); !got.Ended {
			t.Errorf("a licence that is not in the file: %+v", got)
		}
		if got := d.paper(all[4].code, "JY00004"); got.ValidTo.String() != "2030-12-31" || got.Version != 2 {
			t.Errorf("a renewed licence: %+v", got)
		}
		for _, kept := range []inspect.Licence{d.paper(all[9].code, "T9"), d.paper(all[8].code, "SC8"), d.paper(all[6].code, "JY00006"), d.paper(all[7].code, "JY00007")} {
			if kept.Ended || kept.Version != 1 {
				t.Errorf("it has not vanished from the file's source: %+v", kept)
			}
		}
		later := d.paper(all[4].code, "JY00004")
		o.Done(d.li, act.PutLicence{Object: later.No, Name: later.Name, Number: later.Number, Seen: later.Version, Issued: later.Issued, Authority: "更正"})
		o.Done(d.li, act.ReverseImport{Import: i.ID, Seen: i.Version, Reason: "选错了文件"})
		i = d.settled(d.li, i.ID)
		left, err := o.Store.DB.ImportLeft(context.Background(), d.li.Scope(), i, 10)
		if err != nil || len(left) != 1 || left[0].Name != all[4].name || !strings.HasSuffix(left[0].Code, "JY00004") {
			t.Errorf("left by the reversal: %+v, %v", left, err)
		}
		if got := d.paper(all[4].code, "JY00004"); got.Authority != "更正" || got.Version != 3 || got.Source == "" {
			t.Errorf("what somebody changed since: %+v", got)
		}
		o.Done(d.li, act.PutLicence{Object: later.No, Name: later.Name, Number: later.Number, Seen: 3,
			Issued: workday.MustParse("2024-01-01"), ValidTo: workday.MustParse("2028-12-31"), Authority: "海阳市行政审批服务局"})
		if i.State != inspect.ImportReversed || d.drawer() != before {
			t.Errorf("after the reversal the batch is %s", i.State)
		}
		if got := d.paper(all[5].code, "JY99999"); !got.Ended {
			t.Errorf("a licence that was new is in force: %+v", got)
		}
		o.Verified()
	})
}

// R27, R31: a row that cannot be taken says why, and nothing of it is written.
func TestLicenceRulesHoldInFiles(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d, all := licenceDesk(o, 3)
		sun := o.Clerk("孙警官", "gaj")
		o.Done(sun, act.PutLicence{Object: d.object(all[0].code).No, Name: "特种行业许可证", Number: "T1"})
		gone := d.object(all[2].code)
		o.Done(d.li, act.WithdrawObject{Object: gone.No, Seen: gone.Version, Reason: "重复登记"})
		for _, number := range []string{"370687200001234", "370687200009999"} {
			for k := range 2 {
				site := act.PutObject{Code: fmt.Sprintf("CS-%s-%d", number, k), Kind: inspect.Site, Name: "某场所" + number, RegNo: number, Status: inspect.ObjectActive, Source: "登记", Sourced: workday.MustParse("2026-02-01")}
				if k == 0 || strings.HasSuffix(number, "9999") {
					o.Done(d.li, site)
				}
			}
		}
		head := "统一社会信用代码,企业名称,许可证名称,许可证编号,发证日期,有效期至,登记部门\n"
		for row, want := range map[string]error{
			all[1].code + ",,食品经营许可证,N1,2024-01-01,长期," + d.li.Org.Short: nil,
			"CS-370687200001234-0,,食品经营许可证,N2,,,":                        nil,
			"370687200001234,,食品经营许可证,N3,,,":                             nil, // by its former register
			"370687200009999,,食品经营许可证,N4,,,":                             inspect.ErrLicenceObjects,
			"91370687MA3TERT03B,,食品经营许可证,N5,,,":                          inspect.ErrLicenceObject,
			gone.Code + ",,食品经营许可证,N6,,,":                                inspect.ErrLicenceHolder,
			all[0].code + ",,特种行业许可证,T1,,,":                              inspect.ErrLicenceForeign,
			all[0].code + ",,特种行业许可证,T2,,,公安局":                           inspect.ErrLicenceOrg,
			all[0].code + ",,食品经营许可证,N7,2024-01-01,2023-01-01,":          inspect.ErrLicenceDays,
			all[0].code + ",,食品经营许可证,N8,2026-12-01,,":                    inspect.ErrFuture,
			all[0].code + "," + all[1].name + ",食品经营许可证,N9,,,":           inspect.ErrLicenceName, // to be looked at
		} {
			i := d.checked(d.li, "x.csv", head+row+"\n", false)
			var report struct {
				Kinds []struct{ Code, Severity string }
			}
			batch, err := d.work.Folder.Batch(string(i.ID))
			if err == nil {
				_, err = batch.ReadJSON("summary.json", &report)
			}
			if err != nil {
				t.Fatal(err)
			}
			var p inspect.Problem
			errors.As(want, &p)
			switch {
			case want == nil && (i.Rows.New != 1 || len(report.Kinds) != 0),
				want != nil && (len(report.Kinds) != 1 || report.Kinds[0].Code != p.Code),
				want != nil && p.Code != inspect.ErrLicenceName.Code && i.Rows.Faulty != 1:
				t.Errorf("%s: %+v, %+v, want %v", row, i.Rows, report, want)
			}
			if i.State == inspect.ImportChecked {
				o.Done(d.li, act.CancelImport{Import: i.ID, Seen: i.Version})
			}
		}
		o.Verified()
	})
}

// R27: what is exported comes in again as it was, in every format; columns that a file
// does not have keep what there is, and a licence that vanishes with many others asks
// a second person.
func TestLicencesComeInAsTheyWentOut(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d, all := licenceDesk(o, 20)
		d.imported("a.csv", papers(all, func(k int, cells []string) {
			if k == 4 {
				cells[2], cells[3], cells[4], cells[5], cells[6] = "=许可", `"N""1\2"`, "", "长期", ""
			}
		}), true)
		for _, format := range []exchange.Format{exchange.XLSX, exchange.CSV, exchange.JSON} {
			var out bytes.Buffer
			e, err := exchange.NewExport(&out, format, exchange.LicenceTable())
			for _, x := range d.held() {
				err = errors.Join(err, e.Write(exchange.LicenceValues(x, d.li.Org.Name)))
			}
			if err := errors.Join(err, e.Close()); err != nil {
				t.Fatal(err)
			}
			i := d.checked(d.li, "out."+string(format), out.String(), true)
			if want := (inspect.ImportRows{Read: 20, Same: 20}); i.Rows != want {
				t.Errorf("%s: %+v, want %+v: %s", format, i.Rows, want, i.Note)
			}
			o.Refused(d.li, confirm(i), inspect.ErrImportIdle)
		}
		was := d.paper(all[3].code, "JY00003")
		d.imported("short.csv", "信用代码,许可证名称,许可证编号,有效期至\n"+all[3].code+",食品经营许可证,JY00003,2031-01-01\n", false)
		was.ValidTo, was.Version = workday.MustParse("2031-01-01"), 2
		if got := d.paper(all[3].code, "JY00003"); got != was {
			t.Errorf("fields that the file does not have: %+v, want %+v", got, was)
		}
		i := d.checked(d.li, "few.csv", papers(all[:3], nil), true)
		o.Done(d.li, confirm(i))
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportSeconding || i.Rows.Gone != 17 {
			t.Errorf("the batch is %s: %+v", i.State, i.Rows)
		}
		o.Refused(d.li, act.SecondImport(confirm(i)), inspect.ErrDenied)
		o.Verified()
	})
}

// A licence that somebody changed between check and writing stays, and so does one
// whose object was taken back or which another department has registered meanwhile.
func TestLicencesChangedSinceTheCheck(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d, all := licenceDesk(o, 5)
		d.imported("a.csv", papers(all[:2], nil), false)
		i := d.checked(d.li, "b.csv", papers(all, func(_ int, cells []string) { cells[5] = "2029-12-31" }), false)
		first := d.paper(all[0].code, "JY00000")
		o.Done(d.li, act.EndLicence{Object: first.No, Name: first.Name, Number: first.Number, Seen: 1, Reason: "交回"})
		gone := d.object(all[3].code)
		o.Done(d.li, act.WithdrawObject{Object: gone.No, Seen: gone.Version, Reason: "重复登记"})
		o.Done(o.Clerk("孙警官", "gaj"), act.PutLicence{Object: d.object(all[4].code).No, Name: "食品经营许可证", Number: "JY00004"})
		o.Done(d.li, confirm(i))
		i = d.settled(d.li, i.ID)
		if i.State != inspect.ImportApplied || i.Done != 5 || i.Skipped != 3 {
			t.Errorf("%s, %d done, %d skipped", i.State, i.Done, i.Skipped)
		}
		if got := d.paper(all[0].code, "JY00000"); !got.Ended || got.Version != 2 {
			t.Errorf("what was ended is back: %+v", got)
		}
		if got := d.paper(all[4].code, "JY00004"); got.Org == d.li.Org.ID || got.Version != 1 {
			t.Errorf("another department's licence: %+v", got)
		}
		o.Verified()
	})
}
