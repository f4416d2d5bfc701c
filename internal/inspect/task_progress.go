package inspect

import (
	"time"

	"suicha/internal/workday"
)

// A TaskStage is one stage in the course of a task, and when it was done.
type TaskStage struct {
	Text string
	At   time.Time // zero while it is not done
}

// Stages is the course of a task up to its dispatch, by the batch that it is in and
// when its teams were sent: R61. Without them the zero values serve.
func (t Task) Stages(b Batch, sent time.Time) []TaskStage {
	if b.State == BatchVoided { // announced and locked anew
		b.AnnouncedAt, b.LockedAt = time.Time{}, time.Time{}
	}
	stages := []TaskStage{{"报审", t.SubmittedAt}, {"批准", t.ApprovedAt}, {"备案", t.FiledAt}, {"公告抽取", b.AnnouncedAt}, {"锁定名单", b.LockedAt}, {"抽取", b.DrawnAt}, {"派发", sent}}
	if t.State == TaskDrafting { // returned: it goes through the same again
		stages[0].At = time.Time{}
	}
	return stages
}

// Late says why a task is late, and is empty if it is not: its first day has come
// without a draw or a dispatch, or its batch has missed a deadline: R17, R18, 海政办发〔2020〕2号 二(一).
func (t Task) Late(b Batch, now time.Time) string {
	switch t.State {
	case TaskDispatched, TaskCancelled, TaskDiscarded:
		return ""
	case TaskDrawn:
		if !workday.On(now).Before(t.From) {
			return "执行时间已到，尚未派发"
		}
		return ""
	}
	switch due := b.Deadline(); {
	case !t.From.IsZero() && !workday.On(now).Before(t.From):
		return "执行时间已到，尚未抽取"
	case t.State == TaskBatched && !due.IsZero() && now.After(due):
		return "批次已过期限"
	}
	return ""
}

// A LineDue is a line of a published plan whose month has come, while fewer tasks
// are there than it asks for by now: R18.
type LineDue struct {
	Plan    Plan
	Line    PlanLine
	Begun   int
	Missing int
	Late    bool // a month of the plan is over without its task
}

// LinesDue lists the lines of the published plans of a year that tasks are missing
// of, those that are late first. Tasks are those that the reader may see.
func LinesDue(plans []Plan, tasks []Task, today workday.Date) (late []LineDue) {
	var soon []LineDue
	for _, p := range plans {
		for _, l := range p.Standing() {
			d := LineDue{Plan: p, Line: l}
			for _, t := range tasks {
				if t.Planned.Number == p.Number && t.Line.No == l.No && t.State != TaskDiscarded && t.State != TaskCancelled {
					d.Begun++
				}
			}
			over, come := 0, 0
			for _, month := range l.Months.List() {
				if p.Year < today.Year() || p.Year == today.Year() && month < int(today.Month()) {
					over++
				}
				if p.Year < today.Year() || p.Year == today.Year() && month <= int(today.Month()) {
					come++
				}
			}
			d.Missing, d.Late = min(come, l.Frequency)-d.Begun, l.Months.Count() > 0 && over == l.Months.Count() && d.Begun < l.Frequency
			switch {
			case d.Missing <= 0:
			case d.Late:
				late = append(late, d)
			default:
				soon = append(soon, d)
			}
		}
	}
	return append(late, soon...)
}
