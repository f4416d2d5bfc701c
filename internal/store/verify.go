package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/ledger"
)

// A Fault is the first thing in the record that does not fit the rest of it.
type Fault struct {
	Table string
	ID    string
	Text  string
}

// Error names the table, the row and what is wrong with it.
func (f Fault) Error() string { return f.Table + " " + f.ID + ": " + f.Text }

// Verified is what Verify has read.
type Verified struct {
	Entries int64
	Erased  int64       // of them entries whose body is gone
	Things  int64       // organisations, persons, posts, plans and so on
	Head    ledger.Head // of the newest checkpoint

	Sealed   int64 // lines of the security log that entries seal
	Unsealed int64 // lines that wait for it

	tree ledger.Hashes // stored hashes, recomputed from the entries
}

// HeadAt is the head of the log's first size entries, as the entries give it.
func (v Verified) HeadAt(size int64) (ledger.Head, error) { return ledger.TreeHead(size, v.tree) }

// Verify reads the whole record again and compares every part with every other:
// the numbering of the entries, their leaves and the chain through them, the
// bodies that the leaves commit to, the images in the bodies, the rows as they
// stand now, the stored hashes, the checkpoints, the steps and the guards. It
// returns the first Fault, or an error if it could not read.
//
// Open checks the signatures of a checkpoint and returns what it says; without
// it only the text is read, and whoever owns the database could have signed it.
// Verify sees one moment of the record and keeps nobody from writing. It holds
// in memory what the record says of every thing.
func (s *Store) Verify(ctx context.Context, open func(note []byte) (ledger.Checkpoint, error)) (Verified, error) {
	tx, err := s.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return Verified{}, fmt.Errorf("begin to verify: %w", err)
	}
	defer tx.Rollback()
	return verify(ctx, tx, s.dialect, s.parts, open)
}

func verify(ctx context.Context, q queryer, d dialect, parts map[string]string, open func([]byte) (ledger.Checkpoint, error)) (Verified, error) {
	if open == nil {
		open = readNote
	}
	r := newReplay()
	for _, part := range []func() error{
		func() error { return verifyStanding(ctx, q, d, parts) },
		func() error { return r.entries(ctx, q) },
		func() error { return r.erasures() },
		func() error { return r.rows(ctx, q) },
		func() error { return r.histories(ctx, q) },
		func() error { return r.libraries(ctx, q) },
		func() error { return r.seals(ctx, q) },
		func() error { return verifyFeedback(ctx, q) },
		func() error { return r.log(ctx, q, open) },
	} {
		if err := part(); err != nil {
			return r.Verified, err
		}
	}
	return r.Verified, nil
}

// verifyStanding returns the first thing by which the database does not protect
// the record as this program wants it: INV-25.
func verifyStanding(ctx context.Context, q queryer, d dialect, parts map[string]string) error {
	faults, err := unprotected(ctx, q, d, parts)
	if err == nil && len(faults) > 0 {
		err = faults[0]
	}
	return err
}

// readNote reads the text of a signed note and no signature.
func readNote(note []byte) (ledger.Checkpoint, error) {
	text, _, ok := strings.Cut(string(note), "\n\n")
	if !ok {
		return ledger.Checkpoint{}, fmt.Errorf("the note has no signatures")
	}
	return ledger.ParseCheckpoint(text + "\n")
}

// A replay is the record as far as its entries have been read.
type replay struct {
	Verified
	last     string                     // the leaf before
	things   map[thingKey]*thing        // what the newest images say
	posts    map[inspect.PostID]holding // for the posts that entries name
	standing map[inspect.PersonID]standing
	gone     map[int64]int64                // erased entries, and the entries that erased them
	said     map[string]map[int64]RowsImage // of each library: what the entries say of its rows
	history  map[historyKey]pastVersion
	touched  map[string]bool // "entry_body/12/7": entry 12 says that it erased body 7
}

type thingKey struct{ kind, id string }

// A holding is who holds a post, as its first image says.
type holding struct {
	person inspect.PersonID
	org    inspect.OrgID
	kind   inspect.PostKind
}

type standing struct {
	class string
	cseq  int64
}

func newReplay() *replay {
	return &replay{things: map[thingKey]*thing{}, standing: map[inspect.PersonID]standing{}, gone: map[int64]int64{}, touched: map[string]bool{},
		said: map[string]map[int64]RowsImage{}, history: map[historyKey]pastVersion{},
		posts: map[inspect.PostID]holding{"console": {person: "console", kind: inspect.ConsolePost}, "system": {person: "system", kind: inspect.SystemPost}}}
}

// A storedEntry is an entry with its body.
type storedEntry struct {
	Entry
	at, body, salt string
	done           int64
	erased         sql.NullInt64
	missing        bool // the body's row is
}

func scanStored(s scanner) (e storedEntry, err error) {
	var salt, body sql.NullString
	err = s.Scan(&e.N, &e.at, &e.Request, &e.Actor, &e.Post, &e.Org, &e.Verb, &e.Target, &e.Version, &e.Leaf, &e.done, &salt, &body, &e.erased)
	e.salt, e.body, e.missing = salt.String, body.String, !body.Valid
	return e, err
}

const verifyPage = 500

// entries reads all entries in their order, with bodies and touches.
func (r *replay) entries(ctx context.Context, q queryer) error {
	for {
		from := r.Entries
		page, err := list(ctx, q, scanStored, `
			SELECT e.n, e.at, e.request, e.actor, e.post, e.org, e.verb, e.target, e.version, e.leaf, e.done, b.salt, b.body, b.erased
			FROM   entry e
			LEFT   JOIN entry_body b ON b.n = e.n
			WHERE  e.n >= $1
			ORDER  BY e.n
			LIMIT  $2`, from, verifyPage)
		if err != nil {
			return fmt.Errorf("read the entries from %d: %w", from, err)
		}
		touches, err := touchesOf(ctx, q, from, from+int64(len(page)))
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := r.entry(e, touches[e.N]); err != nil {
				return err
			}
		}
		if len(page) < verifyPage {
			return r.strays(ctx, q)
		}
	}
}

// strays are rows that belong to no entry at all.
func (r *replay) strays(ctx context.Context, q queryer) error {
	for table, query := range map[string]string{
		"entry":      `SELECT count(*) FROM entry WHERE n < 0 OR n >= $1`,
		"entry_body": `SELECT count(*) FROM entry_body WHERE n < 0 OR n >= $1`,
		"touch":      `SELECT count(*) FROM touch WHERE cseq < 0 OR cseq >= $1`,
	} {
		n, err := row(ctx, q, scanCount, query, r.Entries)
		if err != nil {
			return fmt.Errorf("count rows of %s: %w", table, err)
		}
		if n > 0 {
			return Fault{table, fmt.Sprint("past ", r.Entries), fmt.Sprintf("%d rows belong to no entry", n)}
		}
	}
	return nil
}

// entry checks one entry by itself and against the one before, and takes over
// what its images say.
func (r *replay) entry(e storedEntry, touches []touched) error {
	id := strconv.FormatInt(e.N, 10)
	bad := func(format string, args ...any) error { return Fault{"entry", id, fmt.Sprintf(format, args...)} }
	leaf, err := ledger.ParseLeaf([]byte(e.Leaf))
	switch {
	case e.N != r.Entries:
		return bad("entry %d is missing", r.Entries)
	case e.done != 1:
		return bad("it is open")
	case err != nil:
		return bad("%v", err)
	case r.Entries > 0 && leaf.Prev != ledger.ChainDigest([]byte(r.last)):
		return bad("it does not follow the entry before")
	case leaf.N != e.N || leaf.At != e.at || leaf.Verb != string(e.Verb) || leaf.Org != string(e.Org) || leaf.Target != e.Target || leaf.Version != e.Version:
		return bad("the row is not what its leaf says")
	case e.missing:
		return Fault{"entry_body", id, "it is missing"}
	}
	more, err := ledger.Append(r.Entries, [][]byte{[]byte(e.Leaf)}, r.tree)
	if err != nil {
		return err
	}
	r.tree, r.last = append(r.tree, more...), e.Leaf
	r.Entries++
	if e.erased.Valid {
		return r.erasedEntry(e, touches)
	}
	return r.opened(e, leaf.Body, touches)
}

// opened checks an entry's body against leaf, row and touches.
func (r *replay) opened(e storedEntry, commitment ledger.Commitment, touches []touched) error {
	id := strconv.FormatInt(e.N, 10)
	bad := func(format string, args ...any) error { return Fault{"entry_body", id, fmt.Sprintf(format, args...)} }
	var salt ledger.Salt
	if raw, err := hex.DecodeString(e.salt); err != nil || copy(salt[:], raw) != len(salt) || hex.EncodeToString(salt[:]) != e.salt {
		return bad("the salt is not 16 bytes")
	}
	if err := commitment.Opens(salt, []byte(e.body)); err != nil {
		return bad("%v", err)
	}
	var b struct {
		Request string           `json:"request"`
		Actor   inspect.PersonID `json:"actor"`
		Post    inspect.PostID   `json:"post"`
		Verb    inspect.Verb     `json:"verb"`
		After   []image          `json:"after"`
	}
	if err := json.Unmarshal([]byte(e.body), &b); err != nil {
		return bad("%v", err)
	}
	if b.Request != e.Request || b.Actor != e.Actor || b.Verb != e.Verb {
		return Fault{"entry", id, "request, actor or verb is not what the body says"}
	}
	if err := r.images(e.N, b.After, touches); err != nil {
		return err
	}
	post, ok := r.posts[b.Post]
	if !ok || post.kind != e.Post || post.person != e.Actor || post.org != e.Org {
		return Fault{"entry", id, "the actor did not hold that post"}
	}
	return nil
}

// erasedEntry takes an entry whose body is gone: what it changed is known, but
// not into what.
func (r *replay) erasedEntry(e storedEntry, touches []touched) error {
	if e.body != "" || e.salt != "" {
		return Fault{"entry_body", strconv.FormatInt(e.N, 10), "it is marked as erased and still there"}
	}
	r.Erased++
	r.gone[e.N] = e.erased.Int64
	for _, t := range touches {
		kind, _, _ := strings.Cut(t.kind, ".")
		if kind == "consent" {
			kind, t.version = "plan", 0
		}
		r.thing(kind, t.id).forget(e.N, t.version)
		if slices.Contains(historied, kind) {
			r.history[historyKey{kind, t.id, t.version}] = pastVersion{cseq: e.N, gone: true}
		}
	}
	return nil
}

// erasures checks that an entry speaks for every body that is gone.
func (r *replay) erasures() error {
	for n, by := range r.gone {
		if by <= n || !r.touched[fmt.Sprintf("entry_body/%d/%d", by, n)] {
			return Fault{"entry_body", strconv.FormatInt(n, 10), "it was erased without an entry that says so"}
		}
	}
	return nil
}

// log checks stored hashes and checkpoints against the entries.
func (r *replay) log(ctx context.Context, q queryer, open func([]byte) (ledger.Checkpoint, error)) error {
	type signed struct {
		size     int64
		at, note string
	}
	heads, err := list(ctx, q, func(s scanner) (c signed, err error) { return c, s.Scan(&c.size, &c.at, &c.note) },
		`SELECT size, at, note FROM checkpoint ORDER BY size`)
	if err != nil {
		return fmt.Errorf("read the checkpoints: %w", err)
	}
	lines, err := list(ctx, q, func(s scanner) (c signed, err error) { return c, s.Scan(&c.size, &c.note) },
		`SELECT size, lines FROM cosignature ORDER BY size, witness`)
	if err != nil {
		return fmt.Errorf("read the cosignatures: %w", err)
	}
	beneath := map[int64]string{}
	for _, l := range lines {
		beneath[l.size] += l.note
	}
	for _, c := range heads {
		bad := func(text string) error { return Fault{"checkpoint", strconv.FormatInt(c.size, 10), text} }
		if c.size < 1 || c.size > r.Entries {
			return bad("it covers entries that are not there")
		}
		said, err := open([]byte(c.note + beneath[c.size]))
		if err != nil {
			return bad(err.Error())
		}
		head, err := ledger.TreeHead(c.size, r.tree)
		if err != nil {
			return err
		}
		if said.Head != head {
			return bad("the entries do not give the root that is signed")
		}
		r.Head = head
	}
	if err := checkpointTimes(ctx, q); err != nil {
		return err
	}
	return r.hashes(ctx, q, ledger.StoredAt(r.Head.Size))
}

// clockSlack is how far clocks may have been moved back between an entry and a
// checkpoint.
const clockSlack = 10 * time.Minute

// checkpointTimes checks that each checkpoint was made after the last entry that
// it covers and before the next one. No signature of the log's holds its time.
func checkpointTimes(ctx context.Context, q queryer) error {
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var size int64
		var at string
		var made, last, next time.Time
		if err := s.Scan(&size, &at, instantCol{&last}, instantCol{&next}); err != nil {
			return none, err
		}
		if made, err = time.Parse(time.RFC3339, at); err != nil || instant(made) != at ||
			made.Before(last.Add(-clockSlack)) || !next.IsZero() && made.After(next.Add(clockSlack)) {
			return none, Fault{"checkpoint", strconv.FormatInt(size, 10), fmt.Sprintf("its time %.30q is not between those of entries %d and %d", at, size-1, size)}
		}
		return none, nil
	}, `
		SELECT c.size, c.at, e.at, coalesce(n.at, '')
		FROM   checkpoint c
		JOIN   entry e ON e.n = c.size - 1
		LEFT   JOIN entry n ON n.n = c.size
		ORDER  BY c.size`)
	return err
}

// hashes checks that exactly the first count hashes are stored.
func (r *replay) hashes(ctx context.Context, q queryer, count int64) error {
	next := int64(0)
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var i int64
		var hash string
		if err := s.Scan(&i, &hash); err != nil {
			return none, err
		}
		if i != next || i >= count || hash != hex.EncodeToString(r.tree[i][:]) {
			return none, Fault{"log_hash", strconv.FormatInt(i, 10), fmt.Sprintf("it is not stored hash %d of the entries", next)}
		}
		next++
		return none, nil
	}, `SELECT i, hash FROM log_hash ORDER BY i`)
	if err == nil && next != count {
		err = Fault{"log_hash", strconv.FormatInt(next, 10), "it is missing"}
	}
	return err
}

// stepFaults returns what is wrong with the two small tables that guards read.
func stepFaults(ctx context.Context, q queryer) ([]Fault, error) {
	want := map[[3]string]bool{}
	for _, s := range steps() {
		want[s] = true
	}
	have, err := list(ctx, q, func(s scanner) (step [3]string, err error) { return step, s.Scan(&step[0], &step[1], &step[2]) },
		`SELECT noun, was, becomes FROM step ORDER BY noun, was, becomes`)
	if err != nil {
		return nil, fmt.Errorf("read the steps: %w", err)
	}
	var faults []Fault
	for _, s := range have {
		if !want[s] {
			faults = append(faults, Fault{"step", strings.Join(s[:], " "), "the program does not list it"})
		}
		delete(want, s)
	}
	for s := range want {
		faults = append(faults, Fault{"step", strings.Join(s[:], " "), "it is missing"})
	}
	closed, err := list(ctx, q, scanCount, `SELECT v FROM closed`)
	if err == nil && (len(closed) != 1 || closed[0] != 1) {
		faults = append(faults, Fault{"closed", "", "it must hold 1 and nothing else"})
	}
	return faults, err
}
