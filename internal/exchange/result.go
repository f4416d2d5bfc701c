package exchange

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/inspect"
)

// A Published is a published result as files tell it.
type Published struct {
	Publication inspect.Publication
	Body        inspect.PublicResult
	URL         string
}

// ResultTable describes the files of published results. The English names of its
// first columns are those that the enterprise credit system has for them.
var ResultTable = Table{
	Key: "result", Name: "双随机抽查结果",
	Columns: []Column{
		{Key: "raninsPlanId", Headings: []string{"抽查计划编号"}, Kind: Text},
		{Key: "raninsTaskId", Headings: []string{"抽查任务编号"}, Kind: Text},
		{Key: "raninsTaskName", Headings: []string{"抽查任务名称"}, Kind: Text},
		{Key: "raninsTypeName", Headings: []string{"抽查类型"}, Kind: Text},
		{Key: "entName", Headings: []string{"检查对象"}, Kind: Text},
		{Key: "uniscId", Headings: []string{"统一社会信用代码"}, Kind: Text},
		{Key: "insAuth", Headings: []string{"抽查机关"}, Kind: Text},
		{Key: "insDate", Headings: []string{"抽查完成日期"}, Kind: Date},
		{Key: "seqno", Headings: []string{"序号"}, Kind: Number},
		{Key: "raninsItemName", Headings: []string{"抽查事项"}, Kind: Text},
		{Key: "raninsCheckResName", Headings: []string{"检查结果"}, Kind: Text},
		{Key: "published", Headings: []string{"公示日期"}, Kind: Date},
		{Key: "edition", Headings: []string{"版次"}, Kind: Number},
		{Key: "ground", Headings: []string{"更正理由"}, Kind: Prose},
		{Key: "url", Headings: []string{"永久链接"}, Kind: Text},
	},
}

// ResultText is the result of an item in words.
func ResultText(i inspect.PublicItem) string {
	var all []string
	for _, c := range i.Codes {
		text := c.Text()
		if c.Corrigible() && i.Corrected {
			text += "（已改正）"
		}
		all = append(all, text)
	}
	return strings.Join(all, "；")
}

// WriteResults writes published results, a row for each item.
func WriteResults(w io.Writer, format Format, results []Published) error {
	e, err := NewExport(w, format, ResultTable)
	if err != nil {
		return err
	}
	for _, r := range results {
		var plans, numbers, names, types []string
		for _, t := range r.Body.Tasks {
			plans, numbers, names = append(plans, t.Plan), append(numbers, t.Number), append(names, t.Name)
			types = append(types, inspect.ChoiceText(inspect.Targeting, t.Targeted))
		}
		for n, item := range r.Body.Items {
			err := e.Write([]string{
				together(plans), together(numbers), together(names), together(types), r.Body.Name, r.Body.Code, r.Body.Body, r.Body.Date.String(), strconv.Itoa(n + 1),
				item.Name, ResultText(item), r.Publication.Day.String(), strconv.Itoa(r.Publication.No), r.Publication.Ground, r.URL,
			})
			if err != nil {
				return err
			}
		}
	}
	return e.Close()
}

// together are texts of several tasks in one cell, each once.
func together(texts []string) string {
	var all []string
	for _, t := range texts {
		if t != "" && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return strings.Join(all, "、")
}
