package main

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

var industryCode = regexp.MustCompile(`^[A-T]([0-9]{2}[0-9]?[0-9]?)?$`)

// industryTable makes the table of industries from a text of lines "code TAB name"
// with the section's letter, as "A0111 TAB 稻谷种植", in any order. There is no
// package to take it from: the table in the tree is its own source, and this
// checks it after a change by hand.
func industryTable(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	names := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		code, name, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || !industryCode.MatchString(code) || name == "" || strings.ContainsAny(name, " \t(),") {
			return "", fmt.Errorf("%s: line %q", file, line)
		}
		if names[code] != "" {
			return "", fmt.Errorf("%s: %s comes twice", file, code)
		}
		names[code] = name
	}
	if err := checkIndustries(names); err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# Industry classification (GB/T 4754-2017): code with the section's letter, name.\n" +
		"# Checked by tools/refdata; docs/design/reference-data.md tells where it comes from.\n")
	for _, code := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(&b, "%s\t%s\n", code, names[code])
	}
	return b.String(), nil
}

// checkIndustries holds the table against the structure of the standard.
func checkIndustries(names map[string]string) error {
	count := map[int]int{}
	classes := map[string][]string{}
	for _, code := range slices.Sorted(maps.Keys(names)) {
		count[len(code)]++
		if len(code) == 5 {
			classes[code[:4]] = append(classes[code[:4]], code)
		}
		if len(code) > 1 && names[above(code)] == "" {
			return fmt.Errorf("%s lies in no %s", code, above(code))
		}
	}
	for length, want := range map[int]int{1: 20, 3: 97, 4: 473, 5: 1381} {
		if count[length] != want {
			return fmt.Errorf("%d codes of length %d, want %d", count[length], length, want)
		}
	}
	for code := range names {
		if len(code) != 4 {
			continue
		}
		// A group that is not divided has one class, with a 0 and its own name.
		whole := names[code+"0"]
		if (whole != "") != (len(classes[code]) == 1) || whole != "" && whole != names[code] || len(classes[code]) == 0 {
			return fmt.Errorf("the group %s %s has the classes %v", code, names[code], classes[code])
		}
	}
	return nil
}

// above returns the code one level up: A0111, A011, A01, A.
func above(code string) string {
	if len(code) == 3 {
		return code[:1]
	}
	return code[:len(code)-1]
}
