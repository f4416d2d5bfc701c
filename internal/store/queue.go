package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"suicha/internal/inspect"
)

// Queue keeps work that is done outside acts, and what came of it. It is no part of
// the record. It touches the table job and no other.
type Queue struct {
	db, writes *sql.DB
	d          dialect
}

// A Job (后台作业) is one piece of work. One of an id is there at a time; to ask again
// is to do it anew.
type Job struct {
	ID, Kind, Args string
	Asked          time.Time
	State          JobState
	Fault          string // why it failed
	Result         string // how far it is, then what came of it
}

// A JobState is how far a job has come.
type JobState string

// The states of a job.
const (
	JobReady   JobState = "ready"
	JobRunning JobState = "running"
	JobDone    JobState = "done"
	JobFailed  JobState = "failed"
)

// jobTries is how often a job is begun whose worker did not come back.
const jobTries = 3

const jobCols = `id, kind, args, run_at, state, fault, result`

func scanJob(s scanner) (j Job, err error) {
	return j, s.Scan(&j.ID, &j.Kind, &j.Args, instantCol{&j.Asked}, &j.State, &j.Fault, &j.Result)
}

// Ask puts work in the queue. While it is being done, asking again does nothing.
func (q *Queue) Ask(ctx context.Context, id, kind, args string, now time.Time) error {
	_, err := exec(ctx, q.writes, `
		INSERT INTO job (id, kind, args, run_at, state, attempt, lease, worker, fault, result)
		VALUES ($1, $2, $3, $4, 'ready', 0, '', '', '', '')
		ON CONFLICT (id) DO UPDATE
		SET    args = excluded.args, run_at = excluded.run_at, state = 'ready', attempt = 0, lease = '', worker = '', fault = '', result = ''
		WHERE  job.state <> 'running' OR job.lease < excluded.run_at`, id, kind, args, instant(now))
	if err != nil {
		return fmt.Errorf("ask for %s: %w", id, err)
	}
	return nil
}

// Job returns one job. Whether its asker may see it is for the caller to say.
func (q *Queue) Job(ctx context.Context, id string) (Job, error) {
	return row(ctx, q.db, scanJob, `SELECT `+jobCols+` FROM job WHERE id = $1`, id)
}

// Claim takes the oldest job of a kind for a worker, until a time. A job whose worker
// did not come back is taken again, but not for ever. It fails with
// inspect.ErrMissing if there is none.
func (q *Queue) Claim(ctx context.Context, kind, worker string, now, until time.Time) (Job, error) {
	if _, err := exec(ctx, q.writes, `
		UPDATE job SET state = 'failed', fault = 'the worker did not come back'
		WHERE  kind = $1 AND state = 'running' AND lease < $2 AND attempt >= $3`, kind, instant(now), jobTries); err != nil {
		return Job{}, err
	}
	return row(ctx, q.writes, scanJob, `
		UPDATE job SET state = 'running', worker = $3, lease = $4, attempt = attempt + 1
		WHERE  id = (
			SELECT id FROM job
			WHERE  kind = $1 AND (state = 'ready' OR state = 'running' AND lease < $2)
			ORDER  BY run_at, id LIMIT 1`+q.d.skipLocks+`)
		RETURNING `+jobCols, kind, instant(now), worker, instant(until))
}

// Note keeps how far a job is, and keeps it for the worker until a time. It fails with
// inspect.ErrStale if somebody else has the job now.
func (q *Queue) Note(ctx context.Context, id, worker, result string, until time.Time) error {
	return q.own(ctx, id, worker, JobRunning, "", result, until)
}

// End notes what came of a job; with a fault, that it failed.
func (q *Queue) End(ctx context.Context, id, worker, fault, result string) error {
	state := JobDone
	if fault != "" {
		state = JobFailed
	}
	return q.own(ctx, id, worker, state, fault, result, time.Time{})
}

func (q *Queue) own(ctx context.Context, id, worker string, state JobState, fault, result string, until time.Time) error {
	n, err := exec(ctx, q.writes, `
		UPDATE job SET state = $3, fault = $4, result = $5, lease = $6 WHERE id = $1 AND worker = $2 AND state = 'running'`,
		id, worker, string(state), fault, result, instant(until))
	if err == nil && n == 0 {
		err = inspect.ErrStale
	}
	return err
}
