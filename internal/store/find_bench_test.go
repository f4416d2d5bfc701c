package store_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// BenchmarkFind measures the search over SUICHA_FIND_ROWS objects, 20,000 if it
// is not set, on both databases: what the index costs per row beside the rows
// themselves, and the 50th and 99th percentile of questions. Each runs once; take
// 1,000,000 or more for figures:
//
//	SUICHA_FIND_ROWS=1000000 go test -run '^$' -bench Find -benchtime 1x -timeout 0 ./internal/store
func BenchmarkFind(b *testing.B) {
	rows := 20_000
	if text := os.Getenv("SUICHA_FIND_ROWS"); text != "" {
		var err error
		if rows, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("sqlite", func(b *testing.B) { benchmarkFind(b, rig.SQLite(b), rows) })
	b.Run("postgres", func(b *testing.B) { benchmarkFind(b, rig.County(b), rows) })
}

func benchmarkFind(b *testing.B, url string, rows int) {
	l := openLibrary(b, url)
	if !l.raw.postgresql {
		l.raw.must(`PRAGMA cache_size = -32768`)
	}
	spent := map[bool]time.Duration{}
	const chunk = 20_000
	for first := 1; first <= rows; first += chunk {
		var c store.LibraryChange
		for no := first; no < min(first+chunk, rows+1); no++ {
			c.Added = append(c.Added, benchObject(no))
		}
		for _, index := range []bool{false, true} {
			c.NoIndex, c.NoRows = !index, index
			start := time.Now()
			l.write(c)
			spent[index] += time.Since(start)
		}
	}
	if l.raw.postgresql {
		l.raw.must(`VACUUM ANALYZE`)
	}
	b.Run("writing", func(b *testing.B) {
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(spent[false].Nanoseconds())/1000/float64(rows), "µs/row")
		b.ReportMetric(float64(spent[true].Nanoseconds())/1000/float64(rows), "µs/row-for-the-index")
	})
	for _, q := range benchQuestions(rows) {
		b.Run(q.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				for _, f := range q.list {
					start := time.Now()
					l.find(f)
					took = append(took, time.Since(start))
				}
			}
			slices.Sort(took)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

var (
	benchPlaces = []string{"海阳市", "海阳市", "海阳市", "海阳市", "海阳", "烟台", "", "", ""}
	benchTowns  = strings.Fields("东村 方圆 凤城 龙山 留格 盘石店 郭城 徐家店 发城 小纪 行村 辛安 二十里店 朱吴")
	benchTrades = strings.Fields("餐饮 餐饮管理 食品 食品加工 水产 水产养殖 海产品 建材 建筑工程 装饰工程 机械制造 汽车维修 汽车销售 运输 物流 商贸 进出口 超市 百货 服装 针织 毛衫 电子商务 网络科技 信息技术 生物科技 医药 大药房 医疗器械 化工 塑料 包装 印刷 广告 文化传媒 教育咨询 旅行社 酒店 宾馆 洗浴 美容 房地产 物业管理 园林绿化 果蔬 苗木 养殖 饲料 农资 农机 渔业 船舶修造 新能源 环保工程 供热 液化气 加油 矿业 石材 金属制品 五金交电 家具 门窗 木业 纸业 烟酒 茶业 粮油 糕点 冷链 烟花爆竹 投资管理 劳务 保安 家政 检测 特种设备 电梯 锅炉 消防")
	benchForms  = strings.Fields("有限公司 有限公司 有限公司 有限公司 有限公司 有限责任公司 店 店 经营部 商店 专业合作社 服务部 加工厂 饭店 中心 厂 门市部 工作室 有限公司海阳分公司 （个体工商户）")
	benchCommon = []rune("鑫源盛达兴隆华顺发祥和泰安康福瑞丰金鼎恒通宏伟东方新润德信诚佳美丽家园天地人大成永昌利民宝龙凤腾飞辉煌明珠星光阳春雨露青山绿水万里长江黄河北南西中正国富强文远博雅智慧众合一品优乐享老王李张刘陈杨赵")
)

// benchObject is an object with a name as registers have them: the characters of
// its trade name are as unequally common as those of real ones.
func benchObject(no int) inspect.Object {
	r := rand.New(rand.NewPCG(uint64(no), 7))
	name := pick(r, benchPlaces)
	if r.IntN(4) == 0 {
		name += pick(r, benchTowns)
	}
	for range 2 + r.IntN(3) {
		k := int(math.Exp(r.Float64()*math.Log(3500))) - 1
		if k < len(benchCommon) {
			name += string(benchCommon[k])
		} else {
			name += string(rune(0x4e00 + (k*2654435761)%20000))
		}
	}
	return inspect.Object{
		No: inspect.ObjectNo(no), Version: 1, Region: rig.Region, Kind: pick(r, []inspect.ObjectKind{inspect.Enterprise, inspect.IndividualBusiness}),
		Code: fmt.Sprintf("9%d370687MA%07dX", 1+r.IntN(2), no), Name: name + pick(r, benchTrades) + pick(r, benchForms),
		Status:   pick(r, []inspect.ObjectStatus{inspect.ObjectActive, inspect.ObjectActive, inspect.ObjectActive, inspect.ObjectCancelled}),
		LegalRep: "某人", Phone: "00000000000", Address: "山东省烟台市海阳市某街道某路1号", Town: fmt.Sprintf("3706870%02d", r.IntN(14)),
		Scope: strings.Repeat("许可项目：食品销售；一般项目：", 6), Industry: fmt.Sprintf("%c%02d%02d", 'A'+r.IntN(20), 1+r.IntN(5), 10+r.IntN(40)),
		Owner: rig.Org(fmt.Sprint(min(r.IntN(34), 16))), Risk: pick(r, []string{"A", "A", "A", "B", "C", "D"}), RiskOn: workday.MustParse("2026-01-01"),
		Source: "市场主体登记", Sourced: workday.MustParse("2026-01-01").AddDays(-r.IntN(500)),
	}
}

type benchQuestion struct {
	name string
	list []store.Find
}

func benchQuestions(rows int) []benchQuestion {
	r := rand.New(rand.NewPCG(1, 2))
	text := func(texts ...string) (list []store.Find) {
		for _, t := range texts {
			list = append(list, store.Find{Text: t})
		}
		return list
	}
	// typed is a part of n characters of the name of any object.
	typed := func(n int) (list []store.Find) {
		for len(list) < 200 {
			name := []rune(benchObject(1 + r.IntN(rows)).Name)
			if i := r.IntN(len(name)); i+n <= len(name) {
				list = append(list, store.Find{Text: string(name[i : i+n])})
			}
		}
		return list
	}
	with := func(list []store.Find, change func(*store.Find)) []store.Find {
		list = slices.Clone(list)
		for i := range list {
			change(&list[i])
		}
		return list
	}
	common := text("海阳", "有限", "公司", "限公", "阳市", "商店", "海产", "经营")
	two := typed(2)
	codes := with(make([]store.Find, 100), func(f *store.Find) {
		code := benchObject(1 + r.IntN(rows)).Code
		f.Text = code[:2+r.IntN(17)]
	})
	return []benchQuestion{
		{"common two characters", common},
		{"any two characters", two},
		{"two that are nowhere", text("魑魅", "饕餮", "龘龖", "海魑")},
		{"three characters", typed(3)},
		{"common long words", text("有限公司", "海阳市", "有限责任公司", "经营部", "个体工商户", "专业合作社", "分公司", "水产养殖")},
		{"five characters", typed(5)},
		{"initials", text("hys", "yxgs", "xysc", "hyssc", "jyb", "sczy")},
		{"first character", text("海", "烟", "h", "鑫")},
		{"beginning of a code", codes},
		{"two characters, three filters", with(two, func(f *store.Find) {
			f.Owners, f.Risks, f.Statuses = []inspect.OrgID{rig.Org("3")}, []string{"C", "D"}, []inspect.ObjectStatus{inspect.ObjectActive}
		})},
		{"filters only", with(make([]store.Find, 40), func(f *store.Find) {
			f.Owners, f.Towns, f.Risks = []inspect.OrgID{rig.Org(fmt.Sprint(r.IntN(17)))}, []string{fmt.Sprintf("3706870%02d", r.IntN(14))}, []string{"D"}
		})},
		{"age of the data", with(make([]store.Find, 40), func(f *store.Find) {
			f.Day = workday.MustParse("2026-01-01")
			f.Sourced = inspect.AgeDays(inspect.Age(inspect.Ages[r.IntN(len(inspect.Ages))].Value), f.Day)
			f.Towns = []string{fmt.Sprintf("3706870%02d", r.IntN(14))}
		})},
		{"a page anywhere", with(append(two, common...), func(f *store.Find) { f.After = inspect.ObjectNo(1 + r.IntN(rows)) })},
		{"backwards from anywhere", with(append(two, common...), func(f *store.Find) { f.Before = inspect.ObjectNo(1 + r.IntN(rows)) })},
		{"the list, a page anywhere", with(make([]store.Find, 100), func(f *store.Find) { f.After = inspect.ObjectNo(1 + r.IntN(rows)) })},
	}
}
