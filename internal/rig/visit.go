package rig

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

// A Visit is the visit of one team with the accounts of its members.
type Visit struct {
	*Run
	Team inspect.TeamID
	Crew []inspect.Actor // the leader first
}

// File makes the platform hold a file, and returns its digest.
func (o *Office) File(text string) string {
	h := sha256.Sum256([]byte(text))
	digest := hex.EncodeToString(h[:])
	o.mu.Lock()
	defer o.mu.Unlock()
	o.files[digest] = inspect.Blob{Size: int64(len(text)), Type: "image/jpeg"}
	return digest
}

// blob is what the desk asks about files.
func (o *Office) blob(_ context.Context, digest string) (inspect.Blob, bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	b, ok := o.files[digest]
	return b, ok, nil
}

// Crewed gives the members of a dispatched team their accounts.
func (r *Run) Crewed(n int) *Visit {
	r.Helper()
	x := r.Teams()[n]
	v := &Visit{Run: r, Team: x.ID}
	for _, m := range x.Standing() {
		code := "scjg"
		if m.Org == Org("gaj") {
			code = "gaj"
		}
		who := r.Someone("检查员"+m.Inspector.String(), inspect.InspectorPost, code)
		r.Account(r.Clerk("库管员"+code, code), m.Inspector, who)
		v.Crew = append(v.Crew, who)
	}
	return v
}

// VisitReady is a dispatched team at the first day of its task, whose members have
// accounts: two of scjg, which leads, and two of gaj.
func (o *Office) VisitReady() *Visit {
	o.Helper()
	v := o.BatchDrawn().Dispatch().Crewed(0)
	v.Arrive()
	return v
}

// Arrive moves the clock to the first day of the task, if it is not there yet.
func (v *Visit) Arrive() {
	v.Helper()
	if day := v.Group().Days.From; day.Start().After(v.Now) {
		v.Now = day.Start().Add(9 * time.Hour)
	}
}

// Group is the team as it stands.
func (v *Visit) Group() inspect.Team {
	v.Helper()
	for _, x := range v.Teams() {
		if x.ID == v.Team {
			return x
		}
	}
	v.Fatal("the team is missing")
	return inspect.Team{}
}

// Found is the visit as it stands.
func (v *Visit) Found() inspect.Visit {
	v.Helper()
	found, err := v.Store.DB.Visit(v.Context(), inspect.Scope{}, inspect.VisitIDOf(v.Team))
	if err != nil {
		v.Fatalf("read the visit: %v", err)
	}
	return found
}

// Of is a member of a department.
func (v *Visit) Of(org string) inspect.Actor {
	v.Helper()
	for _, who := range v.Crew {
		if who.Org.ID == Org(org) {
			return who
		}
	}
	v.Fatalf("nobody is of %s", org)
	return inspect.Actor{}
}

// Officers are the numbers of all members.
func (v *Visit) Officers() (all []inspect.InspectorNo) {
	for _, m := range v.Group().Standing() {
		all = append(all, m.Inspector)
	}
	return all
}

// Own is an id of this visit's alone.
func Own[T ~string](v *Visit, name string) T { return ID[T](v.Name() + string(v.Team) + name) }

// Begin takes the visit to the spot.
func (v *Visit) Begin() *Visit {
	v.Helper()
	leader := v.Crew[0]
	v.Done(leader, act.PrecheckVisit{Team: v.Team})
	if !v.Found().NoNotice {
		v.Done(leader, act.NotifyVisit{
			Team: v.Team, Channel: "phone", Recipient: "刘店长", Text: "请准备营业执照、许可证和进货台账。", Told: v.Now.Add(-time.Hour).Format(time.RFC3339),
		})
	}
	v.Done(leader, act.BeginVisit{Team: v.Team, Officers: v.Officers(), Present: "刘店长", Role: "负责人", Shown: true, Told: true})
	return v
}

// Fill fills in every item: of scjg with a problem that was ordered to be corrected, of
// the others without one.
func (v *Visit) Fill() *Visit {
	v.Helper()
	for _, f := range v.Found().Findings {
		c := act.FillVisit{Team: v.Team, Item: f.Item, Seen: f.Edition, Methods: []inspect.Method{"onsite"}, Codes: []inspect.ResultCode{inspect.NoProblem}}
		org := "gaj"
		if f.Org == Org("scjg") {
			org = "scjg"
			c.Codes, c.Problem, c.Handling = []inspect.ResultCode{inspect.OrderedToCorrect}, "进货台账记录不全。", "责令限期改正。"
			v.Done(v.Of(org), act.MeasureVisit{
				Team: v.Team, ID: Own[inspect.MeasureID](v, "measure"+string(f.Item)), Kind: "rectify", Form: "written", Item: f.Item, Text: "补全近三个月的进货台账。",
				Law: "《中华人民共和国食品安全法》第五十三条", Basis: "《中华人民共和国食品安全法》第一百二十六条", Due: v.Found().Start.Day.AddDays(15),
			})
		}
		v.Done(v.Of(org), c)
	}
	return v
}

// Conclude is the team's conclusion.
func (v *Visit) Conclude() *Visit {
	v.Helper()
	v.Done(v.Crew[0], act.ConcludeVisit{Team: v.Team, Seen: v.Found().Version, Text: "责令改正一项，其余未发现问题。"})
	return v
}

// PartySigns has the party sign by hand on the screen.
func (v *Visit) PartySigns() *Visit {
	v.Helper()
	v.Done(v.Crew[0], act.SignParty{
		Team: v.Team, ID: Own[inspect.SignatureID](v, "party"), Digest: v.Found().Digest, Way: inspect.SignDrawn, Name: "刘店长", Role: "负责人", Drawing: Handwriting(1),
	})
	return v
}

// MembersSign has every member sign, each with the second factor of the account.
func (v *Visit) MembersSign() *Visit {
	v.Helper()
	digest := v.Found().Digest
	for i, who := range v.Crew {
		v.Done(who, act.SignVisit{Team: v.Team, ID: Own[inspect.SignatureID](v, fmt.Sprint("member", i)), Digest: digest})
	}
	return v
}

// SignAgain has the party and every member sign what was concluded anew.
func (v *Visit) SignAgain() *Visit {
	v.Helper()
	digest := v.Found().Digest
	v.Done(v.Crew[0], act.SignParty{
		Team: v.Team, ID: Own[inspect.SignatureID](v, "party"+digest), Digest: digest, Way: inspect.SignDrawn, Name: "刘店长", Role: "负责人", Drawing: Handwriting(2),
	})
	for i, who := range v.Crew {
		v.Done(who, act.SignVisit{Team: v.Team, ID: Own[inspect.SignatureID](v, fmt.Sprint("member", i, digest)), Digest: digest})
	}
	return v
}

// Handwriting is a signature drawn on a screen, in base64.
func Handwriting(n int) string {
	m := image.NewGray(image.Rect(0, 0, 300, 120))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for x := 20; x < 280; x++ {
		for d := range 3 {
			m.SetGray(x, 20+(x*(n+1)/2)%80+d, color.Gray{Y: 20})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // a picture in memory always can be written
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// VisitBegun is a visit whose officers are there.
func (o *Office) VisitBegun() *Visit { o.Helper(); return o.VisitReady().Begin() }

// VisitConcluded is a visit that waits for signatures.
func (o *Office) VisitConcluded() *Visit { o.Helper(); return o.VisitBegun().Fill().Conclude() }

// VisitSigned is a visit that everybody signed.
func (o *Office) VisitSigned() *Visit {
	o.Helper()
	return o.VisitConcluded().PartySigns().MembersSign()
}

// Aside leads the visit to a result without checklists, with two pieces of evidence.
func (v *Visit) Aside(kind inspect.ResultCode) *Visit {
	v.Helper()
	c := act.SetVisitAside{Team: v.Team, Kind: kind, Officers: v.Officers()[:2], Tried: "两次到登记的住所，大门紧锁，电话停机。"}
	if kind == inspect.NonCooperation {
		c.Tried, c.Statement, c.Witness = "到场出示执法证件后，负责人锁门离开。", "经两次告知仍拒绝检查。", "村委会张某"
	}
	v.Done(v.Crew[0], c)
	for _, name := range []string{"现场照片", "通话记录"} {
		v.Done(v.Crew[0], act.AttachVisit{
			Team: v.Team, ID: Own[inspect.EvidenceID](v, name), SHA256: v.File(name + string(v.Team)), Kind: "photo", Name: name,
		})
	}
	return v
}

// livedVisits does one of everything to visits: one was reopened and is signed again,
// one waits for signatures, one is of an object that cannot be reached.
func (o *Office) livedVisits(r *Run) {
	o.Helper()
	var dispatched []*Visit
	for i, x := range r.Teams() {
		if x.State == inspect.TeamDispatched {
			dispatched = append(dispatched, r.Crewed(i))
		}
	}
	first := dispatched[0]
	first.Arrive()
	first.Begin()
	first.livedRecusals()
	leader, item := first.Crew[0], first.Found().Findings[0].Item
	o.Done(leader, act.AttachVisit{Team: first.Team, ID: Own[inspect.EvidenceID](first, "photo"), SHA256: o.File("photo"), Kind: "photo", Name: "现场照片", Item: item})
	o.Done(leader, act.HelpVisit{Team: first.Team, ID: Own[inspect.HelperID](first, "expert"), Name: "周专家", Unit: "检测中心", Item: item, Conclusion: "符合要求"})
	first.Fill().Conclude()
	o.Done(leader, act.SignParty{
		Team: first.Team, ID: Own[inspect.SignatureID](first, "refused"), Digest: first.Found().Digest, Way: inspect.SignRefused, Statement: "拒绝签字。", Witness: "物业王某",
	})
	o.Done(leader, act.ReopenVisit{Team: first.Team, Seen: first.Found().Version, Reason: "笔误"})
	first.Conclude().PartySigns().MembersSign()
	if len(dispatched) > 1 {
		dispatched[1].Begin().Fill().Conclude().PartySigns()
	}
	if len(dispatched) > 2 {
		dispatched[2].Aside(inspect.Unreachable)
	}
}
