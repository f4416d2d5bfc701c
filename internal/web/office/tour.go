package office

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"suicha/internal/web"
)

// A Tour (演示导览) leads a newcomer through a demonstration: who does what, in the
// order of the chain, and one click to each sign-in.
type Tour struct {
	Chapters []TourChapter
	// Batches are the draws that wait for documents of the demonstration's own
	// contributors.
	Batches func(context.Context) ([]TourBatch, error)
	Keys    []web.Fact // the contributors' public keys
}

// A TourChapter is a part of the chain.
type TourChapter struct {
	Title, Text string
	Steps       []TourStep
}

// A TourStep is what one post does there. A step without a name needs no sign-in, and
// says itself where it leads.
type TourStep struct {
	Name, Who, Text string
	Href            string // where it is done
}

// A TourBatch is a draw with the documents that it waits for.
type TourBatch struct {
	Title, Number, Href, What string
	Documents                 []web.Link
}

var tourPage = web.NewPage[tourView](files, "tour.html")

type tourView struct {
	Tour
	Waiting  []TourBatch
	Password string
}

// tour shows the way through the demonstration.
func (e *Entrance) tour(w http.ResponseWriter, r *http.Request) error {
	v := tourView{Tour: *e.Tour, Password: e.Demo[0].Password}
	v.Chapters = slices.Clone(v.Chapters)
	for i := range v.Chapters {
		v.Chapters[i].Steps = slices.Clone(v.Chapters[i].Steps)
		for j, step := range v.Chapters[i].Steps {
			if step.Name != "" {
				v.Chapters[i].Steps[j].Href = demoSignIn(step.Name, step.Href)
				v.Chapters[i].Steps[j].Who = e.demoAccount(step.Name).Who
			}
		}
	}
	var err error
	if v.Waiting, err = e.Tour.Batches(r.Context()); err != nil {
		return err
	}
	return tourPage.Show(w, r, v)
}

// demoSignIn is the sign-in with a name filled in, on the way to a page.
func demoSignIn(name, to string) string {
	return web.SignInPath + "?" + url.Values{"name": {name}, "next": {to}}.Encode()
}

// demoAccount is the account of the demonstration with a name; the zero account is
// none, as on every real site.
func (e *Entrance) demoAccount(name string) DemoAccount {
	i := slices.IndexFunc(e.Demo, func(a DemoAccount) bool { return a.Name == name })
	if i < 0 {
		return DemoAccount{}
	}
	return e.Demo[i]
}
