// Package job does what follows acts, outside their transactions: it extends
// the transparency log and asks the witnesses. Start with log.go.
package job

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
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
}

// every is how often the log is looked at.
const every = time.Second

// Run keeps the log until ctx ends.
func (k *LogKeeper) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := k.Step(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "extend the log", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Step takes up every entry there is and asks the witnesses once. A witness
// that does not answer does not hold the log up.
func (k *LogKeeper) Step(ctx context.Context) error {
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
	var failed error
	for _, w := range k.Witnesses {
		if last[w.Name] == head.Size || w.URL == "" {
			continue
		}
		if err := k.ask(ctx, w, head, last[w.Name]); err != nil {
			failed = errors.Join(failed, fmt.Errorf("witness %s: %w", w.Name, err))
		}
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
			if old, err = strconv.ParseInt(strings.TrimSpace(string(answer)), 10, 64); err != nil || old < 0 || old > head.Size {
				return fmt.Errorf("it has seen %.40q entries, we have %d", answer, head.Size)
			}
		default:
			return fmt.Errorf("it answered %d: %.200q", status, answer)
		}
	}
	return errors.New("it keeps naming other sizes")
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
