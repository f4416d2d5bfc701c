// Package auth decides who is asking: it turns a password, a passkey or a code
// into a session, and the token of a session into an inspect.Actor.
//
// Start with [Gate], which is all of it. A sign-in goes through sign_in.go, each
// later request through [Gate.Session]. Accounts come into being in account.go,
// second factors in factor.go and passkey.go, grave acts ask for step_up.go.
//
// The package knows no HTTP: methods take and give tokens as text. What it keeps
// is in rows, so that any number of processes can serve one site.
// docs/design/auth.md says what it must never do.
package auth
