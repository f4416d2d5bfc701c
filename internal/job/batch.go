package job

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A Drawer draws the batches that everything is known of, and discloses what is
// due. What comes out is fixed by the documents of the batch, and each of its acts has
// a request id of its own: several may run beside each other, and be killed at any
// moment, and there is one result (INV-04).
type Drawer struct {
	DB   *store.DB
	Desk *act.Desk
	Now  func() time.Time
}

// Run works until ctx ends.
func (d *Drawer) Run(ctx context.Context) { repeat(ctx, every, "draw", d.Step) }

// Step does all there is to do now.
func (d *Drawer) Step(ctx context.Context) error {
	all, err := d.DB.BatchesInWork(ctx)
	if err != nil {
		return fmt.Errorf("look for batches: %w", err)
	}
	for _, b := range all {
		if e := d.work(ctx, b); e != nil {
			err = errors.Join(err, fmt.Errorf("batch %s: %w", b.Number, e))
		}
	}
	return err
}

// work draws once everything is known, and discloses when the day has come: in open
// mode at once.
func (d *Drawer) work(ctx context.Context, b inspect.Batch) error {
	if !b.Due(d.Now()) {
		return nil
	}
	if b.State != inspect.BatchOpened {
		return d.do(ctx, b, act.DiscloseBatch{Batch: b.ID, Run: b.Run})
	}
	if err := d.do(ctx, b, act.DrawBatch{Batch: b.ID, Run: b.Run}); err != nil || b.Sealed() && draw.Instant(d.Now()) < b.Terms.Opening {
		return err
	}
	return d.do(ctx, b, act.DiscloseBatch{Batch: b.ID, Run: b.Run})
}

// do carries out an act of the platform. That somebody else did it first is no
// failure.
func (d *Drawer) do(ctx context.Context, b inspect.Batch, c act.Command) error {
	_, err := d.Desk.Do(ctx, inspect.OwnID(string(b.ID), string(c.Verb()), strconv.Itoa(b.Run)), inspect.System(b.Region), c)
	if errors.Is(err, inspect.ErrStep) || errors.Is(err, inspect.ErrStale) {
		return nil
	}
	return err
}
