-- What binds the rows of the sign-in to their persons, and the lines of the
-- security log to the record.

-- +goose Up

-- A seal is a keyed hash over the rest of the row, with a key that the database
-- does not hold: a row that somebody wrote or moved to another person is worthless.
ALTER TABLE api_token ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE invitation ADD COLUMN seal TEXT NOT NULL DEFAULT '';

-- Lines of the security log are numbered from 1 without a gap; those from before
-- this migration have 0.
ALTER TABLE security_log ADD COLUMN n BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX security_log_n ON security_log (n) WHERE n > 0;

-- security_seal says in the record what the lines of the security log from first
-- to last are: a digest over all of them. The first one covers lines 0 too.
CREATE TABLE security_seal (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  first   BIGINT NOT NULL,
  last    BIGINT NOT NULL,
  lines   BIGINT NOT NULL,
  digest  TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT security_seal_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT security_seal_whole CHECK (version = 1 AND first >= 0 AND last >= first AND lines > 0 AND length(digest) = 64)
);
