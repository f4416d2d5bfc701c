package inspect

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// SignatureID names one signature.
type SignatureID string

// Kinds of signatures.
const (
	PartySigns  = "party"
	MemberSigns = "member"
)

// The ways of signing. A member signs by the second factor of the account: R88. The
// drawing on a screen is an image, and no reliable electronic signature (可靠电子签名).
const (
	SignFactor  = "factor"
	SignDrawn   = "drawn"
	SignPaper   = "paper"
	SignRefused = "refused"
)

// PartyWays are the ways in which the inspected party signs: R85, R86.
var PartyWays = []Choice{{SignDrawn, "在屏幕上手写"}, {SignPaper, "在纸上签字或者盖章，拍照上传"}, {SignRefused, "拒绝签字或者盖章"}}

// A Signature (签字) binds what was concluded: R85–R88, 海政办发〔2020〕2号 二(五)4. It is
// never changed, and void when the visit is reopened: INV-10.
type Signature struct {
	ID        SignatureID
	Version   int64
	Region    string
	Visit     VisitID
	Digest    string // of the visit
	Kind      string
	Inspector InspectorNo // of a member
	Org       OrgID       // of the member, or of who took the party's signature
	Void      bool
	SignatureBody
	By PersonID
	At time.Time
}

// A SignatureBody is who signed, and how.
type SignatureBody struct {
	Name        string
	Role        string // of the party's person
	Certificate string // of the member
	Way         string
	Drawing     string     // a PNG in base64
	Paper       EvidenceID // the photograph of the paper
	Statement   string     // of the officers: why the party did not sign, R86
	Witness     string
	Recording   EvidenceID
	Opinion     string      // of the party
	After       SignatureID // of a member: what the party had signed or refused
}

// Content is the digest of what is concluded: the visit without its state and without
// papers that came later. A signature that binds it binds all of it: INV-10.
func (v Visit) Content() string {
	v.Version, v.State, v.Digest, v.EndedAt, v.Papers = 0, "", "", time.Time{}, nil
	text, _ := json.Marshal(v) // plain fields always can be written
	h := sha256.Sum256(append([]byte("suicha visit 1\n"), text...))
	return hex.EncodeToString(h[:])
}

// codeAlphabet is Crockford's: no letters that look like digits.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var codeEncoding = base32.NewEncoding(codeAlphabet).WithPadding(base32.NoPadding)

// VisitCode writes 80 random bits as an inspection code (检查码), in groups of four.
func VisitCode(bits [10]byte) string {
	text := codeEncoding.EncodeToString(bits[:])
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
}

// ReadVisitCode reads a code as people type it: small letters, blanks, full-width signs
// and letters that look like digits. It is empty if the text is none.
func ReadVisitCode(text string) string {
	if len(text) > 100 {
		return ""
	}
	var code strings.Builder
	for _, r := range strings.ToUpper(text) {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '　':
			r = ' '
		}
		switch {
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		}
		switch r {
		case ' ', '-', '—', '–':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		code.WriteRune(r)
	}
	bits, err := codeEncoding.DecodeString(code.String())
	if err != nil || len(bits) != 10 {
		return ""
	}
	return VisitCode([10]byte(bits))
}
