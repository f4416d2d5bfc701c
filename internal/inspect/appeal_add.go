package inspect

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"
)

// An AppealSent is what came by one of the public forms of appeals. Form is the form's
// random number; which of the other fields it fills depends on the form.
type AppealSent struct {
	Form   string
	Result ResultID
	Kind   AppealKind
	Typed  string // the object's code, as typed
	Appeal AppealID
	Secret string // the password, as typed
	Words  FeedbackText
	Files  []AppealFile
}

// An AppealFile is a file that an enterprise sent with its appeal. Its name is not kept:
// people write names and numbers of persons into those.
type AppealFile struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Type   string `json:"type"`
}

// An AppealAdded (补充材料) is what the sender of an appeal added by the public form, with
// the form or later. It is never changed; its words stand beside the record.
type AppealAdded struct {
	ID      string
	Version int64
	Region  string
	Appeal  AppealID
	No      int
	Digest  string // of the words; empty if there are none
	Files   []AppealFile
	At      time.Time
}

// Bounds of what a sender adds.
const (
	AppealFilesMost = 5        // at once
	AppealBytesMost = 10 << 20 // at once
	AppealAddedMost = 10       // times
)

// appealTypes are the files that come with an appeal: pictures and papers.
var appealTypes = []string{"image/jpeg", "image/png", "application/pdf"}

// AppealPassword is the password of the sender of a form with this random number. It
// does not follow from the appeal or its receipt number, which the department knows:
// nobody there can add or withdraw in the sender's name.
func AppealPassword(form string) string {
	sum := sha256.Sum256([]byte("appeal password " + form))
	return VisitCode([10]byte(sum[:10]))[:14]
}

// AppealSecret is the digest of a password as people type it.
func AppealSecret(id AppealID, typed string) string {
	return hexDigest("appeal password " + string(id) + " " + plainCode(typed))
}

// sender fails unless the typed password is the sender's. An appeal on paper has none.
func (a Appeal) sender(typed string) error {
	if a.Secret == "" || a.Secret != AppealSecret(a.ID, typed) {
		return ErrAppealSecret.At("secret")
	}
	return nil
}

// Addable reports whether the sender can still add to the appeal by the public form.
func (a Appeal) Addable() bool { return a.Secret != "" && slices.Contains(a.Verbs(), AppealAdd) }

// Retractable reports whether the sender can withdraw the appeal by the public form.
func (a Appeal) Retractable() bool {
	return a.Secret != "" && slices.Contains(a.Verbs(), AppealRetract)
}

// Attached is the first thing that is added: the files that came with the form.
func (a Appeal) Attached(id string, files []AppealFile, by StepBy) (AppealAdded, error) {
	var ps Problems
	checkAppealFiles(&ps, files)
	return AppealAdded{ID: id, Region: a.Region, Appeal: a.ID, No: 1, Files: files, At: by.Now}, ps.Err()
}

// Add takes in what the sender adds. It completes an appeal that was incomplete, whose
// clock begins again; otherwise the clock goes on.
func (a Appeal) Add(x AppealAdded, before int, words FeedbackText, typed string, by StepBy) (Appeal, AppealAdded, FeedbackText, error) {
	if err := a.sender(typed); err != nil {
		return a, x, words, err
	}
	next, err := a.step(by.step(AppealAdd))
	if err != nil {
		return a, x, words, err
	}
	if before >= AppealAddedMost {
		return a, x, words, ErrAppealAdded.With(AppealAddedMost)
	}
	var ps Problems
	if !ValidID(x.ID) {
		ps = append(ps, ErrIdent.At("id"))
	}
	words.Text = Paragraph(&ps, "text", "补充说明", words.Text, 1000)
	checkAppealFiles(&ps, x.Files)
	x.Region, x.Appeal, x.No, x.Digest, x.At = a.Region, a.ID, before+1, words.Digest(), by.Now
	return next, x, words, ps.Err()
}

func checkAppealFiles(ps *Problems, files []AppealFile) {
	var size int64
	for _, f := range files {
		size += f.Size
		if !slices.Contains(appealTypes, f.Type) {
			*ps = append(*ps, ErrAppealFiles.With(AppealFilesMost).At("file"))
			return
		}
	}
	if len(files) > AppealFilesMost || size > AppealBytesMost {
		*ps = append(*ps, ErrAppealFiles.With(AppealFilesMost).At("file"))
	}
}

// Retract ends the appeal on the word of its sender, who shows that by the password. A
// published reply goes off the page.
func (a Appeal) Retract(typed string, by StepBy) (Appeal, error) {
	if err := a.sender(strings.TrimSpace(typed)); err != nil {
		return a, err
	}
	next, err := a.step(by.step(AppealRetract))
	next.Public = ""
	return next, err
}
