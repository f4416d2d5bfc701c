package portal

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/match"
	"suicha/internal/web"
)

var minePage = web.NewPage[mineView](files, "draw_mine.html", "draw_part.html")

// A mineView is one object's own case in a batch (我的企业).
type mineView struct {
	drawHead
	Ask    askView
	Found  bool // it is in the list
	Own    bool // the asker has the short code
	Name   string
	ID     string
	Text   string // the verdict, if no task could draw it
	Places []placeView
	Proof  string // where the file is
	Hash   string // what the hash is called: SM3
	Locked bool
	// Replaced says how many seats of its team changed since the draw; empty if none.
	Replaced string
	// Recusal is where its application for recusal is printed; empty if there is no
	// visit to expect.
	Recusal string
}

// An askView is the form that asks for one object's case.
type askView struct {
	Path           string
	ID, Code       string
	Wrong, BadCode string
	Opened, Locked bool
}

// A placeView is where an object stands in one task.
type placeView struct {
	Task, Cell   string
	Drawn        bool
	Digits, Line string // eight decimals of ticket and cut-off line, without 0.
	Sign         string // between the two
	Verdict, Why string
	Message      string // what is hashed
	Ticket       string
	Command      string // that computes it in a shell
	Strip        *lineView
}

// proverMost is the longest list that proofs are made of while somebody waits.
const proverMost = 2 << 20

// proofs returns what makes proofs of the run. Before the opening it knows nothing
// of who was drawn, so that it cannot tell: attack rows 19 and 20 of trust.md.
func (r *drawRun) proofs() (*ceremony.Prover, error) {
	r.prove.Lock()
	defer r.prove.Unlock()
	if r.prover != nil {
		return r.prover, nil
	}
	var err error
	if r.opened() {
		r.prover, err = ceremony.NewProver(r.c, r.Files, r.c.Opening.Custodian...)
	} else {
		r.prover, err = ceremony.NewMember(r.c, r.Files)
	}
	return r.prover, err
}

// typedID is an object's code as people type it.
func typedID(text string) string {
	if len(text) > 200 {
		return ""
	}
	return strings.NewReplacer(" ", "", "\u3000", "", "\t", "").Replace(strings.ToUpper(width.Narrow.String(asked(text))))
}

// asker is what somebody asked for, and what there is to tell.
func (s *server) asker(ctx context.Context, d *drawing, id, code string) (mineView, draw.Record, error) {
	r := d.now()
	v := mineView{drawHead: s.head(d, "me", "我的企业"), ID: typedID(id), Hash: hashName(r.c.Manifest.Suite), Locked: r.c.Lock != nil}
	v.Ask = askView{Path: v.Path + "/me", ID: v.ID, Code: asked(code), Opened: r.opened(), Locked: v.Locked}
	if v.ID == "" || !v.Locked {
		return v, draw.Record{}, nil
	}
	if r.c.Lock.Population.Size > proverMost {
		v.Ask.Wrong = "本批次名单较长，请下载查验包，用其中的核验程序查询。"
		return v, draw.Record{}, nil
	}
	prover, err := r.proofs()
	if err != nil {
		return v, draw.Record{}, err
	}
	rec, err := prover.Find(v.ID)
	var fault *draw.Fault
	switch {
	case errors.As(err, &fault):
		v.Ask.Wrong = "这个代码不在本批次的名单里，没有参加抽签。请核对 18 位统一社会信用代码；本单位应当在册而不在的，请向主办单位提出异议。"
		return v, draw.Record{}, nil
	case err != nil:
		return v, draw.Record{}, err
	}
	v.Found = true
	names, err := s.Draws.ObjectNames(ctx, []string{v.ID})
	if err != nil {
		return v, rec, err
	}
	v.Name = names[v.ID]
	if v.Ask.Code != "" {
		want, got := ceremony.Code(r.c.Manifest, rec), ceremony.ReadCode(v.Ask.Code)
		if v.Own = subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1; !v.Own {
			v.Ask.BadCode = "短码与这个单位不符。短码印在本单位收到的告知材料上，是 10 位字母数字，如 7K2PD-4M9XA。"
		}
	}
	return v, rec, nil
}

// drawMine tells one enterprise its own case: in the list, its ticket, drawn or not
// and why. R56. What is public of it needs the code of the enterprise only; what
// tells its class, its place and its proof, needs the short code as well.
func (s *server) drawMine(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	d, err := s.drawing(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v, _, err := s.asker(r.Context(), d, q.Get("id"), q.Get("code"))
	if err != nil {
		return err
	}
	run := d.now()
	switch {
	case v.Ask.Wrong != "" || v.Ask.BadCode != "":
		r = web.WithStatus(r, http.StatusUnprocessableEntity)
	case v.Own:
		if err := v.tell(run); err != nil {
			return err
		}
		v.recuses(run)
		if err := v.replaced(run); err != nil {
			return err
		}
	case v.Found && run.opened():
		v.Places = run.publicPlaces(v.ID)
	}
	return minePage.Show(w, r, v)
}

// replaced tells an enterprise which seats of its team changed since the draw, and
// from which department. Who came it learns at the door: R68.
func (v *mineView) replaced(r *drawRun) error {
	if !r.opened() || !ceremony.Has(r.Files, match.ReplacementsFile) {
		return nil
	}
	text, err := fs.ReadFile(r.Files, match.ReplacementsFile)
	if err != nil {
		return fmt.Errorf("read the replacements: %w", err)
	}
	n := 0
	var departments []string
	for line := range strings.Lines(string(match.Published(text))) {
		f := strings.Split(line, "\t")
		if f[3] == match.OfInspector && f[4] == v.ID {
			n++
			departments = append(departments, f[5])
		}
	}
	if n > 0 {
		slices.Sort(departments)
		v.Replaced = fmt.Sprintf("抽取以后，检查本单位的小组有 %d 人次变动（%s）。", n, strings.Join(slices.Compact(departments), "、"))
	}
	return nil
}

// drawProof gives one enterprise the file that proves its case.
func (s *server) drawProof(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	d, err := s.drawing(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v, _, err := s.asker(r.Context(), d, q.Get("id"), q.Get("code"))
	if err != nil {
		return err
	}
	if !v.Own {
		return inspect.ErrMissing
	}
	prover, err := d.now().proofs()
	if err != nil {
		return err
	}
	text, _, err := prover.Prove(v.ID)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="proof-`+d.Number+`.json"`)
	_, err = w.Write(text)
	return err
}

// tell fills in what the proof shows.
func (v *mineView) tell(r *drawRun) error {
	v.Proof = v.Path + "/proof.json?id=" + escape(v.ID) + "&code=" + escape(v.Ask.Code)
	if !r.opened() {
		return nil
	}
	prover, err := r.proofs()
	if err != nil {
		return err
	}
	_, verdict, err := prover.Prove(v.ID)
	if err != nil {
		return err
	}
	switch {
	case verdict.Capped:
		v.Text = fmt.Sprintf("没有参加抽取：本年检查次数已达上限 %d 次。", r.c.Manifest.Cap)
	case len(verdict.Places) == 0:
		v.Text = "没有参加抽取：不在本批任何任务的抽查范围内。"
	}
	cells, told := r.cellViews(), map[string]bool{}
	for _, p := range verdict.Places {
		x := r.placeView(p, verdict.Record, cells)
		if told[x.Message] { // tasks of one group share the ticket
			x.Message = ""
		} else {
			told[x.Message] = true
		}
		v.Places = append(v.Places, x)
	}
	return nil
}

// placeView is one place of a proof in words.
func (r *drawRun) placeView(p draw.Place, rec draw.Record, cells []cellView) placeView {
	t, _ := r.c.Manifest.Task(p.Task)
	x := placeView{
		Task: t.Title, Cell: cellName(rec.Stratum, uint64(rec.Visits)), Drawn: p.State == "drawn",
		Digits: p.Ticket.Decimal()[2:], Sign: "＞", Message: p.TicketMessage, Ticket: p.Ticket.String(), Command: command(r.c.Manifest.Suite, p.TicketMessage),
	}
	if p.Drawn > 0 {
		x.Line = p.Line.Decimal()[2:]
	}
	switch p.State {
	case "drawn":
		x.Sign = "≤"
		x.Verdict = fmt.Sprintf("已抽中：本格排第 %d 位，前 %d 位抽中", p.Rank, p.Drawn)
		x.Why = fmt.Sprintf("本格共 %s 户。签号从小到大排，最小的 %d 户抽中；您的签号不大于入选线。", web.Thousands(int64(p.Size)), p.Drawn)
	case "reserve":
		x.Verdict = fmt.Sprintf("未抽中，列为候补第 %d 位：本格排第 %d 位，前 %d 位抽中", p.Rank-p.Drawn, p.Rank, p.Drawn)
		x.Why = fmt.Sprintf("本格共 %s 户，您的签号大于入选线。前面的单位确实无法检查时，才按顺序递补，不另行抽取。", web.Thousands(int64(p.Size)))
	default:
		x.Verdict = fmt.Sprintf("未抽中：本格排第 %d 位，前 %d 位抽中", p.Rank, p.Drawn)
		x.Why = fmt.Sprintf("本格共 %s 户，您的签号大于入选线。", web.Thousands(int64(p.Size)))
		if p.Drawn == 0 {
			x.Verdict, x.Why = "未抽中：本格不抽", fmt.Sprintf("本格共 %s 户，按公告的比例应抽 0 户。", web.Thousands(int64(p.Size)))
		}
	}
	key := cellKey(p.Task, rec.Stratum, uint64(rec.Visits))
	if i := slices.IndexFunc(cells, func(c cellView) bool { return c.Key == key }); i >= 0 && cells[i].Drawn > 0 {
		c := cells[i]
		x.Strip = &lineView{c, newStrip(c, 686, p.Ticket.Decimal()), newStrip(c, 318, p.Ticket.Decimal())}
	}
	return x
}

// publicPlaces tells what anybody can compute of an object: its ticket, and whether
// the public list has it. Its cell and its line are told only if it was drawn, as in
// the list: otherwise they would tell its class.
func (r *drawRun) publicPlaces(id string) (list []placeView) {
	seen := map[string]bool{}
	for _, t := range r.c.Manifest.Tasks {
		i := slices.IndexFunc(r.drawn, func(p draw.Pick) bool { return p.Task == t.Code && p.ID == id })
		k := slices.IndexFunc(r.c.Opening.Keys, func(g draw.GroupKey) bool { return g.Group == t.Group })
		message := r.c.Opening.Keys[k].Key + ":" + id
		ticket := draw.Ticket(r.c.Manifest.Suite, r.c.Opening.Keys[k].Key, id)
		x := placeView{Task: t.Title, Digits: ticket.Decimal()[2:], Ticket: ticket.String(), Verdict: "未抽中"}
		if i >= 0 {
			p := r.drawn[i]
			x.Drawn, x.Verdict, x.Cell = true, "已抽中", cellName(p.Stratum, uint64(p.Tier))
		}
		if !seen[t.Group] {
			x.Message, x.Command = message, command(r.c.Manifest.Suite, message)
			seen[t.Group] = true
		}
		list = append(list, x)
	}
	return list
}

// hashName is what people call the suite's hash.
func hashName(s draw.Suite) string {
	if s == draw.SHA256 {
		return "SHA-256"
	}
	return "SM3"
}

func command(s draw.Suite, message string) string {
	return "printf '%s' '" + message + "' | openssl dgst -" + strings.ToLower(strings.ReplaceAll(hashName(s), "-", ""))
}
