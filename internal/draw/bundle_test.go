package draw

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"testing"
	"testing/fstest"
)

// files writes the documents and lists of a draw as the files of a bundle.
func (w *whole) files(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{PopulationFile: w.data}
	put := func(name string, data []byte, err error) {
		if err != nil {
			t.Fatal(name, err)
		}
		files[name] = data
	}
	data, err := w.Manifest.Encode()
	put(ManifestFile, data, err)
	data, err = Document(LockFile, w.Lock)
	put(LockFile, data, err)
	data, err = Document(CommitsFile, w.Commits)
	put(CommitsFile, data, err)
	data, err = Document(RevealsFile, w.Reveals)
	put(RevealsFile, data, err)
	data, err = Document(EventFile, w.Event)
	put(EventFile, data, err)
	data, err = Document(EnvelopesFile, w.Envelopes)
	put(EnvelopesFile, data, err)
	data, err = Document(ResultFile, w.Result)
	put(ResultFile, data, err)
	data, err = Document(OpeningFile, w.opening)
	put(OpeningFile, data, err)
	var b bytes.Buffer
	err = WriteList(&b, w.drawn.Picks)
	put(ResultList, bytes.Clone(b.Bytes()), err)
	b.Reset()
	err = WriteList(&b, w.drawn.Reserve)
	put(ReserveList, bytes.Clone(b.Bytes()), err)
	b.Reset()
	err = WritePublic(&b, w.Manifest.Suite, bytes.NewReader(w.data))
	put(PublicFile, bytes.Clone(b.Bytes()), err)
	return files
}

func fsOf(files map[string][]byte) fstest.MapFS {
	m := fstest.MapFS{}
	for name, data := range files {
		m[name] = &fstest.MapFile{Data: data}
	}
	return m
}

// sealed adds the lists of digests.
func sealedFiles(t testing.TB, files map[string][]byte) map[string][]byte {
	t.Helper()
	delete(files, SHA256Sums)
	delete(files, SM3Sums)
	bundle := fsOf(files)
	sums, err := Sums(bundle)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(files, sums)
	return files
}

// exampleBundle is a whole supervised bundle with a substitution and a proof.
func exampleBundle(t testing.TB, s Suite) map[string][]byte {
	w := drawnWhole(t, s, "open", 400)
	files := w.files(t)
	delete(files, PublicFile)
	roll := NewRoll(w.drawn.Picks, w.drawn.Reserve)
	first := w.drawn.Picks[0]
	sub, err := roll.Replace(Substitution{Time: "2027-01-05T01:00:00Z", Task: first.Task, Stratum: first.Stratum, Tier: first.Tier, Rank: first.Rank,
		Reason: "closed", Evidence: secretOf("evidence"), Approver: "王局长"})
	if err != nil {
		t.Fatal(err)
	}
	files[SubstitutionsFile] = []byte(sub.Line(1) + "\n")
	w.Opening = w.opening
	index := 6
	rec, _, err := Find(bytes.NewReader(w.data), PopulationFile, syntheticRecord(index, []string{"x"}).ID)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.NewProof(w.pool, w.ranking, nil, rec, index)
	if err != nil {
		t.Fatal(err)
	}
	if files[ProofFile], err = p.Encode(); err != nil {
		t.Fatal(err)
	}
	return sealedFiles(t, files)
}

// verifyAll is what a verifier does at level L3.
func verifyAll(files map[string][]byte) error {
	bundle := fsOf(files)
	if err := CheckSums(bundle); err != nil {
		return err
	}
	c, err := Load(bundle)
	if err != nil {
		return err
	}
	if err := CheckRuns(c.Manifest, bundle); err != nil {
		return err
	}
	seed, err := c.Seed()
	if err != nil {
		return err
	}
	keys := seed.Keys(c.Manifest)
	lists, listed := ReadLists(c.Manifest, c.Result, keys, [2]io.Reader{bytes.NewReader(files[ResultList]), bytes.NewReader(files[ReserveList])})
	known := map[string]bool{}
	for _, p := range slices.Concat(lists[:]...) {
		known[p.ID] = false
	}
	census, err := ReadPopulation(c, keys, bytes.NewReader(files[PopulationFile]), known)
	if err != nil {
		return err
	}
	if _, err := CheckFiles(c, bundle); err != nil {
		return err
	}
	if err := firstOf(CheckKnown(lists, known), listed); err != nil {
		return err
	}
	if err := NewRoll(lists[0], lists[1]).Read(bytes.NewReader(files[SubstitutionsFile])); err != nil {
		return err
	}
	return census.Check(lists[0], lists[1])
}

// The public list gives the root that was locked, and knows who is in it.
func TestPublicList(t *testing.T) {
	both(t, func(t *testing.T, s Suite) {
		w := drawnWhole(t, s, "open", 2*slabSize+7)
		in := syntheticRecord(slabSize, []string{"x"}).ID
		known := map[string]bool{in: false, "XK-2026-0001": false}
		got, err := ReadPublic(s, bytes.NewReader(w.files(t)[PublicFile]), known)
		if err != nil || got != w.Lock.Population || !known[in] || known["XK-2026-0001"] {
			t.Errorf("%v %v %v", got, known, err)
		}
	})
}

func TestBundleVerifies(t *testing.T) {
	both(t, func(t *testing.T, s Suite) {
		if err := verifyAll(exampleBundle(t, s)); err != nil {
			t.Error(err)
		}
	})
}
