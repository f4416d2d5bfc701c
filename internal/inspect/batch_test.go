package inspect_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
)

// R67, 海政办发〔2020〕2号 二(五)2 "按照预定的比例": a ratio becomes shares of the strata, or a
// number, so that as many are drawn as it asks for; and a pool that moved by much no
// longer fits what was announced.
func TestRatioBecomesAQuota(t *testing.T) {
	for _, test := range []struct {
		ratio  string
		pool   inspect.StratumCount
		total  int64
		wanted int64
	}{
		{"5%", inspect.StratumCount{100, 100, 100, 100, 100}, 0, 25},
		{"5%", inspect.StratumCount{1, 1, 1, 1, 0}, 0, 4}, // each stratum is rounded up: not less than
		{"20户", inspect.StratumCount{100, 0, 0, 0, 0}, 20, 20},
		{"20户", inspect.StratumCount{7, 0, 0, 0, 0}, 7, 7},
		{"5%，不少于5户", inspect.StratumCount{20, 0, 0, 0, 0}, 5, 5},
		{"5%，不多于30户", inspect.StratumCount{1000, 1000, 0, 0, 0}, 30, 30},
		{"A 1%，B 3%，C 10%，D 50%", inspect.StratumCount{1000, 100, 50, 10, 400}, 0, 23},
		{"A 1%，D 50%，不少于40户", inspect.StratumCount{1000, 0, 0, 20, 0}, 0, 40},
		{"A 1%，D 50%，不多于10户", inspect.StratumCount{1000, 0, 0, 20, 0}, 0, 10},
		{"不超过10户：2户；超过10户：50%", inspect.StratumCount{4, 4, 0, 0, 0}, 2, 2},
		{"不超过10户：2户；超过10户：50%", inspect.StratumCount{6, 6, 0, 0, 0}, 0, 6},
	} {
		r, err := inspect.ParseRatio(test.ratio)
		if err != nil {
			t.Fatal(err)
		}
		q := r.QuotaFor(test.pool)
		if q.Total != test.total || q.Wanted(test.pool) != test.wanted || !q.Fits(r, test.pool) {
			t.Errorf("%s of %v is %v, which wants %d, want %d and %d", test.ratio, test.pool, q, q.Wanted(test.pool), test.total, test.wanted)
		}
		many := test.pool
		many[0] += 5000
		if n, asks := q.Wanted(many), r.Count(many[0]+many[1]+many[2]+many[3]+many[4], [4]int64(many[:4])); (n < asks-10 || n > asks+10) && q.Fits(r, many) {
			t.Errorf("%s: a quota of %d fits a pool that asks for %d", test.ratio, n, asks)
		}
	}
}

// An object has one name in a draw: its credit code, a plain code, or its number.
func TestDrawID(t *testing.T) {
	for code, want := range map[string]string{
		"91370687MA3TERT03B": "91370687MA3TERT03B", "91370687MA3TERT03C": "OBJECT-NO-7", "TS-2026-001": "TS-2026-001", "电梯-1": "OBJECT-NO-7", "X-1": "OBJECT-NO-7",
		"ts-2026": "OBJECT-NO-7", "OBJECT-NO-8": "OBJECT-NO-7", "A\tB-C-D": "OBJECT-NO-7", "": "OBJECT-NO-7", strings.Repeat("A", 33): "OBJECT-NO-7",
	} {
		if got := inspect.DrawID(7, code); got != want {
			t.Errorf("%q is %q, want %q", code, got, want)
		}
	}
}

// R57: a task draws from the confirmed members of its own sub-libraries that are in
// business and in its areas; everybody else is kept out with a reason.
func TestPoolOfABatch(t *testing.T) {
	task := func(areas []string, libs ...inspect.SublibraryID) inspect.Task {
		return inspect.Task{TaskTerms: inspect.TaskTerms{Areas: areas}, TaskSettings: inspect.TaskSettings{Sublibs: libs}}
	}
	tasks := []inspect.Task{task(nil, "a"), task([]string{"1"}, "a", "b")}
	object := func(no inspect.ObjectNo, status inspect.ObjectStatus, town string, libs ...inspect.SublibraryID) inspect.PoolObject {
		return inspect.PoolObject{No: no, Status: status, Town: town, Risk: "B", Sublibs: libs}
	}
	special := object(6, inspect.ObjectActive, "1", "a")
	special.Outside = "hazard"
	p := inspect.NewPool(tasks, []inspect.PoolObject{
		object(1, inspect.ObjectActive, "1", "a"), object(2, inspect.ObjectActive, "2", "a", "b"), object(3, inspect.ObjectActive, "2", "b"),
		object(4, inspect.ObjectCancelled, "1", "a"), object(5, inspect.ObjectActive, "1", "b"), special,
	}, inspect.Limits{})
	want := map[inspect.ObjectNo]uint64{1: 3, 2: 1, 5: 2}
	for _, row := range p.Rows {
		if want[row.No] != row.Tasks {
			t.Errorf("object %d is drawn by %b, want %b", row.No, row.Tasks, want[row.No])
		}
		delete(want, row.No)
	}
	if len(want) > 0 || p.Counts[0][1] != 2 || p.Counts[1][1] != 2 || string(p.Excluded()) != "OBJECT-NO-3\tarea\nOBJECT-NO-4\tcancelled\nOBJECT-NO-6\toutside\n" {
		t.Errorf("missing %v, counts %v, kept out %q", want, p.Counts, p.Excluded())
	}
}

// R52, INV-06: each drawn object has one visit of the year counted, whatever tasks
// drew it; a slot of an annulled draw is taken again; nobody is visited once too often.
func TestSlotsOfADraw(t *testing.T) {
	b := inspect.Batch{ID: "b", Year: 2026, Run: 1, Terms: inspect.BatchTerms{Cap: 2}}
	row := func(object inspect.ObjectNo, reserve bool) inspect.DrawnRow {
		return inspect.DrawnRow{Object: object, Reserve: reserve}
	}
	taken := []inspect.Slot{{Object: 2, Year: 2026, N: 1, Version: 1, Batch: "a", Run: 1}, {Object: 3, Year: 2026, N: 1, Version: 2}}
	slots, err := b.TakeSlots([]inspect.DrawnRow{row(1, false), row(1, false), row(2, false), row(3, false), row(4, true)}, taken, nil)
	if err != nil || len(slots) != 3 || slots[0].N != 1 || slots[1].N != 2 || slots[2].N != 1 || slots[2].Version != 2 || slots[2].Batch != "b" {
		t.Errorf("slots %v, %v", slots, err)
	}
	b.Terms.Cap = 1
	if _, err := b.TakeSlots([]inspect.DrawnRow{row(2, false)}, taken, nil); !errors.As(err, new(inspect.Problem)) {
		t.Errorf("an object is visited once too often: %v", err)
	}
}

// Times are read as programs and as forms write them, in Chinese time.
func TestMoments(t *testing.T) {
	want := time.Date(2026, 11, 20, 4, 30, 0, 0, time.UTC)
	for text, ok := range map[string]bool{
		"2026-11-20T12:30": true, "2026-11-20 12:30": true, "2026-11-20T04:30:00Z": true, "2026-11-20T12:30:00+08:00": true,
		"2026-11-20": false, "": false, "2026-02-30T12:30": false, "12:30": false,
	} {
		if at, got := inspect.Moment(text); got != ok || ok && !at.Equal(want) {
			t.Errorf("%q is %s, %v", text, at, got)
		}
	}
}

// FuzzMoment reads whatever somebody types as a time.
func FuzzMoment(f *testing.F) {
	f.Add("2026-11-20T12:30")
	f.Add("2026-11-20T04:30:00Z")
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := inspect.Moment(text)
		if again, same := inspect.Moment(at.Format(time.RFC3339Nano)); ok && (!same || !again.Equal(at)) {
			t.Errorf("%q is %s, and that is %s", text, at, again)
		}
	})
}

// FuzzObjectsByID reads what the lock keeps of the library.
func FuzzObjectsByID(f *testing.F) {
	f.Add([]byte("A\t1\nB\t2\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := inspect.ObjectsByID(text)
		if err == nil && len(all) > strings.Count(string(text), "\n")+1 {
			t.Errorf("%d objects of %q", len(all), text)
		}
	})
}
