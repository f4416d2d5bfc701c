package auth

import (
	"context"
	"fmt"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A name may be tried failuresFree times without waiting; then the pause doubles
// from a second to pauseMost. After failuresMost failures in a row nothing typed
// helps any more: NIST SP 800-63B-4, 3.2.2. Passkeys always do, so a stranger
// who fails on purpose cannot keep the owner out.
const (
	failuresFree = 5
	failuresMost = 100
	pauseMost    = 15 * time.Minute
)

// pause is how long a name rests after so many failures in a row.
func pause(failures int64) time.Duration {
	if failures < failuresFree {
		return 0
	}
	if doubled := failures - failuresFree; doubled < 10 {
		return min(time.Second<<doubled, pauseMost)
	}
	return pauseMost
}

// A network has netBurst tries at once and one more each netEvery. A sign-in
// that succeeds gives its try back, so a whole office behind one address is not
// slowed down in the morning.
const (
	netBurst = 60
	netEvery = 10 * time.Second
)

// chargeNet takes a try from the network's bucket.
func (g *Gate) chargeNet(ctx context.Context, network string) error {
	now := g.now()
	ok, err := g.rows.Drip(ctx, network, func(until time.Time) (bool, time.Time) {
		if until.Before(now) {
			until = now
		}
		until = until.Add(netEvery)
		return until.Sub(now) <= netBurst*netEvery, until
	})
	if err != nil {
		return fmt.Errorf("count tries of a network: %w", err)
	}
	if !ok {
		return inspect.ErrNet
	}
	return nil
}

// refundNet gives a try back.
func (g *Gate) refundNet(ctx context.Context, network string) error {
	_, err := g.rows.Drip(ctx, network, func(until time.Time) (bool, time.Time) { return true, until.Add(-netEvery) })
	return err
}

// A lock says what is answered when a name, or a person's codes, may not be
// tried now.
type lock struct{ slow, shut inspect.Problem }

var (
	nameLock = lock{inspect.ErrSlow, inspect.ErrShut}
	codeLock = lock{inspect.ErrCodeSlow, inspect.ErrCodeShut}
)

// mayTry fails if no try is open after what has been tried. It only looks: most
// guesses of an attacker end here and cost next to nothing.
func (g *Gate) mayTry(ctx context.Context, key string, l lock) error {
	a, err := g.rows.Tried(ctx, key)
	if err != nil {
		return fmt.Errorf("look at tries: %w", err)
	}
	return l.refusal(a, g.now())
}

// refusal is why the next try is not open yet, or nil.
func (l lock) refusal(a store.Attempt, now time.Time) error {
	switch {
	case a.Failures >= failuresMost:
		return l.shut
	case now.Before(a.Open):
		return l.slow.With(waitText(a.Open.Sub(now)))
	}
	return nil
}

// chargeKey counts a try against a name or a person's codes before it is judged:
// of many tries at once none is judged for free.
func (g *Gate) chargeKey(ctx context.Context, key string, known bool, l lock) error {
	now := g.now()
	ok, a, err := g.rows.Charge(ctx, key, known, now, func(a store.Attempt) (bool, time.Time) {
		return l.refusal(a, now) == nil, now.Add(pause(a.Failures + 1))
	})
	if err != nil {
		return fmt.Errorf("count tries: %w", err)
	}
	if !ok {
		return l.refusal(a, now)
	}
	return nil
}

// waitText writes a waiting time as people say it, rounded up.
func waitText(d time.Duration) string {
	if d <= time.Minute {
		return fmt.Sprintf("%d 秒", max(1, int((d+time.Second-1)/time.Second)))
	}
	return fmt.Sprintf("%d 分钟", int((d+time.Minute-1)/time.Minute))
}

// nameKey is under what the tries of a sign-in name are counted. It is keyed, for
// people type passwords into the wrong field.
func (g *Gate) nameKey(name string) string { return g.keys.lookups("name", name)[0] }

// codeKey is under what the tries of a person's codes are counted: apart from
// the password's, so that a stranger cannot stop a step-up.
func (g *Gate) codeKey(person inspect.PersonID) string {
	return g.keys.lookups("code", string(person))[0]
}
