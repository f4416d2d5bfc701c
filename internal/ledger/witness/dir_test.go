package witness

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"suicha/internal/ledger/keys"
)

func stateFiles(t *testing.T, path string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(path, "*"+noteSuffix))
	if err != nil || len(files) == 0 {
		t.Fatalf("state files: %v, %v", files, err)
	}
	return files
}

// again closes the memory of w and opens it as a new process would.
func again(w *Witness, path string, vkey *keys.Verifier) (*Dir, error) {
	w.memory.(*Dir).Close()
	return OpenDir(path, vkey.String())
}

func TestMemoryOutlivesTheProcess(t *testing.T) {
	w, log, vkey, path := stage(t)
	log.add(t, 20, "x")
	if _, err := w.Add(log.ask(t, 10, 0), now); err != nil {
		t.Fatal(err)
	}
	before, _ := w.Last(origin)
	// What a kill in the middle of a write leaves behind does no harm.
	if err := os.WriteFile(stateFiles(t, path)[0]+".tmp", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := again(w, path, vkey)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	w.memory = dir
	if after, _ := w.Last(origin); string(after) != string(before) {
		t.Errorf("remembered\n%s\nwant\n%s", after, before)
	}
	if got := status(second(w.Add(log.ask(t, 7, 0), now))); got != Conflict {
		t.Errorf("a rollback after the restart: %d", got)
	}
	if _, err := w.Add(log.ask(t, 20, 10), now); err != nil {
		t.Error(err)
	}
}

// A damaged memory is refused, whatever the damage; so is that of another.
func TestDamagedMemoryIsRefused(t *testing.T) {
	w, log, vkey, path := stage(t)
	log.add(t, 20, "x")
	if _, err := w.Add(log.ask(t, 10, 0), now); err != nil {
		t.Fatal(err)
	}
	file := stateFiles(t, path)[0]
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w.memory.(*Dir).Close()
	refused := func(what string, data []byte) {
		t.Helper()
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		dir, err := OpenDir(path, vkey.String())
		if err == nil {
			dir.Close()
			t.Fatalf("%s: the memory was opened", what)
		}
		if !strings.Contains(err.Error(), filepath.Base(file)) {
			t.Fatalf("%s: the message does not name the file: %v", what, err)
		}
	}
	for n := range good {
		refused(fmt.Sprintf("cut off at %d", n), good[:n])
	}
	for i := range good {
		bad := []byte(string(good))
		bad[i] ^= 4
		refused(fmt.Sprintf("byte %d changed", i), bad)
	}
	refused("longer", append([]byte(string(good)), '\n'))
	refused("not a note", []byte(noteFormat+sum([]byte("hello\n"))+"\nhello\n"))
	other := strings.Replace(string(good[strings.IndexByte(string(good), '\n')+1:]), origin+"\n", "other\n", 1)
	refused("of another log", []byte(noteFormat+sum([]byte(other))+"\n"+other))
	if err := os.WriteFile(file, good, 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := OpenDir(path, vkey.String())
	if err != nil {
		t.Fatalf("restored: %v", err)
	}
	defer dir.Close()
	if _, err := OpenDir(path, vkey.String()); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("opened twice: %v", err)
	}
}

func TestKeyAndMemoryBelongTogether(t *testing.T) {
	_, vkey := generate(t, keys.WitnessEd25519, "w.example", 1)
	_, other := generate(t, keys.WitnessEd25519, "w.example", 2)
	path := filepath.Join(t.TempDir(), "a", "state")
	if _, err := OpenDir(path, vkey); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a memory that was never made: %v", err)
	}
	if err := CreateDir(path, vkey); err != nil {
		t.Fatal(err)
	}
	if err := CreateDir(path, vkey); !errors.Is(err, os.ErrExist) {
		t.Errorf("made twice: %v", err)
	}
	if _, err := OpenDir(path, other); err == nil {
		t.Error("a key opened the memory of another")
	}
}

// After a write that failed the memory answers nothing more.
func TestFailedWriteClosesTheMemory(t *testing.T) {
	w, log, _, path := stage(t)
	log.add(t, 20, "x")
	if err := os.Mkdir(filepath.Join(path, stateFile(origin)+".tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := status(second(w.Add(log.ask(t, 10, 0), now))); got != 500 {
			t.Errorf("the write that fails: %d", got)
		}
		os.Remove(filepath.Join(path, stateFile(origin)+".tmp"))
	}
	if _, err := w.Last(origin); err == nil {
		t.Error("a memory whose write failed still answers")
	}
}

const killed = "SUICHA_TEST_WITNESS_STATE"

// TestMain lets the test binary be the process that is killed: it cosigns one
// size after the other and says each size after it was served.
func TestMain(m *testing.M) {
	path := os.Getenv(killed)
	if path == "" {
		os.Exit(m.Run())
	}
	t := &testing.B{}
	w, log := stageAt(t, path)
	last, err := w.Last(origin)
	if err != nil {
		panic(err)
	}
	if last != nil {
		c, err := read(origin, last)
		if err != nil {
			panic(err)
		}
		log.add(t, int(c.Size), "x")
	}
	for {
		old := log.size
		log.add(t, 1, "x")
		if _, err := w.Add(log.ask(t, log.size, old), now); err != nil {
			panic(err)
		}
		fmt.Println(log.size)
	}
}

// Killed at any moment, the witness knows all that it has cosigned.
func TestKilledWitnessForgetsNothing(t *testing.T) {
	_, vkey := generate(t, keys.WitnessEd25519, "w.example", 1)
	path := filepath.Join(t.TempDir(), "state")
	if err := CreateDir(path, vkey); err != nil {
		t.Fatal(err)
	}
	said := int64(0)
	for round := range 20 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), killed+"="+path)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			fmt.Sscan(lines.Text(), &said)
			if n == 3 { // somewhere in the writes that follow
				time.AfterFunc(time.Duration(round)*237*time.Microsecond, func() { cmd.Process.Kill() })
			}
		}
		cmd.Wait()
		dir, err := OpenDir(path, vkey)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		known, _ := dir.Last(origin)
		dir.Close()
		c, err := read(origin, known)
		if err != nil || c.Size < said || c.Size > said+1 {
			t.Fatalf("round %d: remembered %d, said %d: %v", round, c.Size, said, err)
		}
		said = c.Size // the last answer may have been cut off
	}
}
