package portal

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"suicha/internal/web"
)

var screenPage = web.NewPage[screenView](files, "draw_screen.html")

// A screenView is the big screen in the room, in whatever state the run is.
type screenView struct {
	drawHead
	Version string // another one as soon as anything on the screen is another
	Phases  []phaseView
	Now     phaseView // the phase that is awaited; the last one if all are over
	Over    bool
	Show    string // what stands in the middle: wait, event, sealed, list, void, annulled
	Balls   []ballsView
	Empty   []string // places of the numbers that are awaited, of the first source
	Who     []actorView
	WhoText string
	Tasks   []drawTask
	Cells   []screenCell
	Rows    []screenRow
	More    int // rows that the screen does not show
	Pool    uint64
	Planned uint64
	Objects int
	Signed  int
	Watch   int
	Digests []digestView
	Latest  *digestView // in full
	Began   time.Time   // when the list became public
	QR      web.QR
}

// A screenCell is a cell with its picture: marks that appear one by one.
type screenCell struct {
	cellView
	First   bool   // it is shown while no script chooses
	Marks   string // places of the drawn tickets, one by one
	In, Out string
	X       string // where the line is
	TextX   string // and its name
	Anchor  string
	Each    uint64
	Passed  uint64
}

// A screenRow is one object of the list.
type screenRow struct {
	Cell         int
	Rank         int
	Name, Digits string
	Long         bool // the name needs two lines
}

// longName is how many characters of a name stand on one line of the screen.
const longName = 8

// A digestView is a document that stands, by its digest.
type digestView struct {
	Name, Digest string
	Rows         []string // the whole of it, in four rows
}

// screenMost is how many objects the screen shows one by one; the others are in the
// public list.
const screenMost = 2000

// The measures of the picture on the screen, whose width is 860.
const (
	stripWidth = 860.0
	stripAxis  = 236
)

// drawScreen is the big screen: public, for anybody's room. It is asked for again
// every few seconds by all who watch, so that it is made only when something on it
// has changed.
func (s *server) drawScreen(w http.ResponseWriter, r *http.Request) error {
	d, err := s.drawing(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	signed, all, err := s.witnessed(r.Context())
	if err != nil {
		return err
	}
	version := fmt.Sprintf("%s-%d-%d", d.Number, d.now().c.Manifest.Run, d.Version)
	tag := fmt.Sprintf(`"%s-%d-%d"`, version, signed, all)
	w.Header().Set("Cache-Control", askFirst)
	w.Header().Set("ETag", tag)
	if has(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	v := screenView{drawHead: s.head(d, "screen", ""), Version: version, Signed: signed, Watch: all}
	if v.QR, err = web.NewQR("抽签公开记录二维码", v.URL); err != nil {
		return err
	}
	v.fill(d.now())
	return screenPage.Show(w, r, v)
}

// fill fills in what the run's documents say.
func (v *screenView) fill(run *drawRun) {
	v.Phases, v.Now, v.Balls, v.Tasks, v.Planned = run.phases(), run.next(), run.balls(), run.tasks(), run.planned()
	if run.c.Lock != nil {
		v.Pool = run.c.Lock.Population.Size
	}
	v.middle(run)
	if run.opened() {
		v.Objects, v.Began = objects(run.drawn), instant(run.c.Opening.Time)
		v.list(run)
	}
	for _, p := range v.Phases {
		if p.Digest != "" {
			v.Digests = append(v.Digests, digestView{p.Name, p.Digest, []string{p.Digest[:16], p.Digest[16:32], p.Digest[32:48], p.Digest[48:]}})
		}
	}
	v.Latest = &v.Digests[len(v.Digests)-1]
}

// middle chooses what stands in the middle of the screen.
func (v *screenView) middle(run *drawRun) {
	if v.Over = v.Now.No == 0; v.Over {
		v.Now = v.Phases[len(v.Phases)-1]
	}
	v.Who = v.Now.Who
	if len(v.Balls) > 0 && len(v.Who) == 0 {
		v.Who, v.WhoText = run.everybody()
	}
	switch {
	case run.Annulled != nil:
		v.Show = "annulled"
	case run.void != nil:
		v.Show = "void"
	case run.opened():
		v.Show = "list"
	case run.c.Result != nil && v.Sealed:
		v.Show, v.Who, v.WhoText = "sealed", nil, ""
	case run.c.Reveals != nil:
		v.Show = "event"
		v.places(run)
	default:
		v.Show = "wait"
	}
}

// places are the empty places of the numbers that the first source will give.
func (v *screenView) places(run *drawRun) {
	if len(v.Balls) > 0 {
		return
	}
	for _, p := range run.c.Manifest.Event.Sources[0].Parts {
		for range p.Count {
			v.Empty = append(v.Empty, "?")
		}
	}
}

// everybody is all who gave a secret, once there is nothing more to wait for.
func (r *drawRun) everybody() (who []actorView, text string) {
	list := r.committed()
	for _, a := range list.Who {
		a.Done = shown(r.c.Reveals.Reveals)(a.Name) || r.c.Envelopes != nil && shown(r.c.Envelopes.Reveals)(a.Name) ||
			r.opened() && shown(r.c.Opening.Custodian)(a.Name)
		who = append(who, a)
	}
	return who, "亮出的随机数与承诺全部相符"
}

// list fills in the cells and the rows of the list.
func (v *screenView) list(run *drawRun) {
	best := run.line(run.cellViews(), "")
	for _, c := range run.cellViews() {
		if c.Drawn == 0 {
			continue
		}
		x := newScreenCell(c)
		x.First = best != nil && best.Cell.Key == c.Key
		for _, p := range c.picks {
			if len(v.Rows) == screenMost {
				v.More++
				continue
			}
			name := run.names[p.ID]
			if name == "" {
				name = p.ID
			}
			v.Rows = append(v.Rows, screenRow{len(v.Cells), p.Rank, name, p.Ticket.Decimal()[2:], utf8.RuneCountInString(name) > longName})
		}
		v.Cells = append(v.Cells, x)
	}
}

func newScreenCell(c cellView) screenCell {
	cut := fraction(c.Cut)
	window := math.Min(1, cut*2)
	x := screenCell{cellView: c, Passed: c.Size - c.Drawn, Anchor: "middle"}
	var at []float64
	var words []string
	for _, p := range c.picks {
		place := math.Round(fraction(p.Ticket.Decimal()) / window * stripWidth)
		at, words = append(at, place), append(words, strconv.FormatFloat(place, 'f', 0, 64))
	}
	x.Marks, x.In = strings.Join(words, " "), marks(at, stripAxis-110, 110)
	line := cut / window * stripWidth
	x.X, x.TextX = decimal1(line), decimal1(line)
	if line > stripWidth*0.75 {
		x.TextX, x.Anchor = decimal1(stripWidth), "end"
	}
	x.Out, x.Each = even(line, stripWidth, 11, x.Passed, (window-cut)/math.Max(1-cut, 1e-9), stripAxis-56, 56)
	return x
}
