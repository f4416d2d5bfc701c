package ledger

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger/keys"
)

// A Policy says whom to believe: which keys sign for which log, which witnesses
// there are, and how many of them must have cosigned. It is a file that its
// reader holds, never one that the log sends along: C2SP tlog-policy, and one
// line of our own, "require <vkey>", which demands a further signature by the
// log, such as that with SM2.
type Policy struct {
	Logs      []Peer
	Witnesses []Peer

	known    []*keys.Verifier // all of them
	required []*keys.Verifier
	group    map[string]*group // by name; a witness is a group of itself
	quorum   string            // a name of group, or none
	lines    int               // of quorum
}

// A Peer is a log or a witness of a policy.
type Peer struct {
	Name string // how the policy calls a witness; a log's is its origin
	Key  *keys.Verifier
	URL  string // where to reach it; may be empty
}

// A group has witnessed what at least k of its members have.
type group struct {
	k       int
	members []string
	witness *keys.Verifier // of a group that is one witness
	member  bool           // of another group already
}

// A Cosignature is one witness's word for a checkpoint, as a policy found it.
type Cosignature struct {
	Witness string // its name in the policy
	Key     string // the name of its key
	At      time.Time
}

const noWitness = "none"

// ParsePolicy reads a policy file. What it does not know it refuses: a policy
// that is only half understood would believe too much.
func ParsePolicy(file []byte) (*Policy, error) {
	p := &Policy{group: make(map[string]*group)}
	if len(file) > keys.MaxNote {
		return nil, errors.New("read a policy: the file is too long")
	}
	for i, line := range strings.Split(string(file), "\n") {
		if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return nil, fmt.Errorf("read a policy: line %d holds a control character", i+1)
		}
		word := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
		if len(word) == 0 || strings.HasPrefix(word[0], "#") {
			continue
		}
		if err := p.add(word[0], word[1:]); err != nil {
			return nil, fmt.Errorf("read a policy: line %d: %w", i+1, err)
		}
	}
	if len(file) > 0 && file[len(file)-1] != '\n' {
		return nil, errors.New("read a policy: the last line does not end, so the file may be cut off")
	}
	if p.lines != 1 {
		return nil, errors.New("read a policy: exactly one quorum line is needed")
	}
	for _, k := range p.required {
		if !slices.ContainsFunc(p.Logs, func(l Peer) bool { return l.Name == k.Name() }) {
			return nil, fmt.Errorf("read a policy: a key is required of %s, which is no log in it", k.Name())
		}
	}
	return p, nil
}

func (p *Policy) add(keyword string, word []string) error {
	switch {
	case keyword == "log" && (len(word) == 1 || len(word) == 2):
		k, err := p.newKey(word[0], keys.LogEd25519, keys.LogSM2)
		if err != nil {
			return err
		}
		p.Logs = append(p.Logs, Peer{k.Name(), k, strings.Join(word[1:], "")})
	case keyword == "require" && len(word) == 1:
		k, err := p.newKey(word[0], keys.LogEd25519, keys.LogSM2)
		if err != nil {
			return err
		}
		p.required = append(p.required, k)
	case keyword == "witness" && (len(word) == 2 || len(word) == 3):
		k, err := p.newKey(word[1], keys.WitnessEd25519)
		if err != nil {
			return err
		}
		p.Witnesses = append(p.Witnesses, Peer{word[0], k, strings.Join(word[2:], "")})
		return p.name(word[0], &group{witness: k})
	case keyword == "group" && len(word) >= 3:
		return p.addGroup(word[0], word[1], word[2:])
	case keyword == "quorum" && len(word) == 1:
		if p.group[word[0]] == nil && word[0] != noWitness {
			return fmt.Errorf("%q is not defined above", word[0])
		}
		p.quorum, p.lines = word[0], p.lines+1
	default:
		return fmt.Errorf("not a line of a policy: %.20q with %d words", keyword, len(word))
	}
	return nil
}

// newKey reads a key that is of one of the kinds and not in the policy yet, as
// log, witness or otherwise: nobody counts twice, and no log is its own witness.
func (p *Policy) newKey(vkey string, kinds ...keys.Kind) (*keys.Verifier, error) {
	k, err := keys.ParseVerifier(vkey)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(kinds, k.Kind()) {
		return nil, fmt.Errorf("the key of %s is of the wrong kind for this line", k.Name())
	}
	for _, other := range p.known {
		if k.Same(other) || k.Name() == other.Name() && k.KeyHash() == other.KeyHash() {
			return nil, fmt.Errorf("the key of %s stands twice in the policy", k.Name())
		}
	}
	p.known = append(p.known, k)
	return k, nil
}

func (p *Policy) name(name string, g *group) error {
	if p.group[name] != nil || name == noWitness {
		return fmt.Errorf("the name %q is taken", name)
	}
	p.group[name] = g
	return nil
}

func (p *Policy) addGroup(name, threshold string, members []string) error {
	k, err := parseNumber(threshold)
	switch threshold {
	case "any":
		k, err = 1, nil
	case "all":
		k, err = int64(len(members)), nil
	}
	if err != nil || k < 1 || k > int64(len(members)) {
		return fmt.Errorf("of %d members, %.20q cannot be a quorum", len(members), threshold)
	}
	for _, m := range members {
		g := p.group[m]
		if g == nil {
			return fmt.Errorf("%q is not defined above", m)
		}
		if g.member {
			return fmt.Errorf("%q is a member already: each counts once", m)
		}
		g.member = true
	}
	return p.name(name, &group{k: int(k), members: members})
}

// Check says whether the policy believes a signed checkpoint, and if so, what it
// says and which witnesses have cosigned it. It fails with [keys.ErrUnsigned] if the
// log, a required key or the quorum is missing, or if any line by a key of the
// policy is bad. How old a cosignature may be is for the caller to decide.
func (p *Policy) Check(signed []byte) (Checkpoint, []Cosignature, error) {
	known := make([]note.Verifier, len(p.known))
	for i, k := range p.known {
		known[i] = k
	}
	c, n, err := OpenCheckpoint(signed, known...)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	has := func(k *keys.Verifier) bool { return signedBy(n, k) != nil }
	if !slices.ContainsFunc(p.Logs, func(l Peer) bool { return l.Name == c.Origin && has(l.Key) }) {
		return Checkpoint{}, nil, fmt.Errorf("%w: %s is not signed by a log of the policy", keys.ErrUnsigned, c.Origin)
	}
	for _, k := range p.required {
		if k.Name() == c.Origin && !has(k) {
			return Checkpoint{}, nil, fmt.Errorf("%w: the required signature %s+%08x is missing", keys.ErrUnsigned, k.Name(), k.KeyHash())
		}
	}
	var by []Cosignature
	for _, w := range p.Witnesses {
		if s := signedBy(n, w.Key); s != nil {
			by = append(by, Cosignature{w.Name, w.Key.Name(), keys.TimeOf(*s)})
		}
	}
	if !p.reached(p.quorum, has) {
		return Checkpoint{}, nil, fmt.Errorf("%w: %d witnesses do not make the quorum %q", keys.ErrUnsigned, len(by), p.quorum)
	}
	return c, by, nil
}

// reached says whether the group called name has witnessed, given who signed.
func (p *Policy) reached(name string, has func(*keys.Verifier) bool) bool {
	if name == noWitness {
		return true
	}
	g := p.group[name]
	if g.witness != nil {
		return has(g.witness)
	}
	n := 0
	for _, m := range g.members {
		if p.reached(m, has) {
			n++
		}
	}
	return n >= g.k
}

func signedBy(n *note.Note, k *keys.Verifier) *note.Signature {
	for i, s := range n.Sigs {
		if s.Name == k.Name() && s.Hash == k.KeyHash() {
			return &n.Sigs[i]
		}
	}
	return nil
}
