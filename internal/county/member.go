package county

import (
	"fmt"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/synth"
)

// members gives the sub-libraries their rules and members: R31, R34, R35. The
// last of each stay candidates, for somebody to judge.
func (m *maker) members() {
	table := rows("libraries.tsv")
	for i, l := range table {
		m.tell("生成分库成员", int64(i), int64(len(table)))
		clerk, lib := m.who(l[0], inspect.Clerk), id[inspect.SublibraryID]("sublibrary", l[1])
		for k, cell := range l {
			l[k] = strings.TrimPrefix(cell, "-")
		}
		m.do(clerk, act.SetMemberRule{
			ID: lib, Seen: m.library(clerk, lib).Version, Codes: l[2], Except: l[3], Any: l[4], None: l[5], Either: l[6] == "either",
		})
		if l[7] == "later" {
			continue
		}
		m.try(clerk, act.ProposeMembers{ID: lib, Seen: m.library(clerk, lib).Version}, inspect.ErrMembersIdle)
		found := m.candidates(clerk, lib)
		for part := range slices.Chunk(found[:len(found)-len(found)/25], 5000) {
			m.do(clerk, act.ConfirmMembers{Members: act.Members{Sublibrary: lib, Objects: part}})
		}
	}
}

// library reads a sub-library as it stands.
func (m *maker) library(who inspect.Actor, lib inspect.SublibraryID) inspect.Sublibrary {
	if m.err != nil {
		return inspect.Sublibrary{}
	}
	all, err := m.db.Sublibraries(m.ctx, who.Scope(), Region)
	i := slices.IndexFunc(all, func(s inspect.Sublibrary) bool { return s.ID == lib })
	if err == nil && i < 0 {
		err = inspect.ErrMissing
	}
	if err != nil {
		m.err = fmt.Errorf("sub-library of %s: %w", who.Org.Short, err)
		return inspect.Sublibrary{}
	}
	return all[i]
}

// candidates lists the objects that wait for the department.
func (m *maker) candidates(who inspect.Actor, lib inspect.SublibraryID) (nos []inspect.ObjectNo) {
	for after := inspect.ObjectNo(0); m.err == nil; after = nos[len(nos)-1] {
		page, err := m.db.MemberPage(m.ctx, who.Scope(), lib, inspect.MemberCandidate, after, 5000)
		m.err = err
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			nos = append(nos, r.No)
		}
	}
	return nos
}

// markedMost bounds the marks and licences that a demonstration puts in one by
// one, each of which is an act.
const markedMost = 2500

// licensers are the departments that enter licences, by the licence's name; those
// of the most frequent trades stay with the importer of licences.
var licensers = map[string]string{
	"特种行业许可证（旅馆业）": "gaj", "药品经营许可证": "scjg", "危险化学品经营许可证": "yjj", "燃气经营许可证": "zjj", "旅行社业务经营许可证": "wlj",
	"娱乐经营许可证": "wlj", "网络文化经营许可证": "wlj", "检验检测机构资质认定证书": "scjg", "劳务派遣经营许可证": "rsj", "律师事务所执业许可证": "sfj",
	"兽药经营许可证": "nyj",
}

// licensed reports whether the licences of an object are entered.
func (m *maker) licensed(r synth.Row) bool {
	return slices.ContainsFunc(r.Licences, func(l inspect.Licence) bool { return licensers[l.Name] != "" })
}

// mark enters what the departments know of an object: R53, R31.
func (m *maker) mark(r synth.Row) {
	if m.err != nil {
		return
	}
	clerk := m.who("scjg", inspect.Clerk)
	found, err := m.db.ObjectsByCode(m.ctx, clerk.Scope(), r.Code, 1)
	if err == nil && (len(found) == 0 || found[0].Code != r.Code) {
		err = inspect.ErrMissing
	}
	if err != nil {
		m.err = fmt.Errorf("object %s: %w", r.Code, err)
		return
	}
	for _, f := range r.Flags {
		m.do(clerk, act.PutFlag{Object: found[0].No, Kind: f.Kind, Since: f.Since, Until: f.Until, Source: f.Source, Note: f.Note})
	}
	for _, l := range r.Licences {
		org := licensers[l.Name]
		if org == "" {
			continue
		}
		by := m.who(org, inspect.Clerk)
		m.do(by, act.PutLicence{Object: found[0].No, Name: l.Name, Number: l.Number, Issued: l.Issued, ValidTo: l.ValidTo, Authority: l.Authority})
		if l.Ended {
			m.do(by, act.EndLicence{Object: found[0].No, Name: l.Name, Number: l.Number, Seen: 1, Reason: "企业注销，许可证随之注销。"})
		}
	}
}
