package office

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/match"
	"suicha/internal/web"
)

var batchPage = web.NewPage[batchView](files, "batch.html", "batch_part.html", "act_part.html")

type batchView struct {
	Batch    inspect.Batch
	Org      string
	Crumbs   []web.Link
	State    web.State
	Steps    []web.Step
	Numbers  []web.Number
	Turn     turn
	Tasks    []batchTask
	Others   int // tasks that this reader does not see
	Parties  []partyRow
	Terms    []web.Fact
	Files    []fileRow
	Course   []web.Fact
	Log      []web.Entry
	Edit     string // path of the form; empty for readers who cannot change it
	Teams    string // path of the list of teams; empty for readers who see none
	Rehearse string // path of the rehearsal; empty for readers who cannot see it
	Acts     []plainAct
	Announce *web.Grave
	Lock     *web.Grave
	Document *documentForm
	Event    *eventForm
	Confirm  *eventForm
	Entrust  *documentForm
	Peek     *peekForm
	List     string // path of the sealed list, while a reading of this reader serves
	Readings []readingRow
	Register bool // this reader sees who was shown the list
	Void     *voidForm
	Annul    *web.Grave
}

// A turn says whose turn it is, and until when; in a phase of Until "".
type turn struct {
	Who, What string
	Until     string
	Label     string // of Until
}

// A batchTask is one task of the batch with what is missing before the lock.
type batchTask struct {
	Href, Name, Number, Org string
	OrgID                   inspect.OrgID
	State                   web.State
	Missing                 []string
}

// A partyRow is one contributor and what it has delivered.
type partyRow struct {
	Name, Role, Holder string
	Commit, Reveal     web.State
}

// A fileRow is one document of the run.
type fileRow struct{ Name, Text, Href, Size, Digest string }

// registerBatches adds the pages of batches. What has rows is sent to addresses of its
// own; the rest goes through the one handler of all forms.
func (s *server) registerBatches(m *web.Mux) {
	m.Page("GET /office/batches", inspect.BatchRead, s.batches)
	m.Page("GET /office/batches/{id}", inspect.BatchRead, s.batch)
	m.Page("GET /office/batches/{id}/edit", inspect.BatchPut, s.batchForm)
	m.Page("POST /office/batches/{id}/edit", inspect.BatchPut, s.putBatch)
	m.Page("POST /office/batches/{id}/commit", inspect.BatchCommit, s.commitBatch)
	m.Page("POST /office/batches/{id}/reveal", inspect.BatchReveal, s.revealBatch)
	m.Page("POST /office/batches/{id}/unseal", inspect.BatchUnseal, s.unsealBatch)
	m.Page("POST /office/batches/{id}/entrust", inspect.BatchEntrust, s.entrustBatch)
	m.Page("GET /office/batches/{id}/sealed", inspect.BatchPeek, s.sealedList)
	m.Page("POST /office/batches/{id}/event", inspect.BatchTypeEvent, s.typeEvent)
	m.Page("POST /office/batches/{id}/event/confirm", inspect.BatchConfirmEvent, s.confirmEvent)
	m.Page("GET /office/batches/{id}/rehearsal", inspect.BatchRehearse, s.rehearsal)
	m.Page("POST /office/batches/{id}/rehearsal", inspect.BatchRehearse, s.rehearse)
	m.Page("GET /office/batches/{id}/files/{name}", inspect.BatchRead, s.batchFile)
}

// batch shows one batch: how far its run has come, whose turn it is, and what this
// reader can do now: R66–R68.
func (s *server) batch(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	b, has, err := s.batchOf(r)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), b.Region)
	if err != nil {
		return err
	}
	kept, err := s.db.BatchFiles(r.Context(), who.Scope(), b.ID, b.Run)
	if err != nil {
		return err
	}
	v := batchView{Batch: b, Org: facts.Orgs[b.Org].Short, State: batchState(b)}
	v.Crumbs = []web.Link{{Text: "抽取批次", Href: "/office/batches"}, {Text: b.Number}}
	v.Numbers = []web.Number{{Label: "第几次抽取", Value: strconv.Itoa(b.Run), Unit: "次"}, {Label: "任务", Value: strconv.Itoa(len(b.Tasks)), Unit: "项"}}
	if err := s.batchTasks(r, &v); err != nil {
		return err
	}
	if err := batchParties(&v, kept); err != nil {
		return err
	}
	v.Turn, v.Terms = batchTurn(b, v.Parties), batchTerms(b)
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		if b.Shows(name, has...) {
			v.Files = append(v.Files, fileRow{
				Name: name, Text: fileText(name), Href: batchPath(b) + "/files/" + name, Size: web.Thousands(int64(len(kept[name]))) + " 字节",
				Digest: draw.Suite(b.Terms.Suite).Hash(kept[name]).String(),
			})
		}
	}
	if _, err := s.teamScene(r); err == nil && !b.DrawnAt.IsZero() {
		v.Teams = batchPath(b) + "/teams"
	}
	s.batchActs(r, &v, has)
	if err := s.sealedParts(r, &v, has); err != nil {
		return err
	}
	v.Steps, v.Rehearse = batchSteps(b), rehearsalPath(who, b, has)
	if err := s.batchHistory(r, &v, facts); err != nil {
		return err
	}
	return batchPage.Show(w, r, v)
}

// batchOf is the batch that the address names, within the reader's scope, and what
// their department has to do with it.
func (s *server) batchOf(r *http.Request) (inspect.Batch, []inspect.Relation, error) {
	who := web.Actor(r)
	b, err := s.db.Batch(r.Context(), who.Scope(), inspect.BatchID(r.PathValue("id")))
	if err != nil {
		return b, nil, err
	}
	parties, err := s.db.BatchParties(r.Context(), who.Scope(), b)
	return b, b.Relations(who.Org, parties), err
}

// batchFile sends one document of the present run, byte by byte.
func (s *server) batchFile(w http.ResponseWriter, r *http.Request) error {
	b, has, err := s.batchOf(r)
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	kept, err := s.db.BatchFiles(r.Context(), web.Actor(r).Scope(), b.ID, b.Run, name)
	if err != nil {
		return err
	}
	text, ok := kept[name]
	if !ok || !b.Shows(name, has...) {
		return inspect.ErrMissing
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename=%q`, name))
	_, err = w.Write(text)
	return err
}

// batchTasks fills in the tasks, and until the lock what each of them lacks: R36.
func (s *server) batchTasks(r *http.Request, v *batchView) error {
	who := web.Actor(r)
	for _, id := range v.Batch.Tasks {
		task, err := s.db.Task(r.Context(), who.Scope(), id)
		if errors.Is(err, inspect.ErrMissing) {
			v.Others++
			continue
		}
		if err != nil {
			return fmt.Errorf("read task %s of batch %s: %w", id, v.Batch.Number, err)
		}
		facts, err := s.db.TaskFacts(r.Context(), who.Scope(), task, s.today())
		if err != nil {
			return err
		}
		row := batchTask{Href: taskPath(task), Name: task.Name, Number: task.Number, Org: facts.Orgs[task.Org].Short, OrgID: task.Org, State: taskState(task)}
		if !lockedOnce(v.Batch) {
			for _, g := range task.Gates(facts) {
				if !g.Done {
					row.Missing = append(row.Missing, g.Text)
				}
			}
		}
		v.Tasks = append(v.Tasks, row)
	}
	return nil
}

// lockedOnce reports whether the list of the present run is fixed, or will not be.
func lockedOnce(b inspect.Batch) bool {
	return b.State != inspect.BatchDrafting && b.State != inspect.BatchAnnounced && b.State != inspect.BatchVoided
}

// batchParties fills in the contributors of the run and who has delivered, or those
// settled for the next announcement.
func batchParties(v *batchView, kept map[string][]byte) error {
	b := v.Batch
	list := make([]draw.Contributor, 0, len(b.Terms.Contributors))
	for _, c := range b.Terms.Contributors {
		list = append(list, draw.Contributor{Name: c.Name, Role: c.Role, Holder: c.Holder})
	}
	running := b.State != inspect.BatchDrafting && b.State != inspect.BatchVoided && kept[draw.ManifestFile] != nil
	if running {
		var m draw.Manifest
		if err := json.Unmarshal(kept[draw.ManifestFile], &m); err != nil {
			return fmt.Errorf("read the manifest of %s: %w", b.Number, err)
		}
		list = m.Contributors
	}
	given := func(part string, place int) web.State {
		switch {
		case !running:
			return web.State{Text: "尚未公告", Bare: true}
		case kept[fmt.Sprintf("%s-%02d.json", part, place+1)] != nil:
			return web.State{Shape: web.Happy, Text: "已交", Bare: true}
		}
		return web.State{Shape: web.Waiting, Text: "未交", Bare: true}
	}
	for i, c := range list {
		row := partyRow{Name: c.Name, Role: inspect.ChoiceText(inspect.ContributorRoles, c.Role), Holder: c.Holder, Commit: given("commit", i), Reveal: given("reveal", i)}
		if c.Role == "custodian" && running && !b.EntrustedAt.IsZero() {
			row.Reveal = web.State{Shape: web.Sealed, Text: "已交存", Bare: true}
		}
		v.Parties = append(v.Parties, row)
	}
	return nil
}

// batchTurn says whose turn it is. Parties may be nil where the names are not needed.
func batchTurn(b inspect.Batch, parties []partyRow) turn {
	owing := func(role string, of func(partyRow) web.State) string {
		var names []string
		for _, p := range parties {
			if of(p).Shape == web.Waiting && (role == "" || p.Role == inspect.ChoiceText(inspect.ContributorRoles, role)) {
				names = append(names, p.Name)
			}
		}
		return strings.Join(names, "、")
	}
	or := func(names, text string) string {
		if names == "" {
			return text
		}
		return names
	}
	commit, reveal := func(p partyRow) web.State { return p.Commit }, func(p partyRow) web.State { return p.Reveal }
	switch b.State {
	case inspect.BatchDrafting:
		return turn{Who: "主办单位", What: "经办人填写设置，负责人公告。编制的人不能公告。"}
	case inspect.BatchAnnounced:
		return turn{"主办单位", "由没有确认过名录库的人锁定名单，之后贡献方才能承诺。", chinaMoment(b.Terms.Commit), "承诺截止"}
	case inspect.BatchLocked:
		return turn{or(owing("", commit), "贡献方"), "交来签名的承诺文件。随机数由贡献方自己保管，不要上传。", chinaMoment(b.Terms.Commit), "截止"}
	case inspect.BatchCommitted:
		return turn{or(owing("open", reveal), "公开贡献方"), "在公开事件之前亮出随机数。", chinaMoment(b.Terms.Reveal), "截止"}
	case inspect.BatchRevealed:
		if b.TypedBy == "" {
			return turn{"主办单位", "公开事件发生以后，由一人录入号码。", chinaMoment(b.Terms.Event), "事件最早"}
		}
		return turn{"另一人", "由没有录入过的人对照开奖公告或者录像，独立录入同样的号码。", chinaMoment(b.Terms.Envelopes), "启封截止"}
	case inspect.BatchEvented:
		return turn{or(owing("sealed", reveal), "密封方"), "当众启封，交来信封中的随机数。", chinaMoment(b.Terms.Envelopes), "截止"}
	case inspect.BatchOpened:
		if b.Sealed() && b.EntrustedAt.IsZero() {
			return turn{Who: b.Terms.Custodian().Name, What: "由保管方自己交存密封的随机数，平台加密保管到公开名单之日。之后自动计算。"}
		}
		return turn{Who: "本平台", What: "全部材料已经收齐，结果由程序自动计算，不需要任何人操作。"}
	case inspect.BatchDrawn:
		return turn{Who: "本平台", What: "结果已经算出，到公开时间自动公布名单。", Until: chinaMoment(b.Terms.Opening), Label: "公开名单"}
	case inspect.BatchVoided:
		return turn{Who: "主办单位", What: "本次抽取已作废，没有产生结果。重新填写时间、更换随机数以后再次公告，或者取消批次。"}
	}
	return turn{}
}

// chinaMoment is an instant of the documents as people in China read it.
func chinaMoment(instant string) string {
	at, ok := inspect.Moment(instant)
	if !ok {
		return ""
	}
	return web.Stamp(at)
}

// batchTerms are the settings as the announcement says them.
func batchTerms(b inspect.Batch) (list []web.Fact) {
	t := b.Terms
	if t.Suite == "" {
		return nil
	}
	titles := func(codes []string) string {
		var all []string
		for _, s := range sourcesOf(codes) {
			all = append(all, s.Title)
		}
		return strings.Join(all, "、")
	}
	for _, f := range []web.Fact{
		{Label: "公开方式", Value: inspect.ChoiceText(inspect.BatchModes, t.Mode)}, {Label: "密码套件", Value: inspect.ChoiceText(inspect.Suites, t.Suite)},
		{Label: "公开事件", Value: titles(t.Sources)}, {Label: "备用事件", Value: titles(t.Reserves)},
		{Label: "承诺截止", Value: chinaMoment(t.Commit)}, {Label: "亮出截止", Value: chinaMoment(t.Reveal)},
		{Label: "事件最早", Value: chinaMoment(t.Event)}, {Label: "启封截止", Value: chinaMoment(t.Envelopes)}, {Label: "公开名单", Value: chinaMoment(t.Opening)},
		{Label: "每年最多", Value: fmt.Sprintf("%d 次", t.Cap), Note: "同一对象全年随机抽查"}, {Label: "混合系数", Value: strconv.Itoa(t.Mix)},
	} {
		if f.Value != "" {
			list = append(list, f)
		}
	}
	return list
}

// sourcesOf finds public events by code, in the order of codes.
func sourcesOf(codes []string) (list []draw.Source) {
	for _, code := range codes {
		for _, s := range inspect.EventSources {
			if s.Code == code {
				list = append(list, s)
			}
		}
	}
	return list
}

// fileTexts says what the documents are: docs/design/draw.md §17.
var fileTexts = map[string]string{
	draw.ManifestFile: "抽取公告", draw.PopulationFile: "锁定的名单", draw.LockFile: "锁定凭证", draw.DifferenceFile: "与上次锁定的差别", draw.CommitsFile: "全部承诺",
	draw.RevealsFile: "亮出的随机数", draw.EventFile: "公开事件", draw.EnvelopesFile: "启封的随机数", draw.ResultFile: "抽取结果", draw.ResultList: "抽中名单",
	draw.ReserveList: "递补名单", draw.OpeningFile: "公开的密钥", draw.VoidFile: "作废记录", draw.AssignmentFile: "检查小组",
	match.InspectorsFile: "检查人员", match.EligibilityFile: "规则组", match.AvoidanceFile: "回避关系", match.NeedsFile: "各任务需要的人员",
	match.DemandsFile: "各对象需要的人员", match.BalanceFile: "检查人员分配情况", "objects.tsv": "名单与名录库的对应", "excluded.tsv": "没有列入名单的对象和原因",
	"absent.tsv": "不参加派组的检查人员和原因", "waived.tsv": "凭超限抽查许可列入名单的对象", "unfound.tsv": "上级名单中本地不能检查的对象", inspect.WidenedFile: "放宽的检查区域",
}

func fileText(name string) string {
	switch {
	case strings.HasPrefix(name, "commit-"):
		return "一个贡献方的承诺"
	case strings.HasPrefix(name, "reveal-"):
		return "一个贡献方的随机数"
	}
	return fileTexts[name]
}

// batchSteps are the phases of the run.
func batchSteps(b inspect.Batch) []web.Step {
	texts := []string{"编制", "公告", "锁定", "承诺", "亮出", "公开事件", "启封", "交存", "计算", "公布"}
	dates := map[int]time.Time{0: b.DraftedAt, 1: b.AnnouncedAt, 2: b.LockedAt, 5: b.EventAt, 7: b.EntrustedAt, 8: b.DrawnAt, 9: b.DisclosedAt}
	done := map[inspect.BatchState]int{
		inspect.BatchAnnounced: 2, inspect.BatchLocked: 3, inspect.BatchCommitted: 4, inspect.BatchRevealed: 5, inspect.BatchEvented: 6, inspect.BatchOpened: 7,
		inspect.BatchDrawn: 9, inspect.BatchDisclosed: 10, inspect.BatchAnnulled: 9,
	}[b.State]
	if b.State == inspect.BatchOpened && (!b.Sealed() || !b.EntrustedAt.IsZero()) {
		done = 8
	}
	over := b.State == inspect.BatchDiscarded || b.State == inspect.BatchVoided || b.State == inspect.BatchAnnulled
	var steps []web.Step
	for i, text := range texts {
		step := web.Step{Text: text, At: web.Future}
		at, dated := dates[i]
		switch {
		case i < done && (i > 0 || b.Run > 0) || over && dated && !at.IsZero():
			step.At = web.Past
			if dated && !at.IsZero() {
				step.Note = at.In(beijing).Format(time.DateOnly)
			}
		case i == max(done, 1) && done > 0 && !over || i == 0 && b.State == inspect.BatchDrafting:
			step.At, step.Note = web.Now, b.State.Text()
		}
		steps = append(steps, step)
	}
	if !b.Sealed() { // nothing is entrusted
		steps = slices.Delete(steps, 7, 8)
	}
	if !slices.ContainsFunc(b.Terms.Contributors, func(c inspect.Contributor) bool { return c.Role == "sealed" }) { // no envelope to open
		steps = slices.Delete(steps, 6, 7)
	}
	return steps
}

// batchHistory fills in who did what when, and the record.
func (s *server) batchHistory(r *http.Request, v *batchView, facts inspect.Facts) error {
	who, b := web.Actor(r), v.Batch
	names, err := s.db.Names(r.Context(), who.Scope(), b.DraftedBy, b.AnnouncedBy, b.LockedBy, b.TypedBy, b.EventBy, b.EndedBy)
	if err != nil {
		return err
	}
	fact := func(label string, by inspect.PersonID, at time.Time) {
		if by != "" {
			f := web.Fact{Label: label, Value: names[by]}
			if !at.IsZero() {
				f.Note = web.Stamp(at)
			}
			v.Course = append(v.Course, f)
		}
	}
	fact("编制", b.DraftedBy, b.DraftedAt)
	fact("公告", b.AnnouncedBy, b.AnnouncedAt)
	fact("锁定", b.LockedBy, b.LockedAt)
	fact("录入公开事件", b.TypedBy, time.Time{})
	fact("复核公开事件", b.EventBy, b.EventAt)
	fact(b.State.Text(), b.EndedBy, b.EndedAt)
	if b.Ground != "" {
		v.Course = append(v.Course, web.Fact{Label: "理由", Value: b.Ground, Note: facts.Orgs[b.EndedOrg].Short})
	}
	entries, err := s.db.Timeline(r.Context(), who.Scope(), "batch", string(b.ID), 40)
	v.Log = Log(entries)
	return err
}

// batchActs fills in what this reader can do with the batch now.
func (s *server) batchActs(r *http.Request, v *batchView, has []inspect.Relation) {
	who, b := web.Actor(r), v.Batch
	may := map[inspect.Verb]bool{}
	for _, verb := range who.Among(b.Verbs(), has...) {
		may[verb] = true
	}
	if may[inspect.BatchPut] {
		v.Edit = batchPath(b) + "/edit"
	}
	if may[inspect.BatchDiscard] {
		v.Acts = append(v.Acts, plainAct{
			Form: web.FormOf(r, act.DiscardBatch{Batch: b.ID, Seen: b.Version}, "batch", "seen"), Button: "取消批次", Ask: "取消后不能恢复，编号不再使用；任务可以列入其他批次。",
		})
	}
	if may[inspect.BatchAnnounce] {
		v.Announce = announceGrave(r, b)
	}
	if may[inspect.BatchLock] {
		v.Lock = lockGrave(r, v)
	}
	v.Document = documentOf(r, b, may)
	s.eventForms(r, v, may)
	if may[inspect.BatchVoid] {
		v.Void = s.voidOf(r, b)
	}
	if may[inspect.BatchAnnul] {
		v.Annul = s.annulGrave(r, b)
	}
}
