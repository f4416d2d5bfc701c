package portal_test

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/web/portal"
)

// A shelf is draws in memory, those announced last first: runs that the record has
// no acts for are played there, such as sealed ones.
type shelf struct {
	List  []portal.Draw
	Names map[string]string
}

// Draws implements Draws.
func (s *shelf) Draws(_ context.Context, f portal.DrawFilter) (found []portal.Draw, err error) {
	past := f.After == ""
	for _, d := range s.List {
		if !past {
			past = d.Number == f.After
			continue
		}
		c, err := draw.Load(d.Runs[len(d.Runs)-1].Files)
		if err != nil { // a broken one, which only the whole list has
			found = append(found, d)
			continue
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
func (s *shelf) Draw(_ context.Context, number string) (portal.Draw, error) {
	i := slices.IndexFunc(s.List, func(d portal.Draw) bool { return d.Number == number })
	if i < 0 {
		return portal.Draw{}, inspect.ErrMissing
	}
	return s.List[i], nil
}

// ObjectNames implements Draws.
func (s *shelf) ObjectNames(_ context.Context, codes []string) (map[string]string, error) {
	names := map[string]string{}
	for _, code := range codes {
		names[code] = s.Names[code]
	}
	return names, nil
}
