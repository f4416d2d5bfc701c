package exchange

import (
	"context"
	"errors"
	"io"

	"suicha/internal/inspect"
)

// objectColumns says how files name the fields of an object, and how each is
// read, by the key of inspect.ObjectFields. The headings are those of the market
// registration's exports, of the provincial templates and of older lists.
var objectColumns = map[string]Column{
	"name": {Headings: []string{"企业名称", "名称", "单位名称", "市场主体名称", "企业（字号）名称", "检查对象名称", "检查对象", "主体名称", "字号名称", "商户名称", "对象名称"},
		Required: true, Most: 200, Example: "海阳市某某食品有限公司"},
	"code": {Headings: []string{"统一社会信用代码", "统一社会信用代码或编号", "信用代码", "社会信用代码", "统一代码", "统一社会信用代码/注册号", "统一社会信用代码或注册号", "对象编号", "检查对象编号", "设备编号", "场所编号", "编号"},
		Kind: Code, Required: true, Most: 60, Hint: "企业、个体工商户等填写统一社会信用代码；场所、设备、个人填写其登记编号。", Example: "91370687MA3TERT03B"},
	"kind": {Headings: []string{"检查对象类别", "对象类别", "主体类别", "类别", "对象类型"}, Kind: Choose,
		Hint: "不填时，按统一社会信用代码的前两位认定。", Example: "企业"},
	"status": {Headings: []string{"登记状态", "经营状态", "企业状态", "主体状态", "状态", "市场主体状态"}, Kind: Choose,
		Hint: "不填时，新登记的按“存续”，已有的保持不变。", Example: "存续"},
	"reg_no":        {Headings: []string{"注册号", "原注册号", "工商注册号", "营业执照注册号"}, Kind: Code, Most: 40, Example: "370687200001234"},
	"legal_rep":     {Headings: []string{"法定代表人（负责人）", "法定代表人", "负责人", "法人", "经营者", "法定代表人姓名", "法人代表", "法定代表人/负责人", "投资人", "经营者姓名"}, Most: 60, Example: "某某"},
	"phone":         {Headings: []string{"联系电话", "电话", "联系方式", "手机号码", "企业联系电话", "法人电话"}, Kind: Code, Most: 40, Example: "0535-3220000"},
	"liaison":       {Headings: []string{"联络员", "联系人", "工商联络员", "联络员姓名"}, Most: 60, Example: "某某"},
	"liaison_phone": {Headings: []string{"联络员电话", "联系人电话", "联络员手机", "联络员联系电话"}, Kind: Code, Most: 40, Example: "0535-3220001"},
	"address":       {Headings: []string{"住所（经营场所）", "住所", "经营场所", "地址", "注册地址", "经营地址", "企业地址", "住所/经营场所", "详细地址", "企业住所", "生产经营地址"}, Most: 300, Example: "海阳市某路1号"},
	"town":          {Headings: []string{"所在镇街", "镇街", "乡镇街道", "所属镇街", "所属街道", "街道", "乡镇", "镇街道", "所在乡镇街道"}, Kind: Choose, Hint: "填写本地区镇街的名称。"},
	"scope":         {Headings: []string{"经营范围", "业务范围", "经营业务范围", "主营业务"}, Kind: Prose, Most: 4000, Example: "食品生产；食品销售"},
	"industry":      {Headings: []string{"行业代码", "行业", "国民经济行业代码", "行业门类", "所属行业", "国民经济行业", "行业类别"}, Kind: Code, Most: 60, Hint: "填写 GB/T 4754—2017 的代码，例如 C1411。", Example: "C1411"},
	"established":   {Headings: []string{"成立日期", "成立时间", "注册日期", "登记日期", "开业日期", "注册时间"}, Kind: Date, Example: "2019-05-06"},
	"authority":     {Headings: []string{"登记机关", "注册机关", "发证机关", "登记部门"}, Most: 100, Example: "海阳市行政审批服务局"},
	"station":       {Headings: []string{"属地监管所", "监管所", "管辖单位", "所属监管所", "市场监管所", "管辖机关", "所属工商所", "片区"}, Most: 100, Example: "东村市场监管所"},
	"risk":          {Headings: []string{"信用风险等级", "风险等级", "信用风险分类", "信用等级", "风险分类", "企业信用风险分类"}, Kind: Choose, Example: "B"},
	"risk_source":   {Headings: []string{"等级来源", "风险等级来源", "分类来源"}, Most: 60, Example: "省企业信用风险分类"},
	"risk_on":       {Headings: []string{"评定日期", "风险评定日期", "分类日期", "等级日期", "评级日期"}, Kind: Date, Hint: "不填时，以所填的数据日期为准。", Example: "2026-01-05"},
}

// objectWords are more words that real files use for a choice.
var objectWords = map[string]map[string][]string{
	"kind": {
		string(inspect.Enterprise): {"公司", "内资企业", "私营企业", "外资企业", "有限责任公司"}, string(inspect.IndividualBusiness): {"个体", "个体户"},
		string(inspect.Cooperative): {"合作社", "农民合作社", "专业合作社"}, string(inspect.Institution): {"事业单位", "社会组织", "机关", "社会团体", "民办非企业单位"},
		string(inspect.Individual): {"自然人"},
	},
	"status": {
		string(inspect.ObjectActive):    {"在业", "开业", "正常", "登记成立", "存续（在营、开业、在册）", "在营", "在册", "在营（开业）", "存续（在营）", "迁入"},
		string(inspect.ObjectCancelled): {"已注销"}, string(inspect.ObjectRevoked): {"已吊销", "吊销未注销", "吊销，未注销"},
		string(inspect.ObjectAnnulled): {"撤销登记", "已撤销"}, string(inspect.ObjectMovedOut): {"已迁出"},
	},
	"risk": {"A": {"A级", "A类", "低"}, "B": {"B级", "B类", "一般", "中"}, "C": {"C级", "C类", "较高"}, "D": {"D级", "D类", "高"}},
}

// ObjectTable describes a file of inspection objects. Towns are the areas of the
// region: codes and names.
func ObjectTable(towns []inspect.Choice) Table {
	t := Table{Key: "object", Name: "检查对象", Notes: []string{
		"统一社会信用代码是识别检查对象的依据，同一文件中不要重复。",
		"没有映射到的列，名录库中原有的内容保持不变；有列而格子留空的，视为清空。",
	}}
	options := map[string][]inspect.Choice{"kind": inspect.ObjectKinds, "status": inspect.ObjectStatuses, "town": towns}
	for _, class := range inspect.RiskClasses {
		options["risk"] = append(options["risk"], inspect.Choice{Value: string(class), Text: string(class)})
	}
	for _, f := range inspect.ObjectFields {
		c := objectColumns[f.Key]
		c.Key = f.Key
		if c.Kind == "" {
			c.Kind = Text
		}
		for _, o := range options[f.Key] {
			c.Choices = append(c.Choices, Choice{o.Value, append([]string{o.Text}, objectWords[f.Key][o.Value]...)})
		}
		if c.Kind == Choose && len(c.Choices) == 0 { // a region without areas
			c.Kind = Text
		}
		t.Columns = append(t.Columns, c)
	}
	return t
}

// ImportTable describes the files of one of the libraries.
func ImportTable(noun inspect.ImportNoun, towns []inspect.Choice) Table {
	switch noun {
	case inspect.ImportInspectors:
		return InspectorTable()
	case inspect.ImportItems:
		return ItemTable
	case inspect.ImportLicences:
		return LicenceTable()
	}
	return ObjectTable(towns)
}

// Object is what a row of ObjectTable says.
func (r Row) Object() (o inspect.Object, err error) {
	for i, f := range inspect.ObjectFields {
		if v := r.Values[i]; v != "" {
			err = errors.Join(err, f.Set(&o, v))
		}
	}
	return o, err
}

// ObjectValues is o as a row of ObjectTable, for an export.
func ObjectValues(o inspect.Object) []string {
	values := make([]string, len(inspect.ObjectFields))
	for i, f := range inspect.ObjectFields {
		values[i] = f.Value(&o)
	}
	return values
}

// Propose opens a file for the time of finding out which of its columns is which
// of t's. What known says of a heading wins.
func Propose(ctx context.Context, r io.ReaderAt, size int64, name, sheet string, t Table, known Mapping, o Options) (m Mapping, err error) {
	f, err := Open(ctx, r, size, name, o)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head, err := f.Head(ctx, t, sheet)
	if err != nil {
		return m, err
	}
	return t.Match(head, known), nil
}
