package store

import (
	"context"
	"fmt"
	"slices"

	"suicha/internal/inspect"
)

// taskRows are all tasks, whose approved items stand in a table of their own: they
// follow from the task as the approval wrote it.
func taskRows(ctx context.Context, q queryer) ([]keptRow, error) {
	type approved struct {
		task inspect.TaskID
		inspect.ItemPin
		cseq int64
	}
	all, err := list(ctx, q, func(s scanner) (a approved, err error) {
		return a, s.Scan(&a.task, &a.Item, &a.Version, &a.Org, &a.cseq)
	},
		`SELECT task, item, version, org, cseq FROM task_item ORDER BY task, item`)
	if err != nil {
		return nil, err
	}
	pins := map[inspect.TaskID][]approved{}
	for _, a := range all {
		pins[a.task] = append(pins[a.task], a)
	}
	var rows []keptRow
	_, err = list(ctx, q, func(s scanner) (none struct{}, err error) {
		r := keptRow{table: "task"}
		t, err := scanTask(tailScanner{s, []any{&r.cseq}})
		if err != nil {
			return none, err
		}
		r.id, r.version, r.value = string(t.ID), t.Version, t
		rows = append(rows, r)
		want := t.Items()
		if t.ApprovedBy == "" {
			want = nil
		}
		bad := func(text string) error { return Fault{"task_item", string(t.ID), text} }
		for _, a := range pins[t.ID] {
			if !slices.Contains(want, a.ItemPin) || a.cseq > r.cseq {
				return none, bad(fmt.Sprintf("item %s was not approved", a.Item))
			}
		}
		if len(pins[t.ID]) != len(want) {
			return none, bad("an approved item is missing")
		}
		delete(pins, t.ID)
		return none, nil
	}, `SELECT `+taskCols+`, cseq FROM task ORDER BY id`)
	for id := range pins {
		if err == nil {
			err = Fault{"task_item", string(id), "its task is missing"}
		}
	}
	return rows, err
}
