-- Sealed draws, whose list is public on the announced day only: R81, INV-05.

-- +goose Up

-- When the custodian's secret came into keeping: a sealed run can be drawn then. What
-- is kept of it, and of its list, are files of the run whose text is encrypted.
ALTER TABLE batch ADD COLUMN entrusted_at TEXT NOT NULL DEFAULT ''
  CONSTRAINT batch_entrusted CHECK (entrusted_at = '' OR state IN ('opened', 'drawn', 'disclosed', 'annulled'));

-- reading (名单查阅): somebody was shown the list of a sealed run before its day.
CREATE TABLE reading (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  batch   TEXT NOT NULL,
  run     BIGINT NOT NULL,
  org     TEXT NOT NULL,
  by_whom TEXT NOT NULL,
  at      TEXT NOT NULL,
  ground  TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT reading_batch FOREIGN KEY (batch) REFERENCES batch (id),
  CONSTRAINT reading_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT reading_by FOREIGN KEY (by_whom) REFERENCES person (id),
  CONSTRAINT reading_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT reading_whole CHECK (version = 1 AND run > 0 AND at <> '' AND ground <> '')
);
CREATE INDEX reading_of ON reading (batch, run);
