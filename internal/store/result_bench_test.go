package store_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// BenchmarkResults measures the questions of the public over SUICHA_RESULTS published
// results, 20,000 if it is not set, on both databases: what was published about one
// code, asked by two readers at once. Take 1,000,000 for figures:
//
//	SUICHA_RESULTS=1000000 go test -run '^$' -bench Results -benchtime 1x -timeout 0 ./internal/store
func BenchmarkResults(b *testing.B) {
	n := 20_000
	if text := os.Getenv("SUICHA_RESULTS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("sqlite", func(b *testing.B) { benchmarkResults(b, rig.SQLite(b), n) })
	b.Run("postgres", func(b *testing.B) { benchmarkResults(b, rig.County(b), n) })
}

func benchmarkResults(b *testing.B, url string, n int) {
	rig.Published(b, url, n)
	s, err := store.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for _, q := range []struct {
		name string
		ask  func(random *rand.Rand) store.PublicFilter
	}{
		{"code", func(random *rand.Rand) store.PublicFilter {
			return store.PublicFilter{Code: rig.PublishedCode(random.IntN(n / rig.PublishedEach))}
		}},
		{"newest", func(*rand.Rand) store.PublicFilter { return store.PublicFilter{} }},
		{"department and year", func(*rand.Rand) store.PublicFilter {
			return store.PublicFilter{Org: rig.Org("gaj"), From: workday.MustParse("2025-01-01"), Until: workday.MustParse("2025-12-31")}
		}},
		{"exact name", func(random *rand.Rand) store.PublicFilter {
			return store.PublicFilter{Text: rig.PublishedName(random.IntN(n / rig.PublishedEach))}
		}},
	} {
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				const readers, each = 2, 1000
				var mu sync.Mutex
				var wg sync.WaitGroup
				var took []time.Duration
				var missed atomic.Int64
				start := time.Now()
				for reader := range readers {
					wg.Go(func() {
						random := rand.New(rand.NewPCG(uint64(reader), 1))
						mine := make([]time.Duration, 0, each)
						for range each {
							f := q.ask(random)
							f.Region, f.Most = rig.Region, 21
							at := time.Now()
							found, err := s.DB.Published(b.Context(), inspect.Scope{}, f)
							if err != nil || len(found) == 0 {
								missed.Add(1)
							}
							mine = append(mine, time.Since(at))
						}
						mu.Lock()
						took = append(took, mine...)
						mu.Unlock()
					})
				}
				wg.Wait()
				whole := time.Since(start)
				if missed.Load() > 0 {
					b.Fatalf("%d questions found nothing", missed.Load())
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
				b.ReportMetric(float64(len(took))/whole.Seconds(), "questions/s")
			}
		})
	}
}
