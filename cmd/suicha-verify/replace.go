package main

import (
	"fmt"
	"slices"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// replacementsInPlace checks where replacements may stand: docs/design/draw.md §17. The
// whole file names inspectors, and there are none without teams.
func (b *bundle) replacementsInPlace() error {
	teams := b.keys != nil && b.ceremony.Lock.Matched() && b.ceremony.Result.Teams != (draw.Commitment{})
	for _, x := range []struct {
		name string
		may  bool
	}{{match.ReplacementsFile, teams && b.census != nil}, {match.PublicReplacements, teams && b.census == nil}} {
		if has(b.files, x.name) && !x.may {
			return &draw.Fault{File: x.name, Text: "这份材料中不应有此文件"}
		}
	}
	return nil
}

// replacements replays who came in for whom: docs/design/match.md §15.3. What is public
// of it names no person, and shows which seats changed.
func (b *bundle) replacements() (bool, error) {
	if has(b.files, match.PublicReplacements) {
		return true, fault(match.CheckPublished(b.read(match.PublicReplacements), b.tasks(), b.drawn(), b.moves))
	}
	if !has(b.files, match.ReplacementsFile) {
		if b.matched != nil && b.ceremony.Result.Teams != (draw.Commitment{}) && slices.ContainsFunc(b.moves, func(m match.Move) bool { return m.In != "-" }) {
			fmt.Fprintln(b.out, "  提示　有递补对象，但没有 replacements.tsv，它们的检查小组无法核对")
		}
		return false, nil
	}
	drawn, regions, err := b.regions()
	if err != nil {
		return false, err
	}
	seats, err := match.ParseSeats(b.read(match.AssignmentFile))
	if err != nil {
		return false, fault(err)
	}
	inputs := *b.matched
	inputs.Demands = nil
	return true, fault(match.NewTeams(&inputs, b.needs, b.terms(&inputs), regions, drawn, seats, b.moves).Read(b.read(match.ReplacementsFile)))
}
