package main

import (
	"archive/zip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// three brings two good files and one that was made to take memory, at once, and
// waits until all are dealt with.
func (s *benchedSite) three() {
	s.Helper()
	var files []string
	for k := range 2 {
		files = append(files, filepath.Join(s.TempDir(), fmt.Sprintf("more-%d.csv", k)))
		if err := (&SynthCmd{N: 50_000, Out: files[k], Seed: uint64(k) + 2, Day: workday.MustParse("2026-03-01")}).Run(); err != nil {
			s.Fatal(err)
		}
	}
	var ids []inspect.ImportID
	for _, file := range append(files, s.bomb()) {
		ids = append(ids, s.bring(file).Import)
	}
	for _, id := range ids {
		if i := s.until(id, inspect.ImportChecked, inspect.ImportRefused); i.State == inspect.ImportChecked && i.Rows.Staged() > 0 {
			s.confirm(i)
			s.until(id, inspect.ImportApplied)
		}
	}
}

// killed brings a file, and kills the site while it checks and while it writes.
func (s *benchedSite) killed() {
	s.Helper()
	const rows = 200_000
	file := filepath.Join(s.TempDir(), "killed.csv")
	if err := (&SynthCmd{N: rows, Out: file, Seed: 9, Day: workday.MustParse("2026-03-01")}).Run(); err != nil {
		s.Fatal(err)
	}
	kill := func() {
		if err := s.child.Process.Kill(); err != nil {
			s.Fatal(err)
		}
		_ = s.child.Wait() // it was killed
		s.start()
	}
	up := s.bring(file)
	<-time.After(2 * time.Second)
	kill()
	i := s.until(up.Import, inspect.ImportChecked)
	s.confirm(i)
	for i.Done == 0 {
		i = s.until(i.ID, inspect.ImportApplying, inspect.ImportApplied)
	}
	kill()
	if i = s.until(i.ID, inspect.ImportApplied); i.Done != rows || i.Skipped != 0 {
		s.Fatalf("killed while it wrote: %+v", i)
	}
}

// bomb is a workbook of a few megabytes that unpacks to hundreds, and to thousands
// for who keeps all that it says: hidden columns, long shared texts.
func (s *benchedSite) bomb() string {
	s.Helper()
	const rows, fresh, long = 8000, 2000, 30_000
	path := filepath.Join(s.TempDir(), "bomb.xlsx")
	f, err := os.Create(path)
	if err != nil {
		s.Fatal(err)
	}
	z := zip.NewWriter(f)
	part := func(name, begin string, each func(i int) string, n int, end string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, begin)
		}
		for i := 0; i < n && err == nil; i++ {
			_, err = io.WriteString(w, each(i))
		}
		if err == nil {
			_, err = io.WriteString(w, end)
		}
		if err != nil {
			s.Fatal(err)
		}
	}
	const kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	part("_rels/.rels", `<Relationships><Relationship Id="a" Type="`+kinds+`officeDocument" Target="xl/workbook.xml"/></Relationships>`, nil, 0, "")
	part("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="`+kinds+`worksheet" Target="sheet.xml"/>`+
		`<Relationship Id="b" Type="`+kinds+`sharedStrings" Target="texts.xml"/></Relationships>`, nil, 0, "")
	part("xl/workbook.xml", `<workbook><sheets><sheet name="x" id="a"/></sheets></workbook>`, nil, 0, "")
	random := rand.New(rand.NewPCG(1, 2))
	part("xl/texts.xml", "<sst><si><t>统一社会信用代码</t></si><si><t>企业名称</t></si>", func(int) string {
		text := make([]byte, fresh)
		for i := range text {
			text[i] = 'a' + byte(random.IntN(26))
		}
		return "<si><t>" + string(text) + strings.Repeat("x", long-fresh) + "</t></si>"
	}, rows, "</sst>")
	part("xl/sheet.xml", "<worksheet><cols>"+strings.Repeat(`<col min="1" max="16384" hidden="1"/>`, 20_000)+
		`</cols><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>`, func(i int) string {
		return fmt.Sprintf(`<row><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c></row>`, 2+i, 2+i*7919%rows)
	}, rows, "</sheetData></worksheet>")
	if err := z.Close(); err != nil {
		s.Fatal(err)
	}
	if err := f.Close(); err != nil {
		s.Fatal(err)
	}
	return path
}
