package inspect

import (
	"encoding/json"
	"fmt"
)

// A TeamRow is a team as its table has it: what nobody may learn early is one text.
type TeamRow struct {
	Team
	Body string // JSON, or a cipher text
}

// Key names the team among the rows of the libraries.
func (r TeamRow) Key() string { return string(r.ID) }

// Text is the rest of the row as one line: see Object.Text.
func (r TeamRow) Text() string {
	return fmt.Sprintf("%s\t%d\t%d\t%s\t%s\t%s\t%t\t%s", r.Batch, r.Run, r.No, r.Org, r.Orgs, r.State, r.Sealed, r.Body)
}

// Write puts the body into words. It has no line breaks.
func (b TeamBody) Write() (string, error) {
	text, err := json.Marshal(b)
	return string(text), err
}

// ReadTeamBody reads what Write wrote.
func ReadTeamBody(text string) (b TeamBody, err error) {
	if err = json.Unmarshal([]byte(text), &b); err != nil {
		err = fmt.Errorf("read the body of a team: %w", err)
	}
	return b, err
}
