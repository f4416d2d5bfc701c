package main

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// A recording goes over a slow line that breaks, and goes on where it was, in the same
// page and after that was closed. One whose rest is another's is refused, whole.
func TestBrowserUploadOverABrokenLine(t *testing.T) {
	if !rig.WithBrowser() {
		return
	}
	const size, rate = 3 << 20, 2 << 20 // bytes, and bytes per second
	address := rig.SQLite(t)
	o := rig.Open(t, address)
	clock := &movable{ahead: time.Until(o.Now)}
	who := o.Someone("外勤检查员", inspect.InspectorPost, "scjg")
	site, base := siteAt(t, true, address, clock.now, func(*store.Store, inspect.Deadlines) error { return nil })
	if err := site.gate.Demo(t.Context(), demoPassword, map[string]inspect.PersonID{"officer": who.Person}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for n := range uint64(3) {
		recording(t, filepath.Join(dir, fmt.Sprintf("sound%d.wav", n+1)), size, n)
	}
	rig.Travel(t, base, map[string]any{"password": demoPassword, "dir": dir, "rate": rate}, "tools/browser/journeys/upload.mjs")
}

// recording writes a sound of so many bytes.
func recording(t *testing.T, path string, size int, seed uint64) {
	t.Helper()
	noise := make([]byte, size-44)
	chance := rand.New(rand.NewPCG(seed, 1)) // the same noise in every run
	for i := range noise {
		noise[i] = byte(chance.Uint32())
	}
	head := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(size-8))
	head = binary.LittleEndian.AppendUint32(append(head, "WAVEfmt "...), 16)
	for _, half := range []uint16{1, 1, 8000, 0, 8000, 0, 1, 8} {
		head = binary.LittleEndian.AppendUint16(head, half)
	}
	head = binary.LittleEndian.AppendUint32(append(head, "data"...), uint32(len(noise)))
	if err := os.WriteFile(path, append(head, noise...), 0o600); err != nil {
		t.Fatal(err)
	}
}
