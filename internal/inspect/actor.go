package inspect

import (
	"slices"
	"time"
)

// An Actor is a person acting through one post at one moment. Every act and
// every read is somebody's.
type Actor struct {
	Person PersonID
	Name   string
	Post   Post
	Org    Org // the organisation of the post
	// Proved is when the second factor was last shown; grave acts ask for it
	// again after StepUpFor.
	Proved time.Time
}

// StepUpFor is how long a shown second factor serves for grave acts.
const StepUpFor = 5 * time.Minute

// May fails unless the actor's post may do verb to a thing of at least one
// relation. Which relation holds is asked later, of the thing itself, by MayTo.
func (a Actor) May(verb Verb) error {
	for _, r := range rules {
		if r.Verb == verb && r.Post == a.Post.Kind {
			return nil
		}
	}
	return ErrDenied.With(verb.Text())
}

// MayTo fails unless the actor's post may do verb to a thing that has one of
// the relations to the actor's organisation.
func (a Actor) MayTo(verb Verb, has ...Relation) error {
	for _, r := range rules {
		if r.Verb == verb && r.Post == a.Post.Kind && (r.Relation == Any || slices.Contains(has, r.Relation)) {
			return nil
		}
	}
	return ErrDenied.With(verb.Text())
}

// Among returns those of verbs that the actor may do to a thing with the
// relations: the buttons of a page.
func (a Actor) Among(verbs []Verb, has ...Relation) []Verb {
	var may []Verb
	for _, v := range verbs {
		if a.MayTo(v, has...) == nil {
			may = append(may, v)
		}
	}
	return may
}

// Proven reports whether a grave act may go ahead at now without asking for
// the second factor again.
func (a Actor) Proven(now time.Time) bool {
	return !a.Proved.IsZero() && now.Sub(a.Proved) <= StepUpFor && !now.Before(a.Proved)
}

// Scope returns what the actor's reads are limited to.
func (a Actor) Scope() Scope {
	return Scope{Org: a.Org.ID, Region: a.Org.Region, Reach: a.Post.Kind.reach(a.Org.Kind)}
}

// A Scope limits a read to what its asker may see. Every exported read of the
// store takes one. The zero Scope is the public's.
type Scope struct {
	Org    OrgID
	Region string
	Reach  Reach
}

// A Reach is how far a scope goes beyond the asker's own department.
type Reach int

// The reaches. A department sees its own things and those that invite it; the
// conference office sees what was reported to it, and the government the joint
// plan; oversight sees everything that has left its drafter's desk.
const (
	ReachPublic Reach = iota
	ReachOwn
	ReachGovernment
	ReachOffice
	ReachOversight
)

func (k PostKind) reach(org OrgKind) Reach {
	switch {
	case k == Supervisor && org == OrgOversight:
		return ReachOversight
	case k == Supervisor || k.Class() != "business":
		return ReachPublic // administrators run the system; business is not theirs to read
	case org == OrgOffice:
		return ReachOffice
	case org == OrgGovernment:
		return ReachGovernment
	}
	return ReachOwn
}

// Console is the actor of the one act that is done before anybody has a post:
// the founding of the installation from the server's console.
func Console(region string) Actor {
	return Actor{Person: "console", Name: "服务器控制台", Post: Post{ID: "console", Kind: ConsolePost}, Org: Org{Region: region}}
}

// System is the actor of what the platform does by itself, such as writing the
// chunks of an import that a person has confirmed.
func System(region string) Actor {
	return Actor{Person: "system", Name: "平台", Post: Post{ID: "system", Kind: SystemPost}, Org: Org{Region: region}}
}
