package api_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// paths are all addresses that the API reads, with the things of a world in them.
func paths(t *testing.T, r *rig.Run) (list []string) {
	t.Helper()
	text, err := os.ReadFile("openapi.golden.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b := r.Stands()
	names := []string{"manifest.json", "result.json", "result.tsv", "assignment.tsv", inspect.OutcomeFile}
	for _, m := range regexp.MustCompile(`(?m)^  "?(/[^":]*)"?:\n    get:`).FindAllStringSubmatch(string(text), -1) {
		made := []string{m[1]}
		for _, hole := range regexp.MustCompile(`\{\w+\}`).FindAllString(m[1], -1) {
			var filled []string
			for _, path := range made {
				for _, value := range append(names, string(r.ID), string(b.Tasks[0]), "1", "2", "3", "85", "2026") {
					filled = append(filled, strings.Replace(path, hole, value, 1))
				}
			}
			made = filled
		}
		list = append(list, made...)
	}
	return list
}

// INV-05: a program outside is told the same, whoever was drawn, by every address of the
// API and by its refusals.
func TestTwoWorldsForPrograms(t *testing.T) {
	rig.Worlds(t, func(t *testing.T, worlds [2]*rig.Run) {
		clients := [2]*client{newClient(worlds[0].Office), newClient(worlds[1].Office)}
		asked, read := 0, 0
		compare := func() {
			t.Helper()
			for _, who := range []struct {
				name string
				kind inspect.PostKind
				org  string
			}{{"韩科长", inspect.Clerk, "wjw"}, {"孙警官", inspect.Clerk, "gaj"}, {"李科长", inspect.Clerk, "scjg"}, {"", "", ""}} {
				var tokens [2]string
				for i, c := range clients {
					if who.name != "" {
						tokens[i] = c.token(c.Someone(who.name, who.kind, who.org))
					}
				}
				for _, path := range paths(t, worlds[0]) {
					var told [2]string
					for i, c := range clients {
						got := c.send("GET", path, tokens[i], "")
						told[i] = rig.Told(got.status, got.header, got.text)
						if asked++; got.status == 200 {
							read++
						}
					}
					if told[0] != told[1] {
						t.Errorf("%s by %s differs, %s", path, who.name, rig.Differ(told[0], told[1]))
					}
				}
			}
		}
		compare()
		for _, r := range worlds {
			r.Send() // teams are scheduled and dispatched
		}
		compare()
		if read < 200 {
			t.Errorf("only %d of %d answers told something", read, asked)
		}
	})
}

// entrusting hands the custodian's secret in by the API: R81.
func entrusting(c *client, done, grave func(token, verb string, command any)) {
	c.Helper()
	r := c.SealedBatch(c.TaskOutside(c.Clerk("李科长", "scjg"), c.Leader("王局长", "scjg"), 3)).Announce().Lock().Commit().Reveal().Event().Unseal()
	done(c.token(r.Qian()), "batch.entrust", r.Secret(r.Of("custodian")[0]))
	r.Hide()
	peek := act.PeekBatch{Reading: rig.ID[inspect.ReadingID](fmt.Sprint(c.Name(), "reading")), Batch: r.ID, Ground: "制作检查通知"}
	grave(c.token(c.Clerk("李科长", "scjg")), "batch.peek", peek)
}
