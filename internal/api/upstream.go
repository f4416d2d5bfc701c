package api

import (
	"cmp"
	"encoding/base64"
	"maps"
	"slices"

	"suicha/internal/inspect"
)

// upstreamRoutes are the reads of lists dispatched from above, and of the keys by which
// they are signed: R64.
func upstreamRoutes() []route {
	return []route{
		get("/api/v1/upstream-packages", "upstream-packages", groupTask, "上级派发名单列表", byReader, inspect.UpstreamRead, (*server).packages).
			says("返回本地区接收的名单，新的在前。"),
		get("/api/v1/upstream-packages/{id}", "upstream-package", groupTask, "一份上级派发名单", byReader, inspect.UpstreamRead, (*server).upstreamPackage).
			says("package 是收到时的名单包，逐字节不变，以 base64 编码；objects 是其中的检查对象。发起任务时 id 填入 package。"),
		get("/api/v1/upstream-keys", "upstream-keys", groupTask, "上级派发公钥", byReader, inspect.UpstreamRead, (*server).upstreamKeys).
			says("待复核的在前。version 填入 seen。"),
	}
}

// A packageQuery narrows the list of packages.
type packageQuery struct {
	Limit int `query:"limit" label:"最多条数" hint:"不填为 50" least:"1" most:"200"`
}

type packagePath struct {
	ID inspect.UpstreamPackageID `path:"id" label:"名单 id"`
}

// A packageList is the lists from above.
type packageList struct {
	Packages []packageRow `json:"packages" label:"上级派发名单"`
}

// A packageRow is a list from above as a list shows it.
type packageRow struct {
	ID     inspect.UpstreamPackageID `json:"id" label:"名单 id"`
	Sender string                    `json:"sender" label:"派发单位"`
	Number string                    `json:"number" label:"名单编号"`
	Title  string                    `json:"title" label:"名称"`
	Ground string                    `json:"ground" label:"派发依据"`
	Key    inspect.UpstreamKeyID     `json:"key" label:"公钥 id"`
	Org    orgRef                    `json:"org" label:"接收部门"`
	Issued instant                   `json:"issued" label:"签发时间"`
	Until  instant                   `json:"until" label:"接收期限"`
	At     instant                   `json:"at" label:"接收时间"`
	Count  int                       `json:"count" label:"检查对象数量"`
	SHA256 string                    `json:"sha256" label:"名单包摘要（SHA-256）"`
}

// A packageView is one list from above with its objects and its bytes.
type packageView struct {
	packageRow
	Objects []listedObject `json:"objects" label:"检查对象"`
	Package string         `json:"package" label:"名单包" hint:"收到时的 zip 文件，base64 编码"`
}

// A listedObject is an object of a list from above, and how it stands here.
type listedObject struct {
	Code     string           `json:"code" label:"统一社会信用代码或编号"`
	Name     string           `json:"name,omitempty" label:"名称" hint:"上级名单中的"`
	Object   inspect.ObjectNo `json:"object,omitempty" label:"检查对象序号" hint:"没有的不在名录库中"`
	Drawable bool             `json:"drawable" label:"可以检查"`
	Obstacle string           `json:"obstacle,omitempty" label:"不能检查的原因"`
}

// An upstreamKeyList is the keys of superiors.
type upstreamKeyList struct {
	Keys []upstreamKeyView `json:"keys" label:"公钥"`
}

// An upstreamKeyView is the key of one superior.
type upstreamKeyView struct {
	ID          inspect.UpstreamKeyID    `json:"id" label:"公钥 id"`
	Version     int64                    `json:"version" label:"版本" hint:"办理时填入 seen"`
	Sender      string                   `json:"sender" label:"派发单位"`
	Suite       string                   `json:"suite" label:"密码套件"`
	Key         string                   `json:"key" label:"公钥" hint:"十六进制"`
	Ground      string                   `json:"ground" label:"核对方式"`
	State       inspect.UpstreamKeyState `json:"state" label:"状态"`
	StateText   string                   `json:"state_text" label:"状态（文字）"`
	AddedAt     instant                  `json:"added_at" label:"登记时间"`
	ConfirmedAt instant                  `json:"confirmed_at,omitempty" label:"复核时间"`
	EndedAt     instant                  `json:"ended_at,omitempty" label:"停用时间"`
	Reason      string                   `json:"reason,omitempty" label:"停用理由"`
	Verbs       []inspect.Verb           `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs  []inspect.Verb           `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

// packages lists the lists from above that the caller's region received.
func (s *server) packages(c *call, q packageQuery) (packageList, error) {
	all, err := s.DB.UpstreamPackages(c.Context(), c.scope(), cmp.Or(q.Limit, usual))
	if err != nil {
		return packageList{}, err
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), c.who().Org.Region)
	return packageList{each(all, func(p inspect.UpstreamPackage) packageRow { return packageOf(p, facts) })}, err
}

func packageOf(p inspect.UpstreamPackage, facts inspect.Facts) packageRow {
	return packageRow{
		ID: p.ID, Sender: p.Sender, Number: p.Number, Title: p.Title, Ground: p.Ground, Key: p.Key, Org: orgIn(facts, p.Org),
		Issued: instantOf(p.Issued), Until: instantOf(p.Until), At: instantOf(p.At), Count: p.Count, SHA256: p.SHA256,
	}
}

// upstreamPackage is one list from above.
func (s *server) upstreamPackage(c *call, q packagePath) (packageView, error) {
	p, text, err := s.DB.UpstreamPackage(c.Context(), c.scope(), q.ID)
	if err != nil {
		return packageView{}, err
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), p.Region)
	if err != nil {
		return packageView{}, err
	}
	v := packageView{packageRow: packageOf(p, facts), Objects: []listedObject{}, Package: base64.StdEncoding.EncodeToString(text)}
	names := p.Listed()
	codes := slices.Sorted(maps.Keys(names))
	found, err := s.DB.ListedIn(c.Context(), c.scope(), codes)
	for _, code := range codes {
		o := found[code]
		row := listedObject{Code: code, Object: o.No, Drawable: o.No != 0 && o.Drawable()}
		if names[code] != "-" {
			row.Name = names[code]
		}
		if o.No != 0 {
			row.Obstacle = o.Obstacle()
		}
		v.Objects = append(v.Objects, row)
	}
	return v, err
}

// upstreamKeys lists the keys of superiors in the caller's region.
func (s *server) upstreamKeys(c *call, _ none) (upstreamKeyList, error) {
	all, err := s.DB.UpstreamKeys(c.Context(), c.scope())
	return upstreamKeyList{each(all, func(k inspect.UpstreamKey) upstreamKeyView {
		v := upstreamKeyView{
			ID: k.ID, Version: k.Version, Sender: k.Sender, Suite: k.Suite, Key: k.Key, Ground: k.Ground, State: k.State, StateText: k.State.Text(),
			AddedAt: instantOf(k.AddedAt), ConfirmedAt: instantOf(k.ConfirmedAt), EndedAt: instantOf(k.EndedAt), Reason: k.Reason,
		}
		verbs := k.Verbs()
		if k.AddedBy == c.who().Person { // INV-09
			verbs = slices.DeleteFunc(verbs, func(v inspect.Verb) bool { return v == inspect.UpstreamConfirmKey })
		}
		v.Verbs, v.GraveVerbs = c.split(verbs, inspect.UpstreamRelations(k.Region, c.who().Org)...)
		return v
	})}, err
}
