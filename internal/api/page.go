package api

import (
	"cmp"
	"reflect"
	"regexp"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A paging is what the query of every list has: which page is wanted, and how long.
type paging struct {
	After string `query:"after" label:"翻页位置" hint:"上一页的 next 中带有" most:"120"`
	Limit int    `query:"limit" label:"每页条数" hint:"不填为 50" least:"1" most:"200"`
}

// usual is how many rows a list has if nobody says.
const usual = 50

// momentCursor is a moment and an id: how the store orders what is dated.
var momentCursor = regexp.MustCompile(`^[0-9TZ:.-]{24}_[0-9a-f-]{36}$`)

// pageOf reads one page of a list, and the address of the next; that is empty at the
// end. Form is how the keys of the list look, and read returns at most so many rows
// behind the wanted key.
func pageOf[T any](c *call, p paging, form *regexp.Regexp, key func(T) string, read func(most int) ([]T, error)) (found []T, next string, err error) {
	if p.After != "" && !form.MatchString(p.After) {
		return nil, "", broken(errCursor)
	}
	size := cmp.Or(p.Limit, usual)
	if found, err = read(size + 1); err == nil && len(found) > size {
		found = found[:size]
		next = nextPath(c, key(found[size-1]))
	}
	return found, next, err
}

// nextPath is the address of the page after a key.
func nextPath(c *call, after string) string {
	values := c.URL.Query()
	values.Set("after", after)
	return c.URL.Path + "?" + values.Encode()
}

// A standing is how a register is looked at, by what is left to do.
type standing string

const (
	standingOpen   standing = "open"
	standingLate   standing = "late"
	standingClosed standing = "closed"
)

func init() {
	choices[reflect.TypeFor[standing]()] = []inspect.Choice{{Value: string(standingOpen), Text: "办理中"}, {Value: string(standingLate), Text: "已逾期"}, {Value: string(standingClosed), Text: "已办结"}}
}

// lateOf reads rows behind a key, if what is late is wanted only that. That is computed.
func lateOf[T any](s standing, after string, most int, read func(after string, most int) ([]T, error), key func(T) string, late func(T) bool) ([]T, error) {
	if s == standingLate {
		return store.Sift(after, most, read, key, late)
	}
	return read(after, most)
}
