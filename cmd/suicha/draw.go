package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// DrawCmd is the draw on plain files, without a server (抽取). All commands of one
// draw work on one folder, which fills with the documents of
// docs/design/draw.md in the order they come about.
type DrawCmd struct {
	Example    DrawExampleCmd    `cmd:"" help:"一条命令做完一次示范抽取，供学习和演练。"`
	Synth      DrawSynthCmd      `cmd:"" help:"生成任意数量的虚构检查对象，代码校验位有效。"`
	Population DrawPopulationCmd `cmd:"" help:"把检查对象表格（xlsx、CSV、TSV）整理成规范名单 population.tsv。"`
	Announce   DrawAnnounceCmd   `cmd:"" help:"公告：核对抽取公告，写成规范的 manifest.json。"`
	Lock       DrawLockCmd       `cmd:"" help:"锁定：封存名单，写出 lock.json。"`
	Secret     DrawSecretCmd     `cmd:"" help:"贡献方：生成自己的签名密钥和随机数。"`
	Commit     DrawCommitCmd     `cmd:"" help:"贡献方：对自己的随机数作出承诺并签名。"`
	Reveal     DrawRevealCmd     `cmd:"" help:"贡献方：亮出自己的随机数。"`
	Collect    DrawCollectCmd    `cmd:"" help:"收齐各贡献方的承诺，或者亮出的随机数。"`
	Event      DrawEventCmd      `cmd:"" help:"事件：录入公开事件的号码，两次录入一致才生效。"`
	Envelope   DrawEnvelopeCmd   `cmd:"" help:"启封：收齐密封方的随机数。"`
	Run        DrawRunCmd        `cmd:"" help:"抽取：计算结果并派组，写出 result.json。"`
	Open       DrawOpenCmd       `cmd:"" help:"密封模式：公布保管方的随机数和密钥。"`
	Bundle     DrawBundleCmd     `cmd:"" help:"打包：把现有材料做成可供核验的目录或压缩包。"`
	List       DrawListCmd       `cmd:"" help:"只计算抽中名单，不写其他文件。"`
	Substitute DrawSubstituteCmd `cmd:"" help:"递补：用候补名单的下一位替换无法检查的对象。"`
	Void       DrawVoidCmd       `cmd:"" help:"作废：记录本次抽取因何作废。"`
	Proof      DrawProofCmd      `cmd:"" help:"为一个检查对象出具自证材料。"`
	Explain    DrawExplainCmd    `cmd:"" help:"说明一个检查对象为什么抽中或者未抽中。"`
	Rehearse   DrawRehearseCmd   `cmd:"" help:"演练：用演练密钥试抽试派，预先发现人手缺口。"`
}

// drawFolder is the folder of one draw, and how commands answer.
type drawFolder struct {
	Dir string `short:"d" default:"." placeholder:"DIR" help:"本次抽取的目录，默认为当前目录。"`
	drawAnswer
}

// drawAnswer is how commands answer: to people, or to programs.
type drawAnswer struct {
	JSON bool `name:"json" help:"以 JSON 输出，供其他程序读取。"`
}

// say prints the answer.
func (a drawAnswer) say(result any, format string, args ...any) error {
	if a.JSON {
		return json.NewEncoder(os.Stdout).Encode(result)
	}
	_, err := fmt.Printf(format, args...)
	return err
}

func (f drawFolder) path(name string) string { return filepath.Join(f.Dir, name) }

// has tells whether the folder has a file.
func (f drawFolder) has(name string) bool {
	_, err := os.Stat(f.path(name))
	return err == nil
}

// Open opens a file of the folder, the population with a progress bar where
// somebody watches: the folder is the fs.FS that package ceremony reads.
func (f drawFolder) Open(name string) (fs.File, error) {
	if name == draw.PopulationFile {
		if _, err := os.Stat(f.path(name)); err == nil {
			return openInput(f.path(name), "读取名单")
		}
	}
	return os.DirFS(f.Dir).Open(name)
}

// load reads and checks the documents that are there.
func (f drawFolder) load() (*draw.Ceremony, error) {
	c, err := draw.Load(f)
	if err == nil && f.has(draw.VoidFile) {
		err = errors.New("本次抽取已经作废。请重新公告：suicha draw announce --after")
	}
	return c, f.blame(err)
}

// blame puts the folder before the name of the file at fault.
func (f drawFolder) blame(err error) error {
	var fault *draw.Fault
	var form *match.FileError
	switch {
	case errors.As(err, &fault):
		return &draw.Fault{File: f.path(fault.File), Line: fault.Line, Text: fault.Text}
	case errors.As(err, &form):
		return &draw.Fault{File: f.path(form.File), Line: form.Line, Text: form.Text}
	}
	return err
}

// put checks what the ceremony has become and writes its new document. A document
// is written once: R68, what is locked never changes.
func put[T draw.Lock | draw.Commits | draw.Reveals | draw.Event | draw.Envelopes | draw.Result | draw.Opening](f drawFolder, c *draw.Ceremony, name string, doc *T) error {
	if err := c.Check(); err != nil {
		return f.blame(err)
	}
	text, err := draw.Document(name, doc)
	if err != nil {
		return f.blame(err)
	}
	return f.write(name, text, 0o644)
}

// write makes a new file of the folder, whole or not at all.
func (f drawFolder) write(name string, text []byte, mode fs.FileMode) error {
	if f.has(name) {
		return fmt.Errorf("%s 已经存在，不得改写。如确有错误，请用 suicha draw void 作废后重新公告", f.path(name))
	}
	return writeWhole(f.path(name), mode, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// writeWhole writes a file under another name and gives it its own when it is
// complete, so that nobody ever finds a half one.
func writeWhole(path string, mode fs.FileMode, fill func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".suicha-*")
	if err != nil {
		return fmt.Errorf("无法写入 %s，请检查目录：%w", path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err = errors.Join(fill(f), f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// drawTime is an instant of the command line: RFC 3339, with any zone.
type drawTime struct{ time.Time }

// UnmarshalText reads 2026-11-20T12:30:00+08:00 or 2026-11-20T04:30:00Z.
func (t *drawTime) UnmarshalText(text []byte) (err error) {
	if t.Time, err = time.Parse(time.RFC3339, string(text)); err != nil {
		return fmt.Errorf("时间 %q 应写成 2026-11-20T12:30:00+08:00", text)
	}
	return nil
}

// instant is the time as documents write it; without one, now.
func (t *drawTime) instant() string {
	if t.IsZero() {
		return draw.Instant(time.Now())
	}
	return draw.Instant(t.Time)
}

// A drawInput is a file that is read, with a progress bar on a terminal.
type drawInput struct {
	*os.File
	what     string
	size, at int64
	shown    time.Time
	watched  bool
}

func openInput(path, what string) (*drawInput, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s：没有这个文件或者无法读取，请核对路径", path)
	}
	in := &drawInput{File: f, what: what, shown: time.Now()}
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		in.watched = true
	}
	if info, err := f.Stat(); err == nil {
		in.size = info.Size()
	}
	return in, nil
}

// Read reads on and shows how far it is.
func (in *drawInput) Read(p []byte) (int, error) {
	n, err := in.File.Read(p)
	if in.at += int64(n); !in.watched {
		return n, err
	}
	switch {
	case err != nil:
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	case time.Since(in.shown) > 200*time.Millisecond && in.size > 0:
		in.shown = time.Now()
		done := min(int(in.at*30/in.size), 30)
		fmt.Fprintf(os.Stderr, "\r%s %-30.*s %3d%%", in.what, done, "==============================", min(in.at*100/in.size, 100))
	}
	return n, err
}

// Seek begins again.
func (in *drawInput) Seek(offset int64, whence int) (int64, error) {
	at, err := in.File.Seek(offset, whence)
	in.at = at
	return at, err
}
