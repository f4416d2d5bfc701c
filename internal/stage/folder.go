// Package stage keeps what an import needs outside the record, in the data
// folder: the files that were brought, named by their digests, and for each batch
// the rows that it would write, sorted on disk (docs/decisions/0016). It knows
// bytes and lines, and no database.
//
// Start with Folder; Sorter is how more lines than fit into memory get into order.
package stage

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// A Folder is where files and batches wait. Only this program may read it: the
// files hold personal data.
type Folder struct{ dir string }

// Open makes the folder if there is none.
func Open(dir string) (Folder, error) {
	f := Folder{dir}
	for _, sub := range []string{"files", "batches", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return f, fmt.Errorf("make the folder of imports: %w", err)
		}
	}
	return f, nil
}

// Scratch is where files may be for the time of one request.
func (f Folder) Scratch() string { return filepath.Join(f.dir, "tmp") }

// A File is one that was brought: its digest names it.
type File struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// ErrTooLarge is a file beyond the limit.
var ErrTooLarge = errors.New("the file is larger than the limit")

// name keeps ids and digests from being paths.
var name = regexp.MustCompile(`^[0-9a-z][0-9a-z-]{7,63}$`)

func (f Folder) path(parts ...string) (string, error) {
	for _, p := range parts[1:] {
		if !name.MatchString(p) {
			return "", fmt.Errorf("%q names no file: %w", p, fs.ErrNotExist)
		}
	}
	return filepath.Join(append([]string{f.dir}, parts...)...), nil
}

// Keep stores what r has, for the department owner. Nothing of a file that is cut
// off or too large remains.
func (f Folder) Keep(owner string, r io.Reader, most int64) (file File, err error) {
	dir, err := f.path("files", owner)
	if err != nil {
		return file, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return file, err
	}
	tmp, err := os.CreateTemp(dir, "part-")
	if err != nil {
		return file, err
	}
	defer func() {
		err = errors.Join(err, tmp.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
			return
		}
		err = os.Rename(tmp.Name(), filepath.Join(dir, file.SHA256))
	}()
	sum := sha256.New()
	if file.Size, err = io.Copy(io.MultiWriter(tmp, sum), io.LimitReader(r, most+1)); err != nil {
		return file, err
	}
	if file.Size > most {
		return file, ErrTooLarge
	}
	file.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return file, tmp.Sync()
}

// File opens what Keep stored. A department has its own files only.
func (f Folder) File(owner, sha256 string) (*os.File, error) {
	path, err := f.path("files", owner, sha256)
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// Sweep removes files of at least age that wanted does not ask for, such as one
// that was brought and never imported.
func (f Folder) Sweep(now time.Time, age time.Duration, wanted func(owner, sha256 string) (bool, error)) error {
	paths, err := filepath.Glob(filepath.Join(f.dir, "files", "*", "*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && now.Sub(info.ModTime()) < age {
			continue
		}
		var keep bool
		if err == nil {
			keep, err = wanted(filepath.Base(filepath.Dir(path)), filepath.Base(path))
		}
		if err == nil && !keep {
			err = os.Remove(path)
		}
		if err != nil {
			return fmt.Errorf("sweep brought files: %w", err)
		}
	}
	return nil
}

// A Batch is the folder of one batch.
type Batch struct{ dir string }

// Batch returns the folder of a batch, and makes it.
func (f Folder) Batch(id string) (Batch, error) {
	dir, err := f.path("batches", id)
	if err != nil {
		return Batch{}, err
	}
	return Batch{dir}, os.MkdirAll(dir, 0o700)
}

// Path is where the batch keeps a file of this name.
func (b Batch) Path(file string) string { return filepath.Join(b.dir, file) }

// Batches names the batches that have a folder.
func (f Folder) Batches() ([]string, error) {
	found, err := os.ReadDir(filepath.Join(f.dir, "batches"))
	var ids []string
	for _, e := range found {
		ids = append(ids, e.Name())
	}
	return ids, err
}

// Drop removes everything of the batch but what is to be kept.
func (b Batch) Drop(keep func(file string) bool) error {
	found, err := os.ReadDir(b.dir)
	if err != nil {
		return err
	}
	for _, e := range found {
		if !keep(e.Name()) {
			err = errors.Join(err, os.RemoveAll(b.Path(e.Name())))
		}
	}
	return err
}

// Work returns a new folder for what is needed while the batch is worked on. Two
// who work on it at once do not meet there.
func (b Batch) Work(of string) (string, error) { return os.MkdirTemp(b.dir, "work-"+of+"-") }

// WriteJSON replaces a small file of the batch in one step.
func (b Batch) WriteJSON(file string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(b.dir, "part-")
	if err != nil {
		return err
	}
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), b.Path(file))
	}
	if err != nil {
		err = errors.Join(err, os.Remove(tmp.Name()))
	}
	return err
}

// ReadJSON reads what WriteJSON wrote. A file that is not there leaves value as
// it is, and says so.
func (b Batch) ReadJSON(file string, value any) (bool, error) {
	text, err := os.ReadFile(b.Path(file))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(text, value)
}
