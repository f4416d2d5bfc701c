package county

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A Contributor is one who gives a part of the seed in the demonstration. Its key and
// its secrets follow from its name: everybody can know them, so that newcomers can
// play its part. A real contributor's are random, and nobody else's.
type Contributor struct {
	inspect.Contributor
	Org string // code of its department; empty if it is from outside
}

// contributors are two open ones of the county's departments, two sealed ones who keep
// each other's envelopes, and the custodian of sealed lists.
var contributors = []Contributor{
	{inspect.Contributor{Name: "公证处", Role: "sealed", Holder: "人大代表"}, ""},
	{inspect.Contributor{Name: "公安局", Role: "open"}, "gaj"},
	{inspect.Contributor{Name: "市场监管局", Role: "open"}, "scjg"},
	{inspect.Contributor{Name: "人大代表", Role: "sealed", Holder: "公证处"}, ""},
	{inspect.Contributor{Name: "执法监督科", Role: "custodian"}, "jdk"},
}

// Contributors are the contributors of the demonstration, with their public keys.
func Contributors() []Contributor {
	all := slices.Clone(contributors)
	for i := range all {
		signer, err := all[i].signer()
		if err != nil {
			panic("county: " + err.Error()) // the names are fixed
		}
		all[i].Key = signer.Public()
		if all[i].Org != "" {
			all[i].Contributor.Org = id[inspect.OrgID]("org", all[i].Org)
		}
	}
	return all
}

func (c Contributor) signer() (draw.Signer, error) {
	key := sha256.Sum256([]byte("demonstration key of " + c.Name))
	return draw.SM3.ParseSigner(hex.EncodeToString(key[:]))
}

// secret is what the contributor gives for one run.
func (c Contributor) secret(batch string, run int) string {
	s := sha256.Sum256(fmt.Appendf(nil, "demonstration secret of %s for %s, %d", c.Name, batch, run))
	return hex.EncodeToString(s[:])
}

// Document is what the contributor hands in for the present phase of a batch's run,
// as its own program would write it now: a commitment while the list is locked, its
// secret when its time has come. Missing is inspect.ErrMissing.
func (c Contributor) Document(ctx context.Context, db *store.DB, b inspect.Batch, now time.Time) ([]byte, error) {
	var doc any
	switch {
	case b.State == inspect.BatchLocked:
		files, err := db.BatchFiles(ctx, inspect.Scope{}, b.ID, b.Run, draw.ManifestFile, draw.LockFile)
		if err != nil {
			return nil, err
		}
		tree := ceremony.Tree{}
		for name, text := range files {
			tree.Put(name, text)
		}
		run, err := draw.Load(tree)
		if err != nil {
			return nil, err
		}
		signer, err := c.signer()
		if err != nil {
			return nil, err
		}
		if doc, err = run.Commit(c.Name, c.secret(b.Number, b.Run), signer, now); err != nil {
			return nil, err
		}
	case b.State == inspect.BatchCommitted && c.Role == "open", b.State == inspect.BatchEvented && c.Role == "sealed",
		b.State == inspect.BatchOpened && c.Role == "custodian":
		doc = draw.Reveal{Name: c.Name, Time: draw.Instant(now), Secret: c.secret(b.Number, b.Run)}
	default:
		return nil, inspect.ErrMissing
	}
	return json.Marshal(doc)
}

// Awaited are the contributors of the demonstration whose document the present phase
// of a batch's run waits for.
func Awaited(b inspect.Batch, facts inspect.BatchFacts) (list []Contributor) {
	part := map[inspect.BatchState]string{inspect.BatchLocked: "commit", inspect.BatchCommitted: "reveal", inspect.BatchEvented: "reveal", inspect.BatchOpened: "reveal"}[b.State]
	role := map[inspect.BatchState]string{inspect.BatchCommitted: "open", inspect.BatchEvented: "sealed", inspect.BatchOpened: "custodian"}[b.State]
	if b.State == inspect.BatchOpened && !b.EntrustedAt.IsZero() {
		return nil
	}
	for i, x := range b.Terms.Contributors {
		for _, c := range Contributors() {
			given := slices.Contains(facts.Files, fmt.Sprintf("%s-%02d.json", part, i+1))
			if part != "" && c.Name == x.Name && c.Key == x.Key && !given && (role == "" || role == c.Role) {
				list = append(list, c)
			}
		}
	}
	return list
}
