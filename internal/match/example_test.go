package match

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// plainMix is the third step again, written as docs/design/match.md says it and
// not as mix.go does it. It tells about each proposal.
func plainMix(u *unit, factor int, tell func(string)) {
	p := u.plan.p
	lists := make([][]int32, len(u.people))
	for s, i := range u.holder {
		lists[i] = append(lists[i], int32(s))
	}
	object := func(s int32) int32 { return u.lines[u.line[s]].object }
	at := func(o, i int32, but int32) bool { // i holds a slot of o other than but
		return slices.ContainsFunc(lists[i], func(s int32) bool { return s != but && object(s) == o })
	}
	may := func(s, i int32) bool {
		return slices.Contains(u.members[u.lines[u.line[s]].group], i) && !u.avoids(object(s), i)
	}
	room := 0
	for i := range u.people {
		most := int(u.label(int32(i)))
		if c := p.Inspectors[u.people[i]].Cap; c != NoCap {
			most = min(most, c)
		}
		room = max(room, most-int(u.start[i]))
	}
	load := func(i int32) int { return int(u.start[i]) + len(lists[i]) }
	words := u.tickets.stream(fmt.Sprint(u.part.number))
	for n := range factor * len(u.line) {
		a := int32(words.below(uint32(len(u.line))))
		group := u.members[u.lines[u.line[a]].group]
		k := words.below(uint32(len(group)))
		y, x := group[k], u.holder[a]
		h := int(words.below(uint32(room + 1)))
		said := fmt.Sprintf("%d: slot %d of %s, to %s, place %d: ", n+1, a, u.ids[x], u.ids[y], h)
		result := "nothing"
		switch {
		case y == x:
		case h < len(lists[y]):
			b := lists[y][h]
			if may(a, y) && may(b, x) && !at(object(a), y, b) && !at(object(b), x, a) {
				lists[x][slices.Index(lists[x], a)] = b
				lists[y][h] = a
				u.holder[a], u.holder[b] = y, x
				result = fmt.Sprintf("exchanged for slot %d", b)
			}
		case h == room && load(y) == load(x)-1 && (p.Inspectors[u.people[y]].Cap == NoCap || load(y) < p.Inspectors[u.people[y]].Cap):
			if may(a, y) && !at(object(a), y, none) {
				k, end := slices.Index(lists[x], a), len(lists[x])-1
				lists[x][k] = lists[x][end]
				lists[x] = lists[x][:end]
				lists[y] = append(lists[y], a)
				u.holder[a] = y
				result = "handed over"
			}
		}
		tell(said + result)
	}
}

// TestMixAsWritten compares mix with plainMix.
func TestMixAsWritten(t *testing.T) {
	d := dice("mix")
	for n := range 600 {
		p := small(d)
		key := DummyKey(SM3, n, "mix")
		pl, err := compile(p)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Solve(p, Terms{SM3, map[string]string{"d": key}, 7})
		if err != nil {
			continue
		}
		var units []*unit
		for k := range pl.parts {
			u := newUnit(pl, &pl.parts[k], &tickets{sum: SM3.sum(), key: key})
			u.fill()
			u.level()
			u.call()
			plainMix(u, 7, func(string) {})
			units = append(units, u)
		}
		if got := pl.seats(units); text(p, got) != text(p, r.Seats) {
			t.Fatalf("problem %d: %s, want %s", n, text(p, r.Seats), text(p, got))
		}
	}
}

// TestWorkedExample makes the example of docs/design/match.md again.
func TestWorkedExample(t *testing.T) {
	p, err := Parse(Files{
		Inspectors: []byte("I01\tSJ\t370687\tleader\t0\t-\nI02\tSJ\t370687\tfood\t1\t-\nI03\tSJ\t370612\tfood\t0\t-\n" +
			"I04\tSJ\t370612\t-\t2\t2\nI05\tXF\t370687\t-\t0\t-\nI06\tXF\t370602\t-\t0\t-\n"),
		Eligibility: []byte("687-SJ\tSJ\t-\t3\t370687;370612,370687;37\n687-SJ-food\tSJ\tfood\t2\t370687;3706\n687-XF\tXF\t-\t2\t370687;3706\n"),
		Demands: []byte("91370687MA3AAAAA11\tSJ\t1\t687-SJ\t2\tlead\n91370687MA3AAAAA11\tXF\t1\t687-XF\t1\tjoin\n" +
			"91370687MA3BBBBB22\tSJ\t1\t687-SJ\t1\tlead\n91370687MA3BBBBB22\tSJ\t2\t687-SJ-food\t1\tlead\n91370687MA3CCCCC33\tSJ\t1\t687-SJ\t2\tlead\n"),
		Avoidance: []byte("91370687MA3CCCCC33\tI01\t亲属\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	f := p.Files()
	for _, x := range []struct {
		name string
		data []byte
	}{{InspectorsFile, f.Inspectors}, {EligibilityFile, f.Eligibility}, {DemandsFile, f.Demands}, {AvoidanceFile, f.Avoidance}} {
		say("%s\n%s", x.name, strings.ReplaceAll(strings.TrimSuffix(string(x.data), "\n"), "\t", " ⇥ "))
	}
	keys := map[string]string{"SJ": "3f9a0c77b1d24e6685aa19c0de5bf042", "XF": "c81e728d9d4c2f636f067f89cc14862c"}
	pl, err := compile(p)
	if err != nil {
		t.Fatal(err)
	}
	for k := range pl.parts {
		pt := &pl.parts[k]
		u := newUnit(pl, pt, &tickets{sum: SHA256.sum(), key: keys[pt.department]})
		say("\ndepartment %s, key %s, component %d: %s", pt.department, keys[pt.department], pt.number, strings.Join(u.ids, " "))
		tellCalling(u, say)
		say("labels %v, so L = %d; slots %s", labelsOf(u), u.newMixer().room, holders(u))
		say("block 0 of the stream: H(%q)\n  = %x", keys[pt.department]+":S:1:0", SHA256.sum()([]byte(keys[pt.department]+":S:1:0")))
		plainMix(u, 2, func(s string) { say("  %s", s) })
		say("slots %s", holders(u))
	}
	for _, s := range []string{keys["SJ"] + ":91370687MA3AAAAA11", keys["SJ"] + ":S:1:0"} {
		say("\nunder sm3: H(%q)\n  = %x", s, SM3.sum()([]byte(s)))
	}
	r, err := Solve(p, Terms{SHA256, keys, 2})
	if err != nil {
		t.Fatal(err)
	}
	say("\n%s\n%s", AssignmentFile, strings.ReplaceAll(strings.TrimSuffix(string(FormatSeats(r.Seats)), "\n"), "\t", " ⇥ "))
	say("%s\n%s", BalanceFile, strings.ReplaceAll(strings.TrimSuffix(string(FormatLabels(r.Labels)), "\n"), "\t", " ⇥ "))
	page, err := os.ReadFile("../../docs/design/match.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```text\n"+out.String()+"```\n") {
		t.Errorf("docs/design/match.md does not contain\n%s", out.String())
	}
}

// tellCalling balances and calls, and tells every ticket.
func tellCalling(u *unit, say func(string, ...any)) {
	u.fill()
	u.level()
	u.call()
	p := u.plan.p
	for o := range u.places {
		l0 := u.objects[o].line
		id := p.Demands[u.lines[l0].row].Object
		u.tickets.at(&u.places[o])
		say("H(%q)\n  = %x", u.tickets.key+":"+id, u.places[o])
		for l := l0; l < u.objects[o+1].line; l++ {
			ln := u.lines[l]
			d := p.Demands[ln.row]
			say("  line %d, %d of %s:", d.Line, d.Need, d.Group)
			var list []int32
			u.eligible(l, func(i int32) { list = append(list, i) })
			slices.SortFunc(list, func(a, b int32) int {
				x, y := u.tickets.inspector(u.ids[a]), u.tickets.inspector(u.ids[b])
				return strings.Compare(string(x[:]), string(y[:]))
			})
			left := d.Need
			for _, i := range list {
				taken := slices.Contains(u.holder[ln.slot:u.lines[l+1].slot], i)
				if left == 0 {
					break
				}
				if taken {
					left--
				}
				say("    H(%q) = %016x… %s", string(u.tickets.buf[:KeyLen+1])+u.ids[i], prefix(u.tickets.inspector(u.ids[i])), word(taken, "taken", "not taken"))
			}
		}
		if d := p.Demands[u.lines[l0].row]; d.Lead {
			for _, i := range u.people {
				if id := p.Inspectors[i].ID; d.Lead {
					ticket := u.tickets.leader(id)
					say("  H(%q) = %016x…", string(u.tickets.buf[:KeyLen+3])+id, prefix(ticket))
				}
			}
		}
	}
}

func labelsOf(u *unit) (list []string) {
	for i := range u.people {
		list = append(list, fmt.Sprintf("%s:%d", u.ids[i], u.label(int32(i))))
	}
	return list
}

func holders(u *unit) string {
	var list []string
	for s, i := range u.holder {
		list = append(list, fmt.Sprintf("%d:%s", s, u.ids[i]))
	}
	return strings.Join(list, " ")
}
