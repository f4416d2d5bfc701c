-- Feedback from the public (意见反馈).

-- +goose Up

-- feedback (意见反馈): what was asked, of whom, and the answer. What the sender wrote
-- stands apart, and here is its digest.
CREATE TABLE feedback (
  id          TEXT PRIMARY KEY,
  version     BIGINT NOT NULL,
  region      TEXT NOT NULL,
  org         TEXT NOT NULL,
  kind        TEXT NOT NULL,
  about       TEXT NOT NULL,
  ref         TEXT NOT NULL,
  state       TEXT NOT NULL,
  digest      TEXT NOT NULL,
  lookup      TEXT NOT NULL,
  at          TEXT NOT NULL,
  passed_by   TEXT NOT NULL,
  passed_at   TEXT NOT NULL,
  note        TEXT NOT NULL,
  answer      TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  answered_at TEXT NOT NULL,
  erased_by   TEXT NOT NULL,
  erased_at   TEXT NOT NULL,
  reason      TEXT NOT NULL,
  cseq        BIGINT NOT NULL,
  CONSTRAINT feedback_entry FOREIGN KEY (cseq) REFERENCES entry (n)
);
CREATE INDEX feedback_by_lookup ON feedback (lookup);
CREATE INDEX feedback_by_state ON feedback (region, state, at);

-- feedback_text: the sender's own words and, if given, name and telephone. It is no part
-- of the record, so that it can be erased; salt and text give the digest.
CREATE TABLE feedback_text (
  id      TEXT PRIMARY KEY,
  salt    TEXT NOT NULL,
  text    TEXT NOT NULL,
  name    TEXT NOT NULL,
  contact TEXT NOT NULL
);
