package match

// A search explores the ways in which slots can change hands. An inspector
// gives a slot that is not frozen; its line takes any eligible inspector who has
// no slot of that object, or a holder of another line of the object, who then
// gives that one.
//
// The search stays in one zone. Zones part the inspectors and lines so that no
// change between two optimal arrangements ever crosses from one into another:
// each zone was found closed (nothing leads out of it) or is the rest. An
// exhausted region thus becomes a zone of its own, and is never searched again
// from outside.
type search struct {
	head, next, prev []int32 // the slots that are not frozen, by holder
	mixed            []int32 // of each inspector, how many of these are of objects with other lines
	frozen           []bool
	of               [][]int32 // of each inspector, the groups

	now       int32
	in        int32 // the zone
	want      int32 // the line that a candidate wants to join, or none
	ceil      int32 // an open inspector of at most this load ends the search
	low       int32 // in calling, the first open inspector below the zone's top
	lowLoad   int32
	seen      []int32 // of each inspector, the search that saw it
	from      []int32 // of each inspector seen, the slot it would take, or root, or jump
	lineSeen  []int32
	via       []int32 // of each slot given, where its holder moves in the same object, or own, or root
	groupSeen []int32
	rest      [][]int32 // of each group seen, the members not seen
	queue     []int32
	at        int
	seenLines []int32
}

const (
	own  = int32(-1)
	root = int32(-2)
	jump = int32(-3)
)

func (q *search) init(u *unit) {
	people, slots, groups := len(u.people), len(u.line), len(u.members)
	q.head, q.seen, q.from = make([]int32, people), make([]int32, people), make([]int32, people)
	q.next, q.prev, q.via = make([]int32, slots), make([]int32, slots), make([]int32, slots)
	q.frozen, q.mixed, q.of = make([]bool, slots), make([]int32, people), make([][]int32, people)
	for g, list := range u.members {
		for _, i := range list {
			q.of[i] = append(q.of[i], int32(g))
		}
	}
	q.lineSeen = make([]int32, len(u.lines))
	q.groupSeen, q.rest = make([]int32, groups), make([][]int32, groups)
	for i := range q.head {
		q.head[i] = none
	}
}

// link enters slot s among those its holder may give.
func (u *unit) link(s int32) {
	i := u.holder[s]
	u.prev[s], u.next[s] = none, u.head[i]
	if u.head[i] != none {
		u.prev[u.head[i]] = s
	}
	u.head[i] = s
	if !u.lines[u.line[s]].alone {
		u.mixed[i]++
	}
}

func (u *unit) unlink(s int32) {
	if u.prev[s] == none {
		u.head[u.holder[s]] = u.next[s]
	} else {
		u.next[u.prev[s]] = u.next[s]
	}
	if u.next[s] != none {
		u.prev[u.next[s]] = u.prev[s]
	}
	if !u.lines[u.line[s]].alone {
		u.mixed[u.holder[s]]--
	}
}

// begin starts a search in a zone.
func (u *unit) begin(zone, want, ceil int32) {
	u.now++
	u.in, u.want, u.ceil = zone, want, ceil
	u.low, u.lowLoad = none, none
	u.queue, u.at, u.seenLines = u.queue[:0], 0, u.seenLines[:0]
}

// add puts inspector i into the search. It tells whether the search ends there.
func (u *unit) add(i, from int32) bool {
	u.seen[i], u.from[i] = u.now, from
	u.queue = append(u.queue, i)
	load := u.load[i]
	if load == u.lowLoad && u.low == none && u.open(i) {
		u.low = i
	}
	return load <= u.ceil && u.open(i)
}

// run goes on until the search ends at an inspector, at a slot of the line
// wanted, or (none, none) nowhere.
func (u *unit) run() (end, slot int32) {
	for u.at < len(u.queue) {
		i := u.queue[u.at]
		u.at++
		lines := -1
		for s := u.head[i]; s != none; s = u.next[s] {
			if lines != len(u.seenLines) {
				if lines = len(u.seenLines); u.spent(i) {
					break
				}
			}
			if end, slot = u.give(s, own); end != none || slot != none {
				return end, slot
			}
		}
	}
	return none, none
}

// exhausted tells whether all members of group g are seen, so that its lines
// lead to nobody new.
func (u *unit) exhausted(g int32) bool { return u.groupSeen[g] == u.now && len(u.rest[g]) == 0 }

// spent tells whether inspector i has nothing new to give.
func (u *unit) spent(i int32) bool {
	for _, g := range u.of[i] {
		if !u.exhausted(g) {
			return false
		}
	}
	return true
}

// give explores who could take slot s.
func (u *unit) give(s, via int32) (end, slot int32) {
	l := u.line[s]
	if l == u.want {
		u.via[s] = via
		return none, s
	}
	if u.lineSeen[l] == u.now || u.lineZone[l] != u.in {
		return none, none
	}
	u.lineSeen[l], u.via[s] = u.now, via
	u.seenLines = append(u.seenLines, l)
	o, g := u.lines[l].object, u.lines[l].group
	if !u.lines[l].alone {
		if end, slot = u.giveWithin(o, l, g, s); slot != none || end != none {
			return end, slot
		}
	}
	if u.exhausted(g) {
		return none, none
	}
	if u.want != none {
		if slot = u.near(o, g, s); slot != none {
			return none, slot
		}
	}
	return u.takers(o, g, s), none
}

// giveWithin lets the holders of the object's other lines move to slot s.
func (u *unit) giveWithin(o, l, g, s int32) (end, slot int32) {
	for t := u.objects[o].slot; t < u.objects[o+1].slot; t++ {
		i := u.holder[t]
		if i == none || u.line[t] == l || u.frozen[t] || !u.admits(g, i) || u.avoids(o, i) {
			continue
		}
		if end, slot = u.give(t, s); end != none || slot != none {
			return end, slot
		}
	}
	return none, none
}

// near looks whether a holder of the line wanted can take slot s: the search
// need not wait until it gets there.
func (u *unit) near(o, g, s int32) int32 {
	for t := u.lines[u.want].slot; t < u.lines[u.want+1].slot; t++ {
		h := u.holder[t]
		if u.frozen[t] || u.zone[h] != u.in || !u.admits(g, h) || u.slotAt(o, h) != none || u.avoids(o, h) {
			continue
		}
		if u.seen[h] != u.now {
			u.seen[h], u.from[h] = u.now, s
		}
		u.via[t] = own
		return t
	}
	return none
}

// takers adds the inspectors who can take slot s of object o and group g. Those
// who cannot because of o stay for the group's next line; so do those of another
// zone who may move within an object of this one.
func (u *unit) takers(o, g, s int32) int32 {
	list := u.members[g]
	if u.groupSeen[g] == u.now {
		list = u.rest[g]
	}
	rest := u.rest[g][:0]
	for _, i := range list {
		if u.seen[i] == u.now || u.zone[i] != u.in && (u.want == none || u.mixed[i] == 0) {
			continue
		}
		if u.zone[i] != u.in || u.slotAt(o, i) != none || u.avoids(o, i) {
			rest = append(rest, i)
			continue
		}
		if u.add(i, s) {
			return i
		}
	}
	u.rest[g], u.groupSeen[g] = rest, u.now
	return none
}

// seal makes a zone of all that an exhausted search has seen: nothing leads out
// of it.
func (u *unit) seal(zone int32) {
	for _, i := range u.queue {
		u.zone[i] = zone
		for s := u.head[i]; s != none; s = u.next[s] {
			if l := u.line[s]; u.lineZone[l] == u.in {
				u.lineZone[l] = zone
			}
		}
	}
	for _, l := range u.seenLines {
		u.lineZone[l] = zone
	}
}

// newZone makes a zone with the label of load top.
func (u *unit) newZone(top int32) int32 {
	u.top = append(u.top, top)
	return int32(len(u.top) - 1)
}

// shift carries out the changes that led the search to i.
func (u *unit) shift(i int32) {
	for i != none && u.from[i] != root {
		if u.from[i] == jump {
			u.load[i]--
			i = u.low
			u.load[i]++
			continue
		}
		i = u.take(u.from[i], i)
	}
}

// take hands slot s to i, and lets its holder move on inside the object. It
// returns the inspector who gave a slot and has to be followed further, or none.
func (u *unit) take(s, i int32) int32 {
	for {
		h, via := u.holder[s], u.via[s]
		u.hand(s, i)
		switch via {
		case own:
			return h
		case root:
			return none
		}
		s, i = via, h
	}
}

// hand gives slot s to i.
func (u *unit) hand(s, i int32) {
	if u.holder[s] != none {
		u.unlink(s)
	}
	u.holder[s] = i
	u.link(s)
}
