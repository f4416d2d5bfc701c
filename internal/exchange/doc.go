// Package exchange turns what is known into files that other programs read,
// and reads the tables that people bring: Excel workbooks, CSV and JSON. It
// decides nothing and reads no database; a caller hands it the thing and the
// names that the thing refers to, and gets rows and faults back.
//
// What somebody typed is text, in every program that opens a file of ours, and
// never a formula (see Guard in guard.go). What somebody brings is never
// guessed at in silence: it is right, or there is a Fault with row and column.
//
// # Published things
//
// Start with plan.go: NewPlan is the published form of an annual plan, with all
// names resolved, and plan_csv.go and plan_xlsx.go write it down.
//
// # Tables
//
// A Table (column.go) describes the columns of a noun as data. Everything below
// works for any Table:
//
//	type Table struct { Key, Name string; Columns []Column; Notes []string }
//	type Column struct {
//		Key string; Headings []string; Required bool; Kind Kind
//		Choices []Choice; Most int; Forever bool; Hint, Example string }
//	type Choice struct { Value string; Words []string }   // Words[0] is the canonical one
//	type Kind string // Text Prose Code CreditCode IndustryCode Date Number Choose List
//
// Reading goes open → head → match → rows:
//
//	func Open(ctx context.Context, r io.ReaderAt, size int64, name string, o Options) (*File, error)
//	func (f *File) Close() error
//	func (f *File) Format() Format                  // XLSX, CSV or JSON
//	func (f *File) Encoding() string                // what people call it: UTF-8, GB18030…
//	func (f *File) Sheets() []Sheet                 // Name, Hidden, Empty, Rows; one without a name for CSV and JSON
//	func (f *File) Progress() (done, total int64)   // for another goroutine, while Rows runs
//	func (f *File) Head(ctx context.Context, t Table, sheet string) (Head, error)
//	func (t Table) Match(h Head, known Mapping) Mapping   // known may be the zero Mapping; where it speaks it wins
//	func (t Table) CheckMapping(h Head, m Mapping) []Fault
//	func (f *File) Rows(ctx context.Context, t Table, m Mapping) iter.Seq2[Row, error]
//
//	type Head struct { Sheet string; Line int; Headings []Heading; Sample []Excerpt; Faults []Fault }
//	type Heading struct { Letter, Text string }; type Excerpt struct { Line int; Cells []string }
//	type Mapping struct { Sheet string; Line int; Pairs []Pair }   // plain data, for JSON
//	type Pair struct { Letter, Heading, Key string }               // Key is empty: not imported
//	type Row struct { Line int; Cells, Values []string; Faults []Fault }
//	func (r Row) Failed() bool                // has a fault that is an error
//	func (r Row) Value(key string) string     // normal form: a date is 2006-01-02, a choice its Value
//	func (r Row) List(key string) []string
//	func (r Row) Clone() Row
//	func (f Fault) Place() string             // 第12行C列（企业名称）
//	func (t Table) Valid() error              // to be asked by the test of each table
//
// Cells are what the file says; Values are the normal forms in the order of
// t.Columns, empty where the file says nothing or the cell is at fault; a List
// is its parts joined by line ends. Both are overwritten by the next row: whoever
// keeps a Row clones it (Row.Clone). Line is what the user sees at the left of
// the row in Excel; of JSON it is the number of the object. Rows ends early with
// an error: the context's, or an inspect.Problem (refusal.go) that says what to
// do with the file. CheckMapping returns the faults of the head too: without an
// Error among them, Rows can begin.
//
//	type Fault struct { Line int; Letter, Heading string; Severity Severity; Code, Text string }
//	// Severity is Error or Warning. Line 0 concerns the whole file.
//
// Open, Head and Rows fail with an inspect.Problem of kind Invalid when the file
// as a whole cannot be taken. ErrWhichSheet means: show f.Sheets() and ask.
//
// Writing:
//
//	func Template(w io.Writer, t Table) error
//	func WriteFaults(ctx context.Context, w io.Writer, f *File, t Table, m Mapping, faults iter.Seq2[Fault, error], which Extent) error
//	func NewExport(w io.Writer, format Format, t Table) (*Export, error)
//	func (e *Export) Write(values []string) error   // normal forms in the order of t.Columns
//	func (e *Export) Close() error
//
// WriteFaults wants the faults in the order of their lines, those of the caller
// among them. It writes the faulty rows of f or all rows (FaultyRows, AllRows)
// as a workbook that can be mended and brought again; its first column 问题 is
// not read. What Export writes, Rows reads back as the same Values.
package exchange
