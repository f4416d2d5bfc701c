package office

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// exportMost is how many objects one file takes: what a sheet of Excel has rows for.
const exportMost = 1_000_000

// objectsFile sends all objects that the filter finds, in the columns that the
// list shows; or, with as=import, in those of the template for imports, so that the
// file can be mended and brought back. The personal data of other departments' rows
// is in neither. Cells are guarded against formulas.
func (s *server) objectsFile(w http.ResponseWriter, r *http.Request) error {
	table, values, err := s.objectTable(r)
	if err != nil {
		return err
	}
	return s.sendObjects(w, r, "objects", table, values)
}

// licencesFile sends the licences in force of all objects that the filter finds, in
// the columns of the template for imports: R27. Licences of other departments are
// among them, with the department's name.
func (s *server) licencesFile(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	return s.sendObjects(w, r, "licences", exchange.LicenceTable(), func(objects []inspect.Object) (rows [][]string, err error) {
		var nos []inspect.ObjectNo
		for _, o := range objects {
			nos = append(nos, o.No)
		}
		held, err := s.db.LicencesInForce(r.Context(), who.Scope(), nos)
		for _, l := range held {
			rows = append(rows, exchange.LicenceValues(l, facts.Orgs[l.Org].Name))
		}
		return rows, err
	})
}

// sendObjects sends what values says of all objects that the filter finds.
func (s *server) sendObjects(w http.ResponseWriter, r *http.Request, name string, table exchange.Table, values func([]inspect.Object) ([][]string, error)) error {
	who, find := web.Actor(r), s.objectFind(r)
	find.After, find.Before, find.Most = 0, 0, 1000
	file, err := s.sendTable(w, r, name, table)
	if err != nil {
		return err
	}
	for n := 0; n < exportMost; {
		page, err := s.db.Objects(r.Context(), who.Scope(), find)
		var rows [][]string
		if err == nil {
			rows, err = values(page.Objects)
		}
		for _, row := range rows {
			err = errors.Join(err, file.Write(row))
		}
		if err != nil {
			return errors.Join(err, file.Close())
		}
		if n += len(page.Objects); !page.Later || len(page.Objects) == 0 {
			break
		}
		find.After = page.Objects[len(page.Objects)-1].No
	}
	return file.Close()
}

// objectTable is the table of a file of objects, and what a page of them says in
// it.
func (s *server) objectTable(r *http.Request) (exchange.Table, func([]inspect.Object) ([][]string, error), error) {
	who := web.Actor(r)
	if r.URL.Query().Get("as") == "import" {
		towns, err := s.db.Areas(r.Context(), who.Scope(), who.Org.Region)
		return exchange.ObjectTable(towns), func(objects []inspect.Object) (rows [][]string, _ error) {
			for _, o := range objects {
				o, _ = o.ForReader(who.Org.ID)
				rows = append(rows, exchange.ObjectValues(o))
			}
			return rows, nil
		}, err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return exchange.Table{}, nil, err
	}
	columns, err := s.columns(r, "objects", objectColumns)
	heads := append([]string{"名称", "统一社会信用代码或编号", "登记状态", "信用风险等级", "标记"}, columns.Heads()...)
	return shownTable("检查对象", heads), func(objects []inspect.Object) ([][]string, error) {
		var all [][]string
		shown, err := s.objectRows(r, objects, columns, facts)
		for _, row := range shown {
			var flags []string
			for _, f := range row.Flags {
				flags = append(flags, f.Text)
			}
			all = append(all, append([]string{row.Name, row.Code, row.State.Text, row.Letter, strings.Join(flags, "、")}, texts(row.Cells)...))
		}
		return all, err
	}, err
}

// texts are what cells say.
func texts(cells []web.ListCell) []string {
	var all []string
	for _, c := range cells {
		all = append(all, c.Text)
	}
	return all
}

// shownTable is a table of what a list shows: plain texts.
func shownTable(name string, heads []string) exchange.Table {
	t := exchange.Table{Key: "list", Name: name}
	for _, h := range heads {
		t.Columns = append(t.Columns, exchange.Column{Key: h, Headings: []string{h}, Kind: exchange.Text})
	}
	return t
}

// sendTable begins a file of the kind that the address ends with.
func (s *server) sendTable(w http.ResponseWriter, r *http.Request, name string, t exchange.Table) (*exchange.Export, error) {
	format, kind := exchange.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	switch path.Ext(r.URL.Path) {
	case ".csv":
		format, kind = exchange.CSV, "text/csv; charset=utf-8"
	case ".json":
		format, kind = exchange.JSON, "application/json"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s%s"`, name, s.today(), path.Ext(r.URL.Path)))
	return exchange.NewExport(w, format, t)
}
