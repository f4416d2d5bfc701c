package inspect

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"suicha/internal/workday"
)

// ImportID names one batch of an import.
type ImportID string

// An ImportNoun is which library a file goes into.
type ImportNoun string

// The libraries that take files: R27, R32, R33.
const (
	ImportObjects    ImportNoun = "object"    // 检查对象名录库
	ImportInspectors ImportNoun = "inspector" // 执法检查人员名录库
	ImportItems      ImportNoun = "item"      // 抽查事项清单
	ImportLicences   ImportNoun = "licence"   // 检查对象的许可证
)

// ImportNouns lists the libraries in the order of the form.
var ImportNouns = []Choice{
	{string(ImportObjects), "检查对象名录库"}, {string(ImportInspectors), "执法检查人员名录库"}, {string(ImportItems), "抽查事项清单"},
	{string(ImportLicences), "检查对象的许可证"},
}

// A nounFact is what is fixed about a library that takes files.
type nounFact struct {
	thing, unit, code, into string
	most                    int64 // rows of a file; 0: as many as there are
}

var nounFacts = map[ImportNoun]nounFact{
	ImportObjects:    {"检查对象", "户", "代码", "名录库", 0},
	ImportInspectors: {"执法检查人员", "人", "工号", "名录库", ImportChunk},
	ImportItems:      {"抽查事项", "项", "编号", "清单", 2000},
	ImportLicences:   {"许可证", "张", "检查对象、许可证名称和编号", "名录库", licencesMost},
}

// Thing is what one row of the library is, Unit how such things are counted, Code
// what tells them apart, and Into where they go, as users read it.
func (n ImportNoun) Thing() string { return nounFacts[n].thing }

// Unit counts things of the library.
func (n ImportNoun) Unit() string { return nounFacts[n].unit }

// Code is what tells things of the library apart.
func (n ImportNoun) Code() string { return nounFacts[n].code }

// Into is what the library is called for short.
func (n ImportNoun) Into() string { return nounFacts[n].into }

// Most is how many rows a file can have, so that they are weighed together; 0 is no
// limit.
func (n ImportNoun) Most() int64 { return nounFacts[n].most }

// An ImportState is how far a batch has come.
type ImportState string

// The states of a batch.
const (
	ImportUploaded  ImportState = "uploaded"  // 正在检查
	ImportRefused   ImportState = "refused"   // 文件有误
	ImportChecked   ImportState = "checked"   // 待确认
	ImportSeconding ImportState = "seconding" // 待复核
	ImportApplying  ImportState = "applying"  // 正在导入
	ImportApplied   ImportState = "applied"   // 已导入
	ImportReversing ImportState = "reversing" // 正在撤销
	ImportReversed  ImportState = "reversed"  // 已撤销
	ImportCancelled ImportState = "cancelled" // 已取消
)

// Text is the state as users read it.
func (s ImportState) Text() string {
	return map[ImportState]string{
		ImportUploaded: "正在检查", ImportRefused: "文件有误", ImportChecked: "待确认", ImportSeconding: "待复核", ImportApplying: "正在导入",
		ImportApplied: "已导入", ImportReversing: "正在撤销", ImportReversed: "已撤销", ImportCancelled: "已取消",
	}[s]
}

// importLife is every move a batch can make. Check, apply and undo are the
// platform's own; a person decides between them.
var importLife = Life[ImportState]{
	{ImportCheck, ImportUploaded, ImportChecked},
	{ImportRefuse, ImportUploaded, ImportRefused},
	{ImportCancel, ImportUploaded, ImportCancelled},
	{ImportCancel, ImportChecked, ImportCancelled},
	{ImportCancel, ImportSeconding, ImportCancelled},
	{ImportConfirm, ImportChecked, ImportApplying},
	{ImportConfirm, ImportChecked, ImportSeconding}, // when many objects vanish
	{ImportSecond, ImportSeconding, ImportApplying},
	{ImportApply, ImportApplying, ImportApplying},
	{ImportApply, ImportApplying, ImportApplied},
	{ImportReverse, ImportApplied, ImportReversing},
	{ImportReverse, ImportApplying, ImportReversing}, // stopped on the way
	{ImportReverse, ImportApplying, ImportReversed},  // before anything was written
	{ImportUndo, ImportReversing, ImportReversing},
	{ImportUndo, ImportReversing, ImportReversed},
}

// ImportLife returns the moves of a batch.
func ImportLife() Life[ImportState] { return importLife }

// An Import (导入批次) is one file that becomes part of a library: R27, R32, R33,
// 海政办发〔2020〕2号 二(三). What it would do is counted before anybody decides;
// it is carried out whole, and can be taken back whole.
type Import struct {
	ID      ImportID
	Version int64
	Noun    ImportNoun
	Number  int64 // within the region
	Org     OrgID
	Region  string
	Source  string       // 数据来源: R37
	Sourced workday.Date // as of when
	Whole   bool         // the file is all there is of this source: what it lacks has vanished
	File    string       // its name
	SHA256  string       // its digest, and its name in the data folder
	Size    int64
	Sheet   string
	Mapping string // which column is what, as JSON
	State   ImportState

	Rows    ImportRows
	Staged  string // digest of the staged rows: what was checked is what is written
	Done    int64  // staged rows dealt with; while the batch is taken back it counts down
	Skipped int64  // of those, rows left as they were because somebody changed them after the check
	Note    string // why it was refused or reversed

	UploadedBy  PersonID
	UploadedAt  time.Time
	ConfirmedBy PersonID
	ConfirmedAt time.Time
	SecondedBy  PersonID
	SecondedAt  time.Time
	ReversedBy  PersonID
	ReversedAt  time.Time
}

// ImportRows counts the rows of a file by what they would do.
type ImportRows struct {
	Read    int64 `json:"read"`
	New     int64 `json:"new"`
	Changed int64 `json:"changed"`
	Same    int64 `json:"same"`
	Gone    int64 `json:"gone"`   // of the source, and not in the file
	Faulty  int64 `json:"faulty"` // left out
	Warned  int64 `json:"warned"` // to be looked at
}

// An ImportNamed is a row of a batch as lists name it.
type ImportNamed struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Title is what people call the batch.
func (i Import) Title() string {
	return fmt.Sprintf("第 %d 批　%s（%s）", i.Number, i.Source, i.Sourced)
}

// ImportChunk is how many staged rows one act writes.
const ImportChunk = 20_000

// Relations lists what org is to the batch.
func (i Import) Relations(org Org) []Relation {
	switch {
	case org.ID == i.Org:
		return []Relation{Owner}
	case org.Region == i.Region && org.Kind == OrgOversight:
		return []Relation{Oversight}
	}
	return nil
}

// ByPlatform reports whether an act is the platform's own, between two acts of
// persons: nobody can ask for it.
func ByPlatform(verb Verb) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool { return r.Verb == verb && r.Post == SystemPost })
}

// Verbs lists what can be done with the batch now, each once.
func (i Import) Verbs() []Verb { return slices.Compact(importLife.Verbs(i.State)) }

// Open reports whether the batch still waits for somebody, or for the platform.
func (i Import) Open() bool { return len(importLife.Verbs(i.State)) > 0 && i.State != ImportApplied }

// Staged is how many rows the batch writes.
func (r ImportRows) Staged() int64 { return r.New + r.Changed + r.Gone }

// ManyVanish reports whether more than one row in twenty of what the source had
// before would vanish: then a second person has to agree.
func (r ImportRows) ManyVanish() bool { return r.Gone*20 > r.Same+r.Changed+r.Gone }

// An ImportMapping says which column of a file is which field, as somebody chose.
type ImportMapping struct {
	Sheet string       `json:"sheet"`
	Line  int          `json:"line"` // of the headings
	Pairs []ImportPair `json:"pairs"`
}

// An ImportPair maps one column.
type ImportPair struct {
	Letter  string `json:"letter"`
	Heading string `json:"heading"`
	Key     string `json:"key"` // of the field; empty: not imported
}

// ImportColumn is a column with the field it is mapped to, as one text for a
// form: letter, heading and key parted by tabs.
func ImportColumn(p ImportPair) string { return p.Letter + "\t" + p.Heading + "\t" + p.Key }

// NewImportMapping puts a mapping together from columns that ImportColumn wrote.
// Whether it fits the file is found out when the file is read.
func NewImportMapping(sheet string, line int, columns []string) ImportMapping {
	m := ImportMapping{Sheet: sheet, Line: line}
	for _, c := range columns {
		letter, rest, _ := strings.Cut(c, "\t")
		heading, key := rest, ""
		if at := strings.LastIndexByte(rest, '\t'); at >= 0 {
			heading, key = rest[:at], rest[at+1:]
		}
		m.Pairs = append(m.Pairs, ImportPair{letter, heading, key})
	}
	return m
}

// Text is the mapping as the record keeps it.
func (m ImportMapping) Text() string {
	text, _ := json.Marshal(m) // texts and a number always can be written
	return string(text)
}

// Keys lists the fields that a column feeds.
func (m ImportMapping) Keys() []string {
	var keys []string
	for _, p := range m.Pairs {
		if p.Key != "" {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

// fileDigest is the form of a SHA-256 digest, mappingMost the longest mapping:
// a thousand columns.
var fileDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

const mappingMost = 512 << 10

// NewImport begins a batch with an uploaded file.
func NewImport(i Import, by PersonID, today workday.Date, now time.Time) (Import, error) {
	var ps Problems
	if !ValidID(i.ID) {
		ps = append(ps, ErrIdent.At("import"))
	}
	chosen(&ps, ImportNouns, "noun", "导入到", string(i.Noun))
	i.Source = Line(&ps, "source", "数据来源", i.Source, 60)
	i.File = Line(&ps, "file", "文件名", i.File, 200)
	if !fileDigest.MatchString(i.SHA256) || i.Size <= 0 || len(i.Mapping) > mappingMost {
		ps = append(ps, ErrImportFile.At("sha256"))
	}
	switch {
	case i.Sourced.IsZero():
		ps = append(ps, ErrEmpty.With("数据日期").At("sourced"))
	case i.Sourced.After(today):
		ps = append(ps, ErrFuture.With("数据日期").At("sourced"))
	}
	i.State, i.UploadedBy, i.UploadedAt = ImportUploaded, by, now
	return i, ps.Err()
}

// Check takes over what the platform found in the file: how many rows do what,
// and the digest of the rows that would be written.
func (i Import) Check(rows ImportRows, staged string) (_ Import, err error) {
	i.Rows, i.Staged = rows, staged
	i.State, err = importLife.Next(i.State, ImportCheck)
	return i, err
}

// Refuse ends a batch whose file cannot be read.
func (i Import) Refuse(note string) (_ Import, err error) {
	i.Note = note
	i.State, err = importLife.Next(i.State, ImportRefuse)
	return i, err
}

// Confirm is the department's decision to write what was checked. When many
// objects vanish it is not enough.
func (i Import) Confirm(staged string, by PersonID, now time.Time) (Import, error) {
	next, err := importLife.Next(i.State, ImportConfirm)
	switch {
	case err != nil:
		return i, err
	case staged != i.Staged:
		return i, ErrStale
	case i.Rows.Staged() == 0:
		return i, ErrImportIdle
	case i.Rows.ManyVanish():
		next = ImportSeconding
	}
	i.State, i.ConfirmedBy, i.ConfirmedAt = next, by, now
	return i, nil
}

// Second is another person's agreement that so many objects vanish.
func (i Import) Second(by PersonID, now time.Time) (Import, error) {
	next, err := importLife.Next(i.State, ImportSecond)
	switch {
	case err != nil:
		return i, err
	case by == i.ConfirmedBy || by == i.UploadedBy:
		return i, ErrOwnWork
	}
	i.State, i.SecondedBy, i.SecondedAt = next, by, now
	return i, nil
}

// Apply notes that the platform has dealt with the next rows, from is where they
// begin; skipped of them it left as they are.
func (i Import) Apply(from, count, skipped int64) (Import, error) {
	next, err := importLife.Next(i.State, ImportApply)
	switch {
	case err != nil:
		return i, err
	case from != i.Done || count <= 0 || skipped < 0 || skipped > count || from+count > i.Rows.Staged():
		return i, ErrStale
	}
	i.Done, i.Skipped = i.Done+count, i.Skipped+skipped
	if i.State = next; i.Done == i.Rows.Staged() {
		i.State = ImportApplied
	}
	return i, nil
}

// Reverse is the department's decision to take the batch back.
func (i Import) Reverse(note string, by PersonID, now time.Time) (Import, error) {
	next, err := importLife.Next(i.State, ImportReverse)
	if err != nil {
		return i, err
	}
	var ps Problems
	i.Note = Paragraph(&ps, "reason", "撤销理由", note, 500)
	i.State, i.ReversedBy, i.ReversedAt = next, by, now
	if i.Done == 0 {
		i.State = ImportReversed
	}
	return i, ps.Err()
}

// Undo notes that the platform has taken back the chunk that begins at from, the
// newest that is left.
func (i Import) Undo(from int64) (Import, error) {
	next, err := importLife.Next(i.State, ImportUndo)
	switch {
	case err != nil:
		return i, err
	case from < 0 || from >= i.Done || from%ImportChunk != 0 || i.Done-from > ImportChunk:
		return i, ErrStale
	}
	i.Done = from
	if i.State = next; i.Done == 0 {
		i.State = ImportReversed
	}
	return i, nil
}

// Cancel drops the batch before anything was written.
func (i Import) Cancel() (_ Import, err error) {
	i.State, err = importLife.Next(i.State, ImportCancel)
	return i, err
}
