package portal

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// A cellView is one cell (分格): what one line cuts.
type cellView struct {
	Key     string // of addresses: r01-A-0
	Name    string // A, or A（本年已查 1 次）
	Task    string // its title
	Code    string // of the task
	Rate    string
	Size    uint64
	Drawn   uint64
	Reserve uint64
	Cut     string // 0.02991047; "" before the opening
	picks   []draw.Pick
}

// A lineView is a cell with the picture of its line, for wide and narrow screens.
type lineView struct {
	Cell         cellView
	Wide, Narrow *stripView
}

func cellKey(task, stratum string, tier uint64) string {
	return fmt.Sprintf("%s-%s-%d", task, stratum, tier)
}

// cellName is what people call a cell. It says nothing of why an object is in it:
// classes are not for the public.
func cellName(stratum string, tier uint64) string {
	if tier > 0 {
		return stratum + " 格（本年已抽中 1 次）"
	}
	return stratum + " 格"
}

// cellViews are the cells that have objects.
func (r *drawRun) cellViews() (list []cellView) {
	at := 0
	for _, c := range r.cells {
		t, _ := r.c.Manifest.Task(c.Task)
		v := cellView{Key: cellKey(c.Task, c.Stratum, c.Tier), Name: cellName(c.Stratum, c.Tier), Task: t.Title, Code: c.Task, Rate: "按总数分配", Size: c.Size, Drawn: c.Drawn, Reserve: c.Reserve}
		for _, s := range t.Strata {
			if s.Code == c.Stratum && t.Quota == "rate" {
				v.Rate = inspect.PercentText(int64(s.Rate))
			}
		}
		if r.opened() {
			v.picks = r.drawn[at : at+int(c.Drawn)]
			at += int(c.Drawn)
			if c.Drawn > 0 {
				v.Cut = v.picks[c.Drawn-1].Ticket.Decimal()
			}
		}
		if c.Size > 0 {
			list = append(list, v)
		}
	}
	return list
}

// line is the picture of the cell of a key, or of the one with the most objects
// drawn.
func (r *drawRun) line(cells []cellView, key string) *lineView {
	if !r.opened() {
		return nil
	}
	best := -1
	for i, c := range cells {
		if c.Drawn > 0 && (best < 0 || c.Drawn > cells[best].Drawn) {
			best = i
		}
	}
	for i, c := range cells {
		if c.Key == key && c.Drawn > 0 {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return &lineView{cells[best], newStrip(cells[best], 686, ""), newStrip(cells[best], 318, "")}
}

// A stripView is the picture of a line: the tickets on one axis. The drawn ones
// stand where they are. Those that were not drawn are so many, but stand evenly:
// their places would tell who is in which cell, and with it the enterprise's
// class, which is not public.
type stripView struct {
	Width                int
	Cell                 cellView
	In, Out, Axis, After string // marks in the near view; in the view of the whole axis
	Cut                  string // where the line is
	CutText              string // beside which its name stands
	Anchor               string
	Lens                 string
	Window               string // how far the near view goes: 0.06
	Passed               uint64
	Each                 uint64 // how many objects a grey mark stands for
	Me, MeText           string // where the reader's own ticket is
	MeAnchor             string
	Mine                 string
}

// fraction is a ticket's place between 0 and 1, as far as a picture needs it.
func fraction(decimal string) float64 {
	f, err := strconv.ParseFloat(decimal, 64)
	if err != nil {
		return 0
	}
	return f
}

// newStrip draws a cell; mine is the decimal of the reader's ticket, or empty.
func newStrip(c cellView, width int, mine string) *stripView {
	w := float64(width)
	cut := fraction(c.Cut)
	window := math.Min(1, math.Ceil(cut*200)/100) // the line stands in the middle, or right of it
	if at := fraction(mine); mine != "" && at > window {
		window = 1
	}
	s := &stripView{Width: width, Cell: c, Passed: c.Size - c.Drawn, Mine: mine, Anchor: "start", MeAnchor: "end"}
	s.Window = strconv.FormatFloat(window, 'f', -1, 64)
	var near, far []float64
	for _, p := range c.picks {
		at := fraction(p.Ticket.Decimal())
		near, far = append(near, at/window*w), append(far, at*w)
	}
	s.In, s.Axis = marks(near, 94, 34), marks(far, 26, 8)
	x := cut / window * w
	s.Cut, s.CutText = decimal1(x), decimal1(x+8)
	if x > w*0.72 {
		s.CutText, s.Anchor = decimal1(x-8), "end"
	}
	s.Lens = fmt.Sprintf("M0 34H%sL%d 76H0z", decimal1(window*w), width)
	s.Out, s.Each = even(x, w, 9, s.Passed, (window-cut)/math.Max(1-cut, 1e-9), 106, 22)
	s.After, _ = even(cut*w, w, 5, s.Passed, 1, 26, 8)
	if mine != "" {
		x := fraction(mine) / window * w
		s.Me, s.MeText = decimal1(x), decimal1(x-8)
		if x < w*0.3 {
			s.MeText, s.MeAnchor = decimal1(x+9), "start"
		}
	}
	return s
}

// marks draws strokes of a height below top. Strokes that would lie on each other
// are one.
func marks(at []float64, top, height int) string {
	var path strings.Builder
	last := -1.0
	for _, x := range at {
		if x = math.Round(x*2) / 2; x != last {
			fmt.Fprintf(&path, "M%s %dv%d", decimal1(x), top, height)
			last = x
		}
	}
	return path.String()
}

// even draws grey marks of a height between two places, evenly, for n objects of
// which the share within lies between them. It returns how many objects a mark
// stands for; there is a mark for every gap at most.
func even(from, to, gap float64, n uint64, within float64, top, height int) (path string, each uint64) {
	count, room := uint64(math.Round(float64(n)*within)), uint64((to-from)/gap)
	if count == 0 || room == 0 {
		return "", 0
	}
	each = (count + room - 1) / room
	count = max(1, count/each)
	at := make([]float64, count)
	for i := range at {
		at[i] = from + (to-from)*(float64(i)+0.5)/float64(count)
	}
	return marks(at, top, height), each
}

func decimal1(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// numbers are the large numbers of the record.
func (r *drawRun) numbers() []web.Number {
	run := web.Number{Label: "运行次数", Value: fmt.Sprintf("第 %d", r.c.Manifest.Run), Unit: "次"}
	switch {
	case r.Annulled != nil:
		run.Unit += "，已撤销"
	case r.void != nil:
		run.Unit += "，作废"
	case r.c.Manifest.Run == 1 && r.opened():
		run.Unit += "，一次完成"
	}
	list := []web.Number{run}
	if r.c.Lock != nil {
		list = append(list, web.Number{Label: "在库", Value: web.Thousands(int64(r.c.Lock.Population.Size)), Unit: "户"})
	}
	switch {
	case r.opened():
		list = append(list, web.Number{Label: "抽中", Value: web.Thousands(int64(objects(r.drawn))), Unit: "户"})
	case r.c.Lock != nil:
		list = append(list, web.Number{Label: "应抽", Value: web.Thousands(int64(r.planned())), Unit: "户次"})
	}
	return list
}

// tasks are the tasks that are drawn together.
func (r *drawRun) tasks() (list []drawTask) {
	for _, t := range r.c.Manifest.Tasks {
		quota := "按分格比例抽取，不少于公布的比例"
		if t.Quota == "total" {
			quota = fmt.Sprintf("共抽 %s 户，按各分格户数分配", web.Thousands(int64(t.Total)))
		}
		list = append(list, drawTask{t.Code, t.Title, t.Lead, strings.Join(t.Departments, "、"), strings.Join(t.Items, "、"), quota})
	}
	return list
}

func shortText(m *draw.Manifest, x draw.Shortfall) string {
	t, _ := m.Task(x.Task)
	return fmt.Sprintf("%s，%s：应抽 %d 户，在库只够抽 %d 户，不从别的分格补足。", t.Title, cellName(x.Stratum, 0), x.Wanted, x.Drawn)
}

// checks is what this site found right when it read the files.
func (r *drawRun) checks(signed, witnesses int) []checkView {
	c := r.c
	list := []checkView{{Text: "各阶段文件首尾相接", Note: "逐份引用摘要"}}
	if c.Commits != nil {
		list = append(list, checkView{Text: "各方承诺的签名", Note: fmt.Sprintf("%d/%d", len(c.Commits.Commits), len(c.Manifest.Contributors))})
	}
	if c.Reveals != nil {
		n := len(c.Reveals.Reveals)
		if c.Envelopes != nil {
			n += len(c.Envelopes.Reveals)
		}
		if c.Opening != nil {
			n += len(c.Opening.Custodian)
		}
		list = append(list, checkView{Text: "亮出的随机数与承诺相符", Note: fmt.Sprintf("%d/%d", n, len(c.Manifest.Contributors))})
	}
	if c.Result != nil {
		list = append(list, checkView{Text: "户数按公告和封库算得", Note: fmt.Sprintf("%s 户次", web.Thousands(int64(r.planned())))})
	}
	if r.opened() {
		list = append(list, checkView{Text: "抽中的签号都在入选线以内", Note: fmt.Sprintf("%s/%s", web.Thousands(int64(len(r.drawn))), web.Thousands(int64(r.planned())))})
	}
	if witnesses > 0 {
		list = append(list, checkView{"日志的见证签名", fmt.Sprintf("%d/%d 方", signed, witnesses), signed < witnesses})
	}
	return append(list, checkView{Text: "运行次数", Note: fmt.Sprintf("第 %d 次", c.Manifest.Run)})
}

// A runView is a run of the batch in its history.
type runView struct {
	No     uint64
	State  web.State
	At     string
	Text   string
	Void   *voidView
	Files  []fileView
	Annul  *Annulment
	Latest bool
}

// earlier is the history of runs, newest first: void runs are never hidden.
func (d *drawing) earlier() (list []runView) {
	for i := len(d.runs) - 1; i >= 0; i-- {
		r := d.runs[i]
		m := r.c.Manifest
		v := runView{No: m.Run, At: chinaTime(instant(m.Time)) + " 公告", Void: r.voided(), Annul: r.Annulled, Latest: i == len(d.runs)-1,
			State: (&drawing{Draw: d.Draw, runs: d.runs[i : i+1]}).state()}
		for _, p := range r.phases() {
			if p.Digest != "" {
				v.Files = append(v.Files, fileView{p.Name, p.Digest, fmt.Sprintf("%s/runs/%d/%s", drawPath(d.Number), m.Run, p.File)})
			}
		}
		if r.void != nil {
			v.Files = append(v.Files, fileView{"作废记录", r.void.Digest(m.Suite).String(), fmt.Sprintf("%s/runs/%d/%s", drawPath(d.Number), m.Run, draw.VoidFile)})
		}
		list = append(list, v)
	}
	return list
}
