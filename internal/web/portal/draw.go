package portal

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// Draws is where the draws (抽签) that the public may see are kept: batches from
// their announcement on. The pages tell what the files of a draw tell, wherever
// these lie.
type Draws interface {
	// Draws returns the batches of a filter, those announced last first.
	Draws(ctx context.Context, f DrawFilter) ([]Draw, error)
	// Draw returns the batch of a number, or inspect.ErrMissing.
	Draw(ctx context.Context, number string) (Draw, error)
	// ObjectNames returns the names of objects that a public list has, by code.
	ObjectNames(ctx context.Context, codes []string) (map[string]string, error)
}

// A DrawFilter narrows the list of draws.
type DrawFilter struct {
	Year  int
	Text  string // in the batch's title or a task's
	After string // number of the last draw of the page before
	Most  int
}

// A Draw is one batch as the public may see it: its runs, oldest first. The last
// one counts.
type Draw struct {
	Number  string
	Version int64 // another one as soon as anything here is another
	Runs    []DrawRun
}

// A DrawRun is one run of a batch: its files, under the names of docs/design/draw.md
// §17, as far as they exist. What lists who was drawn is not read before the
// opening, whether it is there or not.
type DrawRun struct {
	Files    fs.FS
	Commits  []draw.Commit // given so far, until all are
	Reveals  []draw.Reveal // given so far, by open and sealed contributors
	Acts     []DrawAct
	Annulled *Annulment
}

// A DrawAct is the act of the record that a document came about by.
type DrawAct struct {
	File    string
	At      time.Time
	Org     string
	Receipt web.Receipt
}

// An Annulment (撤销) takes a draw back whose record is false: C18.
type Annulment struct {
	At          time.Time
	Org, Ground string
	Receipt     *web.Receipt
}

// A drawing is a batch whose documents were read and checked.
type drawing struct {
	Draw
	runs   []*drawRun
	broken error // what is wrong with the documents; then there are no runs
}

// A drawRun is a run with what its documents say.
type drawRun struct {
	DrawRun
	c       *draw.Ceremony
	void    *draw.Void
	cells   []draw.Cell // planned once the list is locked
	short   []draw.Shortfall
	drawn   []draw.Pick // of all cells, in order; none before the opening
	reserve []draw.Pick
	names   map[string]string
	prove   sync.Mutex
	prover  *ceremony.Prover  // made when somebody asks
	areas   map[string]string // of the drawn objects, likewise
}

// now is the run that counts.
func (d *drawing) now() *drawRun { return d.runs[len(d.runs)-1] }

// opened tells whether keys and lists are public.
func (r *drawRun) opened() bool { return r.c.Opening != nil }

// drawNumber is the form of batch numbers; anything else is not asked of the
// database.
var drawNumber = regexp.MustCompile(`^[0-9A-Za-z-]{1,40}$`)

// drawings keeps the draws read last, so that a page that many look at is read
// once. It may be empty at any time.
type drawings struct {
	mu   sync.Mutex
	kept []*drawing // the one asked for last comes first
}

const drawingsMost = 24

// find returns the drawing of d if this version was read before.
func (k *drawings) find(d Draw) *drawing {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.kept, func(x *drawing) bool { return x.Number == d.Number && x.Version == d.Version })
	if i < 0 {
		return nil
	}
	x := k.kept[i]
	k.kept = slices.Insert(slices.Delete(k.kept, i, i+1), 0, x)
	return x
}

func (k *drawings) add(x *drawing) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept = slices.DeleteFunc(k.kept, func(old *drawing) bool { return old.Number == x.Number })
	k.kept = slices.Insert(k.kept, 0, x)
	k.kept = k.kept[:min(len(k.kept), drawingsMost)]
}

// drawing reads the batch of a number.
func (s *server) drawing(ctx context.Context, number string) (*drawing, error) {
	if !drawNumber.MatchString(number) {
		return nil, inspect.ErrMissing
	}
	d, err := s.Draws.Draw(ctx, number)
	if err != nil {
		return nil, err
	}
	x, err := s.read(ctx, d)
	if err == nil && x.broken != nil {
		return nil, inspect.ErrBatchBroken.With(x.broken.Error())
	}
	return x, err
}

// read reads the documents of d, and checks them as everybody can. That one draw is
// broken is told of it, and keeps nobody from the others.
func (s *server) read(ctx context.Context, d Draw) (*drawing, error) {
	if x := s.drawings.find(d); x != nil {
		return x, nil
	}
	x := &drawing{Draw: d}
	for _, run := range d.Runs {
		r, err := readRun(run)
		var fault *draw.Fault
		if errors.As(err, &fault) {
			return &drawing{Draw: d, broken: fault}, nil
		}
		if err != nil {
			return nil, err
		}
		x.runs = append(x.runs, r)
	}
	if len(x.runs) == 0 {
		return nil, inspect.ErrMissing
	}
	last := x.now()
	var codes []string
	for _, p := range slices.Concat(last.drawn, last.reserve) {
		codes = append(codes, p.ID)
	}
	if len(codes) > 0 {
		slices.Sort(codes)
		var err error
		if last.names, err = s.Draws.ObjectNames(ctx, slices.Compact(codes)); err != nil {
			return nil, err
		}
	}
	s.drawings.add(x)
	return x, nil
}

func readRun(run DrawRun) (*drawRun, error) {
	r := &drawRun{DrawRun: run}
	var err error
	if r.c, err = draw.Load(run.Files); err != nil {
		return nil, err
	}
	if r.c.Manifest == nil {
		return nil, inspect.ErrMissing
	}
	text, err := fs.ReadFile(run.Files, draw.VoidFile)
	switch {
	case err == nil:
		if r.void, err = draw.ParseVoid(draw.VoidFile, text, r.c.Manifest); err != nil {
			return nil, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	if r.c.Lock != nil {
		r.cells, r.short = draw.Cells(r.c.Manifest, r.c.Lock.Counts)
	}
	if r.c.Result != nil {
		r.cells, r.short = r.c.Result.Cells, r.c.Result.Shortfalls
	}
	if !r.opened() {
		return r, nil
	}
	if r.drawn, r.reserve, err = ceremony.Lists(run.Files); err != nil {
		return nil, err
	}
	seed, err := r.c.Seed(r.c.Opening.Custodian...)
	if err != nil {
		return nil, err
	}
	return r, draw.CheckLists(r.c.Manifest, r.c.Result, seed.Keys(r.c.Manifest), r.drawn, r.reserve)
}

// act is the act that a document came about by, if the record has one.
func (r *drawRun) act(file string) *DrawAct {
	for i := range r.Acts {
		if r.Acts[i].File == file {
			return &r.Acts[i]
		}
	}
	return nil
}

// instant reads a time of a document.
func instant(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// objects counts the objects drawn, each once.
func objects(picks []draw.Pick) int {
	seen := map[string]bool{}
	for _, p := range picks {
		seen[p.ID] = true
	}
	return len(seen)
}

// planned is how many draws there are to be, over all cells.
func (r *drawRun) planned() (n uint64) {
	for _, c := range r.cells {
		n += c.Drawn
	}
	return n
}

// state is how far the batch has come, in a word.
func (d *drawing) state() web.State {
	if d.broken != nil {
		return web.State{Shape: web.Bad, Text: "文件核对不符"}
	}
	r := d.now()
	switch {
	case r.Annulled != nil:
		return web.State{Shape: web.Bad, Text: "已撤销"}
	case r.void != nil:
		return web.State{Shape: web.Bad, Text: "本次作废"}
	case r.opened():
		return web.State{Shape: web.Happy, Text: "已公布"}
	case r.c.Result != nil && r.c.Manifest.Mode == "sealed":
		return web.State{Shape: web.Sealed, Text: "已抽取，密封中"}
	case r.c.Lock == nil:
		return web.State{Shape: web.Waiting, Text: "已公告"}
	}
	return web.State{Shape: web.Going, Text: "进行中：待" + r.next().Name}
}

// modeText is when the list becomes public.
func (r *drawRun) modeText() string {
	if r.c.Manifest.Mode != "sealed" {
		return "公开模式"
	}
	return "密封模式"
}

var drawPage = web.NewPage[drawView](files, "draw.html", "draw_part.html")

// A drawView is the public record of one batch.
type drawView struct {
	drawHead
	Phases  []phaseView
	Numbers []web.Number
	Cells   []cellView // those that objects are drawn from
	Undrawn int        // how many others there are
	Planned uint64
	Line    *lineView // of the cell chosen
	Short   []string
	Tasks   []drawTask
	Runs    []runView
	Checks  []checkView
	Sound   bool // it is drawn, and no check waits
	Log     []web.Entry
	Balls   []ballsView
	Ask     askView
	Files   []fileView
	Link    web.QR
}

// A drawHead is what all pages of a batch begin with.
type drawHead struct {
	Crumbs  []web.Link
	Title   string
	Number  string
	Path    string
	URL     string
	Mode    string
	Sealed  bool
	Opened  bool
	Opening time.Time // sealed: when the list becomes public
	State   web.State
	Run     uint64
	Alone   bool // there is no run but this one
	Void    *voidView
	Annul   *Annulment
	Here    string // which page this is
	Site    string
}

// A voidView is why a run ended without a result.
type voidView struct {
	At         time.Time
	Phase      string
	Reason     string
	Defaulters string
	Next       string // what follows
}

// A drawTask is a task of the batch.
type drawTask struct{ Code, Title, Lead, Departments, Items, Quota string }

// A checkView is one thing that this site found right.
type checkView struct {
	Text, Note string
	Waits      bool // it is not there yet
}

func drawPath(number string) string { return "/draws/" + number }

// head is what all pages of the batch begin with; here names the page.
func (s *server) head(d *drawing, here, text string) drawHead {
	r, path := d.now(), drawPath(d.Number)
	m := r.c.Manifest
	h := drawHead{
		Title: m.Title, Number: d.Number, Path: path, URL: s.Base + path, Mode: r.modeText(), Sealed: m.Mode == "sealed", Opened: r.opened(),
		Opening: instant(m.Opening), State: d.state(), Run: m.Run, Alone: m.Run == 1, Void: r.voided(), Annul: r.Annulled, Here: here,
		Site:   s.Place + "双随机抽查公开平台",
		Crumbs: []web.Link{{Text: "抽签", Href: "/draws"}, {Text: d.Number}},
	}
	if text != "" {
		h.Crumbs[1].Href = path
		h.Crumbs = append(h.Crumbs, web.Link{Text: text})
	}
	return h
}

func (r *drawRun) voided() *voidView {
	if r.void == nil {
		return nil
	}
	return &voidView{
		At: instant(r.void.Time), Phase: phaseNames[r.void.Phase], Reason: r.void.Reason, Defaulters: strings.Join(r.void.Defaulters, "、"),
		Next: "本次运行没有结果，也不会再有。重新抽取须另行公告，运行次数加一，随机数和公开事件全部重来。",
	}
}

// drawRecord is the public record of one batch: R55, R56, R68.
func (s *server) drawRecord(w http.ResponseWriter, r *http.Request) error {
	number, form, _ := strings.Cut(r.PathValue("number"), ".")
	d, err := s.drawing(r.Context(), number)
	if err != nil {
		return err
	}
	switch form {
	case "":
	case "json":
		return s.drawJSON(w, d)
	default:
		return inspect.ErrMissing
	}
	v, err := s.drawView(r.Context(), d, r.URL.Query().Get("cell"))
	if err != nil {
		return err
	}
	return drawPage.Show(w, r, v)
}

func (s *server) drawView(ctx context.Context, d *drawing, cell string) (drawView, error) {
	run := d.now()
	v := drawView{drawHead: s.head(d, "record", ""), Phases: run.phases(), Numbers: run.numbers(), Planned: run.planned(), Tasks: run.tasks(), Runs: d.earlier()}
	for _, c := range run.cellViews() {
		if c.Drawn > 0 {
			v.Cells = append(v.Cells, c)
		} else {
			v.Undrawn++
		}
	}
	v.Line = run.line(v.Cells, cell)
	for _, x := range run.short {
		v.Short = append(v.Short, shortText(run.c.Manifest, x))
	}
	for _, p := range v.Phases {
		if p.At == web.Past || p.Bad {
			v.Log = append(v.Log, p.entry())
		}
	}
	v.Balls = run.balls()
	v.Ask = askView{Path: v.Path + "/me", Opened: run.opened(), Locked: run.c.Lock != nil}
	v.Files = run.downloads(v.Path)
	signed, all, err := s.witnessed(ctx)
	if err != nil {
		return v, err
	}
	v.Checks = run.checks(signed, all)
	v.Sound = run.opened() && !slices.ContainsFunc(v.Checks, func(c checkView) bool { return c.Waits })
	v.Link, err = web.NewQR("本页的永久链接", v.URL)
	return v, err
}

// witnessed counts the witnesses who cosigned the newest checkpoint.
func (s *server) witnessed(ctx context.Context) (signed, all int, err error) {
	head, err := s.Log.Newest(ctx)
	if err != nil {
		return 0, 0, err
	}
	_, note, err := s.policy.Check(head.Note)
	if err != nil {
		return 0, len(s.policy.Witnesses), nil // the log's own page says why
	}
	for _, p := range s.policy.Witnesses {
		if !cosignedAt(note, p.Name).IsZero() {
			signed++
		}
	}
	return signed, len(s.policy.Witnesses), nil
}
