package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A SecurityKeeper puts the security log on record: an hour after a line was
// written, or when a thousand wait. Several may run beside each other.
type SecurityKeeper struct {
	Sessions *store.Sessions
	Desk     *act.Desk
	Region   string
	Now      func() time.Time
	NewID    func() string
}

const (
	sealAfter = time.Hour
	sealEvery = time.Minute // how often it is looked at
)

// Run seals until ctx ends.
func (k *SecurityKeeper) Run(ctx context.Context) {
	repeat(ctx, sealEvery, "seal the security log", k.Step)
}

// Step seals what is due.
func (k *SecurityKeeper) Step(ctx context.Context) error {
	for {
		lines, oldest, err := k.Sessions.Unsealed(ctx)
		if err != nil {
			return fmt.Errorf("count lines: %w", err)
		}
		if lines == 0 || lines < store.SealMost && k.Now().Sub(oldest) < sealAfter {
			return nil
		}
		_, err = k.Desk.Do(ctx, k.NewID(), inspect.System(k.Region), act.SealSecurityLog{ID: k.NewID()})
		if errors.Is(err, inspect.ErrMissing) || errors.Is(err, inspect.ErrHalted) {
			return nil // another process was first, or nothing is recorded any more
		}
		if err != nil {
			return fmt.Errorf("seal lines: %w", err)
		}
	}
}
