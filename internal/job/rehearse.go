package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// RehearsalRuns is how often a rehearsal draws.
const RehearsalRuns = 200

// rehearsalLease is how long a rehearsal is its worker's without a sign of life.
const rehearsalLease = time.Minute

// A Rehearser does the rehearsals that somebody asked for. Several may run beside each
// other; one that is killed is begun anew.
type Rehearser struct {
	Queue  *store.Queue
	Desk   *act.Desk
	Now    func() time.Time
	Worker string // tells this process from others
	Runs   int    // 0 is RehearsalRuns
}

// Run works until ctx ends.
func (r *Rehearser) Run(ctx context.Context) { repeat(ctx, every, "rehearse", r.Step) }

// Step does one rehearsal, if one was asked for.
func (r *Rehearser) Step(ctx context.Context) error {
	job, err := r.Queue.Claim(ctx, act.RehearsalKind, r.Worker, r.Now(), r.Now().Add(rehearsalLease))
	if errors.Is(err, inspect.ErrMissing) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for rehearsals: %w", err)
	}
	fault, result, err := r.rehearse(ctx, job)
	if err != nil {
		return err
	}
	if err := r.Queue.End(ctx, job.ID, r.Worker, fault, result); err != nil && !errors.Is(err, inspect.ErrStale) {
		return fmt.Errorf("keep rehearsal %s: %w", job.ID, err)
	}
	return nil
}

// rehearse returns what was found, or what keeps the batch from being rehearsed.
func (r *Rehearser) rehearse(ctx context.Context, job store.Job) (fault, result string, err error) {
	runs := r.Runs
	if runs == 0 {
		runs = RehearsalRuns
	}
	told := time.Time{}
	found, err := r.Desk.Rehearse(ctx, inspect.BatchID(job.Args), runs, func(done int) error {
		if now := r.Now(); now.Sub(told) > time.Second {
			told = now
			return r.Queue.Note(ctx, job.ID, r.Worker, fmt.Sprintf("%d/%d", done, runs), now.Add(rehearsalLease))
		}
		return ctx.Err()
	})
	var problem inspect.Problem
	var many inspect.Problems
	switch {
	case errors.As(err, &problem) && problem.Code != inspect.ErrStale.Code, errors.As(err, &many):
		return err.Error(), "", nil
	case err != nil:
		return "", "", fmt.Errorf("rehearse batch %s: %w", job.Args, err)
	}
	text, err := json.Marshal(found)
	return "", string(text), err
}
