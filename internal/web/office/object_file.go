package office

import (
	"errors"
	"fmt"
	"net/http"
	"path"

	"suicha/internal/exchange"
	"suicha/internal/web"
)

// exportMost is how many objects one file takes: what a sheet of Excel has rows for.
const exportMost = 1_000_000

// objectsFile sends the objects that the filter lets through, in the columns of
// the template for imports, so that the file can be mended and brought back. The
// personal data of other departments' rows is left out. Cells are guarded against
// formulas.
func (s *server) objectsFile(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	format, kind := exchange.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	if path.Ext(r.URL.Path) == ".csv" {
		format, kind = exchange.CSV, "text/csv; charset=utf-8"
	}
	towns, err := s.db.Areas(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	find := s.objectFind(r)
	find.After, find.Before, find.Most = 0, 0, 1000
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="objects-%s%s"`, s.today(), path.Ext(r.URL.Path)))
	file, err := exchange.NewExport(w, format, exchange.ObjectTable(towns))
	if err != nil {
		return err
	}
	for n := 0; n < exportMost; {
		page, err := s.db.Objects(r.Context(), who.Scope(), find)
		if err != nil {
			return errors.Join(err, file.Close())
		}
		for _, o := range page.Objects {
			o, _ = o.ForReader(who.Org.ID)
			if err := file.Write(exchange.ObjectValues(o)); err != nil {
				return errors.Join(err, file.Close())
			}
			find.After = o.No
		}
		if n += len(page.Objects); !page.Later {
			break
		}
	}
	return file.Close()
}
