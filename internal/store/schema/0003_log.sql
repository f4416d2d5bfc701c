-- The transparency log over the entries: derived from them, never the source.

-- +goose Up

-- log_hash holds the stored hashes of the Merkle tree, in the order of their
-- index.
CREATE TABLE log_hash (
  i    BIGINT PRIMARY KEY,
  hash TEXT NOT NULL
);

-- checkpoint holds every signed tree head, by size; the newest is the one in
-- force. Sizes only grow: INV-24.
CREATE TABLE checkpoint (
  size BIGINT PRIMARY KEY,
  at   TEXT NOT NULL,
  note TEXT NOT NULL
);

-- job is the queue of work that is done after an act, outside its transaction.
CREATE TABLE job (
  id       TEXT PRIMARY KEY,
  kind     TEXT NOT NULL,
  args     TEXT NOT NULL,
  run_at   TEXT NOT NULL,
  state    TEXT NOT NULL,
  attempt  BIGINT NOT NULL,
  lease    TEXT NOT NULL,
  worker   TEXT NOT NULL,
  fault    TEXT NOT NULL,
  CONSTRAINT job_state CHECK (state IN ('ready', 'running', 'done', 'failed'))
);
CREATE INDEX job_due ON job (state, run_at, id);

-- cosignature holds what witnesses signed beneath a checkpoint.
CREATE TABLE cosignature (
  size    BIGINT NOT NULL,
  witness TEXT NOT NULL,
  lines   TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (size, witness),
  CONSTRAINT cosignature_of FOREIGN KEY (size) REFERENCES checkpoint (size)
);
