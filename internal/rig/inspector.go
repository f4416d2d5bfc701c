package rig

import (
	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// livedInspectors fills the inspector library of a department: somebody with all
// that can be known of them, an expert, and somebody who has left.
func (o *Office) livedInspectors(clerk, leader inspect.Actor) {
	o.Helper()
	day := workday.MustParse
	person := act.PutInspector{
		Code: "INS-1", Name: "王二", Gender: "male", Category: inspect.CivilServant, Division: "食品科", Position: "科员", Phone: "000-0001",
		Duty: "食品", DutyFrom: day("2019-05-06"), Education: "本科", Major: "法学", Title: "工程师", Quals: "药品检查员", Units: "方圆所",
		Areas: []string{"370687001"}, Source: "人事档案", Sourced: day("2026-02-01"),
	}
	o.Done(clerk, person)
	o.Done(clerk, act.CertifyInspector{
		Inspector: 1, Seen: 1, Kind: inspect.ProvinceCertificate, Number: "鲁F001", Authority: "省政府", From: day("2025-01-01"), Until: day("2027-12-31"),
	})
	expert := person
	expert.Code, expert.Name, expert.Category = "INS-2", "周专家", inspect.Expert
	o.Done(clerk, expert)
	left := person
	left.Code, left.Name = "INS-3", "钱退休"
	o.Done(clerk, left)
	o.Done(clerk, act.EndInspector{Inspector: 3, Seen: 1, Reason: "退休"})

	away := act.PutAway{Away: ID[inspect.AwayID](o.Name() + "away"), Inspector: 1, Kind: "leave", From: day("2026-03-05"), Until: day("2026-03-06")}
	o.Done(clerk, away)
	away.Seen, away.Note = 1, "延期"
	o.Done(clerk, away)
	o.Done(clerk, act.DropAway{Away: away.Away, Seen: 2})
	tie := act.PutTie{
		Tie: ID[inspect.TieID](o.Name() + "tie"), Inspector: 1, Code: "X-1", Name: "某公司", Kind: inspect.FormerEmployer,
		Since: day("2015-01-01"), Until: day("2024-12-31"), Ground: "曾任会计",
	}
	o.Done(clerk, tie)
	o.Done(leader, act.DropTie{Tie: tie.Tie, Seen: 1, Reason: "申报有误"})
	learnt := act.PutTraining{
		Training: ID[inspect.TrainingID](o.Name() + "training"), Inspector: 1, Topic: "法规", Hours: 4, Exam: "none", Day: day("2026-02-01"),
	}
	o.Done(clerk, learnt)
	learnt.Seen, learnt.Exam = 1, "passed"
	o.Done(clerk, learnt)
	o.Done(clerk, act.PutWorkforce{CivilServant: 3, Hours: 2})
	o.Done(clerk, act.PutWorkforce{Seen: 1, CivilServant: 4, Exam: true})
}
