package inspect_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

var noon = time.Date(2026, 7, 6, 4, 0, 0, 0, time.UTC)

// crew are the members of the visits of these tests.
var crew = []inspect.VisitMember{
	{Inspector: 1, Org: "a", Name: "甲", Certificate: "1", Leader: true}, {Inspector: 2, Org: "a", Name: "乙", Certificate: "2"},
	{Inspector: 3, Org: "b", Name: "丙", Certificate: "3"}, {Inspector: 4, Org: "b", Name: "丁", Certificate: "4"},
}

func officer(n int) inspect.Officer {
	return inspect.Officer{VisitMember: crew[n], Person: inspect.PersonID(crew[n].Name), Now: noon}
}

func visitIn(state inspect.VisitState) inspect.Visit {
	v := inspect.Visit{ID: "v", Org: "a", Orgs: []inspect.OrgID{"a", "b"}, State: state}
	v.Precheck.At, v.Notice.At, v.Members = noon, noon, crew
	v.Findings = []inspect.Finding{{Org: "a", Item: "i", Name: "食品"}, {Org: "b", Item: "j", Name: "消防"}}
	v.Start.Day = workday.On(noon)
	switch state {
	case inspect.VisitAside:
		v.Special = inspect.Special{Kind: inspect.NonCooperation, Witness: "王某"}
	case inspect.VisitConcluded:
		v.Conclusion.Text, v.Digest = "结论", "d"
	}
	return v
}

// R76–R89, R100: every verb in every state; a move that is not listed is refused, and
// leaves the visit as it was.
func TestEveryVisitVerbInEveryState(t *testing.T) {
	id := rig.ID[string]
	var x inspect.Team
	x.Days = inspect.Days{From: workday.On(noon), Until: workday.On(noon)}
	verbs := map[inspect.Verb]func(inspect.Visit) (inspect.Visit, error){
		inspect.VisitPrecheck: func(v inspect.Visit) (inspect.Visit, error) { return v.Check(nil, nil, officer(0)) },
		inspect.VisitNotify: func(v inspect.Visit) (inspect.Visit, error) {
			return v.Notify(inspect.VisitNotice{Channel: "phone", Recipient: "刘", Text: "请准备", Told: noon}, officer(0))
		},
		inspect.VisitBegin: func(v inspect.Visit) (inspect.Visit, error) {
			return v.Begin(inspect.VisitStart{Officers: []inspect.InspectorNo{1, 2, 3, 4}, Present: "刘", Role: "店长", Shown: true, Told: true}, x, crew, officer(0))
		},
		inspect.VisitFill: func(v inspect.Visit) (inspect.Visit, error) {
			return v.Fill(inspect.Finding{Item: "i", Codes: []inspect.ResultCode{inspect.NoProblem}}, inspect.Checklist{}, officer(0))
		},
		inspect.VisitMeasure: func(v inspect.Visit) (inspect.Visit, error) {
			return v.Measure(inspect.Measure{ID: inspect.MeasureID(id("m")), Kind: "record", Form: "oral", Text: "笔录"}, officer(0))
		},
		inspect.VisitHelper: func(v inspect.Visit) (inspect.Visit, error) {
			return v.Help(inspect.Helper{ID: inspect.HelperID(id("h")), Name: "周", Unit: "中心", Item: "i", Conclusion: "符合"}, officer(0))
		},
		inspect.VisitAttach: func(v inspect.Visit) (inspect.Visit, error) {
			return v.Attach(inspect.Evidence{ID: inspect.EvidenceID(id("e")), SHA256: strings.Repeat("ab", 32), Kind: "photo", Name: "照片"}, inspect.Blob{Size: 1}, officer(0))
		},
		inspect.VisitSpecial: func(v inspect.Visit) (inspect.Visit, error) {
			return v.Set(inspect.Special{Kind: inspect.Unreachable, Officers: []inspect.InspectorNo{1, 3}, Tried: "锁门"}, x, crew, officer(0))
		},
		inspect.VisitConclude: func(v inspect.Visit) (inspect.Visit, error) {
			for i := range v.Findings {
				v.Findings[i].Edition, v.Findings[i].Codes = 1, []inspect.ResultCode{inspect.NoProblem}
			}
			return v.Conclude("结论", crew, officer(0))
		},
		inspect.VisitReopen: func(v inspect.Visit) (inspect.Visit, error) {
			wrong := inspect.Result{State: inspect.ResultSubmitted, ResultFound: inspect.ResultFound{Revisit: true}}
			v, _, _, err := v.Reopen("补", nil, []inspect.Result{wrong}, officer(0))
			return v, err
		},
		inspect.VisitParty: func(v inspect.Visit) (inspect.Visit, error) {
			_, err := v.TakeParty(inspect.Signature{ID: inspect.SignatureID(id("s")), Digest: v.Digest, SignatureBody: inspect.SignatureBody{Way: inspect.SignRefused, Statement: "拒签", Witness: "王"}}, nil, officer(0))
			return v, err
		},
		inspect.VisitSign: func(v inspect.Visit) (inspect.Visit, error) {
			_, v, err := v.Sign(inspect.Signature{ID: inspect.SignatureID(id("s")), Digest: v.Digest}, []inspect.Signature{{Kind: inspect.PartySigns}}, officer(0))
			return v, err
		},
	}
	for _, c := range inspect.VisitStates {
		state := inspect.VisitState(c.Value)
		for verb, do := range verbs {
			got, err := do(visitIn(state))
			next, listed := inspect.VisitLife().Next(state, verb)
			switch {
			case listed != nil && (!errors.Is(err, inspect.ErrStep) || got.State != state):
				t.Errorf("%s in %s: %v, now %s", verb, state, err, got.State)
			case listed == nil && (err != nil || got.State != next):
				t.Errorf("%s in %s: %v, now %s, want %s", verb, state, err, got.State, next)
			}
		}
	}
	if verbs := slices.Compact(inspect.VisitLife().Verbs(inspect.VisitSigned)); len(verbs) != 1 || verbs[0] != inspect.VisitReopen {
		t.Errorf("a signed visit takes %v", verbs) // R89
	}
}

// R76, R77: questions that must be answered are, those that are not asked are left out,
// and answers fit their questions.
func TestFindingAnswersItsChecklist(t *testing.T) {
	list := inspect.Checklist{Version: 3, Questions: []inspect.Question{
		{Name: "shown", Type: inspect.AskYesNo, Label: "亮照", Required: true},
		{Name: "why", Type: inspect.AskText, Label: "原因", Required: true, If: "shown", Is: []string{"no"}},
		{Name: "count", Type: inspect.AskNumber, Label: "人数"},
		{Name: "note", Type: inspect.AskNote, Label: "说明"},
		{Name: "photo", Type: inspect.AskPhoto, Label: "门头照"},
	}}
	v := visitIn(inspect.VisitBegun)
	v.Evidence = []inspect.Evidence{{ID: "p", Kind: "photo"}, {ID: "w", Kind: "audio"}}
	none := []inspect.ResultCode{inspect.NoProblem}
	for _, test := range []struct {
		name    string
		answers []inspect.Answer
		codes   []inspect.ResultCode
		want    error
		kept    int
	}{
		{"all", []inspect.Answer{{"shown", "是", ""}, {"count", "3", "含兼职"}, {"photo", "p", ""}}, none, nil, 3},
		{"not asked", []inspect.Answer{{"shown", "yes", ""}, {"why", "遗失", ""}}, none, nil, 1},
		{"asked", []inspect.Answer{{"shown", "no", ""}}, none, inspect.ErrVisitAnswer, 0},
		{"missing", nil, none, inspect.ErrVisitAnswer, 0},
		{"wrong", []inspect.Answer{{"shown", "maybe", ""}}, none, inspect.ErrVisitValue, 0},
		{"no number", []inspect.Answer{{"shown", "yes", ""}, {"count", "三", ""}}, none, inspect.ErrVisitValue, 0},
		{"no photo", []inspect.Answer{{"shown", "yes", ""}, {"photo", "w", ""}}, none, inspect.ErrVisitValue, 0},
		{"unknown", []inspect.Answer{{"x", "yes", ""}}, none, inspect.ErrChoice, 0},
		{"twice", []inspect.Answer{{"shown", "yes", ""}, {"shown", "no", ""}}, none, inspect.ErrChoice, 0},
		{"hidden characters", []inspect.Answer{{"shown", "yes", "\u202e"}}, none, inspect.ErrControl, 0},
		{"no code", []inspect.Answer{{"shown", "yes", ""}}, nil, inspect.ErrVisitNoCode, 0},
		{"none and one", []inspect.Answer{{"shown", "yes", ""}}, []inspect.ResultCode{inspect.NoProblem, inspect.Unqualified}, inspect.ErrVisitCodes, 0},
		{"the special path's", []inspect.Answer{{"shown", "yes", ""}}, []inspect.ResultCode{inspect.Unreachable}, inspect.ErrVisitSpecial, 0},
		{"a problem without words", []inspect.Answer{{"shown", "yes", ""}}, []inspect.ResultCode{inspect.OrderedToCorrect}, inspect.ErrEmpty, 0},
		{"unknown code", []inspect.Answer{{"shown", "yes", ""}}, []inspect.ResultCode{"x"}, inspect.ErrChoice, 0},
	} {
		got, err := v.Fill(inspect.Finding{Item: "i", ChecklistVersion: 3, Answers: test.answers, Codes: test.codes}, list, officer(0))
		if !errors.Is(err, test.want) || test.want == nil && (err != nil || len(got.Findings[0].Answers) != test.kept) {
			t.Errorf("%s: %v, %+v", test.name, err, got.Findings[0].Answers)
		}
	}
	if _, err := v.Fill(inspect.Finding{Item: "j", ChecklistVersion: 3, Codes: none}, list, officer(0)); !errors.Is(err, inspect.ErrVisitForeign) {
		t.Errorf("another department's item: %v", err) // R78
	}
	if _, err := v.Fill(inspect.Finding{Item: "i", ChecklistVersion: 2, Codes: none}, list, officer(0)); !errors.Is(err, inspect.ErrStale) {
		t.Errorf("an older checklist: %v", err)
	}
	got, err := v.Fill(inspect.Finding{Item: "i", ChecklistVersion: 3, Waived: "停业装修", Codes: none}, list, officer(0))
	if err != nil || len(got.Findings[0].Codes) != 0 || !got.Findings[0].Filled() {
		t.Errorf("waived: %v, %+v", err, got.Findings[0])
	}
	if len(v.Gaps()) != 2 || len(got.Gaps()) != 1 || got.Gaps()[0].Org != "b" {
		t.Errorf("gaps: %+v, %+v", v.Gaps(), got.Gaps()) // R77
	}
}

// C9: two officers of each department; R100: two officers, and the least of evidence.
func TestVisitNeedsItsOfficers(t *testing.T) {
	var x inspect.Team
	x.Days = inspect.Days{From: workday.On(noon), Until: workday.On(noon)}
	start := inspect.VisitStart{Present: "刘", Role: "店长", Shown: true, Told: true}
	for _, test := range []struct {
		officers []inspect.InspectorNo
		at       time.Time
		want     error
	}{
		{[]inspect.InspectorNo{1, 2, 3, 4}, time.Time{}, nil},
		{[]inspect.InspectorNo{1, 2, 3}, time.Time{}, inspect.ErrVisitOfficers},
		{[]inspect.InspectorNo{1, 1, 3, 4}, time.Time{}, inspect.ErrVisitOfficers},
		{[]inspect.InspectorNo{1, 2, 3, 4, 9}, time.Time{}, inspect.ErrChoice},
		{[]inspect.InspectorNo{1, 2, 3, 4}, noon.Add(time.Hour), inspect.ErrVisitClaimed},
		{[]inspect.InspectorNo{1, 2, 3, 4}, noon.AddDate(0, 0, -1), inspect.ErrVisitEarly},
	} {
		start.Officers, start.Claimed = test.officers, test.at
		if _, err := visitIn(inspect.VisitPrepared).Begin(start, x, crew, officer(0)); !errors.Is(err, test.want) || test.want == nil && err != nil {
			t.Errorf("%v at %v: %v", test.officers, test.at, err)
		}
	}
	start.Officers, start.Claimed, start.Shown = []inspect.InspectorNo{1, 2, 3, 4}, time.Time{}, false
	if _, err := visitIn(inspect.VisitPrepared).Begin(start, x, crew, officer(0)); !errors.Is(err, inspect.ErrVisitShown) {
		t.Errorf("without certificates: %v", err)
	}
	alone := inspect.Special{Kind: inspect.Unreachable, Officers: []inspect.InspectorNo{1}, Tried: "锁门"}
	if _, err := visitIn(inspect.VisitBegun).Set(alone, x, crew, officer(0)); !errors.Is(err, inspect.ErrVisitTwo) {
		t.Errorf("one officer alone: %v", err)
	}
	v := visitIn(inspect.VisitAside)
	v.Special.Witness = ""
	if _, err := v.Conclude("结论", crew, officer(0)); !errors.Is(err, inspect.ErrVisitGap) {
		t.Errorf("non-cooperation without witness: %v", err)
	}
	v.NoNotice, v.State = true, inspect.VisitPrepared
	if _, err := v.Notify(inspect.VisitNotice{}, officer(0)); !errors.Is(err, inspect.ErrVisitSecret) {
		t.Errorf("a secret visit is announced: %v", err) // R81
	}
}

// R59, R75, C1: an expert says something about an item of the department that asked
// him, and neither fills it in nor signs.
func TestHelpersSayAndDoNotSign(t *testing.T) {
	v := visitIn(inspect.VisitBegun)
	h := inspect.Helper{ID: "0199c5d2-7a10-7c3e-8a51-3f60d1c2d5ff", Name: "周专家", Unit: "检测中心", Item: "j", Conclusion: "符合要求"}
	if _, err := v.Help(h, officer(0)); !errors.Is(err, inspect.ErrVisitForeign) {
		t.Errorf("about an item of another department: %v", err)
	}
	helped, err := v.Help(h, officer(2))
	if err != nil {
		t.Fatal(err)
	}
	if len(helped.Helpers) != 1 || helped.Helpers[0].By != officer(2).Person || len(helped.Findings[1].Codes) != 0 || len(helped.Members) != len(crew) {
		t.Errorf("the expert left %+v", helped)
	}
	if _, err := helped.Help(h, officer(2)); !errors.Is(err, inspect.ErrIdent) {
		t.Errorf("the same id again: %v", err)
	}
	h.ID, h.Paper = "0199c5d2-7a10-7c3e-8a51-3f60d1c2d5fe", "none"
	if _, err := helped.Help(h, officer(2)); !errors.Is(err, inspect.ErrVisitEvidence) {
		t.Errorf("a paper that nobody uploaded: %v", err)
	}
}

// R85, R86, INV-10: ways in which the party signs.
func TestPartySignsOrRefuses(t *testing.T) {
	v := visitIn(inspect.VisitConcluded)
	v.Evidence = []inspect.Evidence{{ID: "p", Kind: "photo"}, {ID: "w", Kind: "audio"}}
	good := rig.Handwriting(1)
	for _, test := range []struct {
		name string
		body inspect.SignatureBody
		want error
	}{
		{"drawn", inspect.SignatureBody{Way: "drawn", Name: "刘", Role: "店长", Drawing: good}, nil},
		{"not drawn", inspect.SignatureBody{Way: "drawn", Name: "刘", Role: "店长"}, inspect.ErrVisitDrawing},
		{"behind the picture", inspect.SignatureBody{Way: "drawn", Name: "刘", Role: "店长", Drawing: good + "AAAA"}, inspect.ErrVisitDrawing},
		{"no picture", inspect.SignatureBody{Way: "drawn", Name: "刘", Role: "店长", Drawing: "PGh0bWw+"}, inspect.ErrVisitDrawing},
		{"nobody", inspect.SignatureBody{Way: "drawn", Role: "店长", Drawing: good}, inspect.ErrEmpty},
		{"paper", inspect.SignatureBody{Way: "paper", Name: "刘", Role: "店长", Paper: "p"}, nil},
		{"no paper", inspect.SignatureBody{Way: "paper", Name: "刘", Role: "店长", Paper: "w"}, inspect.ErrVisitPaper},
		{"refused", inspect.SignatureBody{Way: "refused", Statement: "拒签", Recording: "w"}, nil},
		{"refused without a word", inspect.SignatureBody{Way: "refused", Witness: "王"}, inspect.ErrEmpty},
		{"refused unseen", inspect.SignatureBody{Way: "refused", Statement: "拒签"}, inspect.ErrVisitWitness},
		{"a photo for a recording", inspect.SignatureBody{Way: "refused", Statement: "拒签", Recording: "p"}, inspect.ErrVisitRecording},
		{"by factor", inspect.SignatureBody{Way: "factor", Name: "刘", Role: "店长"}, inspect.ErrChoice},
	} {
		s := inspect.Signature{ID: rig.ID[inspect.SignatureID]("s"), Digest: "d", SignatureBody: test.body}
		if _, err := v.TakeParty(s, nil, officer(0)); !errors.Is(err, test.want) || test.want == nil && err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		s.Digest = "other"
		if _, err := v.TakeParty(s, nil, officer(0)); !errors.Is(err, inspect.ErrStale) {
			t.Errorf("%s of another version: %v", test.name, err)
		}
	}
}

// INV-10: whatever is changed of what was concluded changes the digest; what comes
// afterwards does not.
func TestDigestIsOfEverythingConcluded(t *testing.T) {
	v := visitIn(inspect.VisitConcluded)
	was := v.Content()
	changes := []func(*inspect.Visit){
		func(v *inspect.Visit) {
			v.Findings = slices.Clone(v.Findings)
			v.Findings[1].Codes = []inspect.ResultCode{inspect.Unqualified}
		},
		func(v *inspect.Visit) { v.Conclusion.Text += "。" },
		func(v *inspect.Visit) { v.Evidence = []inspect.Evidence{{ID: "x"}} },
		func(v *inspect.Visit) { v.Members = v.Members[:3] },
		func(v *inspect.Visit) { v.Party.Name = "某店" },
		func(v *inspect.Visit) { v.Team = "other" },
	}
	for i, change := range changes {
		next := v
		if change(&next); next.Content() == was {
			t.Errorf("change %d leaves the digest", i)
		}
	}
	v.Papers, v.Version, v.State, v.EndedAt, v.Digest = []inspect.Evidence{{ID: "x"}}, 9, inspect.VisitSigned, noon, was
	if v.Content() != was {
		t.Error("papers of the signatures change the digest")
	}
}

// FuzzReadVisitCode: what is read is a code in its one form, which reads as itself.
func FuzzReadVisitCode(f *testing.F) {
	f.Add(inspect.VisitCode([10]byte{1, 2, 3}))
	f.Add("ＡＢＣｄ ooIL—0000 0000")
	f.Fuzz(func(t *testing.T, text string) {
		if code := inspect.ReadVisitCode(text); code != "" && (len(code) != 19 || inspect.ReadVisitCode(code) != code) {
			t.Errorf("%q is read as %q", text, code)
		}
	})
}

func TestReadVisitCode(t *testing.T) {
	code := inspect.VisitCode([10]byte{0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	for _, text := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", " "), " " + code + "　", code + "\r\n", strings.ReplaceAll(code, "0", "o")} {
		if got := inspect.ReadVisitCode(text); got != code {
			t.Errorf("%q is read as %q", text, got)
		}
	}
	for _, text := range []string{"", "x", code[1:], code + "0", strings.Replace(code, "Z", "U", 1), "0000\r00000000000", strings.Repeat("0", 2000)} {
		if got := inspect.ReadVisitCode(text); got != "" {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}
