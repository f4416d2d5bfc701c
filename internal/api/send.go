package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// give answers with v as JSON, or says that the asker has it already.
func give(c *call, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %T as JSON: %w", v, err)
	}
	giveText(c, "application/json", text)
	return nil
}

// giveText answers with a text that has an ETag of its content.
func giveText(c *call, kind string, text []byte) {
	sum := sha256.Sum256(text)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	c.w.Header().Set("ETag", tag)
	if matches(c.Header.Get("If-None-Match"), tag) {
		c.w.WriteHeader(http.StatusNotModified)
		return
	}
	send(c, http.StatusOK, kind, text)
}

func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

func send(c *call, status int, kind string, text []byte) {
	h := c.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	c.w.WriteHeader(status)
	if c.Method != http.MethodHead {
		_, _ = c.w.Write(text) // an asker that has gone away is no failure
	}
}
