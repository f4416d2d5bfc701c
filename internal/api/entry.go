package api

import (
	"fmt"

	"suicha/internal/inspect"
	"suicha/internal/ledger"
)

// An entryQuery names an entry.
type entryQuery struct {
	N int64 `path:"n" label:"存证序号" least:"0"`
}

// An entry is what anybody may know of an act: its leaf of the log, which holds
// no person, and the proof that the log has it.
type entry struct {
	N        int64        `json:"n" label:"存证序号"`
	Code     string       `json:"code" label:"回执码"`
	At       string       `json:"at" label:"时间"`
	Verb     inspect.Verb `json:"verb" label:"办理事项"`
	VerbText string       `json:"verb_text" label:"办理事项（文字）"`
	Org      string       `json:"org" label:"办理单位 id"`
	Target   string       `json:"target" label:"对象 id"`
	Version  int64        `json:"version" label:"对象版本"`
	Leaf     string       `json:"leaf" label:"条目原文" hint:"计算哈希用的规范文本，一字不改"`
	Included bool         `json:"included" label:"已收录进签名的日志"`
	Proof    string       `json:"proof,omitempty" label:"收录证明" hint:"C2SP tlog-proof 文本"`
}

func (s *server) entry(c *call, q entryQuery) (entry, error) {
	leaf, err := s.DB.PublicEntry(c.Context(), inspect.Scope{}, q.N)
	if err != nil {
		return entry{}, err
	}
	e, err := ledger.ParseLeaf([]byte(leaf))
	if err != nil {
		return entry{}, fmt.Errorf("read entry %d: %w", q.N, err)
	}
	v := entry{
		N: e.N, Code: ledger.ReceiptCode(ledger.LeafHash([]byte(leaf))), At: e.At, Verb: inspect.Verb(e.Verb),
		VerbText: inspect.Verb(e.Verb).Text(), Org: e.Org, Target: e.Target, Version: e.Version, Leaf: leaf,
	}
	head, err := s.Log.Newest(c.Context())
	if err != nil {
		return v, fmt.Errorf("read the newest checkpoint: %w", err)
	}
	if q.N >= head.Size {
		return v, nil
	}
	path, err := ledger.ProveInclusion(head.Size, q.N, s.Log.Hashes(c.Context()))
	if err != nil {
		return v, fmt.Errorf("prove entry %d: %w", q.N, err)
	}
	v.Included = true
	v.Proof = string(ledger.FormatProof(ledger.Proof{Leaf: []byte(leaf), Index: q.N, Path: path, Note: head.Note}))
	return v, nil
}
