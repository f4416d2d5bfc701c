package match

import "math"

// This is the first step of bcm/1. It finds one arrangement whose loads are the
// least unequal of all: the greatest load as small as possible, then the second
// greatest, and so on. R71, 海政办发〔2020〕2号 二(五)3

// fill gives every slot a holder. It tells whether that is possible; if not, as
// many slots as possible are filled.
func (u *unit) fill() bool {
	u.guess()
	return u.complete()
}

// guess gives each empty slot the least-loaded eligible inspector, if there is one.
func (u *unit) guess() {
	for l := range u.lines[:len(u.lines)-1] {
		ln := &u.lines[l]
		for s := ln.slot; s < u.lines[l+1].slot; s++ {
			if u.holder[s] != none {
				continue
			}
			best := none
			for _, i := range u.members[ln.group] {
				if (best == none || u.load[i] < u.load[best]) && u.open(i) && u.slotAt(ln.object, i) == none && !u.avoids(ln.object, i) {
					best = i
				}
			}
			if best == none {
				break
			}
			u.holder[s] = best
			u.load[best]++
			u.link(s)
		}
	}
}

// complete finds holders for the slots that have none, by alternating paths to
// inspectors below their limit.
func (u *unit) complete() bool {
	full := none // the zone from which nothing can be filled
	for s := range u.holder {
		if u.holder[s] != none {
			continue
		}
		u.begin(0, none, math.MaxInt32)
		end, _ := u.give(int32(s), root)
		if end == none {
			end, _ = u.run()
		}
		if end != none {
			u.load[end]++
			u.shift(end)
			continue
		}
		if full == none {
			full = u.newZone(0)
		}
		u.seal(full)
	}
	return full == none
}

// level shifts slots from load L to load L-2 or less, for L from the greatest
// load down, until no path does. What a failed search has seen is closed: no
// later one needs to enter it. Its zone keeps L, which is the label of all its
// inspectors: the greatest load from which they can be reached.
func (u *unit) level() {
	for {
		top := none
		for i, load := range u.load {
			if u.zone[i] == 0 && load > top {
				top = load
			}
		}
		if top == none {
			return
		}
		closed := none
		for i := range u.load {
			for u.load[i] == top && u.zone[i] == 0 {
				u.begin(0, none, top-2)
				u.add(int32(i), root)
				end, _ := u.run()
				if end != none {
					u.load[end]++
					u.load[i]--
					u.shift(end)
					continue
				}
				if closed == none {
					closed = u.newZone(top)
				}
				u.seal(closed)
			}
		}
	}
}

// label is the greatest load of an inspector from whom i can be reached by an
// alternating path. It is the same in every optimal arrangement.
func (u *unit) label(i int32) int32 { return u.top[u.zone[i]] }
