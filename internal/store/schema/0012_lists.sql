-- What lists of the libraries need: objects outside of random inspection, keys of
-- the search for age and licences, and what a person keeps for themselves.

-- +goose Up

-- Why an object stays under the supervision there was before, and is never
-- drawn: R111. Empty for all others.
ALTER TABLE object ADD COLUMN outside TEXT NOT NULL DEFAULT '';

-- saved_filter (常用筛选) is a filter of a list that a person has given a name.
-- Nobody else sees it, and it is no part of the record.
CREATE TABLE saved_filter (
  id      TEXT PRIMARY KEY,
  person  TEXT NOT NULL,
  list    TEXT NOT NULL,
  name    TEXT NOT NULL,
  query   TEXT NOT NULL,
  made_at TEXT NOT NULL,
  CONSTRAINT saved_filter_name UNIQUE (person, list, name),
  CONSTRAINT saved_filter_of FOREIGN KEY (person) REFERENCES person (id),
  CONSTRAINT saved_filter_whole CHECK (list <> '' AND name <> '' AND made_at <> '')
);

-- list_columns are the columns of a list that a person wants to see.
CREATE TABLE list_columns (
  person  TEXT NOT NULL,
  list    TEXT NOT NULL,
  columns TEXT NOT NULL,
  PRIMARY KEY (person, list),
  CONSTRAINT list_columns_of FOREIGN KEY (person) REFERENCES person (id),
  CONSTRAINT list_columns_whole CHECK (list <> '')
);

-- The index of the search is made anew at the next start, with its new keys.
DELETE FROM object_find;
