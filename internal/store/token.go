package store

import (
	"context"
	"time"

	"suicha/internal/inspect"
)

// An APIToken (接口令牌) lets a program use the API for a person in one of their
// posts.
type APIToken struct {
	ID      string
	Person  inspect.PersonID
	Post    inspect.PostID
	Name    string // what its owner calls it
	Scopes  []string
	Made    time.Time
	Ends    time.Time
	Used    time.Time // last; a few minutes may be missing
	Revoked time.Time
	Sound   bool   // its owner's account is as it was when the token was made
	Demo    bool   // of a demonstration account
	Seal    string // by package auth
}

// A token falls with its owner's account: a reset empties the password, and a
// password set after the token was made is a sign that the owner starts anew.
const apiTokenSelect = `
	SELECT t.id, t.person, t.post, t.name, t.scopes, t.made_at, t.ends_at, t.used_at, t.revoked_at,
	       a.password <> '' AND a.password_at <= t.made_at, a.demo, t.seal
	FROM   api_token t
	JOIN   account a ON a.person = t.person`

func scanAPIToken(row scanner) (t APIToken, err error) {
	err = row.Scan(&t.ID, &t.Person, &t.Post, &t.Name, setCol[string]{&t.Scopes},
		instantCol{&t.Made}, instantCol{&t.Ends}, instantCol{&t.Used}, instantCol{&t.Revoked}, &t.Sound, &t.Demo, &t.Seal)
	return t, err
}

// APIToken returns the token with the hash, whether it still works or not.
func (s *Sessions) APIToken(ctx context.Context, hash string) (APIToken, error) {
	return row(ctx, s.db, scanAPIToken, apiTokenSelect+` WHERE t.hash = $1`, hash)
}

// APITokens returns the tokens of a person, the newest first.
func (s *Sessions) APITokens(ctx context.Context, person inspect.PersonID) ([]APIToken, error) {
	return list(ctx, s.db, scanAPIToken, apiTokenSelect+`
		WHERE  t.person = $1
		ORDER  BY t.made_at DESC, t.id
		LIMIT  200`, person)
}

// AddAPIToken stores a new token under its hash, unless its person has most
// that have not ended already. It reports whether it did.
func (s *Sessions) AddAPIToken(ctx context.Context, hash string, t APIToken, most int) (added bool, err error) {
	err = s.write(ctx, func(q queryer) error {
		if _, err := exec(ctx, q, `UPDATE account SET made_at = made_at WHERE person = $1`, t.Person); err != nil {
			return err
		}
		n, err := exec(ctx, q, `
			INSERT INTO api_token (id, hash, person, post, name, scopes, made_at, ends_at, used_at, revoked_at, seal)
			SELECT $1, $2, $3, $4, $5, $6, $7, $8, '', '', $10
			FROM   account
			WHERE  person = $3 AND password <> '' AND (
				SELECT count(*) FROM api_token WHERE person = $3 AND revoked_at = '' AND ends_at > $7) < $9`,
			t.ID, hash, string(t.Person), string(t.Post), t.Name, set(t.Scopes), instant(t.Made), instant(t.Ends), most, t.Seal)
		added = n == 1
		return err
	})
	return added, err
}

// UseAPIToken notes that the token was used at now, if that was not noted since
// before.
func (s *Sessions) UseAPIToken(ctx context.Context, id string, now, before time.Time) error {
	_, err := exec(ctx, s.writes, `UPDATE api_token SET used_at = $2 WHERE id = $1 AND used_at < $3`, id, instant(now), instant(before))
	return err
}

// RevokeAPIToken ends a token of a person at now. It reports whether there was
// one that had not been ended.
func (s *Sessions) RevokeAPIToken(ctx context.Context, person inspect.PersonID, id string, now time.Time) (bool, error) {
	n, err := exec(ctx, s.writes, `UPDATE api_token SET revoked_at = $3 WHERE person = $1 AND id = $2 AND revoked_at = ''`,
		person, id, instant(now))
	return n == 1, err
}
