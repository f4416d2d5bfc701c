package job

import (
	"log/slog"
	"runtime"
	"syscall"
)

// niceness is how far the work on imports stands back behind requests for a
// processor that both want: to a third of their share. It is not less, because other
// acts wait for a chunk that does not get on.
const niceness = 5

// lowered runs do on a thread of its own that gives way to others of the process.
// Nothing can raise such a thread again: it ends with the goroutine that is bound to
// it.
func lowered(do func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		thread := syscall.Gettid()
		free, err := syscall.Getpriority(syscall.PRIO_PROCESS, thread) // 20 less the niceness
		if err == nil {
			err = syscall.Setpriority(syscall.PRIO_PROCESS, thread, 20-free+niceness)
		}
		if err != nil {
			slog.Warn("imports run with the priority of requests", "error", err.Error())
		}
		do()
	}()
	<-done
}
