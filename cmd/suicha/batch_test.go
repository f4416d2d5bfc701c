package main

import (
	"archive/zip"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/match"
	"suicha/internal/rig"
)

// R55, R68: the bundle of a batch that the platform drew verifies with the public's
// program, in both forms.
func TestBatchOfThePlatformVerifies(t *testing.T) {
	s := newShell(t)
	rig.Both(t, func(o *rig.Office) {
		r := o.Batch(threeInspectors(o)).Announce().Lock().Commit().Reveal().Event().Unseal().Draw()
		drawnVerifies(s, r)
		replaced(o, r) // what was replaced since is in the bundle, and right
		drawnVerifies(s, r)
		replacedVerifies(s, r)
	})
}

// threeInspectors is a task of one department that has three inspectors.
func threeInspectors(o *rig.Office) inspect.TaskID {
	o.Helper()
	o.Line(o.Drafted(o.Clerk("周主任", "lhb"), inspect.PlanJoint, 2026), "scjg", "gaj") // the item is listed
	return o.TaskOutside(o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg"), 1)
}

// replaced has the leader of the first team, then its object, and then the leader of the
// substitute's team replaced: R68. Who comes in is nobody's to name: no act has a field for it.
func replaced(o *rig.Office, r *rig.Run) {
	o.Helper()
	for n, kind := range []inspect.SubstKind{inspect.SubstInspector, inspect.SubstObject, inspect.SubstInspector} {
		x := r.Teams()[0]
		if n == 2 {
			x = r.Teams()[len(r.Teams())-1]
		}
		ask := act.AskSubst{ID: rig.ID[inspect.SubstID](fmt.Sprint(o.Name(), n)), Batch: r.ID, Team: x.ID, Kind: kind}
		if kind == inspect.SubstObject {
			ask.Ground, ask.Evidence = "closed", strings.Repeat("ab", 32)
		} else {
			ask.Ground, ask.Out = "ill", x.Leader().Inspector
		}
		o.Done(o.Clerk("李科长", "scjg"), ask)
		o.Done(o.Leader("王局长", "scjg"), act.GrantSubst{SubstDecision: act.SubstDecision{ID: ask.ID, Seen: 1, Opinion: "同意"}})
	}
}

// replacedVerifies has the public's program replay who came in for whom, and refuse a
// free choice: attack row 13 of docs/design/trust.md.
func replacedVerifies(s shell, r *rig.Run) {
	r.Helper()
	lines := strings.SplitAfter(string(r.Files()[match.ReplacementsFile]), "\n")
	if len(r.Files()[draw.SubstitutionsFile]) == 0 || len(lines) < 4 {
		r.Fatalf("what was replaced is %q", lines)
	}
	if out := verified(s, r, true); !strings.Contains(out, "相符　人员替换记录") {
		r.Errorf("%s", out)
	}
	if out := verified(s, r, false); !strings.Contains(out, "相符　人员替换记录") || strings.Contains(out, "i0000") {
		r.Errorf("%s", out)
	}
	bundle, err := ceremony.Bundle(r.Tree(), true)
	if err != nil {
		r.Fatal(err)
	}
	f := strings.Split(lines[0], "\t")
	in := f[8]
	people, err := fs.ReadFile(bundle, match.InspectorsFile)
	if err != nil {
		r.Fatal(err)
	}
	for person := range strings.Lines(string(people)) {
		if f[8], _, _ = strings.Cut(person, "\t"); f[8] != in {
			break // the clerk's friend
		}
	}
	lines[0] = strings.Join(f, "\t")
	bundle.Put(match.ReplacementsFile, []byte(strings.Join(lines, "")))
	sums, err := draw.Sums(bundle)
	if err != nil {
		r.Fatal(err)
	}
	for name, text := range sums {
		bundle.Put(name, text)
	}
	(shell{r.TB, r.TempDir(), s.bin}).refused("suicha-verify "+zipped(r, bundle), "replacements.tsv:1")
}

// R81: the bundle of a sealed batch verifies before its day, without a list, and after
// it whole, with what was replaced meanwhile; and a run whose custodian did not deliver is void for all to see.
func TestSealedBatchOfThePlatformVerifies(t *testing.T) {
	s := newShell(t)
	rig.Both(t, func(o *rig.Office) {
		r := o.SealedBatch(threeInspectors(o)).Announce().Lock().Commit().Reveal().Event().Unseal()
		r.Later(6 * time.Hour)
		o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.VoidBatch{Batch: r.ID, Seen: r.Stands().Version, Ground: "到期未交存"})
		if out := verified(s, r, false); !strings.Contains(out, "本次作废：到期未交存") {
			o.Errorf("%s", out)
		}
		o.Done(r.Zhou, r.Put(r.Stands().Tasks...))
		r.Announce().Lock().Commit().Reveal().Event().Unseal().Entrust().Hide()
		r.Read(o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg"))
		replaced(o, r.Dispatch()) // before the day
		for _, supervised := range []bool{false, true} {
			if out := verified(s, r, supervised); strings.Contains(out, "抽中 4 户") || !strings.Contains(out, "尚未公开，最迟于") {
				o.Errorf("%s", out)
			}
		}
		drawnVerifies(s, r.Disclose())
		replacedVerifies(s, r)
	})
}

// drawnVerifies checks the bundles of a disclosed run.
func drawnVerifies(s shell, r *rig.Run) {
	r.Helper()
	for _, supervised := range []bool{false, true} {
		out := verified(s, r, supervised)
		if supervised && (!strings.Contains(out, "L3 全部重算") || !strings.Contains(out, "相符　检查小组")) || !strings.Contains(out, "抽中 4 户") {
			r.Errorf("%s", out)
		}
	}
}

// verified is what the public's program says of a run's bundle, which must verify.
func verified(s shell, r *rig.Run, supervised bool) string {
	r.Helper()
	bundle, err := ceremony.Bundle(r.Tree(), supervised)
	if err != nil {
		r.Fatal(err)
	}
	return (shell{r.TB, r.TempDir(), s.bin}).done("suicha-verify " + zipped(r, bundle))
}

// zipped is the path of a bundle as an archive.
func zipped(r *rig.Run, bundle fs.FS) string {
	r.Helper()
	path := filepath.Join(r.TempDir(), "bundle.zip")
	f, err := os.Create(path)
	if err == nil {
		err = ceremony.Zip(f, bundle)
	}
	if err != nil || f.Close() != nil {
		r.Fatal(err)
	}
	if z, err := zip.OpenReader(path); err != nil || len(z.File) == 0 {
		r.Errorf("the bundle is no archive: %v", err)
	}
	return path
}
