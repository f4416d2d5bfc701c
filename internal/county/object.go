package county

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/stage"
	"suicha/internal/synth"
)

// keeper is the department whose library an object goes into.
func keeper(o inspect.Object) string {
	switch {
	case o.Kind == inspect.Site && o.Risk == "":
		return "zjj" // a building site
	case o.Kind == inspect.Institution && strings.HasPrefix(o.Industry, "P"):
		return "jtj"
	case o.Kind == inspect.Institution && strings.HasPrefix(o.Industry, "Q84"):
		return "wjj"
	case o.Kind == inspect.Institution && strings.HasPrefix(o.Industry, "L72"):
		return "sfj"
	}
	return "scjg"
}

// limits let files of any size through: they are our own.
var limits = exchange.Limits{Size: 1 << 40}

// A batch is one file for the library of a department, being written.
type batch struct {
	org, source string
	file        *os.File
	table       *exchange.Export
}

// objects imports the register, sets the rules of sub-libraries, confirms what
// they propose, and marks objects as the departments know them.
func (m *maker) objects(f Filling) {
	rows, err := f.register().Rows(f.Objects)
	if err != nil {
		m.err = err
		return
	}
	batches := map[string]*batch{}
	defer func() {
		for _, b := range batches {
			m.err = errors.Join(m.err, b.file.Close(), os.Remove(b.file.Name()))
		}
	}()
	var marked []synth.Row
	done := int64(0)
	for r := range rows {
		if m.err = m.add(batches, r.Object); m.err != nil {
			break
		}
		if len(marked) < markedMost && (len(r.Flags) > 0 || m.licensed(r)) {
			marked = append(marked, r)
		}
		if done++; done%10_000 == 0 {
			m.tell("生成检查对象", done, int64(f.Objects))
		}
	}
	var order []string
	for key := range batches {
		order = append(order, key)
	}
	slices.Sort(order)
	for _, key := range order {
		m.bring(f, batches[key])
	}
	m.members()
	for i, r := range marked {
		m.mark(r)
		if i%100 == 0 {
			m.tell("登记许可证和标记", int64(i), int64(len(marked)))
		}
	}
}

// tell passes on what is being done.
func (m *maker) tell(what string, done, total int64) {
	if m.told != nil {
		m.told(what, done, total)
	}
}

// add writes an object into the file for its department and source.
func (m *maker) add(batches map[string]*batch, o inspect.Object) error {
	org := keeper(o)
	key := org + " " + o.Source
	b := batches[key]
	if b == nil {
		file, err := os.CreateTemp("", "suicha-demo-")
		if err != nil {
			return err
		}
		b = &batch{org: org, source: o.Source, file: file}
		batches[key] = b
		if b.table, err = exchange.NewExport(file, exchange.CSV, exchange.ObjectTable(areas)); err != nil {
			return err
		}
	}
	return b.table.Write(exchange.ObjectValues(o))
}

// bring imports a file: brought by the clerk, checked by the platform, confirmed
// by the clerk, written by the platform.
func (m *maker) bring(f Filling, b *batch) {
	if m.err != nil {
		return
	}
	clerk := m.who(b.org, inspect.Clerk)
	upload, err := m.upload(f.Folder, b, clerk)
	if err != nil {
		m.err = fmt.Errorf("bring %s of %s: %w", b.source, b.org, err)
		return
	}
	m.do(clerk, upload)
	importer := &job.Importer{DB: m.db, Desk: m.desk, Folder: f.Folder, Now: f.Now, Limits: limits}
	m.settle(importer, upload.Import, "核对"+b.source)
	i := m.batch(clerk, upload.Import)
	if m.err == nil && (i.State != inspect.ImportChecked || i.Rows.Faulty > 0) {
		m.err = fmt.Errorf("import of %s: %s, %+v %s", b.source, i.State, i.Rows, i.Note)
	}
	m.do(clerk, act.ConfirmImport{Import: i.ID, Seen: i.Version, Staged: i.Staged})
	m.settle(importer, upload.Import, "写入"+b.source)
	if i = m.batch(clerk, upload.Import); m.err == nil && i.State != inspect.ImportApplied {
		m.err = fmt.Errorf("import of %s: %s", b.source, i.State)
	}
}

// upload keeps the file and maps its columns, as the wizard proposes.
func (m *maker) upload(folder stage.Folder, b *batch, clerk inspect.Actor) (act.UploadImport, error) {
	name := strings.TrimSuffix(b.source, "（虚构数据）") + ".csv"
	up := act.UploadImport{
		Import: id[inspect.ImportID]("import", b.org, b.source), Noun: inspect.ImportObjects, Source: b.source, Sourced: sourced, Whole: true, File: name,
	}
	err := b.table.Close()
	if err == nil {
		_, err = b.file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return up, err
	}
	kept, err := folder.Keep(string(clerk.Org.ID), b.file, 1<<40)
	if err != nil {
		return up, err
	}
	up.SHA256, up.Size = kept.SHA256, kept.Size
	f, err := exchange.Open(m.ctx, b.file, kept.Size, name, exchange.Options{Limits: limits})
	if err != nil {
		return up, err
	}
	defer f.Close()
	table := exchange.ObjectTable(areas)
	head, err := f.Head(m.ctx, table, "")
	if err != nil {
		return up, err
	}
	mapping := table.Match(head, exchange.Mapping{})
	up.Sheet, up.Line = mapping.Sheet, mapping.Line
	for _, p := range mapping.Pairs {
		up.Columns = append(up.Columns, inspect.ImportColumn(inspect.ImportPair(p)))
	}
	return up, nil
}

// settle lets the platform work on a batch until a person is needed.
func (m *maker) settle(importer *job.Importer, batch inspect.ImportID, what string) {
	if m.err != nil {
		return
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			if folder, err := importer.Folder.Batch(string(batch)); err == nil {
				var p job.Progress
				if ok, err := folder.ReadJSON(job.ImportProgress, &p); ok && err == nil {
					m.tell(what, p.Done, p.Total)
				}
			}
		}
	}()
	m.err = importer.Settle(m.ctx, batch)
	close(stop)
	<-stopped
}

// batch reads a batch as it stands.
func (m *maker) batch(clerk inspect.Actor, batch inspect.ImportID) (i inspect.Import) {
	if m.err == nil {
		i, m.err = m.db.Import(m.ctx, clerk.Scope(), batch)
	}
	return i
}
