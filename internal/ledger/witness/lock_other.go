//go:build !unix

package witness

import (
	"errors"
	"os"
)

// lockFile refuses: without a lock that a crash releases, and without a way to
// make a rename durable, a witness here could forget what it cosigned.
func lockFile(*os.File) error { return errors.ErrUnsupported }
