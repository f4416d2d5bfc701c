// Assets builds the style sheet, the script and the icons of package web into
// internal/web/dist, verify.html into verify/dist, and the fonts of printed forms
// into internal/document/font/dist, where the program embeds them.
//
// Run it at the root of the source tree:
//
//	go run ./tools/assets
//
// It fetches the browser packages with npm when package-lock.json has changed,
// runs none of their scripts, and does nothing when no input has changed. The
// same inputs give the same bytes.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
)

// Where things are, seen from the root of the source tree.
const (
	webDir  = "internal/web"
	distDir = webDir + "/dist"
	srcDir  = webDir + "/assets"
	lock    = webDir + "/package-lock.json"
	modules = webDir + "/node_modules"

	verifyDir = "verify" // the page that checks a draw
)

// Largest sizes, packed with gzip: pages must open quickly on an old computer
// behind a slow line.
var largest = map[string]int{"suicha.css": 95 << 10, "suicha.js": 30 << 10}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run() error {
	if _, err := os.Stat("go.mod"); err != nil {
		return fmt.Errorf("run this at the root of the source tree: %w", err)
	}
	if err := buildFonts(); err != nil {
		return err
	}
	stamp, err := stampOfInputs()
	if err != nil {
		return err
	}
	if built(stamp) {
		return nil
	}
	if err := buildVerifier(); err != nil {
		return err
	}
	if err := fetchPackages(); err != nil {
		return err
	}
	out, err := build()
	if err != nil {
		return err
	}
	if err := write(out, stamp); err != nil {
		return err
	}
	return report(out)
}

// build makes every asset in memory, by its plain name.
func build() (map[string][]byte, error) {
	keep, err := wordsOfPages(webDir)
	if err != nil {
		return nil, err
	}
	if err := dropOurs(keep); err != nil {
		return nil, err
	}
	out, used, err := bundle(keep)
	if err != nil {
		return nil, err
	}
	if out["icons.svg"], err = sprite(srcDir+"/icons.txt", srcDir+"/icons", modules+"/@tabler/icons/icons/outline"); err != nil {
		return nil, err
	}
	used["@tabler/icons"] = true
	if out["logo.svg"], err = os.ReadFile(srcDir + "/logo.svg"); err != nil {
		return nil, err
	}
	if out["licences.txt"], err = licences(used); err != nil {
		return nil, err
	}
	ofl, err := fontLicence()
	if err != nil {
		return nil, err
	}
	out["licences.txt"] = append(out["licences.txt"], ofl...)
	return out, nil
}

// report prints the sizes and fails if one is too large.
func report(out map[string][]byte) error {
	names := make([]string, 0, len(out))
	for name := range out {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		packed, err := gzipped(out[name])
		if err != nil {
			return err
		}
		fmt.Printf("%-14s %7d bytes, %6d packed\n", name, len(out[name]), len(packed))
		if most := largest[name]; most > 0 && len(packed) > most {
			return fmt.Errorf("%s is %d bytes packed, and may be %d at most", name, len(packed), most)
		}
	}
	fmt.Println("built", filepath.ToSlash(distDir))
	return nil
}
