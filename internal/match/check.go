package match

import (
	"fmt"
	"slices"
)

// A Violation (违规) is a seat, or a demand, where an assignment breaks a rule.
type Violation struct {
	Object, Department string
	Line               int
	Inspector          string // empty if it is not about one
	Text               string
}

func (v Violation) String() string {
	return fmt.Sprintf("%s %s 第 %d 行 %s：%s", v.Object, v.Department, v.Line, v.Inspector, v.Text)
}

// Check lists whatever is unlawful in an assignment. It needs no key: that the
// assignment is also the one the key picks shows only Solve, done again. The
// seats must be in order, as ParseSeats promises.
func Check(p *Problem, seats []Seat) ([]Violation, error) {
	pl, err := compile(p)
	if err != nil {
		return nil, err
	}
	if err := checkRows(AssignmentFile, seats, (*Seat).fault, compareSeats); err != nil {
		return nil, err
	}
	c := &checker{plan: pl, seats: seats, load: make([]int, len(p.Inspectors))}
	for row := 0; row < len(p.Demands); {
		end, _ := pl.object(row)
		c.object(row, end)
		row = end
	}
	for ; c.at < len(seats); c.at++ {
		c.report(&seats[c.at], "没有这项检查需求")
	}
	for i, x := range p.Inspectors {
		if load := x.Load + c.load[i]; x.Cap != NoCap && c.load[i] > 0 && load > x.Cap {
			c.list = append(c.list, Violation{Department: x.Department, Inspector: x.ID, Text: fmt.Sprintf("共检查 %d 次，超过上限 %d 次", load, x.Cap)})
		}
	}
	return c.list, nil
}

type checker struct {
	plan  *plan
	seats []Seat
	at    int
	load  []int
	list  []Violation
}

func (c *checker) report(s *Seat, text string) {
	c.list = append(c.list, Violation{s.Object, s.Department, s.Line, s.Inspector, text})
}

// object checks the team of the object of rows row to end.
func (c *checker) object(row, end int) {
	demands, begin := c.plan.p.Demands, c.at
	whole := true
	for ; row < end; row++ {
		d := &demands[row]
		here := Seat{Object: d.Object, Department: d.Department, Line: d.Line}
		for c.at < len(c.seats) && compareSeats(&c.seats[c.at], &here) < 0 {
			c.report(&c.seats[c.at], "没有这项检查需求")
			whole = false
			c.at++
		}
		n := 0
		for ; c.at < len(c.seats); c.at++ {
			s := &c.seats[c.at]
			if s.Object != d.Object || s.Department != d.Department || s.Line != d.Line {
				break
			}
			n++
			c.seat(row, s)
			if slices.ContainsFunc(c.seats[begin:c.at], func(o Seat) bool { return o.Inspector == s.Inspector }) {
				c.report(s, "在同一检查对象重复")
			}
		}
		if n != d.Need {
			c.report(&here, fmt.Sprintf("应有检查人员 %d 人，实有 %d 人", d.Need, n))
			whole = false
		}
	}
	if whole {
		c.leader(begin, row)
	}
}

// seat checks the inspector of one seat against his demand.
func (c *checker) seat(row int, s *Seat) {
	p := c.plan.p
	i := p.inspector(s.Inspector)
	if i < 0 {
		c.report(s, "检查人员不在名录中")
		return
	}
	c.load[i]++
	x, g := &p.Inspectors[i], &p.Groups[c.plan.group[row]]
	if _, ok := slices.BinarySearch(c.plan.members[c.plan.group[row]], int32(i)); !ok {
		switch {
		case x.Department != g.Department:
			c.report(s, "检查人员不属于该部门")
		case !hasAll(x.Quals, g.Quals):
			c.report(s, "检查人员缺少所需资格")
		default:
			c.report(s, "检查人员不在规定区域")
		}
	}
	span := c.plan.span[row]
	if slices.Contains(c.plan.avoid[span[0]:span[1]], int32(i)) {
		c.report(s, "检查人员应当回避")
	}
}

// leader checks a complete team: one leader, whom the rule admits.
// R72, 海政办发〔2020〕2号 二(五)3
func (c *checker) leader(begin, end int) {
	team := c.seats[begin:c.at]
	first := end - 1
	for first > 0 && c.plan.p.Demands[first-1].Object == c.plan.p.Demands[end-1].Object {
		first--
	}
	may := c.plan.mayLead(first, end, team)
	leaders := 0
	for k := range team {
		if !team[k].Leader {
			continue
		}
		leaders++
		if !slices.Contains(may, k) {
			c.report(&team[k], "不能担任组长")
		}
	}
	if leaders != 1 {
		c.report(&Seat{Object: team[0].Object, Department: team[0].Department, Line: team[0].Line}, fmt.Sprintf("应有组长 1 人，实有 %d 人", leaders))
	}
}

// CheckBalance proves in one pass over the eligible pairs that no lawful
// arrangement has less unequal loads than this lawful one. No slot can be passed
// from an inspector to one of a smaller peak, so none can come from load L to
// load L-2 or less.
func CheckBalance(p *Problem, seats []Seat, labels []Label) error {
	if bad, err := Check(p, seats); err != nil {
		return err
	} else if len(bad) > 0 {
		return fmt.Errorf("分配结果不符合规则：%s", bad[0])
	}
	pl, err := compile(p)
	if err != nil {
		return err
	}
	if len(labels) != len(p.Inspectors) {
		return &FileError{BalanceFile, len(labels) + 1, fmt.Sprintf("应有 %d 行", len(p.Inspectors))}
	}
	after := make([]int, len(p.Inspectors))
	for _, s := range seats {
		after[p.inspector(s.Inspector)]++
	}
	for i, x := range p.Inspectors {
		after[i] += x.Load
		l, bad := labels[i], ""
		switch {
		case l.Inspector != x.ID || l.Before != x.Load || l.After != after[i]:
			bad = "检查人员或次数与分配结果不一致"
		case l.Peak < l.After:
			bad = "标号小于次数"
		case l.Peak > l.After+1 && (x.Cap == NoCap || l.After < x.Cap):
			bad = "还可以更均衡"
		}
		if bad != "" {
			return &FileError{BalanceFile, i + 1, bad}
		}
	}
	return pl.checkPeaks(seats, labels)
}

// checkPeaks checks that peaks never fall along a change of hands.
func (pl *plan) checkPeaks(seats []Seat, labels []Label) error {
	at := 0
	for row := 0; row < len(pl.p.Demands); {
		end, total := pl.object(row)
		team := seats[at : at+total]
		at += total
		peaks := pl.linePeaks(row, end, team, labels)
		for r := row; r < end; r++ {
			span := pl.span[r]
			for _, i := range pl.members[pl.group[r]] {
				if labels[i].Peak >= peaks[r-row] || slices.Contains(pl.avoid[span[0]:span[1]], i) ||
					slices.ContainsFunc(team, func(s Seat) bool { return s.Inspector == pl.p.Inspectors[i].ID }) {
					continue
				}
				return &FileError{BalanceFile, int(i) + 1, fmt.Sprintf("与 %s 的分配不相容，不能证明均衡", team[0].Object)}
			}
		}
		row = end
	}
	return nil
}

// linePeaks gives each line of an object the greatest peak of those who may
// give a slot of it: its holders, and the holders of lines from where its own
// holders might come.
func (pl *plan) linePeaks(row, end int, team []Seat, labels []Label) []int {
	peaks := make([]int, end-row)
	line := make([]int, 0, len(team)) // of each seat
	who := make([]int32, 0, len(team))
	for r := row; r < end; r++ {
		for range pl.p.Demands[r].Need {
			i := pl.p.inspector(team[len(who)].Inspector)
			line, who = append(line, r-row), append(who, int32(i))
			peaks[r-row] = max(peaks[r-row], labels[i].Peak)
		}
	}
	for changed := len(peaks) > 1; changed; {
		changed = false
		for k, i := range who { // i may move to line l, and give his own
			span := pl.span[row]
			if slices.Contains(pl.avoid[span[0]:span[1]], i) {
				continue
			}
			for l := range peaks {
				if _, ok := slices.BinarySearch(pl.members[pl.group[row+l]], i); ok && peaks[l] > peaks[line[k]] {
					peaks[line[k]], changed = peaks[l], true
				}
			}
		}
	}
	return peaks
}
