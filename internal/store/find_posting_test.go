package store

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPlainText says what counts in a name and what does not.
func TestPlainText(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"海阳市鑫源餐饮有限公司", "海阳市鑫源餐饮有限公司"},
		{"ＫＴＶ１２３", "ktv123"},
		{"KTV好声音", "ktv好声音"},
		{"鑫源（海阳）餐饮", "鑫源(海阳)餐饮"},
		{"鑫源(海阳)餐饮", "鑫源(海阳)餐饮"},
		{"鑫源【海阳】〔一〕[2]「三」", "鑫源(海阳)(一)(2)(三)"},
		{" 鑫源　餐饮\t有限 公司\u00a0", "鑫源餐饮有限公司"},
		{"鑫\u200b源\u202e餐\ufeff饮", "鑫源餐饮"},
		{"约翰·史密斯", "约翰·史密斯"},
		{"约翰•史密斯・约翰･史密斯", "约翰·史密斯·约翰·史密斯"},
		{"100%_\\*", "100%_\\*"},
		{"ｶﾞ①㎏ﬁ", "ガ1kgfi"},
		{"豈更", "豈更"}, // compatibility forms of the characters
		{"\xff海", "\ufffd海"},
	} {
		got := plain(test.text)
		if got != test.want && plain(test.want) != got {
			t.Errorf("plain(%q) = %q, want %q", test.text, got, test.want)
		}
		if again := plain(got); again != got {
			t.Errorf("plain(%q) = %q, and of that %q", test.text, got, again)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("海阳市ＫＴＶ（一）[二]")
	f.Add("İ\xff①")
	f.Add("A´")
	f.Fuzz(func(t *testing.T, text string) {
		once := plain(text)
		if twice := plain(once); twice != once {
			t.Errorf("plain(%q) = %q, and of that %q", text, once, twice)
		}
	})
}

// FuzzBucket reads buckets of any bytes: what is no bucket is an error.
func FuzzBucket(f *testing.F) {
	var s blockSet
	s.add(1)
	s.add(65535)
	f.Add(appendPosting(nil, "key", &s))
	s.fill()
	f.Add(appendPosting(appendPosting(nil, "a", &s), "b", &s))
	s.drop(7)
	f.Add(appendPosting(nil, "", &s))
	f.Fuzz(func(t *testing.T, bucket []byte) {
		var s blockSet
		if found, err := lookUp(bucket, "key", &s); err == nil && !found {
			if _, err := mergeBucket(bucket, nil); err != nil {
				t.Errorf("%x can be read through, not merged: %v", bucket, err)
			}
		}
	})
}

// TestBucketsKeepWhatTheyAreTold changes a bucket at random, with postings of
// one object, of thousands and of all, and compares it with a map.
func TestBucketsKeepWhatTheyAreTold(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 3))
	want := map[string]map[uint16]bool{}
	var bucket []byte
	for range 60 {
		changes := map[string]*keyChange{}
		for range random.IntN(4) {
			key := string(rune('a' + random.IntN(6)))
			if changes[key] == nil {
				changes[key] = &keyChange{key: key}
			}
			if want[key] == nil {
				want[key] = map[uint16]bool{}
			}
			first, n, lost := random.IntN(blockSize), 1+random.IntN(3), uint32(0)
			switch random.IntN(6) {
			case 0:
				n = 5000
			case 1:
				first, n = 0, blockSize
			}
			if random.IntN(2) == 0 {
				lost = loses
			}
			for i := first; i < min(first+n, blockSize); i++ {
				changes[key].ops = append(changes[key].ops, uint32(i)|lost)
				if lost != 0 {
					delete(want[key], uint16(i))
				} else {
					want[key][uint16(i)] = true
				}
			}
		}
		var list []keyChange
		for _, key := range slices.Sorted(maps.Keys(changes)) {
			list = append(list, *changes[key])
		}
		was := bytes.Clone(bucket)
		var err error
		if bucket, err = mergeBucket(was, list); err != nil {
			t.Fatal(err)
		}
		for key, objects := range want {
			var s blockSet
			if _, err := lookUp(bucket, key, &s); err != nil {
				t.Fatal(err)
			}
			if s.count() != len(objects) {
				t.Fatalf("%s has %d objects, want %d", key, s.count(), len(objects))
			}
			for i := range objects {
				if !s.has(i) {
					t.Fatalf("%s lost object %d", key, i)
				}
			}
		}
	}
	empty := []keyChange{}
	for key, objects := range want {
		c := keyChange{key: key}
		for i := range objects {
			c.ops = append(c.ops, uint32(i)|loses)
		}
		empty = append(empty, c)
	}
	slices.SortFunc(empty, func(a, b keyChange) int { return bytes.Compare([]byte(a.key), []byte(b.key)) })
	if bucket, err := mergeBucket(bucket, empty); err != nil || len(bucket) > 0 {
		t.Errorf("a bucket that lost all has %d bytes (%v)", len(bucket), err)
	}
}
