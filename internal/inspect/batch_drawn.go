package inspect

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// A BatchFile is one part of a document of a run, as the record commits to it.
type BatchFile struct {
	ID      string // of batch, run, name and part
	Version int64
	Size    int64
	SHA256  string
}

// A DrawnRow (抽中对象) is an object's place in the outcome of a run: drawn, or one
// of the reserve that takes its place in turn: R68.
type DrawnRow struct {
	Batch   BatchID
	Run     int
	Task    TaskID
	ID      string // in the documents
	Object  ObjectNo
	Stratum string
	Tier    int
	Rank    int
	Reserve bool
}

// Key names the row among those of all draws.
func (d DrawnRow) Key() string { return fmt.Sprintf("%s/%d/%s/%s", d.Batch, d.Run, d.Task, d.ID) }

// Text is the rest of the row as one line: see Object.Text.
func (d DrawnRow) Text() string {
	return fmt.Sprintf("%d\t%s\t%d\t%d\t%t", d.Object, d.Stratum, d.Tier, d.Rank, d.Reserve)
}

// A Seat (检查小组成员) is an inspector in the team of a drawn object: R71, R72.
type Seat struct {
	Batch     BatchID
	Run       int
	ID        string // of the object in the documents
	Object    ObjectNo
	Org       OrgID
	Line      int
	Inspector InspectorNo
	Leader    bool
}

// Key names the seat among those of all draws.
func (s Seat) Key() string { return fmt.Sprintf("%s/%d/%s/%d", s.Batch, s.Run, s.ID, s.Inspector) }

// Text is the rest of the seat as one line: see Object.Text.
func (s Seat) Text() string { return fmt.Sprintf("%d\t%s\t%d\t%t", s.Object, s.Org, s.Line, s.Leader) }

// A Slot (年度抽查次数) is the n-th visit of an object in a year: R52, R53, INV-06. The
// third needs a waiver, which serves once. One whose draw was annulled has no batch,
// and is taken again.
type Slot struct {
	Object  ObjectNo
	Year    int
	N       int
	Version int64
	Batch   BatchID
	Run     int
	Waiver  WaiverID
}

// Key names the slot.
func (s Slot) Key() string { return fmt.Sprintf("%d/%d/%d", s.Object, s.Year, s.N) }

// Text is the rest of the slot as one line: see Object.Text.
func (s Slot) Text() string {
	text := fmt.Sprintf("%s\t%d", s.Batch, s.Run)
	if s.Waiver != "" {
		text += "\t" + string(s.Waiver)
	}
	return text
}

// ObjectsByID reads what Pool.Objects wrote.
func ObjectsByID(text []byte) (map[string]ObjectNo, error) {
	all := map[string]ObjectNo{}
	for line := range strings.Lines(string(text)) {
		id, no, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		n, err := strconv.ParseInt(no, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("the object of %s: %w", id, err)
		}
		all[id] = ObjectNo(n)
	}
	return all, nil
}

// DrawnRows are the lists of a run as rows.
func (b Batch) DrawnRows(tasks []Task, objects map[string]ObjectNo, drawn, reserve []draw.Pick) []DrawnRow {
	ids := map[string]TaskID{}
	for _, t := range tasks {
		ids[t.Code()] = t.ID
	}
	var rows []DrawnRow
	for i, list := range [][]draw.Pick{drawn, reserve} {
		for _, p := range list {
			rows = append(rows, DrawnRow{b.ID, b.Run, ids[p.Task], p.ID, objects[p.ID], p.Stratum, p.Tier, p.Rank, i == 1})
		}
	}
	return rows
}

// Seats are an assignment as rows.
func (b Batch) Seats(tasks []Task, facts Facts, objects map[string]ObjectNo, assignment []byte) ([]Seat, error) {
	seats, err := match.ParseSeats(assignment)
	if err != nil {
		return nil, err
	}
	orgs := map[string]OrgID{}
	for _, id := range BatchParties(tasks) {
		orgs[facts.Orgs[id].Short] = id
	}
	rows := make([]Seat, len(seats))
	for i, s := range seats {
		no, ok := ParseInspectorID(s.Inspector)
		if !ok {
			return nil, fmt.Errorf("the assignment names the inspector %s", s.Inspector)
		}
		rows[i] = Seat{b.ID, b.Run, s.Object, objects[s.Object], orgs[s.Department], s.Line, no, s.Leader}
	}
	return rows, nil
}

// TakeSlots counts a visit of the year for each drawn object, however many tasks
// drew it: R52, R53, INV-06. Taken are the slots that the objects have; the lowest that
// is free is taken first. Waivers are those granted for the year.
func (b Batch) TakeSlots(rows []DrawnRow, taken []Slot, waivers map[ObjectNo]WaiverID) ([]Slot, error) {
	have := map[ObjectNo][]Slot{}
	for _, s := range taken {
		have[s.Object] = append(have[s.Object], s)
	}
	var slots []Slot
	done := map[ObjectNo]bool{}
	for _, row := range rows {
		if row.Reserve || done[row.Object] {
			continue
		}
		done[row.Object] = true
		if slices.ContainsFunc(have[row.Object], func(s Slot) bool { return s.Batch == b.ID }) {
			continue // another task of the batch has counted it (综合查一次)
		}
		next := Slot{Object: row.Object, Year: b.Year, N: len(have[row.Object]) + 1}
		for _, s := range have[row.Object] {
			if s.Batch == "" && s.N < next.N {
				next = s
			}
		}
		if next.N > visitsMost {
			next.Waiver = waivers[row.Object]
		}
		if next.N > b.Terms.Cap && (next.Waiver == "" || next.N > visitsMost+1) {
			return nil, ErrBatchFile.With(fmt.Sprintf("%s 的抽查次数超过上限", row.ID))
		}
		next.Batch, next.Run = b.ID, b.Run
		slots = append(slots, next)
	}
	return slots, nil
}

// Overlap counts the objects that two lists of objects have in common.
func Overlap(a, b []byte) int {
	ids := map[string]bool{}
	for line := range bytes.Lines(a) {
		ids[string(line)] = true
	}
	n := 0
	for line := range bytes.Lines(b) {
		if ids[string(line)] {
			n++
		}
	}
	return n
}
