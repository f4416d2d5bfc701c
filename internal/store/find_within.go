package store

import (
	"context"
	"strings"

	"suicha/internal/inspect"
)

// Scopes and addresses are too long for the index (docs/decisions/0015). Words in
// them are looked for row by row, among the objects that the other fields of the
// question leave.

// withinMost is how many rows are looked at for words that no index knows: all of a
// county's.
const withinMost = 200_000

// within reports whether the words are looked for row by row.
func (s *search) within() bool { return s.where != "" && len(s.words) > 0 }

// askWithin returns those of the objects that have each word in the text asked for.
func (s *search) askWithin(ctx context.Context, nos []inspect.ObjectNo) (map[inspect.ObjectNo]bool, error) {
	if s.asked += len(nos); s.asked > withinMost {
		return nil, inspect.ErrFindWide.With(withinMost, inspect.ChoiceText(inspect.Wheres, string(s.where)))
	}
	column := "address"
	if s.where == inspect.InScope {
		column = "scope"
	}
	right := map[inspect.ObjectNo]bool{}
	marks, args := in(1, nos)
	_, err := list(ctx, s.q, func(row scanner) (none struct{}, err error) {
		var no inspect.ObjectNo
		var text string
		if err := row.Scan(&no, &text); err != nil {
			return none, err
		}
		if s.said(text) {
			right[no] = true
		}
		return none, nil
	}, `SELECT no, `+column+` FROM object WHERE no IN `+marks, args...)
	return right, err
}

// said reports whether a text has each of the words.
func (s *search) said(text string) bool {
	text = plain(text)
	for _, w := range s.words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
