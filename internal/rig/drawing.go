package rig

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/match"
	"suicha/internal/synth"
)

// A Drawing is one run of a batch, played in memory phase by phase: the same label
// gives the same bytes. Its files are those of docs/design/draw.md §17.
type Drawing struct {
	testing.TB
	Files ceremony.Tree
	C     *draw.Ceremony
	Names map[string]string // of the objects, by code

	mode    string
	run     uint64
	before  *Drawing
	label   string // what the secrets are made of
	signers map[string]draw.Signer
}

// DrawingNumber is the number of the batch of all Drawings.
const DrawingNumber = "370687-2026-p04"

// Phases of a Drawing, in their order.
var Phases = []string{"announce", "lock", "commit", "reveal", "event", "envelope", "draw", "open"}

// NewDrawing plays a run up to a phase. In sealed mode the keys stay closed until
// the phase open. Before is the void run that this one follows, or nil.
func NewDrawing(t testing.TB, mode, label, until string, before *Drawing) *Drawing {
	t.Helper()
	d := &Drawing{TB: t, Files: ceremony.Tree{}, C: &draw.Ceremony{}, Names: map[string]string{}, mode: mode, run: 1, label: label, signers: map[string]draw.Signer{}}
	steps := []func(){d.announce, d.lock, d.commit, d.reveal, d.event, d.unseal, d.compute, d.open}
	if before != nil {
		d.before, d.run = before, before.run+1
	}
	for _, step := range steps[:slices.Index(Phases, until)+1] {
		step()
	}
	return d
}

// at is an instant of the ceremony, by the clock in China. A second run comes ten
// days after the first.
func (d *Drawing) at(day, clock string) string {
	at, err := time.Parse("2006-01-02 15:04", "2026-"+day+" "+clock)
	d.must(err)
	return draw.Instant(at.Add(-8*time.Hour).AddDate(0, 0, 10*int(d.run-1)))
}

func (d *Drawing) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func strata(rates ...uint64) (list []draw.Stratum) {
	for i, rate := range rates {
		list = append(list, draw.Stratum{Code: string(rune('A' + i)), Rate: rate})
	}
	return list
}

// contributors are six departments and two bodies with crossed envelopes.
func (d *Drawing) contributors() []draw.Contributor {
	list := []draw.Contributor{{Name: "公证处", Role: "sealed", Holder: "纪委监委"}, {Name: "纪委监委", Role: "sealed", Holder: "公证处"}}
	for _, name := range []string{"公安局", "卫生健康局", "市场监管局", "应急管理局", "教育体育局", "综合执法局"} {
		list = append(list, draw.Contributor{Name: name, Role: "open"})
	}
	if d.mode == "sealed" {
		list = append(list, draw.Contributor{Name: "市档案馆", Role: "custodian"})
	}
	for i, c := range list {
		signer, err := draw.SM3.ParseSigner(fmt.Sprintf("%x", sha256.Sum256([]byte("key of "+c.Name))))
		d.must(err)
		d.signers[c.Name], list[i].Key = signer, signer.Public()
	}
	slices.SortFunc(list, func(a, b draw.Contributor) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func (d *Drawing) announce() {
	m := &draw.Manifest{
		Doc: "SDP1.manifest", Batch: DrawingNumber, Run: 1, Time: d.at("11-09", "09:00"), Suite: draw.SM3, Mode: d.mode,
		Title: "海阳市 2026 年第四批部门联合抽查", Operator: "海阳市双随机联席会议办公室", Period: "year", Cap: 2, Lambda: [2]uint64{1, 4},
		Tasks: []draw.Task{
			{Code: "r01", Title: "餐饮服务单位联合抽查", Lead: "市场监管局", Departments: []string{"卫生健康局", "市场监管局"}, Items: []string{"食品经营许可检查"},
				Group: "g1", Quota: "rate", Strata: strata(100, 300, 1000, 2000), Reserve: 8},
			{Code: "r02", Title: "消防安全联合抽查", Lead: "应急管理局", Departments: []string{"公安局", "应急管理局"}, Items: []string{"消防安全检查"},
				Group: "g1", Quota: "total", Total: 40, Strata: strata(0, 0, 0, 0), Reserve: 4},
		},
		Scopes:       []draw.Scope{{Code: "s1", Tasks: []string{"r01", "r02"}}},
		Contributors: d.contributors(),
		Event: draw.EventPlan{NotBefore: d.at("11-18", "10:00"), Reserves: []draw.Source{},
			Sources: []draw.Source{{Code: "urn6", Title: "六位企业代表与市民现场摇取六个号码球", Kind: "urn", Parts: []draw.Part{{Count: 6, Min: 0, Max: 9, Ordered: 1}}}}},
		Deadlines: draw.Deadlines{Commit: d.at("11-18", "09:30"), Reveal: d.at("11-18", "09:55"), Envelopes: d.at("11-18", "11:00")},
		Mix:       20, Programs: []draw.Program{},
	}
	if d.mode == "sealed" {
		m.Opening = d.at("12-20", "09:00")
	}
	if d.before != nil {
		runs, err := ceremony.After(m, d.before.Files)
		d.must(err)
		for name, text := range runs {
			d.Files.Put(name, text)
		}
	}
	d.C.Manifest = m
	text, err := m.Encode()
	d.must(err)
	d.Files.Put(draw.ManifestFile, text)
}

// population invents the objects of four towns, and their names.
func (d *Drawing) population() []byte {
	objects, err := synth.Objects(1200, 2026, []string{Region})
	d.must(err)
	var text bytes.Buffer
	town := 0
	for o := range objects {
		town = town%4 + 1
		d.Names[o.ID] = o.Name
		r := draw.Record{ID: o.ID, Kind: 'u', Stratum: o.Class, Visits: o.Visits, Region: fmt.Sprintf("%s%03d", Region, town), Scope: "s1", Salt: o.Salt}
		text.WriteString(r.Line() + "\n")
	}
	return text.Bytes()
}

// inspectors are the files of the matching.
func (d *Drawing) inspectors() {
	var inspectors []string
	for i, department := range []string{"公安局", "卫生健康局", "市场监管局", "应急管理局"} {
		for n := range 9 {
			quals := "-"
			if n < 4 {
				quals = match.LeaderQual
			}
			inspectors = append(inspectors, fmt.Sprintf("%c%02d\t%s\t370687\t%s\t%d\t-\n", 'A'+i, n+1, department, quals, n%2))
		}
	}
	eligibility := []string{"公安\t公安局\t-\t1\t37\n", "卫健\t卫生健康局\t-\t1\t37\n", "市监\t市场监管局\t-\t1\t37\n", "应急\t应急管理局\t-\t1\t37\n"}
	needs := []string{"r01\t-\t卫生健康局\t卫健\t2\n", "r01\t-\t市场监管局\t市监\t2\n", "r02\t-\t公安局\t公安\t2\n", "r02\t-\t应急管理局\t应急\t2\n"}
	for name, lines := range map[string][]string{match.InspectorsFile: inspectors, match.EligibilityFile: eligibility, match.NeedsFile: needs, match.AvoidanceFile: nil} {
		slices.Sort(lines)
		d.Files.Put(name, []byte(strings.Join(lines, "")))
	}
}

func (d *Drawing) lock() {
	d.Files.Put(draw.PopulationFile, d.population())
	d.inspectors()
	var err error
	d.C.Lock, err = ceremony.Lock(d.C.Manifest, d.Files, d.at("11-17", "17:00"))
	d.must(err)
	put(d, draw.LockFile, d.C.Lock)
}

// put puts a document among the files.
func put[T draw.Lock | draw.Commits | draw.Reveals | draw.Event | draw.Envelopes | draw.Result | draw.Opening | draw.Void](d *Drawing, name string, doc *T) {
	d.Helper()
	text, err := draw.Document(name, doc)
	d.must(err)
	d.Files.Put(name, text)
}

func (d *Drawing) secret(name string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte("secret of "+name+" "+d.label)))
}

// Commitments are the first n contributors' commitments, signed.
func (d *Drawing) Commitments(n int) []draw.Commit {
	d.Helper()
	var commits []draw.Commit
	for i, k := range d.C.Manifest.Contributors[:n] {
		at, err := time.Parse(time.RFC3339, d.at("11-18", "09:05"))
		d.must(err)
		commit, err := d.C.Commit(k.Name, d.secret(k.Name), d.signers[k.Name], at.Add(time.Duration(i)*time.Minute))
		d.must(err)
		commits = append(commits, commit)
	}
	return commits
}

func (d *Drawing) commit() {
	ceremony.Commit(d.C, d.Commitments(len(d.C.Manifest.Contributors)))
	put(d, draw.CommitsFile, d.C.Commits)
}

// Secrets are the secrets of all contributors of a role, shown at a time of the day.
func (d *Drawing) Secrets(role, clock string) []draw.Reveal {
	list := []draw.Reveal{}
	for _, k := range ceremony.OfRole(d.C.Manifest, role) {
		list = append(list, draw.Reveal{Name: k.Name, Time: d.at("11-18", clock), Secret: d.secret(k.Name)})
	}
	return list
}

func (d *Drawing) reveal() {
	ceremony.Reveal(d.C, d.Secrets("open", "09:52"))
	put(d, draw.RevealsFile, d.C.Reveals)
}

func (d *Drawing) event() {
	const numbers = "urn6:4 0 7 1 9 3"
	d.must(ceremony.Event(d.C, ceremony.Typed{Numbers: numbers, Issue: map[string]string{"urn6": "市政务服务大厅"},
		Time: map[string]string{"urn6": d.at("11-18", "10:05")}}, numbers))
	put(d, draw.EventFile, d.C.Event)
}

func (d *Drawing) unseal() {
	ceremony.Unseal(d.C, d.Secrets("sealed", "10:12"))
	put(d, draw.EnvelopesFile, d.C.Envelopes)
}

// custodian is the last part of the seed of a sealed run.
func (d *Drawing) custodian() []draw.Reveal {
	reveals := d.Secrets("custodian", "10:15")
	for i := range reveals {
		reveals[i].Time = d.at("12-20", "09:00")
	}
	return reveals
}

// compute puts the outcome among the files, without what lists who was drawn.
func (d *Drawing) compute() {
	drawing, err := ceremony.Compute(d.C, d.Files, d.custodian()...)
	d.must(err)
	files, err := drawing.Files()
	d.must(err)
	for _, f := range files {
		if !f.Listed {
			d.Files.Put(f.Name, f.Text)
		}
	}
}

// open publishes keys and lists.
func (d *Drawing) open() {
	at := d.at("11-18", "10:15")
	if d.mode == "sealed" {
		at = d.at("12-20", "09:00")
	}
	drawing, err := ceremony.Compute(d.C, d.Files, d.custodian()...)
	d.must(err)
	d.C.Opening, err = d.C.NewOpening(at, d.custodian()...)
	d.must(err)
	files, err := drawing.Files()
	d.must(err)
	for _, f := range files {
		d.Files.Put(f.Name, f.Text)
	}
}

// Void ends the run in a phase, because somebody did not deliver.
func (d *Drawing) Void(phase, reason string, defaulters ...string) *Drawing {
	d.Helper()
	v, err := ceremony.Void(d.C, d.at("11-18", "10:00"), phase, reason, defaulters)
	d.must(err)
	put(d, draw.VoidFile, v)
	return d
}
