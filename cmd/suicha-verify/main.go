// Command suicha-verify is the public's verifier: it re-runs everything in the
// bundle of a draw, or checks one enterprise's own proof, or a published log. It
// needs no database and no trust in whoever made the files, and no network unless
// a log is read from an address.
//
// bundle.go lists the checks in the order of docs/design/draw.md §18.
package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"suicha/internal/draw"
)

const usage = `suicha-verify：核验抽取的公开材料。不读数据库，只相信算得出来的结果；只有核验网上的存证记录时才联网。

用法：
  suicha-verify 目录或压缩包      核验一次抽取：L2 公开材料，含全部名单时为 L3
  suicha-verify proof.json        核验本企业的自证材料：L1
  suicha-verify log --help        核验存证记录：签名、见证、回执、前后一致

结果：全部相符时退出码为 0；否则为 1，并指出第一处不符的文件和行。
`

func main() {
	if len(os.Args) > 1 && os.Args[1] == "log" {
		os.Exit(runLog(os.Args[2:], os.Stdout, os.Stderr))
	}
	if len(os.Args) != 2 || os.Args[1] == "-h" || os.Args[1] == "--help" {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err := verify(os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "不符：%v\n", err)
		os.Exit(1)
	}
}

// verify checks what stands at path and tells out what it checked.
func verify(out io.Writer, path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("%s：没有这个文件或目录，请核对路径", path)
	case info.IsDir():
		return verifyBundle(out, os.DirFS(path))
	case strings.HasSuffix(path, ".json"):
		return verifyProof(out, path)
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return fmt.Errorf("%s：不是可以读取的压缩包，请重新下载", path)
	}
	defer archive.Close()
	if err := bounded(&archive.Reader); err != nil {
		return fmt.Errorf("%s：%w", path, err)
	}
	return verifyBundle(out, &archive.Reader)
}

// Bounds of an archive: nobody needs more, and a bomb stops here.
const (
	filesMost = 2000
	bytesMost = 4 << 30
)

func bounded(archive *zip.Reader) error {
	var total uint64
	for _, f := range archive.File {
		total += f.UncompressedSize64
	}
	if len(archive.File) > filesMost || total > bytesMost {
		return errors.New("压缩包中的文件过多或过大，不予展开")
	}
	return nil
}

// verifyProof is level L1: one enterprise, one file.
func verifyProof(out io.Writer, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	verdict, err := draw.VerifyProof(draw.ProofFile, data)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "L1 本企业自证材料：相符\n  代码 %s，在封存的名单内\n", verdict.Record.ID)
	if verdict.Result == (draw.Hash{}) {
		fmt.Fprintf(out, "  这份材料不涉及抽取结果，是否抽中到公布名单时才能核验\n封库文件摘要 %s\n请与公开网站上的摘要核对。\n", verdict.Lock)
		return nil
	}
	if verdict.Capped {
		fmt.Fprintln(out, "  本期已查次数达到上限，本次不参加抽取")
	}
	for _, p := range verdict.Places {
		state := map[string]string{"drawn": "抽中", "reserve": "候补", "passed": "未抽中"}[p.State]
		fmt.Fprintf(out, "  任务 %s：签序第 %d 位，共 %d 户，抽取 %d 户：%s\n", p.Task, p.Rank, p.Size, p.Drawn, state)
		if p.TicketMessage != "" {
			fmt.Fprintf(out, "    签号 %s，由“%s”算得\n", p.Ticket, p.TicketMessage)
		}
	}
	for _, line := range verdict.Team {
		fmt.Fprintf(out, "  检查小组：%s\n", line)
	}
	fmt.Fprintf(out, "结果文件摘要 %s\n请与告知书、现场大屏或者公开网站上的摘要核对。\n", verdict.Result)
	return nil
}

// has reports whether the bundle has a file.
func has(bundle fs.FS, name string) bool {
	_, err := fs.Stat(bundle, name)
	return err == nil
}
