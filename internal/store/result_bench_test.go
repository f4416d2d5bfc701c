package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
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

// perCode is how many results an enterprise of the measurement has.
const perCode = 10

func benchmarkResults(b *testing.B, url string, n int) {
	fillResults(b, url, n)
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
			return store.PublicFilter{Code: benchCode(random.IntN(n / perCode))}
		}},
		{"newest", func(*rand.Rand) store.PublicFilter { return store.PublicFilter{} }},
		{"department and year", func(*rand.Rand) store.PublicFilter {
			return store.PublicFilter{Org: rig.Org("gaj"), From: workday.MustParse("2025-01-01"), Until: workday.MustParse("2025-12-31")}
		}},
		{"exact name", func(random *rand.Rand) store.PublicFilter {
			return store.PublicFilter{Text: fmt.Sprintf("企业%d", random.IntN(n/perCode))}
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

func benchCode(n int) string { return fmt.Sprintf("91370687MA%08d", n) }

// fillResults puts published results into a database as its owner can, past guards and
// the record: what is measured is reading.
func fillResults(b *testing.B, url string, n int) {
	r := openRaw(b, url, true)
	defer r.Close()
	body := inspect.PublicResult{
		Kind: inspect.Enterprise, Body: "海阳市公安局", Tasks: []inspect.PublicTask{{Number: "370687-2025-gaj-001", Name: "联合抽查", Plan: "370687-2025", Targeted: "untargeted"}},
		Items: []inspect.PublicItem{{Name: "旅馆业治安管理", Codes: []inspect.ResultCode{inspect.NoProblem}}, {Name: "实名登记", Codes: []inspect.ResultCode{inspect.OrderedToCorrect}}},
	}
	if r.postgresql {
		r.must(`SET synchronous_commit = off`)
		r.must(`ALTER TABLE result DISABLE TRIGGER ALL`)
		r.must(`ALTER TABLE publication DISABLE TRIGGER ALL`)
	} else {
		r.must(`PRAGMA synchronous = 0`)
		r.must(`PRAGMA foreign_keys = 0`)
		r.must(`PRAGMA cache_size = -600000`)
	}
	r.must(`BEGIN`)
	first := workday.MustParse("2017-01-01")
	const chunk = 500
	for at := 0; at < n; at += chunk {
		var results, editions []string
		for i := at; i < min(at+chunk, n); i++ {
			day := first.AddDays(i % 3600)
			body.Name, body.Code, body.Date = fmt.Sprintf("企业%d", i/perCode), benchCode(i/perCode), day
			id := inspect.OwnID("bench", strconv.Itoa(i))
			instant := day.String() + "T01:00:00.000Z"
			results = append(results, fmt.Sprintf(`('%s', 4, '%s', '%s', 'b', 't', '%s', '%s', %d, '%s', '%s', 'enterprise', '%s', '%s', '{}', '', '{}', 'e', 'published', 's', 'x', 'a', 'x', 'o', '%s', 'p', '%s', 1, 1)`,
				id, rig.Region, id, rig.Org("gaj"), rig.Org("gaj"), i/perCode, body.Code, body.Name, day, instant, body.Digest(), instant))
			editions = append(editions, fmt.Sprintf(`('%s', 1, '%s', '%s', 1, 'publish', '%s', '%s', '%s', '%s', '370687-2025-gaj-001', '%s', '%s', 'a', NULL, '', 'p', '', '%s', '%s', 1, '')`,
				inspect.PublicationIDOf(inspect.ResultID(id), 1), rig.Region, id, rig.Org("gaj"), body.Name, body.Code, day, strings.ReplaceAll(body.Write(), "'", "''"), body.Digest(), day, instant))
		}
		r.must(`INSERT INTO result VALUES ` + strings.Join(results, ", "))
		r.must(`INSERT INTO publication VALUES ` + strings.Join(editions, ", "))
	}
	r.must(`COMMIT`)
	if r.postgresql {
		r.must(`ALTER TABLE result ENABLE TRIGGER ALL`) // the guards among them are put back at the start
		r.must(`ALTER TABLE publication ENABLE TRIGGER ALL`)
	}
	r.must(`ANALYZE`)
}
