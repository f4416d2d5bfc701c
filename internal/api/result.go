package api

import (
	"maps"
	"reflect"
	"regexp"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// groupResult is the group of the documentation.
const groupResult = "检查结果"

// resultRoutes are the reads of results: those of the office, and what is public.
func resultRoutes() []route {
	return []route{
		get("/api/v1/results", "results", groupResult, "检查结果列表", byReader, inspect.ResultRead, (*server).results).
			says("返回权限范围内的检查结果，公示期限近的在前。各部门看得到本部门参加的检查的结果，已公示的看得到全部。version 填入 seen。"),
		get("/api/v1/results/{id}", "result", groupResult, "一个检查结果", byReader, inspect.ResultRead, (*server).result),
		get("/api/v1/public/results", "public-results", groupPublic, "已公示的检查结果", byAnyone, "", (*server).publicResults).
			says("返回现行版本，最近公示的在前，不含已撤下的。按 code 检索最快。"),
		get("/api/v1/public/results/{id}", "public-result", groupPublic, "一个检查结果的全部版本，永久地址", byAnyone, "", (*server).publicResult).
			says("已撤下的只返回各版的时间、摘要和理由，不返回内容。"),
	}
}

func init() {
	for _, t := range []reflect.Type{reflect.TypeFor[inspect.ResultID](), reflect.TypeFor[inspect.CorrectionID]()} {
		ids[t] = true
	}
	choices[reflect.TypeFor[inspect.ResultState]()] = inspect.ResultStates
	unlabelled["result"] = "检查结果 id"
	id := "0199c5d2-7a10-7c3e-8a51-3f60d1c2c401"
	exampleIDs["result"], exampleIDs["correction"] = id, id
	maps.Copy(examples, map[string]any{
		"follow": []string{"rectify"}, "follow_due": "2027-04-08", "dishonest": "", "result.put/remark": "责令十五日内改正",
		"result.return/opinion": "请补充后续处理", "revisit": false, "result.publish/confirm": "91370687MA3TERT03B", "correction.draft/kind": "correct",
		"correction.draft/ground": "结果录入有误，经核对检查记录确认", "correction.draft/codes": []string{"1:no_problem"}, "correction.drop/opinion": "核对后无误",
	})
}

// A resultQuery narrows the list of results.
type resultQuery struct {
	State inspect.ResultState `query:"state" label:"状态"`
	Org   inspect.OrgID       `query:"org" label:"检查机关 id"`
	Batch inspect.BatchID     `query:"batch" label:"批次 id"`
	Text  string              `query:"text" label:"检索文字" hint:"检查对象的名称或者代码" most:"60"`
	paging
}

// A resultList is one page of the list.
type resultList struct {
	Results []resultView `json:"results" label:"检查结果"`
	Next    string       `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// A resultView is a result as its department reads it.
type resultView struct {
	ID          inspect.ResultID    `json:"id" label:"检查结果 id"`
	Version     int64               `json:"version" label:"版本" hint:"办理时填入 seen"`
	State       inspect.ResultState `json:"state" label:"状态"`
	StateText   string              `json:"state_text" label:"状态（文字）"`
	Org         inspect.OrgID       `json:"org" label:"检查机关 id"`
	Body        string              `json:"body" label:"检查机关"`
	Visit       inspect.VisitID     `json:"visit" label:"检查 id"`
	Object      inspect.ObjectNo    `json:"object" label:"检查对象序号"`
	Name        string              `json:"name" label:"检查对象"`
	Code        string              `json:"code" label:"统一社会信用代码或编号"`
	Done        date                `json:"done" label:"检查日期"`
	Ended       instant             `json:"ended" label:"检查结束时间" hint:"全体首次签字完毕，期限由此起算"`
	Again       instant             `json:"ended_again,omitempty" label:"补充检查结束时间" hint:"退回补充检查后全体重新签字完毕"`
	Due         date                `json:"due" label:"公示期限"`
	Provisional bool                `json:"provisional" label:"期限暂定" hint:"跨入尚未公布放假安排的年份"`
	Overdue     bool                `json:"overdue" label:"已逾期或者逾期公示"`
	Items       []resultItem        `json:"items" label:"事项"`
	Follow      []string            `json:"follow" label:"后续处理"`
	FollowDue   date                `json:"follow_due,omitempty" label:"后续处理期限"`
	Dishonest   string              `json:"dishonest,omitempty" label:"失信记录"`
	Edition     int                 `json:"edition" label:"公示的版次" hint:"0 为尚未公示"`
	PublishedAt instant             `json:"published_at,omitempty" label:"首次公示时间"`
	Verbs       []inspect.Verb      `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs  []inspect.Verb      `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

// A resultItem is one item of a result.
type resultItem struct {
	Item      inspect.ItemID       `json:"item" label:"事项 id"`
	Version   int64                `json:"version" label:"事项版本"`
	Name      string               `json:"name" label:"事项名称"`
	Codes     []inspect.ResultCode `json:"codes" label:"检查结果" hint:"没有的未检查"`
	Corrected bool                 `json:"corrected" label:"已改正"`
	Problem   string               `json:"problem,omitempty" label:"问题"`
	Handling  string               `json:"handling,omitempty" label:"处置"`
	Waived    string               `json:"waived,omitempty" label:"未检查的理由"`
}

// results lists the results within the caller's scope.
func (s *server) results(c *call, q resultQuery) (resultList, error) {
	found, next, err := pageOf(c, q.paging, momentCursor, store.ResultKey, func(most int) ([]inspect.Result, error) {
		return s.DB.Results(c.Context(), c.scope(), store.ResultFilter{State: q.State, Org: q.Org, Batch: q.Batch, Text: q.Text, After: q.After, Most: most})
	})
	return resultList{each(found, func(r inspect.Result) resultView { return s.resultView(c, r) }), next}, err
}

// A resultPath names a result.
type resultPath struct {
	ID inspect.ResultID `path:"id" label:"检查结果 id"`
}

// result is one result that the caller may see.
func (s *server) result(c *call, q resultPath) (resultView, error) {
	r, err := s.DB.Result(c.Context(), c.scope(), q.ID)
	if err == nil && c.who().MayTo(inspect.ResultRead, r.Relations(c.who().Org)...) != nil {
		err = inspect.ErrMissing
	}
	if err != nil {
		return resultView{}, err
	}
	return s.resultView(c, r), nil
}

func (s *server) resultView(c *call, r inspect.Result) resultView {
	clock := r.Clock(workday.Official(), workday.On(s.Now()))
	v := resultView{
		ID: r.ID, Version: r.Version, State: r.State, StateText: r.State.Text(), Org: r.Org, Body: r.Body, Visit: r.Visit, Object: r.Object, Name: r.Name, Code: r.Code,
		Done: dateOf(r.Done), Ended: instantOf(r.Ended), Again: instantOf(r.Again), Due: dateOf(clock.Due), Provisional: clock.Provisional, Overdue: clock.Overdue(), Items: []resultItem{},
		Follow: []string{}, FollowDue: dateOf(r.FollowDue), Dishonest: r.Dishonest, Edition: r.Edition, PublishedAt: instantOf(r.PublishedAt),
	}
	v.Follow = append(v.Follow, r.Follow...)
	for _, i := range r.Items {
		v.Items = append(v.Items, resultItem{i.Item, i.Version, i.Name, append([]inspect.ResultCode{}, i.Codes...), i.Corrected, i.Problem, i.Handling, i.Waived})
	}
	v.Verbs, v.GraveVerbs = c.split(r.Verbs(), r.Relations(c.who().Org)...)
	return v
}

// A publicResultQuery narrows the list of published results.
type publicResultQuery struct {
	Region string        `query:"region" label:"行政区划代码" hint:"六位数字" most:"6"`
	Code   string        `query:"code" label:"统一社会信用代码" most:"18"`
	Text   string        `query:"text" label:"检查对象名称中的文字" most:"60"`
	Task   string        `query:"task" label:"任务编号" most:"60"`
	Org    inspect.OrgID `query:"org" label:"检查机关 id"`
	paging
}

// A publicResultPage is one page of the list.
type publicResultPage struct {
	Results []publicEditionView `json:"results" label:"检查结果" hint:"各条的现行版本"`
	Next    string              `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// A publicEditionView is one edition of a published result: R94.
type publicEditionView struct {
	Result  inspect.ResultID        `json:"result" label:"检查结果 id"`
	No      int                     `json:"no" label:"版次" hint:"1 为首次公示"`
	Kind    inspect.PublicationKind `json:"kind" label:"公示种类" hint:"publish 首次公示，correct 更正，withdraw 撤下"`
	Day     date                    `json:"day" label:"公示日期"`
	Ground  string                  `json:"ground,omitempty" label:"更正或者撤下的理由"`
	Digest  string                  `json:"digest" label:"批准内容的摘要" hint:"content 按本接口的字段次序写成 JSON 的 SHA-256"`
	Content *inspect.PublicResult   `json:"content,omitempty" label:"公示内容" hint:"已撤下的没有"`
	Href    string                  `json:"href" label:"永久地址"`
}

func editionView(p inspect.Publication, gone bool) (publicEditionView, error) {
	v := publicEditionView{
		Result: p.Result, No: p.No, Kind: p.Kind, Day: dateOf(p.Day), Ground: p.Ground, Digest: p.Digest, Href: "/api/v1/public/results/" + string(p.Result),
	}
	if gone {
		return v, nil
	}
	body, err := p.Public()
	v.Content = &body
	return v, err
}

var publicCursor = regexp.MustCompile(`^[0-9-]{10}_[0-9a-f-]{36}$`)

// publicResults lists what stands.
func (s *server) publicResults(c *call, q publicResultQuery) (publicResultPage, error) {
	found, next, err := pageOf(c, q.paging, publicCursor, store.PublicationKey, func(most int) ([]inspect.Publication, error) {
		return s.DB.Published(c.Context(), inspect.Scope{}, store.PublicFilter{
			Region: q.Region, Code: q.Code, Text: q.Text, Task: q.Task, Org: q.Org, After: q.After, Most: most,
		})
	})
	if err != nil {
		return publicResultPage{}, err
	}
	page := publicResultPage{Results: []publicEditionView{}, Next: next}
	for _, p := range found {
		v, err := editionView(p, false)
		if err != nil {
			return page, err
		}
		page.Results = append(page.Results, v)
	}
	return page, nil
}

// A publicResultView is a result in all its editions, the newest first.
type publicResultView struct {
	Editions []publicEditionView `json:"editions" label:"各版本" hint:"新的在前"`
}

// publicResult is a result that has its page.
func (s *server) publicResult(c *call, q resultPath) (publicResultView, error) {
	all, err := s.DB.Publications(c.Context(), inspect.Scope{}, q.ID)
	if err == nil && len(all) == 0 {
		err = inspect.ErrMissing
	}
	if err != nil {
		return publicResultView{}, err
	}
	v := publicResultView{}
	for _, p := range all {
		e, err := editionView(p, all[0].Kind.Ends())
		if err != nil {
			return v, err
		}
		v.Editions = append(v.Editions, e)
	}
	return v, nil
}
