package job_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// staffDesk is a desk whose files are of inspectors.
func staffDesk(o *rig.Office) *desk {
	d := newDesk(o)
	d.noun = inspect.ImportInspectors
	return d
}

// staff are n invented inspectors as a csv, each changed by change.
func staff(n int, change func(k int, cells []string)) string {
	var b strings.Builder
	b.WriteString("单位工号,姓名,人员类别,性别,科室,手机号,岗位资质资格,检查区域范围,行政执法证编号,发证机关,有效期起,有效期止\n")
	for k := range n {
		cells := []string{fmt.Sprintf("SCJG-%03d", k), fmt.Sprintf("某%d", k), "公务员", "女", "食品科", "0535-3220000", "药品检查员",
			"东村街道", fmt.Sprintf("鲁F%03d", k), "省政府", "2024-01-01", "2028-12-31"}
		if change != nil {
			change(k, cells)
		}
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return b.String()
}

func (d *desk) inspectors(org string) (all []inspect.Inspector) {
	d.Helper()
	files, err := d.Store.DB.Inspectors(context.Background(), d.li.Scope(), store.InspectorFilter{Org: rig.Org(org), Since: workday.MustParse("2026-01-01")})
	if err != nil {
		d.Fatal(err)
	}
	for _, f := range files {
		all = append(all, f.Inspector)
	}
	slices.SortFunc(all, func(a, b inspect.Inspector) int { return strings.Compare(a.Code, b.Code) })
	return all
}

func (d *desk) inspector(code string) inspect.Inspector {
	d.Helper()
	for _, x := range d.inspectors("scjg") {
		if x.Code == code {
			return x
		}
	}
	d.Fatalf("nobody has the number %s", code)
	return inspect.Inspector{}
}

// team is what the library says of a department's inspectors, but for versions and
// for who has left.
func (d *desk) team(org string) string {
	var text []string
	for _, x := range d.inspectors(org) {
		if x.Ended.IsZero() {
			text = append(text, x.Text())
		}
	}
	return strings.Join(text, "\n")
}

// R29, R38: a file of inspectors goes in, comes again with changes, is taken back,
// and the library is what it was.
func TestInspectorsImportAndReverse(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := staffDesk(o)
		sun := o.Clerk("孙警官", "gaj")
		foreign := act.PutInspector{Code: "SCJG-000", Name: "他局的人", Category: inspect.Qualified, Source: "人事档案", Sourced: workday.MustParse("2026-02-01")}
		o.Done(sun, foreign)
		theirs := d.team("gaj")
		i := d.imported("a.csv", staff(40, nil), true)
		if want := (inspect.ImportRows{Read: 40, New: 40}); i.Rows != want || len(d.inspectors("scjg")) != 40 {
			t.Fatalf("%+v, want %+v: %s", i.Rows, want, i.Note)
		}
		if got := d.inspector("SCJG-007"); got.Areas[0] != "370687002" || !got.Holds("鲁F007") || got.Source != "市场主体登记" || got.Sourced != i.Sourced {
			t.Errorf("got %+v", got)
		}
		o.Done(d.li, act.CertifyInspector{Inspector: d.inspector("SCJG-003").No, Seen: 1, Kind: inspect.OwnCertificate, Number: "X9", Until: workday.MustParse("2027-01-01")})
		before := d.team("scjg")

		next := staff(41, func(k int, cells []string) {
			switch k {
			case 3:
				cells[4] = "药品科"
			case 5:
				cells[11] = "2029-12-31"
			}
		})
		next = strings.Replace(next, "SCJG-010,某10", "SCJG-010", 1) // one cell short: the row is faulty, and its person has not vanished
		next = strings.Join(slices.Delete(strings.SplitAfter(next, "\n"), 2, 3), "")
		i = d.checked(d.li, "b.csv", next, true)
		if want := (inspect.ImportRows{Read: 40, New: 1, Changed: 2, Same: 36, Gone: 1, Faulty: 1}); i.Rows != want {
			t.Fatalf("%+v, want %+v: %s", i.Rows, want, i.Note)
		}
		o.Done(d.li, confirm(i))
		i = d.settled(d.li, i.ID)
		if got := d.inspector("SCJG-001"); got.Ended != i.Sourced || got.Name != "某1" {
			t.Errorf("who is not in the file: %+v", got)
		}
		if got := d.inspector("SCJG-003"); got.Division != "药品科" || !got.Holds("X9") || !got.Holds("鲁F003") {
			t.Errorf("a certificate that the file does not name: %+v", got)
		}
		if got := d.inspector("SCJG-005"); len(got.Certificates) != 1 || got.Certificates[0].Until.String() != "2029-12-31" {
			t.Errorf("a renewed certificate: %+v", got.Certificates)
		}
		told, err := o.Store.DB.InspectorTimeline(context.Background(), d.li.Scope(), d.inspector("SCJG-003").No, 10)
		if err != nil || len(told) != 3 || told[0].Verb != inspect.ImportApply || told[1].Verb != inspect.InspectorCertify {
			t.Errorf("the person's record: %+v, %v", told, err)
		}
		o.Done(d.li, act.ReverseImport{Import: i.ID, Seen: i.Version, Reason: "选错了文件"})
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportReversed || d.team("scjg") != before || d.team("gaj") != theirs {
			t.Errorf("after the reversal the batch is %s", i.State)
		}
		if got := d.inspector("SCJG-040"); got.Ended.IsZero() {
			t.Errorf("who was new is still there: %+v", got)
		}
		o.Verified()
	})
}

// R38, R40, C1, C2: an import of inspectors asks what the single acts ask, and says
// at each row what is wrong.
func TestInspectorRulesHoldInFiles(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := staffDesk(o)
		o.Done(d.li, act.PutInspector{Code: "OLD", Name: "在册", Category: inspect.Qualified, Source: "人事档案", Sourced: workday.MustParse("2026-02-01")})
		o.Done(d.li, act.CertifyInspector{Inspector: 1, Seen: 1, Kind: inspect.ProvinceCertificate, Number: "鲁F900", Until: workday.MustParse("2027-01-01")})
		head := "单位工号,姓名,人员类别,所在部门,执法事项范围,检查区域范围,执法证编号,有效期止,公民身份号码\n"
		for row, want := range map[string]error{
			"A1,某人,公务员," + d.li.Org.Short + ",,东村街道,F1,2028-12-31,37068719900101001X": nil,
			"A1,某人,专家,,,,F1,2028-12-31,":                                inspect.ErrHelperCertificate,
			"A1,某人,专家,,,,,,":                                            nil,
			"OLD,某人,专家,,,,,,":                                           inspect.ErrHelperCertificate,
			"A1,某人,公务员,公安局,,,,,":                                        inspect.ErrInspectorOrg,
			"A1,某人,公务员,,NO-1,,,,":                                       inspect.ErrChoice,
			"A1,某人,公务员,,,月球街道,,,":                                       inspect.ErrTown,
			"A1,某人,公务员,,,,鲁F900,2028-12-31,":                            inspect.ErrCertificateTaken,
			"OLD,某人,公务员,,,,鲁F900,2028-12-31,":                           nil,
			"37068719900101001X,某人,公务员,,,,,,":                           inspect.ErrIdentityCard,
			"A1,某人,公务员,,,,F1,,":                                         inspect.ErrEmpty,
			"A1,某人,公务员,,,,F1,2028-12-31,\nA2,另一人,公务员,,,,F1,2028-12-31,": inspect.ErrCertificateTaken,
		} {
			i := d.checked(d.li, "rows.csv", head+row+"\n", false)
			if (i.Rows.Faulty > 0) != (want != nil) || i.State != inspect.ImportChecked || want == nil && i.Rows.Staged() != 1 {
				t.Errorf("%s: %+v, want %v: %s", row, i.Rows, want, i.Note)
			}
			if p := (inspect.Problem{}); errors.As(want, &p) && !slices.Contains(d.faultCodes(i), p.Code) {
				t.Errorf("%s: the faults are %v, want %s", row, d.faultCodes(i), p.Code)
			}
			o.Done(d.li, act.CancelImport{Import: i.ID, Seen: i.Version})
		}
		if len(d.inspectors("scjg")) != 1 {
			t.Error("a check changed the library")
		}
		o.Verified()
	})
}

// faultCodes are the kinds of faults of a checked batch.
func (d *desk) faultCodes(i inspect.Import) (codes []string) {
	d.Helper()
	b, err := d.work.Folder.Batch(string(i.ID))
	var report struct{ Kinds []struct{ Code string } }
	if err == nil {
		_, err = b.ReadJSON("summary.json", &report)
	}
	if err != nil {
		d.Fatal(err)
	}
	for _, k := range report.Kinds {
		codes = append(codes, k.Code)
	}
	return codes
}

// What the library exports comes in again without any change; a column that a
// file lacks leaves the field alone.
func TestInspectorsComeInUnchanged(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := staffDesk(o)
		d.imported("a.csv", staff(20, func(k int, cells []string) {
			if k == 4 { // an expert has no certificate
				cells[2], cells[8], cells[9], cells[10], cells[11] = "专家", "", "", "", ""
			}
		}), true)
		towns, err := o.Store.DB.Areas(context.Background(), d.li.Scope(), rig.Region)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []exchange.Format{exchange.XLSX, exchange.CSV, exchange.JSON} {
			var out bytes.Buffer
			e, err := exchange.NewExport(&out, format, exchange.InspectorTable())
			for _, x := range d.inspectors("scjg") {
				err = errors.Join(err, e.Write(exchange.InspectorValues(x, d.li.Org.Name, towns)))
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
		was := d.inspector("SCJG-003")
		d.imported("short.csv", "工号,姓名,人员类别\nSCJG-003,改名,公务员\n", false)
		was.Name, was.Version = "改名", 2
		if got := d.inspector("SCJG-003"); got.Text() != was.Text() {
			t.Errorf("fields that the file does not have: %s, want %s", got.Text(), was.Text())
		}
		o.Verified()
	})
}

// A person whom somebody changed between check and writing is left as they are, and
// so is one whose certificate somebody else got meanwhile.
func TestInspectorsChangedSinceTheCheck(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := staffDesk(o)
		d.imported("a.csv", staff(3, nil), true)
		i := d.checked(d.li, "b.csv", staff(6, func(_ int, cells []string) { cells[4] = "药品科" }), false)
		end := d.inspector("SCJG-001")
		o.Done(d.li, act.EndInspector{Inspector: end.No, Seen: end.Version, Reason: "调离"})
		sun := o.Clerk("孙警官", "gaj")
		o.Done(sun, act.PutInspector{Code: "GA-1", Name: "警官", Category: inspect.Qualified, Source: "人事档案", Sourced: workday.MustParse("2026-02-01")})
		o.Done(sun, act.CertifyInspector{Inspector: 4, Seen: 1, Kind: inspect.ProvinceCertificate, Number: "鲁F004", Until: workday.MustParse("2027-01-01")})
		o.Done(d.li, confirm(i))
		i = d.settled(d.li, i.ID)
		if i.State != inspect.ImportApplied || i.Done != 6 || i.Skipped != 2 {
			t.Errorf("%s, %d done, %d skipped", i.State, i.Done, i.Skipped)
		}
		if got := d.inspector("SCJG-001"); got.Ended.IsZero() || got.Division != "食品科" {
			t.Errorf("who was ended is back: %+v", got)
		}
		if got := len(d.inspectors("scjg")); got != 5 {
			t.Errorf("%d inspectors", got)
		}
		o.Verified()
	})
}

// Files that are not what they should be leave library and list as they are, with a
// sentence that says why.
func TestWrongListsLeaveTheLibrary(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		for _, noun := range []inspect.ImportNoun{inspect.ImportInspectors, inspect.ImportItems} {
			d := newDesk(o)
			d.noun = noun
			good := staff(3, nil)
			if noun == inspect.ImportItems {
				good = items(3, nil)
			}
			d.imported("good.csv", good, true)
			before := d.team("scjg") + d.listText()
			head, _, _ := strings.Cut(good, "\n")
			for k, bad := range []string{
				" ", "\n\n", "PK\x03\x04garbage", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "%PDF-1.4", "\x89PNG\r\n", "<html><table></table></html>",
				head + "\n", "姓名\n没有别的列\n", "名称,名称,名称\n1,2,3\n", "a\x00b,c\n1,2\n", "{", "[{\"code\":", "{\"rows\": 3}", "[[1,2]]", "SQLite format 3\x00",
				head + "\n\"没有合上,a\n", strings.ReplaceAll(head, ",", "\r") + "\r", "\xff\xfe\x00\xd8", head + "\n\xe4\xb8\xad,\xb0\xa1\n",
				"Rar!\x1a\x07", head + strings.Repeat(",列", 2000) + "\n1\n", sheet(shops(5)), head + "\n" + strings.Repeat("x,", 20) + "\n",
				head + "\n" + strings.Repeat("\u202e,", 11) + "\n",
			} {
				up := d.brought(d.li, fmt.Sprintf("wrong%d.dat", k), bad, true)
				o.Done(d.li, up)
				i := d.settled(d.li, up.Import)
				if i.State != inspect.ImportRefused && !(i.State == inspect.ImportChecked && i.Rows.New+i.Rows.Changed == 0) {
					t.Errorf("%s %q: the batch is %s: %+v", noun, bad[:min(len(bad), 20)], i.State, i.Rows)
				}
				if i.State == inspect.ImportRefused && i.Note == "" {
					t.Errorf("%q is refused without a sentence", bad)
				}
			}
			if many := d.checked(d.li, "many.csv", head+"\n"+strings.Repeat("x\n", int(noun.Most())+1), true); many.State != inspect.ImportRefused ||
				many.Note != inspect.ErrImportMany.With(noun.Most()).Error() {
				t.Errorf("a file with too many rows is %s: %s", many.State, many.Note)
			}
			if d.team("scjg")+d.listText() != before {
				t.Error("a wrong file changed the library")
			}
		}
		o.Verified()
	})
}

// INV-18: an importer that is killed while it checks, writes or takes back a list is
// gone on with by the next one; a list is written whole or not at all.
func TestKilledWhileImportingLists(t *testing.T) {
	story := func(t *testing.T, url string) {
		o := rig.Open(t, url)
		newDesk(o).imported("objects.csv", sheet(shops(400)), true)
		for _, noun := range []inspect.ImportNoun{inspect.ImportInspectors, inspect.ImportItems, inspect.ImportLicences} {
			d := newDesk(o)
			d.noun = noun
			file := map[inspect.ImportNoun]string{
				inspect.ImportInspectors: staff(600, nil), inspect.ImportItems: items(300, nil), inspect.ImportLicences: papers(shops(400), nil),
			}[noun]
			library := func() string { return d.team("scjg") + d.listText() + d.drawer() }
			before := library()
			up := d.brought(d.li, "big.csv", file, true)
			o.Done(d.li, up)
			// kill lets others work, and kills them a little later each time.
			kill := func(from inspect.ImportState) {
				for round := range 4 {
					looks := 0
					d.killedOnce(url, up.Import, func(i inspect.Import) bool {
						looks++
						return i.State != from || looks > 40*round*round
					})
					i, err := o.Store.DB.Import(context.Background(), d.li.Scope(), up.Import)
					if err != nil {
						t.Fatal(err)
					}
					switch now := library(); {
					case i.Done != 0 && i.Done != i.Rows.Staged():
						t.Fatalf("%s: %d of %d are done", noun, i.Done, i.Rows.Staged())
					case (now == before) != (i.Done == 0):
						t.Fatalf("%s: %d are done, and the library says another thing", noun, i.Done)
					}
				}
			}
			kill(inspect.ImportUploaded)
			i := d.settled(d.li, up.Import)
			o.Done(d.li, confirm(i))
			kill(inspect.ImportApplying)
			if i = d.settled(d.li, i.ID); i.State != inspect.ImportApplied || i.Done-i.Skipped != i.Rows.New {
				t.Fatalf("%s: %+v", i.State, i)
			}
			o.Done(d.li, act.ReverseImport{Import: i.ID, Seen: i.Version, Reason: "试验"})
			kill(inspect.ImportReversing)
			if i = d.settled(d.li, i.ID); i.State != inspect.ImportReversed || library() != before {
				t.Errorf("after the reversal the batch is %s", i.State)
			}
		}
		o.Verified()
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); story(t, rig.SQLite(t)) })
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); story(t, rig.County(t)) })
	}
}
