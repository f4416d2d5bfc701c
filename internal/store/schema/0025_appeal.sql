-- Objections, replies and repairs, and the end of a publication: R102, 海政办发〔2020〕2号 二(六);
-- 国市监信规〔2024〕5号.

-- +goose Up

-- appeal (异议、申辩、信用修复): what an enterprise asks for about its published result.
-- Since is when the present clock began; whether it is late is computed.
CREATE TABLE appeal (
  id          TEXT PRIMARY KEY,
  version     BIGINT NOT NULL,
  region      TEXT NOT NULL,
  result      TEXT NOT NULL,
  org         TEXT NOT NULL,
  kind        TEXT NOT NULL,
  way         TEXT NOT NULL,
  code        TEXT NOT NULL,
  name        TEXT NOT NULL,
  state       TEXT NOT NULL,
  digest      TEXT NOT NULL,
  lookup      TEXT NOT NULL,
  received_by TEXT NOT NULL,
  received_at TEXT NOT NULL,
  since       TEXT NOT NULL,
  accepted_by TEXT NOT NULL,
  decided_by  TEXT NOT NULL,
  public      TEXT NOT NULL,
  correction  TEXT,
  erased_by   TEXT NOT NULL,
  erased_at   TEXT NOT NULL,
  body        TEXT NOT NULL,
  cseq        BIGINT NOT NULL,
  CONSTRAINT appeal_lookup UNIQUE (lookup),
  CONSTRAINT appeal_result FOREIGN KEY (result) REFERENCES result (id),
  CONSTRAINT appeal_org FOREIGN KEY (org) REFERENCES org (id),
  CONSTRAINT appeal_correction FOREIGN KEY (correction) REFERENCES correction (id),
  CONSTRAINT appeal_entry FOREIGN KEY (cseq) REFERENCES entry (n),
  CONSTRAINT appeal_state CHECK (state IN ('received', 'incomplete', 'accepted', 'upheld', 'corrected', 'published', 'repaired', 'refused', 'rejected', 'withdrawn')),
  CONSTRAINT appeal_kind CHECK (kind IN ('objection', 'reply', 'repair') AND (state NOT IN ('upheld', 'corrected') OR kind = 'objection')
    AND (state <> 'published' OR kind = 'reply') AND (state <> 'repaired' OR kind = 'repair')),
  CONSTRAINT appeal_whole CHECK (name <> '' AND lookup <> '' AND received_by <> '' AND received_at <> '' AND since <> '' AND body <> ''),
  CONSTRAINT appeal_way CHECK (way IN ('online', 'counter', 'mail') AND (way = 'online') = (digest <> '')),
  CONSTRAINT appeal_accepted CHECK ((accepted_by <> '') OR state IN ('received', 'incomplete', 'rejected', 'withdrawn')),
  CONSTRAINT appeal_decided CHECK (state = 'withdrawn' OR (decided_by <> '') = (state IN ('rejected', 'refused', 'upheld', 'corrected', 'published', 'repaired'))),
  -- INV-09: nobody decides on what he took in or accepted.
  CONSTRAINT appeal_two_persons CHECK (decided_by = '' OR decided_by <> received_by AND decided_by <> accepted_by),
  CONSTRAINT appeal_ended CHECK ((public <> '') = (state = 'published') AND (correction IS NOT NULL) = (state = 'corrected') AND (erased_by = '') = (erased_at = ''))
);
CREATE UNIQUE INDEX appeal_open ON appeal (result, kind) WHERE state IN ('received', 'incomplete', 'accepted', 'upheld');
CREATE INDEX appeal_of ON appeal (org, received_at, id);
CREATE INDEX appeal_in ON appeal (region, received_at, id);
CREATE INDEX appeal_about ON appeal (result);

-- A publication also ends with a repair, which the principal leader signs, and with its
-- term, which nobody does.
ALTER TABLE publication ADD COLUMN appeal TEXT NOT NULL DEFAULT '';
ALTER TABLE publication DROP CONSTRAINT publication_signed;
ALTER TABLE publication ADD CONSTRAINT publication_signed CHECK (kind IN ('publish', 'correct', 'withdraw', 'repair', 'expire')
    AND (no > 1) = (kind <> 'publish') AND (no > 1) = (ground <> '') AND (signed_by <> '') = (kind IN ('correct', 'withdraw', 'repair'))
    AND (correction IS NOT NULL) = (kind IN ('correct', 'withdraw')) AND (appeal <> '') = (kind = 'repair') AND signed_by <> by_whom);

ALTER TABLE approval DROP CONSTRAINT approval_whole;
ALTER TABLE approval ADD CONSTRAINT approval_whole CHECK (no > 0 AND length(digest) = 64 AND by_whom <> '' AND at <> '' AND opinion <> ''
    AND (post = 'principal' OR post = 'leader' AND no = 1 OR post = 'system' AND no > 1));

ALTER TABLE result DROP CONSTRAINT result_state;
ALTER TABLE result ADD CONSTRAINT result_state CHECK (state IN ('drafted', 'submitted', 'approved', 'published', 'withdrawn', 'ended'));
ALTER TABLE result DROP CONSTRAINT result_approved;
ALTER TABLE result ADD CONSTRAINT result_approved CHECK ((approved_by <> '') = (state IN ('approved', 'published', 'withdrawn', 'ended')) AND (approved_by = '') = (approved_at = '')
    AND (approved_by = '') = (digest = '') AND (approved_by = '' OR opinion <> ''));
ALTER TABLE result DROP CONSTRAINT result_published;
ALTER TABLE result ADD CONSTRAINT result_published CHECK ((published_by <> '') = (state IN ('published', 'withdrawn', 'ended')) AND (published_by = '') = (published_at = '')
    AND (published_by = '') = (edition = 0) AND edition >= 0);
