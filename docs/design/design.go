// Package design carries the specifications that go into every bundle of a draw,
// so that whoever checks one has what a verifier is written from.
package design

import _ "embed"

//go:embed draw.md
var Draw []byte // SDP/1

//go:embed match.md
var Match []byte // bcm/1
