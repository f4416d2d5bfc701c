package ceremony

import (
	"bytes"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// A Tree is files by name, as an fs.FS: in memory, of another folder, or made when
// they are read.
type Tree map[string]func() (fs.File, error)

// Put adds a file that is in memory.
func (t Tree) Put(name string, text []byte) {
	info := leaf{path.Base(name), int64(len(text)), 0o444}
	t[name] = func() (fs.File, error) { return &memory{bytes.NewReader(text), info}, nil }
}

// Copy adds a file of another folder.
func (t Tree) Copy(name string, from fs.FS) {
	t[name] = func() (fs.File, error) { return from.Open(name) }
}

// Make adds a file that is written whenever somebody reads it.
func (t Tree) Make(name string, write func(io.Writer) error) {
	t[name] = func() (fs.File, error) {
		r, w := io.Pipe()
		go func() { w.CloseWithError(write(w)) }() // a reader who goes early ends the writing
		return stream{r, leaf{path.Base(name), 0, 0o444}}, nil
	}
}

// Open opens a file or folder.
func (t Tree) Open(name string) (fs.File, error) {
	if open, ok := t[name]; ok {
		return open()
	}
	info, err := t.Stat(name)
	if err != nil {
		return nil, err
	}
	return folder{info}, nil
}

// Stat describes a file or folder.
func (t Tree) Stat(name string) (fs.FileInfo, error) {
	if open, ok := t[name]; ok {
		f, err := open()
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return f.Stat()
	}
	for have := range t {
		if name == "." || strings.HasPrefix(have, name+"/") {
			return leaf{path.Base(name), 0, fs.ModeDir | 0o555}, nil
		}
	}
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

// ReadDir lists a folder by names.
func (t Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	prefix := name + "/"
	if name == "." {
		prefix = ""
	}
	found := map[string]fs.DirEntry{}
	for have := range t {
		rest, ok := strings.CutPrefix(have, prefix)
		if !ok {
			continue
		}
		first, _, deeper := strings.Cut(rest, "/")
		mode := fs.FileMode(0o444)
		if deeper {
			mode = fs.ModeDir | 0o555
		}
		found[first] = fs.FileInfoToDirEntry(leaf{first, 0, mode})
	}
	var entries []fs.DirEntry
	for _, first := range slices.Sorted(maps.Keys(found)) {
		entries = append(entries, found[first])
	}
	return entries, nil
}

// A memory is an open file in memory; it can be read again from the beginning.
type memory struct {
	*bytes.Reader
	leaf
}

func (m *memory) Size() int64                { return m.leaf.Size() }
func (m *memory) Stat() (fs.FileInfo, error) { return m.leaf, nil }
func (m *memory) Close() error               { return nil }

// A stream is an open file that is being made.
type stream struct {
	*io.PipeReader
	leaf
}

func (s stream) Stat() (fs.FileInfo, error) { return s.leaf, nil }

// A folder is an open folder, which is listed by ReadDir of its tree.
type folder struct{ fs.FileInfo }

func (f folder) Stat() (fs.FileInfo, error) { return f.FileInfo, nil }
func (f folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.Name(), Err: fs.ErrInvalid}
}
func (f folder) Close() error { return nil }

// A leaf describes a file. It has no time, so that equal bundles are equal bytes.
type leaf struct {
	name string
	size int64
	mode fs.FileMode
}

func (l leaf) Name() string       { return l.name }
func (l leaf) Size() int64        { return l.size }
func (l leaf) Mode() fs.FileMode  { return l.mode }
func (l leaf) ModTime() time.Time { return time.Time{} }
func (l leaf) IsDir() bool        { return l.mode.IsDir() }
func (l leaf) Sys() any           { return nil }
