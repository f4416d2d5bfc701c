package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// markups are texts that do something in a page which does not keep text and markup
// apart: %s is what they call.
var markups = strings.Split(`<script>%s</script>
"><script>%s</script>
<img src=x onerror=%s>
'><img src=x onerror="%s">
<svg onload=%s>
<svg/onload='%s'>
<body onload=%s>
<iframe src="javascript:%s">
<a href="javascript:%s">x</a>
javascript:%s
<details open ontoggle=%s>
<input autofocus onfocus=%s>
" onmouseover="%s
' autofocus onfocus='%s
</textarea><script>%s</script>
</title><script>%s</script>
</script><script>%s</script>
<!--><img src=x onerror=%s>-->
<math><mtext><img src=x onerror=%s>
<style>*{color:red}</style>%s
{{constructor.constructor('%s')()}}
${%s}
<x onfocus=%s tabindex=1 autofocus>
<form action="javascript:%s"><button>
<meta http-equiv=refresh content="0;url=javascript:%s">
<base href=//evil.example/>%s
<link rel=stylesheet href=//evil.example/%s>
<object data="javascript:%s">
<embed src="javascript:%s">
<video><source onerror=%s>`, "\n")

// disguises are ways in which a text arrives that somebody decodes once too often.
var disguises = []func(string) string{
	func(s string) string { return s },
	strings.ToUpper,
	html.EscapeString,
	url.QueryEscape,
	func(s string) string { return strings.ReplaceAll(s, " ", "/") },
	func(s string) string { return strings.NewReplacer("<", "＜", ">", "＞").Replace(s) },
	func(s string) string { return strings.NewReplacer("<", "&#60;", ">", "&#62;").Replace(s) },
	func(s string) string { return strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(s) },
	func(s string) string { return `\` + s + `\` },
	func(s string) string { return "x" + s + "x=" },
}

// payloads are all markups in all disguises. Each calls hit with its number.
func payloads() (all []string) {
	for _, disguise := range disguises {
		for _, m := range markups {
			all = append(all, disguise(strings.ReplaceAll(m, "%s", fmt.Sprintf("hit(%d)", len(all)))))
		}
	}
	return all
}

// A speaker says all payloads in turn in each field.
type speaker struct {
	all  []string
	next map[string]int // of the field
}

// say fills a field of so many characters with the payloads whose turn it is there.
func (s *speaker) say(field string, most int) string {
	if _, ok := s.next[field]; !ok {
		s.next[field] = 37 * len(s.next)
	}
	var text string
	for tries := 0; tries < len(s.all); tries++ {
		p := s.all[s.next[field]%len(s.all)]
		if len([]rune(text+" "+p)) > most {
			if text != "" {
				return text
			}
		} else {
			text = strings.TrimPrefix(text+" "+p, " ")
		}
		s.next[field]++
	}
	return text
}

// A viewed is a page to look at, and by whom.
type viewed struct {
	Who  string `json:"who"` // a sign-in; empty is the public
	Path string `json:"path"`
}

// A markupWorld does acts with payloads in every text, some in each round, and says
// which pages show them.
type markupWorld struct {
	*rig.Visited
	*speaker
	rounds []func(round int) []viewed
	at     int
	err    error
}

// markupRounds is how often each kind of round is done. A long text holds twenty payloads,
// and each field begins with others.
const markupRounds = 6

// ServeHTTP does the next round, and tells the pages that show it; none after the last.
func (m *markupWorld) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	list := []viewed{}
	if m.at < len(m.rounds)*markupRounds {
		list = m.rounds[m.at/markupRounds](m.at % markupRounds)
		m.at++
	}
	if m.err != nil {
		http.Error(w, m.err.Error(), http.StatusInternalServerError)
		return
	}
	if err := json.NewEncoder(w).Encode(list); err != nil {
		m.Error(err)
	}
}

func (m *markupWorld) must(who inspect.Actor, commands ...act.Command) {
	for _, c := range commands {
		if m.err == nil {
			if _, err := m.Do(who, c); err != nil {
				m.err = fmt.Errorf("%s by %s: %w", c.Verb(), who.Name, err)
			}
		}
	}
}

func (m *markupWorld) visit() string { return "/office/visits/" + string(m.Team) }

func (m *markupWorld) own(name string, round int) string {
	return string(rig.Own[inspect.EvidenceID](m.Visit, fmt.Sprint(name, round)))
}

// prepared writes what is known before a visit, and how it was announced.
func (m *markupWorld) prepared(int) []viewed {
	c := act.PrecheckVisit{Team: m.Team}
	for range 4 {
		c.Sources, c.Texts, c.AsOf = append(c.Sources, m.say("source", 60)), append(c.Texts, m.say("fact", 500)), append(c.AsOf, workday.On(m.Now))
	}
	m.must(m.Crew[0], c, act.NotifyVisit{Team: m.Team, Channel: "phone", Recipient: m.say("recipient", 60), Text: m.say("notice", 1000), Told: m.Now.Add(-time.Hour).Format(time.RFC3339)})
	return []viewed{{"leader", m.visit()}}
}

// begun writes all that is written on the spot.
func (m *markupWorld) begun(round int) []viewed {
	leader := m.Crew[0]
	if round > 0 {
		m.must(leader, act.SetVisitAside{Team: m.Team, Kind: inspect.NonCooperation, Officers: m.Officers()[:2], Tried: m.say("tried", 1000), Statement: m.say("statement", 1000), Witness: m.say("witness", 60)})
	}
	m.must(leader, act.BeginVisit{Team: m.Team, Officers: m.Officers(), Present: m.say("present", 60), Role: m.say("role", 40), Recusal: m.say("recusal", 500), Shown: true, Told: true})
	if m.err != nil {
		return nil
	}
	found := m.Found()
	item := found.Findings[0]
	m.must(m.Visit.Of("scjg"),
		act.FillVisit{Team: m.Team, Item: item.Item, Seen: item.Edition, Methods: item.Methods, Codes: []inspect.ResultCode{inspect.OrderedToCorrect}, Problem: m.say("problem", 1000), Handling: m.say("handling", 1000)},
		act.MeasureVisit{Team: m.Team, ID: inspect.MeasureID(m.own("measure", round)), Kind: "rectify", Form: "written", Item: item.Item, Text: m.say("measure", 1000), Law: m.say("law", 300), Basis: m.say("basis", 300), Due: workday.On(m.Now).AddDays(9)},
		act.HelpVisit{Team: m.Team, ID: inspect.HelperID(m.own("helper", round)), Name: m.say("helper", 40), Unit: m.say("unit", 100), Item: item.Item, Conclusion: m.say("helped", 1000)},
		act.AttachVisit{Team: m.Team, ID: inspect.EvidenceID(m.own("photo", round)), SHA256: m.File(fmt.Sprint("photo", round)), Kind: "photo", Name: m.say("evidence", 100)})
	other := found.Findings[1]
	m.must(m.Visit.Of("gaj"), act.FillVisit{Team: m.Team, Item: other.Item, Seen: other.Edition, Waived: m.say("waived", 500)})
	return []viewed{{"leader", m.visit()}, {"leader", m.visit() + "/items/" + string(item.Item)}}
}

// signed writes conclusions, refusals and reasons, and at last signs.
func (m *markupWorld) signed(round int) []viewed {
	leader := m.Crew[0]
	if round > 0 {
		m.must(leader, act.ReopenVisit{Team: m.Team, Seen: m.Found().Version, Reason: m.say("reason", 500)})
	}
	m.must(leader, act.ConcludeVisit{Team: m.Team, Seen: m.Found().Version, Text: m.say("conclusion", 1000)})
	sign := act.SignParty{Team: m.Team, ID: inspect.SignatureID(m.own("party", round)), Digest: m.Found().Digest, Way: inspect.SignRefused, Statement: m.say("refused", 1000), Witness: m.say("witness", 60)}
	if round%2 == 1 {
		sign.Way, sign.Name, sign.Role, sign.Opinion, sign.Drawing = inspect.SignDrawn, m.say("signer", 40), m.say("role", 40), m.say("opinion", 500), rig.Handwriting(1)
	}
	m.must(leader, sign)
	if round == markupRounds-1 && m.err == nil {
		m.MembersSign()
	}
	return []viewed{{"leader", m.visit()}}
}

// resulted writes what follows, and what leaders say of it; at last it is public.
func (m *markupWorld) resulted(round int) []viewed {
	r := m.Result()
	m.must(m.Li, act.PutResult{Result: r.ID, Seen: r.Version, Follow: []string{"rectify", "notify", "other"}, Remark: m.say("remark", 500)}, act.SubmitResult{Result: r.ID, Seen: r.Version + 1})
	if round < markupRounds-1 {
		m.must(m.Wang, act.ReturnResult{Result: r.ID, Seen: r.Version + 2, Opinion: m.say("returned", 500)})
		views := []viewed{{"li", "/office/results/" + string(r.ID)}}
		if round == 0 {
			views = append(views, viewed{"li", "/office/results"}, viewed{"li", "/office"})
		}
		return views
	}
	m.must(m.Wang, act.ApproveResult{Result: r.ID, Seen: r.Version + 2, Opinion: m.say("approved", 500)})
	m.must(m.Li, act.PublishResult{Result: r.ID, Seen: r.Version + 3, Confirm: r.Confirm()})
	return []viewed{{"li", "/office/results/" + string(r.ID)}}
}

// followed writes what happens to a rectification and to a clue, and corrections.
func (m *markupWorld) followed(round int) []viewed {
	clue := m.Saw(inspect.FollowNotify)
	if round > 0 {
		m.must(m.Clerk("孙警官", "gaj"), act.ReturnFollowUp{FollowUpSeen: clue, Text: m.say("back", 500)})
		clue.Seen++
	}
	m.must(m.Li, act.SendFollowUp{FollowUpSeen: clue, Receiver: rig.Org("gaj"), Days: inspect.AcceptDaysUsual, Due: workday.On(m.Now).AddDays(30), Text: m.say("clue", 500)})
	mend, fail := m.Saw(inspect.FollowRectify), m.Recheck(inspect.FollowRectify)
	m.must(m.Li, act.MendFollowUp{FollowUpSeen: mend, Day: workday.On(m.Now), Text: m.say("mended", 500)})
	fail.Seen, fail.Text = mend.Seen+1, m.say("failed", 500)
	m.must(m.Li, act.FailFollowUp{FollowUpRecheck: fail, Due: workday.On(m.Now).AddDays(10)})
	r := m.Result()
	c := m.Correct(inspect.PublishCorrect, inspect.ProblemPending)
	c.Ground = m.say("ground", 500)
	m.must(m.Li, c)
	decision := act.CorrectionDecision{ID: c.ID, Seen: 1, Opinion: m.say("decided", 500)}
	views := []viewed{{"li", "/office/followups/" + string(clue.FollowUp)}, {"li", "/office/followups/" + string(mend.FollowUp)}, {"li", "/office/results/" + string(r.ID)}}
	if round == markupRounds-1 {
		m.must(m.Qin, act.SignCorrection{CorrectionDecision: decision})
		return append(views, viewed{"", "/results/" + string(r.ID)}, viewed{"", "/results"})
	}
	m.must(m.Qin, act.DropCorrection{CorrectionDecision: decision})
	return views
}

// told writes feedback and its answers.
func (m *markupWorld) told(round int) []viewed {
	zhou := m.Clerk("周主任", "lhb")
	form := fmt.Sprint("form", round)
	request, c := act.FeedbackForm(form, inspect.Feedback{Kind: "complaint", About: "visit", Ref: m.say("ref", 60)}, inspect.FeedbackText{Text: m.say("words", 1000), Name: m.say("sender", 40), Contact: m.say("contact", 60)})
	if _, err := m.Desk.Do(context.Background(), request, inspect.System(rig.Region), c); err != nil && m.err == nil {
		m.err = err
	}
	m.must(zhou, act.PassFeedback{ID: c.ID, Seen: 1, Org: rig.Org("scjg"), Note: m.say("note", 200)})
	m.must(m.Li, act.AnswerFeedback{ID: c.ID, Seen: 2, Answer: m.say("answer", 1000)})
	return []viewed{{"zhou", "/office/feedback/" + string(c.ID)}, {"li", "/office/feedback/" + string(c.ID)}, {"", "/feedback/" + inspect.FeedbackCode(form)}}
}

// NI-XSS, INV-23: whatever somebody writes into the texts of visits, results, follow-ups,
// feedback and corrections, or calls a file, it stays text on every page that shows it:
// nothing runs, and the content policy has nothing to report.
func TestBrowserMarkupStaysText(t *testing.T) {
	if !rig.WithBrowser() {
		return
	}
	address := rig.SQLite(t)
	o := rig.Open(t, address)
	m := &markupWorld{Visited: o.Visited(o.VisitReady()), speaker: &speaker{payloads(), map[string]int{}}}
	m.rounds = []func(int) []viewed{m.prepared, m.begun, m.signed, m.resulted, m.followed, m.told}
	clock := &movable{ahead: time.Until(o.Now)}
	site, base := siteAt(t, true, address, clock.now, func(*store.Store, inspect.Deadlines) error { return nil })
	if err := site.gate.Demo(t.Context(), demoPassword, map[string]inspect.PersonID{
		"leader": m.Crew[0].Person, "li": m.Li.Person, "zhou": o.Clerk("周主任", "lhb").Person,
	}); err != nil {
		t.Fatal(err)
	}
	next := httptest.NewServer(m)
	t.Cleanup(next.Close)
	dir := t.TempDir()
	photograph(t, dir+"/photo.jpg", 9)
	rig.Travel(t, base, map[string]any{"password": demoPassword, "next": next.URL, "dir": dir, "names": payloads()}, "tools/browser/journeys/markup.mjs")
}
