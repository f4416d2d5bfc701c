package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// A bundle is the material of one draw and what has been read of it.
type bundle struct {
	out      io.Writer
	files    fs.FS
	ceremony *draw.Ceremony
	keys     draw.Keys // nil before the opening
	seed     draw.Seed
	listed   [2][]draw.Pick  // drawn and reserve
	unlisted error           // what is wrong with the lists
	moves    []match.Move    // of substitutions.tsv
	needs    *match.Needs    // of a matched draw
	matched  *match.Problem  // once its teams were matched again
	known    map[string]bool // the ids of the lists, and whether they are in the population
	census   *draw.Census    // of the whole population, if that is in the bundle
}

// verifyBundle runs the checks of levels L2 and L3, in the order of
// docs/design/draw.md §18, and stops at the first fault. The digests of the files
// come first, but a file's digest is one long piece of work: the other checks go on
// beside it, and are told of when all digests are right.
func verifyBundle(out io.Writer, files fs.FS) error {
	digests := make(chan error, 1)
	go func() { digests <- draw.CheckSums(files) }()
	var rest bytes.Buffer
	err := (&bundle{out: &rest, files: files}).check()
	if err := <-digests; err != nil {
		return err
	}
	fmt.Fprintln(out, "  相符　清单：每个文件的 SHA-256 与 SM3 摘要")
	if _, err := rest.WriteTo(out); err != nil {
		return err
	}
	return err
}

// check runs the checks that come after the digests.
func (b *bundle) check() error {
	for _, step := range []struct {
		text  string
		check func() (done bool, err error)
	}{
		{"文书：公告、封库、承诺、公开、摇号、拆封、结果，逐份核对", b.documents},
		{"此前各次：作废记录首尾相接", b.runs},
		{"名单：数量与默克尔根，与封库时一致", b.objects},
		{"与上次名单的差异", b.difference},
		{"随名单锁定的文件", b.fixed},
		{"抽中名单与候补名单：逐户重算签号", b.lists},
		{"替补记录：依次重演", b.substitutions},
		{"全部重算：各格排序与入选线", b.order},
		{"检查小组：重新匹配", b.teams},
		{"人员替换记录：依次重演", b.replacements},
	} {
		done, err := step.check()
		switch {
		case err != nil:
			return err
		case done:
			fmt.Fprintf(b.out, "  相符　%s\n", step.text)
		default:
			fmt.Fprintf(b.out, "  未附　%s\n", step.text)
		}
	}
	b.report()
	return nil
}

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
	if b.ceremony.Result != nil {
		return &draw.Fault{File: draw.VoidFile, Line: 1, Text: "已有抽取结果，本次不能作废"}
	}
	if void.Last != b.ceremony.Last().String() {
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

// objects checks the population, of which the bundle has the public or the whole
// form, and looks for the drawn objects in it.
func (b *bundle) objects() (bool, error) {
	if b.ceremony.Lock == nil {
		return false, nil
	}
	b.readLists()
	b.known = map[string]bool{}
	for _, list := range b.listed {
		for _, p := range list {
			b.known[p.ID] = false
		}
	}
	if has(b.files, draw.PopulationFile) {
		return true, b.whole()
	}
	f, err := b.files.Open(draw.PublicFile)
	if err != nil {
		return false, &draw.Fault{File: draw.PublicFile, Text: "缺少这份公开名单"}
	}
	defer f.Close()
	c, err := draw.ReadPublic(b.ceremony.Manifest.Suite, f, b.known)
	if err == nil && c != b.ceremony.Lock.Population {
		err = &draw.Fault{File: draw.PublicFile, Text: "名单的根或数量与 lock.json 不符"}
	}
	return true, err
}

// whole reads the whole population, once for everything.
func (b *bundle) whole() error {
	if has(b.files, draw.PublicFile) {
		return &draw.Fault{File: draw.PublicFile, Text: "已附全部名单，不应再附公开名单"}
	}
	f, err := b.files.Open(draw.PopulationFile)
	if err != nil {
		return err
	}
	defer f.Close()
	r, ok := f.(io.ReadSeeker)
	if !ok { // in an archive a file can only be read through
		text, err := io.ReadAll(f)
		if err != nil {
			return &draw.Fault{File: draw.PopulationFile, Text: "压缩包已损坏，请重新下载"}
		}
		r = bytes.NewReader(text)
	}
	b.census, err = draw.ReadPopulation(b.ceremony, b.keys, r, b.known)
	return err
}

// readLists reads the lists for the ids that are looked for in the population. What
// is wrong with them is said in their turn.
func (b *bundle) readLists() {
	if b.keys == nil {
		return
	}
	var files [2]io.Reader
	for i, name := range [2]string{draw.ResultList, draw.ReserveList} {
		f, err := b.files.Open(name)
		if err != nil {
			b.unlisted = &draw.Fault{File: name, Text: "已经公开，却没有附这份名单"}
			return
		}
		defer f.Close()
		files[i] = f
	}
	b.listed, b.unlisted = draw.ReadLists(b.ceremony.Manifest, b.ceremony.Result, b.keys, files)
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
	if err := draw.CheckKnown(b.listed, b.known); err != nil {
		return false, err
	}
	return true, b.unlisted
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
	text, err := io.ReadAll(f)
	if err != nil {
		return false, &draw.Fault{File: draw.SubstitutionsFile, Text: "压缩包已损坏，请重新下载"}
	}
	if err := draw.NewRoll(b.listed[0], b.listed[1]).Read(bytes.NewReader(text)); err != nil {
		return false, err
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		b.moves = append(b.moves, match.Move{Task: f[2], Out: f[6], In: f[11]})
	}
	return true, nil
}

// order recomputes the order of all objects, of which the lists are the first.
func (b *bundle) order() (bool, error) {
	if b.census == nil || b.keys == nil {
		return false, nil
	}
	return true, b.census.Check(b.listed[0], b.listed[1])
}

// report says what the reader should know besides: shown, not judged.
func (b *bundle) report() {
	c := b.ceremony
	level := "L2 公开核验"
	if b.census != nil {
		level = "L3 全部重算"
	}
	fmt.Fprintf(b.out, "%s：相符\n  %s\n  批次 %s，第 %d 次运行\n", level, c.Manifest.Title, c.Manifest.Batch, c.Manifest.Run)
	if c.Lock != nil {
		d := c.Lock.Difference
		fmt.Fprintf(b.out, "  名单 %d 户；与上次相比新增 %d、移出 %d、变更 %d\n", c.Lock.Population.Size, d.Added, d.Removed, d.Changed)
	}
	if b.keys != nil {
		fmt.Fprintf(b.out, "  抽中 %d 户，候补 %d 户\n", len(b.listed[0]), len(b.listed[1]))
	} else if c.Result != nil && c.Manifest.Opening != "" {
		fmt.Fprintf(b.out, "  尚未公开，最迟于 %s 公开\n", c.Manifest.Opening)
	}
	if c.Result != nil {
		fmt.Fprintf(b.out, "  结果文件摘要 %s\n", c.Result.Digest(c.Manifest.Suite))
	}
}
