package portal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var appealPage = web.NewPage[appealView](files, "appeal.html", "part.html")

// appealFields is the public form. Website is a trap: people do not see it, and programs
// that fill in everything do.
type appealFields struct {
	Token   string `json:"token"`
	Result  string `json:"result"`
	Kind    string `json:"kind" label:"申请种类"`
	Code    string `json:"code" label:"统一社会信用代码" hint:"照营业执照填写；没有代码的个人不填"`
	Text    string `json:"text" label:"内容" hint:"写明事实和理由，最多 1000 字。申辩说明核对后公示，请不要写电话、证件号码"`
	Name    string `json:"name" label:"联系人" hint:"检查机关核对身份用，不公示"`
	Contact string `json:"contact" label:"联系电话" hint:"检查机关按登记的电话回访核对，不公示"`
	File    string `json:"file" label:"附件" hint:"可以不附。盖章的说明、照片等，JPEG、PNG 图片或者 PDF，最多 5 个、共 10 MB；只有检查机关看得到。没有提交成功的，须重新选择"`
	Website string `json:"website" label:"网站"`
}

// AppealForms do what the public forms of appeals ask for. Asked again with the same
// random number they do nothing.
type AppealForms struct {
	Receive, Add, Retract func(context.Context, inspect.AppealSent) error
	// Keep keeps a file whole, if it is one that is taken, and tells what it is.
	Keep func(io.Reader) (inspect.AppealFile, error)
}

type appealView struct {
	Form         web.Form
	Kinds        []web.Option
	Result       bool // which one is known
	Name, Body   string
	Path         string
	Found        string // what was found, in words
	Asked, Wrong string // the receipt number
	Terms        []appealTerm
}

// An appealTerm is what comes of one kind of appeal, and when.
type appealTerm struct{ Kind, For, When string }

// registerAppeals adds the pages of appeals. Nobody keeps a copy of them.
func (s *server) registerAppeals(m *web.Mux) {
	m.Public("GET /appeals", private(s.appeal))
	m.Public("POST /appeals", private(s.sendAppeal))
	m.Public("GET /appeals/{code}", private(s.appealByCode))
	m.Public("POST /appeals/{code}/add", private(s.addToAppeal))
	m.Public("POST /appeals/{code}/retract", private(s.retractAppeal))
}

// appealFor says what each kind is for.
var appealFor = map[inspect.AppealKind]string{
	inspect.AppealObjection: "认为公示的结果与事实不符。核实有误的，予以更正",
	inspect.AppealReply:     "对结果没有异议，但要说明情况。核对后在结果旁公示您的说明",
	inspect.AppealRepairing: "问题已经改正，公示已满最短期限。予以修复的，不再公示结果",
}

// appeal is the form about a published result, and the way to what came of one.
func (s *server) appeal(w http.ResponseWriter, r *http.Request) error {
	v := appealView{}
	for _, c := range inspect.AppealKinds {
		take, decide, correct := inspect.AppealTerms(inspect.AppealKind(c.Value))
		x := appealTerm{c.Text, appealFor[inspect.AppealKind(c.Value)] + "。", fmt.Sprintf("%d 个工作日内决定是否受理，受理后 %d 个工作日内答复", take, decide)}
		if correct > 0 {
			x.When += fmt.Sprintf("，核实有误的 %d 个工作日内更正", correct)
		}
		v.Terms = append(v.Terms, x)
		v.Kinds = append(v.Kinds, web.Option{Value: c.Value, Text: c.Text, Note: appealFor[inspect.AppealKind(c.Value)]})
	}
	if code := asked(r.URL.Query().Get("code")); code != "" {
		if _, err := s.db.AppealByCode(r.Context(), public, code); err == nil {
			http.Redirect(w, r, "/appeals/"+inspect.ReadVisitCode(code), http.StatusSeeOther)
			return nil
		} else if !errors.Is(err, inspect.ErrMissing) {
			return err
		}
		v.Asked, v.Wrong = code, "没有这个受理编号。请照提交后给出的受理编号重新输入。"
		r = web.WithStatus(r, http.StatusNotFound)
	}
	fields := appealFields{Token: web.NewID(), Result: cmp.Or(r.PostFormValue("result"), r.URL.Query().Get("result")), Kind: string(inspect.AppealObjection)}
	if kind := r.URL.Query().Get("kind"); kind != "" {
		fields.Kind = kind
	}
	p, err := s.readResult(r.Context(), fields.Result)
	switch {
	case errors.Is(err, inspect.ErrMissing) || err == nil && p.gone(): // what to appeal against is chosen first
	case err != nil:
		return err
	default:
		v.Result, v.Name, v.Body, v.Path = true, p.bodies[0].Name, p.bodies[0].Body, resultPath(p.editions[0].Result)
		for _, item := range p.bodies[0].Items {
			v.Found += item.Name + "：" + exchange.ResultText(item) + "。"
		}
	}
	v.Form = web.FormTo(r, "/appeals", &fields, "token", "result")
	return appealPage.Show(w, r, v)
}

// sendAppeal takes the form in, and shows the receipt number with the password, once.
func (s *server) sendAppeal(w http.ResponseWriter, r *http.Request) error {
	var fields appealFields
	files, err := s.sentAppeal(w, r, &fields, "text", func() (trap, token string) { return fields.Website, fields.Token })
	if err == nil {
		err = s.Appeals.Receive(r.Context(), inspect.AppealSent{
			Form: fields.Token, Result: inspect.ResultID(fields.Result), Kind: inspect.AppealKind(fields.Kind), Typed: fields.Code, Files: files,
			Words: inspect.FeedbackText{Text: fields.Text, Name: fields.Name, Contact: fields.Contact},
		})
	}
	if err == nil {
		id := inspect.AppealID(inspect.OwnID(fields.Token, "appeal"))
		return s.showAppeal(w, r, inspect.AppealCode(id), inspect.AppealPassword(fields.Token))
	}
	if !mendable(err) {
		return err
	}
	return s.appeal(w, web.WithFailure(r, err))
}

// appealByCode shows how far an appeal is to whoever has its receipt number, and nothing
// of what was sent. Who has the password too adds to it and withdraws it.
func (s *server) appealByCode(w http.ResponseWriter, r *http.Request) error {
	return s.showAppeal(w, r, r.PathValue("code"), "")
}
