package main

import (
	"os"
	"regexp"
	"strings"
)

var className = regexp.MustCompile(`\.(-?[A-Za-z_][A-Za-z0-9_-]*)`)

// shared are the classes of Tabler that our style sheets build upon.
var shared = map[string]bool{
	"btn": true, "btn-primary": true, "card": true, "form-control": true, "form-select": true, "small": true,
}

// dropOurs takes the classes that our own style sheets define out of keep: where
// Tabler has the same name for something else, its rules would only disturb.
func dropOurs(keep map[string]bool) error {
	return walk(srcDir+"/css", func(path string) error {
		text, err := os.ReadFile(path)
		for _, m := range className.FindAllStringSubmatch(string(text), -1) {
			if !shared[m[1]] {
				delete(keep, m[1])
			}
		}
		return err
	})
}

// prune returns the style sheet css without the rules that no page can use:
// those of whose selectors each names a class that is no word in keep. What is
// not a plain rule, such as a font or an animation, stays.
func prune(css string, keep map[string]bool) string {
	var out strings.Builder
	for len(css) > 0 {
		head, body, rest := next(css)
		css = rest
		switch {
		case body == "":
			out.WriteString(head)
		case strings.HasPrefix(head, "@media") || strings.HasPrefix(head, "@supports"):
			if inner := prune(body, keep); inner != "" {
				out.WriteString(head + "{" + inner + "}")
			}
		case strings.HasPrefix(head, "@"):
			out.WriteString(head + "{" + body + "}")
		default:
			if selectors := usable(head, keep); selectors != "" {
				out.WriteString(selectors + "{" + body + "}")
			}
		}
	}
	return out.String()
}

// next splits off the first statement of css: head{body} or, with an empty body,
// a statement without a block.
func next(css string) (head, body, rest string) {
	depth, start := 0, -1
	for i := 0; i < len(css); i++ {
		switch c := css[i]; {
		case c == '"' || c == '\'':
			i = endOfString(css, i)
		case c == '/' && strings.HasPrefix(css[i:], "/*"):
			end := strings.Index(css[i+2:], "*/")
			if end < 0 {
				return css, "", ""
			}
			if depth == 0 && start < 0 && strings.TrimSpace(css[:i]) == "" {
				return css[:i], "", css[i+2+end+2:] // a comment between rules goes
			}
			i += end + 3
		case c == ';' && depth == 0:
			return css[:i+1], "", css[i+1:]
		case c == '{':
			if depth == 0 {
				start = i
			}
			depth++
		case c == '}':
			depth--
			if depth == 0 {
				return strings.TrimSpace(css[:start]), css[start+1 : i], css[i+1:]
			}
		}
	}
	return css, "", ""
}

// endOfString returns the index of the quote that ends the string starting at i.
func endOfString(css string, i int) int {
	quote := css[i]
	for i++; i < len(css); i++ {
		switch css[i] {
		case '\\':
			i++
		case quote:
			return i
		}
	}
	return len(css)
}

// usable returns those of the selectors, separated by commas, that name no class
// outside keep.
func usable(selectors string, keep map[string]bool) string {
	var kept []string
	for _, s := range splitSelectors(selectors) {
		ok := true
		for _, m := range className.FindAllStringSubmatch(withoutNot(s), -1) {
			ok = ok && keep[m[1]]
		}
		if ok {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, ",")
}

// splitSelectors splits at the commas that stand outside brackets.
func splitSelectors(s string) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				parts = append(parts, s[start:i])
				start = i + 1
			}
		}
	}
	return append(parts, s[start:])
}

// withoutNot drops :not(…) from a selector: what is in there need not exist.
func withoutNot(s string) string {
	for {
		i := strings.Index(s, ":not(")
		if i < 0 {
			return s
		}
		depth, end := 0, len(s)
		for j := i + len(":not"); j < len(s); j++ {
			if s[j] == '(' {
				depth++
			}
			if s[j] == ')' {
				if depth--; depth == 0 {
					end = j + 1
					break
				}
			}
		}
		s = s[:i] + s[end:]
	}
}
