package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
)

// PackageCmd makes a signed list for a department below (名单包): R64, 海政办发〔2020〕2号 二(五)2.
type PackageCmd struct {
	Key    string   `arg:"" help:"派发单位的保密文件，用 suicha draw secret 生成。"`
	Region string   `required:"" help:"派发给哪个行政区划（六位代码）。"`
	Number string   `required:"" help:"名单编号，同一派发单位不重复。"`
	Title  string   `required:"" help:"名单名称。"`
	Ground string   `required:"" help:"派发依据。"`
	Until  drawTime `required:"" help:"接收截止时间，例如 2026-12-31T17:00:00+08:00。"`
	At     drawTime `help:"签发时间，不填为现在。"`
	List   string   `placeholder:"FILE" help:"名单文件：每行代码、TAB、名称；不填则用抽取目录中抽中的对象。"`
	Prefix string   `help:"只取抽中对象中行政区划以此开头的；不填则与 --region 相同。"`
	Out    string   `short:"o" required:"" placeholder:"FILE" help:"写出的名单包（.zip）。"`
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *PackageCmd) Help() string {
	return `把抽中的名单签名打包，用网络或者 U 盘交给下级。下级登记派发单位的公钥以后才能接收，名单不能更改。

例：
  suicha draw example 抽取
  suicha draw secret 烟台市市场监督管理局 -o 派发.secret
  suicha package 派发.secret -d 抽取 --region 370687 --prefix 37 --number 370600-2026-p12 --title 餐饮抽查 --ground 市级联合抽查 --until 2099-01-01T00:00:00Z -o 名单.zip`
}

// Run writes the package.
func (c *PackageCmd) Run() error {
	secret, err := readDrawSecret(c.Key)
	if err != nil {
		return err
	}
	signer, err := secret.Suite.ParseSigner(secret.Key)
	if err != nil {
		return fmt.Errorf("%s：签名密钥不正确", c.Key)
	}
	lines, err := c.lines()
	if err != nil {
		return err
	}
	text, err := ceremony.NewPackage(ceremony.Package{
		Suite: secret.Suite, Sender: secret.Name, Number: c.Number, Title: c.Title, Ground: c.Ground, Region: c.Region,
		Time: c.At.instant(), Until: draw.Instant(c.Until.Time.In(time.UTC)),
	}, signer, lines)
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.Out); err == nil {
		return fmt.Errorf("%s 已经存在，不得改写", c.Out)
	}
	if err := os.WriteFile(c.Out, text, 0o644); err != nil {
		return fmt.Errorf("无法写入 %s，请检查目录：%w", c.Out, err)
	}
	return c.say(map[string]any{"file": c.Out, "objects": len(lines), "key": signer.Public()}, "已写出 %s，共 %d 户。公钥 %s\n", c.Out, len(lines), signer.Public())
}

// lines are the objects of the list, or those drawn within the region.
func (c *PackageCmd) lines() ([]string, error) {
	if c.List != "" {
		text, err := os.ReadFile(c.List)
		if err != nil {
			return nil, fmt.Errorf("%s：没有这个文件或者无法读取，请核对路径", c.List)
		}
		return strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n"), nil
	}
	drawn, _, err := ceremony.Lists(c)
	if err != nil {
		return nil, c.blame(err)
	}
	regions, err := ceremony.Regions(c, drawn)
	if err != nil {
		return nil, c.blame(err)
	}
	prefix := c.Prefix
	if prefix == "" {
		prefix = c.Region
	}
	var lines []string
	for id, region := range regions {
		if strings.HasPrefix(region, prefix) {
			lines = append(lines, id+"\t-")
		}
	}
	return lines, nil
}
