package office

import (
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
	"suicha/internal/workday"
)

// An attachForm makes a file that was just brought evidence of the visit.
type attachForm struct {
	*web.Form
	Type, Size string
	Kinds, Own []web.Option
}

// evidenceForms are the way in for files, and what is still to say of those that came
// that way.
func (s *server) evidenceForms(r *http.Request, v *visitView, g visitScene) {
	upload := newUpload(r, "upload", visitPath(g.team.ID))
	upload.Several = true
	v.Upload = &upload
	for _, file := range s.broughtFiles(r) {
		if slices.ContainsFunc(g.evidence(), func(e inspect.Evidence) bool { return e.SHA256 == file.SHA256 }) {
			continue
		}
		form := web.FormFor(r, file.SHA256[:12], act.AttachVisit{
			Team: g.team.ID, ID: inspect.EvidenceID(web.NewID()), SHA256: file.SHA256, Name: file.Name, Kind: evidenceKind(file.Type),
			Claimed: s.Now().In(workday.Beijing).Format("2006-01-02T15:04"),
		}, "team", "id", "sha256")
		v.Attach = append(v.Attach, attachForm{&form, mediaText(file.Type), sizeText(file.Size), web.Options(inspect.EvidenceKinds), v.Own})
	}
}

// evidenceKind is what a file most likely is.
func evidenceKind(mime string) string {
	switch kind, _, _ := strings.Cut(mime, "/"); kind {
	case "image":
		return "photo"
	case "video", "audio":
		return kind
	}
	return "scan"
}

// evidence is all that was brought to the visit.
func (g visitScene) evidence() []inspect.Evidence {
	return slices.Concat(g.visit.Evidence, g.visit.Papers)
}

// visitEvidence sends a file of the visit to whoever may read the visit: as it came, or
// of a photograph the picture made anew.
func (s *server) visitEvidence(w http.ResponseWriter, r *http.Request) error {
	g, err := s.visitScene(r)
	if err != nil {
		return err
	}
	all := g.evidence()
	at := slices.IndexFunc(all, func(e inspect.Evidence) bool { return string(e.ID) == r.PathValue("id") })
	if at < 0 {
		return inspect.ErrMissing
	}
	if strings.HasSuffix(r.URL.Path, "/copy") {
		return s.sendCopy(w, r, all[at].SHA256)
	}
	return s.sendEvidence(w, r, all[at].SHA256, "")
}
