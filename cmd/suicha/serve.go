package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/blob"
	"suicha/internal/config"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/ledger"
	"suicha/internal/region"
	"suicha/internal/stage"
	"suicha/internal/store"
	"suicha/internal/web"
)

// ServeCmd runs the site.
type ServeCmd struct {
	config.Server
}

// Run serves until the process is told to stop: then it finishes what it began,
// for at most twenty seconds.
func (c *ServeCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	site, err := open(ctx, c.Server, false)
	if err != nil {
		return err
	}
	defer site.close()
	l, err := site.listen()
	if err != nil {
		return err
	}
	fmt.Printf("随查正在运行：%s （监听 %s）\n", c.Origin, l.Addr())
	return site.serve(ctx, l)
}

// A site is a Suicha put together from its parts.
type site struct {
	config    config.Server
	demo      bool
	store     *store.Store
	desk      *act.Desk
	gate      *auth.Gate
	keys      keyring
	log       string // name of the transparency log
	policy    string // whom the site proposes to believe: docs/design/ledger.md
	witnesses []ledger.Peer
	deadlines inspect.Deadlines
	imports   stage.Folder // where files for the libraries wait
	evidence  *blob.Folder
	now       func() time.Time
}

// open puts a site together, or says which part is missing. A part that is
// missing stops the start: there is no running without log, keys or gate.
func open(ctx context.Context, c config.Server, demo bool) (*site, error) {
	return openAt(ctx, c, demo, time.Now)
}

// openAt is open with the site's clock.
func openAt(ctx context.Context, c config.Server, demo bool, now func() time.Time) (*site, error) {
	s := &site{config: c, demo: demo, now: now}
	var err error
	if s.deadlines, err = c.Deadlines(); err != nil {
		return nil, err
	}
	if s.log, err = c.Log(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("建立数据目录：%w", err)
	}
	if s.store, err = store.Open(ctx, c.DatabaseURL()); err != nil {
		return nil, err
	}
	if len(s.store.Restored) > 0 {
		slog.Error("guards of the database were gone and were put back: verify the record", "guards", s.store.Restored)
	}
	if err := s.assemble(ctx); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	return s, nil
}

func (s *site) assemble(ctx context.Context) error {
	head, err := s.store.Log.Newest(ctx)
	if err != nil {
		return fmt.Errorf("读取存证日志：%w", err)
	}
	sealed, err := s.store.DB.SealedRuns(ctx)
	if err != nil {
		return fmt.Errorf("读取抽取批次：%w", err)
	}
	if s.keys, err = openKeys(s.config.Data, s.log, head.Size == 0, sealed == 0); err != nil {
		return err
	}
	words, err := s.words(ctx)
	if err != nil {
		return err
	}
	s.gate, err = auth.Open(auth.Config{
		Sessions: s.store.Sessions, Pepper: s.keys.pepper, Origin: s.config.Origin, Site: "随查",
		Words: words, Demo: s.demo, Now: s.now,
	})
	if err != nil {
		return err
	}
	s.desk = act.NewDesk(s.store.Writer, s.now, s.deadlines)
	s.desk.KeepSealed(s.keys.lists)
	if s.imports, err = stage.Open(filepath.Join(s.config.Data, "imports")); err != nil {
		return err
	}
	if s.evidence, err = blob.Open(filepath.Join(s.config.Data, "evidence"), s.now); err != nil {
		return err
	}
	s.desk.KeepFiles(func(_ context.Context, sha256 string) (inspect.Blob, bool, error) {
		f, ok := s.evidence.Find(sha256)
		return inspect.Blob{Size: f.Size, Type: f.Type}, ok, nil
	})
	return s.readPolicy()
}

// words are the names of the place and its bodies: no password may rest on
// them.
func (s *site) words(ctx context.Context) ([]string, error) {
	words := []string{"suicha", "随查", s.config.Region}
	if place, ok := region.Find(s.config.Region, ""); ok {
		words = append(words, place.Name)
	}
	orgs, err := s.store.DB.Orgs(ctx, inspect.Scope{}, s.config.Region)
	for _, o := range orgs {
		words = append(words, o.Name, o.Short, o.Code)
	}
	return words, err
}

// readPolicy reads whom to ask for cosignatures; without a policy file the log
// has its own keys and no witness.
func (s *site) readPolicy() error {
	s.policy = fmt.Sprintf("log %s\nrequire %s\nquorum none\n", s.keys.vkeys[0], s.keys.vkeys[1])
	if s.config.Policy != "" {
		text, err := os.ReadFile(s.config.Policy)
		if err != nil {
			return fmt.Errorf("读取见证策略：%w", err)
		}
		s.policy = string(text)
	}
	policy, err := ledger.ParsePolicy([]byte(s.policy))
	if err != nil {
		return fmt.Errorf("见证策略 %s：%w", s.config.Policy, err)
	}
	if len(policy.Logs) != 1 || policy.Logs[0].Name != s.log {
		return fmt.Errorf("见证策略 %s 应当只列出本站的日志 %s", s.config.Policy, s.log)
	}
	s.witnesses = policy.Witnesses
	return nil
}

func (s *site) close() {
	if err := s.store.Close(); err != nil {
		slog.Error("close the database", "error", err.Error())
	}
}

// sweep removes what has run out, such as old sessions, every hour.
func (s *site) sweep(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := s.gate.Sweep(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "sweep sessions", "error", err.Error())
		}
		if err := s.evidence.Sweep(); err != nil {
			slog.ErrorContext(ctx, "sweep uploads", "error", err.Error())
		}
		if err := s.removeErased(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "remove erased files", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// keeper is what extends the log while the site runs.
func (s *site) keeper() *job.LogKeeper {
	return &job.LogKeeper{
		Log: s.store.Log, Signer: s.keys.signer, Witnesses: s.witnesses, Now: s.now,
		Client: &http.Client{Timeout: 10 * time.Second},
		Halt: func(err error) {
			slog.Error("acts are refused: put the whole record back", "error", err.Error())
			s.desk.Halt()
		},
	}
}

// sealer is what puts the security log on record while the site runs.
func (s *site) sealer() *job.SecurityKeeper {
	return &job.SecurityKeeper{Sessions: s.store.Sessions, Desk: s.desk, Region: s.config.Region, Now: s.now, NewID: web.NewID}
}

// importer is what checks and writes imports while the site runs.
func (s *site) importer() *job.Importer {
	return &job.Importer{DB: s.store.DB, Desk: s.desk, Folder: s.imports, Now: s.now}
}

// drawer is what draws and discloses while the site runs.
func (s *site) drawer() *job.Drawer {
	return &job.Drawer{DB: s.store.DB, Desk: s.desk, Now: s.now}
}

// expirer ends publications.
func (s *site) expirer() *job.Expirer {
	return &job.Expirer{DB: s.store.DB, Desk: s.desk, Region: s.config.Region, Deadlines: s.deadlines, Now: s.now}
}

// deliverer is what shares published results with other systems while the site runs.
func (s *site) deliverer() *job.Deliverer {
	return &job.Deliverer{DB: s.store.DB, Desk: s.desk, Signer: s.keys.signer, Region: s.config.Region, Base: s.base(), Now: s.now}
}

// rehearser is what does rehearsals while the site runs.
func (s *site) rehearser() *job.Rehearser {
	return &job.Rehearser{Queue: s.store.Queue, Desk: s.desk, Now: time.Now, Worker: web.NewID()}
}

func (s *site) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", s.config.Listen)
	if err != nil {
		return nil, fmt.Errorf("无法监听 %s，请换一个地址：%w", s.config.Listen, err)
	}
	return l, nil
}

// serve answers requests on l until ctx ends.
//
// It lets one goroutine more run at a time than there are processors, unless the
// operator has said how many. Go does not look for what has come from the network
// while all that may run are at work, as imports are for minutes: a request then waits
// ten milliseconds at each step. With one more the system decides, and gives way to
// requests at once.
func (s *site) serve(ctx context.Context, l net.Listener) error {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
	handler, err := s.handler()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 60 * time.Second,
		WriteTimeout: 120 * time.Second, IdleTimeout: 120 * time.Second, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	kept, keeper := make(chan struct{}), s.keeper()
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(kept)
		keeper.Run(work)
	}()
	go s.sweep(work)
	var jobs sync.WaitGroup
	for _, run := range []func(context.Context){s.sealer().Run, s.importer().Run, s.drawer().Run, s.rehearser().Run, s.expirer().Run, s.deliverer().Run} {
		jobs.Go(func() { run(work) })
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
		end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		err = server.Shutdown(end)
		cancel()
	}
	stop()
	<-kept
	jobs.Wait()
	// What was acknowledged last is in the log before the program ends.
	return errors.Join(err, keeper.Step(context.WithoutCancel(ctx)))
}
