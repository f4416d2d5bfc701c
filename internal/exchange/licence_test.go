package exchange_test

import (
	"testing"

	"suicha/internal/exchange"
)

// R27: files of licences name their columns in one way each.
func TestLicenceTableIsSound(t *testing.T) {
	if err := exchange.LicenceTable().Valid(); err != nil {
		t.Error(err)
	}
}
