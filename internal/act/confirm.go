package act

import (
	"context"
	"slices"

	"suicha/internal/inspect"
)

// SignConfirm is a department's word for one of its libraries before a draw: R36,
// R37, 海政办发〔2020〕2号 二(三) "每次组织抽查活动前对“两库”进行更新确认". Hash is what
// was on the screen.
type SignConfirm struct {
	ID      inspect.ConfirmationID `json:"id"` // made by the asker
	Task    inspect.TaskID         `json:"task"`
	Library inspect.Library        `json:"library" label:"名录库"`
	Hash    string                 `json:"hash"`
	Signed  bool                   `json:"signed" label:"声明"`
}

// Verb is what the act is called.
func (SignConfirm) Verb() inspect.Verb { return inspect.ConfirmSign }

func (c SignConfirm) do(ctx context.Context, t *tx) error {
	task, err := t.taskNow(ctx, c.Task)
	switch {
	case err != nil:
		return err
	case !c.Signed:
		return inspect.ErrConfirmSigned
	}
	if _, err := t.Confirmation(ctx, c.ID); err == nil {
		return inspect.ErrTaken
	}
	facts, err := t.Facts(ctx, task.Region)
	if err != nil {
		return err
	}
	states, err := t.LibraryStates(ctx, task, facts.Sublibs)
	if err != nil {
		return err
	}
	org := t.by.Org.ID
	read, err := t.ReadLibrary(ctx, task, org, c.Library, facts.Sublibs)
	if err != nil {
		return err
	}
	var state inspect.LibraryState
	if i := slices.IndexFunc(states, func(s inspect.LibraryState) bool { return s.Org == org && s.Library == c.Library }); i >= 0 {
		state = states[i]
	}
	confirmation, err := task.Confirm(c.ID, org, c.Library, read, c.Hash, state, t.by.Person, t.now)
	if err != nil {
		return err
	}
	confirmation.Upto = t.EntryNumber()
	if confirmation.Since, err = t.ConfirmedBefore(ctx, org, c.Library); err != nil {
		return err
	}
	if confirmation.Since > 0 {
		if confirmation.Changes, err = t.RowChanges(ctx, task, org, c.Library, facts.Sublibs, confirmation.Since); err != nil {
			return err
		}
	}
	if err := t.AddConfirmation(ctx, confirmation); err != nil {
		return err
	}
	confirmation.Version = 1
	t.saved("confirmation", string(confirmation.ID), 1, confirmation)
	return nil
}
