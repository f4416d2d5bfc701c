package synth

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"suicha/internal/inspect"
)

// A trade is a line of the table of trades.
type trade struct {
	code      string   // GB/T 4754; empty for equipment
	words     []string // of the names of enterprises, institutions, sites and equipment
	shops     []string // of the names of individual businesses
	general   []string // 一般项目
	permitted []string // 许可项目
	licence   string   // 许可证名称; empty if none is needed
	initials  string   // of its number
	food      bool     // classed by the rules for food
}

// A head is a sort of registration, with its trades and how many there are of
// each up to and with that one.
type head struct {
	code   string // how its codes begin
	kind   inspect.ObjectKind
	trades []*trade
	sums   []int
}

// total is how many objects the head has among those of the table.
func (h *head) total() int { return h.sums[len(h.sums)-1] }

//go:embed trades.tsv
var tradesTable string

// heads are the sorts of registration in the order of their codes.
var heads = sync.OnceValue(func() []*head {
	all := []*head{
		{code: "12", kind: inspect.Institution}, {code: "31", kind: inspect.Institution}, {code: "52", kind: inspect.Institution},
		{code: "91", kind: inspect.Enterprise}, {code: "92", kind: inspect.IndividualBusiness}, {code: "93", kind: inspect.Cooperative},
		{code: "CS", kind: inspect.Site}, {code: "SB", kind: inspect.Equipment},
	}
	for line := range strings.Lines(tradesTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if err := readTrade(all, strings.TrimSuffix(line, "\n")); err != nil {
			panic(fmt.Sprintf("synth: the built-in table has the line %q: %v", line, err))
		}
	}
	return all
})

// readTrade puts a line of the table under its heads.
func readTrade(all []*head, line string) error {
	cells := strings.Split(line, "\t")
	if len(cells) != 6 {
		return fmt.Errorf("%d cells", len(cells))
	}
	t := &trade{code: strings.TrimPrefix(cells[0], "-"), words: listed(cells[2], ","), shops: listed(cells[3], ",")}
	general, permitted, _ := strings.Cut(cells[4], "|")
	t.general, t.permitted = listed(general, "；"), listed(permitted, "；")
	t.licence, t.initials, _ = strings.Cut(strings.TrimPrefix(cells[5], "-"), "@")
	t.food = strings.HasPrefix(t.code, "H62") || strings.HasPrefix(t.licence, "食品")
	for _, weight := range strings.Split(cells[1], ",") {
		code, number, _ := strings.Cut(weight, ":")
		n, err := strconv.Atoi(number)
		if err != nil {
			return err
		}
		for _, h := range all {
			if h.code == code {
				before := 0
				if len(h.sums) > 0 {
					before = h.total()
				}
				h.trades, h.sums = append(h.trades, t), append(h.sums, before+n)
			}
		}
	}
	return nil
}

// listed parts a list; a dash is an empty one.
func listed(text, comma string) []string {
	if text == "-" || text == "" {
		return nil
	}
	return strings.Split(text, comma)
}
