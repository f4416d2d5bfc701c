package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"suicha/internal/config"
	"suicha/internal/county"
	"suicha/internal/inspect"
	"suicha/internal/web/office"
)

// demoPassword opens every account of the demonstration, and nothing else: a
// site that is no demonstration does not let demonstration accounts in.
const demoPassword = "demo-haiyang"

// demoShown are the sign-ins that the demonstration prints and shows, in the
// order in which a newcomer should meet them.
var demoShown = []string{
	"scjg-jbr", "scjg-fgfzr", "scjg-zyfzr", "wjj-lly", "zhzf-jbr", "zhzf-fgfzr", "zjj-jbr", "gaj-jbr", "gaj-fgfzr", "wjj-jbr", "jtj-fgfzr", "lhb-jbr", "lhb-fgfzr", "zf-zjr", "jdk-jdy", "xtgly",
	"aqgly", "sjgly",
}

// DemoCmd runs the site with the demonstration county.
type DemoCmd struct {
	Listen     string `env:"SUICHA_LISTEN" default:"127.0.0.1:8370" help:"监听地址。"`
	Data       string `env:"SUICHA_DEMO_DATA" default:"data/demo" help:"演示数据的目录。"`
	Reset      bool   `help:"删去上次的演示数据，重新开始。"`
	Objects    int    `default:"60000" help:"检查对象名录库的虚构对象数量，0 为不建；100 万以上用于测速。"`
	Inspectors int    `default:"500" help:"执法检查人员名录库的虚构人员数量，0 为不建。"`
}

// Run makes the county if it is not there yet, and serves it.
func (c *DemoCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if c.Reset {
		if err := c.reset(); err != nil {
			return err
		}
	}
	server, err := demoServer(c.Listen, c.Data)
	if err != nil {
		return err
	}
	site, err := open(ctx, server, true)
	if err != nil {
		return err
	}
	defer site.close()
	people, err := c.populate(ctx, site)
	if err != nil {
		return err
	}
	l, err := site.listen()
	if err != nil {
		return err
	}
	c.greet(site, people)
	return site.serve(ctx, l)
}

// demoServer is what a demonstration is run with.
func demoServer(listen, data string) (config.Server, error) {
	_, port, ok := strings.Cut(listen, ":")
	if !ok {
		return config.Server{}, fmt.Errorf("监听地址 %q 应写成 地址:端口", listen)
	}
	return config.Server{
		Listen: listen, Origin: "http://localhost:" + port, Hosts: []string{"127.0.0.1"}, Data: data,
		Region: county.Region, Site: "海阳市双随机抽查公开平台", LogName: "demo.suicha/log",
		Sponsor: "海阳市部门联合“双随机、一公开”监管工作联席会议办公室（演示）", Address: "海阳市（演示，没有实际地点）", Phone: "0535-000 0000（虚构）", Filing: "01-20", Publish: "02-29", Recusal: 2,
	}, nil
}

// reset removes an earlier demonstration. It refuses a directory that is not
// one.
func (c *DemoCmd) reset() error {
	if _, err := os.Stat(filepath.Join(c.Data, demoMark)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return os.RemoveAll(c.Data)
}

// demoMark is the file that tells a demonstration's data from real ones.
const demoMark = "demonstration"

// demoReady is what the mark says of a demonstration that was made to the end.
const demoReady = "This directory holds a demonstration. It may be removed.\n"

// populate makes the county, its libraries and its accounts, the first time.
func (c *DemoCmd) populate(ctx context.Context, s *site) ([]county.Person, error) {
	mark := filepath.Join(s.config.Data, demoMark)
	switch text, err := os.ReadFile(mark); {
	case err == nil && string(text) != demoReady:
		return nil, errors.New("上次建立演示县时中断了，请加 --reset 重新开始")
	case err == nil:
		return county.People(), nil
	}
	began := time.Now()
	fmt.Println("正在建立演示县……")
	people, err := county.Found(ctx, s.store, s.deadlines)
	if err != nil {
		return nil, fmt.Errorf("建立演示县：%w", err)
	}
	// The record was empty before, so the directory holds nothing but this.
	if err := os.WriteFile(mark, []byte("unfinished\n"), 0o600); err != nil {
		return nil, err
	}
	bar := newBar(os.Stdout)
	err = county.Fill(ctx, s.store, s.deadlines, county.Filling{
		Objects: c.Objects, Inspectors: c.Inspectors, Seed: demoSeed, Folder: s.imports, Evidence: s.evidence, Keys: s.keys.lists, Now: time.Now, Told: bar.told,
	})
	bar.end()
	if err != nil {
		return nil, fmt.Errorf("建立“两库”：%w", err)
	}
	inspectors, err := county.Officers(ctx, s.store.DB)
	if err != nil {
		return nil, err
	}
	accounts := map[string]inspect.PersonID{}
	for _, p := range slices.Concat(people, inspectors) {
		accounts[p.SignIn] = p.ID
	}
	if err := s.gate.Demo(ctx, demoPassword, accounts); err != nil {
		return nil, fmt.Errorf("演示账号：%w", err)
	}
	fmt.Printf("演示县已建好，用时 %.0f 秒。\n", time.Since(began).Seconds())
	return people, os.WriteFile(mark, []byte(demoReady), 0o600)
}

// demoSeed is that of the county's register, so that all demonstrations are the
// same.
const demoSeed = 370687

// shown returns the accounts to show, with who they are.
func shown(people []county.Person) []office.DemoAccount {
	var some []county.Person
	for _, signIn := range demoShown {
		for _, p := range people {
			if p.SignIn == signIn {
				some = append(some, p)
			}
		}
	}
	return accountsOf(some)
}

func accountsOf(people []county.Person) (accounts []office.DemoAccount) {
	for _, p := range people {
		accounts = append(accounts, office.DemoAccount{Name: p.SignIn, Password: demoPassword, Who: p.Org + p.Post.Text() + "　" + p.Name})
	}
	return accounts
}

func (c *DemoCmd) greet(s *site, people []county.Person) {
	fmt.Printf("\n随查演示站：%s\n  公开网站  %s/\n  部门办公  %s/office\n  演示导览  %s/demo  （第一次来，从这里开始）\n\n演示账号（密码都是 %s）：\n", s.config.Origin, s.config.Origin, s.config.Origin, s.config.Origin, demoPassword)
	for _, a := range shown(people) {
		fmt.Printf("  %-12s %s\n", a.Name, a.Who)
	}
	if c.Objects > 0 {
		fmt.Println("\n“两库”已有虚构的检查对象和执法检查人员：用 scjg-jbr 登录可查找对象、看分库的待确认成员和导入批次；各部门经办人可看本部门的人员。")
	}
	fmt.Println("\n其他部门的账号按同样的规律：部门代码-jbr（经办人）、-fgfzr（分管负责人）、-zyfzr（主要负责人）、-lly（联络员）。")
	fmt.Println("按 Ctrl+C 停止。数据保存在 " + c.Data + "，加 --reset 重新开始。")
}
