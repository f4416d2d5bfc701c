package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// rowsPrefix begins the kind of an image that commits to library rows.
const rowsPrefix = "rows."

// A libraryReader reads the rows of one kind as lines, without knowing their type.
type libraryReader interface {
	kindName() string
	// lines returns, for each entry from lo to hi, the lines of the rows it
	// wrote: those that still stand and those that are past.
	lines(ctx context.Context, q queryer, lo, hi int64) (map[int64][]string, error)
	// before returns, for each entry from lo to hi, the rows that it replaced, as
	// key and next version.
	before(ctx context.Context, q queryer, lo, hi int64) (map[int64]map[string]bool, error)
	count(ctx context.Context, q queryer) (int64, error)
}

// libraries lists every kind of library row.
var libraries = []libraryReader{objects, flags, licences, members, inspectors, aways, ties, trainings, workforces, drawns, seats, slots, bodyVisits, teams}

func (k libraryKind[T]) kindName() string { return k.name }

func (k libraryKind[T]) lines(ctx context.Context, q queryer, lo, hi int64) (map[int64][]string, error) {
	found := map[int64][]string{}
	add := func(cseq int64, line string) { found[cseq] = append(found[cseq], line) }
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var version, cseq int64
		r, err := k.scan(tailScanner{scanner: s, tail: []any{&version, &cseq}})
		add(cseq, rowLine(r.Key(), version, r.Text()))
		return none, err
	}, `SELECT `+strings.Join(k.cols, ", ")+`, version, cseq FROM `+k.table+` WHERE cseq >= $1 AND cseq < $2`, lo, hi)
	if err != nil {
		return nil, fmt.Errorf("read the rows of %s: %w", k.table, err)
	}
	_, err = list(ctx, q, func(s scanner) (none struct{}, err error) {
		var key, text string
		var version, cseq int64
		err = s.Scan(&key, &version, &text, &cseq)
		add(cseq, rowLine(key, version, text))
		return none, err
	}, `SELECT key, version, row, cseq FROM past WHERE kind = $1 AND cseq >= $2 AND cseq < $3`, k.name, lo, hi)
	if err != nil {
		return nil, fmt.Errorf("read the past rows of %s: %w", k.table, err)
	}
	return found, nil
}

func (k libraryKind[T]) before(ctx context.Context, q queryer, lo, hi int64) (map[int64]map[string]bool, error) {
	found := map[int64]map[string]bool{}
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var key string
		var version, next int64
		err = s.Scan(&key, &version, &next)
		if found[next] == nil {
			found[next] = map[string]bool{}
		}
		found[next][rowLine(key, version+1, "")] = true
		return none, err
	}, `SELECT key, version, next FROM past WHERE kind = $1 AND next >= $2 AND next < $3`, k.name, lo, hi)
	return found, err
}

func (k libraryKind[T]) count(ctx context.Context, q queryer) (int64, error) {
	now, err := row(ctx, q, scanCount, `SELECT count(*) FROM `+k.table)
	if err != nil {
		return 0, err
	}
	past, err := row(ctx, q, scanCount, `SELECT count(*) FROM past WHERE kind = $1`, k.name)
	return now + past, err
}

// rowsSaid takes over what an entry's body says of library rows.
func (r *replay) rowsSaid(n int64, im image) error {
	var said RowsImage
	if err := json.Unmarshal(im.Value, &said); err != nil {
		return Fault{"entry_body", strconv.FormatInt(n, 10), fmt.Sprintf("image of %s: %v", im.Kind, err)}
	}
	kind := strings.TrimPrefix(im.Kind, rowsPrefix)
	if r.said[kind] == nil {
		r.said[kind] = map[int64]RowsImage{}
	}
	r.said[kind][n] = said
	return nil
}

// verifyLines is about how many library rows are read at a time.
const verifyLines = 50_000

// libraries compares the rows of every library with what the entries say.
func (r *replay) libraries(ctx context.Context, q queryer) error {
	var kinds []string
	for _, k := range libraries {
		if err := r.library(ctx, q, k); err != nil {
			return err
		}
		kinds = append(kinds, k.kindName())
		delete(r.said, k.kindName())
	}
	for kind := range r.said {
		return Fault{"entry_body", kind, "there is no such library"}
	}
	marks, args := in(1, kinds)
	strays, err := list(ctx, q, func(s scanner) (id string, err error) { return id, s.Scan(&id) },
		`SELECT kind || ' ' || key FROM past WHERE kind NOT IN `+marks+` ORDER BY 1`, args...)
	if err == nil && len(strays) > 0 {
		err = Fault{"past", strays[0], "there is no such library"}
	}
	return err
}

func (r *replay) library(ctx context.Context, q queryer, k libraryReader) error {
	said, total := r.said[k.kindName()], int64(0)
	entries := slices.AppendSeq(slices.Collect(maps.Keys(said)), maps.Keys(r.gone)) // what an erased entry wrote is not known
	slices.Sort(entries)
	for len(entries) > 0 {
		n, rows := 0, 0
		for n < len(entries) && (n == 0 || rows+said[entries[n]].Count <= verifyLines) {
			rows += said[entries[n]].Count
			n++
		}
		count, err := r.libraryPart(ctx, q, k, entries[:n])
		if err != nil {
			return err
		}
		total += count
		entries = entries[n:]
	}
	count, err := k.count(ctx, q)
	if err == nil && count != total {
		err = Fault{k.kindName(), "", fmt.Sprintf("there are %d rows, now and past, and the entries speak of %d", count, total)}
	}
	r.Things += count
	return err
}

// libraryPart compares what some entries wrote, and returns how many rows that is.
func (r *replay) libraryPart(ctx context.Context, q queryer, k libraryReader, entries []int64) (total int64, err error) {
	lo, hi := entries[0], entries[len(entries)-1]+1
	found, err := k.lines(ctx, q, lo, hi)
	if err != nil {
		return 0, err
	}
	before, err := k.before(ctx, q, lo, hi)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		total += int64(len(found[e]))
		if _, gone := r.gone[e]; !gone {
			if err := sameRows(k.kindName(), e, r.said[k.kindName()][e], found[e]); err != nil {
				return 0, err
			}
			if err := sameBefore(k.kindName(), e, found[e], before[e]); err != nil {
				return 0, err
			}
		}
		delete(found, e)
		delete(before, e)
	}
	for e, lines := range found {
		return 0, Fault{k.kindName(), keyOf(lines[0]), fmt.Sprintf("entry %d did not write it", e)}
	}
	for e, rows := range before {
		for row := range rows {
			return 0, Fault{"past", keyOf(row), fmt.Sprintf("entry %d did not replace it", e)}
		}
	}
	return total, nil
}

// sameRows compares the lines of an entry with what its body says, and names
// the first row that is wrong.
func sameRows(kind string, n int64, said RowsImage, lines []string) error {
	got := newRowsImage(lines)
	if got.SHA256 == said.SHA256 && got.Count == said.Count {
		return nil
	}
	wrote := map[[4]byte]int{}
	for _, l := range said.Lines {
		mark := sha256.Sum256([]byte(l))
		wrote[[4]byte(mark[:4])]++
	}
	for part := range slices.Chunk(said.Marks, 4) {
		if len(part) == 4 {
			wrote[[4]byte(part)]++
		}
	}
	for _, l := range lines {
		mark := sha256.Sum256([]byte(l))
		if wrote[[4]byte(mark[:4])]--; wrote[[4]byte(mark[:4])] < 0 {
			return Fault{kind, keyOf(l), fmt.Sprintf("it is not what entry %d wrote", n)}
		}
	}
	return Fault{kind, missingKey(n, said, lines), fmt.Sprintf("it is missing: of the rows of entry %d there are %d, and it wrote %d", n, len(lines), said.Count)}
}

// missingKey names the row that an entry wrote and that is gone: by its line if
// the body has it, else by the gap that it leaves between numbers.
func missingKey(n int64, said RowsImage, lines []string) string {
	for _, l := range said.Lines {
		if !slices.Contains(lines, l) {
			return keyOf(l)
		}
	}
	var nos []int
	for _, l := range lines {
		if no, err := strconv.Atoi(keyOf(l)); err == nil {
			nos = append(nos, no)
		}
	}
	slices.Sort(nos)
	for i := 1; i < len(nos) && len(nos) == len(lines); i++ {
		if nos[i] != nos[i-1]+1 {
			return strconv.Itoa(nos[i-1] + 1)
		}
	}
	return fmt.Sprintf("of entry %d", n)
}

// sameBefore checks that each row which an entry replaced is in past, and names
// the entry as the one that replaced it.
func sameBefore(kind string, n int64, lines []string, before map[string]bool) error {
	for _, l := range lines {
		key, rest, _ := strings.Cut(l, "\t")
		version, _, _ := strings.Cut(rest, "\t")
		row := key + "\t" + version + "\t"
		if version != "1" && !before[row] {
			return Fault{"past", kind + " " + key, fmt.Sprintf("what it was before entry %d is missing", n)}
		}
		delete(before, row)
	}
	for row := range before {
		return Fault{"past", kind + " " + keyOf(row), fmt.Sprintf("entry %d did not replace it", n)}
	}
	return nil
}

func keyOf(line string) string {
	key, _, _ := strings.Cut(line, "\t")
	return key
}
