package inspect

import (
	"strconv"
	"strings"
	"unicode"
)

// DeliveriesMost is how many deliveries one file, and one act, takes.
const DeliveriesMost = 500

// A Refusal is a delivery that the other system did not take.
type Refusal struct {
	No     int64
	Reason string
}

// Text is the refusal as its line says it.
func (r Refusal) Text() string { return cut(strconv.FormatInt(r.No, 10)+" "+r.Reason, 60) }

// ReadRefusals reads what the other system did not take: a line for each, with the
// number of the delivery, a blank, tab or comma, and the reason.
func ReadRefusals(text string) (all []Refusal, _ error) {
	seen := map[int64]bool{}
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		at := strings.IndexFunc(line, func(r rune) bool { return r < '0' || r > '9' })
		wrong := ErrDeliveryRow.With(i+1, cut(line, 60))
		if at < 1 {
			return nil, wrong
		}
		no, err := strconv.ParseInt(line[:at], 10, 64)
		reason := strings.TrimLeftFunc(line[at:], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、:：", r) })
		if err != nil || no < 1 || reason == line[at:] || reason == "" {
			return nil, wrong
		}
		if seen[no] {
			return nil, ErrDeliveryRows.With(no)
		}
		if len(all) == DeliveriesMost {
			return nil, ErrNotFinite.With(DeliveriesMost).At("refused")
		}
		seen[no] = true
		all = append(all, Refusal{no, reason})
	}
	if len(all) == 0 {
		return nil, ErrEmpty.With("退回的条目").At("refused")
	}
	return all, nil
}
