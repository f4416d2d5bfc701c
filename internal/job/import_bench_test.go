package job_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/pinyin"
	"suicha/internal/rig"
	"suicha/internal/stage"
	"suicha/internal/uscc"
	"suicha/internal/workday"
)

// benchRows is how many rows the benchmark brings: bench/import.sh says.
func benchRows(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("SUICHA_BENCH_ROWS"))
	if err != nil {
		return 100_000
	}
	return n
}

// benchObject is the n-th row, as long as those of a real register.
func benchObject(n int) inspect.Object {
	code, err := uscc.Synthetic("91370687", n)
	if err != nil {
		panic(err)
	}
	return inspect.Object{
		Region: rig.Region, Kind: inspect.Enterprise, Code: string(code), Name: fmt.Sprintf("海阳市某某%d号食品有限公司", n), Status: inspect.ObjectActive,
		LegalRep: "某某某", Phone: "0535-3220000", Address: fmt.Sprintf("山东省烟台市海阳市方圆街道某路%d号", n%1000), Town: "370687001",
		Scope:    "许可项目：食品生产；食品销售。一般项目：日用百货销售；农副产品销售；货物进出口。（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）",
		Industry: "C1411", Established: workday.MustParse("2019-05-06"), Authority: "海阳市行政审批服务局", Station: "东村市场监管所",
		Owner: rig.Org("scjg"), Source: "市场主体登记", Sourced: workday.MustParse("2026-03-01"),
	}
}

// benchFile writes the rows as a file, in an order that is not that of the codes.
func benchFile(b *testing.B, format exchange.Format, rows int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bench."+string(format))
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	towns := []inspect.Choice{{Value: "370687001", Text: "方圆街道"}}
	e, err := exchange.NewExport(w, format, exchange.ObjectTable(towns))
	if err != nil {
		b.Fatal(err)
	}
	const step = 7_368_787 // a prime: every row comes once
	for i := range rows {
		if err := e.Write(exchange.ObjectValues(benchObject(int(int64(i) * step % int64(rows))))); err != nil {
			b.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// serverCPU is the processor time that the server behind a PostgreSQL database has
// used, with all its processes; of SQLite there is none.
func serverCPU(b *testing.B, driver, url string) time.Duration {
	b.Helper()
	if driver != "pgx" {
		return 0
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var backend int
	if err := db.QueryRow(`SELECT pg_backend_pid()`).Scan(&backend); err != nil {
		b.Fatal(err)
	}
	server := processStat(strconv.Itoa(backend))[1] // its parent
	ticks := 0
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		b.Fatal(err)
	}
	for _, dir := range all {
		s := processStat(filepath.Base(dir))
		switch {
		case filepath.Base(dir) == strconv.Itoa(server):
			ticks += s[11] + s[12] + s[13] + s[14] // and of children that have ended
		case s[1] == server:
			ticks += s[11] + s[12]
		}
	}
	const tick = time.Second / 100
	return time.Duration(ticks) * tick
}

// processStat returns the numbers of /proc/PID/stat behind the name: state, parent, and so on.
func processStat(pid string) [15]int {
	var s [15]int
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return s // it has ended
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	for i := range min(len(s), len(fields)) {
		s[i], _ = strconv.Atoi(fields[i]) // the state is no number
	}
	return s
}

// resident is the largest resident size of this process so far, in megabytes.
func resident() float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if size, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(size)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// BenchmarkImport brings a file, checks it, brings it again when nothing is new,
// and writes it; beside it the same rows go into the same table by the bare
// driver. It reports seconds on the clock and of the processor, and the ratio.
func BenchmarkImport(b *testing.B) {
	format := exchange.CSV
	if os.Getenv("SUICHA_BENCH_FORMAT") == "xlsx" {
		format = exchange.XLSX
	}
	rows := benchRows(b)
	path := benchFile(b, format, rows)
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Logf("the peak counts the making of the file too: %v", err)
	}
	b.Run("sqlite", func(b *testing.B) { benchImport(b, path, rows, "sqlite", func() string { return rig.SQLite(b) }) })
	if rig.WithPostgres() {
		b.Run("postgres", func(b *testing.B) { benchImport(b, path, rows, "pgx", func() string { return rig.County(b) }) })
	}
}

func benchImport(b *testing.B, path string, rows int, driver string, database func() string) {
	url := database()
	o := rig.Open(b, url)
	d := newDesk(o)
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	file, err := d.work.Folder.Keep(string(d.li.Org.ID), f, 1<<40)
	if err != nil {
		b.Fatal(err)
	}
	up := d.mapped(d.li, filepath.Base(path), f, file, true)
	o.Done(d.li, up)
	measure := func(name string, do func()) (clock, busy float64) {
		began, used, served := time.Now(), cpu(), serverCPU(b, driver, url)
		do()
		served = serverCPU(b, driver, url) - served
		clock, busy = time.Since(began).Seconds(), (cpu() - used + served).Seconds()
		b.ReportMetric(clock, name+"-s")
		b.ReportMetric(busy, name+"-cpu-s")
		if driver == "pgx" {
			b.ReportMetric(served.Seconds(), name+"-server-cpu-s")
		}
		return clock, busy
	}
	var i inspect.Import
	measure("check", func() { i = d.settled(d.li, up.Import) })
	if i.Rows.New != int64(rows) {
		b.Fatalf("checked: %+v: %s", i.Rows, i.Note)
	}
	o.Done(d.li, confirm(i))
	clock, busy := measure("write", func() { i = d.settled(d.li, up.Import) })
	if i.State != inspect.ImportApplied {
		b.Fatalf("the batch is %s", i.State)
	}
	b.ReportMetric(resident(), "MB-peak")
	bareClock, bareBusy := measure("bare", func() { bareInsert(b, driver, database(), rows) })
	b.ReportMetric(bareClock/clock, "ratio")
	b.ReportMetric(bareBusy/busy, "cpu-ratio")
	again := d.mapped(d.li, filepath.Base(path), f, file, true)
	again.Import = rig.ID[inspect.ImportID]("again" + b.Name())
	o.Done(d.li, again)
	measure("compare", func() { i = d.settled(d.li, again.Import) })
	if i.Rows.Same != int64(rows) {
		b.Fatalf("brought again: %+v", i.Rows)
	}
	b.ReportMetric(0, "ns/op")
}

// bareInsert puts the rows into the object table as a program without a record
// would: no guards, one prepared statement, transactions of a chunk.
func bareInsert(b *testing.B, driver, url string, rows int) {
	b.Helper()
	ctx := context.Background()
	dsn := url
	if driver == "sqlite" {
		dsn = "file:" + url + "?_pragma=journal_mode(wal)&_pragma=synchronous(2)&_pragma=foreign_keys(1)&_pragma=cache_size(-32768)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	must := func(_ any, err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	if driver == "sqlite" {
		must(db.ExecContext(ctx, `DROP TRIGGER guard_object_insert`))
	} else {
		must(db.ExecContext(ctx, `DROP TRIGGER guard_object_insert ON object`))
	}
	if driver == "pgx" {
		bareCopy(b, db, rows)
		return
	}
	var marks []string
	for k := range len(benchColumns) {
		marks = append(marks, fmt.Sprintf("$%d", k+1))
	}
	insert := `INSERT INTO object (` + strings.Join(benchColumns, ", ") + `) VALUES (` + strings.Join(marks, ", ") + `)`
	for from := 0; from < rows; from += inspect.ImportChunk {
		tx, err := db.BeginTx(ctx, nil)
		must(tx, err)
		stmt, err := tx.PrepareContext(ctx, insert)
		must(stmt, err)
		for n := from; n < min(from+inspect.ImportChunk, rows); n++ {
			must(stmt.ExecContext(ctx, benchValues(benchObject(n), int64(n)+1)...))
		}
		must(nil, stmt.Close())
		must(nil, tx.Commit())
	}
}

// bareCopy is PostgreSQL's own fastest way.
func bareCopy(b *testing.B, db *sql.DB, rows int) {
	b.Helper()
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	for from := 0; from < rows; from += inspect.ImportChunk {
		err := conn.Raw(func(raw any) error {
			n, to := from-1, min(from+inspect.ImportChunk, rows)
			_, err := raw.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{"object"}, benchColumns, pgx.CopyFromFunc(func() ([]any, error) {
				if n++; n == to {
					return nil, nil
				}
				return benchValues(benchObject(n), int64(n)+1), nil
			}))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

var benchColumns = []string{
	"no", "region", "kind", "code", "reg_no", "name", "status", "legal_rep", "phone", "liaison", "liaison_phone", "address", "town",
	"scope", "industry", "established", "authority", "station", "owner", "risk", "risk_source", "risk_on", "source", "sourced", "into_no", "initials",
	"version", "cseq",
}

func benchValues(o inspect.Object, no int64) []any {
	return []any{no, o.Region, string(o.Kind), o.Code, o.RegNo, o.Name, string(o.Status), o.LegalRep, o.Phone, o.Liaison, o.LiaisonPhone,
		o.Address, o.Town, o.Scope, o.Industry, o.Established.String(), o.Authority, o.Station, string(o.Owner), o.Risk, o.RiskSource, "",
		o.Source, o.Sourced.String(), nil, pinyin.Initials(o.Name), int64(1), int64(0)}
}

// mapped is the act that begins a batch with a file that was kept.
func (d *desk) mapped(who inspect.Actor, name string, r io.ReaderAt, file stage.File, whole bool) act.UploadImport {
	d.Helper()
	up := act.UploadImport{
		Import: rig.ID[inspect.ImportID](fmt.Sprint(d.Name(), d.noun, name, file.SHA256)), Noun: d.noun, Source: "市场主体登记",
		Sourced: workday.MustParse("2026-03-01"), Whole: whole, File: name, SHA256: file.SHA256, Size: file.Size, Line: 1,
	}
	f, err := exchange.Open(context.Background(), r, file.Size, name, exchange.Options{Dir: d.dir})
	if err != nil {
		return up
	}
	defer f.Close()
	towns, err := d.Store.DB.Areas(context.Background(), who.Scope(), rig.Region)
	if err != nil {
		d.Fatal(err)
	}
	table := exchange.ImportTable(d.noun, towns)
	head, err := f.Head(context.Background(), table, "")
	if err != nil {
		return up
	}
	m := table.Match(head, exchange.Mapping{})
	up.Sheet, up.Line = m.Sheet, m.Line
	for _, p := range m.Pairs {
		up.Columns = append(up.Columns, inspect.ImportColumn(inspect.ImportPair(p)))
	}
	return up
}
