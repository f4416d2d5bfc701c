package exchange

import "cmp"

// Limits bound what a file may cost before anything is parsed. The zero value
// of a field means the usual.
type Limits struct {
	Size      int64 // bytes of the file as it comes
	Entries   int   // files inside a workbook
	Unpacked  int64 // bytes of a workbook, unpacked and really counted
	Ratio     int64 // of unpacked to packed, of the whole and of each part
	Large     int64 // a workbook may unpack to so much, if it is plainly no bomb:
	LowRatio  int64 // its ratio is below this, as that of real tables is
	Rows      int   // of one sheet
	Columns   int   // of one sheet
	Memory    int64 // of a workbook's texts; what is beyond goes to a temporary file
	LineBytes int   // of one line of CSV, one object of JSON, one row of a sheet
}

// UsualLimits let a full sheet of Excel through. One of 14 columns unpacks to
// some 900 MiB, at a ratio of 6 to 12; so what unpacks to more than 600 MiB is
// taken only at a low ratio. A file at the highest ratio is refused before
// 600 MiB are counted.
var UsualLimits = Limits{
	Size: 4 << 30, Entries: 2000, Unpacked: 600 << 20, Ratio: 100, Large: 3 << 30, LowRatio: 25,
	Rows: 20_000_000, Columns: 1000, Memory: 16 << 20, LineBytes: 4 << 20,
}

// orUsual fills in what the caller left open.
func (l Limits) orUsual() Limits {
	u := UsualLimits
	l.Size, l.Unpacked, l.Ratio = cmp.Or(l.Size, u.Size), cmp.Or(l.Unpacked, u.Unpacked), cmp.Or(l.Ratio, u.Ratio)
	l.Large, l.LowRatio, l.Memory = cmp.Or(l.Large, u.Large), cmp.Or(l.LowRatio, u.LowRatio), cmp.Or(l.Memory, u.Memory)
	l.Entries, l.Rows, l.Columns, l.LineBytes = cmp.Or(l.Entries, u.Entries), cmp.Or(l.Rows, u.Rows), cmp.Or(l.Columns, u.Columns), cmp.Or(l.LineBytes, u.LineBytes)
	return l
}
