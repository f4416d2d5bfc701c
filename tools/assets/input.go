package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

const (
	stampFile = distDir + "/.stamp"
	lockStamp = modules + "/.suicha-lock"
)

// stampOfInputs is a digest of everything that the assets are made from: this
// program, its libraries, the browser packages, our sources, and the pages,
// whose words decide which rules of Tabler are kept.
func stampOfInputs() (string, error) {
	sum := sha256.New()
	for _, root := range []string{"tools/assets", webDir, verifyDir} {
		err := walk(root, func(path string) error {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			fmt.Fprintf(sum, "%s %x\n", filepath.ToSlash(path), sha256.Sum256(text))
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		return "", err
	}
	for _, line := range strings.Split(string(mod), "\n") {
		if strings.Contains(line, "esbuild") || strings.Contains(line, "brotli") {
			sum.Write([]byte(line))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// walk calls see for every input file under root, in order.
func walk(root string, see func(path string) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist" || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		return see(path)
	})
}

func built(stamp string) bool {
	text, err := os.ReadFile(stampFile)
	_, absent := os.Stat(verifyDir + "/dist/verify.html")
	return err == nil && absent == nil && string(text) == stamp
}

// buildVerifier makes verify.html, which needs no packages.
func buildVerifier() error {
	node, err := exec.LookPath("node")
	if err != nil {
		return fmt.Errorf("node is missing: install Node.js 20 or later (Debian: apt install nodejs)")
	}
	cmd := exec.Command(node, verifyDir+"/build.mjs", verifyDir+"/dist/verify.html")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build verify.html: %w", err)
	}
	return nil
}

// fetchPackages brings the node_modules of package web to what its
// package-lock.json says.
func fetchPackages() error {
	want, err := os.ReadFile(lock)
	if err != nil {
		return err
	}
	if have, err := os.ReadFile(lockStamp); err == nil && bytes.Equal(have, want) {
		return nil
	}
	if err := npmCI(webDir); err != nil {
		return err
	}
	return os.WriteFile(lockStamp, want, 0o644)
}

// npmCI fetches the packages that dir/package-lock.json names, with the digests
// that stand there, and runs none of their scripts.
func npmCI(dir string) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("npm is missing: install Node.js 20 or later with npm (Debian: apt install nodejs npm)")
	}
	cmd := exec.Command(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w", dir, err)
	}
	return nil
}

var word = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_-]*`)

// wordsOfPages is every word in the templates, scripts and programs under root:
// whatever may be the name of a class.
func wordsOfPages(root string) (map[string]bool, error) {
	words := map[string]bool{}
	err := walk(root, func(path string) error {
		switch filepath.Ext(path) {
		case ".html", ".go", ".js":
		default:
			return nil
		}
		text, err := os.ReadFile(path)
		for _, w := range word.FindAllString(string(text), -1) {
			words[w] = true
		}
		return err
	})
	return words, err
}
