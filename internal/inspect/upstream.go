package inspect

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Ids of what comes from above.
type (
	UpstreamKeyID     string
	UpstreamPackageID string
)

// An UpstreamKeyState is how far a key has come.
type UpstreamKeyState string

// The states of a key.
const (
	KeyAdded  UpstreamKeyState = "added"
	KeyActive UpstreamKeyState = "active"
	KeyEnded  UpstreamKeyState = "ended"
)

// UpstreamKeyStates lists the states in the order of filters.
var UpstreamKeyStates = []Choice{{string(KeyAdded), "待复核"}, {string(KeyActive), "有效"}, {string(KeyEnded), "已停用"}}

// Text is the state as users read it.
func (s UpstreamKeyState) Text() string { return ChoiceText(UpstreamKeyStates, string(s)) }

var upstreamKeyLife = Life[UpstreamKeyState]{
	{UpstreamConfirmKey, KeyAdded, KeyActive},
	{UpstreamEndKey, KeyAdded, KeyEnded},
	{UpstreamEndKey, KeyActive, KeyEnded},
}

// UpstreamKeyLife returns the moves of a key.
func UpstreamKeyLife() Life[UpstreamKeyState] { return upstreamKeyLife }

// An UpstreamKey (上级派发公钥) is the key by which a superior signs the lists that it
// dispatches: R64, 海政办发〔2020〕2号 二(五)2. Two persons of the conference office register
// it, after comparing it with the superior by another way: INV-09.
type UpstreamKey struct {
	ID          UpstreamKeyID
	Version     int64
	Region      string
	Sender      string // as packages write it
	Suite       string
	Key         string
	Ground      string // how it was compared
	State       UpstreamKeyState
	AddedBy     PersonID
	AddedAt     time.Time
	ConfirmedBy PersonID
	ConfirmedAt time.Time
	EndedBy     PersonID
	EndedAt     time.Time
	Reason      string
}

// AddUpstreamKey begins to register a key. Lengths are those of docs/design/draw.md §7.
func AddUpstreamKey(k UpstreamKey, by PersonID, now time.Time) (UpstreamKey, error) {
	var ps Problems
	if !ValidID(string(k.ID)) {
		ps = append(ps, ErrIdent.At("id"))
	}
	k.Sender = Line(&ps, "sender", "派发单位", k.Sender, 60)
	chosen(&ps, Suites, "suite", "密码套件", k.Suite)
	k.Key = strings.ToLower(strings.Join(strings.Fields(k.Key), ""))
	if want := map[string]int{Suites[0].Value: 130, Suites[1].Value: 64}[k.Suite]; want > 0 && (len(k.Key) != want || strings.Trim(k.Key, "0123456789abcdef") != "") {
		ps = append(ps, ErrUpstreamKey.With(want).At("key"))
	}
	k.Ground = Paragraph(&ps, "ground", "核对方式", k.Ground, 200)
	k.State, k.AddedBy, k.AddedAt = KeyAdded, by, now
	return k, ps.Err()
}

// Confirm lets lists signed by the key in. Nobody confirms what they added: INV-09.
func (k UpstreamKey) Confirm(by PersonID, now time.Time) (UpstreamKey, error) {
	state, err := upstreamKeyLife.Next(k.State, UpstreamConfirmKey)
	switch {
	case err != nil:
		return k, err
	case by == k.AddedBy:
		return k, ErrOwnWork
	}
	k.State, k.ConfirmedBy, k.ConfirmedAt = state, by, now
	return k, nil
}

// End keeps lists out that are signed by the key from now on.
func (k UpstreamKey) End(by PersonID, reason string, now time.Time) (UpstreamKey, error) {
	state, err := upstreamKeyLife.Next(k.State, UpstreamEndKey)
	if err != nil {
		return k, err
	}
	var ps Problems
	k.Reason = Paragraph(&ps, "reason", "停用理由", reason, 200)
	k.State, k.EndedBy, k.EndedAt = state, by, now
	return k, ps.Err()
}

// Verbs returns what can be done with the key now, by whoever may.
func (k UpstreamKey) Verbs() []Verb { return upstreamKeyLife.Verbs(k.State) }

// UpstreamRelations returns what org has to do with keys and packages of a region.
func UpstreamRelations(region string, org Org) []Relation {
	switch {
	case org.Region != region:
		return nil
	case org.Kind == OrgOffice:
		return []Relation{Owner, Office}
	}
	return []Relation{Owner}
}

// An UpstreamPackage (上级派发名单) is a list that a superior has drawn and signed. It is
// kept byte by byte as it came, and nobody here chooses from it: R64.
type UpstreamPackage struct {
	ID      UpstreamPackageID
	Version int64
	Region  string
	Org     OrgID // who received it, and begins tasks of it
	Key     UpstreamKeyID
	Sender  string
	Number  string
	Title   string
	Ground  string
	Issued  time.Time
	Until   time.Time
	Count   int
	Objects string // code, TAB, name or "-": one line each
	SHA256  string // of the package's bytes
	By      PersonID
	At      time.Time
}

// Receive takes a package over. Key is the active one that has signed it, known the
// packages of the same sender and number, or of the same bytes.
func (p UpstreamPackage) Receive(key UpstreamKey, known int64, by PersonID, now time.Time) (UpstreamPackage, error) {
	switch {
	case key.State != KeyActive || key.Sender != p.Sender:
		return p, ErrUpstreamSender.With(p.Sender)
	case p.Region != key.Region:
		return p, ErrUpstreamRegion.With(p.Region)
	case now.After(p.Until) || now.Before(p.Issued):
		return p, ErrUpstreamTime.With(p.Issued.In(chinaTime).Format("2006-01-02 15:04"), p.Until.In(chinaTime).Format("2006-01-02 15:04"))
	case known > 0:
		return p, ErrUpstreamKnown.With(p.Number)
	}
	p.Key, p.By, p.At = key.ID, by, now
	return p, nil
}

// Listed are the names of a package's objects, by code.
func (p UpstreamPackage) Listed() map[string]string { return ListedObjects(p.Objects) }

// ListedObjects reads the lines of a package.
func ListedObjects(text string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(text) {
		code, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		all[code] = name
	}
	return all
}

// Source is the ground of a task of the package.
func (p UpstreamPackage) Source() string {
	return fmt.Sprintf("%s派发的名单 %s“%s”，依据：%s", p.Sender, p.Number, p.Title, p.Ground)
}

// UpstreamTask begins a task of a list from above: its objects are the list's, all of
// them, and the local counterpart of the sender leads: R64, C8.
func UpstreamTask(id TaskID, org Org, serial int, p UpstreamPackage, name string, by PersonID, now time.Time) (Task, error) {
	if p.Org != org.ID {
		return Task{}, ErrUpstreamOther
	}
	t, err := UnplannedTask(id, org, serial, FromSuperior, p.Source(), name, by, now)
	t.Source, t.Package, t.Ratio = FromUpstream, p.ID, wholeList
	return t, err
}

// wholeList is the ratio of a list from above: nobody here chooses from it.
const wholeList = "100%"

// Unlisted counts the objects of the list that could be drawn, but stand in none of the
// sub-libraries that the task draws from: nobody is left out of the list that way.
func (f TaskFacts) unlisted(t Task) (n int64) {
	if t.Source != FromUpstream {
		return 0
	}
	return f.Strays
}

// keepWhole brings a task of a list from above to the whole list.
func (t Task) keepWhole() Task {
	if t.Source == FromUpstream {
		t.Ratio, t.Reserve = wholeList, 0
	}
	return t
}

// lists reports whether the task's list from above has the object, or that the task has
// none.
func (l Limits) lists(t Task, code string) bool {
	if t.Package == "" {
		return true
	}
	_, ok := l.Lists[t.Package][code]
	return ok
}

// UnfoundFile is what of lists from above cannot be drawn here: a file that stays inside.
func (p *Pool) UnfoundFile() []byte {
	if len(p.Unfound) == 0 {
		return nil
	}
	return []byte(strings.Join(p.Unfound, "\n") + "\n")
}

// Packages are the lists that the tasks draw from.
func Packages(tasks []Task) []UpstreamPackageID {
	var all []UpstreamPackageID
	for _, t := range tasks {
		if t.Package != "" {
			all = append(all, t.Package)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
