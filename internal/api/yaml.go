package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// toYAML writes a JSON text as YAML 1.2 in block style, in the same order. Texts
// are quoted as in JSON, which YAML reads the same, unless they are plain words.
func toYAML(text []byte) ([]byte, error) {
	tokens := json.NewDecoder(bytes.NewReader(text))
	tokens.UseNumber()
	y := &yamlWriter{tokens: tokens}
	if err := y.value(0, false); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return y.out.Bytes(), nil
}

type yamlWriter struct {
	tokens *json.Decoder
	out    bytes.Buffer
}

// value writes the next value. The cursor stands behind "name:" or "-"; inList
// says behind which.
func (y *yamlWriter) value(indent int, inList bool) error {
	token, err := y.tokens.Token()
	if err != nil {
		return err
	}
	bracket, ok := token.(json.Delim)
	if !ok {
		y.space()
		y.out.WriteString(yamlScalar(token) + "\n")
		return nil
	}
	if !y.tokens.More() {
		y.space()
		y.out.WriteString(map[json.Delim]string{'{': "{}\n", '[': "[]\n"}[bracket])
		_, err := y.tokens.Token()
		return err
	}
	if y.out.Len() > 0 && !inList {
		y.out.WriteByte('\n')
	}
	for first := true; y.tokens.More(); first = false {
		switch {
		case first && inList:
			y.out.WriteByte(' ')
		default:
			y.out.WriteString(strings.Repeat("  ", indent))
		}
		if err := y.member(bracket, indent); err != nil {
			return err
		}
	}
	_, err = y.tokens.Token()
	return err
}

func (y *yamlWriter) member(bracket json.Delim, indent int) error {
	if bracket == '[' {
		y.out.WriteByte('-')
		return y.value(indent+1, true)
	}
	name, err := y.tokens.Token()
	if err != nil {
		return err
	}
	y.out.WriteString(yamlScalar(name) + ":")
	return y.value(indent+1, false)
}

func (y *yamlWriter) space() {
	if y.out.Len() > 0 {
		y.out.WriteByte(' ')
	}
}

var yamlPlain = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./{}+-]*$`)

// yamlWords are words that some readers of YAML take for something else.
var yamlWords = []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}

func yamlScalar(token json.Token) string {
	switch v := token.(type) {
	case string:
		if yamlPlain.MatchString(v) && !slices.Contains(yamlWords, strings.ToLower(v)) {
			return v
		}
		var b bytes.Buffer
		quoted := json.NewEncoder(&b)
		quoted.SetEscapeHTML(false)
		if quoted.Encode(v) != nil { // a text can always be written
			return `""`
		}
		return strings.TrimSpace(b.String())
	case nil:
		return "null"
	}
	return fmt.Sprint(token)
}
