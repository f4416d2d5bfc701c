package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"suicha/internal/inspect"
)

// historied are the kinds whose every version is a row of history: R23.
var historied = []string{"item", "upstream_list", "item_limit", "checklist", "joint_list"}

type historyKey struct {
	kind, id string
	version  int64
}

// A pastVersion is what an entry says of a version: whose text must be in history,
// letter by letter.
type pastVersion struct {
	cseq   int64
	sum    [sha256.Size]byte
	gone   bool // the entry's body is
	spared bool // it was written before there was a history
}

// wroteVersion takes over an image of a kind that has a history.
func (r *replay) wroteVersion(n int64, im image, value any) {
	if !slices.Contains(historied, im.Kind) {
		return
	}
	item, ok := value.(inspect.Item)
	r.history[historyKey{im.Kind, im.ID, im.Version}] = pastVersion{cseq: n, sum: sha256.Sum256(im.Value), spared: ok && item.At.IsZero()}
}

// histories compares every row of history with the image in its entry.
func (r *replay) histories(ctx context.Context, q queryer) error {
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var key historyKey
		var value string
		var cseq int64
		if err := s.Scan(&key.kind, &key.id, &key.version, &value, &cseq); err != nil {
			return none, err
		}
		want, ok := r.history[key]
		delete(r.history, key)
		switch {
		case !ok || want.spared:
			return none, Fault{"history", key.String(), "no entry wrote it"}
		case want.cseq != cseq:
			return none, Fault{"history", key.String(), fmt.Sprintf("it names entry %d; entry %d wrote it", cseq, want.cseq)}
		case !want.gone && sha256.Sum256([]byte(value)) != want.sum:
			return none, Fault{"history", key.String(), fmt.Sprintf("it is not what entry %d wrote", cseq)}
		}
		return none, nil
	}, `SELECT kind, id, version, value, cseq FROM history ORDER BY kind, id, version`)
	if err != nil {
		return err
	}
	for key, want := range r.history {
		if !want.spared && !want.gone {
			return Fault{"history", key.String(), "it is missing"}
		}
	}
	return nil
}

func (k historyKey) String() string { return fmt.Sprintf("%s %s %d", k.kind, k.id, k.version) }
