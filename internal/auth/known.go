package auth

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A browser is known to an account (常用浏览器) once somebody has signed in there all
// the way. It keeps a mark that says so. Its tries are counted apart from those of
// all other browsers, so that a stranger who fails on purpose does not keep the
// owner out. A mark opens nothing by itself.
const (
	KnownFor  = 90 * 24 * time.Hour // after the last sign-in there
	knownMost = 4                   // accounts that know one browser
)

// A mark is what a browser keeps: a number of its own, until when it counts, and
// a keyed hash that binds both to an account and its password. A reset or a new
// password makes all marks of the account worthless.
type mark struct {
	nonce string
	ends  int64 // seconds
	stamp string
}

func (m mark) String() string { return m.nonce + "." + strconv.FormatInt(m.ends, 10) + "." + m.stamp }

// readMarks reads what browsers keep. What is no mark is left out.
func readMarks(text string) (marks []mark) {
	for _, one := range strings.SplitN(text, "~", knownMost+1) {
		parts := strings.Split(one, ".")
		if len(parts) != 3 || parts[0] == "" || len(one) > 120 || len(marks) == knownMost {
			continue
		}
		m := mark{nonce: parts[0], stamp: parts[2]}
		m.ends, _ = strconv.ParseInt(parts[1], 10, 64)
		if m.String() == one {
			marks = append(marks, m)
		}
	}
	return marks
}

func markParts(a store.Account, m mark) []string {
	return []string{"known", string(a.Person), moment(a.PasswordAt), m.nonce, strconv.FormatInt(m.ends, 10)}
}

// knows returns the browser's own number if the account knows it.
func (g *Gate) knows(a store.Account, from From) (nonce string, ok bool) {
	if a.Person == "" || a.Password == "" {
		return "", false
	}
	for _, m := range readMarks(from.Known) {
		if g.now().Unix() < m.ends && g.keys.binds(m.stamp, markParts(a, m)...) {
			return m.nonce, true
		}
	}
	return "", false
}

// remember returns the marks that a browser keeps from now on: a new one for the
// account, then those for others.
func (g *Gate) remember(a store.Account, from From) string {
	now := g.now()
	m := mark{nonce: newToken()[:22], ends: now.Add(KnownFor).Unix()}
	m.stamp = g.keys.lookups(markParts(a, m)...)[0]
	marks := []string{m.String()}
	for _, old := range readMarks(from.Known) {
		if len(marks) < knownMost && now.Unix() < old.ends && !g.keys.binds(old.stamp, markParts(a, old)...) {
			marks = append(marks, old.String())
		}
	}
	return strings.Join(marks, "~")
}

// welcome is done when a sign-in is complete: what strangers failed at is
// forgotten, and the browser is known from then on.
func (g *Gate) welcome(ctx context.Context, person inspect.PersonID, from From) (known string, err error) {
	a, err := g.rows.Account(ctx, person)
	if err != nil {
		return "", fmt.Errorf("read an account: %w", err)
	}
	if err := g.rows.Forgive(ctx, g.nameKey(a.Name)); err != nil {
		return "", fmt.Errorf("forget failures: %w", err)
	}
	return g.remember(a, from), nil
}

// counter is under what a try at the account's password ("name") or codes ("code")
// is counted: for a known browser its own key, for all others the common one. A
// known browser whose tries are used up counts as one of the others.
func (g *Gate) counter(ctx context.Context, a store.Account, use, common string, from From) (key string, known bool, err error) {
	nonce, known := g.knows(a, from)
	if !known {
		return common, false, nil
	}
	key = g.keys.lookups("known "+use, string(a.Person), nonce)[0]
	tried, err := g.rows.Tried(ctx, key)
	if err != nil {
		return "", false, fmt.Errorf("look at tries: %w", err)
	}
	if tried.Failures >= failuresMost {
		return common, false, nil
	}
	return key, true, nil
}
