// Command xref cross-links the regulation with the code and its tests.
//
// A rule in the code names its requirement in a comment, a test names what it
// proves:
//
//	// R63, 海政办发〔2020〕2号 二(五)2
//
// xref reads these tags in the whole tree, the register of requirements
// (docs/law/requirements.tsv) and the decisions (docs/decisions), and writes
// docs/law/xref.md: requirement to code and tests, and file to requirement. It
// fails on a tag that does not exist, and on one whose place in the regulation
// is not the register's. With -check it writes nothing and fails if the file
// is not up to date.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
)

const output = "docs/law/xref.md"

func main() {
	check := flag.Bool("check", false, "write nothing; fail if "+output+" is not up to date")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(check bool) error {
	tree := os.DirFS(".")
	register, err := readRegister(tree)
	if err != nil {
		return err
	}
	tags, err := scan(tree)
	if err != nil {
		return err
	}
	var problems []error
	for _, tag := range tags {
		problems = append(problems, register.problems(tag)...)
	}
	if len(problems) > 0 {
		return errors.Join(problems...)
	}
	text, untested := report(register, tags)
	fmt.Printf("note: %d requirements have code that no test names\n", untested)
	if !check {
		return os.WriteFile(output, text, 0o644)
	}
	old, err := fs.ReadFile(tree, output)
	if err == nil && bytes.Equal(old, text) {
		return nil
	}
	return errors.New(output + " is not up to date: run go run ./tools/xref")
}
