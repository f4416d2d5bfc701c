package act

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/match"
	"suicha/internal/store"
)

// A bench (候补) is where who and what comes next is looked up: the files of the run,
// and who can come today.
type bench struct {
	t       *tx
	scene   inspect.TeamScene
	tree    ceremony.Tree
	run     *draw.Ceremony
	keeper  []draw.Reveal // the custodian's secret, while the list is sealed
	facts   inspect.Facts
	objects map[string]inspect.ObjectNo
	by      inspect.SubstID
	passed  []inspect.SubstPass
	asked   []match.Pass // who was next at the last seat and could not
	record  []match.Replacement
}

func (t *tx) bench(ctx context.Context, scene inspect.TeamScene, by inspect.SubstID) (*bench, error) {
	b := &bench{t: t, scene: scene, by: by}
	var err error
	if b.tree, b.run, err = t.running(ctx, scene.Batch); err != nil {
		return nil, err
	}
	if b.facts, err = t.Facts(ctx, scene.Batch.Region); err != nil {
		return nil, err
	}
	if scene.Batch.Hidden() {
		if err := b.unseal(ctx); err != nil {
			return nil, err
		}
	}
	kept, err := t.Files(ctx, scene.Batch.ID, scene.Batch.Run, objectsFile)
	if err != nil {
		return nil, err
	}
	b.objects, err = inspect.ObjectsByID(kept[objectsFile])
	return b, err
}

// unseal puts among the files what is kept encrypted of a sealed run.
func (b *bench) unseal(ctx context.Context) error {
	lists, err := outcomeOf(ctx, b.t.Tx, b.t.keys, b.scene.Batch)
	if err != nil {
		return err
	}
	if lists[draw.SubstitutionsFile], err = b.t.sealedSubstitutions(ctx, b.scene.Batch); err != nil {
		return err
	}
	if lists[match.ReplacementsFile], err = b.t.sealedReplacements(ctx, b.scene.Batch); err != nil {
		return err
	}
	for name, text := range lists {
		b.tree.Put(name, text)
	}
	b.keeper, err = b.t.custodian(ctx, b.scene.Batch)
	return err
}

// tasks are those of the batch with the ids, in the order of their numbers.
func (b *bench) tasks(ids []inspect.TaskID) []inspect.Task {
	return slices.DeleteFunc(slices.Clone(b.scene.Tasks), func(x inspect.Task) bool { return !slices.Contains(ids, x.ID) })
}

// place is what the files say of the team at an object.
func (b *bench) place(id string, tasks []inspect.Task) (*ceremony.Place, error) {
	var codes []string
	for _, x := range tasks {
		codes = append(codes, x.Code())
	}
	p, err := ceremony.NewPlace(b.run, b.tree, id, codes, b.keeper...)
	return p, faultOf(inspect.ErrBatchFile, err)
}

// org is the department of a name in the documents.
func (b *bench) org(short string) inspect.OrgID {
	for _, id := range inspect.BatchParties(b.scene.Tasks) {
		if b.facts.Orgs[id].Short == short {
			return id
		}
	}
	return ""
}

// absent says for each inspector of the departments why they cannot come to the
// object on the days, as things stand now: certificates, leave, what they declared
// since, whom they met.
func (b *bench) absent(ctx context.Context, orgs []inspect.OrgID, days inspect.Days, no inspect.ObjectNo) (func(inspect.InspectorNo) string, error) {
	met, err := b.t.Met(ctx, b.scene.Batch.Region, days.From.AddDays(-3*366).String())
	if err != nil {
		return nil, err
	}
	roster, err := b.t.Roster(ctx, orgs, days, met)
	if err != nil {
		return nil, err
	}
	object, err := b.t.Object(ctx, no)
	if err != nil {
		return nil, err
	}
	reasons, there := map[inspect.InspectorNo]string{}, map[inspect.InspectorNo]bool{}
	for _, p := range roster.People {
		there[p.No] = true
	}
	for _, l := range roster.Left {
		reasons[l.No] = string(l.Obstacle.Kind)
	}
	for _, a := range roster.Avoid {
		if a.Code == object.Code || a.Code == "" && a.Name == object.Name {
			reasons[a.Inspector] = "avoid"
		}
	}
	return func(i inspect.InspectorNo) string {
		if reason := reasons[i]; reason != "" || there[i] {
			return reason
		}
		return "absent"
	}, nil
}

// successors are who may take a seat, in order.
func (b *bench) successors(p *ceremony.Place, org inspect.OrgID, line int) ([]inspect.InspectorNo, error) {
	ids, err := p.Successors(b.facts.Orgs[org].Short, line)
	var all []inspect.InspectorNo
	for _, id := range ids {
		if no, ok := inspect.ParseInspectorID(id); ok {
			all = append(all, no)
		}
	}
	return all, err
}

// first is the first of some who is not in the team and can come; who is passed over
// is noted with the reason.
func (b *bench) first(all []inspect.InspectorNo, in func(inspect.InspectorNo) bool, absent func(inspect.InspectorNo) string) inspect.InspectorNo {
	b.asked = nil
	for _, no := range all {
		if in(no) {
			continue
		}
		if reason := absent(no); reason != "" {
			b.asked = append(b.asked, match.Pass{Inspector: inspect.InspectorID(no), Reason: reason})
			if pass := (inspect.SubstPass{Inspector: no, Reason: reason}); !slices.Contains(b.passed, pass) {
				b.passed = append(b.passed, pass)
			}
			continue
		}
		return no
	}
	return 0
}

// leader is who of a department's members leads.
func (b *bench) leader(p *ceremony.Place, org inspect.OrgID, members []inspect.TeamMember) (inspect.InspectorNo, error) {
	var ids []string
	for _, m := range members {
		if m.Org == org && !m.Out {
			ids = append(ids, inspect.InspectorID(m.Inspector))
		}
	}
	id, err := p.NextLeader(b.facts.Orgs[org].Short, ids)
	no, _ := inspect.ParseInspectorID(id)
	return no, err
}

// replaceInspector puts the next inspector of the seat's own order in the place of
// one who cannot come: docs/design/match.md §15.
func (b *bench) replaceInspector(ctx context.Context, s inspect.Subst, x inspect.Team) (inspect.Subst, error) {
	was, ok := x.Member(s.Out)
	if !ok {
		return s, inspect.ErrStale
	}
	p, err := b.place(x.Drawn, b.tasks(x.Tasks))
	if err != nil {
		return s, err
	}
	all, err := b.successors(p, was.Org, was.Line)
	if err != nil {
		return s, err
	}
	absent, err := b.absent(ctx, []inspect.OrgID{was.Org}, x.VisitDays(), x.Object)
	if err != nil {
		return s, err
	}
	s.In = b.first(all, x.Has, absent)
	if s.Passed = b.passed; s.In == 0 {
		return s, inspect.ErrSubstNobody.With(b.facts.Orgs[was.Org].Short)
	}
	leader := x.Leader().Inspector
	if was.Leader {
		rest := slices.DeleteFunc(x.Standing(), func(m inspect.TeamMember) bool { return m.Inspector == s.Out })
		if leader, err = b.leader(p, x.Org, append(rest, inspect.TeamMember{Org: was.Org, Inspector: s.In})); err != nil {
			return s, err
		}
	}
	if x, err = x.Replace(s.Out, s.In, leader, s.ID, b.t.now); err == nil {
		err = x.Whole()
	}
	if err != nil {
		return s, err
	}
	b.record = append(b.record, match.Replacement{Kind: match.OfInspector, Object: x.Drawn, Department: b.facts.Orgs[was.Org].Short, Line: was.Line,
		Out: inspect.InspectorID(s.Out), In: inspect.InspectorID(s.In), Leader: inspect.InspectorID(leader), Ground: s.Ground,
		Evidence: cmp.Or(s.Evidence, "-"), Approver: b.t.by.Name, Passed: b.asked})
	if err := b.t.saveTeams(ctx, []inspect.Team{x}); err != nil {
		return s, err
	}
	return s, b.count(ctx, nil)
}

// replaceObject takes an object off the list of each of its tasks, and puts the next
// of the reserve in its place: R68, docs/design/draw.md §13. The inspectors stay
// together, as far as they may meet the substitute.
func (b *bench) replaceObject(ctx context.Context, s inspect.Subst, x inspect.Team) (inspect.Subst, error) {
	stood := map[string][]inspect.TaskID{}
	for _, task := range b.tasks(x.Tasks) {
		id, err := b.substitute(ctx, task, x.Drawn, s)
		if err != nil {
			return s, err
		}
		if id == "-" {
			s.Exhausted = true
			continue
		}
		stood[id] = append(stood[id], task.ID)
	}
	gone, err := x.GiveUp(s.ID)
	if err != nil {
		return s, err
	}
	all, err := b.t.teams(ctx, store.TeamFilter{Batch: x.Batch})
	if err != nil {
		return s, err
	}
	changed, last := []inspect.Team{gone}, all[len(all)-1].No
	var fresh []inspect.DrawnRow
	for _, id := range slices.Sorted(maps.Keys(stood)) {
		i := slices.IndexFunc(all, func(o inspect.Team) bool { return o.Drawn == id && o.Stands() })
		var next inspect.Team
		if i >= 0 { // another task has drawn it: one visit does for all (综合查一次)
			next = all[i]
			next.Tasks = append(slices.Clone(next.Tasks), stood[id]...)
		} else {
			last++
			next = x.Substitute(last, b.scene.Batch, b.objects[id], id, b.tasks(stood[id]), s.ID)
		}
		for _, task := range stood[id] {
			fresh = append(fresh, inspect.DrawnRow{Task: task, ID: id, Object: b.objects[id]})
		}
		if next, err = b.crew(ctx, next, x); err != nil {
			return s, err
		}
		changed, s.Teams = append(changed, next), append(s.Teams, next.No)
	}
	s.Passed = b.passed
	if err := b.t.saveTeams(ctx, changed); err != nil {
		return s, err
	}
	return s, b.count(ctx, fresh)
}

// substitute writes the lines of substitutions.tsv that take an object off a task's
// list. A substitute that has had its visits of the year is replaced in turn: R52.
func (b *bench) substitute(ctx context.Context, task inspect.Task, id string, s inspect.Subst) (string, error) {
	ground := s.Ground
	for {
		done, after, err := ceremony.Substitute(b.tree, draw.Substitution{
			Time: draw.Instant(b.t.now), Task: task.Code(), ID: id, Reason: ground, Evidence: s.Evidence, Approver: b.t.by.Name,
		})
		if err != nil {
			return "", faultOf(inspect.ErrBatchFile, err)
		}
		b.tree.Put(draw.SubstitutionsFile, after)
		if err := b.t.addSubstitution(ctx, b.scene.Batch, after); err != nil {
			return "", err
		}
		if done.Substitute == 0 {
			return done.SubID, nil
		}
		full, err := b.full(ctx, task, b.objects[done.SubID])
		if err != nil || !full {
			return done.SubID, err
		}
		id, ground = done.SubID, "cap"
	}
}

// full reports whether an object has had its visits of the year in other draws: over
// all departments (R52), or of a body of the task (国办发〔2024〕54号).
func (b *bench) full(ctx context.Context, task inspect.Task, no inspect.ObjectNo) (bool, error) {
	batch, nos := b.scene.Batch, []inspect.ObjectNo{no}
	slots, err := b.t.SlotsOf(ctx, batch.Year, nos)
	if err != nil {
		return false, err
	}
	visits, err := b.t.BodyVisitsOf(ctx, batch.Year, nos)
	if err != nil {
		return false, err
	}
	limits, err := b.t.Limits(ctx, task.Parties(), batch.Year)
	return batch.Full(task, limits.Caps, slots, visits), err
}

// crew fills the seats of a team: with those who are in it, then with the members of
// the team before it, then with the next in order.
func (b *bench) crew(ctx context.Context, next, before inspect.Team) (inspect.Team, error) {
	p, err := b.place(next.Drawn, b.tasks(next.Tasks))
	if err != nil {
		return next, err
	}
	members := next.Standing()
	in := func(no inspect.InspectorNo) bool {
		return slices.ContainsFunc(members, func(m inspect.TeamMember) bool { return m.Inspector == no && m.Line > 0 })
	}
	for i := range members {
		members[i].Line = 0 // to be seated
	}
	var lead inspect.OrgID
	for _, d := range p.Demands {
		org := b.org(d.Department)
		if d.Lead {
			lead = org
		}
		absent, err := b.absent(ctx, []inspect.OrgID{org}, next.VisitDays(), next.Object)
		if err != nil {
			return next, err
		}
		order, err := b.successors(p, org, d.Line)
		if err != nil {
			return next, err
		}
		for range d.Need {
			no := b.first(preferred(order, members, before.Standing()), in, absent)
			if no == 0 {
				return next, inspect.ErrSubstNobody.With(d.Department)
			}
			b.record = append(b.record, match.Replacement{Kind: match.OfObject, Object: next.Drawn, Department: d.Department, Line: d.Line,
				Out: before.Drawn, In: inspect.InspectorID(no), Leader: "-", Ground: "-", Evidence: "-", Approver: "-", Passed: b.asked})
			if i := slices.IndexFunc(members, func(m inspect.TeamMember) bool { return m.Inspector == no }); i >= 0 {
				members[i].Line = d.Line
			} else {
				members = append(members, inspect.TeamMember{Org: org, Line: d.Line, Inspector: no, By: b.by})
			}
		}
	}
	members = slices.DeleteFunc(members, func(m inspect.TeamMember) bool { return m.Line == 0 })
	leader, err := b.leads(p, lead, members, next, before)
	if err != nil {
		return next, err
	}
	b.record[len(b.record)-1].Leader = inspect.InspectorID(leader)
	next = next.Crew(lead, leader, members)
	return next, next.Whole()
}

// preferred is an order with those in front who are in the team or were in the one
// before, each of them in that order too.
func preferred(order []inspect.InspectorNo, lists ...[]inspect.TeamMember) []inspect.InspectorNo {
	var all []inspect.InspectorNo
	for _, list := range lists {
		for _, no := range order {
			if slices.ContainsFunc(list, func(m inspect.TeamMember) bool { return m.Inspector == no }) && !slices.Contains(all, no) {
				all = append(all, no)
			}
		}
	}
	return append(all, order...)
}

// leads is who leads a team whose members have changed: who led it, or the team
// before, if still there and of the lead department; else the next in order.
func (b *bench) leads(p *ceremony.Place, lead inspect.OrgID, members []inspect.TeamMember, teams ...inspect.Team) (inspect.InspectorNo, error) {
	for _, x := range teams {
		for _, m := range members {
			if m.Org == lead && m.Inspector == x.Leader().Inspector {
				return m.Inspector, nil
			}
		}
	}
	return b.leader(p, lead, members)
}

// count keeps the record, counts the visits of the substitutes, and notes that the
// batch's list has changed. In a sealed list neither of these is known before its day.
func (b *bench) count(ctx context.Context, fresh []inspect.DrawnRow) error {
	if err := b.keepRecord(ctx); err != nil {
		return err
	}
	batch := b.scene.Batch
	if batch.Hidden() {
		return nil
	}
	if len(fresh) > 0 {
		if err := b.t.takeVisits(ctx, batch, b.scene.Tasks, fresh); err != nil {
			return err
		}
	}
	return b.t.saveBatch(ctx, batch.State, batch)
}
