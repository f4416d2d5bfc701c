package document

import "suicha/internal/workday"

// An OnSite is the 现场笔录: what the team saw and heard on the spot.
type OnSite struct {
	Org, Number      string
	Party            Party
	On               workday.Date
	From, To, Place  string
	Officers         []Officer
	Recorder         string
	Present          string // who was there for the party, and as what
	Shown, Told      string // that certificates were shown, and rights told; how the party answered
	Record           string // what was found
	Evidence         []string
	Opinion          string // of the party, after reading it
	Signed           []Signature
	SignedOn         workday.Date
	Team             []Signature
	TeamOn           workday.Date
	Refusal, Witness string
	Proof            Proof
}

// Form makes the on-site record: R82, 海政办发〔2020〕2号 二(五)4(2).
func (v OnSite) Form() Form {
	evidence := none("", v.On)
	if len(v.Evidence) > 0 {
		evidence = numbered(v.Evidence)
	}
	return Form{
		Issuer: v.Org, Title: "现场笔录", Left: "编号：" + v.Number, Right: "检查日期：" + day(v.On),
		Parts: []Part{
			Table{Widths: fields, Rows: append(v.Party.rows(),
				row("检查地点", or(v.Place, v.Party.Place), "起止时间", span(v.From, v.To)),
				row("现场人员", v.Present, "记录人", v.Recorder),
				wide("检查人员", team(v.Officers)),
				wide("告知事项", or(v.Shown, "检查人员出示执法证件，告知检查依据、内容和方式，告知有权申请回避、有权陈述和申辩。")+"\n"+or(v.Told, "被检查单位表示：")),
				Row{Height: 42, Cells: []Cell{{Text: "现场情况", Style: Label}, {Text: v.Record, Span: 3}}},
				wide("初步提取\n的证据", evidence),
				Row{Keep: true, Height: 26, Cells: []Cell{
					{Text: "被检查单位\n意见", Style: Label},
					{Text: or(v.Opinion, "以上笔录已经阅读（已向我宣读），"), Span: 3, Marks: []Mark{{"签字或盖章：", v.Signed}}, Date: day(v.SignedOn)},
				}},
				Row{Keep: true, Height: 20, Cells: []Cell{
					{Text: "检查人员\n签名", Style: Label}, {Span: 3, Marks: []Mark{{"", v.Team}}, Date: day(v.TeamOn)},
				}},
				kept(row("拒绝签字\n说明", none(v.Refusal, v.On), "见证人", none(v.Witness, v.On))),
			)},
		},
		Notes: []string{"说明：笔录应当交被检查单位阅读或者向其宣读。有差错或者遗漏的，应当允许更正或者补充，改动处由其签字、盖章或者按指印。"},
		Proof: v.Proof,
	}
}
