package act

import (
	"context"
	"errors"
	"slices"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// FillVisit writes down what came of one item: R76–R78. Seen is how often the item had
// been filled in, Checklist the version of its checklist, so that officers of several
// departments write at the same time without waiting for each other. Answers and notes
// have one question each, such as licence_shown=yes.
type FillVisit struct {
	Team      inspect.TeamID       `json:"team"`
	Item      inspect.ItemID       `json:"item" label:"检查事项"`
	Seen      int64                `json:"seen"`
	Checklist int64                `json:"checklist" label:"检查表单版本" hint:"没有检查表单的为 0"`
	Methods   []inspect.Method     `json:"methods" label:"检查方式"`
	Answers   []string             `json:"answers" label:"检查内容" hint:"每项为“题目代号=回答”"`
	Notes     []string             `json:"notes" label:"情况说明" hint:"每项为“题目代号=说明”"`
	Codes     []inspect.ResultCode `json:"codes" label:"检查结果"`
	Corrected bool                 `json:"corrected" label:"已当场改正"`
	Problem   string               `json:"problem" label:"发现的问题"`
	Handling  string               `json:"handling" label:"处置情况"`
	Waived    string               `json:"waived" label:"未检查的理由" hint:"本事项没有检查的填写；填写后不再填写检查内容和结果"`
}

// Verb is what the act is called.
func (FillVisit) Verb() inspect.Verb { return inspect.VisitFill }

func (c FillVisit) do(ctx context.Context, t *tx) error {
	in := inspect.Finding{
		Item: c.Item, Edition: c.Seen, ChecklistVersion: c.Checklist, Methods: c.Methods, Codes: c.Codes, Corrected: c.Corrected,
		Problem: c.Problem, Handling: c.Handling, Waived: c.Waived,
	}
	for _, text := range c.Answers {
		question, value, _ := strings.Cut(text, "=")
		in.Answers = append(in.Answers, inspect.Answer{Question: question, Value: value})
	}
	for _, text := range c.Notes {
		question, note, _ := strings.Cut(text, "=")
		i := slices.IndexFunc(in.Answers, func(a inspect.Answer) bool { return a.Question == question })
		if i < 0 {
			i, in.Answers = len(in.Answers), append(in.Answers, inspect.Answer{Question: question})
		}
		in.Answers[i].Note = note
	}
	return t.changeVisit(ctx, c.Team, func(g visiting) (inspect.Visit, error) {
		list, err := t.Checklist(ctx, c.Item)
		if err != nil && !errors.Is(err, inspect.ErrMissing) {
			return g.Visit, err
		}
		return g.Fill(in, list, g.by)
	})
}

// MeasureVisit notes a measure taken on the spot, or corrects one: R82, R83.
type MeasureVisit struct {
	Team  inspect.TeamID    `json:"team"`
	ID    inspect.MeasureID `json:"id"` // made by the asker
	Kind  string            `json:"kind" label:"措施"`
	Form  string            `json:"manner" label:"方式"` // a form has a field "form" of its own
	Item  inspect.ItemID    `json:"item" label:"检查事项"`
	Text  string            `json:"text" label:"内容"`
	Law   string            `json:"law" label:"违反的规定"`
	Basis string            `json:"basis" label:"依据"`
	Due   workday.Date      `json:"due" label:"改正期限"`
}

// Verb is what the act is called.
func (MeasureVisit) Verb() inspect.Verb { return inspect.VisitMeasure }

func (c MeasureVisit) do(ctx context.Context, t *tx) error {
	return t.changeVisit(ctx, c.Team, func(g visiting) (inspect.Visit, error) {
		return g.Measure(inspect.Measure{ID: c.ID, Kind: c.Kind, Form: c.Form, Item: c.Item, Text: c.Text, Law: c.Law, Basis: c.Basis, Due: c.Due}, g.by)
	})
}

// HelpVisit notes what a third party or an expert said of an item: R59, R75.
type HelpVisit struct {
	Team       inspect.TeamID     `json:"team"`
	ID         inspect.HelperID   `json:"id"` // made by the asker
	Name       string             `json:"name" label:"姓名"`
	Unit       string             `json:"unit" label:"所在单位"`
	Item       inspect.ItemID     `json:"item" label:"检查事项"`
	Conclusion string             `json:"conclusion" label:"意见"`
	Paper      inspect.EvidenceID `json:"paper" label:"书面意见" hint:"已登记的证据"`
}

// Verb is what the act is called.
func (HelpVisit) Verb() inspect.Verb { return inspect.VisitHelper }

func (c HelpVisit) do(ctx context.Context, t *tx) error {
	return t.changeVisit(ctx, c.Team, func(g visiting) (inspect.Visit, error) {
		return g.Help(inspect.Helper{ID: c.ID, Name: c.Name, Unit: c.Unit, Item: c.Item, Conclusion: c.Conclusion, Paper: c.Paper}, g.by)
	})
}

// AttachVisit adds a file that was uploaded before, by its digest.
type AttachVisit struct {
	Team    inspect.TeamID     `json:"team"`
	ID      inspect.EvidenceID `json:"id"` // made by the asker
	SHA256  string             `json:"sha256" label:"文件摘要" hint:"SHA-256，64 位十六进制"`
	Kind    string             `json:"kind" label:"证据种类"`
	Name    string             `json:"name" label:"名称"`
	Item    inspect.ItemID     `json:"item" label:"检查事项"`
	Claimed string             `json:"claimed" label:"拍摄、取得时间" hint:"例如 2026-07-06T09:30"`
}

// Verb is what the act is called.
func (AttachVisit) Verb() inspect.Verb { return inspect.VisitAttach }

func (c AttachVisit) do(ctx context.Context, t *tx) error {
	at, err := inspect.ReadMoment("claimed", "拍摄、取得时间", c.Claimed)
	if err != nil {
		return err
	}
	return t.changeVisit(ctx, c.Team, func(g visiting) (inspect.Visit, error) {
		blob, ok, err := t.blob(ctx, c.SHA256)
		if err != nil {
			return g.Visit, err
		}
		if !ok {
			return g.Visit, inspect.ErrVisitBlob.At("sha256")
		}
		return g.Attach(inspect.Evidence{ID: c.ID, SHA256: c.SHA256, Kind: c.Kind, Name: c.Name, Item: c.Item, Claimed: at}, blob, g.by)
	})
}

// blob looks for a file.
func (t *tx) blob(ctx context.Context, sha256 string) (inspect.Blob, bool, error) {
	if t.blobs == nil {
		return inspect.Blob{}, false, nil
	}
	return t.blobs(ctx, sha256)
}

// SetVisitAside leads the visit to a result without checklists: R100.
type SetVisitAside struct {
	Team      inspect.TeamID        `json:"team"`
	Kind      inspect.ResultCode    `json:"kind" label:"情形"`
	Officers  []inspect.InspectorNo `json:"officers" label:"在场检查人员"`
	Tried     string                `json:"tried" label:"经过" hint:"到过哪里、怎样联系、看到什么；不予配合的写明经过"`
	Statement string                `json:"statement" label:"检查人员说明" hint:"不予配合的填写：当事人如何拒绝、经过几次告知"`
	Witness   string                `json:"witness" label:"见证人" hint:"姓名和单位；没有见证人的须有录音录像"`
	Recording inspect.EvidenceID    `json:"recording" label:"录音录像" hint:"已登记的证据"`
	Claimed   string                `json:"claimed" label:"现场时间" hint:"例如 2026-07-06T09:30"`
}

// Verb is what the act is called.
func (SetVisitAside) Verb() inspect.Verb { return inspect.VisitSpecial }

func (c SetVisitAside) do(ctx context.Context, t *tx) error {
	at, err := inspect.ReadMoment("claimed", "现场时间", c.Claimed)
	if err != nil {
		return err
	}
	s := inspect.Special{Kind: c.Kind, Officers: c.Officers, Tried: c.Tried, Statement: c.Statement, Witness: c.Witness, Recording: c.Recording, Claimed: at}
	return t.changeVisit(ctx, c.Team, func(g visiting) (inspect.Visit, error) { return g.Set(s, g.team, g.members, g.by) })
}
