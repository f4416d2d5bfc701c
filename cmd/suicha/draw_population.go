package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"suicha/internal/draw"
	"suicha/internal/uscc"
)

// DrawPopulationCmd makes the canonical list of objects from a table as
// departments keep it.
type DrawPopulationCmd struct {
	File     string `arg:"" help:"检查对象表格：.xlsx，或者 UTF-8、GB18030 编码的 .csv、.tsv。"`
	Out      string `short:"o" default:"population.tsv" placeholder:"FILE" help:"要写出的规范名单。"`
	Sheet    string `placeholder:"NAME" help:"工作表名称，默认为第一张。"`
	Scope    string `placeholder:"CODE" help:"表格没有“范围”一列时，全部对象的范围代码。"`
	Previous string `placeholder:"DIR" help:"上一次抽取的目录：显示增加、减少、变化的数量。"`
	drawAnswer
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawPopulationCmd) Help() string {
	return `表格第一行为列名，认得常见的写法：统一社会信用代码、信用风险等级（或分层）、本年已查次数、行政区划代码、范围代码。
没有“本年已查次数”的按 0 次；没有“行政区划代码”的取统一社会信用代码中的区划。其他列不读取。

例：
  suicha draw synth -n 1000 -o 检查对象.csv --region 370687
  suicha draw population 检查对象.csv -o population.tsv --scope s1`
}

// A column is what a list tells of an object, and the headers it may stand under.
type column struct {
	names    []string
	required bool
}

const (
	colID = iota
	colKind
	colStratum
	colVisits
	colRegion
	colScope
	colSalt
)

var populationColumns = []column{
	colID:      {[]string{"统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "主体代码", "代码", "uscc", "id"}, true},
	colKind:    {[]string{"代码类别", "kind"}, false},
	colStratum: {[]string{"分层", "分层代码", "信用风险等级", "信用风险分类", "风险等级", "风险分类", "信用等级", "等级", "stratum", "class"}, true},
	colVisits:  {[]string{"本年已查次数", "本年次数", "已查次数", "检查次数", "本年检查次数", "visits"}, false},
	colRegion:  {[]string{"行政区划代码", "行政区划", "区划代码", "区划", "所属区划", "region"}, false},
	colScope:   {[]string{"范围", "范围代码", "抽查范围", "scope"}, false},
	colSalt:    {[]string{"盐值", "salt"}, false},
}

// A listed is one object with the line it came from.
type listed struct {
	record draw.Record
	line   int
}

// A lister turns rows into records and collects what is wrong with them.
type lister struct {
	path, scope string
	at          []int // column of each field, -1 if absent; nil before the header
	bare        bool  // the list is already a population: no header
	objects     []listed
	faults      []error
}

// faultsShown is how many faults are told at once.
const faultsShown = 20

// Run writes the list, or says every line at fault and writes nothing.
func (c *DrawPopulationCmd) Run() error {
	l := &lister{path: c.File, scope: c.Scope}
	if err := eachRow(c.File, c.Sheet, l.row); err != nil {
		return err
	}
	if l.at == nil && !l.bare {
		return fmt.Errorf("%s：名单是空的，第一行应为列名", c.File)
	}
	l.sort()
	if len(l.faults) > 0 {
		return l.refusal()
	}
	err := writeWhole(c.Out, 0o600, func(w io.Writer) error {
		out := bufio.NewWriterSize(w, 1<<16)
		for _, o := range l.objects {
			if _, err := out.WriteString(o.record.Line() + "\n"); err != nil {
				return err
			}
		}
		return out.Flush()
	})
	if err != nil {
		return err
	}
	changes, err := c.changes()
	if err != nil {
		return err
	}
	return c.say(map[string]any{"file": c.Out, "objects": len(l.objects), "difference": changes},
		"已写出 %s：%d 户。%s请妥善保管，锁定前不要改动。\n", c.Out, len(l.objects), changesText(changes))
}

// changes compares with the list of an earlier draw.
func (c *DrawPopulationCmd) changes() (*draw.Difference, error) {
	if c.Previous == "" {
		return nil, nil
	}
	old, err := openInput(filepath.Join(c.Previous, draw.PopulationFile), "对比")
	if err != nil {
		return nil, err
	}
	defer old.Close()
	now, err := os.Open(c.Out)
	if err != nil {
		return nil, err
	}
	defer now.Close()
	d, err := draw.Compare(draw.SHA256, draw.Hash{}, old, now, nil, io.Discard)
	return &d, err
}

func changesText(d *draw.Difference) string {
	if d == nil {
		return ""
	}
	return fmt.Sprintf("与上一次相比，增加 %d 户，减少 %d 户，变化 %d 户。", d.Added, d.Removed, d.Changed)
}

// refusal is one line for each fault, the first ones.
func (l *lister) refusal() error {
	slices.SortStableFunc(l.faults, func(a, b error) int { return cmp.Compare(lineOf(a), lineOf(b)) })
	if len(l.faults) == 1 {
		return l.faults[0]
	}
	text := []string{fmt.Sprintf("%s：有 %d 处错误，没有写出名单。请改正后重试：", l.path, len(l.faults))}
	for i, err := range l.faults {
		if i == faultsShown {
			text = append(text, fmt.Sprintf("另有 %d 处没有列出。", len(l.faults)-i))
			break
		}
		text = append(text, err.Error())
	}
	return errors.New(strings.Join(text, "\n"))
}

func lineOf(err error) int {
	var f *draw.Fault
	if errors.As(err, &f) {
		return f.Line
	}
	return 0
}

// row takes the header, or an object.
func (l *lister) row(r tableRow) error {
	if l.at == nil && !l.bare {
		if _, err := draw.ParseRecord(strings.Join(r.cells, "\t")); err != nil {
			return l.header(r)
		}
		l.bare = true
	}
	record, err := l.record(r)
	if err != nil {
		l.faults = append(l.faults, rowFault(l.path, r.line, "%v", err))
		return nil
	}
	l.objects = append(l.objects, listed{record, r.line})
	return nil
}

// plainHeader is a header without what people add to it.
func plainHeader(s string) string {
	s = strings.ToLower(width.Fold.String(s))
	if at := strings.IndexAny(s, "([*"); at > 0 {
		s = s[:at]
	}
	return strings.Trim(strings.Join(strings.Fields(s), ""), "*")
}

func (l *lister) header(r tableRow) error {
	at := slices.Repeat([]int{-1}, len(populationColumns))
	for i, cell := range r.cells {
		for field, c := range populationColumns {
			if !slices.Contains(c.names, plainHeader(cell)) {
				continue
			}
			if at[field] >= 0 {
				return rowFault(l.path, r.line, "“%s”一列出现两次，请只保留一列", c.names[0])
			}
			at[field] = i
		}
	}
	for field, c := range populationColumns {
		if c.required && at[field] < 0 {
			return rowFault(l.path, r.line, "第一行没有“%s”一列，请核对列名", c.names[0])
		}
	}
	if at[colScope] < 0 && l.scope == "" {
		return rowFault(l.path, r.line, "没有“范围”一列，请补上，或者用 --scope 指定全部对象的范围代码")
	}
	l.at = at
	return nil
}

// record reads an object. What a list cannot leave out must be there.
func (l *lister) record(r tableRow) (rec draw.Record, err error) {
	if l.bare {
		return draw.ParseRecord(strings.Join(r.cells, "\t"))
	}
	get := func(field int, fallback string) string {
		i := l.at[field]
		if i < 0 {
			return fallback
		}
		if i >= len(r.cells) || r.cells[i] == "" {
			if err == nil && field != colKind {
				err = fmt.Errorf("“%s”是空的", populationColumns[field].names[0])
			}
			return ""
		}
		return width.Fold.String(r.cells[i])
	}
	id, kind := get(colID, ""), get(colKind, "")
	rec = draw.Record{
		Stratum: strings.TrimSpace(strings.TrimRight(get(colStratum, ""), "类级 ")),
		Scope:   get(colScope, l.scope),
		Salt:    get(colSalt, draw.NewSalt()),
	}
	visits := get(colVisits, "0")
	if err != nil {
		return rec, err
	}
	if rec.ID, rec.Kind, err = identity(id, kind); err != nil {
		return rec, err
	}
	if rec.Visits, err = visitsOf(visits); err != nil {
		return rec, err
	}
	if rec.Region = get(colRegion, ""); l.at[colRegion] < 0 && rec.Kind == 'u' {
		rec.Region = rec.ID[2:8]
	} else if err == nil && rec.Region == "" {
		err = errors.New("没有行政区划代码，请补上这一列")
	}
	if err != nil {
		return rec, err
	}
	return draw.ParseRecord(rec.Line())
}

// identity is the code of an object and its kind. A code of 18 characters is a
// credit code, whose check character must be right.
func identity(id, kind string) (string, byte, error) {
	other := kind == "x" || strings.HasPrefix(kind, "其他")
	code, verdict := uscc.Parse(id)
	switch {
	case !other && verdict.Class == uscc.Valid,
		!other && verdict.Class == uscc.Warning && verdict.Reason.Kind == uscc.OrganisationCheck:
		return string(code), 'u', nil
	case !other && (kind != "" || len(id) == 18 || verdict.Reason.Kind == uscc.Scientific || verdict.Class == uscc.Warning):
		return "", 0, fmt.Errorf("代码 %.40s：%s", id, verdict.Reason.Text())
	}
	return strings.ToUpper(strings.ReplaceAll(id, " ", "")), 'x', nil
}

// visitsOf reads a number of visits; nine stands for more.
func visitsOf(s string) (int, error) {
	n := 0
	for _, c := range strings.TrimSuffix(s, "次") {
		if c < '0' || c > '9' || n > 1000 {
			return 0, fmt.Errorf("本年已查次数应为整数，不是“%.20s”", s)
		}
		n = n*10 + int(c-'0')
	}
	return min(n, 9), nil
}

// sort puts the objects in the order of their codes and finds repetitions.
func (l *lister) sort() {
	slices.SortStableFunc(l.objects, func(a, b listed) int { return strings.Compare(a.record.ID, b.record.ID) })
	for i := 1; i < len(l.objects); i++ {
		if a, b := l.objects[i-1], l.objects[i]; a.record.ID == b.record.ID {
			l.faults = append(l.faults, rowFault(l.path, b.line, "代码 %s 与第 %d 行重复", b.record.ID, a.line))
		}
	}
}
