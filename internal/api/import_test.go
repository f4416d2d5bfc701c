package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/rig"
)

// R27, R33: a program brings a file, begins a batch with it and sees what it would
// do; confirming is a person's, on the pages.
func TestImportByProgram(t *testing.T) {
	c := newClient(rig.Open(t, rig.SQLite(t)))
	li := c.Clerk("李科长", "scjg")
	token := c.token(li)
	const text = "统一社会信用代码,企业名称\n92370687MA3XY12K76,某某店\n"
	took := c.send("POST", "/api/v1/imports/files?name=a.csv&source=%E5%B8%82%E5%9C%BA", token, text, "Content-Type", "application/octet-stream")
	if took.status != http.StatusOK {
		t.Fatalf("%d %s", took.status, took.text)
	}
	file := read[struct {
		SHA256  string   `json:"sha256"`
		Size    int64    `json:"size"`
		Line    int      `json:"line"`
		Columns []string `json:"columns"`
	}](c, took.text)
	id := rig.ID[inspect.ImportID](t.Name())
	c.done(token, string(inspect.ImportUpload), map[string]any{"import": id, "noun": "object", "source": "市场", "sourced": "2026-03-01", "file": "a.csv",
		"sha256": file.SHA256, "size": file.Size, "line": file.Line, "columns": file.Columns})
	m := job.Importer{DB: c.Store.DB, Desk: c.Desk, Folder: c.imports, Now: func() time.Time { return c.Now }}
	if err := m.Settle(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	got := get[map[string]any](c, token, fmt.Sprintf("/api/v1/imports/%s", id))
	if got["state"] != "checked" || got["new"] != 1.0 || fmt.Sprint(got["grave_verbs"]) != "[import.confirm]" {
		t.Errorf("the batch: %v", got)
	}
	other := c.token(c.Clerk("孙警官", "gaj"))
	if a := c.send("GET", "/api/v1/imports/"+string(id), other, ""); a.status != http.StatusNotFound {
		t.Errorf("another department reads the batch: %d", a.status)
	}
	if a := c.send("POST", "/api/v1/imports/files?name=a.pdf", token, "%PDF-1.4", "Content-Type", "application/octet-stream"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a file of another kind: %d %s", a.status, a.text)
	}
}
