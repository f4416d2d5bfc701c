package act

import (
	"context"

	"suicha/internal/inspect"
)

// SignParty takes the signature of the inspected party, or notes that it refused: R85,
// R86. Digest is of what the party was shown.
type SignParty struct {
	Team      inspect.TeamID      `json:"team"`
	ID        inspect.SignatureID `json:"id"` // made by the asker
	Digest    string              `json:"digest" label:"所签内容的摘要"`
	Way       string              `json:"way" label:"签字方式"`
	Name      string              `json:"name" label:"签字人"`
	Role      string              `json:"role" label:"职务或者身份"`
	Opinion   string              `json:"opinion" label:"被检查单位意见" hint:"没有意见的不填"`
	Drawing   string              `json:"drawing" label:"手写签名" hint:"PNG 图片，base64"`
	Paper     inspect.EvidenceID  `json:"paper" label:"纸质文书照片" hint:"已登记的证据"`
	Statement string              `json:"statement" label:"拒绝签字说明"`
	Witness   string              `json:"witness" label:"见证人"`
	Recording inspect.EvidenceID  `json:"recording" label:"录音录像" hint:"已登记的证据"`
}

// Verb is what the act is called.
func (SignParty) Verb() inspect.Verb { return inspect.VisitParty }

func (c SignParty) do(ctx context.Context, t *tx) error {
	g, err := t.visit(ctx, c.Team)
	if err != nil {
		return err
	}
	live, err := t.Signatures(ctx, g.ID)
	if err != nil {
		return err
	}
	s := inspect.Signature{ID: c.ID, Digest: c.Digest}
	s.SignatureBody = inspect.SignatureBody{
		Name: c.Name, Role: c.Role, Way: c.Way, Drawing: c.Drawing, Paper: c.Paper, Statement: c.Statement, Witness: c.Witness, Recording: c.Recording, Opinion: c.Opinion,
	}
	if s, err = g.TakeParty(s, live, g.by); err != nil {
		return err
	}
	return t.saveSignature(ctx, s)
}

// SignVisit is a member's own signature, by the second factor of the account: R88. The
// last one ends the visit.
type SignVisit struct {
	Team   inspect.TeamID      `json:"team"`
	ID     inspect.SignatureID `json:"id"` // made by the asker
	Digest string              `json:"digest" label:"所签内容的摘要"`
}

// Verb is what the act is called.
func (SignVisit) Verb() inspect.Verb { return inspect.VisitSign }

func (c SignVisit) do(ctx context.Context, t *tx) error {
	g, err := t.visit(ctx, c.Team)
	if err != nil {
		return err
	}
	live, err := t.Signatures(ctx, g.ID)
	if err != nil {
		return err
	}
	s, v, err := g.Sign(inspect.Signature{ID: c.ID, Digest: c.Digest}, live, g.by)
	if err != nil {
		return err
	}
	if err := t.saveSignature(ctx, s); err != nil || v.State == g.State {
		return err
	}
	if err := t.saveVisit(ctx, g, v); err != nil {
		return err
	}
	return t.splitVisit(ctx, v)
}

func (t *tx) saveSignature(ctx context.Context, s inspect.Signature) error {
	if err := t.PutSignature(ctx, s); err != nil {
		return err
	}
	s.Version++
	t.saved("signature", string(s.ID), s.Version, s)
	return nil
}
