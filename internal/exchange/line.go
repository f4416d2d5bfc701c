package exchange

// A line is one row of a file before anybody knows what its columns mean.
type line struct {
	number int // as Excel shows it
	cells  []cell
	hidden bool
}

// empty reports whether no cell of the line shows anything.
func (l line) empty() bool {
	for _, x := range l.cells {
		if !x.empty() {
			return false
		}
	}
	return true
}

// lines are the rows of a file, one after the other. The cells of a line are
// overwritten by the next. next fails with io.EOF after the last line.
type lines interface {
	next() (line, error)
	close() error
}

// rowed counts lines against the limits of a file.
func (l Limits) rowed(n line) error {
	switch {
	case n.number > l.Rows:
		return ErrFileRows.With(l.Rows)
	case len(n.cells) > l.Columns:
		return ErrFileColumns.With(n.number, l.Columns)
	}
	return nil
}
