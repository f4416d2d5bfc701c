package ceremony

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/draw"
)

// A Typed is what somebody typed of the public event: the numbers of all sources in
// one line, such as ssq:3 7 12 19 25 33+8/urn:4 0 9 9 1 7, and by the code of a
// source where and when they came about.
type Typed struct {
	Numbers   string
	Cancelled []string // sources that gave nothing
	Issue     map[string]string
	Time      map[string]string // instants
	Evidence  map[string]string // digests
}

// ErrIssue is a source without 期号、轮次或地点. It is wrapped with the code.
var ErrIssue = errors.New("应写明期号、轮次或地点")

// Outcomes reads the numbers of all sources and returns them with their canonical
// text.
func (t Typed) Outcomes(m *draw.Manifest) ([]draw.Outcome, string, error) {
	var outcomes []draw.Outcome
	for part := range strings.SplitSeq(strings.Trim(t.Numbers, "/ "), "/") {
		code, numbers, ok := strings.Cut(part, ":")
		if code = strings.TrimSpace(code); !ok {
			return nil, "", fmt.Errorf("“%s”应写成“来源代码:号码”", part)
		}
		if t.Issue[code] == "" {
			return nil, "", fmt.Errorf("来源 %s：%w", code, ErrIssue)
		}
		o := draw.Outcome{Code: code, Issue: t.Issue[code], Time: t.Time[code], Numbers: [][]uint64{}, Evidence: t.Evidence[code]}
		if err := readNumbers(m, &o, numbers); err != nil {
			return nil, "", err
		}
		outcomes = append(outcomes, o)
	}
	text, err := m.EventText(slices.Sorted(slices.Values(t.Cancelled)), outcomes)
	return outcomes, text, err
}

func readNumbers(m *draw.Manifest, o *draw.Outcome, typed string) error {
	beacon := slices.ContainsFunc(slices.Concat(m.Event.Sources, m.Event.Reserves), func(s draw.Source) bool { return s.Code == o.Code && s.Kind == "beacon" })
	if beacon {
		o.Hex = strings.ToLower(strings.TrimSpace(typed))
		return nil
	}
	for group := range strings.SplitSeq(typed, "+") {
		list := []uint64{}
		for _, word := range strings.FieldsFunc(group, func(r rune) bool { return strings.ContainsRune(" .,，、", r) }) {
			n, err := strconv.ParseUint(word, 10, 16)
			if err != nil {
				return fmt.Errorf("来源 %s 的“%s”不是号码", o.Code, word)
			}
			list = append(list, n)
		}
		o.Numbers = append(o.Numbers, list)
	}
	return nil
}

// Event adds the public event to the ceremony, once it was typed twice and both
// agree: again is the second typing of the numbers.
func Event(c *draw.Ceremony, first Typed, again string) error {
	m := c.Manifest
	outcomes, text, err := first.Outcomes(m)
	if err != nil {
		return err
	}
	second := first
	second.Numbers = again
	if _, confirmed, err := second.Outcomes(m); err != nil || confirmed != text {
		return errors.New("两次录入不一致，没有采用。请两人分别对照录像重新录入")
	}
	c.Event = &draw.Event{Doc: "SDP1.event", Batch: m.Batch, Run: m.Run, Reveals: c.Reveals.Digest(m.Suite).String(),
		Cancelled: append([]string{}, slices.Sorted(slices.Values(first.Cancelled))...), Outcomes: outcomes, Text: text}
	return nil
}
