package office

import (
	"net/http"
	"slices"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

// An addedRow is what the sender of an appeal added, and when.
type addedRow struct {
	When, Text string
	Files      []addedFile
}

// An addedFile is one file of it: a picture made anew where it is one, else a download.
type addedFile struct{ Name, Size, Href, Copy string }

// addedRows are what was added to the appeal, for the department that answers.
func addedRows(id inspect.AppealID, all []store.Added) (rows []addedRow) {
	for _, x := range all {
		row := addedRow{When: web.Stamp(x.At), Text: x.Text}
		for _, f := range x.Files {
			file := addedFile{Name: mediaText(f.Type), Size: sizeText(f.Size), Href: appealPath(id) + "/files/" + f.SHA256}
			if strings.HasPrefix(f.Type, "image/") {
				file.Copy = file.Href + "/copy"
			}
			row.Files = append(row.Files, file)
		}
		rows = append(rows, row)
	}
	return rows
}

// waiting are the other appeals of the kind about the result that have not ended: the
// department has to tell which is the enterprise's own.
func (s *server) waiting(r *http.Request, a inspect.Appeal) (others []web.Link, err error) {
	all, err := s.db.Appeals(r.Context(), web.Actor(r).Scope(), store.AppealFilter{Result: a.Result, Kind: a.Kind, Open: true})
	for _, x := range all {
		if x.ID != a.ID && !a.State.Ended() {
			others = append(others, web.Link{Text: web.Stamp(x.ReceivedAt) + "　" + x.State.Text(), Href: appealPath(x.ID)})
		}
	}
	return others, err
}

// appealAttached sends a file that came with an appeal to the department that answers,
// as evidence is sent. Strangers can bring such files: nothing of them is shown as it came.
func (s *server) appealAttached(w http.ResponseWriter, r *http.Request) error {
	all, err := s.db.AppealAdded(r.Context(), web.Actor(r).Scope(), inspect.AppealID(r.PathValue("id")))
	if err != nil {
		return err
	}
	digest := r.PathValue("digest")
	if !slices.ContainsFunc(all, func(x store.Added) bool {
		return slices.ContainsFunc(x.Files, func(f inspect.AppealFile) bool { return f.SHA256 == digest })
	}) {
		return inspect.ErrMissing
	}
	if strings.HasSuffix(r.URL.Path, "/copy") {
		return s.sendCopy(w, r, digest)
	}
	return s.sendEvidence(w, r, digest, "")
}
