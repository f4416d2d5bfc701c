package portal

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/web"
	"suicha/verify"
)

// documents are the files of a run that the public may have as they are. Lists of
// who was drawn are among them from the opening on.
var documents = []string{draw.ManifestFile, draw.LockFile, draw.CommitsFile, draw.RevealsFile, draw.EventFile, draw.EnvelopesFile, draw.ResultFile,
	draw.OpeningFile, draw.VoidFile, draw.DifferenceFile}

// drawDocument gives a document of a run, byte for byte: R55.
func (s *server) drawDocument(w http.ResponseWriter, r *http.Request) error {
	d, err := s.drawing(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	no, name := r.PathValue("run"), r.PathValue("file")
	i := slices.IndexFunc(d.runs, func(x *drawRun) bool { return strconv.FormatUint(x.c.Manifest.Run, 10) == no })
	if i < 0 {
		return inspect.ErrMissing
	}
	run := d.runs[i]
	listed := slices.Contains([]string{draw.ResultList, draw.ReserveList, draw.SubstitutionsFile}, name)
	if !slices.Contains(documents, name) && (!listed || !run.opened()) || !ceremony.Has(run.Files, name) {
		return inspect.ErrMissing
	}
	text, err := fs.ReadFile(run.Files, name)
	if err != nil {
		return fmt.Errorf("read %s of %s: %w", name, d.Number, err)
	}
	if strings.HasSuffix(name, ".json") {
		return send(w, "application/json", "", time.Time{}, text)
	}
	return send(w, "text/tab-separated-values; charset=utf-8", name, time.Time{}, text)
}

// downloads are the files of the batch.
func (r *drawRun) downloads(path string) []fileView {
	list := []fileView{{"查验包", "公告、封库、承诺、亮数、事件、结果和核验程序，断网也能用", path + "/bundle.zip"}}
	if r.opened() {
		list = append(list, fileView{"抽中名单（CSV）", "UTF-8，各种软件通用", path + "/drawn.csv"})
	}
	return append(list, fileView{"抽签记录（JSON）", "供程序读取", path + ".json"})
}

// drawBundle packs what there is to verify with: docs/design/draw.md §17. It is
// packed while it is sent, since it may be large.
func (s *server) drawBundle(w http.ResponseWriter, r *http.Request) error {
	d, err := s.drawing(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	run := d.now()
	tag := fmt.Sprintf("%q", fmt.Sprint(run.last(), "-", d.Version)) // what was replaced since changes no document
	w.Header().Set("Cache-Control", askFirst)
	w.Header().Set("ETag", tag)
	if has(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	bundle, err := ceremony.Bundle(run.Files, false)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%d.zip"`, d.Number, run.c.Manifest.Run))
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	if r.Method == http.MethodHead {
		return nil
	}
	return ceremony.Zip(w, bundle)
}

// last is the digest of the run's newest document: while it is the same, so are
// all files.
func (r *drawRun) last() string {
	if r.void != nil {
		return r.void.Digest(r.c.Manifest.Suite).String()
	}
	text := ""
	for _, p := range r.phases() {
		if p.Digest != "" {
			text = p.Digest
		}
	}
	return text
}

// inPage finds the policy that verify.html gives itself.
var inPage = regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]+)"`)

// verifier gives verify.html, to be kept and opened without a network, or to be
// opened at once: then under the policy that it gives itself, which lets nothing
// run but its own script, and no connection be made.
func (s *server) verifier(w http.ResponseWriter, _ *http.Request) error {
	page, err := verify.Page()
	if err != nil {
		return err
	}
	m := inPage.FindSubmatch(page)
	if m == nil {
		return fmt.Errorf("verify.html gives itself no policy")
	}
	w.Header().Set("Content-Security-Policy", string(m[1])+"; frame-ancestors 'none'")
	return send(w, "text/html; charset=utf-8", "", time.Time{}, page)
}

// A drawFile is a batch for programs, suicha-draw/1: docs/design/portal.md.
type drawFile struct {
	Format  string         `json:"format"`
	Number  string         `json:"number"`
	Title   string         `json:"title"`
	State   string         `json:"state"`
	Mode    string         `json:"mode"`
	Opening string         `json:"opening,omitempty"`
	Suite   string         `json:"suite"`
	Run     uint64         `json:"run"`
	Pool    uint64         `json:"pool"`
	Planned uint64         `json:"planned"`
	Drawn   *int           `json:"drawn"` // null before the opening
	URL     string         `json:"url"`
	Bundle  string         `json:"bundle"`
	Cells   []drawFileCell `json:"cells"`
	Runs    []drawFileRun  `json:"runs"`
}

type drawFileCell struct {
	Task    string `json:"task"`
	Stratum string `json:"cell"`
	Tier    uint64 `json:"tier"`
	Size    uint64 `json:"size"`
	Drawn   uint64 `json:"drawn"`
	Line    string `json:"line,omitempty"`
}

type drawFileRun struct {
	Run     uint64          `json:"run"`
	State   string          `json:"state"`
	Phases  []drawFilePhase `json:"phases"`
	Void    string          `json:"void,omitempty"`
	Annul   string          `json:"annulled,omitempty"`
	Default []string        `json:"defaulters,omitempty"`
}

type drawFilePhase struct {
	File   string `json:"file"`
	Time   string `json:"time,omitempty"`
	Digest string `json:"digest"`
	URL    string `json:"url"`
}

func (s *server) drawJSON(w http.ResponseWriter, d *drawing) error {
	text, err := json.MarshalIndent(s.drawFile(d), "", "  ")
	if err != nil {
		return fmt.Errorf("write %s as JSON: %w", d.Number, err)
	}
	return send(w, "application/json", "", time.Time{}, append(text, '\n'))
}

func (s *server) drawFile(d *drawing) drawFile {
	if d.broken != nil {
		return drawFile{Format: "suicha-draw/1", Number: d.Number, State: d.state().Text, URL: s.Base + drawPath(d.Number), Cells: []drawFileCell{}}
	}
	r := d.now()
	m := r.c.Manifest
	f := drawFile{
		Format: "suicha-draw/1", Number: d.Number, Title: m.Title, State: d.state().Text, Mode: m.Mode, Opening: m.Opening, Suite: string(m.Suite), Run: m.Run,
		Planned: r.planned(), URL: s.Base + drawPath(d.Number), Bundle: s.Base + drawPath(d.Number) + "/bundle.zip", Cells: []drawFileCell{},
	}
	if r.c.Lock != nil {
		f.Pool = r.c.Lock.Population.Size
	}
	if r.opened() {
		n := objects(r.drawn)
		f.Drawn = &n
	}
	for i, c := range r.cellViews() {
		cell := drawFileCell{Task: c.Code, Size: c.Size, Drawn: c.Drawn, Line: c.Cut}
		cell.Stratum, cell.Tier = r.sized()[i].Stratum, r.sized()[i].Tier
		f.Cells = append(f.Cells, cell)
	}
	for _, x := range d.runs {
		run := drawFileRun{Run: x.c.Manifest.Run, State: (&drawing{Draw: d.Draw, runs: []*drawRun{x}}).state().Text}
		for _, p := range x.phases() {
			if p.Digest != "" {
				one := drawFilePhase{File: p.File, Digest: p.Digest, URL: fmt.Sprintf("%s%s/runs/%d/%s", s.Base, drawPath(d.Number), x.c.Manifest.Run, p.File)}
				if !p.Time.IsZero() {
					one.Time = p.Time.UTC().Format(time.RFC3339)
				}
				run.Phases = append(run.Phases, one)
			}
		}
		if x.void != nil {
			run.Void, run.Default = x.void.Reason, x.void.Defaulters
		}
		if x.Annulled != nil {
			run.Annul = x.Annulled.Ground
		}
		f.Runs = append(f.Runs, run)
	}
	return f
}

// sized are the cells that have objects.
func (r *drawRun) sized() []draw.Cell {
	return slices.DeleteFunc(slices.Clone(r.cells), func(c draw.Cell) bool { return c.Size == 0 })
}

var drawnPage = web.NewPage[drawnView](files, "draw_drawn.html", "draw_part.html")

// A drawnView is the list of who was drawn.
type drawnView struct {
	drawHead
	Filter web.Filter
	Rows   []pickView
	Count  int
	Pager  web.Pager
	Text   string
}

// A pickView is one object of the list.
type pickView struct {
	Rank         int
	Name, ID     string
	Task, Cell   string
	Digits, Line string
	Ticket       string
	Me           string
	Reserve      bool
}

// picked are the rows of the lists: the drawn, or the reserve.
func (r *drawRun) picked(d *drawing, reserve bool) (list []pickView) {
	lines := map[string]string{}
	for _, c := range r.cellViews() {
		lines[c.Key] = c.Cut
	}
	picks := r.drawn
	if reserve {
		picks = r.reserve
	}
	for _, p := range picks {
		t, _ := r.c.Manifest.Task(p.Task)
		list = append(list, pickView{
			Rank: p.Rank, Name: r.names[p.ID], ID: p.ID, Task: t.Title, Cell: cellName(p.Stratum, uint64(p.Tier)), Digits: p.Ticket.Decimal(),
			Line: lines[cellKey(p.Task, p.Stratum, uint64(p.Tier))], Ticket: p.Ticket.String(), Me: drawPath(d.Number) + "/me?id=" + escape(p.ID), Reserve: reserve,
		})
	}
	return list
}

// drawDrawn lists who was drawn, in the order of tickets, once that is public: R68.
func (s *server) drawDrawn(w http.ResponseWriter, r *http.Request) error {
	d, err := s.drawing(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	run := d.now()
	if !run.opened() {
		return inspect.ErrMissing
	}
	q := r.URL.Query()
	v := drawnView{drawHead: s.head(d, "drawn", "抽中名单"), Text: asked(q.Get("q"))}
	rows := run.picked(d, q.Get("list") == "reserve")
	text, task := strings.ToUpper(v.Text), q.Get("task")
	title, _ := run.c.Manifest.Task(task)
	rows = slices.DeleteFunc(rows, func(p pickView) bool {
		return text != "" && !strings.Contains(strings.ToUpper(p.Name), text) && !strings.Contains(p.ID, typedID(text)) || task != "" && p.Task != title.Title
	})
	v.Count = len(rows)
	after, size := web.PageOf(r)
	from, err := strconv.Atoi(after)
	if err != nil || from < 0 {
		from = 0
	}
	from = min(from, len(rows))
	to, next := min(from+size, len(rows)), ""
	if to < len(rows) {
		next = strconv.Itoa(to)
	}
	v.Rows = rows[from:to]
	var tasks []web.Option
	for _, t := range run.c.Manifest.Tasks {
		tasks = append(tasks, web.Option{Value: t.Code, Text: t.Title})
	}
	v.Filter = web.NewFilter(r, "企业名称或代码", "rows", web.NewChip(r, "任务", "task", tasks...), web.NewChip(r, "名单", "list", web.Option{Value: "reserve", Text: "候补"}))
	v.Pager = web.NewPager(r, "rows", fmt.Sprintf("共 %s 户次，本页 %d 户次", web.Thousands(int64(v.Count)), len(v.Rows)), next)
	return drawnPage.Show(w, r, v)
}

// drawnCSV is the same list as a table.
func (s *server) drawnCSV(w http.ResponseWriter, r *http.Request) error {
	d, err := s.drawing(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	run := d.now()
	if !run.opened() {
		return inspect.ErrMissing
	}
	var text bytes.Buffer
	text.WriteString("\ufeff")
	out := csv.NewWriter(&text)
	out.UseCRLF = true
	rows := [][]string{{"任务", "分格", "序号", "企业名称", "代码", "签号", "入选线", "签号全文"}}
	for _, p := range run.picked(d, false) {
		rows = append(rows, []string{p.Task, p.Cell, strconv.Itoa(p.Rank), exchange.Guard(p.Name), p.ID, p.Digits, p.Line, p.Ticket})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the drawn list: %w", err)
	}
	return send(w, "text/csv; charset=utf-8", d.Number+"-drawn.csv", instant(run.c.Opening.Time), text.Bytes())
}
