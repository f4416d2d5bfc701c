package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"suicha/internal/inspect"
)

var morning = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

func folder(t testing.TB) *Folder {
	t.Helper()
	f, err := Open(filepath.Join(t.TempDir(), "evidence"), func() time.Time { return morning })
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

const (
	kong = inspect.PersonID("0199c5d2-7a10-7c3e-8a51-000000000001")
	lu   = inspect.PersonID("0199c5d2-7a10-7c3e-8a51-000000000002")
	one  = "0199c5d2-7a10-7c3e-8a51-3f60d1c2b401"
)

func upload(id string, person inspect.PersonID, text string) Upload {
	return Upload{id, person, digestOf(text), int64(len(text))}
}

// files counts what the folder holds in a part of it.
func files(t testing.TB, f *Folder, sub string) (n int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(f.dir, sub), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
			if info, err := d.Info(); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Issue 6, uploads: a line that is lost again and again loses nothing, and the file is
// what was declared.
func TestUploadGoesOnWhereTheLineWasLost(t *testing.T) {
	f := folder(t)
	text := string(jpegOf(t, 600, 400))
	u := upload(one, kong, text)
	lost := errors.New("the line was lost")
	at := int64(0)
	for step := 0; ; step++ {
		p, err := f.Begin(u)
		if err != nil || p.At != at || p.Done {
			t.Fatalf("%d: begun at %+v, %v", step, p, err)
		}
		end := min(at+1000, u.Size)
		p, err = f.Append(u, at, io.MultiReader(strings.NewReader(text[at:end]), iotest.ErrReader(lost)))
		if !errors.Is(err, lost) {
			t.Fatal(err)
		}
		if at = p.At; at != end {
			t.Fatalf("%d: %d bytes stayed, want %d", step, at, end)
		}
		if at == u.Size {
			break
		}
		if _, ok := f.Find(u.SHA256); ok {
			t.Fatal("half a file is there")
		}
	}
	p, err := f.Append(u, at, strings.NewReader(""))
	if err != nil || !p.Done || p.File != (File{u.SHA256, u.Size, "image/jpeg"}) {
		t.Fatalf("%+v, %v", p, err)
	}
	if again, err := f.Append(u, 0, strings.NewReader(text)); err != nil || again != p { // the answer was lost
		t.Errorf("asked again: %+v, %v", again, err)
	}
	if got, ok := f.Find(u.SHA256); !ok || got != p.File {
		t.Errorf("found %+v, %v", got, ok)
	}
	if whole, parts := files(t, f, "whole"), files(t, f, "parts"); whole != 1 || parts != 1 {
		t.Errorf("%d files, %d parts", whole, parts)
	}
	if recent, err := f.Recent(kong); err != nil || len(recent) != 1 || !f.Brought(kong, u.SHA256) || f.Brought(lu, u.SHA256) {
		t.Errorf("brought %v, %v", recent, err)
	}
}

// Issue 6, uploads: resumed with other content is refused, never half.
func TestResumedWithOtherContentIsRefused(t *testing.T) {
	f := folder(t)
	text, other := string(jpegOf(t, 300, 200)), string(jpegOf(t, 300, 201))
	u := upload(one, kong, text)
	if p, err := f.Append(u, 0, strings.NewReader(text[:500])); err != nil || p.At != 500 {
		t.Fatal(p, err)
	}
	declaredOther := upload(one, kong, other)
	if _, err := f.Begin(declaredOther); !errors.Is(err, inspect.ErrUploadOther) {
		t.Errorf("another file under the same id: %v", err)
	}
	longer := u
	longer.Size++
	if _, err := f.Append(longer, 500, strings.NewReader("x")); !errors.Is(err, inspect.ErrUploadOther) {
		t.Errorf("another size under the same id: %v", err)
	}
	if p, err := f.Append(u, 400, strings.NewReader(text[400:])); !errors.Is(err, inspect.ErrUploadAt) || p.At != 500 {
		t.Errorf("from another place: %+v, %v", p, err)
	}
	stranger := u
	stranger.Person = lu
	if p, err := f.Begin(stranger); err != nil || p.At != 0 {
		t.Errorf("somebody else goes on with it: %+v, %v", p, err)
	}
	rest := []byte(text[500:])
	rest[len(rest)/2] ^= 1
	if _, err := f.Append(u, 500, bytes.NewReader(rest)); !errors.Is(err, inspect.ErrUploadDigest) {
		t.Errorf("with other content: %v", err)
	}
	if p, err := f.Append(u, 0, strings.NewReader(text+"x")); !errors.Is(err, inspect.ErrUploadDigest) {
		t.Errorf("with more content: %+v, %v", p, err)
	}
	if whole := files(t, f, "whole"); whole != 0 {
		t.Errorf("%d files are there", whole)
	}
	if p, err := f.Append(u, 0, strings.NewReader(text)); err != nil || !p.Done {
		t.Errorf("begun anew: %+v, %v", p, err)
	}
}

func TestWhatIsNotTakenLeavesNothing(t *testing.T) {
	f := folder(t)
	page := strings.Repeat("<html>evil</html>", 1000)
	if _, err := f.Append(upload(one, kong, page), 0, strings.NewReader(page[:100])); !errors.Is(err, inspect.ErrUploadType) {
		t.Errorf("seen after the first bytes: %v", err)
	}
	tail := string(jpegOf(t, 40, 30)) + "<p>more</p>"
	if _, err := f.Append(upload(one, kong, tail), 0, strings.NewReader(tail)); !errors.Is(err, inspect.ErrUploadTail) {
		t.Error(err)
	}
	for _, test := range []struct {
		r    io.Reader
		want error
	}{
		{strings.NewReader(""), inspect.ErrUploadEmpty},
		{strings.NewReader(page), inspect.ErrUploadType},
		{strings.NewReader(tail), inspect.ErrUploadTail},
		{io.MultiReader(strings.NewReader(movie("isom")), zeros{}), inspect.ErrUploadLarge},
		{iotest.ErrReader(iotest.ErrTimeout), iotest.ErrTimeout},
	} {
		if _, err := f.Put(kong, one, test.r); !errors.Is(err, test.want) {
			t.Errorf("got %v, want %v", err, test.want)
		}
	}
	if whole, parts := files(t, f, "whole"), files(t, f, "parts"); whole != 0 || parts != 0 {
		t.Errorf("%d files, %d parts are left", whole, parts)
	}
	for _, bad := range []Upload{
		{"../../../../etc/passwd", kong, digestOf(""), 1}, {one, "../../x", digestOf(""), 1}, {one, kong, "../" + digestOf("")[3:], 1},
		{one, kong, digestOf(""), 0}, {one, kong, digestOf(""), -1}, {"", kong, digestOf(""), 1}, {one, kong, strings.ToUpper(digestOf("")), 1},
	} {
		if _, err := f.Begin(bad); !errors.Is(err, inspect.ErrUploadClaim) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, err := f.Begin(Upload{one, kong, digestOf(""), FileMost + 1}); !errors.Is(err, inspect.ErrUploadLarge) {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestNobodyFillsTheDisk(t *testing.T) {
	f := folder(t)
	f.free = func(string) (int64, error) { return freeLeast, nil }
	if _, err := f.Put(kong, one, bytes.NewReader(jpegOf(t, 8, 8))); !errors.Is(err, inspect.ErrUploadFull) {
		t.Error(err)
	}
	f.free = freeBytes
	id := func(n int) string { return one[:34] + hex.EncodeToString([]byte{byte(n)}) }
	for n := range openMost {
		if _, err := f.Begin(Upload{id(n), kong, digestOf("x"), 5}); err != nil {
			t.Fatal(n, err)
		}
	}
	if _, err := f.Begin(Upload{id(openMost), kong, digestOf("x"), 5}); !errors.Is(err, inspect.ErrUploadMany) {
		t.Error(err)
	}
	if _, err := f.Begin(Upload{id(openMost), lu, digestOf("x"), 5}); err != nil {
		t.Errorf("another person: %v", err)
	}
	f.now = func() time.Time { return time.Now().Add(25 * time.Hour) }
	if _, err := f.Begin(Upload{id(openMost), kong, digestOf("x"), 5}); err != nil {
		t.Errorf("a day later: %v", err)
	}
	if err := f.Sweep(); err != nil || files(t, f, "parts") != 0 {
		t.Error("uploads of yesterday are left", err)
	}
}

func TestTwoLinesOfOneUploadMakeOneFileOrNone(t *testing.T) {
	f := folder(t)
	text := string(jpegOf(t, 800, 600))
	u := upload(one, kong, text)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				p, err := f.Begin(u)
				if err == nil && !p.Done {
					_, err = f.Append(u, p.At, strings.NewReader(text[p.At:min(p.At+9000, u.Size)]))
				}
				if err != nil && !errors.Is(err, inspect.ErrUploadBusy) && !errors.Is(err, inspect.ErrUploadAt) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for p, err := f.Begin(u); !p.Done; p, err = f.Append(u, p.At, strings.NewReader(text[p.At:])) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Each(context.Background(), func(_ File, err error) error { return err }); err != nil {
		t.Error(err)
	}
}

// INV-19: the content of a file is its name.
func TestChangedFileIsNamed(t *testing.T) {
	f := folder(t)
	file, err := f.Put(kong, one, bytes.NewReader(jpegOf(t, 40, 30)))
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	each := func() error {
		count = 0
		return f.Each(context.Background(), func(_ File, err error) error { count++; return err })
	}
	if err := each(); err != nil || count != 1 {
		t.Fatal(count, err)
	}
	path, err := f.path("whole", file.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := each(); !errors.As(err, new(Fault)) || !strings.Contains(err.Error(), file.SHA256) {
		t.Error(err)
	}
	if _, err := f.Put(kong, one, bytes.NewReader(jpegOf(t, 40, 30))); err != nil || each() != nil { // brought again, it is whole again
		t.Error(err, each())
	}
	for _, bad := range []string{"", "../" + file.SHA256[3:], strings.ToUpper(file.SHA256), file.SHA256[:63], strings.Repeat("0", 64)} {
		if _, ok := f.Find(bad); ok {
			t.Errorf("found %q", bad)
		}
	}
}

// A copy shows the photograph as the camera was held, and tells nothing else.
func TestCopiesAreUprightAndTellNothingElse(t *testing.T) {
	f := folder(t)
	for turn := range uint16(9) {
		photo := exif(jpegOf(t, 80, 40), turn, "GPSN36E121")
		file, err := f.Put(kong, one, bytes.NewReader(photo))
		if err != nil {
			t.Fatal(err)
		}
		text := copyOf(t, f, file.SHA256)
		if bytes.Contains(text, []byte("Exif")) || bytes.Contains(text, []byte("GPS")) {
			t.Error("the copy tells where it was taken")
		}
		m, err := jpeg.Decode(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		b := m.Bounds()
		if lies := turn >= 5; lies != (b.Dy() > b.Dx()) {
			t.Errorf("turned %d: %v", turn, b)
		}
		corners := []image.Point{{3, 3}, {b.Max.X - 3, 3}, {b.Max.X - 3, b.Max.Y - 3}, {3, b.Max.Y - 3}}
		want := []int{0, 0, 1, 2, 3, 0, 1, 2, 3}[turn]
		for i, c := range corners {
			r, g, b, _ := m.At(c.X, c.Y).RGBA()
			if red := r > 0xc000 && g < 0x6000 && b < 0x6000; red != (i == want) {
				t.Errorf("turned %d: corner %d is red: %v", turn, i, red)
			}
		}
	}
	file, err := f.Put(kong, one, bytes.NewReader(pngOf(t, 4000, 1000)))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := png.Decode(bytes.NewReader(copyOf(t, f, file.SHA256))); err != nil || m.Bounds().Dx() > CopyEdge || m.Bounds().Dx() < CopyEdge/2 {
		t.Errorf("%v, %v", m.Bounds(), err)
	}
	film, err := f.Put(kong, one, strings.NewReader(movie("isom")))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Copy(film.SHA256); !errors.Is(err, inspect.ErrMissing) {
		t.Errorf("a copy of a film: %v", err)
	}
}

func copyOf(t *testing.T, f *Folder, digest string) []byte {
	t.Helper()
	var texts [2][]byte
	for i := range texts { // made, and then found
		file, _, err := f.Copy(digest)
		if err != nil {
			t.Fatal(err)
		}
		texts[i], err = io.ReadAll(file)
		if err = errors.Join(err, file.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(texts[0], texts[1]) {
		t.Error("the copy changes")
	}
	return texts[0]
}

// What is erased is removed a day after it came last, and nothing else is.
func TestRemove(t *testing.T) {
	now := time.Now()
	f, err := Open(t.TempDir(), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	file, err := f.Put("person-one", "upload-one", bytes.NewReader(pngOf(t, 8, 8)))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		after time.Duration
		there bool
	}{{time.Hour, true}, {25 * time.Hour, false}, {26 * time.Hour, false}} {
		now = time.Now().Add(test.after)
		if err := f.Remove(file.SHA256); err != nil {
			t.Fatal(err)
		}
		if _, there := f.Find(file.SHA256); there != test.there {
			t.Errorf("after %s: there %v", test.after, there)
		}
	}
	if err := f.Remove("../x"); err == nil {
		t.Error("a path is removed")
	}
}
