package api_test

import (
	"fmt"
	"testing"
	"time"
)

// Whoever makes tokens up is slowed down before one is looked up, a new token
// each time or not.
func TestMadeUpTokensWait(t *testing.T) {
	both(t, func(c *client) {
		n, last := 0, answer{}
		for ; last.status != 429 && n < 400; n++ {
			last = c.send("GET", "/api/v1/deadlines", fmt.Sprintf("sct_%043d", n), "")
		}
		c.is(last, 429, "busy")
		if n != 301 {
			t.Errorf("%d made-up tokens were looked up", n-1)
		}
		c.Now = c.Now.Add(time.Second)
		c.is(c.send("GET", "/api/v1/deadlines", "sct_x", ""), 401, "token")
	})
}
