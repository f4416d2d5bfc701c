package auth_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// rows runs a story with a gate and with the database behind it, as its owner
// opens it.
func rows(t *testing.T, story func(h *house, db func(statement string, args ...any))) {
	t.Helper()
	for name, open := range map[string]func(testing.TB) string{"sqlite": rig.SQLite, "pgx": rig.County} {
		if name == "pgx" && !rig.WithPostgres() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := open(t)
			o := rig.Open(t, url)
			db, err := sql.Open(name, url)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			story(gateOf(o, config(o)), func(statement string, args ...any) {
				t.Helper()
				if _, err := db.Exec(statement, args...); err != nil {
					t.Fatalf("%s: %v", statement, err)
				}
			})
		})
	}
}

// Whoever can write the database puts their own password, telephone, recovery
// codes, passkey, session, API token or invitation into another person's row.
// None of it opens the other person's account.
func TestMovedSecretsOpenNothing(t *testing.T) {
	rows(t, func(h *house, db func(string, ...any)) {
		li := h.member("李科长", "likezhang", okWord)
		thief := h.member("赵科员", "zhaokeyuan", "nV4tqRz8")
		mine, his := thief.who.Person, li.who.Person

		db(`UPDATE account SET password = (SELECT a.password FROM account a WHERE a.person = $1) WHERE person = $2`, mine, his)
		_, err := h.SignIn(ctx, li.name, thief.password, away)
		h.want(err, inspect.ErrSignIn)
		_, err = h.SignIn(ctx, thief.name, thief.password, away)
		h.must(err)
	})
	rows(t, func(h *house, db func(string, ...any)) {
		li := h.member("李科长", "likezhang", okWord)
		thief := h.member("赵科员", "zhaokeyuan", okWord)
		mine, his := thief.who.Person, li.who.Person
		half, err := h.SignIn(ctx, li.name, li.password, away) // the password is known to the thief
		h.must(err)

		db(`UPDATE recovery SET used_at = 'x' WHERE person = $1`, his)
		db(`INSERT INTO recovery (person, hash, used_at) SELECT CAST($1 AS TEXT), hash, '' FROM recovery WHERE person = $2`, his, mine)
		_, err = h.SecondFactor(ctx, half.Token, thief.recovery[0], away)
		h.want(err, inspect.ErrCode)

		db(`UPDATE factor SET secret = (SELECT f.secret FROM factor f WHERE f.person = $1) WHERE person = $2`, mine, his)
		if _, err = h.SecondFactor(ctx, half.Token, h.code(thief.secret), away); err == nil {
			h.Error("a moved telephone opens the account")
		}
	})
}

func TestMovedSessionsAndTokensOpenNothing(t *testing.T) {
	rows(t, func(h *house, db func(string, ...any)) {
		li := h.member("李科长", "likezhang", okWord)
		thief := h.member("赵科员", "zhaokeyuan", okWord)
		mine, his := thief.who.Person, li.who.Person

		token := h.signIn(thief)
		h.in(token)
		for _, change := range []string{
			`UPDATE session SET proved_at = '2026-03-02T09:00:00.000Z' WHERE person = $1`, `UPDATE session SET ends_at = '2099-01-01T00:00:00.000Z' WHERE person = $1`,
		} {
			token = h.signIn(thief)
			db(change, mine)
			h.out(token)
		}
		token = h.signIn(thief)
		db(`UPDATE session SET person = $1, post = $2 WHERE person = $3`, his, li.who.Post.ID, mine)
		h.out(token)
		h.out(h.whose(db, his))

		h.pass(time.Hour)
		who := h.in(h.signIn(thief))
		who.Proved = h.Now
		secret, _, err := h.NewAPIToken(ctx, who, "同步", []auth.Scope{auth.ScopeRead}, h.Now.AddDate(0, 1, 0), desk)
		h.must(err)
		_, err = h.APIToken(ctx, secret)
		h.must(err)
		db(`UPDATE api_token SET person = $1, post = $2 WHERE person = $3`, his, li.who.Post.ID, mine)
		_, err = h.APIToken(ctx, secret)
		h.want(err, auth.ErrToken)
		db(`UPDATE api_token SET person = $1, post = $2, scopes = 'read write:plan'`, mine, thief.who.Post.ID)
		_, err = h.APIToken(ctx, secret)
		h.want(err, auth.ErrToken)
	})
}

// whose is a session that the database's owner wrote for a person, with a token
// whose hash everybody can compute.
func (h *house) whose(db func(string, ...any), person inspect.PersonID) string {
	db(`INSERT INTO session (id, hash, person, stage, post, net, device, made_at, seen_at, ends_at, proved_at)
		SELECT 'made up', '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae', CAST($1 AS TEXT), stage, post, net, device, made_at, seen_at, ends_at, proved_at
		FROM   session LIMIT 1`, person)
	return "foo"
}

func TestMovedInvitationsAndPasskeysOpenNothing(t *testing.T) {
	rows(t, func(h *house, db func(string, ...any)) {
		li := h.member("李科长", "likezhang", okWord)
		_, device := h.withPasskey("赵科员", "zhaokeyuan")
		_, err := h.passkeySignIn(device)
		h.must(err)
		db(`UPDATE factor SET person = $1 WHERE kind = 'passkey'`, li.who.Person)
		device.handle = []byte(li.who.Person)
		if _, err := h.passkeySignIn(device); err == nil {
			h.Error("a moved passkey opens the account")
		}

		_, invite := h.invite("钱科员", "qiankeyuan")
		db(`UPDATE invitation SET person = $1 WHERE used_at = ''`, li.who.Person)
		if _, err := h.Redeem(ctx, invite, okWord, away); !errors.Is(err, inspect.ErrInvitation) {
			h.Errorf("a moved invitation: %v", err)
		}
		db(`UPDATE invitation SET seal = '', hash = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae' WHERE used_at = ''`)
		if _, err := h.Redeem(ctx, "foo", okWord, away); !errors.Is(err, inspect.ErrInvitation) {
			h.Errorf("an invitation of the database's owner: %v", err)
		}
	})
}

// A password from before passwords named their person opens once more, and is
// stored anew for its person.
func TestOldPasswordsAreStoredAnew(t *testing.T) {
	const older = "$argon2id$v=19$m=8,t=1,p=1,keyid=wAcByfWt$xb9nJ0uW+c+dTbhNaRjeyw$te4gUAcdblgMqSD6yhznh3KOHXD6ojdZwlmguuUUzyE"
	rows(t, func(h *house, db func(string, ...any)) {
		m := h.member("李科长", "likezhang", okWord)
		c := config(h.Office)
		c.Pepper = []byte(strings.Repeat("p", 32))
		g, err := auth.Open(c)
		h.must(err)
		db(`UPDATE account SET password = $1 WHERE person = $2`, older, m.who.Person)
		for range 2 {
			_, err := g.SignIn(ctx, m.name, "七月里的两只灰鹤", desk)
			h.must(err)
		}
		a, err := h.Store.Sessions.Account(ctx, m.who.Person)
		h.must(err)
		if a.Password == older {
			h.Error("the password was left as it was")
		}
	})
}
