package draw

import (
	"cmp"
	"io/fs"
	"slices"
)

// A summed is the digest of a file, or why there is none.
type summed struct {
	hash Hash
	err  error
}

// fileSums are the digests of files under both suites, in the order of names. The
// longest work begins first, so that no processor is left alone with it at the end:
// SM3 before SHA-256, large files before small ones.
func fileSums(bundle fs.FS, names []string) map[Suite][]summed {
	suites := []Suite{SM3, SHA256}
	sums, sizes, order := map[Suite][]summed{}, make([]int64, len(names)), make([]int, len(names))
	for _, s := range suites {
		sums[s] = make([]summed, len(names))
	}
	for i, name := range names {
		order[i] = i
		if info, err := fs.Stat(bundle, name); err == nil {
			sizes[i] = info.Size()
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sizes[b], sizes[a]) })
	inTurn(len(suites)*len(names), func(_, n int) {
		s, i := suites[n/len(names)], order[n%len(names)]
		sums[s][i].hash, sums[s][i].err = s.fileSum(bundle, names[i])
	})
	return sums
}
