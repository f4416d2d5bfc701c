package portal_test

import (
	"archive/zip"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// INV-05: until the announced day the public finds the same, whoever was drawn, on all
// pages, files, feeds and receipts of the site; and on that day the list.
func TestTwoWorldsForThePublic(t *testing.T) {
	rig.Worlds(t, func(t *testing.T, worlds [2]*rig.Run) {
		var sites [2]*county
		for i, r := range worlds {
			sites[i] = &county{Office: r.Office}
			sites[i].makeKeys()
			sites[i].seal()
			sites[i].server = httptest.NewServer(sites[i].site("https://suicha.example"))
			t.Cleanup(sites[i].server.Close)
		}
		path := "/draws/" + worlds[0].Stands().Number
		from := []string{"/", "/draws", "/draws.json", "/draws.csv", "/draws.atom", path, path + ".json", path + "/screen", path + "/fairness", path + "/drawn", path + "/drawn.csv", path + "/bundle.zip"}
		for _, name := range []string{"result.json", "result.tsv", "reserve.tsv", "assignment.tsv", "opening.json", inspect.OutcomeFile, inspect.KeyFile} {
			from = append(from, path+"/runs/1/"+name)
		}
		for i := range 5 {
			for _, code := range []string{"", "&code=7K2PD-4M9XA"} {
				from = append(from, fmt.Sprintf("%s/me?id=SITE-scjg-%d%s", path, i+1, code), fmt.Sprintf("%s/me?id=OBJECT-NO-%d%s", path, i+1, code))
			}
		}
		pages := 0
		compare := func() {
			t.Helper()
			for _, at := range rig.Crawl(200, func(path string) string { return sites[0].get(path).body }, from...) {
				pages++
				a, b := sites[0].get(at), sites[1].get(at)
				a.body, b.body = packed(t, a.body), packed(t, b.body)
				if x, y := rig.Told(a.status, a.header, a.body), rig.Told(b.status, b.header, b.body); x != y {
					t.Errorf("%s differs, %s", at, rig.Differ(x, y))
				}
			}
		}
		compare()
		for _, r := range worlds {
			r.Send() // teams are scheduled and dispatched
		}
		compare()
		if pages < 120 {
			t.Errorf("only %d pages were compared", pages)
		}
		sites[0].shows(path, "密封模式", "已抽取，密封中", "自动公布钥匙和名单")
		sites[0].shows(path+"/screen", "结果已经算出并封存")
		worlds[0].Disclose()
		worlds[1].Disclose()
		sites[0].shows(path, "已公布", "入选线")
		if sites[0].page(path+"/drawn") == sites[1].page(path+"/drawn") {
			t.Error("on their day the lists are the same: the worlds do not differ")
		}
	})
}

// packed is an answer as it is, or of an archive the names and lengths of its files:
// how well digests are packed is chance.
func packed(t *testing.T, body string) (list string) {
	t.Helper()
	if !strings.HasPrefix(body, "PK") {
		return body
	}
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		list += fmt.Sprintln(f.Name, f.UncompressedSize64)
	}
	return list
}

// R55, R81: a sealed draw can be followed through every phase, on the record and on the
// big screen: it waits for its custodian, it is drawn and sealed, it opens; and an
// annulled one opens as well.
func TestASealedBatchIsFollowedFromTheRecord(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.SealedBatch(o.TaskReady()).Announce().Lock().Commit().Reveal().Event().Unseal()
		c := &county{Office: o}
		c.makeKeys()
		c.seal()
		c.open()
		path := "/draws/" + r.Stands().Number
		c.shows(path, "密封模式", "进行中：待计算", "执法监督")
		c.shows(path+"/screen", "等待保管方交存密封的随机数", "执法监督")
		r.Entrust()
		c.shows(path+"/screen", "等待由程序计算")
		r.Hide()
		c.shows(path+"/screen", "结果已经算出并封存", "2026-07-01 09:00")
		b := r.Stands()
		o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "公开事件录入有误"})
		c.shows(path, "本次抽签已被撤销", "名单仍在 2026-07-01 09:00 公布")
		c.missing(path+"/drawn", path+"/runs/1/result.tsv")
		r.Disclose()
		c.shows(path, "本次抽签已被撤销", "入选线")
		c.shows(path+"/drawn", "本次抽签已被撤销", "OBJECT-NO-")
	})
}
