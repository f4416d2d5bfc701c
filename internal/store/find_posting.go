package store

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// The index of the library goes by blocks of 65,536 neighbouring numbers. In a
// block each key has a posting: the objects that have it. Postings are kept in
// buckets by the hash of their key, and a bucket is one row, so that a question
// reads a few rows of each block and a chunk of an import writes a thousand.
// Why it is so, and what else was measured: docs/decisions/0015.
const (
	blockSize   = 1 << 16
	bucketCount = 1 << 10
	listMost    = 1 << 12 // a posting of more objects is kept as a set of bits
	setBytes    = blockSize / 8
)

// A blockSet is a set of objects of one block, by their place in it.
type blockSet [blockSize / 64]uint64

func (s *blockSet) add(i uint16)  { s[i>>6] |= 1 << (i & 63) }
func (s *blockSet) drop(i uint16) { s[i>>6] &^= 1 << (i & 63) }

func (s *blockSet) has(i uint16) bool { return s[i>>6]&(1<<(i&63)) != 0 }

func (s *blockSet) and(t *blockSet) {
	for i := range s {
		s[i] &= t[i]
	}
}

func (s *blockSet) or(t *blockSet) {
	for i := range s {
		s[i] |= t[i]
	}
}

func (s *blockSet) andNot(t *blockSet) {
	for i := range s {
		s[i] &^= t[i]
	}
}

func (s *blockSet) fill() {
	for i := range s {
		s[i] = ^uint64(0)
	}
}

func (s *blockSet) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// A posting is a key and how a bucket holds its objects: the length of the key,
// the key, the number of objects, and then their places as 16-bit numbers, or a
// set of bits if they are many, or nothing if they are all of the block.
type posting struct {
	key  []byte
	n    int
	body []byte
}

var errBucket = errors.New("a bucket of the index cannot be read")

// firstPosting splits the first posting off a bucket.
func firstPosting(bucket []byte) (p posting, rest []byte, err error) {
	size, k := binary.Uvarint(bucket)
	if k <= 0 || size > uint64(len(bucket)-k) {
		return p, nil, errBucket
	}
	p.key, bucket = bucket[k:k+int(size)], bucket[k+int(size):]
	n, k := binary.Uvarint(bucket)
	if k <= 0 || n == 0 || n > blockSize {
		return p, nil, errBucket
	}
	p.n, bucket = int(n), bucket[k:]
	length := 2 * p.n
	switch {
	case p.n == blockSize:
		length = 0
	case p.n > listMost:
		length = setBytes
	}
	if length > len(bucket) {
		return p, nil, errBucket
	}
	p.body, rest = bucket[:length], bucket[length:]
	return p, rest, nil
}

// into adds the posting's objects to s.
func (p posting) into(s *blockSet) {
	switch {
	case p.n == blockSize:
		s.fill()
	case p.n > listMost:
		for i := range s {
			s[i] |= binary.LittleEndian.Uint64(p.body[8*i:])
		}
	default:
		for b := p.body; len(b) > 0; b = b[2:] {
			s.add(binary.LittleEndian.Uint16(b))
		}
	}
}

// lookUp adds to s the objects that a bucket has for a key, if it has any.
func lookUp(bucket []byte, key string, s *blockSet) (found bool, err error) {
	for len(bucket) > 0 {
		p, rest, err := firstPosting(bucket)
		if err != nil {
			return false, err
		}
		if string(p.key) == key {
			p.into(s)
			return true, nil
		}
		bucket = rest
	}
	return false, nil
}

// lookBetween adds to s the objects that a bucket has for keys from the first to
// the last.
func lookBetween(bucket []byte, first, last string, s *blockSet) error {
	for len(bucket) > 0 {
		p, rest, err := firstPosting(bucket)
		if err != nil {
			return err
		}
		if key := string(p.key); key > last {
			return nil
		} else if key >= first {
			p.into(s)
		}
		bucket = rest
	}
	return nil
}

// appendHead appends a posting's key and number to a bucket.
func appendHead(bucket []byte, key string, n int) []byte {
	bucket = binary.AppendUvarint(bucket, uint64(len(key)))
	bucket = append(bucket, key...)
	return binary.AppendUvarint(bucket, uint64(n))
}

// appendPosting appends the posting of a key to a bucket, unless s is empty.
func appendPosting(bucket []byte, key string, s *blockSet) []byte {
	n := s.count()
	if n == 0 {
		return bucket
	}
	bucket = appendHead(bucket, key, n)
	switch {
	case n == blockSize:
	case n > listMost:
		for _, w := range s {
			bucket = binary.LittleEndian.AppendUint64(bucket, w)
		}
	default:
		for i, w := range s {
			for ; w != 0; w &= w - 1 {
				bucket = binary.LittleEndian.AppendUint16(bucket, uint16(i*64+bits.TrailingZeros64(w)))
			}
		}
	}
	return bucket
}

// A keyChange says which objects of a block get a key and which lose it.
type keyChange struct {
	key string
	ops []uint32 // the place of an object, with the bit loses if it loses the key; what comes later wins
}

const loses = 1 << 16

// mergeBucket returns a bucket after changes, which are in the order of keys,
// as the bucket is.
func mergeBucket(bucket []byte, changes []keyChange) ([]byte, error) {
	merged := make([]byte, 0, len(bucket)+32*len(changes))
	var scratch blockSet
	for len(bucket) > 0 {
		p, rest, err := firstPosting(bucket)
		if err != nil {
			return nil, err
		}
		for len(changes) > 0 && changes[0].key < string(p.key) {
			merged = changes[0].apply(merged, posting{}, &scratch)
			changes = changes[1:]
		}
		if len(changes) > 0 && changes[0].key == string(p.key) {
			merged = changes[0].apply(merged, p, &scratch)
			changes = changes[1:]
		} else {
			merged = append(merged, bucket[:len(bucket)-len(rest)]...)
		}
		bucket = rest
	}
	for _, c := range changes {
		merged = c.apply(merged, posting{}, &scratch)
	}
	return merged, nil
}

// apply appends what becomes of a posting to a bucket.
func (c keyChange) apply(bucket []byte, was posting, scratch *blockSet) []byte {
	if n := was.n + len(c.ops); 0 < n && n <= listMost && c.follows(was) { // new objects: by far most changes
		bucket = append(appendHead(bucket, c.key, n), was.body...)
		for _, op := range c.ops {
			bucket = binary.LittleEndian.AppendUint16(bucket, uint16(op))
		}
		return bucket
	}
	clear(scratch[:])
	was.into(scratch)
	for _, op := range c.ops {
		if op&loses != 0 {
			scratch.drop(uint16(op))
		} else {
			scratch.add(uint16(op))
		}
	}
	return appendPosting(bucket, c.key, scratch)
}

// follows reports whether the change only adds objects behind those of a list.
func (c keyChange) follows(was posting) bool {
	last := -1
	if was.n > 0 {
		last = int(binary.LittleEndian.Uint16(was.body[len(was.body)-2:]))
	}
	for _, op := range c.ops {
		if op&loses != 0 || int(op) <= last {
			return false
		}
		last = int(op)
	}
	return true
}
