package rig

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const page = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>随查</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head>
<body><main><h1>年度抽查计划</h1>%s</main></body></html>`

// pages is a site of which each page but the first has one fault.
func pages(w http.ResponseWriter, r *http.Request) {
	bodies := map[string]string{
		"/good":    `<form method="post"><label>意见 <input name="opinion"></label><button>批准</button></form>`,
		"/barrier": `<form method="post"><input name="opinion"></form>`,
		"/wide":    `<div style="width:3000px">宽</div>`,
		"/foreign": `<img alt="图" src="http://127.0.0.1:1/x.png">`,
		"/script":  `<script>throw new Error("断")</script>`,
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.URL.Path == "/policy" {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:")
		fmt.Fprintf(w, page, `<p style="color:red">红</p>`)
		return
	}
	body, ok := bodies[r.URL.Path]
	if !ok {
		w.WriteHeader(http.StatusInternalServerError)
	}
	fmt.Fprintf(w, page, body)
}

func TestBrowserSeesEveryFault(t *testing.T) {
	if !WithBrowser() {
		return
	}
	site := httptest.NewServer(http.HandlerFunc(pages))
	t.Cleanup(site.Close)
	visit := func(path string) string {
		spy := &recorder{TB: t}
		done := make(chan struct{})
		go func() { // Fatalf ends the goroutine
			defer close(done)
			Travel(spy, site.URL, map[string]string{"path": path}, "tools/browser/testdata/visit.mjs")
		}()
		<-done
		return spy.said
	}
	if said := visit("/good"); said != "" {
		t.Errorf("a page without a fault: %s", said)
	}
	for path, want := range map[string]string{
		"/barrier": "label",
		"/wide":    "px wide",
		"/foreign": "asks another server",
		"/script":  "断",
		"/policy":  "Content Security Policy",
		"/broken":  "500 GET",
	} {
		if said := visit(path); !strings.Contains(said, want) {
			t.Errorf("%s: a browser test says %q, want %q in it", path, said, want)
		}
	}
}
