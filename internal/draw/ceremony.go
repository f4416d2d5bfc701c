package draw

import (
	"fmt"
	"slices"
	"time"
)

// Names of the ceremony's documents in a bundle, in the order they come about.
// Each cites the digest of the one before, up to the manifest.
const (
	LockFile      = "lock.json"
	CommitsFile   = "commits.json"
	RevealsFile   = "reveals.json"
	EventFile     = "event.json"
	EnvelopesFile = "envelopes.json"
	ResultFile    = "result.json"
	OpeningFile   = "opening.json"
	VoidFile      = "void.json"
)

// leastPause is how long after the lock the event happens at the earliest.
const leastPause = 10 * time.Minute

// A Lock (锁定) fixes the population for good: R68, 海政办发〔2020〕2号 二(五)2.
// A record found wrong later is skipped and replaced, never edited.
type Lock struct {
	Doc        string     `json:"doc"` // "SDP1.lock"
	Batch      string     `json:"batch"`
	Run        uint64     `json:"run"`
	Time       string     `json:"time"`
	Manifest   string     `json:"manifest"` // digest
	Population Commitment `json:"population"`
	Counts     []Count    `json:"counts"` // sorted by task, then stratum; one for every stratum of a task
	Difference Difference `json:"difference"`
	Files      []File     `json:"files"` // what else is fixed here: inspectors, eligibility, avoidance
}

// A Commitment is the root and the size of a population's Merkle tree.
type Commitment struct {
	Root string `json:"root"`
	Size uint64 `json:"size"`
}

// A Count says how many objects a task may draw from a stratum, by tier: not
// visited yet, visited once, visited as often as the cap allows.
type Count struct {
	Task    string `json:"task"`
	Stratum string `json:"stratum"`
	N0      uint64 `json:"n0"`
	N1      uint64 `json:"n1"`
	N2      uint64 `json:"n2"`
}

// A File is a file of the bundle, by H of its bytes.
type File struct {
	Name   string `json:"name"`
	Size   uint64 `json:"size"`
	Digest string `json:"digest"`
}

// Commits are the commitments (承诺) of all contributors.
type Commits struct {
	Doc     string   `json:"doc"` // "SDP1.commits"
	Batch   string   `json:"batch"`
	Run     uint64   `json:"run"`
	Lock    string   `json:"lock"` // digest
	Commits []Commit `json:"commits"`
}

// A Commit binds a contributor to its secret, which it does not show.
type Commit struct {
	Name       string `json:"name"`
	Time       string `json:"time"`
	Commitment string `json:"commitment"`
	Signature  string `json:"signature"`
}

// A Reveal is a secret shown.
type Reveal struct {
	Name   string `json:"name"`
	Time   string `json:"time"`
	Secret string `json:"secret"` // 64 lower-case hex digits, hashed as these characters
}

// Reveals are the secrets of the open contributors (亮出), before the event.
type Reveals struct {
	Doc     string   `json:"doc"` // "SDP1.reveals"
	Batch   string   `json:"batch"`
	Run     uint64   `json:"run"`
	Commits string   `json:"commits"` // digest
	Reveals []Reveal `json:"reveals"`
}

// An Event (公开事件) is what the announced sources gave.
type Event struct {
	Doc       string    `json:"doc"` // "SDP1.event"
	Batch     string    `json:"batch"`
	Run       uint64    `json:"run"`
	Reveals   string    `json:"reveals"`   // digest
	Cancelled []string  `json:"cancelled"` // codes of sources that gave nothing, sorted
	Outcomes  []Outcome `json:"outcomes"`  // one for each place among the sources
	Text      string    `json:"text"`      // canonical form of the outcomes
}

// Envelopes are the secrets of the sealed contributors (启封), after the event.
type Envelopes struct {
	Doc     string   `json:"doc"` // "SDP1.envelopes"
	Batch   string   `json:"batch"`
	Run     uint64   `json:"run"`
	Event   string   `json:"event"` // digest
	Reveals []Reveal `json:"reveals"`
}

// An Opening (公开密钥) publishes the keys: at once in open mode, after the visits
// in sealed mode, then with the custodian's secret.
type Opening struct {
	Doc       string     `json:"doc"` // "SDP1.opening"
	Batch     string     `json:"batch"`
	Run       uint64     `json:"run"`
	Time      string     `json:"time"`
	Result    string     `json:"result"`    // digest
	Custodian []Reveal   `json:"custodian"` // one in sealed mode, none in open mode
	Seed      string     `json:"seed"`
	Keys      []GroupKey `json:"keys"` // sorted by group
}

// A GroupKey is the published key of a consolidation group.
type GroupKey struct {
	Group string `json:"group"`
	Key   string `json:"key"`
}

// A Void (作废) ends a run that has no result. The next run cites its digest.
type Void struct {
	Doc        string   `json:"doc"` // "SDP1.void"
	Batch      string   `json:"batch"`
	Run        uint64   `json:"run"`
	Time       string   `json:"time"`
	Phase      string   `json:"phase"` // "commit", "reveal", "event", "envelopes" or "technical"
	Reason     string   `json:"reason"`
	Defaulters []string `json:"defaulters"` // contributors who did not deliver, sorted
	Last       string   `json:"last"`       // digest of the last valid document of the run
}

// A Ceremony is the documents of one run, as far as they exist. A document is
// nil until its phase is over.
type Ceremony struct {
	Manifest  *Manifest
	Lock      *Lock
	Commits   *Commits
	Reveals   *Reveals
	Event     *Event
	Envelopes *Envelopes
	Result    *Result
	Opening   *Opening
}

// Commitment is the commitment of a contributor's secret.
func (m *Manifest) Commitment(name, secret string) Hash {
	return m.Suite.digest("SDP1.commit", m.Batch, fmt.Sprint(m.Run), name, secret)
}

// commitMessage is what a contributor signs: its commitment, for this manifest
// and this lock.
func (c *Ceremony) commitMessage(name, commitment string) []byte {
	m := c.Manifest
	return lp("SDP1.commit.signature", m.Batch, fmt.Sprint(m.Run), m.Digest().String(), c.Lock.Digest(m.Suite).String(), name, commitment)
}

// Commit makes a contributor's commitment to secret, signed.
func (c *Ceremony) Commit(name, secret string, signer Signer, now time.Time) (Commit, error) {
	if !isHex(secret, 64) {
		return Commit{}, fmt.Errorf("%s 的随机数应为 64 位小写十六进制字符", name)
	}
	commitment := c.Manifest.Commitment(name, secret).String()
	signature, err := signer.Sign(c.commitMessage(name, commitment))
	if err != nil {
		return Commit{}, fmt.Errorf("sign the commitment of %s: %w", name, err)
	}
	return Commit{name, Instant(now), commitment, signature}, nil
}

// Instant is how documents write a time.
func Instant(t time.Time) string { return t.UTC().Format(instantForm) }

func (l *Lock) Digest(s Suite) Hash      { return s.docDigest("SDP1.lock", l) }
func (d *Commits) Digest(s Suite) Hash   { return s.docDigest("SDP1.commits", d) }
func (d *Reveals) Digest(s Suite) Hash   { return s.docDigest("SDP1.reveals", d) }
func (d *Event) Digest(s Suite) Hash     { return s.docDigest("SDP1.event", d) }
func (d *Envelopes) Digest(s Suite) Hash { return s.docDigest("SDP1.envelopes", d) }
func (d *Opening) Digest(s Suite) Hash   { return s.docDigest("SDP1.opening", d) }
func (d *Void) Digest(s Suite) Hash      { return s.docDigest("SDP1.void", d) }

// Check checks all documents there are, in the order they came about. The fault
// names the first file that is wrong.
func (c *Ceremony) Check() error {
	if c.Manifest == nil {
		return fault(ManifestFile, 0, "缺少抽取公告")
	}
	if err := c.Manifest.check(ManifestFile); err != nil {
		return err
	}
	steps := []struct {
		file  string
		there bool
		check func(*checker)
	}{
		{LockFile, c.Lock != nil, c.checkLock},
		{CommitsFile, c.Commits != nil, c.checkCommits},
		{RevealsFile, c.Reveals != nil, c.checkReveals},
		{EventFile, c.Event != nil, c.checkEvent},
		{EnvelopesFile, c.Envelopes != nil, c.checkEnvelopes},
		{ResultFile, c.Result != nil, c.checkResult},
		{OpeningFile, c.Opening != nil, c.checkOpening},
	}
	missing := ""
	for _, step := range steps {
		switch {
		case !step.there && missing == "":
			missing = step.file
		case step.there && missing != "":
			return fault(missing, 0, "缺少此文件，而其后的 %s 已经存在", step.file)
		case step.there:
			k := &checker{file: step.file}
			if step.check(k); k.err != nil {
				return k.err
			}
		}
	}
	return nil
}

// head checks what all documents begin with.
func (c *Ceremony) head(k *checker, doc, want, batch string, run uint64, cited string, before Hash) {
	k.need(doc == want, "doc 应为 %s", want)
	k.need(batch == c.Manifest.Batch && run == c.Manifest.Run, "批次或次数与 manifest.json 不一致")
	k.need(cited == before.String(), "引用的上一份文件的摘要不对，上一份文件可能被改动过")
}

func (c *Ceremony) checkLock(k *checker) {
	m, l := c.Manifest, c.Lock
	c.head(k, l.Doc, "SDP1.lock", l.Batch, l.Run, l.Manifest, m.Digest())
	k.need(isInstant(l.Time) && l.Time >= m.Time, "锁定时间应在公告之后")
	k.need(isHex(l.Population.Root, 64) && l.Population.Size <= maxSize, "population 的根或数量不对")
	var want []Count
	for _, t := range m.Tasks {
		for _, s := range t.Strata {
			want = append(want, Count{Task: t.Code, Stratum: s.Code})
		}
	}
	same := func(a, b Count) bool { return a.Task == b.Task && a.Stratum == b.Stratum }
	k.need(slices.EqualFunc(l.Counts, want, same), "counts 应按任务、分层逐项列出")
	for _, n := range l.Counts {
		k.need(n.N0 <= l.Population.Size && n.N1 <= l.Population.Size && n.N2 <= l.Population.Size &&
			n.N0+n.N1+n.N2 <= l.Population.Size, "任务 %s 分层 %s 的数量超过名单总数", n.Task, n.Stratum)
		k.need(m.Cap == 2 || n.N1 == 0, "上限为 1 次时 n1 应为 0")
	}
	l.Difference.check(k)
	k.need(ascending(l.Files, func(f File) string { return f.Name }), "files 应按 name 排序且不重复")
	for _, f := range l.Files {
		k.need(isCode(f.Name, 64, className) && isHex(f.Digest, 64), "files 中 %s 的名称或摘要不对", f.Name)
	}
	for _, name := range MatchInputs {
		there := slices.ContainsFunc(l.Files, func(f File) bool { return f.Name == name })
		k.need(there == l.Matched(), "files 应包括派组的全部四个文件，或者都不包括（%s）", name)
	}
}

// members are the contributors of a role, in order of names.
func (m *Manifest) members(role string) []Contributor {
	return slices.DeleteFunc(slices.Clone(m.Contributors), func(x Contributor) bool { return x.Role != role })
}

func (c *Ceremony) checkCommits(k *checker) {
	m, d := c.Manifest, c.Commits
	c.head(k, d.Doc, "SDP1.commits", d.Batch, d.Run, d.Lock, c.Lock.Digest(m.Suite))
	same := func(a Commit, b Contributor) bool { return a.Name == b.Name }
	k.need(slices.EqualFunc(d.Commits, m.Contributors, same), "应恰有各贡献方的承诺各一份，按名称排序")
	if k.err != nil {
		return
	}
	for i, x := range d.Commits {
		c.commit(k, m.Contributors[i], x)
	}
}

// CheckCommit checks one commitment before those of the others are there.
func (c *Ceremony) CheckCommit(x Commit) error {
	k := &checker{file: CommitsFile}
	i := c.Manifest.contributor(x.Name)
	if k.need(i >= 0, "%s 不是贡献方", x.Name); k.err == nil {
		c.commit(k, c.Manifest.Contributors[i], x)
	}
	return k.err
}

// CheckReveal checks one secret of an open or sealed contributor before those of
// the others are there.
func (c *Ceremony) CheckReveal(r Reveal) error {
	k := &checker{file: RevealsFile}
	from, until := c.lastCommit(), c.Manifest.Deadlines.Reveal
	if c.Event != nil {
		k.file, from, until = EnvelopesFile, c.lastOutcome(), c.Manifest.Deadlines.Envelopes
	}
	c.reveal(k, r, from, until)
	return k.err
}

// contributor is where the manifest lists a contributor, or -1.
func (m *Manifest) contributor(name string) int {
	return slices.IndexFunc(m.Contributors, func(x Contributor) bool { return x.Name == name })
}

func (c *Ceremony) commit(k *checker, by Contributor, x Commit) {
	m := c.Manifest
	k.need(isInstant(x.Time) && x.Time >= c.Lock.Time && x.Time <= m.Deadlines.Commit, "%s 的承诺时间应在锁定之后、截止之前", x.Name)
	k.need(isHex(x.Commitment, 64), "%s 的承诺应为 64 位小写十六进制字符", x.Name)
	k.need(m.Suite.Verify(by.Key, c.commitMessage(x.Name, x.Commitment), x.Signature), "%s 的签名不对", x.Name)
}

// lastCommit is when the last commitment was made.
func (c *Ceremony) lastCommit() string {
	last := c.Lock.Time
	for _, x := range c.Commits.Commits {
		last = max(last, x.Time)
	}
	return last
}

var roleNames = map[string]string{"open": "公开贡献方", "sealed": "密封方", "custodian": "保管方"}

// opened checks that reveals are those of the role, open their commitments and
// lie between two instants; an empty until has no end.
func (c *Ceremony) opened(k *checker, reveals []Reveal, role, from, until string) {
	same := func(a Reveal, b Contributor) bool { return a.Name == b.Name }
	k.need(slices.EqualFunc(reveals, c.Manifest.members(role), same), "应恰有各%s的随机数各一份，按名称排序", roleNames[role])
	for _, r := range reveals {
		c.reveal(k, r, from, until)
	}
}

func (c *Ceremony) reveal(k *checker, r Reveal, from, until string) {
	k.need(isInstant(r.Time) && r.Time >= from && (until == "" || r.Time <= until), "%s 亮出随机数的时间不在规定的时段内", r.Name)
	i := slices.IndexFunc(c.Commits.Commits, func(x Commit) bool { return x.Name == r.Name })
	k.need(i >= 0 && isHex(r.Secret, 64) && c.Manifest.Commitment(r.Name, r.Secret).String() == c.Commits.Commits[max(i, 0)].Commitment,
		"%s 的随机数与承诺不符", r.Name)
}

func (c *Ceremony) checkReveals(k *checker) {
	d := c.Reveals
	c.head(k, d.Doc, "SDP1.reveals", d.Batch, d.Run, d.Commits, c.Commits.Digest(c.Manifest.Suite))
	c.opened(k, d.Reveals, "open", c.lastCommit(), c.Manifest.Deadlines.Reveal)
}

// checkEvent holds the order that decides: nothing of the event is known before
// the last reveal.
func (c *Ceremony) checkEvent(k *checker) {
	m, d := c.Manifest, c.Event
	c.head(k, d.Doc, "SDP1.event", d.Batch, d.Run, d.Reveals, c.Reveals.Digest(m.Suite))
	k.need(ascending(d.Cancelled, itself), "cancelled 应排序且不重复")
	for _, code := range d.Cancelled {
		named := func(s Source) bool { return s.Code == code }
		k.need(slices.ContainsFunc(slices.Concat(m.Event.Sources, m.Event.Reserves), named), "cancelled 中的来源 %s 未列入公告", code)
	}
	text, err := m.EventText(d.Cancelled, d.Outcomes)
	if k.need(err == nil, "%v", err); k.err != nil {
		return
	}
	earliest := max(m.Event.NotBefore, c.afterPause())
	for _, r := range c.Reveals.Reveals {
		k.need(r.Time < earliest, "事件应晚于最后一次亮出（%s）", r.Name)
	}
	for _, o := range d.Outcomes {
		k.need(isInstant(o.Time) && o.Time >= earliest, "来源 %s 的时间早于规定的最早时间", o.Code)
		k.need(isTitle(o.Issue, 60) && (o.Evidence == "" || isHex(o.Evidence, 64)), "来源 %s 的期号或证据摘要不对", o.Code)
	}
	k.need(d.Text == text, "text 应为 %s", text)
}

// afterPause is the earliest instant of the event that the lock allows.
func (c *Ceremony) afterPause() string {
	t, err := time.Parse(instantForm, c.Lock.Time)
	if err != nil {
		return "9" // never: checkLock refused it
	}
	return Instant(t.Add(leastPause))
}

// lastOutcome is when the event was over.
func (c *Ceremony) lastOutcome() string {
	last := ""
	for _, o := range c.Event.Outcomes {
		last = max(last, o.Time)
	}
	return last
}

func (c *Ceremony) checkEnvelopes(k *checker) {
	d := c.Envelopes
	c.head(k, d.Doc, "SDP1.envelopes", d.Batch, d.Run, d.Event, c.Event.Digest(c.Manifest.Suite))
	c.opened(k, d.Reveals, "sealed", c.lastOutcome(), c.Manifest.Deadlines.Envelopes)
}

func (c *Ceremony) checkOpening(k *checker) {
	m, d := c.Manifest, c.Opening
	c.head(k, d.Doc, "SDP1.opening", d.Batch, d.Run, d.Result, c.Result.Digest(m.Suite))
	k.need(isInstant(d.Time) && d.Time >= c.lastOutcome(), "公开密钥的时间应在事件之后")
	c.opened(k, d.Custodian, "custodian", c.lastOutcome(), d.Time)
	if k.err != nil {
		return
	}
	seed := c.seed(d.Custodian)
	k.need(d.Seed == seed.hash.String(), "seed 与按文件计算的种子不符")
	k.need(slices.Equal(d.Keys, seed.groupKeys(m)), "keys 与按种子计算的密钥不符")
}

// Last is the digest of the last document there is, which a void record cites.
func (c *Ceremony) Last() Hash {
	s := c.Manifest.Suite
	switch {
	case c.Envelopes != nil:
		return c.Envelopes.Digest(s)
	case c.Event != nil:
		return c.Event.Digest(s)
	case c.Reveals != nil:
		return c.Reveals.Digest(s)
	case c.Commits != nil:
		return c.Commits.Digest(s)
	case c.Lock != nil:
		return c.Lock.Digest(s)
	}
	return c.Manifest.Digest()
}

// CheckVoid checks the record that voids run m.
func (v *Void) CheckVoid(m *Manifest) error {
	k := &checker{file: VoidFile}
	k.need(v.Doc == "SDP1.void", "doc 应为 SDP1.void")
	k.need(v.Batch == m.Batch && v.Run == m.Run, "批次或次数与 manifest.json 不一致")
	k.need(isInstant(v.Time) && v.Time >= m.Time, "作废时间应在公告之后")
	k.need(slices.Contains([]string{"commit", "reveal", "event", "envelopes", "technical"}, v.Phase), "phase 应为 commit、reveal、event、envelopes 或 technical")
	k.need(isTitle(v.Reason, 400), "reason 应写明作废原因")
	k.need(ascending(v.Defaulters, itself), "defaulters 应排序且不重复")
	for _, name := range v.Defaulters {
		k.need(slices.ContainsFunc(m.Contributors, func(x Contributor) bool { return x.Name == name }), "defaulters 中的 %s 不是贡献方", name)
	}
	k.need((v.Phase == "event" || v.Phase == "technical") == (len(v.Defaulters) == 0), "因未承诺、未亮出或未启封而作废时，应写明未履行的各方")
	k.need(isHex(v.Last, 64), "last 应为最后一份有效文件的摘要")
	return k.err
}

// Follows checks that m is the next run after the one voided by v: another run
// number, and the record cited.
func (m *Manifest) Follows(before *Manifest, v *Void) error {
	if err := v.CheckVoid(before); err != nil {
		return err
	}
	k := &checker{file: ManifestFile}
	k.need(m.Batch == before.Batch && m.Run == before.Run+1, "作废后的下一次抽取应为同一批次的第 %d 次", before.Run+1)
	k.need(m.Void == v.Digest(m.Suite).String(), "void 应为上一次作废记录的摘要")
	k.need(m.Time >= v.Time, "公告时间应在作废之后")
	return k.err
}
