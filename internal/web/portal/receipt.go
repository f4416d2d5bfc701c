package portal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/web"
)

var (
	receiptsPage = web.NewPage[receiptsView](files, "receipts.html", "part.html")
	receiptPage  = web.NewPage[receiptView](files, "receipt.html", "part.html")
)

type receiptsView struct {
	Asked  string
	Wrong  string // why nothing was found
	Found  []web.Receipt
	Status logStatus
}

type receiptView struct {
	N         int64
	Code      string
	Long      string
	Verb      string
	At        time.Time
	Org       string
	Thing     string
	ThingHref string
	Leaf      string
	LeafHash  string
	Facts     []web.Fact
	Sealed    bool // a checkpoint covers it
	Believed  bool // and the checkpoint is signed as the policy demands
	Size      int64
	Root      string // hexadecimal
	RootText  string // as checkpoints write it
	Signed    time.Time
	Cosigned  int
	Steps     []proofStep
	URL       string
	Commands  []string // from the leaf to the root
	Origin    string
	QR        web.QR
}

// A proofStep is one step from a leaf to the root: what it is hashed with.
type proofStep struct {
	No     int
	With   string // the other half
	Left   bool   // which stands at the left
	Result string
}

// A receiptAsk is what somebody typed to find a receipt: a number, or the first
// digits of a leaf hash.
type receiptAsk struct {
	n      int64
	prefix string // empty for a number
}

var (
	numberAsk = regexp.MustCompile(`^(?:NO\.?|第)?([0-9]{1,15})号?$`)
	codeAsk   = regexp.MustCompile(`^[0-9A-F]{4}-?[0-9A-F]{4}(?:-?[0-9A-F]{4}-?[0-9A-F]{4})?$`)
)

// parseReceiptAsk reads A3D8-52F6, a3d852f6, the long code, 41 or 第41号, with
// full-width characters and blanks as people type them. Eight digits without a
// hyphen are a code: no log is that long for years.
func parseReceiptAsk(text string) (receiptAsk, bool) {
	if len(text) > 200 {
		return receiptAsk{}, false
	}
	text = width.Narrow.String(strings.ToUpper(text))
	text = strings.NewReplacer(" ", "", "\u3000", "", "—", "-", "–", "-", "－", "-", "回执", "").Replace(text)
	if codeAsk.MatchString(text) {
		return receiptAsk{prefix: strings.ToLower(strings.ReplaceAll(text, "-", ""))}, true
	}
	if m := numberAsk.FindStringSubmatch(text); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 64)
		return receiptAsk{n: n}, err == nil
	}
	return receiptAsk{}, false
}

// receipts is where a receipt's code or number is entered.
func (s *server) receipts(w http.ResponseWriter, r *http.Request) error {
	v := receiptsView{Asked: asked(r.URL.Query().Get("code"))}
	var err error
	if v.Status, err = s.logStatus(r.Context()); err != nil {
		return err
	}
	if v.Asked == "" {
		return receiptsPage.Show(w, r, v)
	}
	ask, ok := parseReceiptAsk(v.Asked)
	if !ok {
		v.Wrong = "这不是回执码或回执号。回执码是 8 位字母数字，如 A3D8-52F6；回执号是一个数。请照回执重新输入。"
		return receiptsPage.Show(w, web.WithStatus(r, http.StatusUnprocessableEntity), v)
	}
	if v.Found, err = s.find(r.Context(), ask); err != nil {
		return err
	}
	switch len(v.Found) {
	case 0:
		v.Wrong = "没有这张回执。请核对是否输错；仍查不到时，请向出具回执的部门核实。"
		return receiptsPage.Show(w, web.WithStatus(r, http.StatusNotFound), v)
	case 1:
		http.Redirect(w, r, v.Found[0].Href(), http.StatusSeeOther)
		return nil
	}
	return receiptsPage.Show(w, r, v)
}

// find returns the receipts that the text may mean; a short code can stand for
// several.
func (s *server) find(ctx context.Context, ask receiptAsk) ([]web.Receipt, error) {
	numbers := []int64{ask.n}
	if ask.prefix != "" {
		var err error
		if numbers, err = s.Log.Find(ctx, ask.prefix); err != nil {
			return nil, err
		}
	}
	var found []web.Receipt
	for _, n := range numbers {
		entry, leaf, err := s.entry(ctx, n)
		if errors.Is(err, inspect.ErrMissing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, web.Receipt{N: n, Code: ledger.ReceiptCode(ledger.LeafHash(leaf)), Text: inspect.Verb(entry.Verb).Text()})
	}
	return found, nil
}

// entry reads one entry as the log shows it to everybody.
func (s *server) entry(ctx context.Context, n int64) (ledger.Entry, []byte, error) {
	leaf, err := s.db.PublicEntry(ctx, public, n)
	if err != nil {
		return ledger.Entry{}, nil, err
	}
	e, err := ledger.ParseLeaf([]byte(leaf))
	if err != nil {
		return e, nil, fmt.Errorf("read entry %d: %w", n, err)
	}
	return e, []byte(leaf), nil
}

// receipt shows what anybody may know of an act, and proves that it is in the
// log. The endings .leaf and .tlog-proof give the same as files.
func (s *server) receipt(w http.ResponseWriter, r *http.Request) error {
	name, form, _ := strings.Cut(r.PathValue("n"), ".")
	n, err := strconv.ParseInt(name, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != name {
		return inspect.ErrMissing
	}
	e, leaf, err := s.entry(r.Context(), n)
	if err != nil {
		return err
	}
	head, err := s.Log.Newest(r.Context())
	if err != nil {
		return err
	}
	proof := ledger.Proof{Leaf: leaf, Index: n, Note: head.Note}
	if n < head.Size {
		if proof.Path, err = ledger.ProveInclusion(head.Size, n, s.Log.Hashes(r.Context())); err != nil {
			return err
		}
	}
	switch {
	case form == "leaf":
		return send(w, "application/json", name+".leaf", time.Time{}, leaf)
	case form == "tlog-proof" && n < head.Size:
		return send(w, "text/plain; charset=utf-8", name+".tlog-proof", head.At, ledger.FormatProof(proof))
	case r.PathValue("n") != name:
		return inspect.ErrMissing
	}
	v, err := s.receiptView(r.Context(), e, leaf)
	if err != nil {
		return err
	}
	if n < head.Size {
		v.Sealed, v.Size, v.Signed = true, head.Size, head.At
		v.Root, v.RootText = hex.EncodeToString(head.Root[:]), head.Root.String()
		v.Steps = proofSteps(leaf, n, head.Size, proof.Path)
		v.Commands = proofCommands(v.LeafHash, v.Steps)
		if _, by, err := proof.Verify(leaf, s.policy); err == nil { // otherwise the page says that it is not
			v.Believed, v.Cosigned = true, len(by)
		}
	}
	return receiptPage.Show(w, r, v)
}

func (s *server) receiptView(ctx context.Context, e ledger.Entry, leaf []byte) (v receiptView, err error) {
	hash := ledger.LeafHash(leaf)
	v = receiptView{
		N: e.N, Code: ledger.ReceiptCode(hash), Long: ledger.LongReceiptCode(hash), Verb: inspect.Verb(e.Verb).Text(),
		Leaf: string(leaf), LeafHash: hex.EncodeToString(hash[:]), Origin: s.policy.Logs[0].Name,
		URL: fmt.Sprintf("%s/receipts/%d", s.Base, e.N),
	}
	if v.At, err = time.Parse("2006-01-02T15:04:05.000Z", e.At); err != nil {
		return v, err
	}
	facts, err := s.db.Facts(ctx, public, s.Region)
	if err != nil {
		return v, err
	}
	v.Org = facts.Orgs[inspect.OrgID(e.Org)].Name
	if v.Org == "" {
		v.Org = "系统"
	}
	if err := s.thing(ctx, &v, e, facts); err != nil {
		return v, err
	}
	v.Facts = []web.Fact{
		{Label: "办理单位", Value: v.Org}, {Label: "办理事项", Value: v.Verb}, {Label: "办理时间", Value: v.At.In(china).Format("2006-01-02 15:04:05")},
	}
	v.QR, err = web.NewQR("这张回执的网址", v.URL)
	return v, err
}

// thing names what the act was about, if that is public: published plans,
// organisations and the lists that the law makes public (R22). Of everything
// else only its kind of act is told.
func (s *server) thing(ctx context.Context, v *receiptView, e ledger.Entry, facts inspect.Facts) error {
	plan, err := s.db.Plan(ctx, public, inspect.PlanID(e.Target))
	switch {
	case err == nil:
		v.Thing, v.ThingHref = facts.Orgs[plan.Org].Name+" "+plan.Title(), planPath(plan)
		return nil
	case !errors.Is(err, inspect.ErrMissing):
		return err
	}
	batch, err := s.db.Batch(ctx, public, inspect.BatchID(e.Target))
	switch {
	case err == nil:
		v.Thing, v.ThingHref = "抽签："+batch.Title, drawPath(batch.Number)
		return nil
	case !errors.Is(err, inspect.ErrMissing):
		return err
	}
	if o, ok := facts.Orgs[inspect.OrgID(e.Target)]; ok {
		v.Thing = o.Name
	} else if i, ok := facts.Items[inspect.ItemID(e.Target)]; ok {
		v.Thing = "抽查事项：" + i.Name
	} else if l, ok := facts.Sublibs[inspect.SublibraryID(e.Target)]; ok {
		v.Thing = "检查对象分库：" + l.Name
	}
	return nil
}

// proofSteps are the hashes from the leaf to the root, one by one, for who wants
// to follow them by hand: RFC 9162, 2.1.3.2.
func proofSteps(leaf []byte, n, size int64, path []ledger.Hash) []proofStep {
	now := ledger.LeafHash(leaf)
	var steps []proofStep
	at, last := n, size-1
	for i, other := range path {
		left := at&1 == 1 || at == last
		if left {
			now = node(other, now)
			for at&1 == 0 && at != 0 {
				at, last = at>>1, last>>1
			}
		} else {
			now = node(now, other)
		}
		at, last = at>>1, last>>1
		steps = append(steps, proofStep{No: i + 1, With: hex.EncodeToString(other[:]), Left: left, Result: hex.EncodeToString(now[:])})
	}
	return steps
}

// proofCommands are the same steps in any bash with openssl.
func proofCommands(leaf string, steps []proofStep) []string {
	commands := []string{
		`node() { printf "$(echo 01$1$2 | sed 's/../\\x&/g')" | openssl dgst -sha256 -r | cut -c 1-64; }`,
		"v=" + leaf,
	}
	for _, s := range steps {
		if s.Left {
			commands = append(commands, "v=$(node "+s.With+" $v)")
		} else {
			commands = append(commands, "v=$(node $v "+s.With+")")
		}
	}
	return append(commands, `printf "$(echo $v | sed 's/../\\x&/g')" | base64`)
}

// node is the hash over two others: RFC 6962.
func node(left, right ledger.Hash) ledger.Hash {
	text := append([]byte{1}, left[:]...)
	return sha256.Sum256(append(text, right[:]...))
}
