package portal

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/inspect"
)

// A Shelf is draws in memory, those announced last first: of a site that has no
// database of draws.
type Shelf struct {
	List  []Draw
	Names map[string]string
}

// Draws implements Draws.
func (s *Shelf) Draws(_ context.Context, f DrawFilter) (found []Draw, err error) {
	past := f.After == ""
	for _, d := range s.List {
		if !past {
			past = d.Number == f.After
			continue
		}
		c, err := draw.Load(d.Runs[len(d.Runs)-1].Files)
		if err != nil {
			return nil, err
		}
		text := c.Manifest.Title
		for _, t := range c.Manifest.Tasks {
			text += " " + t.Title
		}
		if strings.Contains(text, f.Text) && (f.Year == 0 || strings.HasPrefix(c.Manifest.Time, strconv.Itoa(f.Year))) && (f.Most == 0 || len(found) < f.Most) {
			found = append(found, d)
		}
	}
	return found, nil
}

// Draw implements Draws.
func (s *Shelf) Draw(_ context.Context, number string) (Draw, error) {
	i := slices.IndexFunc(s.List, func(d Draw) bool { return d.Number == number })
	if i < 0 {
		return Draw{}, inspect.ErrMissing
	}
	return s.List[i], nil
}

// ObjectNames implements Draws.
func (s *Shelf) ObjectNames(_ context.Context, codes []string) (map[string]string, error) {
	names := map[string]string{}
	for _, code := range codes {
		names[code] = s.Names[code]
	}
	return names, nil
}
