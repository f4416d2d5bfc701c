package web

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"suicha/internal/inspect"
)

// dist is what `go run ./tools/assets` built. In a clean clone it is empty but
// for a placeholder, so that everything compiles; the pages are then bare.
//
//go:embed all:dist
var dist embed.FS

//go:embed assets/icons.txt
var iconList string

// manifest maps the name of an asset to the name it is served under, which
// carries a digest of its content.
var manifest = readManifest()

var icons = func() map[string]bool {
	known := map[string]bool{}
	for _, name := range strings.Fields(iconList) {
		known[name] = true
	}
	return known
}()

func readManifest() map[string]string {
	text, err := dist.ReadFile("dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	m := map[string]string{}
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		panic("web: dist/manifest.json: " + err.Error())
	}
	return m
}

// CheckAssets fails if the program was built without its style sheets and
// scripts. The program calls it at its start.
func CheckAssets() error {
	if len(manifest) == 0 {
		return errors.New("the assets are missing: run `go run ./tools/assets` in the source tree, then build again")
	}
	return nil
}

// AssetPath returns the address of the asset called name. It fails if there is
// no such asset, unless none were built at all.
func AssetPath(name string) (string, error) {
	if file, ok := manifest[name]; ok {
		return "/assets/" + file, nil
	}
	if len(manifest) > 0 {
		return "", fmt.Errorf("there is no asset %s", name)
	}
	return "/assets/" + name, nil
}

// spritePath returns the address of an icon inside the sprite.
func spritePath(icon string) (string, error) {
	if !icons[icon] {
		return "", fmt.Errorf("there is no icon %s: add it to assets/icons.txt", icon)
	}
	file, err := AssetPath("icons.svg")
	return file + "#" + icon, err
}

// Licences is the text about the packages that were built into the assets.
func Licences() string {
	text, err := dist.ReadFile("dist/licences.txt")
	if err != nil {
		return ""
	}
	return string(text)
}

// kinds are the types of the assets; the machine's own table may differ.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

// serveAsset sends a built file, packed if the asker can unpack it. Its name
// changes with its content, so it may be kept for ever.
func serveAsset(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	body, err := dist.ReadFile("dist/" + name)
	if err != nil || !served(name) {
		return inspect.ErrMissing
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", kinds[path.Ext(name)])
	h.Set("Vary", "Accept-Encoding")
	accept := r.Header.Get("Accept-Encoding")
	for _, packing := range []struct{ name, ext string }{{"br", ".br"}, {"gzip", ".gz"}} {
		packed, err := dist.ReadFile("dist/" + name + packing.ext)
		if err == nil && strings.Contains(accept, packing.name) {
			h.Set("Content-Encoding", packing.name)
			body = packed
			break
		}
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader that has gone away is no failure
	}
	return nil
}

// served reports whether name is an asset, rather than a file about them.
func served(name string) bool {
	for _, file := range manifest {
		if file == name {
			return true
		}
	}
	return false
}
