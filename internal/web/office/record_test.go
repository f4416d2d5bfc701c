package office_test

import (
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// R139, 等保 2.0 三级 安全审计: the audit administrator and oversight read every
// act, with its receipt, and narrow the record down.
func TestRecordOfAllActs(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Lived()
		audit := asks(o, o.Someone("审计员", inspect.AuditAdmin, "zf"))
		audit.gets("/office/record", 200)
		audit.shows("全部记录与规则相符", "还没有签发检查点", "授予岗位", "审计员", "审计管理员", "本页 20 条", "回执")
		o.Extend()
		audit.gets("/office/record", 200)
		audit.shows("已签入检查点", "尚无见证方联署")
		audit.hides("还没有签发检查点", "等待签入")

		audit.gets("/office/record?verb=org.merge", 200)
		audit.shows("共 1 条", "文化大队", "系统管理员", "/office/orgs/"+string(rig.Org("gone")))
		audit.gets("/office/record?verb=plan.urge", 200)
		audit.shows("卫生健康局", "2026 年度")
		audit.gets("/office/record?verb=item.list", 200)
		audit.shows("互联网广告监测", "Z-9")
		audit.hides("/office/items/") // business is not the audit administrator's
		watch := asks(o, o.Someone("严监督", inspect.Supervisor, "sfj"))
		watch.gets("/office/record?verb=item.list", 200)
		watch.shows("/office/items/")
		watch.hides("/office/people/")

		audit.gets("/office/record?verb=install.found", 200)
		audit.shows("服务器控制台", "2025-12-01", "共 1 条")
		audit.gets("/office/record?org="+string(rig.Org("gaj")), 200)
		audit.shows("孙警官")
		audit.hides("李科长")
		audit.gets("/office/record?from=2026-03-02&until=2026-03-02", 200)
		audit.hides("服务器控制台")
		audit.gets("/office/record?from=2031-01-01", 200)
		audit.shows("没有符合条件的记录")
		audit.gets("/office/record?q=%E6%9D%8E%E7%A7%91%E9%95%BF&verb=plan.draft", 200)
		audit.shows("李科长")
		audit.hides("孙警官")
		audit.gets("/office/record?from=2026-13-40&until=x", http.StatusUnprocessableEntity)
		audit.shows("起始日期的格式不对", "截止日期的格式不对", `href="#office-record-from"`, "授予岗位")
	})
}

// The pages of the record have every entry once, newest first.
func TestRecordPagesByNumber(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Lived()
		scope := inspect.Scope{Region: rig.Region}
		state, err := o.Store.DB.RecordState(t.Context(), scope)
		if err != nil {
			t.Fatal(err)
		}
		count, err := o.Store.DB.RecordCount(t.Context(), scope, store.RecordFilter{})
		if err != nil || count != state.Entries {
			t.Errorf("%d entries counted, %d there are: %v", count, state.Entries, err)
		}
		expect := state.Entries - 1
		for filter := (store.RecordFilter{Most: 7}); expect >= 0; {
			page, err := o.Store.DB.Record(t.Context(), scope, filter)
			if err != nil || len(page) == 0 {
				t.Fatalf("after entry %d: %d entries, %v", filter.Before, len(page), err)
			}
			for _, e := range page {
				if e.N != expect || e.Thing.ID != e.Target || e.Thing.Name == "" {
					t.Fatalf("entry %d of %s is about %+v; want entry %d with its thing", e.N, e.Verb, e.Thing, expect)
				}
				expect--
			}
			filter.Before = page[len(page)-1].N
		}
	})
}

// A day of the filter is a day in China: it begins at 16:00 of the day before in
// UTC and its last moment belongs to it.
func TestRecordDaysAreChinas(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		first := workday.MustParse("2026-03-10")
		for _, at := range []string{"2026-03-09T15:59:59.999Z", "2026-03-09T16:00:00.000Z", "2026-03-10T15:59:59.999Z", "2026-03-10T16:00:00.000Z"} {
			o.Now, _ = time.Parse(time.RFC3339, at)
			o.Done(o.Security(), act.AddPerson{ID: rig.ID[inspect.PersonID](at), Name: at})
		}
		entries, err := o.Store.DB.Record(t.Context(), inspect.Scope{Region: rig.Region}, store.RecordFilter{From: first, Until: first, Most: 10})
		var names []string
		for _, e := range entries {
			names = append(names, e.Thing.Name)
		}
		if got := fmt.Sprint(names); err != nil || got != "[2026-03-10T15:59:59.999Z 2026-03-09T16:00:00.000Z]" {
			t.Errorf("10 March has %s, %v", got, err)
		}
	})
}

// The record of another region is not this one's.
func TestRecordIsTheRegions(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	entries, err := o.Store.DB.Record(t.Context(), inspect.Scope{Region: "370613"}, store.RecordFilter{Most: 500})
	for _, e := range entries {
		if e.Verb != inspect.InstallFound {
			t.Errorf("Laishan reads %s of Haiyang", e.Verb)
		}
	}
	if err != nil || len(entries) != 1 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

// The file has every entry that the page's filter lets through, and no formula.
func TestRecordAsFile(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	for n := range 520 { // more than one chunk
		o.Done(o.Security(), act.AddPerson{ID: rig.ID[inspect.PersonID](fmt.Sprint("row ", n)), Name: "=1+1"})
	}
	audit := asks(o, o.Someone("审计员", inspect.AuditAdmin, "zf"))
	audit.gets("/office/record.csv?from=x", http.StatusUnprocessableEntity)
	audit.gets("/office/record?verb=person.add", 200)
	audit.shows("/office/record.csv?verb=person.add")
	w := audit.gets("/office/record.csv?verb=person.add", 200)
	if got := w.Header().Get("Content-Type") + " " + w.Header().Get("Content-Disposition"); got != `text/csv; charset=utf-8 attachment; filename="record-2026-03-02.csv"` {
		t.Errorf("the file is %s", got)
	}
	text, ok := strings.CutPrefix(audit.page, "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !ok {
		t.Fatalf("no table: %v", err)
	}
	count, err := o.Store.DB.RecordCount(t.Context(), inspect.Scope{Region: rig.Region}, store.RecordFilter{Verb: inspect.PersonAdd})
	if err != nil || int64(len(rows)) != count+1 {
		t.Fatalf("%d rows for %d entries, %v", len(rows), count, err)
	}
	formulas := 0
	for _, row := range rows[1:] {
		leaf, err := o.Store.DB.PublicEntry(t.Context(), inspect.Scope{}, number(row[0]))
		hash := ledger.LeafHash([]byte(leaf))
		if err != nil || row[13] != hex.EncodeToString(hash[:]) || row[3] != "person.add" {
			t.Fatalf("row %v is not entry %s: %v", row, row[0], err)
		}
		if row[8] == "'=1+1" {
			formulas++
		}
		for _, cell := range row {
			if strings.IndexAny(cell, "=+-@\t\r\n＝＋－＠") == 0 {
				t.Fatalf("a cell is a formula: %q", cell)
			}
		}
	}
	if formulas != 520 {
		t.Errorf("%d names were guarded, want 520", formulas)
	}
}

func number(text string) (n int64) {
	_, _ = fmt.Sscan(text, &n) // 0 is the founding, which no row here is
	return n
}
