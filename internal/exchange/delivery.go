package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// What is signed when it leaves: docs/decisions/0022-signed-deliveries.md.
const (
	DeliveryType = "application/vnd.suicha.delivery.v1+json"
	FeedType     = "application/vnd.suicha.feed.v1+json"
)

// A Delivered is an edition as other systems get it: R94, 海政办发〔2020〕2号 二(五)5.
type Delivered struct {
	ID        inspect.DeliveryID      `json:"id"`      // the same for every try: who has it already takes it once
	No        int64                   `json:"no"`      // within the target, without a gap
	Result    inspect.ResultID        `json:"result"`  // the same for all editions
	Edition   int                     `json:"edition"` // the highest is what holds
	Kind      inspect.PublicationKind `json:"kind"`
	Ground    string                  `json:"ground,omitempty"`
	Published time.Time               `json:"published"`
	URL       string                  `json:"url"`
	Digest    string                  `json:"digest"`              // SHA-256 of text
	Text      string                  `json:"text,omitempty"`      // JSON, byte for byte what was approved
	Overtaken bool                    `json:"overtaken,omitempty"` // a later edition has taken its place, and its text is not given any more

	Earlier int64 `json:"-"` // the number of what was handed over of the result before
}

// NewDelivered is what is delivered of an edition.
func NewDelivered(d inspect.Delivery, p inspect.Publication, url string) Delivered {
	return Delivered{
		ID: d.ID, No: d.No, Result: p.Result, Edition: p.No, Kind: p.Kind, Ground: p.Ground, Published: p.At, URL: url, Digest: p.Digest, Text: p.Text,
	}
}

// Overtake takes away what a later edition has taken the place of: it may have been
// withdrawn.
func (d Delivered) Overtake() Delivered {
	d.Text, d.Ground, d.Overtaken = "", "", true
	return d
}

// A Posted is what a webhook gets: the payload of an envelope of DeliveryType.
type Posted struct {
	Target  inspect.TargetID `json:"target"`
	Sent    time.Time        `json:"sent"`
	Edition Delivered        `json:"delivery"`
}

// A FeedPage is one page of a feed: the payload of an envelope of FeedType.
type FeedPage struct {
	Feed    string      `json:"feed"`
	AsOf    time.Time   `json:"as_of"` // to the hour: an older one is an old copy
	Self    string      `json:"self"`
	Next    string      `json:"next,omitempty"` // where there is more now
	Later   string      `json:"later"`          // where to ask for what comes later
	Entries []Delivered `json:"entries"`
}

// GSXTTable describes the files that are handed over: the English names are those that
// the enterprise credit system has for its fields.
var GSXTTable = Table{
	Key: "gsxt", Name: "双随机抽查结果报送",
	Columns: append([]Column{
		{Key: "no", Headings: []string{"报送序号"}, Kind: Number},
		{Key: "action", Headings: []string{"报送类型"}, Kind: Text},
		{Key: "earlier", Headings: []string{"原报送序号"}, Kind: Number},
	}, ResultTable.Columns...),
}

// A gsxtRecord is one edition as the enterprise credit system writes it: a record with
// its details.
type gsxtRecord struct {
	No             int64        `json:"no"`
	Action         string       `json:"action"`
	Earlier        int64        `json:"earlier,omitempty"`
	RaninsPlanID   string       `json:"raninsPlanId"`
	RaninsTaskID   string       `json:"raninsTaskId"`
	RaninsTaskName string       `json:"raninsTaskName"`
	RaninsTypeName string       `json:"raninsTypeName"`
	EntName        string       `json:"entName"`
	UniscID        string       `json:"uniscId"`
	InsAuth        string       `json:"insAuth"`
	InsDate        workday.Date `json:"insDate"`
	Details        []gsxtDetail `json:"details"`
	Published      workday.Date `json:"published"`
	Edition        int          `json:"edition"`
	Ground         string       `json:"ground,omitempty"`
	URL            string       `json:"url"`
}

type gsxtDetail struct {
	Seqno              int    `json:"seqno"`
	RaninsItemName     string `json:"raninsItemName"`
	RaninsCheckResName string `json:"raninsCheckResName"`
}

// gsxtActions are what an edition of a kind asks of the other system.
var gsxtActions = map[inspect.PublicationKind]string{inspect.PublishFirst: "新增", inspect.PublishCorrect: "更正"}

func newGSXTRecord(d Delivered) (r gsxtRecord, err error) {
	body, err := inspect.ReadPublicResult(d.Text)
	if err != nil || body.Digest() != d.Digest {
		return r, fmt.Errorf("delivery %d is not the edition that was published: %w", d.No, inspect.ErrDeliveryOther)
	}
	var plans, numbers, names, types []string
	for _, t := range body.Tasks {
		plans, numbers, names = append(plans, t.Plan), append(numbers, t.Number), append(names, t.Name)
		types = append(types, inspect.ChoiceText(inspect.Targeting, t.Targeted))
	}
	action := gsxtActions[d.Kind]
	if action == "" {
		action = "撤销" // withdrawn, repaired or at the end of its term
	}
	r = gsxtRecord{
		No: d.No, Action: action, Earlier: d.Earlier, RaninsPlanID: together(plans), RaninsTaskID: together(numbers), RaninsTaskName: together(names),
		RaninsTypeName: together(types), EntName: body.Name, UniscID: body.Code, InsAuth: body.Body, InsDate: body.Date, Details: []gsxtDetail{},
		Published: workday.On(d.Published), Edition: d.Edition, Ground: d.Ground, URL: d.URL,
	}
	for n, item := range body.Items {
		r.Details = append(r.Details, gsxtDetail{n + 1, item.Name, gsxtResult(item, body.Date)})
	}
	return r, nil
}

// gsxtResult is the result of an item in the words that the system used on a day: C14.
func gsxtResult(item inspect.PublicItem, on workday.Date) string {
	var all []string
	for _, c := range item.Codes {
		text := c.Text()
		if n, ok := inspect.ResultNameOf("gsxt", on, c, item.Corrected); ok {
			text = n.Name
		}
		all = append(all, text)
	}
	return strings.Join(all, "；")
}

// WriteGSXT writes editions as the enterprise credit system names its fields: in JSON a
// record for each, in tables a row for each item.
func WriteGSXT(w io.Writer, format Format, all []Delivered) error {
	records := make([]gsxtRecord, len(all))
	for i, d := range all {
		var err error
		if records[i], err = newGSXTRecord(d); err != nil {
			return err
		}
	}
	if format == JSON {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(records)
	}
	e, err := NewExport(w, format, GSXTTable)
	if err != nil {
		return err
	}
	for _, r := range records {
		details := r.Details
		if len(details) == 0 { // a withdrawal says which, and nothing of what
			details = []gsxtDetail{{}}
		}
		for _, x := range details {
			err := e.Write([]string{
				number(r.No), r.Action, number(r.Earlier), r.RaninsPlanID, r.RaninsTaskID, r.RaninsTaskName, r.RaninsTypeName, r.EntName, r.UniscID, r.InsAuth,
				r.InsDate.String(), number(int64(x.Seqno)), x.RaninsItemName, x.RaninsCheckResName, r.Published.String(), strconv.Itoa(r.Edition), r.Ground, r.URL,
			})
			if err != nil {
				return err
			}
		}
	}
	return e.Close()
}

// number is a number, or nothing.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// RefusalTable describes a list of what the other system did not take.
var RefusalTable = Table{
	Key: "refused", Name: "退回的条目",
	Columns: []Column{
		{Key: "no", Headings: []string{"报送序号", "序号"}, Kind: Number, Required: true, Example: "12"},
		{Key: "reason", Headings: []string{"退回原因", "原因", "错误原因", "失败原因"}, Kind: Text, Required: true, Most: 200, Example: "统一社会信用代码不存在"},
	},
}

// ReadRefusals reads a list of what the other system did not take, as the lines that
// inspect.ReadRefusals reads. A faulty row fails the whole: a refusal must not be lost.
func ReadRefusals(ctx context.Context, name string, file []byte) (string, error) {
	f, err := Open(ctx, bytes.NewReader(file), int64(len(file)), name, Options{})
	if err != nil {
		return "", err
	}
	defer f.Close() // only read
	var lines []string
	faults, err := eachRow(ctx, f, RefusalTable, "", func(r Row) []Fault {
		lines = append(lines, r.Value("no")+" "+r.Value("reason"))
		return nil
	})
	for _, x := range faults {
		if err == nil && x.Severity == Error {
			err = inspect.ErrDeliveryRow.With(x.Line, x.Text)
		}
	}
	return strings.Join(lines, "\n"), err
}
