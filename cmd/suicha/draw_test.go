package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

var programDir string // what programs built, to be removed

// programs builds suicha and suicha-verify once.
var programs = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "suicha-draw-*")
	if err != nil {
		return "", err
	}
	programDir = dir
	out, err := exec.Command("go", "build", "-o", dir+"/", "suicha/cmd/suicha", "suicha/cmd/suicha-verify").CombinedOutput()
	if err != nil {
		return dir, fmt.Errorf("%w: %s", err, out)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(programDir)
	os.Exit(code)
}

// A shell runs commands in a folder of its own.
type shell struct {
	t        testing.TB
	dir, bin string
}

func newShell(t testing.TB) shell {
	t.Helper()
	bin, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	return shell{t, t.TempDir(), bin}
}

func (s shell) try(line string) (string, error) {
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), "PATH="+s.bin+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// done runs lines that must succeed and returns what the last one said.
func (s shell) done(lines ...string) (out string) {
	s.t.Helper()
	for _, line := range lines {
		var err error
		if out, err = s.try(line); err != nil {
			s.t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
	return out
}

// refused runs a line that must fail and say want.
func (s shell) refused(line, want string) {
	s.t.Helper()
	out, err := s.try(line)
	if err == nil || !strings.Contains(out, want) {
		s.t.Errorf("%s: %v, %s, want %q", line, err, out, want)
	}
}

func (s shell) file(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s shell) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// Every example that --help prints runs as printed.
func TestExamplesOfHelp(t *testing.T) {
	commands := reflect.TypeFor[DrawCmd]()
	for i := range commands.NumField() {
		field := commands.Field(i)
		t.Run(strings.ToLower(field.Name), func(t *testing.T) {
			t.Parallel()
			helper, ok := reflect.New(field.Type).Interface().(interface{ Help() string })
			if !ok {
				t.Fatal("no --help")
			}
			_, examples, ok := strings.Cut(helper.Help(), "例：\n")
			if !ok {
				t.Fatal("--help has no example")
			}
			s := newShell(t)
			for line := range strings.Lines(examples) {
				s.done(strings.TrimSpace(line))
			}
		})
	}
}

// R55: whoever gets a bundle can verify it, of every kind that can be made.
func TestBundlesVerify(t *testing.T) {
	for _, suite := range []string{"sm3-sm2", "sha256-ed25519"} {
		for _, mode := range []string{"open", "sealed"} {
			for _, teams := range []string{"", " --rate 300"} {
				t.Run(suite+mode+teams, func(t *testing.T) {
					t.Parallel()
					s := newShell(t)
					s.done("suicha draw example d --suite "+suite+" --mode "+mode+teams, "suicha-verify d/公示.zip",
						"suicha draw bundle -d d -o before --supervised", "suicha-verify before")
					level := "L3"
					if mode == "sealed" {
						if _, err := os.Stat(filepath.Join(s.dir, "before/result.tsv")); err == nil {
							t.Error("a sealed bundle shows the list")
						}
						s.refused("suicha draw proof $(cut -f1 d/population.tsv | head -1) -d d", "--custodian")
						s.done("suicha draw open -d d --custodian d/contributors/银行保管箱.secret -o opened.zip", "suicha-verify opened.zip")
					}
					s.done(`suicha draw substitute -d d --task T1 --id "$(cut -f5 d/result.tsv | head -1)" --reason moved --evidence d/announcement.json --approver 王局长`,
						"suicha draw bundle -d d -o after.zip --supervised")
					out := s.done("suicha-verify after.zip")
					if !strings.Contains(out, level) || teams == "" && !strings.Contains(out, "相符　检查小组") || !strings.Contains(out, "相符　替补记录") {
						t.Error(out)
					}
					s.done(`suicha draw proof "$(cut -f5 d/result.tsv | head -1)" -d d`, "suicha-verify proof.json")
				})
			}
		}
	}
}

// A void run is published, and the next one carries it.
func TestVoidRunAndTheNext(t *testing.T) {
	s := newShell(t)
	s.done("suicha draw example d --until commit --suite sha256-ed25519",
		"suicha draw void -d d --phase reveal --defaulter 税务局 --reason 到期未亮出",
		"suicha draw bundle -d d -o void.zip", "suicha-verify void.zip")
	s.refused("suicha draw reveal d/contributors/市场监管局.secret -d d", "已经作废")
	// The same people announce again, with times that lie after the void record.
	s.done("suicha draw example e --until announce --suite sha256-ed25519")
	announcement := map[string]any{}
	if err := json.Unmarshal([]byte(s.read("e/announcement.json")), &announcement); err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]any{"time": "2099-01-01T00:00:00Z",
		"deadlines": map[string]string{"commit": "2099-01-01T02:00:00Z", "reveal": "2099-01-01T03:00:00Z", "envelopes": "2099-01-01T06:00:00Z"}} {
		announcement[key] = value
	}
	announcement["event"].(map[string]any)["not_before"] = "2099-01-01T04:00:00Z"
	text, err := json.Marshal(announcement)
	if err != nil {
		t.Fatal(err)
	}
	s.file("next.json", string(text))
	s.done("suicha draw announce next.json -d f --after d", "cp e/population.tsv f/", "suicha draw lock -d f --time 2099-01-01T01:00:00Z",
		"suicha draw bundle -d f -o next.zip")
	if out := s.done("suicha-verify next.zip"); !strings.Contains(out, "相符　此前各次") || !strings.Contains(out, "第 2 次") {
		t.Error(out)
	}
}

// A whole draw by hand: every party does its own part.
func TestCeremonyByHand(t *testing.T) {
	s := newShell(t)
	s.done("suicha draw example d --until lock")
	for _, name := range []string{"公证处", "市场监管局", "税务局", "纪检组"} {
		s.done("suicha draw commit d/contributors/" + name + ".secret -d d")
	}
	s.refused("suicha draw reveal d/contributors/市场监管局.secret -d d", "还没有收齐")
	s.refused("suicha draw collect 公证处.commit.json 市场监管局.commit.json 纪检组.commit.json -d d", "缺少 税务局 的承诺")
	if _, err := os.Stat(filepath.Join(s.dir, "d/commits.json")); err == nil {
		t.Error("commits.json was written without all")
	}
	s.done("suicha draw collect 公证处.commit.json 市场监管局.commit.json 税务局.commit.json 纪检组.commit.json -d d")
	s.refused("suicha draw reveal d/contributors/公证处.secret -d d", "不能启封")
	s.done("suicha draw reveal d/contributors/市场监管局.secret -d d", "suicha draw reveal d/contributors/税务局.secret -d d")
	s.refused("suicha draw collect 市场监管局.reveal.json -d d", "缺少 税务局 的随机数")
	s.refused("suicha draw event ssq:1 -d d --issue ssq=1", "还没有收齐")
	s.done("suicha draw collect 市场监管局.reveal.json 税务局.reveal.json -d d")
	const numbers = `"ssq:3 7 12 19 25 33+8/urn:4 0 9 9 1 7" --issue ssq=2026135 --issue urn=大厅 -d d`
	s.refused(`suicha draw event `+numbers+` --again "ssq:3 7 12 19 25 32+8/urn:4 0 9 9 1 7"`, "两次录入不一致")
	s.refused(`suicha draw event `+numbers+` --again "ssq:3 7 12 19 25 33+8/urn:4 0 9 9 1 7"`, "event.json:1: 来源 ssq 的时间早于规定的最早时间")
	if _, err := os.Stat(filepath.Join(s.dir, "d/event.json")); err == nil {
		t.Error("an early event was written")
	}
	s.refused("suicha draw run -d d", "还没有启封")
}

// Paper envelopes are typed in, and must open the commitments.
func TestPaperEnvelopes(t *testing.T) {
	s := newShell(t)
	s.done("suicha draw example d --until event")
	typed := ""
	for _, name := range []string{"公证处", "纪检组"} {
		var secret drawSecret
		if err := json.Unmarshal([]byte(s.read("d/contributors/"+name+".secret")), &secret); err != nil {
			t.Fatal(err)
		}
		typed += " --typed " + name + "=" + strings.ToUpper(secret.Secret)
	}
	s.refused("suicha draw envelope -d d", "缺少 公证处、纪检组 的随机数")
	s.refused("suicha draw envelope -d d --typed 税务局=00", "不在应交随机数的各方之列")
	s.refused("suicha draw envelope -d d --typed 公证处=00 --typed 纪检组=00", "envelopes.json:1: 公证处 的随机数与承诺不符")
	s.done("suicha draw envelope -d d"+typed, "suicha draw run -d d -o out.zip", "suicha-verify out.zip")
	s.refused("suicha draw run -d d", "不得重新计算")
	s.refused("suicha draw void -d d --phase technical --reason 不满意", "已经有结果，不能作废")
}

// What was added and what vanished since the list before is published.
func TestDifferenceToListBefore(t *testing.T) {
	s := newShell(t)
	s.done("suicha draw example d --until lock", "suicha draw example e --until announce -n 607", "sed -i 3d e/population.tsv",
		`printf '%s\trevoked\n' "$(sed -n 3p d/population.tsv | cut -f1)" > reasons.tsv`,
		"suicha draw lock -d e --previous d --reasons reasons.tsv", "suicha draw bundle -d e -o e.zip")
	if out := s.done("suicha-verify e.zip"); !strings.Contains(out, "新增 7、移出 1、变更 0") {
		t.Error(out)
	}
	if text := s.read("e/difference.tsv"); !strings.Contains(text, "\t-\trevoked\n") {
		t.Error(text)
	}
}

// A rehearsal finds the shortage before the draw does.
func TestRehearsalFindsShortage(t *testing.T) {
	s := newShell(t)
	s.done("suicha draw example d --until announce", "grep -v 'A0[2-9]' d/inspectors.tsv > x && mv x d/inspectors.tsv", "suicha draw lock -d d")
	if out := s.done("suicha draw rehearse -d d --runs 2"); !strings.Contains(out, "2 次中有 2 次不可行") || !strings.Contains(out, "还差") {
		t.Error(out)
	}
}

// listHeader is that of the lists below.
const listHeader = "统一社会信用代码,信用风险等级,本年已查次数,行政区划代码,范围\n"

// Bad lists: one clear line with file and line, and nothing written.
func TestBadLists(t *testing.T) {
	s := newShell(t)
	s.done("suicha draw synth -n 4 --region 370687 -o good.csv", "suicha draw population good.csv")
	ids := strings.Fields(s.done("cut -f1 population.tsv"))
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("统一社会信用代码,企业名称,等级\n" + ids[0] + ",海阳某某公司,A类\n")
	if err != nil {
		t.Fatal(err)
	}
	s.file("gb.csv", gb)
	s.done("suicha draw population gb.csv -o gb.tsv --scope s1")
	row := func(id string) string { return id + ",A类,0,370687,s1\n" }
	wrong := ids[0][:17] + map[bool]string{true: "1", false: "0"}[ids[0][17] == '0']
	for name, test := range map[string]struct{ text, want string }{
		"twice":    {listHeader + row(ids[0]) + row(ids[1]) + row(ids[0]), "bad.csv:4: 代码 " + ids[0] + " 与第 2 行重复"},
		"check":    {listHeader + row(ids[0]) + row(wrong), "bad.csv:3: 代码 " + wrong},
		"short":    {listHeader + row(ids[0][:3]), "bad.csv:2: 代码应为 4 至 32 位"},
		"empty":    {listHeader + ids[0] + ",,0,370687,s1\n", "bad.csv:2: “分层”是空的"},
		"visits":   {listHeader + ids[0] + ",A,几次,370687,s1\n", "bad.csv:2: 本年已查次数应为整数"},
		"mixed":    {listHeader + row(ids[0]) + gb, "bad.csv:3: 这一行不是 UTF-8"},
		"mixed gb": {gb + ids[1] + ",海阳市虚构一二三公司,A\n", "bad.csv:3: 这一行是 UTF-8"},
		"neither":  {listHeader[:5], "bad.csv"},
		"column":   {"名称,等级\n甲,A\n", "bad.csv:1: 第一行没有“统一社会信用代码”"},
		"columns":  {"代码,等级,信用风险等级\n", "bad.csv:1: “分层”一列出现两次"},
		"control":  {listHeader + "\x01\n", "bad.csv:2: 含有控制字符"},
		"nothing":  {"", "名单是空的"},
		"several":  {listHeader + row(wrong) + row(wrong), "bad.csv:3: "},
	} {
		s.file("bad.csv", test.text)
		os.Remove(filepath.Join(s.dir, "bad.tsv"))
		s.refused("suicha draw population bad.csv -o bad.tsv", test.want)
		if out := s.done("ls -A"); strings.Contains(out, "bad.tsv") || strings.Contains(out, ".suicha-") {
			t.Errorf("%s: a file was left: %s", name, out)
		}
	}
	s.done("suicha draw synth -n 50 --region 370687 -o b.xlsx", "suicha draw population b.xlsx -o b.tsv", "head -c 5000 b.xlsx > half.xlsx")
	s.refused("suicha draw population half.xlsx -o half.tsv", "half.xlsx：无法读取这个表格")
}

// Bad material of a ceremony.
func TestBadMaterial(t *testing.T) {
	s := newShell(t)
	s.done("suicha draw example d --until announce --suite sha256-ed25519")
	for name, change := range map[string]struct{ old, new, want string }{
		"rate":    {`"rate": 1000`, `"rate": 10001`, "bad.json:" + lineWith(s.read("d/announcement.json"), `"D"`) + ": 任务 T1 分层 D 的比例超过 100%"},
		"field":   {`"title": "示范`, `"titel": "示范`, "没有名为 titel 的字段"},
		"number":  {`"cap": 2`, `"cap": -2`, "bad.json:"},
		"kind":    {`"cap": 2`, `"cap": "2"`, "字段 cap 的内容应为非负整数"},
		"reveals": {`"reveal": "`, `"reveal": "9`, "时间应为"},
	} {
		text := strings.Replace(s.read("d/announcement.json"), change.old, change.new, 1)
		s.file("bad.json", text)
		t.Run(name, func(t *testing.T) {
			shell{t, s.dir, s.bin}.refused("suicha draw announce bad.json -d x", change.want)
		})
	}
	whole := s.read("d/population.tsv")
	lines := strings.SplitAfter(whole, "\n")
	for _, test := range []struct{ text, want string }{
		{lines[1] + lines[0], "d/population.tsv:2: 未按代码的字节顺序排列"},
		{lines[0] + lines[0], "d/population.tsv:2: 代码"},
		{lines[0] + lines[1][:30], "d/population.tsv:2: 最后一行没有换行符"},
		{strings.Replace(lines[0], "\ts1\t", "\ts9\t", 1), "d/population.tsv:1: 范围代码 s9"},
	} {
		s.file("d/population.tsv", test.text)
		s.refused("suicha draw lock -d d", test.want)
	}
	s.file("d/population.tsv", whole)
	needs := s.read("d/needs.tsv")
	s.file("d/needs.tsv", strings.Replace(needs, "\t2\n", "\t二\n", 1))
	s.refused("suicha draw lock -d d", "d/needs.tsv:1: 第 5 列（人数）应为")
	s.file("d/needs.tsv", needs)
	// An empty cell is lawful, and said.
	s.file("d/population.tsv", strings.Join(grep(lines, "\tA\t"), ""))
	if out := s.done("suicha draw lock -d d"); !strings.Contains(out, "注意：任务 T1 分层 D 没有可以抽取的对象") {
		t.Error(out)
	}
	s.refused("suicha draw lock -d d", "锁定后不得更改")
	if out := s.done("ls -A d"); strings.Contains(out, ".suicha-") {
		t.Errorf("a half file was left: %s", out)
	}
}

func grep(lines []string, part string) (list []string) {
	for _, line := range lines {
		if strings.Contains(line, part) {
			list = append(list, line)
		}
	}
	return list
}

// lineWith is the number of the first line with a text.
func lineWith(text, part string) string {
	before, _, _ := strings.Cut(text, part)
	return fmt.Sprint(1 + strings.Count(before, "\n"))
}

// A truncated or changed bundle names its file.
func TestTruncatedBundle(t *testing.T) {
	s := newShell(t)
	s.done("suicha draw example d", "suicha draw bundle -d d -o b --supervised", "head -c 1000 b/population.tsv > p && mv p b/population.tsv")
	s.refused("suicha-verify b", "population.tsv")
	s.done("cp -r d cut", "head -c 1000 d/population.tsv > cut/population.tsv")
	for _, kind := range []string{"", " --supervised"} {
		s.refused("suicha draw bundle -d cut -o c"+kind, fmt.Sprintf("cut/population.tsv:%d: 最后一行", 1+strings.Count(s.read("cut/population.tsv"), "\n")))
	}
	if out := s.done("ls -A"); strings.Contains(out, ".suicha-") || strings.Contains(out, "c\n") {
		t.Errorf("something was written: %s", out)
	}
	s.done("head -c 1000 d/公示.zip > half.zip")
	s.refused("suicha-verify half.zip", "half.zip")
	s.refused("suicha draw bundle -d d -o b", "已经存在")
	s.done("printf x >> d/inspectors.tsv; rm d/result.json d/opening.json d/*.tsv.bak 2>/dev/null; rm d/result.tsv d/reserve.tsv d/demands.tsv d/assignment.tsv d/balance.tsv")
	s.refused("suicha draw run -d d", "d/inspectors.tsv: 内容与锁定时的摘要不符")
	if out := s.done("ls d"); strings.Contains(out, "result") {
		t.Errorf("something was written: %s", out)
	}
}

// FuzzEachTextRow reads whatever a list may be.
func FuzzEachTextRow(f *testing.F) {
	f.Add([]byte(listHeader + "91370687YY00000282,A,0,370687,s1\n"))
	f.Add([]byte("\xef\xbb\xbf代码\t等级\n\"a\nb\"\tA\n"))
	f.Add([]byte("\xb4\xfa\xc2\xeb,\xb5\xc8\xbc\xb6\n1,2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		last := 0
		l := &lister{path: "list.csv", scope: "s1"}
		err := eachTextRow(bytes.NewReader(data), "list.csv", func(r tableRow) error {
			if r.line <= last {
				t.Fatalf("line %d comes after line %d", r.line, last)
			}
			last = r.line
			return l.row(r)
		})
		if err == nil {
			l.sort()
		}
	})
}
