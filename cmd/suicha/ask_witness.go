package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/store"
)

// peers are the witnesses that verify-record asks: those whose addresses were
// given, with their keys if the policy names them, or all of the policy.
func (c *VerifyRecordCmd) peers(policy []ledger.Peer) ([]ledger.Peer, error) {
	if len(c.Witness) == 0 {
		var reachable []ledger.Peer
		for _, w := range policy {
			if w.URL != "" {
				reachable = append(reachable, w)
			}
		}
		return reachable, nil
	}
	var asked []ledger.Peer
	for _, address := range c.Witness {
		address = strings.TrimSuffix(address, "/")
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return nil, fmt.Errorf("--witness %q 应为见证机构的地址，例如 https://jiwei.example.gov.cn", address)
		}
		one := ledger.Peer{Name: address, URL: address}
		for _, w := range policy {
			if strings.TrimSuffix(w.URL, "/") == address {
				one = w
			}
		}
		asked = append(asked, one)
	}
	return asked, nil
}

// askWitnesses compares the record with what each witness remembers: whoever
// drops checkpoints and writes the entries after them anew, or puts an older copy
// back, cannot change that.
func askWitnesses(ctx context.Context, out io.Writer, log string, known []note.Verifier, v store.Verified, witnesses []ledger.Peer) error {
	if len(witnesses) == 0 {
		fmt.Fprintln(out, "注意：没有询问任何见证机构。仅凭本机数据不能发现整体改写；请配置见证策略，或者用 --witness 给出见证机构的地址。")
		return nil
	}
	var failed error
	for _, w := range witnesses {
		head, err := remembered(ctx, w, log, known)
		if err == nil {
			err = sameLog(head, v)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("见证机构 %s：%w", w.Name, err))
			continue
		}
		fmt.Fprintf(out, "见证机构 %s 核对一致：其见证过的前 %d 条与本机记录相同", w.Name, head.Size)
		if later := v.Entries - head.Size; later > 0 {
			fmt.Fprintf(out, "，其后 %d 条尚未见证", later)
		}
		if w.Key == nil {
			fmt.Fprint(out, "；策略中没有它的公钥，未核对它的签名")
		}
		fmt.Fprintln(out, "。")
	}
	return failed
}

// remembered is the newest head of the log that the witness cosigned.
func remembered(ctx context.Context, w ledger.Peer, log string, known []note.Verifier) (ledger.Head, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	path := fmt.Sprintf("%s/%x/checkpoint", strings.TrimSuffix(w.URL, "/"), sha256.Sum256([]byte(log)))
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return ledger.Head{}, fmt.Errorf("地址有误：%w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return ledger.Head{}, fmt.Errorf("未能询问：%w", err)
	}
	defer resp.Body.Close()
	signed, err := io.ReadAll(io.LimitReader(resp.Body, keys.MaxNote))
	switch {
	case err != nil:
		return ledger.Head{}, fmt.Errorf("未能询问：%w", err)
	case resp.StatusCode == http.StatusNotFound:
		return ledger.Head{}, errors.New("它还没有见证过本站的日志")
	case resp.StatusCode != http.StatusOK:
		return ledger.Head{}, fmt.Errorf("未能询问：它答复 %d", resp.StatusCode)
	}
	c, n, err := ledger.OpenCheckpoint(signed, known...)
	if err != nil || c.Origin != log {
		return ledger.Head{}, fmt.Errorf("它的答复不是本站日志的检查点：%v", err)
	}
	if w.Key != nil {
		if _, err := ledger.AddCosignature(signed, signed[len(n.Text)+1:], w.Key); err != nil {
			return ledger.Head{}, fmt.Errorf("它的答复没有它自己的签名：%w", err)
		}
	}
	return c.Head, nil
}

// sameLog fails unless the record begins with what the witness has seen.
func sameLog(seen ledger.Head, v store.Verified) error {
	if seen.Size > v.Entries {
		return fmt.Errorf("它见证过 %d 条，本机只有 %d 条：记录被截短或者换成了旧副本", seen.Size, v.Entries)
	}
	ours, err := v.HeadAt(seen.Size)
	if err != nil {
		return err
	}
	if ours != seen {
		return fmt.Errorf("前 %d 条与它见证过的不同：记录被改写", seen.Size)
	}
	return nil
}
