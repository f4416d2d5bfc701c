package inspect

// A Seal (安全日志封存) puts a part of the security log on record: how many lines
// there are from one number to another, and a digest over all of them. Lines that
// are changed, removed or added afterwards no longer give it.
type Seal struct {
	ID      string
	Version int64
	First   int64 // number of the first line; 0 for the first seal
	Last    int64
	Lines   int64
	Digest  string // SHA-256, hexadecimal
}
