package auth

// Cheap returns c with passwords that cost next to nothing to hash.
func Cheap(c Config) Config {
	c.cost = cost{memory: 8, time: 1}
	return c
}
