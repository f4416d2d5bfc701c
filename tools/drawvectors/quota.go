package main

import (
	"fmt"

	"suicha/internal/draw"
)

type quotaCase struct {
	Name       string           `json:"name"`
	Cap        uint64           `json:"cap"`
	Lambda     [2]uint64        `json:"lambda"`
	Quota      string           `json:"quota"`
	Total      uint64           `json:"total"`
	Reserve    uint64           `json:"reserve"`
	Strata     []draw.Stratum   `json:"strata"`
	Counts     [][3]uint64      `json:"counts"` // n0, n1, n2 of each stratum
	Cells      [][3]uint64      `json:"cells"`  // size, drawn, reserve of each cell
	Shortfalls []draw.Shortfall `json:"shortfalls"`
}

// solve fills in what the package makes of the case.
func (c quotaCase) solve() quotaCase {
	m := &draw.Manifest{Cap: c.Cap, Lambda: c.Lambda, Tasks: []draw.Task{{Code: "T1", Quota: c.Quota, Total: c.Total, Reserve: c.Reserve, Strata: c.Strata}}}
	var counts []draw.Count
	for i, n := range c.Counts {
		counts = append(counts, draw.Count{Task: "T1", Stratum: c.Strata[i].Code, N0: n[0], N1: n[1], N2: n[2]})
	}
	cells, short := draw.Cells(m, counts)
	for _, cell := range cells {
		c.Cells = append(c.Cells, [3]uint64{cell.Size, cell.Drawn, cell.Reserve})
	}
	c.Shortfalls = short
	return c
}

// byRate is a case with one rate for each stratum.
func byRate(name string, lambda [2]uint64, reserve uint64, rates []uint64, counts ...[3]uint64) quotaCase {
	c := quotaCase{Name: name, Cap: 2, Lambda: lambda, Quota: "rate", Reserve: reserve, Counts: counts}
	for i, r := range rates {
		c.Strata = append(c.Strata, draw.Stratum{Code: string(rune('A' + i)), Rate: r})
	}
	return c
}

func byTotal(name string, total uint64, counts ...[3]uint64) quotaCase {
	c := byRate(name, [2]uint64{1, 4}, 2, make([]uint64, len(counts)), counts...)
	c.Quota, c.Total = "total", total
	return c
}

func quotaCases() (cases []any) {
	one := func(n0, n1, n2 uint64) [3]uint64 { return [3]uint64{n0, n1, n2} }
	const big = 1 << 28
	all := []quotaCase{
		byRate("rate 0", [2]uint64{1, 4}, 3, []uint64{0}, one(100, 10, 1)), byRate("rate 100 %", [2]uint64{1, 4}, 3, []uint64{10000}, one(100, 10, 0)),
		byRate("rate 100 % with capped objects", [2]uint64{1, 4}, 3, []uint64{10000}, one(100, 10, 5)), byRate("empty stratum", [2]uint64{1, 4}, 3, []uint64{300}, one(0, 0, 0)),
		byRate("one object, least rate", [2]uint64{1, 4}, 3, []uint64{1}, one(1, 0, 0)), byRate("rounded up", [2]uint64{1, 4}, 3, []uint64{300}, one(34, 0, 0)),
		byRate("exact", [2]uint64{1, 4}, 3, []uint64{300}, one(100, 0, 0)), byRate("all capped", [2]uint64{1, 4}, 3, []uint64{5000}, one(0, 0, 9)),
		byRate("λ 0", [2]uint64{0, 1}, 3, []uint64{2000}, one(50, 50, 0)), byRate("λ 0 with overflow", [2]uint64{0, 1}, 3, []uint64{8000}, one(50, 50, 0)),
		byRate("λ 0, none untouched", [2]uint64{0, 1}, 3, []uint64{2000}, one(0, 50, 0)), byRate("λ 1", [2]uint64{1, 1}, 3, []uint64{2000}, one(50, 50, 0)),
		byRate("λ 1, more visited", [2]uint64{1, 1}, 3, []uint64{2000}, one(10, 90, 0)), byRate("λ 999/1000", [2]uint64{999, 1000}, 3, []uint64{2000}, one(50, 50, 0)),
		byRate("λ 1/1000", [2]uint64{1, 1000}, 3, []uint64{5000}, one(10, 1000, 0)), byRate("reserve used up", [2]uint64{1, 4}, 1000000, []uint64{9000}, one(10, 4, 0)),
		byRate("no reserve", [2]uint64{1, 4}, 0, []uint64{9000}, one(10, 4, 0)), byRate("greatest numbers", [2]uint64{999, 1000}, 9, []uint64{9999}, one(big-5, 3, 2)),
		byRate("greatest weights", [2]uint64{1000, 1000}, 9, []uint64{10000}, one(big/2, big/2, 0)),
		byTotal("total 0", 0, one(5, 0, 0), one(5, 0, 0)), byTotal("total of nothing", 7, one(0, 0, 0), one(0, 0, 0)), byTotal("total above all", 99, one(5, 1, 0), one(5, 0, 2)),
		byTotal("equal remainders", 10, one(5, 0, 0), one(5, 0, 0), one(5, 0, 0), one(5, 0, 0)), byTotal("equal remainders, 2 left", 2, one(1, 0, 0), one(1, 0, 0), one(1, 0, 0)),
		byTotal("remainders", 10, one(30, 0, 0), one(30, 0, 0), one(30, 0, 0), one(10, 0, 0)), byTotal("one empty", 9, one(30, 0, 0), one(0, 0, 0), one(31, 0, 0)),
		byTotal("shortfall stays", 10, one(0, 0, 50), one(50, 0, 0)), byTotal("great", 1<<28, one(1<<27, 0, 0), one(1<<27-1, 1, 0)),
	}
	d := &dice{}
	for i := range 32 {
		var c quotaCase
		var counts [][3]uint64
		var rates []uint64
		den := d.below(9) + 1
		for range d.below(5) + 1 {
			counts = append(counts, one(d.below(60), d.below(30), d.below(8)))
			rates = append(rates, d.below(10001))
		}
		if c = byRate("", [2]uint64{d.below(den + 1), den}, d.below(9), rates, counts...); i%2 == 1 {
			lambda := c.Lambda
			c = byTotal("", d.below(200), counts...)
			c.Lambda = lambda
		}
		if i%5 == 4 {
			c.Cap = 1
			for j := range c.Counts {
				c.Counts[j][2], c.Counts[j][1] = c.Counts[j][2]+c.Counts[j][1], 0
			}
		}
		c.Name = fmt.Sprintf("any %d", i)
		all = append(all, c)
	}
	for _, c := range all {
		cases = append(cases, c.solve())
	}
	return cases
}
