package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"suicha/internal/draw"
)

// A drawSecret is a contributor's own file: its signing key and its secret for one
// run. Whoever reads it before the reveal knows that part of the seed.
type drawSecret struct {
	Name   string     `json:"name"`
	Suite  draw.Suite `json:"suite"`
	Key    string     `json:"key"`    // private, 64 hex digits
	Public string     `json:"public"` // as the manifest writes it
	Secret string     `json:"secret"`
	Batch  string     `json:"batch"` // what the secret was committed for; "" before
	Run    uint64     `json:"run"`
}

// newDrawSecret makes a contributor's key and secret.
func newDrawSecret(name string, suite draw.Suite) (drawSecret, error) {
	signer, private, err := suite.NewSigner()
	if err != nil {
		return drawSecret{}, err
	}
	return drawSecret{Name: name, Suite: suite, Key: private, Public: signer.Public(), Secret: draw.NewSecret()}, nil
}

func (s drawSecret) encode() ([]byte, error) {
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}

func readDrawSecret(path string) (s drawSecret, err error) {
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		return s, fmt.Errorf("%s：能被他人读取，请先执行 chmod 600", path)
	}
	return s, readJSON(path, &s)
}

// readJSON reads a small document that is written freely, strictly: no unknown or
// repeated field.
func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%s：没有这个文件或者无法读取，请核对路径", path)
	}
	text, err := draw.Canonical(path, bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fieldFault(path, data, err)
	}
	return nil
}

// fieldFault says on which line the field stands that does not fit.
func fieldFault(path string, data []byte, err error) error {
	field, text := "", "字段与格式不符，请对照说明修改"
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		parts := strings.Split(kind.Field, ".")
		field = parts[len(parts)-1]
		text = fmt.Sprintf("字段 %s 的内容应为%s", field, jsonKind(kind.Type.Kind().String()))
	} else if _, quoted, ok := strings.Cut(err.Error(), "unknown field "); ok {
		field = strings.Trim(quoted, `"`)
		text = fmt.Sprintf("没有名为 %s 的字段，请核对拼写", field)
	}
	line := 1
	if at := bytes.Index(data, []byte(`"`+field+`"`)); field != "" && at >= 0 {
		line += bytes.Count(data[:at], []byte("\n"))
	}
	return rowFault(path, line, "%s", text)
}

func jsonKind(kind string) string {
	switch kind {
	case "string":
		return "文字"
	case "uint64":
		return "非负整数"
	case "slice", "array":
		return "数组"
	}
	return "对象"
}

// DrawSecretCmd makes what a contributor keeps to itself.
type DrawSecretCmd struct {
	Name  string `arg:"" help:"贡献方名称，与抽取公告一致。"`
	Out   string `short:"o" placeholder:"FILE" help:"要写出的保密文件，默认为“名称.secret”。"`
	Suite string `default:"sm3-sm2" enum:"sm3-sm2,sha256-ed25519" help:"密码套件：sm3-sm2（默认）或 sha256-ed25519。"`
	drawAnswer
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawSecretCmd) Help() string {
	return `由贡献方在自己的电脑上执行。公钥交主办方写入抽取公告；保密文件不得交给任何人。每次抽取都要重新生成。

例：
  suicha draw secret 海阳市公证处 -o 公证处.secret`
}

// Run writes the file and prints the public key.
func (c *DrawSecretCmd) Run() error {
	if c.Out == "" {
		c.Out = c.Name + ".secret"
	}
	s, err := newDrawSecret(c.Name, draw.Suite(c.Suite))
	if err != nil {
		return err
	}
	text, err := s.encode()
	if err != nil {
		return err
	}
	if err := (drawFolder{Dir: ""}).write(c.Out, text, 0o600); err != nil {
		return err
	}
	return c.say(map[string]string{"file": c.Out, "name": s.Name, "public": s.Public},
		"已写出保密文件 %s。请把下面的公钥交给主办方：\n%s\n", c.Out, s.Public)
}

// DrawCommitCmd binds a contributor to its secret.
type DrawCommitCmd struct {
	File string   `arg:"" help:"自己的保密文件，由 suicha draw secret 生成。"`
	Out  string   `short:"o" placeholder:"FILE" help:"要写出的承诺，默认为“名称.commit.json”。"`
	Time drawTime `placeholder:"TIME" help:"承诺时间，默认为现在。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawCommitCmd) Help() string {
	return `目录中应有主办方公布的 manifest.json 和 lock.json。承诺交给主办方，不含随机数本身。

例：
  suicha draw example 抽取 --until lock
  suicha draw commit 抽取/contributors/市场监管局.secret -d 抽取 -o 市场监管局.commit.json`
}

// Run writes the commitment, and marks the secret as used for this run.
func (c *DrawCommitCmd) Run() error {
	ceremony, s, x, err := c.contributor(c.File)
	if err != nil {
		return err
	}
	m := ceremony.Manifest
	switch {
	case ceremony.Lock == nil:
		return errors.New("名单还没有锁定，请等主办方公布 lock.json 之后再作承诺")
	case s.Batch != "" && (s.Batch != m.Batch || s.Run != m.Run):
		return fmt.Errorf("%s 的随机数已用于批次 %s 第 %d 次抽取，请用 suicha draw secret 重新生成", c.File, s.Batch, s.Run)
	}
	signer, err := s.Suite.ParseSigner(s.Key)
	if err != nil {
		return fmt.Errorf("%s：%w", c.File, err)
	}
	at, err := time.Parse(time.RFC3339, c.Time.instant())
	if err != nil {
		return err
	}
	commit, err := ceremony.Commit(s.Name, s.Secret, signer, at)
	if err != nil {
		return err
	}
	s.Batch, s.Run = m.Batch, m.Run
	text, err := s.encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.File, text, 0o600); err != nil {
		return fmt.Errorf("无法更新 %s：%w", c.File, err)
	}
	out, err := writeOwn(c.Out, s.Name+".commit.json", commit)
	if err != nil {
		return err
	}
	advice := "请妥善保管保密文件，到亮出的时候再用。"
	if x.Role == "sealed" {
		advice = "请把下面的随机数抄写或打印，密封后交 " + x.Holder + " 保管：\n" + s.Secret
	}
	return c.say(commit, "已写出承诺 %s，请交给主办方。%s\n", out, advice)
}

// contributor reads the folder and a secret file, and finds whose it is.
func (f drawFolder) contributor(file string) (c *draw.Ceremony, s drawSecret, x draw.Contributor, err error) {
	if c, err = f.load(); err != nil {
		return
	}
	if s, err = readDrawSecret(file); err != nil {
		return
	}
	i := slices.IndexFunc(c.Manifest.Contributors, func(x draw.Contributor) bool { return x.Name == s.Name && x.Key == s.Public })
	if i < 0 || s.Suite != c.Manifest.Suite {
		err = fmt.Errorf("%s：%s 及其公钥不在抽取公告的贡献方之列，请与主办方核对", file, s.Name)
		return
	}
	return c, s, c.Manifest.Contributors[i], nil
}

// writeOwn writes a document that is sent to the operator.
func writeOwn(path, usual string, doc any) (string, error) {
	if path == "" {
		path = usual
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return path, err
	}
	return path, drawFolder{}.write(path, append(text, '\n'), 0o644)
}

// DrawRevealCmd shows a contributor's secret when its time has come.
type DrawRevealCmd struct {
	File string   `arg:"" help:"自己的保密文件。"`
	Out  string   `short:"o" placeholder:"FILE" help:"要写出的文件，默认为“名称.reveal.json”。"`
	Time drawTime `placeholder:"TIME" help:"亮出时间，默认为现在。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawRevealCmd) Help() string {
	return `公开贡献方在全部承诺公布之后、事件之前亮出；密封方在事件之后启封。时候未到时，本命令不会亮出。
保管方在事件之后写出文件，只由自己在平台的批次页面交存，不公布；不用平台办理的，由 suicha draw run 和 suicha draw open 直接读取保密文件。

例：
  suicha draw example 抽取 --until commit
  suicha draw reveal 抽取/contributors/市场监管局.secret -d 抽取 -o 市场监管局.reveal.json`
}

// Run writes the reveal, unless it is too early: a secret shown too early lets
// somebody aim.
func (c *DrawRevealCmd) Run() error {
	ceremony, s, x, err := c.contributor(c.File)
	if err != nil {
		return err
	}
	switch {
	case ceremony.Commits == nil:
		return errors.New("承诺还没有收齐公布，现在不能亮出随机数")
	case x.Role == "open" && ceremony.Event != nil:
		return errors.New("事件已经发生，公开贡献方不能再亮出随机数")
	case x.Role == "sealed" && ceremony.Event == nil:
		return errors.New("事件还没有发生，密封方现在不能启封")
	case x.Role == "custodian" && ceremony.Event == nil:
		return errors.New("事件还没有发生，保管方现在不能交出随机数")
	case !slices.ContainsFunc(ceremony.Commits.Commits, func(k draw.Commit) bool {
		return k.Name == s.Name && k.Commitment == ceremony.Manifest.Commitment(s.Name, s.Secret).String()
	}):
		return fmt.Errorf("%s 的随机数与已公布的承诺不符，请找到当时的保密文件", c.File)
	}
	reveal := draw.Reveal{Name: s.Name, Time: c.Time.instant(), Secret: s.Secret}
	if x.Role == "custodian" {
		return c.entrust(s.Name, reveal)
	}
	out, err := writeOwn(c.Out, s.Name+".reveal.json", reveal)
	if err != nil {
		return err
	}
	return c.say(reveal, "已写出 %s，请交给主办方公布。\n", out)
}

// entrust writes what the custodian hands to the platform: whoever reads it can compute
// the sealed list, so that it is nobody else's to read, and not said.
func (c *DrawRevealCmd) entrust(name string, reveal draw.Reveal) error {
	if c.Out == "" {
		c.Out = name + ".reveal.json"
	}
	text, err := json.Marshal(reveal)
	if err != nil {
		return err
	}
	if err := (drawFolder{}).write(c.Out, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return c.say(map[string]string{"file": c.Out, "name": name}, "已写出 %s。请由本单位在批次页面交存，不要交给其他人，也不要公布；交存后删除。\n", c.Out)
}
