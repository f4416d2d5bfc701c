package api

import (
	"crypto/sha256"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How much one token may ask: enough to mirror all plans of a county in a
// minute, too little to be in anybody's way.
const (
	limitEvery = time.Second / 20 // one request more, each time
	limitBurst = 60
	limitsMost = 4096 // tokens remembered, those that do not exist included
	limitRest  = time.Minute
)

// limits slow down each token by itself. They live in memory: with several
// processes each counts for itself, which is enough against a loop gone wild.
type limits struct {
	mu sync.Mutex
	of map[[32]byte]*limit
}

type limit struct {
	*rate.Limiter
	seen time.Time
}

func newLimits() *limits { return &limits{of: map[[32]byte]*limit{}} }

// allow reports whether the token may ask once more at now. It is asked before
// the token is looked up, so that guessing is slowed down too.
func (l *limits) allow(secret string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := sha256.Sum256([]byte(secret))
	one, ok := l.of[key]
	if !ok {
		l.sweep(now)
		one = &limit{Limiter: rate.NewLimiter(rate.Every(limitEvery), limitBurst)}
		l.of[key] = one
	}
	one.seen = now
	return one.AllowN(now, 1)
}

// sweep forgets what rested, and everything if that is not enough.
func (l *limits) sweep(now time.Time) {
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
