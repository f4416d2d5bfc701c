package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A Find is a question to the library of objects. Fields that are zero do not
// narrow it; a field with several values asks for any of them.
type Find struct {
	// Text are words with blanks between. An object must have each of them: as a
	// part of a name it has or had, as a part of its name's pinyin initials, or as
	// the beginning of its code or registration number. A word of one character must
	// begin the name or the initials.
	Text       string
	Where      inspect.Where // what has Text instead of names and codes, anywhere in it
	Kinds      []inspect.ObjectKind
	Statuses   []inspect.ObjectStatus
	Owners     []inspect.OrgID
	Towns      []string
	Risks      []string // the class A to D, or the empty text: not classed
	Industries []string // beginnings of codes: "C", "C14"
	Sources    []string
	Sublibs    []inspect.SublibraryID
	Member     []inspect.MemberState // states in Sublibs; none is candidates and confirmed ones
	Flag       inspect.FlagKind      // that holds on Day
	Day        workday.Date          // today, for Flag and Sourced
	Draws      inspect.Draws         // outside of random inspection, or not: R111
	Sourced    inspect.Days          // as of when the data is: R37; an end that is zero is open
	Licence    inspect.Days          // a licence in force has its last day on one of these; both ends or neither

	After, Before inspect.ObjectNo // the page behind, or before, this object; zero is the first page
	Most          int              // rows of the page, 1,000 at most; 0 is 50
}

// CountMost is how far Objects counts.
const CountMost = 10_000

// An ObjectPage is a page of the objects that a question finds, by number.
type ObjectPage struct {
	Objects        []inspect.Object
	Total          int  // on all pages, up to CountMost
	Over           bool // there are more than Total
	Earlier, Later bool // there are pages before and behind this one
}

// Objects returns a page of the objects of the scope's region that a question
// finds. Both databases give the same answer, because both keep the same index.
func (db *DB) Objects(ctx context.Context, scope inspect.Scope, f Find) (ObjectPage, error) {
	tx, err := db.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}) // index and rows of one moment
	if err != nil {
		return ObjectPage{}, fmt.Errorf("begin to search: %w", err)
	}
	defer tx.Rollback()
	s, err := newSearch(ctx, tx, scope, f)
	if err != nil || s == nil {
		return ObjectPage{}, err
	}
	page, err := s.page(ctx, f)
	if err != nil {
		return ObjectPage{}, fmt.Errorf("search the objects: %w", err)
	}
	return page, nil
}

// page counts and takes the page.
func (s *search) page(ctx context.Context, f Find) (ObjectPage, error) {
	most := min(f.Most, 1000)
	if most <= 0 {
		most = 50
	}
	all := make([]inspect.ObjectNo, 0, most+1)
	err := s.walk(ctx, span{lowest: 1, highest: s.last}, func(no inspect.ObjectNo) bool {
		all = append(all, no)
		return len(all) <= CountMost
	})
	if err != nil {
		return ObjectPage{}, err
	}
	page := ObjectPage{Total: min(len(all), CountMost), Over: len(all) > CountMost}
	nos := all
	switch {
	case f.Before > 0:
		nos, err = s.some(ctx, span{lowest: 1, highest: min(f.Before-1, s.last), back: true}, most+1)
	case f.After > 0:
		nos, err = s.some(ctx, span{lowest: min(f.After, s.last) + 1, highest: s.last}, most+1)
	}
	if err != nil {
		return ObjectPage{}, err
	}
	more := len(nos) > most
	nos = nos[:min(len(nos), most)]
	page.Earlier, page.Later = f.After > 0, more
	if f.Before > 0 {
		slices.Reverse(nos)
		page.Earlier, page.Later = more, true
	}
	page.Objects, err = s.rows(ctx, nos)
	return page, err
}

// some returns the first objects found in a span.
func (s *search) some(ctx context.Context, within span, most int) (nos []inspect.ObjectNo, err error) {
	err = s.walk(ctx, within, func(no inspect.ObjectNo) bool {
		nos = append(nos, no)
		return len(nos) < most
	})
	return nos, err
}

func (s *search) rows(ctx context.Context, nos []inspect.ObjectNo) ([]inspect.Object, error) {
	if len(nos) == 0 {
		return nil, nil
	}
	marks, args := in(1, nos)
	return list(ctx, s.q, scanObject, selectObject+`WHERE no IN `+marks+` ORDER BY no`, args...)
}

// A search is a question on its way through the index.
type search struct {
	q       queryer
	clauses []clause
	buckets []int64 // that hold the keys of the clauses
	words   []string
	where   inspect.Where
	asked   int // rows, for words that the index does not know
	flag    inspect.FlagKind
	day     workday.Date
	licence inspect.Days
	last    inspect.ObjectNo
}

// newSearch returns nil if nothing can be found.
func newSearch(ctx context.Context, q queryer, scope inspect.Scope, f Find) (*search, error) {
	s := &search{q: q, where: f.Where, flag: f.Flag, day: f.Day, licence: f.Licence}
	for _, word := range strings.Fields(f.Text) {
		if word = plain(word); word != "" {
			s.words = append(s.words, word)
		}
	}
	if !s.within() {
		for _, word := range s.words {
			s.clauses = append(s.clauses, wordClause(word))
		}
	}
	s.clauses = append(s.clauses, clause{{keys: []string{wordKey(byRegion, scope.Region)}}})
	if f.Flag != "" {
		s.clauses = append(s.clauses, clause{{keys: []string{wordKey(byFlag, string(f.Flag))}, vague: true}})
	}
	for _, c := range []clause{
		anyOf(byKind, f.Kinds), anyOf(byStatus, f.Statuses), anyOf(byOwner, f.Owners), anyOf(byTown, f.Towns), anyOf(byRisk, f.Risks),
		anyOf(byIndustry, f.Industries), anyOf(bySource, f.Sources), memberClause(f), anyOf(byDraws, some(f.Draws)),
		dayClause(bySourced, f.Sourced, f.Day), licenceClause(f.Licence),
	} {
		if len(c) > 0 {
			s.clauses = append(s.clauses, c)
		}
	}
	for _, c := range s.clauses {
		for _, w := range c {
			for _, key := range slices.Concat(w.keys, w.doubts, w.days.years()) {
				s.buckets = append(s.buckets, bucketNo(key))
			}
		}
	}
	slices.Sort(s.buckets)
	s.buckets = slices.Compact(s.buckets)
	if scope.Region == "" || len(s.buckets) > bucketsMost {
		return nil, nil
	}
	last, err := row(ctx, q, scanCount, `SELECT coalesce(max(no), 0) FROM object`)
	s.last = inspect.ObjectNo(last)
	return s, err
}

// bucketsMost is how many buckets a question may touch: some thirty words. One
// of more finds nothing.
const bucketsMost = 300

func memberClause(f Find) clause {
	states := f.Member
	if len(states) == 0 {
		states = []inspect.MemberState{inspect.MemberCandidate, inspect.MemberConfirmed}
	}
	var values []string
	for _, lib := range f.Sublibs {
		for _, state := range states {
			values = append(values, memberValue(lib, state))
		}
	}
	return anyOf(byMember, values)
}

// A span are the numbers from the lowest to the highest, or backwards.
type span struct {
	lowest, highest inspect.ObjectNo
	back            bool
}

// walk calls visit for the objects found in a span, in its order, until visit
// has seen enough. It reads few blocks at first, then more at a time.
func (s *search) walk(ctx context.Context, within span, visit func(inspect.ObjectNo) bool) error {
	if within.lowest > within.highest {
		return nil
	}
	block, end, step := int64(within.lowest)/blockSize, int64(within.highest)/blockSize, int64(1)
	if within.back {
		block, end, step = end, block, -1
	}
	for size := int64(4); (end-block)*step >= 0; size = min(4*size, 64) {
		var blocks []int64
		for ; int64(len(blocks)) < size && (end-block)*step >= 0; block += step {
			blocks = append(blocks, block)
		}
		data, err := readBuckets(ctx, s.q, blocks, s.buckets)
		if err != nil {
			return err
		}
		for _, b := range blocks {
			more, err := s.visitBlock(ctx, b, func(bucket int64) []byte { return data[bucketKey{b, bucket}] }, within, visit)
			if err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// visitBlock visits what is found in a block and reports whether to go on.
func (s *search) visitBlock(ctx context.Context, block int64, bucket func(int64) []byte, within span, visit func(inspect.ObjectNo) bool) (bool, error) {
	sure, maybe, err := s.eval(bucket)
	if err != nil {
		return false, err
	}
	for nos := range slices.Chunk(within.of(block, maybe), askMost) {
		var doubtful []inspect.ObjectNo
		for _, no := range nos {
			if !sure.has(uint16(no % blockSize)) {
				doubtful = append(doubtful, no)
			}
		}
		if err := s.ask(ctx, doubtful, sure); err != nil {
			return false, err
		}
		for _, no := range nos {
			if sure.has(uint16(no%blockSize)) && !visit(no) {
				return false, nil
			}
		}
	}
	return true, nil
}

// of returns the objects of a block's set that are in the span, in its order.
func (w span) of(block int64, set *blockSet) []inspect.ObjectNo {
	nos := make([]inspect.ObjectNo, 0, set.count())
	for i, word := range set {
		for ; word != 0; word &= word - 1 {
			if no := inspect.ObjectNo(block*blockSize + int64(i*64+bits.TrailingZeros64(word))); w.lowest <= no && no <= w.highest {
				nos = append(nos, no)
			}
		}
	}
	if w.back {
		slices.Reverse(nos)
	}
	return nos
}

// eval returns the objects of a block that the index alone says are found, and
// with them those whose rows must be asked.
func (s *search) eval(bucket func(int64) []byte) (sure, maybe *blockSet, err error) {
	sure, maybe = new(blockSet), new(blockSet)
	sure.fill()
	maybe.fill()
	var sureOne, maybeOne, all, any blockSet
	for _, c := range s.clauses {
		clear(sureOne[:])
		clear(maybeOne[:])
		for _, w := range c {
			found, err := w.eval(bucket, &all, &any)
			if err != nil {
				return nil, nil, err
			}
			if !found {
				continue
			}
			maybeOne.or(&all)
			if w.vague {
				continue
			}
			all.andNot(&any)
			sureOne.or(&all)
		}
		sure.and(&sureOne)
		maybe.and(&maybeOne)
		if *maybe == (blockSet{}) {
			break
		}
	}
	if s.within() {
		clear(sure[:])
	}
	return sure, maybe, nil
}

// eval sets all to the objects of a block that have all keys, and any to those
// that have any of the doubts, if there may be objects at all.
func (w way) eval(bucket func(int64) []byte, all, any *blockSet) (found bool, err error) {
	all.fill()
	for _, key := range w.keys {
		clear(any[:])
		if found, err := lookUp(bucket(bucketNo(key)), key, any); err != nil || !found {
			return false, err
		}
		all.and(any)
	}
	if err := w.days.narrow(bucket, all, any); err != nil {
		return false, err
	}
	clear(any[:])
	for _, key := range w.doubts {
		if _, err := lookUp(bucket(bucketNo(key)), key, any); err != nil {
			return false, err
		}
	}
	return true, nil
}

// askMost is how many rows are asked at a time.
const askMost = 256

// ask adds to sure those of the objects, all of one block, whose rows are what
// was asked for.
func (s *search) ask(ctx context.Context, nos []inspect.ObjectNo, sure *blockSet) error {
	if len(nos) == 0 {
		return nil
	}
	right, err := s.askWords(ctx, nos)
	if err != nil {
		return err
	}
	for _, more := range []func(context.Context, map[inspect.ObjectNo]bool) (map[inspect.ObjectNo]bool, error){s.askFlag, s.askLicence} {
		if right, err = more(ctx, right); err != nil {
			return err
		}
	}
	for no := range right {
		sure.add(uint16(no % blockSize))
	}
	return nil
}

// askWords returns those of the objects that have the words.
func (s *search) askWords(ctx context.Context, nos []inspect.ObjectNo) (map[inspect.ObjectNo]bool, error) {
	if s.within() {
		return s.askWithin(ctx, nos)
	}
	marks, args := in(1, nos)
	found, err := list(ctx, s.q, scanFound, `SELECT no, name, initials, code, reg_no FROM object WHERE no IN `+marks, args...)
	if err != nil {
		return nil, err
	}
	var renamed []inspect.ObjectNo // whose names of today do not match
	right := map[inspect.ObjectNo]bool{}
	for _, o := range found {
		if o.matches(s.words) {
			right[o.no] = true
		} else {
			renamed = append(renamed, o.no)
		}
	}
	return right, s.askPast(ctx, found, renamed, right)
}

// askPast adds to right the objects that match by a name they had.
func (s *search) askPast(ctx context.Context, found []foundObject, renamed []inspect.ObjectNo, right map[inspect.ObjectNo]bool) error {
	if len(renamed) == 0 {
		return nil
	}
	former, err := formerNames(ctx, s.q, renamed)
	if err != nil {
		return err
	}
	for _, o := range found {
		if o.former = former[o.no]; len(o.former) > 0 && o.matches(s.words) {
			right[o.no] = true
		}
	}
	return nil
}

// askFlag returns those of the objects that have the flag on the day.
func (s *search) askFlag(ctx context.Context, right map[inspect.ObjectNo]bool) (map[inspect.ObjectNo]bool, error) {
	if s.flag == "" {
		return right, nil
	}
	return s.keep(ctx, right, `
		SELECT no
		FROM   object_flag
		WHERE  kind = $1 AND since <= $2 AND (until = '' OR until >= $2) AND no IN `, string(s.flag), day(s.day))
}

// askLicence returns those of the objects that have a licence in force whose last
// day is one of those asked for.
func (s *search) askLicence(ctx context.Context, right map[inspect.ObjectNo]bool) (map[inspect.ObjectNo]bool, error) {
	if s.licence.Until.IsZero() {
		return right, nil
	}
	return s.keep(ctx, right, `
		SELECT no
		FROM   object_licence
		WHERE  NOT ended AND valid_to >= $1 AND valid_to <= $2 AND no IN `, day(s.licence.From), day(s.licence.Until))
}

// keep returns those of the objects that a query finds, which has two arguments
// and asks for them at its end.
func (s *search) keep(ctx context.Context, right map[inspect.ObjectNo]bool, query string, args ...any) (map[inspect.ObjectNo]bool, error) {
	kept := map[inspect.ObjectNo]bool{}
	if len(right) == 0 {
		return kept, nil
	}
	marks, nos := in(1+len(args), slices.Collect(maps.Keys(right)))
	found, err := list(ctx, s.q, scanNo, query+marks, append(args, nos...)...)
	for _, no := range found {
		kept[no] = true
	}
	return kept, err
}

func scanNo(s scanner) (no inspect.ObjectNo, err error) { return no, s.Scan(&no) }

// A foundObject is what of an object's row a word is compared with.
type foundObject struct {
	no inspect.ObjectNo
	finding
}

func scanFound(s scanner) (o foundObject, err error) {
	return o, s.Scan(&o.no, &o.name, &o.initials, &o.code, &o.regNo)
}

// matches reports whether the object has each of the words.
func (f finding) matches(words []string) bool {
	for _, w := range words {
		if !f.has(w) {
			return false
		}
	}
	return true
}

// formerNames returns the names that objects had, the oldest first.
func formerNames(ctx context.Context, q queryer, nos []inspect.ObjectNo) (map[inspect.ObjectNo][]string, error) {
	keys := make([]string, len(nos))
	for i, no := range nos {
		keys[i] = no.String()
	}
	names := map[inspect.ObjectNo][]string{}
	marks, args := in(1, keys)
	past, err := list(ctx, q, scanPastObject, `
		SELECT key, version, row
		FROM   past
		WHERE  kind = 'object' AND key IN `+marks+`
		ORDER  BY version`, args...)
	for _, o := range past {
		names[o.No] = append(names[o.No], o.Name)
	}
	return names, err
}

func scanPastObject(s scanner) (inspect.Object, error) {
	var key, text string
	var version int64
	if err := s.Scan(&key, &version, &text); err != nil {
		return inspect.Object{}, err
	}
	no, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return inspect.Object{}, fmt.Errorf("past object %q: %w", key, err)
	}
	return inspect.ParseObject(inspect.ObjectNo(no), version, text)
}
