package county

import (
	"bytes"
	"encoding/base64"
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
)

// A canvas is a picture being drawn. The county's pictures are made of shapes, so that
// they are nobody's.
type canvas struct {
	*image.RGBA
	random *rand.Rand
}

func newCanvas(wide, high, seed int, paper color.Color) canvas {
	c := canvas{image.NewRGBA(image.Rect(0, 0, wide, high)), rand.New(rand.NewPCG(uint64(seed), 0x5ce4e))}
	c.box(c.Rect, paper)
	return c
}

func gray(y uint8) color.Color { return color.RGBA{y, y, y, 255} }

func (c canvas) box(r image.Rectangle, fill color.Color) {
	draw.Draw(c, r, image.NewUniform(fill), image.Point{}, draw.Src)
}

// tiles covers an area with tiles, none quite like the next.
func (c canvas) tiles(r image.Rectangle, side int, base uint8) {
	for y := r.Min.Y; y < r.Max.Y; y += side {
		for x := r.Min.X; x < r.Max.X; x += side {
			c.box(image.Rect(x, y, x+side-2, y+side-2).Intersect(r), gray(base+uint8(c.random.IntN(14))))
		}
	}
}

// disk is a round thing.
func (c canvas) disk(x, y, radius int, fill color.Color) {
	for dy := -radius; dy <= radius; dy++ {
		half := int(math.Sqrt(float64(radius*radius - dy*dy)))
		c.box(image.Rect(x-half, y+dy, x+half, y+dy+1).Intersect(c.Rect), fill)
	}
}

func (c canvas) jpeg() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, c, &jpeg.Options{Quality: 78}); err != nil {
		panic("county: " + err.Error()) // a picture in memory always can be written
	}
	return b.Bytes()
}

// kitchen shows a cooking range under its hood.
func kitchen(seed int) []byte {
	c := newCanvas(960, 720, seed, gray(206))
	c.tiles(image.Rect(0, 0, 960, 470), 60, 208)
	steel := color.RGBA{150, 156, 162, 255}
	for i := range 120 { // the hood grows wider downwards
		c.box(image.Rect(300-i, 60+i, 660+i, 61+i), color.RGBA{uint8(168 - i/3), uint8(174 - i/3), uint8(180 - i/3), 255})
	}
	c.box(image.Rect(430, 0, 530, 60), steel)
	c.box(image.Rect(180, 180, 780, 196), gray(96))
	c.box(image.Rect(90, 430, 870, 470), gray(120))
	c.box(image.Rect(90, 470, 870, 640), steel)
	for i := range 3 {
		x := 230 + i*250
		c.disk(x, 420, 62, gray(58))
		c.disk(x, 412, 54, color.RGBA{uint8(90 + c.random.IntN(60)), 86, 70, 255})
		c.disk(x, 560, 16, gray(40))
	}
	c.tiles(image.Rect(0, 640, 960, 720), 80, 130)
	return c.jpeg()
}

// door shows a shop whose shutter is down.
func door(seed int) []byte {
	c := newCanvas(960, 720, seed, gray(188))
	c.tiles(image.Rect(0, 0, 960, 640), 48, 176)
	c.box(image.Rect(150, 60, 810, 150), color.RGBA{136, 52, 44, 255})
	for y := 170; y < 640; y += 18 {
		c.box(image.Rect(180, y, 780, y+13), gray(uint8(140+c.random.IntN(12))))
	}
	c.box(image.Rect(452, 590, 508, 640), gray(50))
	c.disk(480, 588, 20, gray(70))
	c.box(image.Rect(600, 300, 710, 420), gray(240))
	for y := 320; y < 400; y += 16 {
		c.box(image.Rect(616, y, 616+40+c.random.IntN(40), y+5), gray(90))
	}
	c.box(image.Rect(0, 640, 960, 720), gray(112))
	return c.jpeg()
}

// paper shows a signed page.
func paper(name string) []byte {
	c := newCanvas(720, 960, 1, gray(150))
	c.box(image.Rect(60, 50, 660, 910), gray(246))
	c.box(image.Rect(230, 100, 490, 124), gray(40))
	for y := 170; y < 700; y += 34 {
		c.box(image.Rect(110, y, 440+c.random.IntN(170), y+9), gray(120))
	}
	c.stroke(name, 400, 760, 5, color.RGBA{26, 38, 92, 255})
	return c.jpeg()
}

// drawn is a name as somebody scribbles it on a screen, in base64.
func drawn(name string) string {
	c := newCanvas(420, 160, 1, color.White)
	c.stroke(name, 40, 30, 4, gray(24))
	var b bytes.Buffer
	if err := png.Encode(&b, c); err != nil {
		panic("county: " + err.Error()) // a picture in memory always can be written
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// stroke scribbles a name: for each of its characters a few bent lines.
func (c canvas) stroke(name string, x, y, width int, ink color.Color) {
	for _, r := range name {
		h := fnv.New64a()
		h.Write([]byte(string(r)))
		own := rand.New(rand.NewPCG(h.Sum64(), 7))
		at := func() [2]float64 { return [2]float64{float64(x + own.IntN(80)), float64(y + own.IntN(90))} }
		from := at()
		for range 4 {
			bend, to := at(), at()
			for i := range 160 {
				t := float64(i) / 160
				a, b, d := (1-t)*(1-t), 2*t*(1-t), t*t
				px, py := a*from[0]+b*bend[0]+d*to[0], a*from[1]+b*bend[1]+d*to[1]
				c.disk(int(px), int(py), max(1, int(float64(width)*(0.45+0.35*math.Sin(3*t)))), ink)
			}
			from = to
		}
		x += 100
	}
}
