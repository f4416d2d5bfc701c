package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/inspect"
)

// The part of OpenAPI 3.1 that the document uses, in the order in which it is
// written.
type (
	document struct {
		OpenAPI    string             `json:"openapi"`
		About      about              `json:"info"`
		Servers    []serverURL        `json:"servers"`
		Security   []map[string][]any `json:"security"`
		Tags       []tag              `json:"tags"`
		Paths      ordered[*pathItem] `json:"paths"`
		Components shared             `json:"components"`
	}
	about struct {
		Title       string `json:"title"`
		Version     string `json:"version"`
		Description string `json:"description"`
	}
	serverURL struct {
		URL string `json:"url"`
	}
	tag struct {
		Name string `json:"name"`
	}
	pathItem struct {
		Get  *operation `json:"get,omitempty"`
		Post *operation `json:"post,omitempty"`
	}
	operation struct {
		ID          string             `json:"operationId"`
		Tags        []string           `json:"tags"`
		Summary     string             `json:"summary"`
		Description string             `json:"description,omitempty"`
		Security    []map[string][]any `json:"security,omitempty"`
		Parameters  []parameter        `json:"parameters,omitempty"`
		Body        *requestBody       `json:"requestBody,omitempty"`
		Responses   ordered[*response] `json:"responses"`
	}
	parameter struct {
		Name        string  `json:"name"`
		In          string  `json:"in"`
		Required    bool    `json:"required,omitempty"`
		Description string  `json:"description,omitempty"`
		Schema      *schema `json:"schema"`
	}
	requestBody struct {
		Required bool               `json:"required"`
		Content  ordered[mediaType] `json:"content"`
	}
	response struct {
		Ref         string             `json:"$ref,omitempty"`
		Description string             `json:"description,omitempty"`
		Content     ordered[mediaType] `json:"content,omitempty"`
	}
	mediaType struct {
		Schema  *schema         `json:"schema"`
		Example json.RawMessage `json:"example,omitempty"`
	}
	shared struct {
		Schemas   ordered[*schema]         `json:"schemas"`
		Responses ordered[*response]       `json:"responses"`
		Security  ordered[*securityScheme] `json:"securitySchemes"`
	}
	securityScheme struct {
		Type        string `json:"type"`
		Scheme      string `json:"scheme"`
		Description string `json:"description"`
	}
)

// An ordered is a JSON object that keeps the order of its members.
type ordered[T any] []named[T]

type named[T any] struct {
	Name  string
	Value T
}

// MarshalJSON writes the members in their order.
func (o ordered[T]) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.Value)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", m.Name, err)
		}
		b.Write(append(append(name, ':'), value...))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

const introduction = `随查的 JSON 接口。查询是资源，办理是事项：` +
	`办理时向 /api/v1/acts/{事项} 发送 POST，请求体是这个事项的内容，请求头 Idempotency-Key 是自己生成的小写 UUID；` +
	`没有收到答复时，用同一个 UUID 和同样的内容重发，不会办理两次，得到的是同一张回执。

除公开数据外，须在请求头 Authorization 中带上接口令牌（Bearer sct_…）。令牌在网页“账号与岗位”中新建，只显示一次，代表本人的一个岗位，` +
	`最长一年。批准、公布等重要操作须本人在网页上再次验证身份，不能用令牌办理。不接受 Cookie。

请求体须是 UTF-8 的 JSON 对象，不超过 1 MiB，不得有重复、未知的字段和 null；没有写的字段按空值处理，不保留原值。` +
	`seen 填写所见到的 version，他人先改动了的，答复 409。

日期写作 2026-01-20；时刻为协调世界时，写作 2026-01-20T01:00:00.000Z；id 为小写 UUID，新建的由请求方生成。` +
	`出错时答复 application/problem+json（RFC 9457）：detail 是中文说明，code 稳定不变，errors 列出各字段的问题。

每个令牌每秒 20 次，可以短时到 60 次。答复带 ETag，可以用 If-None-Match 询问是否有变。`

// failures are the answers that are not what was asked for.
var failures = []struct {
	status     int
	name, text string
}{
	{400, "Malformed", "请求看不懂：JSON、字段、参数或者请求头不对"},
	{401, "Unauthorized", "没有有效的接口令牌"},
	{403, "Forbidden", "岗位、权限范围不允许，或者须在网页上再次验证身份"},
	{404, "Missing", "没有找到，或者不在权限范围内"},
	{405, "Method", "这个地址不接受这种请求方法"},
	{409, "Conflict", "现在的状态不允许，或者他人先改动了"},
	{413, "TooLarge", "请求体太大"},
	{415, "MediaType", "请求体不是 JSON"},
	{422, "Invalid", "内容不符合规则，errors 中有各字段的问题"},
	{429, "Busy", "请求过于频繁"},
	{500, "Internal", "系统出错"},
}

var (
	anyoneFails = []int{400, 404, 405, 429, 500}
	readerFails = []int{400, 401, 403, 404, 405, 429, 500}
	actorFails  = []int{400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500}
)

// wholeDocument is the document, made once from routes and commands.
var wholeDocument = sync.OnceValue(func() *document {
	d := &document{
		OpenAPI: "3.1.0", About: about{"随查接口", "1.0.0", introduction}, Servers: []serverURL{{"/"}},
		Security: []map[string][]any{{"token": {}}},
	}
	for _, g := range groups {
		d.Tags = append(d.Tags, tag{g})
	}
	kinds := &schemas{}
	failed := kinds.of(problemType, "")
	for _, r := range routes {
		switch r.access {
		case byActor:
			for _, c := range act.Commands() {
				if _, ok := act.New(c.Verb()); ok { // the others are the console's or the platform's
					path := strings.Replace(r.path, "{verb}", string(c.Verb()), 1)
					d.Paths = append(d.Paths, named[*pathItem]{path, &pathItem{Post: actOperation(kinds, c)}})
				}
			}
		default:
			item := &pathItem{Get: readOperation(kinds, r)}
			if r.method == "POST" {
				item.Get, item.Post = nil, item.Get
			}
			d.Paths = append(d.Paths, named[*pathItem]{r.path, item})
		}
	}
	for _, f := range failures {
		d.Components.Responses = append(d.Components.Responses, named[*response]{f.name, &response{
			Description: f.text, Content: ordered[mediaType]{{"application/problem+json", mediaType{Schema: failed}}},
		}})
	}
	d.Components.Schemas = kinds.sorted()
	d.Components.Security = ordered[*securityScheme]{{"token", &securityScheme{"http", "bearer", "接口令牌，形如 sct_…"}}}
	return d
})

func responses(answer *response, fails []int) ordered[*response] {
	all := ordered[*response]{{"200", answer}}
	for _, f := range failures {
		if slices.Contains(fails, f.status) {
			all = append(all, named[*response]{strconv.Itoa(f.status), &response{Ref: "#/components/responses/" + f.name}})
		}
	}
	return all
}

func readOperation(kinds *schemas, r route) *operation {
	o := &operation{ID: r.id, Tags: []string{r.group}, Summary: r.summary, Description: r.detail}
	fails := readerFails
	if r.access == byAnyone {
		o.Security, fails = []map[string][]any{{}}, anyoneFails
	}
	if r.answer == nil { // this document itself
		kind := map[string]string{"openapi-json": "application/json", "openapi-yaml": "application/yaml", "docs": "text/html"}[r.id]
		o.Responses = responses(&response{Description: r.summary, Content: ordered[mediaType]{{kind, mediaType{Schema: &schema{}}}}}, []int{405, 500})
		return o
	}
	if r.verb != "" {
		o.Description = strings.TrimSpace(o.Description + "\n\n可由以下岗位使用：" + postsOf(r.verb) + "。")
	}
	for _, p := range paramsOf(r.query) {
		o.Parameters = append(o.Parameters, parameter{
			Name: p.name, In: p.in, Required: p.in == "path", Description: sentence(p.title(), p.field.Tag.Get("hint")), Schema: kinds.param(p),
		})
	}
	if r.takes != "" {
		o.Body = &requestBody{true, ordered[mediaType]{{r.takes, mediaType{Schema: &schema{Type: "string", Format: "binary"}}}}}
		fails = actorFails
	}
	o.Responses = responses(&response{
		Description: r.summary, Content: ordered[mediaType]{{"application/json", mediaType{Schema: kinds.of(r.answer, "")}}},
	}, fails)
	return o
}

func actOperation(kinds *schemas, c act.Command) *operation {
	verb := c.Verb()
	return &operation{
		ID: string(verb), Tags: []string{groupAct}, Summary: verb.Text(), Description: actDetail(verb),
		Parameters: []parameter{{
			Name: "Idempotency-Key", In: "header", Required: true, Description: "请求编号：小写 UUID，每次办理一个，重发时沿用。",
			Schema: &schema{Type: "string", Format: "uuid"},
		}},
		Body: &requestBody{true, ordered[mediaType]{{"application/json", mediaType{kinds.command(c), exampleOf(c)}}}},
		Responses: responses(&response{
			Description: "回执", Content: ordered[mediaType]{{"application/json", mediaType{Schema: kinds.of(receiptType, "")}}},
		}, actorFails),
	}
}

// actDetail says who may do an act, and with which scope.
func actDetail(verb inspect.Verb) string {
	detail := "可由以下岗位办理：" + postsOf(verb) + "。"
	if verb.Grave() {
		return detail + "\n\n重要操作：须本人在网页上再次验证身份后办理，用接口令牌办理会得到 403（step_up）。"
	}
	for _, s := range auth.Scopes {
		if auth.Scope(s.Value).Covers(verb) {
			detail += "\n\n令牌须有权限范围 " + s.Value + "（" + s.Text + "）。"
		}
	}
	return detail
}

// postsOf lists the posts of a verb, those with the same relations together.
func postsOf(verb inspect.Verb) string {
	var posts, kinds []string
	relations := map[string][]string{}
	for _, r := range inspect.Rules() {
		if r.Verb != verb {
			continue
		}
		post := r.Post.Text()
		if relations[post] == nil {
			posts = append(posts, post)
		}
		relations[post] = append(relations[post], r.Relation.Text())
	}
	together := map[string][]string{}
	for _, post := range posts {
		kind := strings.Join(relations[post], "、")
		if together[kind] == nil {
			kinds = append(kinds, kind)
		}
		together[kind] = append(together[kind], post)
	}
	return strings.Join(each(kinds, func(kind string) string {
		if kind == inspect.Any.Text() {
			return strings.Join(together[kind], "、")
		}
		return strings.Join(together[kind], "、") + "（" + kind + "）"
	}), "；")
}

// sentence joins a label and a hint.
func sentence(label, hint string) string {
	if hint == "" {
		return label
	}
	return label + "。" + hint
}

func (s *server) openAPIJSON(c *call) error { return give(c, wholeDocument()) }

func (s *server) openAPIYAML(c *call) error {
	text, err := documentYAML()
	if err != nil {
		return err
	}
	giveText(c, "application/yaml", text)
	return nil
}

func documentYAML() ([]byte, error) {
	text, err := json.Marshal(wholeDocument())
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	return toYAML(text)
}
