// Package web is the frame that all pages of Suicha stand in: typed pages,
// forms made from commands, the one table from problems to statuses, the
// registry of routes, the security headers, the layouts and the components of
// the design system.
//
// It holds no page of the product but the error page and the gallery of
// components. Pages are written in the packages portal, office and mobile.
//
// Start with page.go (how a page is shown), mux.go (how it gets a route) and
// form.go (how it asks for an act). docs/design/web.md is the guide for authors
// of pages, docs/design/look.md the guide to the look.
package web
