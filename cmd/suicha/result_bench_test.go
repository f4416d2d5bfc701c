package main

import (
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// BenchmarkPublished measures the pages on which a citizen reads what was published of
// one code, over SUICHA_RESULTS results, 20,000 if it is not set, while SUICHA_RATE
// pages a second are asked for, 1,000 if it is not set, for twenty seconds. The site is
// a process of its own; who asks shares the processors with it. A page counts from when
// it was due, so that a site that stands still does not go unnoticed.
//
//	SUICHA_RESULTS=1000000 go test -run '^$' -bench Published -benchtime 1x -timeout 0 ./cmd/suicha
func BenchmarkPublished(b *testing.B) {
	n, rate := benchNumber(b, "SUICHA_RESULTS", 20_000), benchNumber(b, "SUICHA_RATE", 1000)
	b.Run("sqlite", func(b *testing.B) { benchPublished(b, "", n, rate) })
	if rig.WithPostgres() {
		b.Run("postgres", func(b *testing.B) { benchPublished(b, rig.Empty(b), n, rate) })
	}
}

// benchNumber is a number that the environment may set.
func benchNumber(b *testing.B, name string, usual int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("%s=%q is no number", name, text)
	}
	return n
}

func benchPublished(b *testing.B, database string, n, rate int) {
	s := startSite(b, database, func(url string) { rig.Published(b, url, n) })
	b.ReportMetric(0, "ns/op")
	random := rand.New(rand.NewPCG(1, 1))
	for _, page := range []struct {
		name string
		path func() string
	}{
		{"enterprise", func() string { return "/enterprises/" + rig.PublishedCode(random.IntN(n/rig.PublishedEach)) }},
		{"list", func() string { return "/results?code=" + rig.PublishedCode(random.IntN(n/rig.PublishedEach)) }},
		{"newest", func() string { return "/results" }},
		{"front", func() string { return "/" }},
		{"result", func() string { return "/results/" + string(inspect.OwnID("bench", strconv.Itoa(random.IntN(n)))) }},
	} {
		b.Run(page.name, func(b *testing.B) {
			for b.Loop() {
				before, began := s.cpu(), time.Now()
				took := askAt(b, s.base, page.path, rate, 20*time.Second)
				whole := time.Since(began)
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(at(took, 50), "p50-ms")
				b.ReportMetric(at(took, 99), "p99-ms")
				b.ReportMetric(float64(len(took))/whole.Seconds(), "pages/s")
				b.ReportMetric((s.cpu()-before).Seconds()/whole.Seconds(), "site-processors")
			}
		})
	}
	b.ReportMetric(s.resident(), "MB-peak")
}

// askAt asks for pages at a rate, for a time, and returns how long each took, in order.
func askAt(b *testing.B, base string, path func() string, rate int, span time.Duration) []time.Duration {
	b.Helper()
	const connections = 64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	took := make(chan time.Duration, rate)
	start, n := time.Now(), int(span.Seconds()*float64(rate))
	go func() {
		for i := range n {
			due := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
			if wait := time.Until(due); wait > 0 {
				<-time.After(wait)
			}
			go func(path string) {
				r, err := client.Get(base + path)
				if err != nil {
					b.Error(err)
					took <- 0
					return
				}
				defer r.Body.Close()
				if _, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode != http.StatusOK {
					b.Errorf("%s: %s %v", path, r.Status, err)
				}
				took <- time.Since(due)
			}(path())
		}
	}()
	all := make([]time.Duration, 0, n)
	for range n {
		all = append(all, <-took)
	}
	slices.Sort(all)
	return all
}
