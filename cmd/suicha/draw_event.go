package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
)

// DrawEventCmd writes down what the public event gave.
type DrawEventCmd struct {
	Text     string              `arg:"" help:"号码，按公告中来源的顺序，例如 ssq:3 7 12 19 25 33+8/urn:4 0 9 9 1 7；一组内按开出的先后。"`
	Again    string              `placeholder:"TEXT" help:"由另一人再录入一次的号码；不写则在屏幕上询问。"`
	Issue    map[string]string   `placeholder:"CODE=TEXT" help:"各来源的期号、轮次或地点。"`
	Time     map[string]drawTime `placeholder:"CODE=TIME" help:"各来源开出号码的时间，默认为现在。"`
	Evidence map[string]string   `placeholder:"CODE=FILE" help:"录像等证据文件，记录其摘要。"`
	Cancel   []string            `placeholder:"CODE" help:"没有开出号码的来源，由备用来源顶替。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawEventCmd) Help() string {
	return `号码由两人各录入一次，一致才写出 event.json。

例：
  suicha draw example 抽取 --until reveal
  suicha draw event "ssq:3 7 12 19 25 33+8/urn:4 0 9 9 1 7" --again "ssq:03.07.12.19.25.33+08/urn:4.0.9.9.1.7/" --issue ssq=2026135 --issue urn=政务大厅 -d 抽取`
}

// Run writes event.json after the second typing agreed with the first.
func (c *DrawEventCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	m := run.Manifest
	if run.Reveals == nil {
		return fmt.Errorf("%s：公开贡献方的随机数还没有收齐，不能录入事件", c.path(draw.RevealsFile))
	}
	typed, err := c.typed(m)
	if err != nil {
		return err
	}
	_, text, err := typed.Outcomes(m)
	if errors.Is(err, ceremony.ErrIssue) {
		err = fmt.Errorf("%w。请用 --issue 来源代码=… 写明", err)
	}
	if err != nil {
		return err
	}
	again := c.Again
	if again == "" {
		if again, err = ask(os.Stdin, "识别为 "+text+"\n请由另一人再录入一次号码："); err != nil {
			return err
		}
	}
	if err := ceremony.Event(run, typed, again); err != nil {
		return err
	}
	if err := put(c.drawFolder, run, draw.EventFile, run.Event); err != nil {
		return err
	}
	return c.say(run.Event, "已写出 %s：%s\n请当场公布。\n", c.path(draw.EventFile), text)
}

// typed is what the command line says of the event.
func (c *DrawEventCmd) typed(m *draw.Manifest) (ceremony.Typed, error) {
	t := ceremony.Typed{Numbers: c.Text, Cancelled: c.Cancel, Issue: c.Issue, Time: map[string]string{}, Evidence: map[string]string{}}
	for _, s := range slices.Concat(m.Event.Sources, m.Event.Reserves) {
		at := c.Time[s.Code]
		t.Time[s.Code] = at.instant()
	}
	for code, file := range c.Evidence {
		digest, err := digestOf(m.Suite, file)
		if err != nil {
			return t, err
		}
		t.Evidence[code] = digest
	}
	return t, nil
}

// ask reads an answer from a terminal.
func ask(in *os.File, question string) (string, error) {
	if !isTerminal(in) {
		return "", errors.New("号码要录入两次：请用 --again 写明第二次录入的号码")
	}
	fmt.Fprint(os.Stderr, question)
	line, err := bufio.NewReader(in).ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return strings.TrimSpace(line), err
}

// digestOf is the digest of a file under the draw's suite.
func digestOf(suite draw.Suite, path string) (string, error) {
	in, err := openInput(path, "计算摘要")
	if err != nil {
		return "", err
	}
	defer in.Close()
	h := suite.NewHash()
	if _, err := io.Copy(h, struct{ io.Reader }{in}); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// DrawEnvelopeCmd gathers the sealed secrets after the event.
type DrawEnvelopeCmd struct {
	Files []string          `arg:"" optional:"" help:"密封方启封后交来的文件。没有密封方时不写。"`
	Typed map[string]string `placeholder:"NAME=HEX" help:"从纸质信封录入的随机数，64 位。"`
	Time  drawTime          `placeholder:"TIME" help:"录入信封的启封时间，默认为现在。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawEnvelopeCmd) Help() string {
	return `例：
  suicha draw example 抽取 --until event
  suicha draw reveal 抽取/contributors/公证处.secret -d 抽取
  suicha draw reveal 抽取/contributors/纪检组.secret -d 抽取
  suicha draw envelope 公证处.reveal.json 纪检组.reveal.json -d 抽取`
}

// Run writes envelopes.json.
func (c *DrawEnvelopeCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	if run.Event == nil {
		return fmt.Errorf("%s：事件还没有录入，不能启封", c.path(draw.EventFile))
	}
	var typed []draw.Reveal
	for name, hex := range c.Typed {
		typed = append(typed, draw.Reveal{Name: name, Time: c.Time.instant(), Secret: strings.ToLower(strings.Join(strings.Fields(hex), ""))})
	}
	reveals, err := gather(c.Files, ceremony.Secrets(run.Manifest, "sealed"), typed...)
	if err != nil {
		return err
	}
	ceremony.Unseal(run, reveals)
	if err := put(c.drawFolder, run, draw.EnvelopesFile, run.Envelopes); err != nil {
		return err
	}
	return c.say(run.Envelopes, "已写出 %s。现在可以抽取：suicha draw run\n", c.path(draw.EnvelopesFile))
}
