package portal_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/act"
	"suicha/internal/blob"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/rig"
	"suicha/internal/web"
	"suicha/internal/web/portal"
)

// names are the persons of the fixture. None may ever stand on a public page.
var names = []string{"李科长", "王局长", "孙警官", "钱局长", "周主任", "吴市长", "郑主任", "清单员", "安全管理员", "系统管理员"}

// secrets are what was said on the way: opinions are not for the public.
const secret = "此意见不对外"

// A county is an installation with plans in every state, its log, and its site.
type county struct {
	*rig.Office
	signer   *ledger.Signer
	policy   string
	witness  *keys.Cosigner
	watched  *keys.Verifier
	own      inspect.PlanID // published, adjusted once
	adjusted inspect.PlanID // the adjustment, in force
	joint    inspect.PlanID // published
	draft    inspect.PlanID
	filed    inspect.PlanID
	server   *httptest.Server
	draws    portal.Draws
}

// newCounty lets three departments and the office plan the year 2026.
func newCounty(o *rig.Office) *county {
	o.Helper()
	c := &county{Office: o}
	c.makeKeys()
	li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	sun, qian := o.Clerk("孙警官", "gaj"), o.Leader("钱局长", "gaj")
	c.own = o.Filed(li, wang, 2026)
	c.publish(c.own, wang)
	c.adjust(li, wang)
	c.filed = o.Filed(sun, qian, 2026)
	c.draft = o.Filled(o.Clerk("郑主任", "wjw"), 2026)
	o.LedFiled(li, wang, 2026, sun)
	c.jointPlan()
	c.seal()
	return c
}

func (c *county) publish(id inspect.PlanID, by inspect.Actor) {
	c.Helper()
	p := c.Plan(id)
	c.Done(by, act.PublishPlan{Plan: id, Seen: p.Version, Number: p.Number})
}

// adjust makes and publishes the second edition of the own plan: one line more,
// one changed.
func (c *county) adjust(clerk, leader inspect.Actor) {
	c.Helper()
	c.Now = c.Now.Add(90 * 24 * time.Hour)
	c.adjusted = rig.ID[inspect.PlanID](c.Name() + "adjusted")
	c.Done(clerk, act.AmendPlan{Plan: c.own, Seen: c.Plan(c.own).Version, Next: c.adjusted, Reason: "省里新增专项任务"})
	first := c.Line(c.adjusted, "scjg")
	first.No, first.Ratio = 1, "8%"
	c.Done(clerk, first)
	second := c.Line(c.adjusted, "scjg")
	second.Name, second.Field, second.Scope = `=HYPERLINK("http://x.example","点我")`, "特种设备", "<b>使用单位</b>"
	second.Months, second.Frequency = []string{"3", "11"}, 2
	c.Done(clerk, second)
	c.Done(clerk, act.SubmitPlan{Plan: c.adjusted, Seen: c.Plan(c.adjusted).Version})
	c.Done(leader, act.ApprovePlan{Plan: c.adjusted, Seen: c.Plan(c.adjusted).Version, Opinion: secret})
	c.Done(clerk, act.FilePlan{Plan: c.adjusted, Seen: c.Plan(c.adjusted).Version})
	c.publish(c.adjusted, leader)
}

func (c *county) jointPlan() {
	c.Helper()
	zhou, head := c.Clerk("周主任", "lhb"), c.Leader("郑主任", "lhb")
	mayor := c.Someone("吴市长", inspect.Convener, "zf")
	c.joint = c.Drafted(zhou, inspect.PlanJoint, 2026)
	c.Done(zhou, act.MergePlans{Plan: c.joint, Seen: c.Plan(c.joint).Version})
	c.Done(zhou, act.SubmitPlan{Plan: c.joint, Seen: c.Plan(c.joint).Version})
	c.Done(mayor, act.RatifyPlan{Plan: c.joint, Seen: c.Plan(c.joint).Version, Opinion: secret})
	c.publish(c.joint, head)
}

// makeKeys makes the log's two keys and a witness's, always the same.
func (c *county) makeKeys() {
	c.Helper()
	made := func(kind keys.Kind, name string, seed byte) (string, string) {
		skey, vkey, err := keys.Generate(kind, name, bytes.NewReader(bytes.Repeat([]byte{seed}, 32)))
		if err != nil {
			c.Fatal(err)
		}
		return skey, vkey
	}
	ed, edv := made(keys.LogEd25519, "log.example/suicha", 1)
	gm, gmv := made(keys.LogSM2, "log.example/suicha", 2)
	w, wv := made(keys.WitnessEd25519, "jiwei.example/w", 3)
	edSigner, err1 := keys.ParseSigner(ed)
	gmSigner, err2 := keys.ParseSigner(gm)
	witness, err3 := keys.ParseCosigner(w)
	watched, err4 := keys.ParseVerifier(wv)
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			c.Fatal(err)
		}
	}
	signer, err := ledger.NewSigner(edSigner, gmSigner)
	if err != nil {
		c.Fatal(err)
	}
	c.signer, c.witness, c.watched = signer, witness, watched
	c.policy = "log " + edv + "\nrequire " + gmv + "\nwitness 海阳市纪委监委 " + wv + "\nquorum none\n"
}

// seal takes all entries into the log and signs it.
func (c *county) seal() {
	c.Helper()
	_, err := c.Store.Log.Extend(c.Context(), c.Now, func(last, next ledger.Head, proof []ledger.Hash) ([]byte, error) {
		return c.signer.Sign(last, next, proof)
	})
	if err != nil {
		c.Fatal(err)
	}
}

// open starts the site; base is what it calls itself.
func (c *county) open() string {
	c.Helper()
	var handler http.Handler
	c.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	c.Cleanup(c.server.Close)
	handler = c.site(c.server.URL)
	return c.server.URL
}

func (c *county) site(base string) http.Handler {
	m := web.NewMux(web.Config{
		Hosts: []string{"127.0.0.1"},
		Who:   func(*http.Request) (inspect.Actor, bool) { return inspect.Actor{}, false },
		Frame: func(*http.Request, web.Area) (web.Frame, error) {
			return web.Frame{
				Region: "海阳市", Site: "海阳市双随机抽查公开平台", Menu: portal.Menu(),
				Foot: web.Foot{
					Sponsor: "海阳市部门联合“双随机、一公开”监管工作联席会议办公室", Address: "海阳市市场监督管理局",
					Phone: "0535-0000 370", Hours: "工作日 8:30—17:30", Code: "3706870000（演示）", Links: portal.Links(),
				},
			}, nil
		},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if c.draws == nil {
		c.draws = portal.Record{DB: c.Store.DB, Region: rig.Region}
	}
	portal.Register(m, portal.Options{
		DB: c.Store.DB, Log: c.Store.Log, Region: rig.Region, Place: "海阳市", Base: base, Policy: c.policy, Draws: c.draws, Areas: []inspect.Choice{{Value: "370687001", Text: "方圆街道"}},
		Now: func() time.Time { return c.Now }, Client: func(r *http.Request) string { return "reader" }, Feedback: c.feedback, Appeals: c.appeals(), Recusal: c.recuse, Sign: c.sign,
	})
	return m.Handler()
}

// sign signs what leaves, as the program does.
func (c *county) sign(kind string, data []byte) ([]byte, error) {
	signer, _, err := rig.LogKey()
	if err != nil {
		return nil, err
	}
	return signer.SignEnvelope(kind, data)
}

// feedback takes in what a form brought, as the program does.
func (c *county) feedback(ctx context.Context, form string, f inspect.Feedback, words inspect.FeedbackText) error {
	request, command := act.FeedbackForm(form, f, words)
	_, err := c.Desk.Do(ctx, request, inspect.System(rig.Region), command)
	return err
}

// appeals do what the forms of appeals ask for, as the program does, with files in a
// folder of the test.
func (c *county) appeals() portal.AppealForms {
	c.Helper()
	folder, err := blob.Open(c.TempDir(), func() time.Time { return c.Now })
	if err != nil {
		c.Fatal(err)
	}
	do := func(ctx context.Context, request string, command act.Command) error {
		_, err := c.Desk.Do(ctx, request, inspect.System(rig.Region), command)
		return err
	}
	return portal.AppealForms{
		Receive: func(ctx context.Context, x inspect.AppealSent) error {
			request, command := act.AppealForm(x.Form, x.Result, x.Kind, x.Typed, x.Words, x.Files...)
			return do(ctx, request, command)
		},
		Add: func(ctx context.Context, x inspect.AppealSent) error {
			request, command := act.AddForm(x)
			return do(ctx, request, command)
		},
		Retract: func(ctx context.Context, x inspect.AppealSent) error {
			request, command := act.RetractForm(x)
			return do(ctx, request, command)
		},
		Keep: func(r io.Reader) (inspect.AppealFile, error) {
			file, err := folder.Put("public-forms", web.NewID(), r)
			kept := inspect.AppealFile{SHA256: file.SHA256, Size: file.Size, Type: file.Type}
			if err == nil {
				c.Holds(kept)
			}
			return kept, err
		},
	}
}

func (c *county) recuse(ctx context.Context, form string, f portal.RecusalForm) error {
	request, command := act.RecusalForm(form, f.Team, f.Visit, f.Out, f.Cause, f.Words)
	_, err := c.Desk.Do(ctx, request, inspect.System(rig.Region), command)
	return err
}

// An answer is what the site said.
type answer struct {
	status int
	header http.Header
	body   string
}

// get asks the site for a path, without following redirects.
func (c *county) get(path string, headers ...string) answer {
	c.Helper()
	r, err := http.NewRequestWithContext(c.Context(), http.MethodGet, c.server.URL+path, nil)
	if err != nil {
		c.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return c.do(r)
}

func (c *county) do(r *http.Request) answer {
	c.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := client.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		c.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, string(body)}
}

// page asks for a path that must be there.
func (c *county) page(path string) string {
	c.Helper()
	got := c.get(path)
	if got.status != http.StatusOK {
		c.Fatalf("%s: %d\n%.600s", path, got.status, got.body)
	}
	return got.body
}

// both runs a story in a county on both databases.
func both(t *testing.T, story func(c *county)) {
	t.Helper()
	rig.Both(t, func(o *rig.Office) {
		c := newCounty(o)
		c.open()
		story(c)
	})
}

// shows fails the test for each text that a page lacks.
func (c *county) shows(path string, texts ...string) {
	c.Helper()
	page := c.page(path)
	for _, text := range texts {
		if !strings.Contains(page, text) {
			c.Errorf("%s does not show %q", path, text)
		}
	}
}

// cosigned signs a head and lets the witness sign it too.
func (c *county) cosigned(last, next ledger.Head, proof []ledger.Hash) ([]byte, error) {
	signed, err := c.signer.Sign(last, next, proof)
	if err != nil {
		return nil, err
	}
	text, err := ledger.Checkpoint{Origin: c.signer.Origin(), Head: next}.Text()
	if err != nil {
		return nil, err
	}
	line, err := note.Sign(&note.Note{Text: text}, c.witness.At(c.Now))
	if err != nil {
		return nil, err
	}
	return ledger.AddCosignature(signed, line[len(text)+1:], c.watched)
}
