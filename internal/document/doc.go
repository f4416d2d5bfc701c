// Package document makes the official forms (文书) of an inspection, as PDF to sign
// and to keep, and as Word where officials go on writing.
//
// Start with form.go. A Form is what stands on the paper: title, tables, paragraphs,
// signatures, and the proof at the foot by which anybody can check it. PDF and Word
// take the same Form, so that both say the same. The files named after a form
// (summary.go, notice.go, …) make the Form of it from a small struct of plain words;
// who fills that struct, and what may stand in it, is not decided here.
//
// A PDF is made in three steps. setter.go and table.go break texts into lines
// (text.go) and lines into pages, pdf.go draws the pages by a library, and mend.go
// puts right what the library writes wrongly. word.go fills the templates in word/.
//
// The same Form gives the same bytes, whenever and wherever: nothing here knows the
// time or takes chance. So a document can be hashed, and made again to compare.
package document
