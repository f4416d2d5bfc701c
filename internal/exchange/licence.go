package exchange

import (
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// licenceColumns says how files name what the library keeps of licences. The headings
// are those of the systems that licences are granted in.
var licenceColumns = []Column{
	{Key: "code", Headings: []string{"统一社会信用代码", "统一社会信用代码或编号", "统一社会信用代码/注册号", "统一社会信用代码或注册号", "信用代码", "社会信用代码", "统一代码", "注册号", "对象编号", "检查对象编号"},
		Kind: Code, Required: true, Most: 60, Hint: "填写持证的检查对象的统一社会信用代码；没有的，填写名录库中的编号或者注册号。", Example: "91370687MA3TERT03B"},
	{Key: "holder", Headings: []string{"持证单位", "检查对象名称", "检查对象", "企业名称", "单位名称", "经营者名称", "名称", "持证人", "主体名称"}, Kind: Text, Most: 200,
		Hint: "可不填；填写的，用于核对代码。", Example: "海阳市某某食品有限公司"},
	{Key: "name", Headings: []string{"许可证名称", "许可名称", "证件名称", "许可证类别", "许可类别", "许可证类型", "证照名称"}, Kind: Text, Required: true, Most: 60, Example: "食品经营许可证"},
	{Key: "number", Headings: []string{"许可证编号", "许可证号", "许可编号", "证件编号", "证书编号", "证照编号", "许可证号码"}, Kind: Code, Required: true, Most: 60, Example: "JY13706870001234"},
	{Key: "issued", Headings: []string{"发证日期", "签发日期", "许可日期", "发证时间", "有效期起", "有效期自"}, Kind: Date, Example: "2024-05-06"},
	{Key: "valid_to", Headings: []string{"有效期至", "有效期止", "有效期截止", "有效期限", "有效期", "许可截止日期"}, Kind: Date, Forever: true, Hint: "长期有效的可不填。", Example: "2029-05-05"},
	{Key: "authority", Headings: []string{"发证机关", "许可机关", "发证部门", "审批机关"}, Kind: Text, Most: 100, Example: "海阳市行政审批服务局"},
	{Key: "org", Headings: []string{"登记部门", "所属部门"}, Kind: Text, Most: 40, Hint: "填写本部门的名称；不填即为本部门。", Example: "海阳市市场监督管理局"},
}

// LicenceTable describes a file of licences that objects hold: R27. Row.Licence turns
// a row of it into a licence, LicenceValues a licence into a row.
func LicenceTable() Table {
	return Table{Key: "licence", Name: "许可证", Columns: slices.Clone(licenceColumns), never: identityColumn, Notes: []string{
		"一张许可证填写一行。检查对象、许可证名称和编号合起来识别一张许可证，同一文件中不要重复。",
		"检查对象必须已在名录库中。只能导入本部门登记的许可证。",
	}}
}

// Licence is what a row of LicenceTable says of a licence that the department org
// registers. Problems are at the columns' keys; what the rules say, Tidy tells.
func (r Row) Licence(org inspect.Org) (l inspect.Licence, err error) {
	l = inspect.Licence{Name: r.Value("name"), Number: r.Value("number"), Authority: r.Value("authority"), Org: org.ID}
	l.Issued, _ = workday.Parse(r.Value("issued")) // Rows gives dates in their normal form
	if until := r.Value("valid_to"); until != Forever {
		l.ValidTo, _ = workday.Parse(until)
	}
	if name := r.Value("org"); name != "" && name != org.Name && name != org.Short {
		err = inspect.ErrLicenceOrg.With(name, org.Short)
	}
	return l, err
}

// LicenceValues is l as a row of LicenceTable; org is the name of its department.
func LicenceValues(l inspect.HeldLicence, org string) []string {
	return []string{l.Code, l.Holder, l.Name, l.Number, l.Issued.String(), l.ValidTo.String(), l.Authority, org}
}
