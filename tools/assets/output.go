package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
)

// keepFile keeps the folder in the source tree, so that a clean clone compiles.
const keepFile = ".keep"

// write puts the assets under names that carry a digest of their content, packed
// beside them, and the manifest that leads from the plain names to those. What
// was there before goes. The stamp comes last: without it nothing counts.
func write(out map[string][]byte, stamp string) error {
	if err := clear(); err != nil {
		return err
	}
	manifest := map[string]string{}
	for name, body := range out {
		file := name
		if name != "licences.txt" {
			sum := sha256.Sum256(body)
			ext := filepath.Ext(name)
			file = strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
			manifest[name] = file
			if err := writePacked(file, body); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(distDir, file), body, 0o644); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(distDir+"/manifest.json", append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.WriteFile(stampFile, []byte(stamp), 0o644)
}

func clear() error {
	if err := os.MkdirAll(distDir, 0o755); err != nil {
		return err
	}
	if err := os.Remove(stampFile); err != nil && !os.IsNotExist(err) {
		return err
	}
	old, err := os.ReadDir(distDir)
	if err != nil {
		return err
	}
	for _, f := range old {
		if f.Name() == keepFile {
			continue
		}
		if err := os.Remove(filepath.Join(distDir, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

func writePacked(file string, body []byte) error {
	gz, err := gzipped(body)
	if err != nil {
		return err
	}
	var br bytes.Buffer
	w := brotli.NewWriterLevel(&br, brotli.BestCompression)
	if _, err := w.Write(body); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(distDir, file+".gz"), gz, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(distDir, file+".br"), br.Bytes(), 0o644)
}

// gzipped packs body. The header holds no time, so that the same body gives the
// same bytes.
func gzipped(body []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
