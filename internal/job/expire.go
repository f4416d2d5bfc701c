package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// An Expirer ends the publication of results whose term is over: C19. It looks at all of
// them when it begins, and then at the days that have passed. Its acts have request ids
// of their own: several may run beside each other.
type Expirer struct {
	DB        *store.DB
	Desk      *act.Desk
	Region    string
	Deadlines inspect.Deadlines
	Now       func() time.Time

	seen workday.Date // the last day of publication that was looked at
}

const (
	expireEvery = 10 * time.Minute // how often it is looked at
	expirePage  = 500
)

// Run works until ctx ends.
func (e *Expirer) Run(ctx context.Context) { repeat(ctx, expireEvery, "end publications", e.Step) }

// Step ends what is over now.
func (e *Expirer) Step(ctx context.Context) error {
	until, ends := e.Deadlines.PublishedBefore(workday.On(e.Now()))
	if !ends || until == e.seen || e.Desk.Halted() {
		return nil
	}
	var failed error
	for after := ""; ; {
		ids, next, err := e.DB.ResultsEnding(ctx, e.Region, e.seen, until, after, expirePage)
		if err != nil {
			return fmt.Errorf("look for results whose term is over: %w", err)
		}
		for _, id := range ids {
			if err := e.end(ctx, id); err != nil {
				failed = errors.Join(failed, fmt.Errorf("result %s: %w", id, err))
			}
		}
		if after = next; len(ids) < expirePage {
			break
		}
	}
	if failed == nil {
		e.seen = until
	}
	return failed
}

// end ends one publication. That it has no end, or that another process was first, is
// no failure.
func (e *Expirer) end(ctx context.Context, id inspect.ResultID) error {
	_, err := e.Desk.Do(ctx, inspect.OwnID(string(id), string(inspect.ResultExpire)), inspect.System(e.Region), act.ExpireResult{Result: id})
	if errors.Is(err, inspect.ErrStep) || errors.Is(err, inspect.ErrExpireEarly) {
		return nil
	}
	return err
}
