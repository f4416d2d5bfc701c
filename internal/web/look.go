package web

import (
	"net/http"
	"strings"

	"suicha/internal/inspect"
)

// look is how a reader wants to see the site. It is kept in a cookie, so that it
// works without script and before signing in.
type look struct{ large, contrast bool }

// The cookie name carries no prefix: a county without TLS needs it too, and it
// grants nothing.
const lookCookie = "look"

func lookOf(r *http.Request) look {
	c, err := r.Cookie(lookCookie)
	if err != nil {
		return look{}
	}
	return look{large: strings.Contains(c.Value, "large"), contrast: strings.Contains(c.Value, "contrast")}
}

func (l look) String() string {
	var words []string
	if l.large {
		words = append(words, "large")
	}
	if l.contrast {
		words = append(words, "contrast")
	}
	return strings.Join(words, "-")
}

// setLook answers the two switches of every layout, 长者版 and 高对比, and goes back
// to the page they stand on: 互联网网站适老化通用设计规范, a visible entrance on every page.
func (m *Mux) setLook(w http.ResponseWriter, r *http.Request) error {
	l := lookOf(r)
	switch r.PostFormValue("switch") {
	case "large":
		l.large = !l.large
	case "contrast":
		l.contrast = !l.contrast
	default:
		return inspect.ErrForm
	}
	page, ok := LocalPath(r.PostFormValue("page"))
	if !ok {
		page = "/"
	}
	http.SetCookie(w, &http.Cookie{
		Name: lookCookie, Value: l.String(), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: m.c.Secure,
	})
	http.Redirect(w, r, page, http.StatusSeeOther)
	return nil
}
