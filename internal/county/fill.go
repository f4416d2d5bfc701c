package county

import (
	"context"
	"errors"
	"time"

	"suicha/internal/act"
	"suicha/internal/blob"
	"suicha/internal/inspect"
	"suicha/internal/seal"
	"suicha/internal/stage"
	"suicha/internal/store"
	"suicha/internal/synth"
	"suicha/internal/workday"
)

// A Filling says how many objects and inspectors the libraries of the county get.
type Filling struct {
	Objects    int
	Inspectors int
	Seed       uint64
	Folder     stage.Folder     // where files for imports wait
	Evidence   *blob.Folder     // where evidence is
	Keys       seal.Ring        // of sealed lists
	Now        func() time.Time // for the progress of imports, and what is due next
	// Told hears what is being done, and how far it has come: total is 0 where
	// nobody knows. It may be called from another goroutine.
	Told func(what string, done, total int64)
}

// Libraries is the filling of a demonstration that somebody looks at.
const (
	UsualObjects    = 60_000
	UsualInspectors = 500
)

// places are the shares of the towns in a thousand objects, in their order.
var places = []int{240, 200, 130, 60, 55, 30, 45, 50, 35, 40, 35, 30, 30, 20}

// Places lists the towns of a division, for invented registers, as far as they
// are known here.
func Places(region string) []synth.Place {
	var all []synth.Place
	for i, town := range Towns(region) {
		all = append(all, synth.Place{Code: town.Value, Name: town.Text, Share: places[i]})
	}
	return all
}

// sourced is the day of the county's invented data.
var sourced = workday.MustParse("2026-08-25")

// register is the county's register of objects.
func (f Filling) register() synth.Register {
	return synth.Register{Seed: f.Seed, Regions: []string{Region}, Places: Places, Day: sourced}
}

// errNamed keeps a maker from doing acts while it names the people.
var errNamed = errors.New("only named")

// name gives the maker the departments and people of a county that stands.
func (m *maker) name() {
	m.orgs, m.actors, m.err = map[string]inspect.Org{}, map[string]inspect.Actor{}, errNamed
	m.found()
	m.err = nil
}

// Fill takes a county that Found has made through the autumn. It puts objects and
// inspectors into its libraries: files are imported, rules propose members, departments
// confirm them. Then there are batches: one with all its results, others of every state.
func Fill(ctx context.Context, s *store.Store, deadlines inspect.Deadlines, f Filling) error {
	m := &maker{ctx: ctx, db: s.DB, n: 1_000_000, pace: quick, told: f.Told, evidence: f.Evidence}
	m.name()
	m.desk = act.NewDesk(s.Writer, func() time.Time { return m.now }, deadlines)
	m.desk.KeepSealed(f.Keys)
	m.at("2026-09-01 09:00")
	if f.Objects > 0 {
		m.objects(f)
	}
	if f.Inspectors > 0 {
		m.inspectors(f)
	}
	full := f.Objects > 0 && f.Inspectors > 0
	var agenda []event
	if full {
		m.caps()
		agenda = m.autumn()
	}
	m.pace = slow
	m.run(append(agenda, m.plansAhead()...))
	m.pace = quick
	if full {
		m.tasks()
		m.batches(f.Now())
	}
	return m.err
}
