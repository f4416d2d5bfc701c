package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/inspect"
)

// An image is a thing as an act left it, in the body of the act's entry.
type image struct {
	Kind    string          `json:"kind"`
	ID      string          `json:"id"`
	Version int64           `json:"version"`
	Value   json.RawMessage `json:"value"`
}

// touched is a row of touch.
type touched struct {
	cseq, version          int64
	kind, id, was, becomes string
}

func touchesOf(ctx context.Context, q queryer, lo, hi int64) (map[int64][]touched, error) {
	all, err := list(ctx, q, func(s scanner) (t touched, err error) {
		return t, s.Scan(&t.cseq, &t.kind, &t.id, &t.version, &t.was, &t.becomes)
	}, `SELECT cseq, kind, id, version, was, becomes FROM touch WHERE cseq >= $1 AND cseq < $2`, lo, hi)
	if err != nil {
		return nil, fmt.Errorf("read what entries %d to %d touched: %w", lo, hi, err)
	}
	of := map[int64][]touched{}
	for _, t := range all {
		of[t.cseq] = append(of[t.cseq], t)
	}
	return of, nil
}

// A thing is what the newest image says of it: the row must be equal.
type thing struct {
	version, cseq int64
	value         any               // the struct of its kind; nil if the body of its last entry is gone
	parts         map[string]int64  // of a plan: the entries that wrote its lines and consents last
	lines         map[int]partImage // of a plan: its lines without consents, to see which an entry wrote
}

type partImage struct{ text string }

func (r *replay) thing(kind, id string) *thing {
	key := thingKey{kind, id}
	if r.things[key] == nil {
		r.things[key] = &thing{parts: map[string]int64{}, lines: map[int]partImage{}}
		r.Things++
	}
	return r.things[key]
}

// forget takes over a change whose image is gone. Version 0 leaves the version.
func (t *thing) forget(n, version int64) {
	t.value, t.parts, t.lines = nil, nil, nil
	if version > 0 {
		t.version, t.cseq = version, n
	}
}

// images takes over an entry's images, each of which must have its touch, and
// each touch its image.
func (r *replay) images(n int64, after []image, touches []touched) error {
	left := map[string]touched{}
	for _, t := range touches {
		left[fmt.Sprintf("%s/%s/%d", t.kind, t.id, t.version)] = t
		r.touched[fmt.Sprintf("%s/%d/%s", t.kind, n, t.id)] = t.kind == "entry_body"
	}
	batch := slices.ContainsFunc(after, func(im image) bool { return im.Kind == "import" })
	for _, im := range after {
		want := touched{cseq: n, id: im.ID, version: im.Version}
		var err error
		if kind, rows := strings.CutPrefix(im.Kind, rowsPrefix); rows {
			want.kind, err = kind, r.rowsSaid(n, im)
		} else {
			want, err = r.apply(n, im)
		}
		if err != nil {
			return err
		}
		if batch && strings.HasPrefix(im.Kind, rowsPrefix) {
			continue // the batch is what the entry is about
		}
		key := fmt.Sprintf("%s/%s/%d", want.kind, want.id, want.version)
		got, ok := left[key]
		if !ok || got.was != want.was || got.becomes != want.becomes {
			return Fault{"touch", fmt.Sprintf("%d %s %s", n, want.kind, want.id), "it is missing or not what the entry's body says"}
		}
		delete(left, key)
	}
	for _, key := range slices.Sorted(maps.Keys(left)) {
		if left[key].kind != "entry_body" {
			return Fault{"touch", fmt.Sprintf("%d %s %s", n, left[key].kind, left[key].id), "the entry's body does not say so"}
		}
	}
	return nil
}

// apply takes over one image and returns the touch that belongs to it.
func (r *replay) apply(n int64, im image) (touched, error) {
	bad := func(err error) error {
		return Fault{"entry_body", strconv.FormatInt(n, 10), fmt.Sprintf("image of %s %s: %v", im.Kind, im.ID, err)}
	}
	touch := touched{cseq: n, kind: im.Kind, id: im.ID, version: im.Version}
	if im.Kind == "consent" {
		return r.answer(n, im, touch, bad)
	}
	i := slices.IndexFunc(kept, func(k keptKind) bool { return k.kind == im.Kind })
	if i < 0 {
		return touch, bad(fmt.Errorf("there is no such kind"))
	}
	value, err := kept[i].image(im)
	if err != nil {
		return touch, bad(err)
	}
	t := r.thing(im.Kind, im.ID)
	if im.Version != t.version+1 {
		return touch, bad(fmt.Errorf("version %d follows version %d", im.Version, t.version))
	}
	r.wroteVersion(n, im, value)
	before := t.value
	t.value, t.version, t.cseq = value, im.Version, n
	switch v := value.(type) {
	case inspect.Post:
		if im.Version == 1 {
			r.standing[v.Person] = standing{v.Kind.Class(), n}
			r.posts[v.ID] = holding{v.Person, v.Org, v.Kind}
		}
	case inspect.JointList, inspect.Task, inspect.Waiver, inspect.UpstreamKey, inspect.Feedback, inspect.Subst, inspect.Batch, inspect.Import, inspect.Visit,
		inspect.Result, inspect.Correction, inspect.FollowUp, inspect.Target, inspect.Delivery, inspect.Appeal:
		touch.was, touch.becomes = stateOf(before), stateOf(v)
	case inspect.Plan:
		touch.kind, touch.becomes = "plan."+string(v.Kind), string(v.State)
		old, _ := before.(inspect.Plan)
		touch.was = string(old.State)
		t.wrote(n, old, v)
	}
	return touch, nil
}

// stateOf is the state of a thing with a life; of nothing it is empty.
func stateOf(thing any) string {
	if thing == nil {
		return ""
	}
	return reflect.ValueOf(thing).FieldByName("State").String()
}

// wrote notes which lines and consents of a plan an entry wrote: the lines that
// are not what they were, and the consents of another version.
func (t *thing) wrote(n int64, before, after inspect.Plan) {
	if t.parts == nil {
		return // since a body was erased nobody knows
	}
	for _, l := range after.Lines {
		text := canonical(bare(l))
		written := t.lines[l.No].text != text
		t.lines[l.No] = partImage{text}
		old := lineOf(before, l.No)
		for _, c := range l.Consents {
			was, ok := consentOf(old, c.Org)
			if !ok || was.Version != c.Version {
				t.parts[consentKey(l.No, c.Org)] = n
				written = true
			}
		}
		if written {
			t.parts[lineKey(l.No)] = n
		}
	}
}

// answer takes over the image of one consent.
func (r *replay) answer(n int64, im image, touch touched, bad func(error) error) (touched, error) {
	var c struct {
		No int
		inspect.Consent
	}
	if err := exact(im.Value, &c); err != nil {
		return touch, bad(err)
	}
	c.Version = im.Version
	t := r.thing("plan", im.ID)
	if t.value == nil {
		if t.version == 0 {
			return touch, bad(fmt.Errorf("there is no such plan"))
		}
		t.forget(n, 0)
		touch.becomes = string(c.State)
		return touch, nil
	}
	plan := t.value.(inspect.Plan)
	plan.Lines = slices.Clone(plan.Lines)
	for i, l := range plan.Lines {
		if l.No != c.No {
			continue
		}
		l.Consents = slices.Clone(l.Consents)
		for j, old := range l.Consents {
			if old.Org == c.Org && old.Version+1 == c.Version {
				touch.was, touch.becomes = string(old.State), string(c.State)
				l.Consents[j] = c.Consent
				plan.Lines[i] = l
				t.value = plan
				t.parts[consentKey(c.No, c.Org)] = n
				return touch, nil
			}
		}
	}
	return touch, bad(fmt.Errorf("line %d has no such consent before version %d", c.No, c.Version))
}

func lineKey(no int) string                       { return fmt.Sprint("plan_line ", no) }
func consentKey(no int, org inspect.OrgID) string { return fmt.Sprint("consent ", no, " ", org) }

func bare(l inspect.PlanLine) inspect.PlanLine {
	l.Consents = nil
	return l
}

func lineOf(p inspect.Plan, no int) inspect.PlanLine {
	for _, l := range p.Lines {
		if l.No == no {
			return l
		}
	}
	return inspect.PlanLine{}
}

func consentOf(l inspect.PlanLine, org inspect.OrgID) (inspect.Consent, bool) {
	for _, c := range l.Consents {
		if c.Org == org {
			return c, true
		}
	}
	return inspect.Consent{}, false
}

// exact reads JSON that must have no names that the program does not know.
func exact(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// canonical is a value as JSON without its empty parts, so that a list that is
// nil equals one that is empty.
func canonical(v any) string {
	text, err := json.Marshal(v)
	var tree any
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		err = d.Decode(&tree)
	}
	if err == nil {
		text, err = json.Marshal(prune(tree))
	}
	if err != nil {
		return "unreadable: " + err.Error() // equals nothing that can be read
	}
	return string(text)
}

func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, part := range v {
			if part = prune(part); part == nil {
				delete(v, k)
			} else {
				v[k] = part
			}
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = prune(v[i])
		}
	}
	return v
}
