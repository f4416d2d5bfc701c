package blob

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"suicha/internal/inspect"
)

// picture has a red corner at its upper left: it shows how it is turned.
func picture(wide, high int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, wide, high))
	for y := range high {
		for x := range wide {
			c := color.RGBA{uint8(x * 3), uint8(y * 5), 200, 255}
			if x < wide/4 && y < high/4 {
				c = color.RGBA{255, 0, 0, 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, wide, high int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(wide, high), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, wide, high int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture(wide, high)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif puts a segment behind the first marker: how the camera was held, and where.
func exif(photo []byte, turn uint16, gps string) []byte {
	t := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	t = binary.BigEndian.AppendUint16(t, turn)
	t = append(t, 0, 0, 0, 0, 0, 0)
	return segment(photo, 0xe1, "Exif\x00\x00"+string(t)+gps)
}

func segment(photo []byte, marker byte, body string) []byte {
	b := []byte{0xff, 0xd8, 0xff, marker}
	b = binary.BigEndian.AppendUint16(b, uint16(len(body)+2))
	return append(append(b, body...), photo[2:]...)
}

func pngChunk(name, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, name+body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(name+body)))
}

func box(name, body string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + name + body
}

func movie(brand string) string {
	return box("ftyp", brand+"\x00\x00\x02\x00isom") + box("moov", strings.Repeat("m", 40)) + box("mdat", strings.Repeat("d", 400))
}

func wav(data string) string {
	chunk := func(name, body string) string {
		return name + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
	}
	body := "WAVE" + chunk("fmt ", strings.Repeat("\x01", 16)) + chunk("data", data)
	return "RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
}

// mp3 has frames of 128 kbit/s at 44.1 kHz: 417 bytes each.
func mp3(frames int) string {
	return strings.Repeat("\xff\xfb\x90\x00"+strings.Repeat("a", 413), frames)
}

const pdf = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"

func archive(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("evil.js")
	if err == nil {
		_, err = w.Write([]byte("alert(1)"))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// frameOf changes what the frame of a photograph says of its size, and its kind.
func frameOf(photo []byte, marker byte, high, wide uint16) []byte {
	b := bytes.Clone(photo)
	i := bytes.Index(b, []byte{0xff, 0xc0})
	b[i+1] = marker
	binary.BigEndian.PutUint16(b[i+5:], high)
	binary.BigEndian.PutUint16(b[i+7:], wide)
	return b
}

func header(wide, high uint32, depth, kind byte) string {
	b := binary.BigEndian.AppendUint32(nil, wide)
	b = binary.BigEndian.AppendUint32(b, high)
	return string(append(b, depth, kind, 0, 0, 0))
}

// Issue 6, uploads: what is whole is taken, and everything else is refused with a
// sentence that says what to do.
func TestOnlyWholeFilesOfKnownKindsAreTaken(t *testing.T) {
	photo, drawing, packed := string(jpegOf(t, 40, 30)), string(pngOf(t, 40, 30)), archive(t)
	head, end := drawing[:len(pngHead)+25], string(pngChunk("IEND", ""))
	for _, test := range []struct {
		name, text, mime string
		want             error
	}{
		{"photograph", photo, "image/jpeg", nil},
		{"photograph with EXIF", string(exif([]byte(photo), 6, "N36E121")), "image/jpeg", nil},
		{"photograph with a second one behind", photo + photo, "image/jpeg", nil},
		{"photograph filled up with zeros", photo + "\x00\x00\x00", "image/jpeg", nil},
		{"drawing", drawing, "image/png", nil},
		{"document", pdf, "application/pdf", nil},
		{"film", movie("isom"), "video/mp4", nil},
		{"film of a telephone", movie("qt  "), "video/quicktime", nil},
		{"recording", movie("M4A "), "audio/mp4", nil},
		{"recording, MP3", mp3(20), "audio/mpeg", nil},
		{"recording, MP3 with tags", "ID3\x04\x00\x00\x00\x00\x00\x05abcde" + mp3(20) + "TAG" + strings.Repeat(" ", 125), "audio/mpeg", nil},
		{"recording that was stopped", mp3(20) + mp3(1)[:100], "audio/mpeg", nil},
		{"recording, WAV", wav("abcdefgh"), "audio/wav", nil},

		{"one byte", "\xff", "", inspect.ErrUploadType},
		{"text", "hello, world of texts", "", inspect.ErrUploadType},
		{"page", "<html><script>alert(1)</script></html>", "", inspect.ErrUploadType},
		{"vector image", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "", inspect.ErrUploadType},
		{"archive", packed, "", inspect.ErrUploadType},
		{"program", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00", "", inspect.ErrUploadType},
		{"program of Linux", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00", "", inspect.ErrUploadType},
		{"GIF", "GIF89a\x01\x00\x01\x00\x00\x00", "", inspect.ErrUploadType},
		{"WebP", "RIFF\x10\x00\x00\x00WEBPVP8 ", "", inspect.ErrUploadType},
		{"HEIC", box("ftyp", "heic\x00\x00\x00\x00mif1"), "", inspect.ErrUploadHeic},
		{"unknown brand", movie("evil"), "", inspect.ErrUploadType},

		{"photograph cut off", photo[:len(photo)/2], "", inspect.ErrUploadBroken},
		{"photograph without its end", photo[:len(photo)-2], "", inspect.ErrUploadBroken},
		{"beginning of a photograph", photo[:4] + strings.Repeat("a", 40), "", inspect.ErrUploadBroken},
		{"photograph of no scan", photo[:2] + "\xff\xe0\x00\x04ab\xff\xd9" + "0000", "", inspect.ErrUploadBroken},
		{"photograph with a page behind", photo + "<p>more</p>", "", inspect.ErrUploadTail},
		{"photograph with a page behind zeros", photo + "\x00\x00\x00<p>more</p>", "", inspect.ErrUploadTail},
		{"photograph with a film behind", photo + movie("mp42"), "", inspect.ErrUploadTail},
		{"photograph with an archive behind", photo + packed, "", inspect.ErrUploadHidden},
		{"photograph with a page in a comment", string(segment([]byte(photo), 0xfe, "<SCRIPT>alert(1)</SCRIPT>")), "", inspect.ErrUploadHidden},
		{"photograph with a server's program", string(segment([]byte(photo), 0xfe, "<?php system($_GET[0]); ?>")), "", inspect.ErrUploadHidden},
		{"photograph that is an archive", string(segment([]byte(photo), 0xfe, packed)), "", inspect.ErrUploadHidden},
		{"photograph of 65535 points a side", string(frameOf([]byte(photo), 0xc0, 65535, 65535)), "", inspect.ErrUploadPixels},
		{"progressive bomb", string(frameOf([]byte(photo), 0xc2, 6000, 6000)), "", inspect.ErrUploadPixels},
		{"photograph of no size", string(frameOf([]byte(photo), 0xc0, 0, 100)), "", inspect.ErrUploadBroken},
		{"photograph without loss", string(frameOf([]byte(photo), 0xc3, 30, 40)), "", inspect.ErrUploadType},

		{"drawing cut off", drawing[:len(drawing)-12], "", inspect.ErrUploadBroken},
		{"drawing with a wrong sum", drawing[:40] + "X" + drawing[41:], "", inspect.ErrUploadBroken},
		{"drawing with a page behind", drawing + "<p>", "", inspect.ErrUploadTail},
		{"drawing with an archive in a chunk", head + string(pngChunk("teXt", packed)) + drawing[len(head):], "", inspect.ErrUploadHidden},
		{"drawing with a page in a text", head + string(pngChunk("tEXt", "Comment\x00<script>alert(1)</script>")) + drawing[len(head):], "", inspect.ErrUploadHidden},
		{"drawing of no points", head + end, "", inspect.ErrUploadBroken},
		{"bomb of 100000 points a side", pngHead + string(pngChunk("IHDR", header(100000, 100000, 8, 6))) + string(pngChunk("IDAT", "x")) + end, "", inspect.ErrUploadPixels},
		{"bomb that overflows", pngHead + string(pngChunk("IHDR", header(1<<31, 1<<31, 16, 6))) + string(pngChunk("IDAT", "x")) + end, "", inspect.ErrUploadPixels},
		{"chunk of 4 GB", pngHead + string(pngChunk("IHDR", header(4, 4, 8, 6))) + "\xff\xff\xff\xffIDAT", "", inspect.ErrUploadBroken},

		{"document cut off", pdf[:60], "", inspect.ErrUploadBroken},
		{"document with a page behind", pdf + "<p>more</p>", "", inspect.ErrUploadTail},
		{"document with an archive behind", pdf + packed, "", inspect.ErrUploadHidden},
		{"document with a program", strings.Replace(pdf, "/Catalog", "/Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>", 1), "", inspect.ErrUploadHidden},
		{"document that starts a program", strings.Replace(pdf, "/Catalog", "/Catalog /AA << /S /Launch >>", 1), "", inspect.ErrUploadHidden},
		{"document with a file far inside", strings.Replace(pdf, "endobj", strings.Repeat("a", 65530)+"/EmbeddedFile endobj", 1), "", inspect.ErrUploadHidden},
		{"document that is a page", strings.Replace(pdf, "1 0 obj", "<!DOCTYPE html><script>", 1), "", inspect.ErrUploadHidden},

		{"film cut off", movie("isom")[:100], "", inspect.ErrUploadBroken},
		{"film without contents", box("ftyp", "isom") + box("mdat", "d"), "", inspect.ErrUploadBroken},
		{"film with a page behind", movie("isom") + "<p></p>more text", "", inspect.ErrUploadTail},
		{"film with an unknown box", movie("isom") + box("evil", "x"), "", inspect.ErrUploadTail},
		{"film whose box has no end", box("ftyp", "isom") + "\x00\x00\x00\x00mdat" + "aaaa", "", inspect.ErrUploadBroken},
		{"film whose box is huge", box("ftyp", "isom") + "\x00\x00\x00\x01mdat\x7f\xff\xff\xff\xff\xff\xff\xff", "", inspect.ErrUploadBroken},
		{"film whose box is negative", box("ftyp", "isom") + "\x00\x00\x00\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff", "", inspect.ErrUploadBroken},
		{"sound longer than the file", wav("abcd")[:40], "", inspect.ErrUploadBroken},
		{"sound with more behind", wav("abcd") + "more", "", inspect.ErrUploadTail},
		{"MP3 of one frame", mp3(1), "", inspect.ErrUploadBroken},
		{"MP3 with a page behind", mp3(20) + "<html></html>", "", inspect.ErrUploadTail},
		{"tag without sound", "ID3\x04\x00\x00\x00\x00\x00\x05abcde", "", inspect.ErrUploadBroken},
	} {
		mime, err := check(strings.NewReader(test.text), int64(len(test.text)))
		if mime != test.mime || !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
			t.Errorf("%s: got %q, %v, want %q, %v", test.name, mime, err, test.mime, test.want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{string(jpegOf(f, 8, 8)), string(exif(jpegOf(f, 8, 8), 3, "")), string(pngOf(f, 8, 8)), pdf, movie("isom"), wav("abcd"), mp3(4), archive(f)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		mime, err := check(bytes.NewReader(text), int64(len(text)))
		if (mime == "") != (err != nil) {
			t.Errorf("%q, %v", mime, err)
		}
		if err == nil && strings.HasPrefix(mime, "image/") && len(text) < 1<<16 {
			var out bytes.Buffer
			if err := redraw(&out, bytes.NewReader(text), mime, 64); err != nil && out.Len() > 0 {
				t.Errorf("half a copy was written: %v", err)
			}
		}
	})
}

func FuzzOrientation(f *testing.F) {
	f.Add(exif(jpegOf(f, 8, 8), 6, ""))
	f.Fuzz(func(t *testing.T, head []byte) {
		if turn := orientation(head); turn < 1 || turn > 8 {
			t.Errorf("turned %d", turn)
		}
	})
}
