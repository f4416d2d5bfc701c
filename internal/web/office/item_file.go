package office

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// itemsCSV sends the lists that the filter lets through as a table: what a
// department publishes elsewhere and keeps at hand, R20, R22.
func (s *server) itemsCSV(w http.ResponseWriter, r *http.Request) error {
	facts, err := s.db.Facts(r.Context(), web.Actor(r).Scope(), web.Actor(r).Org.Region)
	if err != nil {
		return err
	}
	rows := [][]string{{"抽查主体"}}
	for _, f := range (inspect.ItemTerms{}).Describe() {
		if f.Label != "抽查主体" {
			rows[0] = append(rows[0], f.Label)
		}
	}
	rows[0] = append(rows[0], "列入日期", "移出日期", "版本")
	for _, i := range itemsInOrder(facts) {
		if ownList(r) && i.Org != web.Actor(r).Org.ID || !s.itemFits(r, i) {
			continue
		}
		row := []string{facts.Orgs[i.Org].Name}
		for _, f := range i.ItemTerms.Describe() {
			if f.Label != "抽查主体" {
				row = append(row, f.After)
			}
		}
		rows = append(rows, append(row, i.Since.String(), i.Retired.String(), fmt.Sprint(i.Version)))
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="items-%s.csv"`, s.today()))
	return writeTable(w, rows)
}

// writeTable writes rows as a CSV file that Excel opens as it is: UTF-8 with a
// mark, CR LF, nothing that begins a formula.
func writeTable(to io.Writer, rows [][]string) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(to)
	out.UseCRLF = true
	for _, row := range rows {
		for i, text := range row {
			row[i] = exchange.Guard(text)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
