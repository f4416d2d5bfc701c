package api

import (
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// substRoutes are the reads of substitutions: R68.
func substRoutes() []route {
	return []route{
		get("/api/v1/batches/{id}/substitutions", "substitutions", groupBatch, "一个批次的递补与替换", byReader, inspect.TeamRead, (*server).substs).
			says("待批准的在前。只返回可见检查小组的递补和替换，可见范围与检查小组相同。version 填入 seen。"),
	}
}

// A substList is the substitutions of a batch.
type substList struct {
	Batch  inspect.BatchID `json:"batch" label:"批次 id"`
	Number string          `json:"number" label:"批次编号"`
	Substs []substView     `json:"substitutions" label:"递补与替换"`
}

// A substView is one substitution.
type substView struct {
	ID         inspect.SubstID    `json:"id" label:"申请 id"`
	Version    int64              `json:"version" label:"版本" hint:"办理时填入 seen"`
	Team       inspect.TeamID     `json:"team" label:"小组 id"`
	No         int                `json:"no" label:"小组序号"`
	Kind       inspect.SubstKind  `json:"kind" label:"替换内容"`
	KindText   string             `json:"kind_text" label:"替换内容（文字）"`
	Out        *substInspector    `json:"out,omitempty" label:"被替换的检查人员" hint:"递补检查对象的没有"`
	Ground     string             `json:"ground" label:"事由"`
	GroundText string             `json:"ground_text" label:"事由（文字）"`
	Text       string             `json:"text,omitempty" label:"说明"`
	Evidence   string             `json:"evidence,omitempty" label:"证明材料摘要"`
	Cause      string             `json:"cause,omitempty" label:"回避事由" hint:"回避申请才有"`
	Due        date               `json:"due,omitempty" label:"决定期限" hint:"回避申请才有"`
	Note       string             `json:"note,omitempty" label:"撤回情况"`
	Channel    string             `json:"channel,omitempty" label:"申请方式" hint:"回避申请才有"`
	Applicant  string             `json:"applicant,omitempty" label:"申请人" hint:"回避申请才有"`
	Applied    date               `json:"applied,omitempty" label:"申请日期" hint:"回避申请才有"`
	State      inspect.SubstState `json:"state" label:"状态"`
	StateText  string             `json:"state_text" label:"状态（文字）"`
	Org        orgRef             `json:"org" label:"申请单位"`
	AskedBy    string             `json:"asked_by" label:"申请的经办人"`
	AskedAt    instant            `json:"asked_at" label:"申请时间"`
	DecidedBy  string             `json:"decided_by,omitempty" label:"作出决定的负责人"`
	DecidedAt  instant            `json:"decided_at,omitempty" label:"决定时间"`
	Opinion    string             `json:"opinion,omitempty" label:"意见"`
	In         *substInspector    `json:"in,omitempty" label:"接替的检查人员"`
	Passed     []substPass        `json:"passed" label:"依次应接替而未接替的"`
	Teams      []int              `json:"teams" label:"递补对象的小组序号"`
	Exhausted  bool               `json:"exhausted" label:"候补名单已用完"`
	Verbs      []inspect.Verb     `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs []inspect.Verb     `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

// A substInspector is who goes or comes.
type substInspector struct {
	Inspector inspect.InspectorNo `json:"inspector" label:"执法检查人员序号"`
	Name      string              `json:"name" label:"姓名"`
}

// A substPass is who was next in order and could not come.
type substPass struct {
	substInspector
	Reason string `json:"reason" label:"原因"`
}

// substs is the substitutions of the teams that the caller may see.
func (s *server) substs(c *call, q batchPath) (substList, error) {
	scene, err := s.teamScene(c, q.ID)
	if err != nil {
		return substList{}, err
	}
	teams, err := s.DB.Teams(c.Context(), c.scope(), store.TeamFilter{Batch: scene.Batch.ID})
	if err != nil {
		return substList{}, err
	}
	byID := map[inspect.TeamID]inspect.Team{}
	for _, x := range scene.Sees(c.who(), teams) {
		byID[x.ID] = x
	}
	all, err := s.DB.Substs(c.Context(), c.scope(), scene.Batch.ID)
	if err != nil {
		return substList{}, err
	}
	all = slices.DeleteFunc(all, func(x inspect.Subst) bool { return byID[x.Team].ID == "" })
	var nos []inspect.InspectorNo
	var people []inspect.PersonID
	for _, x := range all {
		nos, people = append(nos, x.Out, x.In), append(people, x.AskedBy, x.DecidedBy)
		for _, p := range x.Passed {
			nos = append(nos, p.Inspector)
		}
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), scene.Batch.Region)
	if err != nil {
		return substList{}, err
	}
	names, err := s.DB.Names(c.Context(), c.scope(), people...)
	if err != nil {
		return substList{}, err
	}
	files, err := s.DB.InspectorFiles(c.Context(), c.scope(), inspect.TeamDays(teams).From, nos)
	if err != nil {
		return substList{}, err
	}
	v := substList{Batch: scene.Batch.ID, Number: scene.Batch.Number, Substs: []substView{}}
	for _, x := range all {
		view := substOf(x, files, names)
		view.Org = orgIn(facts, x.Org)
		view.Verbs, view.GraveVerbs = c.split(x.For(c.who()), scene.Relations(c.who().Org, byID[x.Team])...)
		v.Substs = append(v.Substs, view)
	}
	return v, nil
}

func substOf(x inspect.Subst, files map[inspect.InspectorNo]inspect.InspectorFile, names map[inspect.PersonID]string) substView {
	v := substView{
		ID: x.ID, Version: x.Version, Team: x.Team, No: x.No, Kind: x.Kind, KindText: x.Kind.Text(), Ground: x.Ground, GroundText: x.GroundText(), Text: x.Text,
		Evidence: x.Evidence, Channel: x.Channel, Cause: x.Cause, Due: dateOf(x.Due), Note: x.Note, Applicant: x.Applicant, Applied: dateOf(x.Applied), State: x.State, StateText: x.State.Text(),
		AskedBy: names[x.AskedBy], DecidedBy: names[x.DecidedBy], AskedAt: instantOf(x.AskedAt), DecidedAt: instantOf(x.DecidedAt), Opinion: x.Opinion,
		Passed: []substPass{}, Teams: append([]int{}, x.Teams...), Exhausted: x.Exhausted,
	}
	for at, no := range map[**substInspector]inspect.InspectorNo{&v.Out: x.Out, &v.In: x.In} {
		if no != 0 {
			*at = &substInspector{no, files[no].Name}
		}
	}
	for _, p := range x.Passed {
		v.Passed = append(v.Passed, substPass{substInspector{p.Inspector, files[p.Inspector].Name}, p.Reason})
	}
	return v
}
