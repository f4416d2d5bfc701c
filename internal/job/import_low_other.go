//go:build !linux

package job

// lowered runs do. Only Linux has priorities of threads.
func lowered(do func()) { do() }
