package inspect

// SubstID names one substitution of an object or of an inspector.
type SubstID string
