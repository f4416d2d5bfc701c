package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"suicha/internal/ledger"
)

const logUsage = `suicha-verify log：核验存证记录，从头到尾重算，不相信公布它的网站。

用法：
  suicha-verify log --policy 信任名单 [选项] 目录或网址
  suicha-verify log --policy 信任名单 --proof 证明文件

  --policy FILE    信任名单：认可哪些密钥为存证记录签名，要有哪些见证方。请从印发的文件或者多个来源取得
  --receipt N:CODE 核对自己的回执：第 N 条的回执码，例如 1:09E7-BC34-DADF-77CF
  --old FILE       以前保存的签名记录（checkpoint）：现在的记录应当包含它，一条不改
  --proof FILE     离线核验一份证明文件（.tlog-proof），不读取存证记录
  --example DIR    写出一份示范存证记录和信任名单，供学习

目录或网址下应有 checkpoint 和 tile/。网址可以是任何主机上的完整副本。

例：
  suicha-verify log --example 示范存证
  suicha-verify log --policy 示范存证/policy.txt --receipt 1:$(cat 示范存证/receipt.txt) --old 示范存证/checkpoint.old 示范存证
  suicha-verify log --policy 示范存证/policy.txt --proof 示范存证/1.tlog-proof
`

// logTask is what is asked about a log.
type logTask struct {
	policy, receipt, old, proof, place string
}

// runLog is the subcommand log. It returns the exit status.
func runLog(args []string, out, problems io.Writer) int {
	var t logTask
	var example string
	flags := flag.NewFlagSet("log", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&t.policy, "policy", "", "")
	flags.StringVar(&t.receipt, "receipt", "", "")
	flags.StringVar(&t.old, "old", "", "")
	flags.StringVar(&t.proof, "proof", "", "")
	flags.StringVar(&example, "example", "", "")
	err := flags.Parse(args)
	t.place = flags.Arg(0)
	switch {
	case err == nil && example != "" && flags.NArg() == 0:
		err = exampleLog(out, example)
	case err != nil, flags.NArg() > 1, t.policy == "", (t.proof == "") == (t.place == ""):
		fmt.Fprint(problems, logUsage)
		return 2
	case t.proof != "":
		err = t.verifyLogProof(out)
	default:
		err = t.verifyLog(out)
	}
	if err != nil {
		fmt.Fprintf(problems, "不符：%v\n", err)
		return 1
	}
	return 0
}

func (t logTask) trusted() (*ledger.Policy, error) {
	text, err := os.ReadFile(t.policy)
	if err != nil {
		return nil, fmt.Errorf("%s：没有这个文件或者无法读取，请核对 --policy", t.policy)
	}
	policy, err := ledger.ParsePolicy(text)
	if err != nil {
		return nil, fmt.Errorf("%s：不是可以读取的信任名单：%w", t.policy, err)
	}
	return policy, nil
}

// verifyLogProof checks one proof, with nothing but the policy.
func (t logTask) verifyLogProof(out io.Writer) error {
	policy, err := t.trusted()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(t.proof)
	if err != nil {
		return fmt.Errorf("%s：没有这个文件或者无法读取，请核对 --proof", t.proof)
	}
	p, err := ledger.ParseProof(text)
	if err == nil && len(p.Leaf) == 0 {
		err = errors.New("the proof does not carry its entry (extra)")
	}
	if err != nil {
		return fmt.Errorf("%s：不是完整的证明文件：%w", t.proof, err)
	}
	c, by, err := p.Verify(p.Leaf, policy)
	if err != nil {
		return fmt.Errorf("%s：%w", t.proof, err)
	}
	tell(out, c, by)
	fmt.Fprintf(out, "  相符　第 %d 条在存证记录之中，回执码 %s\n", p.Index, ledger.LongReceiptCode(ledger.LeafHash(p.Leaf)))
	return nil
}

// verifyLog recomputes a whole log, and looks in it for what the reader has.
func (t logTask) verifyLog(out io.Writer) error {
	policy, err := t.trusted()
	if err != nil {
		return err
	}
	number, code, err := t.wanted()
	if err != nil {
		return err
	}
	old, err := t.before(policy)
	if err != nil {
		return err
	}
	var hashes ledger.Hashes
	found := ""
	c, by, err := ledger.VerifyLog(reader(t.place), policy, func(e ledger.Entry, leaf []byte) error {
		if e.N == number {
			found = ledger.LongReceiptCode(ledger.LeafHash(leaf))
		}
		if e.N >= old.Size {
			return nil
		}
		more, err := ledger.Append(e.N, [][]byte{leaf}, hashes)
		hashes = append(hashes, more...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s：存证记录核验未通过，请保存现有材料并联系监督机关：%w", t.place, err)
	}
	tell(out, c, by)
	fmt.Fprintf(out, "  相符　%d 条逐条重算，与签名的根一致\n", c.Size)
	if code != "" {
		if found == "" || found != code && !strings.HasPrefix(found, code+"-") {
			return fmt.Errorf("%s：第 %d 条的回执码不是 %s，请核对回执", t.place, number, code)
		}
		fmt.Fprintf(out, "  相符　第 %d 条就是回执 %s 所指的一条\n", number, code)
	}
	if t.old == "" {
		return nil
	}
	if c.Origin != old.Origin || c.Size < old.Size {
		return fmt.Errorf("%s：以前的记录有 %d 条（%s），现在只有 %d 条（%s）", t.old, old.Size, old.Origin, c.Size, c.Origin)
	}
	then, err := ledger.TreeHead(old.Size, hashes)
	if err != nil || then.Root != old.Root {
		return fmt.Errorf("%s：现在的记录不包含以前的 %d 条，历史被改写", t.old, old.Size)
	}
	fmt.Fprintf(out, "  相符　以前保存的 %d 条一条未改，其后新增 %d 条\n", old.Size, c.Size-old.Size)
	return nil
}

// wanted is the receipt to look for; the number is -1 if there is none.
func (t logTask) wanted() (int64, string, error) {
	if t.receipt == "" {
		return -1, "", nil
	}
	text, code, ok := strings.Cut(t.receipt, ":")
	number, err := strconv.ParseInt(text, 10, 64)
	if code = strings.ToUpper(strings.TrimSpace(code)); !ok || err != nil || number < 0 || len(code) != 9 && len(code) != 19 {
		return 0, "", fmt.Errorf("--receipt %s：应写成“条号:回执码”，例如 1:09E7-BC34", t.receipt)
	}
	return number, code, nil
}

// before is the checkpoint kept from earlier, which must be believed itself.
func (t logTask) before(policy *ledger.Policy) (ledger.Checkpoint, error) {
	if t.old == "" {
		return ledger.Checkpoint{}, nil
	}
	signed, err := os.ReadFile(t.old)
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("%s：没有这个文件或者无法读取，请核对 --old", t.old)
	}
	c, _, err := policy.Check(signed)
	if err != nil {
		return c, fmt.Errorf("%s：签名不符合信任名单：%w", t.old, err)
	}
	return c, nil
}

// tell says what is signed, and by whom.
func tell(out io.Writer, c ledger.Checkpoint, by []ledger.Cosignature) {
	fmt.Fprintf(out, "存证记录 %s：%d 条，根 %s\n  相符　存证记录的签名\n", c.Origin, c.Size, c.Root)
	for _, w := range by {
		fmt.Fprintf(out, "  相符　见证方 %s 于 %s 签名\n", w.Witness, w.At.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
}

// largestFile is more than any file of a log has.
const largestFile = 32 << 20

// reader reads the files of a log in a folder or at an address.
func reader(place string) func(path string) ([]byte, error) {
	if !strings.HasPrefix(place, "http://") && !strings.HasPrefix(place, "https://") {
		return func(path string) ([]byte, error) {
			data, err := os.ReadFile(filepath.Join(place, filepath.FromSlash(path)))
			if err != nil {
				return nil, fmt.Errorf("没有文件 %s，副本不完整", path)
			}
			return data, nil
		}
	}
	client := &http.Client{Timeout: time.Minute}
	return func(path string) ([]byte, error) {
		address := strings.TrimSuffix(place, "/") + "/" + path
		answer, err := client.Get(address)
		if err != nil {
			return nil, fmt.Errorf("无法读取 %s，请检查网络：%w", address, err)
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s 答复 %s，请核对网址", address, answer.Status)
		}
		data, err := io.ReadAll(io.LimitReader(answer.Body, largestFile+1))
		if err == nil && len(data) > largestFile {
			err = fmt.Errorf("%s 过大，不予读取", address)
		}
		return data, err
	}
}
