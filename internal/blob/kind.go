package blob

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"suicha/internal/inspect"
)

// A kind is a sort of file that is taken: how it begins, and what says that it is whole
// and nothing else.
type kind struct {
	mime  string
	is    func(head []byte) bool
	check func(io.ReaderAt, int64) error
}

// kinds is the whole of what is taken.
var kinds = []kind{
	{"image/jpeg", begins("\xff\xd8\xff"), checkJPEG},
	{"image/png", begins(pngHead), checkPNG},
	{"application/pdf", begins("%PDF-"), checkPDF},
	{"video/mp4", brand("isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "hvc1", "dash"), checkBoxes},
	{"video/quicktime", brand("qt  "), checkBoxes},
	{"audio/mp4", brand("M4A ", "M4B "), checkBoxes},
	{"audio/mpeg", begins("ID3"), checkMP3},
	{"audio/mpeg", func(head []byte) bool { return frameSize(head) > 0 }, checkMP3},
	{"audio/wav", func(head []byte) bool { return string(head[:4]) == "RIFF" && string(head[8:12]) == "WAVE" }, checkWAV},
}

// headSize is how much of a file tells its kind.
const headSize = 12

func begins(with string) func([]byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(with)) }
}

// brand is the kind of an ISO media file: its first box names it.
func brand(names ...string) func([]byte) bool {
	return func(head []byte) bool {
		return string(head[4:8]) == "ftyp" && slices.Contains(names, string(head[8:12]))
	}
}

// sniff tells a file's kind by its beginning.
func sniff(r io.ReaderAt, size int64) (kind, error) {
	head := make([]byte, headSize)
	if size < headSize {
		return kind{}, inspect.ErrUploadType
	}
	if _, err := r.ReadAt(head, 0); err != nil {
		return kind{}, fmt.Errorf("read a file's beginning: %w", err)
	}
	for _, k := range kinds {
		if k.is(head) {
			return k, nil
		}
	}
	if brand("heic", "heix", "hevc", "mif1", "msf1")(head) {
		return kind{}, inspect.ErrUploadHeic
	}
	return kind{}, inspect.ErrUploadType
}

// check refuses what is not of a kind that is taken, not whole, or more than it says.
func check(r io.ReaderAt, size int64) (mime string, err error) {
	k, err := sniff(r, size)
	if err != nil {
		return "", err
	}
	if err := hidden(r, size, k.mime); err != nil {
		return "", err
	}
	if err := k.check(r, size); err != nil {
		return "", err
	}
	return k.mime, nil
}

// marks of pages and programs. Browsers and servers that look for them look at the
// beginning only. None is so short that it comes up in photographs by chance.
var marks = [][]byte{
	[]byte("<script"), []byte("<html"), []byte("<!doctype"), []byte("<body"), []byte("<iframe"), []byte("<svg"), []byte("<?php"),
}

// pdfMarks let a PDF do something when it is opened, or carry files.
var pdfMarks = [][]byte{
	[]byte("/javascript"), []byte("/launch"), []byte("/embeddedfile"), []byte("/richmedia"), []byte("/submitform"),
}

const (
	markedHead = 4 << 10
	zipTail    = 22 + 1<<16 // an archive's end and the longest comment behind it
)

// hidden refuses a file that is a page, a program or an archive as well. What is packed
// inside a PDF cannot be seen, and so nothing is ever shown but as a download.
func hidden(r io.ReaderAt, size int64, mime string) error {
	head := make([]byte, min(size, markedHead))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	head = bytes.ToLower(head)
	if slices.ContainsFunc(marks, func(m []byte) bool { return bytes.Contains(head, m) }) {
		return inspect.ErrUploadHidden
	}
	tail := make([]byte, min(size, zipTail))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return err
	}
	if endsArchive(tail, size) {
		return inspect.ErrUploadHidden
	}
	if mime != "application/pdf" {
		return nil
	}
	return contains(io.NewSectionReader(r, 0, size), pdfMarks)
}

// endsArchive reports whether the end of a ZIP archive stands in tail: programs find it
// from behind, whatever stands before it. Its directory has to lie in the file.
func endsArchive(tail []byte, size int64) bool {
	for i := 0; i+22 <= len(tail); i++ {
		if string(tail[i:i+4]) != "PK\x05\x06" {
			continue
		}
		at := size - int64(len(tail)-i)
		length := int64(binary.LittleEndian.Uint32(tail[i+12:]))
		if binary.LittleEndian.Uint16(tail[i+4:]) == 0 && length <= at { // its first and only disk
			return true
		}
	}
	return false
}

// contains refuses what has one of the marks, in whatever case.
func contains(r io.Reader, marks [][]byte) error {
	const overlap = 32 // longer than any mark
	window := make([]byte, 0, 64<<10+overlap)
	for {
		n, err := io.ReadFull(r, window[len(window):cap(window)])
		window = window[:len(window)+n]
		low := bytes.ToLower(window)
		if slices.ContainsFunc(marks, func(m []byte) bool { return bytes.Contains(low, m) }) {
			return inspect.ErrUploadHidden
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
		window = append(window[:0], window[len(window)-overlap:]...)
	}
}

// checkPDF wants the mark of the end at the end.
func checkPDF(r io.ReaderAt, size int64) error {
	tail := make([]byte, min(size, 1<<10))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return err
	}
	end := bytes.LastIndex(tail, []byte("%%EOF"))
	switch {
	case end < 0:
		return inspect.ErrUploadBroken
	case len(bytes.Trim(tail[end+5:], "\x00\t\n\f\r ")) > 0:
		return inspect.ErrUploadTail
	case !bytes.Contains(tail[:end], []byte("startxref")):
		return inspect.ErrUploadBroken
	}
	return nil
}
