package portal_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R55, R68: a batch is public from its announcement on, each step at once, with the
// receipt of its act; before it, it does not exist.
func TestABatchIsFollowedFromTheRecord(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.Batch(o.TaskReady())
		c := &county{Office: o}
		c.makeKeys()
		c.seal()
		c.open()
		path := "/draws/" + r.Stands().Number
		c.missing(path, path+"/screen", path+".json")
		c.shows("/draws", "还没有公告的批次")
		c.shows("/draws.atom", "<feed")
		c.shows("/draws.json", "[]")

		r.Announce()
		c.shows(path, "三月联合抽取", "已公告", "/receipts/")
		c.shows("/draws?q=%E4%B8%89%E6%9C%88&year=2026", r.Stands().Number)
		c.shows("/draws?q=%25", "没有找到")
		r.Lock()
		o.Done(r.Zhou, r.Commitment(r.Parties[0]))
		c.shows(path+"/screen", "等待 3 个单位承诺", "1/4", "封库")
		for _, p := range r.Parties[1:] {
			o.Done(r.Zhou, r.Commitment(p))
		}
		c.shows(path, "进行中：待亮数")
		r.Reveal()
		c.shows(path+"/screen", "等待公开事件", "双色球")
		c.missing(path+"/drawn", path+"/runs/1/result.tsv", path+"/runs/1/objects.tsv", path+"/runs/1/commit-01.json", path+"/runs/1/population.tsv")
		r.Event().Unseal().Draw()
		c.shows(path, "已公布", "入选线", "一次完成", "/receipts/")
		c.shows(path+"/screen", "<b>03</b>", "data-marks=")
		c.shows(path+"/drawn", "共 ")
		c.shows(path+"/fairness", "市场监管局")
		got := c.get(path + "/bundle.zip")
		bundle, err := zip.NewReader(bytes.NewReader([]byte(got.body)), int64(len(got.body)))
		if err != nil {
			o.Fatal(err)
		}
		if err := draw.CheckSums(bundle); err != nil {
			o.Error(err)
		}
		if strings.Contains(c.page(path)+c.page(path+"/screen")+c.page(path+".json"), "周主任") {
			o.Error("a person is named")
		}

		b := r.Stands()
		o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "公开事件录入与开奖公告不符"})
		c.shows(path, "本次抽签已被撤销", "海阳市公安局", "公开事件录入与开奖公告不符")
		c.shows("/draws.csv", "已撤销")
	})
}

// A void run and its ground stay public when the batch is announced again.
func TestAVoidRunIsKept(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task := o.TaskReady()
		r := o.Batch(task).Announce().Lock()
		o.Done(r.Zou, act.VoidBatch{Batch: r.ID, Seen: r.Stands().Version, Technical: true, Ground: "名单有误"})
		c := &county{Office: o}
		c.makeKeys()
		c.seal()
		c.open()
		path := "/draws/" + r.Stands().Number
		c.shows(path, "作废", "名单有误")
		o.Done(r.Zhou, r.Put(task))
		r.Announce()
		c.shows(path, "第 2", "名单有误", "/runs/1/void.json")
		if got := c.get(path + "/runs/1/lock.json"); got.status != http.StatusOK {
			o.Errorf("the lock of the first run answers %d", got.status)
		}
	})
}
