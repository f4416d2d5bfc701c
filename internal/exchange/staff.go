package exchange

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// StaffTable describes a sheet of staff: who works where, in which posts.
var StaffTable = Table{
	Key: "staff", Name: "人员名册",
	Notes: []string{
		"一人在一个单位填写一行；在几个单位任职的，登录名相同，各填一行。",
		"可以填写的岗位：" + postWords() + "。三类管理员不得兼任其他岗位。",
		"名册只用于登记人员和授予岗位，不要填写身份证号。",
	},
	Columns: []Column{
		{Key: "name", Headings: []string{"姓名", "人员姓名"}, Kind: Text, Required: true, Most: 30, Example: "某某"},
		{Key: "account", Headings: []string{"登录名", "用户名", "账号"}, Kind: Code, Required: true, Most: 40, Hint: "2 到 40 个汉字、字母或者数字，每人一个。", Example: "scjg-zhangsan"},
		{Key: "org", Headings: []string{"单位", "所在单位", "部门", "工作单位", "单位名称"}, Kind: Text, Required: true, Most: 40, Hint: "填写单位的全称或者简称。", Example: "海阳市市场监督管理局"},
		{Key: "posts", Headings: []string{"岗位", "任职岗位", "职责"}, Kind: List, Required: true, Most: 20, Example: "经办人、联络员"},
		{Key: "from", Headings: []string{"任职开始", "任职日期", "任职开始日期"}, Kind: Date, Hint: "不填即为授予的当天。", Example: "2026-03-01"},
		{Key: "until", Headings: []string{"任职结束", "任职结束日期"}, Kind: Date, Hint: "从这一天起不再任职；不填即为长期。"},
	},
	never: identityColumn,
}

func postWords() string {
	var words []string
	for _, k := range inspect.PostKinds {
		words = append(words, k.Text())
	}
	return strings.Join(words, "、")
}

// ReadStaff reads a whole sheet of staff. Rows with a fault that is an error are not
// among the rows.
func ReadStaff(ctx context.Context, name string, file []byte) (rows []inspect.StaffRow, faults []Fault, err error) {
	f, err := Open(ctx, bytes.NewReader(file), int64(len(file)), name, Options{})
	if err != nil {
		return nil, nil, err
	}
	defer f.Close() // only read
	faults, err = eachRow(ctx, f, StaffTable, "", func(r Row) []Fault {
		row, more := staffRow(r)
		if !keptOut(more) {
			rows = append(rows, row)
		}
		return more
	})
	if err == nil && len(rows) > inspect.StaffMost {
		err = inspect.ErrNotFinite.With(inspect.StaffMost)
	}
	return rows, faults, err
}

func staffRow(r Row) (row inspect.StaffRow, faults []Fault) {
	row = inspect.StaffRow{Line: r.Line, Name: r.Value("name"), Account: r.Value("account"), Org: r.Value("org")}
	for _, word := range r.List("posts") {
		k := slices.IndexFunc(inspect.PostKinds, func(k inspect.PostKind) bool { return k.Text() == word })
		if k < 0 {
			faults = append(faults, wrong("post", "没有“%s”这个岗位。可以填写：%s。", shown(word), postWords()).at(r.Line, "", "岗位"))
			continue
		}
		row.Posts = append(row.Posts, inspect.PostKinds[k])
	}
	for key, day := range map[string]*workday.Date{"from": &row.From, "until": &row.Until} {
		if v := r.Value(key); v != "" {
			*day, _ = workday.Parse(v) // Rows gives dates in their normal form
		}
	}
	return row, faults
}
