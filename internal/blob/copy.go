package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"suicha/internal/inspect"
)

// CopyEdge is the longer side of a copy, in points: enough to read a sign, and little
// enough for a page.
const CopyEdge = 1600

// Copy opens the picture of a photograph made anew: its points only, upright, without
// position, device or whatever else stood in the file. There is none of other files.
func (f *Folder) Copy(digest string) (*os.File, string, error) {
	file, ok := f.Find(digest)
	if !ok || file.Type != "image/jpeg" && file.Type != "image/png" {
		return nil, "", inspect.ErrMissing
	}
	path, err := f.path("copies", digest)
	if err != nil {
		return nil, "", err
	}
	got, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = f.makeCopy(file, path); err == nil {
			got, err = os.Open(path)
		}
	}
	return got, file.Type, err
}

// makeCopy makes a copy, one at a time.
func (f *Folder) makeCopy(file File, path string) (err error) {
	f.draw.Lock()
	defer f.draw.Unlock()
	source, err := f.Open(file.SHA256)
	if err != nil {
		return err
	}
	defer source.Close() // only read
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "part-")
	if err != nil {
		return err
	}
	err = redraw(tmp, source, file.Type, CopyEdge)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("make a copy of %s: %w", file.SHA256, err), os.Remove(tmp.Name()))
	}
	return nil
}

// redraw reads an image that check took and writes its points anew, upright and at most
// edge long.
func redraw(w io.Writer, r io.ReadSeeker, mime string, edge int) error {
	turn := 1
	if mime == "image/jpeg" {
		head, err := io.ReadAll(io.LimitReader(r, exifMost))
		if err != nil {
			return err
		}
		turn = orientation(head)
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	decode := map[string]func(io.Reader) (image.Image, error){"image/jpeg": jpeg.Decode, "image/png": png.Decode}[mime]
	whole, err := decode(r)
	if err != nil {
		return errors.Join(inspect.ErrUploadBroken, err)
	}
	points, ok := whole.(image.RGBA64Image)
	if !ok {
		return inspect.ErrUploadType // all kinds of the standard library are
	}
	small := upright(points, turn, edge)
	if mime == "image/png" {
		return png.Encode(w, small)
	}
	return jpeg.Encode(w, small, &jpeg.Options{Quality: 85})
}

// upright makes a picture of at most edge points a side, each the mean of those it stands
// for, and turns it as the camera was held.
func upright(from image.RGBA64Image, turn, edge int) *image.NRGBA {
	b := from.Bounds()
	step := max(1, (max(b.Dx(), b.Dy())+edge-1)/edge)
	wide, high := max(1, b.Dx()/step), max(1, b.Dy()/step)
	to := image.NewNRGBA(image.Rect(0, 0, wide, high))
	if turn >= 5 {
		to = image.NewNRGBA(image.Rect(0, 0, high, wide))
	}
	for y := range high {
		for x := range wide {
			tx, ty := turned(turn, x, y, wide, high)
			to.Set(tx, ty, mean(from, image.Rect(0, 0, step, step).Add(b.Min).Add(image.Pt(x*step, y*step)).Intersect(b)))
		}
	}
	return to
}

// mean is the color of an area.
func mean(from image.RGBA64Image, of image.Rectangle) color.RGBA64 {
	var r, g, b, a uint64
	for y := of.Min.Y; y < of.Max.Y; y++ {
		for x := of.Min.X; x < of.Max.X; x++ {
			c := from.RGBA64At(x, y)
			r, g, b, a = r+uint64(c.R), g+uint64(c.G), b+uint64(c.B), a+uint64(c.A)
		}
	}
	n := uint64(of.Dx() * of.Dy())
	return color.RGBA64{uint16(r / n), uint16(g / n), uint16(b / n), uint16(a / n)}
}

// turned is where a point stands once the picture is upright: the eight ways of EXIF.
func turned(turn, x, y, wide, high int) (int, int) {
	switch turn {
	case 2:
		return wide - 1 - x, y
	case 3:
		return wide - 1 - x, high - 1 - y
	case 4:
		return x, high - 1 - y
	case 5:
		return y, x
	case 6:
		return high - 1 - y, x
	case 7:
		return high - 1 - y, wide - 1 - x
	case 8:
		return y, wide - 1 - x
	}
	return x, y
}

// exifMost is how far into a photograph EXIF is looked for: it is its first segment or
// the one behind.
const exifMost = 256 << 10

// orientation reads how the camera was held, 1 to 8, from a photograph's beginning. What
// it cannot read is upright.
func orientation(head []byte) int {
	for at := 2; at+4 <= len(head) && head[at] == 0xff && head[at+1] != 0xda; {
		length := int(binary.BigEndian.Uint16(head[at+2:]))
		if length < 2 || at+2+length > len(head) {
			return 1
		}
		body := head[at+4 : at+2+length]
		if head[at+1] == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tiffOrientation(body[6:])
		}
		at += 2 + length
	}
	return 1
}

// tiffOrientation finds tag 0x0112 in the first directory.
func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(t[:2]) == "II" {
		order = binary.LittleEndian
	}
	first := int64(order.Uint32(t[4:]))
	if first+2 > int64(len(t)) {
		return 1
	}
	rows := t[first+2:]
	for n := int(order.Uint16(t[first:])); n > 0 && len(rows) >= 12; n, rows = n-1, rows[12:] {
		if order.Uint16(rows) != 0x0112 || order.Uint16(rows[2:]) != 3 {
			continue
		}
		if turn := int(order.Uint16(rows[8:])); turn >= 1 && turn <= 8 {
			return turn
		}
	}
	return 1
}
