package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/config"
	"suicha/internal/county"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/web"
	"suicha/internal/workday"
)

// siteArg makes the test program a demonstration site, until it is told to stop.
const siteArg = "serve-until-stopped"

func init() {
	if len(os.Args) != 3 || os.Args[1] != siteArg {
		return
	}
	err := func() error {
		var c config.Server
		if err := json.Unmarshal([]byte(os.Args[2]), &c); err != nil {
			return err
		}
		slog.SetLogLoggerLevel(slog.LevelWarn)
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		go func() { // the end of the input is the end of who started it
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
		s, err := open(ctx, c, true)
		if err != nil {
			return err
		}
		defer s.close()
		l, err := s.listen()
		if err != nil {
			return err
		}
		return s.serve(ctx, l)
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// BenchmarkSite measures an import as those live it who use the site: the site is
// a process of its own, a program brings it a file by the interface, a clerk
// confirms, and meanwhile somebody reads the portal. Seconds begin with the first
// byte; check-s ends when the difference to the library is known, total-s when all
// is written. MB-peak is the largest resident size of the
// site's process; MB-peak-of-three is that after three batches were brought at once,
// one of which is a bomb. In the end the site is killed while it checks a batch and
// while it writes it, and must go on each time. bench/import.sh says how many rows.
func BenchmarkSite(b *testing.B) {
	rows, err := strconv.Atoi(os.Getenv("SUICHA_BENCH_ROWS"))
	if err != nil {
		rows = 20_000
	}
	format := os.Getenv("SUICHA_BENCH_FORMAT")
	if format == "" {
		format = "xlsx"
	}
	file := filepath.Join(b.TempDir(), "bench."+format)
	if err := (&SynthCmd{N: rows, Out: file, Seed: 1, Day: workday.MustParse("2026-03-01")}).Run(); err != nil {
		b.Fatal(err)
	}
	b.Run("sqlite", func(b *testing.B) { benchSite(b, "", file, rows) })
	if rig.WithPostgres() {
		b.Run("postgres", func(b *testing.B) { benchSite(b, rig.Empty(b), file, rows) })
	}
}

func benchSite(b *testing.B, database, file string, rows int) {
	s := startSite(b, database, func(string) {})
	b.ReportMetric(0, "ns/op")
	read := s.reader()
	<-time.After(20 * time.Second)
	idle := read()
	b.ReportMetric(at(idle, 99), "idle-p99-ms")
	b.ReportMetric(at(idle, 50), "idle-p50-ms")
	b.ReportMetric(s.resident(), "MB-idle")
	before, began := s.cpu(), time.Now()
	read = s.reader()
	up := s.bring(file)
	i := s.until(up.Import, inspect.ImportChecked, inspect.ImportRefused)
	checked := time.Since(began)
	s.confirm(i)
	i = s.until(up.Import, inspect.ImportApplied)
	total := time.Since(began)
	busy := read()
	if i.Done != int64(rows) {
		b.Fatalf("imported: %+v", i.Rows)
	}
	b.ReportMetric(checked.Seconds(), "check-s")
	b.ReportMetric(total.Seconds(), "total-s")
	b.ReportMetric((s.cpu() - before).Seconds(), "site-cpu-s")
	b.ReportMetric(at(busy, 99), "busy-p99-ms")
	b.ReportMetric(at(busy, 99)/at(idle, 99), "p99-ratio")
	b.ReportMetric(at(busy, 50), "busy-p50-ms")
	b.ReportMetric(s.resident(), "MB-peak")
	s.three()
	b.ReportMetric(s.resident(), "MB-peak-of-three")
	s.killed()
}

// A benchedSite is a site in a process of its own, with the county, and a clerk.
type benchedSite struct {
	*testing.B
	*importing // of the clerk
	base       string
	key        string // for the interface
	child      *exec.Cmd
	hold       io.Closer // the site ends when it is closed
}

// startSite runs a site with the county, and with what fill writes into its database.
func startSite(b *testing.B, database string, fill func(url string)) *benchedSite {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	c := config.Server{
		Listen: l.Addr().String(), Origin: "http://localhost:" + port, Hosts: []string{"127.0.0.1"}, Data: b.TempDir(), Database: database, Region: county.Region,
		Site: "测试", LogName: "bench.suicha/log", Filing: "01-20", Publish: "02-29",
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	site, err := open(ctx, c, true)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(site.close)
	people, err := county.Make(ctx, site.store, site.deadlines)
	if err != nil {
		b.Fatal(err)
	}
	const clerk = "scjg-jbr"
	k := slices.IndexFunc(people, func(p county.Person) bool { return p.SignIn == clerk })
	if err := site.gate.Demo(ctx, demoPassword, map[string]inspect.PersonID{clerk: people[k].ID}); err != nil {
		b.Fatal(err)
	}
	b.Setenv("SUICHA_PASSWORD", demoPassword)
	s := &benchedSite{B: b, importing: &importing{ImportCmd: &ImportCmd{Server: c, User: clerk}, site: site}, base: "http://" + c.Listen}
	if err := s.signIn(ctx); err != nil {
		b.Fatal(err)
	}
	s.key, _, err = site.gate.NewAPIToken(ctx, s.clerk(), "测速", []auth.Scope{auth.ScopeRead, auth.ScopeLibrary}, time.Now().AddDate(0, 0, 2), auth.From{})
	if err != nil {
		b.Fatal(err)
	}
	fill(c.DatabaseURL())
	s.start()
	b.Cleanup(func() {
		s.hold.Close()
		if err := s.child.Wait(); err != nil {
			b.Errorf("the site ended with: %v", err)
		}
	})
	return s
}

// start runs the site and waits until it is ready.
func (s *benchedSite) start() {
	s.Helper()
	text, err := json.Marshal(s.Server)
	if err != nil {
		s.Fatal(err)
	}
	child := exec.Command(os.Args[0], siteArg, string(text))
	child.Stderr = os.Stderr
	child.Env = append([]string{"GOMEMLIMIT=128MiB"}, os.Environ()...) // as docs/operate.md advises, if nobody says otherwise
	hold, err := child.StdinPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		s.Fatal(err)
	}
	s.child, s.hold = child, hold
	for began := time.Now(); ; {
		r, err := http.Get(s.base + "/livez")
		if err == nil {
			r.Body.Close()
			return
		}
		if time.Since(began) > 20*time.Second {
			s.Fatal(err)
		}
		<-time.After(50 * time.Millisecond)
	}
}

// clerk is who brings and confirms, whose password was shown just now.
func (s *benchedSite) clerk() inspect.Actor {
	s.Helper()
	who, err := s.proven(context.Background())
	if err != nil {
		s.Fatal(err)
	}
	return who
}

// send asks the interface, and reads its answer into to.
func (s *benchedSite) send(path, kind string, body io.Reader, to any) {
	s.Helper()
	r, err := http.NewRequest("POST", s.base+path, body)
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Idempotency-Key", web.NewID())
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.Fatalf("%s: %s %s %v", path, answer.Status, text, err)
	}
	if err := json.Unmarshal(text, to); err != nil {
		s.Fatal(err)
	}
}

// bring sends a file and begins a batch with it, as the whole of a source of its name.
func (s *benchedSite) bring(file string) act.UploadImport {
	s.Helper()
	f, err := os.Open(file)
	if err != nil {
		s.Fatal(err)
	}
	defer f.Close()
	up := act.UploadImport{
		Import: inspect.ImportID(web.NewID()), Noun: inspect.ImportObjects, Source: filepath.Base(file), Sourced: workday.MustParse("2026-03-01"),
		File: filepath.Base(file), Whole: true,
	}
	s.send("/api/v1/imports/files?name="+url.QueryEscape(up.File), "application/octet-stream", f, &up)
	text, err := json.Marshal(up)
	if err != nil {
		s.Fatal(err)
	}
	var receipt struct{}
	s.send("/api/v1/acts/import.upload", "application/json", bytes.NewReader(text), &receipt)
	return up
}

// until waits for a batch to be in one of the states.
func (s *benchedSite) until(id inspect.ImportID, states ...inspect.ImportState) inspect.Import {
	s.Helper()
	scope := s.clerk().Scope()
	for {
		i, err := s.site.store.DB.Import(context.Background(), scope, id)
		if err != nil {
			s.Fatal(err)
		}
		if slices.Contains(states, i.State) {
			return i
		}
		<-time.After(100 * time.Millisecond)
	}
}

func (s *benchedSite) confirm(i inspect.Import) {
	s.Helper()
	_, err := s.site.desk.Do(context.Background(), web.NewID(), s.clerk(), act.ConfirmImport{Import: i.ID, Seen: i.Version, Staged: i.Staged})
	if err != nil {
		s.Fatalf("%v: %+v %s", err, i.Rows, i.Note)
	}
}

// portalLink are addresses that pages of the portal lead to.
var portalLink = regexp.MustCompile(`href="(/(?:plans|lists|items|receipts|log)[^"#]*)"`)

// reader asks for pages of the portal, fifty a second, until the function that it
// returns is called. That one returns how long each took, in order: from when it was
// due, so that a site that stands still does not go unnoticed.
func (s *benchedSite) reader() func() []time.Duration {
	s.Helper()
	pages := []string{"/", "/plans", "/lists", "/log", "/receipts"}
	for _, page := range slices.Clone(pages) {
		for _, m := range portalLink.FindAllStringSubmatch(string(s.page(page)), 8) {
			pages = append(pages, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
	stop, result := make(chan struct{}), make(chan []time.Duration)
	go func() {
		var all []time.Duration
		took, asked := make(chan time.Duration), 0
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for ending := stop; ending != nil || asked > 0; {
			select {
			case due := <-tick.C:
				if ending == nil || asked == 16 {
					continue
				}
				page := pages[len(all)%len(pages)]
				asked++
				go func() {
					s.page(page)
					took <- time.Since(due)
				}()
			case t := <-took:
				asked--
				all = append(all, t)
			case <-ending:
				ending = nil
			}
		}
		slices.Sort(all)
		result <- all
	}()
	return func() []time.Duration {
		close(stop)
		return <-result
	}
}

// page reads a page of the portal.
func (s *benchedSite) page(path string) []byte {
	r, err := http.Get(s.base + path)
	if err != nil {
		s.Error(err)
		return nil
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		s.Errorf("%s: %s %v", path, r.Status, err)
	}
	return text
}

// at is the n-th percentile in milliseconds.
func at(sorted []time.Duration, n int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[len(sorted)*n/100].Microseconds()) / 1000
}

// cpu is the processor time of the site so far.
func (s *benchedSite) cpu() time.Duration {
	s.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.child.Process.Pid))
	if err != nil {
		s.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	var ticks int
	for _, field := range fields[11:13] { // user and system
		n, err := strconv.Atoi(field)
		if err != nil {
			s.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100
}

// resident is the largest resident size of the site so far, in megabytes.
func (s *benchedSite) resident() float64 {
	s.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.child.Process.Pid))
	if err != nil {
		s.Fatal(err)
	}
	_, size, _ := strings.Cut(string(text), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(size)[0])
	if err != nil {
		s.Fatal(err)
	}
	return float64(kb) / 1024
}
