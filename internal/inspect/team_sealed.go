package inspect

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A sealedTeam is what a team of a sealed list keeps encrypted: besides its body the
// departments, which tell the tasks that drew its object.
type sealedTeam struct {
	Org  OrgID
	Orgs []OrgID
	TeamBody
}

// Conceal is what is encrypted of a team of a sealed list, as long as told: INV-05.
func (t Team) Conceal(room int) (string, error) {
	return padded(sealedTeam{t.Org, t.Orgs, t.TeamBody}, room)
}

// Shut is the team as it is stored: closed is what Conceal gave, encrypted, and in the
// place of the departments stands the organiser's, whoever was drawn.
func (t Team) Shut(closed string, organiser OrgID) Team {
	t.Closed, t.Org, t.Orgs, t.TeamBody = closed, organiser, []OrgID{organiser}, TeamBody{}
	return t
}

// Reveal is a closed team as it was before Conceal.
func (t Team) Reveal(text string) (Team, error) {
	var s sealedTeam
	if err := json.Unmarshal([]byte(strings.TrimRight(text, " ")), &s); err != nil {
		return t, fmt.Errorf("read the sealed %s: %w", t.ID, err)
	}
	t.Closed, t.Org, t.Orgs, t.TeamBody = "", s.Org, s.Orgs, s.TeamBody
	return t, nil
}

// Mentions reports whether what Conceal gave can name somebody as a member. It is there
// to be quick: one text of many is somebody's.
func (t Team) Mentions(text string, no InspectorNo) bool {
	return strings.Contains(text, fmt.Sprintf(`"Inspector":%d,`, no))
}

// How long parts of a sealed team are at most.
const (
	teamRoom   = 1024 // what every team has
	memberRoom = 192
	idRoom     = 40
	roomBlock  = 1024
)

// TeamRoom is how long what a sealed team conceals is, by the tasks of its batch
// alone: there is room for an object that all of them draw, and for as many substitutes
// as members. So the length tells nothing of who was drawn.
func TeamRoom(tasks []Task) int {
	room := teamRoom
	for _, t := range tasks {
		room += idRoom + len(t.Parts)*(idRoom+2*t.Officers*memberRoom)
	}
	return (room/roomBlock + 1) * roomBlock
}

// SubstRoom is how long what a sealed substitution conceals is.
const SubstRoom = 6 * roomBlock

// padded writes v into room bytes, or twice, four times as many.
func padded(v any, room int) (string, error) {
	text, err := json.Marshal(v)
	for err == nil && room < len(text) {
		room *= 2
	}
	return string(text) + strings.Repeat(" ", max(0, room-len(text))), err
}

// A sealedSubst is what a substitution in a sealed list keeps encrypted.
type sealedSubst struct {
	SubstBody
	Opinion string
}

// Conceal is what is encrypted of a substitution in a sealed list, at one length.
func (s Subst) Conceal() (string, error) {
	return padded(sealedSubst{s.SubstBody, s.Opinion}, SubstRoom)
}

// Shut is the substitution as it is stored: closed is what Conceal gave, encrypted.
func (s Subst) Shut(closed string) Subst {
	s.Closed, s.SubstBody, s.Concerned = closed, SubstBody{}, ""
	if s.Opinion != "" {
		s.Opinion = "封存"
	}
	return s
}

// Reveal is a closed substitution as it was before Conceal.
func (s Subst) Reveal(text string) (Subst, error) {
	var c sealedSubst
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return s, fmt.Errorf("read the sealed substitution %s: %w", s.ID, err)
	}
	s.Closed, s.SubstBody, s.Opinion = "", c.SubstBody, c.Opinion
	return s, nil
}

// Reads asks whether somebody of org may be shown the teams of a sealed list that is
// not public: as its list, and once they are dispatched a department that takes part.
func (s TeamScene) Reads(org OrgID) error {
	if s.Dispatch.Done() && s.takesPart(org) {
		return nil
	}
	return s.Batch.Peek(org, s.Tasks)
}
