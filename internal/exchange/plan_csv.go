package exchange

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
)

// bom tells Excel that the file is UTF-8.
const bom = "\ufeff"

// CSV writes the tasks as a table: UTF-8 with a byte order mark, a heading,
// lines that end with CR LF. Plan number and edition stand in each line, so
// that files of several plans can be joined.
func (p Plan) CSV() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(bom)
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	head := []string{"计划编号", "版次", "公布部门"}
	for _, c := range columns {
		head = append(head, c.head)
	}
	rows := [][]string{head}
	for _, t := range p.Tasks {
		row := []string{Guard(p.Number), strconv.Itoa(p.Edition), Guard(p.Publisher.Name)}
		for _, c := range columns {
			switch v := c.cell(t).(type) {
			case int64:
				row = append(row, strconv.FormatInt(v, 10))
			case string:
				row = append(row, Guard(v))
			}
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write plan %s as CSV: %w", p.Number, err)
	}
	return out.Bytes(), nil
}
