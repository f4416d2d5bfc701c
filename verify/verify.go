// Package verify carries verify.html, the page with which anybody checks a draw,
// for the program to put into every bundle. The page is written in JavaScript in
// this folder, from docs/design/draw.md and match.md; tools/assets builds it.
package verify

import (
	"embed"
	"errors"
)

//go:embed all:dist
var dist embed.FS

var errUnbuilt = errors.New("本程序没有带网页核验程序 verify.html，请在源码目录执行 go run ./tools/assets 后重新编译")

// Page is verify.html.
func Page() ([]byte, error) {
	page, err := dist.ReadFile("dist/verify.html")
	if err != nil {
		return nil, errUnbuilt
	}
	return page, nil
}
