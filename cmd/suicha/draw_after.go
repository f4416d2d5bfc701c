package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
)

// DrawSubstituteCmd replaces an object that cannot be inspected. R68
type DrawSubstituteCmd struct {
	Task     string   `required:"" placeholder:"CODE" help:"任务代码。"`
	ID       string   `required:"" name:"id" placeholder:"CODE" help:"无法检查的对象的代码。"`
	Reason   string   `required:"" placeholder:"CODE" help:"原因代码，例如 cancelled（已注销）、moved（已迁出）。"`
	Evidence string   `required:"" placeholder:"FILE" help:"证明材料，记录其摘要。"`
	Approver string   `required:"" placeholder:"NAME" help:"批准人。"`
	Time     drawTime `placeholder:"TIME" help:"批准时间，默认为现在。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawSubstituteCmd) Help() string {
	return `递补的对象由抽取时的排序决定，任何人不能挑选。公布密钥之前，记录只留在本目录。

例：
  suicha draw example 抽取
  suicha draw substitute -d 抽取 --task T1 --id "$(awk '$1=="T1"{print $5;exit}' 抽取/result.tsv)" --reason cancelled --evidence 抽取/announcement.json --approver 王局长`
}

// Run adds a line to substitutions.tsv.
func (c *DrawSubstituteCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	if run.Result == nil {
		return errUndrawn
	}
	digest, err := digestOf(run.Manifest.Suite, c.Evidence)
	if err != nil {
		return err
	}
	s, after, err := ceremony.Substitute(c, draw.Substitution{Time: c.Time.instant(), Task: c.Task, ID: c.ID,
		Reason: c.Reason, Evidence: digest, Approver: c.Approver})
	if err != nil {
		return c.blame(err)
	}
	err = writeWhole(c.path(draw.SubstitutionsFile), 0o600, func(w io.Writer) error {
		_, err := w.Write(after)
		return err
	})
	if err != nil {
		return err
	}
	if s.Substitute == 0 {
		return c.say(s, "已记录：%s 不再检查；候补名单已用完，没有递补对象。\n", s.ID)
	}
	return c.say(s, "已记录：%s 不再检查，由候补第 %d 号 %s 递补。\n", s.ID, s.Substitute, s.SubID)
}

var errUndrawn = errors.New("还没有抽取，没有名单")

// DrawVoidCmd ends a run that cannot have a result.
type DrawVoidCmd struct {
	Phase     string   `required:"" enum:"commit,reveal,event,envelopes,technical" help:"作废的环节：commit、reveal、event、envelopes 或 technical。"`
	Reason    string   `required:"" placeholder:"TEXT" help:"作废原因。"`
	Defaulter []string `placeholder:"NAME" help:"未履行的贡献方，可多次给出。"`
	Time      drawTime `placeholder:"TIME" help:"作废时间，默认为现在。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawVoidCmd) Help() string {
	return `只能因缺少承诺、随机数、事件或信封，或者公布过的技术原因作废；有结果之后不能作废。下一次抽取的公告引用作废记录。

例：
  suicha draw example 抽取 --until commit
  suicha draw void -d 抽取 --phase reveal --defaulter 税务局 --reason 税务局到期未亮出随机数
  suicha draw bundle -d 抽取 -o 作废.zip`
}

// Run writes void.json.
func (c *DrawVoidCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	if run.Result != nil {
		return errors.New("已经有结果，不能作废：不得因为结果而重抽。个别对象无法检查的，请用 suicha draw substitute")
	}
	m := run.Manifest
	v, err := ceremony.Void(run, c.Time.instant(), c.Phase, c.Reason, c.Defaulter)
	if err != nil {
		return c.blame(err)
	}
	text, err := draw.Document(draw.VoidFile, v)
	if err != nil {
		return err
	}
	if err := c.write(draw.VoidFile, text, 0o644); err != nil {
		return err
	}
	return c.say(v, "已写出 %s，摘要 %s。请公布作废记录，再用 suicha draw announce --after %s 重新公告。\n", c.path(draw.VoidFile), v.Digest(m.Suite), c.Dir)
}

// DrawProofCmd makes what one enterprise checks alone.
type DrawProofCmd struct {
	ID        string `arg:"" name:"id" help:"检查对象的代码。"`
	Out       string `short:"o" default:"proof.json" placeholder:"FILE" help:"要写出的自证材料。"`
	Custodian string `placeholder:"FILE" help:"密封模式公布密钥之前：保管方的保密文件。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawProofCmd) Help() string {
	return `自证材料只含本对象的情况，企业可以自行用 suicha-verify 或 verify.html 核验。

例：
  suicha draw example 抽取
  suicha draw proof "$(cut -f1 抽取/population.tsv | head -1)" -d 抽取 -o proof.json`
}

// Run writes the proof.
func (c *DrawProofCmd) Run() error {
	text, _, err := c.proof(c.ID, c.Custodian)
	if err != nil {
		return err
	}
	if err := (drawFolder{}).write(c.Out, text, 0o600); err != nil {
		return err
	}
	return c.say(map[string]string{"file": c.Out}, "已写出 %s。\n", c.Out)
}

// proof makes an object's proof and checks it as the enterprise would.
func (f drawFolder) proof(id, custodianFile string) ([]byte, *draw.Verdict, error) {
	c, err := f.load()
	if err != nil {
		return nil, nil, err
	}
	if c.Result == nil {
		return nil, nil, errors.New("还没有抽取，不能出具自证材料")
	}
	custodian, err := f.custodian(c, custodianFile, time.Time{})
	if err != nil {
		return nil, nil, err
	}
	text, verdict, err := ceremony.Prove(c, f, id, custodian...)
	return text, verdict, f.blame(err)
}

// DrawExplainCmd tells in plain words why an object was drawn or not.
type DrawExplainCmd struct {
	ID        string `arg:"" name:"id" help:"检查对象的代码。"`
	Custodian string `placeholder:"FILE" help:"密封模式公布密钥之前：保管方的保密文件。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawExplainCmd) Help() string {
	return `例：
  suicha draw example 抽取
  suicha draw explain "$(cut -f1 抽取/population.tsv | head -1)" -d 抽取`
}

// Run prints the explanation.
func (c *DrawExplainCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	_, v, err := c.proof(c.ID, c.Custodian)
	if err != nil {
		return err
	}
	return c.say(v, "%s", explain(run.Manifest, v))
}

// explain says it as one would to the enterprise.
func explain(m *draw.Manifest, v *draw.Verdict) string {
	var text strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	say("%s（%s，第 %d 次）", m.Title, m.Batch, m.Run)
	say("检查对象 %s：信用风险类别 %s，本年已查 %d 次，区划 %s。", v.Record.ID, v.Record.Stratum, v.Record.Visits, v.Record.Region)
	switch {
	case v.Capped:
		say("没有参加抽取：本期已查次数达到上限 %d 次。", m.Cap)
	case len(v.Places) == 0:
		say("没有参加抽取：不在本批任何任务的抽查范围内（范围代码 %s）。", v.Record.Scope)
	}
	for _, p := range v.Places {
		task, _ := m.Task(p.Task)
		say("任务 %s（%s，%s牵头）", p.Task, task.Title, task.Lead)
		say("  同类对象共 %d 户，抽取 %d 户。每户按公开密钥算出一个签号，签号从小到大排列，最小的 %d 户抽中。", p.Size, p.Drawn, p.Drawn)
		switch p.State {
		case "drawn":
			say("  结论：抽中。本对象排第 %d 位，在前 %d 位之内。", p.Rank, p.Drawn)
		case "reserve":
			say("  结论：未抽中，列入候补。本对象排第 %d 位，在前 %d 位之外；前面的对象无法检查时依次递补。", p.Rank, p.Drawn)
		default:
			say("  结论：未抽中。本对象排第 %d 位，在前 %d 位之外。", p.Rank, p.Drawn)
		}
		if !v.Opened {
			continue
		}
		say("  签号 %s（%s）", p.Ticket.Decimal(), p.Ticket)
		if p.State != "drawn" && p.Drawn > 0 {
			say("  入选线 %s：签号不大于它的才抽中。", p.Line.Decimal())
		}
		say("  自己算一遍：对“%s”作 %s 摘要，就得到上面的签号。", p.TicketMessage, hashName(m.Suite))
	}
	for _, line := range v.Team {
		say("检查小组：%s", line)
	}
	say("结果摘要 %s，请与公告核对。", v.Result)
	return text.String()
}

func hashName(s draw.Suite) string {
	if s == draw.SM3 {
		return "SM3"
	}
	return "SHA-256"
}
