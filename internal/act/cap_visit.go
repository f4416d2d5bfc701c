package act

import (
	"context"
	"slices"

	"suicha/internal/inspect"
)

// takeVisits counts the visits of the year that a draw makes: of each object over all
// departments, and of each body at it: R52, R53, INV-06, 国办发〔2024〕54号. Rows are the
// lists of the run.
func (t *tx) takeVisits(ctx context.Context, b inspect.Batch, tasks []inspect.Task, rows []inspect.DrawnRow) error {
	var drawn []inspect.ObjectNo
	for _, row := range rows {
		if !row.Reserve {
			drawn = append(drawn, row.Object)
		}
	}
	slices.Sort(drawn)
	drawn = slices.Compact(drawn)
	taken, err := t.SlotsOf(ctx, b.Year, drawn)
	if err != nil {
		return err
	}
	waivers, err := t.WaiversOf(ctx, b.Year, drawn)
	if err != nil {
		return err
	}
	slots, err := b.TakeSlots(rows, taken, waivers)
	if err != nil {
		return err
	}
	image, err := t.PutSlots(ctx, b, slots)
	if err != nil {
		return err
	}
	t.savedRows("slot", b, image)
	limits, err := t.Limits(ctx, inspect.BatchParties(tasks), b.Year)
	if err != nil {
		return err
	}
	counted, err := t.BodyVisitsOf(ctx, b.Year, drawn)
	if err != nil {
		return err
	}
	visits, err := b.BodyVisits(tasks, rows, limits, counted)
	if err != nil {
		return err
	}
	if image, err = t.PutBodyVisits(ctx, b, visits); err != nil {
		return err
	}
	t.savedRows("body_visit", b, image)
	return nil
}

// freeVisits gives back what an annulled draw has counted: C18. Was is the batch
// before.
func (t *tx) freeVisits(ctx context.Context, was, b inspect.Batch) error {
	slots, err := t.SlotsTaken(ctx, b.ID)
	if err != nil {
		return err
	}
	for i := range slots {
		slots[i].Batch, slots[i].Run = "", 0
	}
	rows, err := t.PutSlots(ctx, b, slots)
	if err != nil {
		return err
	}
	t.savedRows("slot", was, rows)
	visits, err := t.BodyVisitsTaken(ctx, b.ID)
	if err != nil {
		return err
	}
	for i := range visits {
		visits[i].Batch, visits[i].Run = "", 0
	}
	if rows, err = t.PutBodyVisits(ctx, b, visits); err != nil {
		return err
	}
	t.savedRows("body_visit", was, rows)
	return nil
}
