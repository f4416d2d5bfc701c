package portal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// A phaseView is one phase of a run, as record and screen show it.
type phaseView struct {
	No      int
	Name    string
	File    string // its document
	At      web.StepAt
	Bad     bool // the run ended here without a result
	Time    time.Time
	Digest  string
	Text    string // what happened, or what is awaited
	Brief   string // the same for the screen: 4,517 户, 8/8
	Until   time.Time
	Who     []actorView // who has to do something in this phase
	Waiting int         // how many of them have not
	Receipt *web.Receipt
	Org     string
}

// An actorView is one contributor in a phase.
type actorView struct {
	Name   string
	Done   bool
	Sealed bool
}

// phaseNames are the phases that a run can be void in.
var phaseNames = map[string]string{"commit": "承诺", "reveal": "亮数", "event": "公开事件", "envelopes": "拆封", "technical": "技术原因"}

// phases are the phases of the run, docs/design/draw.md §2. Without envelopes
// there is none to open.
func (r *drawRun) phases() []phaseView {
	list := []phaseView{r.announced(), r.locked(), r.committed(), r.revealed(), r.evented(), r.unsealed(), r.computed(), r.disclosed()}
	if len(r.of("sealed")) == 0 {
		list = slices.Delete(list, 5, 6)
	}
	open := true // nothing is awaited of a phase before this one
	for i := range list {
		p := &list[i]
		p.No, p.At = i+1, web.Future
		if p.Digest != "" {
			p.At = web.Past
			if a := r.act(p.File); a != nil {
				p.Receipt, p.Org = &a.Receipt, a.Org
				if p.Time.IsZero() {
					p.Time = a.At
				}
			}
			continue
		}
		if open {
			p.At, open = web.Now, false
			p.Bad = r.void != nil
		}
		if r.void != nil {
			p.Text = "没有进行"
			if p.Bad {
				p.Time, p.Text, p.Brief = instant(r.void.Time), "本次运行在此作废："+r.void.Reason, "作废"
			}
		}
	}
	return list
}

// next is the phase that the run waits for.
func (r *drawRun) next() phaseView {
	list := r.phases()
	i := slices.IndexFunc(list, func(p phaseView) bool { return p.At == web.Now })
	if i < 0 {
		return phaseView{}
	}
	return list[i]
}

// of are the contributors of a role.
func (r *drawRun) of(role string) (names []string) {
	for _, c := range r.c.Manifest.Contributors {
		if c.Role == role {
			names = append(names, c.Name)
		}
	}
	return names
}

func (r *drawRun) announced() phaseView {
	m := r.c.Manifest
	return phaseView{
		Name: "公告", File: draw.ManifestFile, Time: instant(m.Time), Digest: m.Digest().String(), Brief: monthDay(instant(m.Time)),
		Text: fmt.Sprintf("公布任务、分格、比例、%d 个贡献方和公开事件。公告以后，这些都不能再改。", len(m.Contributors)),
	}
}

func (r *drawRun) locked() phaseView {
	p := phaseView{Name: "封库", File: draw.LockFile, Text: "等待封存检查对象名单。"}
	l := r.c.Lock
	if l == nil {
		return p
	}
	p.Time, p.Digest, p.Brief = instant(l.Time), l.Digest(r.c.Manifest.Suite).String(), web.Thousands(int64(l.Population.Size))+" 户"
	p.Text = fmt.Sprintf("%s 户名单封存。", web.Thousands(int64(l.Population.Size)))
	if d := l.Difference; d.Previous != "" {
		p.Text += fmt.Sprintf("比上次封库新增 %d 户、移出 %d 户、变更 %d 户，逐户理由在查验包内。", d.Added, d.Removed, d.Changed)
	}
	return p
}

// gathered fills in who of those named has done the phase's part.
func (p phaseView) gathered(names, sealed []string, done func(string) bool) phaseView {
	for _, name := range names {
		a := actorView{Name: name, Done: done(name), Sealed: slices.Contains(sealed, name)}
		if !a.Done {
			p.Waiting++
		}
		p.Who = append(p.Who, a)
	}
	p.Brief = fmt.Sprintf("%d/%d", len(names)-p.Waiting, len(names))
	return p
}

func (r *drawRun) committed() phaseView {
	var names []string
	for _, c := range r.c.Manifest.Contributors {
		names = append(names, c.Name)
	}
	given := r.Commits
	if r.c.Commits != nil {
		given = r.c.Commits.Commits
	}
	p := phaseView{Name: "承诺", File: draw.CommitsFile, Until: instant(r.c.Manifest.Deadlines.Commit)}
	p = p.gathered(names, slices.Concat(r.of("sealed"), r.of("custodian")), func(name string) bool {
		return slices.ContainsFunc(given, func(c draw.Commit) bool { return c.Name == name })
	})
	if r.c.Commits == nil {
		p.Text = fmt.Sprintf("等待 %d 个单位承诺：各自写下随机数，先封存、后亮出。", p.Waiting)
		return p
	}
	p.Digest = r.c.Commits.Digest(r.c.Manifest.Suite).String()
	for _, c := range given {
		p.Time = later(p.Time, instant(c.Time))
	}
	p.Text = fmt.Sprintf("%d 方先封随机数", len(names))
	if sealed := r.of("sealed"); len(sealed) > 0 {
		p.Text += "；" + strings.Join(sealed, "、") + "的信封互换保管"
	}
	if custodian := r.of("custodian"); len(custodian) > 0 {
		p.Text += "；" + strings.Join(custodian, "、") + "的一份到公开名单时才亮出"
	}
	p.Text += "。"
	return p
}

// shown reports whether somebody's secret is shown.
func shown(lists ...[]draw.Reveal) func(string) bool {
	return func(name string) bool {
		return slices.ContainsFunc(slices.Concat(lists...), func(x draw.Reveal) bool { return x.Name == name })
	}
}

func lastShown(list []draw.Reveal) (at time.Time) {
	for _, x := range list {
		at = later(at, instant(x.Time))
	}
	return at
}

func (r *drawRun) revealed() phaseView {
	p := phaseView{Name: "亮数", File: draw.RevealsFile, Until: instant(r.c.Manifest.Deadlines.Reveal)}
	if d := r.c.Reveals; d != nil {
		p = p.gathered(r.of("open"), nil, shown(d.Reveals))
		p.Digest, p.Time = d.Digest(r.c.Manifest.Suite).String(), lastShown(d.Reveals)
		p.Text = fmt.Sprintf("%d 个单位亮出随机数，与承诺逐一相符。这时公开事件还没有发生，谁也不知道结果。", len(d.Reveals))
		return p
	}
	p = p.gathered(r.of("open"), nil, shown(r.Reveals))
	p.Text = fmt.Sprintf("等待 %d 个单位亮出随机数。到期不亮，本次运行作废，并公布是谁。", p.Waiting)
	return p
}

func (r *drawRun) evented() phaseView {
	p := phaseView{Name: "公开事件", File: draw.EventFile, Until: instant(r.c.Manifest.Event.NotBefore)}
	var titles []string
	for _, s := range r.c.Manifest.Event.Sources {
		titles = append(titles, s.Title)
	}
	p.Text = "等待公开事件：" + strings.Join(titles, "，") + "。"
	d := r.c.Event
	if d == nil {
		return p
	}
	p.Digest = d.Digest(r.c.Manifest.Suite).String()
	var said []string
	for _, b := range r.balls() {
		p.Time = later(p.Time, b.Time)
		said = append(said, b.Title+"（"+b.Issue+"）")
	}
	p.Brief = fmt.Sprintf("%d 项", len(said))
	if len(said) == 1 && len(r.balls()[0].Parts) == 1 {
		p.Brief = fmt.Sprintf("%d 个号码", len(r.balls()[0].Parts[0]))
	}
	p.Text = strings.Join(said, "，") + "。由两人分别录入，核对一致。"
	if len(d.Cancelled) > 0 {
		p.Text += "有来源取消，已按公告改用备用来源。"
	}
	return p
}

func (r *drawRun) unsealed() phaseView {
	p := phaseView{Name: "拆封", File: draw.EnvelopesFile, Until: instant(r.c.Manifest.Deadlines.Envelopes)}
	if d := r.c.Envelopes; d != nil {
		p = p.gathered(r.of("sealed"), r.of("sealed"), shown(d.Reveals))
		p.Digest, p.Time = d.Digest(r.c.Manifest.Suite).String(), lastShown(d.Reveals)
		p.Text = fmt.Sprintf("%d 只信封当众拆开，与承诺相符。", len(d.Reveals))
		return p
	}
	p = p.gathered(r.of("sealed"), r.of("sealed"), shown(r.Reveals))
	p.Text = fmt.Sprintf("等待当众拆开 %d 只信封。", p.Waiting)
	return p
}

func (r *drawRun) computed() phaseView {
	p := phaseView{Name: "计算", File: draw.ResultFile, Text: "等待由程序计算，不需要任何人操作。"}
	if keepers := r.of("custodian"); len(keepers) > 0 && r.c.Result == nil {
		p = p.gathered(keepers, keepers, func(string) bool { return r.act(inspect.CustodianFile) != nil })
		if p.Waiting > 0 {
			p.Text = "等待保管方交存密封的随机数。交存后由程序计算，名单到公开之日才能算出。"
		}
	}
	if d := r.c.Result; d != nil {
		p.Digest = d.Digest(r.c.Manifest.Suite).String()
		p.Brief = web.Thousands(int64(r.planned())) + " 户次"
		p.Text = fmt.Sprintf("按公告的规则算出 %s 户次，全部排序的摘要当即存证。", web.Thousands(int64(r.planned())))
		if d.Teams.Size > 0 {
			p.Text += fmt.Sprintf("同时随机派出 %s 个检查小组。", web.Thousands(int64(d.Teams.Size)))
		}
	}
	return p
}

func (r *drawRun) disclosed() phaseView {
	p := phaseView{Name: "公布", File: draw.OpeningFile, Text: "等待公布钥匙和名单。"}
	m := r.c.Manifest
	if m.Mode == "sealed" {
		p.Until, p.Text = instant(m.Opening), "名单检查后公开："+chinaTime(instant(m.Opening))+"自动公布钥匙和名单。"
		p.Brief = monthDay(instant(m.Opening))
	}
	if d := r.c.Opening; d != nil {
		p.Digest, p.Time = d.Digest(m.Suite).String(), instant(d.Time)
		p.Brief = web.Thousands(int64(objects(r.drawn))) + " 户"
		p.Text = fmt.Sprintf("公布钥匙和全部抽中名单（%s 户）。任何人都可以重算一遍。", web.Thousands(int64(objects(r.drawn))))
	}
	return p
}

// Lead is the first words of the text, for who reads from far away; Rest is what
// follows.
func (p phaseView) Lead() string {
	lead, _, _ := strings.Cut(p.Text, "：")
	lead, _, _ = strings.Cut(lead, "。")
	return lead
}

// Rest is what follows the first words.
func (p phaseView) Rest() string {
	return strings.TrimLeft(strings.TrimPrefix(p.Text, p.Lead()), "：。")
}

// When is the time of the phase as people read it.
func (p phaseView) When() string { return chinaTime(p.Time) }

// entry is the phase in the record of what happened.
func (p phaseView) entry() web.Entry {
	e := web.Entry{At: web.Past, Text: p.Name + "　" + p.Text, Who: p.Org, Receipt: p.Receipt}
	if !p.Time.IsZero() {
		e.When = chinaTime(p.Time)
	}
	return e
}

// A ballsView is what one source of the public event gave.
type ballsView struct {
	Title, Issue string
	Time         time.Time
	Parts        [][]string // the numbers as they are hashed: of one width, sorted where the order does not count
	Hex          string
}

// balls are the numbers of the event, as the canonical text has them: what is
// shown is exactly what is hashed.
func (r *drawRun) balls() (list []ballsView) {
	if r.c.Event == nil {
		return nil
	}
	texts := strings.Split(strings.TrimSuffix(r.c.Event.Text, "/"), "/")
	for i, o := range r.c.Event.Outcomes {
		b := ballsView{Title: r.sourceTitle(o.Code), Issue: o.Issue, Time: instant(o.Time)}
		_, numbers, _ := strings.Cut(texts[i], ":")
		if o.Hex != "" {
			b.Hex = numbers
		} else {
			for part := range strings.SplitSeq(numbers, "+") {
				b.Parts = append(b.Parts, strings.Split(part, "."))
			}
		}
		list = append(list, b)
	}
	return list
}

func (r *drawRun) sourceTitle(code string) string {
	e := r.c.Manifest.Event
	for _, s := range slices.Concat(e.Sources, e.Reserves) {
		if s.Code == code {
			return s.Title
		}
	}
	return code
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// chinaTime writes 11月18日 10:15, and the year if it is told besides.
func chinaTime(at time.Time) string { return at.In(china).Format("1月2日 15:04") }

func monthDay(at time.Time) string { return at.In(china).Format("1月2日") }
