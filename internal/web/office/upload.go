package office

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"suicha/internal/blob"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var uploadsPage = web.NewPage[uploadsView](files, "upload.html", "upload_part.html")

// formMost is the largest file that a form without script brings: the script sends
// larger ones in parts, and goes on after a lost line.
const formMost = 10 << 20

// An uploadForm ("upload") brings evidence files and then leads to a page of this site,
// whose address names them: see broughtBy. It works without script up to formMost.
type uploadForm struct {
	ID, Then string
	Several  bool
	Error    string // why the file was refused
}

// newUpload is the form of a page that takes files over at the path then.
func newUpload(r *http.Request, id, then string) uploadForm {
	u := uploadForm{ID: id, Then: then}
	if failure := web.Failed(r); failure != nil && failure.Form == id {
		u.Error = failure.Problems[0].Error()
	}
	return u
}

// Most is the largest file in megabytes, with script and without.
func (uploadForm) Most() int { return blob.FileMost >> 20 }

// FormMost is the largest without.
func (uploadForm) FormMost() int { return formMost >> 20 }

// A broughtFile is an evidence file that a page's address names.
type broughtFile struct {
	blob.File
	Name string
}

// broughtMost bounds how many files one address names.
const broughtMost = 20

// broughtFiles are the files that a form of uploads led here with. Somebody else's is
// none, until it belongs to something.
func (s *server) broughtFiles(r *http.Request) (all []broughtFile) {
	q := r.URL.Query()
	names := q["name"]
	for i, digest := range q["file"] {
		file, ok := s.Evidence.Find(digest)
		if !ok || i == broughtMost || !s.Evidence.Brought(web.Actor(r).Person, digest) {
			break
		}
		name := ""
		if i < len(names) {
			name = fileName(names[i])
		}
		all = append(all, broughtFile{file, name})
	}
	return all
}

// registerUploads adds the way in for evidence files.
func (s *server) registerUploads(m *web.Mux) {
	m.Page("GET /office/uploads", inspect.VisitAttach, s.uploads)
	m.Page("POST /office/uploads", inspect.VisitAttach, s.bringEvidence)
	m.Page("POST /office/uploads/{id}", inspect.VisitAttach, s.continueUpload)
	m.Page("GET /office/uploads/{digest}", inspect.VisitAttach, s.ownEvidence)
	m.Page("GET /office/uploads/{digest}/copy", inspect.VisitAttach, s.ownCopy)
}

type uploadsView struct {
	Upload uploadForm
	Rows   []uploadRow
	New    []broughtFile
}

// An uploadRow is one file of the reader.
type uploadRow struct {
	Digest, Kind, Size, Href, Copy string
}

const uploadsPath = "/office/uploads"

// uploads shows the evidence files that the reader brought since yesterday, with the
// digests that the record names.
func (s *server) uploads(w http.ResponseWriter, r *http.Request) error {
	files, err := s.Evidence.Recent(web.Actor(r).Person)
	if err != nil {
		return err
	}
	v := uploadsView{Upload: newUpload(r, "upload", uploadsPath), New: s.broughtFiles(r)}
	v.Upload.Several = true
	for i := len(files) - 1; i >= 0; i-- {
		row := uploadRow{Digest: files[i].SHA256, Kind: mediaText(files[i].Type), Size: sizeText(files[i].Size), Href: uploadsPath + "/" + files[i].SHA256}
		if strings.HasPrefix(files[i].Type, "image/") {
			row.Copy = row.Href + "/copy"
		}
		v.Rows = append(v.Rows, row)
	}
	return uploadsPage.Show(w, r, v)
}

// mediaText is a kind of file in Chinese.
func mediaText(mime string) string {
	return map[string]string{
		"image/jpeg": "照片（JPEG）", "image/png": "图片（PNG）", "application/pdf": "文书（PDF）", "video/mp4": "录像（MP4）",
		"video/quicktime": "录像（MOV）", "audio/mp4": "录音（M4A）", "audio/mpeg": "录音（MP3）", "audio/wav": "录音（WAV）",
	}[mime]
}

func sizeText(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// bringEvidence takes the files of a form, and leads to the page that wanted them.
func (s *server) bringEvidence(w http.ResponseWriter, r *http.Request) error {
	body, err := web.Whole(w, r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, body, formMost+64<<10)
	q, form, err := s.receiveEvidence(r)
	if err == nil && len(q["file"]) == 0 {
		err = inspect.ErrUploadEmpty
	}
	then, ok := web.LocalPath(form.Get("then"))
	if err == nil && !ok {
		err = inspect.ErrForm
	}
	if err == nil {
		http.Redirect(w, r, withQuery(then, q), http.StatusSeeOther)
		return nil
	}
	if large := new(http.MaxBytesError); errors.As(err, &large) {
		err = inspect.ErrUploadLarge.With(formMost >> 20)
	}
	if !mendable(err) || then != uploadsPath { // another page says it in a page of its own
		return err
	}
	r.PostForm, r.Form = form, form
	return s.uploads(w, web.WithFailure(r, err))
}

// withQuery adds parameters to a path that may have some.
func withQuery(to string, q url.Values) string {
	if strings.Contains(to, "?") {
		return to + "&" + q.Encode()
	}
	return to + "?" + q.Encode()
}

// receiveEvidence reads a form with files: the digests and names of what was taken, and
// the other fields.
func (s *server) receiveEvidence(r *http.Request) (q, form url.Values, err error) {
	q, form = url.Values{}, url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return q, form, inspect.ErrForm
	}
	for {
		part, err := parts.NextPart()
		switch {
		case err == io.EOF:
			return q, form, nil
		case err != nil:
			return q, form, fmt.Errorf("%w: %w", inspect.ErrForm, err)
		case part.FormName() != "file":
			text, err := io.ReadAll(io.LimitReader(part, 4000))
			if err != nil || len(form) > 10 {
				return q, form, inspect.ErrForm
			}
			form.Add(part.FormName(), string(text))
			continue
		case part.FileName() == "" || len(q["file"]) == broughtMost:
			continue
		}
		file, err := s.Evidence.Put(web.Actor(r).Person, web.NewID(), part)
		if err != nil {
			return q, form, err
		}
		q.Add("file", file.SHA256)
		q.Add("name", fileName(part.FileName()))
	}
}

// fileName is what a file is called, without folders and what cannot be seen.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	var ps inspect.Problems
	if name = inspect.Line(&ps, "name", "文件名", name, 120); len(ps) > 0 {
		return ""
	}
	return name
}

// continueUpload takes the next part of a file, from where the line was lost, and says
// how far it is. Asked without a place it only says that.
func (s *server) continueUpload(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	size, err := strconv.ParseInt(q.Get("size"), 10, 64)
	if err != nil {
		return inspect.ErrUploadClaim
	}
	u := blob.Upload{ID: r.PathValue("id"), Person: web.Actor(r).Person, SHA256: q.Get("sha256"), Size: size}
	var p blob.Progress
	if q.Has("at") {
		var at int64
		if at, err = strconv.ParseInt(q.Get("at"), 10, 64); err != nil {
			return inspect.ErrUploadClaim
		}
		p, err = s.Evidence.Append(u, at, r.Body)
	} else {
		p, err = s.Evidence.Begin(u)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(p)
}

// ownEvidence sends a file to who brought it.
func (s *server) ownEvidence(w http.ResponseWriter, r *http.Request) error {
	digest := r.PathValue("digest")
	if !s.Evidence.Brought(web.Actor(r).Person, digest) {
		return inspect.ErrMissing
	}
	return s.sendEvidence(w, r, digest, "")
}

// ownCopy shows a photograph to who brought it.
func (s *server) ownCopy(w http.ResponseWriter, r *http.Request) error {
	digest := r.PathValue("digest")
	if !s.Evidence.Brought(web.Actor(r).Person, digest) {
		return inspect.ErrMissing
	}
	return s.sendCopy(w, r, digest)
}

// evidencePolicy lets nothing of an evidence file run, wherever a browser shows it.
const evidencePolicy = "sandbox; default-src 'none'; frame-ancestors 'none'"

// sendEvidence sends an evidence file as it came, as a download. The caller has asked
// whether the reader may have it.
func (s *server) sendEvidence(w http.ResponseWriter, r *http.Request, digest, name string) error {
	info, ok := s.Evidence.Find(digest)
	file, err := s.Evidence.Open(digest)
	if !ok || err != nil {
		return inspect.ErrMissing
	}
	defer file.Close() // only read
	if name == "" {
		name = digest[:12] + extensions[info.Type]
	}
	h := w.Header()
	h.Set("Content-Type", info.Type)
	h.Set("Content-Security-Policy", evidencePolicy)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	stat, err := file.Stat()
	if err != nil {
		return err
	}
	http.ServeContent(w, r, "", stat.ModTime(), file)
	return nil
}

var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf", "video/mp4": ".mp4",
	"video/quicktime": ".mov", "audio/mp4": ".m4a", "audio/mpeg": ".mp3", "audio/wav": ".wav",
}

// sendCopy shows the picture of a photograph, made anew. The caller has asked whether
// the reader may see it.
func (s *server) sendCopy(w http.ResponseWriter, r *http.Request, digest string) error {
	file, kind, err := s.Evidence.Copy(digest)
	if err != nil {
		return err
	}
	defer file.Close() // only read
	stat, err := file.Stat()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Security-Policy", evidencePolicy)
	w.Header().Set("Cache-Control", "private, max-age=3600")
	http.ServeContent(w, r, "", stat.ModTime(), file)
	return nil
}
