package portal_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/rig"
)

// A steady stream makes the key of the tests' log.
type steady byte

func (s steady) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s)
	}
	return len(p), nil
}

// R94, R101, INV-20: a feed tells of every edition once, in order, signed by the log's
// key; what a later edition has overtaken has no text any more, or a withdrawal would
// not take it away.
func TestFeedIsSignedAndForgetsWhatWasWithdrawn(t *testing.T) {
	resulted(t, func(c *county, v *rig.Visited) {
		c.Targets(inspect.TargetFeed, inspect.TargetGSXT)
		read := func(path string) exchange.FeedPage {
			t.Helper()
			_, public, err := keys.Generate(keys.LogEd25519, "suicha.test/log", steady(7))
			if err != nil {
				t.Fatal(err)
			}
			known, err := keys.ParseVerifier(public)
			if err != nil {
				t.Fatal(err)
			}
			text, err := ledger.OpenEnvelope([]byte(c.page(path)), exchange.FeedType, known)
			if err != nil {
				t.Fatal(err)
			}
			var page exchange.FeedPage
			if err := json.Unmarshal(text, &page); err != nil {
				t.Fatal(err)
			}
			return page
		}
		if page := read("/feeds/results"); len(page.Entries) != 0 || page.Next != "" || page.Later != page.Self {
			t.Errorf("an empty feed is %+v", page)
		}
		for _, path := range []string{"/feeds/x", "/feeds/results?after=-1", "/feeds/results?after=01", "/feeds/results?after=x", "/feeds/"} {
			if got := c.get(path); got.status != http.StatusNotFound {
				t.Errorf("%s answers %d", path, got.status)
			}
		}
		v.Publish()
		name := v.Result().Name
		page := read("/feeds/results")
		if len(page.Entries) != 1 || !strings.Contains(page.Entries[0].Text, name) || page.Entries[0].Digest != v.Result().Digest || !strings.HasSuffix(page.Later, "?after=1") {
			t.Fatalf("after the publication %+v", page)
		}
		withdraw := v.Correct(inspect.PublishWithdraw, "")
		v.Done(v.Wang, withdraw)
		v.Done(v.Qin, act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: withdraw.ID, Seen: 1, Opinion: "同意"}})
		page = read("/feeds/results")
		if len(page.Entries) != 2 || !page.Entries[0].Overtaken || page.Entries[0].Text != "" || page.Entries[1].Kind != inspect.PublishWithdraw || strings.Contains(page.Entries[1].Text, name) {
			t.Errorf("after the withdrawal %+v", page)
		}
		if page = read("/feeds/results?after=1"); len(page.Entries) != 1 || page.Entries[0].No != 2 {
			t.Errorf("behind the first %+v", page)
		}
		c.shows("/open-data", "签名订阅", "/feeds/results")
	})
}
