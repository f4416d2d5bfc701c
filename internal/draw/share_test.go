package draw

import (
	"runtime"
	"sync"
	"testing"
)

// TestProcessorsMayComeAndGo changes the number of processors while work is shared,
// as the runtime itself does when a container's limit changes.
func TestProcessorsMayComeAndGo(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 1; ; n = n%4 + 1 {
			select {
			case <-stop:
				return
			default:
				runtime.GOMAXPROCS(n)
			}
		}
	})
	for range 2000 {
		done := make([]int, 1000)
		inRuns(len(done), func(_, from, to int) {
			for i := from; i < to; i++ {
				done[i]++
			}
		})
		for i, n := range done {
			if n != 1 {
				t.Fatalf("thing %d was done %d times, want once", i, n)
			}
		}
	}
	close(stop)
	wg.Wait()
}
