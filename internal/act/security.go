package act

import (
	"context"

	"suicha/internal/inspect"
)

// SealSecurityLog puts the lines of the security log that no entry seals yet on
// record. The platform does it by itself, so that who owns the database cannot
// remove lines unseen: 等保 2.0 三级 安全审计.
type SealSecurityLog struct {
	ID string `json:"id"` // made by the asker
}

// Verb is what the act is called.
func (SealSecurityLog) Verb() inspect.Verb { return inspect.SecuritySeal }

func (c SealSecurityLog) do(ctx context.Context, t *tx) error {
	if !inspect.ValidID(c.ID) {
		return inspect.ErrIdent.At("id")
	}
	seal, err := t.SealSecurity(ctx, c.ID)
	if err != nil {
		return err
	}
	t.saved("security_seal", seal.ID, seal.Version, seal)
	return nil
}
