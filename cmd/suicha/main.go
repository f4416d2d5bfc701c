// Command suicha is the whole of Suicha (随查) in one program: the site, the
// demonstration, the draw on plain files, and what an administrator needs.
//
// serve.go puts the parts together; each command is a struct with a Run method.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

// cli is the command line.
var cli struct {
	Config kong.ConfigFlag `help:"JSON 配置文件，键与命令行选项同名。" placeholder:"FILE"`

	Serve        ServeCmd        `cmd:"" help:"运行网站。"`
	Demo         DemoCmd         `cmd:"" help:"用演示县的数据运行网站。"`
	Synth        SynthCmd        `cmd:"" help:"生成虚构的检查对象文件，供试用导入和测速。"`
	Import       ImportCmd       `cmd:"" help:"在服务器上把文件导入名录库。"`
	Package      PackageCmd      `cmd:"" help:"把抽中的名单签名打包，派发给下级。"`
	Draw         DrawCmd         `cmd:"" help:"不用服务器，在文件上办理抽取。"`
	Migrate      MigrateCmd      `cmd:"" help:"把数据库升级到本程序的版本。"`
	User         UserCmd         `cmd:"" help:"管理员账号。"`
	VerifyRecord VerifyRecordCmd `cmd:"" help:"从头复算存证记录，逐条核对数据库。"`
	Witness      WitnessCmd      `cmd:"" help:"作为见证机构运行。"`
}

func main() {
	parser := kong.Must(&cli,
		kong.Name("suicha"), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Description("随查：部门联合“双随机、一公开”监管平台。"), kong.Configuration(kong.JSON))
	ctx, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	if err := ctx.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "suicha:", err)
		code := 1
		if e := (exitError{}); errors.As(err, &e) {
			code = e.ExitCode()
		}
		os.Exit(code)
	}
}
