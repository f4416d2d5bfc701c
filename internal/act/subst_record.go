package act

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/match"
)

// keepRecord adds to replacements.tsv who came in for whom: docs/design/match.md §15.3.
// Whoever has the supervised bundle replays it.
func (b *bench) keepRecord(ctx context.Context) error {
	if len(b.record) == 0 {
		return nil
	}
	lines := func(name string) int {
		text, err := fs.ReadFile(b.tree, name)
		if err != nil {
			return 0 // there was nothing so far
		}
		return bytes.Count(text, []byte("\n"))
	}
	n, after := lines(match.ReplacementsFile), lines(draw.SubstitutionsFile)
	var text strings.Builder
	for i, r := range b.record {
		r.Time, r.After = draw.Instant(b.t.now), after
		text.WriteString(r.Text(n+i+1) + "\n")
	}
	return b.t.addReplacements(ctx, b.scene.Batch, n+1, text.String())
}

// replaceRoom is how long what one act adds to a sealed replacements.tsv is at least.
const replaceRoom = 8192

// replacePurpose is what the lines from the n-th on are sealed for.
func replacePurpose(n int) string { return inspect.ReplaceFile + " " + strconv.Itoa(n) }

// addReplacements stores lines of replacements.tsv, the first of which is the n-th; in a
// sealed list, encrypted, in the file beside it, all lines of one act in one.
func (t *tx) addReplacements(ctx context.Context, b inspect.Batch, n int, text string) error {
	name := match.ReplacementsFile
	if b.Hidden() {
		v, err := t.vault(ctx, b.ID, b.Run)
		if err != nil {
			return err
		}
		room := replaceRoom
		for room < len(text) {
			room *= 2
		}
		name, text = inspect.ReplaceFile, v.key.Seal(replacePurpose(n), text+strings.Repeat(" ", room-len(text)))+"\n"
	}
	f, err := t.AddSubstitution(ctx, b, name, text)
	if err == nil {
		t.later = append(t.later, image{"batch_file", f.ID, f.Version, f})
	}
	return err
}

// sealedReplacements is replacements.tsv of a sealed list, decrypted.
func (t *tx) sealedReplacements(ctx context.Context, b inspect.Batch) (text []byte, err error) {
	kept, err := t.Files(ctx, b.ID, b.Run, inspect.ReplaceFile)
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	v, err := t.vault(ctx, b.ID, b.Run)
	if err != nil {
		return nil, err
	}
	for part := range strings.Lines(string(kept[inspect.ReplaceFile])) {
		n := bytes.Count(text, []byte("\n")) + 1
		lines, err := v.key.Open(replacePurpose(n), strings.TrimSuffix(part, "\n"))
		if err != nil {
			return nil, fmt.Errorf("open %s of %s from line %d on: %w", inspect.ReplaceFile, b.Number, n, err)
		}
		text = append(text, strings.TrimRight(lines, " ")...)
	}
	return text, nil
}

// clearReplacements stores replacements.tsv in clear, on the day of the list.
func (t *tx) clearReplacements(ctx context.Context, was, now inspect.Batch) error {
	text, err := t.sealedReplacements(ctx, was)
	if err != nil || len(text) == 0 {
		return err
	}
	return t.addReplacements(ctx, now, 1, string(text))
}
