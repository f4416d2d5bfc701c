package api

import (
	"errors"
	"maps"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// teamRoutes are the reads of teams and of their dispatch.
func teamRoutes() []route {
	return []route{
		get("/api/v1/batches/{id}/teams", "teams", groupBatch, "一个批次的检查小组和派发情况", byReader, inspect.TeamRead, (*server).teams).
			says("派发之前只返回给组织抽取的单位和任务发起部门，派发之后返回给参与部门；不在其列的，视为没有这个批次。密封方式的，名单公开之前不通过接口返回。version 填入 seen。"),
	}
}

func init() {
	team := "0199c5d2-7a10-7c3e-8a51-3f60d1c2bc01"
	exampleIDs["teams"], exampleIDs["team"] = team, team
	maps.Copy(examples, map[string]any{
		"subst.ask/kind": "inspector", "out": int64(1), "subst.ask/ground": "ill", "text": "", "evidence": "", "channel": "", "applicant": "", "applied": "", "cause": "",
		"subst.withdraw/text": "", "subst.erase/text": "申请人要求删除",
		"due": "2027-03-08", "batch.dispatch/note": "", "days": []string{"2027-03-15"}, "team.schedule/seen": []int64{1}, "team.schedule/reason": "",
	})
}

// A teamList is the teams of a batch.
type teamList struct {
	Batch    inspect.BatchID `json:"batch" label:"批次 id"`
	Number   string          `json:"number" label:"批次编号"`
	Dispatch *dispatchView   `json:"dispatch,omitempty" label:"派发" hint:"尚未派发的没有"`
	Teams    []teamView      `json:"teams" label:"检查小组"`
}

// A dispatchView is a dispatch with its receipts.
type dispatchView struct {
	At       instant       `json:"at" label:"派发时间"`
	Due      string        `json:"due" label:"回执期限"`
	Note     string        `json:"note,omitempty" label:"说明"`
	Receipts []receiptView `json:"receipts" label:"部门回执"`
}

// A receiptView is a department's receipt.
type receiptView struct {
	Org orgRef  `json:"org" label:"部门"`
	At  instant `json:"at,omitempty" label:"签收时间" hint:"没有的尚未签收"`
}

// A teamView is one team.
type teamView struct {
	ID        inspect.TeamID    `json:"id" label:"小组 id"`
	Version   int64             `json:"version" label:"版本" hint:"办理时填入 seen"`
	No        int               `json:"no" label:"小组序号"`
	State     inspect.TeamState `json:"state" label:"状态"`
	StateText string            `json:"state_text" label:"状态（文字）"`
	Lead      orgRef            `json:"lead" label:"牵头部门"`
	Object    inspect.ObjectNo  `json:"object" label:"检查对象序号"`
	Code      string            `json:"code" label:"统一社会信用代码或编号"`
	Name      string            `json:"name" label:"检查对象名称"`
	Address   string            `json:"address" label:"地址"`
	Tasks     []inspect.TaskID  `json:"tasks" label:"任务 id"`
	From      string            `json:"from" label:"检查最早日期"`
	Until     string            `json:"until" label:"检查最晚日期"`
	Day       string            `json:"day,omitempty" label:"检查日期" hint:"没有的尚未安排"`
	Members   []teamMember      `json:"members" label:"成员，组长在前"`
	Verbs     []inspect.Verb    `json:"verbs" label:"现在可以用本令牌办理的事项"`
}

// A teamMember is an inspector of a team.
type teamMember struct {
	Inspector inspect.InspectorNo `json:"inspector" label:"执法检查人员序号"`
	Name      string              `json:"name" label:"姓名"`
	Org       orgRef              `json:"org" label:"部门"`
	Leader    bool                `json:"leader" label:"组长"`
	Out       bool                `json:"out" label:"已替换"`
	At        instant             `json:"at,omitempty" label:"签收时间"`
}

// teams is the teams of a batch that the caller may see.
func (s *server) teams(c *call, q batchPath) (teamList, error) {
	scene, err := s.teamScene(c, q.ID)
	if err != nil {
		return teamList{}, err
	}
	if scene.Batch.Hidden() { // each reading is a person's own act, with a second factor: INV-05
		return teamList{}, inspect.ErrBatchReading
	}
	all, err := s.DB.Teams(c.Context(), c.scope(), store.TeamFilter{Batch: scene.Batch.ID})
	if err != nil {
		return teamList{}, err
	}
	all = scene.Sees(c.who(), all)
	facts, err := s.DB.Facts(c.Context(), c.scope(), scene.Batch.Region)
	if err != nil {
		return teamList{}, err
	}
	v := teamList{Batch: scene.Batch.ID, Number: scene.Batch.Number, Teams: []teamView{}, Dispatch: dispatchOf(scene.Dispatch, facts)}
	var nos []inspect.ObjectNo
	for _, x := range all {
		nos = append(nos, x.Object)
	}
	objects, err := s.DB.ObjectsOf(c.Context(), c.scope(), nos)
	if err != nil {
		return teamList{}, err
	}
	called := map[inspect.ObjectNo]inspect.Object{}
	for _, o := range objects {
		called[o.No] = o
	}
	files, err := s.DB.InspectorFiles(c.Context(), c.scope(), inspect.TeamDays(all).From, inspect.TeamMembers(all))
	if err != nil {
		return teamList{}, err
	}
	for _, x := range all {
		view := viewOfTeam(x, called[x.Object], files, facts)
		view.Verbs, _ = c.split(x.Verbs(), scene.Relations(c.who().Org, x)...)
		v.Teams = append(v.Teams, view)
	}
	return v, nil
}

// teamScene is a batch with what its teams are seen in; to whoever sees none there is
// no such batch.
func (s *server) teamScene(c *call, id inspect.BatchID) (scene inspect.TeamScene, err error) {
	if scene.Batch, err = s.DB.Batch(c.Context(), c.scope(), id); err != nil {
		return scene, err
	}
	if scene.Tasks, err = s.DB.TasksOfBatch(c.Context(), c.scope(), scene.Batch); err != nil {
		return scene, err
	}
	if scene.Dispatch, err = s.DB.Dispatch(c.Context(), c.scope(), id); errors.Is(err, inspect.ErrMissing) {
		err = nil
	}
	if err == nil && c.who().MayTo(inspect.TeamRead, scene.BatchRelations(c.who().Org)...) != nil {
		err = inspect.ErrMissing
	}
	return scene, err
}

func dispatchOf(d inspect.Dispatch, facts inspect.Facts) *dispatchView {
	if !d.Done() {
		return nil
	}
	v := &dispatchView{At: instantOf(d.At), Due: d.Due.String(), Note: d.Note, Receipts: []receiptView{}}
	for _, r := range d.Receipts {
		v.Receipts = append(v.Receipts, receiptView{orgIn(facts, r.Org), instantOf(r.At)})
	}
	return v
}

func viewOfTeam(x inspect.Team, o inspect.Object, files map[inspect.InspectorNo]inspect.InspectorFile, facts inspect.Facts) teamView {
	v := teamView{
		ID: x.ID, Version: x.Version, No: x.No, State: x.State, StateText: x.State.Text(), Lead: orgIn(facts, x.Org), Object: x.Object, Code: o.Code,
		Name: o.Name, Address: o.Address, Tasks: x.Tasks, From: x.Days.From.String(), Until: x.Days.Until.String(), Members: []teamMember{},
	}
	if !x.Day.IsZero() {
		v.Day = x.Day.String()
	}
	for _, m := range x.Members {
		v.Members = append(v.Members, teamMember{m.Inspector, files[m.Inspector].Name, orgIn(facts, m.Org), m.Leader, m.Out, instantOf(m.At)})
	}
	return v
}
