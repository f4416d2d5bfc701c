package inspect

import (
	"fmt"
	"slices"
	"time"

	"suicha/internal/workday"
)

// ConfirmationID names one confirmation.
type ConfirmationID string

// A Library is one of the two libraries (两库) that a department keeps.
type Library string

// The two libraries: 海政办发〔2020〕2号 二(三).
const (
	ObjectLibrary    Library = "object"
	InspectorLibrary Library = "inspector"
)

// Libraries lists both, in the order in which they are confirmed.
var Libraries = []Choice{{string(ObjectLibrary), "检查对象名录库"}, {string(InspectorLibrary), "执法检查人员名录库"}}

// Text is the library in Chinese.
func (l Library) Text() string { return ChoiceText(Libraries, string(l)) }

// Statement is what a department signs for with a confirmation: R37,
// 海政办发〔2020〕2号 二(三) "对其真实性、及时性负责".
func (l Library) Statement() string {
	return "本部门已在本次抽查前核对并更新" + l.Text() + "，对其真实性、及时性负责。"
}

// A Confirmation (名录库确认) is a department's word for one of its libraries, as it
// stood at one entry of the record, before one draw: R36, 海政办发〔2020〕2号 二(三)
// "每次组织抽查活动前对“两库”进行更新确认". It is written once; when a row changes
// later it is out of date, and the department confirms again.
type Confirmation struct {
	ID        ConfirmationID
	Version   int64
	Task      TaskID
	Org       OrgID
	Library   Library
	No        int // of the task, department and library; the first is 1
	Rows      int64
	Hash      string // SHA-256 over the sorted digests of the rows
	Oldest    workday.Date
	Upto      int64 // the entry after which the rows were read
	Since     int64 // Upto of the department's confirmation before, over all tasks; 0 if it is the first
	Changes   RowChanges
	Statement string
	By        PersonID
	At        time.Time
}

// A LibraryRead is what a library of a department is for one task.
type LibraryRead struct {
	Rows   int64
	Hash   string
	Oldest workday.Date // the oldest day that a row's source speaks of: R37
}

// RowChanges count what changed in a library.
type RowChanges struct{ Added, Changed, Removed int64 }

// Total is how many rows changed.
func (c RowChanges) Total() int64 { return c.Added + c.Changed + c.Removed }

// Text is the counts in words.
func (c RowChanges) Text() string {
	if c.Total() == 0 {
		return "没有变动"
	}
	return fmt.Sprintf("新增 %d、变更 %d、移出 %d", c.Added, c.Changed, c.Removed)
}

// RowChangeKinds are the kinds of a change, in the order of the counts.
var RowChangeKinds = []Choice{{"added", "新增"}, {"changed", "变更"}, {"removed", "移出"}}

// A RowChange is one object or inspector that is not as it was.
type RowChange struct {
	No   int64
	Code string
	Name string
	Kind string // of RowChangeKinds
}

// ConfirmedSublibs are the sub-libraries that org confirms for the task: its own
// ones. The lead, and who has none among them, confirm the whole pool.
func (t Task) ConfirmedSublibs(org OrgID, sublibs map[SublibraryID]Sublibrary) []SublibraryID {
	var own []SublibraryID
	for _, id := range t.Sublibs {
		if sublibs[id].Org == org {
			own = append(own, id)
		}
	}
	if org == t.Org || len(own) == 0 {
		return slices.Clone(t.Sublibs)
	}
	return own
}

// A LibraryState is how the confirmation of one department's library stands.
type LibraryState struct {
	Org     OrgID
	Library Library
	Last    Confirmation // zero if there is none for the task
	Changed int64        // rows that changed since
}

// Current reports whether the library is confirmed as it stands.
func (s LibraryState) Current() bool { return s.Last.No > 0 && s.Changed == 0 }

// Confirm is org's word for a library as it was read. Seen is the hash on the screen
// of whoever signs; last is the department's confirmation for this task, and before
// its newest for any: R36, R37.
func (t Task) Confirm(id ConfirmationID, org OrgID, library Library, read LibraryRead, seen string, state LibraryState, by PersonID, now time.Time) (Confirmation, error) {
	if _, err := taskLife.Next(t.State, ConfirmSign); err != nil {
		return Confirmation{}, err
	}
	_, part := t.Part(org)
	switch {
	case !ValidID(id):
		return Confirmation{}, ErrIdent.At("id")
	case !part:
		return Confirmation{}, ErrMissing
	case library != ObjectLibrary && library != InspectorLibrary:
		return Confirmation{}, ErrChoice.With("名录库").At("library")
	case read.Rows == 0:
		return Confirmation{}, ErrConfirmEmpty
	case state.Current():
		return Confirmation{}, ErrConfirmAgain
	case read.Hash != seen:
		return Confirmation{}, ErrConfirmMoved
	}
	return Confirmation{
		ID: id, Task: t.ID, Org: org, Library: library, No: state.Last.No + 1, Rows: read.Rows, Hash: read.Hash, Oldest: read.Oldest,
		Statement: library.Statement(), By: by, At: now,
	}, nil
}
