package exchange

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The manual explains every message there is.
func TestTheManualExplainsEveryMessage(t *testing.T) {
	manual, err := os.ReadFile("../../docs/manual/import.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`(?:wrong|strange|refusal)\("([a-z_]+)"[,+]`)
	n := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(source), -1) {
			if n++; !strings.Contains(string(manual), "`"+m[1]) {
				t.Errorf("%s: the manual does not know %s", file, m[1])
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d messages were found", n)
	}
}
