// Package exchange turns what is public into files that other programs read:
// JSON, Excel workbooks and CSV. It decides nothing and reads no database; a
// caller hands it the thing and the names that the thing refers to.
//
// Start with plan.go: NewPlan is the published form of an annual plan, with all
// names resolved, and the other files of the package write it down. The rule
// for all of them: what somebody typed is text, in every program that opens the
// file, and never a formula (see guard in csv.go, and the cell types in
// xlsx.go).
package exchange
