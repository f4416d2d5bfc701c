package match

import (
	"fmt"
	"strconv"
	"strings"
)

// The names of the files, as they stand in a bundle and in messages.
const (
	InspectorsFile  = "inspectors.tsv"
	EligibilityFile = "eligibility.tsv"
	DemandsFile     = "demands.tsv"
	AvoidanceFile   = "avoidance.tsv"
	AssignmentFile  = "assignment.tsv"
	BalanceFile     = "balance.tsv"
)

// Files is a problem as text: UTF-8, one LF after each line, columns parted by
// one TAB, lines ascending by bytes, no heading, no quoting.
type Files struct{ Inspectors, Eligibility, Demands, Avoidance []byte }

// Parse reads a problem and checks it. There is one text for one problem: what
// Parse accepts, Problem.Files writes again byte by byte.
func Parse(f Files) (*Problem, error) {
	var p Problem
	var err error
	if p.Inspectors, err = parseRows(InspectorsFile, f.Inspectors, 6, readInspector); err != nil {
		return nil, err
	}
	if p.Groups, err = parseRows(EligibilityFile, f.Eligibility, 5, readGroup); err != nil {
		return nil, err
	}
	if p.Demands, err = parseRows(DemandsFile, f.Demands, 6, readDemand); err != nil {
		return nil, err
	}
	if p.Avoidances, err = parseRows(AvoidanceFile, f.Avoidance, 3, readAvoidance); err != nil {
		return nil, err
	}
	if err = p.Fault(); err != nil {
		return nil, err
	}
	return &p, nil
}

// A row reads the columns of one line; bad keeps the first fault.
type row struct {
	fields []string
	bad    string
}

func (r *row) number(column int, what string) int {
	s := r.fields[column]
	n, err := strconv.Atoi(s)
	if err != nil || len(s) > 7 || strconv.Itoa(n) != s || n < 0 {
		if r.bad == "" {
			r.bad = fmt.Sprintf("第 %d 列（%s）应为整数，不带正负号和前导零", column+1, what)
		}
		return 0
	}
	return n
}

// list reads names parted by commas; "-" is the empty list.
func (r *row) list(column int) []string {
	if r.fields[column] == "-" {
		return nil
	}
	return strings.Split(r.fields[column], ",")
}

// choice reads one of two words, and tells whether it is the first.
func (r *row) choice(column int, yes, no string) bool {
	s := r.fields[column]
	if s != yes && s != no && r.bad == "" {
		r.bad = fmt.Sprintf("第 %d 列应为 %s 或 %s", column+1, yes, no)
	}
	return s == yes
}

func parseRows[T any](file string, data []byte, columns int, read func(*row) T) ([]T, error) {
	text := string(data)
	rows := make([]T, 0, strings.Count(text, "\n"))
	for line := 1; text != ""; line++ {
		one, rest, ok := strings.Cut(text, "\n")
		if !ok {
			return nil, &FileError{file, line, "最后一行没有换行符，文件可能不完整"}
		}
		r := row{fields: strings.Split(one, "\t")}
		if len(r.fields) != columns {
			return nil, &FileError{file, line, fmt.Sprintf("应有 %d 列，以制表符分隔，实有 %d 列", columns, len(r.fields))}
		}
		value := read(&r)
		if r.bad != "" {
			return nil, &FileError{file, line, r.bad}
		}
		rows, text = append(rows, value), rest
	}
	return rows, nil
}

func readInspector(r *row) Inspector {
	x := Inspector{ID: r.fields[0], Department: r.fields[1], Region: r.fields[2], Quals: r.list(3), Load: r.number(4, "本年已检查次数"), Cap: NoCap}
	if r.fields[5] != "-" {
		x.Cap = r.number(5, "上限")
	}
	return x
}

func readGroup(r *row) Group {
	g := Group{ID: r.fields[0], Department: r.fields[1], Quals: r.list(2), Least: r.number(3, "最少人数")}
	for stage := range strings.SplitSeq(r.fields[4], ";") {
		g.Stages = append(g.Stages, strings.Split(stage, ","))
	}
	return g
}

func readDemand(r *row) Demand {
	return Demand{r.fields[0], r.fields[1], r.number(2, "行号"), r.fields[3], r.number(4, "人数"), r.choice(5, "lead", "join")}
}

func readAvoidance(r *row) Avoidance { return Avoidance{r.fields[0], r.fields[1], r.fields[2]} }

func readSeat(r *row) Seat {
	return Seat{r.fields[0], r.fields[1], r.number(2, "行号"), r.fields[3], r.choice(4, "leader", "member")}
}

func readLabel(r *row) Label {
	return Label{r.fields[0], r.number(1, "检查前次数"), r.number(2, "检查后次数"), r.number(3, "标号")}
}

func appendRow(b []byte, fields ...string) []byte {
	for i, f := range fields {
		if i > 0 {
			b = append(b, '\t')
		}
		b = append(b, f...)
	}
	return append(b, '\n')
}

func joined(list []string) string {
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, ",")
}

func word(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// Files writes the problem.
func (p *Problem) Files() (f Files) {
	for _, x := range p.Inspectors {
		limit := "-"
		if x.Cap != NoCap {
			limit = strconv.Itoa(x.Cap)
		}
		f.Inspectors = appendRow(f.Inspectors, x.ID, x.Department, x.Region, joined(x.Quals), strconv.Itoa(x.Load), limit)
	}
	for _, g := range p.Groups {
		stages := make([]string, len(g.Stages))
		for i, s := range g.Stages {
			stages[i] = strings.Join(s, ",")
		}
		f.Eligibility = appendRow(f.Eligibility, g.ID, g.Department, joined(g.Quals), strconv.Itoa(g.Least), strings.Join(stages, ";"))
	}
	for _, d := range p.Demands {
		f.Demands = appendRow(f.Demands, d.Object, d.Department, strconv.Itoa(d.Line), d.Group, strconv.Itoa(d.Need), word(d.Lead, "lead", "join"))
	}
	for _, a := range p.Avoidances {
		f.Avoidance = appendRow(f.Avoidance, a.Object, a.Inspector, a.Reason)
	}
	return f
}

// ParseSeats reads an assignment file. Whether it fits a problem says Check.
func ParseSeats(data []byte) ([]Seat, error) {
	seats, err := parseRows(AssignmentFile, data, 5, readSeat)
	if err != nil {
		return nil, err
	}
	return seats, checkRows(AssignmentFile, seats, (*Seat).fault, compareSeats)
}

// FormatSeats writes an assignment file.
func FormatSeats(seats []Seat) (b []byte) {
	for _, s := range seats {
		b = appendRow(b, s.Object, s.Department, strconv.Itoa(s.Line), s.Inspector, word(s.Leader, "leader", "member"))
	}
	return b
}

func (s *Seat) fault() string {
	return first(checkNames(s.Object, s.Department, s.Inspector), checkRange("行号", s.Line, 1, 9))
}

func compareSeats(a, b *Seat) int {
	c := compareDemands(&Demand{Object: a.Object, Department: a.Department, Line: a.Line}, &Demand{Object: b.Object, Department: b.Department, Line: b.Line})
	if c != 0 {
		return c
	}
	return strings.Compare(a.Inspector, b.Inspector)
}

// ParseLabels reads a certificate of balance. Whether it is one says
// CheckBalance.
func ParseLabels(data []byte) ([]Label, error) {
	labels, err := parseRows(BalanceFile, data, 4, readLabel)
	if err != nil {
		return nil, err
	}
	return labels, checkRows(BalanceFile, labels, func(l *Label) string { return checkNames(l.Inspector) },
		func(a, b *Label) int { return strings.Compare(a.Inspector, b.Inspector) })
}

// FormatLabels writes a certificate of balance.
func FormatLabels(labels []Label) (b []byte) {
	for _, l := range labels {
		b = appendRow(b, l.Inspector, strconv.Itoa(l.Before), strconv.Itoa(l.After), strconv.Itoa(l.Peak))
	}
	return b
}
