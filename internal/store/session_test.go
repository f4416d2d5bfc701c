package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// withAccount gives a clerk of the fixture an account.
func withAccount(o *rig.Office, name string) inspect.PersonID {
	o.Helper()
	person := o.Clerk(name, "scjg").Person
	added, err := o.Store.Sessions.AddAccount(context.Background(), store.Account{Person: person, Name: name, Made: o.Now})
	if err != nil || !added {
		o.Fatal(added, err)
	}
	return person
}

func session(o *rig.Office, person inspect.PersonID, id string, stage store.Stage) store.Session {
	return store.Session{ID: id, Person: person, Stage: stage, Made: o.Now, Seen: o.Now, Ends: o.Now.Add(time.Hour)}
}

// However many sign in at once, no more sessions stay than allowed, and a
// session that is to be replaced is replaced once.
func TestAdmissionKeepsTheLimit(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		ctx, s, person := context.Background(), o.Store.Sessions, withAccount(o, "李科长")
		var all sync.WaitGroup
		for i := range 12 {
			all.Go(func() {
				id := fmt.Sprintf("s%02d", i)
				if _, err := s.Admit(ctx, "", "hash "+id, session(o, person, id, store.Full), 3); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		live, err := s.SessionsOf(ctx, person)
		if err != nil || len(live) != 3 {
			o.Fatalf("%d sessions, %v", len(live), err)
		}

		if _, err := s.Admit(ctx, "", "half", session(o, person, "half", store.Half), 3); err != nil {
			o.Fatal(err)
		}
		var won atomic.Int64
		for i := range 8 {
			all.Go(func() {
				_, err := s.Admit(ctx, "half", fmt.Sprint("full ", i), session(o, person, fmt.Sprint("full ", i), store.Full), 3)
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, inspect.ErrMissing) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			o.Errorf("one half session became %d full ones", won.Load())
		}
	})
}

// A step, a recovery code and a challenge are used by one, whoever else tries.
func TestUsedOnce(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		ctx, s, person := context.Background(), o.Store.Sessions, withAccount(o, "李科长")
		added, err := s.AddFactor(ctx, store.Factor{ID: "f", Person: person, Kind: store.TOTP, Label: "手机", Secret: "x", Step: 7, Made: o.Now}, 2)
		if err != nil || !added {
			o.Fatal(added, err)
		}
		if err := s.PutRecovery(ctx, person, []string{"a", "b"}); err != nil {
			o.Fatal(err)
		}
		if err := s.AddChallenge(ctx, store.Challenge{Hash: "c", Kind: "sign_in", Sealed: "x", Ends: o.Now.Add(time.Minute)}); err != nil {
			o.Fatal(err)
		}
		for what, use := range map[string]func() (bool, error){
			"step":          func() (bool, error) { return s.StepFactor(ctx, "f", 9, o.Now) },
			"recovery code": func() (bool, error) { return s.UseRecovery(ctx, person, "a", o.Now) },
			"challenge": func() (bool, error) {
				_, err := s.TakeChallenge(ctx, "sign_in", "c", "", o.Now)
				if errors.Is(err, inspect.ErrMissing) {
					return false, nil
				}
				return err == nil, err
			},
		} {
			var won atomic.Int64
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					used, err := use()
					if err != nil {
						t.Errorf("%s: %v", what, err)
					}
					if used {
						won.Add(1)
					}
				})
			}
			all.Wait()
			if won.Load() != 1 {
				o.Errorf("one %s was used %d times", what, won.Load())
			}
		}
		if earlier, err := s.StepFactor(ctx, "f", 8, o.Now); earlier || err != nil {
			o.Errorf("an earlier step: %v, %v", earlier, err)
		}
		if left, err := s.RecoveryLeft(ctx, person); left != 1 || err != nil {
			o.Errorf("%d recovery codes are left (%v)", left, err)
		}
	})
}

func TestFactorsHaveALimitAndALast(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		ctx, s, person := context.Background(), o.Store.Sessions, withAccount(o, "李科长")
		other := withAccount(o, "王会计")
		for i, test := range []struct {
			person inspect.PersonID
			handle string
			want   bool
		}{{person, "k1", true}, {person, "k1", false}, {other, "k1", false}, {person, "k2", true}, {person, "k3", false}, {other, "k3", true}} {
			added, err := s.AddFactor(ctx, store.Factor{
				ID: fmt.Sprint("f", i), Person: test.person, Kind: store.Passkey, Label: "钥匙", Handle: test.handle, Secret: "x", Made: o.Now,
			}, 2)
			if err != nil || added != test.want {
				o.Errorf("factor %d: %v, %v", i, added, err)
			}
		}
		for i, test := range []struct {
			person inspect.PersonID
			id     string
			want   bool
		}{{person, "f5", false}, {person, "f0", true}, {person, "f3", false}, {other, "f5", false}} {
			dropped, err := s.DropFactor(ctx, test.person, test.id)
			if err != nil || dropped != test.want {
				o.Errorf("drop %d: %v, %v", i, dropped, err)
			}
		}
	})
}

// Of many tries at once, the rule sees each with all before it counted.
func TestChargesQueue(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		ctx, s := context.Background(), o.Store.Sessions
		var allowed, dripped atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				ok, _, err := s.Charge(ctx, "key", true, o.Now, func(a store.Attempt) (bool, time.Time) { return a.Failures < 5, o.Now })
				if err != nil {
					t.Error(err)
				}
				if ok {
					allowed.Add(1)
				}
				ok, err = s.Drip(ctx, "10.3.7.0/24", func(until time.Time) (bool, time.Time) {
					if until.IsZero() {
						until = o.Now
					}
					return until.Sub(o.Now) < 7*time.Second, until.Add(time.Second)
				})
				if err != nil {
					t.Error(err)
				}
				if ok {
					dripped.Add(1)
				}
			})
		}
		all.Wait()
		if allowed.Load() != 5 || dripped.Load() != 7 {
			o.Errorf("%d charges and %d drips went through, want 5 and 7", allowed.Load(), dripped.Load())
		}
		if err := s.Forgive(ctx, "key"); err != nil {
			o.Fatal(err)
		}
		ok, a, err := s.Charge(ctx, "key", true, o.Now, func(a store.Attempt) (bool, time.Time) { return a.Failures == 0, o.Now })
		if err != nil || !ok || a.Failures != 1 {
			o.Errorf("after forgiving: %v, %+v, %v", ok, a, err)
		}
	})
}

func TestSecurityLogPagesByKey(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		ctx, s := context.Background(), o.Store.Sessions
		for i := range 25 {
			e := store.SecurityEvent{ID: fmt.Sprintf("e%02d", i), At: o.Now.Add(time.Duration(i/5) * time.Second), Kind: "sign_in", Person: "p"}
			if i%2 == 0 {
				e.Kind, e.Person, e.Subject = "account.reset", "q", "p"
			}
			if err := s.Note(ctx, e); err != nil {
				o.Fatal(err)
			}
		}
		for _, test := range []struct {
			filter store.EventFilter
			want   int
		}{{store.EventFilter{}, 25}, {store.EventFilter{Kind: "sign_in"}, 12}, {store.EventFilter{Person: "p"}, 25}, {store.EventFilter{Person: "q"}, 13}, {store.EventFilter{Kind: "none"}, 0}} {
			n, last := 0, "e99"
			for {
				lines, err := s.SecurityLog(ctx, test.filter, 4)
				if err != nil {
					o.Fatal(err)
				}
				for _, line := range lines {
					if line.ID >= last {
						o.Errorf("%s comes after %s", line.ID, last)
					}
					last = line.ID
				}
				n += len(lines)
				if len(lines) < 4 {
					break
				}
				test.filter.Before = last
			}
			if n != test.want {
				o.Errorf("%+v: %d lines, want %d", test.filter, n, test.want)
			}
		}
	})
}

func TestAccountsRefuseWhatIsHalf(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		ctx, s, person := context.Background(), o.Store.Sessions, withAccount(o, "李科长")
		for what, a := range map[string]store.Account{
			"the same name":   {Person: o.Clerk("王会计", "scjg").Person, Name: "李科长", Made: o.Now},
			"the same person": {Person: person, Name: "other", Made: o.Now},
		} {
			if added, err := s.AddAccount(ctx, a); added || err != nil {
				o.Errorf("%s: %v, %v", what, added, err)
			}
		}
		for what, a := range map[string]store.Account{
			"nobody":                      {Person: "0198c0de-0000-7000-8000-000000000000", Name: "nobody", Made: o.Now},
			"a password without its time": {Person: o.Clerk("赵股长", "scjg").Person, Name: "zhao", Password: "x", Made: o.Now},
			"strong without a password":   {Person: o.Clerk("赵股长", "scjg").Person, Name: "zhao", Alone: true, Made: o.Now},
		} {
			if _, err := s.AddAccount(ctx, a); err == nil {
				o.Errorf("%s: the database let it in", what)
			}
		}
	})
}
