package synth

import (
	"strings"
	"unicode/utf8"

	"suicha/internal/inspect"
)

// What names are made of. Family names are words that are none in the lists of
// the hundred most frequent ones, so that nobody is meant by chance; marks of
// firms are characters that seldom stand together. That somebody is called so
// nevertheless cannot be ruled out: that no row is a real one's is due to its
// code.
var (
	families = runes("岚汐霁屿溯樾砚笙筱黛鹭荻芷蓼苇桉榆枫柚檀槿桦汀洲漪潋渟沅泠涟澹霖雯霏霜晞曦昀晗曜星辰珩玥瑾琮璇璟锦绮绫缃素")
	firsts   = runes("知若以清明景思怀望云书予亦可安行秉承修嘉允和敬守志朝远子文永向")
	seconds  = runes("远微宁和然之安初言舟白川野禾青山石林风遥衡正平成章真朴简诚恒悦欣乐宜容")

	marksA = runes("澜沐希予禾棠砚屿溯汀樾霁珩昀笙筱荻芷苇桉槿桦漪沅泠涟澹雯晞晗曜玥瑾琮璟绮缃黛鹭枳蓝岫峤屹峻崧嵘巍鲲鹏鹤鸾翎翊翀翮舸帆棹桨")
	marksB = runes("源邦辰煦朗润泽沛霖熙晟昱旸恺逸澄湛淳朴谦颐穆韶禧祺瑄瑜琛珺璞璐钰铭锐铠锦绅维纶纬经略衍裕祥桓梧桐榕楠柏松")
	marksC = runes("达隆顺昌盛荣丰茂通兴旺宏远康泰佳美")

	roads  = []string{"海岚路", "文汀街", "虹屿路", "青樾大街", "望溯路", "云帆街", "澄湖路", "松涛街", "锦荻路", "长汀大街", "星河路", "凤鸣街", "临港路", "工业园一路", "工业园二路", "科创街", "滨海大道", "学府路"}
	places = []string{"花园", "大厦", "商厦", "广场", "雅苑", "产业园", "公寓"}
	trees  = runes("岚屿樾榆槐柳杏枣桃柏松石沙泉")
	sides  = []string{"东", "西", "南", "北", "大", "小", "前", "后", "上", "下"}
	ends   = []string{"家村", "家庄村", "家疃村", "家夼村", "山后村", "沟村"}
)

func runes(text string) []string {
	all := make([]string, 0, utf8.RuneCountInString(text))
	for _, r := range text {
		all = append(all, string(r))
	}
	return all
}

// put appends texts to the one being put together, take returns it.
func (m *registrar) put(texts ...string) {
	for _, t := range texts {
		m.text = append(m.text, t...)
	}
}

func (m *registrar) take() string {
	text := string(m.text)
	m.text = m.text[:0]
	return text
}

// person is a name.
func (m *registrar) person() string {
	m.put(m.pick(families), m.pick(firsts))
	if m.in1000(850) {
		m.put(m.pick(seconds))
	}
	return m.take()
}

// mark is the part of a firm's name that is its own (字号).
func (m *registrar) mark() string {
	m.put(m.pick(marksA), m.pick(marksB))
	if m.in1000(300) {
		m.put(m.pick(marksC))
	}
	return m.take()
}

// areaCodes are those of the telephone, by the beginning of the region's code.
var areaCodes = map[string]string{
	"3701": "0531", "3702": "0532", "3703": "0533", "3704": "0632", "3705": "0546", "3706": "0535", "3707": "0536", "3708": "0537",
	"3709": "0538", "3710": "0631", "3711": "0633", "3713": "0539", "3714": "0534", "3715": "0635", "3716": "0543", "3717": "0530",
}

func areaCode(region string) string {
	if code, ok := areaCodes[region[:4]]; ok {
		return code
	}
	return "0539"
}

// phone is a number that nobody can have: within an area a subscriber's number
// never begins with 0, which is the prefix of long-distance calls.
func (m *registrar) phone() string {
	m.put(m.area, "-0")
	m.digits(6)
	return m.take()
}

// formerNumber is a registration number (注册号) whose check digit is wrong, so that
// no register has given it out.
func (m *registrar) formerNumber() string {
	m.put(m.region)
	m.digits(8)
	digit := wrongCheck(string(m.text))
	m.text = append(m.text, digit)
	return m.take()
}

func (m *registrar) digits(n int) {
	x := m.random.Uint64()
	for range n {
		m.text = append(m.text, byte('0'+x%10))
		x /= 10
	}
}

// address is where an object is, and the village if it is in one.
func (m *registrar) address(p Place) (address, village string) {
	if strings.HasSuffix(p.Name, "镇") || strings.HasSuffix(p.Name, "乡") || p.Name == "" && m.in1000(300) {
		m.put(m.pick(sides), m.pick(trees), m.pick(ends))
		village = m.take()
	}
	m.put("山东省", m.city)
	m.put(strings.TrimPrefix(m.county, m.city), p.Name)
	if village != "" {
		m.put(village)
	} else {
		m.put(m.pick(roads))
	}
	m.number(1 + m.chance(398))
	m.put("号")
	if village == "" && m.in1000(450) {
		m.put("内")
		m.number(101 + m.chance(24)*100 + m.chance(20))
		m.put("室")
	}
	return m.take(), village
}

// number puts a number below ten thousand.
func (m *registrar) number(n int) {
	for unit, begun := 1000, false; unit > 0; unit /= 10 {
		if d := n / unit % 10; begun || d > 0 || unit == 1 {
			m.text, begun = append(m.text, byte('0'+d)), true
		}
	}
}

// short is a town's name without its rank.
func short(town string) string {
	for _, rank := range []string{"街道", "镇", "乡"} {
		if name, ok := strings.CutSuffix(town, rank); ok {
			return name
		}
	}
	return town
}

// objectName is place, mark, trade and form: 企业名称登记管理规定 六.
func (m *registrar) objectName(h *head, t *trade, p Place, village string) string {
	mark := m.mark()
	switch h.kind {
	case inspect.Enterprise:
		return m.firm(t, mark)
	case inspect.IndividualBusiness:
		word := m.pick(t.shops)
		m.put(m.county)
		if p.Code != "" && m.in1000(550) {
			m.put(short(p.Name))
		}
		if strings.HasPrefix(word, "村") && village != "" {
			m.put(strings.TrimSuffix(village, "村"))
		} else {
			m.put(mark)
		}
		m.put(word)
	case inspect.Cooperative:
		m.put(m.county, mark, m.pick(t.words), "专业合作社")
	case inspect.Site:
		m.put(m.county, mark)
		if t.food {
			m.put(m.pick(schools), "食堂")
		} else {
			m.put(m.pick(places), "建设项目工地")
		}
	case inspect.Equipment:
		m.put(m.county, mark, m.pick(places))
		m.number(1 + m.chance(12))
		m.put("号楼", m.pick(t.words))
		m.number(1 + m.chance(6))
		m.put("号")
	default:
		m.put(m.county, mark, m.pick(t.words))
	}
	return m.take()
}

var schools = []string{"小学", "中学", "幼儿园", "实验小学", "职业学校"}

// firm is the name of an enterprise.
func (m *registrar) firm(t *trade, mark string) string {
	word := m.pick(t.words)
	switch x := m.chance(100); {
	case x < 60:
		m.put(m.county)
	case x < 85:
		m.put(strings.TrimSuffix(m.city, "市"))
	default:
		m.put("山东")
	}
	m.put(mark, word)
	switch x := m.chance(1000); {
	case x < 900:
		m.put("有限公司")
	case x < 920:
		m.put("有限责任公司")
	case x < 930:
		m.put("股份有限公司")
	case x < 950:
		m.put("合伙企业（有限合伙）")
	case x < 965:
		m.put("中心（个人独资）")
	default:
		m.put("有限公司", strings.TrimSuffix(strings.TrimPrefix(m.county, m.city), "市"), "分公司")
	}
	return m.take()
}
