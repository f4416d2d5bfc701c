package draw

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// SubstitutionsFile lists the substitutions in a bundle.
const SubstitutionsFile = "substitutions.tsv"

// A Substitution (递补) replaces an object that cannot be inspected by the next of
// the reserve. Nobody chooses the substitute: it is the next in rank order. R68
type Substitution struct {
	Time     string
	Task     string
	Stratum  string
	Tier     int
	Rank     int    // of the object replaced
	Reason   string // code
	Evidence string // digest of what shows the reason
	Approver string

	ID         string // of the object replaced
	Substitute int    // rank of the substitute; 0 when the reserve is used up
	SubID      string // its id, or "-"
}

// A Roll (名单) is the standing list of a draw: the drawn objects, as substitutions
// change them.
type Roll struct {
	cells []*rollCell
	count int
}

type rollCell struct {
	picks   []Pick // by rank, drawn and reserve
	stands  []bool
	reserve int // index of the next reserve
}

// NewRoll begins with the drawn list and its reserve.
func NewRoll(drawn, reserve []Pick) *Roll {
	r := &Roll{}
	for _, p := range drawn {
		c := r.cell(p, true)
		c.picks, c.stands = append(c.picks, p), append(c.stands, true)
		c.reserve = len(c.picks)
	}
	for _, p := range reserve {
		c := r.cell(p, true)
		c.picks, c.stands = append(c.picks, p), append(c.stands, false)
	}
	return r
}

// cell finds the cell of p, or makes it.
func (r *Roll) cell(p Pick, make bool) *rollCell {
	for _, c := range slices.Backward(r.cells) { // lists come cell by cell: it is nearly always the last
		if f := c.picks[0]; f.Task == p.Task && f.Stratum == p.Stratum && f.Tier == p.Tier {
			return c
		}
	}
	if !make {
		return nil
	}
	c := &rollCell{}
	r.cells = append(r.cells, c)
	return c
}

// Replace takes the object of s off the list and puts the next reserve of its
// cell in its place. It fills in ID, Substitute and SubID.
func (r *Roll) Replace(s Substitution) (Substitution, error) {
	if !isInstant(s.Time) || !isCode(s.Reason, 16, className) || !isHex(s.Evidence, 64) || !isTitle(s.Approver, 60) {
		return s, fmt.Errorf("递补应写明时间、原因代码、证据摘要和批准人")
	}
	c := r.cell(Pick{Task: s.Task, Stratum: s.Stratum, Tier: s.Tier}, false)
	if c == nil || s.Rank < 1 || s.Rank > len(c.picks) || !c.stands[s.Rank-1] {
		return s, fmt.Errorf("任务 %s 分层 %s 层级 %d 的第 %d 号不在现行名单内", s.Task, s.Stratum, s.Tier, s.Rank)
	}
	c.stands[s.Rank-1] = false
	s.ID, s.Substitute, s.SubID = c.picks[s.Rank-1].ID, 0, "-"
	if c.reserve < len(c.picks) {
		c.stands[c.reserve] = true
		s.SubID = c.picks[c.reserve].ID
		c.reserve++
		s.Substitute = c.reserve
	}
	r.count++
	return s, nil
}

// Standing is the list as it stands.
func (r *Roll) Standing() []Pick {
	var list []Pick
	for _, c := range r.cells {
		for i, p := range c.picks {
			if c.stands[i] {
				list = append(list, p)
			}
		}
	}
	return list
}

// Line is the n-th substitution, from 1, as a line of substitutions.tsv.
func (s Substitution) Line(n int) string {
	return fmt.Sprintf("%06d\t%s\t%s\t%s\t%d\t%09d\t%s\t%s\t%s\t%s\t%09d\t%s", n, s.Time, s.Task, s.Stratum, s.Tier,
		s.Rank, s.ID, s.Reason, s.Evidence, s.Approver, s.Substitute, s.SubID)
}

// Read replays substitutions.tsv. Each line must be what the rule gives.
func (r *Roll) Read(in io.Reader) error {
	last := ""
	return eachLine(in, SubstitutionsFile, func(n int, text string) error {
		f := strings.Split(text, "\t")
		if len(f) != 12 || f[4] != "0" && f[4] != "1" {
			return fault(SubstitutionsFile, n, "应有 12 个以制表符分隔的字段")
		}
		rank, ok := isRank(f[5])
		if !ok || f[1] < last {
			return fault(SubstitutionsFile, n, "序号应为九位数字，时间应不早于上一行")
		}
		last = f[1]
		s, err := r.Replace(Substitution{Time: f[1], Task: f[2], Stratum: f[3], Tier: int(f[4][0] - '0'), Rank: rank, Reason: f[7], Evidence: f[8], Approver: f[9]})
		if err != nil {
			return fault(SubstitutionsFile, n, "%v", err)
		}
		if want := s.Line(n); want != text {
			return fault(SubstitutionsFile, n, "与递补规则不符，应为第 %d 号 %s", s.Substitute, s.SubID)
		}
		return nil
	})
}
