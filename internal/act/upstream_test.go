package act_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// R64, 海政办发〔2020〕2号 二(五)2, INV-09: a key is registered by two persons of the office;
// a list that is wrong, expired, from somebody unknown or here already is refused.
func TestListsFromAboveAreSigned(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, zhou, zou := o.Clerk("李科长", "scjg"), o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb")
		s := o.Superior("烟台市市场监督管理局")
		receive := func(id, text string) act.ReceiveUpstream {
			return act.ReceiveUpstream{ID: rig.ID[inspect.UpstreamPackageID](o.Name() + id), Package: text}
		}
		list := s.Package("p12", rig.Region, "SITE-scjg-1\t-")
		o.Refused(li, receive("a", list), inspect.ErrUpstreamSender)
		o.Refused(li, s.Adding(), inspect.ErrDenied)
		short := s.Adding()
		short.Key = short.Key[1:]
		o.Refused(zhou, short, inspect.ErrUpstreamKey)
		o.Done(zhou, s.Adding())
		o.Refused(li, receive("a", list), inspect.ErrUpstreamSender) // nobody has confirmed it
		confirm := act.ConfirmUpstreamKey{ID: s.Adding().ID, Seen: 1}
		o.Refused(o.Leader("周主任", "lhb"), confirm, inspect.ErrOwnWork)
		o.Refused(o.Leader("王局长", "scjg"), confirm, inspect.ErrDenied)
		o.Done(zou, confirm)
		again := s.Adding()
		again.ID = rig.ID[inspect.UpstreamKeyID](o.Name() + "again")
		o.Refused(zhou, again, inspect.ErrUpstreamTwice)

		forged := o.Superior(s.Sender) // the same name, another key
		o.Refused(li, receive("a", forged.Package("p12", rig.Region, "SITE-scjg-1\t-")), inspect.ErrUpstreamSender)
		o.Refused(li, receive("a", s.Package("p12", "370612", "SITE-scjg-1\t-")), inspect.ErrUpstreamRegion)
		o.Refused(li, receive("a", "x"), inspect.ErrUpstreamPackage)
		o.Refused(li, receive("a", base64.StdEncoding.EncodeToString([]byte("PK"))), inspect.ErrUpstreamPackage)
		o.Refused(zhou, receive("a", list), inspect.ErrDenied) // the office inspects nothing
		o.Done(li, receive("a", list))
		o.Refused(li, receive("b", list), inspect.ErrUpstreamKnown)
		o.Refused(o.Clerk("孙警官", "gaj"), receive("c", s.Package("p12", rig.Region, "SITE-scjg-2\t-")), inspect.ErrUpstreamKnown)
		late := s.Package("p13", rig.Region, "SITE-scjg-1\t-")
		o.Now = o.Now.AddDate(0, 2, 0)
		o.Refused(li, receive("d", late), inspect.ErrUpstreamTime)
		fresh := s.Package("p14", rig.Region, "SITE-scjg-1\t-")
		o.Done(zou, act.EndUpstreamKey{ID: s.Adding().ID, Seen: 2, Reason: "公钥更换"})
		o.Refused(li, receive("e", fresh), inspect.ErrUpstreamSender)
		p, text, err := o.Store.DB.UpstreamPackage(o.Context(), li.Scope(), receive("a", "").ID)
		if err != nil || base64.StdEncoding.EncodeToString(text) != list || p.Count != 1 || p.Sender != s.Sender {
			t.Errorf("the list is kept as %+v: %v", p, err)
		}
		o.Verified()
	})
}

// R64, C8: a task of a list from above inspects the whole list and nothing else. What the
// library does not have is named; what no sub-library of the task has keeps the list from
// being locked.
func TestListFromAboveIsDrawnWhole(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		like := o.TaskReady()
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		s := o.Superior("烟台市市场监督管理局").Registered()
		pack := rig.ID[inspect.UpstreamPackageID](o.Name() + "list")
		o.Done(li, act.ReceiveUpstream{ID: pack, Package: s.Package("p12", rig.Region, "SITE-scjg-1\t一号餐馆", "SITE-scjg-3\t-", "NOT-HERE\t外地餐馆")})
		id, was := rig.ID[inspect.TaskID](o.Name()+"upstream"), o.Task(like)
		o.Refused(o.Clerk("孙警官", "gaj"), act.DraftTask{Task: id, Package: pack, Name: "上级名单"}, inspect.ErrUpstreamOther)
		o.Done(li, act.DraftTask{Task: id, Package: pack, Name: "上级名单"})
		o.Done(li, act.ScopeTask{Task: id, Seen: 1, Field: "餐饮", Scope: "上级名单所列对象", Items: []inspect.ItemID{was.Parts[0].Items[0].Item}, Type: "campaign",
			Targeted: "targeted", Methods: []inspect.Method{"onsite"}, Mode: "county"})
		o.Done(li, act.PutTask{Task: id, Seen: 2, Name: "上级名单", From: was.From, Until: was.Until, Kind: "special", Sublibs: was.Sublibs, Ratio: "1户", Reserve: 3, Officers: 2})
		x := o.Task(id)
		if x.Ratio != "100%" || x.Reserve != 0 || x.Source != inspect.FromUpstream || !strings.Contains(x.Ground, "p12") {
			t.Errorf("the task draws %s and %d more: %+v", x.Ratio, x.Reserve, x)
		}
		o.Done(li, act.SubmitTask{Task: id, Seen: 3})
		o.Done(wang, act.ApproveTask{Task: id, Seen: 4, Opinion: "同意"})
		o.Done(li, act.FileTask{Task: id, Seen: 5})
		for _, library := range inspect.Libraries {
			o.Done(li, o.Confirmed(li, id, inspect.Library(library.Value)))
		}
		r, nos := drawnBy(o, id)
		if want := []inspect.ObjectNo{o.ObjectNo("SITE-scjg-1"), o.ObjectNo("SITE-scjg-3")}; !slices.Equal(nos, want) {
			t.Errorf("drawn %v, want %v", nos, want)
		}
		if got := string(r.Files()["unfound.tsv"]); got != "NOT-HERE\t外地餐馆\n" {
			t.Errorf("of the list these are missing: %q", got)
		}
		if seats, err := o.Store.DB.Seats(o.Context(), inspect.Scope{}, r.Stands()); err != nil || len(seats) != 4 {
			t.Errorf("the teams are %v, %v", seats, err)
		}
		r.Recomputed()
		o.Verified()
	})
}

// R64: an object of the list that the library has and the task's sub-libraries have not
// cannot be left out.
func TestNobodyIsLeftOutOfAListFromAbove(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		like := o.TaskReady()
		li := o.Clerk("李科长", "scjg")
		s := o.Superior("烟台市市场监督管理局").Registered()
		object := rig.Object("SITE-LEFT-1", "海阳市未入库餐馆")
		object.Kind = inspect.Site
		o.Done(o.Clerk("库管员scjg", "scjg"), object)
		pack, id := rig.ID[inspect.UpstreamPackageID](o.Name()+"list"), rig.ID[inspect.TaskID](o.Name()+"upstream")
		o.Done(li, act.ReceiveUpstream{ID: pack, Package: s.Package("p12", rig.Region, "SITE-scjg-1\t-", "SITE-LEFT-1\t-")})
		o.Done(li, act.DraftTask{Task: id, Package: pack, Name: "上级名单"})
		was := o.Task(like)
		o.Done(li, act.PutTask{Task: id, Seen: 1, Name: "上级名单", From: workday.MustParse("2026-06-01"), Until: was.Until, Kind: "special", Sublibs: was.Sublibs, Officers: 2})
		for _, gate := range o.Gates(id) {
			if gate.Kind == inspect.GatePool && (gate.Done || !strings.Contains(gate.Text, "1 户在名录库中，但不在所选分库")) {
				t.Errorf("the pool's gate says %+v", gate)
			}
		}
	})
}
