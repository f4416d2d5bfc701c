package job_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/rig"
	"suicha/internal/stage"
	"suicha/internal/uscc"
)

// A desk is an office with an importer, and a clerk who brings files.
type desk struct {
	*rig.Office
	work *job.Importer
	dir  string
	li   inspect.Actor
	noun inspect.ImportNoun // of the files it brings
}

func newDesk(o *rig.Office) *desk {
	o.Helper()
	dir := o.TempDir()
	folder, err := stage.Open(dir)
	if err != nil {
		o.Fatal(err)
	}
	return &desk{Office: o, dir: dir, li: o.Clerk("李科长", "scjg"), noun: inspect.ImportObjects,
		work: &job.Importer{DB: o.Store.DB, Desk: o.Desk, Folder: folder, Now: func() time.Time { return o.Now }}}
}

// brought is the act that begins a batch with a file, its columns mapped as the
// wizard proposes.
func (d *desk) brought(who inspect.Actor, name, text string, whole bool) act.UploadImport {
	d.Helper()
	file, err := d.work.Folder.Keep(string(who.Org.ID), strings.NewReader(text), 1<<30)
	if err != nil {
		d.Fatal(err)
	}
	return d.mapped(who, name, strings.NewReader(text), file, whole)
}

// checked brings a file and has it checked.
func (d *desk) checked(who inspect.Actor, name, text string, whole bool) inspect.Import {
	d.Helper()
	up := d.brought(who, name, text, whole)
	d.Done(who, up)
	return d.settled(who, up.Import)
}

// settled lets the platform do what it can, and returns the batch.
func (d *desk) settled(who inspect.Actor, id inspect.ImportID) inspect.Import {
	d.Helper()
	if err := d.work.Settle(context.Background(), id); err != nil {
		d.Fatal(err)
	}
	i, err := d.Store.DB.Import(context.Background(), who.Scope(), id)
	if err != nil {
		d.Fatal(err)
	}
	return i
}

func confirm(i inspect.Import) act.ConfirmImport {
	return act.ConfirmImport{Import: i.ID, Seen: i.Version, Staged: i.Staged}
}

// imported brings a file, confirms it and has it written.
func (d *desk) imported(name, text string, whole bool) inspect.Import {
	d.Helper()
	i := d.checked(d.li, name, text, whole)
	d.Done(d.li, confirm(i))
	i = d.settled(d.li, i.ID)
	if i.State != inspect.ImportApplied {
		d.Fatalf("the batch is %s", i.State)
	}
	return i
}

func (d *desk) objects() []inspect.Object {
	d.Helper()
	all, err := d.Store.DB.ObjectsByCode(context.Background(), d.li.Scope(), "", 1_000_000)
	if err != nil {
		d.Fatal(err)
	}
	return all
}

// library is a digest of what the library says, but for versions and for what was
// withdrawn.
func (d *desk) library() string {
	h := sha256.New()
	for _, o := range d.objects() {
		if o.Status != inspect.ObjectWithdrawn {
			fmt.Fprintln(h, o.Text())
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// A shop is a row of a file.
type shop struct{ code, name, address, town string }

// shops are n invented individual businesses.
func shops(n int) []shop {
	all := make([]shop, n)
	for i := range all {
		code, err := uscc.Synthetic("92370687", i)
		if err != nil {
			panic(err)
		}
		all[i] = shop{string(code), fmt.Sprintf("海阳市某某%d号商店", i), fmt.Sprintf("某路%d号", i), "方圆街道"}
	}
	return all
}

// sheet is a csv of shops.
func sheet(all []shop) string {
	var b strings.Builder
	b.WriteString("统一社会信用代码,企业名称,登记状态,住所,所在镇街,成立日期\n")
	for _, s := range all {
		fmt.Fprintf(&b, "%s,%s,存续,%s,%s,2019-05-06\n", s.code, s.name, s.address, s.town)
	}
	return b.String()
}

// R27, R33: a file goes in, comes again with changes, is taken back, and the
// library is what it was.
func TestImportAndReverse(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		d := newDesk(o)
		all := shops(50)
		i := d.checked(d.li, "a.csv", sheet(all), true)
		want := inspect.ImportRows{Read: 50, New: 50}
		if i.State != inspect.ImportChecked || i.Rows != want || len(d.objects()) != 0 {
			t.Fatalf("checked: %s, %+v, want %+v, %s", i.State, i.Rows, want, i.Note)
		}
		d.Done(d.li, confirm(i))
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportApplied || len(d.objects()) != 50 {
			t.Fatalf("%s with %d objects", i.State, len(d.objects()))
		}
		before := d.library()

		next := shops(51)[1:] // one vanished, one new
		next[3].address = "新址1号"
		i = d.checked(d.li, "b.csv", sheet(next), true)
		if want := (inspect.ImportRows{Read: 50, New: 1, Changed: 1, Same: 48, Gone: 1}); i.Rows != want {
			t.Fatalf("the second file: %+v, want %+v", i.Rows, want)
		}
		d.Done(d.li, confirm(i))
		i = d.settled(d.li, i.ID)
		if gone := d.object(all[0].code); gone.Status != inspect.ObjectVanished || gone.Drawable() {
			t.Errorf("an object that is not in the file is %s", gone.Status)
		}
		if d.library() == before {
			t.Error("the second file changed nothing")
		}
		d.Done(d.li, act.ReverseImport{Import: i.ID, Seen: i.Version, Reason: "选错了文件"})
		if i = d.settled(d.li, i.ID); i.State != inspect.ImportReversed || d.library() != before {
			t.Errorf("after the reversal the batch is %s and the library another", i.State)
		}
		d.Verified()
	})
}

func (d *desk) object(code string) inspect.Object {
	for _, o := range d.objects() {
		if o.Code == code {
			return o
		}
	}
	return inspect.Object{}
}
