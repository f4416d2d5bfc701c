package api

import (
	"maps"
	"reflect"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// appealRoutes are the reads of objections, replies and repairs: R102.
func appealRoutes() []route {
	return []route{
		get("/api/v1/appeals", "appeals", groupFollow, "异议、申辩和信用修复列表", byReader, inspect.AppealRead, (*server).appeals).
			says("返回权限范围内的申请，先收到的在前。各部门看得到对本部门结果的申请，联席会议办公室看得到本地区的。列表不含申请的内容和申请人。"),
		get("/api/v1/appeals/{id}", "appeal", groupFollow, "一件申请及其各步骤", byReader, inspect.AppealRead, (*server).appeal).
			says("version 填入 seen。受理编号、联系人、联系电话和网上提交的内容只返回给承办部门。"),
	}
}

// What the document says of the acts of appeals.
func init() {
	ids[reflect.TypeFor[inspect.AppealID]()] = true
	choices[reflect.TypeFor[inspect.AppealKind]()] = inspect.AppealKinds
	choices[reflect.TypeFor[inspect.AppealState]()] = inspect.AppealStates
	unlabelled["appeal"] = "申请 id"
	exampleIDs["appeal"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2d601"
	maps.Copy(examples, map[string]any{
		"appeal.enter/kind": "objection", "appeal.enter/way": "counter", "appeal.enter/text": "认为台账并非缺失，提交平面图和照片",
		"appeal.ask/days": int64(10), "appeal.ask/text": "请补充台账存放地点的证明材料", "appeal.supply/text": "收到平面图和照片 3 张",
		"appeal.accept/check": "call", "appeal.accept/text": "按登记电话回访，负责人确认是本单位提交", "appeal.reject/text": "经回访，不是该单位提交",
		"appeal.grant/public": "", "appeal.grant/text": "经核实，反映的情况属实", "appeal.refuse/text": "经核实，公示的结果与检查记录一致",
		"appeal.repair/text": "问题已经改正，同意信用修复", "appeal.withdraw/text": "负责人来电提出撤回", "appeal.erase/text": "申请人要求删除",
	})
}

// An appealQuery narrows the list of appeals.
type appealQuery struct {
	Standing standing            `query:"standing" label:"办理情况" hint:"不填为全部"`
	Kind     inspect.AppealKind  `query:"kind" label:"申请种类"`
	State    inspect.AppealState `query:"state" label:"状态"`
	Org      inspect.OrgID       `query:"org" label:"承办部门 id"`
	Result   inspect.ResultID    `query:"result" label:"检查结果 id"`
	Text     string              `query:"text" label:"检索文字" hint:"检查对象的名称或者代码" most:"60"`
	paging
}

// An appealList is one page of the list.
type appealList struct {
	Appeals []appealRow `json:"appeals" label:"申请"`
	Next    string      `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// An appealRow is an appeal as a list shows it: nothing of who asks.
type appealRow struct {
	ID         inspect.AppealID    `json:"id" label:"申请 id"`
	Version    int64               `json:"version" label:"版本" hint:"办理时填入 seen"`
	Kind       inspect.AppealKind  `json:"kind" label:"申请种类"`
	KindText   string              `json:"kind_text" label:"申请种类（文字）"`
	State      inspect.AppealState `json:"state" label:"状态"`
	StateText  string              `json:"state_text" label:"状态（文字）"`
	Way        string              `json:"way" label:"提交方式" hint:"online 网上提交，counter 现场提交，mail 邮寄"`
	Result     inspect.ResultID    `json:"result" label:"检查结果 id"`
	Name       string              `json:"name" label:"检查对象"`
	Code       string              `json:"code" label:"统一社会信用代码或编号"`
	Org        orgRef              `json:"org" label:"承办部门"`
	ReceivedAt instant             `json:"received_at" label:"收到时间"`
	Since      instant             `json:"since" label:"最近办理时间"`
	clockView
}

// An appealView is an appeal with its steps. Who asks, and what came by the public form,
// is for the department that answers.
type appealView struct {
	appealRow
	Number     string               `json:"number,omitempty" label:"受理编号" hint:"仅承办部门"`
	Text       string               `json:"text,omitempty" label:"申请内容" hint:"网上提交的仅承办部门"`
	Contact    string               `json:"contact,omitempty" label:"联系人" hint:"仅承办部门"`
	Phone      string               `json:"phone,omitempty" label:"联系电话" hint:"仅承办部门"`
	Check      string               `json:"check,omitempty" label:"身份核对方式"`
	Public     string               `json:"public,omitempty" label:"在结果旁公示的说明"`
	Correction inspect.CorrectionID `json:"correction,omitempty" label:"据以更正的更正 id"`
	ErasedAt   instant              `json:"erased_at,omitempty" label:"内容删除时间"`
	Steps      []appealStep         `json:"steps" label:"各步骤" hint:"先办理的在前"`
	Verbs      []inspect.Verb       `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs []inspect.Verb       `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

// An appealStep is one thing that was done.
type appealStep struct {
	Verb     inspect.Verb `json:"verb" label:"办理事项"`
	VerbText string       `json:"verb_text" label:"办理事项（文字）"`
	By       string       `json:"by,omitempty" label:"办理人"`
	At       instant      `json:"at" label:"办理时间"`
	Text     string       `json:"text,omitempty" label:"内容"`
}

// appeals lists the appeals within the caller's scope.
func (s *server) appeals(c *call, q appealQuery) (appealList, error) {
	found, next, err := pageOf(c, q.paging, momentCursor, store.AppealKey, func(most int) ([]inspect.Appeal, error) {
		read := func(after string, most int) ([]inspect.Appeal, error) {
			return s.DB.Appeals(c.Context(), c.scope(), store.AppealFilter{
				Org: q.Org, Result: q.Result, Kind: q.Kind, State: q.State, Open: q.Standing == standingOpen || q.Standing == standingLate,
				Ended: q.Standing == standingClosed, Text: q.Text, After: after, Most: most,
			})
		}
		return lateOf(q.Standing, q.After, most, read, store.AppealKey, func(a inspect.Appeal) bool { return a.Clock(workday.Official()).Overdue(s.Now()) })
	})
	if err != nil {
		return appealList{}, err
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), c.who().Org.Region)
	return appealList{each(found, func(a inspect.Appeal) appealRow { return s.appealRow(a, facts) }), next}, err
}

func (s *server) appealRow(a inspect.Appeal, facts inspect.Facts) appealRow {
	return appealRow{
		ID: a.ID, Version: a.Version, Kind: a.Kind, KindText: a.Kind.Text(), State: a.State, StateText: a.State.Text(), Way: a.Way, Result: a.Result, Name: a.Name,
		Code: a.Code, Org: orgIn(facts, a.Org), ReceivedAt: instantOf(a.ReceivedAt), Since: instantOf(a.Since), clockView: s.clock(a.Clock(workday.Official())),
	}
}

// An appealPath names an appeal.
type appealPath struct {
	ID inspect.AppealID `path:"id" label:"申请 id"`
}

// appeal is one appeal that the caller may see.
func (s *server) appeal(c *call, q appealPath) (appealView, error) {
	a, err := s.DB.Appeal(c.Context(), c.scope(), q.ID)
	if err == nil && c.who().MayTo(inspect.AppealRead, a.Relations(c.who().Org)...) != nil {
		err = inspect.ErrMissing
	}
	if err != nil {
		return appealView{}, err
	}
	result, err := s.DB.Result(c.Context(), c.scope(), a.Result)
	if err != nil {
		return appealView{}, err
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), c.who().Org.Region)
	if err != nil {
		return appealView{}, err
	}
	words, err := s.DB.AppealText(c.Context(), c.scope(), a.ID)
	if err != nil {
		return appealView{}, err
	}
	names, err := s.DB.Names(c.Context(), c.scope(), each(a.Steps, func(x inspect.Step) inspect.PersonID { return x.By })...)
	v := appealView{
		appealRow: s.appealRow(a, facts), Text: a.Summary + words.Text, Contact: words.Name, Phone: words.Contact, Check: a.Check, Public: a.Public,
		Correction: a.Correction, ErasedAt: instantOf(a.ErasedAt), Steps: each(a.Steps, func(x inspect.Step) appealStep {
			return appealStep{x.Verb, x.Verb.Text(), names[x.By], instantOf(x.At), x.Text}
		}),
	}
	if c.who().Org.ID == a.Org {
		v.Number = inspect.AppealCode(a.ID)
	}
	v.Verbs, v.GraveVerbs = c.parted(a.MayNow(c.who(), result))
	return v, err
}
