package job

import (
	"context"
	"maps"
	"slices"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
)

// A noun is what the check does in its own way for one library. Codes come to it
// in their order, each once.
type noun interface {
	// read reads a row of the file by the library's rules, and reports what is
	// wrong with it.
	read(exchange.Row) (keyed, error)
	// find goes on to what the library has of a code. What it passes over is not
	// in the file.
	find(ctx context.Context, code string) error
	// decide says what the row of the code found last would do.
	decide(candidate) error
	// rest deals with what the library has behind the last code, and stages what is
	// not staged yet.
	rest(context.Context) error
}

// library is the noun of the batch.
func (c *importCheck) library(ctx context.Context) (noun, error) {
	switch c.i.Noun {
	case inspect.ImportInspectors:
		return newInspectorNoun(ctx, c)
	case inspect.ImportItems:
		return newItemNoun(ctx, c)
	case inspect.ImportLicences:
		return newLicenceNoun(ctx, c)
	}
	return newObjectNoun(c), nil
}

// apply writes the staged rows of a batch.
func (w *importWork) apply(ctx context.Context) error {
	switch w.i.Noun {
	case inspect.ImportInspectors:
		return applying[inspect.Inspector]{w, inspectorRows(w)}.run(ctx)
	case inspect.ImportItems:
		return applying[inspect.Item]{w, itemRows(w)}.run(ctx)
	case inspect.ImportLicences:
		return applying[inspect.HeldLicence]{w, licenceRows(w)}.run(ctx)
	}
	return applying[inspect.Object]{w, objectRows}.run(ctx)
}

// fitting parts rows into those that may be written together and those that may
// not, each of them by code with the reason. What one row would have made room for
// is asked again without it.
func fitting[T any](rows []T, code func(T) string, unfit func([]T) map[string]error) (fit []T, out map[string]error) {
	out = map[string]error{}
	for {
		bad := unfit(rows)
		if len(bad) == 0 {
			return rows, out
		}
		maps.Copy(out, bad)
		rows = slices.DeleteFunc(slices.Clone(rows), func(r T) bool { return bad[code(r)] != nil })
	}
}
