package api

import (
	"cmp"
	"maps"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// groupBatch is the group of the documentation.
const groupBatch = "抽取批次"

// batchRoutes are the reads of batches and of the documents of their draws.
func batchRoutes() []route {
	return []route{
		get("/api/v1/batches", "batches", groupBatch, "抽取批次列表", byReader, inspect.BatchRead, (*server).batches).
			says("返回本单位的和本地区已公告的批次，新的在前。"),
		get("/api/v1/batches/{id}", "batch", groupBatch, "一个抽取批次及其文件", byReader, inspect.BatchRead, (*server).batch).
			says("version 填入 seen。files 是本次抽取已有的文件；贡献方据 manifest.json 和 lock.json 作出承诺。"),
		get("/api/v1/batches/{id}/files/{name}", "batch-file", groupBatch, "本次抽取的一个文件", byReader, inspect.BatchRead, (*server).batchFile).
			says("text 是文件的全部内容，逐字节不变。名单在公开之前不返回；全部对象的名单和派组材料只返回给组织抽取的单位、联席会议办公室和监督机关。"),
	}
}

func init() {
	id := "0199c5d2-7a10-7c3e-8a51-3f60d1c2bb01"
	exampleIDs["batch"], exampleIDs["tasks"] = id, "0199c5d2-7a10-7c3e-8a51-3f60d1c2b901"
	exampleIDs["reading"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2bc01"
	unlabelled["batch"] = "批次 id"
	unlabelled["reading"] = "查阅登记 id，由提出方生成"
	maps.Copy(examples, map[string]any{
		"batch.put/title": "2027 年 3 月联合抽取", "suite": "sm3-sm2", "batch.put/mode": "open", "opening": "",
		"contributors":      []map[string]string{{"name": "市场监管局", "role": "open", "key": "04…", "holder": "", "org": exampleIDs["org"]}},
		"batch.put/sources": []string{"ssq"}, "batch.put/reserves": []string{"dlt"}, "batch.put/commit": "2027-03-02T12:00", "batch.put/reveal": "2027-03-02T18:00",
		"batch.put/event": "2027-03-02T20:00", "batch.put/envelopes": "2027-03-03T18:00", "cap": int64(2), "mix": int64(100),
		"confirm": "370687-2027-p01", "document": `{"name":"市场监管局","time":"2027-03-02T03:00:00Z","commitment":"…","signature":"…"}`,
		"batch.type_event/sources":    []map[string]string{{"code": "ssq", "numbers": "3 7 12 19 25 33+8", "issue": "2027025", "time": "2027-03-02T21:20", "evidence": ""}},
		"batch.confirm_event/sources": []map[string]string{{"code": "ssq", "numbers": "3 7 12 19 25 33+8", "issue": "", "time": "", "evidence": ""}},
		"cancelled":                   []string{}, "technical": false, "batch.void/ground": "税务局到期未亮出随机数", "batch.annul/ground": "公开事件录入与开奖公告不符", "batch.peek/ground": "制作检查通知",
	})
}

// A batchQuery narrows the list of batches.
type batchQuery struct {
	Year  int                `query:"year" label:"年度" least:"2000" most:"2100"`
	State inspect.BatchState `query:"state" label:"状态"`
	Limit int                `query:"limit" label:"最多条数" hint:"不填为 50" least:"1" most:"200"`
}

// A batchList is the list of batches.
type batchList struct {
	Batches []batchRow `json:"batches" label:"批次"`
}

// A batchRow is a batch as a list shows it.
type batchRow struct {
	ID          inspect.BatchID    `json:"id" label:"批次 id"`
	Version     int64              `json:"version" label:"版本" hint:"办理时填入 seen"`
	Number      string             `json:"number" label:"批次编号"`
	Title       string             `json:"title" label:"批次名称"`
	State       inspect.BatchState `json:"state" label:"状态"`
	StateText   string             `json:"state_text" label:"状态（文字）"`
	Run         int                `json:"run" label:"第几次抽取" hint:"作废后重新公告的加一"`
	Org         orgRef             `json:"org" label:"组织抽取的单位"`
	AnnouncedAt instant            `json:"announced_at,omitempty" label:"公告时间"`
	LockedAt    instant            `json:"locked_at,omitempty" label:"锁定时间"`
	DrawnAt     instant            `json:"drawn_at,omitempty" label:"抽取时间"`
	DisclosedAt instant            `json:"disclosed_at,omitempty" label:"公开时间"`
	Ground      string             `json:"ground,omitempty" label:"作废或者撤销的理由"`
	Verbs       []inspect.Verb     `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs  []inspect.Verb     `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

// A batchView is a batch with the documents of its present run.
type batchView struct {
	batchRow
	Tasks []inspect.TaskID `json:"tasks" label:"任务 id"`
	Files []batchFileRef   `json:"files" label:"本次抽取的文件"`
}

// A batchFileRef is a document that the caller may read.
type batchFileRef struct {
	Name string `json:"name" label:"文件名"`
	Size int    `json:"size" label:"大小（字节）"`
}

// A batchText is a document.
type batchText struct {
	Name string `json:"name" label:"文件名"`
	Run  int    `json:"run" label:"第几次抽取"`
	Text string `json:"text" label:"内容"`
}

type batchPath struct {
	ID inspect.BatchID `path:"id" label:"批次 id"`
}

type batchFilePath struct {
	ID   inspect.BatchID `path:"id" label:"批次 id"`
	Name string          `path:"name" label:"文件名" most:"64"`
}

// batches lists the batches within the caller's scope.
func (s *server) batches(c *call, q batchQuery) (batchList, error) {
	found, err := s.DB.Batches(c.Context(), c.scope(), store.BatchFilter{Year: q.Year, State: q.State, Most: cmp.Or(q.Limit, usual)})
	if err != nil {
		return batchList{}, err
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), c.who().Org.Region)
	if err != nil {
		return batchList{}, err
	}
	all := batchList{Batches: []batchRow{}}
	for _, b := range found {
		all.Batches = append(all.Batches, s.batchRow(c, b, facts, nil))
	}
	return all, nil
}

func (s *server) batchRow(c *call, b inspect.Batch, facts inspect.Facts, parties []inspect.OrgID) batchRow {
	may, grave := c.split(b.Verbs(), b.Relations(c.who().Org, parties)...)
	return batchRow{
		ID: b.ID, Version: b.Version, Number: b.Number, Title: b.Title, State: b.State, StateText: b.State.Text(), Run: b.Run, Org: orgIn(facts, b.Org),
		AnnouncedAt: instantOf(b.AnnouncedAt), LockedAt: instantOf(b.LockedAt), DrawnAt: instantOf(b.DrawnAt), DisclosedAt: instantOf(b.DisclosedAt),
		Ground: b.Ground, Verbs: may, GraveVerbs: grave,
	}
}

// one reads a batch within the caller's scope, with the departments of its tasks.
func (s *server) one(c *call, id inspect.BatchID) (inspect.Batch, []inspect.OrgID, error) {
	b, err := s.DB.Batch(c.Context(), c.scope(), id)
	if err != nil {
		return b, nil, err
	}
	parties, err := s.DB.BatchParties(c.Context(), c.scope(), b)
	return b, parties, err
}

// batch is one batch.
func (s *server) batch(c *call, q batchPath) (batchView, error) {
	b, parties, err := s.one(c, q.ID)
	if err != nil {
		return batchView{}, err
	}
	facts, err := s.DB.Facts(c.Context(), c.scope(), b.Region)
	if err != nil {
		return batchView{}, err
	}
	files, err := s.DB.BatchFiles(c.Context(), c.scope(), b.ID, b.Run)
	if err != nil {
		return batchView{}, err
	}
	v := batchView{batchRow: s.batchRow(c, b, facts, parties), Tasks: b.Tasks, Files: []batchFileRef{}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if b.Shows(name, b.Relations(c.who().Org, parties)...) {
			v.Files = append(v.Files, batchFileRef{name, len(files[name])})
		}
	}
	return v, nil
}

// batchFile is one document of the present run.
func (s *server) batchFile(c *call, q batchFilePath) (batchText, error) {
	b, parties, err := s.one(c, q.ID)
	if err != nil {
		return batchText{}, err
	}
	files, err := s.DB.BatchFiles(c.Context(), c.scope(), b.ID, b.Run, q.Name)
	if err != nil {
		return batchText{}, err
	}
	text, ok := files[q.Name]
	if !ok || !b.Shows(q.Name, b.Relations(c.who().Org, parties)...) {
		return batchText{}, inspect.ErrMissing
	}
	return batchText{q.Name, b.Run, string(text)}, nil
}
