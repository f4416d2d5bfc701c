package county

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/blob"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/stage"
	"suicha/internal/store"
)

// filled is a county with some objects and inspectors.
func filled(t testing.TB, objects, inspectors int) *store.Store {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), filepath.Join(dir, "county.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := Found(t.Context(), s, inspect.Regulation); err != nil {
		t.Fatal(err)
	}
	evidence, err := blob.Open(filepath.Join(dir, "evidence"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := stage.Open(filepath.Join(dir, "imports"))
	if err != nil {
		t.Fatal(err)
	}
	f := Filling{Objects: objects, Inspectors: inspectors, Seed: 1, Folder: folder, Evidence: evidence, Keys: rig.SealKeys(), Now: time.Now, Told: func(string, int64, int64) {}}
	if err := Fill(t.Context(), s, inspect.Regulation, f); err != nil {
		t.Fatal(err)
	}
	return s
}

// The libraries of the county hold what the generator made, every sub-library
// with a rule has confirmed members, and the record is whole.
func TestLibrariesAreFilled(t *testing.T) {
	const objects, people = 6500, 300
	s := filled(t, objects, people)
	ctx, scope := t.Context(), inspect.Scope{Region: Region, Reach: inspect.ReachOversight}
	found := 0
	for from := ""; ; {
		page, err := s.DB.ObjectsByCode(ctx, scope, from, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page {
			if _, warnings, err := o.Tidy(sourced); err != nil || len(warnings) > 0 {
				t.Fatalf("%+v: %v %v", o, warnings, err)
			}
		}
		if found += len(page); len(page) < 1000 {
			break
		}
		from = page[len(page)-1].Code + "0"
	}
	if found != objects {
		t.Errorf("%d objects, want %d", found, objects)
	}
	files, err := s.DB.Inspectors(ctx, scope, store.InspectorFilter{})
	if err != nil || len(files) != people {
		t.Errorf("%d inspectors, %v", len(files), err)
	}
	counts, err := s.DB.MemberCounts(ctx, scope)
	if err != nil {
		t.Fatal(err)
	}
	members := map[inspect.SublibraryID]int64{}
	for _, c := range counts {
		if c.State == inspect.MemberConfirmed {
			members[c.Sublib] += c.Count
		}
	}
	for _, l := range rows("libraries.tsv") {
		// A county has a dozen of those who test motor vehicles: none need be among so few objects.
		if lib := id[inspect.SublibraryID]("sublibrary", l[1]); l[7] == "now" && members[lib] == 0 && l[1] != "机动车检验机构" {
			t.Errorf("%s has no members", l[1])
		}
	}
	everyState(t, s)
	finished(t, s)
	broken, err := s.DB.Broken(ctx)
	if err != nil || len(broken) > 0 {
		t.Errorf("broken: %v %v", broken, err)
	}
	_, open, err := rig.LogKey()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Verify(ctx, open); err != nil {
		t.Errorf("the record does not verify: %v", err)
	}
}

// The file of a department is in its library under its own source, and nobody
// else's.
func TestEveryObjectHasItsKeeper(t *testing.T) {
	rows, err := Filling{Seed: 1}.register().Rows(20_000)
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]int{}
	for r := range rows {
		kept[keeper(r.Object)]++
		if r.Town == "" || !slices.ContainsFunc(areas, func(c inspect.Choice) bool { return c.Value == r.Town && strings.Contains(r.Address, c.Text) }) {
			t.Fatalf("%s lies in %q", r.Address, r.Town)
		}
	}
	for _, org := range []string{"scjg", "zjj", "jtj", "wjj", "sfj"} {
		if kept[org] == 0 {
			t.Errorf("%s keeps nothing", org)
		}
	}
}

// The staff is as large as was asked for, and of departments that there are.
func TestStaffOfTheDepartments(t *testing.T) {
	m := &maker{}
	m.name()
	sum, codes := 0, departments()
	for _, d := range m.staffDepartments(500) {
		sum += d.Count
		if !slices.Contains(codes, strings.ToLower(d.Code)) || d.Count < 5 || d.Name == "" {
			t.Errorf("%+v", d)
		}
	}
	if sum != 500 || len(places) != len(areas) {
		t.Errorf("%d inspectors, %d shares of %d towns", sum, len(places), len(areas))
	}
}

// everyState fails unless the county has a batch in every state that lasts, and a
// newcomer can go on with what waits for the demonstration's contributors.
func everyState(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, scope := t.Context(), inspect.Scope{Region: Region, Reach: inspect.ReachOversight}
	batches, err := s.DB.Batches(ctx, scope, store.BatchFilter{})
	if err != nil {
		t.Fatal(err)
	}
	drafts, err := s.DB.Batches(ctx, inspect.Scope{Org: id[inspect.OrgID]("org", "lhb"), Region: Region, Reach: inspect.ReachOffice}, store.BatchFilter{State: inspect.BatchDrafting})
	if err != nil {
		t.Fatal(err)
	}
	states, goOn := map[inspect.BatchState]int{}, 0
	desk := act.NewDesk(s.Writer, time.Now, inspect.Regulation)
	for _, b := range append(batches, drafts...) {
		states[b.State]++
		facts, err := s.DB.BatchFacts(ctx, scope, b, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range Awaited(b, facts) {
			text, err := c.Document(ctx, s.DB, b, time.Now())
			if err != nil {
				t.Fatalf("document of %s for %s: %v", c.Name, b.Number, err)
			}
			if b.State != inspect.BatchEvented {
				continue
			}
			m := &maker{}
			m.name()
			unseal := act.UnsealBatch{BatchDocument: act.BatchDocument{Batch: b.ID, Document: string(text)}}
			if _, err := desk.Do(ctx, id[string](c.Name), m.who("scjg", inspect.Clerk), unseal); err != nil {
				t.Errorf("%s opens its envelope: %v", c.Name, err)
			}
			goOn++
		}
	}
	for _, want := range showings {
		if states[want.stop] == 0 {
			t.Errorf("no batch is %s: %v", want.stop, states)
		}
	}
	if goOn != 2 {
		t.Errorf("%d envelopes opened, want 2", goOn)
	}
}
