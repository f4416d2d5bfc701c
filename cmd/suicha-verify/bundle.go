package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// A bundle is the material of one draw and what has been read of it.
type bundle struct {
	out            io.Writer
	files          fs.FS
	ceremony       *draw.Ceremony
	keys           draw.Keys // nil before the opening
	seed           draw.Seed
	drawn, reserve []draw.Pick
}

// verifyBundle runs the checks of levels L2 and L3, in the order of
// docs/design/draw.md §18, and stops at the first fault.
func verifyBundle(out io.Writer, files fs.FS) error {
	b := &bundle{out: out, files: files}
	for _, step := range []struct {
		text  string
		check func() (done bool, err error)
	}{
		{"清单：每个文件的 SHA-256 与 SM3 摘要", b.sums},
		{"文书：公告、封库、承诺、公开、摇号、拆封、结果，逐份核对", b.documents},
		{"此前各次：作废记录首尾相接", b.runs},
		{"公开名单：数量与默克尔根", b.public},
		{"名单变动与随封文件", b.fixed},
		{"抽中名单与候补名单：逐户重算签号", b.lists},
		{"替补记录：依次重演", b.substitutions},
		{"全部名单：重算名单根、各格排序与入选线", b.population},
		{"检查小组：重新匹配", b.teams},
	} {
		done, err := step.check()
		switch {
		case err != nil:
			return err
		case done:
			fmt.Fprintf(out, "  相符　%s\n", step.text)
		default:
			fmt.Fprintf(out, "  未附　%s\n", step.text)
		}
	}
	b.report()
	return nil
}

func (b *bundle) sums() (bool, error) { return true, draw.CheckSums(b.files) }

func (b *bundle) documents() (done bool, err error) {
	if b.ceremony, err = draw.Load(b.files); err != nil {
		return false, err
	}
	if err := b.void(); err != nil {
		return false, err
	}
	if b.ceremony.Opening == nil {
		return true, b.nothingEarly()
	}
	if b.seed, err = b.ceremony.Seed(); err != nil {
		return false, err
	}
	b.keys = b.seed.Keys(b.ceremony.Manifest)
	return true, b.readLists()
}

// void checks the record that ends a run without a result: docs/design/draw.md §14.
func (b *bundle) void() error {
	data, err := fs.ReadFile(b.files, draw.VoidFile)
	if err != nil {
		return nil // this run was not voided
	}
	void, err := draw.ParseVoid(draw.VoidFile, data, b.ceremony.Manifest)
	if err != nil {
		return err
	}
	c, s := b.ceremony, b.ceremony.Manifest.Suite
	last := c.Manifest.Digest()
	switch {
	case c.Result != nil:
		return &draw.Fault{File: draw.VoidFile, Line: 1, Text: "已有抽取结果，本次不能作废"}
	case c.Envelopes != nil:
		last = c.Envelopes.Digest(s)
	case c.Event != nil:
		last = c.Event.Digest(s)
	case c.Reveals != nil:
		last = c.Reveals.Digest(s)
	case c.Commits != nil:
		last = c.Commits.Digest(s)
	case c.Lock != nil:
		last = c.Lock.Digest(s)
	}
	if void.Last != last.String() {
		return &draw.Fault{File: draw.VoidFile, Line: 1, Text: "last 应为本次最后一份有效文书的摘要"}
	}
	fmt.Fprintf(b.out, "  本次作废：%s\n", void.Reason)
	return nil
}

// nothingEarly refuses lists in a bundle that is not opened yet.
func (b *bundle) nothingEarly() error {
	for _, name := range []string{draw.ResultList, draw.ReserveList, draw.SubstitutionsFile} {
		if has(b.files, name) {
			return &draw.Fault{File: name, Text: "尚未公开，不应附有名单"}
		}
	}
	return nil
}

func (b *bundle) readLists() (err error) {
	if b.drawn, err = b.list(draw.ResultList); err != nil {
		return err
	}
	b.reserve, err = b.list(draw.ReserveList)
	return err
}

func (b *bundle) list(name string) ([]draw.Pick, error) {
	f, err := b.files.Open(name)
	if err != nil {
		return nil, &draw.Fault{File: name, Text: "已经公开，却没有附这份名单"}
	}
	defer f.Close()
	return draw.ReadList(f, name)
}

func (b *bundle) runs() (bool, error) {
	return b.ceremony.Manifest.Run > 1, draw.CheckRuns(b.ceremony.Manifest, b.files)
}

func (b *bundle) public() (bool, error) {
	f, err := b.files.Open(draw.PublicFile)
	if err != nil {
		return false, nil
	}
	defer f.Close()
	var want []string
	for _, p := range append(append([]draw.Pick(nil), b.drawn...), b.reserve...) {
		want = append(want, p.ID)
	}
	c, err := draw.ReadPublic(b.ceremony.Manifest.Suite, f, want)
	if err == nil && b.ceremony.Lock != nil && c != b.ceremony.Lock.Population {
		err = &draw.Fault{File: draw.PublicFile, Text: "名单的根或数量与 lock.json 不符"}
	}
	return true, err
}

func (b *bundle) fixed() (bool, error) {
	if b.ceremony.Lock == nil {
		return false, nil
	}
	absent, err := draw.CheckFiles(b.ceremony, b.files)
	for _, name := range absent {
		fmt.Fprintf(b.out, "  未附　%s（不在这份公开材料中）\n", name)
	}
	return true, err
}

func (b *bundle) lists() (bool, error) {
	if b.keys == nil {
		return false, nil
	}
	return true, draw.CheckLists(b.ceremony.Manifest, b.ceremony.Result, b.keys, b.drawn, b.reserve)
}

func (b *bundle) substitutions() (bool, error) {
	f, err := b.files.Open(draw.SubstitutionsFile)
	if err != nil {
		return false, nil
	}
	defer f.Close()
	if b.keys == nil {
		return false, &draw.Fault{File: draw.SubstitutionsFile, Text: "公开之前不应有替补记录"}
	}
	return true, draw.NewRoll(b.drawn, b.reserve).Read(f)
}

func (b *bundle) population() (bool, error) {
	if b.keys == nil || !has(b.files, draw.PopulationFile) {
		return false, nil
	}
	f, err := b.files.Open(draw.PopulationFile)
	if err != nil {
		return false, err
	}
	defer f.Close()
	r, ok := f.(io.ReadSeeker)
	if !ok { // in an archive a file can only be read through
		text, err := io.ReadAll(f)
		if err != nil {
			return false, &draw.Fault{File: draw.PopulationFile, Text: "压缩包已损坏，请重新下载"}
		}
		r = bytes.NewReader(text)
	}
	return true, draw.CheckPopulation(b.ceremony, b.keys, r, b.drawn, b.reserve)
}

// teams matches again and compares byte by byte.
func (b *bundle) teams() (bool, error) {
	if b.keys == nil {
		return false, nil
	}
	// The matching is checked whole or not at all: with some of its files
	// missing it would say less than it seems to.
	files := []string{match.InspectorsFile, match.EligibilityFile, match.DemandsFile, match.AvoidanceFile, match.AssignmentFile, match.BalanceFile}
	var missing []string
	for _, name := range files {
		if !has(b.files, name) {
			missing = append(missing, name)
		}
	}
	switch {
	case len(missing) > 0 && has(b.files, draw.PopulationFile) && b.ceremony.Result.Teams.Size > 0, len(missing) > 0 && len(missing) < len(files):
		return false, &draw.Fault{File: missing[0], Text: "派组材料不全，缺少这份文件"}
	case len(missing) > 0:
		return false, nil
	}
	read := func(name string) []byte {
		text, _ := fs.ReadFile(b.files, name) // an absent file is an empty one, which the lock's digest tells
		return text
	}
	problem, err := match.Parse(match.Files{
		Inspectors: read(match.InspectorsFile), Eligibility: read(match.EligibilityFile),
		Demands: read(match.DemandsFile), Avoidance: read(match.AvoidanceFile),
	})
	if err != nil {
		return false, err
	}
	m := b.ceremony.Manifest
	terms := match.Terms{Suite: match.SHA256, Mix: int(m.Mix), Keys: map[string]string{}}
	if m.Suite != "sha256-ed25519" {
		terms.Suite = match.SM3
	}
	for _, d := range problem.Demands {
		terms.Keys[d.Department] = b.seed.MatchKey(d.Department).String()
	}
	result, err := match.Solve(problem, terms)
	if err != nil {
		return false, err
	}
	assignment := read(match.AssignmentFile)
	if err := same(match.AssignmentFile, assignment, match.FormatSeats(result.Seats)); err != nil {
		return false, err
	}
	if has(b.files, match.BalanceFile) {
		if err := same(match.BalanceFile, read(match.BalanceFile), match.FormatLabels(result.Labels)); err != nil {
			return false, err
		}
	}
	teams, err := b.seed.Teams(assignment)
	if err == nil && teams.Root() != b.ceremony.Result.Teams {
		err = &draw.Fault{File: match.AssignmentFile, Text: "检查小组的根与 result.json 不符"}
	}
	return true, err
}

// same compares a file with what was computed and names the first line that
// differs.
func same(file string, have, want []byte) error {
	a, b := bytes.SplitAfter(have, []byte("\n")), bytes.SplitAfter(want, []byte("\n"))
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || !bytes.Equal(a[i], b[i]) {
			return &draw.Fault{File: file, Line: i + 1, Text: "与重新计算的结果不同"}
		}
	}
	return nil
}

// report says what the reader should know besides: shown, not judged.
func (b *bundle) report() {
	c := b.ceremony
	level := "L2 公开核验"
	if b.keys != nil && has(b.files, draw.PopulationFile) {
		level = "L3 全部重算"
	}
	fmt.Fprintf(b.out, "%s：相符\n  %s\n  批次 %s，第 %d 次运行\n", level, c.Manifest.Title, c.Manifest.Batch, c.Manifest.Run)
	if c.Lock != nil {
		d := c.Lock.Difference
		fmt.Fprintf(b.out, "  名单 %d 户；与上次相比新增 %d、移出 %d、变更 %d\n", c.Lock.Population.Size, d.Added, d.Removed, d.Changed)
	}
	if b.keys != nil {
		fmt.Fprintf(b.out, "  抽中 %d 户，候补 %d 户\n", len(b.drawn), len(b.reserve))
	} else if c.Result != nil && c.Manifest.Opening != "" {
		fmt.Fprintf(b.out, "  尚未公开，最迟于 %s 公开\n", c.Manifest.Opening)
	}
	if c.Result != nil {
		fmt.Fprintf(b.out, "  结果文件摘要 %s\n", c.Result.Digest(c.Manifest.Suite))
	}
}
