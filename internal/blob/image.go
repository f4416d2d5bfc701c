package blob

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"

	"suicha/internal/inspect"
)

// decodeMost is how much memory an image may take to be decoded: what a photograph of
// 85 million points takes, and far less than a picture that is made to fill the memory.
const decodeMost = 128 << 20

const pngHead = "\x89PNG\r\n\x1a\n"

// A scan reads a file from its beginning to its end and counts.
type scan struct {
	*bufio.Reader
	at, size int64
}

func scanOf(r io.ReaderAt, size int64) *scan {
	return &scan{bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 64<<10), 0, size}
}

// next returns the next n bytes. The end of the file is a broken file.
func (s *scan) next(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s, b); err != nil {
		return nil, inspect.ErrUploadBroken
	}
	s.at += int64(n)
	return b, nil
}

func (s *scan) skip(n int64) error {
	if n < 0 || n > s.size-s.at {
		return inspect.ErrUploadBroken
	}
	for left := n; left > 0; { // a Reader discards what an int counts
		k, err := s.Discard(int(min(left, math.MaxInt32)))
		if err != nil {
			return inspect.ErrUploadBroken
		}
		left -= int64(k)
	}
	s.at += n
	return nil
}

func (s *scan) ended() bool { return s.at == s.size }

// checkJPEG wants marker after marker until the end of the image. Behind it may stand
// other whole images, as telephones write for bright screens and previews, and zeros.
func checkJPEG(r io.ReaderAt, size int64) error {
	s := scanOf(r, size)
	for first := true; ; first = false {
		b, err := s.next(2)
		switch {
		case err == nil && string(b) == "\xff\xd8":
			if err := s.jpeg(); err != nil {
				return err
			}
		case first:
			return inspect.ErrUploadBroken
		case err != nil || b[0] != 0 || b[1] != 0:
			return inspect.ErrUploadTail
		default:
			return s.zeros()
		}
		if s.ended() {
			return nil
		}
		if s.size-s.at == 1 {
			return s.zeros()
		}
	}
}

// zeros wants nothing else until the end.
func (s *scan) zeros() error {
	for {
		b, err := s.ReadByte()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if b != 0 {
			return inspect.ErrUploadTail
		}
	}
}

// jpeg reads one image, from behind its first marker to behind its last.
func (s *scan) jpeg() error {
	marker, framed, scanned := byte(0), false, false
	for {
		if marker == 0 {
			b, err := s.next(1)
			if err != nil {
				return err
			}
			if b[0] != 0xff {
				return inspect.ErrUploadBroken
			}
			if marker, err = s.marker(); err != nil {
				return err
			}
		}
		switch {
		case marker == 0xd9:
			if !framed || !scanned {
				return inspect.ErrUploadBroken
			}
			return nil
		case marker == 0xd8 || marker == 0 || marker >= 0xd0 && marker <= 0xd7:
			return inspect.ErrUploadBroken
		}
		b, err := s.next(2)
		if err != nil {
			return err
		}
		length := int(binary.BigEndian.Uint16(b)) - 2
		if length < 0 {
			return inspect.ErrUploadBroken
		}
		body, err := s.next(length)
		if err != nil {
			return err
		}
		switch marker {
		case 0xc0, 0xc1, 0xc2:
			if err := frameFits(marker, body); err != nil || framed {
				return orBroken(err)
			}
			framed = true
		case 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf: // no reader of ours knows these
			return inspect.ErrUploadType
		}
		if marker != 0xda {
			marker = 0
			continue
		}
		scanned = true
		if marker, err = s.entropy(); err != nil {
			return err
		}
	}
}

func orBroken(err error) error {
	if err == nil {
		err = inspect.ErrUploadBroken
	}
	return err
}

// marker reads the byte behind 0xff, which may stand several times.
func (s *scan) marker() (byte, error) {
	for {
		b, err := s.next(1)
		if err != nil || b[0] != 0xff {
			return append(b, 0)[0], err
		}
	}
}

// entropy passes over the points of the image to the next marker.
func (s *scan) entropy() (byte, error) {
	for {
		b, err := s.ReadByte()
		if err != nil {
			return 0, inspect.ErrUploadBroken
		}
		s.at++
		if b != 0xff {
			continue
		}
		m, err := s.marker()
		if err != nil || m != 0 && (m < 0xd0 || m > 0xd7) {
			return m, err
		}
	}
}

// frameFits refuses an image that takes more memory than there is for it. A progressive
// one keeps four bytes for each sample until it ends.
func frameFits(marker byte, body []byte) error {
	if len(body) < 6 || len(body) < 6+3*int(body[5]) || body[0] != 8 {
		return inspect.ErrUploadBroken
	}
	height, width, parts := int64(binary.BigEndian.Uint16(body[1:])), int64(binary.BigEndian.Uint16(body[3:])), int(body[5])
	if height == 0 || width == 0 || parts == 0 || parts > 4 {
		return inspect.ErrUploadBroken
	}
	var samples, most int64
	for i := range parts {
		h, v := int64(body[7+3*i]>>4), int64(body[7+3*i]&15)
		if h == 0 || v == 0 || h > 4 || v > 4 {
			return inspect.ErrUploadBroken
		}
		samples, most = samples+h*v, max(most, h*v)
	}
	need := width * height * samples / most
	if marker == 0xc2 {
		need *= 5
	}
	if need > decodeMost {
		return inspect.ErrUploadPixels
	}
	return nil
}

// checkPNG wants chunk after chunk, each with its checksum, and nothing behind the last.
func checkPNG(r io.ReaderAt, size int64) error {
	s := scanOf(r, size)
	if _, err := s.next(len(pngHead)); err != nil {
		return err
	}
	for first, data := true, false; ; first = false {
		head, err := s.next(8)
		if err != nil {
			return err
		}
		length, name := int64(binary.BigEndian.Uint32(head)), string(head[4:])
		if length > s.size-s.at || first != (name == "IHDR") {
			return inspect.ErrUploadBroken
		}
		sum := crc32.NewIEEE()
		sum.Write(head[4:])
		if first {
			body, err := s.next(int(length))
			if err != nil {
				return err
			}
			sum.Write(body)
			if err := headerFits(body); err != nil {
				return err
			}
		} else {
			if n, err := io.CopyN(sum, s, length); err != nil || n < length {
				return inspect.ErrUploadBroken
			}
			s.at += length
		}
		tail, err := s.next(4)
		if err != nil || binary.BigEndian.Uint32(tail) != sum.Sum32() {
			return inspect.ErrUploadBroken
		}
		data = data || name == "IDAT"
		if name == "IEND" {
			return pngEnd(s, length, data)
		}
	}
}

func pngEnd(s *scan, length int64, data bool) error {
	switch {
	case length != 0 || !data:
		return inspect.ErrUploadBroken
	case !s.ended():
		return inspect.ErrUploadTail
	}
	return nil
}

// headerFits refuses an image that takes more memory than there is for it.
func headerFits(body []byte) error {
	if len(body) != 13 {
		return inspect.ErrUploadBroken
	}
	width, height := int64(binary.BigEndian.Uint32(body)), int64(binary.BigEndian.Uint32(body[4:]))
	depth, samples := int64(body[8]), map[byte]int64{0: 1, 2: 4, 3: 1, 4: 4, 6: 4}[body[9]]
	if width == 0 || height == 0 || samples == 0 || depth > 16 {
		return inspect.ErrUploadBroken
	}
	if width > decodeMost || height > decodeMost || width*height*samples*max(1, depth/8) > decodeMost {
		return inspect.ErrUploadPixels
	}
	return nil
}
