package portal

import (
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var appealCodePage = web.NewPage[appealCodeView](files, "appeal_code.html", "part.html")

// addFields and retractFields are the forms of who has the password of an appeal.
type (
	addFields struct {
		Token   string `json:"token"`
		Secret  string `json:"secret" label:"办理密码" hint:"提交申请时给出，12 位"`
		Text    string `json:"text" label:"补充说明" hint:"写明补充了什么，最多 1000 字；只有检查机关看得到"`
		File    string `json:"file" label:"附件" hint:"可以不附。JPEG、PNG 图片或者 PDF，最多 5 个、共 10 MB；没有提交成功的，须重新选择"`
		Website string `json:"website" label:"网站"`
	}
	retractFields struct {
		Token   string `json:"token"`
		Secret  string `json:"secret" label:"办理密码" hint:"提交申请时给出，12 位"`
		Website string `json:"website" label:"网站"`
	}
)

type appealCodeView struct {
	Code, Kind, Body  string
	Path, Password    string
	At, AnsweredAt    time.Time
	Asks, Answer, Due string
	Done              string // what was just done
	State             web.State
	Add, Retract      *web.Form
}

// showAppeal is the page of an appeal. Password is the sender's, right after the form was
// sent, and is never shown again.
func (s *server) showAppeal(w http.ResponseWriter, r *http.Request, code, password string) error {
	a, err := s.db.AppealByCode(r.Context(), public, code)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	code = inspect.ReadVisitCode(code)
	v := appealCodeView{
		Code: code, Password: password, Kind: a.Kind.Text(), Body: facts.Orgs[a.Org].Name, Path: resultPath(a.Result),
		At: a.ReceivedAt, AnsweredAt: a.Since, Answer: a.Answer, State: web.State{Shape: web.Waiting, Text: a.State.Text()},
	}
	if clock := a.Clock(workday.Official()); !clock.Day.IsZero() {
		v.Due = clock.Day.Full() + "前" + clock.What
		if clock.Provisional {
			v.Due += "（暂定）"
		}
	}
	switch a.State {
	case inspect.AppealCorrected, inspect.AppealPublished, inspect.AppealRepaired:
		v.State.Shape = web.Happy
	case inspect.AppealRefused, inspect.AppealRejected:
		v.State.Shape = web.Bad
	case inspect.AppealWithdrawn:
		v.State.Shape = web.Idle
	case inspect.AppealIncomplete:
		v.Asks = a.Steps[len(a.Steps)-1].Text
	}
	if r.URL.Query().Has("added") {
		v.Done = "补充的材料已经收到。"
	}
	v.forms(r, a)
	return appealCodePage.Show(w, r, v)
}

// forms are what the sender can do now.
func (v *appealCodeView) forms(r *http.Request, a inspect.Appeal) {
	if v.Password != "" { // the number and the password are what this page is for
		return
	}
	if a.Addable() {
		form := web.FormToFor(r, "add", "/appeals/"+v.Code+"/add", &addFields{Token: web.NewID()}, "token")
		v.Add = &form
	}
	if a.Retractable() {
		form := web.FormToFor(r, "retract", "/appeals/"+v.Code+"/retract", &retractFields{Token: web.NewID()}, "token")
		v.Retract = &form
	}
}

// addToAppeal takes in what the sender adds: an answer to a request for more, files.
func (s *server) addToAppeal(w http.ResponseWriter, r *http.Request) error {
	var fields addFields
	a, err := s.db.AppealByCode(r.Context(), public, r.PathValue("code"))
	if err != nil {
		return err
	}
	files, err := s.sentAppeal(w, r, &fields, "text", func() (trap, token string) { return fields.Website, fields.Token })
	if err == nil {
		err = s.Appeals.Add(r.Context(), inspect.AppealSent{
			Form: fields.Token, Appeal: a.ID, Secret: fields.Secret, Files: files, Words: inspect.FeedbackText{Text: fields.Text},
		})
	}
	return s.answerAppeal(w, r, "?added=1", err)
}

// retractAppeal withdraws the appeal on its sender's word.
func (s *server) retractAppeal(w http.ResponseWriter, r *http.Request) error {
	var fields retractFields
	a, err := s.db.AppealByCode(r.Context(), public, r.PathValue("code"))
	if err != nil {
		return err
	}
	_, err = s.sentAppeal(w, r, &fields, "secret", func() (trap, token string) { return fields.Website, fields.Token })
	if err == nil {
		err = s.Appeals.Retract(r.Context(), inspect.AppealSent{Form: fields.Token, Appeal: a.ID, Secret: fields.Secret})
	}
	return s.answerAppeal(w, r, "", err)
}

// answerAppeal leads back to the page, or shows it with what was wrong.
func (s *server) answerAppeal(w http.ResponseWriter, r *http.Request, done string, err error) error {
	switch {
	case err == nil:
		http.Redirect(w, r, "/appeals/"+inspect.ReadVisitCode(r.PathValue("code"))+done, http.StatusSeeOther)
		return nil
	case !mendable(err):
		return err
	}
	return s.appealByCode(w, web.WithFailure(r, err))
}

// arrival is how long a public form may take to arrive with its files.
const arrival = 10 * time.Minute

// sentAppeal reads a public form with its files into fields; at field it says that too
// many came. The files are kept last, when nothing else is wrong with how it came: each
// whole, checked as evidence is, or none.
func (s *server) sentAppeal(w http.ResponseWriter, r *http.Request, fields any, field string, admission func() (trap, token string)) (files []inspect.AppealFile, err error) {
	body, err := web.WholeWithin(w, r, arrival)
	if err != nil {
		return nil, err
	}
	r.Body = http.MaxBytesReader(w, body, inspect.AppealBytesMost+64<<10)
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			return nil, inspect.ErrUploadLarge.With(inspect.AppealBytesMost >> 20)
		}
		return nil, inspect.ErrForm
	}
	var sent []*multipart.FileHeader
	if r.MultipartForm != nil {
		defer func() { err = errors.Join(err, r.MultipartForm.RemoveAll()) }()
		sent = r.MultipartForm.File["file"]
	}
	if err := web.DecodeForm(r.PostForm, fields); err != nil {
		return nil, err
	}
	trap, token := admission()
	if err := s.admit(w, r, trap, token, inspect.ErrAppealMany.At(field)); err != nil {
		return nil, err
	}
	if len(sent) > inspect.AppealFilesMost {
		return nil, inspect.ErrAppealFiles.With(inspect.AppealFilesMost).At("file")
	}
	for _, header := range sent {
		file, err := s.keepAppealFile(header)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func (s *server) keepAppealFile(header *multipart.FileHeader) (inspect.AppealFile, error) {
	file, err := header.Open()
	if err != nil {
		return inspect.AppealFile{}, fmt.Errorf("read a file of a form: %w", err)
	}
	defer file.Close() // only read
	return s.Appeals.Keep(file)
}
