package job

import (
	"context"
	"log/slog"
	"time"
)

// repeat makes a step at once and then every so often, until ctx ends. A step that
// fails is told, as what it was about, and made again the next time.
func repeat(ctx context.Context, pause time.Duration, what string, step func(context.Context) error) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if err := step(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, what, "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
