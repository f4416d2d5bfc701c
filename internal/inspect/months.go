package inspect

import (
	"fmt"
	"strconv"
	"strings"
)

// Months (实施检查时间) is a set of the twelve months: bit 0 is January.
type Months uint16

// Has reports whether month m, 1 to 12, is in the set.
func (m Months) Has(month int) bool { return m&(1<<(month-1)) != 0 }

// Count is how many months are in the set.
func (m Months) Count() int {
	n := 0
	for month := 1; month <= 12; month++ {
		if m.Has(month) {
			n++
		}
	}
	return n
}

// Text is the set as people write it: 3—4月、11月.
func (m Months) Text() string {
	var parts []string
	for month := 1; month <= 12; month++ {
		if !m.Has(month) {
			continue
		}
		first := month
		for month < 12 && m.Has(month+1) {
			month++
		}
		if first == month {
			parts = append(parts, fmt.Sprintf("%d月", first))
		} else {
			parts = append(parts, fmt.Sprintf("%d—%d月", first, month))
		}
	}
	return strings.Join(parts, "、")
}

// MonthsOf returns the set of the given months. It fails with ErrChoice if one
// is not a number from 1 to 12.
func MonthsOf(months []string) (Months, error) {
	var set Months
	for _, text := range months {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 12 || strconv.Itoa(n) != text {
			return 0, ErrChoice.With("实施检查时间").At("months")
		}
		set |= 1 << (n - 1)
	}
	return set, nil
}

// List returns the months of the set as numbers.
func (m Months) List() []int {
	var list []int
	for month := 1; month <= 12; month++ {
		if m.Has(month) {
			list = append(list, month)
		}
	}
	return list
}
