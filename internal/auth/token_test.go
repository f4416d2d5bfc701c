package auth_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// tokenGate is the gate of an office, and a person with an account.
func tokenGate(o *rig.Office) (*auth.Gate, inspect.Actor) {
	o.Helper()
	gate, err := auth.Open(auth.Config{
		Sessions: o.Store.Sessions, Pepper: bytes.Repeat([]byte("p"), 32), Origin: "https://suicha.example",
		Now: func() time.Time { return o.Now },
	})
	if err != nil {
		o.Fatal(err)
	}
	li := o.Clerk("李科长", "scjg")
	tokenAccount(o, li, false)
	return gate, li
}

func tokenAccount(o *rig.Office, who inspect.Actor, demo bool) {
	o.Helper()
	added, err := o.Store.Sessions.AddAccount(o.Context(), store.Account{
		Person: who.Person, Name: string(who.Person), Password: "unused", Demo: demo, Made: o.Now, PasswordAt: o.Now,
	})
	if err != nil || !added {
		o.Fatal(added, err)
	}
}

// An API token is made with the second factor, for a year at most, for what the
// post can use it for.
func TestAPITokenRules(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		gate, li := tokenGate(o)
		stale := li
		stale.Proved = o.Now.Add(-inspect.StepUpFor - time.Second)
		year := o.Now.AddDate(1, 0, 0)
		read := []auth.Scope{auth.ScopeRead}
		for _, test := range []struct {
			who    inspect.Actor
			name   string
			scopes []auth.Scope
			until  time.Time
			want   error
		}{
			{li, "同步", read, year, nil},
			{li, " 同步 ", []auth.Scope{auth.ScopeItem, auth.ScopeRead, auth.ScopeRead, auth.ScopePlan}, o.Now.Add(time.Hour), nil},
			{stale, "同步", read, year, inspect.ErrStepUp},
			{inspect.Actor{}, "同步", read, year, inspect.ErrStepUp},
			{li, "", read, year, inspect.ErrEmpty},
			{li, strings.Repeat("长", 41), read, year, inspect.ErrLong},
			{li, "a\u202eb", read, year, inspect.ErrControl},
			{li, "同步", nil, year, inspect.ErrEmpty},
			{li, "同步", []auth.Scope{"write"}, year, inspect.ErrChoice},
			{li, "同步", []auth.Scope{auth.ScopeAdmin}, year, inspect.ErrChoice}, // of no use to a clerk
			{li, "同步", read, year.Add(time.Second), auth.ErrTokenUntil},
			{li, "同步", read, o.Now, auth.ErrTokenUntil},
			{li, "同步", read, time.Time{}, auth.ErrTokenUntil},
		} {
			secret, made, err := gate.NewAPIToken(t.Context(), test.who, test.name, test.scopes, test.until, auth.From{})
			if !errors.Is(err, test.want) || (test.want == nil) != (err == nil) || (err == nil) != strings.HasPrefix(secret, "sct_") {
				t.Errorf("%q %v until %v: %v, want %v", test.name, test.scopes, test.until, err, test.want)
				continue
			}
			if err != nil {
				continue
			}
			got, err := gate.APIToken(t.Context(), secret)
			if err != nil || got.ID != made.ID || got.Name != "同步" || got.Actor.Post.ID != li.Post.ID || got.Actor.Proven(o.Now) {
				t.Errorf("the token is %+v, %v", got, err)
			}
		}
		list, err := gate.APITokens(t.Context(), li)
		if err != nil || len(list) != 2 || !slices.ContainsFunc(list, func(v store.APIToken) bool {
			return slices.Equal(v.Scopes, []string{"read", "write:plan", "write:item"})
		}) {
			t.Errorf("the list is %+v, %v", list, err)
		}
	})
}

// Nobody has more than twenty at a time, and nobody ends those of others.
func TestAPITokensAreFewAndOnesOwn(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		gate, li := tokenGate(o)
		secrets := map[string]string{}
		for range 20 {
			secret, made, err := gate.NewAPIToken(t.Context(), li, "同步", []auth.Scope{auth.ScopeRead}, o.Now.Add(time.Hour), auth.From{})
			if err != nil {
				t.Fatal(err)
			}
			secrets[made.ID] = secret
		}
		more := func() error {
			who := li
			who.Proved = o.Now
			_, _, err := gate.NewAPIToken(t.Context(), who, "同步", []auth.Scope{auth.ScopeRead}, o.Now.Add(time.Hour), auth.From{})
			return err
		}
		if err := more(); !errors.Is(err, auth.ErrTokenMany) {
			t.Errorf("a token too many: %v", err)
		}
		for id, secret := range secrets {
			if err := gate.RevokeAPIToken(t.Context(), o.Clerk("孙警官", "gaj"), id, auth.From{}); !errors.Is(err, inspect.ErrMissing) {
				t.Errorf("a stranger ends a token: %v", err)
			}
			if err := gate.RevokeAPIToken(t.Context(), li, id, auth.From{}); err != nil {
				t.Error(err)
			}
			if err := gate.RevokeAPIToken(t.Context(), li, id, auth.From{}); !errors.Is(err, inspect.ErrMissing) {
				t.Errorf("ended twice: %v", err)
			}
			if _, err := gate.APIToken(t.Context(), secret); !errors.Is(err, auth.ErrToken) {
				t.Errorf("an ended token: %v", err)
			}
			break
		}
		if err := more(); err != nil {
			t.Errorf("the place of an ended token: %v", err)
		}
		o.Now = o.Now.Add(2 * time.Hour)
		if err := more(); err != nil {
			t.Errorf("the place of a token past its term: %v", err)
		}
		log, err := o.Store.Sessions.SecurityLog(t.Context(), store.EventFilter{Kind: string(auth.APITokenRevoked)}, 10)
		if err != nil || len(log) != 1 || log[0].Person != li.Person {
			t.Errorf("the security log holds %v, %v", log, err)
		}
	})
}

// The database holds no secret that could be used, and a token of the
// demonstration is worth nothing elsewhere.
func TestAPITokenIsNotKept(t *testing.T) {
	path := rig.SQLite(t)
	o := rig.Open(t, path)
	gate, li := tokenGate(o)
	secret, _, err := gate.NewAPIToken(t.Context(), li, "同步", []auth.Scope{auth.ScopeRead}, o.Now.Add(time.Hour), auth.From{})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, path + "-wal"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(secret[len("sct_"):])) {
			t.Errorf("%s holds the secret", file)
		}
	}
	sun := o.Clerk("孙警官", "gaj")
	tokenAccount(o, sun, true)
	secret, _, err = gate.NewAPIToken(t.Context(), sun, "演示", []auth.Scope{auth.ScopeRead}, o.Now.Add(time.Hour), auth.From{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gate.APIToken(t.Context(), secret); !errors.Is(err, auth.ErrToken) {
		t.Errorf("a token of the demonstration: %v", err)
	}
}

// A token is for one post. When that ends, the person's other posts do not take
// its place: INV-28.
func TestAPITokenIsForOnePost(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		gate, li := tokenGate(o)
		liaison := o.Someone("李科长", inspect.Liaison, "scjg")
		secret, _, err := gate.NewAPIToken(t.Context(), li, "同步", []auth.Scope{auth.ScopePlan}, o.Now.Add(time.Hour), auth.From{})
		if err != nil {
			t.Fatal(err)
		}
		token, err := gate.APIToken(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		for verb, want := range map[inspect.Verb]error{
			inspect.PlanSubmit: nil, inspect.PlanApprove: inspect.ErrDenied, inspect.ItemList: auth.ErrTokenScope, inspect.PlanReplace: inspect.ErrDenied,
		} {
			if err := token.May(verb); !errors.Is(err, want) || (err == nil) != (want == nil) {
				t.Errorf("%s: %v, want %v", verb, err, want)
			}
		}
		o.Done(o.Security(), act.EndPost{Post: li.Post.ID, Seen: 1})
		if _, err := gate.APIToken(t.Context(), secret); !errors.Is(err, auth.ErrTokenPost) {
			t.Errorf("the post has ended, %s goes on: %v", liaison.Post.Kind, err)
		}
	})
}

// FuzzAPIToken: nothing but the secret itself is a token.
func FuzzAPIToken(f *testing.F) {
	o := rig.Open(f, rig.SQLite(f))
	gate, li := tokenGate(o)
	secret, _, err := gate.NewAPIToken(f.Context(), li, "同步", []auth.Scope{auth.ScopeRead}, o.Now.Add(time.Hour), auth.From{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("")
	f.Add("sct_")
	f.Add(secret[:len(secret)-1])
	f.Add(secret + "=")
	f.Add("sct_" + strings.Repeat("'", 43))
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := gate.APIToken(t.Context(), text); text != secret && !errors.Is(err, auth.ErrToken) {
			t.Errorf("%q: %v", text, err)
		}
	})
}
