package draw

import (
	"bufio"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Names of the lists in a bundle.
const (
	ResultList  = "result.tsv"
	ReserveList = "reserve.tsv"
)

const listForm = "应有任务、分层、层级、九位序号、代码、签号六个字段"

// A Result (抽取结果) is logged before any key is public: the sizes of the draw,
// and for each cell the root of its complete order.
type Result struct {
	Doc        string      `json:"doc"` // "SDP1.result"
	Batch      string      `json:"batch"`
	Run        uint64      `json:"run"`
	Manifest   string      `json:"manifest"`  // digest
	Lock       string      `json:"lock"`      // digest
	Envelopes  string      `json:"envelopes"` // digest
	Cells      []Cell      `json:"cells"`
	Shortfalls []Shortfall `json:"shortfalls"`
	Teams      Commitment  `json:"teams"` // root and number of the teams; "" and 0 without matching
}

var errRehearsal = errors.New("演练密钥的结果不能作为正式抽取结果")

// NewResult makes the result document of a ranking, and of the teams if
// inspectors were matched. A rehearsal has none.
func (c *Ceremony) NewResult(r *Ranking, keys Keys, teams *Teams) (*Result, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.Envelopes == nil {
		return nil, fault(EnvelopesFile, 0, "缺少启封记录，不能形成结果")
	}
	if keys.dummy() {
		return nil, errRehearsal
	}
	m := c.Manifest
	_, short := Cells(m, c.Lock.Counts)
	return &Result{
		Doc: "SDP1.result", Batch: m.Batch, Run: m.Run,
		Manifest: m.Digest().String(), Lock: c.Lock.Digest(m.Suite).String(), Envelopes: c.Envelopes.Digest(m.Suite).String(),
		Cells: r.Cells, Shortfalls: short, Teams: teams.Root(),
	}, nil
}

func (d *Result) Digest(s Suite) Hash { return s.docDigest("SDP1.result", d) }

func (c *Ceremony) checkResult(k *checker) {
	d := c.Result
	c.head(k, d.Doc, "SDP1.result", d.Batch, d.Run, d.Envelopes, c.Envelopes.Digest(c.Manifest.Suite))
	c.checkSizes(k)
}

// checkSizes checks the result against manifest and lock alone.
func (c *Ceremony) checkSizes(k *checker) {
	m, d := c.Manifest, c.Result
	k.need(d.Manifest == m.Digest().String() && d.Lock == c.Lock.Digest(m.Suite).String(), "引用的 manifest 或 lock 的摘要不对")
	cells, short := Cells(m, c.Lock.Counts)
	same := func(got, want Cell) bool {
		root := got.Root
		got.Root = ""
		return got == want && isHex(root, 64)
	}
	k.need(slices.EqualFunc(d.Cells, cells, same), "cells 的数量与按公告和锁定计算的不符")
	k.need(slices.Equal(d.Shortfalls, short), "shortfalls 与按公告和锁定计算的不符")
	k.need(d.Teams == Commitment{} || isHex(d.Teams.Root, 64) && d.Teams.Size <= maxSize, "teams 的根或数量不对")
	k.need(d.Teams == Commitment{} || c.Lock.Matched(), "锁定时没有固定派组的文件，teams 应为空")
}

// Line is a pick as a line of result.tsv or reserve.tsv, without the line feed.
func (p Pick) Line() string { return string(p.append(nil)) }

func (p Pick) append(b []byte) []byte {
	b = append(append(append(append(b, p.Task...), '\t'), p.Stratum...), '\t')
	b = append(strconv.AppendInt(b, int64(p.Tier), 10), '\t')
	for unit := 100_000_000; unit > 1 && p.Rank < unit; unit /= 10 {
		b = append(b, '0')
	}
	b = append(strconv.AppendInt(b, int64(p.Rank), 10), '\t')
	return hex.AppendEncode(append(append(b, p.ID...), '\t'), p.Ticket[:])
}

// WriteList writes picks as result.tsv or reserve.tsv.
func WriteList(w io.Writer, picks []Pick) error {
	b := bufio.NewWriterSize(w, 1<<16)
	var line []byte
	for _, p := range picks {
		line = append(p.append(line[:0]), '\n')
		if _, err := b.Write(line); err != nil {
			return err
		}
	}
	return b.Flush()
}

// isRank reads a rank of nine digits.
func isRank(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && len(s) == 9 && only(s, classDigit)
}

// ParsePick reads a line of result.tsv or reserve.tsv.
func ParsePick(text string) (p Pick, ok bool) {
	f := strings.Split(text, "\t")
	if len(f) != 6 || !isCode(f[0], 16, className) || !isCode(f[1], 8, classCode) || f[2] != "0" && f[2] != "1" ||
		len(f[4]) < 4 || !isCode(f[4], 32, classID) {
		return p, false
	}
	rank, ok1 := isRank(f[3])
	ticket, ok2 := parseHash(f[5])
	return Pick{f[0], f[1], int(f[2][0] - '0'), rank, f[4], ticket}, ok1 && ok2
}

// ReadList reads result.tsv or reserve.tsv and checks its form.
func ReadList(r io.Reader, file string) ([]Pick, error) {
	var picks []Pick
	err := eachLine(r, file, func(n int, text string) error {
		p, ok := ParsePick(text)
		if !ok {
			return fault(file, n, listForm)
		}
		picks = append(picks, p)
		return nil
	})
	return picks, err
}

// eachLine calls do for every line, from 1, without its line feed.
func eachLine(r io.Reader, file string, do func(n int, text string) error) error {
	s := bufio.NewReader(r)
	for n := 1; ; n++ {
		text, err := s.ReadString('\n')
		if err == io.EOF && text == "" {
			return nil
		}
		if err == io.EOF {
			return fault(file, n, "最后一行没有换行符，文件可能被截断")
		}
		if err != nil {
			return err
		}
		if err := do(n, strings.TrimSuffix(text, "\n")); err != nil {
			return err
		}
	}
}
