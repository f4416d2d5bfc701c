package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	fontDir   = "internal/document/font" // package.json and lock file of the fonts
	fontDist  = "internal/document/font/dist"
	fontStamp = fontDist + "/.stamp"
	fontOFL   = "OFL.txt"
	fontFrom  = fontDir + "/node_modules/@expo-google-fonts/noto-serif-sc/"
)

// fontFiles are what the program embeds, and where in the package it comes from.
var fontFiles = []struct{ name, from string }{
	{"regular.ttf.gz", "400Regular/NotoSerifSC_400Regular.ttf"},
	{"bold.ttf.gz", "700Bold/NotoSerifSC_700Bold.ttf"},
	{fontOFL, "LICENSE_FONT"},
}

// buildFonts fetches the fonts of printed forms, packs the two that are used, and
// drops the package again, which is ten times as large. It does nothing if they are
// those of the lock file already.
func buildFonts() error {
	lock, err := os.ReadFile(fontDir + "/package-lock.json")
	if err != nil {
		return err
	}
	sum := sha256.Sum256(fmt.Append(lock, fontFiles))
	stamp := hex.EncodeToString(sum[:])
	if have, err := os.ReadFile(fontStamp); err == nil && string(have) == stamp {
		return nil
	}
	if err := npmCI(fontDir); err != nil {
		return err
	}
	for _, f := range fontFiles {
		body, err := os.ReadFile(fontFrom + f.from)
		if err != nil {
			return err
		}
		if strings.HasSuffix(f.name, ".gz") {
			if body, err = gzipped(body); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(fontDist, f.name), body, 0o644); err != nil {
			return err
		}
		fmt.Printf("%-14s %8d bytes\n", f.name, len(body))
	}
	if err := os.RemoveAll(fontDir + "/node_modules"); err != nil {
		return err
	}
	return os.WriteFile(fontStamp, []byte(stamp), 0o644)
}

// fontLicence is the licence of the fonts, for the list of all.
func fontLicence() ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(fontDist, fontOFL))
	return append([]byte("Noto Serif SC (OFL-1.1), in printed forms\n\n"), text...), err
}
