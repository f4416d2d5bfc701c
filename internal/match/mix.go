package match

import "strconv"

// A mixer is the third step of bcm/1: a symmetric chain of random exchanges on
// the optimal arrangements.
type mixer struct {
	u     *unit
	room  uint32    // L: no inspector can ever hold more slots of this part
	held  [][]int32 // of each inspector, the slots held; the order matters
	place []int32   // of each slot, where it is in its holder's list
	kind  []kind    // of each slot
}

type kind struct{ object, group int32 }

// mix makes factor proposals for each slot.
//
// A proposal is a slot a, a member y of its group, and a place h from 0 to L.
// If y's list has a slot b at h, a and b are exchanged if that is lawful. If h
// is L, and y has one less than the holder of a, y takes a over if that is
// lawful. Otherwise nothing happens.
func (u *unit) mix(factor int) {
	m := u.newMixer()
	slots := uint32(len(u.line))
	words := u.tickets.stream(strconv.Itoa(u.part.number))
	proposals := uint64(factor) * uint64(slots)
	if proposals > 50_000 {
		defer words.ahead()()
	}
	for range proposals {
		a := int32(words.below(slots))
		group := u.members[m.kind[a].group]
		y := group[words.below(uint32(len(group)))]
		h := words.below(m.room + 1)
		x := u.holder[a]
		switch {
		case x == y:
		case h < uint32(len(m.held[y])):
			m.exchange(a, m.held[y][h], x, y)
		case h == m.room && u.load[y]+1 == u.load[x]:
			m.handOver(a, x, y)
		}
	}
}

// room is the most slots that i holds in any optimal arrangement, or more.
func (u *unit) room(i int32) int32 { return max(0, min(u.label(i), u.limit[i])-u.start[i]) }

func (u *unit) newMixer() *mixer {
	m := &mixer{u: u, held: make([][]int32, len(u.people)), place: make([]int32, len(u.line)), kind: make([]kind, len(u.line))}
	total := 0
	for i := range u.people {
		room := u.room(int32(i))
		m.room = max(m.room, uint32(room))
		total += int(room)
	}
	all := make([]int32, total)
	for i := range u.people {
		room := u.room(int32(i))
		m.held[i], all = all[:0:room], all[room:]
	}
	for s, i := range u.holder {
		m.place[s] = int32(len(m.held[i]))
		m.held[i] = append(m.held[i], int32(s))
		l := u.line[s]
		m.kind[s] = kind{u.lines[l].object, u.lines[l].group}
	}
	return m
}

// exchange gives slot a of x to y and slot b of y to x, if that is lawful.
func (m *mixer) exchange(a, b, x, y int32) {
	u, ka, kb := m.u, m.kind[a], m.kind[b]
	if !u.admits(kb.group, x) || u.avoids(ka.object, y) || u.avoids(kb.object, x) {
		return
	}
	if ka.object != kb.object && (u.slotAt(ka.object, y) != none || u.slotAt(kb.object, x) != none) {
		return
	}
	u.holder[a], u.holder[b] = y, x
	m.held[x][m.place[a]], m.held[y][m.place[b]] = b, a
	m.place[a], m.place[b] = m.place[b], m.place[a]
}

// handOver moves slot a from x to y, if that is lawful. The last slot of x's
// list takes its place; a comes last in y's.
func (m *mixer) handOver(a, x, y int32) {
	u, o := m.u, m.kind[a].object
	if !u.open(y) || u.avoids(o, y) || u.slotAt(o, y) != none {
		return
	}
	u.holder[a] = y
	u.load[x]--
	u.load[y]++
	last := m.held[x][len(m.held[x])-1]
	m.held[x] = m.held[x][:len(m.held[x])-1]
	if last != a {
		m.held[x][m.place[a]] = last
		m.place[last] = m.place[a]
	}
	m.place[a] = int32(len(m.held[y]))
	m.held[y] = append(m.held[y], a)
}
