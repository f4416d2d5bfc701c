package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// What the database returns within a scope is what the rules say its asker may
// read, or what is public: for random plans in every state, every post and every
// kind of organisation, here and elsewhere.
func TestScopeIsTheRule(t *testing.T) {
	each := func(t *testing.T, url string) {
		o := rig.Open(t, url)
		r := openRaw(t, url, true)
		random := rand.New(rand.NewPCG(*seed, 1))
		var orgs []inspect.Org
		for _, region := range []string{rig.Region, "370600"} {
			for _, kind := range []inspect.OrgKind{inspect.OrgDepartment, inspect.OrgDepartment, inspect.OrgTeam, inspect.OrgOffice, inspect.OrgGovernment, inspect.OrgOversight} {
				orgs = append(orgs, inspect.Org{ID: rig.ID[inspect.OrgID](fmt.Sprint("scope ", len(orgs))), Kind: kind, Region: region})
			}
		}
		var plans []inspect.Plan
		for i := range 150 {
			plans = append(plans, r.randomPlan(random, i, orgs))
		}
		for _, org := range orgs {
			for _, kind := range inspect.PostKinds {
				who := inspect.Actor{Post: inspect.Post{Kind: kind}, Org: org}
				within, err := store.Within(t.Context(), o.Store.DB, who.Scope())
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range plans {
					public := p.State == inspect.PlanPublished || p.State == inspect.PlanReplaced
					want := public || who.MayTo(inspect.PlanRead, p.Relations(org)...) == nil
					if within[p.ID] != want {
						t.Fatalf("%s of %s %s in %s reads a %s %s plan of %s: %v, want %v (relations %v)", kind, org.Kind, org.ID, org.Region,
							p.State, p.Kind, p.Org, within[p.ID], want, p.Relations(org))
					}
				}
				p := plans[random.IntN(len(plans))]
				if _, err := o.Store.DB.Plan(t.Context(), who.Scope(), p.ID); (err == nil) != within[p.ID] || err != nil && !errors.Is(err, inspect.ErrMissing) {
					t.Errorf("one plan and the list differ for %s of %s: %v", kind, org.Kind, err)
				}
			}
		}
		// What the test wrote past the guards is no record: it goes again.
		for _, table := range []string{"consent", "plan_line", "plan"} {
			r.must(`DELETE FROM ` + table)
		}
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); each(t, rig.SQLite(t)) })
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); each(t, rig.County(t)) })
	}
}

// randomPlan stores a plan that has a line with a consent, past the guards.
func (r *raw) randomPlan(random *rand.Rand, i int, orgs []inspect.Org) inspect.Plan {
	r.t.Helper()
	pick := func() inspect.Org { return orgs[random.IntN(len(orgs))] }
	owner := pick()
	kind := inspect.PlanKinds[random.IntN(3)]
	states := inspect.PlanLife(kind).States()
	consents := []inspect.ConsentState{"planned", "invited", "accepted", "proposed", "declined"}
	p := inspect.Plan{
		ID: rig.ID[inspect.PlanID](fmt.Sprint("scope plan ", i)), Kind: kind, Org: owner.ID, Region: owner.Region,
		State: states[random.IntN(len(states))],
	}
	partner := pick()
	for partner.Region != owner.Region { // R51: only departments of the same region are asked
		partner = pick()
	}
	line := inspect.PlanLine{No: 1, Lead: owner.ID, Partners: []inspect.OrgID{partner.ID}, Dropped: random.IntN(4) == 0}
	consent := inspect.Consent{Org: partner.ID, State: consents[random.IntN(len(consents))]}
	line.Consents = []inspect.Consent{consent}
	p.Lines = []inspect.PlanLine{line}
	const at = "2026-01-01T00:00:00.000Z"
	published, replaced, merged, answered, note := "", "", "NULL", "", ""
	if p.State == "published" || p.State == "replaced" {
		published = at
	}
	if p.State == "replaced" {
		replaced = at
	}
	if p.State == "merged" {
		merged = quote(string(p.ID))
	}
	if consent.State != "planned" && consent.State != "invited" {
		answered, note = "x", "x"
	}
	r.must(fmt.Sprintf(`INSERT INTO plan VALUES (%[1]s, 1, %[2]s, %[3]s, %[4]s, 2026, %[5]s, 0, NULL, '', %[6]s,
		'd', %[9]s, 's', %[9]s, 'a', %[9]s, 'a', 'f', %[9]s, %[7]s, '%[8]s', '%[10]s', '%[11]s', 0)`, quote(string(p.ID)), quote(string(p.Kind)), quote(string(p.Org)),
		quote(p.Region), quote(fmt.Sprint("n", i)), quote(string(p.State)), merged, published, quote(at), published, replaced))
	r.must(fmt.Sprintf(`INSERT INTO plan_line VALUES (%s, 1, 'x', 'x', 'x', 'x', '', 1, '5%%', 1, 1, '', %s, %s, 'x', 'x', 'x', 'x', '', NULL, 0, '%v', 0)`,
		quote(string(p.ID)), quote(string(line.Lead)), quote(string(partner.ID)), map[bool]int{true: 1}[line.Dropped]))
	r.must(fmt.Sprintf(`INSERT INTO consent VALUES (%s, 1, %s, 1, %s, '%s', '%s', '', '', 0)`,
		quote(string(p.ID)), quote(string(partner.ID)), quote(string(consent.State)), note, answered))
	return p
}
