package office

import (
	"net/http"

	"suicha/internal/inspect"
	"suicha/internal/web"
)

// registerTabs are the ways to look at a register.
func registerTabs(r *http.Request, path string, tabs []inspect.Choice) (views []web.Tab) {
	for _, tab := range tabs {
		href := path
		if tab.Value != "" {
			href += "?tab=" + tab.Value
		}
		views = append(views, web.Tab{Text: tab.Text, Href: href, Current: r.URL.Query().Get("tab") == tab.Value})
	}
	return views
}

// lateJob tells somebody who watches over a register what is late there: R122.
func (s *server) lateJob(text, href string) datedJob {
	due := s.due(dateOf{})
	due.Left, due.Tone = "已逾期", web.Late
	return datedJob{Job: web.Job{Text: text, Note: "由承办人办理，请督促", Href: href, Action: "去督促", Due: due}, On: s.today().AddDays(-1)}
}

// yesNo is whether, as tables say it.
func yesNo(yes bool) string {
	if yes {
		return "是"
	}
	return "否"
}
