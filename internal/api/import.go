package api

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/stage"
	"suicha/internal/store"
	"suicha/internal/web"
)

// importRoutes are the reads of imports, and the one address that takes a file.
// Everything else is an act: import.upload begins a batch with a file that was
// sent before, import.cancel drops it; confirming asks for the second factor and so
// is done on the pages.
func importRoutes() []route {
	return []route{
		get("/api/v1/imports", "imports", groupImport, "导入批次列表", byReader, inspect.ImportRead, (*server).importList).
			says("返回本部门的批次，新的在前。有 next 时还有下一页。"),
		get("/api/v1/imports/{id}", "import", groupImport, "一个导入批次", byReader, inspect.ImportRead, (*server).importOne).
			says("上传后平台自动检查，state 变为 checked 后可以看到各类行数；确认、复核和撤销是重要操作，须本人登录网页办理。"),
		{method: "POST", path: "/api/v1/imports/files", id: "import-file", group: groupImport, summary: "上传要导入的文件", access: byReader, verb: inspect.ImportUpload,
			detail: "请求体就是文件本身，最大 4 GB。返回文件的 SHA-256 和按表头提出的对应关系，核对后填入 import.upload。一天内没有用到的文件会删除。",
			query:  reflect.TypeFor[importFileQuery](), answer: reflect.TypeFor[importFile](), takes: "application/octet-stream", do: (*server).importFile},
	}
}

// groupImport is the group of the documentation.
const groupImport = "名录导入"

type importQuery struct {
	Noun   inspect.ImportNoun  `query:"noun" label:"名录库" hint:"object、inspector、item 或 licence；不填即为全部"`
	State  inspect.ImportState `query:"state" label:"状态"`
	Source string              `query:"source" label:"数据来源" most:"60"`
	Before int                 `query:"before" label:"翻页位置" hint:"上一页的 next 中带有" least:"1" most:"1000000000"`
	Limit  int                 `query:"limit" label:"每页条数" hint:"不填为 50" least:"1" most:"200"`
}

type importPage struct {
	Imports []importRow `json:"imports" label:"批次"`
	Next    string      `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// An importRow is a batch as the API shows it.
type importRow struct {
	ID         inspect.ImportID    `json:"id" label:"批次 id"`
	Version    int64               `json:"version" label:"版本" hint:"办理时填入 seen"`
	Number     int64               `json:"number" label:"批次号"`
	Noun       inspect.ImportNoun  `json:"noun" label:"名录库"`
	State      inspect.ImportState `json:"state" label:"状态"`
	StateText  string              `json:"state_text" label:"状态（文字）"`
	Source     string              `json:"source" label:"数据来源"`
	Sourced    date                `json:"sourced" label:"数据日期"`
	Whole      bool                `json:"whole" label:"文件是这个来源的全部数据"`
	File       string              `json:"file" label:"文件名"`
	SHA256     string              `json:"sha256" label:"文件的 SHA-256"`
	Size       int64               `json:"size" label:"文件大小（字节）"`
	Read       int64               `json:"read" label:"读取行数"`
	New        int64               `json:"new" label:"新增数"`
	Changed    int64               `json:"changed" label:"变更数"`
	Same       int64               `json:"same" label:"不变数"`
	Gone       int64               `json:"gone" label:"来源中不再出现的数量"`
	Faulty     int64               `json:"faulty" label:"有误行数" hint:"不导入"`
	Warned     int64               `json:"warned" label:"请核对的行数"`
	Staged     string              `json:"staged,omitempty" label:"待写入内容的 SHA-256"`
	Done       int64               `json:"done" label:"已办理数"`
	Skipped    int64               `json:"skipped" label:"没有写入的数量" hint:"检查之后被他人修改过，或者已不符合要求"`
	Note       string              `json:"note,omitempty" label:"退回或者撤销的理由"`
	UploadedAt instant             `json:"uploaded_at" label:"上传时间"`
	Verbs      []inspect.Verb      `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs []inspect.Verb      `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

func importRowOf(c *call, i inspect.Import) importRow {
	may, grave := c.split(i.Verbs(), i.Relations(c.who().Org)...)
	return importRow{
		ID: i.ID, Version: i.Version, Number: i.Number, Noun: i.Noun, State: i.State, StateText: i.State.Text(), Source: i.Source,
		Sourced: dateOf(i.Sourced), Whole: i.Whole, File: i.File, SHA256: i.SHA256, Size: i.Size, Read: i.Rows.Read, New: i.Rows.New,
		Changed: i.Rows.Changed, Same: i.Rows.Same, Gone: i.Rows.Gone, Faulty: i.Rows.Faulty, Warned: i.Rows.Warned, Staged: i.Staged,
		Done: i.Done, Skipped: i.Skipped, Note: i.Note, UploadedAt: instantOf(i.UploadedAt), Verbs: may, GraveVerbs: grave,
	}
}

// importList is one page of batches.
func (s *server) importList(c *call, q importQuery) (importPage, error) {
	limit := cmp.Or(q.Limit, usual)
	all, err := s.DB.Imports(c.Context(), c.scope(), store.ImportFilter{Noun: q.Noun, State: q.State, Source: q.Source, Before: int64(q.Before), Most: limit + 1})
	if err != nil {
		return importPage{}, err
	}
	page := importPage{Imports: []importRow{}}
	if len(all) > limit {
		all = all[:limit]
		values := c.URL.Query()
		values.Set("before", strconv.FormatInt(all[limit-1].Number, 10))
		page.Next = c.URL.Path + "?" + values.Encode()
	}
	for _, i := range all {
		page.Imports = append(page.Imports, importRowOf(c, i))
	}
	return page, nil
}

type importPath struct {
	ID inspect.ImportID `path:"id" label:"批次 id"`
}

// importOne is one batch.
func (s *server) importOne(c *call, q importPath) (importRow, error) {
	i, err := s.DB.Import(c.Context(), c.scope(), q.ID)
	if err != nil {
		return importRow{}, err
	}
	return importRowOf(c, i), nil
}

type importFileQuery struct {
	Noun   inspect.ImportNoun `query:"noun" label:"导入到" hint:"object 检查对象、inspector 执法检查人员、item 抽查事项、licence 许可证；不填即为 object"`
	Name   string             `query:"name" label:"文件名" hint:"带扩展名，例如 a.xlsx" most:"200"`
	Sheet  string             `query:"sheet" label:"工作表" hint:"只有一个时不必填" most:"100"`
	Source string             `query:"source" label:"数据来源" hint:"填写后，沿用这个来源上次的对应关系" most:"60"`
}

// An importFile is a file that was taken, with what its columns seem to be.
type importFile struct {
	SHA256  string   `json:"sha256" label:"文件的 SHA-256"`
	Size    int64    `json:"size" label:"文件大小（字节）"`
	Sheet   string   `json:"sheet" label:"工作表"`
	Line    int      `json:"line" label:"表头所在行"`
	Columns []string `json:"columns" label:"列的对应关系" hint:"每列一项：列、表头、字段，以制表符分隔；字段为空即不导入"`
}

// importFile takes a file for a later act.
func (s *server) importFile(c *call) error {
	var q importFileQuery
	if err := query(c.Request, &q); err != nil {
		return err
	}
	if q.Noun == "" {
		q.Noun = inspect.ImportObjects
	}
	if q.Noun.Thing() == "" {
		return inspect.ErrChoice.With("导入到").At("noun")
	}
	if err := c.token.May(inspect.ImportUpload); err != nil {
		return s.noted(c, inspect.ImportUpload, err)
	}
	who := c.who()
	if !who.Org.Inspects() {
		return inspect.ErrDenied.With(inspect.ImportUpload.Text())
	}
	body, err := web.Whole(c.w, c.Request)
	if err != nil {
		return err
	}
	file, err := s.Imports.Keep(string(who.Org.ID), body, exchange.UsualLimits.Size)
	switch {
	case errors.Is(err, stage.ErrTooLarge):
		return exchange.ErrFileLarge.With(exchange.UsualLimits.Size >> 20)
	case err != nil:
		return fmt.Errorf("keep the brought file: %w", err)
	}
	answer, err := s.proposed(c, q, file)
	if err != nil {
		return err
	}
	return give(c, answer)
}

// proposed says what the columns of a kept file seem to be.
func (s *server) proposed(c *call, q importFileQuery, file stage.File) (a importFile, err error) {
	who := c.who()
	f, err := s.Imports.File(string(who.Org.ID), file.SHA256)
	if err != nil {
		return a, err
	}
	defer f.Close() // only read
	towns, err := s.DB.Areas(c.Context(), c.scope(), who.Org.Region)
	if err != nil {
		return a, err
	}
	known, err := s.DB.LastMapping(c.Context(), c.scope(), q.Noun, q.Source)
	if err != nil {
		return a, err
	}
	before, err := exchange.ParseMapping(known)
	if err != nil {
		return a, err
	}
	m, err := exchange.Propose(c.Context(), f, file.Size, strings.TrimSpace(q.Name), q.Sheet, exchange.ImportTable(q.Noun, towns), before, exchange.Options{Dir: s.Imports.Scratch()})
	if err != nil {
		return a, err
	}
	a = importFile{SHA256: file.SHA256, Size: file.Size, Sheet: m.Sheet, Line: m.Line, Columns: []string{}}
	for _, p := range m.Pairs {
		a.Columns = append(a.Columns, inspect.ImportColumn(inspect.ImportPair(p)))
	}
	return a, nil
}
