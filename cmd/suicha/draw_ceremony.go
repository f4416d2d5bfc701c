package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
)

// DrawAnnounceCmd makes the manifest.
type DrawAnnounceCmd struct {
	File  string   `arg:"" help:"抽取公告，JSON 格式，空白和字段顺序不限。"`
	After string   `placeholder:"DIR" help:"作废后重新公告：作废的那一次的目录。"`
	Time  drawTime `placeholder:"TIME" help:"公告时间，公告中已写明的以公告为准；默认为现在。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawAnnounceCmd) Help() string {
	return `公告写明任务、比例、上限、贡献方及其公钥、公开事件和各个期限。各字段的含义见《手册》和 verify/draw.md 第 5 节。
doc、run、void、time、programs 可以不写；programs 不写的，写入本程序所带的 verify.html 的摘要。示范抽取会写出一份可以照着修改的公告。

例：
  suicha draw example 示范 --until announce
  suicha draw announce 示范/announcement.json -d 新抽取`
}

// Run writes manifest.json.
func (c *DrawAnnounceCmd) Run() error {
	m := &draw.Manifest{}
	if err := readJSON(c.File, m); err != nil {
		return err
	}
	if m.Doc = "SDP1.manifest"; m.Time == "" {
		m.Time = c.Time.instant()
	}
	m.Run, m.Void = max(m.Run, 1), ""
	if m.Programs == nil {
		programs, err := ceremony.Programs(m.Suite)
		if err != nil {
			return err
		}
		m.Programs = programs
	}
	runs, err := c.before(m)
	if err != nil {
		return err
	}
	text, err := m.Encode()
	var fault *draw.Fault
	if errors.As(err, &fault) {
		return &draw.Fault{File: c.File, Line: lineAbout(c.File, fault.Text), Text: fault.Text}
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return err
	}
	if c.has(draw.ManifestFile) {
		return fmt.Errorf("%s 已经存在，公告后不得改写", c.path(draw.ManifestFile))
	}
	for name, data := range runs {
		if err := os.MkdirAll(filepath.Dir(c.path(name)), 0o755); err != nil {
			return err
		}
		if err := c.write(name, data, 0o644); err != nil {
			return err
		}
	}
	if err := c.write(draw.ManifestFile, text, 0o644); err != nil {
		return err
	}
	return c.say(map[string]any{"file": c.path(draw.ManifestFile), "batch": m.Batch, "run": m.Run, "digest": m.Digest().String()},
		"已写出 %s：批次 %s，第 %d 次。\n公告摘要 %s\n请公布公告和摘要，然后锁定名单。\n", c.path(draw.ManifestFile), m.Batch, m.Run, m.Digest())
}

// before ties the manifest to the runs that were void, and returns their records.
func (c *DrawAnnounceCmd) before(m *draw.Manifest) (map[string][]byte, error) {
	if c.After == "" {
		return nil, nil
	}
	old := drawFolder{Dir: c.After}
	runs, err := ceremony.After(m, old)
	return runs, old.blame(err)
}

// lineAbout is the line of a document that a complaint is about: the first one
// that has a field named in it, or else a code.
func lineAbout(path, text string) int {
	data, err := os.ReadFile(path)
	if err != nil {
		return 1
	}
	words := strings.FieldsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '_' && r != '-'
	})
	at := 0
	for _, word := range words { // later words lie deeper: 任务 T1 分层 B
		if i := bytes.Index(data[at:], []byte(`"`+word+`"`)); i >= 0 {
			at += i
		}
	}
	return 1 + bytes.Count(data[:at], []byte("\n"))
}

// DrawLockCmd fixes the population and what else decides.
type DrawLockCmd struct {
	Previous string   `placeholder:"DIR" help:"上一次抽取的目录：写出与上一次名单的差异 difference.tsv。"`
	Reasons  string   `placeholder:"FILE" help:"差异的原因：每行“代码、制表符、原因代码”。"`
	Time     drawTime `placeholder:"TIME" help:"锁定时间，默认为现在。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawLockCmd) Help() string {
	return `目录中应有 manifest.json 和 population.tsv。派组用的 inspectors.tsv、eligibility.tsv、avoidance.tsv、needs.tsv 如在目录中，一并固定。

例：
  suicha draw example 抽取 --until announce
  suicha draw lock -d 抽取`
}

// Run writes lock.json, and difference.tsv if there was a list before.
func (c *DrawLockCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	if c.has(draw.LockFile) {
		return fmt.Errorf("%s 已经存在，名单锁定后不得更改", c.path(draw.LockFile))
	}
	if run.Lock, err = ceremony.Lock(run.Manifest, c, c.Time.instant()); err != nil {
		return c.blame(err)
	}
	difference, err := c.difference(run)
	if err != nil {
		return err
	}
	if err := run.Check(); err != nil {
		return c.blame(err)
	}
	if difference != nil {
		if err := c.write(draw.DifferenceFile, difference, 0o644); err != nil {
			return err
		}
	}
	l := run.Lock
	if err := put(c.drawFolder, run, draw.LockFile, l); err != nil {
		return err
	}
	return c.say(l, "已锁定 %d 户，名单的根 %s。\n%s请公布 lock.json，各贡献方据此作出承诺。\n", l.Population.Size, l.Population.Root, emptyStrata(l))
}

// difference compares with the list locked before.
func (c *DrawLockCmd) difference(run *draw.Ceremony) (text []byte, err error) {
	if c.Previous == "" {
		return nil, nil
	}
	reasons, err := readReasons(c.Reasons)
	if err != nil {
		return nil, err
	}
	run.Lock.Difference, text, err = ceremony.Compare(run.Manifest.Suite, drawFolder{Dir: c.Previous}, c, reasons)
	return text, c.blame(err)
}

func readReasons(path string) (map[string]string, error) {
	reasons := map[string]string{}
	if path == "" {
		return reasons, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s：没有这个文件或者无法读取，请核对路径", path)
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		id, reason, ok := strings.Cut(strings.TrimSuffix(line, "\r"), "\t")
		if !ok || reason == "" {
			return nil, rowFault(path, i+1, "应为“代码、制表符、原因代码”")
		}
		reasons[id] = reason
	}
	return reasons, nil
}

// emptyStrata warns of strata without objects.
func emptyStrata(l *draw.Lock) string {
	var text strings.Builder
	for _, n := range l.Counts {
		if n.N0+n.N1 == 0 {
			fmt.Fprintf(&text, "注意：任务 %s 分层 %s 没有可以抽取的对象。\n", n.Task, n.Stratum)
		}
	}
	return text.String()
}

// DrawCollectCmd gathers commitments, and later the open reveals.
type DrawCollectCmd struct {
	Files []string `arg:"" help:"各贡献方交来的文件：先是全部承诺，以后是公开贡献方亮出的随机数。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawCollectCmd) Help() string {
	return `承诺收齐后写出 commits.json，公开贡献方的随机数收齐后写出 reveals.json。缺少任何一方都不会写出；
到期仍缺的，用 suicha draw void 记录后重新公告。

例：
  suicha draw example 抽取 --until commit
  suicha draw reveal 抽取/contributors/市场监管局.secret -d 抽取
  suicha draw reveal 抽取/contributors/税务局.secret -d 抽取
  suicha draw collect 市场监管局.reveal.json 税务局.reveal.json -d 抽取`
}

// Run writes the document that is due.
func (c *DrawCollectCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	m := run.Manifest
	switch {
	case run.Lock == nil:
		return errors.New("名单还没有锁定，不能收取承诺")
	case run.Commits == nil:
		commits, err := gather(c.Files, ceremony.Commitments(m))
		if err != nil {
			return err
		}
		ceremony.Commit(run, commits)
		if err := put(c.drawFolder, run, draw.CommitsFile, run.Commits); err != nil {
			return err
		}
		return c.say(run.Commits, "已收齐 %d 份承诺，写出 %s。请公布，然后由公开贡献方亮出随机数。\n", len(commits), c.path(draw.CommitsFile))
	case run.Reveals == nil:
		reveals, err := gather(c.Files, ceremony.Secrets(m, "open"))
		if err != nil {
			return err
		}
		ceremony.Reveal(run, reveals)
		if err := put(c.drawFolder, run, draw.RevealsFile, run.Reveals); err != nil {
			return err
		}
		return c.say(run.Reveals, "已收齐 %d 份随机数，写出 %s。请在公开事件之前公布。\n", len(reveals), c.path(draw.RevealsFile))
	}
	return errors.New("承诺和公开的随机数都已收齐；密封方的随机数请用 suicha draw envelope")
}

// gather reads exactly one document of each contributor, in their order: from
// files, or typed in.
func gather[T any](files []string, from ceremony.Gathering[T], typed ...T) ([]T, error) {
	for _, file := range files {
		var doc T
		if err := readJSON(file, &doc); err != nil {
			return nil, err
		}
		if err := from.Take(doc); err != nil {
			return nil, rowFault(file, 1, "%v", err)
		}
	}
	for _, doc := range typed {
		if err := from.Take(doc); err != nil {
			return nil, err
		}
	}
	list, missing := from.All()
	if len(missing) > 0 {
		return nil, fmt.Errorf("缺少 %s 的%s，没有写出文件。收齐后再试；到期仍缺的，用 suicha draw void 作废", strings.Join(missing, "、"), from.What)
	}
	return list, nil
}
