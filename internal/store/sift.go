package store

// siftPage is how many rows are read at a time to find those that are wanted.
const siftPage = 500

// Sift reads rows page by page, behind a key, until it has found so many that are
// wanted: what is late is computed, and so no question to the database. Page returns at
// most so many rows behind a key.
func Sift[T any](after string, most int, page func(after string, most int) ([]T, error), key func(T) string, wanted func(T) bool) (found []T, err error) {
	for {
		rows, err := page(after, siftPage)
		if err != nil {
			return nil, err
		}
		for _, x := range rows {
			if wanted(x) && len(found) < most {
				found = append(found, x)
			}
		}
		if len(rows) < siftPage || len(found) >= most {
			return found, nil
		}
		after = key(rows[len(rows)-1])
	}
}
