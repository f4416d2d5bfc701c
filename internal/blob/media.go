package blob

import (
	"encoding/binary"
	"io"

	"suicha/internal/inspect"
)

// boxes are those that stand at the top of an ISO media file.
var boxes = map[string]bool{
	"ftyp": true, "moov": true, "mdat": true, "free": true, "skip": true, "wide": true, "uuid": true, "moof": true, "mfra": true, "sidx": true, "styp": true, "meta": true, "pnot": true,
}

// checkBoxes wants box after box to the very end of the file, with a table of contents
// and something it is about.
func checkBoxes(r io.ReaderAt, size int64) error {
	has := map[string]int{}
	for at := int64(0); at < size; {
		head := make([]byte, 16)
		n, err := r.ReadAt(head, at)
		if err != nil && err != io.EOF {
			return err
		}
		if n < 8 {
			return inspect.ErrUploadTail
		}
		length, name := int64(binary.BigEndian.Uint32(head)), string(head[4:8])
		least := int64(8)
		if length == 1 && n == 16 {
			length, least = int64(binary.BigEndian.Uint64(head[8:])), 16
		}
		switch {
		case !boxes[name] && has["moov"] > 0 && has["mdat"] > 0:
			return inspect.ErrUploadTail
		case !boxes[name] || length < least || length > size-at:
			return inspect.ErrUploadBroken
		}
		has[name]++
		at += length
	}
	if has["ftyp"] != 1 || has["moov"] != 1 || has["mdat"] == 0 {
		return inspect.ErrUploadBroken
	}
	return nil
}

// checkWAV wants chunk after chunk, and the length that the file says.
func checkWAV(r io.ReaderAt, size int64) error {
	s := scanOf(r, size)
	head, err := s.next(12)
	if err != nil {
		return err
	}
	end := 8 + int64(binary.LittleEndian.Uint32(head[4:]))
	switch {
	case end > size:
		return inspect.ErrUploadBroken
	case end < size:
		return inspect.ErrUploadTail
	}
	has := map[string]bool{}
	for s.at < end {
		head, err := s.next(8)
		if err != nil {
			return err
		}
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		if length%2 == 1 && length < size-s.at { // chunks begin at even places
			length++
		}
		if err := s.skip(length); err != nil {
			return err
		}
		has[string(head[:4])] = true
	}
	if !has["fmt "] || !has["data"] {
		return inspect.ErrUploadBroken
	}
	return nil
}

// bitRates of layer III in kilobits, by version 1 and version 2 or 2.5.
var bitRates = [2][15]int{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

// frameSize is the length of the MP3 frame that begins with head, or 0 if none does.
func frameSize(head []byte) int64 {
	if len(head) < 4 || head[0] != 0xff || head[1]&0xe6 != 0xe2 { // layer III alone
		return 0
	}
	version, rate, sampling := head[1]>>3&3, head[2]>>4, head[2]>>2&3
	if version == 1 || rate == 0 || rate == 15 || sampling == 3 {
		return 0
	}
	hertz := [3]int{44100, 48000, 32000}[sampling]
	first := version == 3
	switch version {
	case 2:
		hertz /= 2
	case 0:
		hertz /= 4
	}
	table, factor := 1, 72
	if first {
		table, factor = 0, 144
	}
	return int64(factor*bitRates[table][rate]*1000/hertz) + int64(head[2]>>1&1)
}

// checkMP3 wants frame after frame, behind a tag of the newer kind and before one of the
// older. The last frame may be cut off, as when a recorder is stopped.
func checkMP3(r io.ReaderAt, size int64) error {
	at, frames := int64(0), 0
	head := make([]byte, 10)
	if _, err := r.ReadAt(head, 0); err != nil {
		return inspect.ErrUploadBroken
	}
	if string(head[:3]) == "ID3" {
		if (head[6]|head[7]|head[8]|head[9])&0x80 != 0 {
			return inspect.ErrUploadBroken
		}
		at = 10 + int64(head[6])<<21 + int64(head[7])<<14 + int64(head[8])<<7 + int64(head[9])
	}
	for at < size {
		n, err := r.ReadAt(head[:4], at)
		if err != nil && err != io.EOF {
			return err
		}
		length := frameSize(head[:n])
		switch {
		case length > 0:
			at += length
			frames++
			continue
		case n >= 3 && string(head[:3]) == "TAG" && size-at == 128:
			at = size
			continue
		case frames == 0:
			return inspect.ErrUploadBroken
		}
		return inspect.ErrUploadTail
	}
	if frames < 3 {
		return inspect.ErrUploadBroken
	}
	return nil
}
