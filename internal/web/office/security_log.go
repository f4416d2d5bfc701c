package office

import (
	"fmt"
	"net/http"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var securityLogPage = web.NewPage[securityLogView](files, "security_log.html")

type securityLogView struct {
	Filter web.Filter
	Rows   []securityRow
	Pager  web.Pager
	Sealed store.SealedLog
}

type securityRow struct {
	store.SecurityEvent
	Text, More string
}

// securityLog shows the audit administrator who came in, who failed to, and what
// was changed about accounts.
func (e *Entrance) securityLog(w http.ResponseWriter, r *http.Request) error {
	after, size := web.PageOf(r)
	kind := r.URL.Query().Get("kind")
	lines, err := e.Gate.Log(r.Context(), web.Actor(r), store.EventFilter{Kind: kind, Text: r.URL.Query().Get("q"), Before: after}, size+1)
	if err != nil {
		return err
	}
	sealed, err := e.Gate.Sealed(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	next := ""
	if len(lines) > size {
		lines, next = lines[:size], lines[size-1].ID
	}
	var options []web.Option
	for _, event := range auth.Events {
		options = append(options, web.Option{Value: string(event), Text: event.Text()})
	}
	v := securityLogView{
		Sealed: sealed,
		Filter: web.NewFilter(r, "人员姓名", "lines", web.NewChip(r, "种类", "kind", options...)),
		Pager:  web.NewPager(r, "lines", fmt.Sprintf("本页 %d 条，最新的在前", len(lines)), next),
	}
	for _, line := range lines {
		v.Rows = append(v.Rows, securityRow{SecurityEvent: line, Text: auth.Event(line.Kind).Text(), More: detailText(line.Detail)})
	}
	return securityLogPage.Show(w, r, v)
}

// detailText is a line's detail in words: how somebody was proved, why a session
// ended, or which act was refused.
func detailText(detail string) string {
	text := map[string]string{
		"password": "口令", "totp": "动态口令", "passkey": "通行密钥", "recovery": "恢复码",
		"too_many": "超过同时登录数", "by_owner": "本人结束",
	}[detail]
	if text == "" && inspect.Verb(detail).Text() != detail {
		return inspect.Verb(detail).Text()
	}
	return text
}
