package portal_test

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// What is personal: numbers of telephones and of identity cards, as they stand between
// other signs.
var (
	phoneNumber    = regexp.MustCompile(`(?:^|[^0-9A-Za-z])(1[3-9][0-9]{9})(?:[^0-9A-Za-z]|$)`)
	identityNumber = regexp.MustCompile(`(?:^|[^0-9A-Za-z])([1-9][0-9]{16}[0-9Xx])(?:[^0-9A-Za-z]|$)`)
	meaningless    = regexp.MustCompile(`[0-9a-f]{64}|d="[^"]*"`) // digests and drawings
)

// finished is a county whose visit came to its end in every way that the public sees:
// results published, corrected and followed up, feedback answered.
func finished(o *rig.Office) (*county, *rig.Visited, string) {
	o.Helper()
	o.Enterprises = true
	c := &county{Office: o}
	c.makeKeys()
	v := o.ResultsDrafted()
	other := v.Results()[1]
	sun, hu := o.Clerk("孙警官", "gaj"), o.Leader("胡局长", "gaj")
	o.Done(sun, act.PutResult{Result: other.ID, Seen: other.Version, Follow: []string{"none"}, Remark: "联系人电话 13800000000"})
	o.Done(sun, act.SubmitResult{Result: other.ID, Seen: other.Version + 1})
	o.Done(hu, act.ApproveResult{Result: other.ID, Seen: other.Version + 2, Opinion: "同意"})
	o.Done(sun, act.PublishResult{Result: other.ID, Seen: other.Version + 3, Confirm: other.Confirm()})
	v.Enter("rectify").Approve().Publish()
	fix := v.Correct(inspect.PublishCorrect, inspect.ProblemPending)
	o.Done(v.Li, fix)
	o.Done(v.Qin, act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: fix.ID, Seen: 1, Opinion: "属实"}})
	id, code := o.FeedbackSent("a form", "负责人电话 13800000000，身份证 370687199001011234")
	o.Done(o.Clerk("周主任", "lhb"), act.PassFeedback{ID: id, Seen: 1, Org: rig.Org("scjg"), Note: "请核实"})
	o.Done(v.Li, act.AnswerFeedback{ID: id, Seen: 2, Answer: "已经核实。"})
	c.seal()
	c.open()
	return c, v, code
}

// plain is what a file says: of an archive or a workbook, the texts in it.
func plain(t *testing.T, body string) string {
	t.Helper()
	if !strings.HasPrefix(body, "PK") {
		return meaningless.ReplaceAllString(body, "")
	}
	archive, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range archive.File {
		if strings.HasSuffix(file.Name, ".html") || strings.HasSuffix(file.Name, ".md") {
			continue // the verifier, with the numbers of curves, and the documents of the program, with examples
		}
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return meaningless.ReplaceAllString(all.String(), "")
}

// NI-PII, INV-23, 个人信息保护法 第二十五条: whatever page or file of the finished work the
// public opens, no telephone or identity number, no address, no person and no text that
// somebody wrote freely is on it. Who comes to inspect stands on the page of the code
// alone.
func TestFinishedWorkNamesNobody(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		c, v, code := finished(o)
		body, visit := v.Result().Disclosed(), v.Found()
		pages := c.crawl()
		result := "/results/" + string(v.Result().ID)
		for _, path := range []string{
			"/results.csv", "/results.json", "/results.xlsx", "/results.atom", "/draws.atom", "/draws.json", "/draws.csv", result + ".json", "/check/" + visit.Code,
			"/feedback/" + code, "/feedback", "/check", "/open-data", "/results/statistics", "/results/guide",
		} {
			if pages[path] == "" {
				pages[path] = c.page(path)
			}
		}
		if body.Code == "" {
			t.Fatal("the object has no code, so no page of an enterprise is looked at")
		}
		for _, path := range []string{"/", "/results", result, "/enterprises/" + body.Code} {
			if pages[path] == "" {
				t.Errorf("no link leads to %s", path)
			}
		}
		// 同意 is in the names of acts, too.
		secrets := append(secretsOf(v), "某路 1 号", "某路1号", "张某某", "13800000000", "370687199001011234", "补全近三个月", "刘店长", "联系人电话")
		for path, page := range pages {
			text := plain(t, page)
			if path == "/verify.html" || strings.HasPrefix(path, "/log/tile/") && !strings.Contains(path, "entries") {
				continue // a program with the numbers of curves; hashes
			}
			for _, form := range []*regexp.Regexp{phoneNumber, identityNumber} {
				if found := form.FindStringSubmatch(text); found != nil {
					t.Errorf("%s has the number %s", path, found[1])
				}
			}
			for _, s := range secrets {
				shown := strings.HasPrefix(path, "/check/") && slices.ContainsFunc(visit.Members, func(m inspect.VisitMember) bool { return s == m.Name || s == m.Certificate })
				if s != "" && s != "同意" && !shown && strings.Contains(text, s) {
					t.Errorf("%s says %q", path, s)
				}
			}
		}
	})
}
