package synth

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/region"
	"suicha/internal/uscc"
	"suicha/internal/workday"
)

// A Place (镇街) is a part of a region, with the share of objects that lie there.
type Place struct {
	Code, Name string
	Share      int
}

// A Row is one object of an invented register, with what else is known of it.
// Numbers and departments are left open: they are whose library it goes into.
type Row struct {
	inspect.Object
	Flags    []inspect.Flag
	Licences []inspect.Licence
}

// A Register (登记簿) is an invented register of inspection objects. The same
// register gives the same rows.
type Register struct {
	Seed    uint64
	Regions []string
	Places  func(region string) []Place // what is known of a region; nil: nothing
	Day     workday.Date                // of the data
}

// Rows makes n objects, spread evenly over the regions: region by region, within
// one in the order of their codes. It keeps no more than one of them.
func (r Register) Rows(n int) (iter.Seq[Row], error) {
	regions, err := tidyRegions(n, r.Regions)
	if err != nil {
		return nil, err
	}
	if r.Day.IsZero() {
		return nil, errors.New("应指明数据日期")
	}
	m := &registrar{random: rand.New(rand.NewPCG(r.Seed, 0xc0441e5)), day: r.Day}
	m.classed = r.Day.AddDays(-r.Day.Day())
	return func(yield func(Row) bool) {
		for i, code := range regions {
			var places []Place
			if r.Places != nil {
				places = r.Places(code)
			}
			m.enter(code, places)
			if !m.all(n*(i+1)/len(regions)-n*i/len(regions), yield) {
				return
			}
		}
	}, nil
}

// tidyRegions are the regions in order, each once.
func tidyRegions(n int, regions []string) ([]string, error) {
	regions = slices.Clone(regions)
	slices.Sort(regions)
	regions = slices.Compact(regions)
	if len(regions) == 0 {
		return nil, errors.New("应至少有一个区划")
	}
	if n < 0 || n > 1<<28 || (n+len(regions)-1)/len(regions) > most {
		return nil, errSize
	}
	for _, code := range regions {
		if _, err := uscc.Synthetic("91"+code, 0); err != nil {
			return nil, fmt.Errorf("区划代码 %s 应为 6 位数字", code)
		}
	}
	return regions, nil
}

// A registrar makes the rows of a register one after another.
type registrar struct {
	random  *rand.Rand
	day     workday.Date
	classed workday.Date // of the last risk classes
	text    []byte       // what is being put together

	region, county, city string
	area                 string // code of telephone
	places               []Place
	shares               []int // of places, up to and with each
	authority            string
}

// enter goes to a region.
func (m *registrar) enter(code string, places []Place) {
	m.region, m.county, m.city = code, "某县", "某市"
	if d, ok := region.Nearest(code); ok {
		m.county = d.Name
	}
	if d, ok := region.Nearest(code[:4] + "00"); ok {
		m.city = d.Name
	}
	if strings.HasSuffix(m.county, "区") {
		m.county = m.city + m.county
	}
	m.authority, m.area = m.county+"行政审批服务局", areaCode(code)
	m.places, m.shares = places, m.shares[:0]
	sum := 0
	for _, p := range places {
		sum += p.Share
		m.shares = append(m.shares, sum)
	}
}

// all makes n objects of the region, of each sort as many as its share.
func (m *registrar) all(n int, yield func(Row) bool) bool {
	whole, sum := 0, 0
	for _, h := range heads() {
		whole += h.total()
	}
	for _, h := range heads() {
		count := n*(sum+h.total())/whole - n*sum/whole
		sum += h.total()
		for i := range count {
			if !yield(m.row(h, i, count)) {
				return false
			}
		}
	}
	return true
}

// code is the code of the i-th of count objects. It cannot be a real one's: see
// uscc.Synthetic; the numbers of sites and equipment are in the same way marked
// by YY.
func (m *registrar) code(h *head, i, count int) string {
	if !h.kind.Registered() {
		return fmt.Sprintf("YY-%s-%s-%08d", h.code, m.region, i+1)
	}
	gap := min(most/count, 64)
	code, _ := uscc.Synthetic(h.code+m.region, i*gap+m.chance(gap)) // Rows has refused what has no code
	return string(code)
}

// row makes an object.
func (m *registrar) row(h *head, i, count int) Row {
	t := h.trades[sort.SearchInts(h.sums, m.chance(h.total())+1)]
	p := m.place()
	var r Row
	o := &r.Object
	o.Region, o.Kind, o.Code, o.Industry = m.region, h.kind, m.code(h, i, count), t.code
	o.Town = p.Code
	if p.Code != "" {
		o.Station = short(p.Name) + "市场监管所"
	}
	village := ""
	o.Address, village = m.address(p)
	o.Name = m.objectName(h, t, p, village)
	o.Scope = m.scope(h, t)
	o.Status = m.status(h)
	x := m.chance(1000)
	o.Established = m.day.AddDays(-1 - x*x*9000/1_000_000)
	o.Phone = m.phone()
	switch {
	case h.kind == inspect.Equipment:
		o.Phone = ""
	case h.kind == inspect.Site:
		o.LegalRep = m.person()
		if t.licence == "" { // building goes on for some years only
			o.Established = m.day.AddDays(-1 - x)
		}
	default:
		o.LegalRep, o.Authority = m.person(), m.authority
		if h.kind != inspect.IndividualBusiness && m.in1000(600) {
			o.Liaison, o.LiaisonPhone = m.person(), m.phone()
		}
		if o.Established.Year() < 2015 {
			o.RegNo = m.formerNumber()
		}
	}
	m.class(h, t, o)
	o.Source, o.Sourced = sources[h.kind], m.day
	if o.Status == inspect.ObjectActive {
		m.flagged(&r)
	}
	m.license(t, &r, i)
	return r
}

// sources says where rows come from, and that they are invented.
var sources = map[inspect.ObjectKind]string{
	inspect.Enterprise: "市场主体登记（虚构数据）", inspect.IndividualBusiness: "市场主体登记（虚构数据）", inspect.Cooperative: "市场主体登记（虚构数据）",
	inspect.Institution: "事业单位和社会组织登记（虚构数据）", inspect.Site: "场所台账（虚构数据）", inspect.Equipment: "特种设备使用登记（虚构数据）",
}

// chance is a number below n, in1000 an event of n in a thousand.
func (m *registrar) chance(n int) int         { return m.random.IntN(n) }
func (m *registrar) in1000(n int) bool        { return m.random.IntN(1000) < n }
func (m *registrar) pick(all []string) string { return all[m.random.IntN(len(all))] }

// place is where an object lies; none if nothing is known of the region.
func (m *registrar) place() Place {
	if len(m.places) == 0 {
		return Place{}
	}
	sum := m.shares[len(m.shares)-1]
	return m.places[sort.SearchInts(m.shares, m.chance(sum)+1)]
}

// status is active for 85 in 100 of those that are registered.
func (m *registrar) status(h *head) inspect.ObjectStatus {
	x := m.chance(1000)
	switch {
	case x < 850 || h.kind == inspect.Institution && x < 970 || !h.kind.Registered():
		return inspect.ObjectActive
	case x < 935:
		return inspect.ObjectCancelled
	case x < 983:
		return inspect.ObjectRevoked
	case x < 985:
		return inspect.ObjectAnnulled
	}
	return inspect.ObjectMovedOut
}

// class gives enterprises and co-operatives a class of credit risk, and whoever
// sells food one of food safety.
func (m *registrar) class(h *head, t *trade, o *inspect.Object) {
	switch {
	case h.kind == inspect.Enterprise || h.kind == inspect.Cooperative:
		o.RiskSource, o.RiskOn = "企业信用风险分类（虚构数据）", m.classed
	case t.food && h.kind != inspect.Equipment:
		o.RiskSource, o.RiskOn = "食品安全风险分级（虚构数据）", m.classed
	default:
		return
	}
	if o.RiskOn.Before(o.Established) {
		o.RiskOn = o.Established
	}
	share := m.chance(1000)
	for _, c := range classes {
		o.Risk = c.code
		if share -= c.share; share < 0 {
			break
		}
	}
}
