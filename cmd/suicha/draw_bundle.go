package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"suicha/docs/design"
	"suicha/internal/draw"
	"suicha/verify"
)

// verifierName is the page's name in a bundle, and among the programs that an
// announcement vouches for.
const verifierName = "verify.html"

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
func (o bundleOptions) pack(f drawFolder, out string) (err error) {
	if _, err := os.Lstat(out); err == nil {
		return fmt.Errorf("%s 已经存在，请换一个名称", out)
	}
	c, err := draw.Load(os.DirFS(f.Dir))
	if err != nil {
		return f.blame(err)
	}
	temp, err := os.MkdirTemp(filepath.Dir(filepath.Clean(out)), ".suicha-*")
	if err != nil {
		return fmt.Errorf("无法写入 %s，请检查目录：%w", out, err)
	}
	defer os.RemoveAll(temp)
	dir := filepath.Join(temp, "bundle")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	if err := o.fill(f, c, dir); err != nil {
		return err
	}
	if err := sums(dir); err != nil {
		return err
	}
	if !strings.EqualFold(filepath.Ext(out), ".zip") {
		return os.Rename(dir, out)
	}
	return writeWhole(out, 0o644, func(w io.Writer) error { return zipTo(w, dir) })
}

// parts are the files of the folder that belong into the bundle.
func (o bundleOptions) parts(f drawFolder, c *draw.Ceremony) []string {
	names := []string{draw.ManifestFile, draw.LockFile, draw.CommitsFile, draw.RevealsFile, draw.EventFile, draw.EnvelopesFile,
		draw.ResultFile, draw.OpeningFile, draw.VoidFile, draw.DifferenceFile}
	for run := range c.Manifest.Run - 1 {
		names = append(names, fmt.Sprintf("run-%d/%s", run+1, draw.ManifestFile), fmt.Sprintf("run-%d/%s", run+1, draw.VoidFile))
	}
	if c.Opening != nil {
		names = append(names, draw.ResultList, draw.ReserveList, draw.SubstitutionsFile)
	}
	if o.Supervised && c.Lock != nil {
		names = append(names, draw.PopulationFile)
		if c.Lock.Matched() {
			names = append(names, draw.MatchInputs...)
			if c.Opening != nil {
				names = append(names, draw.MatchOutputs...)
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !f.has(name) })
}

// fill copies and makes the files of a bundle.
func (o bundleOptions) fill(f drawFolder, c *draw.Ceremony, dir string) error {
	for _, name := range o.parts(f, c) {
		if err := copyFile(filepath.Join(dir, name), f.path(name)); err != nil {
			return err
		}
	}
	if c.Lock != nil {
		objects := writePublic
		if o.Supervised { // the whole population says more
			objects = checkWhole
		}
		if err := objects(f, c, dir); err != nil {
			return f.blame(err)
		}
	}
	page, err := verify.Page()
	if err != nil {
		return err
	}
	specs := map[string][]byte{"verify/draw.md": design.Draw, "verify/match.md": design.Match, "verify/" + verifierName: page}
	if err := os.Mkdir(filepath.Join(dir, "verify"), 0o755); err != nil {
		return err
	}
	for name, text := range specs {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// checkWhole checks that the population in the bundle is the one locked.
func checkWhole(f drawFolder, c *draw.Ceremony, dir string) error {
	in, err := openInput(filepath.Join(dir, draw.PopulationFile), "核对名单")
	if err != nil {
		return fmt.Errorf("%s：没有这份名单，不能打包", f.path(draw.PopulationFile))
	}
	defer in.Close()
	_, err = draw.ReadPopulation(c, nil, in, nil)
	return err
}

// writePublic writes the ids and salted leaf hashes, if they are those locked.
func writePublic(f drawFolder, c *draw.Ceremony, dir string) error {
	in, err := f.population("写公开名单")
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(filepath.Join(dir, draw.PublicFile))
	if err != nil {
		return err
	}
	defer out.Close()
	if err := draw.WritePublic(out, c.Manifest.Suite, in); err != nil {
		return err
	}
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return err
	}
	root, err := draw.ReadPublic(c.Manifest.Suite, out, nil)
	if err == nil && root != c.Lock.Population {
		err = &draw.Fault{File: draw.PopulationFile, Text: "名单与锁定时不一致，没有打包"}
	}
	return err
}

func copyFile(to, from string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// sums writes both lists of digests of a bundle.
func sums(dir string) error {
	lists := map[string][]byte{}
	for name, suite := range map[string]draw.Suite{draw.SHA256Sums: draw.SHA256, draw.SM3Sums: draw.SM3} {
		text, err := draw.Sums(suite, os.DirFS(dir))
		if err != nil {
			return err
		}
		lists[name] = text
	}
	for name, text := range lists {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// zipTo packs a folder. No time goes in, so that equal bundles are equal bytes.
func zipTo(w io.Writer, dir string) error {
	archive := zip.NewWriter(w)
	files := os.DirFS(dir)
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		in, err := files.Open(name)
		if err != nil {
			return err
		}
		defer in.Close()
		out, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		return err
	})
	return errors.Join(err, archive.Close())
}
