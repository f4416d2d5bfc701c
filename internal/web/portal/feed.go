package portal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
)

// feedPageMost is how many editions one page of a feed has.
const feedPageMost = 100

// feedOf gives one page of a feed: what was published, in the order in which it was, signed
// by the keys of the log: R94, INV-20. What a later edition has overtaken is named, and
// its text is not given: it may have been withdrawn.
func (s *server) feedOf(w http.ResponseWriter, r *http.Request) error {
	t, err := s.db.Feed(r.Context(), public, r.PathValue("feed"))
	if err == nil && t.Region != s.Region {
		err = inspect.ErrMissing
	}
	if err != nil {
		return err
	}
	var after int64
	if text := r.URL.Query().Get("after"); text != "" {
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 || strconv.FormatInt(after, 10) != text {
			return inspect.ErrMissing
		}
	}
	found, err := s.db.FeedEntries(r.Context(), public, t.ID, after, feedPageMost+1)
	if err != nil {
		return err
	}
	page := exchange.FeedPage{Feed: t.Slug, AsOf: s.Now().UTC().Truncate(time.Hour), Self: s.feedURL(t.Slug, after), Entries: []exchange.Delivered{}}
	more := len(found) > feedPageMost
	found = found[:min(len(found), feedPageMost)]
	var results []inspect.ResultID
	for _, x := range found {
		results = append(results, x.Result)
	}
	newest, err := s.db.StandingEditions(r.Context(), public, results)
	if err != nil {
		return err
	}
	last := after
	for _, x := range found {
		d := exchange.NewDelivered(x.Delivery, x.Published, s.resultURL(x.Result))
		if newest[x.Result] > x.Published.No {
			d = d.Overtake()
		}
		page.Entries, last = append(page.Entries, d), x.No
	}
	page.Later = s.feedURL(t.Slug, last)
	if more {
		page.Next = page.Later
	}
	text, err := json.Marshal(page)
	if err != nil {
		return fmt.Errorf("write the feed %s: %w", t.Slug, err)
	}
	if text, err = s.Sign(exchange.FeedType, text); err != nil {
		return err
	}
	return send(w, kindOf["json"], "", time.Time{}, text)
}

// feedURL is the address of a feed behind a number.
func (s *server) feedURL(slug string, after int64) string {
	u := s.Base + "/feeds/" + url.PathEscape(slug)
	if after > 0 {
		u += "?after=" + strconv.FormatInt(after, 10)
	}
	return u
}

// A feedLink is a feed on the page of open data.
type feedLink struct{ Name, Href string }

// feedLinks are the feeds in use.
func (s *server) feedLinks(r *http.Request) (links []feedLink, err error) {
	all, err := s.db.Targets(r.Context(), public, s.Region)
	for _, t := range all {
		if t.Kind == inspect.TargetFeed && t.State == inspect.TargetActive {
			links = append(links, feedLink{t.Name, s.feedURL(t.Slug, 0)})
		}
	}
	return links, err
}
