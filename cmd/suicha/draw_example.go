package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/match"
	"suicha/internal/synth"
)

// DrawExampleCmd makes a whole small draw, or one up to a phase.
type DrawExampleCmd struct {
	Folder     string `arg:"" name:"dir" help:"要新建的目录。"`
	N          int    `short:"n" default:"600" help:"虚构对象的数量。"`
	Suite      string `default:"sm3-sm2" enum:"sm3-sm2,sha256-ed25519" help:"密码套件：sm3-sm2（默认）或 sha256-ed25519。"`
	Mode       string `default:"open" enum:"open,sealed" help:"公开模式 open（默认）或者密封模式 sealed。"`
	Until      string `default:"run" enum:"announce,lock,commit,reveal,event,envelope,run" help:"做到哪一步为止：announce、lock、commit、reveal、event、envelope 或 run（默认）。"`
	Rate       uint64 `placeholder:"BP" help:"只设一个任务，各分层都按这个比例（万分之几）抽取，不派组。用于测速。"`
	Population string `placeholder:"FILE" help:"使用已有的规范名单，不另生成。"`
	drawAnswer
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawExampleCmd) Help() string {
	return `用虚构的对象、贡献方和号码做完一次抽取：密钥、随机数、事件、结果、派组、公示包。仅供学习和演练，没有法律效力。

例：
  suicha draw example 示范
  suicha draw explain "$(head -1 示范/population.tsv | cut -f1)" -d 示范`
}

// An example is a ceremony that one program plays alone.
type example struct {
	drawFolder
	cmd     *DrawExampleCmd
	c       *draw.Ceremony
	secrets map[string]drawSecret
	base    time.Time // of the announcement
}

// A phase of the example.
type phase struct {
	name    string
	minutes int
	do      func(*example) error
}

// phases of the example, and when each takes place: minutes after the
// announcement. The next phase is due now.
var phases = []phase{
	{"announce", 0, (*example).announce}, {"lock", 60, (*example).lock}, {"commit", 90, (*example).commit}, {"reveal", 150, (*example).reveal},
	{"event", 270, (*example).event}, {"envelope", 300, (*example).envelope}, {"run", 420, (*example).run},
}

// Run plays the phases.
func (c *DrawExampleCmd) Run() error {
	if err := os.Mkdir(c.Folder, 0o755); err != nil {
		return fmt.Errorf("无法新建目录 %s，请换一个尚不存在的名称：%w", c.Folder, err)
	}
	last := slices.IndexFunc(phases, func(p phase) bool { return p.name == c.Until })
	due := phases[min(last+1, len(phases)-1)].minutes
	x := &example{drawFolder: drawFolder{Dir: c.Folder}, cmd: c, c: &draw.Ceremony{}, secrets: map[string]drawSecret{},
		base: time.Now().Truncate(time.Second).Add(-time.Duration(due) * time.Minute)}
	for _, p := range phases[:last+1] {
		if err := p.do(x); err != nil {
			return err
		}
	}
	return c.say(map[string]string{"dir": c.Folder, "until": c.Until}, "示范抽取已写入 %s（全部为虚构数据）。\n", c.Folder)
}

func (x *example) at(minutes int) string {
	return draw.Instant(x.base.Add(time.Duration(minutes) * time.Minute))
}

// announce makes contributors, manifest, population and inspectors.
func (x *example) announce() error {
	m := x.manifest()
	if err := os.Mkdir(x.path("contributors"), 0o700); err != nil {
		return err
	}
	for i, k := range m.Contributors {
		s, err := newDrawSecret(k.Name, m.Suite)
		if err != nil {
			return err
		}
		text, err := s.encode()
		if err != nil {
			return err
		}
		x.secrets[k.Name], m.Contributors[i].Key = s, s.Public
		if err := x.write("contributors/"+k.Name+".secret", text, 0o600); err != nil {
			return err
		}
	}
	free, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	text, err := m.Encode()
	if err != nil {
		return err
	}
	x.c.Manifest = m
	if err := errors.Join(x.write("announcement.json", append(free, '\n'), 0o644), x.write(draw.ManifestFile, text, 0o644)); err != nil {
		return err
	}
	if err := x.invent(); err != nil {
		return err
	}
	if x.cmd.Rate > 0 {
		return nil
	}
	for name, text := range exampleInspectors() {
		if err := x.write(name, text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// invent makes the objects, or takes those given.
func (x *example) invent() error {
	if x.cmd.Population != "" {
		from, err := filepath.Abs(x.cmd.Population)
		if err != nil {
			return err
		}
		return os.Symlink(from, x.path(draw.PopulationFile))
	}
	objects, err := synth.Objects(x.cmd.N, 2026, []string{"370687"})
	if err != nil {
		return err
	}
	return writeWhole(x.path(draw.PopulationFile), 0o600, func(w io.Writer) error {
		return writePopulation(w, objects, "s1")
	})
}

func (x *example) manifest() *draw.Manifest {
	rates := func(rates ...uint64) (list []draw.Stratum) {
		for i, r := range rates {
			list = append(list, draw.Stratum{Code: string(rune('A' + i)), Rate: r})
		}
		return list
	}
	tasks := []draw.Task{
		{Code: "T1", Title: "企业年报公示信息抽查", Lead: "市场监管局", Departments: []string{"市场监管局", "税务局"}, Items: []string{"年度报告公示信息检查"},
			Group: "g1", Quota: "rate", Strata: rates(100, 300, 500, 1000), Reserve: 3},
		{Code: "T2", Title: "消防安全抽查", Lead: "消防救援大队", Departments: []string{"市场监管局", "消防救援大队"}, Items: []string{"消防安全检查"},
			Group: "g1", Quota: "total", Total: 8, Strata: rates(0, 0, 0, 0), Reserve: 2},
	}
	scopes := []draw.Scope{{Code: "s1", Tasks: []string{"T1", "T2"}}}
	if r := x.cmd.Rate; r > 0 {
		tasks[0].Strata, tasks, scopes = rates(r, r, r, r), tasks[:1], []draw.Scope{{Code: "s1", Tasks: []string{"T1"}}}
	}
	m := &draw.Manifest{
		Doc: "SDP1.manifest", Batch: "shifan-1", Run: 1, Time: x.at(0), Suite: draw.Suite(x.cmd.Suite), Mode: x.cmd.Mode,
		Title: "示范抽取（虚构数据）", Operator: "示范县双随机联席会议办公室", Period: "year", Cap: 2, Lambda: [2]uint64{1, 4}, Tasks: tasks, Scopes: scopes,
		Contributors: []draw.Contributor{{Name: "公证处", Role: "sealed", Holder: "纪检组"}, {Name: "市场监管局", Role: "open"},
			{Name: "税务局", Role: "open"}, {Name: "纪检组", Role: "sealed", Holder: "公证处"}},
		Event: draw.EventPlan{NotBefore: x.at(240), Sources: []draw.Source{
			{Code: "ssq", Title: "双色球", Kind: "lottery", Parts: []draw.Part{{Count: 6, Min: 1, Max: 33}, {Count: 1, Min: 1, Max: 16}}},
			{Code: "urn", Title: "现场六球", Kind: "urn", Parts: []draw.Part{{Count: 6, Min: 0, Max: 9, Ordered: 1}}},
		}, Reserves: []draw.Source{}},
		Deadlines: draw.Deadlines{Commit: x.at(120), Reveal: x.at(180), Envelopes: x.at(400)}, Mix: 20, Programs: []draw.Program{},
	}
	if m.Mode == "sealed" {
		m.Opening = x.at(600)
		m.Contributors = append(m.Contributors, draw.Contributor{Name: "银行保管箱", Role: "custodian"})
	}
	return m
}

// exampleInspectors are the files of the matching.
func exampleInspectors() map[string][]byte {
	var inspectors []string
	for i, department := range []string{"市场监管局", "消防救援大队", "税务局"} {
		for n := range 6 {
			quals := "-"
			if n < 3 {
				quals = match.LeaderQual
			}
			inspectors = append(inspectors, fmt.Sprintf("%c%02d\t%s\t370687\t%s\t%d\t-\n", 'A'+i, n+1, department, quals, n%2))
		}
	}
	eligibility := []string{"市监\t市场监管局\t-\t1\t37\n", "消防\t消防救援大队\t-\t1\t37\n", "税务\t税务局\t-\t1\t37\n"}
	needs := []string{"T1\t-\t市场监管局\t市监\t2\n", "T1\t-\t税务局\t税务\t1\n", "T2\t-\t市场监管局\t市监\t1\n", "T2\t-\t消防救援大队\t消防\t2\n"}
	files := map[string][]byte{match.AvoidanceFile: {}}
	for name, lines := range map[string][]string{match.InspectorsFile: inspectors, match.EligibilityFile: eligibility, match.NeedsFile: needs} {
		slices.Sort(lines)
		files[name] = []byte(strings.Join(lines, ""))
	}
	return files
}

func (x *example) lock() error {
	var err error
	if x.c.Lock, err = ceremony.Lock(x.c.Manifest, x, x.at(60)); err != nil {
		return x.blame(err)
	}
	return put(x.drawFolder, x.c, draw.LockFile, x.c.Lock)
}

func (x *example) commit() error {
	m := x.c.Manifest
	var commits []draw.Commit
	for _, k := range m.Contributors {
		s := x.secrets[k.Name]
		signer, err := m.Suite.ParseSigner(s.Key)
		if err != nil {
			return err
		}
		commit, err := x.c.Commit(k.Name, s.Secret, signer, x.base.Add(90*time.Minute))
		if err != nil {
			return err
		}
		commits = append(commits, commit)
	}
	ceremony.Commit(x.c, commits)
	return put(x.drawFolder, x.c, draw.CommitsFile, x.c.Commits)
}

// shown are the secrets of a role.
func (x *example) shown(role string, minutes int) []draw.Reveal {
	list := []draw.Reveal{}
	for _, k := range ceremony.OfRole(x.c.Manifest, role) {
		list = append(list, draw.Reveal{Name: k.Name, Time: x.at(minutes), Secret: x.secrets[k.Name].Secret})
	}
	return list
}

func (x *example) reveal() error {
	ceremony.Reveal(x.c, x.shown("open", 150))
	return put(x.drawFolder, x.c, draw.RevealsFile, x.c.Reveals)
}

func (x *example) event() error {
	const numbers = "ssq:33 7 12 3 25 19+8/urn:4 0 9 9 1 7"
	err := ceremony.Event(x.c, ceremony.Typed{Numbers: numbers, Issue: map[string]string{"ssq": "2026135", "urn": "政务大厅"},
		Time: map[string]string{"ssq": x.at(270), "urn": x.at(260)}}, numbers)
	if err != nil {
		return err
	}
	return put(x.drawFolder, x.c, draw.EventFile, x.c.Event)
}

func (x *example) envelope() error {
	ceremony.Unseal(x.c, x.shown("sealed", 300))
	return put(x.drawFolder, x.c, draw.EnvelopesFile, x.c.Envelopes)
}

func (x *example) run() error {
	var custodian []draw.Reveal
	if x.c.Manifest.Mode == "sealed" {
		custodian = x.shown("custodian", 420)
	}
	d, err := ceremony.Compute(x.c, x, custodian...)
	if err != nil {
		return x.blame(err)
	}
	if x.c.Manifest.Mode == "open" {
		if x.c.Opening, err = x.c.NewOpening(x.at(420)); err != nil {
			return err
		}
	}
	if err := x.keep(d); err != nil {
		return err
	}
	return bundleOptions{}.pack(x.drawFolder, x.path("公示.zip"))
}
