package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/config"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

// ImportCmd brings a file into a library, on the server: the same as the pages do,
// by the same acts of the same persons. A person signs in with their password and,
// as for every grave act, their second factor.
type ImportCmd struct {
	config.Server
	File    string `arg:"" type:"existingfile" help:"要导入的文件：.xlsx、.csv 或 .json。"`
	Noun    string `enum:"object,inspector,item,licence" default:"object" help:"导入到哪里：object（检查对象名录库）、inspector（执法检查人员名录库）、item（抽查事项清单）、licence（检查对象的许可证）。"`
	User    string `required:"" env:"SUICHA_USER" help:"登录名。口令取自环境变量 SUICHA_PASSWORD，没有就询问。"`
	Source  string `required:"" help:"数据来源，例如 市场主体登记。"`
	Sourced string `help:"数据日期，例如 2026-03-01；不填即今天。"`
	Whole   bool   `help:"文件是这个来源的全部数据：文件中没有的标为不再出现、移出或者注销。"`
	Sheet   string `help:"工作表的名称；只有一个时不必填。"`
	Yes     bool   `help:"检查后不再询问，直接确认。"`
	Check   bool   `help:"只检查，不确认；以后可以在网页上确认。"`
	Faults  string `type:"path" help:"有问题的行另存到这个 .xlsx 文件，改正后可以直接再导入。"`
	JSON    bool   `name:"json" help:"结果写成 JSON。"`
}

// Help tells how a file is brought, with an example that runs as it stands in a
// demonstration.
func (c *ImportCmd) Help() string {
	return `检查后询问是否确认。退出码：0 已写入，1 出错，2 文件不能导入，3 没有确认或者待复核，4 没有新的内容。
下面先建一个演示县，建好后按 Ctrl+C 停止，再用演示账号导入。

例：
  suicha demo --data 试用 --objects 300
  printf '单位工号,姓名,人员类别,执法证编号,有效期止\nSCJG-901,某某,公务员,15060099901,2028-12-31\n' > 人员.csv
  SUICHA_PASSWORD=demo-haiyang suicha import 人员.csv --data 试用 --noun inspector --user scjg-jbr --source 人事档案 --yes`
}

// An exitError ends the program with a code of its own.
type exitError struct {
	error
	code int
}

// ExitCode is what a script sees.
func (e exitError) ExitCode() int { return e.code }

// The exit codes of imports, besides 0 and the 1 of every failure.
const (
	exitRefused  = 2 // the file cannot be taken
	exitWaiting  = 3 // checked, and not confirmed, or waits for a second person
	exitSameFile = 4 // nothing in the file is new
)

// Run imports.
func (c *ImportCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	_, err := os.Stat(filepath.Join(c.Data, demoMark))
	demo := err == nil
	if demo { // demonstration accounts sign in to demonstrations
		if c.Server, err = demoServer(c.Listen, c.Data); err != nil {
			return err
		}
	}
	s, err := open(ctx, c.Server, demo)
	if err != nil {
		return err
	}
	defer s.close()
	in := &importing{ImportCmd: c, site: s, ask: bufio.NewReader(os.Stdin)}
	if err := in.signIn(ctx); err != nil {
		return err
	}
	i, err := in.run(ctx)
	return errors.Join(err, s.gate.SignOut(context.WithoutCancel(ctx), in.token, auth.From{}), in.say(i, err))
}

// An importing is one run of the command.
type importing struct {
	*ImportCmd
	site  *site
	ask   *bufio.Reader
	token string
}

// prompt asks on the terminal; what is asked is never part of the output.
func (in *importing) prompt(what string) (string, error) {
	fmt.Fprint(os.Stderr, what+"：")
	line, err := in.ask.ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return strings.TrimSpace(line), err
}

// signIn makes the person's session, with the second factor if they have one.
func (in *importing) signIn(ctx context.Context) (err error) {
	password := os.Getenv("SUICHA_PASSWORD")
	if password == "" {
		if password, err = in.prompt("口令"); err != nil {
			return err
		}
	}
	gate := in.site.gate
	t, err := gate.SignIn(ctx, in.User, password, auth.From{})
	if err != nil {
		return err
	}
	if t.Stage != store.Full {
		code, err := in.prompt("手机验证器上的 6 位数字")
		if err != nil {
			return err
		}
		if t, err = gate.SecondFactor(ctx, t.Token, code, auth.From{}); err != nil {
			return err
		}
	}
	in.token = t.Token
	session, err := gate.Session(ctx, t.Token)
	if err != nil {
		return err
	}
	k := slices.IndexFunc(session.Posts, func(h store.Holder) bool { return h.Kind == inspect.Clerk })
	if k < 0 {
		return inspect.ErrDenied.With(inspect.ImportUpload.Text())
	}
	if session.Post == session.Posts[k].ID {
		return nil
	}
	t, err = gate.SwitchPost(ctx, t.Token, session.Posts[k].ID, auth.From{})
	in.token = t.Token
	return err
}

// proven is the actor whose second factor was shown just now.
func (in *importing) proven(ctx context.Context) (inspect.Actor, error) {
	who, err := in.site.gate.Actor(ctx, in.token)
	if err != nil || who.Proven(time.Now()) {
		return who, err
	}
	var t auth.Ticket
	if in.site.demo {
		t, err = in.site.gate.StepUpPassword(ctx, in.token, os.Getenv("SUICHA_PASSWORD"), auth.From{})
	} else {
		var code string
		if code, err = in.prompt("这是重要操作，请再次输入手机验证器上的 6 位数字"); err == nil {
			t, err = in.site.gate.StepUp(ctx, in.token, code, auth.From{})
		}
	}
	if err != nil {
		return who, err
	}
	in.token = t.Token
	return in.site.gate.Actor(ctx, in.token)
}

// run brings the file, checks it, and writes it if that is confirmed.
func (in *importing) run(ctx context.Context) (i inspect.Import, err error) {
	who, err := in.site.gate.Actor(ctx, in.token)
	if err != nil {
		return i, err
	}
	up, err := in.upload(ctx, who)
	if err != nil {
		return i, err
	}
	if _, err := in.site.desk.Do(ctx, web.NewID(), who, up); err != nil {
		return i, err
	}
	if i, err = in.settle(ctx, who, up.Import); err != nil {
		return i, err
	}
	if err := in.report(i); err != nil {
		return i, err
	}
	switch {
	case i.State == inspect.ImportRefused:
		return i, exitError{errors.New(i.Note), exitRefused}
	case i.Rows.Staged() == 0:
		return i, exitError{inspect.ErrImportIdle, exitSameFile}
	case !in.confirmed(i):
		return i, exitError{fmt.Errorf("已检查，没有确认。可以在 %s/office/imports/%s 上确认或者取消", in.Origin, i.ID), exitWaiting}
	}
	if who, err = in.proven(ctx); err != nil {
		return i, err
	}
	if _, err := in.site.desk.Do(ctx, web.NewID(), who, act.ConfirmImport{Import: i.ID, Seen: i.Version, Staged: i.Staged}); err != nil {
		return i, err
	}
	if i, err = in.settle(ctx, who, i.ID); err == nil && i.State == inspect.ImportSeconding {
		err = exitError{fmt.Errorf("不再出现的超过二十分之一，请另一位负责人在 %s/office/imports/%s 上复核", in.Origin, i.ID), exitWaiting}
	}
	return i, err
}

// upload keeps the file and maps its columns, as the page would propose.
func (in *importing) upload(ctx context.Context, who inspect.Actor) (up act.UploadImport, err error) {
	f, err := os.Open(in.File)
	if err != nil {
		return up, err
	}
	defer f.Close() // only read
	file, err := in.site.imports.Keep(string(who.Org.ID), f, exchange.UsualLimits.Size)
	if err != nil {
		return up, err
	}
	up = act.UploadImport{
		Import: inspect.ImportID(web.NewID()), Noun: inspect.ImportNoun(in.Noun), Source: in.Source, Sourced: workday.On(time.Now()), Whole: in.Whole,
		File: filepath.Base(in.File), SHA256: file.SHA256, Size: file.Size,
	}
	if in.Sourced != "" {
		if up.Sourced, err = workday.Parse(in.Sourced); err != nil {
			return up, fmt.Errorf("--sourced %q 不是日期，例如 2026-03-01", in.Sourced)
		}
	}
	towns, err := in.site.store.DB.Areas(ctx, who.Scope(), who.Org.Region)
	if err != nil {
		return up, err
	}
	known, err := in.remembered(ctx, who)
	if err != nil {
		return up, err
	}
	m, err := exchange.Propose(ctx, f, file.Size, up.File, in.Sheet, exchange.ImportTable(inspect.ImportNoun(in.Noun), towns), known, exchange.Options{Dir: in.site.imports.Scratch()})
	var p inspect.Problem
	if errors.As(err, &p) && p.Kind == inspect.Invalid {
		err = exitError{err, exitRefused}
	}
	up.Sheet, up.Line = m.Sheet, m.Line
	for _, p := range m.Pairs {
		up.Columns = append(up.Columns, inspect.ImportColumn(inspect.ImportPair(p)))
	}
	return up, err
}

// remembered is the mapping of the source's last file.
func (in *importing) remembered(ctx context.Context, who inspect.Actor) (m exchange.Mapping, err error) {
	text, err := in.site.store.DB.LastMapping(ctx, who.Scope(), inspect.ImportNoun(in.Noun), in.Source)
	if err != nil {
		return m, err
	}
	return exchange.ParseMapping(text)
}

// settle does the platform's part, and shows how far it has come.
func (in *importing) settle(ctx context.Context, who inspect.Actor, id inspect.ImportID) (inspect.Import, error) {
	done := make(chan error, 1)
	go func() { done <- in.site.importer().Settle(ctx, id) }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			fmt.Fprint(os.Stderr, "\r\033[K")
			if err != nil {
				return inspect.Import{}, err
			}
			return in.site.store.DB.Import(ctx, who.Scope(), id)
		case <-tick.C:
			b, err := in.site.imports.Batch(string(id))
			var p job.Progress
			if err == nil {
				_, err = b.ReadJSON(job.ImportProgress, &p)
			}
			if err == nil && p.Total > 0 {
				fmt.Fprintf(os.Stderr, "\r\033[K%s %s %d%%", p.Phase, strings.Repeat("█", int(p.Done*30/p.Total)), p.Done*100/p.Total)
			}
		}
	}
}

// report tells what the check found: each kind of fault with its first place. The
// faulty rows go to the file that was asked for.
func (in *importing) report(i inspect.Import) error {
	if i.State == inspect.ImportRefused {
		return nil
	}
	b, err := in.site.imports.Batch(string(i.ID))
	if err != nil {
		return err
	}
	var found job.ImportReport
	if _, err := b.ReadJSON(job.ImportSummary, &found); err != nil {
		return err
	}
	r := i.Rows
	fmt.Fprintf(os.Stderr, "读取 %d 行：新增 %d，变更 %d，不变 %d，不再出现 %d，有误 %d，请核对 %d。\n", r.Read, r.New, r.Changed, r.Same, r.Gone, r.Faulty, r.Warned)
	for _, k := range found.Kinds {
		what := "请核对"
		if k.Severity == exchange.Error {
			what = "错误"
		}
		fmt.Fprintf(os.Stderr, "  %s　%d 处，第一处在%s：%s\n", what, k.Count, k.Example.Place(), k.Example.Text)
	}
	if in.Faults == "" || r.Faulty+r.Warned == 0 {
		return nil
	}
	text, err := os.ReadFile(b.Path(job.ImportFaults))
	if err != nil {
		return err
	}
	return os.WriteFile(in.Faults, text, 0o600)
}

// confirmed asks whether what was checked is to be written.
func (in *importing) confirmed(i inspect.Import) bool {
	if in.Yes || in.Check {
		return in.Yes && !in.Check
	}
	answer, err := in.prompt("确认导入请输入 是")
	return err == nil && (answer == "是" || answer == "y" || answer == "yes")
}

// say writes the result for people or for programs.
func (in *importing) say(i inspect.Import, failed error) error {
	if i.ID == "" {
		return nil
	}
	if in.JSON {
		return json.NewEncoder(os.Stdout).Encode(struct {
			ID      inspect.ImportID    `json:"id"`
			Number  int64               `json:"number"`
			State   inspect.ImportState `json:"state"`
			Rows    inspect.ImportRows  `json:"rows"`
			Done    int64               `json:"done"`
			Skipped int64               `json:"skipped"`
			Note    string              `json:"note,omitempty"`
		}{i.ID, i.Number, i.State, i.Rows, i.Done, i.Skipped, i.Note})
	}
	if failed == nil {
		unit := i.Noun.Unit()
		fmt.Printf("第 %d 批%s：写入 %d %s，没有写入 %d %s。\n", i.Number, i.State.Text(), i.Done-i.Skipped, unit, i.Skipped, unit)
	}
	return nil
}
