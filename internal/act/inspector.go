package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// PutInspector takes a person into the library of inspectors, or brings what is
// known of the person up to date: R29, R37, R38, R40, 海政办发〔2020〕2号 二(三).
// Inspector 0 is a new one; its number is given by the record. Somebody who had
// left is back by it.
type PutInspector struct {
	Inspector inspect.InspectorNo   `json:"inspector"`
	Seen      int64                 `json:"seen"`
	Code      string                `json:"code" label:"单位工号" hint:"没有工号的填写执法证编号，不得填写身份证号"`
	Name      string                `json:"name" label:"姓名"`
	Gender    string                `json:"gender" label:"性别"`
	Category  inspect.StaffCategory `json:"category" label:"人员类别"`
	Division  string                `json:"division" label:"科室（所、队）"`
	Position  string                `json:"position" label:"职务"`
	Phone     string                `json:"phone" label:"手机号" hint:"仅本部门可见"`
	Duty      string                `json:"duty" label:"岗位大类"`
	DutyFrom  workday.Date          `json:"duty_from" label:"从事本岗起始日期"`
	Education string                `json:"education" label:"最高学历"`
	Major     string                `json:"major" label:"专业"`
	Title     string                `json:"title" label:"技术职称"`
	Quals     string                `json:"quals" label:"岗位资质资格" hint:"每行一个，例如 药品检查员、特种设备安全监察员"`
	Items     []string              `json:"items" label:"执法事项范围" hint:"不选即为本部门全部事项"`
	Units     string                `json:"units" label:"检查单位范围" hint:"属地监管所，每行一个；不填即为全部"`
	Areas     []string              `json:"areas" label:"检查区域范围" hint:"不选即为全域"`
	Person    inspect.PersonID      `json:"person" label:"关联账号" hint:"关联后本人可以申报回避关系"`
	Source    string                `json:"source" label:"数据来源" hint:"例如 人事档案、执法证管理系统"`
	Sourced   workday.Date          `json:"sourced" label:"数据日期"`
}

// Verb is what the act is called.
func (PutInspector) Verb() inspect.Verb { return inspect.InspectorPut }

func (c PutInspector) do(ctx context.Context, t *tx) error {
	if !t.by.Org.Inspects() {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	i := inspect.Inspector{Region: t.by.Org.Region, Org: t.by.Org.ID}
	if c.Inspector != 0 {
		var err error
		if i, err = t.inspector(ctx, c.Inspector, c.Seen); err != nil {
			return err
		}
	}
	i.Code, i.Name, i.Gender, i.Category, i.Division, i.Position = c.Code, c.Name, c.Gender, c.Category, c.Division, c.Position
	i.Phone, i.Duty, i.DutyFrom, i.Education, i.Major, i.Title = c.Phone, c.Duty, c.DutyFrom, c.Education, c.Major, c.Title
	i.Quals, i.Units = inspect.NameLines(c.Quals), inspect.NameLines(c.Units)
	i.Items, i.Areas, i.Person, i.Source, i.Sourced = c.Items, c.Areas, c.Person, c.Source, c.Sourced
	i.Ended = workday.Date{}
	i, err := i.Tidy(t.today())
	if err != nil {
		return err
	}
	if err := t.inspectorFits(ctx, i); err != nil {
		return err
	}
	return t.saveInspector(ctx, i)
}

// inspectorFits asks of the record what an inspector refers to: the number is
// nobody else's, items and towns exist, the account is one of the department's
// inspectors and linked to nobody else.
func (t *tx) inspectorFits(ctx context.Context, i inspect.Inspector) error {
	switch other, err := t.InspectorByCode(ctx, i.Org, i.Code); {
	case err == nil && other.No != i.No:
		return inspect.ErrInspectorTaken.With(i.Code, other.Name)
	case err != nil && !errors.Is(err, inspect.ErrMissing):
		return err
	}
	facts, err := t.Facts(ctx, i.Region)
	if err != nil {
		return err
	}
	if err := i.Known(facts); err != nil {
		return err
	}
	if i.Person == "" {
		return nil
	}
	posts, err := t.Posts(ctx, i.Person)
	if err != nil {
		return err
	}
	other, err := t.InspectorOf(ctx, i.Org, i.Person)
	switch {
	case err == nil && other.No != i.No || !inspectsFor(posts, i.Org, t.today()):
		return inspect.ErrInspectorAccount
	case err != nil && !errors.Is(err, inspect.ErrMissing):
		return err
	}
	return nil
}

// inspectsFor reports whether one of the posts is that of an inspector of org.
func inspectsFor(posts []inspect.Post, org inspect.OrgID, today workday.Date) bool {
	for _, p := range posts {
		if p.Kind == inspect.InspectorPost && p.Org == org && p.Held(today) && !p.Ended {
			return true
		}
	}
	return false
}

// inspector loads an inspector of the actor's own department as it was seen.
func (t *tx) inspector(ctx context.Context, no inspect.InspectorNo, seen int64) (inspect.Inspector, error) {
	i, err := t.colleague(ctx, no)
	if err == nil && i.Version != seen {
		err = inspect.ErrStale
	}
	return i, err
}

// colleague loads an inspector of the actor's own department.
func (t *tx) colleague(ctx context.Context, no inspect.InspectorNo) (inspect.Inspector, error) {
	i, err := t.Inspector(ctx, no)
	switch {
	case err != nil:
		return i, err
	case i.Region != t.by.Org.Region:
		return i, inspect.ErrMissing
	case i.Org != t.by.Org.ID:
		return i, inspect.ErrInspectorForeign
	}
	return i, nil
}

// atWork loads an inspector of the actor's own department who has not left.
func (t *tx) atWork(ctx context.Context, no inspect.InspectorNo) (inspect.Inspector, error) {
	i, err := t.colleague(ctx, no)
	if err == nil && !i.Ended.IsZero() {
		err = inspect.ErrInspectorLeft
	}
	return i, err
}

func (t *tx) saveInspector(ctx context.Context, i inspect.Inspector) error {
	written, image, err := t.PutInspectors(ctx, []inspect.Inspector{i})
	if err != nil {
		return err
	}
	if err := t.TouchInspector(ctx, written[0]); err != nil {
		return err
	}
	t.saved("rows.inspector", written[0].Key(), written[0].Version, image)
	return nil
}

// EndInspector takes a person out of the library: moved, retired, dismissed. The
// row stays readable, with the reason: R29.
type EndInspector struct {
	Inspector inspect.InspectorNo `json:"inspector"`
	Seen      int64               `json:"seen"`
	Day       workday.Date        `json:"day" label:"移出日期" hint:"自这一天起不再抽取；不填即为今天"`
	Reason    string              `json:"reason" label:"移出理由" hint:"例如 调离、退休"`
}

// Verb is what the act is called.
func (EndInspector) Verb() inspect.Verb { return inspect.InspectorEnd }

func (c EndInspector) do(ctx context.Context, t *tx) error {
	i, err := t.inspector(ctx, c.Inspector, c.Seen)
	if err != nil {
		return err
	}
	if i, err = i.End(c.Day, c.Reason, t.today()); err != nil {
		return err
	}
	return t.saveInspector(ctx, i)
}

// CertifyInspector registers a certificate of an inspector: C2. Was is the number
// of the one that it corrects or renews; empty adds one.
type CertifyInspector struct {
	Inspector inspect.InspectorNo     `json:"inspector"`
	Seen      int64                   `json:"seen"`
	Was       string                  `json:"was"`
	Kind      inspect.CertificateKind `json:"kind" label:"证件种类"`
	Number    string                  `json:"number" label:"证件编号"`
	Authority string                  `json:"authority" label:"发证机关"`
	From      workday.Date            `json:"from" label:"有效期起"`
	Until     workday.Date            `json:"until" label:"有效期止" hint:"证件收回、注销的，填写最后有效的一天"`
}

// Verb is what the act is called.
func (CertifyInspector) Verb() inspect.Verb { return inspect.InspectorCertify }

func (c CertifyInspector) do(ctx context.Context, t *tx) error {
	i, err := t.inspector(ctx, c.Inspector, c.Seen)
	if err != nil {
		return err
	}
	paper := inspect.Certificate{Kind: c.Kind, Number: c.Number, Authority: c.Authority, From: c.From, Until: c.Until}
	if i, err = i.Certify(paper, c.Was); err != nil {
		return err
	}
	number, _ := paper.Tidy() // it was tidied without a problem
	holders, err := t.CertificateHolders(ctx, i.Region, number.Number)
	if err != nil {
		return err
	}
	for _, other := range holders {
		if other.No != i.No && other.Holds(number.Number) {
			return inspect.ErrCertificateTaken.With(number.Number, other.Name)
		}
	}
	return t.saveInspector(ctx, i)
}

// PutAway registers days on which an inspector cannot be drawn, or changes them:
// R70, 海政办发〔2020〕2号 二(五)3. Seen 0 is a new period.
type PutAway struct {
	Away      inspect.AwayID      `json:"away"` // made by the asker
	Seen      int64               `json:"seen"`
	Inspector inspect.InspectorNo `json:"inspector"`
	Kind      inspect.AwayKind    `json:"kind" label:"事由"`
	From      workday.Date        `json:"from" label:"开始日期"`
	Until     workday.Date        `json:"until" label:"结束日期" hint:"含这一天"`
	Note      string              `json:"note" label:"说明" hint:"仅本部门可见，可不填"`
}

// Verb is what the act is called.
func (PutAway) Verb() inspect.Verb { return inspect.InspectorPutAway }

func (c PutAway) do(ctx context.Context, t *tx) error {
	if _, err := t.atWork(ctx, c.Inspector); err != nil {
		return err
	}
	old, err := t.Away(ctx, c.Away)
	if err := asKnown(err, old.Inspector == c.Inspector, old.Version, c.Seen); err != nil {
		return err
	}
	if old.Dropped {
		return inspect.ErrStep.With(c.Verb().Text())
	}
	a, err := inspect.Away{
		ID: c.Away, Version: c.Seen, Inspector: c.Inspector, Kind: c.Kind, Days: inspect.Days{From: c.From, Until: c.Until}, Note: c.Note,
	}.Tidy()
	if err != nil {
		return err
	}
	return t.saveAway(ctx, a)
}

// asKnown is asSeen for a thing that is new when nothing was seen of it.
func asKnown(err error, mine bool, version, seen int64) error {
	switch {
	case seen != 0:
		return asSeen(err, mine, version, seen)
	case errors.Is(err, inspect.ErrMissing):
		return nil
	case err != nil:
		return err
	}
	return inspect.ErrTaken
}

func (t *tx) saveAway(ctx context.Context, a inspect.Away) error {
	image, err := t.Tx.PutAway(ctx, a)
	if err == nil {
		t.saved("rows.inspector.away", a.Inspector.String(), a.Version+1, image)
	}
	return err
}

// DropAway withdraws a period: on its days the inspector can be drawn after all.
type DropAway struct {
	Away inspect.AwayID `json:"away"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (DropAway) Verb() inspect.Verb { return inspect.InspectorDropAway }

func (c DropAway) do(ctx context.Context, t *tx) error {
	a, err := t.Away(ctx, c.Away)
	if err := asSeen(err, true, a.Version, c.Seen); err != nil {
		return err
	}
	if _, err := t.colleague(ctx, a.Inspector); err != nil {
		return err
	}
	if a, err = a.Drop(); err != nil {
		return err
	}
	return t.saveAway(ctx, a)
}
