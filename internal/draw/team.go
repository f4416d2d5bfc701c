package draw

import (
	"bytes"
	"slices"
	"strings"
)

// AssignmentFile is the assignment of inspectors; docs/design/match.md has its form.
const AssignmentFile = "assignment.tsv"

// Files of the matching of inspectors in a bundle. The lock fixes all of the
// first four or none, so that after it nobody can choose who is matched, nor to
// what: R71. The others follow from them and from the draw.
var (
	MatchInputs  = []string{"avoidance.tsv", "eligibility.tsv", "inspectors.tsv", "needs.tsv"}
	MatchOutputs = []string{"demands.tsv", AssignmentFile, "balance.tsv"}
)

// Matched tells whether the lock fixes what a matching needs.
func (l *Lock) Matched() bool {
	return slices.ContainsFunc(l.Files, func(f File) bool { return f.Name == MatchInputs[0] })
}

// Teams are the teams of an assignment under one root, so that at the door a team
// can show itself and nobody else. The salts come from the seed: before the
// opening no leaf can be guessed.
type Teams struct {
	seed    Seed
	objects []string
	lines   [][]byte // per object: its lines, with their line feeds
	tree    *Tree
}

// A Team is the part of a proof that shows who inspects the object.
type Team struct {
	Lines []string `json:"lines"` // of assignment.tsv, tabs written as one blank
	Salt  string   `json:"salt"`
	Index uint64   `json:"index"`
	Path  []string `json:"path"`
}

// Teams builds the tree over assignment.tsv. Its lines are sorted by object.
func (s Seed) Teams(assignment []byte) (*Teams, error) {
	t := &Teams{seed: s}
	err := eachLine(bytes.NewReader(assignment), AssignmentFile, func(n int, text string) error {
		object, _, ok := strings.Cut(text, "\t")
		last := len(t.objects) - 1
		if last < 0 || t.objects[last] != object {
			if !ok || last >= 0 && t.objects[last] > object {
				return fault(AssignmentFile, n, "应按对象的字节顺序排列")
			}
			t.objects, t.lines, last = append(t.objects, object), append(t.lines, nil), last+1
		}
		t.lines[last] = append(t.lines[last], text+"\n"...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	t.tree = newTree(s.suite, len(t.objects), func(_ *hasher, dst []Hash, first int) {
		for i := range dst {
			dst[i] = s.suite.teamLeaf(t.salt(first+i), t.lines[first+i])
		}
	})
	return t, nil
}

func (t *Teams) salt(i int) Hash {
	return t.seed.suite.hmac(t.seed.hash, lp("SDP1.team", t.objects[i]))
}

// teamLeaf is H(0x00 ‖ salt ‖ lines).
func (s Suite) teamLeaf(salt Hash, lines []byte) Hash {
	return s.leafHash(slices.Concat(salt[:], lines))
}

// Root is the assignment's root, as the result writes it.
func (t *Teams) Root() Commitment {
	if t == nil {
		return Commitment{}
	}
	return Commitment{t.tree.Root().String(), uint64(t.tree.Size())}
}

// of is the team of an object, or nil.
func (t *Teams) of(id string) *Team {
	if t == nil {
		return nil
	}
	i, ok := slices.BinarySearch(t.objects, id)
	if !ok {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(spaced(string(t.lines[i])), "\n"), "\n")
	return &Team{lines, t.salt(i).String(), uint64(i), texts(t.tree.Path(i))}
}

// check checks a team's part of a proof.
func (x *Team) check(k *checker, s Suite, root Commitment, id string) {
	var lines []byte
	for _, text := range x.Lines {
		k.need(strings.HasPrefix(text, id+" "), "team 的各行应属于该对象")
		lines = append(lines, tabbed(text)+"\n"...)
	}
	salt, ok1 := parseHash(x.Salt)
	path, ok2 := hashes(x.Path)
	k.need(ok1 && ok2 && len(x.Lines) > 0 && x.Index < root.Size, "team 的盐值、路径或位置不对")
	if k.err != nil {
		return
	}
	got, ok := s.rootOf(s.teamLeaf(salt, lines), int(x.Index), int(root.Size), path)
	k.need(ok && got.String() == root.Root, "检查小组与记录的派组结果不符")
}
