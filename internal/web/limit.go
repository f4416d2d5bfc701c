package web

import (
	"crypto/sha256"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits slow down each client by itself: so many requests a second, after a
// burst. They live in memory, and with several processes each counts for itself.
// That is enough against a loop gone wild or a greedy copier; the limits of the
// sign-in, which guard secrets, are rows. The nil Limits make nobody wait.
type Limits struct {
	every rate.Limit
	burst int

	mu sync.Mutex
	of map[[32]byte]*limit
}

type limit struct {
	*rate.Limiter
	seen time.Time
}

const (
	limitsMost = 1 << 16 // clients remembered
	limitRest  = time.Minute
)

// NewLimits lets each client ask perSecond times a second, and burst times at
// once. Nobody waits if perSecond is 0.
func NewLimits(perSecond, burst int) *Limits {
	if perSecond <= 0 {
		return nil
	}
	return &Limits{every: rate.Limit(perSecond), burst: burst, of: map[[32]byte]*limit{}}
}

// NewSlowLimits lets each client ask once in every span, and burst times at once.
func NewSlowLimits(every time.Duration, burst int) *Limits {
	return &Limits{every: rate.Every(every), burst: burst, of: map[[32]byte]*limit{}}
}

// Wait returns how long the client must wait before it asks. Zero lets it ask
// now, and counts.
func (l *Limits) Wait(client string, now time.Time) time.Duration {
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	key := sha256.Sum256([]byte(client)) // of one size, and no secret is kept
	one, ok := l.of[key]
	if !ok {
		l.sweep(now)
		one = &limit{Limiter: rate.NewLimiter(l.every, l.burst)}
		l.of[key] = one
	}
	one.seen = now
	turn := one.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait > 0 {
		turn.CancelAt(now)
	}
	return wait
}

// sweep forgets who rested, and everybody if that is not enough.
func (l *Limits) sweep(now time.Time) {
	if len(l.of) < limitsMost {
		return
	}
	for key, one := range l.of {
		if now.Sub(one.seen) > limitRest {
			delete(l.of, key)
		}
	}
	if len(l.of) >= limitsMost {
		clear(l.of)
	}
}
