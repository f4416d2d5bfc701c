package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the addresses of those who may say for whom they ask.
type Proxies []netip.Prefix

// ParseProxies reads addresses and ranges of them, such as 127.0.0.1 and
// 10.0.0.0/8.
func ParseProxies(texts []string) (Proxies, error) {
	var p Proxies
	for _, text := range texts {
		if text = strings.TrimSpace(text); text == "" { // an empty list in the environment
			continue
		}
		one, err := netip.ParsePrefix(text)
		if err != nil {
			addr, err := netip.ParseAddr(text)
			if err != nil || addr.Zone() != "" {
				return nil, fmt.Errorf("代理地址 %q 应写成 IP 地址或者网段，例如 10.0.0.0/8", text)
			}
			one = netip.PrefixFrom(addr, addr.BitLen())
		}
		p = append(p, one)
	}
	return p, nil
}

func (p Proxies) have(addr netip.Addr) bool {
	for _, one := range p {
		if one.Contains(addr) {
			return true
		}
	}
	return false
}

// Client is the address that r comes from. A proxy that is listed is believed
// when it says for whom it asks: X-Forwarded-For is read from its end, where the
// nearest proxy wrote, until somebody who is not listed. What anybody else
// writes there counts for nothing.
func (p Proxies) Client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	addr = addr.Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.have(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap().WithZone("")
	}
	return addr.String()
}

// Network is the part of an address by which readers are told apart: one IPv4
// address, or the 64 bits that one IPv6 subscriber has.
func Network(client string) string {
	addr, err := netip.ParseAddr(client)
	if err != nil || addr.Is4() {
		return client
	}
	whole, err := addr.Prefix(64)
	if err != nil {
		return client
	}
	return whole.String()
}
