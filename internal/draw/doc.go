// Package draw is the verifiable draw (随机抽取), protocol SDP/1.
//
// Every object of a locked population gets a ticket, H(K ":" id), and in each
// cell the smallest tickets are drawn. K comes from a ceremony in which the
// population is locked first, secrets are committed and revealed next, a public
// event follows, and sealed envelopes are opened last. Nobody can compute K
// earlier, and afterwards everybody can.
//
// docs/design/draw.md is the byte-exact specification; this package follows its
// chapters. Start at ceremony.go for the order of things, at select.go for the
// draw itself, at proof.go for what one enterprise can check alone.
//
// The package is pure: it opens no files, asks no clock and uses no random
// generator but crypto/rand for new secrets, salts and keys. Nothing here takes
// a seed: a Seed is made by a checked Ceremony only, and a rehearsal has only
// keys that begin with DUMMY.
package draw

import "fmt"

// A Fault is what is wrong with a file, and where. Its text is for the user.
type Fault struct {
	File string
	Line int // from 1; 0 means the file as a whole
	Text string
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

func fault(file string, line int, format string, args ...any) error {
	return &Fault{file, line, fmt.Sprintf(format, args...)}
}
