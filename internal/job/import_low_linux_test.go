package job

import (
	"runtime"
	"syscall"
	"testing"
)

// Work on imports has less right to a processor than requests have, and leaves no
// thread behind that requests would run on.
func TestImportsGiveWay(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	free := func() int {
		n, err := syscall.Getpriority(syscall.PRIO_PROCESS, syscall.Gettid())
		if err != nil {
			t.Error(err)
		}
		return n
	}
	var inside int
	lowered(func() { inside = free() })
	if want := max(free()-niceness, 1); inside != want {
		t.Errorf("inside: %d, want %d", inside, want)
	}
	for range 100 {
		seen := make(chan int)
		go func() { seen <- free() }()
		if got := <-seen; got != free() {
			t.Fatalf("another goroutine: %d, want %d", got, free())
		}
	}
}
