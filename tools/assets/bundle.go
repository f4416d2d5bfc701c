package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// bundle makes suicha.css and suicha.js, and says which packages went into them.
// Rules of Tabler whose classes are no words in keep are left out.
func bundle(keep map[string]bool) (map[string][]byte, map[string]bool, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:   []string{srcDir + "/css/suicha.css", srcDir + "/js/suicha.js"},
		EntryNames:    "[name]",
		Outdir:        distDir,
		NodePaths:     []string{modules},
		Bundle:        true,
		Metafile:      true,
		Write:         false,
		Format:        api.FormatIIFE,
		Platform:      api.PlatformBrowser,
		Target:        api.ES2020,
		Engines:       []api.Engine{{Name: api.EngineChrome, Version: "100"}, {Name: api.EngineSafari, Version: "15.4"}},
		LegalComments: api.LegalCommentsNone, // they stand in licences.txt
		Charset:       api.CharsetUTF8,
		LogLevel:      api.LogLevelWarning,
		Plugins:       []api.Plugin{leaveOut(keep)},

		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
	})
	if len(result.Errors) > 0 {
		return nil, nil, errors.New("esbuild found errors")
	}
	out := map[string][]byte{}
	for _, f := range result.OutputFiles {
		out[filepath.Base(f.Path)] = f.Contents
	}
	var meta struct{ Inputs map[string]struct{} }
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, nil, fmt.Errorf("read the metafile: %w", err)
	}
	used := map[string]bool{}
	for input := range meta.Inputs {
		if _, in, ok := strings.Cut(input, "node_modules/"); ok {
			used[packageOf(in)] = true
		}
	}
	return out, used, nil
}

func packageOf(file string) string {
	parts := strings.Split(file, "/")
	if strings.HasPrefix(parts[0], "@") {
		return path.Join(parts[0], parts[1])
	}
	return parts[0]
}

// leaveOut is the step that shortens Tabler's style sheet when it is read.
func leaveOut(keep map[string]bool) api.Plugin {
	return api.Plugin{Name: "leave-out", Setup: func(b api.PluginBuild) {
		b.OnLoad(api.OnLoadOptions{Filter: `[/\\]tabler\.min\.css$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			text, err := os.ReadFile(args.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			short := prune(string(text), keep)
			return api.OnLoadResult{Contents: &short, Loader: api.LoaderCSS}, nil
		})
	}}
}

var (
	gap      = regexp.MustCompile(`\s+`)
	emptyBox = regexp.MustCompile(`<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>`)
)

// sprite puts the icons named in list into one file, each a symbol. An icon of
// our own in the folder own goes before one of the package.
func sprite(list, own, outline string) ([]byte, error) {
	text, err := os.ReadFile(list)
	if err != nil {
		return nil, err
	}
	names := strings.Fields(string(text))
	if !sort.StringsAreSorted(names) {
		return nil, fmt.Errorf("%s is not sorted", list)
	}
	var out bytes.Buffer
	out.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for _, name := range names {
		svg, err := os.ReadFile(filepath.Join(own, name+".svg"))
		if errors.Is(err, os.ErrNotExist) {
			svg, err = os.ReadFile(filepath.Join(outline, name+".svg"))
		}
		if err != nil {
			return nil, fmt.Errorf("icon %s: %w", name, err)
		}
		inner, err := innerSVG(string(svg))
		if err != nil {
			return nil, fmt.Errorf("icon %s: %w", name, err)
		}
		fmt.Fprintf(&out, `<symbol id="%s" viewBox="0 0 24 24">%s</symbol>`, name, inner)
	}
	out.WriteString(`</svg>`)
	return out.Bytes(), nil
}

// innerSVG is what stands between <svg …> and </svg>, without the empty square
// that Tabler puts first.
func innerSVG(svg string) (string, error) {
	start := strings.Index(svg, "<svg")
	if start < 0 {
		return "", errors.New("it is no SVG")
	}
	open := strings.IndexByte(svg[start:], '>')
	end := strings.LastIndex(svg, "</svg>")
	if open < 0 || end < start+open {
		return "", errors.New("its tags do not match")
	}
	inner := gap.ReplaceAllString(svg[start+open+1:end], " ")
	inner = emptyBox.ReplaceAllString(inner, "")
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(inner, "> <", "><"), " />", "/>")), nil
}

// licences lists the packages that were built in, with their licence texts.
func licences(used map[string]bool) ([]byte, error) {
	names := make([]string, 0, len(used))
	for name := range used {
		names = append(names, name)
	}
	sort.Strings(names)
	var out bytes.Buffer
	for _, name := range names {
		dir := filepath.Join(modules, filepath.FromSlash(name))
		text, err := os.ReadFile(filepath.Join(dir, "package.json"))
		if err != nil {
			return nil, err
		}
		var about struct{ Name, Version, License string }
		if err := json.Unmarshal(text, &about); err != nil {
			return nil, fmt.Errorf("read package.json of %s: %w", name, err)
		}
		fmt.Fprintf(&out, "%s %s (%s)\n\n", about.Name, about.Version, about.License)
		licence, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
		if errors.Is(err, os.ErrNotExist) { // some packages carry it in a comment only
			licence, err = os.ReadFile(srcDir + "/licences/" + strings.NewReplacer("@", "", "/", "-").Replace(name) + ".txt")
		}
		if err != nil {
			return nil, fmt.Errorf("licence of %s: %w", name, err)
		}
		out.Write(bytes.TrimSpace(licence))
		out.WriteString("\n\n")
	}
	return out.Bytes(), nil
}
