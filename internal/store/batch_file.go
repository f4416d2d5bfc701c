package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"unicode/utf8"

	"suicha/internal/inspect"
)

// filePart is the most that one row of batch_file holds, in bytes.
const filePart = 1 << 20

// fileParts cuts a text into parts, at characters. An empty text is one part.
func fileParts(text string) []string {
	var parts []string
	for len(text) > filePart {
		at := filePart
		for !utf8.RuneStart(text[at]) {
			at--
		}
		parts = append(parts, text[:at])
		text = text[at:]
	}
	if text != "" || len(parts) == 0 {
		parts = append(parts, text)
	}
	return parts
}

// AddFile stores a document of a run, once and for all: INV-03. It returns what the
// entry commits to, part by part.
func (t *Tx) AddFile(ctx context.Context, b inspect.Batch, name string, text []byte) ([]inspect.BatchFile, error) {
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("store %s of %s: it is no text", name, b.Number)
	}
	var files []inspect.BatchFile
	for part, text := range fileParts(string(text)) {
		_, err := exec(ctx, t.tx, `INSERT INTO batch_file (batch, run, name, part, text, cseq) VALUES ($1, $2, $3, $4, $5, $6)`,
			string(b.ID), int64(b.Run), name, int64(part), text, t.n)
		if err != nil {
			return nil, fmt.Errorf("store %s of %s: %w", name, b.Number, err)
		}
		f := newBatchFile(b.ID, b.Run, name, part, text)
		if err := t.touch(ctx, "batch_file", f.ID, 1, "", ""); err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func newBatchFile(batch inspect.BatchID, run int, name string, part int, text string) inspect.BatchFile {
	sum := sha256.Sum256([]byte(text))
	return inspect.BatchFile{ID: fmt.Sprintf("%s/%d/%s/%d", batch, run, name, part), Version: 1, Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}
}

func scanBatchFile(s scanner) (f inspect.BatchFile, err error) {
	var batch inspect.BatchID
	var run, part int
	var name, text string
	err = s.Scan(&batch, &run, &name, &part, &text)
	return newBatchFile(batch, run, name, part, text), err
}

// Files returns the documents of a run by name, or those of the names.
func (t *Tx) Files(ctx context.Context, batch inspect.BatchID, run int, names ...string) (map[string][]byte, error) {
	return batchFiles(ctx, t.tx, batch, run, names)
}

// BatchFiles returns the documents of a run by name, or those of the names, for
// readers who may see the batch. Which of the documents such a reader may have is
// for the caller to say: inspect.PublicFile.
func (db *DB) BatchFiles(ctx context.Context, _ inspect.Scope, batch inspect.BatchID, run int, names ...string) (map[string][]byte, error) {
	return batchFiles(ctx, db.db, batch, run, names)
}

func batchFiles(ctx context.Context, q queryer, batch inspect.BatchID, run int, names []string) (map[string][]byte, error) {
	where, args := "", []any{string(batch), int64(run)}
	if len(names) > 0 {
		marks, more := in(3, names)
		where, args = ` AND name IN `+marks, append(args, more...)
	}
	files := map[string][]byte{}
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var name, text string
		err = s.Scan(&name, &text)
		files[name] = append(files[name], text...)
		return none, err
	}, `SELECT name, text FROM batch_file WHERE batch = $1 AND run = $2`+where+` ORDER BY name, part`, args...)
	if err != nil {
		return nil, fmt.Errorf("read the files of batch %s: %w", batch, err)
	}
	return files, nil
}

// drawns, seats and slots are how the outcome of draws is written.
var (
	drawns = libraryKind[inspect.DrawnRow]{
		name: "drawn", table: "drawn", cols: []string{"batch", "run", "task", "id", "object", "stratum", "tier", "rank", "reserve"}, keys: 4,
		scan: func(s scanner) (d inspect.DrawnRow, err error) {
			return d, s.Scan(&d.Batch, &d.Run, &d.Task, &d.ID, &d.Object, &d.Stratum, &d.Tier, &d.Rank, &d.Reserve)
		},
		values: func(d inspect.DrawnRow) []any {
			return []any{string(d.Batch), int64(d.Run), string(d.Task), d.ID, int64(d.Object), d.Stratum, int64(d.Tier), int64(d.Rank), d.Reserve}
		},
	}
	seats = libraryKind[inspect.Seat]{
		name: "seat", table: "seat", cols: []string{"batch", "run", "id", "inspector", "object", "org", "line", "leader"}, keys: 4,
		scan: func(s scanner) (x inspect.Seat, err error) {
			return x, s.Scan(&x.Batch, &x.Run, &x.ID, &x.Inspector, &x.Object, &x.Org, &x.Line, &x.Leader)
		},
		values: func(x inspect.Seat) []any {
			return []any{string(x.Batch), int64(x.Run), x.ID, int64(x.Inspector), int64(x.Object), string(x.Org), int64(x.Line), x.Leader}
		},
	}
	slots = libraryKind[inspect.Slot]{
		name: "slot", table: "slot", cols: []string{"object", "year", "n", "batch", "run", "waiver"}, keys: 3,
		scan: func(s scanner) (x inspect.Slot, err error) {
			return x, s.Scan(&x.Object, &x.Year, &x.N, nullCol[inspect.BatchID]{&x.Batch}, &x.Run, nullCol[inspect.WaiverID]{&x.Waiver})
		},
		values: func(x inspect.Slot) []any {
			return []any{int64(x.Object), int64(x.Year), int64(x.N), null(x.Batch), int64(x.Run), null(x.Waiver)}
		},
	}
)

var scanSlot = versioned(slots, func(s *inspect.Slot, v int64) { s.Version = v })

// AddDrawn stores the lists of a run, AddSeats its teams.
func (t *Tx) AddDrawn(ctx context.Context, b inspect.Batch, rows []inspect.DrawnRow) (RowsImage, error) {
	return addRows(ctx, t, drawns, b, rows)
}

// AddSeats stores the teams of a run.
func (t *Tx) AddSeats(ctx context.Context, b inspect.Batch, rows []inspect.Seat) (RowsImage, error) {
	return addRows(ctx, t, seats, b, rows)
}

func addRows[T libraryRow](ctx context.Context, t *Tx, k libraryKind[T], b inspect.Batch, rows []T) (RowsImage, error) {
	image, err := k.write(ctx, t, rows, nil)
	if err != nil {
		return image, fmt.Errorf("store the %s rows of %s: %w", k.name, b.Number, err)
	}
	return image, t.touch(ctx, k.name, string(b.ID), b.Version+1, "", "")
}

// SlotsOf returns the slots of a year of those objects which a run has drawn.
func (t *Tx) SlotsOf(ctx context.Context, year int, objects []inspect.ObjectNo) ([]inspect.Slot, error) {
	var all []inspect.Slot
	for len(objects) > 0 {
		part := objects[:min(500, len(objects))]
		objects = objects[len(part):]
		marks, args := in(2, part)
		some, err := list(ctx, t.tx, scanSlot, slots.selects()+`WHERE year = $1 AND object IN `+marks+` ORDER BY object, n`, append([]any{int64(year)}, args...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// SlotsTaken returns the slots that a batch has taken.
func (t *Tx) SlotsTaken(ctx context.Context, batch inspect.BatchID) ([]inspect.Slot, error) {
	return list(ctx, t.tx, scanSlot, slots.selects()+`WHERE batch = $1 ORDER BY object, n`, string(batch))
}

// PutSlots stores slots, new ones if their version is 0.
func (t *Tx) PutSlots(ctx context.Context, b inspect.Batch, rows []inspect.Slot) (RowsImage, error) {
	return putVisits(ctx, t, slots, b, rows, func(s inspect.Slot) int64 { return s.Version })
}

// Drawn returns the lists of a batch's present run, for readers who may see them.
func (db *DB) Drawn(ctx context.Context, _ inspect.Scope, b inspect.Batch) ([]inspect.DrawnRow, error) {
	return list(ctx, db.db, versioned(drawns, func(*inspect.DrawnRow, int64) {}), drawns.selects()+`
		WHERE  batch = $1 AND run = $2
		ORDER  BY task, stratum, tier, rank`, string(b.ID), int64(b.Run))
}

// Seats returns the teams of a batch's present run, for readers who may see them.
func (db *DB) Seats(ctx context.Context, _ inspect.Scope, b inspect.Batch) ([]inspect.Seat, error) {
	return list(ctx, db.db, versioned(seats, func(*inspect.Seat, int64) {}), seats.selects()+`
		WHERE  batch = $1 AND run = $2
		ORDER  BY id, org, line, inspector`, string(b.ID), int64(b.Run))
}
