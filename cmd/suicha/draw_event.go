package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

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
	ceremony, err := c.load()
	if err != nil {
		return err
	}
	m := ceremony.Manifest
	if ceremony.Reveals == nil {
		return fmt.Errorf("%s：公开贡献方的随机数还没有收齐，不能录入事件", c.path(draw.RevealsFile))
	}
	slices.Sort(c.Cancel)
	outcomes, text, err := c.outcomes(m, c.Text)
	if err != nil {
		return err
	}
	again := c.Again
	if again == "" {
		if again, err = ask(os.Stdin, "识别为 "+text+"\n请由另一人再录入一次号码："); err != nil {
			return err
		}
	}
	if _, second, err := c.outcomes(m, again); err != nil || second != text {
		return fmt.Errorf("两次录入不一致，没有写出文件。第一次为 %s，请对照录像重新录入", text)
	}
	ceremony.Event = &draw.Event{Doc: "SDP1.event", Batch: m.Batch, Run: m.Run, Reveals: ceremony.Reveals.Digest(m.Suite).String(),
		Cancelled: append([]string{}, c.Cancel...), Outcomes: outcomes, Text: text}
	if err := put(c.drawFolder, ceremony, draw.EventFile, ceremony.Event); err != nil {
		return err
	}
	return c.say(ceremony.Event, "已写出 %s：%s\n请当场公布。\n", c.path(draw.EventFile), text)
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

// outcomes reads the numbers of all sources.
func (c *DrawEventCmd) outcomes(m *draw.Manifest, typed string) ([]draw.Outcome, string, error) {
	var outcomes []draw.Outcome
	for _, part := range strings.Split(strings.Trim(typed, "/ "), "/") {
		code, numbers, ok := strings.Cut(part, ":")
		if code = strings.TrimSpace(code); !ok {
			return nil, "", fmt.Errorf("“%s”应写成“来源代码:号码”", part)
		}
		at, issue := c.Time[code], c.Issue[code]
		if issue == "" {
			return nil, "", fmt.Errorf("请用 --issue %s=… 写明来源 %s 的期号、轮次或地点", code, code)
		}
		o := draw.Outcome{Code: code, Issue: issue, Time: at.instant(), Numbers: [][]uint64{}}
		if err := c.numbers(m, &o, numbers); err != nil {
			return nil, "", err
		}
		if file := c.Evidence[code]; file != "" {
			digest, err := digestOf(m.Suite, file)
			if err != nil {
				return nil, "", err
			}
			o.Evidence = digest
		}
		outcomes = append(outcomes, o)
	}
	text, err := m.EventText(c.Cancel, outcomes)
	return outcomes, text, err
}

func (c *DrawEventCmd) numbers(m *draw.Manifest, o *draw.Outcome, typed string) error {
	beacon := slices.ContainsFunc(slices.Concat(m.Event.Sources, m.Event.Reserves), func(s draw.Source) bool { return s.Code == o.Code && s.Kind == "beacon" })
	if beacon {
		o.Hex = strings.ToLower(strings.TrimSpace(typed))
		return nil
	}
	for group := range strings.SplitSeq(typed, "+") {
		list := []uint64{}
		for _, word := range strings.FieldsFunc(group, func(r rune) bool { return strings.ContainsRune(" .,，、", r) }) {
			n, err := strconv.ParseUint(word, 10, 16)
			if err != nil {
				return fmt.Errorf("来源 %s 的“%s”不是号码", o.Code, word)
			}
			list = append(list, n)
		}
		o.Numbers = append(o.Numbers, list)
	}
	return nil
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
	ceremony, err := c.load()
	if err != nil {
		return err
	}
	m := ceremony.Manifest
	if ceremony.Event == nil {
		return fmt.Errorf("%s：事件还没有录入，不能启封", c.path(draw.EventFile))
	}
	var typed []draw.Reveal
	for name, hex := range c.Typed {
		typed = append(typed, draw.Reveal{Name: name, Time: c.Time.instant(), Secret: strings.ToLower(strings.Join(strings.Fields(hex), ""))})
	}
	reveals, err := gather(c.Files, ofRole(m, "sealed"), "随机数", func(x draw.Reveal) string { return x.Name }, typed...)
	if err != nil {
		return err
	}
	ceremony.Envelopes = &draw.Envelopes{Doc: "SDP1.envelopes", Batch: m.Batch, Run: m.Run, Event: ceremony.Event.Digest(m.Suite).String(), Reveals: reveals}
	if err := put(c.drawFolder, ceremony, draw.EnvelopesFile, ceremony.Envelopes); err != nil {
		return err
	}
	return c.say(ceremony.Envelopes, "已写出 %s。现在可以抽取：suicha draw run\n", c.path(draw.EnvelopesFile))
}
