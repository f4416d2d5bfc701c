package draw

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// DifferenceFile lists what changed in the population since the one before.
const DifferenceFile = "difference.tsv"

// A Difference says how a population differs from the one locked before it. A
// party that vanished will not complain, so what vanished is published.
type Difference struct {
	Previous string `json:"previous"` // root of the population before, or "" if there was none
	Added    uint64 `json:"added"`
	Removed  uint64 `json:"removed"`
	Changed  uint64 `json:"changed"`
	Digest   string `json:"digest"` // H of difference.tsv, or ""
}

func (d Difference) check(c *checker) {
	if d.Previous == "" {
		c.need(d == Difference{}, "没有上一次名单时，difference 应全部为零或空")
		return
	}
	c.need(isHex(d.Previous, 64) && isHex(d.Digest, 64), "difference 的摘要应为 64 位小写十六进制字符")
	c.need(d.Added <= maxSize && d.Removed <= maxSize && d.Changed <= maxSize, "difference 的数量超出范围")
}

// records reads a population line by line and checks it like scan does.
type records struct {
	r    *bufio.Reader
	file string
	line int
	rec  Record
	done bool
}

func (s *records) next() error {
	text, err := s.r.ReadString('\n')
	if err == io.EOF && text == "" {
		s.done = true
		return nil
	}
	s.line++
	if err == io.EOF {
		return fault(s.file, s.line, "最后一行没有换行符，文件可能被截断")
	}
	if err != nil {
		return err
	}
	rec, err := ParseRecord(strings.TrimSuffix(text, "\n"))
	if err != nil {
		return fault(s.file, s.line, "%s", err)
	}
	if s.line > 1 && s.rec.ID >= rec.ID {
		return fault(s.file, s.line, "代码重复，或未按代码的字节顺序排列")
	}
	s.rec = rec
	return nil
}

// Compare writes difference.tsv, a line for each object added (+), removed (-)
// or changed (~), with a reason code: reasons gives it, "-" stands for none. Salts
// do not count.
func Compare(suite Suite, previous Hash, old, new io.Reader, reasons map[string]string, out io.Writer) (Difference, error) {
	a := &records{r: bufio.NewReader(old), file: "previous/" + PopulationFile}
	b := &records{r: bufio.NewReader(new), file: PopulationFile}
	d := Difference{Previous: previous.String()}
	h := suite.new()
	w := bufio.NewWriter(io.MultiWriter(out, h))
	write := func(id, sign string) error {
		reason := reasons[id]
		if reason == "" {
			reason = "-"
		}
		if !isCode(reason, 16, className) {
			return fault(DifferenceFile, 0, "代码 %s 的原因代码应为 1 至 16 位字母、数字、点、下划线或连字符", id)
		}
		_, err := fmt.Fprintf(w, "%s\t%s\t%s\n", id, sign, reason)
		return err
	}
	if err := firstOf(a.next(), b.next()); err != nil {
		return d, err
	}
	for !a.done || !b.done {
		var err error
		switch {
		case b.done || !a.done && a.rec.ID < b.rec.ID:
			d.Removed++
			err = firstOf(write(a.rec.ID, "-"), a.next())
		case a.done || b.rec.ID < a.rec.ID:
			d.Added++
			err = firstOf(write(b.rec.ID, "+"), b.next())
		default:
			if x, y := a.rec, b.rec; x.without() != y.without() {
				d.Changed++
				err = write(y.ID, "~")
			}
			err = firstOf(err, a.next(), b.next())
		}
		if err != nil {
			return d, err
		}
	}
	if err := w.Flush(); err != nil {
		return d, err
	}
	var sum Hash
	h.Sum(sum[:0])
	d.Digest = sum.String()
	return d, nil
}

// without is the record without its salt.
func (r Record) without() Record {
	r.Salt = ""
	return r
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// ReadDifference checks a difference.tsv against the lock.
func ReadDifference(suite Suite, r io.Reader, want Difference) error {
	got := Difference{Previous: want.Previous}
	h := suite.new()
	s := bufio.NewReader(io.TeeReader(r, h))
	before := ""
	for n := 1; ; n++ {
		text, err := s.ReadString('\n')
		if err == io.EOF && text == "" {
			break
		}
		if err != nil {
			return fault(DifferenceFile, n, "最后一行没有换行符，文件可能被截断")
		}
		f := strings.Split(strings.TrimSuffix(text, "\n"), "\t")
		if len(f) != 3 || !isCode(f[0], 32, classID) || f[0] <= before || !isCode(f[2], 16, className) {
			return fault(DifferenceFile, n, "应为按代码排序且不重复的“代码、+ - 或 ~、原因代码”三个字段")
		}
		switch before = f[0]; f[1] {
		case "+":
			got.Added++
		case "-":
			got.Removed++
		case "~":
			got.Changed++
		default:
			return fault(DifferenceFile, n, "第二个字段应为 +、- 或 ~")
		}
	}
	var sum Hash
	h.Sum(sum[:0])
	if got.Digest = sum.String(); got != want {
		return fault(DifferenceFile, 0, "与 lock.json 中的变更数量或摘要不符")
	}
	return nil
}
