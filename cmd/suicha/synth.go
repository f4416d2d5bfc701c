package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"suicha/internal/county"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/synth"
	"suicha/internal/workday"
)

// SynthCmd makes a file of invented objects, as departments would import it.
type SynthCmd struct {
	N      int          `short:"n" required:"" help:"数量。"`
	Out    string       `short:"o" required:"" placeholder:"FILE" help:"要写出的文件：.csv、.xlsx 或 .json，列与导入模板相同。"`
	Seed   uint64       `default:"1" help:"同一个种子每次生成同样的文件。"`
	Region []string     `placeholder:"CODE" help:"区划代码，可多次给出；默认为海阳市（370687）。all 为山东省全部县（市、区）。"`
	Day    workday.Date `default:"2026-11-15" help:"数据日期。"`
}

// Help is printed with --help.
func (c *SynthCmd) Help() string {
	return `用于试用导入、培训和测速。代码校验位有效，但不属于任何真实主体；电话不可能接通；姓名、字号均为虚构。

例：
  suicha synth -n 60000 -o 检查对象.csv
  suicha synth -n 1000000 -o 检查对象.xlsx
  suicha synth -n 15000000 -o 全省.csv --region all`
}

// Run writes the file, row by row.
func (c *SynthCmd) Run() error {
	format := exchange.Format(strings.TrimPrefix(strings.ToLower(filepath.Ext(c.Out)), "."))
	if format != exchange.CSV && format != exchange.XLSX && format != exchange.JSON {
		return errors.New("要写出的文件应以 .csv、.xlsx 或 .json 结尾")
	}
	regions := c.Region
	switch {
	case len(regions) == 0:
		regions = []string{county.Region}
	case len(regions) == 1 && regions[0] == "all":
		regions = synth.Shandong()
	}
	rows, err := synth.Register{Seed: c.Seed, Regions: regions, Places: county.Places, Day: c.Day}.Rows(c.N)
	if err != nil {
		return err
	}
	var towns []inspect.Choice
	for _, region := range regions {
		towns = append(towns, county.Towns(region)...)
	}
	began := time.Now()
	err = writeWhole(c.Out, 0o644, func(w io.Writer) error {
		out, err := exchange.NewExport(w, format, exchange.ObjectTable(towns))
		if err != nil {
			return err
		}
		for r := range rows {
			if err := out.Write(exchange.ObjectValues(r.Object)); err != nil {
				return err
			}
		}
		return out.Close()
	})
	if err != nil {
		return err
	}
	fmt.Printf("已写出 %s：虚构检查对象 %d 个，用时 %.1f 秒。\n", c.Out, c.N, time.Since(began).Seconds())
	return nil
}
