package exchange

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"io"
	"path"
	"strings"

	"github.com/xuri/nfp"
)

// A book is an open .xlsx: its sheets, its number formats, its texts.
type book struct {
	meter   meter
	parts   map[string]*zip.File // by name in small letters
	sheets  []bookSheet
	from    bool // dates count from 1904
	formats []numberFormat
	texts   texts
}

// A bookSheet is one sheet and the part that holds it.
type bookSheet struct {
	name   string
	hidden bool
	part   *zip.File
	survey survey
}

// A numberFormat is what a style says of numbers.
type numberFormat struct {
	date  bool
	zeros uint8 // of a format like 000000
}

// noteSheet is the second sheet of our own files; choiceSheet holds the words
// of long drop-down lists. Readers pass over both.
const (
	noteSheet   = "填写说明"
	choiceSheet = "可选内容"
)

// openBook counts what a file really holds, part by part, before it reads
// anything, and then reads what stands around the rows.
func openBook(ctx context.Context, r io.ReaderAt, size int64, l Limits, dir string) (*book, error) {
	z, err := openZip(r, size, l)
	if err != nil {
		return nil, err
	}
	b := &book{meter: meter{Limits: l, packed: size}, parts: map[string]*zip.File{}}
	for _, f := range z.File {
		b.parts[strings.ToLower(f.Name)] = f
	}
	if err := b.other(); err != nil {
		return nil, err
	}
	texts, err := b.readAround(ctx)
	if err != nil {
		return nil, err
	}
	if err := b.countAll(ctx, z); err != nil {
		return nil, err
	}
	if texts != nil {
		b.meter.unpacked = 0 // counted; from here on everything is read again
		b.texts, err = b.readTexts(ctx, texts, dir)
	}
	return b, err
}

// countAll unpacks every part once. Sheets are looked through meanwhile.
func (b *book) countAll(ctx context.Context, z *zip.Reader) error {
	b.meter.unpacked = 0
	sheets := map[*zip.File]*bookSheet{}
	for i := range b.sheets {
		sheets[b.sheets[i].part] = &b.sheets[i]
	}
	for _, f := range z.File {
		sheet, ok := sheets[f]
		if !ok {
			if err := b.meter.count(ctx, f); err != nil {
				return err
			}
			continue
		}
		part, err := b.meter.open(ctx, f)
		if err != nil {
			return err
		}
		sheet.survey, err = look(part)
		_ = part.Close() // of a reader in memory: nothing can be lost
		if err != nil {
			return err
		}
	}
	return nil
}

// other tells the files apart that are zip files too.
func (b *book) other() error {
	for part, name := range map[string]string{
		"xl/workbook.bin": "二进制工作簿（.xlsb）", "word/document.xml": "Word 文档", "ppt/presentation.xml": "演示文稿",
		"content.xml": "OpenDocument 文档", "encryptedpackage": "加密的工作簿",
	} {
		if b.parts[part] != nil {
			return ErrFileOther.With(name)
		}
	}
	if b.parts["_rels/.rels"] == nil {
		return ErrFileOther.With("一般的压缩文件")
	}
	return nil
}

// The parts around the rows, as far as they matter.
type (
	xmlRelations struct {
		Relations []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
			Mode   string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	xmlWorkbook struct {
		Properties struct {
			From1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	xmlStyles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
)

// smallPart is more than a part around the rows takes.
const smallPart = 32 << 20

func (b *book) decode(ctx context.Context, f *zip.File, into any) error {
	part, err := b.meter.open(ctx, f)
	if err != nil {
		return err
	}
	defer part.Close()
	if f.UncompressedSize64 > smallPart {
		return ErrFileBomb.With("样式过多")
	}
	if err := xml.NewDecoder(io.LimitReader(part, smallPart)).Decode(into); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return ErrFileDamaged.With(shown(f.Name))
	}
	return nil
}

// relations returns the parts that a part refers to, by id, with the last word
// of their types. Parts outside of the file do not count.
func (b *book) relations(ctx context.Context, from string) (byID, byType map[string]*zip.File, err error) {
	byID, byType = map[string]*zip.File{}, map[string]*zip.File{}
	dir, name := path.Split(from)
	f := b.parts[strings.ToLower(dir+"_rels/"+name+".rels")]
	if f == nil {
		return nil, nil, ErrFileDamaged.With("内部关系")
	}
	var rels xmlRelations
	if err := b.decode(ctx, f, &rels); err != nil {
		return nil, nil, err
	}
	for _, r := range rels.Relations {
		target := r.Target
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		part := b.parts[strings.ToLower(strings.TrimPrefix(target, "/"))]
		if part != nil && r.Mode != "External" {
			kind := path.Base(r.Type)
			byType[kind] = part
			if kind == "worksheet" {
				byID[r.ID] = part
			}
		}
	}
	return byID, byType, nil
}

// readAround reads the list of sheets and the styles, and returns the part with
// the shared texts, if there is one.
func (b *book) readAround(ctx context.Context) (texts *zip.File, err error) {
	_, roots, err := b.relations(ctx, "")
	if err != nil {
		return nil, err
	}
	part := roots["officeDocument"]
	if part == nil {
		return nil, ErrFileOther.With("一般的压缩文件")
	}
	byID, byType, err := b.relations(ctx, part.Name)
	if err != nil {
		return nil, err
	}
	var main xmlWorkbook
	if err := b.decode(ctx, part, &main); err != nil {
		return nil, err
	}
	b.from = main.Properties.From1904 == "1" || main.Properties.From1904 == "true"
	taken := map[*zip.File]bool{}
	for _, s := range main.Sheets {
		for _, a := range s.Attrs {
			f := byID[a.Value]
			if a.Name.Local == "id" && f != nil && !taken[f] {
				taken[f] = true
				b.sheets = append(b.sheets, bookSheet{name: s.Name, hidden: s.State == "hidden" || s.State == "veryHidden", part: f})
			}
		}
	}
	if len(b.sheets) == 0 {
		return nil, ErrFileDamaged.With("工作表目录")
	}
	if styles := byType["styles"]; styles != nil {
		err = b.readStyles(ctx, styles)
	}
	return byType["sharedStrings"], err
}

func (b *book) readStyles(ctx context.Context, f *zip.File) error {
	var styles xmlStyles
	if err := b.decode(ctx, f, &styles); err != nil {
		return err
	}
	custom := map[int]numberFormat{}
	for _, n := range styles.Formats {
		custom[n.ID] = newNumberFormat(n.Code)
	}
	for _, x := range styles.Cells {
		format, ok := custom[x.Format]
		if !ok {
			format.date = builtInDate(x.Format)
		}
		b.formats = append(b.formats, format)
	}
	return nil
}

// builtInDate reports whether a built-in number format shows a date or a time;
// 27 to 36 and 50 to 58 are those of Chinese Excel.
func builtInDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

func newNumberFormat(code string) (f numberFormat) {
	const longest = 255
	if len(code) > longest {
		return f
	}
	if code != "" && strings.Trim(code, "0") == "" {
		return numberFormat{zeros: uint8(len(code))}
	}
	parser := nfp.NumberFormatParser()
	for _, section := range parser.Parse(code) {
		for _, item := range section.Items {
			if item.TType == nfp.TokenTypeDateTimes || item.TType == nfp.TokenTypeElapsedDateTimes {
				f.date = true
			}
		}
	}
	return f
}

// close takes the temporary file away.
func (b *book) close() error { return b.texts.close() }
