-- What lists are sorted by, and receipts found by, and which guards were made.
-- None of it is the official record.

-- +goose Up

-- pinyin holds the sort key of every Chinese name that lists are sorted by. It
-- is filled with the names, and compared with them at every start.
CREATE TABLE pinyin (
  name     TEXT PRIMARY KEY,
  sort_key TEXT NOT NULL
);

-- Receipts are searched for by the hash of their leaf.
CREATE INDEX log_hash_of ON log_hash (hash);

-- guard_text holds the hash of the guards that the program made last, so that a
-- start can tell a new program from a guard that somebody took away.
CREATE TABLE IF NOT EXISTS guard_text (hash TEXT PRIMARY KEY);
