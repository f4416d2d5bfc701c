package document

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // signatures are photographed, too
	"image/png"

	qrcode "github.com/skip2/go-qrcode"
)

// mostPixels is what the picture of a signature may have at most: 4,000 × 4,000.
const mostPixels = 16 << 20

// A picture is a signature as it goes into a file.
type picture struct {
	body       []byte // PNG, grey
	high, wide int
}

// newPicture reads a PNG or JPEG of a signature, lays it on white and makes it grey.
// What came with the file, such as its place and time, is gone then.
func newPicture(body []byte) (*picture, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read the picture of a signature: %w", err)
	}
	if size.Width < 1 || size.Height < 1 || size.Width > mostPixels/size.Height {
		return nil, fmt.Errorf("the picture of a signature has %d × %d points, and may have %d at most", size.Width, size.Height, mostPixels)
	}
	drawn, _, err := image.Decode(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read the picture of a signature: %w", err)
	}
	grey := image.NewGray(image.Rect(0, 0, size.Width, size.Height))
	draw.Draw(grey, grey.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(grey, grey.Bounds(), drawn, drawn.Bounds().Min, draw.Over)
	var out bytes.Buffer
	if err := png.Encode(&out, grey); err != nil {
		return nil, err
	}
	return &picture{body: out.Bytes(), high: size.Height, wide: size.Width}, nil
}

// fit is the size of the picture in a box of high × wide points.
func (p *picture) fit(high, wide float64) (h, w float64) {
	scale := min(high/float64(p.high), wide/float64(p.wide))
	return scale * float64(p.high), scale * float64(p.wide)
}

// newCode makes the QR code of an address. A quarter of it may be damaged on paper.
func newCode(address string) (*qrcode.QRCode, error) {
	code, err := qrcode.New(address, qrcode.High)
	if err != nil {
		return nil, fmt.Errorf("make a QR code of %d bytes: %w", len(address), err)
	}
	code.DisableBorder = true // the white of the page does
	return code, nil
}
