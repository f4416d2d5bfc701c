package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"suicha/internal/ceremony"
)

// R64: the example of `suicha package --help` runs as printed, and writes a package
// that reads as it was made.
func TestPackageOnTheCommandLine(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	_, examples, ok := strings.Cut((&PackageCmd{}).Help(), "例：\n")
	if !ok {
		t.Fatal("--help has no example")
	}
	for line := range strings.Lines(examples) {
		s.done(strings.TrimSpace(line))
	}
	read := func(name string) (*ceremony.Package, string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		p, objects, err := ceremony.OpenPackage(text)
		if err != nil {
			t.Fatal(err)
		}
		return p, string(objects)
	}
	if p, objects := read("名单.zip"); p.Sender != "烟台市市场监督管理局" || p.Region != "370687" || p.Count == 0 || !strings.HasSuffix(objects, "\t-\n") {
		t.Errorf("the package is %+v", p)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "list.tsv"), []byte("B\t乙餐馆\r\nA\t甲餐馆\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command := "suicha package 派发.secret --list list.tsv --region 370687 --number 2 --title 名单 --ground 投诉 --until 2099-01-01T00:00:00Z -o 二.zip"
	s.done(command)
	if _, objects := read("二.zip"); objects != "A\t甲餐馆\nB\t乙餐馆\n" {
		t.Errorf("the list is %q", objects)
	}
	s.refused(command, "已经存在")
	s.refused(strings.Replace(strings.Replace(command, "二.zip", "三.zip", 1), "370687", "37", 1), "六位")
}
