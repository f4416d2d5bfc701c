package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"suicha/internal/ceremony"
)

// bundleOptions are what a bundle may hold besides.
type bundleOptions struct {
	Supervised bool `help:"监督用：附上全部名单和派组材料，可以全部重算。含个人信息，不得公开。"`
}

// DrawBundleCmd packs what there is for those who verify.
type DrawBundleCmd struct {
	Out string `short:"o" required:"" placeholder:"PATH" help:"要写出的目录，或者以 .zip 结尾的压缩包。"`
	bundleOptions
	drawFolder
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawBundleCmd) Help() string {
	return `公示包只有各对象的代码和加盐摘要；公布密钥之前不含名单。监督包以全部名单代替加盐摘要，并附派组材料。
任何人可以用 suicha-verify，或者用浏览器打开包内的 verify/verify.html 核验。

例：
  suicha draw example 抽取
  suicha draw bundle -d 抽取 -o 公示.zip
  suicha draw bundle -d 抽取 -o 监督.zip --supervised`
}

// Run packs the bundle.
func (c *DrawBundleCmd) Run() error {
	if err := c.pack(c.drawFolder, c.Out); err != nil {
		return err
	}
	return c.say(map[string]string{"bundle": c.Out}, "已写出 %s。\n", c.Out)
}

// pack writes a bundle, whole or not at all: docs/design/draw.md §17.
func (o bundleOptions) pack(f drawFolder, out string) error {
	if _, err := os.Lstat(out); err == nil {
		return fmt.Errorf("%s 已经存在，请换一个名称", out)
	}
	bundle, err := ceremony.Bundle(f, o.Supervised)
	if err != nil {
		return f.blame(err)
	}
	if strings.EqualFold(filepath.Ext(out), ".zip") {
		return writeWhole(out, 0o644, func(w io.Writer) error { return ceremony.Zip(w, bundle) })
	}
	temp, err := os.MkdirTemp(filepath.Dir(filepath.Clean(out)), ".suicha-*")
	if err != nil {
		return fmt.Errorf("无法写入 %s，请检查目录：%w", out, err)
	}
	defer os.RemoveAll(temp)
	dir := filepath.Join(temp, "bundle")
	if err := os.CopyFS(dir, bundle); err != nil {
		return err
	}
	return os.Rename(dir, out)
}
