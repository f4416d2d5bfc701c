package api

import (
	"reflect"

	"suicha/internal/inspect"
)

// An access says who may use a route.
type access string

const (
	byAnyone access = "public"
	byReader access = "read" // a token with the scope read
	byActor  access = "act"  // a token with the scope of the act
)

// A route is one address: what the multiplexer, the OpenAPI document and the
// documentation page know of it.
type route struct {
	method, path   string
	id             string // stable: the operation's name in clients
	group, summary string
	detail         string
	access         access
	verb           inspect.Verb // what the reader's post must allow; empty if any post may
	query, answer  reflect.Type
	takes          string // the media type of a body that is a file; empty if there is none
	do             func(*server, *call) error
}

// get makes a route that answers with a resource.
func get[Q, A any](path, id, group, summary string, by access, verb inspect.Verb, do func(*server, *call, Q) (A, error)) route {
	return route{
		method: "GET", path: path, id: id, group: group, summary: summary, access: by, verb: verb,
		query: reflect.TypeFor[Q](), answer: reflect.TypeFor[A](),
		do: func(s *server, c *call) error {
			var q Q
			if err := query(c.Request, &q); err != nil {
				return err
			}
			answer, err := do(s, c, q)
			if err != nil {
				return err
			}
			return give(c, answer)
		},
	}
}

func (r route) says(detail string) route { r.detail = detail; return r }

// none are the parameters of an address without any.
type none struct{}

// The groups of the documentation.
const (
	groupPublic = "公开数据"
	groupPlan   = "抽查计划"
	groupList   = "单位、事项和分库"
	groupObject = "检查对象名录库"
	groupMe     = "本令牌"
	groupAct    = "办理"
	groupRecord = "存证"
	groupDoc    = "接口文档"
)

var groups = []string{groupMe, groupPlan, groupTask, groupBatch, groupVisit, groupResult, groupFollow, groupList, groupObject, groupImport, groupAct, groupRecord, groupPublic, groupDoc}

// routes is every address of the API.
var routes []route

func init() {
	routes = []route{
		get("/api/v1/me", "me", groupMe, "当前令牌、人员、岗位和可以办理的事项", byReader, "", (*server).me),

		get("/api/v1/plans", "plans", groupPlan, "计划列表", byReader, inspect.PlanRead, (*server).plans).
			says("返回权限范围内的计划，按编号排列，同一编号新版在前。有 next 时还有下一页。"),
		get("/api/v1/plans/{id}", "plan", groupPlan, "一个计划的全部内容", byReader, inspect.PlanRead, (*server).plan).
			says("version 是办理时要填写的“所见版本”（seen）。只因已公布而可见的计划，不含人员、意见和会签。"),
		get("/api/v1/plans/{id}/timeline", "plan-timeline", groupPlan, "办理过程", byReader, inspect.PlanRead, (*server).timeline),
		get("/api/v1/plans/{id}/coverage", "plan-coverage", groupPlan, "连同本年度其他计划的覆盖情况", byReader, inspect.PlanRead, (*server).coverage).
			says("统计权限范围内本年度各计划的最新版与本计划：每个事项、部门、区域的任务数，以及每户全年预计被抽查的次数。"),
		get("/api/v1/plans/{id}/diff", "plan-diff", groupPlan, "与上一版的差别", byReader, inspect.PlanRead, (*server).diff),
		get("/api/v1/deadlines", "deadlines", groupPlan, "年度计划的时限", byReader, "", (*server).deadlines),

		get("/api/v1/orgs", "orgs", groupList, "本地区的单位", byReader, "", (*server).orgs),
		get("/api/v1/items", "items", groupList, "抽查事项清单", byReader, inspect.ItemRead, (*server).items),
		get("/api/v1/upstreams", "upstreams", groupList, "上级随机抽查事项清单", byReader, inspect.ItemRead, (*server).upstreams),
		get("/api/v1/joint-lists", "joint-lists", groupList, "联合清单各版，含征求会签中的", byReader, inspect.JointRead, (*server).jointLists),
		get("/api/v1/sublibraries", "sublibraries", groupList, "检查对象分库", byReader, inspect.ItemRead, (*server).sublibraries),
		get("/api/v1/inspectors", "inspectors", groupList, "执法检查人员", byReader, inspect.InspectorRead, (*server).inspectors).
			says("返回本地区名录库中的人员，以及在所问日期能否参加抽取。手机号只返回本部门人员的；回避关系不经接口提供。"),

		get("/api/v1/objects", "objects", groupObject, "检索检查对象", byReader, inspect.ObjectRead, (*server).objects).
			says("返回本地区的检查对象，按序号排列。法定代表人、电话和联络员只给主管部门的令牌。有 next 时还有下一页。"),
		get("/api/v1/objects/{no}", "object", groupObject, "一个检查对象及其标记、许可证和分库", byReader, inspect.ObjectRead, (*server).object),
		get("/api/v1/objects/{no}/history", "object-history", groupObject, "一个检查对象的历次变化", byReader, inspect.ObjectRead, (*server).objectHistory),

		get("/api/v1/entries/{n}", "entry", groupRecord, "一条存证条目及其收录证明", byAnyone, "", (*server).entry).
			says("条目不含个人信息。proof 是 C2SP tlog-proof 文本，可以离线验证；条目刚产生时尚未收录，稍后再取。"),

		get("/api/v1/public/plans", "public-plans", groupPublic, "已公布的计划", byAnyone, "", (*server).publicPlans),
		get("/api/v1/public/plans/{number}", "public-plan", groupPublic, "一个编号现行有效的一版", byAnyone, "", (*server).publicPlan),
		get("/api/v1/public/plans/{number}/editions/{edition}", "public-plan-edition", groupPublic, "一个编号的某一版，永久地址", byAnyone, "", (*server).publicEdition),

		get("/api/v1/public/items", "public-items", groupPublic, "各部门抽查事项清单", byAnyone, "", (*server).publicItems),
		get("/api/v1/public/items/{id}", "public-item", groupPublic, "一个抽查事项的各版本", byAnyone, "", (*server).publicItem),
		get("/api/v1/public/items/{id}/checklist", "public-checklist", groupPublic, "一个抽查事项的检查表单", byAnyone, "", (*server).publicChecklist),
		get("/api/v1/public/joint-lists", "public-joint-lists", groupPublic, "已公布的联合清单各版", byAnyone, "", (*server).publicJoint),

		{method: "POST", path: "/api/v1/acts/{verb}", id: "act", group: groupAct, access: byActor, do: (*server).act},

		{method: "GET", path: "/api/openapi.json", id: "openapi-json", group: groupDoc, summary: "本文档（OpenAPI 3.1，JSON）", access: byAnyone, do: (*server).openAPIJSON},
		{method: "GET", path: "/api/openapi.yaml", id: "openapi-yaml", group: groupDoc, summary: "本文档（OpenAPI 3.1，YAML）", access: byAnyone, do: (*server).openAPIYAML},
		{method: "GET", path: "/api/docs", id: "docs", group: groupDoc, summary: "供人阅读的文档", access: byAnyone, do: (*server).docs},
	}
	routes = append(routes, importRoutes()...)
	routes = append(routes, taskRoutes()...)
	routes = append(routes, batchRoutes()...)
	routes = append(routes, teamRoutes()...)
	routes = append(routes, substRoutes()...)
	routes = append(routes, upstreamRoutes()...)
	routes = append(routes, visitRoutes()...)
	routes = append(routes, resultRoutes()...)
	routes = append(routes, followUpRoutes()...)
	routes = append(routes, appealRoutes()...)
	routes = append(routes, deliveryRoutes()...)
}
