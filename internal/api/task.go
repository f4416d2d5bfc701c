package api

import (
	"maps"
	"regexp"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// groupTask is the group of the documentation.
const groupTask = "抽查任务"

// taskRoutes are the reads of tasks. Nothing of a task is public before its draw, and
// none of these answers names an object.
func taskRoutes() []route {
	return []route{
		get("/api/v1/tasks", "tasks", groupTask, "任务列表", byReader, inspect.TaskRead, (*server).tasks).
			says("返回权限范围内的任务，新年度在前。参与部门自任务报审起可见，联席会议办公室自备案起可见。有 next 时还有下一页。"),
		get("/api/v1/tasks/{id}", "task", groupTask, "一个任务及其抽取条件", byReader, inspect.TaskRead, (*server).task).
			says("gates 是抽取前须具备的条件，逐条说明还缺什么、由谁办理。version 填入 seen，terms 填入参与部门答复的 terms。"),
	}
}

func init() {
	exampleIDs["task"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2b901"
	maps.Copy(examples, map[string]any{
		"task.draft/line": int64(1), "task.draft/source": "", "task.draft/ground": "", "task.draft/name": "", "task.draft/copy": "",
		"task.put/name": "餐饮服务单位联合抽查", "task.put/from": "2027-06-01", "task.put/until": "2027-06-30", "task.put/kind": "daily", "task.put/note": "分三组实施",
		"task.put/reason": "", "reserve": int64(2), "officers": int64(2), "assistants": int64(0), "no_notice": false, "sealed": false,
		"task.decline/opinion": "六月人手不足", "task.return/opinion": "请补充检查安排", "task.cancel/reason": "并入省局专项",
		"hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "signed": true,
		"cap.put/seen": int64(0), "most": int64(2), "grounds": "投诉举报\n上级部署\n整改复查",
		"task.draft/package": "", "upstream.add_key/sender": "烟台市市场监督管理局", "upstream.add_key/suite": "sha256-ed25519",
		"upstream.add_key/key": "53ffb638c316f4135380395487da506ea05afc6d89be150e55227069020a7357", "upstream.add_key/ground": "与派发单位电话核对公钥末八位",
		"upstream.end_key/reason": "公钥更换", "upstream.receive/package": "UEsDBBQACAgIAA==",
		"feedback.pass/org": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b402", "feedback.pass/note": "请核实", "feedback.answer/answer": "已核实，当日出示了证件。", "feedback.erase/reason": "来信人要求删除",
		"waiver.ask/kind": "complaints", "waiver.ask/ground": "三个月内投诉 12 件", "waiver.refuse/opinion": "依据不足",
	})
}

// A taskQuery narrows the list of tasks.
type taskQuery struct {
	Year   int                `query:"year" label:"年度" least:"2000" most:"2100"`
	State  inspect.TaskState  `query:"state" label:"状态"`
	Source inspect.TaskSource `query:"source" label:"任务来源"`
	Org    inspect.OrgID      `query:"org" label:"发起部门 id"`
	Text   string             `query:"text" label:"检索文字" hint:"任务名称、编号或备案号中的文字" most:"60"`
	paging
}

// A taskList is one page of the list.
type taskList struct {
	Tasks []taskRow `json:"tasks" label:"任务"`
	Next  string    `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// A taskRow is a task as a list shows it.
type taskRow struct {
	ID         inspect.TaskID     `json:"id" label:"任务 id"`
	Version    int64              `json:"version" label:"版本" hint:"办理时填入 seen"`
	Number     string             `json:"number" label:"任务编号"`
	Name       string             `json:"name" label:"任务名称"`
	State      inspect.TaskState  `json:"state" label:"状态"`
	StateText  string             `json:"state_text" label:"状态（文字）"`
	Source     inspect.TaskSource `json:"source" label:"任务来源"`
	Org        orgRef             `json:"org" label:"发起部门"`
	Partners   []orgRef           `json:"partners" label:"参与部门"`
	From       date               `json:"from,omitempty" label:"检查开始日期"`
	Until      date               `json:"until,omitempty" label:"检查结束日期"`
	Ratio      string             `json:"ratio" label:"抽查比例"`
	Sealed     bool               `json:"sealed" label:"名单封存至检查当日"`
	FilingNo   string             `json:"filing_no,omitempty" label:"备案号"`
	FiledAt    instant            `json:"filed_at,omitempty" label:"备案时间"`
	Verbs      []inspect.Verb     `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs []inspect.Verb     `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

// A taskView is a task with its departments, and what keeps it from being drawn.
type taskView struct {
	taskRow
	Terms    int64                  `json:"terms" label:"报审的版本" hint:"参与部门答复时填写"`
	Plan     *lineRef               `json:"plan,omitempty" label:"所属计划任务"`
	Ground   string                 `json:"ground,omitempty" label:"计划外任务的依据"`
	Field    string                 `json:"field" label:"行业领域"`
	Scope    string                 `json:"scope" label:"抽查对象范围"`
	Sublibs  []inspect.SublibraryID `json:"sublibs" label:"检查对象分库"`
	Areas    []string               `json:"areas" label:"实施区域，空为全域"`
	Officers int                    `json:"officers" label:"每个部门到场执法人员数"`
	Reserve  int                    `json:"reserve" label:"备选户数"`
	NoNotice bool                   `json:"no_notice" label:"不提前告知"`
	Reason   string                 `json:"reason,omitempty" label:"与计划不同的理由"`
	Opinion  string                 `json:"opinion,omitempty" label:"最近一次审批或退回的意见"`
	Parts    []taskPart             `json:"parts" label:"各部门" hint:"发起部门在前"`
	Gates    []gate                 `json:"gates" label:"抽取条件"`
	Ready    bool                   `json:"ready" label:"抽取条件全部具备"`
}

// A taskPart is one department of a task.
type taskPart struct {
	Org      orgRef    `json:"org" label:"部门"`
	Items    []pinned  `json:"items" label:"抽查事项"`
	Agreed   bool      `json:"agreed" label:"已同意参加"`
	AgreedAt instant   `json:"agreed_at,omitempty" label:"同意时间"`
	Signed   []library `json:"libraries" label:"名录库确认"`
}

// A pinned item is one in the version that was approved.
type pinned struct {
	Item    inspect.ItemID `json:"item" label:"事项 id"`
	Version int64          `json:"version" label:"版本"`
}

// A library is how the confirmation of a library stands.
type library struct {
	Library inspect.Library `json:"library" label:"名录库"`
	No      int             `json:"no" label:"第几次确认" hint:"0 为尚未确认"`
	Rows    int64           `json:"rows" label:"确认的条数"`
	Hash    string          `json:"hash,omitempty" label:"确认内容的摘要"`
	At      instant         `json:"at,omitempty" label:"确认时间"`
	Changed int64           `json:"changed" label:"确认之后的变动数"`
}

// A gate is one condition of the draw.
type gate struct {
	Kind inspect.GateKind `json:"kind" label:"条件"`
	Org  orgRef           `json:"org" label:"由哪个部门办理"`
	Done bool             `json:"done" label:"已具备"`
	Text string           `json:"text" label:"说明"`
	Verb inspect.Verb     `json:"verb" label:"办理的事项"`
}

var taskCursor = regexp.MustCompile(`^[0-9]{4}\.[0-9a-z-]{1,50}$`)

// tasks lists the tasks within the caller's scope.
func (s *server) tasks(c *call, q taskQuery) (taskList, error) {
	found, next, err := pageOf(c, q.paging, taskCursor, store.TaskKey, func(most int) ([]inspect.Task, error) {
		return s.DB.Tasks(c.Context(), c.scope(), store.TaskFilter{Year: q.Year, State: q.State, Source: q.Source, Org: q.Org, Text: q.Text, After: q.After, Most: most})
	})
	if err != nil {
		return taskList{}, err
	}
	page := taskList{Tasks: []taskRow{}, Next: next}
	facts := s.factsOf(c)
	for _, t := range found {
		of, err := facts(t.Region)
		if err != nil {
			return page, err
		}
		page.Tasks = append(page.Tasks, taskRowOf(c, t, of))
	}
	return page, nil
}

func taskRowOf(c *call, t inspect.Task, facts inspect.Facts) taskRow {
	row := taskRow{
		ID: t.ID, Version: t.Version, Number: t.Number, Name: t.Name, State: t.State, StateText: t.State.Text(), Source: t.Source,
		Org: orgIn(facts, t.Org), Partners: []orgRef{}, From: dateOf(t.From), Until: dateOf(t.Until), Ratio: t.Ratio, Sealed: t.Sealed,
		FilingNo: t.FilingNo, FiledAt: instantOf(t.FiledAt),
	}
	for _, p := range t.Parts {
		if p.Org != t.Org {
			row.Partners = append(row.Partners, orgIn(facts, p.Org))
		}
	}
	row.Verbs, row.GraveVerbs = c.split(t.Verbs(), t.Relations(c.who().Org)...)
	return row
}

// A taskPath names a task.
type taskPath struct {
	ID inspect.TaskID `path:"id" label:"任务 id"`
}

// task is one task with its gates.
func (s *server) task(c *call, q taskPath) (taskView, error) {
	t, err := s.DB.Task(c.Context(), c.scope(), q.ID)
	if err != nil {
		return taskView{}, err
	}
	facts, err := s.DB.TaskFacts(c.Context(), c.scope(), t, workday.On(s.Now()))
	if err != nil {
		return taskView{}, err
	}
	gates := t.Gates(facts)
	v := taskView{
		taskRow: taskRowOf(c, t, facts.Facts), Terms: t.Terms, Ground: t.Ground, Field: t.Field, Scope: t.Scope, Sublibs: listed(t.Sublibs),
		Areas: listed(t.Areas), Officers: t.Officers, Reserve: t.Reserve, NoNotice: t.NoNotice, Reason: t.Reason, Opinion: t.Opinion, Ready: inspect.Ready(gates),
		Gates: each(gates, func(g inspect.Gate) gate { return gate{g.Kind, orgIn(facts.Facts, g.Org), g.Done, g.Text, g.Verb} }),
	}
	if !t.Unplanned() {
		v.Plan = &lineRef{t.Line.Plan, t.Line.No}
	}
	v.Parts = each(t.Parts, func(p inspect.TaskPart) taskPart {
		part := taskPart{
			Org: orgIn(facts.Facts, p.Org), Agreed: p.AgreedBy != "" || p.Org == t.Org && t.ApprovedBy != "", AgreedAt: instantOf(p.AgreedAt), Signed: []library{},
			Items: each(p.Items, func(i inspect.ItemPin) pinned { return pinned{i.Item, i.Version} }),
		}
		for _, st := range facts.Confirmed {
			if st.Org == p.Org {
				part.Signed = append(part.Signed, library{st.Library, st.Last.No, st.Last.Rows, st.Last.Hash, instantOf(st.Last.At), st.Changed})
			}
		}
		return part
	})
	return v, nil
}
