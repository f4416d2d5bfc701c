package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// inspectorColumns says how files name what the library keeps of inspectors. The
// headings are those of the provincial templates and of staff lists. There is no
// column for the number of an identity card: see identityColumn.
var inspectorColumns = []Column{
	{Key: "org", Headings: []string{"所在部门", "工作单位", "所属部门", "单位名称", "所在单位", "执法主体"}, Most: 40, Hint: "填写本部门的名称；不填即为本部门。", Example: "海阳市市场监督管理局"},
	{Key: "code", Headings: []string{"单位工号", "工号", "人员编号", "职工编号", "员工编号"}, Kind: Code, Required: true, Most: 30,
		Hint: "没有工号的填写执法证编号，不要填写身份证号。", Example: "SCJG-001"},
	{Key: "name", Headings: []string{"姓名", "执法人员姓名", "检查人员姓名", "人员姓名"}, Required: true, Most: 30, Example: "某某"},
	{Key: "gender", Headings: []string{"性别"}, Kind: Choose, Choices: offered(inspect.Genders, nil), Example: "女"},
	{Key: "category", Headings: []string{"人员类别", "人员类型", "人员性质"}, Kind: Choose, Required: true, Choices: offered(inspect.AllCategories, map[string][]string{
		string(inspect.CivilServant): {"公务员", "执法类公务员"}, string(inspect.Qualified): {"具有执法资格的工作人员", "执法人员", "行政执法人员", "事业编制执法人员"},
		string(inspect.DailyStaff): {"日常监管人员", "监管人员", "工作人员"}, string(inspect.ThirdParty): {"第三方", "第三方人员"},
		string(inspect.Auxiliary): {"辅助人员", "协管员", "政府购买服务人员"}}), Example: "行政执法类公务员"},
	{Key: "division", Headings: []string{"科室", "科室（所、队）", "所在科室", "内设机构", "处室", "所在科所"}, Most: 60, Example: "食品经营监管科"},
	{Key: "position", Headings: []string{"职务", "担任职务", "具体职务", "职级"}, Most: 60, Example: "科员"},
	{Key: "phone", Headings: []string{"手机号", "手机号码", "联系电话", "手机", "联系方式"}, Kind: Code, Most: 40, Example: "0535-3220000"},
	{Key: "duty", Headings: []string{"岗位大类", "岗位类别", "岗位"}, Most: 60, Example: "食品监管"},
	{Key: "duty_from", Headings: []string{"从事本岗起始日期", "从事本岗日期", "任岗日期", "从事执法工作起始日期"}, Kind: Date, Example: "2019-05-06"},
	{Key: "education", Headings: []string{"最高学历", "学历", "文化程度"}, Most: 40, Example: "本科"},
	{Key: "major", Headings: []string{"专业", "所学专业"}, Most: 60, Example: "食品科学与工程"},
	{Key: "title", Headings: []string{"技术职称", "职称", "专业技术职称"}, Most: 60, Example: "工程师"},
	{Key: "quals", Headings: []string{"岗位资质资格", "专业岗资格", "岗位资格", "专业资格", "资质资格", "专家类别"}, Kind: List, Most: 20, Example: "药品检查员、特种设备安全监察员"},
	{Key: "items", Headings: []string{"执法事项范围", "执法事项清单范围", "事项编号", "抽查事项范围"}, Kind: List, Most: 20,
		Hint: "填写本部门抽查事项的编号；不填即为全部事项。", Example: "SCJG-001、SCJG-002"},
	{Key: "units", Headings: []string{"检查单位范围", "负责监管所", "所属监管所", "监管所"}, Kind: List, Most: 20, Hint: "不填即为全部。", Example: "东村市场监管所"},
	{Key: "areas", Headings: []string{"检查区域范围", "负责镇街", "检查区域", "负责区域"}, Kind: List, Most: 40, Hint: "填写本地区镇街的名称；不填即为全域。", Example: "东村街道"},
	{Key: "province_number", Headings: []string{"行政执法证编号", "省执法证编号", "执法证号", "执法证编号", "省行政执法证编号", "行政执法证号"}, Kind: Code, Most: 40, Example: "15060000001"},
	{Key: "province_authority", Headings: []string{"发证机关", "省执法证发证机关", "行政执法证发证机关"}, Most: 60, Example: "山东省人民政府"},
	{Key: "province_from", Headings: []string{"行政执法证有效期起", "省执法证有效期起", "发证日期", "有效期起"}, Kind: Date, Example: "2024-01-01"},
	{Key: "province_until", Headings: []string{"行政执法证有效期止", "省执法证有效期", "省执法证有效期止", "执法证有效期", "行政执法证有效期", "有效期至", "有效期止", "有效期"},
		Kind: Date, Forever: true, Hint: "有编号的必须填写。", Example: "2028-12-31"},
	{Key: "department_number", Headings: []string{"部门执法证编号", "部门执法证号"}, Kind: Code, Most: 40},
	{Key: "department_authority", Headings: []string{"部门执法证发证机关"}, Most: 60},
	{Key: "department_from", Headings: []string{"部门执法证有效期起"}, Kind: Date},
	{Key: "department_until", Headings: []string{"部门执法证有效期止", "部门执法证有效期"}, Kind: Date, Forever: true, Hint: "有编号的必须填写。"},
}

// offered makes the choices of a column, with more words that real files use.
func offered(list []inspect.Choice, words map[string][]string) []Choice {
	var choices []Choice
	for _, c := range list {
		choices = append(choices, Choice{c.Value, append([]string{c.Text}, words[c.Value]...)})
	}
	return choices
}

// InspectorTable describes a file of inspectors. Row.Inspector turns a row of it
// into an inspector, InspectorValues an inspector into a row.
func InspectorTable() Table {
	t := Table{Key: "inspector", Name: "执法检查人员", Columns: slices.Clone(inspectorColumns), never: identityColumn, Notes: []string{
		"单位工号是识别人员的依据，同一文件中不要重复。",
		"名录库不保存身份证号。文件中有这一列的，不会导入。",
		"没有有效执法证的人员可以入库，但不参加抽取。专家、第三方和辅助人员只协助检查，不登记执法证。",
	}}
	for i := range t.Columns {
		if t.Columns[i].Kind == "" {
			t.Columns[i].Kind = Text
		}
	}
	return t
}

// identityColumn reports whether a column holds the numbers of identity cards,
// which are never taken in. 个人信息保护法 六: no more than the purpose needs.
func identityColumn(heading string) bool {
	name := plain(heading)
	return strings.Contains(name, "身份证") || strings.Contains(name, "公民身份") ||
		strings.Contains(name, "证件号码") && !strings.Contains(name, "执法")
}

// certificateKinds are the kinds of certificate with the prefix of their columns.
var certificateKinds = []struct {
	kind   inspect.CertificateKind
	prefix string
}{{inspect.ProvinceCertificate, "province_"}, {inspect.OwnCertificate, "department_"}}

// Inspector is what a row of InspectorTable says of somebody of the department
// org. Towns are the areas of the region. Problems are at the columns' keys; what
// the rules say of the inspector, Tidy tells.
func (r Row) Inspector(org inspect.Org, towns []inspect.Choice) (inspect.Inspector, error) {
	var ps inspect.Problems
	i := inspect.Inspector{Region: org.Region, Org: org.ID}
	for key, text := range inspectorTexts(&i) {
		*text = r.Value(key)
	}
	i.Quals, i.Items, i.Units = r.List("quals"), r.List("items"), r.List("units")
	if name := r.Value("org"); name != "" && name != org.Name && name != org.Short {
		ps = append(ps, inspect.ErrInspectorOrg.With(name, org.Short).At("org"))
	}
	for _, name := range r.List("areas") {
		at := slices.IndexFunc(towns, func(c inspect.Choice) bool { return c.Text == name || c.Value == name })
		if at < 0 {
			ps = append(ps, inspect.ErrTown.With(name).At("areas"))
			continue
		}
		i.Areas = append(i.Areas, towns[at].Value)
	}
	date := func(key string) (d workday.Date) {
		if v := r.Value(key); v != "" {
			d, _ = workday.Parse(v) // Rows gives dates in their normal form
		}
		return d
	}
	i.DutyFrom = date("duty_from")
	for _, k := range certificateKinds {
		c := inspect.Certificate{
			Kind: k.kind, Number: r.Value(k.prefix + "number"), Authority: r.Value(k.prefix + "authority"),
			From: date(k.prefix + "from"), Until: date(k.prefix + "until"),
		}
		if c.Number == "" {
			continue
		}
		next, err := i.Certify(c, "")
		var more inspect.Problems
		switch p := (inspect.Problem{}); {
		case errors.As(err, &more):
			for _, p := range more {
				ps = append(ps, p.At(k.prefix+p.Field))
			}
		case errors.As(err, &p):
			ps = append(ps, p.At(k.prefix+"number"))
		case err != nil:
			return i, fmt.Errorf("read the certificate of %s: %w", i.Code, err)
		default:
			i = next
		}
	}
	return i, ps.Err()
}

// inspectorTexts are the fields that are plain texts, by column.
func inspectorTexts(i *inspect.Inspector) map[string]*string {
	return map[string]*string{
		"code": &i.Code, "name": &i.Name, "gender": &i.Gender, "category": (*string)(&i.Category), "division": &i.Division,
		"position": &i.Position, "phone": &i.Phone, "duty": &i.Duty, "education": &i.Education, "major": &i.Major, "title": &i.Title,
	}
}

// InspectorValues is i as a row of InspectorTable. Of each kind of certificate it
// has the one that is valid longest.
func InspectorValues(i inspect.Inspector, org string, towns []inspect.Choice) []string {
	values := map[string]string{
		"org": org, "duty_from": i.DutyFrom.String(), "quals": strings.Join(i.Quals, "\n"), "items": strings.Join(i.Items, "\n"),
		"units": strings.Join(i.Units, "\n"),
	}
	for key, text := range inspectorTexts(&i) {
		values[key] = *text
	}
	var areas []string
	for _, code := range i.Areas {
		areas = append(areas, inspect.ChoiceText(towns, code))
	}
	values["areas"] = strings.Join(areas, "\n")
	for _, k := range certificateKinds {
		var last inspect.Certificate
		for _, c := range i.Certificates {
			if c.Kind == k.kind && c.Until.After(last.Until) {
				last = c
			}
		}
		values[k.prefix+"number"], values[k.prefix+"authority"] = last.Number, last.Authority
		values[k.prefix+"from"], values[k.prefix+"until"] = last.From.String(), last.Until.String()
	}
	row := make([]string, len(inspectorColumns))
	for at, c := range inspectorColumns {
		row[at] = values[c.Key]
	}
	return row
}
