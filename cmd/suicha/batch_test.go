package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R55, R68: the bundle of a batch that the platform drew verifies with the public's
// program, in both forms.
func TestBatchOfThePlatformVerifies(t *testing.T) {
	s := newShell(t)
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchDrawn()
		drawnVerifies(s, r)
		replaced(o, r) // what was replaced since is in the bundle, and right
		drawnVerifies(s, r)
		if len(r.Files()[draw.SubstitutionsFile]) == 0 {
			o.Errorf("there are no substitutions")
		}
	})
}

// replaced has the object of the first team replaced: R68.
func replaced(o *rig.Office, r *rig.Run) {
	o.Helper()
	ask := act.AskSubst{ID: rig.ID[inspect.SubstID](o.Name()), Batch: r.ID, Team: r.Teams()[0].ID, Kind: inspect.SubstObject, Ground: "closed", Evidence: strings.Repeat("ab", 32)}
	o.Done(o.Clerk("李科长", "scjg"), ask)
	o.Done(o.Leader("王局长", "scjg"), act.GrantSubst{SubstDecision: act.SubstDecision{ID: ask.ID, Seen: 1, Opinion: "同意"}})
}

// R81: the bundle of a sealed batch verifies before its day, without a list, and after
// it whole, with what was replaced meanwhile; and a run whose custodian did not deliver is void for all to see.
func TestSealedBatchOfThePlatformVerifies(t *testing.T) {
	s := newShell(t)
	rig.Both(t, func(o *rig.Office) {
		r := o.SealedBatch(o.TaskReady()).Announce().Lock().Commit().Reveal().Event().Unseal()
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
			if out := verified(s, r, supervised); strings.Contains(out, "抽中 1 户") || !strings.Contains(out, "尚未公开，最迟于") {
				o.Errorf("%s", out)
			}
		}
		drawnVerifies(s, r.Disclose())
		if len(r.Files()[draw.SubstitutionsFile]) == 0 {
			o.Errorf("there are no substitutions")
		}
	})
}

// drawnVerifies checks the bundles of a disclosed run.
func drawnVerifies(s shell, r *rig.Run) {
	r.Helper()
	for _, supervised := range []bool{false, true} {
		out := verified(s, r, supervised)
		if supervised && (!strings.Contains(out, "L3 全部重算") || !strings.Contains(out, "相符　检查小组")) || !strings.Contains(out, "抽中 1 户") {
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
	return (shell{r.TB, r.TempDir(), s.bin}).done("suicha-verify " + path)
}
