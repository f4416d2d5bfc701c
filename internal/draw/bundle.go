package draw

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Names of the files that hold a bundle together.
const (
	SHA256Sums = "SHA256SUMS"
	SM3Sums    = "SM3SUMS"
	PublicFile = "population.public.tsv"
)

// goodPath tells whether a bundle may hold a file of this name.
func goodPath(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if !isCode(part, 100, className) || part == "." || part == ".." {
			return false
		}
	}
	return true
}

// listing is every file of the bundle but the two lists of digests, sorted.
func listing(bundle fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(bundle, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() || name == SHA256Sums || name == SM3Sums:
			return nil
		case !e.Type().IsRegular() || !goodPath(name):
			return fault(name, 0, "公示包内不应有此文件")
		}
		names = append(names, name)
		return nil
	})
	slices.Sort(names)
	return names, err
}

// Sums are both lists of digests of a bundle, by their names.
func Sums(bundle fs.FS) (map[string][]byte, error) {
	names, err := listing(bundle)
	if err != nil {
		return nil, err
	}
	lists := map[string][]byte{SHA256Sums: nil, SM3Sums: nil}
	sums := fileSums(bundle, names)
	for suite, list := range map[Suite]string{SHA256: SHA256Sums, SM3: SM3Sums} {
		for i, sum := range sums[suite] {
			if sum.err != nil {
				return nil, sum.err
			}
			lists[list] = fmt.Appendf(lists[list], "%s  %s\n", sum.hash, names[i])
		}
	}
	return lists, nil
}

func (s Suite) fileSum(bundle fs.FS, name string) (h Hash, err error) {
	f, err := bundle.Open(name)
	if err != nil {
		return h, err
	}
	defer f.Close()
	d := s.new()
	if _, err := io.Copy(d, f); err != nil {
		return h, fmt.Errorf("read %s: %w", name, err)
	}
	d.Sum(h[:0])
	return h, nil
}

// CheckSums checks that both lists of digests name every file of the bundle, and
// no other, with its digest. The fault names the file that differs.
func CheckSums(bundle fs.FS) error {
	names, err := listing(bundle)
	if err != nil {
		return err
	}
	got := fileSums(bundle, names)
	return firstOf(checkSums(bundle, names, SHA256Sums, got[SHA256]), checkSums(bundle, names, SM3Sums, got[SM3]))
}

func checkSums(bundle fs.FS, names []string, list string, got []summed) error {
	sums, err := readSums(bundle, list)
	if err != nil {
		return err
	}
	for _, f := range sums {
		if _, there := slices.BinarySearch(names, f.Name); !there {
			return fault(f.Name, 0, "%s 中列有此文件，但公示包内没有", list)
		}
	}
	for i, name := range names {
		if i >= len(sums) || sums[i].Name != name {
			return fault(name, 0, "未列入 %s", list)
		}
		if got[i].err != nil {
			return got[i].err
		}
		if got[i].hash.String() != sums[i].Digest {
			return fault(name, 0, "内容与 %s 第 %d 行的摘要不符", list, i+1)
		}
	}
	return nil
}

// readSums reads a list of digests, which is sorted by names.
func readSums(bundle fs.FS, list string) ([]File, error) {
	f, err := bundle.Open(list)
	if err != nil {
		return nil, fault(list, 0, "缺少此文件")
	}
	defer f.Close()
	var sums []File
	err = eachLine(f, list, func(n int, text string) error {
		sum, name, _ := strings.Cut(text, "  ")
		if !isHex(sum, 64) || !goodPath(name) {
			return fault(list, n, "应为“64 位摘要、两个空格、文件名”")
		}
		if n > 1 && sums[n-2].Name >= name {
			return fault(list, n, "文件应按名称排序且不重复")
		}
		sums = append(sums, File{Name: name, Digest: sum})
		return nil
	})
	return sums, err
}

// Load reads the documents of a ceremony from a bundle and checks them: first the
// form of each, then the content of each.
func Load(bundle fs.FS) (*Ceremony, error) {
	c := new(Ceremony)
	err := firstOf(
		load(bundle, ManifestFile, &c.Manifest), load(bundle, LockFile, &c.Lock), load(bundle, CommitsFile, &c.Commits), load(bundle, RevealsFile, &c.Reveals),
		load(bundle, EventFile, &c.Event), load(bundle, EnvelopesFile, &c.Envelopes),
		load(bundle, ResultFile, &c.Result), load(bundle, OpeningFile, &c.Opening),
	)
	if err != nil {
		return nil, err
	}
	return c, c.Check()
}

// load reads one document if it is there.
func load[T any](bundle fs.FS, name string, doc **T) error {
	data, err := fs.ReadFile(bundle, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	*doc = new(T)
	return decode(name, data, *doc)
}

// Document is the file of any of the ceremony's documents, in canonical form.
func Document[T Lock | Commits | Reveals | Event | Envelopes | Result | Opening | Void](name string, doc *T) ([]byte, error) {
	return encode(name, doc)
}

// ParseVoid reads a void record and checks it against the manifest of its run.
func ParseVoid(file string, data []byte, m *Manifest) (*Void, error) {
	v := new(Void)
	if err := decode(file, data, v); err != nil {
		return nil, err
	}
	return v, v.CheckVoid(m)
}

// CheckFiles checks the files that the lock fixes besides the population. What a
// public bundle leaves out is returned.
func CheckFiles(c *Ceremony, bundle fs.FS) (absent []string, err error) {
	for _, f := range c.Lock.Files {
		info, err := fs.Stat(bundle, f.Name)
		if errors.Is(err, fs.ErrNotExist) {
			absent = append(absent, f.Name)
			continue
		}
		if err != nil {
			return nil, err
		}
		sum, err := c.Manifest.Suite.fileSum(bundle, f.Name)
		if err != nil {
			return nil, err
		}
		if uint64(info.Size()) != f.Size || sum.String() != f.Digest {
			return nil, fault(f.Name, 0, "内容与锁定时的摘要不符")
		}
	}
	return absent, nil
}

// A Census is a whole population, read once for all that is checked of it.
type Census struct {
	c         *Ceremony
	ticketing *ticketing // nil before the opening
}

// ReadPopulation checks that the whole population is the one that was locked. It
// marks the ids of want that are in it. Without keys it cannot be ranked.
func ReadPopulation(c *Ceremony, keys Keys, population io.ReadSeeker, want map[string]bool) (*Census, error) {
	m, s := c.Manifest, &Census{c: c}
	length, err := population.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if keys != nil && c.Lock.Population.Size <= uint64(length/shortest) { // else it is not the one locked, and may be said to have any size
		if s.ticketing, err = newTicketing(m, c.Lock, keys); err != nil {
			return nil, err
		}
	}
	leaves, seen := m.Suite.growth(), newSighting(want)
	size, counts, err := newRules(m).count(population, PopulationFile, func(w, i, class int, l *line) error {
		leaves.add(w, i, l)
		seen.pass(w, i, l.id)
		if s.ticketing != nil {
			s.ticketing.add(w, i, class, l)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	seen.mark(want)
	if (Commitment{leaves.tree(size).Root().String(), uint64(size)}) != c.Lock.Population {
		return nil, fault(PopulationFile, 0, "名单的根或数量与 lock.json 不符")
	}
	if !slices.Equal(counts, c.Lock.Counts) {
		return nil, fault(LockFile, 1, "counts 与名单不符")
	}
	return s, nil
}

// Check recomputes the draw (level L3): every cell's order, and thereby both lists,
// which CheckLists has passed.
func (s *Census) Check(drawn, reserve []Pick) error {
	r := s.ticketing.rank(s.c.Lock)
	for i, cell := range s.c.Result.Cells {
		if r.Cells[i] != cell {
			return fault(ResultFile, 1, "任务 %s 分层 %s 层级 %d 的排序根不符", cell.Task, cell.Stratum, cell.Tier)
		}
	}
	return r.agree(drawn, reserve)
}

// CheckPopulation recomputes the draw from the whole population.
func CheckPopulation(c *Ceremony, keys Keys, population io.ReadSeeker, drawn, reserve []Pick) error {
	if c.Result == nil {
		return fault(ResultFile, 0, "缺少此文件")
	}
	s, err := ReadPopulation(c, keys, population, nil)
	if err != nil {
		return err
	}
	return s.Check(drawn, reserve)
}

// agree checks lists that CheckLists has passed against the complete order.
func (r *Ranking) agree(drawn, reserve []Pick) error {
	at, lists := [2]int{}, [2][]Pick{drawn, reserve}
	for i, cell := range r.Cells {
		for rank := range cell.Drawn + cell.Reserve {
			list, file := 0, ResultList
			if rank >= cell.Drawn {
				list, file = 1, ReserveList
			}
			if at[list] >= len(lists[list]) {
				return fault(file, 0, "行数不足")
			}
			p := lists[list][at[list]]
			at[list]++
			if p.Ticket != r.tickets[i][r.members[i][rank]] {
				return fault(file, at[list], "代码 %s 不在名单的这个位置上", p.ID)
			}
		}
	}
	return nil
}

// WritePublic writes population.public.tsv: every id with its salted leaf hash,
// which tells nothing else of the object.
func WritePublic(w io.Writer, s Suite, population io.Reader) error {
	out, h := bufio.NewWriterSize(w, 1<<16), s.hasher()
	var leaf Hash
	var hexed []byte
	_, err := scan(population, PopulationFile, 1, func(_ int, b block) error {
		return b.each(PopulationFile, func(_ int, l *line) error {
			h.leaf(&leaf, l.text)
			hexed = append(hex.AppendEncode(append(append(hexed[:0], l.id...), '\t'), leaf[:]), '\n')
			_, err := out.Write(hexed)
			return err
		})
	})
	return firstOf(err, out.Flush())
}

// A sighting looks for ids in a file that is sorted by ids, while workers read it.
type sighting struct {
	ids   []string
	hands []*look
}

type look struct {
	found []bool
	at    int      // of the id that comes next
	next  int      // the line that comes next, or this worker has a new block
	_     [64]byte // keeps another worker's out of the processor's line
}

func newSighting(want map[string]bool) *sighting {
	s := &sighting{ids: slices.Sorted(maps.Keys(want))}
	for range workers() {
		s.hands = append(s.hands, &look{found: make([]bool, len(s.ids)), next: -1})
	}
	return s
}

// pass tells that worker w found id on the i-th line.
func (s *sighting) pass(w, i int, id []byte) {
	l := s.hands[w]
	if i != l.next {
		l.at, _ = slices.BinarySearch(s.ids, string(id))
	}
	l.next = i + 1
	for l.at < len(s.ids) && s.ids[l.at] < string(id) {
		l.at++
	}
	if l.at < len(s.ids) && s.ids[l.at] == string(id) {
		l.found[l.at] = true
	}
}

// mark marks the ids that were found.
func (s *sighting) mark(want map[string]bool) {
	for i, id := range s.ids {
		want[id] = want[id] || slices.ContainsFunc(s.hands, func(l *look) bool { return l.found[i] })
	}
}

// ReadPublic reads population.public.tsv and returns the root it gives. It marks
// the ids of want that are in it (level L2).
func ReadPublic(s Suite, r io.Reader, want map[string]bool) (Commitment, error) {
	leaves, seen := s.growth(), newSighting(want)
	size, err := scan(r, PublicFile, workers(), func(w int, b block) error {
		return b.eachPublic(func(i int, id, leaf []byte) error {
			seen.pass(w, i, id)
			_, err := hex.Decode(leaves.slot(w, i)[:], leaf)
			return err
		})
	})
	if err != nil {
		return Commitment{}, err
	}
	seen.mark(want)
	return Commitment{leaves.tree(size).Root().String(), uint64(size)}, nil
}

// eachPublic calls do with every line of a public population.
func (b block) eachPublic(do func(i int, id, leaf []byte) error) error {
	before := publicID(b.last)
	for i, at := b.first, 0; at < len(b.data); i++ {
		id := publicID(b.data[at:])
		if id == nil || string(before) >= string(id) {
			return fault(PublicFile, i+1, "应为按代码排序且不重复的“代码、64 位叶子摘要”")
		}
		if err := do(i, id, b.data[at+len(id)+1:at+len(id)+65]); err != nil {
			return err
		}
		before, at = id, at+len(id)+66
	}
	return nil
}

// publicID is the id of the public line that data begins with, or nil.
func publicID(data []byte) []byte {
	n := 0
	for n < len(data) && class[data[n]]&classID != 0 {
		n++
	}
	if n < 4 || n > 32 || len(data) < n+66 || data[n] != '\t' || data[n+65] != '\n' || !only(data[n+1:n+65], classHex) {
		return nil
	}
	return data[:n]
}

// CheckRuns checks that the runs before this one are in the bundle, each voided by
// a record that the next manifest cites.
func CheckRuns(m *Manifest, bundle fs.FS) error {
	var before *Manifest
	var void *Void
	for run := uint64(1); run <= m.Run; run++ {
		next, dir := m, fmt.Sprintf("run-%d/", run)
		if run < m.Run {
			data, err := fs.ReadFile(bundle, dir+ManifestFile)
			if err != nil {
				return fault(dir+ManifestFile, 0, "缺少第 %d 次抽取的公告", run)
			}
			if next, err = ParseManifest(dir+ManifestFile, data); err != nil {
				return err
			}
			if next.Run != run {
				return fault(dir+ManifestFile, 1, "run 应为 %d", run)
			}
		}
		if before != nil {
			if err := next.Follows(before, void); err != nil {
				return err
			}
		}
		if run < m.Run {
			data, err := fs.ReadFile(bundle, dir+VoidFile)
			if err != nil {
				return fault(dir+VoidFile, 0, "缺少第 %d 次抽取的作废记录", run)
			}
			if void, err = ParseVoid(dir+VoidFile, data, next); err != nil {
				return err
			}
			before = next
		}
	}
	return nil
}
