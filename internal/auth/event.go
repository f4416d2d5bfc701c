package auth

import (
	"context"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// An Event is a kind of line in the security log.
type Event string

// The events.
const (
	SignedIn      Event = "sign_in"
	SignInFailed  Event = "sign_in.failed"
	PasswordRight Event = "sign_in.password"
	CodeFailed    Event = "code.failed"
	SignedOut     Event = "sign_out"
	SessionEnded  Event = "session.ended"
	SteppedUp     Event = "step_up"
	PostSwitched  Event = "post.switch"
	PasswordSet   Event = "password.set"
	FactorAdded   Event = "factor.add"
	FactorDropped Event = "factor.drop"
	RecoveryMade  Event = "recovery.make"
	RecoveryUsed  Event = "recovery.use"
	Invited       Event = "account.invite"
	WasReset      Event = "account.reset"
	Redeemed      Event = "account.redeem"
	TokenMade     Event = "found.token"
	Founded       Event = "found"
	Denied        Event = "denied"
	Granted       Event = "granted"
	GuardsBack    Event = store.GuardsRestored // by the start of the program, not by a person
)

// Events lists every event, in the order of the filter.
var Events = []Event{
	SignedIn, SignInFailed, PasswordRight, CodeFailed, SignedOut, SessionEnded, SteppedUp, PostSwitched, PasswordSet,
	FactorAdded, FactorDropped, RecoveryMade, RecoveryUsed, Invited, WasReset, Redeemed, TokenMade, Founded, Denied, Granted,
	APITokenMade, APITokenRevoked, GuardsBack,
}

// Text is the event as the audit administrator reads it.
func (e Event) Text() string {
	text := map[Event]string{
		SignedIn: "登录", SignInFailed: "登录失败", PasswordRight: "口令通过，等待第二验证", CodeFailed: "第二验证失败",
		SignedOut: "退出登录", SessionEnded: "会话被结束", SteppedUp: "再次验证身份", PostSwitched: "选择岗位", PasswordSet: "修改口令",
		FactorAdded: "登记验证方式", FactorDropped: "移除验证方式", RecoveryMade: "生成恢复码", RecoveryUsed: "使用恢复码",
		Invited: "发放邀请", WasReset: "重置账号", Redeemed: "接受邀请", TokenMade: "生成初始化口令牌", Founded: "初始化平台",
		Denied: "越权被拒", Granted: "授权变更", APITokenMade: "新建接口令牌", APITokenRevoked: "撤销接口令牌",
		GuardsBack: "恢复被移除的数据库防护",
	}[e]
	if text == "" {
		return string(e)
	}
	return text
}

// Note writes into the security log what other packages see: denied attempts,
// granted and ended posts. Detail is a verb or a post, never what people typed.
func (g *Gate) Note(ctx context.Context, e Event, by inspect.Actor, whom inspect.PersonID, from From, detail string) error {
	return g.note(ctx, e, by.Person, whom, from.Net(), detail)
}

// Log returns most lines of the security log, newest first, to an audit
// administrator: 三员分立, who watches does not act.
func (g *Gate) Log(ctx context.Context, by inspect.Actor, f store.EventFilter, most int) ([]store.SecurityEvent, error) {
	if by.Post.Kind != inspect.AuditAdmin {
		return nil, inspect.ErrDenied.With("查看安全日志")
	}
	if f.Kind != "" && !slices.Contains(Events, Event(f.Kind)) || f.Before != "" && !inspect.ValidID(f.Before) {
		return nil, inspect.ErrMissing
	}
	return g.rows.SecurityLog(ctx, f, most)
}

// Sealed returns how far the security log is on record, to an audit
// administrator.
func (g *Gate) Sealed(ctx context.Context, by inspect.Actor) (store.SealedLog, error) {
	if by.Post.Kind != inspect.AuditAdmin {
		return store.SealedLog{}, inspect.ErrDenied.With("查看安全日志")
	}
	return g.rows.Sealed(ctx)
}
