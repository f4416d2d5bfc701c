package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
)

// DrawRunCmd draws.
type DrawRunCmd struct {
	Custodian string   `placeholder:"FILE" help:"密封模式：保管方的保密文件，只供计算，不写出。"`
	Out       string   `short:"o" placeholder:"PATH" help:"同时打包到这个目录，或者以 .zip 结尾的压缩包。"`
	Time      drawTime `placeholder:"TIME" help:"公开模式公布密钥的时间，默认为现在。"`
	bundleOptions
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawRunCmd) Help() string {
	return `由全部已公布的文件算出种子，抽取对象，派组，写出 result.json。公开模式当即公布密钥和名单；
密封模式的名单只留在本目录，到期用 suicha draw open 公布。

例：
  suicha draw example 抽取 --until envelope
  suicha draw run -d 抽取 -o 公示.zip`
}

// Run computes everything first, and writes only what has passed all checks.
func (c *DrawRunCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	if run.Result != nil {
		return fmt.Errorf("%s 已经存在：结果只能有一次，不得重新计算", c.path(draw.ResultFile))
	}
	if run.Envelopes == nil {
		return fmt.Errorf("%s：还没有启封，不能抽取（没有密封方时也要执行 suicha draw envelope）", c.path(draw.EnvelopesFile))
	}
	custodian, err := c.custodian(run, c.Custodian, time.Time{})
	if err != nil {
		return err
	}
	d, err := ceremony.Compute(run, c, custodian...)
	if err != nil {
		return c.blame(err)
	}
	if run.Manifest.Mode == "open" {
		if run.Opening, err = run.NewOpening(c.Time.instant()); err != nil {
			return c.blame(err)
		}
		if err := run.Check(); err != nil {
			return c.blame(err)
		}
	}
	if err := c.keep(d); err != nil {
		return err
	}
	if c.Out != "" {
		if err := c.pack(c.drawFolder, c.Out); err != nil {
			return err
		}
	}
	return c.report(d)
}

// custodian is the custodian's part of the seed, read from its own file.
func (f drawFolder) custodian(c *draw.Ceremony, file string, at time.Time) ([]draw.Reveal, error) {
	switch {
	case c.Manifest.Mode == "open" && file == "":
		return nil, nil
	case c.Manifest.Mode == "open":
		return nil, errors.New("公开模式没有保管方，请去掉 --custodian")
	case c.Opening != nil && file == "":
		return c.Opening.Custodian, nil
	case file == "":
		return nil, errors.New("密封模式需要保管方的保密文件，请用 --custodian 指定")
	}
	_, s, x, err := f.contributor(file)
	if err != nil {
		return nil, err
	}
	if x.Role != "custodian" {
		return nil, fmt.Errorf("%s：%s 不是保管方", file, s.Name)
	}
	if at.IsZero() {
		at = time.Now()
	}
	return []draw.Reveal{{Name: s.Name, Time: draw.Instant(at), Secret: s.Secret}}, nil
}

// keep writes the outcome into the folder. Lists are for the engine's owner alone
// until they are published; the result comes last.
func (f drawFolder) keep(d *ceremony.Drawing) error {
	files, err := d.Files()
	if err != nil {
		return err
	}
	for _, x := range files {
		if f.has(x.Name) {
			return fmt.Errorf("%s 已经存在，没有写出结果。请移走后重试", f.path(x.Name))
		}
	}
	for _, x := range files {
		mode := os.FileMode(0o644)
		if x.Listed {
			mode = 0o600
		}
		if err := f.write(x.Name, x.Text, mode); err != nil {
			return err
		}
	}
	return nil
}

// report tells what was drawn.
func (c *DrawRunCmd) report(d *ceremony.Drawing) error {
	m := d.Ceremony.Manifest
	digest := d.Ceremony.Result.Digest(m.Suite).String()
	if c.JSON {
		return c.say(map[string]any{"digest": digest, "drawn": len(d.Drawn.Picks), "reserve": len(d.Drawn.Reserve), "cells": d.Drawn.Cells,
			"shortfalls": d.Drawn.Short, "opened": d.Ceremony.Opening != nil, "teams": d.Ceremony.Result.Teams.Size}, "")
	}
	var text strings.Builder
	fmt.Fprintf(&text, "抽中 %d 户，候补 %d 户", len(d.Drawn.Picks), len(d.Drawn.Reserve))
	if d.Teams != nil {
		fmt.Fprintf(&text, "，派组 %d 个", d.Ceremony.Result.Teams.Size)
	}
	text.WriteString("。\n")
	if d.Teams != nil {
		text.WriteString(d.Teams.Shortage)
	}
	for _, s := range d.Drawn.Short {
		fmt.Fprintf(&text, "不足：任务 %s 分层 %s 应抽 %d 户，只有 %d 户可抽。\n", s.Task, s.Stratum, s.Wanted, s.Drawn)
	}
	fmt.Fprintf(&text, "结果摘要 %s\n", digest)
	if d.Ceremony.Opening == nil {
		fmt.Fprintf(&text, "名单在公布之前不得外传，最迟于 %s 用 suicha draw open 公布密钥。\n", m.Opening)
	}
	return c.say(nil, "%s", text.String())
}

// DrawOpenCmd publishes the keys of a sealed draw.
type DrawOpenCmd struct {
	Custodian string   `required:"" placeholder:"FILE" help:"保管方的保密文件。"`
	Out       string   `short:"o" placeholder:"PATH" help:"同时打包到这个目录，或者以 .zip 结尾的压缩包。"`
	Time      drawTime `placeholder:"TIME" help:"公布时间，默认为现在。"`
	bundleOptions
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawOpenCmd) Help() string {
	return `例：
  suicha draw example 抽取 --mode sealed
  suicha draw open -d 抽取 --custodian 抽取/contributors/银行保管箱.secret -o 公示`
}

// Run writes opening.json.
func (c *DrawOpenCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	switch {
	case run.Result == nil:
		return errors.New("还没有抽取，不能公布密钥")
	case run.Opening != nil:
		return fmt.Errorf("%s 已经存在：密钥已经公布", c.path(draw.OpeningFile))
	}
	at := c.Time.Time
	if at.IsZero() {
		at = time.Now()
	}
	custodian, err := c.custodian(run, c.Custodian, at)
	if err != nil {
		return err
	}
	if run.Opening, err = run.NewOpening(draw.Instant(at), custodian...); err != nil {
		return c.blame(err)
	}
	if err := put(c.drawFolder, run, draw.OpeningFile, run.Opening); err != nil {
		return err
	}
	if c.Out != "" {
		if err := c.pack(c.drawFolder, c.Out); err != nil {
			return err
		}
	}
	return c.say(run.Opening, "已写出 %s，种子 %s。请公布密钥和名单。\n", c.path(draw.OpeningFile), run.Opening.Seed)
}

// DrawListCmd computes the drawn list and nothing else.
type DrawListCmd struct {
	Custodian string `placeholder:"FILE" help:"密封模式：保管方的保密文件。"`
	Out       string `short:"o" default:"result.tsv" placeholder:"FILE" help:"要写出的名单。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawListCmd) Help() string {
	return `读取锁定的名单和全部已公布的文件，写出抽中名单。用于测速，以及只想知道名单时。

例：
  suicha draw example 抽取 --until envelope
  suicha draw list -d 抽取 -o 抽中.tsv`
}

// Run writes the list.
func (c *DrawListCmd) Run() error {
	run, err := c.load()
	if err != nil {
		return err
	}
	custodian, err := c.custodian(run, c.Custodian, time.Time{})
	if err != nil {
		return err
	}
	seed, err := run.Seed(custodian...)
	if err != nil {
		return c.blame(err)
	}
	in, err := ceremony.Population(c)
	if err != nil {
		return err
	}
	defer in.Close()
	drawn, err := draw.Select(run.Manifest, run.Lock, seed.Keys(run.Manifest), in, draw.PopulationFile)
	if err != nil {
		return c.blame(err)
	}
	err = writeWhole(c.Out, 0o600, func(w io.Writer) error { return draw.WriteList(w, drawn.Picks) })
	if err != nil {
		return err
	}
	return c.say(map[string]any{"file": c.Out, "drawn": len(drawn.Picks)}, "已写出 %s：%d 户。\n", c.Out, len(drawn.Picks))
}
