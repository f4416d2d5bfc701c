// Package job does what follows acts, outside their transactions: it extends
// the transparency log and asks the witnesses. Start with log.go.
package job

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"suicha/internal/ledger"
	"suicha/internal/store"
)

// A LogKeeper takes new entries into the transparency log, signs its head and
// asks the witnesses for theirs. Several may run beside each other: whoever
// comes second finds nothing to do.
type LogKeeper struct {
	Log       *store.Log
	Signer    *ledger.Signer
	Witnesses []ledger.Peer // with addresses
	Now       func() time.Time
	Client    *http.Client // with a timeout

	// Halt is told once that this is not the log the witnesses know. Nothing may
	// be acknowledged from then on.
	Halt func(error)

	compared map[string]bool // witnesses that have seen the log this process began with
	halted   error
}

// ErrNotTheLog is a log that a witness has seen longer, or otherwise: an older
// copy of the database was put back, or its history was written anew.
var ErrNotTheLog = errors.New("this is not the log that the witness has cosigned")

// every is how often the log is looked at.
const every = time.Second

// Run keeps the log until ctx ends.
func (k *LogKeeper) Run(ctx context.Context) { repeat(ctx, every, "extend the log", k.Step) }

// Step takes up every entry there is and asks the witnesses once. A witness
// that does not answer does not hold the log up; one that has seen another log
// stops it, and from then on nothing is signed.
func (k *LogKeeper) Step(ctx context.Context) error {
	if k.halted != nil {
		return k.halted
	}
	err := k.step(ctx)
	if errors.Is(err, ErrNotTheLog) {
		k.halted = err
		if k.Halt != nil {
			k.Halt(err)
		}
	}
	return err
}

func (k *LogKeeper) step(ctx context.Context) error {
	known := k.compare(ctx)
	if errors.Is(known, ErrNotTheLog) {
		return known
	}
	for more := true; more; {
		var err error
		if more, err = k.Log.Extend(ctx, k.Now(), k.Signer.Sign); err != nil {
			return fmt.Errorf("take up entries: %w", err)
		}
	}
	head, err := k.Log.Newest(ctx)
	if err != nil || head.Size == 0 {
		return err
	}
	cosigned, err := k.Log.Cosigned(ctx)
	if err != nil {
		return err
	}
	last := map[string]int64{}
	for _, c := range cosigned {
		last[c.Witness] = c.Size
	}
	failed := known
	for _, w := range k.Witnesses {
		if !k.compared[w.Name] { // it did not answer just now
			continue
		}
		if last[w.Name] == head.Size || w.URL == "" {
			continue
		}
		if err := k.ask(ctx, w, head, last[w.Name]); err != nil {
			failed = errors.Join(failed, fmt.Errorf("witness %s: %w", w.Name, err))
		}
	}
	return failed
}

// compare shows the head as it is to each witness that this process has not
// asked yet, before it signs anything: what an older copy of the database says
// of cosignatures is as old as the copy.
func (k *LogKeeper) compare(ctx context.Context) error {
	if k.compared == nil {
		k.compared = map[string]bool{}
	}
	head, err := k.Log.Newest(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, w := range k.Witnesses {
		if k.compared[w.Name] || w.URL == "" {
			continue
		}
		if head.Size > 0 {
			err = k.ask(ctx, w, head, head.Size)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("witness %s: %w", w.Name, err))
			continue
		}
		k.compared[w.Name] = true
	}
	return failed
}

// ask sends the head to a witness that has seen old entries. A witness that has
// seen another size says so, and is asked once more from there.
func (k *LogKeeper) ask(ctx context.Context, w ledger.Peer, head store.SignedHead, old int64) error {
	for range 2 {
		proof, err := ledger.ProveGrowth(head.Size, old, k.Log.Hashes(ctx))
		if err != nil {
			return err
		}
		status, answer, err := k.post(ctx, w.URL, ledger.AddCheckpoint{Old: old, Proof: proof, Note: head.Note}.Format())
		if err != nil {
			return err
		}
		switch status {
		case http.StatusOK:
			if _, err := ledger.AddCosignature(head.Note, answer, w.Key); err != nil {
				return err
			}
			return k.Log.AddCosignature(ctx, head.Size, w.Name, answer, k.Now())
		case http.StatusConflict:
			if old, err = strconv.ParseInt(strings.TrimSpace(string(answer)), 10, 64); err != nil || old < 0 {
				return fmt.Errorf("it says that it has seen %.40q entries", answer)
			}
			if old > head.Size {
				return k.behind(ctx, old)
			}
		case http.StatusUnprocessableEntity:
			return fmt.Errorf("%w: %.200q", ErrNotTheLog, answer)
		default:
			return fmt.Errorf("it answered %d: %.200q", status, answer)
		}
	}
	return errors.New("it keeps naming other sizes")
}

// behind tells a log that another process has extended in the meantime from one
// that has lost entries.
func (k *LogKeeper) behind(ctx context.Context, seen int64) error {
	head, err := k.Log.Newest(ctx)
	if err == nil && head.Size < seen {
		err = fmt.Errorf("%w: it has seen %d entries, we have %d", ErrNotTheLog, seen, head.Size)
	}
	return err
}

func (k *LogKeeper) post(ctx context.Context, url string, body []byte) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(url, "/")+"/add-checkpoint", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	resp, err := k.Client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	return resp.StatusCode, answer, err
}
