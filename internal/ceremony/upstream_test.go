package ceremony_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
)

func packed(t testing.TB, suite draw.Suite) []byte {
	t.Helper()
	signer, _, err := suite.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	text, err := ceremony.NewPackage(ceremony.Package{
		Suite: suite, Sender: "烟台市市场监督管理局", Number: "370600-2026-p12", Title: "餐饮服务单位抽查", Ground: "市级联合抽查", Region: "370687",
		Time: "2026-03-01T00:00:00Z", Until: "2026-04-01T00:00:00Z",
	}, signer, []string{"B\t乙餐馆", "A\t-"})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// R64: a package that was made reads as it was made, and one that was altered in any
// file does not.
func TestPackagesAreSigned(t *testing.T) {
	for _, suite := range []draw.Suite{draw.SM3, draw.SHA256} {
		text := packed(t, suite)
		p, objects, err := ceremony.OpenPackage(text)
		if err != nil || p.Count != 2 || string(objects) != "A\t-\nB\t乙餐馆\n" {
			t.Fatalf("%s: %+v, %q, %v", suite, p, objects, err)
		}
		for _, change := range [][3]string{
			{"manifest.json", "370600-2026-p12", "370600-2026-p13"}, {"manifest.json", "370687", "370612"}, {"manifest.json", `"count":2`, `"count":2,"x":1`},
			{"manifest.json", "{", "{ "}, {"manifest.json", "市级联合抽查", ""}, {"objects.tsv", "B\t乙餐馆\n", ""}, {"objects.tsv", "B\t", "C\t"}, {"objects.tsv", "A\t-", "Z\t-"},
			{"objects.tsv", "\n", "\r\n"}, {"signature.txt", "\n", "00\n"}, {"signature.txt", "*", ""}, {"x.txt", "*", ""},
		} {
			if _, _, err := ceremony.OpenPackage(altered(t, text, change[0], change[1], change[2])); err == nil {
				t.Errorf("%s: a package with %q for %q in %s was read", suite, change[2], change[1], change[0])
			}
		}
	}
	for _, bad := range []string{"", "PK", strings.Repeat("x", 3<<20)} {
		if _, _, err := ceremony.OpenPackage([]byte(bad)); err == nil {
			t.Errorf("%.10q was read", bad)
		}
	}
}

// altered packs the files of a package again, with one of them changed, emptied or
// added.
func altered(t testing.TB, text []byte, name, old, becomes string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		whole, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(whole)
	}
	if old == "*" {
		files[name] = becomes
	} else {
		files[name] = strings.Replace(files[name], old, becomes, 1)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// FuzzOpenPackage reads whatever somebody brings.
func FuzzOpenPackage(f *testing.F) {
	f.Add(packed(f, draw.SHA256))
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, objects, err := ceremony.OpenPackage(text); err == nil && bytes.Count(objects, []byte("\n")) != p.Count {
			t.Errorf("%d objects of %d", bytes.Count(objects, []byte("\n")), p.Count)
		}
	})
}
