package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// demo runs a line that starts a demonstration, until it says that it is ready.
func (s shell) demo(line string) {
	s.t.Helper()
	cmd := exec.Command("sh", "-c", "exec "+line+" --listen 127.0.0.1:0")
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), "PATH="+s.bin+":"+os.Getenv("PATH"))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	lines, ready := bufio.NewScanner(out), false
	for !ready && lines.Scan() {
		ready = strings.Contains(lines.Text(), "Ctrl+C")
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil || !ready {
		s.t.Fatalf("the demonstration is not ready: %v", err)
	}
	if err := cmd.Wait(); err != nil {
		s.t.Fatal(err)
	}
}

// exits runs a line that must end with the code.
func (s shell) exits(line string, code int) {
	s.t.Helper()
	out, err := s.try(line)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != code {
		s.t.Errorf("%s: %v, want the exit code %d\n%s", line, err, code, out)
	}
}

// The example of `suicha import --help` runs as printed; inspectors and items go the
// way that objects go, with the exit codes that scripts rely on: R19, R33, R38.
func TestImportOnTheCommandLine(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	_, examples, ok := strings.Cut((&ImportCmd{}).Help(), "例：\n")
	lines := strings.Split(strings.TrimSpace(examples), "\n")
	if !ok || len(lines) != 3 {
		t.Fatal("--help has no example")
	}
	s.demo(strings.TrimSpace(lines[0]))
	s.done(strings.TrimSpace(lines[1]))
	command := strings.TrimSpace(lines[2])
	if out := s.done(command); !strings.Contains(out, "写入 1 人") {
		t.Errorf("the example says %s", out)
	}
	s.exits(command, exitSameFile)
	s.file("事项.csv", "事项编号,抽查领域,抽查事项名称,事项类别,抽查比例,抽查依据,抽查内容,抽查方式\nSCJG-N90,食品,食品检查,一般,5%,食品安全法,许可,现场检查\n")
	items := strings.NewReplacer("人员.csv", "事项.csv", "inspector", "item").Replace(command)
	if out := s.done(items); !strings.Contains(out, "写入 1 项") {
		t.Errorf("items: %s", out)
	}
	s.file("错.csv", "单位工号,姓名,人员类别,执法证编号,有效期止\nSCJG-902,某某,公务员,15060099902,2028-02-30\n")
	faulty := strings.Replace(command, "人员.csv", "错.csv", 1) + " --faults 问题.xlsx"
	if out, _ := s.try(faulty); !strings.Contains(out, "第2行E列（有效期止）：没有“2028-02-30”这一天") {
		t.Errorf("a faulty row: %s", out)
	}
	s.exits(strings.Replace(faulty, "错.csv", "问题.xlsx", 1), exitSameFile) // what was handed back can be brought again
	s.file("人员.csv", "%PDF-1.4")
	s.exits(command, exitRefused)
	s.refused(strings.Replace(command, "inspector", "person", 1), "must be one of")
}
