package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/pinyin"
)

// bucketNo is the bucket of a key. Pairs of the same characters are in the same
// one, whatever their kind and place, so that a word is looked up in one row for
// names, initials and codes.
func bucketNo(key string) int64 {
	if key[0] < 'a' {
		if key[0] == bySourced || key[0] == byLicence {
			key = key[:min(len(key), 1+len("2006"))] // the days of a year stand together
		}
		h := fnv.New32a()
		h.Write([]byte(key))
		return int64(h.Sum32() % bucketCount)
	}
	pair := binary.BigEndian.Uint64([]byte(key))
	if pair&(1<<21-1) != 0 { // not of a single character
		pair &= 1<<42 - 1
	}
	return int64(pair * 0x9e3779b97f4a7c15 >> 54)
}

// A findIndex collects what changes in the index of the library, for objects of
// any number, and writes it in one go: for one object or for 20,000.
type findIndex struct {
	blocks  map[int64]*findBlock
	block   *findBlock // of the last object
	current int64
	room    int // for so many objects
}

// A findBlock is what changes in a block.
type findBlock struct {
	pairs map[pairKey]uint32 // the numbers of keys in ops
	words map[string]uint32
	keys  []string
	ops   []uint64 // number of the key, then as in keyChange
	op    uint64   // of the object whose keys are coming
}

func newFindIndex() *findIndex { return &findIndex{blocks: map[int64]*findBlock{}} }

// at returns the block of an object, ready to take keys that it gets or loses.
func (x *findIndex) at(no inspect.ObjectNo, op uint64) *findBlock {
	block := int64(no) / blockSize
	if x.block == nil || block != x.current {
		if x.blocks[block] == nil {
			x.blocks[block] = &findBlock{pairs: make(map[pairKey]uint32, 4*x.room), words: map[string]uint32{}, ops: make([]uint64, 0, 64*x.room)}
			x.room /= 2 // most are in one block, or all over the library
		}
		x.block, x.current = x.blocks[block], block
	}
	x.block.op = uint64(no)%blockSize | op
	return x.block
}

func (b *findBlock) pair(k pairKey) {
	n, ok := b.pairs[k]
	if !ok {
		n = uint32(len(b.keys))
		b.pairs[k], b.keys = n, append(b.keys, k.text())
	}
	b.ops = append(b.ops, uint64(n)<<32|b.op)
}

func (b *findBlock) word(kind byte, value string) {
	var room [64]byte
	key := append(append(room[:0], kind), value...)
	n, ok := b.words[string(key)]
	if !ok {
		n = uint32(len(b.keys))
		b.words[string(key)], b.keys = n, append(b.keys, string(key))
	}
	b.ops = append(b.ops, uint64(n)<<32|b.op)
}

// add makes a new object known. Its initials are those of its name.
func (x *findIndex) add(o inspect.Object, initials string) {
	objectKeys(o, initials, x.at(o.No, 0))
}

// change makes known what an object has become. By its former names it is found
// ever after.
func (x *findIndex) change(was, is inspect.Object) {
	before, after := keySet{}, keySet{}
	objectKeys(was, pinyin.Initials(was.Name), before)
	objectKeys(is, pinyin.Initials(is.Name), after)
	for key := range before {
		if !after[key] && key[0] != byName && key[0] != byName+twiceIn {
			x.at(is.No, loses).key(key)
		}
	}
	for key := range after {
		if !before[key] {
			x.at(is.No, 0).key(key)
		}
	}
	if was.Name != is.Name {
		laterNameKeys(is.Name, x.at(is.No, 0))
	}
}

// history makes an object known by all names it has had, the oldest first.
func (x *findIndex) history(no inspect.ObjectNo, names []string) {
	partKeys(byName, plain(names[0]), x.at(no, 0))
	for i, name := range names[1:] {
		if name != names[i] {
			laterNameKeys(name, x.at(no, 0))
		}
	}
}

// A keySet collects keys as buckets keep them.
type keySet map[string]bool

func (s keySet) pair(k pairKey)               { s[k.text()] = true }
func (s keySet) word(kind byte, value string) { s[wordKey(kind, value)] = true }

func (b *findBlock) key(key string) {
	if key[0] >= 'a' {
		b.pair(pairKey(binary.BigEndian.Uint64([]byte(key))))
	} else {
		b.word(key[0], key[1:])
	}
}

// buckets returns the changes by bucket, each bucket's in the order of keys.
func (b *findBlock) buckets() map[int64][]keyChange {
	begins := make([]uint32, len(b.keys)+1) // counting sort: by key, in the order they came
	for _, op := range b.ops {
		begins[op>>32+1]++
	}
	for i := range b.keys {
		begins[i+1] += begins[i]
	}
	ends, ops := slices.Clone(begins), make([]uint32, len(b.ops))
	for _, op := range b.ops {
		key := op >> 32
		if end := ends[key]; end == begins[key] || ops[end-1] != uint32(op) { // a name may have a pair twice
			ops[end] = uint32(op)
			ends[key]++
		}
	}
	by := map[int64][]keyChange{}
	for i, key := range b.keys {
		n := bucketNo(key)
		by[n] = append(by[n], keyChange{key, ops[begins[i]:ends[i]]})
	}
	for _, changes := range by {
		slices.SortFunc(changes, func(x, y keyChange) int { return strings.Compare(x.key, y.key) })
	}
	return by
}

// write writes what was collected, in the transaction of the act that makes it so.
// In SQLite a large statement like these has what it might have to undo written to
// a file, and so has every statement behind it: what an act does to many rows goes
// before it.
func (x *findIndex) write(ctx context.Context, q queryer) error {
	for n, b := range x.blocks {
		if err := b.write(ctx, q, n); err != nil {
			return fmt.Errorf("index the objects of block %d: %w", n, err)
		}
	}
	return nil
}

func (b *findBlock) write(ctx context.Context, q queryer, block int64) error {
	changes := b.buckets()
	touched := make([]int64, 0, len(changes))
	for n := range changes {
		touched = append(touched, n)
	}
	slices.Sort(touched)
	for touched := range slices.Chunk(touched, 128) {
		old, err := readBuckets(ctx, q, []int64{block}, touched)
		if err != nil {
			return err
		}
		var rows strings.Builder
		var args []any
		for _, n := range touched {
			data, err := mergeBucket(old[bucketKey{block, n}], changes[n])
			if err != nil {
				return err
			}
			fmt.Fprintf(&rows, ", ($%d, $%d, $%d)", len(args)+1, len(args)+2, len(args)+3)
			args = append(args, block, n, data)
		}
		if _, err := exec(ctx, q, `
			INSERT INTO object_find (block, bucket, data)
			VALUES `+rows.String()[2:]+`
			ON CONFLICT (block, bucket) DO UPDATE SET data = excluded.data`, args...); err != nil {
			return err
		}
	}
	return nil
}

// findChanges collects for the search what objects are about to become. Their
// rows still say what they were.
func (t *Tx) findChanges(ctx context.Context, changed []replaced[inspect.Object]) (*findIndex, error) {
	x := newFindIndex()
	for part := range slices.Chunk(changed, 500) {
		nos := make([]inspect.ObjectNo, len(part))
		for i, r := range part {
			nos[i] = r.Row.No
		}
		marks, args := in(1, nos)
		rows, err := list(ctx, t.tx, scanObject, selectObject+`WHERE no IN `+marks, args...)
		if err != nil {
			return nil, fmt.Errorf("read what is indexed: %w", err)
		}
		was := make(map[inspect.ObjectNo]inspect.Object, len(rows))
		for _, o := range rows {
			was[o.No] = o
		}
		for _, r := range part {
			x.change(was[r.Row.No], r.Row)
		}
	}
	return x, nil
}

// indexMembers makes known to the search the members of a sub-library that are
// about to be written.
func (t *Tx) indexMembers(ctx context.Context, lib inspect.SublibraryID, all []inspect.Member) error {
	x := newFindIndex()
	for part := range slices.Chunk(all, 500) {
		nos := make([]inspect.ObjectNo, len(part))
		for i, m := range part {
			nos[i] = m.No
		}
		was, err := t.Members(ctx, lib, nos)
		if err != nil {
			return fmt.Errorf("read what is indexed: %w", err)
		}
		for _, m := range part {
			if old, ok := was[m.No]; ok {
				x.at(m.No, loses).word(byMember, memberValue(lib, old.State))
			}
			x.at(m.No, 0).word(byMember, memberValue(lib, m.State))
		}
	}
	return x.write(ctx, t.tx)
}

func memberValue(lib inspect.SublibraryID, state inspect.MemberState) string {
	return string(state) + " " + string(lib)
}

// indexFlags makes known to the search that objects have flags, on whatever days.
func (t *Tx) indexFlags(ctx context.Context, all []inspect.Flag) error {
	x := newFindIndex()
	for _, f := range all {
		x.at(f.No, 0).word(byFlag, string(f.Kind))
	}
	return x.write(ctx, t.tx)
}

// indexLicences makes known to the search when licences end, or would have.
func (t *Tx) indexLicences(ctx context.Context, all []inspect.Licence) error {
	x := newFindIndex()
	for _, l := range all {
		if !l.ValidTo.IsZero() {
			x.at(l.No, 0).word(byLicence, day(l.ValidTo))
		}
	}
	return x.write(ctx, t.tx)
}

// A bucketKey names a bucket of a block.
type bucketKey struct{ block, bucket int64 }

// readBuckets reads buckets of blocks. What is not there is empty.
func readBuckets(ctx context.Context, q queryer, blocks, buckets []int64) (map[bucketKey][]byte, error) {
	of, args := in(1, blocks)
	which, more := in(1+len(blocks), buckets)
	data := make(map[bucketKey][]byte, len(blocks)*len(buckets))
	rows, err := q.QueryContext(ctx, `
		SELECT block, bucket, data
		FROM   object_find
		WHERE  block IN `+of+` AND bucket IN `+which, append(args, more...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k bucketKey
		var text []byte
		if err := rows.Scan(&k.block, &k.bucket, &text); err != nil {
			return nil, err
		}
		data[k] = text
	}
	return data, rows.Err()
}

// index makes the index of the library if it does not reach to the last object:
// a migration emptied it because its keys are others now. Each block is made in one
// transaction, so that a start that was killed is taken up by the next.
func (w *Writer) index(ctx context.Context) error {
	behind, err := row(ctx, w.db, scanCount, `
		SELECT CASE WHEN (SELECT coalesce(max(no), -1) FROM object) >= (SELECT coalesce(max(block) + 1, 0) FROM object_find) * 65536 THEN 1 ELSE 0 END`)
	if err != nil || behind == 0 {
		return err
	}
	return w.Reindex(ctx)
}

// Reindex makes the index of the library anew, block by block, while searches
// go on. It is for a database whose index is of another making.
func (w *Writer) Reindex(ctx context.Context) error {
	for block := int64(0); ; block++ {
		done := false
		err := w.Write(ctx, func(t *Tx) (err error) {
			done, err = t.reindex(ctx, block)
			return err
		})
		if err != nil {
			return fmt.Errorf("index block %d: %w", block, err)
		}
		if done {
			return nil
		}
	}
}

// reindex makes a block of the index anew. It is done if there is no such block.
func (t *Tx) reindex(ctx context.Context, block int64) (done bool, err error) {
	if _, err := exec(ctx, t.tx, `DELETE FROM object_find WHERE block = $1`, block); err != nil {
		return false, err
	}
	last, err := row(ctx, t.tx, scanCount, `SELECT coalesce(max(no), 0) FROM object`)
	if err != nil || block > last/blockSize {
		return true, err
	}
	x := newFindIndex()
	x.room = blockSize
	const some = 512
	for first := block * blockSize; first < min((block+1)*blockSize, last+1); first += some {
		if err := x.read(ctx, t.tx, first, first+some-1); err != nil {
			return false, err
		}
	}
	return false, x.write(ctx, t.tx)
}

// read collects all keys of the objects of some numbers.
func (x *findIndex) read(ctx context.Context, q queryer, first, last int64) error {
	objects, err := list(ctx, q, scanObject, selectObject+`WHERE no BETWEEN $1 AND $2 ORDER BY no`, first, last)
	if err != nil || len(objects) == 0 {
		return err
	}
	nos := make([]inspect.ObjectNo, len(objects))
	for i, o := range objects {
		nos[i] = o.No
	}
	former, err := formerNames(ctx, q, nos)
	if err != nil {
		return err
	}
	for _, o := range objects {
		if names := former[o.No]; len(names) > 0 {
			x.history(o.No, append(names, o.Name))
		}
		x.add(o, pinyin.Initials(o.Name))
	}
	if err := x.readWords(ctx, q, byMember, `SELECT no, state || ' ' || sublib FROM member WHERE no BETWEEN $1 AND $2`, first, last); err != nil {
		return err
	}
	if err := x.readWords(ctx, q, byFlag, `SELECT no, kind FROM object_flag WHERE no BETWEEN $1 AND $2`, first, last); err != nil {
		return err
	}
	return x.readLicences(ctx, q, first, last)
}

// readLicences collects when licences end and when they would have.
func (x *findIndex) readLicences(ctx context.Context, q queryer, first, last int64) error {
	if err := x.readWords(ctx, q, byLicence, `SELECT no, valid_to FROM object_licence WHERE no BETWEEN $1 AND $2 AND valid_to <> ''`, first, last); err != nil {
		return err
	}
	keys, err := list(ctx, q, func(s scanner) (key string, err error) { return key, s.Scan(&key) },
		`SELECT DISTINCT CAST(no AS TEXT) || '/' FROM object_licence WHERE no BETWEEN $1 AND $2 AND version > 1`, first, last)
	if err != nil {
		return err
	}
	for _, key := range keys {
		_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
			var name, text string
			if err = s.Scan(&name, &text); err != nil {
				return none, err
			}
			l, err := inspect.ParseLicence(name, 0, text)
			if err == nil && !l.ValidTo.IsZero() {
				x.at(l.No, 0).word(byLicence, day(l.ValidTo))
			}
			return none, err
		}, `SELECT key, row FROM past WHERE kind = 'licence' AND key > $1 AND key < $2`, key, key[:len(key)-1]+"0")
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *findIndex) readWords(ctx context.Context, q queryer, kind byte, query string, args ...any) error {
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var no inspect.ObjectNo
		var value string
		err = s.Scan(&no, &value)
		x.at(no, 0).word(kind, value)
		return none, err
	}, query, args...)
	return err
}
