-- Appeals about a published result that nobody has taken up yet: any number. It is not
-- known whose they are, and a stranger's must not stand in the way of the enterprise's
-- own: C19.

-- +goose Up

DROP INDEX appeal_open;
CREATE UNIQUE INDEX appeal_taken ON appeal (result, kind) WHERE state IN ('accepted', 'upheld');

-- appeal_added (补充材料): what the sender of an appeal added by the public form, with the
-- form or later. Words stand in feedback_text, files in the folder of evidence.
CREATE TABLE appeal_added (
  id      TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  region  TEXT NOT NULL,
  appeal  TEXT NOT NULL,
  no      BIGINT NOT NULL,
  digest  TEXT NOT NULL,
  files   TEXT NOT NULL,
  at      TEXT NOT NULL,
  cseq    BIGINT NOT NULL,
  CONSTRAINT appeal_added_appeal FOREIGN KEY (appeal) REFERENCES appeal (id),
  CONSTRAINT appeal_added_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT appeal_added_whole CHECK (no BETWEEN 1 AND 10 AND at <> '' AND files <> '' AND (digest <> '' OR no = 1))
);
CREATE INDEX appeal_added_of ON appeal_added (appeal, no);
