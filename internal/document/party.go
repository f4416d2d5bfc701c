package document

import "strings"

// A Party (被检查单位) is the enterprise inspected.
type Party struct {
	Name, Code, Place, Person, Phone string
}

// rows are the two rows in which most forms name the party.
func (p Party) rows() []Row {
	return []Row{
		row("被检查单位", p.Name, "统一社会\n信用代码", p.Code),
		row("经营场所", p.Place, "负责人\n及电话", strings.TrimSpace(p.Person+"　"+p.Phone)),
	}
}

// An Officer (检查人员) is one member of the team, with the number of the
// enforcement certificate that is shown to the party.
type Officer struct{ Org, Name, Certificate string }

// team writes the officers one to a line, the leader (组长) first.
func team(officers []Officer) string {
	lines := make([]string, len(officers))
	for i, o := range officers {
		lines[i] = o.Org + "　" + o.Name
		if o.Certificate != "" {
			lines[i] += "（执法证号 " + o.Certificate + "）"
		}
		if i == 0 && len(officers) > 1 {
			lines[i] += "，组长"
		}
	}
	return strings.Join(lines, "\n")
}

// names are the names of the officers, as one who reads them to a party would.
func names(officers []Officer) string {
	all := make([]string, len(officers))
	for i, o := range officers {
		all[i] = o.Name
		if o.Certificate != "" {
			all[i] += "（执法证号 " + o.Certificate + "）"
		}
	}
	return strings.Join(all, "、")
}

// numbered puts 1. 2. 3. before lines, if there are several.
func numbered(lines []string) string {
	if len(lines) == 1 {
		return lines[0]
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = digits(i+1) + ". " + l
	}
	return strings.Join(out, "\n")
}
