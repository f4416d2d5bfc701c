package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"suicha/internal/inspect"
)

// Problems of the way a request came, not of the work: they stand here because
// no rule of inspection knows of them.
var (
	ErrCrossSite = inspect.Problem{Kind: inspect.Denied, Code: "cross_site", Text: "这次提交不是从本站页面发出的，为了安全没有办理。请在本站打开页面后重新提交。"}
	ErrTooLarge  = inspect.Problem{Kind: inspect.Invalid, Code: "too_large", Text: "提交的内容太大，没有收下。请精简后重新提交。"}
	ErrNumber    = inspect.Problem{Kind: inspect.Invalid, Code: "number", Text: "%s请填写整数，例如 120。"}
	ErrPercent   = inspect.Problem{Kind: inspect.Invalid, Code: "percent", Text: "%s请填写百分数，例如 5%% 或者 0.5%%。"}
	ErrFormat    = inspect.Problem{Kind: inspect.Invalid, Code: "format", Text: "%s的格式不对。请按提示的样子填写。"}
	ErrBusy      = inspect.Problem{Kind: inspect.Refused, Code: "busy", Text: "您的网络在短时间内访问过于频繁。请等 %d 秒，再刷新本页。"}
	ErrMethod    = inspect.Problem{Kind: inspect.Invalid, Code: "method", Text: "这个地址不能这样访问。请从页面重新进入。"}
)

// TooOften tells whoever asked too often to come back after wait: in the header,
// and in the words of p, which take the seconds.
func TooOften(h http.Header, wait time.Duration, p inspect.Problem) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	h.Set("Retry-After", strconv.Itoa(seconds))
	return p.With(seconds)
}

// statusOf is the one table from problems to statuses.
func statusOf(p inspect.Problem) int {
	switch p.Code {
	case ErrTooLarge.Code:
		return http.StatusRequestEntityTooLarge
	case ErrBusy.Code, inspect.ErrFeedbackMany.Code, inspect.ErrAppealMany.Code, inspect.ErrRecusalMany.Code:
		return http.StatusTooManyRequests
	case ErrMethod.Code:
		return http.StatusMethodNotAllowed
	}
	switch p.Kind {
	case inspect.Invalid:
		return http.StatusUnprocessableEntity
	case inspect.Denied, inspect.StepUp:
		return http.StatusForbidden
	case inspect.Missing:
		return http.StatusNotFound
	case inspect.Refused, inspect.Stale:
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}

// problemView is the error page: what failed, what is safe, what to do, and the
// number to quote.
type problemView struct {
	Title, What, Safe, Next string
	Reference               string
	Links                   []Link
}

var problemPage = NewPage[problemView](files, "problem.html")

// explain writes the error page about p for the asker of r.
func explain(r *http.Request, p inspect.Problem, status int) problemView {
	s := sceneOf(r)
	v := problemView{What: p.Error(), Reference: s.id}
	v.Links = []Link{{"回首页", home(s.area)}}
	v.Safe = "您的其他工作没有受到影响，已经办好的事项都在。"
	switch p.Kind {
	case inspect.Invalid, inspect.Refused:
		v.Title = "没有办理"
	case inspect.Denied:
		v.Title = "不能办理"
	case inspect.Missing:
		v.Title = "没有找到"
		v.Safe = ""
		if s.area == Portal {
			v.What = "没有这个网页：网址可能不完整，或者内容还没有公布。请从上面的菜单或者首页重新查找。"
		}
	case inspect.Stale:
		v.Title = "内容已有变化"
	case inspect.StepUp:
		v.Title = "请再次验证身份"
		v.Links = append([]Link{{"去验证", stepUpPath(herePath(r))}}, v.Links...)
	default:
		v.Title = "系统出错了"
		v.What = "这一步没有完成，原因在系统，不在您。"
		v.Safe = "没有办成一半的事：要么全部记录在案，要么没有发生。"
		v.Next = "请稍后再试一次。如果仍然不行，请把下面的编号告诉管理员。"
	}
	switch status {
	case http.StatusMethodNotAllowed:
		v.Title = "没有办理"
	case http.StatusTooManyRequests:
		v.Title, v.Safe = "请稍等再看", ""
	}
	return v
}

func home(a Area) string {
	if a == Office {
		return OfficeHome
	}
	return "/"
}

// Paths that the frame itself leads to. Those who serve them register them.
const (
	SignInPath  = "/sign-in"
	SignOutPath = "/sign-out"
	StepUpPath  = "/step-up"
	AccountPath = "/account"
	OfficeHome  = "/office"
)

// wantsJSON reports whether the asker of r is a program that asks for JSON.
func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return (strings.Contains(accept, "application/json") || strings.Contains(accept, "application/problem+json")) &&
		!strings.Contains(accept, "text/html")
}

// problemJSON is an answer in the form of RFC 9457.
type problemJSON struct {
	Type      string      `json:"type"`
	Title     string      `json:"title"`
	Status    int         `json:"status"`
	Detail    string      `json:"detail"`
	Code      string      `json:"code"`
	Reference string      `json:"reference"`
	Errors    []problemAt `json:"errors,omitempty"`
}

type problemAt struct {
	Field  string `json:"field,omitempty"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}
