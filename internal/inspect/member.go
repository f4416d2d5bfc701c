package inspect

import (
	"strconv"
	"strings"
	"time"
)

// A MemberState is how far an object has come into a sub-library.
type MemberState string

// The states of a member.
const (
	MemberCandidate MemberState = "candidate"
	MemberConfirmed MemberState = "confirmed"
	MemberRemoved   MemberState = "removed"
)

// MemberStates lists the states in the order of filters.
var MemberStates = []Choice{{string(MemberConfirmed), "已确认"}, {string(MemberCandidate), "待确认"}, {string(MemberRemoved), "已移出"}}

// Text is the state in Chinese.
func (s MemberState) Text() string { return ChoiceText(MemberStates, string(s)) }

// memberLife is every move a member can make. What a rule or a colleague
// proposes is a candidate until the department confirms it: R35, 海政办发〔2020〕2号
// 二(三). What it struck out no rule proposes again; the department itself can.
var memberLife = Life[MemberState]{
	{MemberConfirm, MemberCandidate, MemberConfirmed},
	{MemberRemove, MemberCandidate, MemberRemoved},
	{MemberRemove, MemberConfirmed, MemberRemoved},
	{MemberAdd, MemberRemoved, MemberCandidate},
}

// MemberLife returns the moves of a member.
func MemberLife() Life[MemberState] { return memberLife }

// A Member (分库成员) is an object in a sub-library: R31. An object can be in
// several. Ground says why it is proposed, By and At who did the last step.
type Member struct {
	Sublib  SublibraryID
	No      ObjectNo
	Version int64
	State   MemberState
	Ground  string
	By      PersonID
	At      time.Time
}

// NewMember proposes an object for a sub-library.
func NewMember(lib SublibraryID, no ObjectNo, ground string, by PersonID, now time.Time) (Member, error) {
	var ps Problems
	m := Member{Sublib: lib, No: no, State: MemberCandidate, By: by, At: now}
	m.Ground = Line(&ps, "ground", "列入依据", ground, objectTextMost)
	return m, ps.Err()
}

// Step takes the member one step on: confirmed or removed by the department, or
// proposed again, which needs a ground.
func (m Member) Step(verb Verb, ground string, by PersonID, now time.Time) (Member, error) {
	next, err := memberLife.Next(m.State, verb)
	if err != nil {
		return m, err
	}
	var ps Problems
	if verb != MemberConfirm {
		m.Ground = Line(&ps, "ground", "依据", ground, objectTextMost)
	}
	m.State, m.By, m.At = next, by, now
	return m, ps.Err()
}

// Key names the member among the rows of the libraries.
func (m Member) Key() string { return string(m.Sublib) + "/" + m.No.String() }

const memberInstant = "2006-01-02T15:04:05.000Z"

// Text is the rest of the member as one line of fields parted by tabs.
func (m Member) Text() string {
	return strings.Join([]string{string(m.State), m.Ground, string(m.By), m.At.UTC().Format(memberInstant)}, "\t")
}

// ParseMember reads what Key and Text wrote.
func ParseMember(key string, version int64, text string) (Member, error) {
	m := Member{Version: version}
	lib, no, ok := strings.Cut(key, "/")
	cells := strings.Split(text, "\t")
	if !ok || len(cells) != 4 {
		return m, errRowText
	}
	n, err := strconv.ParseInt(no, 10, 64)
	m.Sublib, m.No, m.State, m.Ground, m.By = SublibraryID(lib), ObjectNo(n), MemberState(cells[0]), cells[1], PersonID(cells[2])
	if err == nil {
		m.At, err = time.Parse(memberInstant, cells[3])
	}
	if err == nil && (m.Key() != key || m.Text() != text) {
		err = errRowText
	}
	return m, err
}
