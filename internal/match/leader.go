package match

import "slices"

// lead names the leader (组长) of each team: of the lead department's members
// the one with the smallest leader's ticket. If the department has lines that
// ask for LeaderQual, only their holders count; otherwise, if any member has
// LeaderQual, only those do.
// R72, 海政办发〔2020〕2号 二(五)3
func (pl *plan) lead(seats []Seat, t Terms) {
	at := 0
	for row := 0; row < len(pl.p.Demands); {
		end, total := pl.object(row)
		team := seats[at : at+total]
		at += total
		var best [32]byte
		leader := -1
		k := &tickets{sum: t.Suite.sum()}
		for _, s := range pl.mayLead(row, end, team) {
			if leader < 0 {
				k.key = t.Keys[team[s].Department]
				place := k.object(team[s].Object)
				k.at(&place)
			}
			ticket := k.leader(team[s].Inspector)
			if leader < 0 || less(ticket, best) { // equal tickets: the members go by id
				leader, best = s, ticket
			}
		}
		team[leader].Leader = true
		row = end
	}
}

// object gives the end of the rows of row's object, and the size of its team.
func (pl *plan) object(row int) (end, total int) {
	demands := pl.p.Demands
	for end = row; end < len(demands) && demands[end].Object == demands[row].Object; end++ {
		total += demands[end].Need
	}
	return end, total
}

// mayLead lists the seats of the team that the rule for leaders admits. The
// team is that of rows row to end, seats in order of rows.
func (pl *plan) mayLead(row, end int, team []Seat) []int {
	p := pl.p
	var typed, able, all []int
	at := 0
	for ; row < end; row++ {
		d := &p.Demands[row]
		asks := d.Lead && slices.Contains(p.Groups[pl.group[row]].Quals, LeaderQual)
		for range d.Need {
			if d.Lead {
				all = append(all, at)
				if asks {
					typed = append(typed, at)
				}
				if i := p.inspector(team[at].Inspector); i >= 0 && slices.Contains(p.Inspectors[i].Quals, LeaderQual) {
					able = append(able, at)
				}
			}
			at++
		}
	}
	switch {
	case typed != nil:
		return typed
	case able != nil:
		return able
	}
	return all
}
