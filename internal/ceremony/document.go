package ceremony

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"suicha/internal/draw"
	"suicha/verify"
)

// VerifierName is the page's name in a bundle, and among the programs that an
// announcement vouches for.
const VerifierName = "verify.html"

// Programs are the verifiers that this program vouches for.
func Programs(s draw.Suite) ([]draw.Program, error) {
	page, err := verify.Page()
	if err != nil {
		return nil, err
	}
	return []draw.Program{{Name: VerifierName, Digest: s.Hash(page).String()}}, nil
}

// After ties a manifest to the run before, which was void, and returns the records
// of all runs before under their names: the next bundle carries them.
func After(m *draw.Manifest, past fs.FS) (map[string][]byte, error) {
	c, err := draw.Load(past)
	if err != nil {
		return nil, err
	}
	record, err := fs.ReadFile(past, draw.VoidFile)
	if err != nil {
		return nil, &draw.Fault{File: draw.VoidFile, Text: "没有作废记录，请先作废"}
	}
	void, err := draw.ParseVoid(draw.VoidFile, record, c.Manifest)
	if err != nil {
		return nil, err
	}
	m.Run, m.Void = c.Manifest.Run+1, void.Digest(m.Suite).String()
	if err := m.Follows(c.Manifest, void); err != nil {
		return nil, err
	}
	first, err := c.Manifest.Encode()
	if err != nil {
		return nil, err
	}
	dir := fmt.Sprintf("run-%d/", c.Manifest.Run)
	runs := map[string][]byte{dir + draw.ManifestFile: first, dir + draw.VoidFile: record}
	for run := range c.Manifest.Run - 1 {
		for _, name := range []string{draw.ManifestFile, draw.VoidFile} {
			name = fmt.Sprintf("run-%d/%s", run+1, name)
			if runs[name], err = fs.ReadFile(past, name); err != nil {
				return nil, err
			}
		}
	}
	return runs, nil
}

// Lock fixes the population, the inputs of the matching and more files, without a
// difference to the list before: R68.
func Lock(m *draw.Manifest, files fs.FS, at string, more ...string) (*draw.Lock, error) {
	population, err := Population(files)
	if err != nil {
		return nil, err
	}
	defer population.Close()
	pool, err := draw.ReadPool(m, population, draw.PopulationFile)
	if err != nil {
		return nil, err
	}
	l := &draw.Lock{Doc: "SDP1.lock", Batch: m.Batch, Run: m.Run, Time: at, Manifest: m.Digest().String(),
		Population: pool.Root(), Counts: pool.Counts, Files: []draw.File{}}
	in, err := ReadInputs(m, files)
	if err != nil {
		return nil, err
	}
	if in != nil {
		more = append(more, draw.MatchInputs...)
	}
	for _, name := range slices.Sorted(slices.Values(more)) {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		l.Files = append(l.Files, draw.File{Name: name, Size: uint64(len(data)), Digest: m.Suite.Hash(data).String()})
	}
	return l, nil
}

// Compare compares the population with that of a draw before, and returns
// difference.tsv: what was added, removed and changed, with the reasons given.
func Compare(suite draw.Suite, past, files fs.FS, reasons map[string]string) (draw.Difference, []byte, error) {
	c, err := draw.Load(past)
	if err != nil {
		return draw.Difference{}, nil, err
	}
	if c.Lock == nil {
		return draw.Difference{}, nil, &draw.Fault{File: draw.LockFile, Text: "上一次抽取没有锁定"}
	}
	before, err := Population(past)
	if err != nil {
		return draw.Difference{}, nil, err
	}
	defer before.Close()
	pool, err := draw.ReadPool(c.Manifest, before, draw.PopulationFile)
	if err != nil {
		return draw.Difference{}, nil, err
	}
	if pool.Root() != c.Lock.Population {
		return draw.Difference{}, nil, &draw.Fault{File: draw.PopulationFile, Text: "与上一次锁定时不一致"}
	}
	if _, err := before.Seek(0, io.SeekStart); err != nil {
		return draw.Difference{}, nil, err
	}
	now, err := Population(files)
	if err != nil {
		return draw.Difference{}, nil, err
	}
	defer now.Close()
	var text bytes.Buffer
	d, err := draw.Compare(suite, pool.Tree.Root(), before, now, reasons, &text)
	return d, text.Bytes(), err
}

// Parse reads a document that a contributor sent, strictly: no unknown or repeated
// field.
func Parse[T draw.Commit | draw.Reveal](name string, text []byte) (doc T, err error) {
	text, err = draw.Canonical(name, text)
	if err != nil {
		return doc, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return doc, &draw.Fault{File: name, Line: 1, Text: "字段与格式不符"}
	}
	return doc, nil
}

// OfRole are the contributors of a role, in order of names.
func OfRole(m *draw.Manifest, role string) []draw.Contributor {
	return slices.DeleteFunc(slices.Clone(m.Contributors), func(x draw.Contributor) bool { return x.Role != role })
}

// A Gathering collects exactly one document of each of some contributors.
type Gathering[T any] struct {
	From []draw.Contributor
	What string // of the documents, for messages
	Name func(T) string
	docs map[string]T
}

// Take adds a document.
func (g *Gathering[T]) Take(doc T) error {
	name := g.Name(doc)
	_, twice := g.docs[name]
	switch {
	case !slices.ContainsFunc(g.From, func(x draw.Contributor) bool { return x.Name == name }):
		return fmt.Errorf("“%s”不在应交%s的各方之列", name, g.What)
	case twice:
		return fmt.Errorf("%s 的%s重复", name, g.What)
	}
	if g.docs == nil {
		g.docs = map[string]T{}
	}
	g.docs[name] = doc
	return nil
}

// All returns the documents in the order of the contributors, or who is missing.
func (g *Gathering[T]) All() (list []T, missing []string) {
	list = make([]T, 0, len(g.From))
	for _, x := range g.From {
		doc, ok := g.docs[x.Name]
		if !ok {
			missing = append(missing, x.Name)
		}
		list = append(list, doc)
	}
	return list, missing
}

// Commitments gathers what all contributors commit to.
func Commitments(m *draw.Manifest) Gathering[draw.Commit] {
	return Gathering[draw.Commit]{From: m.Contributors, What: "承诺", Name: func(x draw.Commit) string { return x.Name }}
}

// Secrets gathers what the contributors of a role reveal.
func Secrets(m *draw.Manifest, role string) Gathering[draw.Reveal] {
	return Gathering[draw.Reveal]{From: OfRole(m, role), What: "随机数", Name: func(x draw.Reveal) string { return x.Name }}
}

// Commit adds the commitments of all contributors to the ceremony.
func Commit(c *draw.Ceremony, commits []draw.Commit) {
	m := c.Manifest
	c.Commits = &draw.Commits{Doc: "SDP1.commits", Batch: m.Batch, Run: m.Run, Lock: c.Lock.Digest(m.Suite).String(), Commits: commits}
}

// Reveal adds the secrets of the open contributors.
func Reveal(c *draw.Ceremony, reveals []draw.Reveal) {
	m := c.Manifest
	c.Reveals = &draw.Reveals{Doc: "SDP1.reveals", Batch: m.Batch, Run: m.Run, Commits: c.Commits.Digest(m.Suite).String(), Reveals: reveals}
}

// Unseal adds the secrets of the sealed contributors.
func Unseal(c *draw.Ceremony, reveals []draw.Reveal) {
	m := c.Manifest
	c.Envelopes = &draw.Envelopes{Doc: "SDP1.envelopes", Batch: m.Batch, Run: m.Run, Event: c.Event.Digest(m.Suite).String(), Reveals: reveals}
}

// Void is the record that ends a run without a result.
func Void(c *draw.Ceremony, at, phase, reason string, defaulters []string) (*draw.Void, error) {
	m := c.Manifest
	if c.Result != nil {
		return nil, &draw.Fault{File: draw.ResultFile, Text: "已经有结果，不能作废：不得因为结果而重抽"}
	}
	v := &draw.Void{Doc: "SDP1.void", Batch: m.Batch, Run: m.Run, Time: at, Phase: phase, Reason: reason,
		Defaulters: append([]string{}, slices.Sorted(slices.Values(defaulters))...), Last: c.Last().String()}
	return v, v.CheckVoid(m)
}
