package web

import (
	"strings"
	"testing"
)

func TestAssetsAreServedPackedAndForEver(t *testing.T) {
	m := site()
	if err := CheckAssets(); err != nil {
		if !strings.Contains(err.Error(), "go run ./tools/assets") {
			t.Errorf("the program does not say how to make the assets: %v", err)
		}
		if w := get(t, m, "/assets/suicha.css"); w.Code != 404 {
			t.Errorf("nothing was built, got %d", w.Code)
		}
		return
	}
	for name, kind := range map[string]string{
		"suicha.css": "text/css; charset=utf-8", "suicha.js": "text/javascript; charset=utf-8", "icons.svg": "image/svg+xml", "logo.svg": "image/svg+xml",
	} {
		path, err := AssetPath(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, packing := range []string{"", "gzip", "br"} {
			w := get(t, m, path, "Accept-Encoding", packing)
			h := w.Header()
			if w.Code != 200 || h.Get("Content-Type") != kind || h.Get("Content-Encoding") != packing || !strings.Contains(h.Get("Cache-Control"), "immutable") {
				t.Errorf("%s as %q: got %d %v", path, packing, w.Code, h)
			}
		}
	}
	for _, path := range []string{"/assets/manifest.json", "/assets/licences.txt", "/assets/.stamp", "/assets/..%2fasset.go", "/assets/suicha.css"} {
		if w := get(t, m, path); w.Code != 404 {
			t.Errorf("%s: got %d, want 404", path, w.Code)
		}
	}
	if _, err := AssetPath("absent.css"); err == nil {
		t.Error("an asset that does not exist has an address")
	}
	if _, err := spritePath("unicorn"); err == nil {
		t.Error("an icon that does not exist has an address")
	}
}
