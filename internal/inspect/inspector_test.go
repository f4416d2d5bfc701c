package inspect_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

func anInspector() inspect.Inspector {
	return inspect.Inspector{
		No: 7, Version: 2, Region: "370687", Org: scjg.ID, Code: "SCJG-07", Name: "某人", Gender: "female", Category: inspect.Qualified,
		Division: "食品科", Position: "科员", Phone: "000", Duty: "食品", DutyFrom: day("2019-05-06"), Education: "本科", Major: "法学", Title: "工程师",
		Certificates: []inspect.Certificate{{Kind: inspect.ProvinceCertificate, Number: "鲁F<1>", Authority: "省政府", From: day("2024-01-01"), Until: day("2026-06-30")}},
		Quals:        []string{"特种设备安全监察员", "药品检查员"}, Items: []string{"SCJG-001"}, Units: []string{"方圆所"}, Areas: []string{"370687001"},
		Person: "p", Ended: day("2026-05-01"), Source: "人事档案", Sourced: day("2026-02-01"),
	}
}

func TestInspectorText(t *testing.T) {
	for name, i := range map[string]inspect.Inspector{"full": anInspector(), "empty": {}} {
		back, err := inspect.ParseInspector(i.No, i.Version, i.Text())
		if err != nil || !reflect.DeepEqual(back, i) {
			t.Errorf("%s: got %+v, %v; want %+v", name, back, err, i)
		}
	}
}

func FuzzParseInspector(f *testing.F) {
	f.Add(anInspector().Text())
	f.Add(inspect.Inspector{}.Text())
	f.Add("")
	f.Add(strings.Repeat("\t", 22) + `[{"Kind":"x"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		i, err := inspect.ParseInspector(1, 1, text)
		if err == nil && i.Text() != text {
			t.Errorf("%q becomes %q", text, i.Text())
		}
	})
}

func FuzzParseCertificates(f *testing.F) {
	f.Add(inspect.CertificatesText(anInspector().Certificates))
	f.Add("[]")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := inspect.ParseCertificates(text)
		if err == nil && inspect.CertificatesText(list) != text {
			t.Errorf("%q becomes %q", text, inspect.CertificatesText(list))
		}
	})
}

func TestInspectorTidy(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*inspect.Inspector)
		want   error // nil: it is right
	}{
		"right":               {func(*inspect.Inspector) {}, nil},
		"identity card":       {func(i *inspect.Inspector) { i.Code = "37068719900101001x" }, inspect.ErrIdentityCard},
		"no number":           {func(i *inspect.Inspector) { i.Code = "" }, inspect.ErrEmpty},
		"blank in number":     {func(i *inspect.Inspector) { i.Code = "A 1" }, inspect.ErrInspectorCode},
		"hidden in name":      {func(i *inspect.Inspector) { i.Name = "某\u202e人" }, inspect.ErrControl},
		"no category":         {func(i *inspect.Inspector) { i.Category = "" }, inspect.ErrChoice},
		"gender left open":    {func(i *inspect.Inspector) { i.Gender = "" }, nil},
		"expert with papers":  {func(i *inspect.Inspector) { i.Category = inspect.Expert }, inspect.ErrHelperCertificate},
		"colon in a skill":    {func(i *inspect.Inspector) { i.Quals = []string{"a:b"} }, inspect.ErrNameSigns},
		"too many skills":     {func(i *inspect.Inspector) { i.Quals = make([]string, 201) }, inspect.ErrNotFinite},
		"duty from tomorrow":  {func(i *inspect.Inspector) { i.DutyFrom = day("2026-03-03") }, inspect.ErrFuture},
		"source of no day":    {func(i *inspect.Inspector) { i.Sourced = workday.Date{} }, inspect.ErrEmpty},
		"not UTF-8":           {func(i *inspect.Inspector) { i.Division = "a\xff" }, inspect.ErrControl},
		"a skill named twice": {func(i *inspect.Inspector) { i.Quals = []string{"b", " a ", "b", ""} }, nil},
	} {
		i := anInspector()
		c.change(&i)
		got, err := i.Tidy(day("2026-03-02"))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if again, _ := got.Tidy(day("2026-03-02")); err == nil && !reflect.DeepEqual(again, got) {
			t.Errorf("%s: tidying twice gives %+v", name, again)
		}
	}
}

// R28: the library fits the department's own list: nobody is entered for the items
// of another department, nor for a town elsewhere.
func TestScopeOfAnInspectorIsTheDepartments(t *testing.T) {
	facts := inspect.Facts{
		Items: map[inspect.ItemID]inspect.Item{
			drawn: {ID: drawn, Org: scjg.ID, ItemTerms: inspect.ItemTerms{Code: "SCJG-001"}},
			other: {ID: other, Org: gaj.ID, ItemTerms: inspect.ItemTerms{Code: "GA-001"}},
		},
		Areas: map[string]string{"370687001": "方圆街道"},
	}
	i := anInspector()
	i.Org = scjg.ID
	if err := i.Known(facts); err != nil {
		t.Errorf("own item and town: %v", err)
	}
	for _, change := range []func(*inspect.Inspector){
		func(i *inspect.Inspector) { i.Items = []string{"GA-001"} },
		func(i *inspect.Inspector) { i.Items = []string{"SCJG-404"} },
		func(i *inspect.Inspector) { i.Areas = []string{"370686001"} },
	} {
		other := i
		change(&other)
		if err := other.Known(facts); !errors.Is(err, inspect.ErrChoice) {
			t.Errorf("items %v in %v: got %v, want ErrChoice", other.Items, other.Areas, err)
		}
	}
}

// C1, C2, R38, R40, R59, R70, R123: who can be drawn, and the sentence about who cannot.
func TestDrawable(t *testing.T) {
	task := inspect.Days{From: day("2026-03-02"), Until: day("2026-03-20")}
	for name, c := range map[string]struct {
		change func(*inspect.InspectorFile)
		want   inspect.ObstacleKind
		says   string
	}{
		"certified":     {func(*inspect.InspectorFile) {}, "", ""},
		"daily staff":   {func(f *inspect.InspectorFile) { f.Category = inspect.DailyStaff }, "", ""},
		"expert":        {func(f *inspect.InspectorFile) { f.Category = inspect.Expert }, inspect.IsHelper, "专家"},
		"third party":   {func(f *inspect.InspectorFile) { f.Category = inspect.ThirdParty }, inspect.IsHelper, "第三方"},
		"left before":   {func(f *inspect.InspectorFile) { f.Ended = day("2026-03-20") }, inspect.HasLeft, "2026-03-20"},
		"leaves after":  {func(f *inspect.InspectorFile) { f.Ended = day("2026-03-21") }, "", ""},
		"no papers":     {func(f *inspect.InspectorFile) { f.Certificates = nil }, inspect.NoCertificate, "没有登记执法证"},
		"expires in it": {func(f *inspect.InspectorFile) { f.Certificates[0].Until = day("2026-03-19") }, inspect.CertificateUp, "早于任务结束日 2026-03-20"},
		"last day":      {func(f *inspect.InspectorFile) { f.Certificates[0].Until = day("2026-03-20") }, "", ""},
		"expired":       {func(f *inspect.InspectorFile) { f.Certificates[0].Until = day("2026-03-01") }, inspect.CertificateUp, "已于 2026-03-01 到期"},
		"not yet":       {func(f *inspect.InspectorFile) { f.Certificates[0].From = day("2026-03-03") }, inspect.NoCertificate, "自 2026-03-03 起"},
		"renewed": {func(f *inspect.InspectorFile) {
			f.Certificates[0].Until = day("2026-03-10")
			f.Certificates = append(f.Certificates, inspect.Certificate{From: day("2026-03-11"), Until: day("9999-12-31")}, inspect.Certificate{Until: day("2020-01-01")})
		}, "", ""},
		"a day between": {func(f *inspect.InspectorFile) {
			f.Certificates[0].Until = day("2026-03-10")
			f.Certificates = append(f.Certificates, inspect.Certificate{From: day("2026-03-12"), Until: day("2030-12-31")})
		}, inspect.CertificateUp, "2026-03-10 到期"},
		"for ever":     {func(f *inspect.InspectorFile) { f.Certificates[0].Until = day("9999-12-31") }, "", ""},
		"on leave":     {func(f *inspect.InspectorFile) { f.Away = []inspect.Away{away("leave", "2026-03-20", "2026-04-01")} }, inspect.IsAway, "请假"},
		"foreign":      {func(f *inspect.InspectorFile) { f.Away = []inspect.Away{away("", "2026-03-01", "2026-03-02")} }, inspect.IsAway, "另有安排"},
		"away after":   {func(f *inspect.InspectorFile) { f.Away = []inspect.Away{away("task", "2026-03-21", "2026-04-01")} }, "", ""},
		"untrained":    {func(f *inspect.InspectorFile) { f.Rule.Hours = 40 }, inspect.IsUntrained, "要求 40 学时"},
		"not examined": {func(f *inspect.InspectorFile) { f.Rule.Exam = true }, inspect.IsUntrained, "考试合格"},
		"trained a year ago": {func(f *inspect.InspectorFile) {
			f.Rule.Hours, f.Trainings = 40, []inspect.Training{{Hours: 40, Day: day("2025-03-02")}}
		}, inspect.IsUntrained, "0 学时"},
		"trained": {func(f *inspect.InspectorFile) {
			f.Rule, f.Trainings = inspect.TrainingRule{Hours: 40, Exam: true}, []inspect.Training{{Hours: 40, Exam: "passed", Day: day("2025-03-03")}}
		}, "", ""},
	} {
		i := anInspector()
		i.Ended = workday.Date{}
		f := inspect.InspectorFile{Inspector: i}
		c.change(&f)
		got := f.Drawable(task)
		if got.Kind != c.want || !strings.Contains(got.Text, c.says) || (got.Kind == "") != (got.Text == "") {
			t.Errorf("%s: got %+v, want %s", name, got, c.want)
		}
	}
}

func away(kind inspect.AwayKind, from, until string) inspect.Away {
	return inspect.Away{Kind: kind, Days: inspect.Days{From: day(from), Until: day(until)}}
}

// Recusal: three years from a former employer, as long as any other tie lasts.
func TestTieBars(t *testing.T) {
	for _, test := range []struct {
		kind         inspect.TieKind
		since, until string
		from, to     string
		want         bool
	}{
		{inspect.FormerEmployer, "2010-01-01", "2024-02-29", "2027-02-27", "2027-02-27", true},
		{inspect.FormerEmployer, "2010-01-01", "2024-02-29", "2027-02-28", "2027-03-01", false},
		{inspect.FormerEmployer, "", "2024-01-31", "2026-12-01", "2027-02-01", true},
		{inspect.Relative, "", "", "2026-03-02", "2026-03-02", true},
		{inspect.Relative, "2026-03-03", "", "2026-03-02", "2026-03-02", false},
		{inspect.Shareholding, "2020-01-01", "2026-03-01", "2026-03-02", "2026-03-09", false},
		{inspect.Shareholding, "2020-01-01", "2026-03-02", "2026-03-02", "2026-03-09", true},
	} {
		tie := inspect.Tie{Kind: test.kind, Since: date(test.since), Until: date(test.until)}
		if got := tie.Bars(inspect.Days{From: day(test.from), Until: day(test.to)}); got != test.want {
			t.Errorf("%+v: got %v", test, got)
		}
		tie.Dropped = true
		if tie.Bars(inspect.Days{From: day(test.from), Until: day(test.to)}) {
			t.Errorf("%+v: withdrawn, and it still bars", test)
		}
	}
}

// date is day, and no date for the empty text.
func date(text string) workday.Date {
	if text == "" {
		return workday.Date{}
	}
	return day(text)
}

// R56: the same pair does not meet twice in 24 months.
func TestRosterRotates(t *testing.T) {
	i := anInspector()
	i.Ended = workday.Date{}
	for met, want := range map[string]int{"2024-03-02": 0, "2024-03-03": 1, "2026-03-01": 1, "2026-03-03": 0} {
		r := inspect.NewRoster(inspect.Days{From: day("2026-03-02"), Until: day("2026-03-20")}, []inspect.InspectorFile{{Inspector: i}}, nil,
			[]inspect.Met{{Inspector: 7, Object: "X", On: day(met)}, {Inspector: 7, Object: "X", On: day(met)}, {Inspector: 8, Object: "X", On: day(met)}})
		if len(r.Avoid) != want {
			t.Errorf("met on %s: %+v", met, r.Avoid)
		}
	}
}

// R38: how much of the staff the library has.
func TestStaffIsCounted(t *testing.T) {
	files := []inspect.InspectorFile{{Inspector: anInspector()}, {Inspector: anInspector()}, {Inspector: anInspector()}}
	files[0].Ended, files[1].Category, files[2].Category = workday.Date{}, inspect.Expert, inspect.DailyStaff // the third has left
	files[2].Ended = day("2026-03-02")
	counts := inspect.CountStaff([]inspect.OrgID{scjg.ID, gaj.ID}, files,
		[]inspect.Workforce{{Org: scjg.ID, Staff: [3]int64{2, 4, 0}}}, day("2026-03-02"))
	got := counts[0]
	share, ok := got.Share(1)
	_, none := got.Share(2)
	if got.Included != [3]int64{0, 1, 0} || got.Drawable != 1 || got.Missing() != 5 || share != 2500 || !ok || none || counts[1].Missing() != 0 {
		t.Errorf("got %+v, share %d", counts, share)
	}
}

// What is declared is for those who keep the library, and for whom it is about.
func TestWhoSeesTies(t *testing.T) {
	i := anInspector()
	for _, test := range []struct {
		org    inspect.Org
		post   inspect.PostKind
		person inspect.PersonID
		want   bool
	}{
		{scjg, inspect.Clerk, "x", true}, {scjg, inspect.Leader, "x", true}, {scjg, inspect.Liaison, "x", false},
		{scjg, inspect.InspectorPost, "p", true}, {scjg, inspect.InspectorPost, "x", false}, {gaj, inspect.Clerk, "x", false},
		{gaj, inspect.InspectorPost, "p", false}, {sfj, inspect.Supervisor, "x", false}, {lhb, inspect.Clerk, "x", false},
	} {
		who := inspect.Actor{Person: test.person, Org: test.org, Post: inspect.Post{Kind: test.post}}
		if got := i.SeesTies(who); got != test.want {
			t.Errorf("%s of %s: got %v", test.post, test.org.Code, got)
		}
	}
}

// R39, C3: the comprehensive enforcement team keeps a library like a department;
// the office of the conference inspects nobody.
func TestTeamsKeepALibrary(t *testing.T) {
	team := inspect.Org{Kind: inspect.OrgTeam}
	if !team.Inspects() || lhb.Inspects() || zf.Inspects() {
		t.Error("departments and teams inspect, and nobody else")
	}
}
