// Package act holds every way the record changes: one command per act.
//
// A command's fields are at once the form, the JSON body, the item in a phone's
// outbox and what the record keeps. Its do method loads, decides and saves; the
// decision itself is a method in package inspect. The Desk is the only door:
// it asks who may, carries out the command and its entry together, or neither.
//
// Start with plan.go.
package act

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/seal"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// A Command is one act somebody asks for: its verb, and in its fields all that
// the act needs to know. Its do method is unexported, so that acts are written
// in this package and nowhere else.
type Command interface {
	Verb() inspect.Verb
	do(context.Context, *tx) error
}

// A Receipt (回执) proves that an act is on record.
type Receipt struct {
	N    int64        `json:"n"`    // the entry's number
	Code string       `json:"code"` // short form for people, from the entry's leaf
	At   time.Time    `json:"at"`
	Verb inspect.Verb `json:"verb"`
}

// A Desk carries out acts.
type Desk struct {
	writer    *store.Writer
	now       func() time.Time
	deadlines inspect.Deadlines
	keys      seal.Ring // of sealed lists
	runs      sync.Map  // keys of runs that were opened for pages, by name
	blobs     Blobs     // of evidence
	halted    atomic.Bool
}

// Halt refuses every act from now on: the record is not the one that witnesses
// know, and what is done on it would be lost.
func (d *Desk) Halt() { d.halted.Store(true) }

// Halted reports whether the desk was told to halt.
func (d *Desk) Halted() bool { return d.halted.Load() }

// NewDesk returns the one door to the record.
func NewDesk(w *store.Writer, now func() time.Time, deadlines inspect.Deadlines) *Desk {
	return &Desk{writer: w, now: now, deadlines: deadlines}
}

// errUnrecorded is a command that changed nothing it saved, or saved nothing: a
// bug of ours.
var errUnrecorded = errors.New("the act recorded nothing")

// Do carries out c for by, and records it, or does neither.
//
// The request id makes it safe to ask again: a second Do with the same id, post
// and command does nothing and returns the first one's receipt.
func (d *Desk) Do(ctx context.Context, request string, by inspect.Actor, c Command) (Receipt, error) {
	now := d.now().UTC().Truncate(time.Millisecond)
	if !inspect.ValidID(request) {
		return Receipt{}, inspect.ErrRequest
	}
	if d.Halted() {
		return Receipt{}, inspect.ErrHalted
	}
	if err := by.May(c.Verb()); err != nil {
		return Receipt{}, err
	}
	if c.Verb().Grave() && !by.Proven(now) {
		return Receipt{}, inspect.ErrStepUp
	}
	command, err := json.Marshal(c)
	if err != nil {
		return Receipt{}, fmt.Errorf("write down the command %s: %w", c.Verb(), err)
	}
	var entry store.Entry
	err = d.writer.Write(ctx, func(w *store.Tx) error {
		if entry, err = w.Done(ctx, by.Person, request); err == nil {
			return d.again(ctx, w, entry, by, c.Verb(), command)
		}
		if !errors.Is(err, inspect.ErrMissing) {
			return err
		}
		t := &tx{Tx: w, by: by, now: now, verb: c.Verb(), deadlines: d.deadlines, keys: d.keys, blobs: d.blobs}
		entry, err = t.record(ctx, request, command, c)
		return err
	})
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{N: entry.N, Code: entry.Code(), At: entry.At, Verb: entry.Verb}, nil
}

// again allows a repeated request if it asks for what the first one asked for,
// through the same post.
func (d *Desk) again(ctx context.Context, w *store.Tx, first store.Entry, by inspect.Actor, verb inspect.Verb, command []byte) error {
	text, err := w.Body(ctx, first.N)
	if err != nil {
		return err
	}
	var b body
	if err = json.Unmarshal([]byte(text), &b); err == nil {
		b.Command, err = commandOf(ctx, w, d.keys, b.Request, b.Command)
	}
	if err != nil || b.Verb != verb || b.Post != by.Post.ID || !bytes.Equal(b.Command, command) {
		return inspect.ErrReplayed
	}
	return nil
}

// A body is what an entry commits to without showing it.
type body struct {
	Request string           `json:"request"`
	Actor   inspect.PersonID `json:"actor"`
	Post    inspect.PostID   `json:"post"`
	Verb    inspect.Verb     `json:"verb"`
	Command json.RawMessage  `json:"command"`
	After   []image          `json:"after"`
}

// An image is a thing as the act left it: together with the entries before it,
// the record can be rebuilt from them.
type image struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Value   any    `json:"value"`
}

// A tx is one act under way.
type tx struct {
	*store.Tx
	by        inspect.Actor
	now       time.Time
	verb      inspect.Verb
	deadlines inspect.Deadlines
	keys      seal.Ring
	vaults    map[string]vault // of sealed runs that the act has to do with
	veil      *veil            // the command is kept encrypted
	blobs     Blobs
	after     []image
	later     []image // what belongs to the thing that the entry is about
}

// today is the civil date of the act.
func (t *tx) today() workday.Date { return workday.On(t.now) }

func (t *tx) saved(kind string, id string, version int64, value any) {
	t.after = append(t.after, image{kind, id, version, value})
}

// record opens the act's entry, does the act and closes the entry over what was
// saved.
func (t *tx) record(ctx context.Context, request string, command []byte, c Command) (store.Entry, error) {
	err := t.Begin(ctx, store.Entry{
		At: t.now, Request: request, Actor: t.by.Person, Post: t.by.Post.Kind, Org: t.by.Org.ID, Verb: t.verb,
	})
	if err != nil {
		return store.Entry{}, err
	}
	if err := c.do(ctx, t); err != nil {
		return store.Entry{}, err
	}
	t.after = append(t.after, t.later...)
	if len(t.after) == 0 {
		return store.Entry{}, fmt.Errorf("%s: %w", t.verb, errUnrecorded)
	}
	if command, err = t.written(ctx, request, command); err != nil {
		return store.Entry{}, err
	}
	text, err := json.Marshal(body{
		Request: request, Actor: t.by.Person, Post: t.by.Post.ID, Verb: t.verb, Command: command, After: t.after,
	})
	if err != nil {
		return store.Entry{}, err
	}
	var salt ledger.Salt
	rand.Read(salt[:])
	return t.Close(ctx, t.after[0].ID, t.after[0].Version, salt, text)
}
