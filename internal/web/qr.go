package web

import (
	"fmt"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// A QR ("qr") is a code for a telephone's camera, drawn as one path of squares.
type QR struct {
	Label string // what it leads to, for those who cannot see it
	Side  int    // length of a side in squares, with the quiet edge
	Path  string
}

// NewQR encodes text. A quarter of the code may be damaged on paper.
func NewQR(label, text string) (QR, error) {
	code, err := qrcode.New(text, qrcode.High)
	if err != nil {
		return QR{}, fmt.Errorf("make a QR code of %d bytes: %w", len(text), err)
	}
	bitmap := code.Bitmap()
	var path strings.Builder
	for y, row := range bitmap {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			start := x
			for x+1 < len(row) && row[x+1] {
				x++
			}
			fmt.Fprintf(&path, "M%d %dh%dv1H%dz", start, y, x-start+1, start)
		}
	}
	return QR{Label: label, Side: len(bitmap), Path: path.String()}, nil
}
