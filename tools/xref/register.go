package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A requirement is one line of the register. A decision (C1 …) is one too,
// with its question as the quotation.
type requirement struct {
	id, strength, clause, quote string
}

// A register holds all that a tag may name.
type register struct {
	all  []requirement // in order
	byID map[string]requirement
}

const (
	registerFile = "docs/law/requirements.tsv"
	header       = "id\tstrength\ttype\tclause\tquote\tdemand"
)

func readRegister(tree fs.FS) (*register, error) {
	r := &register{byID: map[string]requirement{}}
	file, err := tree.Open(registerFile)
	if err != nil {
		return nil, fmt.Errorf("read the register: %w", err)
	}
	defer file.Close()
	if err := r.readRequirements(file); err != nil {
		return nil, fmt.Errorf("%s: %w", registerFile, err)
	}
	records, err := fs.Glob(tree, "docs/decisions/*.md")
	if err != nil {
		return nil, err
	}
	for _, name := range records {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		if err := r.readDecisions(path.Base(name), string(text)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	slices.SortStableFunc(r.all, func(a, b requirement) int { return compareIDs(a.id, b.id) })
	return r, nil
}

var requirementID = regexp.MustCompile(`^R[1-9][0-9]{0,2}$`)

func (r *register) readRequirements(file io.Reader) error {
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		if n == 1 {
			if lines.Text() != header {
				return fmt.Errorf("line 1 is not the header %q", header)
			}
			continue
		}
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != 6 || !requirementID.MatchString(cells[0]) {
			return fmt.Errorf("line %d: want six columns, the first like R63", n)
		}
		if err := r.add(requirement{cells[0], cells[1], cells[3], cells[4]}); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if lines.Err() == nil && len(r.all) == 0 {
		return errors.New("it is empty")
	}
	return lines.Err()
}

// decisionRow is a row of a table of decisions: | C5 | question | …
var decisionRow = regexp.MustCompile(`(?m)^\| *(C[1-9][0-9]?) *\| *([^|]*?) *\|`)

func (r *register) readDecisions(record, text string) error {
	for _, row := range decisionRow.FindAllStringSubmatch(text, -1) {
		number, _, _ := strings.Cut(record, "-")
		if err := r.add(requirement{row[1], "", number, row[2]}); err != nil {
			return err
		}
	}
	return nil
}

func (r *register) add(one requirement) error {
	if _, twice := r.byID[one.id]; twice {
		return fmt.Errorf("%s is there twice", one.id)
	}
	r.byID[one.id] = one
	r.all = append(r.all, one)
	return nil
}

// regulationPlace is a place in the regulation as tags write it.
var regulationPlace = regexp.MustCompile(`海政办发〔2020〕2号\s*((?:附件[12])?\s*[一二三]?(?:\([一二三四五六七]\))?[1-9]?(?:\([1-9]\))?)`)

// problems are what is wrong with a tag: numbers that do not exist, and a
// place that belongs to none of its numbers. A place may be wider or narrower
// than the register's.
func (r *register) problems(t tag) []error {
	var problems []error
	for _, id := range t.ids {
		if _, ok := r.byID[id]; !ok {
			where := registerFile
			if id[0] == 'C' {
				where = "the tables of docs/decisions"
			}
			problems = append(problems, fmt.Errorf("%s:%d: %s is not in %s", t.file, t.line, id, where))
		}
	}
	if len(problems) > 0 {
		return problems
	}
	text := strings.NewReplacer("（", "(", "）", ")").Replace(t.text)
	for _, match := range regulationPlace.FindAllStringSubmatch(text, -1) {
		place := strings.Join(strings.Fields(match[1]), "")
		agrees := slices.ContainsFunc(t.ids, func(id string) bool {
			clause := strings.Join(strings.Fields(r.byID[id].clause), "")
			return id[0] == 'R' && (strings.HasPrefix(clause, place) || strings.HasPrefix(place, clause))
		})
		if !agrees {
			problems = append(problems, fmt.Errorf("%s:%d: %s is not the place of %s in %s",
				t.file, t.line, place, strings.Join(t.ids, ", "), registerFile))
		}
	}
	return problems
}

// compareIDs puts requirements before decisions, each by number.
func compareIDs(a, b string) int {
	if a[0] != b[0] {
		return int(b[0]) - int(a[0])
	}
	return number(a) - number(b)
}

func number(id string) int {
	n, _ := strconv.Atoi(id[1:]) // the patterns let only digits through
	return n
}
