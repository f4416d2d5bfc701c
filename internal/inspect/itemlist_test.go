package inspect_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"suicha/internal/inspect"
)

// Entries of older programs hold one method as a text.
func TestOldItemsHaveOneMethod(t *testing.T) {
	for text, want := range map[string]inspect.MethodSet{`"onsite"`: {"onsite"}, `""`: nil, `["online","onsite"]`: {"online", "onsite"}, `null`: nil} {
		var got inspect.MethodSet
		if err := got.UnmarshalJSON([]byte(text)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	if err := new(inspect.MethodSet).UnmarshalJSON([]byte(`5`)); err == nil {
		t.Error("a number is a method")
	}
}

// R25: a limit of the department goes before that for all.
func TestLimitOfDepartment(t *testing.T) {
	limits := []inspect.ItemLimit{{ID: "all", Keys: 1}, {ID: "gaj", Org: gaj.ID, Keys: 5}}
	for _, test := range []struct {
		org  inspect.OrgID
		keys int64
	}{{gaj.ID, 5}, {scjg.ID, 1}} {
		if l, ok := inspect.LimitOf(limits, test.org); !ok || l.Keys != test.keys {
			t.Errorf("%s: %+v", test.org, l)
		}
	}
	if _, ok := inspect.LimitOf(nil, gaj.ID); ok {
		t.Error("a limit where none is set")
	}
}

// R25, R26: lowering a limit later does not shut out the changes of what is listed.
func TestLimitsBindWhatIsNew(t *testing.T) {
	limit := inspect.ItemLimit{Keys: 1, MaxShare: 500}
	key := inspect.Item{ItemTerms: inspect.ItemTerms{Category: inspect.KeyItem, MaxShare: 10000}}
	wide := inspect.Item{ItemTerms: inspect.ItemTerms{Category: inspect.GeneralItem, MaxShare: 900}}
	less := inspect.Item{ItemTerms: inspect.ItemTerms{Category: inspect.GeneralItem, MaxShare: 800}}
	for _, test := range []struct {
		item, was inspect.Item
		keys      int64
		want      error
	}{
		{key, inspect.Item{}, 0, nil}, {key, inspect.Item{}, 1, inspect.ErrKeyLimit}, {key, key, 5, nil}, {key, wide, 1, inspect.ErrKeyLimit},
		{wide, inspect.Item{}, 0, inspect.ErrShareMost}, {wide, key, 0, inspect.ErrShareMost}, {wide, wide, 0, nil}, {less, wide, 0, nil}, {wide, less, 0, inspect.ErrShareMost},
	} {
		if err := limit.Within(test.item, test.was, test.keys); !errors.Is(err, test.want) && (err != nil || test.want != nil) {
			t.Errorf("%s %d after %s %d with %d: %v, want %v", test.item.Category, test.item.MaxShare, test.was.Category, test.was.MaxShare, test.keys, err, test.want)
		}
	}
}

// R19: two lists differ item by item, by code.
func TestDiffOfLists(t *testing.T) {
	a, b, c := inspect.ItemTerms{Code: "A-1", Name: "甲"}, inspect.ItemTerms{Code: "B-1", Name: "乙"}, inspect.ItemTerms{Code: "C-1", Name: "丙"}
	renamed := a
	renamed.Name = "甲甲"
	got := inspect.DiffTerms([]inspect.ItemTerms{a, b}, []inspect.ItemTerms{c, renamed})
	if len(got) != 3 || got[0].Kind != "增" || got[1].Kind != "改" || got[1].Fields[0].Before != "甲" || got[2].Kind != "删" || got[2].Code != "B-1" {
		t.Errorf("%+v", got)
	}
	if got := inspect.DiffTerms([]inspect.ItemTerms{a, b}, []inspect.ItemTerms{b, a}); len(got) != 0 {
		t.Errorf("another order is a change: %+v", got)
	}
}

// What is wrong with a question is told with its number.
func TestQuestionsAreChecked(t *testing.T) {
	first := inspect.Question{Name: "a", Type: inspect.AskYesNo, Label: "题"}
	for name, test := range map[string]struct {
		q    inspect.Question
		want inspect.Problem
	}{
		"name":             {inspect.Question{Name: "1a", Type: inspect.AskText, Label: "题"}, inspect.ErrQuestionName},
		"twice":            {inspect.Question{Name: "a", Type: inspect.AskText, Label: "题"}, inspect.ErrQuestionTwice},
		"type":             {inspect.Question{Name: "b", Type: "video", Label: "题"}, inspect.ErrQuestionType},
		"label":            {inspect.Question{Name: "b", Type: inspect.AskText}, inspect.ErrEmpty},
		"one choice":       {inspect.Question{Name: "b", Type: inspect.AskOne, Label: "题", Choices: []inspect.Choice{{Text: "甲"}}}, inspect.ErrChoicesFew},
		"same choice":      {inspect.Question{Name: "b", Type: inspect.AskOne, Label: "题", Choices: []inspect.Choice{{Text: "甲"}, {Text: "甲"}}}, inspect.ErrChoicesFew},
		"choices of text":  {inspect.Question{Name: "b", Type: inspect.AskText, Label: "题", Choices: []inspect.Choice{{Text: "甲"}}}, inspect.ErrChoicesMany},
		"default":          {inspect.Question{Name: "b", Type: inspect.AskNumber, Label: "题", Default: "多"}, inspect.ErrDefault},
		"default of photo": {inspect.Question{Name: "b", Type: inspect.AskPhoto, Label: "题", Default: "x"}, inspect.ErrDefault},
		"looks ahead":      {inspect.Question{Name: "b", Type: inspect.AskText, Label: "题", If: "c", Is: []string{"x"}}, inspect.ErrConditionOn},
		"looks at itself":  {inspect.Question{Name: "b", Type: inspect.AskText, Label: "题", If: "b", Is: []string{"x"}}, inspect.ErrConditionOn},
		"no answer":        {inspect.Question{Name: "b", Type: inspect.AskText, Label: "题", If: "a"}, inspect.ErrConditionOn},
		"strange answer":   {inspect.Question{Name: "b", Type: inspect.AskText, Label: "题", If: "a", Is: []string{"maybe"}}, inspect.ErrConditionIs},
	} {
		_, err := inspect.Checklist{}.Amend([]inspect.Question{first, test.q}, "", "x", now)
		if !errors.Is(err, inspect.ErrQuestionRow) || !strings.Contains(err.Error(), "第 2 题："+strings.SplitN(test.want.Text, "%", 2)[0]) {
			t.Errorf("%s: %v, want %s", name, err, test.want.Code)
		}
	}
	many := inspect.Question{Name: "many", Type: inspect.AskMany, Label: "x", Choices: []inspect.Choice{{Value: "a", Text: "合 格"}, {Value: "b", Text: "不合格"}}, Default: "合 格\n不合格", If: "first", Is: []string{"否"}}
	said, err := inspect.Checklist{}.Amend([]inspect.Question{{Name: "first", Type: inspect.AskYesNo, Label: "x", Default: "不适用"}, many}, "", "x", now)
	if err != nil || said.Questions[0].Default != "na" || said.Questions[1].Default != "a b" || said.Questions[1].Is[0] != "no" {
		t.Errorf("answers in words are kept as %v, %v", said.Questions, err)
	} else if row := said.Row(2); row.Default != "合 格\n不合格" || row.Is != "否" || said.Row(1).Default != "不适用" {
		t.Errorf("answers are shown as %q and %q", row.Default, row.Is)
	}
	if _, err := (inspect.Checklist{}).Amend(nil, "", "x", now); !errors.Is(err, inspect.ErrEmpty) {
		t.Errorf("a checklist without questions: %v", err)
	}
	if _, err := (inspect.Checklist{}).Amend(make([]inspect.Question, 201), "", "x", now); !errors.Is(err, inspect.ErrNotFinite) {
		t.Errorf("a checklist of 201 questions: %v", err)
	}
}

// Every verb in every state of a joint list does what its table of lives says.
func TestEveryVerbInEveryStateOfJointLists(t *testing.T) {
	items := map[inspect.ItemID]inspect.Item{
		"a": {ID: "a", Version: 1, Org: scjg.ID, ItemTerms: inspect.ItemTerms{Name: "甲"}}, "b": {ID: "b", Version: 1, Org: gaj.ID, ItemTerms: inspect.ItemTerms{Name: "乙"}},
	}
	line := inspect.JointLine{Name: "联合", Field: "领域", Lead: scjg.ID, Items: []inspect.ItemPin{{Item: "a"}, {Item: "b"}}}
	do := map[inspect.Verb]func(inspect.JointList) (inspect.JointList, error){
		inspect.JointPutLine:  func(j inspect.JointList) (inspect.JointList, error) { return j.PutLine(line, items, day("2026-01-10")) },
		inspect.JointDropLine: func(j inspect.JointList) (inspect.JointList, error) { return j.DropLine(1) },
		inspect.JointInvite:   func(j inspect.JointList) (inspect.JointList, error) { return j.Invite(now) },
		inspect.JointAccept: func(j inspect.JointList) (inspect.JointList, error) {
			return j.Answer(gaj.ID, inspect.JointAccept, "", "x", now)
		},
		inspect.JointPropose: func(j inspect.JointList) (inspect.JointList, error) {
			return j.Answer(gaj.ID, inspect.JointPropose, "改", "x", now)
		},
		inspect.JointDecline: func(j inspect.JointList) (inspect.JointList, error) {
			return j.Answer(gaj.ID, inspect.JointDecline, "不", "x", now)
		},
		inspect.JointDiscard: inspect.JointList.Discard,
		inspect.JointPublish: func(j inspect.JointList) (inspect.JointList, error) { return j.Publish("网站", nil, "leader", now) },
		inspect.JointAmend: func(j inspect.JointList) (inspect.JointList, error) {
			_, err := j.Amend(uuid[inspect.JointID](31), "调整", "x", now)
			return j, err
		},
		inspect.JointReplace: func(j inspect.JointList) (inspect.JointList, error) { return j.Replace(now) },
	}
	for _, state := range inspect.JointLife().States() {
		for verb, try := range do {
			j, err := inspect.NewJoint(uuid[inspect.JointID](30), lhb, "drafter", now)
			if err == nil {
				j, err = j.PutLine(line, items, day("2026-01-10"))
			}
			if err != nil {
				t.Fatal(err)
			}
			j.State = state
			if verb != inspect.JointInvite {
				for i := range j.Consents {
					j.Consents[i].State = inspect.ConsentInvited
				}
			}
			want, refused := inspect.JointLife().Next(state, verb)
			got, err := try(j)
			if (err != nil) != (refused != nil) || err != nil && !errors.Is(err, inspect.ErrStep) || err == nil && got.State != want {
				t.Errorf("%s in %s: %s, %v; want %s, %v", verb, state, got.State, err, want, refused)
			}
		}
	}
}

// Whatever a program sends as a row, it is read or refused.
func FuzzRows(f *testing.F) {
	f.Add(`{"code":"A-1","methods":["onsite"]}`)
	f.Add(`{"name":"a","type":"one","choices":"a=甲\nb=乙","is":"x"}`)
	f.Add(`{}{}`)
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, text string) {
		if terms, err := inspect.ParseTerms(text); err == nil {
			if tidy, err := terms.Tidy(); err == nil {
				if again, err := tidy.Tidy(); err != nil || !reflect.DeepEqual(again, tidy) {
					t.Errorf("tidied again %+v becomes %+v, %v", tidy, again, err)
				}
			}
		}
		if q, err := inspect.ParseQuestion(text); err == nil {
			list, err := inspect.Checklist{}.Amend([]inspect.Question{q}, "", "x", now)
			if err != nil {
				return
			}
			if got := list.Questions[0].Row().Question(); got.Name != list.Questions[0].Name || !reflect.DeepEqual(got.Choices, list.Questions[0].Choices) {
				t.Errorf("%+v becomes %+v", list.Questions[0], got)
			}
		}
	})
}
