package act_test

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/uscc"
	"suicha/internal/workday"
)

// BenchmarkBatch draws 3 % of a county's 60,000 objects, and matches 500 inspectors
// of two departments to them: from the lock to the teams.
func BenchmarkBatch(b *testing.B) {
	o := rig.Open(b, rig.SQLite(b))
	r := o.Batch(bigTask(o, 60_000, 250)).Announce()
	cpu := func(name string, do func()) {
		begin, from := time.Now(), used(b)
		do()
		b.ReportMetric((used(b) - from).Seconds(), name+"-cpu-s")
		b.ReportMetric(time.Since(begin).Seconds(), name+"-s")
	}
	for b.Loop() {
		cpu("lock", func() { r.Lock() })
		r.Commit().Reveal().Event().Unseal()
		cpu("draw", func() { o.Done(inspect.System(rig.Region), act.DrawBatch{Batch: r.ID, Run: r.Stands().Run}) })
		cpu("disclose", func() { o.Done(inspect.System(rig.Region), act.DiscloseBatch{Batch: r.ID, Run: r.Stands().Run}) })
		c, err := draw.Load(r.Tree())
		if err != nil || c.Result.Teams.Size < 1790 {
			b.Fatalf("%d teams, %v", c.Result.Teams.Size, err)
		}
	}
}

// used is the processor time of this program.
func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bigTask is a joint task of scjg with gaj that can be drawn, from a library of n
// objects, with some inspectors in each department.
func bigTask(o *rig.Office, n, staff int) inspect.TaskID {
	o.Helper()
	clerk, lib := o.Clerk("库管员scjg", "scjg"), rig.ID[inspect.SublibraryID]("big library")
	o.Done(clerk, act.PutSublibrary{ID: lib, Name: "全部市场主体", Size: int64(n)})
	fill(o, lib, n, staff)
	li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
	plan := o.JointPublished("scjg", "gaj", lib)
	id := o.TaskDrafted(li, plan)
	was := o.Task(id)
	o.Done(li, act.PutTask{Task: id, Seen: 1, Name: was.Name, From: was.From, Until: was.Until, Kind: was.Kind, Sublibs: was.Sublibs, Ratio: "3%", Officers: 2, Reserve: 5, Reason: "人手"})
	o.Done(li, act.SubmitTask{Task: id, Seen: 2})
	o.Done(o.Leader("胡局长", "gaj"), act.AgreeTask{TaskAnswer: act.TaskAnswer{Task: id, Terms: o.Task(id).Terms, Opinion: "同意"}})
	o.Done(o.Leader("王局长", "scjg"), act.ApproveTask{Task: id, Seen: o.Task(id).Version, Opinion: "同意"})
	o.Done(li, act.FileTask{Task: id, Seen: o.Task(id).Version})
	for _, by := range []inspect.Actor{li, sun} {
		for _, library := range inspect.Libraries {
			o.Done(by, o.Confirmed(by, id, inspect.Library(library.Value)))
		}
	}
	return id
}

// fill writes the libraries in one entry, as an import would in many.
func fill(o *rig.Office, lib inspect.SublibraryID, n, staff int) {
	o.Helper()
	day := workday.MustParse
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) error {
		ctx := o.Context()
		if err := t.Begin(ctx, store.Entry{At: o.Now, Request: rig.ID[string]("fill"), Actor: "system", Post: inspect.SystemPost, Verb: inspect.ImportApply}); err != nil {
			return err
		}
		objects := make([]inspect.Object, n)
		for i := range objects {
			code, err := uscc.Synthetic("91370687", i)
			if err != nil {
				return err
			}
			objects[i] = inspect.Object{Region: rig.Region, Kind: inspect.Enterprise, Code: string(code), Name: fmt.Sprintf("海阳市某某%d号食品有限公司", i),
				Status: inspect.ObjectActive, Town: "370687001", Owner: rig.Org("scjg"), Risk: string(inspect.RiskClasses[i%4]), RiskOn: day("2026-01-15"),
				Source: "市场主体登记", Sourced: day("2026-02-01")}
		}
		if _, err := t.PutObjects(ctx, objects); err != nil {
			return err
		}
		members := make([]inspect.Member, n)
		for i, object := range objects {
			members[i] = inspect.Member{Sublib: lib, No: object.No, State: inspect.MemberCandidate, Ground: "登记", By: "system", At: o.Now}
		}
		if _, err := t.PutMembers(ctx, lib, members); err != nil {
			return err
		}
		var people []inspect.Inspector
		for _, org := range []string{"scjg", "gaj"} {
			for i := range staff {
				people = append(people, inspect.Inspector{Region: rig.Region, Org: rig.Org(org), Code: fmt.Sprintf("B-%d", i), Name: fmt.Sprintf("检查员%d", i), Category: inspect.CivilServant,
					Certificates: []inspect.Certificate{{Kind: inspect.ProvinceCertificate, Number: fmt.Sprintf("鲁F-%s-%d", org, i), Authority: "省政府", From: day("2025-01-01"), Until: day("2028-12-31")}},
					Source:       "人事档案", Sourced: day("2026-02-01")})
			}
		}
		people, _, err := t.PutInspectors(ctx, people)
		if err != nil {
			return err
		}
		if err := errors.Join(t.TouchObject(ctx, objects[0]), t.TouchInspector(ctx, people[0])); err != nil {
			return err
		}
		_, err = t.Close(ctx, string(lib), 1, ledger.Salt{1}, []byte("{}"))
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	clerk := o.Clerk("库管员scjg", "scjg")
	for from := 1; from <= n; from += 5000 {
		var nos []inspect.ObjectNo
		for no := from; no < min(from+5000, n+1); no++ {
			nos = append(nos, inspect.ObjectNo(no))
		}
		o.Done(clerk, act.ConfirmMembers{Members: act.Members{Sublibrary: lib, Objects: nos}})
	}
}
