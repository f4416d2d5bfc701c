package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Every line of the example that log --help prints runs as printed.
func TestExampleOfLogHelp(t *testing.T) {
	bin, dir := t.TempDir(), t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "suicha-verify"), ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_, examples, _ := strings.Cut(logUsage, "例：\n")
	said := ""
	for line := range strings.Lines(examples) {
		cmd := exec.Command("sh", "-c", strings.TrimSpace(line))
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
		said += string(out)
	}
	for _, want := range []string{"3 条逐条重算", "第 1 条就是回执", "以前保存的 2 条一条未改，其后新增 1 条", "见证方 示范见证方", "第 1 条在存证记录之中"} {
		if !strings.Contains(said, want) {
			t.Errorf("not said: %s\n%s", want, said)
		}
	}
}

func asked(args ...string) (int, string) {
	var out strings.Builder
	code := runLog(args, &out, &out)
	return code, out.String()
}

func exampleLogs(t *testing.T) (ours, theirs string) {
	t.Helper()
	ours, theirs = filepath.Join(t.TempDir(), "log"), filepath.Join(t.TempDir(), "log")
	for _, dir := range []string{ours, theirs} {
		if err := exampleLog(io.Discard, dir); err != nil {
			t.Fatal(err)
		}
	}
	return ours, theirs
}

// R55: a copy on any host is as good as the log itself, and no other is.
func TestLogAtAnAddress(t *testing.T) {
	ours, theirs := exampleLogs(t)
	mirror := httptest.NewServer(http.StripPrefix("/copy", http.FileServer(http.Dir(ours))))
	defer mirror.Close()
	code, text := asked("--policy", ours+"/policy.txt", "--old", ours+"/checkpoint.old", mirror.URL+"/copy/")
	if code != 0 || !strings.Contains(text, "一条未改") {
		t.Error(code, text)
	}
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"not trusted":    {[]string{"--policy", theirs + "/policy.txt", ours}, 1, "核验未通过"},
		"no log":         {[]string{"--policy", ours + "/policy.txt", mirror.URL + "/elsewhere"}, 1, "404"},
		"other receipt":  {[]string{"--policy", ours + "/policy.txt", "--receipt", "1:0000-0000", ours}, 1, "回执码不是 0000-0000"},
		"other number":   {[]string{"--policy", ours + "/policy.txt", "--receipt", "7:0000-0000", ours}, 1, "回执码不是"},
		"bad receipt":    {[]string{"--policy", ours + "/policy.txt", "--receipt", "0000-0000", ours}, 1, "应写成"},
		"other's past":   {[]string{"--policy", ours + "/policy.txt", "--old", theirs + "/checkpoint.old", ours}, 1, "签名不符合信任名单"},
		"newer past":     {[]string{"--policy", ours + "/policy.txt", "--proof", theirs + "/1.tlog-proof"}, 1, "1.tlog-proof"},
		"no policy file": {[]string{"--policy", ours + "/none", ours}, 1, "请核对 --policy"},
		"no policy":      {[]string{ours}, 2, "用法"},
		"help":           {[]string{"--help"}, 2, "用法"},
	} {
		if code, text := asked(test.args...); code != test.code || !strings.Contains(text, test.want) {
			t.Errorf("%s: %d, %s", name, code, text)
		}
	}
}

// R55: any changed byte of a published log is noticed, but for the lines of those
// whom the policy does not know.
func TestChangedLogIsRefused(t *testing.T) {
	dir, _ := exampleLogs(t)
	changes := 0
	for _, name := range []string{"checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3", "checkpoint.old", "1.tlog-proof"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(data); at += 3 {
			changed := append([]byte{}, data...)
			changed[at] ^= 1
			if err := os.WriteFile(file, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"--policy", dir + "/policy.txt", "--old", dir + "/checkpoint.old", dir}
			if strings.HasSuffix(name, "proof") {
				args = []string{"--policy", dir + "/policy.txt", "--proof", file}
			}
			if code, text := asked(args...); code != 1 {
				t.Fatalf("byte %d of %s changed: %s", at, name, text)
			}
			changes++
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d changes", changes)
}
