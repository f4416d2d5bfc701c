// Package ledger is the transparency log (存证日志) of the official acts: what a
// leaf is, how leaves become a Merkle tree, how a tree head is signed, how other
// organisations witness it, and how anybody proves or refutes what it says.
//
// The package is pure. It knows no database, no network and no clock; whoever
// holds the entries gives it readers, and gets bytes back. So the program that
// writes the log, the public's verifier and the witness run the same code.
//
// Start at [Entry] for what is written, at [Signer] for what is signed, at
// [Policy] for what is believed, and at [VerifyLog] for how a whole log is
// checked. Package keys below this one has the keys; package witness above it is
// what another organisation runs.
//
// The formats are those of C2SP: tlog-tiles, tlog-checkpoint, signed-note,
// tlog-cosignature, tlog-witness, tlog-policy and tlog-proof. The design, and
// what is our own in it, is told in docs/design/ledger.md.
package ledger
