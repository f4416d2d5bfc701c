package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// inspectorAttacks are attacks on the shape of the inspector library.
var inspectorAttacks = []attack{
	{"a number of two inspectors", `UPDATE inspector SET code = 'INS-1', cseq = @E WHERE no = 3`},
	{"an inspector of nothing", `UPDATE inspector SET org = 'zz', cseq = @E WHERE no = 3`},
	{"an account of nobody", `UPDATE inspector SET person = 'zz', cseq = @E WHERE no = 3`},
	{"an unknown gender", `UPDATE inspector SET gender = 'x', cseq = @E WHERE no = 3`},
	{"an unknown staff category", `UPDATE inspector SET category = 'boss', cseq = @E WHERE no = 3`},
	{"a helper with a certificate", `UPDATE inspector SET category = 'expert', cseq = @E WHERE no = 1`},
	{"an inspector from nowhere", `UPDATE inspector SET source = '', cseq = @E WHERE no = 3`},
	{"nobody is away", `UPDATE inspector_away SET inspector = 999, cseq = @E`},
	{"away for an unknown reason", `UPDATE inspector_away SET kind = 'x', cseq = @E`},
	{"back before away", `UPDATE inspector_away SET until_day = '2026-01-01', cseq = @E`},
	{"a tie of nobody", `UPDATE inspector_tie SET inspector = 999, cseq = @E`},
	{"an unknown tie", `UPDATE inspector_tie SET kind = 'x', cseq = @E`},
	{"a tie that ends before it begins", `UPDATE inspector_tie SET until = '2000-01-01', cseq = @E`},
	{"a tie to nobody", `UPDATE inspector_tie SET name = '', cseq = @E`},
	{"a tie withdrawn without reason", `UPDATE inspector_tie SET reason = '', cseq = @E`},
	{"a training of nobody", `UPDATE inspector_training SET inspector = 999, cseq = @E`},
	{"an unknown exam", `UPDATE inspector_training SET exam = 'x', cseq = @E`},
	{"a training of no hours", `UPDATE inspector_training SET hours = 0, cseq = @E`},
	{"staff of nothing", `INSERT INTO workforce VALUES ('zz', 1, 1, 0, 0, 0, '0', '2026-01-01', @E)`},
	{"fewer than none", `UPDATE workforce SET daily = -1, cseq = @E`},
}

// staffed gives the county at url one inspector with all that can be known of
// them, each thing written twice.
func staffed(t *testing.T, url string) {
	t.Helper()
	o := rig.Open(t, url)
	li, day := o.Clerk("李科长", "scjg"), workday.MustParse
	person := act.PutInspector{
		Code: "A-01", Name: "王二", Category: inspect.CivilServant, Phone: "000", Quals: "药品检查员", Source: "人事档案", Sourced: day("2026-02-01"),
	}
	o.Done(li, person)
	o.Done(li, act.CertifyInspector{Inspector: 1, Seen: 1, Kind: inspect.ProvinceCertificate, Number: "F1", Until: day("2028-01-01")})
	away := act.PutAway{Away: rig.ID[inspect.AwayID]("away"), Inspector: 1, Kind: "leave", From: day("2026-03-05"), Until: day("2026-03-06")}
	o.Done(li, away)
	away.Seen, away.Note = 1, "延期"
	o.Done(li, away)
	tie := act.PutTie{Tie: rig.ID[inspect.TieID]("tie"), Inspector: 1, Name: "某公司", Kind: inspect.Relative}
	o.Done(li, tie)
	tie.Seen, tie.Code = 1, "X"
	o.Done(li, tie)
	learnt := act.PutTraining{
		Training: rig.ID[inspect.TrainingID]("t"), Inspector: 1, Topic: "法规", Hours: 4, Exam: "none", Day: day("2026-02-01"),
	}
	o.Done(li, learnt)
	learnt.Seen, learnt.Exam = 1, "passed"
	o.Done(li, learnt)
	o.Done(li, act.PutWorkforce{CivilServant: 3})
	o.Done(li, act.PutWorkforce{Seen: 1, CivilServant: 4})
	o.Extend()
	o.Verified()
}

// INV-02, INV-22: one altered cell of the inspector library, past all guards, is
// found, and the row is named.
func TestAlteredInspectorCellIsNamed(t *testing.T) {
	each := func(t *testing.T, url string) {
		staffed(t, url)
		_, open, err := rig.LogKey()
		if err != nil {
			t.Fatal(err)
		}
		r := openRaw(t, url, true)
		for table, kind := range map[string]string{
			"inspector": "inspector", "inspector_away": "inspector.away", "inspector_tie": "inspector.tie",
			"inspector_training": "inspector.training", "workforce": "workforce", "past": "",
		} {
			query := `SELECT name FROM pragma_table_info('` + table + `')`
			if r.postgresql {
				query = `SELECT column_name FROM information_schema.columns WHERE table_name = '` + table + `'`
			}
			columns := r.texts(r.DB, query)
			if len(columns) < 6 {
				t.Fatalf("%s has only %v", table, columns)
			}
			for _, column := range columns {
				tx, err := r.Begin()
				if err != nil {
					t.Fatal(err)
				}
				was := r.texts(tx, fmt.Sprintf(`SELECT CAST(%s AS TEXT) FROM %s ORDER BY version`, column, table))[0]
				value := was + "x"
				switch {
				case slices.Contains([]string{"no", "version", "inspector", "hours", "cseq", "next", "civil_servant", "qualified", "daily"}, column):
					value = was + "7"
				case slices.Contains([]string{"dropped", "exam"}, column) && slices.Contains([]string{"0", "false"}, was):
					value = "1"
				}
				where := ` WHERE ` + column + ` = ` + quote(was)
				if column == "person" {
					was, where = "", ""
				}
				if _, err := tx.Exec(fmt.Sprintf(`UPDATE %s SET %s = %s%s`, table, column, quote(value), where)); err != nil {
					tx.Rollback() // PostgreSQL asks its checks of everybody
					if !r.postgresql {
						t.Errorf("%s.%s: %v", table, column, err)
					}
					continue
				}
				err = store.VerifyTx(t.Context(), tx, r.postgresql, r.postgresql, open)
				var fault store.Fault
				if !errors.As(err, &fault) && err == nil {
					t.Errorf("%s.%s was %q and is %q: not detected", table, column, was, value)
				}
				named := fault.Table == kind || kind == "" || column == "cseq" || column == "no" || column == "id" || column == "org" || column == "version"
				if err != nil && fault.Table != "" && !named {
					t.Errorf("%s.%s: found as %v", table, column, err)
				}
				tx.Rollback()
			}
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		url := rig.SQLite(t)
		each(t, url)
	})
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { each(t, rig.County(t)) })
	}
}
