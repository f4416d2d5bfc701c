package inspect

import (
	"slices"
	"strings"
	"time"

	"suicha/internal/draw"
)

// BatchTerms are how a batch is drawn: what the announcement says besides the
// tasks. Times are instants of docs/design/draw.md §3.5.
type BatchTerms struct {
	Suite        string
	Mode         string // "open"; "sealed" keeps the list until Opening
	Opening      string
	Contributors []Contributor
	Sources      []string // codes of EventSources
	Reserves     []string
	Commit       string // until when commitments are taken
	Reveal       string
	Event        string // not before
	Envelopes    string
	Cap          int // most visits of an object in the year
	Mix          int
}

// A Contributor (贡献方) gives a part of the seed. Its key signs its commitment; the
// secret stays with it until it is revealed.
type Contributor struct {
	Name   string `json:"name" label:"贡献方名称"`
	Role   string `json:"role" label:"角色"`
	Key    string `json:"key" label:"公钥"`
	Holder string `json:"holder" label:"信封保管方"`
	Org    OrgID  `json:"org" label:"单位"` // if it is one of the region's
}

// Suites, BatchModes and ContributorRoles are the options of the form.
var (
	Suites           = []Choice{{string(draw.SM3), "国密（SM3、SM2）"}, {string(draw.SHA256), "国际（SHA-256、Ed25519）"}}
	BatchModes       = []Choice{{"open", "公开：抽取后当即公开名单"}, {"sealed", "密封：检查后公开名单"}}
	ContributorRoles = []Choice{{"open", "公开贡献方"}, {"sealed", "密封方"}, {"custodian", "保管方"}}
)

// EventSources are the public events that the announcement can name. All leave
// more than a million outcomes: docs/design/draw.md §5.
var EventSources = []draw.Source{
	{Code: "ssq", Title: "中国福利彩票双色球", Kind: "lottery", Parts: []draw.Part{{Count: 6, Min: 1, Max: 33}, {Count: 1, Min: 1, Max: 16}}},
	{Code: "dlt", Title: "中国体育彩票大乐透", Kind: "lottery", Parts: []draw.Part{{Count: 5, Min: 1, Max: 35}, {Count: 2, Min: 1, Max: 12}}},
	{Code: "qxc", Title: "中国体育彩票七星彩", Kind: "lottery", Parts: []draw.Part{{Count: 6, Min: 0, Max: 9, Ordered: 1}, {Count: 1, Min: 0, Max: 14}}},
	{Code: "urn6", Title: "现场摇取六个号码球", Kind: "urn", Parts: []draw.Part{{Count: 6, Min: 0, Max: 9, Ordered: 1}}},
	{Code: "dice10", Title: "现场掷十枚十面骰子", Kind: "urn", Parts: []draw.Part{{Count: 10, Min: 0, Max: 9, Ordered: 1}}},
}

// eventSources finds sources by code.
func eventSources(codes []string) []draw.Source {
	found := []draw.Source{}
	for _, code := range codes {
		if i := slices.IndexFunc(EventSources, func(s draw.Source) bool { return s.Code == code }); i >= 0 {
			found = append(found, EventSources[i])
		}
	}
	return found
}

// tidy brings terms into their one form. That they fit together, the manifest is
// checked for when it is announced.
func (t BatchTerms) tidy(ps *Problems) BatchTerms {
	chosen(ps, Suites, "suite", "密码套件", t.Suite)
	chosen(ps, BatchModes, "mode", "公开方式", t.Mode)
	for _, i := range []struct {
		field, label string
		text         *string
		needed       bool
	}{
		{"commit", "承诺截止时间", &t.Commit, true}, {"reveal", "亮出截止时间", &t.Reveal, true}, {"event", "事件最早时间", &t.Event, true},
		{"envelopes", "启封截止时间", &t.Envelopes, true}, {"opening", "公开名单时间", &t.Opening, t.Mode == "sealed"},
	} {
		if !i.needed && *i.text == "" {
			continue
		}
		at, ok := Moment(*i.text)
		if !ok {
			*ps = append(*ps, ErrBatchTime.With(i.label).At(i.field))
			continue
		}
		*i.text = draw.Instant(at)
	}
	for _, list := range [][]string{t.Sources, t.Reserves} {
		for _, code := range list {
			if len(eventSources([]string{code})) == 0 {
				*ps = append(*ps, ErrChoice.With("公开事件").At("sources"))
			}
		}
	}
	if len(t.Sources) == 0 {
		*ps = append(*ps, ErrEmpty.With("公开事件").At("sources"))
	}
	if t.Cap < 1 || t.Cap > VisitsMost { // R52: an object is not visited more than twice a year
		*ps = append(*ps, ErrRange.With("每年最多次数", 1, 2).At("cap"))
	}
	if t.Mix < 0 || t.Mix > 1000 {
		*ps = append(*ps, ErrRange.With("混合系数", 0, 1000).At("mix"))
	}
	t.Contributors = slices.Clone(t.Contributors)
	for i := range t.Contributors {
		c := &t.Contributors[i]
		c.Name = Line(ps, "contributors", "贡献方名称", c.Name, 20)
		c.Holder = short(ps, "contributors", "信封保管方", c.Holder, 20)
		c.Key = strings.ToLower(strings.Join(strings.Fields(c.Key), ""))
		chosen(ps, ContributorRoles, "contributors", "贡献方角色", c.Role)
		if c.Role == "custodian" && c.Org == "" { // it hands its secret in itself
			*ps = append(*ps, ErrBatchKeeper.At("contributors"))
		}
	}
	slices.SortFunc(t.Contributors, func(a, b Contributor) int { return strings.Compare(a.Name, b.Name) })
	return t
}

// sealed reports whether there are envelopes.
func (t BatchTerms) sealed() bool {
	return slices.ContainsFunc(t.Contributors, func(c Contributor) bool { return c.Role == "sealed" })
}

// Contributor finds a contributor by name.
func (t BatchTerms) Contributor(name string) (Contributor, bool) {
	i := slices.IndexFunc(t.Contributors, func(c Contributor) bool { return c.Name == name })
	if i < 0 {
		return Contributor{}, false
	}
	return t.Contributors[i], true
}

var chinaTime = time.FixedZone("CST", 8*3600)

// Moment reads a time as a program writes it, with its zone, or as the field of a
// form gives it, which is Chinese time.
func Moment(text string) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, true
	}
	for _, form := range []string{"2006-01-02T15:04", "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(form, text, chinaTime); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// A TypedEvent is what one person typed of the public event.
type TypedEvent struct {
	Sources   []TypedSource
	Cancelled []string // sources that gave nothing
}

// A TypedSource is what one source gave: its numbers as they were drawn, such as
// 3 7 12 19 25 33+8.
type TypedSource struct {
	Code     string `json:"code" label:"来源代码"`
	Numbers  string `json:"numbers" label:"号码"`
	Issue    string `json:"issue" label:"期号、轮次或地点"`
	Time     string `json:"time" label:"开出时间"`
	Evidence string `json:"evidence" label:"录像摘要"`
}

// Numbers are the numbers of all sources in one line.
func (e TypedEvent) Numbers() string {
	var text strings.Builder
	for _, s := range e.Sources {
		text.WriteString(s.Code + ":" + s.Numbers + "/")
	}
	return text.String()
}

// Times are the instants of the sources, by code, and ok if all can be read.
func (e TypedEvent) Times() (_ map[string]string, ok bool) {
	times := map[string]string{}
	for _, s := range e.Sources {
		at, ok := Moment(s.Time)
		if !ok {
			return nil, false
		}
		times[s.Code] = draw.Instant(at)
	}
	return times, true
}
