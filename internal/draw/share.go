package draw

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// workers is how many goroutines share long work. No result depends on it. It stays
// the same while the program runs: the runtime may change its number of processors
// at any time, and runs of things must fit together.
func workers() int { return processors }

var processors = max(1, runtime.GOMAXPROCS(0))

// inTurn gives the numbers below n to the workers, each the next when it is free,
// and waits for all.
func inTurn(n int, do func(worker, i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range workers() {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(w, i)
			}
		})
	}
	wg.Wait()
}

// inRuns gives every worker a run of n things, in order, and waits for all.
func inRuns(n int, do func(worker, from, to int)) {
	var wg sync.WaitGroup
	for w := range workers() {
		wg.Go(func() { do(w, n/workers()*w+min(w, n%workers()), n/workers()*(w+1)+min(w+1, n%workers())) })
	}
	wg.Wait()
}
