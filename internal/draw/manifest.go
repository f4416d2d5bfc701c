package draw

import (
	"slices"
	"strings"
	"time"
)

// ManifestFile is the name of the manifest in a bundle.
const ManifestFile = "manifest.json"

// A Manifest (抽取公告) is everything that influences who is drawn, announced
// before the population is locked. Nothing in it changes afterwards.
type Manifest struct {
	Doc          string        `json:"doc"` // "SDP1.manifest"
	Batch        string        `json:"batch"`
	Run          uint64        `json:"run"`  // from 1; above 1 it cites Void
	Void         string        `json:"void"` // digest of the record that voided the run before
	Time         string        `json:"time"`
	Suite        Suite         `json:"suite"`
	Mode         string        `json:"mode"`    // "open" or "sealed"
	Opening      string        `json:"opening"` // sealed: when the custodian's secret is published at the latest
	Title        string        `json:"title"`
	Operator     string        `json:"operator"`
	Period       string        `json:"period"` // what visits are counted over: "year" or "rolling"
	Cap          uint64        `json:"cap"`    // most visits of an object in the period, 1 or 2
	Lambda       [2]uint64     `json:"lambda"` // repeat factor, numerator and denominator
	Tasks        []Task        `json:"tasks"`
	Scopes       []Scope       `json:"scopes"`
	Contributors []Contributor `json:"contributors"`
	Event        EventPlan     `json:"event"`
	Deadlines    Deadlines     `json:"deadlines"`
	Mix          uint64        `json:"mix"`      // mixing factor of the matching, 0 to 1000
	Programs     []Program     `json:"programs"` // the verifiers, by digest
}

// A Task (抽查任务) says how many objects to draw of each stratum.
type Task struct {
	Code        string    `json:"code"`
	Title       string    `json:"title"`
	Lead        string    `json:"lead"`
	Departments []string  `json:"departments"`
	Items       []string  `json:"items"`
	Group       string    `json:"group"`   // tasks of one consolidation group share tickets
	Quota       string    `json:"quota"`   // "rate": of each stratum at least its rate; "total": Total over all
	Total       uint64    `json:"total"`   // 0 unless Quota is "total"
	Strata      []Stratum `json:"strata"`  // sorted by code
	Reserve     uint64    `json:"reserve"` // how many ranks after the drawn ones stand ready, per cell
}

// A Stratum (分层) is the objects of one risk or credit class.
type Stratum struct {
	Code string `json:"code"`
	Rate uint64 `json:"rate"` // basis points; 0 if the task's quota is a total
}

// A Scope is a set of tasks that may draw an object.
type Scope struct {
	Code  string   `json:"code"`
	Tasks []string `json:"tasks"` // sorted
}

// A Contributor gives a secret to the seed.
type Contributor struct {
	Name   string `json:"name"`
	Role   string `json:"role"`   // "open", "sealed" or "custodian"
	Key    string `json:"key"`    // public key that signs its commitment
	Holder string `json:"holder"` // sealed: the other sealed contributor, who keeps its envelope
}

// An EventPlan names the public event before it happens.
type EventPlan struct {
	NotBefore string   `json:"not_before"`
	Sources   []Source `json:"sources"`
	Reserves  []Source `json:"reserves"` // take the place of cancelled sources, in order
}

// Deadlines are the latest instants of three phases.
type Deadlines struct {
	Commit    string `json:"commit"`
	Reveal    string `json:"reveal"`
	Envelopes string `json:"envelopes"`
}

// A Program is a verifier the manifest vouches for.
type Program struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
}

// Cells that were visited as often as the cap allows are in tier 2; objects not
// yet visited are in tier 0.
const capped = 2

// tier is the burden tier of an object with so many visits.
func (m *Manifest) tier(visits int) int {
	if uint64(visits) >= m.Cap {
		return capped
	}
	return visits
}

// ParseManifest reads and checks a manifest.
func ParseManifest(file string, data []byte) (*Manifest, error) {
	m := new(Manifest)
	if err := decode(file, data, m); err != nil {
		return nil, err
	}
	return m, m.check(file)
}

// Encode is the manifest's file.
func (m *Manifest) Encode() ([]byte, error) {
	if err := m.check(ManifestFile); err != nil {
		return nil, err
	}
	return encode(ManifestFile, m)
}

// Digest is the manifest's digest, under its own suite.
func (m *Manifest) Digest() Hash { return m.Suite.docDigest(m.Doc, m) }

// docDigest is H(lp(tag, canonical form)).
func (s Suite) docDigest(tag string, doc any) Hash {
	text, err := canonical(tag, doc)
	if err != nil {
		return Hash{} // check refuses such a document before
	}
	return s.digest(tag, string(text))
}

// Task returns the task of a code.
func (m *Manifest) Task(code string) (Task, bool) {
	i := slices.IndexFunc(m.Tasks, func(t Task) bool { return t.Code == code })
	if i < 0 {
		return Task{}, false
	}
	return m.Tasks[i], true
}

// Groups are the consolidation groups of the tasks, sorted.
func (m *Manifest) Groups() []string {
	var groups []string
	for _, t := range m.Tasks {
		groups = append(groups, t.Group)
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// stratum is where the task lists a stratum, or -1.
func (t Task) stratum(code string) int {
	return slices.IndexFunc(t.Strata, func(s Stratum) bool { return s.Code == code })
}

// isInstant tells whether s is a UTC instant, to the second.
func isInstant(s string) bool {
	t, err := time.Parse(instantForm, s)
	return err == nil && t.Format(instantForm) == s
}

const instantForm = "2006-01-02T15:04:05Z"

// isTitle tells whether s is a text of 1 to n bytes, without blanks at its ends.
func isTitle(s string, n int) bool {
	return s != "" && len(s) <= n && IsText(s) && strings.TrimSpace(s) == s
}

// ascending tells whether keys are sorted by bytes and distinct.
func ascending[T any](list []T, key func(T) string) bool {
	for i := 1; i < len(list); i++ {
		if key(list[i-1]) >= key(list[i]) {
			return false
		}
	}
	return true
}

func itself(s string) string { return s }

// A checker collects the first complaint about a document.
type checker struct {
	file string
	err  error
}

// need complains unless ok.
func (c *checker) need(ok bool, format string, args ...any) {
	if !ok && c.err == nil {
		c.err = fault(c.file, 1, format, args...)
	}
}

func (m *Manifest) check(file string) error {
	c := &checker{file: file}
	c.need(m.Doc == "SDP1.manifest", "doc 应为 SDP1.manifest")
	c.need(isCode(m.Batch, 40, className), "batch 应为 1 至 40 位字母、数字、点、下划线或连字符")
	c.need(m.Run >= 1 && m.Run <= 999, "run 应在 1 至 999 之间")
	c.need(m.Run == 1 && m.Void == "" || m.Run > 1 && isHex(m.Void, 64), "第一次抽取的 void 应为空，以后各次应为上一次作废记录的摘要")
	c.need(isInstant(m.Time), "time 应为 2026-01-02T03:04:05Z 形式的时间")
	c.need(m.Suite.known(), "suite 应为 sha256-ed25519 或 sm3-sm2")
	c.need(m.Mode == "open" && m.Opening == "" || m.Mode == "sealed" && isInstant(m.Opening), "公开模式的 opening 应为空，密封模式应写明启封时间")
	c.need(isTitle(m.Title, 200) && isTitle(m.Operator, 200), "title 和 operator 应为 1 至 200 字节的文字")
	c.need(m.Period == "year" || m.Period == "rolling", "period 应为 year 或 rolling")
	// R52: at most two a year; a manifest may only be stricter.
	c.need(m.Cap == 1 || m.Cap == 2, "cap 应为 1 或 2")
	num, den := m.Lambda[0], m.Lambda[1]
	c.need(den >= 1 && den <= 1000 && num <= den, "lambda 应为分母不超过 1000、不大于 1 的分数")
	c.need(m.Mix <= 1000, "mix 应在 0 至 1000 之间")
	c.need(ascending(m.Programs, func(p Program) string { return p.Name }), "programs 应按 name 排序且不重复")
	for _, p := range m.Programs {
		c.need(isCode(p.Name, 64, className) && isHex(p.Digest, 64), "programs 中 %s 的名称或摘要不对", p.Name)
	}
	m.checkTasks(c)
	m.checkScopes(c)
	m.checkContributors(c)
	m.checkEvent(c)
	return c.err
}

func (m *Manifest) checkTasks(c *checker) {
	c.need(len(m.Tasks) >= 1 && len(m.Tasks) <= 64, "tasks 应有 1 至 64 项")
	c.need(ascending(m.Tasks, func(t Task) string { return t.Code }), "tasks 应按 code 排序且不重复")
	for _, t := range m.Tasks {
		c.need(isCode(t.Code, 16, className) && isCode(t.Group, 16, className), "任务 %s 的 code 或 group 应为 1 至 16 位字母、数字、点、下划线或连字符", t.Code)
		c.need(isTitle(t.Title, 200) && isTitle(t.Lead, 200), "任务 %s 的 title 或 lead 应为 1 至 200 字节的文字", t.Code)
		c.need(ascending(t.Departments, itself) && slices.Contains(t.Departments, t.Lead), "任务 %s 的 departments 应排序、不重复并包含 lead", t.Code)
		for _, text := range slices.Concat(t.Departments, t.Items) {
			c.need(isTitle(text, 200), "任务 %s 的部门或事项应为 1 至 200 字节的文字", t.Code)
		}
		c.need(t.Quota == "rate" && t.Total == 0 || t.Quota == "total" && t.Total <= maxSize, "任务 %s 的 quota 应为 rate（total 为 0）或 total", t.Code)
		c.need(t.Reserve <= 1_000_000, "任务 %s 的 reserve 不应超过 1000000", t.Code)
		c.need(len(t.Strata) >= 1 && len(t.Strata) <= 64, "任务 %s 的 strata 应有 1 至 64 项", t.Code)
		c.need(ascending(t.Strata, func(s Stratum) string { return s.Code }), "任务 %s 的 strata 应按 code 排序且不重复", t.Code)
		for _, s := range t.Strata {
			c.need(isCode(s.Code, 8, classCode), "任务 %s 的分层代码 %s 应为 1 至 8 位字母或数字", t.Code, s.Code)
			c.need(s.Rate <= 10000, "任务 %s 分层 %s 的比例超过 100%%", t.Code, s.Code)
			c.need(t.Quota == "rate" || s.Rate == 0, "任务 %s 按总数抽取，分层 %s 的 rate 应为 0", t.Code, s.Code)
		}
	}
}

func (m *Manifest) checkScopes(c *checker) {
	c.need(len(m.Scopes) >= 1 && len(m.Scopes) <= 4096, "scopes 应有 1 至 4096 项")
	c.need(ascending(m.Scopes, func(s Scope) string { return s.Code }), "scopes 应按 code 排序且不重复")
	for _, s := range m.Scopes {
		c.need(isCode(s.Code, 8, classCode), "范围代码 %s 应为 1 至 8 位字母或数字", s.Code)
		c.need(ascending(s.Tasks, itself), "范围 %s 的任务应排序且不重复", s.Code)
		for _, code := range s.Tasks {
			_, ok := m.Task(code)
			c.need(ok, "范围 %s 中的任务 %s 未列入 tasks", s.Code, code)
		}
	}
}

// checkContributors holds the rule of crossed envelopes: who seals a secret does
// not keep it.
func (m *Manifest) checkContributors(c *checker) {
	count := map[string]int{}
	c.need(len(m.Contributors) <= 32, "contributors 不应超过 32 项")
	c.need(ascending(m.Contributors, func(x Contributor) string { return x.Name }), "contributors 应按 name 排序且不重复")
	for _, x := range m.Contributors {
		count[x.Role]++
		c.need(isTitle(x.Name, 60), "contributors 的 name 应为 1 至 60 字节的文字")
		c.need(slices.Contains([]string{"open", "sealed", "custodian"}, x.Role), "%s 的 role 应为 open、sealed 或 custodian", x.Name)
		c.need(m.Suite.publicKey(x.Key), "%s 的公钥 key 与套件不符", x.Name)
		holder := slices.ContainsFunc(m.Contributors, func(h Contributor) bool { return h.Name == x.Holder && h.Role == "sealed" && h.Name != x.Name })
		c.need(x.Role == "sealed" && holder || x.Role != "sealed" && x.Holder == "", "%s 的 holder 应为另一密封方（非密封方留空）", x.Name)
	}
	c.need(count["open"] >= 2, "至少应有两个公开贡献方（role 为 open）")
	c.need(count["sealed"] != 1, "密封方应没有，或至少两个且互换保管")
	c.need(count["custodian"] == 1 && m.Mode == "sealed" || count["custodian"] == 0 && m.Mode != "sealed", "密封模式应恰有一个 custodian，公开模式不应有")
}

func (m *Manifest) checkEvent(c *checker) {
	e, d := m.Event, m.Deadlines
	c.need(isInstant(e.NotBefore) && isInstant(d.Commit) && isInstant(d.Reveal) && isInstant(d.Envelopes), "event 和 deadlines 的时间应为 2026-01-02T03:04:05Z 形式")
	c.need(m.Time < d.Commit && d.Commit <= d.Reveal && d.Reveal < e.NotBefore && e.NotBefore < d.Envelopes,
		"时间顺序应为：公告、承诺截止、亮出截止、事件、启封截止")
	c.need(m.Mode != "sealed" || d.Envelopes <= m.Opening, "启封时间 opening 不应早于 deadlines.envelopes")
	c.need(len(e.Sources) >= 1 && len(e.Sources)+len(e.Reserves) <= 16, "event 应有 1 至 16 个来源")
	seen := map[string]bool{}
	for _, s := range slices.Concat(e.Sources, e.Reserves) {
		c.need(!seen[s.Code], "事件来源 %s 重复", s.Code)
		seen[s.Code] = true
		s.check(c)
	}
	if c.err == nil {
		c.need(m.enough(e.Sources), "%s", tooFewOutcomes)
	}
}
