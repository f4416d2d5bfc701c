package office

import (
	"bytes"
	"fmt"
	"net/http"

	"suicha/internal/document"
	"suicha/internal/document/font"
	"suicha/internal/web"
)

// approvalPDF sends the approval form to print and keep.
func (s *server) approvalPDF(w http.ResponseWriter, r *http.Request) error {
	v, err := s.approvalOf(r)
	if err != nil {
		return err
	}
	fonts, err := font.Builtin()
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := document.PDF(&body, fonts, v.paper()); err != nil {
		return fmt.Errorf("make the approval form of task %s: %w", v.Task.Number, err)
	}
	return sendFile(w, v.Task.Number+"-approval.pdf", "application/pdf", body.Bytes())
}

// approvalWord sends the approval form for those who go on writing in it.
func (s *server) approvalWord(w http.ResponseWriter, r *http.Request) error {
	v, err := s.approvalOf(r)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := document.Word(&body, v.paper()); err != nil {
		return fmt.Errorf("make the approval form of task %s: %w", v.Task.Number, err)
	}
	return sendFile(w, v.Task.Number+"-approval.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", body.Bytes())
}

func sendFile(w http.ResponseWriter, name, kind string, body []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	_, err := w.Write(body)
	return err
}

// paper is the form of what the page shows.
func (v approvalView) paper() document.Form {
	a := document.Approval{Org: v.Org, Number: v.Task.Number, Printed: "打印于 " + v.Printed, Task: v.Task.Name}
	for _, f := range v.Facts {
		a.Facts = append(a.Facts, document.Fact{Label: f.Label, Text: joinedFact(f)})
	}
	for _, item := range v.Items {
		a.Items = append(a.Items, document.NoticeItem{Org: item.Org, Item: fmt.Sprintf("%s（第 %d 版）", item.Name, item.Version), Basis: item.Basis})
	}
	for _, sign := range v.Signs {
		o := document.Opinion{Label: sign.Label, Text: sign.Text, On: sign.When}
		if sign.Who != "" {
			o.By = []document.Signature{{Name: sign.Who}}
		}
		a.Opinions = append(a.Opinions, o)
	}
	return a.Form()
}

func joinedFact(f web.Fact) string {
	if f.Note == "" {
		return f.Value
	}
	return f.Value + "\n" + f.Note
}
