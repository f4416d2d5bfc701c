package match

import "math"

// call is the second step of bcm/1. Objects in ticket order, for each line the
// eligible inspectors in ticket order: each is taken if and only if some optimal
// arrangement agrees with everything taken so far and this. What is taken is
// frozen. The slots of a line are numbered in the order in which they are taken.
func (u *unit) call() {
	for o := range u.objects[:len(u.objects)-1] {
		u.tickets.at(&u.places[o])
		for l := u.objects[o].line; l < u.objects[o+1].line; l++ {
			u.callLine(int32(o), l)
		}
	}
}

// A candidate for a line, with the start of its ticket.
type candidate struct {
	ticket uint64
	who    int32
}

func (u *unit) callLine(o, l int32) {
	list := u.candidates[:0]
	for _, i := range u.members[u.lines[l].group] {
		if !u.avoids(o, i) && u.may(o, l, i) {
			list = append(list, candidate{prefix(u.tickets.inspector(u.ids[i])), i})
		}
	}
	u.candidates = list
	s, end := u.lines[l].slot, u.lines[l+1].slot
	for s < end {
		best := -1
		for k := range list {
			if (best < 0 || u.before(&list[k], &list[best])) && u.may(o, l, list[k].who) {
				best = k
			}
		}
		i := list[best].who // there is one: the arrangement itself fills the line
		list[best] = list[len(list)-1]
		list = list[:len(list)-1]
		if u.secure(o, l, i) {
			u.freeze(s, u.slotAt(o, i))
			s++
		}
	}
}

// freeze makes the slot that was taken slot s of its line, for good.
func (u *unit) freeze(s, taken int32) {
	if taken != s {
		a, b := u.holder[s], u.holder[taken]
		u.hand(s, b)
		u.hand(taken, a)
	}
	u.unlink(s)
	u.frozen[s] = true
}

// before compares tickets; the whole of them if the starts are equal, and equal
// tickets by id.
func (u *unit) before(a, b *candidate) bool {
	if a.ticket != b.ticket {
		return a.ticket < b.ticket
	}
	x, y := u.tickets.inspector(u.ids[a.who]), u.tickets.inspector(u.ids[b.who])
	return less(x, y) || x == y && a.who < b.who
}

// may tells at a glance that a candidate is out of the question: taken for
// another line of the object, or in another zone.
func (u *unit) may(o, l, i int32) bool {
	t := u.slotAt(o, i)
	switch {
	case t == none:
		return u.zone[i] == u.lineZone[l]
	case u.line[t] == l:
		return !u.frozen[t]
	}
	return !u.frozen[t] && u.lineZone[u.line[t]] == u.lineZone[l]
}

// secure makes i a holder of line l by a change that keeps the loads, sorted,
// as they are. It tells whether there is one: this is the complete test, as
// docs/design/match.md proves.
//
// The candidate takes a slot of the line and gives one of its own, and so on.
// The chain ends well where it meets a holder of the line (who goes), or an open
// inspector whose load is one below that of such a holder (who then keeps one
// more). Failing both, the first open inspector low met, with load L-1, keeps
// one more, and the search goes on from all inspectors of load L: one of them
// keeps one less. In a zone of label L there are no other loads that can change.
func (u *unit) secure(o, l, i int32) bool {
	t := u.slotAt(o, i)
	if t != none && u.line[t] == l {
		return true
	}
	zone := u.lineZone[l]
	top, high := u.top[zone], u.highHolder(l, u.top[zone])
	u.begin(zone, l, math.MinInt32)
	if high == none {
		u.lowLoad = top - 1
	} else {
		u.ceil = top - 1
	}
	end, slot := none, none
	if t != none {
		end, slot = u.give(t, root)
	} else if u.add(i, root) {
		end = i
	}
	for wide := 0; ; wide++ {
		if end == none && slot == none {
			end, slot = u.run()
		}
		if end != none || slot != none {
			break
		}
		if u.low == none || wide == 2 || u.downstream {
			u.seal(u.newZone(top))
			return false
		}
		u.widen(l, top, wide)
	}
	if end != none {
		u.load[end]++
		u.load[u.holder[high]]--
		u.shift(end)
		u.hand(high, i)
		return true
	}
	u.shift(u.take(slot, i))
	return true
}

// highHolder is a slot of line l whose holder has load top and may go, or none.
func (u *unit) highHolder(l, top int32) int32 {
	for s := u.lines[l].slot; s < u.lines[l+1].slot; s++ {
		if h := u.holder[s]; !u.frozen[s] && u.load[h] == top && u.zone[h] == u.lineZone[l] {
			return s
		}
	}
	return none
}

// widen continues the search from the inspectors of load top: first from those
// of the line's own group, who are likely near its holders, then from all.
func (u *unit) widen(l, top int32, wide int) {
	if wide == 0 {
		for _, i := range u.members[u.lines[l].group] {
			if u.zone[i] == u.in && u.load[i] == top && u.seen[i] != u.now {
				u.add(i, jump)
			}
		}
		return
	}
	for i := range u.load {
		if u.zone[i] == u.in && u.load[i] == top && u.seen[i] != u.now {
			u.add(int32(i), jump)
		}
	}
}
