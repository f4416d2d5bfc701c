package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"suicha/internal/draw"
	"suicha/internal/synth"
)

// DrawSynthCmd makes an invented population.
type DrawSynthCmd struct {
	N      int      `short:"n" required:"" help:"数量。"`
	Out    string   `short:"o" required:"" placeholder:"FILE" help:"要写出的文件：.tsv 为规范名单，.csv 或 .xlsx 为部门常用的表格。"`
	Seed   uint64   `default:"1" help:"同一个种子每次生成同样的对象。只用于虚构数据，与抽取无关。"`
	Region []string `placeholder:"CODE" help:"区划代码，可多次给出；默认为山东省全部县（市、区）。"`
	Scope  string   `default:"s1" placeholder:"CODE" help:"范围代码。"`
	drawAnswer
}

// Help is printed with --help; its examples are run by the tests.
func (c *DrawSynthCmd) Help() string {
	return `信用风险类别约为 A 65.5%、B 25.3%、C 7.7%、D 1.5%。代码校验位有效，但不属于任何真实企业。

例：
  suicha draw synth -n 1000 -o population.tsv
  suicha draw synth -n 1000 -o 检查对象.xlsx --region 370687`
}

// Run writes the population.
func (c *DrawSynthCmd) Run() error {
	regions := c.Region
	if len(regions) == 0 {
		regions = synth.Shandong()
	}
	objects, err := synth.Objects(c.N, c.Seed, regions)
	if err != nil {
		return err
	}
	fill := map[string]func(io.Writer, iter.Seq[synth.Object], string) error{".tsv": writePopulation, ".csv": writeTable, ".xlsx": writeWorkbook}
	write := fill[strings.ToLower(filepath.Ext(c.Out))]
	if write == nil {
		return errors.New("要写出的文件应以 .tsv、.csv 或 .xlsx 结尾")
	}
	err = writeWhole(c.Out, 0o644, func(w io.Writer) error { return write(w, objects, c.Scope) })
	if err != nil {
		return err
	}
	return c.say(map[string]any{"file": c.Out, "objects": c.N}, "已写出 %s：虚构对象 %d 户。\n", c.Out, c.N)
}

// writePopulation writes the canonical list.
func writePopulation(w io.Writer, objects iter.Seq[synth.Object], scope string) error {
	out := bufio.NewWriterSize(w, 1<<20)
	for o := range objects {
		r := draw.Record{ID: o.ID, Kind: 'u', Stratum: o.Class, Visits: o.Visits, Region: o.Region, Scope: scope, Salt: o.Salt}
		if _, err := out.WriteString(r.Line() + "\n"); err != nil {
			return err
		}
	}
	return out.Flush()
}

var tableHeader = []string{"统一社会信用代码", "企业名称", "行业门类", "信用风险等级", "本年已查次数", "行政区划代码", "范围代码"}

func tableRowOf(o synth.Object, scope string) []string {
	return []string{o.ID, o.Name, o.Industry, o.Class + "类", strconv.Itoa(o.Visits), o.Region, scope}
}

func writeTable(w io.Writer, objects iter.Seq[synth.Object], scope string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // Excel takes it for UTF-8 then
		return err
	}
	out := csv.NewWriter(w)
	err := out.Write(tableHeader)
	for o := range objects {
		err = errors.Join(err, out.Write(tableRowOf(o, scope)))
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

func writeWorkbook(w io.Writer, objects iter.Seq[synth.Object], scope string) error {
	book := excelize.NewFile()
	defer book.Close()
	rows, err := book.NewStreamWriter(book.GetSheetName(0))
	if err != nil {
		return err
	}
	line := 0
	put := func(cells []string) error {
		line++
		if line > excelize.TotalRows {
			return fmt.Errorf("xlsx 最多 %d 行，请改用 .csv", excelize.TotalRows)
		}
		row := make([]any, len(cells))
		for i, c := range cells {
			row[i] = c
		}
		return rows.SetRow(fmt.Sprintf("A%d", line), row)
	}
	if err := put(tableHeader); err != nil {
		return err
	}
	for o := range objects {
		if err := put(tableRowOf(o, scope)); err != nil {
			return err
		}
	}
	return errors.Join(rows.Flush(), book.Write(w))
}
