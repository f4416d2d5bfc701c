package job_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/ledger/witness"
	"suicha/internal/rig"
)

// A watched log is one with a witness of another organisation.
type watched struct {
	testing.TB
	signer *ledger.Signer
	peer   ledger.Peer
	asked  int
	silent bool // the witness does not answer
}

func watch(t testing.TB) *watched {
	t.Helper()
	w := &watched{TB: t}
	skey, vkey := w.generate(keys.LogEd25519, "test.suicha/log")
	key, err := keys.ParseSigner(skey)
	w.must(err)
	w.signer, err = ledger.NewSigner(key)
	w.must(err)
	known, err := keys.ParseVerifier(vkey)
	w.must(err)
	skey, vkey = w.generate(keys.WitnessEd25519, "jiwei.example/witness")
	cosigner, err := keys.ParseCosigner(skey)
	w.must(err)
	state := filepath.Join(t.TempDir(), "witness")
	w.must(witness.CreateDir(state, vkey))
	memory, err := witness.OpenDir(state, vkey)
	w.must(err)
	of, err := witness.New(cosigner, memory, known)
	w.must(err)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.answer(of, rw, r) }))
	t.Cleanup(func() {
		server.Close()
		w.must(memory.Close())
	})
	w.peer.Name, w.peer.URL = "jiwei.example/witness", server.URL
	w.peer.Key, err = keys.ParseVerifier(vkey)
	w.must(err)
	return w
}

func (w *watched) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *watched) generate(kind keys.Kind, name string) (skey, vkey string) {
	w.Helper()
	skey, vkey, err := keys.Generate(kind, name, rand.Reader)
	w.must(err)
	return skey, vkey
}

func (w *watched) answer(of *witness.Witness, rw http.ResponseWriter, r *http.Request) {
	w.asked++
	if w.silent {
		rw.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.Error(err)
	}
	lines, err := of.Add(body, time.Now())
	if refusal := new(witness.Refusal); errors.As(err, &refusal) {
		rw.WriteHeader(int(refusal.Status))
		io.WriteString(rw, strconv.FormatInt(refusal.Size, 10)+"\n")
		return
	}
	if err != nil {
		w.Error(err)
	}
	rw.Write(lines)
}

// keeper is a new process's keeper of the office's log.
func (w *watched) keeper(o *rig.Office) *job.LogKeeper {
	return &job.LogKeeper{
		Log: o.Store.Log, Signer: w.signer, Witnesses: []ledger.Peer{w.peer}, Now: func() time.Time { return o.Now },
		Client: &http.Client{Timeout: time.Second}, Halt: func(error) { o.Desk.Halt() },
	}
}

func size(o *rig.Office) int64 {
	o.Helper()
	head, err := o.Store.Log.Newest(context.Background())
	if err != nil {
		o.Fatal(err)
	}
	return head.Size
}

// copied is a copy of a database as a backup takes it.
func copied(t testing.TB, path string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	to := filepath.Join(t.TempDir(), "backup.db")
	if _, err := db.Exec(`VACUUM INTO $1`, to); err != nil {
		t.Fatal(err)
	}
	return to
}

// Row 49 of the threats: whoever puts an older copy of the database back gets
// neither a signature nor an act out of it, though the copy itself believes
// that it was cosigned to its end.
func TestAnOlderCopyIsNotContinued(t *testing.T) {
	w, path := watch(t), rig.SQLite(t)
	o := rig.Open(t, path)
	w.must(w.keeper(o).Step(t.Context()))
	backup := copied(t, path)
	o.Clerk("李科长", "scjg")
	w.must(w.keeper(o).Step(t.Context()))

	old := rig.Open(t, backup)
	k, had := w.keeper(old), size(old)
	if err := k.Step(t.Context()); !errors.Is(err, job.ErrNotTheLog) {
		t.Fatalf("the older copy: got %v, want %v", err, job.ErrNotTheLog)
	}
	if old.Refused(old.Security(), act.AddPerson{ID: rig.ID[inspect.PersonID]("new"), Name: "新人"}, inspect.ErrHalted); !old.Desk.Halted() {
		t.Error("the desk goes on")
	}
	asked := w.asked
	if err := k.Step(t.Context()); !errors.Is(err, job.ErrNotTheLog) || w.asked != asked || size(old) != had {
		t.Errorf("it was asked %d times more and the log grew to %d: %v", w.asked-asked, size(old), err)
	}
}

// Row 41: an older copy that went on while the witness was silent is stopped when
// the witness answers again.
func TestAForkIsStoppedWhenTheWitnessAnswers(t *testing.T) {
	w, path := watch(t), rig.SQLite(t)
	o := rig.Open(t, path)
	w.must(w.keeper(o).Step(t.Context()))
	backup := copied(t, path)
	o.Clerk("李科长", "scjg")
	w.must(w.keeper(o).Step(t.Context()))

	old := rig.Open(t, backup)
	old.Clerk("赵科员", "scjg")
	old.Clerk("钱科员", "scjg")
	k := w.keeper(old)
	w.silent = true
	if err := k.Step(t.Context()); err == nil || errors.Is(err, job.ErrNotTheLog) {
		t.Fatalf("a silent witness: %v", err)
	}
	w.silent = false
	if err := k.Step(t.Context()); !errors.Is(err, job.ErrNotTheLog) || !old.Desk.Halted() {
		t.Errorf("the witness answers: got %v, want %v", err, job.ErrNotTheLog)
	}
}

// A witness that does not answer holds nothing up, and gets what it missed.
func TestASilentWitnessHoldsNothingUp(t *testing.T) {
	w := watch(t)
	o := rig.Open(t, rig.SQLite(t))
	k := w.keeper(o)
	w.silent = true
	if err := k.Step(t.Context()); err != nil && !strings.Contains(err.Error(), "503") {
		t.Fatal(err)
	}
	o.Clerk("李科长", "scjg")
	if err := k.Step(t.Context()); err == nil || size(o) == 0 || o.Desk.Halted() {
		t.Errorf("the log has %d entries: %v", size(o), err)
	}
	w.silent = false
	w.must(k.Step(t.Context()))
	cosigned, err := o.Store.Log.Cosigned(t.Context())
	if err != nil || len(cosigned) != 1 || cosigned[0].Size != size(o) {
		t.Errorf("cosigned: %v, %v", cosigned, err)
	}
}
