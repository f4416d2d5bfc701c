package job

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// A Deliverer shares published results with other systems: it opens the deliveries that
// a target lacks, posts to webhooks, and compares every night what is public with what
// was delivered: R94, INV-20, INV-21. Each try is an act. Several may run beside each
// other: a webhook may get an edition twice, and knows it by its id.
type Deliverer struct {
	DB     *store.DB
	Desk   *act.Desk
	Signer *ledger.Signer
	Region string
	Base   string // of the site's addresses
	Now    func() time.Time

	rests map[inspect.TargetID]rest
	whole map[inspect.TargetID]whole
}

// A whole target lacked nothing at a time. What is published later is opened in the act
// that publishes it, and so it is looked at again only after a while: the question reads
// every publication.
type whole struct {
	version int64
	at      time.Time
}

// A rest is how long a target that did not answer is left alone, so that what waits for
// it is not all tried in vain.
type rest struct {
	since, until time.Time
	fails        int
}

// asked reports whether a person asked for the delivery since the rest began.
func (r rest) asked(x store.DeliveryRow) bool {
	last := len(x.Steps) - 1
	return last >= 0 && x.Steps[last].Verb == inspect.DeliverRetry && !x.Steps[last].At.Before(r.since)
}

const (
	deliverEvery   = 5 * time.Second
	openEvery      = 10 * time.Minute
	deliverTimeout = 10 * time.Second
	deliverMost    = 50       // a target at a time
	answerMost     = 16 << 10 // bytes that are read of an answer
	checkHour      = 3        // in China: from then on the day's comparison is due
)

// Run works until ctx ends.
func (d *Deliverer) Run(ctx context.Context) {
	repeat(ctx, deliverEvery, "deliver published results", d.Step)
}

// Step does all there is to do now.
func (d *Deliverer) Step(ctx context.Context) error {
	targets, err := d.DB.Targets(ctx, inspect.Scope{}, d.Region)
	if err != nil {
		return fmt.Errorf("look for targets: %w", err)
	}
	used := false
	for _, t := range targets {
		if t.State != inspect.TargetActive {
			continue
		}
		used = true
		if e := d.open(ctx, t); e != nil {
			err = errors.Join(err, fmt.Errorf("open the deliveries of %s: %w", t.ID, e))
		}
		if t.Kind == inspect.TargetWebhook {
			if e := d.post(ctx, t); e != nil {
				err = errors.Join(err, fmt.Errorf("post to %s: %w", t.ID, e))
			}
		}
	}
	if used {
		err = errors.Join(err, d.check(ctx))
	}
	return err
}

// do carries out an act of the platform. That somebody else did it first is no failure.
func (d *Deliverer) do(ctx context.Context, request string, c act.Command) error {
	_, err := d.Desk.Do(ctx, request, inspect.System(d.Region), c)
	for _, done := range []error{inspect.ErrStep, inspect.ErrStale, inspect.ErrReplayed, inspect.ErrTaken, inspect.ErrDeliveryNone, inspect.ErrHalted} {
		if errors.Is(err, done) {
			return nil
		}
	}
	return err
}

// open opens what a target lacks, so many at a time.
func (d *Deliverer) open(ctx context.Context, t inspect.Target) error {
	if w := d.whole[t.ID]; w.version == t.Version && d.Now().Before(w.at.Add(openEvery)) {
		return nil
	}
	for {
		missing, err := d.DB.MissingDeliveries(ctx, t.ID)
		if err != nil || missing > 0 && d.Desk.Halted() {
			return err
		}
		if missing == 0 {
			if d.whole == nil {
				d.whole = map[inspect.TargetID]whole{}
			}
			d.whole[t.ID] = whole{t.Version, d.Now()}
			return nil
		}
		request := inspect.OwnID(string(t.ID), "open", strconv.FormatInt(missing, 10), d.Now().String())
		if err := d.do(ctx, request, act.OpenDeliveries{Target: t.ID}); err != nil {
			return err
		}
	}
}

// check compares once a day, by night.
func (d *Deliverer) check(ctx context.Context) error {
	now := d.Now()
	day := workday.On(now)
	if now.In(workday.Beijing).Hour() < checkHour {
		return nil
	}
	known, err := d.DB.DeliveryChecks(ctx, inspect.Scope{Region: d.Region, Reach: inspect.ReachOversight}, 1)
	if err != nil || len(known) > 0 && !known[0].Day.Before(day) {
		return err
	}
	return d.do(ctx, inspect.OwnID(d.Region, "delivery-check", day.String()), act.CheckDeliveries{Day: day})
}

// post sends what is due to a webhook, the oldest first. When it does not answer, the
// rest waits.
func (d *Deliverer) post(ctx context.Context, t inspect.Target) error {
	if d.rests == nil {
		d.rests = map[inspect.TargetID]rest{}
	}
	at := d.rests[t.ID]
	due, err := d.DB.DueDeliveries(ctx, t.ID, d.Now(), deliverMost)
	if err != nil || len(due) == 0 || d.Now().Before(at.until) && !slices.ContainsFunc(due, at.asked) {
		return err
	}
	client := webhookClient(t.Inner)
	defer client.CloseIdleConnections()
	for _, x := range due {
		receipt, fault := d.try(ctx, client, t, x)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		request := inspect.OwnID(string(x.ID), "try", strconv.FormatInt(x.Version, 10))
		if fault == "" {
			delete(d.rests, t.ID)
			if err := d.do(ctx, request, act.SendDelivery{Delivery: x.ID, Seen: x.Version, Digest: x.Published.Digest, Receipt: receipt}); err != nil {
				return err
			}
			continue
		}
		at.fails++
		wait, again := inspect.DeliveryWait(at.fails)
		if !again {
			wait, _ = inspect.DeliveryWait(at.fails - 1)
			at.fails--
		}
		at.since, at.until = d.Now(), d.Now().Add(wait)
		d.rests[t.ID] = at
		return d.do(ctx, request, act.FailDelivery{Delivery: x.ID, Seen: x.Version, Reason: fault})
	}
	return nil
}

// try posts one edition, and returns the receipt or what failed, in words for the office.
func (d *Deliverer) try(ctx context.Context, client *http.Client, t inspect.Target, x store.DeliveryRow) (receipt, fault string) {
	body, err := json.Marshal(exchange.Posted{
		Target: t.ID, Sent: d.Now().UTC().Truncate(time.Second),
		Edition: exchange.NewDelivered(x.Delivery, x.Published, d.Base+"/results/"+string(x.Result)),
	})
	if err == nil {
		body, err = d.Signer.SignEnvelope(exchange.DeliveryType, body)
	}
	if err != nil {
		return "", "本平台不能签名，请系统管理员核查"
	}
	ctx, cancel := context.WithTimeout(ctx, deliverTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL, bytes.NewReader(body))
	if err != nil {
		return "", "推送地址无效"
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "suicha")
	req.Header.Set("Idempotency-Key", string(x.ID))
	resp, err := client.Do(req)
	if err != nil {
		return "", postFault(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, answerMost))
	switch {
	case err != nil:
		return "", postFault(err)
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return "", fmt.Sprintf("对方答复 %d，要求转到别的地址，没有照办", resp.StatusCode)
	case resp.StatusCode < 200 || resp.StatusCode >= 300:
		return "", fmt.Sprintf("对方答复 %d", resp.StatusCode)
	}
	return receiptOf(resp.StatusCode, answer), ""
}

// receiptOf is the receipt that an answer names; one that names none, or none that can be
// written down, is a receipt all the same.
func receiptOf(status int, answer []byte) string {
	var said struct {
		Receipt string `json:"receipt"`
	}
	_ = json.Unmarshal(answer, &said) // an answer of another form names no receipt
	var ps inspect.Problems
	if text := inspect.Line(&ps, "receipt", "回执编号", said.Receipt, 200); ps.Err() == nil {
		return text
	}
	return fmt.Sprintf("HTTP %d", status)
}

// errUnreachable is an address that nothing is posted to.
type errUnreachable struct{ error }

// postFault says why nothing was posted, without what the network tells of itself.
func postFault(err error) string {
	var barred errUnreachable
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &barred):
		return "推送地址" + barred.Error()
	case errors.As(err, &certificate):
		return "对方的证书不可信"
	case errors.As(err, &name):
		return "找不到对方的主机名"
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout():
		return "对方没有应答，已超时"
	}
	return "连接不上对方系统"
}

// webhookClient posts to the address that the administrator named and to nowhere else: it
// follows nobody and uses no proxy, and it looks at the machine that a name stands for
// when it connects, so that no name leads behind the firewall.
func webhookClient(inner bool) *http.Client {
	dialer := &net.Dialer{Timeout: deliverTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if err := inspect.ReachableTarget(at.Addr(), inner); err != nil {
			return errUnreachable{err}
		}
		return nil
	}}
	return &http.Client{
		Timeout: deliverTimeout,
		Transport: &http.Transport{
			Proxy: func(*http.Request) (*url.URL, error) { return nil, nil }, DialContext: dialer.DialContext, TLSHandshakeTimeout: deliverTimeout,
			ResponseHeaderTimeout: deliverTimeout, MaxResponseHeaderBytes: 64 << 10, DisableCompression: true, ForceAttemptHTTP2: true,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
