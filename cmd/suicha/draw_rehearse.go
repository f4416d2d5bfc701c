package main

import (
	"fmt"
	"strings"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
)

// DrawRehearseCmd tries draw and matching under dummy keys.
type DrawRehearseCmd struct {
	Runs int `default:"20" help:"试抽的次数。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawRehearseCmd) Help() string {
	return `用以 DUMMY 开头的演练密钥试抽试派，与真正的结果无关。锁定之后、抽取之前执行，可以发现不足的分层和人手缺口。

例：
  suicha draw example 抽取 --until lock
  suicha draw rehearse -d 抽取 --runs 5`
}

// Run draws and matches again and again.
func (c *DrawRehearseCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	if run.Lock == nil {
		return fmt.Errorf("%s：名单还没有锁定，不能演练", c.path(draw.LockFile))
	}
	if c.Runs < 1 || c.Runs > 10_000 {
		return fmt.Errorf("演练次数 --runs 应在 1 至 10000 之间")
	}
	found, err := ceremony.Rehearse(run, c, c.Runs, func(int) error { return nil })
	if err != nil {
		return c.blame(err)
	}
	return c.say(found, "%s", rehearsed{found}.text())
}

// A rehearsed rehearsal is told in words.
type rehearsed struct{ *ceremony.Rehearsal }

// text tells it to the operator.
func (r rehearsed) text() string {
	var text strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	say("演练 %d 次（演练密钥，与真正的结果无关）", r.Runs)
	for _, cell := range r.Cells {
		if cell.Size > 0 {
			say("任务 %s 分层 %s，本年已查 %d 次的：%d 户中抽 %d 户，候补 %d 户", cell.Task, cell.Stratum, cell.Tier, cell.Size, cell.Drawn, cell.Reserve)
		}
	}
	for _, s := range r.Shortfalls {
		say("不足：任务 %s 分层 %s 应抽 %d 户，只有 %d 户可抽", s.Task, s.Stratum, s.Wanted, s.Drawn)
	}
	m := r.Matching
	if m == nil {
		say("目录中没有 inspectors.tsv，没有试派。")
		return text.String()
	}
	if m.Impossible == 0 {
		say("派组：%d 次全部可行。", m.Runs)
	} else {
		say("派组：%d 次中有 %d 次不可行，第一次的缺口是：", m.Runs, m.Impossible)
		for _, s := range m.Shortages {
			say("  %s", s.Text())
		}
	}
	if possible := m.Runs - m.Impossible; possible > 0 {
		for _, e := range m.Loads {
			tenths := e.Total * 10 / possible
			say("  检查人员 %s：平均 %d.%d 次，最多 %d 次", e.Inspector, tenths/10, tenths%10, e.Most)
		}
	}
	if m.Few > 0 {
		say("注意：%d 项需求中有 %d 项可选人员少于 3 人，随机性不足。", m.Lines, m.Few)
	}
	return text.String()
}
