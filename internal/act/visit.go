package act

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// Blobs says whether the platform holds a whole file of a digest, and of what size and
// type it is.
type Blobs func(ctx context.Context, sha256 string) (inspect.Blob, bool, error)

// KeepFiles tells the desk where the files of evidence are. Without it no file is there.
func (d *Desk) KeepFiles(look Blobs) { d.blobs = look }

// A visiting is a visit under way: what it is seen in, and who of the team acts.
type visiting struct {
	inspect.Visit
	was     inspect.VisitState
	scene   inspect.TeamScene
	team    inspect.Team
	members []inspect.VisitMember // that stand today
	by      inspect.Officer
}

// visit is the visit of a team, which its first act makes. To who may not read it there
// is none; of the others only the standing members act: R78.
func (t *tx) visit(ctx context.Context, id inspect.TeamID) (g visiting, err error) {
	if err = t.visited(ctx, id, &g); err != nil {
		return g, err
	}
	has := g.scene.Relations(t.by.Org, g.team)
	if g.by.Inspector != 0 {
		has = append(has, inspect.Crew)
	}
	switch {
	case g.team.Sealed && g.by.Inspector == 0: // INV-05: the list is not public yet
		return g, inspect.ErrMissing
	case t.by.MayTo(inspect.VisitRead, has...) != nil || !g.scene.Dispatch.Done():
		return g, inspect.ErrMissing
	case t.by.MayTo(t.verb, has...) != nil:
		return g, inspect.ErrVisitNotYours
	case g.team.State != inspect.TeamDispatched:
		return g, inspect.ErrVisitTeam
	}
	g.Visit, err = t.Visit(ctx, inspect.VisitIDOf(id))
	if errors.Is(err, inspect.ErrMissing) {
		g.Visit, err = t.newVisit(ctx, g)
	}
	if g.Version > 0 {
		g.was = g.State
	}
	return g, err
}

// visited reads the team with its members as they stand, and finds the actor among them.
func (t *tx) visited(ctx context.Context, id inspect.TeamID, g *visiting) error {
	teams, err := t.teams(ctx, store.TeamFilter{ID: id})
	if err != nil {
		return err
	}
	if len(teams) == 0 || id == "" {
		return inspect.ErrMissing
	}
	g.team = teams[0]
	if g.scene.Batch, err = t.Batch(ctx, g.team.Batch); err != nil {
		return err
	}
	if g.scene.Tasks, err = t.tasks(ctx, g.scene.Batch.Tasks); err != nil {
		return err
	}
	if g.scene.Dispatch, err = t.Dispatch(ctx, g.team.Batch); err != nil && !errors.Is(err, inspect.ErrMissing) {
		return err
	}
	files, err := t.InspectorFiles(ctx, t.by.Scope(), t.today(), inspect.TeamMembers(teams))
	if err != nil {
		return err
	}
	g.members = inspect.VisitMembers(g.team, files, t.today())
	g.by = inspect.Officer{Person: t.by.Person, Now: t.now}
	for _, m := range g.members {
		if f := files[m.Inspector]; f.Person == t.by.Person && f.Person != "" && m.Org == t.by.Org.ID {
			g.by.VisitMember = m
		}
	}
	return nil
}

// newVisit makes the visit with its inspection code, which nobody can guess.
func (t *tx) newVisit(ctx context.Context, g visiting) (inspect.Visit, error) {
	object, err := t.Object(ctx, g.team.Object)
	if err != nil {
		return inspect.Visit{}, err
	}
	items := map[inspect.ItemID]inspect.Item{}
	for _, task := range g.scene.Tasks {
		for _, pin := range task.Items() {
			if items[pin.Item], err = t.ItemVersion(ctx, pin.Item, pin.Version); err != nil {
				return inspect.Visit{}, err
			}
		}
	}
	var bits [10]byte
	rand.Read(bits[:])
	return inspect.NewVisit(g.team, g.scene, object, items, inspect.VisitCode(bits))
}

func (t *tx) saveVisit(ctx context.Context, g visiting, v inspect.Visit) error {
	if err := t.PutVisit(ctx, g.was, v); err != nil {
		return err
	}
	v.Version++
	t.after = slices.Insert(t.after, 0, image{"visit", string(v.ID), v.Version, v}) // it is what the entry is about
	return nil
}

// changeVisit loads a visit, decides and saves.
func (t *tx) changeVisit(ctx context.Context, team inspect.TeamID, decide func(visiting) (inspect.Visit, error)) error {
	g, err := t.visit(ctx, team)
	if err != nil {
		return err
	}
	v, err := decide(g)
	if err != nil {
		return err
	}
	return t.saveVisit(ctx, g, v)
}

// PrecheckVisit notes what is known of the object before the visit: R79, 海政办发〔2020〕2号
// 二(五)4(1). What the libraries know goes in by itself; the lists say, fact by fact, what
// was looked up elsewhere.
type PrecheckVisit struct {
	Team    inspect.TeamID `json:"team"`
	Sources []string       `json:"sources" label:"信息来源" hint:"例如国家企业信用信息公示系统、部门业务系统、档案资料"`
	Texts   []string       `json:"texts" label:"核实情况" hint:"与信息来源一一对应"`
	AsOf    []workday.Date `json:"as_of" label:"截至日期" hint:"与信息来源一一对应"`
}

// Verb is what the act is called.
func (PrecheckVisit) Verb() inspect.Verb { return inspect.VisitPrecheck }

func (c PrecheckVisit) do(ctx context.Context, t *tx) error {
	if len(c.Texts) != len(c.Sources) || len(c.AsOf) != len(c.Sources) {
		return inspect.ErrVisitAsOf.At("as_of")
	}
	var own []inspect.PrecheckFact
	for i := range c.Sources {
		own = append(own, inspect.PrecheckFact{Source: c.Sources[i], Text: c.Texts[i], AsOf: c.AsOf[i]})
	}
	return t.changeVisit(ctx, c.Team, func(g visiting) (inspect.Visit, error) {
		known, err := t.known(ctx, g.Object)
		if err != nil {
			return g.Visit, err
		}
		return g.Check(known, own, g.by)
	})
}

// earlierMost is how many earlier visits a pre-check tells of.
const earlierMost = 5

// known is what the libraries know of an object.
func (t *tx) known(ctx context.Context, no inspect.ObjectNo) ([]inspect.PrecheckFact, error) {
	object, err := t.Object(ctx, no)
	if err != nil {
		return nil, err
	}
	licences, err := t.Licences(ctx, no)
	if err != nil {
		return nil, err
	}
	flags, err := t.Flags(ctx, no)
	if err != nil {
		return nil, err
	}
	earlier, err := t.VisitsEnded(ctx, no, earlierMost)
	return inspect.PrecheckFacts(object, licences, flags, earlier, t.today()), err
}

// NotifyVisit notes how the object learnt of the visit: R80. Told is when, as a person
// writes it: 2026-07-06T09:30, in China.
type NotifyVisit struct {
	Team      inspect.TeamID     `json:"team"`
	Channel   string             `json:"channel" label:"告知方式"`
	Recipient string             `json:"recipient" label:"接收人" hint:"姓名和职务"`
	Text      string             `json:"text" label:"告知内容" hint:"检查时间、配合要求、需要准备的资料"`
	Told      string             `json:"told" label:"告知时间" hint:"例如 2026-07-06T09:30"`
	Proof     inspect.EvidenceID `json:"proof" label:"送达证明" hint:"已登记的证据，可以以后补登"`
}

// Verb is what the act is called.
func (NotifyVisit) Verb() inspect.Verb { return inspect.VisitNotify }

func (c NotifyVisit) do(ctx context.Context, t *tx) error {
	told, err := inspect.ReadMoment("told", "告知时间", c.Told)
	if err != nil {
		return err
	}
	return t.changeVisit(ctx, c.Team, func(g visiting) (inspect.Visit, error) {
		return g.Notify(inspect.VisitNotice{Channel: c.Channel, Recipient: c.Recipient, Text: c.Text, Told: told, Proof: c.Proof}, g.by)
	})
}

// BeginVisit says that the officers are there, have shown their certificates and told
// the party its rights. Claimed is when, as the telephone says: it may have been without
// a network; the record notes when it learnt of it, too.
type BeginVisit struct {
	Team     inspect.TeamID        `json:"team"`
	Officers []inspect.InspectorNo `json:"officers" label:"到场检查人员"`
	Present  string                `json:"present" label:"现场人员" hint:"被检查单位接受检查的人员姓名"`
	Role     string                `json:"role" label:"职务或者身份"`
	Shown    bool                  `json:"shown" label:"已出示执法证件"`
	Told     bool                  `json:"told" label:"已告知检查依据、内容和被检查单位的权利"`
	Recusal  string                `json:"recusal" label:"回避申请" hint:"申请何人回避、理由和答复；没有申请的不填"`
	Claimed  string                `json:"claimed" label:"现场时间" hint:"离线办理时由手机填写，例如 2026-07-06T09:30"`
}

// Verb is what the act is called.
func (BeginVisit) Verb() inspect.Verb { return inspect.VisitBegin }

func (c BeginVisit) do(ctx context.Context, t *tx) error {
	at, err := inspect.ReadMoment("claimed", "现场时间", c.Claimed)
	if err != nil {
		return err
	}
	s := inspect.VisitStart{Officers: c.Officers, Present: c.Present, Role: c.Role, Shown: c.Shown, Told: c.Told, Recusal: c.Recusal, Claimed: at}
	return t.changeVisit(ctx, c.Team, func(g visiting) (inspect.Visit, error) {
		files, err := t.filesOf(ctx, []inspect.Team{g.team})
		if err != nil {
			return g.Visit, err
		}
		today := g.team
		today.Day = t.today()
		if err := today.Fit(files); err != nil { // C2: who has no valid certificate today does not inspect
			return g.Visit, err
		}
		return g.Begin(s, g.team, g.members, g.by)
	})
}

// ConcludeVisit is the team's conclusion, by its leader: R77, R89. Seen is the version
// that was read.
type ConcludeVisit struct {
	Team inspect.TeamID `json:"team"`
	Seen int64          `json:"seen"`
	Text string         `json:"text" label:"检查结论"`
}

// Verb is what the act is called.
func (ConcludeVisit) Verb() inspect.Verb { return inspect.VisitConclude }

func (c ConcludeVisit) do(ctx context.Context, t *tx) error {
	return t.changeVisit(ctx, c.Team, func(g visiting) (inspect.Visit, error) {
		if g.Version != c.Seen {
			return g.Visit, inspect.ErrStale
		}
		return g.Conclude(c.Text, g.members, g.by)
	})
}

// ReopenVisit takes the conclusion back and voids its signatures: INV-10. If everybody had
// signed, the results go back with it: R91.
type ReopenVisit struct {
	Team   inspect.TeamID `json:"team"`
	Seen   int64          `json:"seen"`
	Reason string         `json:"reason" label:"理由"`
}

// Verb is what the act is called.
func (ReopenVisit) Verb() inspect.Verb { return inspect.VisitReopen }

func (c ReopenVisit) do(ctx context.Context, t *tx) error {
	return t.changeVisit(ctx, c.Team, func(g visiting) (inspect.Visit, error) {
		if g.Version != c.Seen {
			return g.Visit, inspect.ErrStale
		}
		live, err := t.Signatures(ctx, g.ID)
		if err != nil {
			return g.Visit, err
		}
		results, err := t.ResultsOfVisit(ctx, g.ID)
		if err != nil {
			return g.Visit, err
		}
		v, void, back, err := g.Reopen(c.Reason, live, results, g.by)
		if err != nil {
			return v, err
		}
		for i, r := range back {
			if err := t.saveResult(ctx, results[i].State, r); err != nil {
				return v, err
			}
		}
		for _, s := range void {
			if err := t.saveSignature(ctx, s); err != nil {
				return v, err
			}
		}
		return v, nil
	})
}

// unvisited fails if the team's visit has come too far for a substitution: of the object
// once the officers were there, of an inspector once it is concluded.
func (t *tx) unvisited(ctx context.Context, kind inspect.SubstKind, x inspect.Team) error {
	v, err := t.Visit(ctx, inspect.VisitIDOf(x.ID))
	if errors.Is(err, inspect.ErrMissing) {
		return nil
	}
	if err == nil && (!v.Open() || kind == inspect.SubstObject && v.State != inspect.VisitPrepared) {
		err = inspect.ErrVisitMoved.With(x.No)
	}
	return err
}
