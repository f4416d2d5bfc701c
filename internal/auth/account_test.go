package auth_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

func TestInvitationWorksOnceAndForAWhile(t *testing.T) {
	both(t, func(h *house) {
		_, token := h.invite("李科长", "likezhang")
		a, err := h.Invited(ctx, token)
		h.must(err)
		if a.Name != "likezhang" || a.PersonName != "李科长" {
			h.Errorf("the invitation is for %+v", a)
		}
		for _, bad := range []string{"", token + "x", token[1:], "found"} {
			_, err := h.Redeem(ctx, bad, goodWord, desk)
			h.want(err, inspect.ErrInvitation)
		}
		_, err = h.Redeem(ctx, token, "short", desk)
		h.want(err, inspect.ErrShort)
		_, err = h.Redeem(ctx, token, goodWord, desk)
		h.must(err)
		_, err = h.Redeem(ctx, token, goodWord, desk)
		h.want(err, inspect.ErrInvitation)

		_, token = h.invite("王会计", "wangkuaiji")
		h.pass(72 * time.Hour)
		_, err = h.Redeem(ctx, token, goodWord, desk)
		h.want(err, inspect.ErrInvitation)

		_, old := h.invite("赵股长", "zhaoguzhang")
		_, token = h.invite("赵股长", "zhaoguzhang")
		_, err = h.Redeem(ctx, old, goodWord, desk)
		h.want(err, inspect.ErrInvitation)
		_, err = h.Redeem(ctx, token, goodWord, desk)
		h.must(err)
	})
}

func TestInvitationIsRedeemedByOne(t *testing.T) {
	both(t, func(h *house) {
		_, token := h.invite("李科长", "likezhang")
		var won atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := h.Redeem(ctx, token, goodWord, desk); err == nil {
					won.Add(1)
				} else if !errorIs(err, inspect.ErrInvitation) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			h.Errorf("%d redeemed one invitation", won.Load())
		}
	})
}

func TestOnlySecurityAdministratorsManageAccounts(t *testing.T) {
	both(t, func(h *house) {
		target := h.Clerk("李科长", "scjg")
		security := h.Security()
		stale := security
		stale.Proved = h.Now.Add(-inspect.StepUpFor - time.Second)
		own := security
		for _, test := range []struct {
			by     inspect.Actor
			person inspect.PersonID
			want   inspect.Problem
		}{
			{h.Leader("王局长", "scjg"), target.Person, inspect.ErrDenied},
			{h.Someone("钱工", inspect.SystemAdmin, "zf"), target.Person, inspect.ErrDenied},
			{h.Someone("孙审计", inspect.AuditAdmin, "zf"), target.Person, inspect.ErrDenied},
			{inspect.Actor{}, target.Person, inspect.ErrDenied},
			{stale, target.Person, inspect.ErrStepUp},
			{own, own.Person, inspect.ErrOwnAccount},
			{security, "0198c0de-0000-7000-8000-000000000000", inspect.ErrMissing},
		} {
			_, err := h.Invite(ctx, test.by, test.person, "newname", desk)
			h.want(err, test.want)
			_, err = h.Reset(ctx, test.by, test.person, desk)
			h.want(err, test.want)
		}
		_, err := h.Invite(ctx, inspect.Console(rig.Region), target.Person, "likezhang", auth.From{})
		h.must(err)
		h.logged(auth.Invited)
		if _, _, err := h.Accounts(ctx, target); !errorIs(err, inspect.ErrDenied) {
			h.Errorf("a clerk lists accounts: %v", err)
		}
		all, holders, err := h.Accounts(ctx, security)
		h.must(err)
		if len(all) != 1 || all[0].PersonName != "李科长" || all[0].Invited.IsZero() {
			h.Errorf("accounts are %+v", all)
		}
		if !slices.ContainsFunc(holders, func(p store.Holder) bool { return p.Person == target.Person && p.Name == "李科长" }) {
			h.Errorf("who is in office: %+v", holders)
		}
	})
}

func TestSignInNames(t *testing.T) {
	both(t, func(h *house) {
		who := h.Clerk("李科长", "scjg")
		for _, bad := range []string{"", "a", " ", "a b", "a@b", "-ab", "ab.", "a\x00b", "\xff\xff", string(make([]rune, 41))} {
			_, err := h.Invite(ctx, h.Security(), who.Person, bad, desk)
			h.want(err, inspect.ErrAccountName)
		}
		_, err := h.Invite(ctx, h.Security(), who.Person, "李.科长-1", desk)
		h.must(err)
		other := h.Clerk("王会计", "scjg")
		_, err = h.Invite(ctx, h.Security(), other.Person, "李．科长-１", desk) // the same, written wide
		h.want(err, inspect.ErrAccountTaken)
		m := h.member("赵股长", "zhaoguzhang", okWord)
		_, err = h.Invite(ctx, h.Security(), m.who.Person, "zhaoguzhang", desk)
		h.want(err, inspect.ErrAccountTaken)
	})
}

func TestFoundingTokenWorksOnceAndForAnHour(t *testing.T) {
	both(t, func(h *house) {
		who := h.Security()
		invite, err := h.FoundingToken(ctx)
		h.must(err)
		h.logged(auth.TokenMade)
		h.want(h.MayFound(ctx, invite.Token+"x", "安全", "anquan", goodWord), inspect.ErrConsoleToken)
		h.want(h.MayFound(ctx, invite.Token, "安全", "a", goodWord), inspect.ErrAccountName)
		h.want(h.MayFound(ctx, invite.Token, "安全", "anquan", "short"), inspect.ErrShort)
		_, err = h.Redeem(ctx, invite.Token, goodWord, desk)
		h.want(err, inspect.ErrInvitation)

		late := h.Now
		h.pass(time.Hour)
		h.want(h.MayFound(ctx, invite.Token, "安全", "anquan", goodWord), inspect.ErrConsoleToken)
		h.Now = late
		newer, err := h.FoundingToken(ctx)
		h.must(err)
		h.want(h.MayFound(ctx, invite.Token, "安全", "anquan", goodWord), inspect.ErrConsoleToken)

		ticket, err := h.Found(ctx, newer.Token, who.Person, "anquan", goodWord, desk)
		h.must(err)
		if ticket.Stage != store.Enrol {
			h.Errorf("stage is %s", ticket.Stage)
		}
		_, err = h.Found(ctx, newer.Token, who.Person, "anquan2", goodWord, desk)
		h.want(err, inspect.ErrFounded)
		_, err = h.FoundingToken(ctx)
		h.want(err, inspect.ErrFounded)
	})
}

func TestPasswordChange(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		here := h.signIn(m)
		for _, test := range []struct {
			old, new string
			want     inspect.Problem
		}{
			{okWord + "x", goodWord, inspect.ErrOldPassword},
			{okWord, "seven77", inspect.ErrShort},
			{okWord, "likezhang2026", inspect.ErrCommon},
			{okWord, "海阳市李科长123", inspect.ErrCommon},
			{okWord, "passw0rd!!", inspect.ErrCommon},
		} {
			_, err := h.ChangePassword(ctx, here, test.old, test.new, desk)
			h.want(err, test.want)
		}
		ticket, err := h.ChangePassword(ctx, here, okWord, goodWord, desk)
		h.must(err)
		h.in(ticket.Token)
		h.out(m.token) // elsewhere
		_, err = h.SignIn(ctx, m.name, okWord, desk)
		h.want(err, inspect.ErrSignIn)
		m.password = goodWord
		h.signIn(m)
	})
}

func TestAuditAdministratorReadsTheSecurityLog(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		_, err := h.SignIn(ctx, "秘密的口令当成登录名", okWord, away)
		h.want(err, inspect.ErrSignIn)
		h.must(h.Note(ctx, auth.Denied, m.who, "", desk, string(inspect.PlanApprove)))
		audit := h.Someone("孙审计", inspect.AuditAdmin, "zf")
		for _, by := range []inspect.Actor{m.who, h.Security(), h.Someone("钱工", inspect.SystemAdmin, "zf"), {}} {
			if _, err := h.Log(ctx, by, store.EventFilter{}, 10); !errorIs(err, inspect.ErrDenied) {
				h.Errorf("%s reads the security log: %v", by.Post.Kind, err)
			}
		}
		lines, err := h.Log(ctx, audit, store.EventFilter{}, 2)
		h.must(err)
		if lines[0].Kind != string(auth.Denied) || lines[0].Name != "李科长" || lines[0].Detail != "plan.approve" {
			h.Errorf("the newest line is %+v", lines[0])
		}
		if lines[1].Person != "" || lines[1].Net != "203.0.113.0/24" || lines[1].Detail != "password" {
			h.Errorf("the failed sign-in is %+v", lines[1])
		}
		older, err := h.Log(ctx, audit, store.EventFilter{Before: lines[1].ID}, 100)
		h.must(err)
		if len(older) == 0 || older[0].ID == lines[1].ID {
			h.Errorf("%d older lines", len(older))
		}
		for _, bad := range []store.EventFilter{{Kind: "\x00"}, {Kind: "no such kind"}, {Before: "\xff"}} {
			if _, err := h.Log(ctx, audit, bad, 2); !errorIs(err, inspect.ErrMissing) {
				h.Errorf("%+v: %v", bad, err)
			}
		}
		mine, err := h.Log(ctx, audit, store.EventFilter{Person: m.who.Person, Kind: string(auth.Redeemed)}, 100)
		h.must(err)
		if len(mine) != 1 {
			h.Errorf("%d lines of one person and kind", len(mine))
		}
	})
}

func TestEveryEventHasItsWords(t *testing.T) {
	for _, e := range auth.Events {
		if e.Text() == string(e) {
			t.Errorf("%s has no Chinese text", e)
		}
	}
}
