package office

import (
	"errors"
	"net/http"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// A sealedPart is what the page of teams shows of a list that is not public: the form
// of a reading, or until when the one on record serves.
type sealedPart struct {
	Batch   inspect.BatchID
	Opening string
	Until   string
	Peek    *peekForm
	Who     string // reads it, if not this reader
}

// closedTo reports whether somebody sees that there are teams, and may not see them
// now.
func closedTo(err error) bool {
	return errors.Is(err, inspect.ErrBatchReading) || errors.Is(err, inspect.ErrDenied) || errors.Is(err, inspect.ErrBatchUnsealed)
}

// onRecord leads who reads a page of a sealed list without a reading on record to the
// form of one.
func (s *server) onRecord(page web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := page(w, r)
		if errors.Is(err, inspect.ErrBatchReading) {
			http.Redirect(w, r, "/office/batches/"+r.PathValue("id")+"/teams", http.StatusSeeOther)
			return nil
		}
		return err
	}
}

// sealedPart is nil of a list that is public.
func (s *server) sealedPart(r *http.Request, t teamTable) (*sealedPart, error) {
	who, b := web.Actor(r), t.scene.Batch
	if !b.Hidden() {
		return nil, nil
	}
	part := &sealedPart{Batch: b.ID, Opening: chinaMoment(b.Terms.Opening), Who: "检查小组由组织抽取的单位负责人、任务发起部门的经办人和负责人查阅；派发以后，参与部门也可以查阅。"}
	switch has := b.Relations(who.Org, inspect.BatchParties(t.scene.Tasks)); {
	case !t.closed:
		readings, err := s.db.Readings(r.Context(), who.Scope(), b)
		if err != nil {
			return nil, err
		}
		part.Until = servesUntil(readings, who.Person)
	case b.State == inspect.BatchAnnulled:
		part.Who = "本次抽取已经撤销，检查小组不再检查，名单到公告的时间公开。"
	case t.scene.Reads(who.Org.ID) == nil && who.MayTo(inspect.BatchPeek, has...) == nil:
		f := web.FormOf(r, act.PeekBatch{Reading: inspect.ReadingID(web.NewID()), Batch: b.ID}, "reading", "batch")
		f.Then = batchPath(b) + "/teams"
		part.Peek = &peekForm{f}
	}
	return part, nil
}

// servesUntil is until when the last reading of somebody serves. Readings are in their
// order, the last first.
func servesUntil(readings []inspect.Reading, who inspect.PersonID) string {
	for _, x := range readings {
		if x.By == who {
			return web.Stamp(x.At.Add(inspect.ReadingFor))
		}
	}
	return ""
}
