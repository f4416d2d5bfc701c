package stage

import (
	"bufio"
	"bytes"
	"container/heap"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
)

// A Sorter sorts more lines than fit into memory: by bytes, in runs on disk.
// Add every line, then range over Sorted once, then Close.
type Sorter struct {
	dir  string
	name string
	most int // bytes held before a run is written
	held run
	runs []string
	busy chan error // the run that is being written, if one is
}

// A run is what is sorted at a time: lines in one piece of memory.
type run struct {
	text []byte
	at   []span
}

type span struct{ from, to uint32 }

// sortMost is how much a Sorter holds: twice that while a run is being written.
const sortMost = 16 << 20

// longestLine bounds one line of a Sorter.
const longestLine = 1 << 20

// NewSorter returns a Sorter that writes its runs into dir, which must be there.
// Their names begin with name, which must be its own in dir.
func NewSorter(dir, name string) *Sorter { return &Sorter{dir: dir, name: name, most: sortMost} }

// errLine is a line that would not be read back as it was.
var errLine = errors.New("a line to sort has a line end or is too long")

// Add takes a copy of line.
func (s *Sorter) Add(line []byte) error {
	if len(line) > longestLine || bytes.IndexByte(line, '\n') >= 0 {
		return errLine
	}
	if len(s.held.text)+len(line) > s.most && len(s.held.at) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	from := len(s.held.text)
	s.held.text = append(s.held.text, line...)
	s.held.at = append(s.held.at, span{uint32(from), uint32(len(s.held.text))})
	return nil
}

// spill begins to write what is held, and waits for the run before.
func (s *Sorter) spill() error {
	if err := s.wait(); err != nil {
		return err
	}
	path := filepath.Join(s.dir, fmt.Sprintf("%s-%04d", s.name, len(s.runs)))
	s.runs = append(s.runs, path)
	r := s.held
	s.held = run{text: make([]byte, 0, cap(r.text)), at: make([]span, 0, cap(r.at))}
	s.busy = make(chan error, 1)
	go func() { s.busy <- r.write(path) }()
	return nil
}

func (s *Sorter) wait() error {
	if s.busy == nil {
		return nil
	}
	err := <-s.busy
	s.busy = nil
	if err != nil {
		return fmt.Errorf("write a sorted run: %w", err)
	}
	return nil
}

func (r *run) sort() {
	slices.SortFunc(r.at, func(a, b span) int { return bytes.Compare(r.text[a.from:a.to], r.text[b.from:b.to]) })
}

func (r *run) write(path string) (err error) {
	r.sort()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 256<<10)
	for _, a := range r.at {
		w.Write(r.text[a.from:a.to])
		w.WriteByte('\n')
	}
	return w.Flush() // says what went wrong before
}

// Sorted returns the lines in order. A line is overwritten by the next one.
func (s *Sorter) Sorted() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if len(s.runs) == 0 {
			s.held.sort()
			for _, a := range s.held.at {
				if !yield(s.held.text[a.from:a.to], nil) {
					return
				}
			}
			return
		}
		if err := s.merge(yield); err != nil {
			yield(nil, err)
		}
	}
}

func (s *Sorter) merge(yield func([]byte, error) bool) error {
	if len(s.held.at) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	if err := s.wait(); err != nil {
		return err
	}
	s.held = run{}
	var all heads
	defer func() {
		for _, h := range all {
			h.f.Close() // only read
		}
	}()
	for _, path := range s.runs {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("read a sorted run: %w", err)
		}
		h := &head{f: f, r: bufio.NewReaderSize(f, 64<<10)}
		if err := h.next(); err != nil {
			return errors.Join(fmt.Errorf("read a sorted run: %w", err), f.Close())
		}
		all = append(all, h)
	}
	heap.Init(&all)
	for len(all) > 0 {
		h := all[0]
		if !yield(h.line, nil) {
			return nil
		}
		switch err := h.next(); {
		case err == io.EOF:
			h.f.Close()
			heap.Pop(&all)
		case err != nil:
			return fmt.Errorf("read a sorted run: %w", err)
		default:
			heap.Fix(&all, 0)
		}
	}
	return nil
}

// Close removes the runs.
func (s *Sorter) Close() error {
	err := s.wait()
	for _, path := range s.runs {
		err = errors.Join(err, os.Remove(path))
	}
	s.runs, s.held = nil, run{}
	return err
}

// A head is where the merging has come to in one run.
type head struct {
	f    *os.File
	r    *bufio.Reader
	line []byte
	long []byte // a line longer than the reader's buffer
}

func (h *head) next() (err error) {
	h.long = h.long[:0]
	for {
		part, err := h.r.ReadSlice('\n')
		switch {
		case err == bufio.ErrBufferFull:
			h.long = append(h.long, part...)
		case err == io.EOF && len(part)+len(h.long) > 0:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		case len(h.long) > 0:
			h.long = append(h.long, part...)
			h.line = h.long[:len(h.long)-1]
			return nil
		default:
			h.line = part[:len(part)-1]
			return nil
		}
	}
}

type heads []*head

func (h heads) Len() int           { return len(h) }
func (h heads) Less(i, j int) bool { return bytes.Compare(h[i].line, h[j].line) < 0 }
func (h heads) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *heads) Push(any)          {} // heads only leave
func (h *heads) Pop() any {
	last := len(*h) - 1
	gone := (*h)[last]
	*h = (*h)[:last]
	return gone
}
