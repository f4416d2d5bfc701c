package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// may lists, for each package below internal, the packages of ours that it may
// import. A package below another, such as ledger/keys, follows the row of
// that one unless it has its own. What is not in the table fails: a new
// package needs a decision.
//
// cmd/suicha, rig and the tools may import anything; rig is imported by tests
// only, the programs and tools by nobody.
var may = map[string]string{
	"uscc": "", "region": "", "industry": "", "workday": "", "pinyin": "", "draw": "", "match": "", "ledger": "", "stage": "", "seal": "",
	"ceremony":   "draw match docs/design verify",
	"config":     "inspect",
	"inspect":    "uscc region industry workday draw match",
	"blob":       "inspect",
	"store":      "inspect uscc region workday pinyin ledger",
	"act":        "inspect store ceremony draw match ledger seal workday",
	"auth":       "inspect store seal",
	"job":        "inspect store act draw ledger document exchange stage workday",
	"exchange":   "inspect uscc region industry workday",
	"document":   "inspect workday",
	"web":        "inspect act auth",
	"web/portal": "web inspect store ceremony draw match ledger document exchange region verify workday",
	"web/office": "web inspect store act auth draw ceremony match ledger exchange document stage blob workday",
	"web/mobile": "web inspect store act document",
	"api":        "web inspect store act auth ledger exchange stage workday",
	"county":     "inspect blob store act ceremony draw job exchange seal stage synth workday",
	"synth":      "inspect uscc region industry workday",
	"rig":        "*",

	"docs/design":       "", // the specifications, embedded in every bundle
	"verify":            "", // verify.html, embedded in every bundle
	"cmd/suicha":        "*",
	"cmd/suicha-verify": "draw match ledger uscc",
	"tools":             "*",
}

// pure are the packages that decide and compute. They know neither network,
// database nor clock, and take chance as an argument, so that an auditor can
// run them again and get the same.
var pure = []string{"inspect", "draw", "match", "ledger", "uscc", "region", "industry", "workday", "pinyin"}

var (
	impure = []string{"net/http", "database/sql", "math/rand", "math/rand/v2"}

	// pureModules are the only modules of others that pure packages use.
	pureModules = []string{"github.com/emmansun/gmsm", "github.com/mozillazg/go-pinyin", "golang.org/x/mod/sumdb", "golang.org/x/text"}
)

// clocked are the places that may ask for the time; everywhere else it is an
// argument. In web, guard.go times requests and id.go stamps ids, and in store
// protect.go stamps a line of the security log before there is any clock; none
// decides anything by it. Tests of a package may do what the package may.
var clocked = []string{
	"cmd/", "internal/act/desk.go", "internal/auth/", "internal/job/", "internal/rig/", "tools/",
	"internal/store/protect.go", "internal/web/guard.go", "internal/web/id.go",
}

// A goPackage is what go list tells of a package.
type goPackage struct {
	ImportPath string
	Name       string
	Doc        string
	GoFiles    []string
	Imports    []string
}

func listPackages() ([]goPackage, error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Name,Doc,GoFiles,Imports", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var packages []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the answer of go list: %w", err)
		}
		packages = append(packages, p)
	}
}

// short is the name of a package in the table: without module and internal.
// Packages that are not ours have none.
func short(path string) (string, bool) {
	path, ours := strings.CutPrefix(path, "suicha/")
	return strings.TrimPrefix(path, "internal/"), ours
}

// row is the row of the table that a package follows: the longest that is the
// package itself or above it.
func row(name string) (string, bool) {
	for {
		if _, ok := may[name]; ok {
			return name, true
		}
		cut := strings.LastIndexByte(name, '/')
		if cut < 0 {
			return "", false
		}
		name = name[:cut]
	}
}

func checkImports(found *findings, packages []goPackage) {
	for _, p := range packages {
		name, ours := short(p.ImportPath)
		if !ours || len(p.GoFiles) == 0 {
			continue
		}
		own, ok := row(name)
		if !ok {
			found.fault("%s: this package is not in the table of tools/housecheck/imports.go", p.ImportPath)
			continue
		}
		if p.Doc == "" {
			found.fault("%s: the package has no comment that tells a newcomer where to start", p.ImportPath)
		}
		for _, other := range p.Imports {
			checkImport(found, p.ImportPath, own, other)
		}
	}
}

func checkImport(found *findings, path, own, other string) {
	if slices.Contains(pure, own) {
		if slices.Contains(impure, other) {
			found.fault("%s: imports %s, and is to be pure", path, other)
		}
		if strings.Contains(other, ".") && !slices.ContainsFunc(pureModules, func(m string) bool { return below(other, m) }) {
			found.fault("%s: imports %s: pure packages use the standard library and %s", path, other, strings.Join(pureModules, ", "))
		}
	}
	if other == "C" {
		found.fault("%s: uses cgo: the programs are built without C", path)
	}
	name, ours := short(other)
	if !ours {
		return
	}
	owner, known := row(name)
	allowed := strings.Fields(may[own])
	switch {
	case owner == own:
	case owner == "rig" || owner == "tools" || strings.HasPrefix(owner, "cmd/"):
		found.fault("%s: imports %s, which is for tests, tools or a program", path, other)
	case slices.Contains(allowed, "*"):
	case !known || !slices.Contains(allowed, owner):
		found.fault("%s: may not import %s: see the table of tools/housecheck/imports.go", path, other)
	}
}

// below reports whether an import path is the module or in it.
func below(path, module string) bool {
	return path == module || strings.HasPrefix(path, module+"/")
}

var libcVersion = regexp.MustCompile(`(?m)^\s*modernc\.org/libc (v\S+)`)

// checkLibc compares the version of modernc.org/libc with the one that the
// SQLite driver was tested with: another one can corrupt memory.
func checkLibc(found *findings) error {
	list := func(format, module string) (string, error) {
		out, err := exec.Command("go", "list", "-m", "-f", format, module).Output()
		return strings.TrimSpace(string(out)), err
	}
	goMod, err := list("{{.GoMod}}", "modernc.org/sqlite")
	if err != nil || goMod == "" {
		found.fault("go.mod: modernc.org/sqlite is not required, or not downloaded")
		return nil
	}
	have, err := list("{{.Version}}", "modernc.org/libc")
	if err != nil {
		return fmt.Errorf("find the version of modernc.org/libc: %w", err)
	}
	text, err := os.ReadFile(goMod)
	if err != nil {
		return fmt.Errorf("read the requirements of modernc.org/sqlite: %w", err)
	}
	want := libcVersion.FindSubmatch(text)
	if want == nil || string(want[1]) != have {
		found.fault("go.mod: modernc.org/libc is %s; modernc.org/sqlite wants exactly %s", have, want[1:])
	}
	return nil
}
