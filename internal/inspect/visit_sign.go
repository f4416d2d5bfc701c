package inspect

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/png"
	"slices"
	"strings"
	"time"

	"suicha/internal/workday"
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

// A VisitGap is one thing that is missing for the conclusion, and whose turn it is:
// R77, 海政办发〔2020〕2号 二(五)4 "一次性完成".
type VisitGap struct {
	Org  OrgID
	Item ItemID // empty if it is about the whole visit
	Text string
}

// Gaps lists what keeps the visit from its conclusion.
func (v Visit) Gaps() (gaps []VisitGap) {
	if v.State == VisitAside {
		return v.specialGaps()
	}
	for _, f := range v.Findings {
		switch {
		case !f.Filled():
			gaps = append(gaps, VisitGap{f.Org, f.Item, "“" + f.Name + "”尚未填写检查情况。"})
		case f.Has(OrderedToCorrect) && !slices.ContainsFunc(v.Measures, func(m Measure) bool { return m.Org == f.Org && m.Kind == "rectify" }):
			gaps = append(gaps, VisitGap{f.Org, f.Item, "“" + f.Name + "”责令改正，尚未登记责令改正措施和期限。"}) // R82
		}
	}
	return gaps
}

// specialGaps are what is missing of the least evidence: R100.
func (v Visit) specialGaps() (gaps []VisitGap) {
	s := v.Special
	if s.Kind == Unreachable && len(v.Evidence) < unreachableEvidence {
		gaps = append(gaps, VisitGap{v.Org, "", "无法联系的，至少登记两份证据，例如现场照片、通话记录。"})
	}
	if s.Kind == NonCooperation && s.Witness == "" && s.Recording == "" {
		gaps = append(gaps, VisitGap{v.Org, "", "不予配合的，须有见证人或者录音录像。"})
	}
	return gaps
}

// unreachableEvidence is the least number of pieces of evidence that an object cannot be
// reached: R100.
const unreachableEvidence = 2

// Conclude is the team's conclusion. Its leader answers for it, and from then on nothing
// of it changes: R77, R89, 海政办发〔2020〕2号 二(五)4(3).
func (v Visit) Conclude(text string, members []VisitMember, by Officer) (Visit, error) {
	next, err := v.step(VisitConclude)
	switch {
	case err != nil:
		return v, err
	case !by.Leader:
		return v, ErrVisitLeader
	}
	var ps Problems
	for _, g := range v.Gaps() {
		ps = append(ps, ErrVisitGap.With(g.Text))
	}
	text = Paragraph(&ps, "text", "检查结论", text, 1000)
	next.Findings = slices.Clone(v.Findings)
	for i, f := range next.Findings {
		if v.State == VisitAside && !f.Filled() {
			next.Findings[i].Codes = []ResultCode{v.Special.Kind}
		}
	}
	next.Members = members
	next.Conclusion = Conclusion{text, by.Inspector, by.Person, by.Now}
	next.Digest = next.Content()
	return next, ps.Err()
}

// Reopen takes the conclusion back, to put something right. The signatures on it are
// void: INV-10.
//
// Of a visit that everybody signed the results go back, too: R91. That is only done when
// a department returned its result because the visit is wrong, and while none is public:
// what is public is corrected, R102.
func (v Visit) Reopen(reason string, live []Signature, results []Result, by Officer) (Visit, []Signature, []Result, error) {
	next, err := v.step(VisitReopen)
	switch {
	case err != nil:
		return v, nil, nil, err
	case !by.Leader:
		return v, nil, nil, ErrVisitLeader
	}
	if v.Done() {
		if results, err = recalled(results); err != nil {
			return v, nil, nil, err
		}
	}
	var ps Problems
	reason = Paragraph(&ps, "reason", "理由", reason, 500)
	next.Reopened = append(slices.Clone(v.Reopened), Reopening{reason, v.Digest, by.Person, by.Now, v.EndedAt})
	next.Evidence, next.Papers = slices.Concat(v.Evidence, v.Papers), nil
	next.Conclusion, next.Digest, next.EndedAt = Conclusion{}, "", time.Time{}
	if v.Special.Kind != "" {
		next.State = VisitAside
		next.Findings = slices.Clone(v.Findings)
		for i, f := range next.Findings {
			if f.Edition == 0 {
				next.Findings[i].Codes = nil
			}
		}
	}
	void := slices.Clone(live)
	for i := range void {
		void[i].Void = true
	}
	return next, void, results, ps.Err()
}

// partySigned finds the party's signature among those that hold.
func partySigned(live []Signature) (Signature, bool) {
	i := slices.IndexFunc(live, func(s Signature) bool { return s.Kind == PartySigns && !s.Void })
	if i < 0 {
		return Signature{}, false
	}
	return live[i], true
}

// signing begins a signature on what was concluded. Digest is what the signer saw.
func (v Visit) signing(verb Verb, s Signature, by Officer) (Signature, error) {
	if _, err := v.step(verb); err != nil {
		return s, err
	}
	if s.Digest != v.Digest {
		return s, ErrStale
	}
	if !ValidID(s.ID) {
		return s, ErrIdent.At("id")
	}
	s.Region, s.Visit, s.Org, s.By, s.At = v.Region, v.ID, by.Org, by.Person, by.Now
	return s, nil
}

// TakeParty takes the signature or seal of the inspected party, when everything is
// checked and concluded: R85, 海政办发〔2020〕2号 二(五)4(2). Where the party refuses, the
// officers say so, with a witness or a recording: R86; all of them sign it afterwards.
func (v Visit) TakeParty(s Signature, live []Signature, by Officer) (Signature, error) {
	s, err := v.signing(VisitParty, s, by)
	if err != nil {
		return s, err
	}
	if _, again := partySigned(live); again {
		return s, ErrVisitAgain
	}
	if v.Special.Kind != "" {
		return s, ErrVisitNobody
	}
	var ps Problems
	chosen(&ps, PartyWays, "way", "签字方式", s.Way)
	s.Kind, s.Inspector, s.Certificate, s.After = PartySigns, 0, "", ""
	s.Opinion = Optional(&ps, "opinion", "被检查单位意见", s.Opinion, 500)
	if s.Way == SignRefused {
		s.Drawing, s.Paper, s.Name, s.Role = "", "", "", ""
		s.Statement = Paragraph(&ps, "statement", "拒绝签字说明", s.Statement, 1000)
		s.Witness = short(&ps, "witness", "见证人", s.Witness, 60)
		if s.Witness == "" && s.Recording == "" {
			ps = append(ps, ErrVisitWitness.At("witness"))
		}
		if s.Recording != "" && !v.holds(s.Recording, "video", "audio") {
			ps = append(ps, ErrVisitRecording.At("recording"))
		}
		return s, ps.Err()
	}
	s.Statement, s.Witness, s.Recording = "", "", ""
	s.Name = Line(&ps, "name", "签字人", s.Name, 40)
	s.Role = Line(&ps, "role", "职务或者身份", s.Role, 40)
	if s.Way == SignPaper {
		s.Drawing = ""
		if !v.holds(s.Paper, "photo", "scan") {
			ps = append(ps, ErrVisitPaper.At("paper"))
		}
	} else if s.Paper = ""; !handwritten(s.Drawing) {
		ps = append(ps, ErrVisitDrawing.At("drawing"))
	}
	return s, ps.Err()
}

// Sign is a member's own signature: R88, 海政办发〔2020〕2号 二(五)4(3) "全体成员签字确认".
// Members sign after the party, so that they sign what it signed or refused, too. The
// last one ends the visit, and the 20 working days begin: C5, R92.
func (v Visit) Sign(s Signature, live []Signature, by Officer) (Signature, Visit, error) {
	s, err := v.signing(VisitSign, s, by)
	if err != nil {
		return s, v, err
	}
	me, ok := v.Member(by.Inspector)
	party, signed := partySigned(live)
	switch {
	case !ok:
		return s, v, ErrMissing
	case !signed && v.Special.Kind == "":
		return s, v, ErrVisitParty
	}
	waits := len(v.Members) - 1
	for _, o := range live {
		if o.Kind != MemberSigns || o.Void {
			continue
		}
		if waits--; o.Inspector == me.Inspector {
			return s, v, ErrVisitAgain
		}
	}
	s.Kind, s.Inspector = MemberSigns, me.Inspector
	s.SignatureBody = SignatureBody{Name: me.Name, Certificate: me.Certificate, Way: SignFactor, After: party.ID}
	if waits == 0 {
		v.State, v.EndedAt = VisitSigned, by.Now
		if v.Special.Kind != "" {
			v.EndedAt = v.Conclusion.At // the evidence was complete
		}
	}
	return s, v, nil
}

// Ended is the day on which the visit ended.
func (v Visit) Ended() workday.Date {
	if v.EndedAt.IsZero() {
		return workday.Date{}
	}
	return workday.On(v.EndedAt)
}

// ClockFrom is when the 20 working days began: when everybody had signed for the first
// time, R92, C5. That a department sends the visit back gains no time.
func (v Visit) ClockFrom() time.Time {
	for _, r := range v.Reopened {
		if !r.Ended.IsZero() {
			return r.Ended
		}
	}
	return v.EndedAt
}

// The size of a drawing.
const (
	drawingBytes = 48 << 10
	drawingSide  = 2000
	drawingInk   = 40 // pixels
)

// handwritten reports whether a text is the picture of a signature: a PNG in base64 with
// nothing behind it, and with something drawn.
func handwritten(text string) bool {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) > drawingBytes {
		return false
	}
	if size, err := png.DecodeConfig(bytes.NewReader(raw)); err != nil || size.Width > drawingSide || size.Height > drawingSide {
		return false
	}
	rest := bytes.NewReader(raw)
	picture, err := png.Decode(rest)
	return err == nil && rest.Len() == 0 && ink(picture) >= drawingInk
}

// ink counts the pixels that are not as the first one.
func ink(m image.Image) (n int) {
	at := m.Bounds()
	paper := m.At(at.Min.X, at.Min.Y)
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			if m.At(x, y) != paper {
				n++
			}
		}
	}
	return n
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
	code := plainCode(text)
	bits, err := codeEncoding.DecodeString(code)
	if err != nil || len(code) != 16 {
		return ""
	}
	return VisitCode([10]byte(bits))
}

// plainCode is a typed code as our alphabet has it, without what parts it.
func plainCode(text string) string {
	if len(text) > 100 {
		return ""
	}
	var code strings.Builder
	for _, r := range strings.ToUpper(text) {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		switch r {
		case ' ', '　', '\t', '\r', '\n', '-', '—', '–': // the decoder would skip the line ends, and read a short code
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		code.WriteRune(r)
	}
	return code.String()
}
