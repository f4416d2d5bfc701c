package office_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"suicha/internal/blob"
	"suicha/internal/rig"
)

// evidenceOf is where the evidence of one asker is.
func evidenceOf(o *rig.Office) *blob.Folder {
	o.Helper()
	f, err := blob.Open(filepath.Join(o.TempDir(), "evidence"), func() time.Time { return o.Now })
	if err != nil {
		o.Fatal(err)
	}
	return f
}

func photo(t testing.TB, wide int) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, wide, 30)), nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// handsIn sends files by the form, as a browser without script does.
func (a *asker) handsIn(then string, status int, files ...[2]string) *httptest.ResponseRecorder {
	a.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	err := errors.Join(m.WriteField("then", then), m.WriteField("form", "upload"))
	for _, f := range files {
		part, e := m.CreateFormFile("file", f[0])
		if e == nil {
			_, e = part.Write([]byte(f[1]))
		}
		err = errors.Join(err, e)
	}
	if err = errors.Join(err, m.Close()); err != nil {
		a.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "http://suicha.example/office/uploads", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := a.ask(r)
	if w.Code != status {
		a.Fatalf("files of %s: %d, want %d\n%s", a.who.Name, w.Code, status, a.page)
	}
	return w
}

// Evidence comes by a form too, belongs to who brought it, and never runs in a browser.
func TestEvidenceByForm(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li := asks(o, o.Clerk("李科长", "scjg"))
	sun := asks(o, o.Clerk("孙警官", "gaj"))
	li.gets("/office/uploads", 200)
	li.shows("最近一天没有上传文件", "断线后从断处续传")
	text := photo(t, 40)
	to := li.handsIn("/office/uploads", http.StatusSeeOther, [2]string{`C:\照片\后厨<script>.jpg`, text}, [2]string{"../../etc/文书.jpg", photo(t, 41)}).Header().Get("Location")
	li.gets(to, 200)
	digest := fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
	li.shows(digest[:8], "后厨<script>.jpg", "文书.jpg", "照片（JPEG）")
	if strings.Contains(li.page, "后厨<script>") || strings.Contains(li.page, "etc/") {
		t.Error("a file name is markup or a path")
	}
	w := li.gets("/office/uploads/"+digest, 200)
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
		"Content-Disposition": "attachment; filename=" + digest[:12] + ".jpg", "Cache-Control": "no-store",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if w.Body.String() != text {
		t.Error("the file is not what was brought")
	}
	if w := li.gets("/office/uploads/"+digest+"/copy", 200); w.Body.String() == text || w.Header().Get("Content-Type") != "image/jpeg" {
		t.Error("the copy is the original")
	}
	sun.Office, sun.site = li.Office, li.site // the same site, another person
	li.who = sun.who
	for _, path := range []string{"/office/uploads/" + digest, "/office/uploads/" + digest + "/copy"} {
		li.gets(path, 404)
	}
	li.gets(to, 200)
	li.hides("已收下", "照片（JPEG）")
}

// Issue 6, uploads: what the form refuses is said at the file, and nothing is kept.
func TestHostileFilesAreRefusedWithASentence(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li := asks(o, o.Clerk("李科长", "scjg"))
	var drawing bytes.Buffer
	if err := png.Encode(&drawing, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, text, says string
		status           int
	}{
		{"空.jpg", "", "没有收到文件内容", 422},
		{"网页.jpg", "<html><script>alert(1)</script></html>", "不能接收这种文件", 422},
		{"图.svg", "<svg onload=alert(1)></svg>", "不能接收这种文件", 422},
		{"断.jpg", photo(t, 50)[:200], "文件不完整", 422},
		{"动.jpg", photo(t, 50) + "MotionPhoto_Data", "文件末尾附有其他内容", 422},
		{"画.png", drawing.String() + "<script>alert(1)</script>", "夹带网页", 422},
		{"大.jpg", photo(t, 50) + strings.Repeat("\x00", 11<<20), "文件最大 10 MB", 422},
	} {
		li.handsIn("/office/uploads", test.status, [2]string{test.name, test.text})
		li.shows(test.says)
	}
	li.handsIn("//evil.example/", 422, [2]string{"a.jpg", photo(t, 9)})
	li.handsIn("https://evil.example/", 422, [2]string{"a.jpg", photo(t, 9)})
	li.gets("/office/uploads", 200)
	if n := strings.Count(li.page, "照片（JPEG）"); n != 1 { // the one of the false way back
		t.Errorf("%d files are kept", n)
	}
	asks(o, o.Someone("严监督", "supervisor", "sfj")).gets("/office/uploads", 403)
}

// Issue 6, uploads: in parts, with a line that is lost, and with other content.
func TestEvidenceInParts(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	li := asks(o, o.Clerk("李科长", "scjg"))
	text := photo(t, 900)
	sum := sha256.Sum256([]byte(text))
	digest := hex.EncodeToString(sum[:])
	send := func(at, part string, status int, says string) {
		t.Helper()
		q := url.Values{"sha256": {digest}, "size": {fmt.Sprint(len(text))}}
		if at != "" {
			q.Set("at", at)
		}
		r := httptest.NewRequest(http.MethodPost, "http://suicha.example/office/uploads/"+digest[:32]+"?"+q.Encode(), strings.NewReader(part))
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/octet-stream")
		if w := li.ask(r); w.Code != status || !strings.Contains(li.page, says) {
			t.Errorf("at %q: %d %s, want %d %s", at, w.Code, li.page, status, says)
		}
	}
	send("", "", 200, `"at":0,"done":false`)
	send("0", text[:300], 200, `"at":300,"done":false`)
	send("200", text[200:], 409, `"code":"upload_at"`)
	send("", "", 200, `"at":300,"done":false`)
	send("x", "", 422, `"code":"upload_claim"`)
	send("300", text[300:600], 200, `"at":600,"done":false`)
	send("600", strings.Repeat("x", len(text)-600), 409, `"code":"upload_digest"`)
	send("", "", 200, `"at":0,"done":false`)
	send("0", text, 200, `"done":true`)
	send("", "", 200, `"type":"image/jpeg"`)
	li.gets("/office/uploads?"+url.Values{"file": {digest, strings.Repeat("0", 64)}, "name": {"后厨.jpg"}}.Encode(), 200)
	li.shows("已收下：后厨.jpg。")
}
