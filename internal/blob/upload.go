package blob

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"suicha/internal/inspect"
)

// What a refused upload is told.
var (
	errEmpty  = inspect.ErrUploadEmpty
	errLarge  = inspect.ErrUploadLarge.With(FileMost >> 20)
	errDigest = inspect.ErrUploadDigest
)

// An Upload is a file on its way, as its sender declared it: it becomes the file of this
// digest and size, or none. The sender makes the id, so that a request can be repeated;
// the same id of somebody else is another upload.
type Upload struct {
	ID     string           `json:"id"`
	Person inspect.PersonID `json:"person"`
	SHA256 string           `json:"sha256"`
	Size   int64            `json:"size"`
}

// A Progress is how much of an upload is here, and the file once it is whole.
type Progress struct {
	At   int64 `json:"at"`
	Done bool  `json:"done"`
	File File  `json:"file"`
}

// declared is what is kept beside a part.
type declared struct {
	Upload
	Begun time.Time `json:"begun"`
	Done  bool      `json:"done"`
	Type  string    `json:"type"`
}

var idForm = regexp.MustCompile(`^[0-9a-z][0-9a-z-]{7,63}$`)

// Begin returns how far an upload has come, and notes a new one.
func (f *Folder) Begin(u Upload) (Progress, error) {
	release, err := f.claim(u)
	if err != nil {
		return Progress{}, err
	}
	defer release()
	d, at, err := f.begin(u)
	return progress(d, at), err
}

// Append writes what r has from at on, and makes the file once it is whole. What came
// before a line was lost stays, and the sender goes on from there. A file whose content
// is not what was declared, or that is not taken, is removed at once.
func (f *Folder) Append(u Upload, at int64, r io.Reader) (Progress, error) {
	release, err := f.claim(u)
	if err != nil {
		return Progress{}, err
	}
	defer release()
	d, has, err := f.begin(u)
	switch {
	case err != nil || d.Done:
		return progress(d, has), err
	case at != has:
		return progress(d, has), inspect.ErrUploadAt.With(has)
	}
	part, _ := f.part(u)
	line := &line{r: io.LimitReader(r, u.Size-has+1)}
	has, lost := appendTo(part, has, line)
	if line.lost != nil {
		lost = fmt.Errorf("%w: %w", inspect.ErrUploadLost, line.lost)
	}
	if has > u.Size {
		return Progress{}, errors.Join(errDigest, f.drop(u)) // more than was declared
	}
	if err := early(part, has); err != nil {
		return Progress{}, errors.Join(err, f.drop(u)) // 50 MB are not sent for nothing
	}
	if lost != nil || has < u.Size {
		return progress(d, has), lost
	}
	file, err := f.finish(part, u)
	if err != nil {
		return Progress{}, errors.Join(err, f.drop(u))
	}
	d.Done, d.Type = true, file.Type
	return progress(d, has), errors.Join(writeJSON(part+".json", d), os.Remove(part))
}

func progress(d declared, at int64) Progress {
	p := Progress{At: at, Done: d.Done}
	if d.Done {
		p.At, p.File = d.Size, File{d.SHA256, d.Size, d.Type}
	}
	return p
}

// Put takes a whole file at once, as a form without script sends it.
func (f *Folder) Put(person inspect.PersonID, id string, r io.Reader) (File, error) {
	u := Upload{ID: id, Person: person, SHA256: strings.Repeat("0", 64), Size: 1}
	release, err := f.claim(u)
	if err != nil {
		return File{}, err
	}
	defer release()
	if err := f.room(u); err != nil {
		return File{}, err
	}
	file, err := f.keep(r, 0, "")
	if err != nil {
		return file, err
	}
	path, err := f.part(u)
	if err != nil {
		return file, err
	}
	u.SHA256, u.Size = file.SHA256, file.Size
	return file, writeJSON(path+".json", declared{Upload: u, Begun: f.now(), Done: true, Type: file.Type})
}

// Recent returns the files that a person brought since a day ago.
func (f *Folder) Recent(person inspect.PersonID) ([]File, error) {
	all, err := f.of(person)
	var files []File
	for _, d := range all {
		if file := (File{d.SHA256, d.Size, d.Type}); d.Done && !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	return files, err
}

// Brought reports whether a person brought a file since a day ago: who brought it may
// see it before it belongs to anything.
func (f *Folder) Brought(person inspect.PersonID, digest string) bool {
	files, err := f.Recent(person)
	return err == nil && slices.ContainsFunc(files, func(file File) bool { return file.SHA256 == digest })
}

// Sweep forgets uploads that were begun a day ago or before, and what a process left that
// was ended while it wrote. Whole files stay.
func (f *Folder) Sweep() error {
	parts, err := filepath.Glob(filepath.Join(f.dir, "parts", "*", "*"))
	if err != nil {
		return err
	}
	left, err := filepath.Glob(filepath.Join(f.dir, "whole", "part-*"))
	if err != nil {
		return err
	}
	for _, path := range append(parts, left...) {
		info, err := os.Stat(path)
		if err == nil && f.now().Sub(info.ModTime()) >= keepParts {
			err = os.Remove(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sweep uploads: %w", err)
		}
	}
	return nil
}

// claim lets one request at a time write an upload.
func (f *Folder) claim(u Upload) (release func(), err error) {
	path, err := f.part(u)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy[path] {
		return nil, inspect.ErrUploadBusy
	}
	f.busy[path] = true
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.busy, path)
	}, nil
}

// part is where an upload is written. Ids and persons are no paths.
func (f *Folder) part(u Upload) (string, error) {
	if !idForm.MatchString(u.ID) || !idForm.MatchString(string(u.Person)) || !digestForm.MatchString(u.SHA256) || u.Size < 1 {
		return "", inspect.ErrUploadClaim
	}
	if u.Size > FileMost {
		return "", errLarge
	}
	return filepath.Join(f.dir, "parts", string(u.Person), u.ID), nil
}

// begin reads what was declared and how much is here, or notes a new upload.
func (f *Folder) begin(u Upload) (d declared, at int64, err error) {
	path, err := f.part(u)
	if err != nil {
		return d, 0, err
	}
	switch err := readJSON(path+".json", &d); {
	case errors.Is(err, fs.ErrNotExist):
		if err := f.room(u); err != nil {
			return d, 0, err
		}
		d = declared{Upload: u, Begun: f.now()}
		return d, 0, writeJSON(path+".json", d)
	case err != nil:
		return d, 0, fmt.Errorf("read an upload: %w", err)
	case d.Upload != u:
		return declared{}, 0, inspect.ErrUploadOther
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return d, 0, nil
	}
	if err != nil {
		return d, 0, err
	}
	return d, info.Size(), nil
}

// room refuses what would go beyond a person's share or fill the disk. A file is written
// twice while it comes in.
func (f *Folder) room(u Upload) error {
	free, err := f.free(f.dir)
	if err != nil {
		return fmt.Errorf("ask how much of the disk is free: %w", err)
	}
	if free-2*FileMost < freeLeast {
		return inspect.ErrUploadFull
	}
	all, err := f.of(u.Person)
	if err != nil {
		return err
	}
	var bytes int64
	open := 0
	for _, d := range all {
		bytes += d.Size
		if !d.Done {
			open++
		}
	}
	if open >= openMost || bytes+u.Size > personMost {
		return inspect.ErrUploadMany
	}
	return nil
}

// of are the uploads of a person since a day ago, the oldest first.
func (f *Folder) of(person inspect.PersonID) (all []declared, err error) {
	if !idForm.MatchString(string(person)) {
		return nil, inspect.ErrUploadClaim
	}
	paths, err := filepath.Glob(filepath.Join(f.dir, "parts", string(person), "*.json"))
	for _, path := range paths {
		var d declared
		if err := readJSON(path, &d); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read an upload: %w", err)
		}
		if !d.Begun.IsZero() && f.now().Sub(d.Begun) < keepParts {
			all = append(all, d)
		}
	}
	return all, err
}

// A line is where an upload comes from. It notes that it was lost.
type line struct {
	r    io.Reader
	lost error
}

func (l *line) Read(b []byte) (int, error) {
	n, err := l.r.Read(b)
	if err != nil && err != io.EOF {
		l.lost = err
	}
	return n, err
}

// appendTo writes r behind what is there. What was written before r failed stays.
func appendTo(path string, at int64, r io.Reader) (int64, error) {
	part, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return at, err
	}
	n, err := io.Copy(part, r)
	return at + n, errors.Join(err, part.Sync(), part.Close())
}

// early refuses what does not begin as any file that is taken.
func early(path string, has int64) error {
	if has < headSize {
		return nil
	}
	part, err := os.Open(path)
	if err != nil {
		return err
	}
	defer part.Close() // only read
	_, err = sniff(part, has)
	return err
}

// finish makes the file of a part that is whole.
func (f *Folder) finish(path string, u Upload) (File, error) {
	part, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer part.Close() // only read
	return f.keep(part, u.Size, u.SHA256)
}

// drop forgets an upload with all that came of it.
func (f *Folder) drop(u Upload) error {
	path, err := f.part(u)
	if err != nil {
		return err
	}
	return errors.Join(os.Remove(path), os.Remove(path+".json"))
}

func readJSON(path string, value any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, value)
}

// writeJSON replaces a small file in one step.
func writeJSON(path string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "tmp-")
	if err != nil {
		return err
	}
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(tmp.Name()))
	}
	return err
}
