// Package blob keeps evidence files (证据文件) in the data folder, named by their SHA-256:
// a file that was changed no longer has its name. What comes in is one of a few kinds
// that are known by their content, whole, and with nothing hidden behind it that we can
// tell; what is shown to others is an image made anew (docs/decisions/0021).
//
// Start with Folder. upload.go takes files in, kind.go decides what is taken, copy.go
// makes what leaves.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"
)

// A Folder is where the files are. Only this program may read it.
//
//	whole/ab/cd/abcd…   files that are complete, never changed
//	parts/PERSON/ID     uploads under way, and ID.json, what was declared of them
//	copies/ab/cd/…      images made anew; they can be removed at any time
type Folder struct {
	dir  string
	now  func() time.Time
	free func(dir string) (int64, error)

	mu   sync.Mutex
	busy map[string]bool // uploads that are being written
	draw sync.Mutex      // one image is decoded at a time: it takes up to decodeMost bytes
}

// A File is one that is there, whole.
type File struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Type   string `json:"type"` // of its content, such as image/jpeg
}

// Bounds of what is taken.
const (
	FileMost   = 50 << 20 // one file
	personMost = 4 << 30  // of one person in a day
	openMost   = 40       // uploads under way, of one person
	freeLeast  = 1 << 30  // of the disk is left to the record
	keepParts  = 24 * time.Hour
)

// Open makes the folder if there is none.
func Open(dir string, now func() time.Time) (*Folder, error) {
	for _, sub := range []string{"whole", "parts", "copies"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of evidence: %w", err)
		}
	}
	return &Folder{dir: dir, now: now, free: freeBytes, busy: map[string]bool{}}, nil
}

var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// path is where a file of this digest is, below one of the folders.
func (f *Folder) path(sub, digest string) (string, error) {
	if !digestForm.MatchString(digest) {
		return "", fmt.Errorf("%q is no digest: %w", digest, fs.ErrNotExist)
	}
	return filepath.Join(f.dir, sub, digest[:2], digest[2:4], digest), nil
}

// Find returns the file of a digest, and whether it is there.
func (f *Folder) Find(digest string) (File, bool) {
	file, err := f.Open(digest)
	if err != nil {
		return File{}, false
	}
	defer file.Close() // only read
	info, err := file.Stat()
	if err != nil {
		return File{}, false
	}
	kind, err := sniff(file, info.Size())
	return File{digest, info.Size(), kind.mime}, err == nil
}

// Open opens the file of a digest to be read.
func (f *Folder) Open(digest string) (*os.File, error) {
	path, err := f.path("whole", digest)
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// keep makes r's content a file of the folder, if it is one that is taken. It is written
// to a file that nobody else has open, and has its name only when it is on the disk.
func (f *Folder) keep(r io.Reader, size int64, digest string) (file File, err error) {
	tmp, err := os.CreateTemp(filepath.Join(f.dir, "whole"), "part-")
	if err != nil {
		return file, fmt.Errorf("keep a file: %w", err)
	}
	defer func() {
		err = errors.Join(err, tmp.Close())
		if gone := os.Remove(tmp.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) { // it has its name
			err = errors.Join(err, gone)
		}
	}()
	sum := sha256.New()
	got, err := io.Copy(io.MultiWriter(tmp, sum), io.LimitReader(r, FileMost+1))
	switch {
	case err != nil:
		return file, err
	case got == 0:
		return file, errEmpty
	case got > FileMost:
		return file, errLarge
	}
	file.SHA256, file.Size = hex.EncodeToString(sum.Sum(nil)), got
	if digest != "" && (digest != file.SHA256 || size != got) {
		return file, errDigest
	}
	if file.Type, err = check(tmp, got); err != nil {
		return file, err
	}
	return file, f.name(tmp, file.SHA256)
}

// name gives a written file its name, for good.
func (f *Folder) name(tmp *os.File, digest string) error {
	path, err := f.path("whole", digest)
	if err != nil {
		return err
	}
	if err := errors.Join(tmp.Sync(), os.MkdirAll(filepath.Dir(path), 0o700)); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	for dir := filepath.Dir(path); len(dir) >= len(f.dir); dir = filepath.Dir(dir) { // names are in folders
		if err := syncDir(dir); err != nil {
			return fmt.Errorf("keep a file: %w", err)
		}
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Remove removes a file that nothing needs any more, with its copy. One that somebody
// brought since a day ago stays: it may belong to something again.
func (f *Folder) Remove(digest string) error {
	for _, sub := range []string{"copies", "whole"} {
		path, err := f.path(sub, digest)
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err == nil && f.now().Sub(info.ModTime()) >= keepParts {
			err = os.Remove(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a file: %w", err)
		}
	}
	return nil
}

// A Fault is a file that is not what its name says.
type Fault struct{ SHA256, What string }

// Error says which file and what is wrong with it.
func (f Fault) Error() string { return fmt.Sprintf("evidence file %s: %s", f.SHA256, f.What) }

// Each computes the digest of every file again and calls do for it, with a Fault if it
// is another. It ends with the first error of do.
func (f *Folder) Each(ctx context.Context, do func(File, error) error) error {
	root := filepath.Join(f.dir, "whole")
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Dir(path) == root { // what is being written has no name yet
			return errors.Join(err, ctx.Err())
		}
		file, err := f.digest(path)
		if err == nil && (file.SHA256 != d.Name() || filepath.Base(filepath.Dir(path)) != d.Name()[2:4]) {
			err = Fault{d.Name(), "its content has the digest " + file.SHA256}
		}
		file.SHA256 = d.Name()
		return errors.Join(do(file, err), ctx.Err())
	})
}

func (f *Folder) digest(path string) (File, error) {
	file, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer file.Close() // only read
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	return File{SHA256: hex.EncodeToString(sum.Sum(nil)), Size: n}, err
}
