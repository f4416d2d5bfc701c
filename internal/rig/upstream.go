package rig

import (
	"encoding/base64"
	"time"

	"suicha/internal/act"
	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
)

// A Superior dispatches lists that its key signs.
type Superior struct {
	*Office
	Sender string
	Key    string
	signer draw.Signer
}

// Superior is one whose key nobody has registered.
func (o *Office) Superior(sender string) *Superior {
	o.Helper()
	signer, _, err := draw.SHA256.NewSigner()
	if err != nil {
		o.Fatal(err)
	}
	return &Superior{o, sender, signer.Public(), signer}
}

// Adding is the act that begins to register the superior's key.
func (s *Superior) Adding() act.AddUpstreamKey {
	return act.AddUpstreamKey{ID: ID[inspect.UpstreamKeyID](s.Name() + s.Sender + s.Key), Sender: s.Sender, Suite: string(draw.SHA256), Key: s.Key, Ground: "电话核对公钥末八位"}
}

// Registered has two persons register the superior's key.
func (s *Superior) Registered() *Superior {
	s.Helper()
	s.Done(s.Clerk("周主任", "lhb"), s.Adding())
	s.Done(s.Leader("邹主任", "lhb"), act.ConfirmUpstreamKey{ID: s.Adding().ID, Seen: 1})
	return s
}

// Package is a signed list of lines, as the file in base64; valid for a month from now.
func (s *Superior) Package(number, region string, lines ...string) string {
	s.Helper()
	text, err := ceremony.NewPackage(ceremony.Package{
		Suite: draw.SHA256, Sender: s.Sender, Number: number, Title: "市级餐饮抽查", Ground: "市级联合抽查计划", Region: region,
		Time: draw.Instant(s.Now.Add(-time.Hour)), Until: draw.Instant(s.Now.AddDate(0, 1, 0)),
	}, s.signer, lines)
	if err != nil {
		s.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(text)
}

// livedUpstream registers a key and ends it, another in force, and receives a list.
func (o *Office) livedUpstream(li inspect.Actor) {
	o.Helper()
	zhou, zou := o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb")
	old := o.Superior("烟台市消防救援支队")
	o.Done(zhou, old.Adding())
	o.Done(zou, act.EndUpstreamKey{ID: old.Adding().ID, Seen: 1, Reason: "公钥更换"})
	s := o.Superior("烟台市市场监督管理局").Registered()
	o.Done(li, act.ReceiveUpstream{ID: ID[inspect.UpstreamPackageID](o.Name() + "lived"), Package: s.Package("370600-2026-p12", Region, "OBJ-1\t-")})
}
