package job

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"suicha/internal/exchange"
)

// faultFile makes the file of faults of a checked batch, to mend and to bring
// again, unless it was made before.
func (w *importWork) faultFile(ctx context.Context) (err error) {
	if w.i.Rows.Faulty+w.i.Rows.Warned == 0 {
		return nil
	}
	if _, err := os.Stat(w.b.Path(ImportFaults)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	source, err := w.Folder.File(string(w.i.Org), w.i.SHA256)
	if err != nil {
		return err
	}
	defer source.Close() // only read
	work, err := w.b.Work("faults")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	file, err := exchange.Open(ctx, source, w.i.Size, w.i.File, exchange.Options{Limits: w.Limits, Dir: work})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	towns, err := w.DB.Areas(ctx, w.scope(), w.i.Region)
	if err != nil {
		return err
	}
	m, err := exchange.ParseMapping(w.i.Mapping)
	if err != nil {
		return err
	}
	path := work + ".xlsx"
	err = writeTo(path, func(to io.Writer) error {
		return exchange.WriteFaults(ctx, to, file, exchange.ImportTable(w.i.Noun, towns), m, readFaults(w.b.Path(faultLines)), exchange.FaultyRows)
	})
	if err != nil {
		return fmt.Errorf("write the file of faults: %w", err)
	}
	return os.Rename(path, w.b.Path(ImportFaults))
}

// readFaults reads what keepFaults wrote.
func readFaults(path string) iter.Seq2[exchange.Fault, error] {
	return func(yield func(exchange.Fault, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(exchange.Fault{}, err)
			return
		}
		defer f.Close() // only read
		r := bufio.NewReader(f)
		for {
			line, err := r.ReadBytes('\n')
			if err == io.EOF && len(line) == 0 {
				return
			}
			var fault exchange.Fault
			if err == nil {
				_, text, _ := bytes.Cut(line, []byte{'\t'})
				err = json.Unmarshal(text, &fault)
			}
			if !yield(fault, err) || err != nil {
				return
			}
		}
	}
}
