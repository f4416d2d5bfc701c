package inspect

import "time"

// Merge takes the lines of a filed led plan into the joint draft: R45,
// 海政办发〔2020〕2号 二(四) "联席会议办公室汇总". The departments agreed in the led
// plan, its lead by approving it; that stands. It returns both plans as they
// are afterwards.
func (p Plan) Merge(led Plan) (joint, merged Plan, err error) {
	if _, err := p.step(PlanMerge); err != nil {
		return p, led, err
	}
	merged, err = led.step(PlanTakeUp) // only led plans have this move
	if err != nil {
		return p, led, err
	}
	if led.Region != p.Region || led.Year != p.Year {
		return p, led, ErrMergeKind
	}
	joint = p
	joint.Lines = append([]PlanLine(nil), p.Lines...)
	for _, l := range led.Standing() {
		l = l.carry()
		l.From = LineRef{Plan: led.ID, No: l.No}
		l.No = len(joint.Lines) + 1
		l.Consents = append(l.Consents, Consent{
			Org: led.Org, State: ConsentAccepted, By: led.ApprovedBy, At: led.ApprovedAt, AskedAt: led.FiledAt,
		})
		joint.Lines = append(joint.Lines, l)
	}
	merged.MergedInto = p.ID
	return joint, merged, nil
}

// Unmerge takes the lines of a led plan out of the joint draft again, so that
// its department can change it, or because the draft is thrown away.
func (p Plan) Unmerge(led Plan) (joint, freed Plan, err error) {
	if p.State != PlanDrafting || led.MergedInto != p.ID {
		return p, led, ErrMergeDone
	}
	freed, err = led.step(PlanUnmerge)
	if err != nil {
		return p, led, err
	}
	freed.MergedInto = ""
	joint = p
	joint.Lines = append([]PlanLine(nil), p.Lines...)
	for i, l := range joint.Lines {
		if l.From.Plan == led.ID {
			joint.Lines[i].Dropped = true
		}
	}
	return joint, freed, nil
}

// An Urge (提醒) is the office's recorded reminder to a department that has not
// reported its plans: R18.
type Urge struct {
	ID      string
	Version int64
	Office  OrgID
	Org     OrgID
	Year    int
	Note    string
	By      PersonID
	At      time.Time
}

// NewUrge returns a reminder, or what is wrong with it.
func NewUrge(id string, office, org OrgID, year int, note string, by PersonID, now time.Time) (Urge, error) {
	var ps Problems
	if !ValidID(id) {
		ps = append(ps, ErrIdent.At("id"))
	}
	note = Optional(&ps, "note", "提醒内容", note, 200)
	return Urge{ID: id, Office: office, Org: org, Year: year, Note: note, By: by, At: now}, ps.Err()
}
