package county

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/stage"
	"suicha/internal/store"
)

func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(0, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func TestMeasure(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	dir := "/tmp/s/m"
	os.RemoveAll(dir)
	os.MkdirAll(dir, 0o755)
	s, err := store.Open(t.Context(), filepath.Join(dir, "county.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	began, used := time.Now(), cpu()
	last := "make"
	say := func(what string, _, _ int64) {
		if what != last {
			fmt.Printf("%-40s %6.1f s wall %6.1f s cpu\n", last, time.Since(began).Seconds(), cpu()-used)
			began, used, last = time.Now(), cpu(), what
		}
	}
	all := cpu()
	if _, err := Make(t.Context(), s, inspect.Regulation); err != nil {
		t.Fatal(err)
	}
	folder, _ := stage.Open(filepath.Join(dir, "imports"))
	f := Filling{Objects: n, Inspectors: 500, Seed: 1, Folder: folder, Now: time.Now, Told: say}
	if err := Fill(t.Context(), s, inspect.Regulation, f); err != nil {
		t.Fatal(err)
	}
	say("end", 0, 0)
	fmt.Println("cpu", cpu()-all)
}
