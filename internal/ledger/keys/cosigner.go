package keys

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A Cosigner is the secret key of a witness.
type Cosigner struct{ secret *signer }

// ParseCosigner reads the skey of a witness. A log's key is refused: no log is
// its own witness.
func ParseCosigner(skey string) (*Cosigner, error) {
	s, err := parseSecret(skey)
	if err == nil && s.kind != WitnessEd25519 {
		err = errors.New("this is the key of a log, not of a witness")
	}
	if err != nil {
		return nil, fmt.Errorf("read the witness's secret key: %w", err)
	}
	return &Cosigner{s}, nil
}

// Vkey is the text by which others check the witness.
func (c *Cosigner) Vkey() string { return c.secret.key.String() }

// String gives the vkey.
func (c *Cosigner) String() string { return c.Vkey() }

// At gives the signer of cosignatures made at now.
func (c *Cosigner) At(now time.Time) note.Signer {
	return &timedSigner{c.secret.key, c.secret, now.Unix()}
}

type timedSigner struct {
	key
	secret *signer
	at     int64
}

func (s *timedSigner) Sign(msg []byte) ([]byte, error) {
	if s.at <= 0 {
		return nil, errors.New("cosign: the clock stands before 1970")
	}
	sig := binary.BigEndian.AppendUint64(nil, uint64(s.at))
	private := ed25519.NewKeyFromSeed(s.secret.secret)
	return append(sig, ed25519.Sign(private, cosigned(msg, s.at))...), nil
}

// cosigned is the message of a cosignature/v1: it says when, so that nobody can
// mistake it for a log's signature.
func cosigned(msg []byte, at int64) []byte {
	return append([]byte("cosignature/v1\ntime "+strconv.FormatInt(at, 10)+"\n"), msg...)
}

// cosignedAt reads the time out of a cosignature. Time zero means that the
// witness did not look whether the log had grown since: not good enough.
func cosignedAt(sig []byte) (int64, bool) {
	if len(sig) != 8+ed25519.SignatureSize {
		return 0, false
	}
	at := binary.BigEndian.Uint64(sig)
	return int64(at), at > 0 && at <= math.MaxInt64
}

// TimeOf gives the time of a cosignature that has been verified.
func TimeOf(s note.Signature) time.Time {
	raw, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(raw) < 4 {
		return time.Time{}
	}
	at, _ := cosignedAt(raw[4:])
	return time.Unix(at, 0).UTC()
}
