package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A Config is what a Gate needs to know. Sessions, Pepper, Origin and Now must
// be set.
type Config struct {
	Sessions *store.Sessions
	Pepper   []byte   // secret of at least 32 bytes that the database does not hold
	Former   [][]byte // peppers before this one: what they protect stays readable
	Origin   string   // address of the site, such as https://suicha.example.gov.cn
	Site     string   // what telephones call the site beside a code
	Words    []string // names of the place and its bodies: no password may rest on them
	Demo     bool     // demonstration accounts can be made and used
	Now      func() time.Time

	cost cost // of a password's hash; zero is the real one
}

// A Gate lets persons in. It is safe for concurrent use.
type Gate struct {
	rows     *store.Sessions
	now      func() time.Time
	site     string
	words    []string
	demo     bool
	cost     cost
	keys     ring
	hashing  chan struct{} // one place for each password that may be hashed at once
	waiting  chan struct{} // one place for each that may wait for it
	dummy    string        // what would be stored of a password that nobody knows
	passkeys *webauthn.WebAuthn
}

// How many passwords are hashed at once: each takes 64 MiB. And how many wait.
const (
	hashesAtOnce = 2
	hashesWait   = 64
)

// Open returns a gate, or what is missing in c.
func Open(c Config) (*Gate, error) {
	if c.Sessions == nil || c.Now == nil {
		return nil, errors.New("auth: no store or no clock")
	}
	keys, err := newRing(c.Pepper, c.Former)
	if err != nil {
		return nil, err
	}
	if c.Site == "" {
		c.Site = "随查"
	}
	if c.cost == (cost{}) {
		c.cost = fullCost
	}
	g := &Gate{
		rows: c.Sessions, now: c.Now, site: c.Site, words: c.Words, demo: c.Demo, cost: c.cost, keys: keys,
		hashing: make(chan struct{}, hashesAtOnce), waiting: make(chan struct{}, hashesWait),
	}
	g.dummy = g.unknown()
	if g.passkeys, err = newPasskeys(c.Site, c.Origin); err != nil {
		return nil, err
	}
	return g, nil
}

// newPasskeys returns nil if the site has no name that passkeys could be bound
// to: browsers refuse them for bare addresses.
func newPasskeys(site, origin string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("auth: %q is not the address of a site, such as https://suicha.example.gov.cn", origin)
	}
	host := u.Hostname()
	if net.ParseIP(host) != nil || u.Scheme == "http" && host != "localhost" {
		return nil, nil
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: site, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
	})
	if err != nil {
		return nil, fmt.Errorf("auth: prepare passkeys: %w", err)
	}
	return w, nil
}

// Passkeys reports whether the site can use passkeys.
func (g *Gate) Passkeys() bool { return g.passkeys != nil }

// From says where a request comes from.
type From struct {
	Addr  string // address of the asker, as text
	Agent string // what the browser says it is
	Known string // the marks that Ticket.Known gave this browser
}

// Net is the part of the address that is kept: a /24, or a /48 for IPv6. It
// tells networks apart, not persons. What is no address is one network of its
// own.
func (f From) Net() string {
	addr, err := netip.ParseAddr(f.Addr)
	if err != nil {
		return ""
	}
	addr = addr.Unmap().WithZone("")
	bits := 24
	if addr.Is6() {
		bits = 48
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}

// Device names the kind of browser, coarsely: enough for its owner to recognise
// it in a list, too little to follow anybody.
func (f From) Device() string {
	browser, system := "其他浏览器", "其他系统"
	for _, b := range [][2]string{
		{"MicroMessenger", "微信"}, {"DingTalk", "钉钉"}, {"Edg", "Edge"}, {"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
	} {
		if strings.Contains(f.Agent, b[0]) {
			browser = b[1]
			break
		}
	}
	for _, s := range [][2]string{
		{"HarmonyOS", "鸿蒙"}, {"Android", "安卓"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"},
	} {
		if strings.Contains(f.Agent, s[0]) {
			system = s[1]
			break
		}
	}
	return browser + "，" + system
}

// newToken returns 256 random bits as text.
func newToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashToken is what is kept of a token. A token is random and long, so a plain
// hash cannot be turned back.
func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// made counts the ids of this process, so that ids of one millisecond sort in
// the order in which they were made.
var made atomic.Uint32

// newID returns a UUIDv7 made at now.
func newID(now time.Time) string {
	var b [16]byte
	rand.Read(b[:])
	ms, n := uint64(now.UnixMilli()), made.Add(1)
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6], b[7] = 0x70|byte(n>>22)&0x0f, byte(n>>14)
	b[8], b[9] = 0x80|byte(n>>8)&0x3f, byte(n)
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// note writes a line into the security log. What could not be logged did not
// happen: callers return the error and let nobody in.
func (g *Gate) note(ctx context.Context, kind Event, who, whom inspect.PersonID, network, detail string) error {
	now := g.now()
	err := g.rows.Note(ctx, store.SecurityEvent{
		ID: newID(now), At: now, Kind: string(kind), Person: who, Subject: whom, Net: network, Detail: detail,
	})
	if err != nil {
		return fmt.Errorf("write %s into the security log: %w", kind, err)
	}
	return nil
}

// Clock is the time by which the gate judges.
func (g *Gate) Clock() time.Time { return g.now() }
