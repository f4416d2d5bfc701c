package draw

import (
	"slices"
	"strings"
)

// ProofFile is the usual name of a personal proof.
const ProofFile = "proof.json"

// A Proof (自证材料) lets one enterprise check its own case alone, with no other
// file. Without a result it shows that the object is in the locked list, and no
// more: whoever makes it need not know who was drawn. With one, before the opening,
// it shows that the object stands where the result logged it, and nothing about
// others; afterwards also why it was drawn or not.
type Proof struct {
	Doc      string      `json:"doc"` // "SDP1.proof"
	Manifest *Manifest   `json:"manifest"`
	Lock     *Lock       `json:"lock"`
	Result   *Result     `json:"result,omitempty"`  // absent while nothing of the draw may be told
	Opening  *Opening    `json:"opening,omitempty"` // absent before the opening
	Record   string      `json:"record"`            // the line of the population, tabs written as one blank
	Index    uint64      `json:"index"`             // of the record, from 0
	Path     []string    `json:"path"`
	Ranks    []RankProof `json:"ranks"`          // for each task that may draw the object, in order
	Team     *Team       `json:"team,omitempty"` // who inspects it, if it was drawn and matched
}

// A RankProof is an object's place in one task's cell.
type RankProof struct {
	Task   string     `json:"task"`
	Rank   uint64     `json:"rank"`
	Leaves []RankLeaf `json:"leaves"` // its own, its neighbours' and the last drawn one's, by rank
}

// A RankLeaf is a leaf of a rank tree with its path.
type RankLeaf struct {
	Rank   uint64   `json:"rank"`
	Ticket string   `json:"ticket"`
	Index  uint64   `json:"index"`
	Path   []string `json:"path"`
}

// A Verdict is what a proof shows.
type Verdict struct {
	Record Record
	Opened bool
	Capped bool // visited as often as the cap allows, so not drawn from
	Lock   Hash // digest of the lock
	Result Hash // digest of the result, to be compared with the log and the notice; zero without one
	Places []Place
	Team   []string // lines of assignment.tsv, with blanks
}

// A Place is an object's place in one task's draw.
type Place struct {
	Task          string
	Rank          uint64
	Size          uint64 // N of the cell
	Drawn         uint64 // n of the cell
	State         string // "drawn", "reserve" or "passed"
	Ticket        Hash
	Line          Hash // ticket of the last drawn one, if any
	Key           string
	TicketMessage string // what to paste into any hash tool, once opened
}

// leafRanks are the ranks a proof shows: before the opening only its own.
func leafRanks(rank uint64, c Cell, opened bool) []uint64 {
	if !opened {
		return []uint64{rank}
	}
	ranks := []uint64{rank}
	if rank > 1 {
		ranks = append(ranks, rank-1)
	}
	if rank < c.Size {
		ranks = append(ranks, rank+1)
	}
	if c.Drawn > 0 {
		ranks = append(ranks, c.Drawn)
	}
	slices.Sort(ranks)
	return slices.Compact(ranks)
}

// NewProof makes the proof of the record at index of the pool. teams is nil if no
// inspectors were matched.
func (c *Ceremony) NewProof(pool *Pool, r *Ranking, teams *Teams, rec Record, index int) (*Proof, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.Result == nil {
		return nil, fault(ResultFile, 0, "缺少抽取结果，不能出具自证材料")
	}
	path, err := pool.Path(index)
	if err != nil {
		return nil, err
	}
	p := &Proof{
		Doc: "SDP1.proof", Manifest: c.Manifest, Lock: c.Lock, Result: c.Result, Opening: c.Opening,
		Record: spaced(rec.Line()), Index: uint64(index), Path: texts(path), Ranks: []RankProof{}, Team: teams.of(rec.ID),
	}
	for i, cell := range c.Result.Cells {
		rank, ok := r.rankOf(i, uint32(index))
		if !ok {
			continue
		}
		proof := RankProof{Task: cell.Task, Rank: uint64(rank)}
		for _, n := range leafRanks(uint64(rank), cell, c.Opening != nil) {
			at := r.members[i][n-1]
			proof.Leaves = append(proof.Leaves, RankLeaf{n, r.tickets[i][at].String(), uint64(at), texts(r.trees[i].Path(int(n - 1)))})
		}
		p.Ranks = append(p.Ranks, proof)
	}
	return p, nil
}

// NewMember makes the proof that the record at index of the pool is in the locked
// list, and nothing else.
func (c *Ceremony) NewMember(pool *Pool, rec Record, index int) (*Proof, error) {
	if c.Lock == nil {
		return nil, fault(LockFile, 0, "名单还没有锁定，不能出具自证材料")
	}
	path, err := pool.Path(index)
	if err != nil {
		return nil, err
	}
	return &Proof{
		Doc: "SDP1.proof", Manifest: c.Manifest, Lock: c.Lock,
		Record: spaced(rec.Line()), Index: uint64(index), Path: texts(path), Ranks: []RankProof{},
	}, nil
}

// Encode is the proof's file.
func (p *Proof) Encode() ([]byte, error) { return encode(ProofFile, p) }

// spaced writes a record with blanks, since the texts of documents have no tabs.
// No field of a record holds a blank.
func spaced(line string) string { return strings.ReplaceAll(line, "\t", " ") }

func tabbed(text string) string { return strings.ReplaceAll(text, " ", "\t") }

func texts(path []Hash) []string {
	list := make([]string, len(path))
	for i, h := range path {
		list[i] = h.String()
	}
	return list
}

func hashes(path []string) ([]Hash, bool) {
	list := make([]Hash, len(path))
	for i, s := range path {
		h, ok := parseHash(s)
		if !ok {
			return nil, false
		}
		list[i] = h
	}
	return list, true
}

// VerifyProof checks a personal proof (level L1), in the order of the document.
func VerifyProof(file string, data []byte) (*Verdict, error) {
	p := new(Proof)
	if err := decode(file, data, p); err != nil {
		return nil, err
	}
	k := &checker{file: file}
	k.need(p.Doc == "SDP1.proof", "doc 应为 SDP1.proof")
	k.need(p.Result != nil || p.Opening == nil && len(p.Ranks) == 0 && p.Team == nil, "没有 result 时，不应有 opening、ranks 的内容或 team")
	if k.need(p.Manifest != nil && p.Lock != nil, "缺少 manifest 或 lock"); k.err != nil {
		return nil, k.err
	}
	c := &Ceremony{Manifest: p.Manifest, Lock: p.Lock, Result: p.Result, Opening: p.Opening}
	c.checkEmbedded(k)
	rec, err := ParseRecord(tabbed(p.Record))
	k.need(err == nil, "record:%v", err)
	k.need(p.Index < p.Lock.Population.Size, "index 超出名单")
	if k.err != nil {
		return nil, k.err
	}
	s := p.Manifest.Suite
	path, ok := hashes(p.Path)
	root, in := s.rootOf(s.leafHash([]byte(tabbed(p.Record))), int(p.Index), int(p.Lock.Population.Size), path)
	k.need(ok && in && root.String() == p.Lock.Population.Root, "记录不在锁定的名单内：与名单的根不符")
	v := &Verdict{Record: rec, Opened: p.Opening != nil, Lock: p.Lock.Digest(s), Capped: p.Manifest.tier(rec.Visits) == capped}
	if p.Result != nil {
		v.Result, v.Places = p.Result.Digest(s), p.places(k, rec)
	} else {
		k.need(p.Manifest.knows(rec), "记录的范围或分层未列入公告")
	}
	if p.Team != nil && k.err == nil {
		p.Team.check(k, s, p.Result.Teams, rec.ID)
		v.Team = p.Team.Lines
	}
	if k.err != nil {
		return nil, k.err
	}
	return v, nil
}

// checkEmbedded checks the documents of a proof as far as they decide each other.
func (c *Ceremony) checkEmbedded(k *checker) {
	m := c.Manifest
	if k.err == nil {
		k.err = m.check(k.file)
	}
	if k.err == nil {
		c.checkLock(k)
	}
	if k.err != nil {
		return
	}
	d := c.Result
	if d == nil {
		return
	}
	k.need(d.Doc == "SDP1.result" && d.Batch == m.Batch && d.Run == m.Run && isHex(d.Envelopes, 64), "result 的 doc、批次、次数或摘要不对")
	c.checkSizes(k)
	if o := c.Opening; o != nil {
		c.head(k, o.Doc, "SDP1.opening", o.Batch, o.Run, o.Result, d.Digest(m.Suite))
		same := func(a GroupKey, group string) bool { return a.Group == group && isHex(a.Key, 32) }
		k.need(slices.EqualFunc(o.Keys, m.Groups(), same), "opening 的 keys 应为各组的密钥")
	}
}

// knows tells whether the manifest has a place for a record.
func (m *Manifest) knows(rec Record) bool {
	i := slices.IndexFunc(m.Scopes, func(s Scope) bool { return s.Code == rec.Scope })
	if i < 0 {
		return false
	}
	has := func(t Task) bool { return t.stratum(rec.Stratum) >= 0 }
	lacks := func(code string) bool {
		t, _ := m.Task(code)
		return !has(t)
	}
	return slices.ContainsFunc(m.Tasks, has) && !slices.ContainsFunc(m.Scopes[i].Tasks, lacks)
}

// places checks the rank proofs.
func (p *Proof) places(k *checker, rec Record) []Place {
	m := p.Manifest
	i := slices.IndexFunc(m.Scopes, func(s Scope) bool { return s.Code == rec.Scope })
	if k.need(i >= 0, "范围代码 %s 未列入公告", rec.Scope); k.err != nil {
		return nil
	}
	tasks := m.Scopes[i].Tasks
	if m.tier(rec.Visits) == capped {
		tasks = nil
	}
	same := func(r RankProof, code string) bool { return r.Task == code }
	if k.need(slices.EqualFunc(p.Ranks, tasks, same), "ranks 应恰为可以抽取该对象的各项任务"); k.err != nil {
		return nil
	}
	var places []Place
	for _, r := range p.Ranks {
		at := slices.IndexFunc(p.Result.Cells, func(c Cell) bool {
			return c.Task == r.Task && c.Stratum == rec.Stratum && c.Tier == uint64(rec.Visits)
		})
		if k.need(at >= 0, "任务 %s 没有分层 %s", r.Task, rec.Stratum); k.err != nil {
			return nil
		}
		places = append(places, p.place(k, r, p.Result.Cells[at], rec))
	}
	return places
}

// place checks one rank proof.
func (p *Proof) place(k *checker, r RankProof, c Cell, rec Record) Place {
	s := p.Manifest.Suite
	place := Place{Task: r.Task, Rank: r.Rank, Size: c.Size, Drawn: c.Drawn, State: "passed"}
	k.need(r.Rank >= 1 && r.Rank <= c.Size, "任务 %s 的序号超出范围", r.Task)
	same := func(l RankLeaf, rank uint64) bool { return l.Rank == rank }
	k.need(slices.EqualFunc(r.Leaves, leafRanks(r.Rank, c, p.Opening != nil), same), "任务 %s 应恰有本序号、前后序号和入选线的叶子", r.Task)
	if k.err != nil {
		return place
	}
	context := p.Manifest.rankContext(c)
	var last ticketed
	for i, l := range r.Leaves {
		ticket, ok1 := parseHash(l.Ticket)
		path, ok2 := hashes(l.Path)
		root, ok3 := s.rootOf(s.Hash(rankLeaf(nil, context, l.Rank, l.Index, ticket)), int(l.Rank-1), int(c.Size), path)
		k.need(ok1 && ok2 && ok3 && root.String() == c.Root, "任务 %s 第 %d 号不在记录的排序内", r.Task, l.Rank)
		this := ticketed{ticket: ticket, index: uint32(l.Index)}
		k.need(l.Index < p.Lock.Population.Size && (i == 0 || last.before(this) < 0), "任务 %s 第 %d 号的签号次序不对", r.Task, l.Rank)
		last = this
		if l.Rank == r.Rank {
			place.Ticket = ticket
			k.need(l.Index == p.Index, "任务 %s 第 %d 号不是该对象", r.Task, l.Rank)
		}
		if l.Rank == c.Drawn {
			place.Line = ticket
		}
	}
	if p.Opening != nil {
		t, _ := p.Manifest.Task(r.Task)
		at := slices.IndexFunc(p.Opening.Keys, func(g GroupKey) bool { return g.Group == t.Group })
		place.Key = p.Opening.Keys[at].Key
		place.TicketMessage = place.Key + ":" + rec.ID
		k.need(s.Hash([]byte(place.TicketMessage)) == place.Ticket, "任务 %s 的签号与公式计算的不符", r.Task)
	}
	switch {
	case r.Rank <= c.Drawn:
		place.State = "drawn"
	case r.Rank <= c.Drawn+c.Reserve:
		place.State = "reserve"
	}
	return place
}
