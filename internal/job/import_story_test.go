package job_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/rig"
	"suicha/internal/stage"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// Every kind of row at once: a batch writes what it said, leaves what is not its
// department's, and taken back leaves the library as it was but for versions.
func TestMixedBatchIsReversedExactly(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := newDesk(o)
		all := shops(120)
		d.imported("a.csv", sheet(all[:100]), true)
		sun := o.Clerk("孙警官", "gaj")
		o.Done(sun, act.PutObject{Kind: inspect.IndividualBusiness, Code: all[110].code, Name: "公安管的店", Status: inspect.ObjectActive,
			Source: "特种行业许可", Sourced: workday.MustParse("2026-02-01")})
		before := d.library()

		next := append(shops(120)[2:100], all[100:115]...) // two vanished, fifteen new of which one is foreign
		next[0].name = "改名的店"
		next[1].address = ""
		next = append(next, next[5], shop{all[20].code, "另一个名称", "", "方圆街道"}, shop{"92370687YY00000X", "代码错", "", ""})
		i := d.checked(d.li, "b.csv", sheet(next), true)
		want := inspect.ImportRows{Read: 116, New: 14, Changed: 2, Same: 95, Gone: 2, Faulty: 4, Warned: 1}
		if i.Rows != want {
			t.Fatalf("got %+v, want %+v: %s", i.Rows, want, i.Note)
		}
		o.Done(d.li, confirm(i))
		i = d.settled(d.li, i.ID)
		if got := d.object(all[110].code); got.Owner != sun.Org.ID || got.Name != "公安管的店" {
			t.Errorf("another department's object is now %+v", got)
		}
		o.Done(d.li, act.PutObject{Object: d.object(all[105].code).No, Seen: 1, Kind: inspect.IndividualBusiness, Code: all[105].code, Name: "后来手工改过",
			Status: inspect.ObjectActive, Source: "实地核实", Sourced: workday.MustParse("2026-03-02")})
		o.Done(d.li, act.ReverseImport{Import: i.ID, Seen: i.Version, Reason: "数据有误"})
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportReversed {
			t.Fatalf("the batch is %s", i.State)
		}
		left, err := o.Store.DB.ImportLeft(context.Background(), d.li.Scope(), i, 10)
		if err != nil || len(left) != 1 || left[0].Name != "后来手工改过" {
			t.Errorf("left: %v, %v", left, err)
		}
		mine := d.object(left[0].Code)
		o.Done(d.li, act.WithdrawObject{Object: mine.No, Seen: mine.Version, Reason: "随批次撤回"})
		if d.library() != before {
			t.Error("the library is not what it was before the batch")
		}
		o.Verified()
	})
}

// What is exported comes in again without any change, in every format; a file
// without a column leaves that field alone.
func TestExportComesInUnchanged(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := newDesk(o)
		d.imported("a.csv", sheet(shops(30)), true)
		towns, err := o.Store.DB.Areas(context.Background(), d.li.Scope(), rig.Region)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []exchange.Format{exchange.XLSX, exchange.CSV, exchange.JSON} {
			var out bytes.Buffer
			e, err := exchange.NewExport(&out, format, exchange.ObjectTable(towns))
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range d.objects() {
				if err := e.Write(exchange.ObjectValues(x)); err != nil {
					t.Fatal(err)
				}
			}
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			i := d.checked(d.li, "out."+string(format), out.String(), true)
			if want := (inspect.ImportRows{Read: 30, Same: 30}); i.Rows != want {
				t.Errorf("%s: %+v, want %+v: %s", format, i.Rows, want, i.Note)
			}
			o.Refused(d.li, confirm(i), inspect.ErrImportIdle)
		}
		short := "统一社会信用代码,名称\n" + d.objects()[0].Code + ",新名\n"
		i := d.checked(d.li, "short.csv", short, false)
		o.Done(d.li, confirm(i))
		d.settled(d.li, i.ID)
		if got := d.objects()[0]; got.Name != "新名" || got.Address != "某路0号" || got.Town != "370687001" || got.Kind != inspect.IndividualBusiness {
			t.Errorf("fields that the file does not have: %+v", got)
		}
		o.Verified()
	})
}

// Trust row 72: more than one row in twenty vanishes only with a second person, who
// is neither who brought the file nor who confirmed it.
func TestManyVanishWithASecondPerson(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := newDesk(o)
		all := shops(40)
		d.imported("a.csv", sheet(all), true)
		i := d.checked(d.li, "b.csv", sheet(all[:36]), true)
		other := act.SecondImport{Import: i.ID, Seen: i.Version + 1, Staged: i.Staged}
		o.Done(d.li, confirm(i))
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportSeconding || i.Done != 0 {
			t.Fatalf("%s, %d done", i.State, i.Done)
		}
		o.Refused(d.li, other, inspect.ErrDenied)
		o.Refused(o.Leader("李科长", "scjg"), other, inspect.ErrOwnWork)
		o.Refused(o.Leader("外局长", "gaj"), other, inspect.ErrMissing)
		stale := other
		stale.Staged = "0"
		o.Refused(o.Leader("王局长", "scjg"), stale, inspect.ErrStale)
		o.Done(o.Leader("王局长", "scjg"), other)
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportApplied || d.object(all[39].code).Status != inspect.ObjectVanished {
			t.Errorf("%s, %s", i.State, d.object(all[39].code).Status)
		}
		o.Verified()
	})
}

// A department neither sees nor confirms what another one brought, and cannot use
// its file.
func TestBatchesAreTheDepartments(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := newDesk(o)
		i := d.checked(d.li, "a.csv", sheet(shops(3)), true)
		sun := o.Clerk("孙警官", "gaj")
		if _, err := o.Store.DB.Import(context.Background(), sun.Scope(), i.ID); !errors.Is(err, inspect.ErrMissing) {
			t.Errorf("another department reads the batch: %v", err)
		}
		for _, c := range []act.Command{confirm(i), act.CancelImport{Import: i.ID, Seen: i.Version}} {
			o.Refused(sun, c, inspect.ErrMissing)
		}
		for _, c := range []act.Command{act.CheckImport{Import: i.ID}, act.ApplyImport{Import: i.ID}, act.UndoImport{Import: i.ID}} {
			o.Refused(d.li, c, inspect.ErrDenied)
		}
		theirs := d.brought(d.li, "a.csv", sheet(shops(3)), true)
		theirs.Import = rig.ID[inspect.ImportID]("stolen" + o.Name())
		o.Done(sun, theirs)
		if got := d.settled(sun, theirs.Import); got.State != inspect.ImportRefused {
			t.Errorf("a batch of another department's file is %s", got.State)
		}
		o.Done(d.li, act.CancelImport{Import: i.ID, Seen: i.Version})
		o.Refused(d.li, act.ConfirmImport{Import: i.ID, Seen: i.Version + 1, Staged: i.Staged}, inspect.ErrStep)
		o.Verified()
	})
}

// A row that somebody changed between check and writing is left as it is, and
// listed.
func TestRowsChangedSinceTheCheckAreLeft(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := newDesk(o)
		all := shops(10)
		d.imported("a.csv", sheet(all), true)
		next := shops(12)
		next[2].name, next[3].name = "文件改的二号", "文件改的三号"
		i := d.checked(d.li, "b.csv", sheet(next), true)
		change := act.PutObject{Object: d.object(all[2].code).No, Seen: 1, Kind: inspect.IndividualBusiness, Code: all[2].code, Name: "人改的二号",
			Status: inspect.ObjectActive, Source: "实地核实", Sourced: workday.MustParse("2026-03-02")}
		o.Done(d.li, change)
		taken := change
		taken.Object, taken.Seen, taken.Code, taken.Name = 0, 0, next[11].code, "人登记的十一号"
		o.Done(d.li, taken)
		o.Done(d.li, confirm(i))
		i = d.settled(d.li, i.ID)
		if i.State != inspect.ImportApplied || i.Done != 4 || i.Skipped != 2 {
			t.Errorf("%s, %d done, %d skipped", i.State, i.Done, i.Skipped)
		}
		for code, want := range map[string]string{all[2].code: "人改的二号", all[3].code: "文件改的三号", next[11].code: "人登记的十一号"} {
			if got := d.object(code).Name; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		b, err := d.work.Folder.Batch(string(i.ID))
		if err != nil {
			t.Fatal(err)
		}
		if lists, err := job.SkipFiles(b.Path("")); err != nil || len(lists) != 1 {
			t.Errorf("%d lists of skipped rows: %v", len(lists), err)
		}
		o.Verified()
	})
}

// Of fifty who confirm at once one does; two importers beside each other write
// every row once.
func TestManyConfirmAtOnce(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := newDesk(o)
		i := d.checked(d.li, "a.csv", sheet(shops(200)), true)
		results := make(chan error, 50)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				_, err := o.Do(d.li, confirm(i))
				results <- err
			})
		}
		wg.Wait()
		close(results)
		done := 0
		for err := range results {
			switch {
			case err == nil:
				done++
			case !errors.Is(err, inspect.ErrStale) && !errors.Is(err, inspect.ErrStep):
				t.Errorf("who came late is told: %v", err)
			}
		}
		if done != 1 {
			t.Errorf("%d confirmed", done)
		}
		for range 3 {
			wg.Go(func() {
				other := *d.work
				if err := other.Settle(context.Background(), i.ID); err != nil && !errors.Is(err, os.ErrNotExist) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportApplied || len(d.objects()) != 200 {
			t.Errorf("%s with %d objects", i.State, len(d.objects()))
		}
		o.Verified()
	})
}

// Trust row 72: files that are not what they should be leave the library as it is,
// with a sentence that says why.
func TestWrongFilesLeaveTheLibrary(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := newDesk(o)
		d.imported("good.csv", sheet(shops(20)), true)
		before := d.library()
		for k, bad := range []string{
			"", " ", "\n\n", "PK\x03\x04garbage", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "%PDF-1.4", "\x89PNG\r\n", "GIF89a", "<html><table></table></html>",
			"名称\n没有代码\n", "统一社会信用代码,名称\n", "统一社会信用代码,名称,企业名称\n1,2,3\n", "a\x00b,c\n1,2\n", "{", "[{\"code\":", "{\"rows\": 3}", "[[1,2]]",
			"统一社会信用代码,名称\n\"没有合上,a\n", "统一社会信用代码\r名称\r", "\xff\xfe\x00\xd8", "统一社会信用代码,名称\n\xe4\xb8\xad,\xb0\xa1\n",
			"SQLite format 3\x00", "\x1f\x8b\x08\x00", "Rar!\x1a\x07", "统一社会信用代码," + strings.Repeat("列,", 2000) + "\n1\n",
		} {
			up := d.brought(d.li, fmt.Sprintf("wrong%d.dat", k), bad, true)
			if up.Size == 0 {
				o.Refused(d.li, up, inspect.ErrImportFile)
				continue
			}
			o.Done(d.li, up)
			i := d.settled(d.li, up.Import)
			if i.State != inspect.ImportRefused && !(i.State == inspect.ImportChecked && i.Rows.New+i.Rows.Changed == 0) {
				t.Errorf("%q: the batch is %s: %+v", bad[:min(len(bad), 20)], i.State, i.Rows)
			}
			if i.State == inspect.ImportRefused && i.Note == "" {
				t.Errorf("%q is refused without a sentence", bad)
			}
		}
		if d.library() != before {
			t.Error("a wrong file changed the library")
		}
		o.Verified()
	})
}

// victimArg makes the test program an importer that works until it is killed.
const victimArg = "import-until-killed"

func init() {
	if len(os.Args) != 5 || os.Args[1] != victimArg {
		return
	}
	err := func() error {
		s, err := store.Open(context.Background(), os.Args[2])
		if err != nil {
			return err
		}
		folder, err := stage.Open(os.Args[3])
		if err != nil {
			return err
		}
		m := job.Importer{DB: s.DB, Desk: act.NewDesk(s.Writer, time.Now, inspect.Regulation), Folder: folder, Now: time.Now}
		return m.Settle(context.Background(), inspect.ImportID(os.Args[4]))
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// killedOnce lets another process work on a batch, and kills it when the record
// says that it has got to where stop says.
func (d *desk) killedOnce(url string, id inspect.ImportID, stop func(inspect.Import) bool) {
	d.Helper()
	cmd := exec.Command(os.Args[0], victimArg, url, d.dir, string(id))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		d.Fatal(err)
	}
	for {
		i, err := d.Store.DB.Import(context.Background(), d.li.Scope(), id)
		if err != nil {
			d.Fatal(err)
		}
		if stop(i) || i.State == inspect.ImportApplied || i.State == inspect.ImportReversed {
			break
		}
	}
	_ = cmd.Process.Kill() // it may have ended by itself
	_ = cmd.Wait()
}

// INV-18: an importer that is killed in the middle of writing, or of taking back, is
// gone on with by the next one: every chunk is written once.
func TestKilledWhileImporting(t *testing.T) {
	story := func(t *testing.T, url string) {
		o := rig.Open(t, url)
		d := newDesk(o)
		chunks := int64(3)
		if !rig.WithPostgres() {
			chunks = 2 // the quick check
		}
		rows := int(chunks)*inspect.ImportChunk - 500
		i := d.checked(d.li, "big.csv", sheet(shops(rows)), true)
		empty := d.library()
		o.Done(d.li, confirm(i))
		for at := range chunks {
			d.killedOnce(url, i.ID, func(i inspect.Import) bool { return i.Done >= at*inspect.ImportChunk })
		}
		i = d.settled(d.li, i.ID)
		if got := len(d.objects()); got != rows || i.State != inspect.ImportApplied {
			t.Fatalf("%s with %d objects", i.State, got)
		}
		o.Done(d.li, act.ReverseImport{Import: i.ID, Seen: i.Version, Reason: "试验"})
		for at := chunks - 1; at > 0; at-- {
			d.killedOnce(url, i.ID, func(i inspect.Import) bool { return i.Done <= at*inspect.ImportChunk })
		}
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportReversed || d.library() != empty {
			t.Errorf("after the reversal the batch is %s", i.State)
		}
		if left, _ := filepath.Glob(filepath.Join(d.dir, "batches", string(i.ID), "work-*")); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
		o.Verified()
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); story(t, rig.SQLite(t)) })
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); story(t, rig.County(t)) })
	}
}
