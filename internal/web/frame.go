package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"suicha/internal/inspect"
)

// An Area is a part of the site with a layout of its own.
type Area string

// The areas.
const (
	Plain  Area = "plain"  // sign-in, and errors before anything is known
	Portal Area = "portal" // the public's pages
	Office Area = "office" // the pages of those who are signed in
)

// A Frame is what a layout shows around a page. It belongs to the request, not
// to the page: views do not carry it.
type Frame struct {
	Region string // the place served, such as 海阳市
	Site   string // the portal's name
	Notice string // a line over everything, such as that this is a demonstration
	Tour   string // path of the demonstration's tour, beside the notice
	Menu   []MenuGroup
	Foot   Foot
	Toast  *Receipt // of the act that led here

	// The rest is filled in from the request.
	Actor    inspect.Actor // zero for the public
	Area     Area
	Path     string // this page, to come back to
	Large    bool   // 长者版
	Contrast bool   // 高对比
	Failure  *Failure
	Unsent   bool // the reader opened the address of a form, and nothing was sent
}

// A MenuGroup is a part of the menu under a title. The first has none.
type MenuGroup struct {
	Title string
	Items []MenuItem
}

// A MenuItem leads to a place of the site. The one whose Href, or Also, is the
// longest beginning of the current path is marked as current.
type MenuItem struct {
	Text, Href, Icon string
	Also             string // another place that belongs to it
	Alone            bool   // marked on its own page only, not below it
	Short            string // stands for a long Text in the bar of a phone
	Count            int    // shown if it is not zero
	Tab              bool   // also stands in the bar at the foot of a phone; at most four
	Current          bool
}

// A Foot is what the portal says about itself at the end of each page.
type Foot struct {
	Sponsor, Address, Phone, Hours, Code string
	Links                                []Link
}

// A Link leads somewhere.
type Link struct{ Text, Href string }

// scene is what the frame knows about a request.
type scene struct {
	area    Area
	actor   inspect.Actor
	signed  bool
	status  int
	id      string
	frame   func(*http.Request) (Frame, error)
	failure *Failure
	log     *slog.Logger
	whole   io.ReadCloser // the body as it came, before the limit of forms
}

type sceneKey struct{}

func sceneOf(r *http.Request) scene {
	if s, ok := r.Context().Value(sceneKey{}).(scene); ok {
		return s
	}
	return scene{area: Plain, status: http.StatusOK, log: slog.Default()}
}

func withScene(r *http.Request, change func(*scene)) *http.Request {
	s := sceneOf(r)
	change(&s)
	return r.WithContext(context.WithValue(r.Context(), sceneKey{}, s))
}

// WithFrame returns r with the frame that its page will stand in.
func WithFrame(r *http.Request, f Frame) *http.Request {
	return withScene(r, func(s *scene) { s.frame = func(*http.Request) (Frame, error) { return f, nil } })
}

// WithArea returns r with the layout that an error page would use.
func WithArea(r *http.Request, a Area) *http.Request {
	return withScene(r, func(s *scene) { s.area = a })
}

// WithActor returns r as asked by actor.
func WithActor(r *http.Request, actor inspect.Actor) *http.Request {
	return withScene(r, func(s *scene) { s.actor, s.signed = actor, true })
}

// WithStatus returns r with the status that Show will answer with.
func WithStatus(r *http.Request, status int) *http.Request {
	return withScene(r, func(s *scene) { s.status = status })
}

// Actor returns who asks. On a route made by Mux.Page there always is somebody;
// elsewhere the zero Actor stands for the public.
func Actor(r *http.Request) inspect.Actor { return sceneOf(r).actor }

// Failed returns the form that failed and brought its page back, or nil.
func Failed(r *http.Request) *Failure { return sceneOf(r).failure }

// Done returns the number of the receipt that the page should show, or 0.
func Done(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.URL.Query().Get(doneAct), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// frame makes the frame of r's page.
func frame(r *http.Request) (Frame, error) {
	s := sceneOf(r)
	var f Frame
	if s.frame != nil {
		var err error
		if f, err = s.frame(r); err != nil {
			return f, err
		}
	}
	look := lookOf(r)
	f.Actor, f.Area, f.Path, f.Failure = s.actor, s.area, herePath(r), s.failure
	f.Large, f.Contrast = look.large, look.contrast
	f.Unsent = r.URL.Query().Get(unsent) != ""
	f.Menu = markCurrent(f.Menu, r.URL.Path)
	return f, nil
}

// herePath is the page of r as a relative path, without what led to this showing
// of it.
func herePath(r *http.Request) string {
	q := r.URL.Query()
	q.Del(doneAct)
	q.Del(unsent)
	u := url.URL{Path: r.URL.Path, RawQuery: q.Encode()}
	return u.String()
}

func markCurrent(menu []MenuGroup, path string) []MenuGroup {
	best, longest := "", 0
	for _, g := range menu {
		for _, i := range g.Items {
			for _, place := range []string{i.Href, i.Also} {
				below := !i.Alone && place != "/" && strings.HasPrefix(path, strings.TrimSuffix(place, "/")+"/")
				if len(place) > longest && (path == place || below) {
					best, longest = i.Href, len(place)
				}
			}
		}
	}
	marked := make([]MenuGroup, len(menu))
	for n, g := range menu {
		marked[n] = MenuGroup{Title: g.Title, Items: make([]MenuItem, len(g.Items))}
		for m, i := range g.Items {
			i.Current = best != "" && i.Href == best
			marked[n].Items[m] = i
		}
	}
	return marked
}

// Tabs returns the items of the bar at the foot of a phone.
func (f Frame) Tabs() []MenuItem {
	var tabs []MenuItem
	for _, g := range f.Menu {
		for _, i := range g.Items {
			if i.Tab && len(tabs) < 4 {
				tabs = append(tabs, i)
			}
		}
	}
	return tabs
}

// Face is what stands in the round beside the actor's name: its last two
// characters.
func (f Frame) Face() string {
	name := []rune(f.Actor.Name)
	if len(name) > 2 {
		name = name[len(name)-2:]
	}
	return string(name)
}

// Size is the value of data-size on the page's root.
func (f Frame) Size() string {
	if f.Large {
		return "large"
	}
	return "normal"
}
