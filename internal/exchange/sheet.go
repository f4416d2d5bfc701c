package exchange

import (
	"context"
	"io"
	"strconv"
	"sync/atomic"
)

// sheetLines reads the rows of one sheet.
type sheetLines struct {
	book   *book
	part   *counted
	m      *markup
	done   *atomic.Int64
	line   line
	hidden []int // columns from 1, known before the first row

	// of the cell at hand
	column int
	bytes  int    // of the row's texts so far
	kind   string // the attribute t
	style  int
	text   []byte
	run    int // where the run of a rich text begins
	x      cell

	started, ended, reading, spoken bool
}

func (b *book) lines(ctx context.Context, s *bookSheet, done *atomic.Int64) (*sheetLines, error) {
	b.meter.unpacked = 0 // each reading is counted for itself
	part, err := b.meter.open(ctx, s.part)
	if err != nil {
		return nil, err
	}
	return &sheetLines{book: b, part: part, m: newMarkup(part, b.meter.LineBytes), done: done}, nil
}

func (s *sheetLines) close() error { return s.part.Close() }

// next returns the next row that is in the file.
func (s *sheetLines) next() (line, error) {
	s.line.cells, s.line.hidden = s.line.cells[:0], false
	for {
		t, err := s.m.next()
		if err == io.EOF {
			if !s.ended {
				err = ErrFileDamaged.With("工作表的末尾")
			}
			return line{}, err
		}
		if err != nil {
			return line{}, err
		}
		switch t.kind {
		case charText:
			if s.reading && !s.spoken {
				if s.text = append(s.text, t.text...); len(s.text) > mostCell {
					err = errCellLong
				}
			}
		case startTag:
			err = s.start(t)
		case endTag:
			var whole bool
			if whole, err = s.end(t.name); whole && err == nil {
				s.done.Store(s.m.read)
				return s.line, s.book.meter.rowed(s.line)
			}
		}
		if err != nil {
			return line{}, err
		}
	}
}

func (s *sheetLines) start(t tag) error {
	switch t.name {
	case "row":
		return s.startRow(t)
	case "c":
		return s.startCell(t)
	case "v":
		s.reading = s.column > 0
	case "t":
		s.reading, s.run = s.column > 0, len(s.text)
	case "f":
		s.x.formula, s.reading = true, false
	case "rPh":
		s.spoken = true
	case "col":
		return s.startColumns(t)
	case "sheetData":
		s.started = true
	}
	return nil
}

func (s *sheetLines) startRow(t tag) error {
	if !s.started || s.ended {
		return ErrFileDamaged.With("工作表的行")
	}
	number := s.line.number + 1
	err := t.each(func(k, v []byte) {
		switch string(k) {
		case "r":
			number, _ = strconv.Atoi(string(v)) // what is no number is 0, and refused below
		case "hidden":
			s.line.hidden = string(v) == "1" || string(v) == "true"
		}
	})
	if err == nil && number <= s.line.number {
		err = ErrFileDamaged.With("行号“" + strconv.Itoa(number) + "”")
	}
	s.line.number, s.column, s.bytes = number, 0, 0
	return err
}

func (s *sheetLines) startCell(t tag) error {
	next := s.column + 1
	s.kind, s.style, s.text, s.x = "", 0, s.text[:0], cell{}
	err := t.each(func(k, v []byte) {
		if len(k) != 1 {
			return
		}
		switch k[0] {
		case 'r':
			next = columnOf(v)
		case 's':
			s.style, _ = strconv.Atoi(string(v)) // no number is style 0: General
		case 't':
			s.kind = cellType(v)
		}
	})
	if err == nil && (next <= s.column || next > 16_384) {
		err = ErrFileDamaged.With("第" + strconv.Itoa(s.line.number) + "行的单元格")
	}
	s.column = next
	return err
}

// cellType spares a copy of the attribute.
func cellType(v []byte) string {
	switch string(v) {
	case "s":
		return "s"
	case "inlineStr":
		return "inlineStr"
	case "n":
		return ""
	}
	return string(v)
}

// columnOf reads the letters of a cell's name, 0 if there are none.
func columnOf(name []byte) int {
	n := 0
	for i, c := range name {
		if c < 'A' || c > 'Z' || i == 3 {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n
}

func (s *sheetLines) startColumns(t tag) error {
	first, last, hidden := 0, 0, false
	err := t.each(func(k, v []byte) {
		switch string(k) {
		case "min":
			first, _ = strconv.Atoi(string(v)) // no number hides nothing
		case "max":
			last, _ = strconv.Atoi(string(v))
		case "hidden":
			hidden = string(v) == "1" || string(v) == "true"
		}
	})
	if n := len(s.hidden); n > 0 { // they stand in order, each once
		first = max(first, s.hidden[n-1]+1)
	}
	for c := max(first, 1); hidden && c <= min(last, s.book.meter.Columns); c++ {
		s.hidden = append(s.hidden, c)
	}
	return err
}

// end closes an element. It reports whether a row is whole.
func (s *sheetLines) end(name string) (whole bool, err error) {
	switch name {
	case "v":
		s.reading = false
	case "t":
		s.text, s.reading = append(s.text[:s.run], unescape(s.text[s.run:])...), false
	case "rPh":
		s.spoken = false
	case "c":
		err = s.endCell()
	case "row":
		return true, nil
	case "sheetData":
		s.ended = true
	}
	return false, err
}

// endCell puts the cell at hand into the line, unless it is empty.
func (s *sheetLines) endCell() (err error) {
	if len(s.text) == 0 && !s.x.formula {
		return nil
	}
	switch s.kind {
	case "s":
		number, err := strconv.Atoi(string(s.text))
		if err != nil {
			return ErrFileDamaged.With("共享文本")
		}
		if s.x.text, err = s.book.texts.at(number); err != nil {
			return err
		}
	case "inlineStr":
		s.x.text = string(s.text)
	case "str":
		s.x.text = string(unescape(s.text))
	case "b":
		s.x.kind, s.x.text = boolean, map[string]string{"1": "TRUE", "true": "TRUE"}[string(s.text)]
		if s.x.text == "" {
			s.x.text = "FALSE"
		}
	case "e":
		s.x.kind, s.x.text = failed, string(s.text)
	case "d":
		s.x.kind, s.x.text = dated, string(s.text)
	default:
		s.x.kind, s.x.text = numeric, string(s.text)
		s.format()
	}
	for len(s.line.cells) < s.column-1 {
		s.line.cells = append(s.line.cells, cell{})
		if len(s.line.cells) > s.book.meter.Columns {
			return ErrFileColumns.With(s.line.number, s.book.meter.Columns)
		}
	}
	s.line.cells = append(s.line.cells, s.x)
	if s.bytes += len(s.x.text); s.bytes > s.book.meter.LineBytes {
		return ErrFileLong.With(s.line.number, s.book.meter.LineBytes>>10)
	}
	return nil
}

// format turns a number into the date that its style shows.
func (s *sheetLines) format() {
	if s.style <= 0 || s.style >= len(s.book.formats) || s.x.text == "" {
		return
	}
	f := s.book.formats[s.style]
	s.x.zeros = f.zeros
	if !f.date {
		return
	}
	s.x.kind = undatable
	if day, ok := serialDate(s.x.text, s.book.from); ok {
		s.x.kind, s.x.text = dated, day
	}
}
