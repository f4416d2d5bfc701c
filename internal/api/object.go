package api

import (
	"cmp"
	"strconv"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// An objectQuery searches the library of objects.
type objectQuery struct {
	Text     string               `query:"text" label:"检索文字" hint:"名称的一部分、拼音首字母，或代码的开头" most:"60"`
	Where    inspect.Where        `query:"where" label:"查找位置" hint:"不填为名称和代码；scope 为经营范围，address 为住所"`
	Kind     inspect.ObjectKind   `query:"kind" label:"检查对象类别"`
	Status   inspect.ObjectStatus `query:"status" label:"登记状态"`
	Owner    inspect.OrgID        `query:"owner" label:"主管部门 id"`
	Town     string               `query:"town" label:"所在镇街代码" most:"12"`
	Risk     string               `query:"risk" label:"信用风险等级" hint:"A、B、C 或 D" most:"1"`
	Industry string               `query:"industry" label:"行业代码" hint:"带门类字母，任一层级" most:"5"`
	Library  inspect.SublibraryID `query:"library" label:"分库 id"`
	Flag     inspect.FlagKind     `query:"flag" label:"标记"`
	Draws    inspect.Draws        `query:"draws" label:"是否纳入随机抽查"`
	Age      inspect.Age          `query:"age" label:"数据时间"`
	Licence  inspect.Expiry       `query:"licence" label:"许可证到期"`
	Source   string               `query:"source" label:"数据来源" most:"60"`
	After    string               `query:"after" label:"翻页位置" hint:"上一页的 next 中带有" most:"20"`
	Limit    int                  `query:"limit" label:"每页条数" hint:"不填为 50" least:"1" most:"200"`
}

// An objectPage is one page of what a search finds.
type objectPage struct {
	Objects []object `json:"objects" label:"检查对象"`
	Total   int      `json:"total" label:"共有多少户" hint:"最多数到一万"`
	Over    bool     `json:"over" label:"超过 total"`
	Next    string   `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// An object is one inspection object. Personal data is for the department that
// answers for it.
type object struct {
	No           inspect.ObjectNo     `json:"no" label:"序号"`
	Version      int64                `json:"version" label:"版本" hint:"办理时填入 seen"`
	Kind         inspect.ObjectKind   `json:"kind" label:"检查对象类别"`
	Code         string               `json:"code" label:"统一社会信用代码或编号"`
	RegNo        string               `json:"reg_no,omitempty" label:"注册号"`
	Name         string               `json:"name" label:"名称"`
	Status       inspect.ObjectStatus `json:"status" label:"登记状态"`
	Personal     bool                 `json:"personal" label:"含个人信息" hint:"只有主管部门的令牌可以取得"`
	LegalRep     string               `json:"legal_rep,omitempty" label:"法定代表人（负责人）"`
	Phone        string               `json:"phone,omitempty" label:"联系电话"`
	Liaison      string               `json:"liaison,omitempty" label:"联络员"`
	LiaisonPhone string               `json:"liaison_phone,omitempty" label:"联络员电话"`
	Address      string               `json:"address,omitempty" label:"住所（经营场所）"`
	Town         string               `json:"town,omitempty" label:"所在镇街代码"`
	Scope        string               `json:"scope,omitempty" label:"经营范围"`
	Industry     string               `json:"industry,omitempty" label:"行业代码"`
	Established  date                 `json:"established,omitempty" label:"成立日期"`
	Authority    string               `json:"authority,omitempty" label:"登记机关"`
	Station      string               `json:"station,omitempty" label:"属地监管所"`
	Owner        inspect.OrgID        `json:"owner" label:"主管部门 id"`
	Risk         string               `json:"risk,omitempty" label:"信用风险等级"`
	RiskSource   string               `json:"risk_source,omitempty" label:"等级来源"`
	RiskOn       date                 `json:"risk_on,omitempty" label:"评定日期"`
	Source       string               `json:"source" label:"数据来源"`
	Sourced      date                 `json:"sourced" label:"数据日期"`
	Into         inspect.ObjectNo     `json:"into,omitempty" label:"合并到的序号"`
	Outside      string               `json:"outside,omitempty" label:"不纳入随机抽查的依据" hint:"特殊重点领域，按现有方式严格监管；没有即可以抽取"`
	Verbs        []inspect.Verb       `json:"verbs" label:"现在可以用本令牌办理的事项"`
}

func objectOf(c *call, o inspect.Object) object {
	o, withheld := o.ForReader(c.who().Org.ID)
	v := object{
		No: o.No, Version: o.Version, Kind: o.Kind, Code: o.Code, RegNo: o.RegNo, Name: o.Name, Status: o.Status, Personal: !withheld,
		LegalRep: o.LegalRep, Phone: o.Phone, Liaison: o.Liaison, LiaisonPhone: o.LiaisonPhone, Address: o.Address, Town: o.Town,
		Scope: o.Scope, Industry: o.Industry, Established: dateOf(o.Established), Authority: o.Authority, Station: o.Station,
		Owner: o.Owner, Risk: o.Risk, RiskSource: o.RiskSource, RiskOn: dateOf(o.RiskOn), Source: o.Source, Sourced: dateOf(o.Sourced), Into: o.Into, Outside: o.Outside,
	}
	var verbs []inspect.Verb
	if o.Status.Answers() {
		verbs = []inspect.Verb{inspect.ObjectPut, inspect.ObjectWithdraw, inspect.ObjectMerge, inspect.FlagPut, inspect.LicencePut, inspect.ObjectOutside}
	}
	v.Verbs, _ = c.split(verbs, ownerOf(c, o.Owner)...)
	return v
}

// objects searches the library of the caller's region.
func (s *server) objects(c *call, q objectQuery) (objectPage, error) {
	after := int64(0)
	if q.After != "" {
		var err error
		if after, err = strconv.ParseInt(q.After, 10, 64); err != nil || after < 0 {
			return objectPage{}, broken(errCursor)
		}
	}
	today := workday.On(s.Now())
	page, err := s.DB.Objects(c.Context(), c.scope(), store.Find{
		Text: q.Text, Where: q.Where, Kinds: only(q.Kind), Statuses: only(q.Status), Owners: only(q.Owner), Towns: only(q.Town), Risks: only(q.Risk),
		Industries: only(q.Industry), Sublibs: only(q.Library), Flag: q.Flag, Day: today, Sources: only(q.Source), Draws: q.Draws, Sourced: inspect.AgeDays(q.Age, today),
		Licence: inspect.ExpiryDays(q.Licence, today), After: inspect.ObjectNo(after), Most: cmp.Or(q.Limit, usual),
	})
	found := objectPage{Objects: each(page.Objects, func(o inspect.Object) object { return objectOf(c, o) }), Total: page.Total, Over: page.Over}
	if n := len(page.Objects); page.Later && n > 0 {
		found.Next = nextPath(c, page.Objects[n-1].No.String())
	}
	return found, err
}

// only is a list of one value, or of none if it is empty.
func only[T ~string](value T) []T {
	if value == "" {
		return nil
	}
	return []T{value}
}

// An objectPath names an object.
type objectPath struct {
	No int64 `path:"no" label:"序号"`
}

// An objectView is an object with what else the library knows of it.
type objectView struct {
	object
	Flags     []objectFlag    `json:"flags" label:"标记"`
	Licences  []licence       `json:"licences" label:"许可证"`
	Libraries []libraryMember `json:"libraries" label:"所在分库"`
}

// A objectFlag is a mark on an object: R53.
type objectFlag struct {
	Kind    inspect.FlagKind `json:"kind" label:"标记"`
	Version int64            `json:"version" label:"版本" hint:"办理时填入 seen"`
	Since   date             `json:"since" label:"列入日期"`
	Until   date             `json:"until,omitempty" label:"结束日期"`
	Source  string           `json:"source" label:"标记来源"`
	Note    string           `json:"note,omitempty" label:"标记理由"`
	Org     inspect.OrgID    `json:"org" label:"标记部门 id"`
	On      bool             `json:"on" label:"现在有效"`
}

// A licence is one licence of an object.
type licence struct {
	Name      string        `json:"name" label:"许可证名称"`
	Number    string        `json:"number" label:"许可证编号"`
	Version   int64         `json:"version" label:"版本" hint:"办理时填入 seen"`
	Issued    date          `json:"issued,omitempty" label:"发证日期"`
	ValidTo   date          `json:"valid_to,omitempty" label:"有效期至"`
	Authority string        `json:"authority,omitempty" label:"发证机关"`
	Org       inspect.OrgID `json:"org" label:"登记部门 id"`
	Ended     bool          `json:"ended" label:"已注销"`
}

// A libraryMember is an object's place in a sub-library: R31, R35.
type libraryMember struct {
	Library inspect.SublibraryID `json:"library" label:"分库 id"`
	State   inspect.MemberState  `json:"state" label:"状态"`
	Ground  string               `json:"ground" label:"依据"`
	At      instant              `json:"at" label:"最近办理时间"`
}

// object is one object of the caller's region.
func (s *server) object(c *call, q objectPath) (v objectView, err error) {
	no, today := inspect.ObjectNo(q.No), workday.On(s.Now())
	o, err := s.DB.Object(c.Context(), c.scope(), no)
	if err != nil {
		return v, err
	}
	v.object = objectOf(c, o)
	flags, err := s.DB.Flags(c.Context(), c.scope(), no)
	if err != nil {
		return v, err
	}
	v.Flags = each(flags, func(f inspect.Flag) objectFlag {
		return objectFlag{f.Kind, f.Version, dateOf(f.Since), dateOf(f.Until), f.Source, f.Note, f.Org, f.On(today)}
	})
	licences, err := s.DB.Licences(c.Context(), c.scope(), no)
	if err != nil {
		return v, err
	}
	v.Licences = each(licences, func(l inspect.Licence) licence {
		return licence{l.Name, l.Number, l.Version, dateOf(l.Issued), dateOf(l.ValidTo), l.Authority, l.Org, l.Ended}
	})
	members, err := s.DB.MembersOf(c.Context(), c.scope(), no)
	v.Libraries = each(members, func(m inspect.Member) libraryMember {
		return libraryMember{m.Sublib, m.State, m.Ground, instantOf(m.At)}
	})
	return v, err
}

// An objectHistory is every version of an object, the newest first: R29.
type objectHistory struct {
	Versions []objectVersion `json:"versions" label:"各版本"`
}

// An objectVersion is what an object was from one entry on.
type objectVersion struct {
	object
	Entry  int64        `json:"entry" label:"存证条目序号"`
	At     instant      `json:"at" label:"时间"`
	Verb   inspect.Verb `json:"verb" label:"办理事项"`
	By     string       `json:"by,omitempty" label:"办理人"`
	Org    string       `json:"org,omitempty" label:"办理单位"`
	Ground string       `json:"ground,omitempty" label:"理由"`
}

func (s *server) objectHistory(c *call, q objectPath) (objectHistory, error) {
	versions, err := s.DB.ObjectHistory(c.Context(), c.scope(), inspect.ObjectNo(q.No))
	return objectHistory{each(versions, func(v store.ObjectVersion) objectVersion {
		o := objectOf(c, v.Object)
		o.Verbs = []inspect.Verb{} // only the newest version is acted on
		return objectVersion{o, v.Entry.N, instantOf(v.Entry.At), v.Entry.Verb, v.Entry.Name, v.Entry.OrgName, v.Ground}
	})}, err
}
