// Command housecheck keeps the house clean: it checks the rules of the tree
// that neither the compiler nor a linter knows. It prints what must be mended
// and fails, and it prints as notes what will have to be soon.
//
//   - imports.go: who may import whom; what the pure packages may not use
//   - source.go: Go files: size, clock, skipped tests, names, comments
//   - files.go: all other files: size, inline style and script, links
package main

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// findings are what is wrong with the tree, by place.
type findings struct {
	faults []string // fail
	notes  []string // do not, yet
}

func (f *findings) fault(format string, args ...any) {
	f.faults = append(f.faults, fmt.Sprintf(format, args...))
}

func (f *findings) note(format string, args ...any) {
	f.notes = append(f.notes, fmt.Sprintf(format, args...))
}

func main() {
	packages, err := listPackages()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var found findings
	checkImports(&found, packages)
	if err := checkLibc(&found); err != nil {
		found.fault("%v", err)
	}
	if err := checkFiles(&found, os.DirFS(".")); err != nil {
		found.fault("%v", err)
	}
	slices.Sort(found.faults)
	slices.Sort(found.notes)
	for _, note := range found.notes {
		fmt.Println("note: " + note)
	}
	for _, fault := range found.faults {
		fmt.Println(fault)
	}
	if len(found.faults) > 0 {
		fmt.Printf("%d faults\n", len(found.faults))
		os.Exit(1)
	}
}

// checkFiles looks at every file of ours in the tree.
func checkFiles(found *findings, tree fs.FS) error {
	known, err := ourFiles(tree)
	if err != nil {
		return err
	}
	for _, name := range known {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		checkFile(found, known, name, string(text))
	}
	return nil
}
