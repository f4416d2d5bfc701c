package inspect

import (
	"fmt"
	"slices"
	"time"
)

// A BatchTodo is one thing that a batch asks of somebody, until when: R66–R68.
type BatchTodo struct {
	Verb  Verb
	Batch Batch
	Names []string  // contributors whose document is awaited
	Note  string    // why it waits, or what comes next
	Due   time.Time // zero if there is no time
	Mine  bool      // it waits for this actor; else the actor waits for others
}

// BatchFacts are what the to-dos of a batch rest on besides the batch.
type BatchFacts struct {
	Parties []OrgID  // departments of its tasks
	Files   []string // names of the documents that contributors delivered in this run
	Wrote   bool     // the asker settled it: INV-09
	Anew    bool     // a void batch was settled again
	Signed  bool     // the asker confirmed a library of its tasks: INV-09
}

// BatchTodos lists what the batches ask of who, the most pressing first. What the
// rules would refuse is not asked.
func BatchTodos(who Actor, batches []Batch, facts map[BatchID]BatchFacts, now time.Time) []BatchTodo {
	var todos []BatchTodo
	for _, b := range batches {
		todos = append(todos, b.todos(who, facts[b.ID], now)...)
	}
	slices.SortStableFunc(todos, func(a, b BatchTodo) int {
		switch {
		case a.Due.IsZero() == b.Due.IsZero():
			return a.Due.Compare(b.Due)
		case a.Due.IsZero():
			return 1
		}
		return -1
	})
	return todos
}

// Deadline is until when the present phase of the batch's run must be done; zero is
// no time.
func (b Batch) Deadline() time.Time {
	until := map[BatchState]string{
		BatchAnnounced: b.Terms.Commit, BatchLocked: b.Terms.Commit, BatchCommitted: b.Terms.Reveal, BatchRevealed: b.Terms.Envelopes,
		BatchEvented: b.Terms.Envelopes,
	}[b.State]
	if b.waits() {
		until = b.Terms.Envelopes
	}
	at, _ := Moment(until)
	return at
}

func (b Batch) todos(who Actor, f BatchFacts, now time.Time) (todos []BatchTodo) {
	has := b.Relations(who.Org, f.Parties)
	may, due := who.Among(b.Verbs(), has...), b.Deadline()
	organiser := who.Org.ID == b.Org && (who.MayTo(BatchPut, has...) == nil || who.MayTo(BatchAnnounce, has...) == nil)
	add := func(verb Verb, when bool, note string, names ...string) bool {
		if when = when && slices.Contains(may, verb); when {
			todos = append(todos, BatchTodo{Verb: verb, Batch: b, Names: names, Note: note, Due: due, Mine: true})
		}
		return when
	}
	wait := func(verb Verb, note string, names ...string) {
		if organiser {
			todos = append(todos, BatchTodo{Verb: verb, Batch: b, Names: names, Note: note, Due: due})
		}
	}
	if !due.IsZero() && now.After(due) {
		_, err := b.Void(who.Org.ID, "-", who.Person, now)
		if !add(BatchVoid, err == nil, "期限已过，本次抽取不能继续。作废后重新公告") {
			wait(BatchVoid, "期限已过，等待作废本次抽取")
		}
		return todos
	}
	switch b.State {
	case BatchDrafting, BatchVoided:
		switch {
		case b.Terms.Commit == "" || len(b.Tasks) == 0 || b.State == BatchVoided && !f.Anew:
			add(BatchPut, true, map[bool]string{true: "填写任务、贡献方和各项时间", false: "本次抽取已作废，重新填写时间、更换随机数"}[b.State == BatchDrafting])
		case !add(BatchAnnounce, !f.Wrote && who.Person != b.DraftedBy, "公告以后，影响抽中谁的内容都不能再改"):
			wait(BatchAnnounce, "等待负责人公告")
		}
	case BatchAnnounced:
		if !add(BatchLock, !f.Signed, "锁定后贡献方才能承诺") {
			wait(BatchLock, "由没有确认过名录库的人锁定名单")
		}
	case BatchLocked:
		b.documents(who, f, BatchCommit, "", "commit", add, wait)
	case BatchCommitted:
		b.documents(who, f, BatchReveal, "open", "reveal", add, wait)
	case BatchRevealed:
		b.event(who, now, add, wait)
	case BatchEvented:
		b.documents(who, f, BatchUnseal, "sealed", "reveal", add, wait)
	case BatchOpened:
		if c := b.Terms.Custodian(); b.waits() && !add(BatchEntrust, c.Org == who.Org.ID, "由平台加密保存，到公开名单时启用", c.Name) {
			wait(BatchEntrust, "等待保管方交存随机数", c.Name)
		}
	}
	return todos
}

// documents asks each contributor's organisation for its own document, and the
// organiser for those of contributors from outside.
func (b Batch) documents(who Actor, f BatchFacts, verb Verb, role, part string, add func(Verb, bool, string, ...string) bool, wait func(Verb, string, ...string)) {
	var mine, others []string
	for i, c := range b.Terms.Contributors {
		if role != "" && c.Role != role || slices.Contains(f.Files, fmt.Sprintf("%s-%02d.json", part, i+1)) {
			continue
		}
		if c.Org == who.Org.ID || c.Org == "" && who.Org.ID == b.Org {
			mine = append(mine, c.Name)
		} else {
			others = append(others, c.Name)
		}
	}
	note := map[Verb]string{BatchCommit: "随机数自己保管，只交承诺", BatchReveal: "在公开事件之前亮出", BatchUnseal: "当众启封，交来信封中的随机数"}[verb]
	if len(mine) > 0 && !add(verb, true, note, mine...) {
		others = append(others, mine...)
	}
	if len(others) > 0 {
		wait(verb, "等待贡献方", others...)
	}
}

// event asks for the two typings of the public event, once it took place.
func (b Batch) event(who Actor, now time.Time, add func(Verb, bool, string, ...string) bool, wait func(Verb, string, ...string)) {
	at, _ := Moment(b.Terms.Event)
	switch {
	case now.Before(at):
		wait(BatchTypeEvent, "等待公开事件")
	case b.TypedBy == "":
		if !add(BatchTypeEvent, true, "对照开奖公告或者录像录入号码") {
			wait(BatchTypeEvent, "等待经办人录入公开事件")
		}
	case !add(BatchConfirmEvent, who.Person != b.TypedBy, "由没有录入过的人独立录入同样的号码"):
		wait(BatchConfirmEvent, "等待另一人复核公开事件")
	}
}
