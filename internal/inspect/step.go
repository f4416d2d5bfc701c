package inspect

import "time"

// A Step is one thing that was done to an appeal or a delivery, with what was written
// down about it.
type Step struct {
	Verb Verb
	By   PersonID
	At   time.Time
	Text string
}

// A StepBy is who makes a step, and when.
type StepBy struct {
	Person PersonID
	Now    time.Time
}

func (b StepBy) step(verb Verb) Step { return Step{Verb: verb, By: b.Person, At: b.Now} }
