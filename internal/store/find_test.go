package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"suicha/internal/inspect"
	"suicha/internal/pinyin"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// A shelf is a library in memory that is searched by looking at everything: what
// the databases must agree with.
type shelf struct {
	random  *rand.Rand
	objects map[inspect.ObjectNo]inspect.Object
	former  map[inspect.ObjectNo][]string
	members map[inspect.ObjectNo]map[inspect.SublibraryID]inspect.MemberState
	flags   map[inspect.ObjectNo][]inspect.Flag
	ending  map[inspect.ObjectNo]inspect.Licence
	next    inspect.ObjectNo
}

func newShelf(random *rand.Rand) *shelf {
	return &shelf{random, map[inspect.ObjectNo]inspect.Object{}, map[inspect.ObjectNo][]string{},
		map[inspect.ObjectNo]map[inspect.SublibraryID]inspect.MemberState{}, map[inspect.ObjectNo][]inspect.Flag{}, map[inspect.ObjectNo]inspect.Licence{}, 1}
}

var (
	shelfKinds    = []inspect.ObjectKind{inspect.Enterprise, inspect.Site}
	shelfStatuses = []inspect.ObjectStatus{inspect.ObjectActive, inspect.ObjectCancelled, inspect.ObjectWithdrawn}
	shelfOwners   = []string{"scjg", "gaj", "wjw"}
	shelfLibs     = []inspect.SublibraryID{"lib1", "lib2"}
	shelfStates   = []inspect.MemberState{inspect.MemberCandidate, inspect.MemberConfirmed, inspect.MemberRemoved}
	shelfDays     = []string{"2024-12-31", "2025-01-01", "2025-11-30", "2025-12-31", "2026-01-31", "2026-02-01", "2026-03-02"}
	shelfTrades   = []string{"", "A", "A0111", "C1411", "C1412", "H6210"}
	shelfSyllable = []string{"海", "阳", "市", "有", "限", "公", "司", "鑫", "海阳", "有限公司", "（", "）", "(", "Ａ", "a", "B", "1", "９", " ", "　", "%", "_", "\\", "·", "•", "𬭎", "ﬁ", "é"}
)

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

func (s *shelf) text(least, most int) string {
	var b strings.Builder
	for range least + s.random.IntN(most-least+1) {
		b.WriteString(pick(s.random, shelfSyllable))
	}
	return b.String()
}

// vary gives an object other contents.
func (s *shelf) vary(o inspect.Object) inspect.Object {
	r := s.random
	if o.Name == "" || r.IntN(2) == 0 {
		o.Name = "x" + s.text(1, pick(r, []int{7, 7, 20}))
		if r.IntN(3) > 0 {
			o.Name = pick(r, []string{"海阳", "鑫海", "阳海"}) + s.text(1, 7)
		}
	}
	o.Kind, o.Status, o.Owner = pick(r, shelfKinds), pick(r, shelfStatuses), rig.Org(pick(r, shelfOwners))
	o.Town, o.Industry, o.Source = pick(r, []string{"", "370687001", "370687002"}), pick(r, shelfTrades), pick(r, []string{"登记", "推送"})
	o.Risk, o.RiskOn = pick(r, []string{"", "A", "D"}), workday.Date{}
	if o.Risk != "" {
		o.RiskOn = workday.MustParse("2026-01-01")
	}
	o.Scope, o.Address = pick(r, []string{"", "餐饮服务。", "零售［烟草］；餐饮服务", "Ａ类医疗器械"}), pick(r, []string{"", "方圆街道海阳路 1号", "凤城街道海阳路12号"})
	o.Sourced, o.Outside = workday.MustParse(pick(r, shelfDays)), pick(r, []string{"", "", "", "核设施"})
	if o.RegNo == "" || r.IntN(3) == 0 {
		o.RegNo = pick(r, []string{"", "3706872280001", "370687228", "鲁F-１"})
	}
	return o
}

// grow makes a random change of the library.
func (s *shelf) grow() store.LibraryChange {
	r := s.random
	var c store.LibraryChange
	if r.IntN(4) == 0 { // into the next block, sometimes
		s.next = max(s.next, (s.next/65536+1)*65536-inspect.ObjectNo(r.IntN(30)))
	}
	for range r.IntN(60) {
		o := s.vary(inspect.Object{No: s.next, Version: 1, Region: pick(r, []string{rig.Region, rig.Region, rig.Region, "370601"}), Sourced: workday.MustParse("2026-01-01")})
		o.Code = pick(r, []string{"91370687MA3", "92370687L", "TS-", "特"}) + fmt.Sprintf("%0*dＸ", 1+r.IntN(8), s.next)
		s.objects[o.No] = o
		c.Added = append(c.Added, o)
		s.next++
	}
	nos := slices.Sorted(maps.Keys(s.objects))
	if len(nos) == 0 {
		return c
	}
	r.Shuffle(len(nos), func(i, j int) { nos[i], nos[j] = nos[j], nos[i] })
	for _, no := range nos[:r.IntN(min(len(nos), 20)+1)] {
		if slices.ContainsFunc(c.Added, func(o inspect.Object) bool { return o.No == no }) {
			continue
		}
		was := s.objects[no]
		is := s.vary(was)
		c.Changed = append(c.Changed, is)
		is.Version++
		s.former[no] = append(s.former[no], was.Name)
		s.objects[no] = is
	}
	for range r.IntN(30) {
		no, lib, state := pick(r, nos), pick(r, shelfLibs), pick(r, shelfStates)
		if s.members[no] == nil {
			s.members[no] = map[inspect.SublibraryID]inspect.MemberState{}
		}
		c.Members = append(c.Members, inspect.Member{No: no, Sublib: lib, State: state})
		s.members[no][lib] = state
	}
	for range r.IntN(20) {
		l := inspect.Licence{No: pick(r, nos), Name: "许可", Number: "1", Ended: r.IntN(4) == 0}
		if until := pick(r, []string{"", "2025-12-31", "2026-03-02", "2026-05-31"}); until != "" {
			l.ValidTo = workday.MustParse(until)
		}
		if !slices.ContainsFunc(c.Ending, func(o inspect.Licence) bool { return o.No == l.No }) {
			c.Ending, s.ending[l.No] = append(c.Ending, l), l
		}
	}
	for range r.IntN(20) {
		f := inspect.Flag{No: pick(r, nos), Kind: pick(r, []inspect.FlagKind{inspect.FlagAbnormal, inspect.FlagWatch}),
			Since: workday.MustParse(pick(r, []string{"2026-01-01", "2026-03-02", "2026-05-01"}))}
		if until := pick(r, []string{"", "2026-03-01", "2026-06-01"}); until != "" {
			f.Until = workday.MustParse(until)
		}
		if !f.Until.IsZero() && f.Since.After(f.Until) {
			continue
		}
		s.flags[f.No] = append(slices.DeleteFunc(s.flags[f.No], func(g inspect.Flag) bool { return g.Kind == f.Kind && g.Since == f.Since }), f)
		c.Flags = append(c.Flags, f)
	}
	return c
}

// question makes a random question.
func (s *shelf) question() store.Find {
	r := s.random
	some := func(n int) bool { return r.IntN(n) == 0 }
	f := store.Find{Most: 1 + r.IntN(20), Day: workday.MustParse("2026-03-02")}
	nos := slices.Sorted(maps.Keys(s.objects))
	switch o := s.objects[pick(r, nos)]; r.IntN(6) {
	case 0:
		f.Text = s.text(1, 3)
	case 1:
		f.Text = pick(r, []string{"海阳", "有限公司", "海", "公司", "海阳 公司", "%", "_", "阳海阳", "", "  "})
	case 2:
		f.Text = part(r, o.Name)
	case 3:
		f.Text = part(r, pinyin.Initials(o.Name))
	case 4:
		f.Text = o.Code[:0]
		for range r.IntN(utf8.RuneCountInString(o.Code)) + 1 {
			_, n := utf8.DecodeRuneInString(o.Code[len(f.Text):])
			f.Text = o.Code[:len(f.Text)+n]
		}
	case 5:
		if names := s.former[o.No]; len(names) > 0 {
			f.Text = part(r, pick(r, names))
		}
	}
	if some(4) {
		f.Kinds = []inspect.ObjectKind{pick(r, shelfKinds)}
	}
	if some(4) {
		f.Statuses = shelfStatuses[:1+r.IntN(2)]
	}
	if some(5) {
		f.Owners = []inspect.OrgID{rig.Org(pick(r, shelfOwners))}
	}
	if some(5) {
		f.Towns = []string{pick(r, []string{"", "370687001", "370687009"})}
	}
	if some(5) {
		f.Risks = []string{pick(r, []string{"", "A", "D"}), "B"}
	}
	if some(5) {
		f.Industries = []string{pick(r, []string{"A", "C", "C14", "C1411", "H62"})}
	}
	if some(6) {
		f.Sources = []string{"推送"}
	}
	if some(4) {
		f.Sublibs = shelfLibs[:1+r.IntN(2)]
		if some(2) {
			f.Member = []inspect.MemberState{pick(r, shelfStates)}
		}
	}
	if some(4) {
		f.Flag = pick(r, []inspect.FlagKind{inspect.FlagAbnormal, inspect.FlagWatch})
	}
	if some(4) {
		f.Sourced = inspect.AgeDays(inspect.Age(pick(r, inspect.Ages).Value), f.Day)
	}
	if some(5) {
		f.Where = pick(r, []inspect.Where{inspect.InScope, inspect.InAddress})
		f.Text = pick(r, []string{"", "餐饮", "a类", "海阳路1", "［烟草 餐饮", "服务。", "全无此字"})
	}
	if some(5) {
		f.Draws = pick(r, []inspect.Draws{inspect.InDraws, inspect.OutOfDraws})
	}
	if some(5) {
		f.Licence = inspect.ExpiryDays(inspect.Expiry(pick(r, inspect.Expiries).Value), f.Day)
	}
	return f
}

// part is a part of a text.
func part(r *rand.Rand, text string) string {
	runes := []rune(text)
	if len(runes) == 0 {
		return ""
	}
	i := r.IntN(len(runes))
	return string(runes[i : i+1+r.IntN(len(runes)-i)])
}

// search looks at everything.
func (s *shelf) search(f store.Find) (found []inspect.ObjectNo) {
	for no, o := range s.objects {
		if o.Region == rig.Region && s.has(o, f) {
			found = append(found, no)
		}
	}
	slices.Sort(found)
	return found
}

func (s *shelf) has(o inspect.Object, f store.Find) bool {
	for _, word := range strings.Fields(f.Text) {
		switch word = store.Plain(word); {
		case f.Where == inspect.InScope && !strings.Contains(store.Plain(o.Scope), word),
			f.Where == inspect.InAddress && !strings.Contains(store.Plain(o.Address), word),
			f.Where == "" && !s.said(o, word):
			return false
		}
	}
	in := s.members[o.No]
	states := f.Member
	if len(states) == 0 {
		states = []inspect.MemberState{inspect.MemberCandidate, inspect.MemberConfirmed}
	}
	on := func(days inspect.Days, d workday.Date) bool {
		return (days.From.IsZero() || !d.Before(days.From)) && (days.Until.IsZero() || !d.After(days.Until))
	}
	l := s.ending[o.No]
	return on(f.Sourced, o.Sourced) && (f.Draws == "" || (f.Draws == inspect.OutOfDraws) == (o.Outside != "")) &&
		(f.Licence.Until.IsZero() || !l.Ended && !l.ValidTo.IsZero() && on(f.Licence, l.ValidTo)) &&
		anyOr(f.Kinds, o.Kind) && anyOr(f.Statuses, o.Status) && anyOr(f.Owners, o.Owner) && anyOr(f.Towns, o.Town) &&
		anyOr(f.Risks, o.Risk) && anyOr(f.Sources, o.Source) &&
		(len(f.Industries) == 0 || slices.ContainsFunc(f.Industries, func(p string) bool { return strings.HasPrefix(o.Industry, p) })) &&
		(len(f.Sublibs) == 0 || slices.ContainsFunc(f.Sublibs, func(l inspect.SublibraryID) bool { return slices.Contains(states, in[l]) })) &&
		(f.Flag == "" || slices.ContainsFunc(s.flags[o.No], func(g inspect.Flag) bool {
			return g.Kind == f.Flag && !g.Since.After(f.Day) && (g.Until.IsZero() || !f.Day.After(g.Until))
		}))
}

func anyOr[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// said reports whether a word in plain form is part of what o is called.
func (s *shelf) said(o inspect.Object, word string) bool {
	texts := []string{store.Plain(o.Name), pinyin.Initials(o.Name)}
	for _, name := range s.former[o.No] {
		texts = append(texts, store.Plain(name))
	}
	for _, text := range texts {
		if strings.HasPrefix(text, word) || utf8.RuneCountInString(word) > 1 && strings.Contains(text, word) {
			return true
		}
	}
	return strings.HasPrefix(store.Plain(o.Code), word) || strings.HasPrefix(store.Plain(o.RegNo), word)
}

// TestSearchFindsWhatIsThere compares the search with looking at everything: for
// random libraries that change, random questions, and every page of them, forwards
// and backwards.
func TestSearchFindsWhatIsThere(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, url string) {
		ctx := context.Background()
		random := rand.New(rand.NewPCG(*seed, 4))
		l := openLibrary(t, url)
		s := newShelf(random)
		for range 12 {
			l.write(s.grow())
			for range 60 {
				if len(s.objects) > 0 {
					l.compare(s, s.question())
				}
			}
		}
		before, err := store.IndexRows(ctx, l.raw.DB)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.store.Writer.Reindex(ctx); err != nil {
			t.Fatal(err)
		}
		after, err := store.IndexRows(ctx, l.raw.DB)
		if err != nil || !maps.Equal(before, after) {
			t.Errorf("the index is another when made anew: %d rows, then %d (%v)", len(before), len(after), err)
		}
		l.raw.must(`DELETE FROM object_find WHERE block > 0`) // as a start that was killed leaves it
		again, err := store.Open(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if after, err = store.IndexRows(ctx, l.raw.DB); err != nil || !maps.Equal(before, after) {
			t.Errorf("the index is another after a start: %d rows, then %d (%v)", len(before), len(after), err)
		}
	})
}

// A library is a database whose library tests write without acts.
type library struct {
	testing.TB
	store *store.Store
	raw   *raw
}

var searcher = inspect.Scope{Org: rig.Org("scjg"), Region: rig.Region, Reach: inspect.ReachOwn}

func openLibrary(t testing.TB, url string) library {
	t.Helper()
	s, err := store.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r := openRaw(t, url, true)
	return library{t, s, r}
}

func (l library) write(c store.LibraryChange) {
	l.Helper()
	conn, err := l.raw.Conn(context.Background())
	if err != nil {
		l.Fatal(err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(context.Background(), nil)
	if err != nil {
		l.Fatal(err)
	}
	defer tx.Rollback()
	if err := c.Write(context.Background(), conn, tx, l.raw.postgresql); err != nil {
		l.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		l.Fatal(err)
	}
}

func (l library) find(f store.Find) ([]inspect.ObjectNo, store.ObjectPage) {
	l.Helper()
	page, err := l.store.DB.Objects(context.Background(), searcher, f)
	if err != nil {
		l.Fatalf("%+v: %v", f, err)
	}
	var nos []inspect.ObjectNo
	for _, o := range page.Objects {
		nos = append(nos, o.No)
	}
	return nos, page
}

// compare pages through a question's answers.
func (l library) compare(s *shelf, f store.Find) {
	l.Helper()
	want := s.search(f)
	for begin := 0; begin == 0 || begin < len(want); begin += f.Most {
		rest := want[begin:]
		got, page := l.find(f)
		if !slices.Equal(got, rest[:min(f.Most, len(rest))]) || page.Total != len(want) || page.Over || page.Later != (len(rest) > f.Most) || page.Earlier != (begin > 0) {
			l.Fatalf("%+v:\n got %v of %d, later %v, earlier %v\nwant %v of %d", f, got, page.Total, page.Later, page.Earlier, rest[:min(f.Most, len(rest))], len(want))
		}
		if len(got) > 0 {
			f.After = got[len(got)-1]
		}
	}
	if len(want) == 0 {
		return
	}
	at := s.random.IntN(len(want))
	f.After, f.Before = 0, want[at]
	got, page := l.find(f)
	if first := max(0, at-f.Most); !slices.Equal(got, want[first:at]) || page.Earlier != (first > 0) {
		l.Fatalf("%+v:\n got %v, earlier %v\nwant %v", f, got, page.Earlier, want[first:at])
	}
}

// both runs a test on a county of each database.
func both(t *testing.T, each func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); each(t, rig.SQLite(t)) })
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); each(t, rig.County(t)) })
	}
}

// TestSearchCountsToTenThousand: the total is exact up to there, and the pages go on.
func TestSearchCountsToTenThousand(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, url string) {
		l := openLibrary(t, url)
		s := newShelf(rand.New(rand.NewPCG(1, 1)))
		o := s.vary(inspect.Object{Version: 1, Region: rig.Region, Sourced: workday.MustParse("2026-01-01")})
		add := func(name string, n int) { // all into the index, of the rows those that pages show
			c := store.LibraryChange{NoRows: true}
			for range n {
				o.No, o.Name, o.Code = s.next, name, fmt.Sprintf("TS-%d", s.next)
				c.Added, s.next = append(c.Added, o), s.next+1
			}
			l.write(c)
			c = store.LibraryChange{Added: slices.Concat(c.Added[:min(60, n)], c.Added[min(n, max(60, n-60)):]), NoIndex: true}
			l.write(c)
		}
		add("海阳市鑫源店", 9_999)
		for _, test := range []struct {
			more  int
			total int
			over  bool
		}{{0, 9_999, false}, {1, 10_000, false}, {1, 10_000, true}, {3000, 10_000, true}} {
			add("鑫源超市", test.more)
			for _, text := range []string{"鑫源", "海 鑫源", ""} {
				_, page := l.find(store.Find{Text: text})
				if text == "海 鑫源" { // the first of them only
					test.total, test.over = 9_999, false
				}
				if page.Total != test.total || page.Over != test.over {
					t.Errorf("%q after %d: %d found, over %v; want %d, %v", text, test.more, page.Total, page.Over, test.total, test.over)
				}
				if text == "海 鑫源" {
					break
				}
			}
		}
		if nos, page := l.find(store.Find{Text: "鑫源", After: 12_990}); len(nos) != 11 || page.Later {
			t.Errorf("the last page has %d objects, later %v", len(nos), page.Later)
		}
		for _, f := range []store.Find{{After: math.MaxInt64}, {After: 13_001}, {Before: 1}, {After: -1, Most: -1}, {Before: math.MaxInt64}} {
			nos, page := l.find(f)
			if want := map[bool]int{true: 50}[f.After < 0 || f.Before > 1]; len(nos) != want || !page.Over {
				t.Errorf("%+v finds %d of %d objects, want %d", f, len(nos), page.Total, want)
			}
		}
		if nos, page := l.find(store.Find{Text: "鑫源", Before: 12_990, Most: 5}); !slices.Equal(nos, []inspect.ObjectNo{12_985, 12_986, 12_987, 12_988, 12_989}) || !page.Earlier {
			t.Errorf("before 12990 are %v", nos)
		}
	})
}

// TestNobodySearchesAnotherRegion: a library is its region's, and the public has none.
func TestNobodySearchesAnotherRegion(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, url string) {
		l := openLibrary(t, url)
		s := newShelf(rand.New(rand.NewPCG(1, 1)))
		o := s.vary(inspect.Object{No: 1, Version: 1, Region: rig.Region, Code: "TS-1", Sourced: workday.MustParse("2026-01-01")})
		l.write(store.LibraryChange{Added: []inspect.Object{o}})
		for region, want := range map[string]int{rig.Region: 1, "370601": 0, "": 0} {
			page, err := l.store.DB.Objects(t.Context(), inspect.Scope{Region: region, Reach: inspect.ReachOwn}, store.Find{})
			if err != nil || page.Total != want || len(page.Objects) != want {
				t.Errorf("in %q are %d objects, want %d (%v)", region, page.Total, want, err)
			}
		}
	})
}

// TestLongQuestionsAreHarmless: a question longer than any name finds nothing.
func TestLongQuestionsAreHarmless(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, url string) {
		l := openLibrary(t, url)
		var b strings.Builder
		for r := rune(0x4e00); r < 0x4e00+5000; r++ {
			b.WriteRune(r)
		}
		for _, text := range []string{b.String(), strings.Repeat("海", 5000), strings.Repeat("海 ", 5000), "\x00\xff\x1f", "'; DROP TABLE object; --"} {
			if _, page := l.find(store.Find{Text: text}); page.Total != 0 {
				t.Errorf("%.20q finds %d objects", text, page.Total)
			}
		}
	})
}

func TestWordsThatNoIndexKnowsAskSoManyRows(t *testing.T) {
	if err := store.AskedWithin(store.WithinMost); !errors.Is(err, inspect.ErrFindWide) || !strings.Contains(err.Error(), "经营范围") {
		t.Errorf("one row too many: got %v, want ErrFindWide", err)
	}
}
