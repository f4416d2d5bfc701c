package rig

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/seal"
	"suicha/internal/store"
)

// Region is where the tests take place.
const Region = "370687"

// An Office is a county's installation for one test: a real database, a clock
// that stands still until the test moves it, a government, a conference office
// and three departments, and people who do acts.
type Office struct {
	testing.TB
	Store *store.Store
	Desk  *act.Desk
	Now   time.Time

	Enterprises bool // the objects of Library are enterprises, each with its code

	security inspect.Actor
	people   map[string]inspect.Actor
	requests int
	files    map[string]inspect.Blob     // that the platform holds, by digest
	forms    map[inspect.AppealID]string // random numbers of the public forms of appeals
	mu       sync.Mutex
}

// Both runs a story on SQLite and on PostgreSQL, with the clock at Monday
// 2026-03-02, 9:00 in China.
func Both(t *testing.T, story func(o *Office)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		story(Open(t, SQLite(t)))
	})
	if !WithPostgres() {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		story(Open(t, county.NewDatabase(t)))
	})
}

// county is the template of every PostgreSQL test.
var county = &Postgres{
	Fingerprint: store.Fingerprint() + " county 2",
	Setup:       func(dsn string) error { return seed(dsn) },
}

// Open opens the database at url, which holds the county of the template.
func Open(t testing.TB, url string) *Office {
	t.Helper()
	s, err := store.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	o := &Office{TB: t, Store: s, Now: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC), people: map[string]inspect.Actor{}, files: map[string]inspect.Blob{}}
	o.Desk = act.NewDesk(s.Writer, func() time.Time { return o.Now }, inspect.Regulation)
	o.Desk.KeepSealed(SealKeys())
	o.Desk.KeepFiles(o.blob)
	o.security = securityAdmin(o.Now)
	t.Cleanup(func() {
		o.NothingBroken()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// SealKeys are the keys that protect the sealed lists of every test.
func SealKeys() seal.Ring {
	keys, err := seal.NewRing([]byte("the secret file of all the tests"))
	if err != nil {
		panic(err) // a programmer's mistake: the secret is too short
	}
	return keys
}

// sqliteTemplate is the county's file, made once for each test program.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "suicha-rig-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "county.db")
	if err := seed(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// SQLite returns the path of a copy of the county's file, for one test.
func SQLite(t testing.TB) string {
	t.Helper()
	text, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("make the template file: %v", err)
	}
	path := filepath.Join(t.TempDir(), "county.db")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// ID makes an id from a name: the same in every run.
func ID[T ~string](name string) T {
	h := sha256.Sum256([]byte(name))
	h[6], h[8] = 0x70|h[6]&0x0f, 0x80|h[8]&0x3f // a version 7 UUID by its form
	return T(fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16]))
}

var departments = []struct{ code, name, short string }{
	{"scjg", "海阳市市场监督管理局", "市场监管局"},
	{"gaj", "海阳市公安局", "公安局"},
	{"wjw", "海阳市卫生健康局", "卫生健康局"},
}

// Org is the id of an organisation of the template: zf the government, lhb the
// conference office, and the departments scjg, gaj and wjw.
func Org(code string) inspect.OrgID { return ID[inspect.OrgID]("org " + code) }

func orgOf(code string) inspect.Org {
	kind := map[string]inspect.OrgKind{"zf": inspect.OrgGovernment, "lhb": inspect.OrgOffice, "sfj": inspect.OrgOversight}[code]
	if kind == "" {
		kind = inspect.OrgDepartment
	}
	org := inspect.Org{ID: Org(code), Kind: kind, Region: Region, Code: code}
	i := slices.IndexFunc(departments, func(d struct{ code, name, short string }) bool { return d.code == code })
	if i >= 0 {
		org.Name, org.Short = departments[i].name, departments[i].short
	}
	return org
}

// systemAdmin registers persons and organisations.
func systemAdmin(now time.Time) inspect.Actor {
	return inspect.Actor{
		Person: ID[inspect.PersonID]("person system"), Name: "系统管理员", Proved: now,
		Post: inspect.Post{ID: ID[inspect.PostID]("post system"), Kind: inspect.SystemAdmin, Org: Org("zf")}, Org: orgOf("zf"),
	}
}

func securityAdmin(now time.Time) inspect.Actor {
	return inspect.Actor{
		Person: ID[inspect.PersonID]("person security"), Name: "安全管理员",
		Post: inspect.Post{ID: ID[inspect.PostID]("post security"), Kind: inspect.SecurityAdmin, Org: Org("zf")},
		Org:  orgOf("zf"), Proved: now,
	}
}

// seed fills an empty database with the county of the tests.
func seed(url string) (err error) {
	ctx := context.Background()
	s, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	now := time.Date(2025, 12, 1, 1, 0, 0, 0, time.UTC)
	desk := act.NewDesk(s.Writer, func() time.Time { return now }, inspect.Regulation)
	admin := securityAdmin(now)
	do := func(by inspect.Actor, c act.Command) {
		if err == nil {
			_, err = desk.Do(ctx, ID[string](fmt.Sprintf("seed %v", c)), by, c)
		}
	}
	do(inspect.Console(Region), act.FoundInstallation{
		Region:     Region,
		Government: act.NewOrg{ID: Org("zf"), Code: "zf", Name: "海阳市人民政府", Short: "市政府"},
		Office:     act.NewOrg{ID: Org("lhb"), Code: "lhb", Name: "海阳市联席会议办公室", Short: "联席会议办公室"},
		Person:     admin.Person, Post: admin.Post.ID, Name: admin.Name,
		Areas: []inspect.Choice{{Value: "370687001", Text: "方圆街道"}, {Value: "370687002", Text: "东村街道"}, {Value: "370687100", Text: "留格庄镇"}},
	})
	system := systemAdmin(now)
	do(admin, act.AddPerson{ID: system.Person, Name: system.Name})
	do(admin, act.GrantPost{ID: system.Post.ID, Person: system.Person, Org: Org("zf"), Kind: inspect.SystemAdmin})
	for _, d := range departments {
		do(system, act.FoundOrg{ID: Org(d.code), Kind: inspect.OrgDepartment, Code: d.code, Name: d.name, Short: d.short})
	}
	do(system, act.FoundOrg{ID: Org("sfj"), Kind: inspect.OrgOversight, Code: "sfj", Name: "海阳市司法局执法监督科", Short: "执法监督"})
	return err
}

// Someone is a person with a post in an organisation of the template. The same
// name is the same person, whatever the post.
func (o *Office) Someone(name string, kind inspect.PostKind, org string) inspect.Actor {
	o.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	key := name + string(kind) + org
	if who, ok := o.people[key]; ok {
		who.Proved = o.Now
		return who
	}
	person := ID[inspect.PersonID]("person " + name)
	ctx := context.Background()
	add := act.AddPerson{ID: person, Name: name}
	if _, err := o.Desk.Do(ctx, ID[string]("add "+name), systemAdmin(o.Now), add); err != nil && !errors.Is(err, inspect.ErrTaken) {
		o.Fatalf("register %s: %v", name, err)
	}
	post := inspect.Post{ID: ID[inspect.PostID]("post " + key), Person: person, Kind: kind, Org: Org(org)}
	if _, err := o.Desk.Do(ctx, ID[string]("grant "+key), o.admin(), act.GrantPost{ID: post.ID, Person: person, Org: post.Org, Kind: kind}); err != nil {
		o.Fatalf("grant %s to %s: %v", kind, name, err)
	}
	who := inspect.Actor{Person: person, Name: name, Post: post, Org: orgOf(org), Proved: o.Now}
	o.people[key] = who
	return who
}

func (o *Office) admin() inspect.Actor {
	who := o.security
	who.Proved = o.Now
	return who
}

// Security is the security administrator of the template.
func (o *Office) Security() inspect.Actor { return o.admin() }

// System is the system administrator of the template.
func (o *Office) System() inspect.Actor { return systemAdmin(o.Now) }

// Clerk is a department's clerk (经办人) of that name.
func (o *Office) Clerk(name, org string) inspect.Actor { return o.Someone(name, inspect.Clerk, org) }

// Leader is a department's leader (分管负责人) of that name.
func (o *Office) Leader(name, org string) inspect.Actor { return o.Someone(name, inspect.Leader, org) }

// Do carries out an act with a request id of its own. People of the fixture have
// just shown their second factor; one with a zero Proved has not.
func (o *Office) Do(who inspect.Actor, c act.Command) (act.Receipt, error) {
	request := ID[string](fmt.Sprintf("request %s %d", o.Name(), o.next()))
	if !who.Proved.IsZero() {
		who.Proved = o.Now
	}
	return o.Desk.Do(context.Background(), request, who, c)
}

func (o *Office) next() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.requests++
	return o.requests
}

// Done carries out an act that must succeed.
func (o *Office) Done(who inspect.Actor, c act.Command) act.Receipt {
	o.Helper()
	receipt, err := o.Do(who, c)
	if err != nil {
		o.Fatalf("%s by %s: %v", c.Verb(), who.Name, err)
	}
	return receipt
}

// Refused tries an act that must fail with the problem and change nothing.
func (o *Office) Refused(who inspect.Actor, c act.Command, want inspect.Problem) {
	o.Helper()
	before := o.entries()
	_, err := o.Do(who, c)
	if !errors.Is(err, want) {
		o.Fatalf("%s by %s: got %v, want %s", c.Verb(), who.Name, err, want.Code)
	}
	if after := o.entries(); after != before {
		o.Fatalf("a refused %s left an entry", c.Verb())
	}
}

func (o *Office) entries() int64 {
	n, err := o.Store.Log.Behind(context.Background())
	if err != nil {
		o.Fatal(err)
	}
	return n
}

// Plan returns a plan as the public's record has it, whoever may see it.
func (o *Office) Plan(id inspect.PlanID) inspect.Plan {
	o.Helper()
	var plan inspect.Plan
	err := o.Store.Writer.Write(context.Background(), func(t *store.Tx) (err error) {
		plan, err = t.Plan(context.Background(), id)
		return err
	})
	if err != nil {
		o.Fatalf("read plan %s: %v", id, err)
	}
	return plan
}

// NothingBroken fails the test if any invariant's view is not empty.
func (o *Office) NothingBroken() {
	o.Helper()
	broken, err := o.Store.DB.Broken(context.Background())
	if err != nil {
		o.Error(err)
	}
	for view, row := range broken {
		o.Errorf("%s is broken: %s", view, row)
	}
}
