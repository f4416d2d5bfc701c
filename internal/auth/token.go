package auth

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A Scope (权限范围) is what an API token may be used for. It only narrows: what
// the post may not do, no scope allows.
type Scope string

// The scopes.
const (
	ScopeRead    Scope = "read"
	ScopePlan    Scope = "write:plan"
	ScopeTask    Scope = "write:task"
	ScopeBatch   Scope = "write:batch"
	ScopeResult  Scope = "write:result"
	ScopeItem    Scope = "write:item"
	ScopeLibrary Scope = "write:library"
	ScopeAdmin   Scope = "write:admin"
)

// Scopes lists the scopes in the order of the form.
var Scopes = []inspect.Choice{
	{Value: string(ScopeRead), Text: "查看"},
	{Value: string(ScopePlan), Text: "办理抽查计划"},
	{Value: string(ScopeTask), Text: "办理抽查任务"},
	{Value: string(ScopeBatch), Text: "办理抽取批次"},
	{Value: string(ScopeResult), Text: "办理检查结果、后续处理和意见反馈"},
	{Value: string(ScopeItem), Text: "维护抽查事项和分库"},
	{Value: string(ScopeLibrary), Text: "维护名录库"},
	{Value: string(ScopeAdmin), Text: "维护单位、人员和岗位"},
}

// nouns are the first words of the verbs that a scope covers.
var nouns = map[Scope][]string{
	ScopePlan:    {"plan"},
	ScopeTask:    {"task", "confirm", "cap", "waiver"},
	ScopeBatch:   {"batch", "team", "subst", "visit"},
	ScopeResult:  {"result", "correction", "followup", "feedback", "appeal", "delivery"},
	ScopeItem:    {"item", "upstream", "limit", "checklist", "joint", "sublibrary"},
	ScopeLibrary: {"object", "flag", "licence", "member", "import", "inspector", "workforce"},
	ScopeAdmin:   {"org", "person", "post", "target"},
}

// Covers reports whether the scope allows the act.
func (s Scope) Covers(act inspect.Verb) bool {
	noun, _, _ := strings.Cut(string(act), ".")
	return slices.Contains(inspect.Acts(), act) && !inspect.ByPlatform(act) && slices.Contains(nouns[s], noun)
}

// ScopesOf returns the scopes that are of any use to the actor's post: the
// choices of the form for a new token.
func ScopesOf(who inspect.Actor) []inspect.Choice {
	var useful []inspect.Choice
	for _, c := range Scopes {
		if Scope(c.Value) == ScopeRead || slices.ContainsFunc(inspect.Acts(), func(v inspect.Verb) bool {
			return Scope(c.Value).Covers(v) && !v.Grave() && who.May(v) == nil
		}) {
			useful = append(useful, c)
		}
	}
	return useful
}

// Problems of tokens.
var (
	ErrToken      = inspect.Problem{Kind: inspect.Denied, Code: "token", Text: "接口令牌无效：可能没有提供、没有复制完整、已到期或者已被撤销。请在“账号与岗位”页面核对，或者新建一个。"}
	ErrTokenPost  = inspect.Problem{Kind: inspect.Denied, Code: "token_post", Text: "这个接口令牌所用的岗位已经结束。请用现任岗位新建一个。"}
	ErrTokenScope = inspect.Problem{Kind: inspect.Denied, Code: "token_scope", Text: "这个接口令牌没有“%s”的权限范围。请新建一个包含该范围的令牌。"}
	ErrTokenGrave = inspect.Problem{Kind: inspect.StepUp, Code: "step_up", Text: "“%s”是重要操作，须本人再次验证身份，不能用接口令牌办理。请登录网页办理。"}
	ErrTokenUntil = inspect.Problem{Kind: inspect.Invalid, Code: "token_until", Field: "until", Text: "有效期应在将来，且最长一年。请修改。"}
	ErrTokenMany  = inspect.Problem{Kind: inspect.Refused, Code: "token_many", Text: "有效的接口令牌最多 %d 个。请先撤销不用的。"}
)

// Events of tokens in the security log.
const (
	APITokenMade    Event = "api_token.make"
	APITokenRevoked Event = "api_token.revoke"
)

const (
	apiPrefix     = "sct_" // by which a scanner finds a token that leaked
	apiTokensMost = 20
	apiNameMost   = 40
	apiUsedEvery  = time.Minute
)

var apiTokenForm = regexp.MustCompile(`^` + apiPrefix + `[A-Za-z0-9_-]{43}$`)

// An APIToken is a token that was found good at this moment, and who acts with
// it. The actor has not shown a second factor, so no grave act is open to it.
type APIToken struct {
	store.APIToken
	Actor inspect.Actor
}

// MayRead fails unless the token may be used for reading.
func (t APIToken) MayRead() error {
	if !slices.Contains(t.Scopes, string(ScopeRead)) {
		return ErrTokenScope.With(Scopes[0].Text)
	}
	return nil
}

// May fails unless the post may do the act and the token may be used for it.
func (t APIToken) May(act inspect.Verb) error {
	if err := t.Actor.May(act); err != nil {
		return err
	}
	if act.Grave() {
		return ErrTokenGrave.With(act.Text())
	}
	for _, c := range Scopes {
		if !Scope(c.Value).Covers(act) {
			continue
		}
		if !slices.Contains(t.Scopes, c.Value) {
			return ErrTokenScope.With(c.Text)
		}
		return nil
	}
	return inspect.ErrDenied.With(act.Text())
}

// NewAPIToken makes a token for the post that the actor acts through, good until
// a moment at most a year from now. The secret is returned this once and kept
// nowhere. A token is a way in without a second factor: making one asks for it.
func (g *Gate) NewAPIToken(ctx context.Context, who inspect.Actor, name string, scopes []Scope, until time.Time, from From) (secret string, t store.APIToken, err error) {
	now := g.now().UTC().Truncate(time.Millisecond)
	if !who.Proven(now) {
		return "", t, inspect.ErrStepUp
	}
	var ps inspect.Problems
	t = store.APIToken{ID: newID(now), Person: who.Person, Post: who.Post.ID, Made: now, Ends: until.UTC().Truncate(time.Millisecond), Sound: true}
	t.Name = inspect.Line(&ps, "name", "令牌名称", name, apiNameMost)
	t.Scopes = tidyScopes(&ps, who, scopes)
	if !t.Ends.After(now) || t.Ends.After(now.AddDate(1, 0, 0)) {
		ps = append(ps, ErrTokenUntil)
	}
	if err := ps.Err(); err != nil {
		return "", t, err
	}
	secret = apiPrefix + newToken()
	if err := g.note(ctx, APITokenMade, who.Person, "", from.Net(), strings.Join(t.Scopes, " ")); err != nil {
		return "", t, err
	}
	t.Seal = g.keys.lookups(tokenParts(hashToken(secret), t)...)[0]
	added, err := g.rows.AddAPIToken(ctx, hashToken(secret), t, apiTokensMost)
	switch {
	case err != nil:
		return "", t, fmt.Errorf("store an API token: %w", err)
	case !added:
		return "", t, ErrTokenMany.With(apiTokensMost)
	}
	return secret, t, nil
}

// tokenParts are what an API token's seal binds together.
func tokenParts(hash string, t store.APIToken) []string {
	return []string{"api", hash, t.ID, string(t.Person), string(t.Post), strings.Join(t.Scopes, " "), moment(t.Made), moment(t.Ends)}
}

// tidyScopes returns the scopes in the order of the form, each once.
func tidyScopes(ps *inspect.Problems, who inspect.Actor, scopes []Scope) []string {
	useful := ScopesOf(who)
	for _, s := range scopes {
		if !slices.ContainsFunc(useful, func(c inspect.Choice) bool { return c.Value == string(s) }) {
			*ps = append(*ps, inspect.ErrChoice.With("权限范围").At("scopes"))
			return nil
		}
	}
	if len(scopes) == 0 {
		*ps = append(*ps, inspect.ErrEmpty.With("权限范围").At("scopes"))
	}
	var list []string
	for _, c := range useful {
		if slices.Contains(scopes, Scope(c.Value)) {
			list = append(list, c.Value)
		}
	}
	return list
}

// APIToken returns the live token of a secret and its actor. It fails with
// ErrToken, or with ErrTokenPost if the person no longer holds the post.
//
// Token, account and post are read each time: whoever revokes a token, resets an
// account or ends a post has shut the door by the next request, INV-28.
func (g *Gate) APIToken(ctx context.Context, secret string) (APIToken, error) {
	now := g.now()
	if !apiTokenForm.MatchString(secret) {
		return APIToken{}, ErrToken
	}
	row, err := g.rows.APIToken(ctx, hashToken(secret))
	switch {
	case errors.Is(err, inspect.ErrMissing):
		return APIToken{}, ErrToken
	case err != nil:
		return APIToken{}, fmt.Errorf("read an API token: %w", err)
	case !g.keys.binds(row.Seal, tokenParts(hashToken(secret), row)...): // written by somebody else, or moved
		return APIToken{}, ErrToken
	case !row.Revoked.IsZero() || !row.Sound || !now.Before(row.Ends) || row.Demo && !g.demo:
		return APIToken{}, ErrToken
	}
	posts, err := g.rows.HeldAt(ctx, row.Person, now)
	if err != nil {
		return APIToken{}, fmt.Errorf("read the posts of an API token: %w", err)
	}
	i := slices.IndexFunc(posts, func(h store.Holder) bool { return h.ID == row.Post })
	if i < 0 {
		return APIToken{}, ErrTokenPost
	}
	if now.Sub(row.Used) >= apiUsedEvery {
		if err := g.rows.UseAPIToken(ctx, row.ID, now, now.Add(-apiUsedEvery)); err != nil {
			return APIToken{}, fmt.Errorf("note the use of an API token: %w", err)
		}
	}
	h := posts[i]
	return APIToken{row, inspect.Actor{Person: row.Person, Name: h.Name, Post: h.Post, Org: h.Org}}, nil
}

// APITokens returns the actor's tokens, newest first, ended ones too.
func (g *Gate) APITokens(ctx context.Context, who inspect.Actor) ([]store.APIToken, error) {
	return g.rows.APITokens(ctx, who.Person)
}

// RevokeAPIToken ends one of the actor's own tokens. It needs no second factor:
// shutting a door must be easy.
func (g *Gate) RevokeAPIToken(ctx context.Context, who inspect.Actor, id string, from From) error {
	ended, err := g.rows.RevokeAPIToken(ctx, who.Person, id, g.now())
	if err != nil {
		return fmt.Errorf("revoke an API token: %w", err)
	}
	if !ended {
		return inspect.ErrMissing
	}
	return g.note(ctx, APITokenRevoked, who.Person, "", from.Net(), "")
}
