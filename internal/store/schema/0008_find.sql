-- The index that objects are searched by: docs/decisions/0015. It is derived: nothing
-- here is the official record, and Writer.Reindex makes it anew.

-- +goose Up

-- object_find holds for 65,536 neighbouring numbers (a block), and for a part of
-- all keys (a bucket), which objects have which key.
CREATE TABLE object_find (
  block  BIGINT NOT NULL,
  bucket BIGINT NOT NULL,
  data   BYTEA NOT NULL,
  PRIMARY KEY (block, bucket)
);
