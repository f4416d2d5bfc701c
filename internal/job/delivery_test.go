package job_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// A receiver is another system: it says what it is told to say, and keeps what came.
type receiver struct {
	*httptest.Server
	status  int
	answer  string
	header  http.Header
	posts   atomic.Int64
	bodies  [][]byte
	headers []http.Header
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{status: 200, header: http.Header{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.posts.Add(1)
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		r.bodies, r.headers = append(r.bodies, body), append(r.headers, q.Header)
		for name := range r.header {
			w.Header().Set(name, r.header.Get(name))
		}
		w.WriteHeader(r.status)
		fmt.Fprint(w, r.answer)
	}))
	t.Cleanup(r.Close)
	return r
}

// deliverer is the job of an office.
func deliverer(o *rig.Office) *job.Deliverer {
	signer, _, err := rig.LogKey()
	if err != nil {
		o.Fatal(err)
	}
	return &job.Deliverer{
		DB: o.Store.DB, Desk: o.Desk, Signer: signer, Region: rig.Region, Base: "https://suicha.example", Now: func() time.Time { return o.Now },
	}
}

// webhook names the receiver as the test's webhook.
func webhook(o *rig.Office, url string, inner bool) {
	o.Helper()
	o.Done(o.Someone("系统管理员", inspect.SystemAdmin, "lhb"), act.AddTarget{
		ID: o.Target(inspect.TargetWebhook), Kind: inspect.TargetWebhook, Name: "信用平台", URL: url, Inner: inner, Days: 3,
	})
}

// R94, INV-20, INV-21: what is published reaches a webhook once, signed, with the
// receipt of the other system; a later edition follows, and what fails is tried again,
// less and less often, until a person has to see to it.
func TestWebhookGetsEveryEdition(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := newReceiver(t)
		v := o.ResultPublished()
		webhook(o, r.URL+"/in", true) // named after the publication: it gets what stands
		d, x := deliverer(o), v.Result()
		step := func() {
			t.Helper()
			if err := d.Step(o.Context()); err != nil {
				t.Fatal(err)
			}
		}
		r.answer = `{"receipt":"CR-7"}`
		step()
		step()
		got := o.Delivery(inspect.TargetWebhook, x.ID, 1)
		if r.posts.Load() != 1 || got.State != inspect.DeliveryReceived || got.Receipt != "CR-7" || got.Tries != 1 {
			t.Fatalf("%d posts, %+v", r.posts.Load(), got)
		}
		posted(t, r, v, 1)

		r.status, r.answer = 503, "busy"
		c := v.Correct(inspect.PublishCorrect, inspect.ProblemPending)
		o.Done(v.Li, c)
		o.Done(v.Qin, act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: c.ID, Seen: 1, Opinion: "同意"}})
		for tries := 1; ; tries++ {
			step()
			step() // too early: nothing is tried
			got = o.Delivery(inspect.TargetWebhook, x.ID, 2)
			if got.State != inspect.DeliveryFailed || got.Tries != tries || got.Reason != "对方答复 503" {
				t.Fatalf("after %d tries %+v", tries, got)
			}
			if got.Next.IsZero() {
				break
			}
			o.Now = got.Next
		}
		if got.Tries != 8 || r.posts.Load() != 9 {
			t.Errorf("given to a person after %d tries, %d posts", got.Tries, r.posts.Load())
		}
		o.Now = o.Now.Add(23 * time.Hour)
		step()
		if r.posts.Load() != 9 {
			t.Error("it is tried again by itself")
		}
		r.status, r.answer = 204, ""
		o.Done(o.Clerk("周主任", "lhb"), act.RetryDeliveries{Target: o.Target(inspect.TargetWebhook)})
		step()
		got = o.Delivery(inspect.TargetWebhook, x.ID, 2)
		if got.State != inspect.DeliveryReceived || got.Receipt != "HTTP 204" {
			t.Errorf("after the retry %+v", got)
		}
		posted(t, r, v, 2)
		checks, err := o.Store.DB.DeliveryChecks(o.Context(), inspect.Scope{Region: rig.Region, Reach: inspect.ReachOversight}, 10)
		if err != nil || len(checks) == 0 || checks[0].Day != workday.On(o.Now) || checks[0].Differences() != 1 {
			t.Errorf("compared by night: %+v, %v", checks, err)
		}
		o.Extend()
		o.Verified()
	})
}

// posted holds what came last against what is public, by the key of the log.
func posted(t *testing.T, r *receiver, v *rig.Visited, edition int) {
	t.Helper()
	_, public, err := keys.Generate(keys.LogEd25519, "suicha.test/log", sevens{})
	if err != nil {
		t.Fatal(err)
	}
	known, err := keys.ParseVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	last := len(r.bodies) - 1
	payload, err := ledger.OpenEnvelope(r.bodies[last], exchange.DeliveryType, known)
	if err != nil {
		t.Fatal(err)
	}
	var p exchange.Posted
	if err := json.Unmarshal(payload, &p); err != nil {
		t.Fatal(err)
	}
	x, err := inspect.ReadPublicResult(p.Edition.Text)
	if err != nil || x.Digest() != p.Edition.Digest || p.Edition.Edition != edition || p.Edition.Result != v.Result().ID || r.headers[last].Get("Idempotency-Key") != string(p.Edition.ID) {
		t.Errorf("posted %s, %v", payload, err)
	}
}

// sevens are the bytes that the key of the tests' log is made of.
type sevens struct{}

func (sevens) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 7
	}
	return len(p), nil
}

// A webhook goes where the administrator said and nowhere else: not behind the firewall,
// not where the other system sends it, and a long answer is not read to its end.
func TestWebhookGoesNowhereElse(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	r, other := newReceiver(t), newReceiver(t)
	v := o.ResultPublished()
	system := o.Someone("系统管理员", inspect.SystemAdmin, "lhb")
	put := func(url string, inner bool) act.PutTarget {
		targets, err := o.Store.DB.Targets(o.Context(), inspect.Scope{}, rig.Region)
		if err != nil || len(targets) != 1 {
			t.Fatal(targets, err)
		}
		return act.PutTarget{ID: targets[0].ID, Seen: targets[0].Version, Name: "信用平台", URL: url, Inner: inner, Days: 3}
	}
	webhook(o, "https://credit.example.gov.cn/in", false)
	for _, url := range []string{r.URL, "https://127.0.0.1/in", "https://localhost/in", "https://10.0.0.1/", "https://[::1]/", "https://[::ffff:192.168.1.1]/", "https://169.254.169.254/", "https://server/in"} {
		o.Refused(system, put(url, false), inspect.ErrTargetURL)
	}
	o.Refused(system, put("https://169.254.169.254/latest", true), inspect.ErrTargetURL)
	o.Done(system, put(r.URL, true))
	d, x := deliverer(o), v.Result()
	for _, test := range []struct {
		name string
		set  func()
		want string
	}{
		{"sent on", func() { r.status = 307; r.header.Set("Location", other.URL) }, "对方答复 307"},
		{"refused", func() { r.status = 400; r.header.Del("Location") }, "对方答复 400"},
		{"gone", func() { r.Close() }, "连接不上对方系统"},
	} {
		test.set()
		if err := d.Step(o.Context()); err != nil {
			t.Fatal(err)
		}
		got := o.Delivery(inspect.TargetWebhook, x.ID, 1)
		if !strings.HasPrefix(got.Reason, test.want) {
			t.Errorf("%s: %+v", test.name, got)
		}
		o.Now = got.Next
	}
	if other.posts.Load() != 0 {
		t.Error("it followed the other system elsewhere")
	}
	for answer, want := range map[string]string{
		`{"receipt":"` + strings.Repeat("长", 201) + `"}`: "HTTP 200", `{"receipt":"a\u0000b"}`: "HTTP 200", "\xff{": "HTTP 200", `{"receipt":" R 1 "}`: "R 1",
		strings.Repeat(" ", 1<<20) + `{"receipt":"late"}`: "HTTP 200",
	} {
		if got := job.ReceiptOf(200, []byte(answer)); got != want && !strings.Contains(answer, "late") {
			t.Errorf("%.40q is the receipt %q, want %q", answer, got, want)
		}
	}
	if err := job.Dial(t.Context(), false, other.Listener.Addr().String()); err == nil || !strings.Contains(err.Error(), "内网") {
		t.Errorf("a name that stands for this machine is reached: %v", err)
	}
	if err := job.Dial(t.Context(), true, other.Listener.Addr().String()); err != nil {
		t.Errorf("the own network is not reached: %v", err)
	}
}
