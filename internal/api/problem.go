package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"suicha/internal/auth"
	"suicha/internal/inspect"
)

// Problems of the way a request came, not of the work.
var (
	errMethod   = inspect.Problem{Kind: inspect.Invalid, Code: "method", Text: "这个地址不接受这种请求方法。请对照接口文档改正。"}
	errBusy     = inspect.Problem{Kind: inspect.Refused, Code: "busy", Text: "请求过于频繁。请等 %d 秒后再发，等多久也写在 Retry-After 里。"}
	errLarge    = inspect.Problem{Kind: inspect.Invalid, Code: "too_large", Text: "请求体超过 1 MiB，没有收下。请分批办理。"}
	errMedia    = inspect.Problem{Kind: inspect.Invalid, Code: "media_type", Text: "请求体应为 JSON，请求头 Content-Type 应为 application/json。请改正。"}
	errRequest  = inspect.Problem{Kind: inspect.Invalid, Code: "request", Field: "Idempotency-Key", Text: "请求头 Idempotency-Key 应有一个，且为小写的 UUID。请为每次办理生成一个，重发时沿用。"}
	errEncoding = inspect.Problem{Kind: inspect.Invalid, Code: "encoding", Text: "请求体不是 UTF-8 编码。请转换编码后重发。"}
	errDepth    = inspect.Problem{Kind: inspect.Invalid, Code: "depth", Text: "请求体嵌套超过 %d 层。请对照接口文档改正。"}
	errSyntax   = inspect.Problem{Kind: inspect.Invalid, Code: "json", Text: "请求体不是一个完整的 JSON 对象，问题在第 %d 个字节附近。请检查括号、引号和多余的内容。"}
	errUnknown  = inspect.Problem{Kind: inspect.Invalid, Code: "unknown_field", Text: "没有“%s”这一项。请对照接口文档删去或者改正。"}
	errTwice    = inspect.Problem{Kind: inspect.Invalid, Code: "twice", Text: "“%s”出现了多次。请只写一次。"}
	errType     = inspect.Problem{Kind: inspect.Invalid, Code: "type", Text: "%s应为%s。请改正。"}
	errMany     = inspect.Problem{Kind: inspect.Invalid, Code: "too_many", Text: "%s最多 %d 项。请分批办理。"}
	errCursor   = inspect.Problem{Kind: inspect.Invalid, Code: "cursor", Field: "after", Text: "翻页位置无效。请使用上一页给出的 next。"}
)

// A malformed request could not be understood; whether it would have been
// allowed is unknown.
type malformed struct{ inspect.Problems }

func (m malformed) Unwrap() error { return m.Problems }

// broken makes a malformed request of ps, or nil if there are none.
func broken(ps ...inspect.Problem) error {
	if len(ps) == 0 {
		return nil
	}
	return malformed{ps}
}

// problemsOf returns the declared problems in err, or one internal problem.
func problemsOf(err error) inspect.Problems {
	var ps inspect.Problems
	if errors.As(err, &ps) && len(ps) > 0 {
		return ps
	}
	var p inspect.Problem
	if errors.As(err, &p) {
		return inspect.Problems{p}
	}
	if large := new(http.MaxBytesError); errors.As(err, &large) {
		return inspect.Problems{errLarge}
	}
	return inspect.Problems{{Kind: inspect.Internal, Code: "internal", Text: "这一步没有完成，原因在系统，不在您。请稍后重发；仍然不行的，请把 reference 告诉管理员。"}}
}

func isDenied(err error) bool { return problemsOf(err)[0].Is(inspect.ErrDenied) }

// statusOf is the one table from problems to statuses, the same as of the
// pages and, beyond it, what only a program can do wrong.
func statusOf(err error, first inspect.Problem) int {
	switch first.Code {
	case auth.ErrToken.Code, auth.ErrTokenPost.Code:
		return http.StatusUnauthorized
	case errMethod.Code:
		return http.StatusMethodNotAllowed
	case errLarge.Code:
		return http.StatusRequestEntityTooLarge
	case errMedia.Code:
		return http.StatusUnsupportedMediaType
	case errBusy.Code:
		return http.StatusTooManyRequests
	}
	if errors.As(err, new(malformed)) {
		return http.StatusBadRequest
	}
	switch first.Kind {
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

var titles = map[inspect.Kind]string{
	inspect.Internal: "系统出错了", inspect.Invalid: "没有办理", inspect.Denied: "不能办理", inspect.Missing: "没有找到",
	inspect.Refused: "没有办理", inspect.Stale: "内容已有变化", inspect.StepUp: "须再次验证身份",
}

// A problem is a failure in the form of RFC 9457.
type problem struct {
	Type      string  `json:"type" label:"问题类型" hint:"固定为 about:blank"`
	Title     string  `json:"title" label:"概要"`
	Status    int     `json:"status" label:"HTTP 状态"`
	Detail    string  `json:"detail" label:"说明" hint:"一句话，写明接下来怎么办"`
	Code      string  `json:"code" label:"问题代码" hint:"稳定不变，供程序判断"`
	Reference string  `json:"reference" label:"请求编号" hint:"联系管理员时请提供"`
	Errors    []fault `json:"errors,omitempty" label:"各处问题"`
}

// A fault is one of several failures of a request.
type fault struct {
	Field  string `json:"field,omitempty" label:"出错的字段"`
	Code   string `json:"code" label:"问题代码"`
	Detail string `json:"detail" label:"说明"`
}

// fail answers the call with err. What is not a declared problem is logged, and
// only its number is shown.
func (s *server) fail(c *call, err error) {
	ps := problemsOf(err)
	first := ps[0]
	if first.Kind == inspect.Internal {
		s.Errors.ErrorContext(c.Context(), "api request failed", "id", c.reference, "method", c.Method, "route", c.Pattern, "error", err.Error())
	}
	status := statusOf(err, first)
	h := c.w.Header()
	switch status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="suicha"`)
	}
	h.Set("Cache-Control", "no-store")
	body := problem{Type: "about:blank", Title: titles[first.Kind], Status: status, Detail: ps.Error(), Code: first.Code, Reference: c.reference}
	for _, p := range ps {
		if p.Field != "" || len(ps) > 1 {
			body.Errors = append(body.Errors, fault{p.Field, p.Code, p.Error()})
		}
	}
	text, failed := json.Marshal(body)
	if failed != nil {
		http.Error(c.w, titles[inspect.Internal]+" "+c.reference, http.StatusInternalServerError)
		return
	}
	send(c, status, "application/problem+json", text)
}
