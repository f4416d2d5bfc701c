// Refdata makes the reference tables that are built into the program from
// unpacked public packages, and refuses to write a table that fails a check.
//
//	go run ./tools/refdata calendar PACKAGE   internal/workday/calendar.tsv from chinese-days
//	go run ./tools/refdata region   PACKAGE   internal/region/divisions.tsv from china-division
//	go run ./tools/refdata industry FILE      internal/industry/gbt4754.tsv from a table of codes and names
//
// PACKAGE is the folder that holds the package's package.json. Run it from
// the top of the tree; look at what changed with git diff before you commit.
// docs/design/reference-data.md tells where the packages come from.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "refdata:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: refdata calendar|region|industry SOURCE")
	}
	switch name, source := args[0], args[1]; name {
	case "calendar":
		return write("internal/workday/calendar.tsv", source, calendarTable)
	case "region":
		return write("internal/region/divisions.tsv", source, divisionTable)
	case "industry":
		return write("internal/industry/gbt4754.tsv", source, industryTable)
	default:
		return fmt.Errorf("no table %q", name)
	}
}

// write makes one table and puts it in place of the old one.
func write(target, source string, table func(source string) (string, error)) error {
	text, err := table(source)
	if err != nil {
		return fmt.Errorf("make %s: %w", target, err)
	}
	if err := os.WriteFile(target, []byte(text), 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes\n", target, len(text))
	return nil
}

// packageVersion returns the version of the package in dir, which must be the
// one of that name.
func packageVersion(dir, name string) (string, error) {
	var about struct{ Name, Version string }
	if err := readJSON(filepath.Join(dir, "package.json"), &about); err != nil {
		return "", err
	}
	if about.Name != name {
		return "", fmt.Errorf("%s holds the package %q, not %q", dir, about.Name, name)
	}
	return about.Version, nil
}

func readJSON(file string, into any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return nil
}
