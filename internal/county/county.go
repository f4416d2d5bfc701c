// Package county makes the demonstration county: a synthetic Haiyang with its
// 17 departments, people with invented names, item lists, sub-libraries, the
// plans of 2026 with an adjustment, and those of 2027 in every stage; and, once
// it has libraries, batches of every state and one that went to the chain's end.
//
// Everything is done by acts through the desk, as people would do it, with the
// clock set to when they would have. Nothing is written past the record.
//
// Start with Found and Fill. visits.go tells what was found in the autumn.
package county

import (
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/blob"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

//go:embed *.tsv
var files embed.FS

// Region is Haiyang's code in GB/T 2260.
const Region = "370687"

// areas are towns of the county, in the official order.
var areas = []inspect.Choice{
	{Value: "370687001", Text: "方圆街道"}, {Value: "370687002", Text: "东村街道"}, {Value: "370687003", Text: "凤城街道"},
	{Value: "370687004", Text: "龙山街道"}, {Value: "370687100", Text: "留格庄镇"}, {Value: "370687101", Text: "盘石店镇"},
	{Value: "370687102", Text: "郭城镇"}, {Value: "370687103", Text: "徐家店镇"}, {Value: "370687104", Text: "发城镇"},
	{Value: "370687105", Text: "小纪镇"}, {Value: "370687106", Text: "行村镇"}, {Value: "370687107", Text: "辛安镇"},
	{Value: "370687108", Text: "二十里店镇"}, {Value: "370687109", Text: "朱吴镇"},
}

// Towns lists the towns of a division, in the official order, as far as they
// are known here; otherwise none, and the installation enters its own.
func Towns(region string) []inspect.Choice {
	if region != Region {
		return nil
	}
	return areas
}

// A Person is somebody of the county who can sign in.
type Person struct {
	ID     inspect.PersonID
	SignIn string // sign-in name, such as scjg-jbr
	Name   string
	Org    string
	Post   inspect.PostKind
}

// A maker does the county's acts. Its first error stops it.
type maker struct {
	ctx    context.Context
	desk   *act.Desk
	db     *store.DB
	now    time.Time
	n      int
	pace   time.Duration // between two acts
	told   func(what string, done, total int64)
	err    error
	orgs   map[string]inspect.Org
	actors map[string]inspect.Actor // by org code and post
	people []Person

	questions map[inspect.ItemID]int64 // on each checklist
	evidence  *blob.Folder
	files     map[inspect.InspectorNo]inspect.InspectorFile
}

// Found fills an empty record with the county as it stands at the end of the summer of
// 2026, and returns the people, in the order in which a newcomer should meet them. With
// a record that is not empty it fails with inspect.ErrFounded and changes nothing.
func Found(ctx context.Context, s *store.Store, deadlines inspect.Deadlines) ([]Person, error) {
	m := &maker{ctx: ctx, db: s.DB, pace: slow, orgs: map[string]inspect.Org{}, actors: map[string]inspect.Actor{}}
	m.desk = act.NewDesk(s.Writer, func() time.Time { return m.now }, deadlines)
	m.found()
	m.lists()
	m.superiors()
	m.year2026()
	return m.people, m.err
}

// Make is Found, and the rest of the year without libraries.
func Make(ctx context.Context, s *store.Store, deadlines inspect.Deadlines) ([]Person, error) {
	people, err := Found(ctx, s, deadlines)
	if err != nil {
		return nil, err
	}
	return people, Fill(ctx, s, deadlines, Filling{})
}

// The time between two acts: at a visit, of people at a desk, and of files and rows.
const onSpot, slow, quick = 3 * time.Minute, 40 * time.Second, time.Second

// id makes the same id from the same name in every county.
func id[T ~string](parts ...string) T {
	h := sha256.Sum256([]byte(strings.Join(parts, " ")))
	h[6], h[8] = 0x70|h[6]&0x0f, 0x80|h[8]&0x3f
	return T(fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16]))
}

// at sets the clock, in China.
func (m *maker) at(text string) {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("CST", 8*3600))
	if err != nil || at.Before(m.now) {
		m.err = errors.Join(m.err, fmt.Errorf("the county's clock cannot go to %s: %w", text, err))
	}
	m.now = at
}

// do carries out an act a while after the last one.
func (m *maker) do(by inspect.Actor, c act.Command) { m.try(by, c, nil) }

// try does an act, of which it may turn out that there is nothing to do.
func (m *maker) try(by inspect.Actor, c act.Command, idle error) {
	if m.err != nil {
		return
	}
	m.n++
	m.now = m.now.Add(m.pace)
	by.Proved = m.now
	if _, err := m.desk.Do(m.ctx, id[string]("request", strconv.Itoa(m.n)), by, c); err != nil && (idle == nil || !errors.Is(err, idle)) {
		m.err = fmt.Errorf("%s by %s of %s: %w", c.Verb(), by.Name, by.Org.Short, err)
	}
}

// rows reads a table: tab-separated, # begins a comment.
func rows(name string) [][]string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic("county: " + err.Error()) // embedded above
	}
	var table [][]string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			table = append(table, strings.Split(line, "\t"))
		}
	}
	return table
}

func list(text string) []string {
	if text == "-" {
		return nil
	}
	return strings.Split(text, ",")
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic("county: " + err.Error()) // an embedded table
	}
	return n
}

// found makes the installation, its administrators, the departments and their
// people.
func (m *maker) found() {
	m.at("2025-12-01 08:30")
	orgs := rows("orgs.tsv")
	for _, o := range orgs {
		m.orgs[o[0]] = inspect.Org{ID: id[inspect.OrgID]("org", o[0]), Kind: inspect.OrgKind(o[1]), Region: Region, Code: o[0], Name: o[2], Short: o[3]}
	}
	zf, lhb := m.orgs["zf"], m.orgs["lhb"]
	security := m.someone("安守正", "aqgly", "zf", inspect.SecurityAdmin)
	m.do(inspect.Console(Region), act.FoundInstallation{
		Region:     Region,
		Government: act.NewOrg{ID: zf.ID, Code: zf.Code, Name: zf.Name, Short: zf.Short},
		Office:     act.NewOrg{ID: lhb.ID, Code: lhb.Code, Name: lhb.Name, Short: lhb.Short},
		Person:     security.Person, Post: security.Post.ID, Name: security.Name, Areas: areas,
	})
	system := m.someone("管有序", "xtgly", "zf", inspect.SystemAdmin)
	m.appoint(security, security, system) // nobody else is there yet
	m.appoint(system, security, m.someone("审无私", "sjgly", "zf", inspect.AuditAdmin))
	for _, o := range orgs[2:] {
		org := m.orgs[o[0]]
		m.do(system, act.FoundOrg{ID: org.ID, Kind: org.Kind, Code: org.Code, Name: org.Name, Short: org.Short})
	}
	m.appoint(system, security, m.someone("梁佐明", "zf-zjr", "zf", inspect.Convener))
	m.appoint(system, security, m.someone("严明纪", "jdk-jdy", "jdk", inspect.Supervisor))
	for _, o := range orgs {
		for i, post := range []struct {
			kind inspect.PostKind
			tail string
		}{{inspect.Clerk, "jbr"}, {inspect.Leader, "fgfzr"}, {inspect.Principal, "zyfzr"}, {inspect.Liaison, "lly"}} {
			if name := o[4+i]; name != "-" {
				m.appoint(system, security, m.someone(name, o[0]+"-"+post.tail, o[0], post.kind))
			}
		}
	}
}

// someone is a person of the county, not yet on record.
func (m *maker) someone(name, signIn, org string, kind inspect.PostKind) inspect.Actor {
	person := id[inspect.PersonID]("person", name)
	who := inspect.Actor{
		Person: person, Name: name, Org: m.orgs[org],
		Post: inspect.Post{ID: id[inspect.PostID]("post", signIn), Person: person, Org: m.orgs[org].ID, Kind: kind},
	}
	m.actors[org+" "+string(kind)] = who
	m.people = append(m.people, Person{ID: person, SignIn: signIn, Name: name, Org: m.orgs[org].Short, Post: kind})
	return who
}

// appoint registers a person and grants the post, which are two people's acts.
func (m *maker) appoint(registrar, granter, who inspect.Actor) {
	m.do(registrar, act.AddPerson{ID: who.Person, Name: who.Name})
	m.do(granter, act.GrantPost{ID: who.Post.ID, Person: who.Person, Org: who.Org.ID, Kind: who.Post.Kind})
}

func (m *maker) who(org string, kind inspect.PostKind) inspect.Actor {
	return m.actors[org+" "+string(kind)]
}

// lists puts the items on the departments' lists and registers sub-libraries.
func (m *maker) lists() {
	m.at("2025-12-02 09:00")
	for _, i := range rows("items.tsv") {
		m.do(m.who(i[0], inspect.Clerk), act.ListItem{
			Item: id[inspect.ItemID]("item", i[1]), Code: i[1], Name: i[2], Field: i[3], Category: inspect.Category(i[4]),
			MaxShare: number(i[5]), Basis: i[6], Content: i[7], Methods: []inspect.Method{"onsite"},
		})
	}
	seen := map[string]bool{}
	for _, l := range rows("lines.tsv") {
		if seen[l[7]] {
			continue
		}
		seen[l[7]] = true
		lib := act.PutSublibrary{ID: id[inspect.SublibraryID]("sublibrary", l[7]), Name: l[7], Size: number(l[8])}
		if l[9] != "-" {
			c := strings.Split(l[9], ",")
			lib.ClassA, lib.ClassB, lib.ClassC, lib.ClassD = number(c[0]), number(c[1]), number(c[2]), number(c[3])
		}
		m.do(m.who(l[0], inspect.Clerk), lib)
	}
}

// People lists the county's people without making it.
func People() []Person {
	m := &maker{}
	m.name()
	return m.people
}
