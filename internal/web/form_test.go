package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

// A stamped is a type that reads itself from text.
type stamped struct{ time.Time }

func (s *stamped) UnmarshalText(text []byte) (err error) {
	s.Time, err = time.Parse(time.DateOnly, string(text))
	return err
}

// inner stands inside a command.
type inner struct {
	Kind  string `json:"kind"`
	Count uint8  `json:"count"`
}

// command has a field of every kind that a form can fill.
type command struct {
	Plan    inspect.PlanID   `json:"plan"`
	Seen    int64            `json:"seen"`
	Opinion string           `json:"opinion" label:"意见"`
	Public  bool             `json:"public"`
	Day     stamped          `json:"day" label:"日期"`
	Items   []inspect.ItemID `json:"items"`
	Months  []int            `json:"months"`
	Ratio   inner            `json:"ratio"`
	Skipped string           `json:"-"`
}

func (command) Verb() inspect.Verb { return inspect.PlanApprove }

func TestDecodeForm(t *testing.T) {
	day := func(text string) stamped {
		d, _ := time.Parse(time.DateOnly, text)
		return stamped{d}
	}
	for _, test := range []struct {
		form string
		want command
		err  error
		at   string
	}{
		{form: "", want: command{}},
		{form: "request=r&page=/p&form=f&confirm=c&expect=e", want: command{}},
		{form: "plan=p1&seen=3&opinion=%E5%90%8C%E6%84%8F", want: command{Plan: "p1", Seen: 3, Opinion: "同意"}},
		{form: "opinion=a%0D%0Ab%09c", want: command{Opinion: "a\nb\tc"}},
		{form: "seen=1%2C207", want: command{Seen: 1207}},
		{form: "seen=%EF%BC%91%EF%BC%92+", want: command{Seen: 12}}, // １２
		{form: "seen=-5", want: command{Seen: -5}},
		{form: "seen=", want: command{}},
		{form: "public=on", want: command{Public: true}},
		{form: "public=false", want: command{}},
		{form: "day=2026-11-24", want: command{Day: day("2026-11-24")}},
		{form: "day=", want: command{}},
		{form: "items=a&items=&items=b", want: command{Items: []inspect.ItemID{"a", "b"}}},
		{form: "months=6&months=11", want: command{Months: []int{6, 11}}},
		{form: "ratio.kind=percent&ratio.count=5", want: command{Ratio: inner{"percent", 5}}},

		{form: "opnion=x", err: inspect.ErrUnknown, at: "opnion"},
		{form: "Opinion=x", err: inspect.ErrUnknown, at: "Opinion"},
		{form: "Skipped=x", err: inspect.ErrUnknown, at: "Skipped"},
		{form: "ratio=x", err: inspect.ErrUnknown, at: "ratio"},
		{form: "a%00b=x", err: inspect.ErrUnknown, at: "a□b"},
		{form: "opinion=a&opinion=b", err: inspect.ErrTwice, at: "opinion"},
		{form: "seen=1&seen=1", err: inspect.ErrTwice, at: "seen"},
		{form: "request=a&request=b", err: inspect.ErrTwice, at: "request"},
		{form: "opinion=a%00b", err: inspect.ErrControl, at: "opinion"},
		{form: "opinion=a%1Bb", err: inspect.ErrControl, at: "opinion"},
		{form: "opinion=%FF", err: inspect.ErrControl, at: "opinion"},
		{form: "plan=%C2%85", err: inspect.ErrControl, at: "plan"},
		{form: "seen=x", err: ErrNumber, at: "seen"},
		{form: "seen=1,2", err: ErrNumber, at: "seen"},
		{form: "seen=1.5", err: ErrNumber, at: "seen"},
		{form: "seen=9223372036854775808", err: ErrNumber, at: "seen"},
		{form: "ratio.count=256", err: ErrNumber, at: "ratio.count"},
		{form: "ratio.count=-1", err: ErrNumber, at: "ratio.count"},
		{form: "months=6&months=x", err: ErrNumber, at: "months"},
		{form: "public=maybe", err: inspect.ErrChoice, at: "public"},
		{form: "day=2026-13-01", err: ErrFormat, at: "day"},
		{form: "opinion=" + strings.Repeat("a", valueMost+1), err: ErrTooLarge},
		{form: strings.Repeat("items=a&", valuesMost+1), err: ErrTooLarge},
	} {
		values, err := url.ParseQuery(test.form)
		if err != nil {
			t.Fatal(err)
		}
		var got command
		err = DecodeForm(values, &got)
		if test.err == nil {
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("%s: got %+v, %v, want %+v", test.form, got, err, test.want)
			}
			continue
		}
		if !errors.Is(err, test.err) || problemsOf(err)[0].Field != test.at {
			t.Errorf("%.60s: got %v at %q, want %v at %q", test.form, err, problemsOf(err)[0].Field, test.err, test.at)
		}
	}
}

func TestAllProblemsOfAFormComeTogether(t *testing.T) {
	var c command
	err := DecodeForm(url.Values{"seen": {"x"}, "day": {"y"}, "what": {"z"}}, &c)
	if ps := problemsOf(err); len(ps) != 3 || ps[0].Field != "seen" || ps[1].Error() != "日期的格式不对。请按提示的样子填写。" {
		t.Errorf("got %v", ps)
	}
}

func TestACommandThatNoFormCanFillIsAFault(t *testing.T) {
	for _, cmd := range []any{&struct{ M map[string]string }{}, &struct{ F float64 }{}, &struct{ L [][]string }{}, struct{}{}, 7} {
		if err := DecodeForm(nil, cmd); err == nil || len(problemsOf(err)) == 1 && problemsOf(err)[0].Kind != inspect.Internal {
			t.Errorf("%T: got %v", cmd, err)
		}
	}
}

func FuzzDecodeForm(f *testing.F) {
	for _, seed := range []string{"plan=p&seen=3", "items=a&items=b", "months=%EF%BC%91", "day=2026-11-24", "ratio.count=5", "opinion=%00", "%ff=%ff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		var c command
		if err := DecodeForm(values, &c); err != nil {
			for _, p := range problemsOf(err) {
				if p.Kind != inspect.Invalid || hidden(p.Error()) || hidden(p.Field) {
					t.Errorf("%q: problem %q at %q", text, p.Error(), p.Field)
				}
			}
			return
		}
		if hidden(string(c.Plan)) || hidden(c.Opinion) {
			t.Errorf("%q let something unseen through", text)
		}
	})
}

// desk does what its field says.
type desk struct {
	do   func(cmd *command) error
	asks []string
}

func (d *desk) Command(v inspect.Verb) (any, bool) { return &command{}, v == inspect.PlanApprove }

func (d *desk) Do(_ context.Context, request string, _ inspect.Actor, cmd any) (Receipt, error) {
	d.asks = append(d.asks, request)
	return Receipt{N: 41}, d.do(cmd.(*command))
}

type planView struct{ Form Form }

var planPage = NewPage[planView](planFiles, "plan.html")

func actSite(do func(*command) error) (*Mux, *desk) {
	m, d := site(), &desk{do: do}
	m.Acts(d)
	m.Page("GET /plan", inspect.PlanRead, func(w http.ResponseWriter, r *http.Request) error {
		return planPage.Show(w, r, planView{FormOf(r, command{Plan: "p1", Seen: 8}, "plan", "seen")})
	})
	return m, d
}

func post(m *Mux, path string, values url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://suicha.example"+path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, r)
	return w
}

func approval(more ...string) url.Values {
	v := url.Values{"plan": {"p1"}, "seen": {"7"}, "opinion": {"同意"}, "request": {"r1"}, "page": {"/plan?tab=2"}, "form": {"plan-approve"}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

func TestAnActGoesBackToItsPageWithTheReceipt(t *testing.T) {
	m, d := actSite(func(c *command) error {
		if c.Plan != "p1" || c.Seen != 7 || c.Opinion != "同意" {
			t.Errorf("the desk was given %+v", c)
		}
		return nil
	})
	w := post(m, "/act/plan.approve", approval())
	if w.Code != 303 || w.Header().Get("Location") != "/plan?done=41&tab=2" || d.asks[0] != "r1" {
		t.Errorf("got %d to %q, request %v", w.Code, w.Header().Get("Location"), d.asks)
	}
	if page := get(t, m, w.Header().Get("Location")).Body.String(); !strings.Contains(page, "A3D8-52F6") {
		t.Error("the page does not show the receipt")
	}
}

func TestAFailedActKeepsWhatWasEntered(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		want   []string
	}{
		{inspect.ErrOpinion, 422, []string{`aria-invalid="true"`, `href="#plan-approve-opinion"`, inspect.ErrOpinion.Text, `aria-describedby="plan-approve-opinion-error`}},
		{inspect.ErrStale, 409, []string{"他人已经修改", `name="seen" value="8"`, "您填写的内容"}}, // the new version
		{inspect.ErrOwnWork, 409, []string{"不能审批本人编制"}},
		{inspect.ErrStepUp, 403, []string{`href="/step-up?next=%2Fplan%3Ftab%3D2"`, "在新窗口验证"}},
	} {
		m, _ := actSite(func(*command) error { return test.err })
		w := post(m, "/act/plan.approve", approval("opinion", `同意<b>"`))
		page := w.Body.String()
		if w.Code != test.status {
			t.Errorf("%v: got %d, want %d", test.err, w.Code, test.status)
		}
		for _, want := range append(test.want, `同意&lt;b&gt;&#34;</textarea>`, `name="page" value="/plan?tab=2"`) {
			if !strings.Contains(page, want) {
				t.Errorf("%v: %s is not on the page", test.err, want)
			}
		}
	}
}

func TestAFailedActHasANewRequestNumber(t *testing.T) {
	m, _ := actSite(func(*command) error { return inspect.ErrOpinion })
	if page := post(m, "/act/plan.approve", approval()).Body.String(); strings.Contains(page, `value="r1"`) || !strings.Contains(page, `name="request"`) {
		t.Error("the form that came back carries the old request number, or none")
	}
}

func TestAFieldThatTheCommandDoesNotHaveIsNotDone(t *testing.T) {
	m, d := actSite(func(*command) error { return nil })
	w := post(m, "/act/plan.approve", approval("opnion", "x"))
	if w.Code != 422 || len(d.asks) > 0 || !strings.Contains(w.Body.String(), "无法识别的内容“opnion”") {
		t.Errorf("got %d, asked %v", w.Code, d.asks)
	}
}

func TestAGraveActIsConfirmedByTyping(t *testing.T) {
	m, d := actSite(func(*command) error { return nil })
	for typed, want := range map[string]int{"370687-2026": 303, "３７０６８７-2026 ": 303, "": 422, "370687-2025": 422} {
		d.asks = nil
		w := post(m, "/act/plan.approve", approval("expect", "370687-2026", "confirm", typed))
		if w.Code != want || (want == 422) != (len(d.asks) == 0) {
			t.Errorf("typed %q: got %d, want %d", typed, w.Code, want)
		}
	}
}

func TestActsThatHaveNoPageToGoBackTo(t *testing.T) {
	for _, test := range []struct {
		name, path string
		values     url.Values
		err        error
		want       int
	}{
		{"no page", "/act/plan.approve", approval("page", ""), nil, 422},
		{"a page of another site", "/act/plan.approve", approval("page", "//evil.example"), nil, 422},
		{"an unknown verb", "/act/plan.burn", approval(), nil, 404},
		{"not allowed", "/act/plan.approve", approval(), inspect.ErrDenied.With("批准"), 403},
		{"not there", "/act/plan.approve", approval(), inspect.ErrMissing, 404},
		{"a fault", "/act/plan.approve", approval(), errors.New("disk full"), 500},
		{"a page that is gone", "/act/plan.approve", approval("page", "/gone"), inspect.ErrOpinion, 404},
		{"a page that does not answer to GET", "/act/plan.approve", approval("page", "/act/plan.approve"), inspect.ErrOpinion, 303},
	} {
		m, _ := actSite(func(*command) error { return test.err })
		if w := post(m, test.path, test.values); w.Code != test.want {
			t.Errorf("%s: got %d, want %d", test.name, w.Code, test.want)
		}
	}
}

func TestABodyThatIsNoFormIsRefused(t *testing.T) {
	m, d := actSite(func(*command) error { return nil })
	for kind, body := range map[string]string{
		"text/plain": approval().Encode(), "application/json": "{}", "": "", "multipart/form-data; boundary=x": "--x--",
		"application/x-www-form-urlencoded":                "a=%zz",
		"application/x-www-form-urlencoded; charset=utf-8": "a=" + strings.Repeat("b", bodyMost),
	} {
		r := httptest.NewRequest("POST", "http://suicha.example/act/plan.approve", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, r)
		if w.Code != 422 && w.Code != 413 || len(d.asks) > 0 {
			t.Errorf("%s: got %d", kind, w.Code)
		}
	}
}

func TestAFormSentAfterTheSessionEndedIsKept(t *testing.T) {
	m, d := actSite(func(*command) error { return nil })
	r := httptest.NewRequest("POST", "http://suicha.example/act/plan.approve", strings.NewReader(approval("opinion", "\"><b>很长的意见").Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Guest", "1")
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, r)
	for _, want := range []string{`action="/act/plan.approve"`, `name="request" value="r1"`, `name="opinion" value="&#34;&gt;&lt;b&gt;很长的意见"`, `target="_blank"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s is not on the page", want)
		}
	}
	if w.Code != 401 || len(d.asks) > 0 {
		t.Errorf("got %d, asked %v", w.Code, d.asks)
	}
}

func TestTwoFormsOfOneVerbAreToldApart(t *testing.T) {
	r := httptest.NewRequest("POST", "/plan", nil)
	r.PostForm = url.Values{"form": {"plan-approve-2"}, "opinion": {"二"}}
	back := WithFailure(r, inspect.ErrOpinion)
	one, two := FormFor(back, "1", command{Opinion: "原"}), FormFor(back, "2", command{Opinion: "原"})
	first, err1 := one.Field("opinion")
	second, err2 := two.Field("opinion")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if first.Value() != "原" || first.Error != "" || second.Value() != "二" || second.Error == "" {
		t.Errorf("got %q (%s) and %q (%s)", first.Value(), first.Error, second.Value(), second.Error)
	}
}

func TestIDsAreUUIDsOfVersion7(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := NewID()
		if !inspect.ValidID(inspect.PlanID(id)) || id[14] != '7' || !strings.ContainsRune("89ab", rune(id[19])) || seen[id] {
			t.Fatalf("%s", id)
		}
		seen[id] = true
	}
}

// A reload, a bookmark or the browser's history may ask for the address that a
// form was sent to. It leads back to the form's page, which says that nothing
// was done.
func TestTheAddressOfAFormLeadsBackToItsPage(t *testing.T) {
	m, d := actSite(func(*command) error { return nil })
	m.Mine("POST /plan/note", func(http.ResponseWriter, *http.Request) error { return nil })
	m.Mine("POST /other/note/now", func(http.ResponseWriter, *http.Request) error { return nil })
	for path, want := range map[string]string{
		"/act/plan.approve?page=%2Fplan%3Ftab%3D2":     "/plan?tab=2&unsent=1",
		"/act/plan.approve?page=%2F%2Fevil.example":    "/office?unsent=1",
		"/act/plan.approve?page=%2Fact%2Fplan.approve": "/office?unsent=1", // which would lead here again
		"/act/plan.approve?page=%2Fgone":               "/office?unsent=1",
		"/act/plan.approve":                            "/office?unsent=1",
		"/plan/note":                                   "/plan?unsent=1",
		"/other/note/now":                              "/office?unsent=1",
		"/look":                                        "/office?unsent=1",
	} {
		w := get(t, m, path)
		if w.Code != 303 || w.Header().Get("Location") != want || len(d.asks) > 0 {
			t.Errorf("GET %s: got %d to %q, want %q", path, w.Code, w.Header().Get("Location"), want)
		}
	}
	page := get(t, m, "/plan?tab=2&unsent=1").Body.String()
	if !strings.Contains(page, "没有办理任何事项") || strings.Contains(page, `value="/plan?tab=2&amp;unsent=1"`) {
		t.Error("the page does not say that nothing was done, or keeps saying it")
	}
	if w := get(t, m, "/look", "Guest", "1"); w.Header().Get("Location") != "/?unsent=1" {
		t.Errorf("a guest is led to %q", w.Header().Get("Location"))
	}
	if w := get(t, m, "/act/plan.approve", "Accept", "application/json"); w.Code != 405 || w.Header().Get("Allow") != "POST" {
		t.Errorf("a program: got %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

// The address that a form is sent to names the form's page, and so does the form
// when it failed and came back.
func TestAFormKnowsItsPageAgain(t *testing.T) {
	m, _ := actSite(func(*command) error { return inspect.ErrOpinion })
	const want = `action="/act/plan.approve?page=%2Fplan%3Ftab%3D2"`
	if page := post(m, "/act/plan.approve?page=%2Fplan%3Ftab%3D2", approval()).Body.String(); !strings.Contains(page, want) {
		t.Errorf("the form that came back lacks %s", want)
	}
}

// R26: people type a share as a percentage; the command counts basis points.
func TestShareIsTypedAsPercentage(t *testing.T) {
	type fields struct {
		Share int64 `json:"share" label:"上限" form:"percent"`
	}
	for _, test := range []struct {
		text string
		want int64
		err  error
	}{{"5%", 500, nil}, {"5", 500, nil}, {"0.5％", 50, nil}, {"", 0, nil}, {"五成", 0, ErrPercent}, {"101%", 0, ErrPercent}} {
		var got fields
		if err := DecodeForm(url.Values{"share": {test.text}}, &got); !errors.Is(err, test.err) || err == nil && got.Share != test.want {
			t.Errorf("%q = %d, %v, want %d, %v", test.text, got.Share, err, test.want, test.err)
		}
	}
	for points, want := range map[int64]string{500: "5%", 50: "0.5%", 0: ""} {
		f := FormTo(httptest.NewRequest("GET", "/", nil), "/x", &fields{points})
		if field, err := f.Field("share"); err != nil || field.Value() != want {
			t.Errorf("%d shows as %q, %v, want %q", points, field.Value(), err, want)
		}
	}
}

// What a form carries for itself is no field of a command: else every such act through a
// page has the field twice, and is refused.
func TestNoCommandTakesTheFormsOwnFields(t *testing.T) {
	for _, c := range act.Commands() {
		slots, err := slotsOf(reflect.TypeOf(c))
		if err != nil {
			continue // no page sends it
		}
		for _, s := range slots {
			if s.name != fieldConfirm && slices.Contains(reserved, s.name) {
				t.Errorf("%T has a field %q", c, s.name)
			}
		}
	}
}
