package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

const oneShop = "统一社会信用代码,企业名称\n92370687MA3XY12K76,某某店\n"

// brought brings a file and returns the act that begins a batch with it.
func (c *client) brought(token, file, text string) act.UploadImport {
	c.Helper()
	return c.broughtAs(inspect.ImportObjects, token, file, text)
}

func (c *client) broughtAs(noun inspect.ImportNoun, token, file, text string) act.UploadImport {
	c.Helper()
	command := act.UploadImport{
		Import: rig.ID[inspect.ImportID](c.Name() + file), Noun: noun, Source: "市场", Sourced: workday.MustParse("2026-03-01"), File: file,
	}
	query := url.Values{"noun": {string(noun)}, "name": {file}, "source": {command.Source}}
	took := c.send("POST", "/api/v1/imports/files?"+query.Encode(), token, text, "Content-Type", "application/octet-stream")
	if took.status != http.StatusOK {
		c.Fatalf("%d %s", took.status, took.text)
	}
	kept := read[struct {
		SHA256  string
		Size    int64
		Line    int
		Columns []string
	}](c, took.text)
	command.SHA256, command.Size, command.Line, command.Columns = kept.SHA256, kept.Size, kept.Line, kept.Columns
	return command
}

// settled lets the platform do its part of a batch, and returns the batch.
func (c *client) settled(who inspect.Actor, id inspect.ImportID) inspect.Import {
	c.Helper()
	m := job.Importer{DB: c.Store.DB, Desk: c.Desk, Folder: c.imports, Now: func() time.Time { return c.Now }}
	if err := m.Settle(c.Context(), id); err != nil {
		c.Fatal(err)
	}
	i, err := c.Store.DB.Import(c.Context(), who.Scope(), id)
	if err != nil {
		c.Fatal(err)
	}
	return i
}

// batches asks for every act about batches: R27, R33, R37.
func batches(c *client, done, grave func(token, verb string, command any)) {
	c.Helper()
	li, wang := c.Clerk("李科长", "scjg"), c.Leader("王局长", "scjg")
	clerk, leader := c.token(li), c.token(wang)
	wrong := c.brought(clerk, "wrong.csv", oneShop)
	done(clerk, "import.upload", wrong)
	done(clerk, "import.cancel", act.CancelImport{Import: wrong.Import, Seen: 1})

	right := c.brought(clerk, "right.csv", oneShop)
	done(clerk, "import.upload", right)
	i := c.settled(li, right.Import)
	confirm := act.ConfirmImport{Import: i.ID, Seen: i.Version, Staged: i.Staged}
	grave(clerk, "import.confirm", confirm)
	grave(leader, "import.second", act.SecondImport(confirm))
	c.Done(li, confirm)
	if i = c.settled(li, i.ID); i.State != inspect.ImportApplied {
		c.Fatalf("the batch is %s: %s", i.State, i.Note)
	}
	grave(clerk, "import.reverse", act.ReverseImport{Import: i.ID, Seen: i.Version, Reason: "选错了文件"})
}

// R19, R38: a program brings inspectors and items the same way; the mapping is that of
// the noun it names.
func TestImportOfListsByProgram(t *testing.T) {
	both(t, func(c *client) {
		li := c.Clerk("李科长", "scjg")
		token := c.token(li)
		c.Done(li, act.PutObject{Code: "91370687MA3TERT03B", Kind: inspect.Enterprise, Name: "某厂", Status: inspect.ObjectActive, Source: "登记", Sourced: workday.MustParse("2026-02-01")})
		for noun, text := range map[inspect.ImportNoun]string{
			inspect.ImportInspectors: "姓名,工号,人员类别\n某人,A-1,公务员\n",
			inspect.ImportItems:      "事项编号,抽查领域,抽查事项名称,事项类别,抽查比例,抽查依据,抽查内容,抽查方式\nA-1,食品,食品检查,一般,5%,食品安全法,许可,现场检查\n",
			inspect.ImportLicences:   "信用代码,许可证名称,许可证编号\n91370687MA3TERT03B,食品经营许可证,JY1\n",
		} {
			command := c.broughtAs(noun, token, string(noun)+".csv", text)
			c.done(token, "import.upload", command)
			if i := c.settled(li, command.Import); i.State != inspect.ImportChecked || i.Rows.New != 1 {
				c.Errorf("%s: %s, %+v, %s", noun, i.State, i.Rows, i.Note)
			}
			if got := get[struct {
				Imports []struct{ Noun inspect.ImportNoun }
			}](c, token, "/api/v1/imports?noun="+string(noun)); len(got.Imports) != 1 || got.Imports[0].Noun != noun {
				c.Errorf("the list of %s: %+v", noun, got)
			}
		}
		c.is(c.send("POST", "/api/v1/imports/files?name=a.csv&noun=person", token, oneShop, "Content-Type", "application/octet-stream"), 400, "choice")
	})
}

// R27, R33: a program brings a file, begins a batch with it and sees what it would
// do; confirming is a person's, on the pages.
func TestImportByProgram(t *testing.T) {
	both(t, func(c *client) {
		li := c.Clerk("李科长", "scjg")
		token := c.token(li)
		command := c.brought(token, "a.csv", oneShop)
		c.done(token, "import.upload", command)
		c.settled(li, command.Import)
		path := fmt.Sprintf("/api/v1/imports/%s", command.Import)
		got := get[map[string]any](c, token, path)
		if got["state"] != "checked" || got["new"] != 1.0 || fmt.Sprint(got["grave_verbs"]) != "[import.confirm]" {
			c.Errorf("the batch: %v", got)
		}
		other := c.token(c.Clerk("孙警官", "gaj"))
		c.is(c.send("GET", path, other, ""), 404, "missing")
		if a := c.send("POST", "/api/v1/imports/files?name=a.pdf", token, "%PDF-1.4", "Content-Type", "application/octet-stream"); a.status != 422 {
			c.Errorf("a file of another kind: %d %s", a.status, a.text)
		}
	})
}
