package exchange

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// texts are the shared texts of a workbook, by number. A few are held in
// memory. Of many, blocks of textBlock go to a temporary file, and the blocks
// used last are held: cells refer to texts mostly in the order of the table.
type texts struct {
	few    []string
	file   *os.File
	starts []int64 // of the blocks in file, and its end
	count  int
	cache  []textsBlock
	held   int // bytes in cache
}

type textsBlock struct {
	number int // from 1
	size   int
	texts  [textBlock]string
}

const (
	textBlock  = 32
	textBlocks = 4096     // held in memory,
	textsHeld  = 16 << 20 // but no more bytes than these
)

// readTexts reads the part that holds the texts.
func (b *book) readTexts(ctx context.Context, f *zip.File, dir string) (t texts, err error) {
	part, err := b.meter.open(ctx, f)
	if err != nil {
		return t, err
	}
	defer part.Close()
	put := func(text []byte) error {
		t.few = append(t.few, string(text))
		return nil
	}
	if int64(f.UncompressedSize64) > b.meter.Memory {
		var done func() error
		if put, done, err = t.spool(dir); err != nil {
			return t, err
		}
		defer func() {
			if err = errors.Join(err, done()); err != nil {
				err = errors.Join(err, t.close())
			}
		}()
	}
	return t, eachText(newMarkup(part, b.meter.LineBytes), func(text []byte) error {
		t.count++
		return put(text)
	})
}

// mostCell is more bytes than Excel allows a cell to have. A text may come in any
// number of pieces.
const mostCell = 4 * cellLimit

var errCellLong = ErrFileDamaged.With("一个过长的单元格")

// eachText calls f with each text of the table, without pronunciations.
func eachText(m *markup, f func([]byte) error) error {
	var text []byte
	from := 0 // where the run at hand begins
	inText, spoken, whole := false, false, false
	for {
		t, err := m.next()
		switch {
		case err == io.EOF && whole:
			return nil
		case err == io.EOF:
			return ErrFileDamaged.With("共享文本")
		case err != nil:
			return err
		case t.kind == charText && inText && !spoken:
			if text = append(text, t.text...); len(text) > mostCell {
				return errCellLong
			}
		case t.name == "t":
			if inText = t.kind == startTag; inText {
				from = len(text)
			} else {
				text = append(text[:from], unescape(text[from:])...)
			}
		case t.name == "rPh":
			spoken = t.kind == startTag
		case t.name == "si" && t.kind == startTag:
			text, from = text[:0], 0
		case t.name == "si" && t.kind == endTag:
			if err := f(text); err != nil {
				return err
			}
		case t.name == "sst" && t.kind == endTag:
			whole = true
		}
	}
}

// spool makes the temporary file. It has no name as soon as the system allows.
func (t *texts) spool(dir string) (put func([]byte) error, done func() error, err error) {
	if t.file, err = os.CreateTemp(dir, "suicha-texts-"); err != nil {
		return nil, nil, fmt.Errorf("make a file for the texts of a workbook: %w", err)
	}
	_ = os.Remove(t.file.Name()) // where that fails, close does it
	t.cache = make([]textsBlock, textBlocks)
	out := bufio.NewWriterSize(t.file, 256<<10)
	var at int64
	var length []byte
	put = func(text []byte) error {
		if (t.count-1)%textBlock == 0 {
			t.starts = append(t.starts, at)
		}
		length = binary.AppendUvarint(length[:0], uint64(len(text)))
		at += int64(len(length) + len(text))
		_, err1 := out.Write(length)
		_, err2 := out.Write(text)
		return errors.Join(err1, err2)
	}
	done = func() error {
		t.starts = append(t.starts, at)
		return out.Flush()
	}
	return put, done, nil
}

// at returns text number i.
func (t *texts) at(i int) (string, error) {
	if i < 0 || i >= t.count {
		return "", ErrFileDamaged.With("共享文本")
	}
	if t.file == nil {
		return t.few[i], nil
	}
	number := i / textBlock
	block := &t.cache[number%textBlocks]
	if block.number != number+1 {
		if err := t.load(block, number); err != nil {
			return "", err
		}
	}
	return block.texts[i%textBlock], nil
}

func (t *texts) load(block *textsBlock, number int) error {
	raw := make([]byte, t.starts[number+1]-t.starts[number])
	if _, err := t.file.ReadAt(raw, t.starts[number]); err != nil {
		return fmt.Errorf("read the texts of a workbook: %w", err)
	}
	if t.held += len(raw) - block.size; t.held > textsHeld {
		clear(t.cache)
		t.held = len(raw)
	}
	block.number, block.size = number+1, len(raw)
	all := string(raw)
	at := 0
	for k := 0; k < textBlock && at < len(raw); k++ {
		length, n := binary.Uvarint(raw[at:])
		at += n
		block.texts[k] = all[at : at+int(length)]
		at += int(length)
	}
	return nil
}

func (t *texts) close() error {
	if t.file == nil {
		return nil
	}
	err := t.file.Close()
	if removed := os.Remove(t.file.Name()); removed != nil && !errors.Is(removed, os.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	t.file = nil
	return err
}

// unescape undoes the _xHHHH_ by which workbooks write what XML cannot.
func unescape(text []byte) []byte {
	if !bytes.Contains(text, []byte("_x")) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if r, ok := escaped(text[i:]); ok {
			out = append(out, string(r)...)
			i += len("_x0000_") - 1
			continue
		}
		out = append(out, text[i])
	}
	return out
}

func escaped(text []byte) (r rune, ok bool) {
	if len(text) < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_' {
		return 0, false
	}
	for _, c := range text[2:6] {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}
