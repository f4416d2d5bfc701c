package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"suicha/internal/draw"
)

// A bundle is the material of one draw and what has been read of it.
type bundle struct {
	out            io.Writer
	files          fs.FS
	ceremony       *draw.Ceremony
	keys           draw.Keys // nil before the opening
	seed           draw.Seed
	known          map[string]bool // the ids of the lists, and whether they are in the population
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
		{"与上次名单的差异", b.difference},
		{"随名单锁定的文件", b.fixed},
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
		return true, nil
	}
	if b.seed, err = b.ceremony.Seed(); err != nil {
		return false, err
	}
	b.keys = b.seed.Keys(b.ceremony.Manifest)
	return true, nil
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

func (b *bundle) runs() (bool, error) {
	return b.ceremony.Manifest.Run > 1, draw.CheckRuns(b.ceremony.Manifest, b.files)
}

// public checks the public list, and looks for the drawn objects in it.
func (b *bundle) public() (bool, error) {
	if b.ceremony.Lock == nil {
		return false, nil
	}
	b.known = map[string]bool{}
	if b.keys != nil {
		for _, name := range listNames {
			if err := b.mention(name); err != nil {
				return false, err
			}
		}
	}
	f, err := b.files.Open(draw.PublicFile)
	switch {
	case err != nil && has(b.files, draw.PopulationFile):
		return false, b.mark(draw.PopulationFile)
	case err != nil:
		return false, &draw.Fault{File: draw.PublicFile, Text: "缺少这份公开名单"}
	}
	defer f.Close()
	c, err := draw.ReadPublic(b.ceremony.Manifest.Suite, f, b.known)
	if err == nil && c != b.ceremony.Lock.Population {
		err = &draw.Fault{File: draw.PublicFile, Text: "名单的根或数量与 lock.json 不符"}
	}
	return true, err
}

var listNames = [2]string{draw.ResultList, draw.ReserveList}

// mention notes the ids of a list, whose form is checked later.
func (b *bundle) mention(name string) error {
	return b.eachLine(name, "已经公开，却没有附这份名单", func(text string) {
		if p, ok := draw.ParsePick(text); ok {
			b.known[p.ID] = false
		}
	})
}

// mark marks the ids that are in the population, whose form is checked later.
func (b *bundle) mark(name string) error {
	return b.eachLine(name, "", func(text string) {
		id, _, _ := strings.Cut(text, "\t")
		if _, mentioned := b.known[id]; mentioned {
			b.known[id] = true
		}
	})
}

func (b *bundle) eachLine(name, absent string, do func(text string)) error {
	f, err := b.files.Open(name)
	if err != nil {
		return &draw.Fault{File: name, Text: absent}
	}
	defer f.Close()
	lines := bufio.NewReader(f)
	for {
		text, err := lines.ReadString('\n')
		do(strings.TrimSuffix(text, "\n"))
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &draw.Fault{File: name, Text: "压缩包已损坏，请重新下载"}
		}
	}
}

// difference is there exactly if the lock has its digest.
func (b *bundle) difference() (bool, error) {
	if b.ceremony.Lock == nil {
		return false, nil
	}
	want := b.ceremony.Lock.Difference
	f, err := b.files.Open(draw.DifferenceFile)
	switch {
	case err != nil && want.Digest == "":
		return false, nil
	case err != nil:
		return false, &draw.Fault{File: draw.DifferenceFile, Text: "锁定时有上一次名单，却没有附这份差异"}
	}
	defer f.Close()
	if want.Digest == "" {
		return false, &draw.Fault{File: draw.DifferenceFile, Text: "锁定时没有上一次名单，不应有这份差异"}
	}
	return true, draw.ReadDifference(b.ceremony.Manifest.Suite, f, want)
}

func (b *bundle) fixed() (bool, error) {
	if b.ceremony.Lock == nil {
		return false, nil
	}
	if err := b.matchingWhole(); err != nil {
		return false, err
	}
	absent, err := draw.CheckFiles(b.ceremony, b.files)
	for _, name := range absent {
		fmt.Fprintf(b.out, "  未附　%s（不在这份公开材料中）\n", name)
	}
	return true, err
}

func (b *bundle) lists() (bool, error) {
	if b.keys == nil {
		return false, b.nothingEarly()
	}
	var files [2]io.Reader
	for i, name := range listNames {
		f, err := b.files.Open(name)
		if err != nil {
			return false, err
		}
		defer f.Close()
		files[i] = f
	}
	lists, err := draw.ReadLists(b.ceremony.Manifest, b.ceremony.Result, b.keys, files, func(id string) bool { return !b.known[id] })
	b.drawn, b.reserve = lists[0], lists[1]
	return true, err
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
	if b.ceremony.Lock == nil || !has(b.files, draw.PopulationFile) {
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
	if b.keys == nil {
		return true, draw.CheckPool(b.ceremony, r)
	}
	return true, draw.CheckPopulation(b.ceremony, b.keys, r, b.drawn, b.reserve)
}

// report says what the reader should know besides: shown, not judged.
func (b *bundle) report() {
	c := b.ceremony
	level := "L2 公开核验"
	if c.Lock != nil && has(b.files, draw.PopulationFile) {
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
