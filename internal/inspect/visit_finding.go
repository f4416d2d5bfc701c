package inspect

import (
	"time"

	"suicha/internal/workday"
)

// Ids of what is put into a visit.
type (
	EvidenceID string
	MeasureID  string
	HelperID   string
)

// A Finding (检查情况) is what came of one item: R76–R78, 海政办发〔2020〕2号 二(五)4. Only
// the department whose item it is fills it in. An item that was not checked is waived
// with a reason.
type Finding struct {
	Tasks            []TaskID // that want the item checked
	Org              OrgID
	Item             ItemID
	ItemVersion      int64
	ChecklistVersion int64 // that was filled in; 0 if the item has none
	Name             string
	Methods          []Method
	Answers          []Answer
	Codes            []ResultCode
	Corrected        bool // on the spot, of what was ordered to be corrected
	Problem          string
	Handling         string
	Waived           string // why it was not checked
	Edition          int64  // how often it was filled in
	Inspector        InspectorNo
	By               PersonID
	At               time.Time
}

// An Answer is that to one question of the checklist, and what is remarked on it.
type Answer struct{ Question, Value, Note string }

// Filled reports whether the item was checked or waived.
func (f Finding) Filled() bool { return f.Edition > 0 || len(f.Codes) > 0 }

// Has reports whether a code is among the results.
func (f Finding) Has(code ResultCode) bool {
	for _, c := range f.Codes {
		if c == code {
			return true
		}
	}
	return false
}

// The kinds and forms of measures: R82, R83, 海政办发〔2020〕2号 二(五)4(2).
var (
	MeasureKinds = []Choice{{"record", "制作现场笔录"}, {"evidence", "初步提取证据"}, {"stop", "责令停止违法行为"}, {"rectify", "责令改正"}}
	MeasureForms = []Choice{{"written", "书面"}, {"oral", "口头"}, {"printed", "移动执法设备打印"}}
)

// A Measure (监管措施) is what was done about something on the spot. Oral ones are
// written down too: R83.
type Measure struct {
	ID     MeasureID
	Kind   string
	Form   string
	Text   string
	Law    string // the clause that was offended against
	Basis  string // the clause under which it is ordered
	Due    workday.Date
	Org    OrgID
	Item   ItemID // that it is about; empty for all
	Member InspectorNo
	By     PersonID
	At     time.Time
}

// A Helper (第三方、专家) said something about an item. Helpers never sign: R59, R75, C1.
type Helper struct {
	ID         HelperID
	Name       string
	Unit       string
	Item       ItemID
	Conclusion string
	Paper      EvidenceID // the report; empty if there is none
	Member     InspectorNo
	By         PersonID
	At         time.Time
}

// EvidenceKinds are the kinds of evidence.
var EvidenceKinds = []Choice{{"photo", "照片"}, {"video", "录像"}, {"audio", "录音"}, {"scan", "扫描件"}, {"document", "文书、材料"}}

// Evidence (证据) is one file. The record keeps its digest, so that the file cannot be
// exchanged; Claimed is when it was taken, as the telephone says, At when it came.
type Evidence struct {
	ID      EvidenceID
	SHA256  string
	Size    int64
	Type    string // of the content: image/jpeg
	Kind    string
	Name    string
	Item    ItemID // that it is about; empty for all
	Org     OrgID
	Member  InspectorNo
	Claimed time.Time
	By      PersonID
	At      time.Time
}

// A Blob is a file that the platform holds.
type Blob struct {
	Size int64
	Type string
}

// SpecialKinds are why a visit cannot be made: R100, 海政办发〔2020〕2号 二(六)
// "无法联系、不予配合检查情节严重".
var SpecialKinds = []Choice{{string(Unreachable), "通过登记的住所（经营场所）无法联系"}, {string(NonCooperation), "不予配合检查情节严重"}}

// A Special is a visit that led to a result without checklists: R100.
type Special struct {
	Kind      ResultCode    // Unreachable or NonCooperation; empty for a visit that goes its way
	Day       workday.Date  // on the spot
	Officers  []InspectorNo // who were there, two at least
	Tried     string        // what was tried, and what happened
	Statement string        // of the officers, on what was refused
	Witness   string
	Recording EvidenceID
	Claimed   time.Time
	By        PersonID
	At        time.Time
}
