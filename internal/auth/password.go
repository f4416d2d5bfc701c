package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"suicha/internal/inspect"
)

// A cost is how much work a guess is.
type cost struct {
	memory uint32 // KiB
	time   uint32
}

// fullCost takes 64 MiB and about a sixth of a second on a server of today.
var fullCost = cost{memory: 64 << 10, time: 3}

const (
	saltBytes = 16
	tagBytes  = 32
)

// A digest is a stored password: argon2id over the password, and a keyed hash
// over that, so that the database alone is not enough to test a guess.
type digest struct {
	cost
	key       string // id of the pepper
	salt, tag []byte
}

// String writes d in the PHC format.
func (d digest) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1,keyid=%s$%s$%s", argon2.Version, d.memory, d.time, d.key, b64(d.salt), b64(d.tag))
}

// parseDigest reads what String writes and nothing else. Absurd costs are
// refused: a row must not be able to stop the program.
func parseDigest(text string) (d digest, err error) {
	bad := func(what string) (digest, error) { return digest{}, fmt.Errorf("auth: stored password: %s", what) }
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return bad("unknown form")
	}
	for i, field := range strings.Split(parts[3], ",") {
		name, value, _ := strings.Cut(field, "=")
		n, numberErr := strconv.ParseUint(value, 10, 32)
		switch {
		case i == 0 && name == "m" && numberErr == nil && n >= 8 && n <= 1<<20:
			d.memory = uint32(n)
		case i == 1 && name == "t" && numberErr == nil && n >= 1 && n <= 100:
			d.time = uint32(n)
		case i == 2 && name == "p" && value == "1":
		case i == 3 && name == "keyid" && value != "" && len(value) <= 32:
			d.key = value
		default:
			return bad("unknown parameters")
		}
	}
	if d.key == "" {
		return bad("parameters are missing")
	}
	b64 := base64.RawStdEncoding.Strict()
	if d.salt, err = b64.DecodeString(parts[4]); err != nil || len(d.salt) != saltBytes {
		return bad("no salt")
	}
	if d.tag, err = b64.DecodeString(parts[5]); err != nil || len(d.tag) != tagBytes {
		return bad("no hash")
	}
	if d.String() != text {
		return bad("not in its one form")
	}
	return d, nil
}

// stretch is the slow part of the hash; with owned it makes the tag.
func (d digest) stretch(password string) string {
	return string(argon2.IDKey([]byte(normal(password)), d.salt, d.time, d.memory, 1, tagBytes))
}

// owned is the tag of a person's password: moved to another account it opens
// nothing.
func owned(k keySet, stretched string, person inspect.PersonID) []byte {
	return mac(k.password, stretched, string(person))
}

// unowned is the tag as it was before it named its person. Such a password opens
// its account once more, and is then stored anew.
func unowned(k keySet, stretched string) []byte { return mac(k.password, stretched) }

// normal is the one form of a password that different keyboards write
// differently.
func normal(password string) string { return norm.NFKC.String(password) }

// hash returns the stored form of a person's new password.
func (g *Gate) hash(ctx context.Context, person inspect.PersonID, password string) (string, error) {
	stored, err := g.hashFor(ctx, password)
	if err != nil {
		return "", err
	}
	return stored(person), nil
}

// hashFor stretches a password once, for every person who has it.
func (g *Gate) hashFor(ctx context.Context, password string) (stored func(inspect.PersonID) string, err error) {
	leave, err := g.enterHashing(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	d := digest{cost: g.cost, key: g.keys[0].id, salt: make([]byte, saltBytes)}
	rand.Read(d.salt)
	stretched := d.stretch(password)
	return func(person inspect.PersonID) string {
		d.tag = owned(g.keys[0], stretched, person)
		return d.String()
	}, nil
}

// unknown is a stored password that nobody knows, and so nobody had to hash.
func (g *Gate) unknown() string {
	d := digest{cost: g.cost, key: g.keys[0].id, salt: make([]byte, saltBytes), tag: make([]byte, tagBytes)}
	rand.Read(d.salt)
	rand.Read(d.tag)
	return d.String()
}

// check reports whether password is the one that was stored for the person. An
// empty stored password is nobody's: the same work is done, for nothing. Stale
// says that the password should be stored anew: with today's cost and key, and
// for its person.
func (g *Gate) check(ctx context.Context, person inspect.PersonID, stored, password string) (right, stale bool, err error) {
	nobody := stored == ""
	if nobody {
		stored = g.dummy
	}
	d, err := parseDigest(stored)
	if err != nil {
		return false, false, err
	}
	k, known := g.keys.byID(d.key)
	if !known { // the pepper is lost: the account needs a reset
		k, nobody = g.keys[0], true
	}
	if len(password) > passwordBytes {
		password, nobody = "", true
	}
	leave, err := g.enterHashing(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	stretched := d.stretch(password)
	bound := subtle.ConstantTimeCompare(owned(k, stretched, person), d.tag) == 1
	loose := subtle.ConstantTimeCompare(unowned(k, stretched), d.tag) == 1
	return (bound || loose) && !nobody, loose || d.cost != g.cost || d.key != g.keys[0].id, nil
}

// enterHashing waits for a place to hash a password.
func (g *Gate) enterHashing(ctx context.Context) (leave func(), err error) {
	select {
	case g.waiting <- struct{}{}:
	default:
		return nil, inspect.ErrCrowded
	}
	defer func() { <-g.waiting }()
	select {
	case g.hashing <- struct{}{}:
		return func() { <-g.hashing }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}
