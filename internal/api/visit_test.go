package api_test

import (
	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// inspections asks for every act of a visit as a telephone does: R76–R89.
func inspections(c *client, r *rig.Run, done, grave func(token, verb string, command any)) {
	c.Helper()
	v := r.Crewed(len(r.Teams()) - 1)
	leader, team := c.token(v.Crew[0]), v.Team
	v.Arrive()
	done(leader, "visit.precheck", act.PrecheckVisit{Team: team})
	done(leader, "visit.notify", act.NotifyVisit{Team: team, Channel: "phone", Recipient: "刘店长", Text: "请准备资料", Told: "2026-03-02T08:00"})
	done(leader, "visit.special", act.SetVisitAside{Team: team, Kind: inspect.Unreachable, Officers: v.Officers(), Tried: "大门紧锁"})
	done(leader, "visit.begin", act.BeginVisit{Team: team, Officers: v.Officers(), Present: "刘店长", Role: "负责人", Shown: true, Told: true})
	item := v.Found().Findings[0].Item
	done(leader, "visit.attach", act.AttachVisit{Team: team, ID: rig.Own[inspect.EvidenceID](v, "photo"), SHA256: c.File("photo"), Kind: "photo", Name: "照片"})
	done(leader, "visit.helper", act.HelpVisit{Team: team, ID: rig.Own[inspect.HelperID](v, "expert"), Name: "周专家", Unit: "检测中心", Item: item, Conclusion: "符合要求"})
	done(leader, "visit.measure", act.MeasureVisit{Team: team, ID: rig.Own[inspect.MeasureID](v, "m"), Kind: "record", Form: "oral", Text: "制作笔录"})
	done(leader, "visit.fill", act.FillVisit{Team: team, Item: item, Codes: []inspect.ResultCode{inspect.NoProblem}})
	for range 2 {
		done(leader, "visit.conclude", act.ConcludeVisit{Team: team, Seen: v.Found().Version, Text: "未发现问题"})
		if len(v.Found().Reopened) == 0 {
			done(leader, "visit.reopen", act.ReopenVisit{Team: team, Seen: v.Found().Version, Reason: "笔误"})
		}
	}
	digest := v.Found().Digest
	done(leader, "visit.party", act.SignParty{Team: team, ID: rig.Own[inspect.SignatureID](v, "party"), Digest: digest, Way: inspect.SignRefused, Statement: "拒绝签字", Witness: "物业王某"})
	grave(leader, "visit.sign", act.SignVisit{Team: team, ID: rig.Own[inspect.SignatureID](v, "me"), Digest: digest})
	results(c, c.Visited(v.MembersSign()), done, grave)
}
