package ceremony

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"suicha/internal/draw"
)

// Names of the files of a package.
const (
	PackageManifest  = "manifest.json"
	PackageObjects   = "objects.tsv"
	PackageSignature = "signature.txt"
)

// Most of a package: bytes of the file, bytes of what it holds, objects.
const (
	PackageMost   = 700 << 10
	unpackedMost  = 8 << 20
	PackageLines  = 20_000
	packageText   = 200
	packageNumber = 60
)

// A Package (名单包) is a list of objects that a superior dispatches: R64,
// 海政办发〔2020〕2号 二(五)2 "也可接收上级发起部门派发的名单". It is a zip of three files; the
// signature is over the manifest, which has the digest of the objects. It can travel on
// paper or a stick.
type Package struct {
	Doc     string     `json:"doc"` // SUICHA1.list
	Suite   draw.Suite `json:"suite"`
	Key     string     `json:"key"`    // public, of the sender
	Sender  string     `json:"sender"` // who dispatches
	Number  string     `json:"number"` // of the list, used once by the sender
	Title   string     `json:"title"`
	Ground  string     `json:"ground"` // what the sender drew it for
	Region  string     `json:"region"` // whom it is for
	Time    string     `json:"time"`
	Until   string     `json:"until"` // taken over until then
	Count   int        `json:"count"`
	Objects string     `json:"objects"` // H of objects.tsv
}

const packageDoc = "SUICHA1.list"

// message is what the sender signs.
func (p *Package) message() ([]byte, []byte, error) {
	text, err := json.Marshal(p)
	text = append(text, '\n')
	return append([]byte(packageDoc+"\n"), text...), text, err
}

// fault is what is wrong with the manifest, or empty.
func (p *Package) fault() string {
	if p.Doc != packageDoc || p.Suite != draw.SM3 && p.Suite != draw.SHA256 {
		return "不是本系统的名单包，或者密码套件不同"
	}
	for _, t := range []struct {
		label, text string
		most        int
	}{{"派发单位", p.Sender, packageText}, {"名单编号", p.Number, packageNumber}, {"名称", p.Title, packageText}, {"派发依据", p.Ground, packageText}} {
		if t.text == "" || len(t.text) > 3*t.most || !plainText(t.text) || t.text != strings.TrimSpace(t.text) {
			return t.label + "为空、太长或者含有不允许的字符"
		}
	}
	from, errFrom := time.Parse(time.RFC3339, p.Time)
	until, errUntil := time.Parse(time.RFC3339, p.Until)
	switch {
	case errFrom != nil || errUntil != nil || !from.Before(until):
		return "时间不正确"
	case p.Count < 1 || p.Count > PackageLines:
		return fmt.Sprintf("户数应在 1 至 %d 之间", PackageLines)
	case len(p.Region) != 6:
		return "行政区划代码应为六位"
	}
	return ""
}

// plainText reports whether a text is UTF-8 without control characters.
func plainText(text string) bool {
	return utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7F && r <= 0xA0 || r == 0xFEFF }) < 0
}

// objectsFault is what is wrong with the lines, or empty: a code, a TAB, a name or "-";
// ascending by code.
func objectsFault(text []byte, count int) string {
	last, n := "", 0
	for line := range strings.Lines(string(text)) {
		n++
		code, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || !strings.HasSuffix(line, "\n") || code <= last || len(code) > 64 || name == "" || len(name) > 3*packageText || !plainText(code) || !plainText(name) || strings.ContainsAny(code, " ") {
			return fmt.Sprintf("%s 第 %d 行不正确，或者没有按代码排序", PackageObjects, n)
		}
		last = code
	}
	if n != count {
		return fmt.Sprintf("%s 有 %d 户，清单写明 %d 户", PackageObjects, n, count)
	}
	return ""
}

// NewPackage signs a list and packs it. Lines are sorted by code.
func NewPackage(p Package, signer draw.Signer, lines []string) ([]byte, error) {
	slices.Sort(lines)
	var objects bytes.Buffer
	for _, line := range lines {
		objects.WriteString(line + "\n")
	}
	p.Doc, p.Key, p.Count, p.Objects = packageDoc, signer.Public(), len(lines), p.Suite.Hash(objects.Bytes()).String()
	if bad := p.fault() + objectsFault(objects.Bytes(), p.Count); bad != "" {
		return nil, &draw.Fault{File: PackageManifest, Text: bad}
	}
	message, manifest, err := p.message()
	if err != nil {
		return nil, err
	}
	signature, err := signer.Sign(message)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range []struct {
		name string
		text []byte
	}{{PackageManifest, manifest}, {PackageObjects, objects.Bytes()}, {PackageSignature, []byte(signature + "\n")}} {
		w, err := z.Create(f.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.text); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return out.Bytes(), err
}

// OpenPackage reads a package and checks it by itself: its form, the digest, and the
// signature by the key that it names. Whether that key is one to believe, and the time,
// is for the receiver.
func OpenPackage(text []byte) (*Package, []byte, error) {
	bad := func(format string, args ...any) error {
		return &draw.Fault{File: "名单包", Text: fmt.Sprintf(format, args...)}
	}
	if len(text) > PackageMost {
		return nil, nil, bad("超过 700 KB")
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return nil, nil, bad("不是 zip 文件")
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		if _, twice := files[f.Name]; twice || !slices.Contains([]string{PackageManifest, PackageObjects, PackageSignature}, f.Name) {
			return nil, nil, bad("应当只有 %s、%s、%s 三个文件", PackageManifest, PackageObjects, PackageSignature)
		}
		if files[f.Name], err = unpacked(f); err != nil {
			return nil, nil, bad("%s 无法解开，或者太大", f.Name)
		}
	}
	var p Package
	d := json.NewDecoder(bytes.NewReader(files[PackageManifest]))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return nil, nil, bad("%s 不是规定的格式", PackageManifest)
	}
	message, manifest, err := p.message()
	if err != nil || !bytes.Equal(manifest, files[PackageManifest]) {
		return nil, nil, bad("%s 不是规定的格式", PackageManifest)
	}
	fault := p.fault()
	if fault == "" {
		fault = objectsFault(files[PackageObjects], p.Count)
	}
	switch {
	case fault != "":
		return nil, nil, bad("%s", fault)
	case p.Suite.Hash(files[PackageObjects]).String() != p.Objects:
		return nil, nil, bad("%s 与清单中的摘要不符", PackageObjects)
	case !p.Suite.Verify(p.Key, message, strings.TrimSuffix(string(files[PackageSignature]), "\n")):
		return nil, nil, bad("签名不正确")
	}
	return &p, files[PackageObjects], nil
}

// unpacked reads one file, but no more than a package may hold.
func unpacked(f *zip.File) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, unpackedMost+1))
	if err == nil && len(text) > unpackedMost {
		err = io.ErrShortBuffer
	}
	return text, err
}
