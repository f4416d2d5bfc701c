package inspect

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"suicha/internal/draw"
)

// Strata of a batch are the classes of credit risk, and one for objects without.
const (
	strata     = RiskClasses + "U"
	unclassed  = len(RiskClasses)
	groupOfAll = "g1" // all tasks of a batch share tickets, so that their samples nest: R56
)

// A StratumCount is how many objects a task may draw from, by stratum.
type StratumCount [unclassed + 1]int64

func (n StratumCount) total() (sum int64) {
	for _, one := range n {
		sum += one
	}
	return sum
}

func (n StratumCount) classes() [4]int64 { return [4]int64(n[:4]) }

// stratumOf is the place of a risk class among the strata.
func stratumOf(risk string) int {
	if i := strings.Index(RiskClasses, risk); risk != "" && i >= 0 {
		return i
	}
	return unclassed
}

// A Quota is a task's ratio as the announcement writes it: a share of each
// stratum, or a number of all: R67, 海政办发〔2020〕2号 二(五)2 "按照预定的比例".
type Quota struct {
	Total int64 // 0 if shares count
	Rates StratumCount
}

// QuotaFor turns the ratio into a quota for a pool. Where a least or greatest number
// binds, classes keep the proportions of their shares.
func (r Ratio) QuotaFor(pool StratumCount) Quota {
	c, n := r.of(pool.total()), r.Count(pool.total(), pool.classes())
	q := Quota{Rates: shares(c, 10_000)}
	if c.Number == 0 && (c.Percent > 0 || c.Classed()) && c.within(q.Wanted(pool)) {
		return q
	}
	if !c.Classed() {
		return Quota{Total: n}
	}
	lo, hi := int64(0), int64(100_000_000) // everybody's share is whole at the latest then
	for lo < hi {
		k := (lo + hi + 1) / 2
		if (Quota{Rates: shares(c, k)}).Wanted(pool) <= n {
			lo = k
		} else {
			hi = k - 1
		}
	}
	if wanted := (Quota{Rates: shares(c, lo)}).Wanted(pool); wanted < c.Least {
		lo++
	}
	return Quota{Rates: shares(c, lo)}
}

// shares are the case's shares of each stratum, times k ten-thousandths.
func shares(c RatioCase, k int64) (rates StratumCount) {
	for i := range rates {
		rates[i] = c.Percent
		if c.Classed() {
			rates[i] = 0
			if i < unclassed {
				rates[i] = c.ByClass[i]
			}
		}
		rates[i] = min(rates[i]*k/10_000, 10_000)
	}
	return rates
}

// within reports whether n is neither too few nor too many for the case.
func (c RatioCase) within(n int64) bool { return n >= c.Least && (c.Most == 0 || n <= c.Most) }

// Wanted is how many objects the quota draws from a pool.
func (q Quota) Wanted(pool StratumCount) (n int64) {
	if q.Total > 0 {
		return min(q.Total, pool.total())
	}
	for i, rate := range q.Rates {
		n += ceilShare(pool[i], rate)
	}
	return n
}

// Fits reports whether the quota still is what the ratio asks for, now that the
// pool is locked. Each stratum may be rounded up once.
func (q Quota) Fits(r Ratio, pool StratumCount) bool {
	c, n, wanted := r.of(pool.total()), r.Count(pool.total(), pool.classes()), q.Wanted(pool)
	return wanted >= min(n, c.Least) && (c.Most == 0 || wanted <= c.Most) && wanted <= n+int64(len(strata)) && wanted+int64(len(strata)) >= n
}

// quotaOf is the quota that an announcement has for a task.
func quotaOf(t draw.Task) (q Quota) {
	q.Total = int64(t.Total)
	for i, s := range t.Strata {
		q.Rates[i] = int64(s.Rate)
	}
	return q
}

// Code is the task's name in the documents of a draw: its number within the region
// and year.
func (t Task) Code() string {
	code := strings.TrimPrefix(t.Number, fmt.Sprintf("%s-%d-", t.Region, t.Year))
	return code[max(0, len(code)-16):]
}

// Manifest is the announcement of the batch's present run, still to be checked. Pool
// counts what each task may draw from.
func (b Batch) Manifest(tasks []Task, facts Facts, pool *Pool, programs []draw.Program) (*draw.Manifest, error) {
	m := &draw.Manifest{
		Doc: "SDP1.manifest", Batch: b.Number, Run: uint64(b.Run), Time: draw.Instant(b.AnnouncedAt), Suite: draw.Suite(b.Terms.Suite),
		Mode: b.Terms.Mode, Opening: b.Terms.Opening, Title: b.Title, Operator: facts.Orgs[b.Org].Name, Period: "year",
		Cap: uint64(b.Terms.Cap), Lambda: [2]uint64{1, 4}, Mix: uint64(b.Terms.Mix), Programs: programs,
		Event:     draw.EventPlan{NotBefore: b.Terms.Event, Sources: eventSources(b.Terms.Sources), Reserves: eventSources(b.Terms.Reserves)},
		Deadlines: draw.Deadlines{Commit: b.Terms.Commit, Reveal: b.Terms.Reveal, Envelopes: b.Terms.Envelopes},
	}
	if b.Terms.Mode == "open" {
		m.Opening = ""
	}
	for i, t := range tasks {
		r, err := ParseRatio(t.Ratio)
		if err != nil {
			return nil, err
		}
		m.Tasks = append(m.Tasks, manifestTask(t, facts, r.QuotaFor(pool.Counts[i])))
	}
	slices.SortFunc(m.Tasks, func(a, b draw.Task) int { return strings.Compare(a.Code, b.Code) })
	for i, codes := range pool.scopes(tasks) {
		m.Scopes = append(m.Scopes, draw.Scope{Code: fmt.Sprintf("s%04d", i), Tasks: codes})
	}
	for _, c := range b.Terms.Contributors {
		m.Contributors = append(m.Contributors, draw.Contributor{Name: c.Name, Role: c.Role, Key: c.Key, Holder: c.Holder})
	}
	return m, nil
}

func manifestTask(t Task, facts Facts, q Quota) draw.Task {
	x := draw.Task{Code: t.Code(), Title: t.Name, Lead: facts.Orgs[t.Org].Short, Group: groupOfAll, Quota: "rate", Total: uint64(q.Total), Reserve: uint64(t.Reserve),
		Items: []string{}}
	if q.Total > 0 {
		x.Quota = "total"
	}
	for i, code := range strata {
		x.Strata = append(x.Strata, draw.Stratum{Code: string(code), Rate: uint64(q.Rates[i])})
	}
	for _, p := range t.Parts {
		x.Departments = append(x.Departments, facts.Orgs[p.Org].Short)
		for _, pin := range p.Items {
			x.Items = append(x.Items, cut(facts.Items[pin.Item].Name, 200))
		}
	}
	slices.Sort(x.Departments)
	return x
}

// cut shortens a text to n bytes, at a character.
func cut(text string, n int) string {
	for len(text) > n {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}
