package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"suicha/internal/county"
)

// A newcomer is led through the demonstration, and signs in with one click. A real site
// has neither the tour nor a filled-in sign-in, whatever the address says.
func TestTourIsOfTheDemonstrationOnly(t *testing.T) {
	for _, demo := range []bool{true, false} {
		_, _, base := openedAt(t, demo, "", time.Now)
		get := func(path string) (int, string) {
			t.Helper()
			answer, err := http.Get(base + path)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			return answer.StatusCode, string(body)
		}
		for path, want := range map[string]string{
			"/demo": `href="/sign-in?name=lhb-jbr&amp;next=%2Foffice%2Fprogress"`, "/sign-in?name=lhb-jbr": `value="lhb-jbr"`, "/": "演示导览",
		} {
			code, page := get(path)
			if (code == http.StatusOK && strings.Contains(page, want)) != demo || !demo && strings.Contains(page, demoPassword) {
				t.Errorf("demonstration %v: %s: %d", demo, path, code)
			}
		}
		if _, page := get("/demo"); strings.Contains(page, "next=%2Fsign-in") {
			t.Error("the second time a step leads to a sign-in behind the sign-in")
		}
		if code, _ := get("/demo/documents/none/公证处.json"); code != http.StatusNotFound {
			t.Errorf("a document of nothing: %d", code)
		}
	}
	for _, chapter := range tourChapters {
		for _, step := range chapter.Steps {
			if step.Name == "" && step.Who == "" || step.Href == "" {
				t.Errorf("a step of %s leads nowhere: %+v", chapter.Title, step)
			}
			if step.Name != "" && len(filterShown(step.Name)) != 1 {
				t.Errorf("%s is not among the accounts that are shown", step.Name)
			}
		}
	}
}

func filterShown(name string) (found []string) {
	for _, a := range shown(county.People()) {
		if a.Name == name {
			found = append(found, a.Who)
		}
	}
	return found
}
