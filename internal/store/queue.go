package store

import "database/sql"

// Queue keeps the jobs that are done after acts. It touches the table job and
// no other.
type Queue struct {
	db, writes *sql.DB
	d          dialect
}
