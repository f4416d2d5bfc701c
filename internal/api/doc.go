// Package api is the JSON interface of Suicha for other programs: the same
// reads and the same acts as the pages, under /api.
//
// Reads are resources, writes are acts. Every address stands once in the table
// of routes.go; from that table and from the commands of package act come the
// multiplexer, the OpenAPI document and the documentation page, so that none of
// them can say something else than the others.
//
// Start with api.go (how a request is let in), then routes.go (what there is),
// act.go (the one handler of all acts) and decode.go (what JSON is accepted).
// docs/design/api.md says what the package must never do.
package api
