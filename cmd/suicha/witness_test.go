package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/ledger/witness"
)

const watchedLog = "suicha.example.gov.cn/log"

// parseWitness reads a command line as the program does.
func parseWitness(t *testing.T, args ...string) (*WitnessCmd, *kong.Context, error) {
	t.Helper()
	var cli struct {
		Witness WitnessCmd `cmd:""`
	}
	p, err := kong.New(&cli, kong.Exit(func(int) { t.Fatal("the program exits") }))
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := p.Parse(append([]string{"witness"}, args...))
	return &cli.Witness, ctx, err
}

// newWitness makes a witness with the command itself and returns its files and vkey.
func newWitness(t *testing.T) (key, state, vkey string) {
	t.Helper()
	key, state = filepath.Join(t.TempDir(), "key"), filepath.Join(t.TempDir(), "state")
	c, _, err := parseWitness(t, "keygen", "--name", "jiwei.example/w", "--key", key, "--state", state)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := c.Keygen.run(&out); err != nil {
		t.Fatal(err)
	}
	return key, state, strings.TrimSpace(out.String())
}

// watchedKey gives both halves of a log's key.
func watchedKey(t *testing.T) (note.Signer, string) {
	t.Helper()
	skey, vkey, err := keys.Generate(keys.LogEd25519, watchedLog, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	s, err := keys.ParseSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	return s, vkey
}

// startWitness runs the service until the test ends, and returns its address.
func startWitness(t *testing.T, args ...string) string {
	t.Helper()
	c, _, err := parseWitness(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Serve.serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// growthRequest is what the log sends for its first size entries.
func growthRequest(t *testing.T, key note.Signer, size, old int64) []byte {
	t.Helper()
	var leaves [][]byte
	for i := range size {
		leaves = append(leaves, fmt.Appendf(nil, "%d", i))
	}
	hashes, err := ledger.Append(0, leaves, ledger.Hashes(nil))
	if err != nil {
		t.Fatal(err)
	}
	head, err := ledger.TreeHead(size, ledger.Hashes(hashes))
	if err != nil {
		t.Fatal(err)
	}
	proof, err := ledger.ProveGrowth(size, old, ledger.Hashes(hashes))
	if err != nil {
		t.Fatal(err)
	}
	text, err := ledger.Checkpoint{Origin: watchedLog, Head: head}.Text()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, key)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.AddCheckpoint{Old: old, Proof: proof, Note: signed}.Format()
}

func postCheckpoint(t *testing.T, url string, body []byte) (status int, kind, answer string) {
	t.Helper()
	r, err := http.Post(url+"/add-checkpoint", "text/plain", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, r.Header.Get("Content-Type"), string(data)
}

func TestWitnessSpeaksTheProtocol(t *testing.T) {
	key, state, vkey := newWitness(t)
	log, logVkey := watchedKey(t)
	url := startWitness(t, "--key", key, "--state", state, "--log", logVkey)
	v, err := keys.ParseVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	first := growthRequest(t, log, 5, 0)
	status, _, answer := postCheckpoint(t, url, first)
	a, _ := ledger.ParseAddCheckpoint(first)
	_, err = ledger.AddCosignature(a.Note, []byte(answer), v)
	if status != http.StatusOK || err != nil {
		t.Fatalf("first: %d %s: %v", status, answer, err)
	}
	for _, test := range []struct {
		what   string
		body   []byte
		status int
		kind   string
		answer string
	}{
		{"growth", growthRequest(t, log, 9, 5), 200, "text/plain; charset=utf-8", "— jiwei.example/w "},
		{"old again", growthRequest(t, log, 9, 5), 409, "text/x.tlog.size", "9\n"},
		{"rollback", growthRequest(t, log, 5, 0), 409, "text/x.tlog.size", "9\n"},
		{"nonsense", []byte("hello"), 400, "text/plain; charset=utf-8", ""},
		{"another log", bytes.ReplaceAll(first, []byte(watchedLog), []byte("other")), 404, "text/plain; charset=utf-8", ""},
		{"unsigned", bytes.Replace(first, []byte("\n5\n"), []byte("\n6\n"), 1), 403, "text/plain; charset=utf-8", ""},
		{"bad proof", bytes.Replace(growthRequest(t, log, 9, 9), []byte("\n\n"), []byte("\n"+ledger.Hash{}.String()+"\n\n"), 1), 422, "text/plain; charset=utf-8", ""},
		{"too large", make([]byte, maxWitnessRequest+1), 413, "text/plain; charset=utf-8", ""},
	} {
		status, kind, answer := postCheckpoint(t, url, test.body)
		if status != test.status || kind != test.kind || !strings.HasPrefix(answer, test.answer) {
			t.Errorf("%s: %d %s %q, want %d %s %q", test.what, status, kind, answer, test.status, test.kind, test.answer)
		}
	}
	for path, want := range map[string]string{
		fmt.Sprintf("/%x/checkpoint", sha256.Sum256([]byte(watchedLog))): watchedLog + "\n9\n",
		fmt.Sprintf("/%x/checkpoint", sha256.Sum256([]byte("other"))):    "404",
		"/add-checkpoint": "Method Not Allowed",
		"/":               "404",
	} {
		r, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(r.Body)
		r.Body.Close()
		if !strings.HasPrefix(string(data), want) {
			t.Errorf("GET %s = %d %s, want %s", path, r.StatusCode, data, want)
		}
	}
}

// Stopped and started again, the witness still refuses a rollback.
func TestWitnessRemembersAcrossARestart(t *testing.T) {
	key, state, _ := newWitness(t)
	log, logVkey := watchedKey(t)
	t.Run("before", func(t *testing.T) {
		url := startWitness(t, "--key", key, "--state", state, "--log", logVkey)
		if status, _, answer := postCheckpoint(t, url, growthRequest(t, log, 9, 0)); status != 200 {
			t.Fatalf("%d %s", status, answer)
		}
	})
	t.Run("after", func(t *testing.T) {
		url := startWitness(t, "--key", key, "--state", state, "--log", logVkey)
		if status, _, answer := postCheckpoint(t, url, growthRequest(t, log, 5, 0)); status != 409 || answer != "9\n" {
			t.Errorf("rollback: %d %s", status, answer)
		}
	})
}

func TestWitnessDoesNotStartOnBadGround(t *testing.T) {
	key, state, vkey := newWitness(t)
	other, _, _ := newWitness(t)
	_, logVkey := watchedKey(t)
	open := filepath.Join(t.TempDir(), "open")
	nokey := filepath.Join(t.TempDir(), "nokey")
	if err := os.WriteFile(open, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(nokey, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(t.TempDir(), "state")
	if err := witness.CreateDir(damaged, vkey); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(damaged, strings.Repeat("0", 64)+".state"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ what, key, state, log, says string }{
		{"no key file", key + "x", state, logVkey, "--key"},
		{"key others can read", open, state, logVkey, "chmod 600"},
		{"not a key", nokey, state, logVkey, "keygen"},
		{"bad log key", key, state, logVkey[1:], "--log"},
		{"a witness as log", key, state, vkey, "--log"},
		{"no state", key, state + "x", logVkey, "--state"},
		{"state of another key", other, state, logVkey, "--state"},
		{"damaged state", key, damaged, logVkey, "--state"},
	} {
		c := WitnessServeCmd{Key: test.key, State: test.state, Log: []string{test.log}}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
		err = c.serve(ctx, l)
		stop()
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", test.what, err)
		}
	}
}

func TestKeygenOverwritesNothing(t *testing.T) {
	key, state, _ := newWitness(t)
	before, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(key); info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v", info.Mode())
	}
	for _, c := range []WitnessKeygenCmd{
		{"w.example", key, state + "2"}, {"w.example", key + "2", state}, {"w example", key + "3", state + "3"},
	} {
		if err := c.run(io.Discard); err == nil {
			t.Errorf("%+v was made", c)
		}
	}
	if after, _ := os.ReadFile(key); !bytes.Equal(after, before) {
		t.Error("the key file was overwritten")
	}
}

func TestCommandLine(t *testing.T) {
	c, ctx, err := parseWitness(t, "--listen", "127.0.0.1:9", "--key", "k", "--state", "s", "--log", "a+b", "--log", "c,d")
	if err != nil || ctx.Command() != "witness serve" || len(c.Serve.Log) != 2 || c.Serve.Log[1] != "c,d" || c.Serve.Listen != "127.0.0.1:9" {
		t.Errorf("parsed %+v, %v, %v", c, ctx.Command(), err)
	}
	if _, _, err := parseWitness(t, "--key", "k"); err == nil {
		t.Error("parsed without state and log")
	}
}
