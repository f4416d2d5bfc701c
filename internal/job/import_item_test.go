package job_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// itemDesk is a desk whose files are lists of items.
func itemDesk(o *rig.Office) *desk {
	d := newDesk(o)
	d.noun = inspect.ImportItems
	return d
}

// items are n invented items as a csv, each changed by change.
func items(n int, change func(k int, cells []string)) string {
	var b strings.Builder
	b.WriteString("事项编号,抽查领域,抽查事项名称,事项类别,抽查比例上限,抽查依据,抽查内容,抽查方式,备注\n")
	for k := range n {
		cells := []string{fmt.Sprintf("SC-%03d", k), "食品安全", fmt.Sprintf("某项检查%d", k), "一般检查事项", "5%", "《食品安全法》第一百一十条", "许可和销售行为", "现场检查", ""}
		if change != nil {
			change(k, cells)
		}
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return b.String()
}

func asKey(cells []string) { cells[3], cells[4] = "重点检查事项", "" }

// list is what the department has listed, by code.
func (d *desk) list() []inspect.Item {
	d.Helper()
	all, err := d.Store.DB.Items(context.Background(), d.li.Scope(), rig.Region)
	if err != nil {
		d.Fatal(err)
	}
	return inspect.ItemsOf(all, d.li.Org.ID)
}

func (d *desk) item(code string) inspect.Item {
	d.Helper()
	list := d.list()
	k := slices.IndexFunc(list, func(x inspect.Item) bool { return x.Code == code })
	if k < 0 {
		d.Fatalf("no item has the code %s", code)
	}
	return list[k]
}

// listText is what the list says, but for versions and for what is off it.
func (d *desk) listText() string {
	var text []string
	for _, x := range d.list() {
		if x.Retired.IsZero() {
			x.Version, x.Reason, x.Effective, x.By, x.At = 0, "", workday.Date{}, "", x.At.UTC().Truncate(1<<62)
			text = append(text, inspect.StagedItem(x))
		}
	}
	return strings.Join(text, "\n")
}

// R19, R23: a list goes in, comes again with changes, is taken back, and says what
// it said; every change is a version with its reason, and by a person.
func TestItemsImportAndReverse(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := itemDesk(o)
		i := d.imported("a.csv", items(30, nil), true)
		if want := (inspect.ImportRows{Read: 30, New: 30}); i.Rows != want || len(d.list()) != 30 {
			t.Fatalf("%+v, want %+v: %s", i.Rows, want, i.Note)
		}
		first := d.item("SC-004")
		if first.By != d.li.Person || first.Since.String() != "2026-03-02" || !strings.Contains(first.Reason, "导入第 1 批") || first.MaxShare != 500 {
			t.Errorf("got %+v", first)
		}
		before := d.listText()
		next := items(31, func(k int, cells []string) {
			switch k {
			case 2:
				asKey(cells)
			case 4:
				cells[6] = "许可、销售和贮存"
			}
		})
		next = strings.Join(slices.Delete(strings.SplitAfter(next, "\n"), 10, 11), "")
		i = d.checked(d.li, "b.csv", next, true)
		if want := (inspect.ImportRows{Read: 30, New: 1, Changed: 2, Same: 27, Gone: 1}); i.Rows != want {
			t.Fatalf("%+v, want %+v: %s", i.Rows, want, i.Note)
		}
		o.Done(d.li, confirm(i))
		i = d.settled(d.li, i.ID)
		if got := d.item("SC-009"); got.Retired.String() != "2026-03-02" || !strings.Contains(got.Reason, "不再列出") {
			t.Errorf("what is not in the file: %+v", got)
		}
		if got := d.item("SC-002"); got.Category != inspect.KeyItem || got.MaxShare != 10000 || got.Version != 2 {
			t.Errorf("what became a key item: %+v", got)
		}
		o.Done(d.li, act.ReverseImport{Import: i.ID, Seen: i.Version, Reason: "选错了文件"})
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportReversed || d.listText() != before {
			t.Errorf("after the reversal the batch is %s and the list\n%s\nwant\n%s", i.State, d.listText(), before)
		}
		versions, err := o.Store.DB.ItemVersions(context.Background(), d.li.Scope(), d.item("SC-004").ID)
		if err != nil || len(versions) != 3 || versions[1].Content != "许可、销售和贮存" || !strings.Contains(versions[0].Reason, "选错了文件") {
			t.Errorf("versions: %+v, %v", versions, err)
		}

		again := d.imported("c.csv", next, false) // what the reversal took off comes back by a file
		if want := (inspect.ImportRows{Read: 30, Changed: 3, Same: 27}); again.Rows != want {
			t.Errorf("%+v, want %+v", again.Rows, want)
		}
		if got := d.item("SC-030"); !got.Retired.IsZero() || got.Version != 3 {
			t.Errorf("what came back: %+v", got)
		}
		o.Verified()
	})
}

// What a list says is exported comes in again without any change; a column that a
// file lacks leaves the field alone.
func TestItemsComeInUnchanged(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := itemDesk(o)
		d.imported("a.csv", items(10, func(k int, cells []string) {
			if k == 3 {
				asKey(cells)
			}
		}), true)
		for _, format := range []exchange.Format{exchange.XLSX, exchange.CSV, exchange.JSON} {
			var out bytes.Buffer
			var terms []inspect.ItemTerms
			for _, x := range d.list() {
				terms = append(terms, x.ItemTerms)
			}
			if err := exchange.WriteItems(&out, format, terms); err != nil {
				t.Fatal(err)
			}
			i := d.checked(d.li, "out."+string(format), out.String(), true)
			if want := (inspect.ImportRows{Read: 10, Same: 10}); i.Rows != want {
				t.Errorf("%s: %+v, want %+v: %s", format, i.Rows, want, i.Note)
			}
		}
		short := "事项编号,抽查领域,抽查事项名称,事项类别,抽查依据,抽查内容,抽查方式\nSC-001,食品安全,新名,一般检查事项,《食品安全法》第一百一十条,许可和销售行为,实地核查\n"
		d.imported("short.csv", short, false)
		if got := d.item("SC-001"); got.Name != "新名" || got.MaxShare != 500 {
			t.Errorf("a field that the file does not have: %+v", got)
		}
		o.Verified()
	})
}

// R25, R26: an import is no way around the limits, nor around the leader's approval,
// nor is its reversal.
func TestItemLimitsHoldInFiles(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := itemDesk(o)
		wang, zou := o.Leader("王局长", "scjg"), o.Leader("邹主任", "lhb")
		o.Done(zou, act.PutItemLimit{Keys: 2, MaxShare: 1000, Ground: "联席会议议定"})
		i := d.checked(d.li, "much.csv", items(4, func(k int, cells []string) {
			switch {
			case k < 3:
				asKey(cells)
			default:
				cells[4] = "20%"
			}
		}), false)
		if want := (inspect.ImportRows{Read: 4, Faulty: 4}); i.Rows != want || !slices.Contains(d.faultCodes(i), "key_limit") || !slices.Contains(d.faultCodes(i), "share_most") {
			t.Fatalf("%+v, want %+v, %v", i.Rows, want, d.faultCodes(i))
		}
		keys := func(which ...int) func(int, []string) {
			return func(k int, cells []string) {
				if slices.Contains(which, k) {
					asKey(cells)
				}
			}
		}
		d.imported("two.csv", items(4, keys(0, 1)), false)
		swap := d.imported("swap.csv", items(4, keys(1, 2)), false) // one leaves, one comes
		if d.item("SC-000").Category != inspect.GeneralItem || d.item("SC-002").Category != inspect.KeyItem {
			t.Error("a swap within the limit did not go through")
		}

		// The leader lets a third one in; whoever confirmed its batch does not.
		three := d.item("SC-003")
		approve := act.ApproveKey{Item: three.ID, Seen: three.Version, Ground: "投诉集中"}
		o.Refused(o.Leader("李科长", "scjg"), approve, inspect.ErrOwnWork)
		o.Done(wang, approve)
		if i = d.checked(d.li, "keep.csv", items(4, keys(1, 2, 3)), false); i.Rows.Same != 4 {
			t.Errorf("an approved key item may stay one: %+v", i.Rows)
		}

		// Taking the swap back would bring a key item beyond the limit: it stays general.
		o.Done(d.li, act.ReverseImport{Import: swap.ID, Seen: swap.Version, Reason: "试验"})
		swap = d.settled(d.li, swap.ID)
		left, err := o.Store.DB.ImportLeft(context.Background(), d.li.Scope(), swap, 10)
		if err != nil || swap.State != inspect.ImportReversed || len(left) != 1 || left[0].Code != "SC-000" {
			t.Errorf("%s, left %v, %v", swap.State, left, err)
		}
		o.Verified()
	})
}

// R23: what was taken off a list does not come back by a file, and a whole list that
// lacks much needs a second person.
func TestRetiredItemsStayAway(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := itemDesk(o)
		d.imported("a.csv", items(10, nil), true)
		one := d.item("SC-003")
		o.Done(d.li, act.RetireItem{Item: one.ID, Seen: one.Version, Reason: "法律已修改"})
		i := d.checked(d.li, "b.csv", items(10, nil), true)
		if want := (inspect.ImportRows{Read: 10, Same: 9, Faulty: 1}); i.Rows != want || !slices.Contains(d.faultCodes(i), "item_back") {
			t.Errorf("%+v, want %+v, %v", i.Rows, want, d.faultCodes(i))
		}
		i = d.checked(d.li, "c.csv", items(8, func(k int, cells []string) { cells[0] = strings.Replace(cells[0], "SC-003", "SC-103", 1) }), true)
		o.Done(d.li, confirm(i))
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportSeconding || i.Rows.Gone != 2 {
			t.Fatalf("%s %+v", i.State, i.Rows)
		}
		o.Refused(o.Leader("李科长", "scjg"), act.SecondImport(confirm(i)), inspect.ErrOwnWork)
		o.Done(o.Leader("王局长", "scjg"), act.SecondImport(confirm(i)))
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportApplied || d.item("SC-009").Retired.IsZero() {
			t.Errorf("%s", i.State)
		}
		o.Verified()
	})
}

// An item that somebody changed between check and writing is left as it is.
func TestItemsChangedSinceTheCheck(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := itemDesk(o)
		d.imported("a.csv", items(3, nil), true)
		i := d.checked(d.li, "b.csv", items(5, func(_ int, cells []string) { cells[8] = "文件改的" }), false)
		one := d.item("SC-001")
		change := act.NewListItem(one)
		change.Remark, change.Reason = "人改的", "核实"
		o.Done(d.li, change)
		taken := change
		taken.Item, taken.Seen, taken.Code = rig.ID[inspect.ItemID](o.Name()+"taken"), 0, "SC-004"
		o.Done(d.li, taken)
		o.Done(d.li, confirm(i))
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportApplied || i.Done != 5 || i.Skipped != 2 {
			t.Errorf("%s, %d done, %d skipped", i.State, i.Done, i.Skipped)
		}
		for code, want := range map[string]string{"SC-000": "文件改的", "SC-001": "人改的", "SC-003": "文件改的", "SC-004": "人改的"} {
			if got := d.item(code).Remark; got != want {
				t.Errorf("%s: got %s, want %s", code, got, want)
			}
		}
		o.Verified()
	})
}
