package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A division is one line of internal/region/divisions.tsv: a name that a code
// had from one day until another.
type division struct{ code, name, from, to, successor, source string }

// history holds the changes since 2000. It is written by hand.
const history = "tools/refdata/shandong-history.tsv"

// divisionTable makes the table of divisions: the provinces, all of Shandong today
// from the package china-division, and its changes from the history.
func divisionTable(dir string) (string, error) {
	version, err := packageVersion(dir, "china-division")
	if err != nil {
		return "", err
	}
	today, err := divisionsToday(filepath.Join(dir, "dist"), "china-division "+version)
	if err != nil {
		return "", err
	}
	changed, err := readHistory(history)
	if err != nil {
		return "", err
	}
	all, err := merge(today, changed)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Administrative divisions (GB/T 2260): code, name, from, to (first day no longer), successor, source.\n"+
		"# Made by tools/refdata from the package china-division %s and %s; do not edit.\n", version, history)
	for _, d := range all {
		fmt.Fprintln(&b, strings.Join([]string{d.code, d.name, d.from, d.to, d.successor, d.source}, "\t"))
	}
	return b.String(), nil
}

// divisionsToday reads the provinces, and the prefectures and counties of
// Shandong. The package also has development zones under the county codes 71
// to 79 of a prefecture; they are statistical and no divisions, so they are
// left out.
func divisionsToday(dist, source string) ([]division, error) {
	all := []division{
		{code: "100000", name: "国家", source: "统一社会信用代码用于国家级登记机关"},
		{code: "710000", name: "台湾省", source: "GB/T 2260"},
		{code: "810000", name: "香港特别行政区", source: "GB/T 2260"},
		{code: "820000", name: "澳门特别行政区", source: "GB/T 2260"},
	}
	count := map[string]int{}
	for _, file := range []string{"provinces.csv", "cities.csv", "areas.csv"} {
		rows, err := readCSV(filepath.Join(dist, file))
		if err != nil {
			return nil, err
		}
		for _, row := range rows[1:] { // the first row has the column names
			code := row[0] + strings.Repeat("0", 6-len(row[0]))
			shandong := strings.HasPrefix(code, "37")
			zone := code[4] == '7' && code[5] != '0'
			if file != "provinces.csv" && !shandong || zone {
				continue
			}
			all = append(all, division{code: code, name: row[1], source: source})
			count[file]++
		}
	}
	for file, want := range map[string]int{"provinces.csv": 31, "cities.csv": 16, "areas.csv": 136} {
		if count[file] != want {
			return nil, fmt.Errorf("%s has %d divisions, want %d", file, count[file], want)
		}
	}
	return all, nil
}

// merge puts the history in the place of today's rows with the same code. The
// history must end in today's name, and every successor must exist.
func merge(today, changed []division) ([]division, error) {
	names := map[string]string{}
	for _, d := range today {
		names[d.code] = d.name
	}
	open := map[string]bool{}
	for _, d := range changed {
		if d.to == "" {
			open[d.code] = true
			if names[d.code] != d.name {
				return nil, fmt.Errorf("%s is %s in the history and %q in the package", d.code, d.name, names[d.code])
			}
		}
	}
	all := slices.Clone(changed)
	for _, d := range today {
		if !open[d.code] {
			all = append(all, d)
		}
	}
	known := map[string]bool{}
	for _, d := range all {
		known[d.code] = true
	}
	for _, d := range all {
		if (d.to == "") != (d.successor == "") || d.successor != "" && !known[d.successor] {
			return nil, fmt.Errorf("%s %s until %q: successor %q", d.code, d.name, d.to, d.successor)
		}
		if d.to != "" && !open[d.code] && names[d.code] != "" {
			return nil, fmt.Errorf("%s %s ended on %s and is in the package", d.code, d.name, d.to)
		}
	}
	slices.SortFunc(all, func(a, b division) int { return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.from, b.from)) })
	return all, nil
}

func readHistory(file string) ([]division, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var rows []division
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 6 || f[5] == "" {
			return nil, fmt.Errorf("%s: %q has not six fields with a source", file, line)
		}
		rows = append(rows, division{f[0], f[1], f[2], f[3], f[4], f[5]})
	}
	return rows, nil
}

func readCSV(file string) ([][]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s is empty", file)
	}
	return rows, nil
}
