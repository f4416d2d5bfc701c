package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"suicha/internal/draw"
	"suicha/internal/match"
)

func at(clock string) string { return "2026-11-20T" + clock + "Z" }

func secret(name string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte("secret of "+name))) }

var urn = draw.Source{Code: "urn", Title: "现场六球", Kind: "urn", Parts: []draw.Part{{Count: 6, Min: 0, Max: 9, Ordered: 1}}}
var ssq = draw.Source{Code: "ssq", Title: "双色球", Kind: "lottery", Parts: []draw.Part{{Count: 6, Min: 1, Max: 33}, {Count: 1, Min: 1, Max: 16}}}
var dlt = draw.Source{Code: "dlt", Title: "大乐透", Kind: "lottery", Parts: []draw.Part{{Count: 5, Min: 1, Max: 35}, {Count: 2, Min: 1, Max: 12}}}
var pl3 = draw.Source{Code: "pl3", Title: "排列三", Kind: "lottery", Parts: []draw.Part{{Count: 3, Min: 0, Max: 9, Ordered: 1}}}
var rnd = draw.Source{Code: "drand", Title: "drand quicknet", Kind: "beacon", Parts: []draw.Part{}, Hex: 64}
var wide = draw.Source{Code: "w", Title: "三位数", Kind: "urn", Parts: []draw.Part{{Count: 4, Min: 7, Max: 123}}}

type eventCase struct {
	Name      string         `json:"name"`
	Sealed    int            `json:"sealed"` // 1 if there are sealed contributors
	Sources   []draw.Source  `json:"sources"`
	Reserves  []draw.Source  `json:"reserves"`
	Cancelled []string       `json:"cancelled"`
	Outcomes  []draw.Outcome `json:"outcomes"`
	Want      string         `json:"want"`
	Error     int            `json:"error"`
}

func got(code string, numbers ...[]uint64) draw.Outcome {
	if numbers == nil {
		numbers = [][]uint64{}
	}
	return draw.Outcome{Code: code, Issue: "1", Time: at("05:00:00"), Numbers: numbers}
}

func eventCases() (cases []any) {
	nums := func(n ...uint64) []uint64 { return n }
	balls := got("urn", nums(4, 0, 9, 9, 1, 7))
	lot := got("ssq", nums(33, 7, 12, 3, 25, 19), nums(8))
	beacon := got("drand")
	beacon.Hex = secret("round")
	none := []string{}
	add := func(name string, sealed int, sources, reserves []draw.Source, cancelled []string, outcomes ...draw.Outcome) {
		m := &draw.Manifest{Event: draw.EventPlan{Sources: sources, Reserves: reserves}}
		if sealed == 1 {
			m.Contributors = []draw.Contributor{{Role: "sealed"}, {Role: "sealed"}}
		}
		want, err := m.EventText(cancelled, outcomes)
		cases = append(cases, eventCase{name, sealed, sources, reserves, cancelled, outcomes, want, failed(err)})
	}
	of := func(s ...draw.Source) []draw.Source { return append([]draw.Source{}, s...) }
	add("urn and lottery", 1, of(ssq, urn), of(), none, lot, balls)
	add("other order", 1, of(urn, ssq), of(), none, balls, lot)
	add("outcomes in the wrong order", 1, of(urn, ssq), of(), none, lot, balls)
	add("urn alone, sealed", 1, of(urn), of(), none, balls)
	add("urn alone, not sealed", 0, of(urn), of(), none, balls)
	add("lottery alone, not sealed", 0, of(ssq), of(), none, lot)
	add("three digits", 1, of(pl3), of(), none, got("pl3", nums(0, 0, 7)))
	add("three digits and balls", 1, of(pl3, urn), of(), none, got("pl3", nums(0, 0, 7)), balls)
	add("beacon", 1, of(rnd), of(), none, beacon)
	add("beacon alone, not sealed", 0, of(rnd), of(), none, beacon)
	add("beacon too short", 1, of(rnd), of(), none, draw.Outcome{Code: "drand", Numbers: [][]uint64{}, Hex: "ab"})
	add("beacon in capitals", 1, of(rnd), of(), none, draw.Outcome{Code: "drand", Numbers: [][]uint64{}, Hex: strings.ToUpper(beacon.Hex)})
	add("beacon with numbers", 1, of(rnd), of(), none, draw.Outcome{Code: "drand", Numbers: [][]uint64{{1}}, Hex: beacon.Hex})
	add("width of three", 1, of(wide), of(), none, got("w", nums(123, 7, 45, 100)))
	add("below the least", 1, of(wide), of(), none, got("w", nums(123, 6, 45, 100)))
	add("above the greatest", 1, of(ssq), of(), none, got("ssq", nums(34, 7, 12, 3, 25, 19), nums(8)))
	add("a number twice", 1, of(ssq), of(), none, got("ssq", nums(7, 7, 12, 3, 25, 19), nums(8)))
	add("a number short", 1, of(ssq), of(), none, got("ssq", nums(7, 12, 3, 25, 19), nums(8)))
	add("a part short", 1, of(ssq), of(), none, got("ssq", nums(33, 7, 12, 3, 25, 19)))
	add("an outcome short", 1, of(ssq, urn), of(), none, lot)
	add("numbers with a value", 1, of(urn), of(), none, draw.Outcome{Code: "urn", Numbers: balls.Numbers, Hex: "ab"})
	other := got("dlt", nums(35, 1, 20, 2, 11), nums(12, 3))
	add("cancelled, reserve", 1, of(ssq, urn), of(dlt), []string{"ssq"}, other, balls)
	add("cancelled, none left", 1, of(ssq, urn), of(), []string{"ssq"}, balls)
	add("both cancelled", 1, of(ssq, urn), of(dlt, rnd), []string{"ssq", "urn"}, other, beacon)
	add("reserve cancelled too", 1, of(ssq, urn), of(dlt, rnd), []string{"dlt", "ssq"}, beacon, balls)
	add("reserve cancelled, not needed", 1, of(ssq, urn), of(dlt), []string{"dlt"}, lot, balls)
	add("reserve too small", 1, of(ssq), of(pl3), []string{"ssq"}, got("pl3", nums(1, 2, 3)))
	add("outcome of the cancelled one", 1, of(ssq, urn), of(dlt), []string{"ssq"}, lot, balls)
	return cases
}

// A run is a ceremony of this program, with its draw.
type run struct {
	*draw.Ceremony
	pool       *draw.Pool
	ranking    *draw.Ranking
	opening    *draw.Opening
	population []byte

	matching *match.Problem // of a matched draw
	needs    *match.Needs
	terms    match.Terms
	objects  []match.Drawn
}

// manifest is a small one: two tasks that share tickets, and one that does not.
func manifest(s draw.Suite, mode string, sealed bool) (*draw.Manifest, map[string]draw.Signer) {
	signers := map[string]draw.Signer{}
	m := &draw.Manifest{Doc: "SDP1.manifest", Batch: "vectors-" + mode, Run: 1, Time: at("00:00:00"), Suite: s, Mode: mode, Title: "试抽", Operator: "联席会议办公室",
		Period: "year", Cap: 2, Lambda: [2]uint64{1, 4},
		Tasks: []draw.Task{
			{Code: "A", Title: "甲", Lead: "甲局", Departments: []string{"甲局"}, Items: []string{"甲项"}, Group: "g", Quota: "rate", Strata: []draw.Stratum{{Code: "1", Rate: 2000}, {Code: "2", Rate: 10000}}, Reserve: 2},
			{Code: "B", Title: "乙", Lead: "乙局", Departments: []string{"乙局", "甲局"}, Items: []string{}, Group: "g", Quota: "total", Total: 5, Strata: []draw.Stratum{{Code: "1"}, {Code: "2"}}, Reserve: 1},
			{Code: "C", Title: "丙", Lead: "丙局", Departments: []string{"丙局"}, Items: []string{}, Group: "h", Quota: "rate", Strata: []draw.Stratum{{Code: "1"}, {Code: "2", Rate: 500}}},
		},
		Scopes: []draw.Scope{{Code: "a", Tasks: []string{"A", "B"}}, {Code: "b", Tasks: []string{"A", "B", "C"}}, {Code: "z", Tasks: []string{}}},
		Event:  draw.EventPlan{NotBefore: at("04:00:00"), Sources: []draw.Source{ssq}, Reserves: []draw.Source{}}, Deadlines: draw.Deadlines{Commit: at("02:00:00"), Reveal: at("03:00:00"), Envelopes: at("06:00:00")},
		Programs: []draw.Program{}}
	roles := map[string]string{"甲局": "open", "乙局": "open"}
	holders := map[string]string{}
	if sealed {
		roles["公证处"], roles["纪检组"], holders["公证处"], holders["纪检组"] = "sealed", "sealed", "纪检组", "公证处"
	}
	if mode == "sealed" {
		roles["保管方"], m.Opening = "custodian", "2026-12-31T00:00:00Z"
	}
	for _, name := range slices.Sorted(maps.Keys(roles)) {
		signers[name] = must(s.ParseSigner(fmt.Sprintf("%x", sha256.Sum256([]byte(name)))))
		m.Contributors = append(m.Contributors, draw.Contributor{Name: name, Role: roles[name], Key: signers[name].Public(), Holder: holders[name]})
	}
	return m, signers
}

func population() []byte {
	var b bytes.Buffer
	for n := range 60 {
		id := credit(fmt.Sprintf("91370687%09d", n*n*1000+n))
		visits := []int{0, 0, 1, 0, 2}[n%5]
		salt := fmt.Sprintf("%x", sha256.Sum256([]byte{byte(n)}))[:16]
		fmt.Fprintf(&b, "%s\tu\t%d\t%d\t370687\t%c\t%s\n", id, n%7/5+1, visits, "aabz"[n%4], salt)
	}
	return b.Bytes()
}

func (r *run) reveals(role, clock string) []draw.Reveal {
	list := []draw.Reveal{}
	for _, c := range r.Manifest.Contributors {
		if c.Role == role {
			list = append(list, draw.Reveal{Name: c.Name, Time: at(clock), Secret: secret(c.Name)})
		}
	}
	return list
}

// hold holds a whole ceremony and draws.
func hold(s draw.Suite, mode string, sealed bool) *run {
	m, signers := manifest(s, mode, sealed)
	r := &run{Ceremony: &draw.Ceremony{Manifest: m}, population: population()}
	custody := r.ceremony(signers, nil)
	keys := must(r.Seed(custody...)).Keys(m)
	r.ranking = must(draw.Rank(m, r.Lock, keys, bytes.NewReader(r.population), draw.PopulationFile))
	r.Result = must(r.NewResult(r.ranking, keys, nil))
	r.opening = must(r.NewOpening(at("08:00:00"), custody...))
	return r
}

// ceremony makes the documents from the lock, which fixes some files, to the
// envelopes, and returns what the custodian reveals at last.
func (r *run) ceremony(signers map[string]draw.Signer, fixed []draw.File) []draw.Reveal {
	m := r.Manifest
	s := m.Suite
	r.pool = must(draw.ReadPool(m, bytes.NewReader(r.population), draw.PopulationFile))
	r.Lock = &draw.Lock{Doc: "SDP1.lock", Batch: m.Batch, Run: 1, Time: at("01:00:00"), Manifest: m.Digest().String(), Population: r.pool.Root(), Counts: r.pool.Counts, Files: append([]draw.File{}, fixed...)}
	r.Commits = &draw.Commits{Doc: "SDP1.commits", Batch: m.Batch, Run: 1, Lock: r.Lock.Digest(s).String()}
	for _, c := range m.Contributors {
		when := must(time.Parse(time.RFC3339, at("01:30:00")))
		r.Commits.Commits = append(r.Commits.Commits, must(r.Commit(c.Name, secret(c.Name), signers[c.Name], when)))
	}
	r.Reveals = &draw.Reveals{Doc: "SDP1.reveals", Batch: m.Batch, Run: 1, Commits: r.Commits.Digest(s).String(), Reveals: r.reveals("open", "02:30:00")}
	outcomes := []draw.Outcome{got("ssq", []uint64{30, 2, 14, 9, 21, 6}, []uint64{11})}
	r.Event = &draw.Event{Doc: "SDP1.event", Batch: m.Batch, Run: 1, Reveals: r.Reveals.Digest(s).String(), Cancelled: []string{}, Outcomes: outcomes, Text: must(m.EventText(nil, outcomes))}
	r.Envelopes = &draw.Envelopes{Doc: "SDP1.envelopes", Batch: m.Batch, Run: 1, Event: r.Event.Digest(s).String(), Reveals: r.reveals("sealed", "05:30:00")}
	return r.reveals("custodian", "07:00:00")
}

// documents are the files of the ceremony.
func (r *run) documents() map[string]string {
	files := map[string]string{draw.ManifestFile: string(must(r.Manifest.Encode()))}
	files[draw.LockFile] = string(must(draw.Document(draw.LockFile, r.Lock)))
	files[draw.CommitsFile] = string(must(draw.Document(draw.CommitsFile, r.Commits)))
	files[draw.RevealsFile] = string(must(draw.Document(draw.RevealsFile, r.Reveals)))
	files[draw.EventFile] = string(must(draw.Document(draw.EventFile, r.Event)))
	files[draw.EnvelopesFile] = string(must(draw.Document(draw.EnvelopesFile, r.Envelopes)))
	files[draw.ResultFile] = string(must(draw.Document(draw.ResultFile, r.Result)))
	files[draw.OpeningFile] = string(must(draw.Document(draw.OpeningFile, r.opening)))
	return files
}

type ceremonyCase struct {
	Name  string            `json:"name"`
	Files map[string]string `json:"files"`
	Seed  string            `json:"seed"`
	Keys  []draw.GroupKey   `json:"keys"`
	Error int               `json:"error"`
	File  string            `json:"file"` // the file at fault
}

// check loads the files as a verifier does.
func check(name string, files map[string]string) ceremonyCase {
	c := ceremonyCase{Name: name, Files: maps.Clone(files), Keys: []draw.GroupKey{}}
	bundle := fstest.MapFS{}
	for name, text := range files {
		bundle[name] = &fstest.MapFile{Data: []byte(text)}
	}
	r, err := draw.Load(bundle)
	var f *draw.Fault
	if errors.As(err, &f) {
		c.Error, c.File = 1, f.File
	} else if r.Opening != nil {
		c.Seed, c.Keys = r.Opening.Seed, r.Opening.Keys
	}
	return c
}

func ceremonyCases() (cases []any) {
	for _, s := range suites {
		for _, mode := range []string{"open", "sealed"} {
			files := hold(s, mode, mode == "sealed" || s == draw.SM3).documents()
			name := fmt.Sprintf("%s, %s", s, mode)
			cases = append(cases, check(name, files))
			change := func(what, file, old, new string) {
				changed := maps.Clone(files)
				if changed[file] = strings.Replace(files[file], old, new, 1); changed[file] == files[file] {
					panic(what + ": nothing changed")
				}
				cases = append(cases, check(name+": "+what, changed))
			}
			without := func(what string, names ...string) {
				fewer := maps.Clone(files)
				for _, n := range names {
					delete(fewer, n)
				}
				cases = append(cases, check(name+": "+what, fewer))
			}
			without("not opened", draw.OpeningFile)
			without("a document missing", draw.RevealsFile)
			without("stopped after the commitments", draw.RevealsFile, draw.EventFile, draw.EnvelopesFile, draw.ResultFile, draw.OpeningFile)
			change("another rate", draw.ManifestFile, `"rate":2000`, `"rate":2001`)
			change("a rate above 100 %", draw.ManifestFile, `"rate":2000`, `"rate":10001`)
			change("a space", draw.ManifestFile, `,"cap"`, `, "cap"`)
			change("an unknown field", draw.LockFile, `{"batch"`, `{"a":1,"batch"`)
			change("a later lock", draw.LockFile, "T01:00:00Z", "T01:45:00Z")
			change("another secret", draw.RevealsFile, secret("甲局"), secret("丁局"))
			change("a reveal missing", draw.RevealsFile, secret("甲局"), "")
			change("a reveal after the deadline", draw.RevealsFile, "T02:30:00Z", "T03:00:01Z")
			change("an event too early", draw.EventFile, "T05:00:00Z", "T03:59:59Z")
			change("another number", draw.EventFile, "[30,2,", "[31,2,")
			change("another number and text", draw.EventFile, "02.06.09", "02.06.10")
			change("another seed", draw.OpeningFile, `"seed":"`, `"seed":"0`)
			change("another size", draw.ResultFile, `"drawn":1`, `"drawn":2`)
			if mode == "sealed" {
				change("another secret of the custodian", draw.OpeningFile, secret("保管方"), secret("丁局"))
			}
		}
	}
	return cases
}

type proofCase struct {
	Name   string   `json:"name"`
	File   string   `json:"file"`   // proof.json
	Result string   `json:"result"` // digest of the result
	Opened int      `json:"opened"`
	Places []string `json:"places"` // task, rank, N, n, state
	Error  int      `json:"error"`
}

func checkProof(name, file string) proofCase {
	c := proofCase{Name: name, File: file, Places: []string{}}
	v, err := draw.VerifyProof(draw.ProofFile, []byte(file))
	if err != nil {
		c.Error = 1
		return c
	}
	if v.Result != (draw.Hash{}) {
		c.Result = v.Result.String()
	}
	if v.Opened {
		c.Opened = 1
	}
	for _, p := range v.Places {
		c.Places = append(c.Places, fmt.Sprintf("%s %d %d %d %s", p.Task, p.Rank, p.Size, p.Drawn, p.State))
	}
	return c
}

func proofCases() (cases []any) {
	for _, s := range suites {
		r := hold(s, "sealed", true)
		for index := range 12 {
			line := strings.Split(string(r.population), "\n")[index*5]
			rec := must(draw.ParseRecord(line))
			if r.Opening = nil; index%4 != 0 {
				r.Opening = r.opening
			}
			p := must(r.NewProof(r.pool, r.ranking, nil, rec, index*5))
			file := string(must(p.Encode()))
			name := fmt.Sprintf("%s, object %d", s, index*5)
			cases = append(cases, checkProof(name, file))
			if index == 1 {
				member := string(must(must(r.NewMember(r.pool, rec, index*5)).Encode()))
				cases = append(cases, checkProof(name+": in the list", member), checkProof(name+": a rank without a result",
					strings.Replace(file, `,"result":`+strings.TrimSpace(string(must(draw.Document(draw.ResultFile, r.Result)))), "", 1)))
				for what, pair := range map[string][2]string{
					"another salt": {rec.Salt, "AAAAAAAAAAAAAAAA"}, "an unknown stratum": {"u " + rec.Stratum, "u Z"}, "ranks": {`"ranks":[]`, `"ranks":[{"leaves":[],"rank":1,"task":"T1"}]`},
				} {
					cases = append(cases, checkProof(name+": in the list, "+what, strings.Replace(member, pair[0], pair[1], 1)))
				}
			}
			if index == 2 || index == 4 {
				for what, pair := range map[string][2]string{
					"another salt": {rec.Salt, "AAAAAAAAAAAAAAAA"}, "another index": {fmt.Sprintf(`"index":%d,"lock"`, index*5), fmt.Sprintf(`"index":%d,"lock"`, index*5+1)},
					"another rank": {`"rank":`, `"rank":1`}, "another size": {`"size":60`, `"size":61`}, "visits hidden": {" 0 370687", " 1 370687"},
				} {
					if changed := strings.Replace(file, pair[0], pair[1], 1); changed != file {
						cases = append(cases, checkProof(name+": "+what, changed))
					}
				}
			}
		}
	}
	slices.SortFunc(cases, func(a, b any) int { return strings.Compare(a.(proofCase).Name, b.(proofCase).Name) })
	return cases
}

type substitutionCase struct {
	Name    string   `json:"name"`
	Drawn   []string `json:"drawn"`   // lines of result.tsv
	Reserve []string `json:"reserve"` // lines of reserve.tsv
	File    string   `json:"file"`    // substitutions.tsv
	Want    []string `json:"want"`    // ids standing in the end
	Error   int      `json:"error"`
	Line    int      `json:"line"` // the line at fault
}

func substitutionCases() (cases []any) {
	pick := func(tier, rank int) draw.Pick {
		id := fmt.Sprintf("ID-%d-%03d", tier, rank)
		return draw.Pick{Task: "A", Stratum: "1", Tier: tier, Rank: rank, ID: id, Ticket: draw.Ticket(draw.SHA256, "DUMMY", id)}
	}
	drawn := []draw.Pick{pick(0, 1), pick(0, 2), pick(0, 3), pick(1, 1)}
	reserve := []draw.Pick{pick(0, 4), pick(0, 5)}
	when := func(i int) string { return fmt.Sprintf("2027-01-05T%02d:00:00Z", i) }
	add := func(name string, edit func(string) string, places ...[2]int) {
		c := substitutionCase{Name: name}
		for _, p := range drawn {
			c.Drawn = append(c.Drawn, p.Line())
		}
		for _, p := range reserve {
			c.Reserve = append(c.Reserve, p.Line())
		}
		roll := draw.NewRoll(drawn, reserve)
		for i, place := range places {
			s := draw.Substitution{Time: when(i), Task: "A", Stratum: "1", Tier: place[0], Rank: place[1], Reason: "closed", Evidence: secret("evidence"), Approver: "王局长"}
			s, _ = roll.Replace(s) // what is refused gives a line that must be refused
			c.File += s.Line(i+1) + "\n"
		}
		c.File = edit(c.File)
		roll = draw.NewRoll(drawn, reserve)
		err := roll.Read(io.Reader(strings.NewReader(c.File)))
		var f *draw.Fault
		if errors.As(err, &f) {
			c.Error, c.Line = 1, f.Line
		}
		c.Want = []string{}
		for _, p := range roll.Standing() {
			if err == nil {
				c.Want = append(c.Want, p.ID)
			}
		}
		cases = append(cases, c)
	}
	same := func(s string) string { return s }
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	add("none", same)
	add("one", same, [2]int{0, 2})
	add("two", same, [2]int{0, 2}, [2]int{0, 1})
	add("the substitute too", same, [2]int{0, 2}, [2]int{0, 4})
	add("reserve used up", same, [2]int{0, 1}, [2]int{0, 2}, [2]int{0, 3})
	add("no reserve in the cell", same, [2]int{1, 1})
	add("twice the same", same, [2]int{0, 2}, [2]int{0, 2})
	add("a reserve that does not stand", same, [2]int{0, 4})
	add("no such rank", same, [2]int{0, 9})
	add("the better substitute", replace("000000004\tID-0-004", "000000005\tID-0-005"), [2]int{0, 2})
	add("number of the line", replace("000001", "000002"), [2]int{0, 2})
	add("time before the line above", replace(when(0), when(9)), [2]int{0, 2}, [2]int{0, 1})
	add("no evidence", replace(secret("evidence"), ""), [2]int{0, 2})
	add("no approver", replace("王局长", ""), [2]int{0, 2})
	add("another object", replace("ID-0-002", "ID-0-003"), [2]int{0, 2})
	add("no line feed", func(s string) string { return strings.TrimSuffix(s, "\n") }, [2]int{0, 2})
	return cases
}
