package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
)

func from(peer string, forwarded ...string) *http.Request {
	r := httptest.NewRequest("GET", "http://suicha.example/public", nil)
	r.RemoteAddr = peer
	for _, f := range forwarded {
		r.Header.Add("X-Forwarded-For", f)
	}
	return r
}

func TestOnlyListedProxiesSayForWhomTheyAsk(t *testing.T) {
	proxies, err := ParseProxies([]string{"127.0.0.1", "::1", "10.1.0.0/16"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		peer, forwarded, want string
	}{
		{"203.0.113.7:4711", "", "203.0.113.7"},
		{"203.0.113.7:4711", "198.51.100.1", "203.0.113.7"}, // not a proxy of ours
		{"127.0.0.1:80", "", "127.0.0.1"},
		{"127.0.0.1:80", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:80", "1.1.1.1, 198.51.100.1", "198.51.100.1"},           // the first is the client's own claim
		{"127.0.0.1:80", "1.1.1.1, 198.51.100.1, 10.1.2.3", "198.51.100.1"}, // two proxies
		{"127.0.0.1:80", "10.1.2.3", "10.1.2.3"},
		{"127.0.0.1:80", "not an address", "127.0.0.1"},
		{"127.0.0.1:80", "198.51.100.1, unknown", "127.0.0.1"},
		{"127.0.0.1:80", "198.51.100.1:5000", "127.0.0.1"},
		{"[::1]:80", "2001:db8::1", "2001:db8::1"},
		{"[::ffff:127.0.0.1]:80", "::ffff:198.51.100.1", "198.51.100.1"},
		{"@", "198.51.100.1", "@"}, // a socket without addresses
	} {
		if got := proxies.Client(from(test.peer, test.forwarded)); got != test.want {
			t.Errorf("%s, forwarded for %q: got %s, want %s", test.peer, test.forwarded, got, test.want)
		}
	}
	if none, err := ParseProxies([]string{""}); err != nil || none != nil {
		t.Errorf("an empty list: got %v, %v", none, err)
	}
	if got := Proxies(nil).Client(from("127.0.0.1:80", "198.51.100.1")); got != "127.0.0.1" {
		t.Errorf("without a list: got %s", got)
	}
	if got := proxies.Client(from("127.0.0.1:80", "1.1.1.1", "198.51.100.1")); got != "198.51.100.1" {
		t.Errorf("two headers: got %s", got)
	}
	for _, wrong := range []string{"localhost", "10.0.0.0/33", "fe80::1%eth0", "10.0.0.1:80"} {
		if _, err := ParseProxies([]string{wrong}); err == nil {
			t.Errorf("%q was taken for a proxy", wrong)
		}
	}
}

func FuzzClient(f *testing.F) {
	f.Add("127.0.0.1:80", "1.1.1.1, 198.51.100.1")
	f.Add("[::1]:80", "fe80::1%eth0,,")
	f.Add("%:", "0") // no address at all
	proxies := Proxies{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::/0")}
	f.Fuzz(func(t *testing.T, peer, forwarded string) {
		got := proxies.Client(from(peer, forwarded))
		if strings.Contains(got, "%") && got != proxies.Client(from(peer)) { // only a header could bring one
			t.Errorf("%q, %q: zone in %q", peer, forwarded, got)
		}
		Network(got)
	})
}

func TestReadersAreToldApartByNetwork(t *testing.T) {
	for client, want := range map[string]string{
		"198.51.100.1": "198.51.100.1", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "@": "@",
	} {
		if got := Network(client); got != want {
			t.Errorf("%s: got %s, want %s", client, got, want)
		}
	}
}

func TestLimitsSlowDownEachClientByItself(t *testing.T) {
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	l := NewLimits(2, 3)
	for range 3 {
		if l.Wait("a", now) != 0 {
			t.Fatal("the burst is too short")
		}
	}
	if got := l.Wait("a", now); got != time.Second/2 {
		t.Errorf("after the burst: wait %v, want 0.5 s", got)
	}
	if got := l.Wait("a", now); got != time.Second/2 {
		t.Errorf("asking in vain made the wait %v", got)
	}
	if l.Wait("b", now) != 0 {
		t.Error("one client slowed another down")
	}
	if l.Wait("a", now.Add(time.Second/2)) != 0 || l.Wait("a", now.Add(time.Second/2)) == 0 {
		t.Error("half a second later there is not room for one request")
	}
	if NewLimits(0, 0).Wait("a", now) != 0 {
		t.Error("no limit made somebody wait")
	}
}

func TestLimitsForgetWhoRested(t *testing.T) {
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	l := NewLimits(1, 1)
	for i := range limitsMost {
		l.Wait(strconv.Itoa(i), now)
	}
	l.Wait("late", now.Add(2*limitRest))
	if len(l.of) != 1 {
		t.Errorf("%d clients are remembered", len(l.of))
	}
}

// A reader who asks too much is told when to come back; one who is signed in is
// not slowed down, and neither are style and script.
func TestAnonymousReadersAreSlowedDown(t *testing.T) {
	m := site()
	m.c.Busy = func(r *http.Request) time.Duration { return 2500 * time.Millisecond }
	w := get(t, m, "/public", "Guest", "1")
	if w.Code != 429 || w.Header().Get("Retry-After") != "3" || !strings.Contains(w.Body.String(), "访问过于频繁") || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("got %d, Retry-After %q, Cache-Control %q", w.Code, w.Header().Get("Retry-After"), w.Header().Get("Cache-Control"))
	}
	if w := get(t, m, "/public"); w.Code != 200 {
		t.Errorf("somebody who is signed in: got %d", w.Code)
	}
	style, err := AssetPath("suicha.css")
	if err != nil {
		t.Fatal(err)
	}
	if w := get(t, m, style, "Guest", "1"); w.Code == 429 {
		t.Error("the style sheet is counted as a page")
	}
	m.c.Busy = func(r *http.Request) time.Duration { return 0 }
	if w := get(t, m, "/public", "Guest", "1"); w.Code != 200 {
		t.Errorf("a calm reader: got %d", w.Code)
	}
}
