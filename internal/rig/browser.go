package rig

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// WithBrowser reports whether tests drive a browser. Only a quick check leaves
// that out, and says so; in every other run its absence is a failure.
func WithBrowser() bool { return os.Getenv("SUICHA_TEST") != "quick" }

// Travel makes the journeys of the given files, which are named from the root
// of the project, against the server at base. What the journeys must know of
// it, such as accounts, they find in trip.facts. The name of the test that
// calls it begins with TestBrowser: the full check runs those apart, without
// the race detector.
func Travel(t testing.TB, base string, facts any, journeys ...string) {
	t.Helper()
	root, err := projectRoot()
	if err != nil {
		t.Fatal(err)
	}
	tools := filepath.Join(root, "tools", "browser")
	if _, err := os.Stat(filepath.Join(tools, "node_modules")); err != nil {
		t.Fatal("the browser tools are not installed: run `./check install`, or `./check quick`, which leaves them out")
	}
	known, err := json.Marshal(facts)
	if err != nil {
		t.Fatalf("facts for the browser: %v", err)
	}
	file := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(file, known, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{filepath.Join(tools, "run.mjs"), "--base", base, "--facts", file}
	cmd := exec.Command("node", append(args, journeys...)...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// projectRoot is the directory of go.mod, above the package under test.
func projectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the test: tests run inside the project")
		}
	}
}
