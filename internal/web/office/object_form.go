package office

import (
	"errors"
	"net/http"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var objectFormPage = web.NewPage[objectFormView](files, "object_form.html")

type objectFormView struct {
	Title    string
	Crumbs   []web.Link
	Back     string
	Form     web.Form
	Warnings []string // what may be wrong with what stands in the form, and may be kept
	Existing bool

	Kinds, Statuses, Towns, Risks []web.Option
}

// newObject shows the empty form of an object.
func (s *server) newObject(w http.ResponseWriter, r *http.Request) error {
	if !mayPutObject(web.Actor(r)) {
		return inspect.ErrDenied.With(inspect.ObjectPut.Text())
	}
	return s.objectForm(w, r, inspect.Object{Kind: inspect.Enterprise, Status: inspect.ObjectActive, Sourced: s.today()})
}

// editObject shows the form of an object of the reader's department.
func (s *server) editObject(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	o, err := s.db.Object(r.Context(), who.Scope(), objectNo(r.PathValue("no")))
	switch {
	case err != nil:
		return err
	case !mayPutObject(who) || o.Owner != who.Org.ID:
		return inspect.ErrObjectForeign
	case !o.Status.Answers():
		return inspect.ErrStep.With(inspect.ObjectPut.Text())
	}
	return s.objectForm(w, r, o)
}

func (s *server) objectForm(w http.ResponseWriter, r *http.Request, o inspect.Object) error {
	who := web.Actor(r)
	areas, err := s.db.Areas(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v := objectFormView{
		Title: "登记检查对象", Back: "/office/objects", Existing: o.No > 0,
		Form:  web.FormOf(r, putOf(o), "object", "seen"),
		Kinds: web.Options(inspect.ObjectKinds), Statuses: web.Options(inspect.ObjectStatuses), Towns: web.Options(areas),
	}
	for _, class := range inspect.RiskClasses {
		v.Risks = append(v.Risks, web.Option{Value: string(class), Text: string(class) + " 类"})
	}
	v.Crumbs = []web.Link{{Text: "检查对象名录库", Href: "/office/objects"}}
	v.Form.Then = v.Back
	if v.Existing {
		v.Title, v.Back = o.Name, "/office/objects/"+o.No.String()
		v.Crumbs = append(v.Crumbs, web.Link{Text: o.No.String() + " 号", Href: v.Back})
		v.Form.Then = v.Back
	}
	v.Crumbs = append(v.Crumbs, web.Link{Text: map[bool]string{true: "修改", false: "登记"}[v.Existing]})
	v.Warnings = s.objectWarnings(r, o)
	return objectFormPage.Show(w, r, v)
}

// objectWarnings says what may be wrong with the code or the industry: of what
// was typed, if the form came back, else of what is on record.
func (s *server) objectWarnings(r *http.Request, o inspect.Object) []string {
	if failed := web.Failed(r); failed != nil {
		o.Kind, o.Code, o.Industry = inspect.ObjectKind(failed.Values.Get("kind")), failed.Values.Get("code"), failed.Values.Get("industry")
	}
	_, warnings, err := o.Tidy(s.today())
	var ps inspect.Problems
	if errors.As(err, &ps) && o.Code == "" {
		return nil
	}
	var texts []string
	for _, p := range warnings {
		texts = append(texts, p.Error())
	}
	return texts
}

func putOf(o inspect.Object) act.PutObject {
	return act.PutObject{
		Object: o.No, Seen: o.Version, Kind: o.Kind, Code: o.Code, RegNo: o.RegNo, Name: o.Name, Status: o.Status,
		LegalRep: o.LegalRep, Phone: o.Phone, Liaison: o.Liaison, LiaisonPhone: o.LiaisonPhone, Address: o.Address, Town: o.Town,
		Scope: o.Scope, Industry: o.Industry, Established: o.Established, Authority: o.Authority, Station: o.Station,
		Risk: o.Risk, RiskSource: o.RiskSource, RiskOn: o.RiskOn, Source: o.Source, Sourced: o.Sourced,
	}
}
