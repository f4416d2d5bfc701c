package inspect

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"suicha/internal/workday"
)

// TargetID names one target.
type TargetID string

// A TargetKind is how published results reach another system.
type TargetKind string

// The kinds of targets.
const (
	TargetGSXT    TargetKind = "gsxt_file" // files are handed over, and the receipt is typed in
	TargetFeed    TargetKind = "feed"      // others fetch a signed feed
	TargetWebhook TargetKind = "webhook"   // each edition is posted, signed
)

// TargetKinds lists the kinds in the order of forms.
var TargetKinds = []Choice{{string(TargetGSXT), "文件报送"}, {string(TargetFeed), "签名订阅源"}, {string(TargetWebhook), "接口推送"}}

// Text is the kind as users read it.
func (k TargetKind) Text() string { return ChoiceText(TargetKinds, string(k)) }

// A TargetState is whether a target is in use.
type TargetState string

// The states of a target.
const (
	TargetActive TargetState = "active"
	TargetEnded  TargetState = "ended"
)

// TargetStates lists the states in the order of filters.
var TargetStates = []Choice{{string(TargetActive), "使用中"}, {string(TargetEnded), "已停用"}}

// Text is the state as users read it.
func (s TargetState) Text() string { return ChoiceText(TargetStates, string(s)) }

var targetLife = Life[TargetState]{
	{TargetPut, TargetActive, TargetActive},
	{TargetEnd, TargetActive, TargetEnded},
}

// TargetLife returns the moves of a target.
func TargetLife() Life[TargetState] { return targetLife }

// Bounds of a target.
const (
	TargetDaysMost  = 60
	TargetDaysUsual = 7 // working days until a receipt: the practice of bulk files
	targetNameMost  = 40
	targetURLMost   = 300
)

// A Target (报送渠道) is another system that published results are shared with: R94,
// 海政办发〔2020〕2号 二(五)5 "共享到国家企业信用信息公示系统、信用中国网站". The system
// administrator names them; what is sent is what is public already.
type Target struct {
	ID      TargetID
	Version int64
	Region  string
	Kind    TargetKind
	Name    string
	Slug    string       // of a feed: its address is /feeds/{slug}, for good
	URL     string       // of a webhook
	Inner   bool         // the webhook is within the authority's own network
	From    workday.Date // editions published from this day on are shared; zero is all
	Days    int          // working days until a receipt is missed; of a feed 0
	State   TargetState
	By      PersonID
	At      time.Time
	EndedBy PersonID
	EndedAt time.Time
	Reason  string
}

var slugForm = regexp.MustCompile(`^[a-z][a-z0-9-]{1,29}$`)

// AddTarget returns a new target, or what is wrong with it.
func AddTarget(t Target, by PersonID, now time.Time) (Target, error) {
	var ps Problems
	if !ValidID(t.ID) {
		ps = append(ps, ErrIdent.At("id"))
	}
	chosen(&ps, TargetKinds, "kind", "报送方式", string(t.Kind))
	if t.Kind == TargetFeed && !slugForm.MatchString(t.Slug) {
		ps = append(ps, ErrTargetSlug.At("slug"))
	}
	if t.Kind != TargetFeed {
		t.Slug = ""
	}
	t.State, t.By, t.At = TargetActive, by, now
	return t.settled(ps)
}

// Put changes what may change of a target: not its kind, the address of its feed and the
// day it began with.
func (t Target) Put(name, address string, inner bool, days int) (Target, error) {
	state, err := targetLife.Next(t.State, TargetPut)
	if err != nil {
		return t, err
	}
	t.Name, t.URL, t.Inner, t.Days, t.State = name, address, inner, days, state
	return t.settled(nil)
}

func (t Target) settled(ps Problems) (Target, error) {
	t.Name = Line(&ps, "name", "名称", t.Name, targetNameMost)
	switch t.Kind {
	case TargetWebhook:
		t.URL = strings.TrimSpace(t.URL)
		if err := CheckTargetURL(t.URL, t.Inner); err != nil {
			ps = append(ps, ErrTargetURL.With(err.Error()).At("url"))
		}
	default:
		t.URL, t.Inner = "", false
	}
	switch {
	case t.Kind == TargetFeed:
		t.Days = 0 // whoever reads it leaves no receipt
	case t.Days < 1 || t.Days > TargetDaysMost:
		ps = append(ps, ErrRange.With("回执期限", 1, TargetDaysMost).At("days"))
	}
	return t, ps.Err()
}

// End takes a target out of use. What it got stays on record.
func (t Target) End(reason string, by PersonID, now time.Time) (Target, error) {
	state, err := targetLife.Next(t.State, TargetEnd)
	if err != nil {
		return t, err
	}
	var ps Problems
	t.Reason = Paragraph(&ps, "reason", "停用理由", reason, 200)
	t.State, t.EndedBy, t.EndedAt = state, by, now
	return t, ps.Err()
}

// Verbs returns what can be done with the target now, by whoever may.
func (t Target) Verbs() []Verb { return targetLife.Verbs(t.State) }

// Relations returns what org has to do with the target.
func (t Target) Relations(org Org) []Relation {
	switch {
	case org.Region != t.Region:
		return nil
	case org.Kind == OrgOffice:
		return []Relation{Owner, Office}
	case org.Kind == OrgOversight:
		return []Relation{Owner, Oversight}
	}
	return []Relation{Owner}
}

// A targetFault is what is wrong with an address, in the words of the form.
type targetFault string

func (f targetFault) Error() string { return string(f) }

// CheckTargetURL says what is wrong with the address of a webhook. Outside the
// authority's network it must be https, and no number of a machine within: whoever names
// an address must not reach what stands behind the firewall.
func CheckTargetURL(text string, inner bool) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || len(text) > targetURLMost || u.Opaque != "" || u.Hostname() == "" || !Ordinary(text):
		return targetFault("应当是完整的网址，例如 https://credit.example.gov.cn/api/results")
	case u.User != nil || u.Fragment != "" || strings.HasSuffix(text, "#"):
		return targetFault("不能带有用户名、口令或者 # 号")
	case u.Scheme != "https" && (u.Scheme != "http" || !inner):
		return targetFault("应当以 https:// 开头；单位内网可以用 http://")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if addr, err := netip.ParseAddr(host); err == nil {
		return ReachableTarget(addr, inner)
	}
	if !inner && (host == "localhost" || strings.HasSuffix(host, ".localhost") || !strings.Contains(host, ".")) {
		return errTargetInner
	}
	return nil
}

const errTargetInner = targetFault("指向本机或者单位内网；确属内网系统的，请勾选“单位内网”")

// notPublic are the ranges that no system of the internet has, besides those that the
// standard library knows.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("2002::/16"),
}

// ReachableTarget says why a webhook may not be posted to a machine. It is asked of the
// address that a name stood for at the moment of the connection, not of the name.
func ReachableTarget(addr netip.Addr, inner bool) error {
	addr = addr.Unmap().WithZone("")
	switch {
	case !addr.IsValid() || addr.IsUnspecified() || addr.IsMulticast() || addr.IsLinkLocalUnicast():
		return targetFault("不是可以推送的地址") // where clouds keep their secrets: not even within
	case inner:
		return nil
	case addr.IsLoopback() || addr.IsPrivate() || slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(addr) }):
		return errTargetInner
	}
	return nil
}
