package portal

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"time"

	"suicha/internal/store"
	"suicha/internal/web"
)

// robots tells search engines to read the public's pages, and to stay away from
// addresses that nobody can find anything at: publicity is the point of the
// portal, R47. Nothing is secret because it stands here.
func (s *server) robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", keepDay)
	text := "User-agent: *\nDisallow: /office\nDisallow: /account\nDisallow: " + web.SignInPath + "\nDisallow: /log/tile/\nDisallow: /*?\nSitemap: " + s.Base + "/sitemap.xml\n"
	return send(w, "text/plain; charset=utf-8", "", time.Time{}, []byte(text))
}

// sitemapMost is how many editions the site map lists, the newest first.
const sitemapMost = 2000

// A siteMap is the sitemaps.org protocol, as much of it as we need.
type siteMap struct {
	XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Pages   []sitePage `xml:"url"`
}

type sitePage struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"`
}

// siteMap lists the public's pages for search engines: the standing ones, and
// every public edition of a plan.
func (s *server) siteMap(w http.ResponseWriter, r *http.Request) error {
	latest, err := s.db.LatestPlans(r.Context(), public, s.Region, sitemapMost)
	if err != nil {
		return err
	}
	var m siteMap
	for _, path := range []string{"/", "/plans", "/draws", "/results", "/results/guide", "/results/statistics", "/about", "/receipts", "/log", "/open-data", "/accessibility"} {
		m.Pages = append(m.Pages, sitePage{Address: s.Base + path})
	}
	for _, p := range latest {
		changed := dossier{plan: p}.changed()
		m.Pages = append(m.Pages, sitePage{s.Base + planPath(p), changed.UTC().Format(time.RFC3339)})
	}
	drawn, err := s.drawsOf(r, DrawFilter{Most: feedMost})
	if err != nil {
		return err
	}
	for _, d := range drawn {
		row := newDrawRow(d)
		m.Pages = append(m.Pages, sitePage{s.Base + row.Href, row.Changed.UTC().Format(time.RFC3339)})
	}
	published, err := s.db.Published(r.Context(), public, store.PublicFilter{Region: s.Region, Most: sitemapMost})
	if err != nil {
		return err
	}
	for _, p := range published {
		m.Pages = append(m.Pages, sitePage{s.resultURL(p.Result), p.At.UTC().Format(time.RFC3339)})
	}
	more, err := s.listPages(r)
	if err != nil {
		return err
	}
	m.Pages = append(m.Pages, more...)
	text, err := xml.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write the site map: %w", err)
	}
	return send(w, "application/xml; charset=utf-8", "", time.Time{}, append([]byte(xml.Header), append(text, '\n')...))
}
