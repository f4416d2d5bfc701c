// Package synth invents populations of inspection objects, and the inspectors
// of departments, for rehearsals, demonstrations, tests and measurements. Every
// code has valid check characters and an organisation code that begins with
// what is not known to have been given out, so that no real enterprise is among
// them.
//
// Start with Register, whose rows are what a register of objects says, with
// names, scopes, flags and licences. Objects makes the plain lists of a draw.
//
// The package uses chance only through the seed it is given: the same seed gives
// the same population. Nothing it makes may be used in a real draw.
package synth

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"iter"
	"math/rand/v2"
	"slices"

	"suicha/internal/industry"
	"suicha/internal/region"
	"suicha/internal/uscc"
)

// An Object is an invented inspection object (检查对象) of a list to draw from.
type Object struct {
	ID       string // unified social credit code
	Name     string
	Class    string // credit risk class, A to D
	Visits   int    // visits this year, 0 to 2
	Region   string // six digits
	Industry string // name of an industry
	Salt     string // 16 characters of base64url
}

// classes are the credit risk classes and their share in a thousand objects.
var classes = []struct {
	code  string
	share int
}{{"A", 655}, {"B", 253}, {"C", 77}, {"D", 15}}

// most is the greatest number of objects of a region.
const most = 31 * 31 * 31 * 31 * 31 * 31

// errSize refuses what cannot be made.
var errSize = errors.New("数量应在 0 至 268435456 之间，且每个区划不超过 887503681")

// Shandong are the codes of the counties of Shandong, the regions to choose if
// nobody asks for others.
func Shandong() []string {
	var counties []string
	for _, city := range region.Children("370000", "") {
		for _, county := range region.Children(city.Code, "") {
			counties = append(counties, county.Code)
		}
	}
	slices.Sort(counties)
	return counties
}

// Objects makes n objects in the regions, in the order of their codes.
func Objects(n int, seed uint64, regions []string) (iter.Seq[Object], error) {
	regions, err := tidyRegions(n, regions)
	if err != nil {
		return nil, err
	}
	m := &maker{random: rand.New(rand.NewPCG(seed, 0x5ca1ab1e)), sections: industry.Sections()}
	return func(yield func(Object) bool) {
		for i, code := range regions {
			count := n*(i+1)/len(regions) - n*i/len(regions)
			if !m.region(code, count, yield) {
				return
			}
		}
	}, nil
}

// A maker makes objects one after another.
type maker struct {
	random   *rand.Rand
	sections []industry.Industry
}

// region makes count objects of one region, with codes that leave gaps.
func (m *maker) region(code string, count int, yield func(Object) bool) bool {
	place := "某地"
	if d, ok := region.Nearest(code); ok {
		place = d.Name
	}
	gap := 1
	if count > 0 {
		gap = min(most/count, 64)
	}
	for i := range count {
		id, err := uscc.Synthetic("91"+code, i*gap+m.random.IntN(gap))
		if err != nil {
			return false // excluded by Objects
		}
		if !yield(m.object(string(id), code, place)) {
			return false
		}
	}
	return true
}

func (m *maker) object(id, code, place string) Object {
	o := Object{ID: id, Region: code}
	share := m.random.IntN(1000)
	for _, c := range classes {
		o.Class = c.code
		if share -= c.share; share < 0 {
			break
		}
	}
	switch v := m.random.IntN(100); {
	case v < 1:
		o.Visits = 2
	case v < 10:
		o.Visits = 1
	}
	o.Industry = m.sections[m.random.IntN(len(m.sections))].Name
	o.Name = place + "虚构" + id[10:16] + "有限公司"
	var salt [16]byte
	binary.LittleEndian.PutUint64(salt[:], m.random.Uint64())
	binary.LittleEndian.PutUint64(salt[8:], m.random.Uint64())
	o.Salt = base64.RawURLEncoding.EncodeToString(salt[:12])
	return o
}
