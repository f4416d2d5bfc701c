package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"suicha/internal/ledger/keys"
	"suicha/internal/ledger/witness"
)

// maxWitnessRequest holds a proof of 63 hashes and a note with many signatures.
const maxWitnessRequest = keys.MaxNote + 64*45

// WitnessCmd is what another organisation runs to watch logs (见证).
type WitnessCmd struct {
	Serve  WitnessServeCmd  `cmd:"" default:"withargs" help:"运行见证服务：只为与以往记录一致的存证日志签署见证。"`
	Keygen WitnessKeygenCmd `cmd:"" help:"为新的见证机构生成密钥文件和空的状态目录，并显示公钥。"`
}

// WitnessKeygenCmd makes a witness: its key, and the memory that belongs to it.
type WitnessKeygenCmd struct {
	Name  string `required:"" help:"见证名称，例如 jiwei.example.gov.cn/witness，不能含空格和加号。"`
	Key   string `required:"" placeholder:"FILE" help:"要新建的密钥文件，请妥善保管。"`
	State string `required:"" placeholder:"DIR" help:"要新建的状态目录，须与密钥一起使用。"`
}

// Run makes the key file and the state directory and prints the public key.
func (c *WitnessKeygenCmd) Run() error { return c.run(os.Stdout) }

func (c *WitnessKeygenCmd) run(out io.Writer) error {
	skey, vkey, err := keys.Generate(keys.WitnessEd25519, c.Name, rand.Reader)
	if err != nil {
		return fmt.Errorf("无法生成密钥，请检查见证名称：%w", err)
	}
	f, err := os.OpenFile(c.Key, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("无法新建密钥文件，请指定一个尚不存在的文件：%w", err)
	}
	_, err = io.WriteString(f, skey+"\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("无法写入密钥文件，请检查磁盘后换一个文件名重做：%w", err)
	}
	if err := witness.CreateDir(c.State, vkey); err != nil {
		os.Remove(c.Key) // no key without its memory
		return fmt.Errorf("无法新建状态目录，请指定一个尚不存在的目录：%w", err)
	}
	_, err = fmt.Fprintln(out, vkey)
	return err
}

// WitnessServeCmd serves the witness protocol over HTTP.
type WitnessServeCmd struct {
	Listen string   `default:"127.0.0.1:8020" help:"监听地址；对外服务时请置于带 TLS 的代理之后。"`
	Key    string   `required:"" placeholder:"FILE" help:"见证密钥文件，由 suicha witness keygen 生成。"`
	State  string   `required:"" placeholder:"DIR" help:"状态目录，由 suicha witness keygen 生成。"`
	Log    []string `required:"" sep:"none" placeholder:"VKEY" help:"所见证日志的公钥，可多次给出。"`
}

// Run serves until the process is told to stop.
func (c *WitnessServeCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("无法监听 %s，请换一个地址：%w", c.Listen, err)
	}
	return c.serve(ctx, l)
}

// serve serves on l until ctx ends, and then lets running requests finish.
func (c *WitnessServeCmd) serve(ctx context.Context, l net.Listener) error {
	defer l.Close()
	w, dir, err := c.open()
	if err != nil {
		return err
	}
	defer dir.Close()
	s := &http.Server{
		Handler:           witnessHandler(w),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      20 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	slog.Info("见证服务已启动", "address", l.Addr().String(), "logs", w.Origins())
	select {
	case err := <-ended:
		return fmt.Errorf("见证服务意外停止：%w", err)
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.Shutdown(within); err != nil {
		return fmt.Errorf("见证服务未能在 10 秒内停妥：%w", err)
	}
	slog.Info("见证服务已停止")
	return nil
}

// open reads the key and the memory, and makes the witness of them.
func (c *WitnessServeCmd) open() (*witness.Witness, *witness.Dir, error) {
	info, err := os.Stat(c.Key)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, nil, fmt.Errorf("密钥文件 %s 能被他人读取，请先执行 chmod 600", c.Key)
	}
	skey, err := os.ReadFile(c.Key)
	if err != nil {
		return nil, nil, fmt.Errorf("无法读取密钥文件，请检查 --key：%w", err)
	}
	key, err := keys.ParseCosigner(strings.TrimSpace(string(skey)))
	if err != nil {
		return nil, nil, fmt.Errorf("密钥文件 %s 无法使用，请用 suicha witness keygen 生成：%w", c.Key, err)
	}
	var logs []*keys.Verifier
	for _, vkey := range c.Log {
		v, err := keys.ParseVerifier(vkey)
		if err != nil {
			return nil, nil, fmt.Errorf("日志公钥有误，请检查 --log：%w", err)
		}
		logs = append(logs, v)
	}
	dir, err := witness.OpenDir(c.State, key.Vkey())
	if err != nil {
		return nil, nil, fmt.Errorf("状态目录无法使用，见证服务不启动，请检查 --state：%w", err)
	}
	w, err := witness.New(key, dir, logs...)
	if err != nil {
		dir.Close()
		return nil, nil, fmt.Errorf("日志公钥有误，请检查 --log：%w", err)
	}
	return w, dir, nil
}

// witnessHandler answers as C2SP tlog-witness says: to the log, which asks for
// cosignatures, and to anybody who asks what was last cosigned.
func witnessHandler(w *witness.Witness) http.Handler {
	byHash := make(map[string]string)
	for _, origin := range w.Origins() {
		sum := sha256.Sum256([]byte(origin))
		byHash[hex.EncodeToString(sum[:])] = origin
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxWitnessRequest))
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			http.Error(rw, "the request is too large", http.StatusRequestEntityTooLarge)
			return
		}
		if err != nil {
			http.Error(rw, "the request broke off", http.StatusBadRequest)
			return
		}
		lines, err := w.Add(body, time.Now())
		if err != nil {
			refuseCosignature(rw, body, err)
			return
		}
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		rw.Write(lines)
	})
	mux.HandleFunc("GET /{hash}/checkpoint", func(rw http.ResponseWriter, r *http.Request) {
		last, err := w.Last(byHash[r.PathValue("hash")])
		if err != nil {
			refuseCosignature(rw, nil, err)
			return
		}
		if last == nil {
			http.NotFound(rw, r)
			return
		}
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		rw.Header().Set("Cache-Control", "no-store")
		rw.Write(last)
	})
	return mux
}

// refuseCosignature writes a refusal as the protocol has it. What is not one is a fault of
// the witness itself, which its owner reads about and the asker does not.
func refuseCosignature(rw http.ResponseWriter, body []byte, err error) {
	var no *witness.Refusal
	if !errors.As(err, &no) {
		slog.Error("见证服务内部出错，请查明后重新启动", "error", err)
		http.Error(rw, "the witness cannot answer now", http.StatusInternalServerError)
		return
	}
	switch no.Status {
	case witness.Conflict:
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(no.Status)
		fmt.Fprintf(rw, "%d\n", no.Size)
		return
	case witness.Forked:
		// With its signature, the request is evidence against the log.
		slog.Warn("日志未能证明与以往记录一致，已拒绝见证，请保存本条并核查该日志",
			"reason", no.Reason, "request", string(body[:min(len(body), 8<<10)]))
	}
	http.Error(rw, no.Reason, no.Status)
}
