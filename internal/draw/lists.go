package draw

import (
	"bytes"
	"io"
	"strings"
)

// A listChecker checks result.tsv, then reserve.tsv, line by line, against the
// result and the keys: every place is taken, in order, by an object whose ticket
// is what it should be. That no smaller ticket was left out is for
// CheckPopulation, and for each object by its own proof.
type listChecker struct {
	m     *Manifest
	keys  Keys
	cells []Cell
	h     *hasher
	last  []Hash // of each cell, the ticket of the rank before

	file string
	list int    // 0 for the drawn, 1 for the reserve
	line int    // of the file, the last one read
	cell int    // whose places are being taken
	rank uint64 // of the cell, the last one taken in this list
}

// begin begins with one of the two lists.
func (c *listChecker) begin(list int) {
	c.list, c.line, c.cell, c.rank = list, 0, -1, 0
	c.file = [2]string{ResultList, ReserveList}[list]
	c.close()
}

// close goes on to the next cell while this one's places are taken.
func (c *listChecker) close() {
	for c.cell < 0 || c.cell < len(c.cells) && c.rank == c.end() {
		if c.cell++; c.cell < len(c.cells) {
			c.rank = uint64(c.list) * c.cells[c.cell].Drawn
		}
	}
}

// end is the last rank of the cell that the list has.
func (c *listChecker) end() uint64 {
	x := c.cells[c.cell]
	return x.Drawn + uint64(c.list)*x.Reserve
}

// take checks the next line of the list.
func (c *listChecker) take(p Pick) error {
	if c.line++; c.cell == len(c.cells) {
		return fault(c.file, c.line, "多出的行：各单元应抽数量已满")
	}
	cell := c.cells[c.cell]
	c.rank++
	if p.Task != cell.Task || p.Stratum != cell.Stratum || p.Tier != int(cell.Tier) || uint64(p.Rank) != c.rank {
		return fault(c.file, c.line, "此处应为任务 %s 分层 %s 层级 %d 的第 %d 号", cell.Task, cell.Stratum, cell.Tier, c.rank)
	}
	t, _ := c.m.Task(cell.Task)
	var ticket Hash
	if c.h.sum(&ticket, []byte(c.keys[t.Group].text+":"+p.ID)); ticket != p.Ticket {
		return fault(c.file, c.line, "代码 %s 的签号与公式计算的不符", p.ID)
	}
	if bytes.Compare(c.last[c.cell][:], ticket[:]) > 0 {
		return fault(c.file, c.line, "签号没有从小到大排列")
	}
	c.last[c.cell] = ticket
	c.close()
	return nil
}

// whole tells whether all places of the list are taken.
func (c *listChecker) whole() error {
	if c.cell == len(c.cells) {
		return nil
	}
	x := c.cells[c.cell]
	return fault(c.file, c.line+1, "缺少任务 %s 分层 %s 层级 %d 的第 %d 号", x.Task, x.Stratum, x.Tier, c.rank+1)
}

func newListChecker(m *Manifest, result *Result, keys Keys) (*listChecker, error) {
	if err := keys.usable(m); err != nil {
		return nil, err
	}
	return &listChecker{m: m, keys: keys, cells: result.Cells, h: m.Suite.hasher(), last: make([]Hash, len(result.Cells))}, nil
}

// CheckLists checks a drawn list and its reserve against the result and the keys.
func CheckLists(m *Manifest, result *Result, keys Keys, drawn, reserve []Pick) error {
	c, err := newListChecker(m, result, keys)
	if err != nil {
		return err
	}
	for list, picks := range [2][]Pick{drawn, reserve} {
		c.begin(list)
		for _, p := range picks {
			if err := c.take(p); err != nil {
				return err
			}
		}
		if err := c.whole(); err != nil {
			return err
		}
	}
	return nil
}

// ReadLists reads result.tsv and reserve.tsv and checks each line as it comes, so
// that the first fault of a file is reported. What stands before a fault is returned
// with it.
func ReadLists(m *Manifest, result *Result, keys Keys, files [2]io.Reader) (lists [2][]Pick, err error) {
	c, err := newListChecker(m, result, keys)
	if err != nil {
		return lists, err
	}
	for list, in := range files {
		c.begin(list)
		err := eachLine(in, c.file, func(n int, text string) error {
			p, ok := ParsePick(text)
			if !ok {
				return fault(c.file, n, listForm)
			}
			cell := c.cell
			if err := c.take(p); err != nil {
				return err
			}
			p.Task, p.Stratum, p.ID = c.cells[cell].Task, c.cells[cell].Stratum, strings.Clone(p.ID) // the line itself may go
			lists[list] = append(lists[list], p)
			return nil
		})
		if err := firstOf(err, c.whole()); err != nil {
			return lists, err
		}
	}
	return lists, nil
}

// CheckKnown checks that every object of the lists is in the population.
func CheckKnown(lists [2][]Pick, known map[string]bool) error {
	for list, file := range [2]string{ResultList, ReserveList} {
		for i, p := range lists[list] {
			if !known[p.ID] {
				return fault(file, i+1, "代码 %s 不在名单内", p.ID)
			}
		}
	}
	return nil
}
