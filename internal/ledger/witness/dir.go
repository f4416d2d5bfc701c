package witness

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"suicha/internal/ledger/keys"
)

const (
	ownerFile  = "witness" // holds the vkey of the witness whose memory this is
	noteFormat = "suicha-witness-state/1 "
	noteSuffix = ".state"
)

// A Dir is a [Memory] in a directory: one small file for each log, replaced as a
// whole. A key and its directory are made together and belong together: a key
// that could start again with an empty memory would cosign what it had refused.
type Dir struct {
	path string
	lock *os.File

	mu     sync.Mutex
	notes  map[string][]byte // by file name
	broken error             // set for good by a write that may be half done
}

// CreateDir makes the empty memory of a new witness. It fails if path exists.
func CreateDir(path, vkey string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create a witness's memory: %w", err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		return fmt.Errorf("create a witness's memory: %w", err)
	}
	if err := replace(path, ownerFile, []byte(vkey+"\n")); err != nil {
		return fmt.Errorf("create a witness's memory: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// OpenDir opens the memory of the witness vkey for this process alone. It reads
// every file, and refuses the whole if one is damaged, for a witness that has
// forgotten one log must not go on as if it had never seen it.
func OpenDir(path, vkey string) (_ *Dir, err error) {
	d := &Dir{path: path, notes: make(map[string][]byte)}
	d.lock, err = os.Open(filepath.Join(path, ownerFile))
	if err != nil {
		return nil, fmt.Errorf("open the witness's memory %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			d.lock.Close()
			err = fmt.Errorf("open the witness's memory %s: %w", path, err)
		}
	}()
	if err := lockFile(d.lock); err != nil {
		return nil, fmt.Errorf("another process uses it: %w", err)
	}
	owner, err := os.ReadFile(d.lock.Name())
	if err != nil {
		return nil, err
	}
	if string(owner) != vkey+"\n" {
		return nil, fmt.Errorf("it belongs to another witness: %q", owner)
	}
	files, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), noteSuffix) {
			if err := d.load(f.Name()); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

// load reads one file, whose first line is the SHA-256 of all that follows.
func (d *Dir) load(name string) error {
	data, err := os.ReadFile(filepath.Join(d.path, name))
	if err != nil {
		return err
	}
	first, signed, ok := bytes.Cut(data, []byte("\n"))
	if !ok || string(first) != noteFormat+sum(signed) {
		return fmt.Errorf("the file %s is damaged or cut off; restore it, or end this witness and start one with a new key", name)
	}
	n, err := keys.Open(signed)
	if err != nil {
		return fmt.Errorf("the file %s: %w", name, err)
	}
	origin, _, _ := strings.Cut(n.Text, "\n")
	if _, err := read(origin, signed); err != nil {
		return fmt.Errorf("the file %s: %w", name, err)
	}
	if stateFile(origin) != name {
		return fmt.Errorf("the file %s is that of another log, %.80q", name, origin)
	}
	d.notes[name] = signed
	return nil
}

// Close gives the directory up.
func (d *Dir) Close() error { return d.lock.Close() }

// Last implements [Memory].
func (d *Dir) Last(origin string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.notes[stateFile(origin)], d.broken
}

// Swap implements [Memory]. After a write that failed, the memory stays closed
// until the process is started again, for what is on the disk is not known.
func (d *Dir) Swap(origin string, old, next []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := stateFile(origin)
	if d.broken != nil {
		return d.broken
	}
	if !bytes.Equal(d.notes[name], old) {
		return ErrRace
	}
	err := replace(d.path, name, []byte(noteFormat+sum(next)+"\n"+string(next)))
	if err != nil {
		d.broken = fmt.Errorf("the witness's memory failed and must be opened anew: %w", err)
		return d.broken
	}
	d.notes[name] = bytes.Clone(next)
	return nil
}

// replace writes a file so that after a crash at any moment either the old or
// the new content is there, and after it returns the new one.
func replace(dir, name string, data []byte) error {
	f, err := os.OpenFile(filepath.Join(dir, name+".tmp"), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// stateFile is named after the origin's SHA-256, which the protocol also uses in
// addresses.
func stateFile(origin string) string { return sum([]byte(origin)) + noteSuffix }

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
