// Package inspect holds the words and rules of joint random inspection
// ("双随机、一公开"): who may do what, the states things go through, the
// conditions of each step, and the sentences users read when a step is
// refused.
//
// It is pure. It reads no clock, no database and no network: time, calendar
// and persons come in as arguments, values go in and new values come out. An
// auditor can read the whole package in an afternoon.
//
// Start with plan.go, the noun that all others imitate, then rules.go (who may
// do what) and problem.go (every refusal, in Chinese). How a rule is carried
// out and recorded is package act; how it is stored is package store.
package inspect
