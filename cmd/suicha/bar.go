package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// A bar (进度条) shows how far something has come: in place on a terminal, else
// one line for each thing that is done.
type bar struct {
	out   *os.File
	live  bool
	mu    sync.Mutex // guards what follows
	what  string
	begun time.Time
}

func newBar(out *os.File) *bar {
	info, err := out.Stat()
	return &bar{out: out, live: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

const barWidth = 30

// told shows that so much of total is done; total 0 is unknown.
func (b *bar) told(what string, done, total int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fresh := what != b.what
	if fresh {
		b.finish()
		b.what, b.begun = what, time.Now()
	}
	switch {
	case b.live && total > 0:
		part := int(min(done, total) * barWidth / total)
		fmt.Fprintf(b.out, "\r\x1b[K  [%s%s] %s", strings.Repeat("#", part), strings.Repeat(".", barWidth-part), what)
	case fresh && !b.live:
		fmt.Fprintf(b.out, "  %s……\n", what)
	}
}

// finish leaves the line of what was done.
func (b *bar) finish() {
	if b.live && b.what != "" {
		fmt.Fprintf(b.out, "\r\x1b[K  %s：%.1f 秒\n", b.what, time.Since(b.begun).Seconds())
	}
}

// end is called when all is done.
func (b *bar) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.finish()
	b.what = ""
}
