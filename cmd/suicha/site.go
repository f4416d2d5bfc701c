package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/api"
	"suicha/internal/county"
	"suicha/internal/document/font"
	"suicha/internal/inspect"
	"suicha/internal/region"
	"suicha/internal/web"
	"suicha/internal/web/office"
	"suicha/internal/web/portal"
	"suicha/internal/workday"
)

// handler puts the site's pages, its API and its health answers together.
func (s *site) handler() (http.Handler, error) {
	if err := web.CheckAssets(); err != nil {
		return nil, err
	}
	if err := font.Check(); err != nil {
		return nil, err
	}
	m, err := s.routes()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux() // health is asked by address, past the list of host names
	mux.Handle("/", m.Handler())
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	return mux, nil
}

// routes registers every page of the site.
func (s *site) routes() (*web.Mux, error) {
	origin, err := s.config.OriginURL()
	if err != nil {
		return nil, err
	}
	place, ok := region.Find(s.config.Region, "")
	if !ok {
		return nil, fmt.Errorf("SUICHA_REGION %q 不是现行的行政区划代码", s.config.Region)
	}
	proxies, err := web.ParseProxies(s.config.Proxies)
	if err != nil {
		return nil, fmt.Errorf("SUICHA_PROXIES：%w", err)
	}
	autumn, err := s.autumn()
	if err != nil {
		return nil, err
	}
	busy := readLimit(s.config.Reads, proxies)
	entrance := office.NewEntrance(office.EntranceOptions{
		Gate: s.gate, Desk: s.desk, Log: slog.Default(), Secure: origin.Scheme == "https",
		Region: s.config.Region, Place: place.Name, Areas: county.Towns(s.config.Region), Proxies: proxies, Demo: s.demoAccounts(autumn), Tour: s.tour(autumn),
	})
	m := web.NewMux(web.Config{
		Hosts: append([]string{origin.Hostname()}, s.config.Hosts...), Secure: origin.Scheme == "https",
		Who: entrance.Who, Frame: s.frame(place.Name), Log: slog.Default(), Busy: busy,
	})
	office.Register(m, office.Options{DB: s.store.DB, Personal: s.store.Personal, Queue: s.store.Queue, Desk: s.desk, Now: s.now, Calendar: workday.Official(), Deadlines: s.deadlines, Security: s.gate, Imports: s.imports, Evidence: s.evidence, Gate: s.gate, From: entrance.From, Base: origin.Scheme + "://" + origin.Host})
	entrance.Register(m)
	portal.Register(m, portal.Options{
		DB: s.store.DB, Log: s.store.Log, Region: s.config.Region, Place: place.Name,
		Base: origin.Scheme + "://" + origin.Host, Policy: s.policy, Draws: portal.Record{DB: s.store.DB, Region: s.config.Region}, Areas: county.Towns(s.config.Region),
		Now: s.now, Client: func(r *http.Request) string { return web.Network(proxies.Client(r)) }, Feedback: s.takeFeedback, Appeals: portal.AppealForms{Receive: s.takeAppeal, Add: s.addToAppeal, Retract: s.retractAppeal, Keep: s.keepAttachment}, Recusal: s.takeRecusal,
		Sign: s.keys.signer.SignEnvelope,
	})
	if s.demo {
		m.Open("GET /gallery", web.Gallery)
		m.Open("GET /demo/documents/{batch}/{file}", s.tourDocument)
	}
	m.Own("/api/", api.New(api.Options{
		DB: s.store.DB, Log: s.store.Log, Desk: s.desk, Gate: s.gate, Now: s.now, Deadlines: s.deadlines, Imports: s.imports,
		From: entrance.From, Errors: slog.Default(), Busy: busy,
	}))
	return m, nil
}

// base is the address of the site, without a slash at the end: openAt has asked for it.
func (s *site) base() string { return strings.TrimSuffix(s.config.Origin, "/") }

// takeFeedback takes in what somebody sent by the public form.
func (s *site) takeFeedback(ctx context.Context, form string, f inspect.Feedback, words inspect.FeedbackText) error {
	request, c := act.FeedbackForm(form, f, words)
	_, err := s.desk.Do(ctx, request, inspect.System(s.config.Region), c)
	return err
}

// takeAppeal takes in what an enterprise sent by the public form about its result.
func (s *site) takeAppeal(ctx context.Context, x inspect.AppealSent) error {
	request, c := act.AppealForm(x.Form, x.Result, x.Kind, x.Typed, x.Words, x.Files...)
	_, err := s.desk.Do(ctx, request, inspect.System(s.config.Region), c)
	return err
}

// takeRecusal takes in an application for recusal that came by the public form.
func (s *site) takeRecusal(ctx context.Context, form string, f portal.RecusalForm) error {
	request, c := act.RecusalForm(form, f.Team, f.Visit, f.Out, f.Cause, f.Words)
	_, err := s.desk.Do(ctx, request, inspect.System(s.config.Region), c)
	return err
}

// addToAppeal takes in what the sender of an appeal adds.
func (s *site) addToAppeal(ctx context.Context, x inspect.AppealSent) error {
	request, c := act.AddForm(x)
	_, err := s.desk.Do(ctx, request, inspect.System(s.config.Region), c)
	return err
}

// retractAppeal withdraws an appeal on its sender's word.
func (s *site) retractAppeal(ctx context.Context, x inspect.AppealSent) error {
	request, c := act.RetractForm(x)
	_, err := s.desk.Do(ctx, request, inspect.System(s.config.Region), c)
	return err
}

// publicSender is whom files from public forms are counted for: all have one share.
const publicSender inspect.PersonID = "public-forms"

// keepAttachment keeps a file that came by a public form, checked as evidence is.
func (s *site) keepAttachment(r io.Reader) (inspect.AppealFile, error) {
	file, err := s.evidence.Put(publicSender, web.NewID(), r)
	return inspect.AppealFile{SHA256: file.SHA256, Size: file.Size, Type: file.Type}, err
}

// removeErased removes the files of appeals whose words were erased.
func (s *site) removeErased(ctx context.Context) error {
	erased, err := s.store.DB.ErasedFiles(ctx, inspect.Scope{})
	for _, digest := range erased {
		err = errors.Join(err, s.evidence.Remove(digest))
	}
	return err
}

// readLimit is how long an anonymous reader must wait: each network may read so
// many pages a second, and five times as many at once.
func readLimit(perSecond int, proxies web.Proxies) func(*http.Request) time.Duration {
	limits := web.NewLimits(perSecond, 5*perSecond)
	return func(r *http.Request) time.Duration {
		return limits.Wait(web.Network(proxies.Client(r)), time.Now())
	}
}

// demoAccounts are the sign-ins that a demonstration shows; otherwise none.
func (s *site) demoAccounts(autumn county.Autumn) []office.DemoAccount {
	if !s.demo {
		return nil
	}
	return append(shown(county.People()), accountsOf(officersOf(autumn))...)
}

// frame is what stands around every page.
func (s *site) frame(place string) func(*http.Request, web.Area) (web.Frame, error) {
	notice, tour := "", ""
	if s.demo {
		notice, tour = "演示站：数据、人物与企业均为虚构。", "/demo"
	}
	return func(r *http.Request, area web.Area) (web.Frame, error) {
		f := web.Frame{Region: place, Site: s.config.Site, Notice: notice, Tour: tour}
		switch area {
		case web.Office:
			var err, toast error
			f.Menu, err = office.Menu(r, s.store.DB)
			f.Toast, toast = office.Toast(r, s.store.DB)
			return f, errors.Join(err, toast)
		case web.Portal:
			f.Menu = portal.Menu()
			f.Foot = web.Foot{Sponsor: s.config.Sponsor, Address: s.config.Address, Phone: s.config.Phone, Links: portal.Links()}
		}
		return f, nil
	}
}

// ready says whether the site can do its work: read, write, and keep its log.
func (s *site) ready(w http.ResponseWriter, r *http.Request) {
	answer := struct {
		Database string `json:"database"`
		Log      string `json:"log"`
	}{"ok", "ok"}
	status := http.StatusOK
	if err := s.store.Ready(r.Context()); err != nil {
		slog.ErrorContext(r.Context(), "not ready", "error", err.Error())
		answer.Database, status = "failed", http.StatusServiceUnavailable
	}
	if behind, err := s.store.Log.Behind(r.Context()); err != nil || behind > 1000 {
		answer.Log, status = "behind", http.StatusServiceUnavailable
	}
	if s.desk.Halted() {
		answer.Log, status = "not the log that witnesses know", http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		slog.WarnContext(r.Context(), "answer readiness", "error", err.Error())
	}
}
